/**
 * The two places where `@stoqey/ib` 1.6.10 has to be reached into, because its interface offers none.
 *
 * Its decoder would end the process. It parses the JSON of an advanced rejection unguarded
 * (`decodeMsg_ERR_MSG`), and undoes escapes before it parses, so that `{"text":"\\u0022"}` is no JSON
 * to it: it throws out of the socket's listener, and what was left of the message is taken for the
 * next one. So its reading is wrapped where the socket calls it, and of a message that could not be
 * decoded is said what can be.
 *
 * And its socket waits (Nagle's algorithm): of four placements in one go, three were seen to arrive
 * 40 ms after the first, when TCP's acknowledgement of that had come.
 *
 * What is not where it was is an error at once, not a guard that guards nothing.
 */
import { Socket } from 'node:net';
import { EventName, type IBApi } from '@stoqey/ib';

export type ErrorTold = { readonly id: number; readonly code: number; readonly message: string };

export type DecoderFailures = {
  readonly error: (told: ErrorTold) => void;
  readonly unreadable: (text: string) => void;
};

/** Id of `ERR_MSG`: [4, version, id, code, text, advanced rejection]. */
const ERR_MSG = '4';

export function guardDecoder(api: IBApi, failures: DecoderFailures): void {
  let message: readonly string[] = [];
  api.on(EventName.received, (tokens) => {
    message = tokens;
  });
  const controller = part(api, 'controller');
  const process = method(controller, 'processIngressQueue');
  const drain = method(part(controller, 'decoder'), 'drainQueue');
  Reflect.set(controller, 'processIngressQueue', () => {
    try {
      process();
    } catch (error) {
      drain();
      const [kind, , id, code, text = ''] = message;
      if (kind === ERR_MSG && isInteger(id) && isInteger(code))
        return failures.error({ id: Number(id), code: Number(code), message: text });
      const why = error instanceof Error ? error.message : String(error);
      failures.unreadable(`a message that cannot be decoded (${why}): ${message.join(' ')}`);
    }
  });
}

const isInteger = (text: string | undefined): boolean => /^-?\d+$/.test(text ?? '');

/** Once the library has its socket. */
export function sendAtOnce(api: IBApi): void {
  const socket = part(part(part(api, 'controller'), 'socket'), 'client');
  if (!(socket instanceof Socket)) throw new Error(`${CHANGED}: its client is no socket`);
  socket.setNoDelay(true);
}

const CHANGED = 'this is not the version of @stoqey/ib that is known here';

function part(of: object, name: string): object {
  const found: unknown = Reflect.get(of, name);
  if (typeof found !== 'object' || found === null) throw new Error(`${CHANGED}: it has no ${name}`);
  return found;
}

function method(of: object, name: string): () => void {
  const found: unknown = Reflect.get(of, name);
  if (typeof found !== 'function') throw new Error(`${CHANGED}: it has no ${name}`);
  return () => void Reflect.apply(found, of, []);
}
