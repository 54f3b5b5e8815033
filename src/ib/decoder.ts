/**
 * Keeps the client library's decoder from ending the process.
 *
 * `@stoqey/ib` 1.6.10 parses the JSON of an advanced rejection unguarded (`decodeMsg_ERR_MSG`), and
 * undoes escapes before it parses, so that `{"text":"\\u0022"}` is no JSON to it: it throws out of
 * the socket's listener, and what was left of the message is taken for the next one. Its interface
 * offers no place to catch that, so its reading is wrapped where the socket calls it. What it is
 * wrapped by says of a message that could not be decoded what can be said.
 */
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
  const controller: unknown = Reflect.get(api, 'controller');
  const process = method(controller, 'processIngressQueue');
  const drain = method(Reflect.get(Object(controller), 'decoder'), 'drainQueue');
  Reflect.set(Object(controller), 'processIngressQueue', () => {
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

function method(of: unknown, name: string): () => void {
  const found: unknown = Reflect.get(Object(of), name);
  if (typeof found !== 'function')
    throw new Error(`this version of @stoqey/ib cannot be guarded: it has no ${name}`);
  return () => void Reflect.apply(found, of, []);
}
