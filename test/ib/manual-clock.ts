/** A clock that a test moves. */
import type { Clock } from '../../src/ports/clock.ts';

export type ManualClock = Clock & {
  /** Lets time pass: what is due runs at its time, in its order. */
  readonly pass: (ms: number) => void;
  /** How many wait. */
  readonly waiting: () => number;
};

export function manualClock(): ManualClock {
  let now = 0;
  const due = new Set<{ readonly at: number; readonly run: () => void }>();
  const next = (until: number) =>
    [...due].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
  return {
    now: () => now,
    after: (ms, run) => {
      const wait = { at: now + ms, run };
      due.add(wait);
      return () => void due.delete(wait);
    },
    pass: (ms) => {
      const until = now + ms;
      for (let wait = next(until); wait !== undefined; wait = next(until)) {
        due.delete(wait);
        now = Math.max(now, wait.at);
        wait.run();
      }
      now = until;
    },
    waiting: () => due.size,
  };
}
