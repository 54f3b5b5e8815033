/** Reaching into the client library: what it cannot decode is told, and another version is refused. */
import { IBApi } from '@stoqey/ib';
import { describe, expect, it } from 'vitest';
import { guardDecoder, sendAtOnce } from '../../src/ib/stoqey.ts';

const NOT_KNOWN = 'this is not the version of @stoqey/ib that is known here: it has no';

/** A library whose decoder fails at everything; the parts that are not given are missing. */
function failing(parts: object) {
  const told: string[] = [];
  const listeners: ((tokens: readonly string[]) => void)[] = [];
  const api = {
    on: (_: string, listener: (tokens: readonly string[]) => void) => listeners.push(listener),
    ...parts,
  } as unknown as IBApi;
  const guard = (): void =>
    guardDecoder(api, {
      error: ({ id, code, message }) => told.push(`error ${id} ${code} ${message}`),
      unreadable: (text) => told.push(text),
    });
  return { api, told, guard, hear: (...tokens: string[]) => listeners[0]?.(tokens) };
}

describe('the guard', () => {
  const failure = new TypeError('a defect');

  it('tells a message that cannot be decoded, and has its rest dropped', () => {
    let drained = 0;
    const controller = {
      processIngressQueue: (): void => {
        throw failure;
      },
      decoder: {
        drainQueue: (): void => {
          drained += 1;
        },
      },
    };
    const { told, guard, hear } = failing({ controller });
    guard();
    hear('5', '101', 'RIME');
    controller.processIngressQueue();
    // An error whose id or code is no number is not told as one.
    hear('4', '2', 'x', '201', 'no', '{');
    controller.processIngressQueue();
    hear('4', '2', '7', '201', 'no', '{');
    controller.processIngressQueue();
    expect(told).toEqual([
      'a message that cannot be decoded (a defect): 5 101 RIME',
      'a message that cannot be decoded (a defect): 4 2 x 201 no {',
      'error 7 201 no',
    ]);
    expect(drained).toBe(3);
  });

  it.each([
    [{}, 'controller'],
    [{ controller: {} }, 'processIngressQueue'],
    [{ controller: { processIngressQueue: () => {} } }, 'decoder'],
    [{ controller: { processIngressQueue: () => {}, decoder: {} } }, 'drainQueue'],
  ])('does not stand where the library is another: %j', (parts, missing) => {
    expect(failing(parts).guard).toThrow(`${NOT_KNOWN} ${missing}`);
  });
});

describe('sending at once', () => {
  it('needs the socket that the library has when it connects', () => {
    expect(() => sendAtOnce(new IBApi())).toThrow(`${NOT_KNOWN} client`);
    const { api } = failing({ controller: { socket: { client: {} } } });
    expect(() => sendAtOnce(api)).toThrow('its client is no socket');
  });
});
