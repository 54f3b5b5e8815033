/**
 * How far back a snapshot's executions must go. The Gateway tells those since midnight only, so an
 * order that is older may have traded without its being in the answer, and then its absence proves
 * nothing (broker's own word, `reqExecutions`).
 */
import type { Fact } from '../core/fact.ts';
import { bracketOf, findBracket, type State } from '../core/state.ts';

export class Lives {
  /** When each order that may still live was given its id. */
  readonly #began = new Map<string, number>();
  readonly #state: () => State;
  readonly #since: (now: number) => number;

  /** `since`: from when on the broker tells executions, asked at `now`. */
  constructor(state: () => State, since: (now: number) => number) {
    this.#state = state;
    this.#since = since;
  }

  began(orderRefs: readonly string[], at: number): void {
    for (const orderRef of orderRefs) this.#began.set(orderRef, at);
  }

  all(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#began);
  }

  /** A snapshot as it is, with whether its executions cover the lives of all orders that we ask about. */
  covering(fact: Fact): Fact {
    if (fact.type !== 'snapshot.taken') return fact;
    const since = this.#since(fact.at);
    let oldest = fact.at;
    for (const [orderRef, at] of this.#began) {
      if (this.#isOver(orderRef)) this.#began.delete(orderRef);
      else oldest = Math.min(oldest, at);
    }
    return { ...fact, coversLife: fact.coversLife && oldest >= since };
  }

  /** Its bracket is closed: nothing is asked about it any more. */
  #isOver(orderRef: string): boolean {
    const bracket = findBracket(this.#state(), bracketOf(orderRef));
    return bracket?.configuration.exposure === 'closed';
  }
}

/** Midnight of the machine's own time zone: the Gateway's day, where both are on one machine. */
export function midnight(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}
