import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';

/**
 * The lines of a file, numbered from 1, in batches as the disk delivers them.
 *
 * The file may be larger than memory and may be anything at all (a disk image without a single
 * newline), so a line is bounded too: of one that is longer nothing is kept but the fact.
 */

export type Line =
  | { readonly type: 'line'; readonly number: number; readonly text: string }
  | { readonly type: 'unreadable'; readonly number: number; readonly reason: string };

/** A record of a log has a few hundred bytes, and a few thousand with the longest of broker texts. */
export const LONGEST_LINE_BYTES = 1 << 20;

export const NOT_UTF8 = 'not UTF-8 text';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

export async function* linesOf(
  path: string,
  longest = LONGEST_LINE_BYTES,
): AsyncGenerator<readonly Line[]> {
  yield* linesIn(createReadStream(path, { highWaterMark: 1 << 18 }), longest);
}

export async function* linesIn(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  longest = LONGEST_LINE_BYTES,
): AsyncGenerator<readonly Line[]> {
  let number = 1;
  let pieces: Buffer[] = [];
  let length = 0;
  const keep = (piece: Buffer): void => {
    length += piece.length;
    // Once too long, the pieces are of no more use; the length alone remembers.
    if (length > longest) pieces = [];
    else pieces.push(piece);
  };
  const finish = (): Line => {
    const line =
      length > longest
        ? { type: 'unreadable' as const, number, reason: `longer than ${longest} bytes` }
        : lineFrom(pieces, number);
    number += 1;
    pieces = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    const batch: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, end));
      batch.push(finish());
      from = end + 1;
    }
    // A copy of the rest, so that a short remainder does not hold its whole chunk in memory.
    const rest = chunk.subarray(from);
    if (rest.length > 0) keep(length > longest ? rest : Buffer.from(rest));
    if (batch.length > 0) yield batch;
  }
  // The last line may lack its newline; what follows the last newline, if nothing, is no line.
  if (length > 0) yield [finish()];
}

function lineFrom(pieces: readonly Buffer[], number: number): Line {
  let bytes = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  if (number === 1 && BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte)) {
    bytes = bytes.subarray(BYTE_ORDER_MARK.length);
  }
  if (bytes.at(-1) === CARRIAGE_RETURN) bytes = bytes.subarray(0, -1);
  if (!isUtf8(bytes)) return { type: 'unreadable', number, reason: NOT_UTF8 };
  return { type: 'line', number, text: bytes.toString('utf8') };
}
