/** What the ledger concludes for the charts: the plan's answers, and where the bracket stands. */
import type { Conclusions, Leg } from '../../machines/facts.ts';
import { allEnded, nakedQty, openQty, oversoldQty } from './commitment.ts';
import { inferredQty } from './ledger.ts';
import { admits, resizes, type Situation, unwants } from './plan.ts';
import type { Bracket } from './state.ts';

/** All that the charts need to know about a bracket now. */
export function conclude(s: Situation, legs: readonly Leg[], completes: boolean): Conclusions {
  const { bracket } = s;
  s.granted = 0;
  return {
    completes,
    admitted: legs.filter((leg) => admits(s, leg) !== null),
    resized: legs.filter((leg) => resizes(s, leg) !== null),
    unwanted: legs.filter((leg) => unwants(s, leg) !== null),
    flat: openQty(bracket) === 0,
    covered: nakedQty(bracket) === 0,
    oversold: oversoldQty(bracket) > 0,
    leaving: bracket.leaving !== null,
    quiet: isQuiet(bracket),
    settled: isSettled(bracket),
  };
}

/** Nothing closes on a figure that only a status has claimed. */
function isSettled(bracket: Bracket): boolean {
  return (
    isQuiet(bracket) &&
    bracket.absentAt >= bracket.newsAt &&
    bracket.orders.every((order) => inferredQty(order) === 0)
  );
}

/** Flat, and nothing of it can trade any more. */
function isQuiet(bracket: Bracket): boolean {
  return openQty(bracket) === 0 && bracket.orders.length > 0 && allEnded(bracket);
}
