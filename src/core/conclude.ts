/** What the ledger concludes for the charts: the plan's answers, and where the bracket stands. */
import type { Conclusions, Leg } from '../../machines/facts.ts';
import { allEnded, nakedQty, openQty, oversoldQty } from './commitment.ts';
import { inferredQty } from './ledger.ts';
import { admits, resizes, unwants } from './plan.ts';
import type { Situation } from './situation.ts';
import type { Hearing } from './standing.ts';
import type { Bracket } from './state.ts';

/**
 * All that the charts need to know about a bracket now. The plan is asked about the legs that the
 * states where it stands ask about on this fact; of any other leg nobody would listen to the answer.
 */
export function conclude(s: Situation, hearing: Hearing, completes: boolean): Conclusions {
  const { bracket } = s;
  s.granted = 0;
  const quiet = isQuiet(bracket);
  const { admitted, resized, unwanted } = dueOf(s, hearing);
  return {
    completes,
    admitted,
    resized,
    unwanted,
    flat: openQty(bracket) === 0,
    covered: nakedQty(bracket) === 0,
    oversold: oversoldQty(bracket) > 0,
    leaving: bracket.leaving !== null,
    quiet,
    settled: quiet && isSettled(bracket),
  };
}

const NONE: readonly Leg[] = [];

type Due = Pick<Conclusions, 'admitted' | 'resized' | 'unwanted'>;
const NOTHING_DUE: Due = { admitted: NONE, resized: NONE, unwanted: NONE };

/**
 * The plan's answers. They are given in this order because what is granted to one leg is taken off
 * what the next may have; a leg that must go is granted nothing, so it may be asked beside.
 */
function dueOf(s: Situation, asked: Hearing): Due {
  let admitted: readonly Leg[] = NONE;
  for (const parts of asked.admitted) {
    if (admits(s, parts) !== null) admitted = [...admitted, parts.leg];
  }
  let unwanted: readonly Leg[] = NONE;
  for (const parts of asked.unwanted) {
    if (unwants(s, parts) !== null) unwanted = [...unwanted, parts.leg];
  }
  let resized: readonly Leg[] = NONE;
  for (const parts of asked.audience.resizes) {
    if (resizes(s, parts) !== null) resized = [...resized, parts.leg];
  }
  const nothing = admitted === NONE && resized === NONE && unwanted === NONE;
  return nothing ? NOTHING_DUE : { admitted, resized, unwanted };
}

/** Nothing closes on a figure that only a status has claimed. */
function isSettled(bracket: Bracket): boolean {
  return (
    bracket.absentAt >= bracket.newsAt && bracket.orders.every((order) => inferredQty(order) === 0)
  );
}

/** Flat, and nothing of it can trade any more. */
function isQuiet(bracket: Bracket): boolean {
  return openQty(bracket) === 0 && bracket.orders.length > 0 && allEnded(bracket);
}
