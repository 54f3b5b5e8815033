/**
 * The set of states that were seen: encodings in typed arrays, found by a hash table.
 *
 * The table is open, probed linearly, never more than seven tenths full. An entry is one word: the
 * number of the state plus one in as many low bits as the table needs to count its slots, and in
 * the bits above those the bits of the hash that have not chosen the slot. So a probe that meets
 * another state mostly ends in the table, without a look at that state's encoding elsewhere. When
 * the table doubles, the old one is let go first, and the hashes are reckoned anew from the
 * encodings: the peak is one table.
 */
import { type Arena, createArena } from './arena.ts';
import { createNumbers } from './numbers.ts';

const FIRST_BITS = 10;
/** Above this an entry has no room for the number of the state and the sign of being used. */
const MOST_BITS = 31;
const LOAD = 0.7;

/** Most hashes that are looked up together. */
export const FETCH_MOST = 128;

/** What `add` answers for a state that is new and may not be added. */
export const FULL = -1;

/** The parent of an initial state. */
export const NO_PARENT = -1;

export type Visited = {
  /**
   * The number of the state whose encoding is `length` of `words`, of this `hash`. A state that was
   * not seen takes the next number, from 0, and remembers `parent`; one that a limit keeps out is
   * FULL.
   */
  readonly add: (
    words: Int32Array,
    from: number,
    length: number,
    hash: number,
    parent: number,
  ) => number;
  /**
   * Looks where `add` will look for the first `count` hashes, at most FETCH_MOST, and does nothing
   * with what it finds. A look into a large table waits for memory; these looks do not depend on
   * each other, so their waits are over together.
   */
  readonly fetch: (hashes: Int32Array, count: number) => void;
  readonly parentOf: (state: number) => number;
  /** Whether the encoding of that state is `length` of `words`. */
  readonly holds: (state: number, words: Int32Array, from: number, length: number) => boolean;
  /** Copies its encoding into `words`, and answers its length. */
  readonly read: (state: number, words: Int32Array) => number;
  readonly bytes: () => number;
};

/**
 * Never more states than `mostStates`; a growth beyond what `mostBytes` says then is not made. The
 * table starts large enough for the states `expected`.
 *
 * @throws RangeError from `add` beyond some 1.5e9 states.
 */
export const createVisited = (
  mostStates: number,
  mostBytes: () => number,
  expected = 0,
): Visited => {
  const arena = createArena();
  const parents = createNumbers();
  const fetched = new Int32Array(FETCH_MOST);
  let states = 0;
  let table = new Int32Array(2 ** bitsFor(expected));
  let mask = table.length - 1;
  let roomy = Math.floor(LOAD * table.length);
  const bytes = (): number => 4 * table.length + arena.bytes() + parents.bytes();
  const double = (): void => {
    const length = 2 * table.length;
    if (length > 2 ** MOST_BITS) throw new RangeError(`more than ${states} states cannot be kept`);
    table = new Int32Array(0);
    table = filled(length, arena);
    mask = length - 1;
    roomy = Math.floor(LOAD * length);
  };
  const append = (
    words: Int32Array,
    from: number,
    length: number,
    hash: number,
    parent: number,
  ): number => {
    if (states >= mostStates) return FULL;
    const growth =
      arena.growth(length) + parents.growth() + (states < roomy ? 0 : 4 * table.length);
    if (growth > 0 && bytes() + growth > mostBytes()) return FULL;
    if (states >= roomy) double();
    place(table, hash, states + 1);
    arena.push(words, from, length);
    parents.push(parent);
    states += 1;
    return states - 1;
  };
  const add = (
    words: Int32Array,
    from: number,
    length: number,
    hash: number,
    parent: number,
  ): number => {
    const mark = hash & ~mask;
    let slot = hash & mask;
    for (;;) {
      const entry = table[slot] ?? 0;
      if (entry === 0) return append(words, from, length, hash, parent);
      if ((entry & ~mask) === mark) {
        const state = (entry & mask) - 1;
        if (arena.holds(state, words, from, length)) return state;
      }
      slot = (slot + 1) & mask;
    }
  };
  const fetch = (sought: Int32Array, count: number): void => {
    for (let i = 0; i < count; i++) fetched[i] = table[(sought[i] ?? 0) & mask] ?? 0;
    for (let i = 0; i < count; i++) {
      const entry = fetched[i] ?? 0;
      if (entry === 0 || ((entry ^ (sought[i] ?? 0)) & ~mask) !== 0) continue;
      fetched[i] = arena.firstWord((entry & mask) - 1);
    }
  };
  return {
    add,
    fetch,
    parentOf: (state) => parents.get(state) | 0,
    holds: arena.holds,
    read: arena.read,
    bytes,
  };
};

/** Puts a number, and the bits of the hash that do not choose the slot, where it is free. */
function place(table: Int32Array, hash: number, number: number): void {
  const mask = table.length - 1;
  let slot = hash & mask;
  while (table[slot] !== 0) slot = (slot + 1) & mask;
  table[slot] = (hash & ~mask) | number;
}

/** A table of that length for all of the arena, written as `fetch` reads: some looks at a time. */
function filled(length: number, arena: Arena): Int32Array<ArrayBuffer> {
  const table = new Int32Array(length);
  const hashes = new Int32Array(FETCH_MOST);
  const fetched = new Int32Array(FETCH_MOST);
  let placed = 0;
  let waiting = 0;
  const placeWaiting = (): void => {
    for (let i = 0; i < waiting; i++) fetched[i] = table[(hashes[i] ?? 0) & (length - 1)] ?? 0;
    for (let i = 0; i < waiting; i++) {
      placed += 1;
      place(table, hashes[i] ?? 0, placed);
    }
    waiting = 0;
  };
  arena.each((words, from, to) => {
    hashes[waiting] = hashOf(words, from, to);
    waiting += 1;
    if (waiting === FETCH_MOST) placeWaiting();
  });
  placeWaiting();
  return table;
}

const bitsFor = (expected: number): number =>
  Math.min(MOST_BITS, Math.max(FIRST_BITS, Math.ceil(Math.log2(expected / LOAD))));

/** MurmurHash3 over words, its length in the end: https://github.com/aappleby/smhasher */
export function hashOf(words: Int32Array, from: number, to: number): number {
  let hash = 0;
  for (let i = from; i < to; i++) {
    const mixed = Math.imul(words[i] ?? 0, 0xcc9e2d51);
    hash ^= Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= to - from;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
