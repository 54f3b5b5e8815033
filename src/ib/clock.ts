/** Real time. */
import type { Clock } from '../ports/clock.ts';

/** It does not go back when the system's clock is set. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
