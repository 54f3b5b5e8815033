/** Time, as whoever embeds us has it: the world's, or a simulation's. */
export type Clock = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs once, so many milliseconds from now, unless the answer is called before. */
  readonly after: (ms: number, run: () => void) => () => void;
};
