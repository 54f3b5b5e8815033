import type { Clock } from '../ports/clock.ts';

/** The machine's own. Its timers do not keep a process alive: who trades decides how long it lives. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
