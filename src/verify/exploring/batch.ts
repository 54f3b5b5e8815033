/**
 * Emitted states on their way into the set, some at a time.
 *
 * The set is mostly waited for: its table and its encodings are larger than any cache. A batch
 * knows the hashes of many states before it looks the first one up, and has the set look for all of
 * them at once (`Visited.fetch`). They are then added one by one, in the order of their emission,
 * so nobody can see from the outcome that there are batches.
 */
import { FETCH_MOST, hashOf, type Visited } from './visited.ts';

export type Batch<State> = {
  /** Takes in a state that is `length` of the words given, emitted by the state of that number. */
  readonly push: (
    state: State,
    words: Int32Array,
    length: number,
    parent: number,
    relied: boolean,
  ) => void;
  /** Adds what was taken in, in its order, up to the first that is received with false: the last one. */
  readonly flush: () => void;
};

/** Told of each state and its number in the set; answers whether it will have more. */
export type Receive<State> = (
  state: State,
  number: number,
  parent: number,
  relied: boolean,
) => boolean;

export const createBatch = <State>(
  visited: Visited,
  room: number,
  receive: Receive<State>,
): Batch<State> => {
  // Never emptied, only written over: its first `count` are waiting.
  const states: State[] = [];
  const words = new Int32Array(Math.max(2 * room, 16 * FETCH_MOST));
  const starts = new Int32Array(FETCH_MOST + 1);
  const hashes = new Int32Array(FETCH_MOST);
  const parents = new Int32Array(FETCH_MOST);
  const relied = new Uint8Array(FETCH_MOST);
  let used = 0;
  let count = 0;
  let open = true;
  const flush = (): void => {
    if (!open) return;
    visited.fetch(hashes, count);
    const end = count;
    used = 0;
    count = 0;
    let i = 0;
    for (const state of states) {
      if (i === end) return;
      const from = starts[i] ?? 0;
      const length = (starts[i + 1] ?? 0) - from;
      const parent = parents[i] ?? 0;
      const number = visited.add(words, from, length, hashes[i] ?? 0, parent);
      const counts = relied[i] === 1;
      i += 1;
      if (!receive(state, number, parent, counts)) {
        open = false;
        return;
      }
    }
  };
  const push: Batch<State>['push'] = (state, encoded, length, parent, counts) => {
    if (count === FETCH_MOST || used + length > words.length) flush();
    if (!open) return;
    for (let i = 0; i < length; i++) words[used + i] = encoded[i] ?? 0;
    hashes[count] = hashOf(encoded, 0, length);
    parents[count] = parent;
    relied[count] = counts ? 1 : 0;
    states[count] = state;
    used += length;
    count += 1;
    starts[count] = used;
  };
  return { push, flush };
};
