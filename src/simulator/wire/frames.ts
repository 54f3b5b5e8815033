/**
 * Frames: a length of four bytes, most significant first, and as many bytes of text in which every
 * field ends with a NUL.
 *
 * Source: `EClient.java` (`sendV100APIHeader`, `closeAndSend`), `EReader.java` (`readSingleMessage`,
 * whose limit is 0xFFFFFF), `@stoqey/ib` `core/io/socket.js` (`send`, `onData`).
 */
import { Buffer, isUtf8 } from 'node:buffer';

export const LONGEST_FRAME = 0xffffff;

/** What a stretch of a stream was. Only `frame` carries a message. */
export type Framed =
  | { readonly kind: 'frame'; readonly fields: readonly string[] }
  /** The bytes are no UTF-8; the next frame can still be read. */
  | { readonly kind: 'notText'; readonly length: number }
  /** The last field has no NUL; the next frame can still be read. */
  | { readonly kind: 'unterminated'; readonly length: number }
  /** `lost`: no length of a frame can be believed any more, and nothing will be read. */
  | { readonly kind: 'tooLong'; readonly length: number; readonly lost: boolean }
  /** The stream ended within a frame: so many bytes of it had come. */
  | { readonly kind: 'truncated'; readonly received: number };

export type FrameReader = {
  /** The frames that these bytes complete. Never throws, and keeps no reference to the bytes. */
  readonly push: (bytes: Uint8Array) => readonly Framed[];
  /** The stream is over. */
  readonly end: () => readonly Framed[];
};

/** Bytes of a frame that has not come whole; grows with what comes, not with what is announced. */
type Begun = { readonly length: number; bytes: Buffer; received: number };

const HEAD = 4;

/**
 * A frame longer than `longest` bytes is passed over; one that claims more than IB ever sends
 * means that the stream is out of step, and ends the reading.
 */
export function createFrameReader(longest: number = LONGEST_FRAME): FrameReader {
  const head = Buffer.alloc(HEAD);
  let headReceived = 0;
  let begun: Begun | undefined;
  let skipping = 0;
  let lost = false;

  /** Takes the length and what there is of the body; answers where to go on. */
  function open(length: number, chunk: Buffer, at: number, found: Framed[]): number {
    if (length < 0 || length > LONGEST_FRAME) {
      lost = true;
      found.push({ kind: 'tooLong', length, lost });
      return chunk.length;
    }
    if (length > longest) {
      found.push({ kind: 'tooLong', length, lost: false });
      skipping = length;
      return at;
    }
    if (chunk.length - at >= length) {
      found.push(framed(chunk, at, at + length));
      return at + length;
    }
    const size = Math.min(length, Math.max(64, (chunk.length - at) * 2));
    begun = { length, bytes: Buffer.allocUnsafe(size), received: 0 };
    return at;
  }

  function fill(into: Begun, chunk: Buffer, at: number, found: Framed[]): number {
    const taken = Math.min(into.length - into.received, chunk.length - at);
    const needed = into.received + taken;
    if (needed > into.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(into.length, Math.max(needed, 2 * needed)));
      into.bytes.copy(larger, 0, 0, into.received);
      into.bytes = larger;
    }
    chunk.copy(into.bytes, into.received, at, at + taken);
    into.received = needed;
    if (needed === into.length) {
      found.push(framed(into.bytes, 0, needed));
      begun = undefined;
    }
    return at + taken;
  }

  function push(bytes: Uint8Array): readonly Framed[] {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const found: Framed[] = [];
    let at = 0;
    while (!lost && at < chunk.length) {
      if (skipping > 0) {
        const skipped = Math.min(skipping, chunk.length - at);
        skipping -= skipped;
        at += skipped;
      } else if (begun !== undefined) at = fill(begun, chunk, at, found);
      else if (headReceived === 0 && chunk.length - at >= HEAD) {
        at = open(chunk.readInt32BE(at), chunk, at + HEAD, found);
      } else {
        head[headReceived] = chunk[at] ?? 0;
        headReceived += 1;
        at += 1;
        if (headReceived === HEAD) {
          headReceived = 0;
          at = open(head.readInt32BE(0), chunk, at, found);
        }
      }
    }
    return found;
  }

  function end(): readonly Framed[] {
    const received = headReceived + (begun === undefined ? 0 : HEAD + begun.received);
    const within = !lost && (received > 0 || skipping > 0);
    lost = true;
    begun = undefined;
    return within ? [{ kind: 'truncated', received }] : [];
  }

  return { push, end };
}

function framed(bytes: Buffer, from: number, to: number): Framed {
  const length = to - from;
  if (length === 0) return { kind: 'frame', fields: [] };
  if (!isUtf8(bytes.subarray(from, to))) return { kind: 'notText', length };
  if (bytes[to - 1] !== 0) return { kind: 'unterminated', length };
  return { kind: 'frame', fields: bytes.toString('utf8', from, to - 1).split('\0') };
}

/** What a field can be given as: flags become 1 or 0, what is not set an empty field. */
export type Value = string | number | boolean | undefined;

/** The bytes of one frame. A NUL within a field would end it, and becomes a space. */
export function frameOf(fields: readonly Value[]): Buffer {
  let text = '';
  for (const field of fields) text += `${spelled(field)}\0`;
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEAD + length);
  frame.writeInt32BE(length, 0);
  frame.write(text, HEAD);
  return frame;
}

function spelled(field: Value): string {
  if (typeof field === 'string') return field.includes('\0') ? field.replaceAll('\0', ' ') : field;
  if (field === undefined) return '';
  if (typeof field === 'boolean') return field ? '1' : '0';
  return String(field);
}
