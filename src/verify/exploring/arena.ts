/**
 * The encodings of all states, one behind the other, each found again by its number.
 *
 * A piece holds the same number of states always, so the piece of a state is a shift of its number.
 * While all encodings of a piece are of one length, where they start is a product; with the first
 * of another length the piece is given a list of starts, at four bytes a state.
 */

const PIECE_BITS = 17;
const PIECE = 1 << PIECE_BITS;
const WITHIN = PIECE - 1;
const FIRST_STATES = 512;

type Piece = {
  words: Int32Array;
  /** Length of every encoding here, as long as there are no `starts`. */
  readonly stride: number;
  /** Where each encoding begins, and where the last one ends. Empty while lengths are equal. */
  starts: Uint32Array;
  states: number;
  used: number;
};

export type Arena = {
  /** Appends `length` of `words` as the encoding of the next state. */
  readonly push: (words: Int32Array, from: number, length: number) => void;
  /** Whether the encoding of that state is `length` of `words`. */
  readonly holds: (state: number, words: Int32Array, from: number, length: number) => boolean;
  /** Copies its encoding into `words`, and answers its length. */
  readonly read: (state: number, words: Int32Array) => number;
  /** Some word of its encoding, or 0. */
  readonly firstWord: (state: number) => number;
  /** Gives every encoding in order: the array it lies in, where it begins and ends. */
  readonly each: (give: (words: Int32Array, from: number, to: number) => void) => void;
  readonly bytes: () => number;
  /** Bytes that appending an encoding of this length would add; mostly 0. */
  readonly growth: (length: number) => number;
};

const NO_STARTS = new Uint32Array(0);

const emptyPiece = (length: number, states: number): Piece => ({
  words: new Int32Array(states * length),
  stride: length,
  starts: NO_STARTS,
  states: 0,
  used: 0,
});

export const createArena = (): Arena => {
  const pieces: Piece[] = [];
  let states = 0;
  let bytes = 0;
  let last = emptyPiece(0, 0);
  const push = (words: Int32Array, from: number, length: number): void => {
    if ((states & WITHIN) === 0) {
      bytes -= trim(last);
      last = emptyPiece(length, FIRST_STATES);
      pieces.push(last);
      bytes += 4 * last.words.length;
    }
    bytes += grow(last, length);
    append(last, words, from, length);
    states += 1;
  };
  const holds = (state: number, words: Int32Array, from: number, length: number): boolean => {
    const piece = pieces[state >>> PIECE_BITS];
    if (piece === undefined) return false;
    const start = startOf(piece, state & WITHIN);
    if (length !== startOf(piece, (state & WITHIN) + 1) - start) return false;
    const stored = piece.words;
    for (let i = 0; i < length; i++) if (stored[start + i] !== words[from + i]) return false;
    return true;
  };
  const read = (state: number, words: Int32Array): number => {
    const piece = pieces[state >>> PIECE_BITS] ?? last;
    const start = startOf(piece, state & WITHIN);
    const length = startOf(piece, (state & WITHIN) + 1) - start;
    for (let i = 0; i < length; i++) words[i] = piece.words[start + i] ?? 0;
    return length;
  };
  const firstWord = (state: number): number => {
    const piece = pieces[state >>> PIECE_BITS];
    return piece?.words[startOf(piece, state & WITHIN)] ?? 0;
  };
  return {
    push,
    holds,
    read,
    firstWord,
    each: (give) => {
      for (const piece of pieces) {
        for (let i = 0; i < piece.states; i++) {
          give(piece.words, startOf(piece, i), startOf(piece, i + 1));
        }
      }
    },
    bytes: () => bytes,
    growth: (length) =>
      (states & WITHIN) === 0
        ? 4 * FIRST_STATES * length
        : 4 * (wordsWanted(last, length) - last.words.length + startsWanted(last, length)),
  };
};

const startOf = (piece: Piece, nth: number): number =>
  piece.starts === NO_STARTS ? nth * piece.stride : (piece.starts[nth] ?? 0);

function wordsWanted(piece: Piece, length: number): number {
  const needed = piece.used + length;
  const there = piece.words.length;
  return needed <= there ? there : Math.max(needed, 2 * there);
}

const startsWanted = (piece: Piece, length: number): number =>
  piece.starts === NO_STARTS && piece.stride !== length ? PIECE + 1 : 0;

/** Makes room for one more encoding; gives the bytes that this has cost. */
function grow(piece: Piece, length: number): number {
  const before = piece.words.length;
  const words = wordsWanted(piece, length);
  const starts = startsWanted(piece, length);
  if (words > before) {
    const grown = new Int32Array(words);
    grown.set(piece.words);
    piece.words = grown;
  }
  if (starts > 0) {
    const listed = new Uint32Array(starts);
    for (let i = 0; i <= piece.states; i++) listed[i] = i * piece.stride;
    piece.starts = listed;
  }
  return 4 * (words - before + starts);
}

function append(piece: Piece, words: Int32Array, from: number, length: number): void {
  const { words: stored, used } = piece;
  for (let i = 0; i < length; i++) stored[used + i] = words[from + i] ?? 0;
  piece.states += 1;
  piece.used = used + length;
  if (piece.starts !== NO_STARTS) piece.starts[piece.states] = piece.used;
}

/** A full piece keeps what it uses; gives the bytes that were let go. */
function trim(piece: Piece): number {
  const spare = piece.words.length - piece.used;
  if (spare > 0) piece.words = piece.words.slice(0, piece.used);
  return 4 * spare;
}
