/**
 * A growing list of whole numbers from 0 to 2^32 - 1, four bytes each.
 *
 * It grows by pieces, so a growth never copies more than one piece, and no piece comes near the
 * longest array that the runtime allows. Only the first piece is doubled: a short list stays small.
 */

const PIECE_BITS = 18;
const PIECE = 1 << PIECE_BITS;
const WITHIN = PIECE - 1;
const FIRST = 256;

export type Numbers = {
  readonly push: (value: number) => void;
  /** What was pushed `at`-th, or written over it; 0 beyond the end. */
  readonly get: (at: number) => number;
  /** Writes over what was pushed; does nothing beyond the end. */
  readonly set: (at: number, value: number) => void;
  /** Takes the last one off and gives it; 0 when there is none. */
  readonly pop: () => number;
  readonly size: () => number;
  /** Bytes of the arrays behind it. */
  readonly bytes: () => number;
  /** Bytes that the next `push` would add; mostly 0. */
  readonly growth: () => number;
};

export const createNumbers = (): Numbers => {
  const pieces: Uint32Array[] = [new Uint32Array(FIRST)];
  const empty = new Uint32Array(0);
  let size = 0;
  let room = FIRST;
  const pieceOf = (at: number): Uint32Array => pieces[at >>> PIECE_BITS] ?? empty;
  const growth = (): number => (size < room ? 0 : 4 * Math.min(room, PIECE));
  const grow = (): void => {
    const [first] = pieces;
    if (first === undefined || room >= PIECE) {
      pieces.push(new Uint32Array(PIECE));
      room += PIECE;
      return;
    }
    const doubled = new Uint32Array(2 * room);
    doubled.set(first);
    pieces[0] = doubled;
    room *= 2;
  };
  const get = (at: number): number => pieceOf(at)[at & WITHIN] ?? 0;
  return {
    push: (value) => {
      if (size === room) grow();
      pieceOf(size)[size & WITHIN] = value;
      size += 1;
    },
    get,
    set: (at, value) => {
      if (at < size) pieceOf(at)[at & WITHIN] = value;
    },
    pop: () => {
      if (size === 0) return 0;
      size -= 1;
      return get(size);
    },
    size: () => size,
    bytes: () => 4 * room,
    growth,
  };
};
