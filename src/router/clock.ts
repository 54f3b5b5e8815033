/** Real time. */
import type { Clock } from '../ports/clock.ts';

/** It goes on from when the process began, and does not go back when the system's clock is set. */
export const systemClock: Clock = {
  now: () => Math.floor(performance.timeOrigin + performance.now()),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
