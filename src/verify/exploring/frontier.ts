/**
 * The states that wait to be expanded, in the order in which they were seen.
 *
 * Objects are kept in blocks, and a block is let go when it has been expanded. No list of millions
 * is ever moved.
 */

const BLOCK = 1024;

export type Frontier<State> = {
  readonly push: (state: State) => void;
  /** Expands what was pushed before, while `expand` answers true. What it pushes is for later. */
  readonly level: (expand: (state: State) => boolean) => void;
};

export const createFrontier = <State>(): Frontier<State> => {
  let filling: State[] = [];
  let full: (readonly State[])[] = [];
  return {
    push: (state) => {
      if (filling.length === BLOCK) {
        full.push(filling);
        filling = [];
      }
      filling.push(state);
    },
    level: (expand) => {
      const blocks = [...full, filling].reverse();
      full = [];
      filling = [];
      for (let block = blocks.pop(); block !== undefined; block = blocks.pop()) {
        for (const state of block) if (!expand(state)) return;
      }
    },
  };
};

/** Keeps no objects: states from number `first` on are made again by `decode` from `read`. */
export const createDecodedFrontier = <State>(
  read: (state: number, words: Int32Array) => number,
  decode: (words: Int32Array, length: number) => State,
  room: number,
): Frontier<State> => {
  const words = new Int32Array(room);
  let next = 0;
  let pushed = 0;
  return {
    push: () => {
      pushed += 1;
    },
    level: (expand) => {
      const end = pushed;
      for (; next < end; next++) if (!expand(decode(words, read(next, words)))) return;
    },
  };
};
