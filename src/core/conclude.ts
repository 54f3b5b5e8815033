/** What the ledger concludes for the charts: the plan's answers, and where the bracket stands. */
import type { Conclusions, Leg } from '../../machines/facts.ts';
import type { Audience, Listener, Standing } from './charts.ts';
import { allEnded, nakedQty, openQty, oversoldQty } from './commitment.ts';
import { inferredQty } from './ledger.ts';
import type { Parts } from './legs.ts';
import { admits, resizes as resizesNow, unwants } from './plan.ts';
import type { Situation } from './situation.ts';
import type { Bracket } from './state.ts';

/**
 * All that the charts need to know about a bracket now. The plan is asked about the legs that the
 * states where it stands ask about on this fact; of any other leg nobody would listen to the answer.
 */
export function conclude(
  s: Situation,
  { listeners, resizes }: Audience,
  standing: Standing,
  completes: boolean,
): Conclusions {
  const { bracket } = s;
  s.granted = 0;
  const quiet = isQuiet(bracket);
  return {
    completes,
    admitted: admitted(s, listeners, standing),
    resized: resized(s, resizes),
    unwanted: unwanted(s, listeners, standing),
    flat: openQty(bracket) === 0,
    covered: nakedQty(bracket) === 0,
    oversold: oversoldQty(bracket) > 0,
    leaving: bracket.leaving !== null,
    quiet,
    settled: quiet && isSettled(bracket),
  };
}

const NONE: readonly Leg[] = [];

// One question, one loop: a loop that is handed the question is four times as slow.

function admitted(
  s: Situation,
  listeners: readonly Listener[],
  standing: Standing,
): readonly Leg[] {
  let found: Leg[] | null = null;
  for (const { at, column } of listeners) {
    const cell = standing[at]?.cells[column];
    if (cell === undefined) continue;
    for (const parts of cell.asks.admitted) {
      if (admits(s, parts) === null) continue;
      found ??= [];
      found.push(parts.leg);
    }
  }
  return found ?? NONE;
}

function resized(s: Situation, legs: readonly Parts[]): readonly Leg[] {
  let found: Leg[] | null = null;
  for (const parts of legs) {
    if (resizesNow(s, parts) === null) continue;
    found ??= [];
    found.push(parts.leg);
  }
  return found ?? NONE;
}

function unwanted(
  s: Situation,
  listeners: readonly Listener[],
  standing: Standing,
): readonly Leg[] {
  let found: Leg[] | null = null;
  for (const { at, column } of listeners) {
    const cell = standing[at]?.cells[column];
    if (cell === undefined) continue;
    for (const parts of cell.asks.unwanted) {
      if (unwants(s, parts) === null) continue;
      found ??= [];
      found.push(parts.leg);
    }
  }
  return found ?? NONE;
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
