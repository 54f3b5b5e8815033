/**
 * Where the id of a request stands, also in messages that are otherwise not understood: an answer
 * to them, if only an error, should go to whoever asked.
 *
 * Source: `@stoqey/ib` `core/io/encoder.js`, the tokens of each method at server version 177.
 */
import { integerIn } from './spelling.ts';

/** Messages whose id is their second field, and those where it follows a message version. */
const SECOND: readonly number[] = [
  3, 20, 22, 78, 79, 81, 83, 84, 86, 87, 88, 89, 90, 92, 93, 94, 95, 96, 97, 98, 100, 101, 102, 103,
  104,
];
const THIRD: readonly number[] = [
  1, 2, 7, 9, 10, 11, 21, 23, 25, 50, 51, 52, 53, 54, 55, 56, 57, 62, 63, 67, 68, 69, 70, 74, 75,
  76, 77,
];

const PLACES: ReadonlyMap<number, number> = new Map([
  ...SECOND.map((messageId) => [messageId, 1] as const),
  ...THIRD.map((messageId) => [messageId, 2] as const),
  // `replaceFA` has it at its end.
  [19, 4] as const,
]);

export function guessedId(
  messageId: number,
  fields: readonly string[],
  serverVersion: number,
): number | undefined {
  // From 192 on a cancel has no message version.
  const place = messageId === 4 ? (serverVersion >= 192 ? 1 : 2) : PLACES.get(messageId);
  if (place === undefined) return undefined;
  const id = integerIn(fields[place] ?? '');
  return Number.isNaN(id) ? undefined : id;
}
