/** The deadlines that run: each is a timer of the clock, and its end a fact. */
import type { Effect } from '../core/ready.ts';
import type { Clock } from '../ports/clock.ts';

export class Timers {
  readonly #running = new Map<string, () => void>();
  readonly #clock: Clock;
  readonly #elapsed: (deadline: string) => void;

  constructor(clock: Clock, elapsed: (deadline: string) => void) {
    this.#clock = clock;
    this.#elapsed = elapsed;
  }

  /** Starts or stops one; leaves every other effect alone. */
  take(effect: Effect): void {
    if (effect.type === 'startDeadline') this.#start(effect.deadline, effect.withinMs);
    if (effect.type === 'stopDeadline') this.#stop(effect.deadline);
  }

  stopAll(): void {
    for (const deadline of [...this.#running.keys()]) this.#stop(deadline);
  }

  #start(deadline: string, ms: number): void {
    this.#stop(deadline);
    const stop = this.#clock.after(ms, () => {
      this.#running.delete(deadline);
      this.#elapsed(deadline);
    });
    this.#running.set(deadline, stop);
  }

  #stop(deadline: string): void {
    this.#running.get(deadline)?.();
    this.#running.delete(deadline);
  }
}
