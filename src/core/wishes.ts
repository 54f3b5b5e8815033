/** What a router may change of an open bracket, and what a price does to one. */

import { nakedQty } from './commitment.ts';
import { setPair } from './discount.ts';
import type { Fact } from './fact.ts';
import { isStopLeg, pairNumber } from './legs.ts';
import { type Px, showPx } from './quantity.ts';
import { type Bracket, liveTarget } from './state.ts';
import type { Turn } from './turn.ts';

/** Moves a stop or a target; returns why not. The plan makes way for it, leg by leg. */
export function movePrices(
  turn: Turn,
  wish: Extract<Fact, { type: 'move.wished' }>,
): readonly string[] {
  const number = pairNumber(wish.leg);
  const pair = turn.bracket.pairs[number - 1];
  if (pair === undefined) return [`leg: ${wish.leg} cannot be moved; a stop or a target can`];
  if (!Number.isSafeInteger(wish.px) || wish.px <= 0) return ['px: must be a price above 0'];
  const long = turn.bracket.plan.side === 'BUY';
  const stops = isStopLeg(wish.leg);
  const other = stops ? pair.targetPx : pair.stopPx;
  const losing = long === stops;
  if (losing ? wish.px >= other : wish.px <= other) {
    return [
      `px: ${wish.leg} must stay ${losing ? 'below' : 'above'} ${showPx(other)}, was ${showPx(wish.px)}`,
    ];
  }
  if (!stops) {
    setPair(turn.bracket, number, { ...pair, targetPx: wish.px });
    return [];
  }
  const distance = pair.stopLimitPx === null ? null : pair.stopLimitPx - pair.stopPx;
  const stopLimitPx = distance === null ? null : (wish.limitPx ?? Math.max(1, wish.px + distance));
  if (stopLimitPx !== null && (long ? stopLimitPx > wish.px : stopLimitPx < wish.px)) {
    return [
      `limitPx: must not be ${long ? 'above' : 'below'} the trigger ${showPx(wish.px)}, was ${showPx(stopLimitPx)}: it could not fill`,
    ];
  }
  setPair(turn.bracket, number, { ...pair, stopPx: wish.px, stopLimitPx });
  return [];
}

/** A price is news to a bracket that waits for one. */
export function priceMatters(bracket: Bracket): boolean {
  return (
    bracket.leaving !== null ||
    nakedQty(bracket) > 0 ||
    bracket.pairs.some((pair) => pair.mode === 'sequenced')
  );
}

/** A target's price has come (plan `sequenced`). */
export function printPrice(turn: Turn, px: Px): void {
  const long = turn.bracket.plan.side === 'BUY';
  turn.bracket.pairs.forEach((pair, i) => {
    const reached = long ? px >= pair.targetPx : px <= pair.targetPx;
    // A target on its way out has had its turn.
    const going = liveTarget(turn.bracket, i + 1)?.cancelAsked === true;
    if (pair.mode === 'sequenced' && reached && !pair.touched && !going) {
      setPair(turn.bracket, i + 1, { ...pair, touched: true });
    }
  });
}
