/**
 * How a connection begins: the client names the versions it speaks, the server picks one.
 *
 * Source: `EClient.java` (`sendV100APIHeader`: `API`, a NUL, four bytes of length, `v100..193`, and
 * after a blank the connect options, if any), `@stoqey/ib` `core/io/socket.js` (`onConnect`,
 * `onServerVersion`).
 */
import { Buffer } from 'node:buffer';

/** The first thing on a connection. Only `hello` can be answered. */
export type Greeting =
  | {
      readonly kind: 'hello';
      readonly min: number;
      readonly max: number;
      /** What stood behind the versions; IB calls it for internal use. */
      readonly connectOptions: string | undefined;
    }
  /** A client from before version 100: it sends its own version, in digits, and a NUL. */
  | { readonly kind: 'oldHello'; readonly clientVersion: number }
  | { readonly kind: 'noHello'; readonly reason: 'notTheProtocol' | 'tooLong' | 'noVersions' }
  /** The stream ended within the greeting. */
  | { readonly kind: 'truncated'; readonly received: number };

export type GreetingReader = {
  /** The greeting, when it is complete, and the bytes behind it. Never throws. */
  readonly push: (bytes: Uint8Array) => { greeting: Greeting; rest: Uint8Array } | undefined;
  readonly end: () => Greeting | undefined;
};

/** `API` and a NUL. */
const PREFIX = Buffer.of(0x41, 0x50, 0x49, 0);
const LONGEST_HELLO = 4096;
const LONGEST_OLD_HELLO = 12;

export function createGreetingReader(): GreetingReader {
  const held = Buffer.alloc(PREFIX.length + 4 + LONGEST_HELLO);
  let received = 0;

  function push(bytes: Uint8Array): { greeting: Greeting; rest: Uint8Array } | undefined {
    const taken = Math.min(bytes.length, held.length - received);
    held.set(bytes.subarray(0, taken), received);
    const before = received;
    received += taken;
    const found = greetingIn(held.subarray(0, received));
    if (found === undefined) return undefined;
    return { greeting: found.greeting, rest: bytes.subarray(Math.max(0, found.length - before)) };
  }

  function end(): Greeting | undefined {
    return received === 0 ? undefined : { kind: 'truncated', received };
  }

  return { push, end };
}

function greetingIn(held: Buffer): { greeting: Greeting; length: number } | undefined {
  const start = Math.min(held.length, PREFIX.length);
  if (held.compare(PREFIX, 0, start, 0, start) !== 0) return oldGreetingIn(held);
  if (held.length < PREFIX.length + 4) return undefined;
  const length = held.readInt32BE(PREFIX.length);
  const from = PREFIX.length + 4;
  if (length < 0 || length > LONGEST_HELLO) {
    return { greeting: { kind: 'noHello', reason: 'tooLong' }, length: held.length };
  }
  if (held.length < from + length) return undefined;
  const text = held.toString('latin1', from, from + length);
  return { greeting: versionsIn(text), length: from + length };
}

/** `v100..193`, `v177`, `v100..193 +PACEAPI`. */
function versionsIn(text: string): Greeting {
  const [, min, max, connectOptions] = /^v(\d{1,9})(?:\.\.(\d{1,9}))?(?: (.*))?$/s.exec(text) ?? [];
  if (min === undefined) return { kind: 'noHello', reason: 'noVersions' };
  return { kind: 'hello', min: Number(min), max: Number(max ?? min), connectOptions };
}

function oldGreetingIn(held: Buffer): { greeting: Greeting; length: number } | undefined {
  const [, digits, nul] = /^(\d+)(\0?)/.exec(held.toString('latin1', 0, LONGEST_OLD_HELLO)) ?? [];
  if (digits !== undefined && nul === '\0') {
    const greeting: Greeting = { kind: 'oldHello', clientVersion: Number(digits) };
    return { greeting, length: digits.length + 1 };
  }
  if (digits?.length === held.length && held.length < LONGEST_OLD_HELLO) return undefined;
  return { greeting: { kind: 'noHello', reason: 'notTheProtocol' }, length: held.length };
}

export type Agreement =
  | { readonly kind: 'agreed'; readonly version: number }
  /** The client's newest version is older than our oldest. */
  | { readonly kind: 'clientTooOld'; readonly clientMax: number; readonly ownMin: number }
  /** The client's oldest version is newer than our newest. */
  | { readonly kind: 'clientTooNew'; readonly clientMin: number; readonly ownMax: number };

/** The newest version that both speak. */
export function agreeOn(
  client: { readonly min: number; readonly max: number },
  own: { readonly min: number; readonly max: number },
): Agreement {
  if (client.max < own.min) return { kind: 'clientTooOld', clientMax: client.max, ownMin: own.min };
  if (client.min > own.max) return { kind: 'clientTooNew', clientMin: client.min, ownMax: own.max };
  return { kind: 'agreed', version: Math.min(own.max, client.max) };
}

/**
 * The server's answer, framed like any message: its version and the time of the connection as TWS
 * writes it, `20261122 10:00:00 EST`.
 */
export function helloAnswer(version: number, connectedAt: string): readonly string[] {
  return [String(version), connectedAt];
}
