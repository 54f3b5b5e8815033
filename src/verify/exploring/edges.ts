/**
 * The edges of what was explored, backwards, for the question what cannot reach a goal.
 *
 * Every state has a chain of the edges that lead to it: 4 bytes a state for the head of its chain,
 * 8 bytes an edge for its source and the next one of the chain. An edge from a state to itself
 * helps nobody to a goal and is not kept.
 */
import { createNumbers, type Numbers } from './numbers.ts';

export type Edges = {
  /** To be told of the states in the order of their numbers, and of each before its edges. */
  readonly addState: () => void;
  readonly add: (from: number, to: number) => void;
  readonly bytes: () => number;
  /** Bytes that one more edge to one more state would add; mostly 0. */
  readonly growth: () => number;
  /**
   * From how many of the states none of `reached` can be reached, and the first of them by number.
   * Uses up `reached`.
   */
  readonly stranded: (reached: Numbers) => { readonly count: number; readonly first: number };
};

const MOST_EDGES = 2 ** 32 - 2;

export const createEdges = (): Edges => {
  // An edge is named by its number plus one, so that 0 ends a chain.
  const heads = createNumbers();
  const sources = createNumbers();
  const others = createNumbers();
  return {
    addState: () => heads.push(0),
    add: (from, to) => {
      if (from === to) return;
      if (sources.size() === MOST_EDGES) {
        throw new RangeError(`more than ${MOST_EDGES} edges cannot be kept`);
      }
      sources.push(from);
      others.push(heads.get(to));
      heads.set(to, sources.size());
    },
    bytes: () => heads.bytes() + sources.bytes() + others.bytes(),
    growth: () => heads.growth() + sources.growth() + others.growth(),
    stranded: (reached) => {
      const states = heads.size();
      const marks = new Uint8Array(states);
      let marked = reached.size();
      for (let i = 0; i < marked; i++) marks[reached.get(i)] = 1;
      while (reached.size() > 0) {
        for (let edge = heads.get(reached.pop()); edge !== 0; edge = others.get(edge - 1)) {
          const source = sources.get(edge - 1);
          if (marks[source] === 1) continue;
          marks[source] = 1;
          marked += 1;
          reached.push(source);
        }
      }
      return { count: states - marked, first: marks.indexOf(0) };
    },
  };
};
