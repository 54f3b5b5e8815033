/** Time, as those need it who wait: real, or moved by a test. */
export type Clock = {
  /** Milliseconds since 1970 that only grow. */
  readonly now: () => number;
  /** Runs it once, after so many milliseconds; what it returns calls that off. */
  readonly after: (ms: number, run: () => void) => () => void;
};
