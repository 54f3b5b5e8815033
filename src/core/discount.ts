/**
 * The one place where we believe the broker: that an OCA group of type 2 reduces with block.
 *
 * The belief is taken per pair when a target joins its stop (`plan.ts`), and given up here:
 * - *dissolved* when the target has ended and the broker has shown the stop reduced by what the
 *   target took: from then on the stop counts by itself;
 * - *lost* when an echo differs from what was asked, when the stop trades before its target was
 *   acknowledged (was the late leg admitted in full?), or when a reduction is not the sum of fills
 *   it should be (a reading of "reduce" that compounds), or is not made at all. Lost means: alarm, and
 *   the target goes.
 *
 * After either, with shares traded in the group, the pair goes on `sequenced`: it asks nothing of
 * the broker any more.
 */
import { cumQty, fillSums, type Order } from './ledger.ts';
import { stopOf } from './legs.ts';
import type { Qty } from './quantity.ts';
import { currentStop, currentTarget, type Draft, type Pair } from './state.ts';

const NONE: readonly string[] = [];

/**
 * Looks after every discount of a bracket; to be called whenever its ledger has changed. Says why
 * any was lost, for the alarm.
 */
export function reviewDiscounts(bracket: Draft): readonly string[] {
  const { orders, pairs } = bracket;
  if (reviewed.orders === orders && reviewed.pairs === pairs) return NONE;
  const lost = review(bracket);
  if (bracket.orders === orders && bracket.pairs === pairs) reviewed = { orders, pairs };
  return lost;
}

/** What was found to be in order last: see `figuresOf` in `commitment.ts`. */
let reviewed: Pick<Draft, 'orders' | 'pairs'> = { orders: [], pairs: [] };

function review(bracket: Draft): readonly string[] {
  let lost: string[] | null = null;
  for (let pair = 1; pair <= bracket.pairs.length; pair++) {
    const p = bracket.pairs[pair - 1];
    const stop = currentStop(bracket, pair);
    if (p === undefined || stop === undefined) continue;
    if (!p.discounted) {
      if (p.mode !== 'paired' || stop.end !== null || stop.differs === '') continue;
      lost ??= [];
      lost.push(`pair ${pair}: the stop is shown with ${stop.differs}`);
      setPair(bracket, pair, { ...p, mode: 'sequenced' });
      continue;
    }
    const target = currentTarget(bracket, pair);
    const reason = target === undefined ? null : lostBecause(stop, target);
    if (reason !== null) {
      lost ??= [];
      lost.push(`pair ${pair}: ${reason}`);
      setPair(bracket, pair, { ...p, discounted: false, mode: 'sequenced' });
    } else if (target !== undefined && target.end !== null) {
      dissolve(bracket, pair, p, stop, target);
    }
  }
  return lost ?? NONE;
}

/**
 * Pairs whose target has ended, and whose stop a look that was asked for later still shows whole: the
 * broker has not reduced it. Their discount is lost; the stop is then reduced by us.
 */
export function loseUnreduced(
  bracket: Draft,
  look: { readonly askedAt: number; readonly shown: ReadonlySet<string> },
): readonly string[] {
  const lost: string[] = [];
  for (let pair = 1; pair <= bracket.pairs.length; pair++) {
    const p = bracket.pairs[pair - 1];
    const stop = currentStop(bracket, pair);
    const target = currentTarget(bracket, pair);
    if (p?.discounted !== true || stop === undefined || target === undefined) continue;
    const seen = stop.end === null && look.shown.has(stop.ticket.orderRef);
    if (!seen || target.end === null || target.endedAt >= look.askedAt) continue;
    if (!isWhole(stop, target)) continue;
    lost.push(`pair ${pair}: the stop was not reduced by what its target had taken`);
    setPair(bracket, pair, { ...p, discounted: false, mode: 'sequenced' });
  }
  return lost;
}

/** More is left of the stop than its target has left to it. */
const isWhole = (stop: Order, target: Order): boolean =>
  stop.qty + cumQty(target) > Math.max(stop.largest, target.largest);

export function setPair(bracket: Draft, pair: number, changed: Pair): void {
  bracket.pairs = bracket.pairs.with(pair - 1, changed);
}

function lostBecause(stop: Order, target: Order): string | null {
  if (stop.differs !== '') return `the stop is shown with ${stop.differs}`;
  if (target.differs !== '') return `the target is shown with ${target.differs}`;
  if (stop.end !== null) return null;
  const joined = target.end === null;
  if (joined && !target.acknowledged && cumQty(stop) > 0) {
    return 'the stop traded before its target was acknowledged';
  }
  // Also when the target has ended: what its last fills have made of the stop may be shown later.
  if (surprising(stop, target)) return 'the stop was reduced by something else than the fills';
  if (joined && surprising(target, stop)) {
    return 'the target was reduced by something else than the fills';
  }
  return null;
}

/** A reduction must be the sum of the sibling's first fills, or of more than we have heard of. */
function surprising(order: Order, sibling: Order): boolean {
  const reduced: Qty = order.largest - order.qty;
  if (reduced === 0 || reduced >= cumQty(sibling)) return false;
  return !fillSums(sibling).includes(reduced);
}

function dissolve(bracket: Draft, pair: number, p: Pair, stop: Order, target: Order): void {
  if (stop.end === null && isWhole(stop, target)) return;
  const mode = cumQty(target) > 0 || cumQty(stop) > 0 ? 'sequenced' : p.mode;
  setPair(bracket, pair, { ...p, discounted: false, mode });
  const at = bracket.current[stopOf(pair)];
  if (at === undefined || stop.end !== null) return;
  bracket.orders = bracket.orders.with(at, { ...stop, largest: stop.qty });
}
