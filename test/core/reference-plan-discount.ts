/**
 * What we believe of the broker's groups, told a second time: what a look at a pair makes of its
 * discount, by what is true of its stop and its target then.
 */
import type { Order } from '../../src/core/ledger.ts';
import type { Bracket, Pair } from '../../src/core/state.ts';
import { cumOf, orderOf } from './reference-plan-sums.ts';

export type Belief = {
  readonly discounted: boolean;
  readonly mode: Pair['mode'];
  /** Every reason for which it is lost, as a person is told; none when it is kept or dissolved. */
  readonly lost: readonly string[];
  /** The most that the stop counts for from now on. */
  readonly stopLargest: number | undefined;
};

/** The fills so far: a reduction that is told is the sum of the first of them, or of more. */
function isExplained(reduced: number, sibling: Order): boolean {
  let total = 0;
  const told = sibling.executions.map(({ qty, busted }) => {
    if (!busted) total += qty;
    return total;
  });
  return reduced === 0 || told.includes(reduced) || reduced >= cumOf(sibling);
}

const isReducedRightly = (order: Order, sibling: Order): boolean =>
  order.end !== null || isExplained(order.largest - order.qty, sibling);

/** The reasons are ours; what is shown instead is the broker's. */
function surprises(stop: Order, target: Order): readonly string[] {
  const lost: string[] = [];
  if (stop.differs !== '') lost.push(`the stop is shown with ${stop.differs}`);
  if (target.differs !== '') lost.push(`the target is shown with ${target.differs}`);
  // Was the late leg admitted in full?
  if (target.end === null && !target.acknowledged && cumOf(stop) > 0)
    lost.push('the stop traded before its target was acknowledged');
  if (!isReducedRightly(stop, target))
    lost.push('the stop was reduced by something else than the fills');
  if (stop.end === null && !isReducedRightly(target, stop))
    lost.push('the target was reduced by something else than the fills');
  return lost;
}

export function beliefIn(bracket: Bracket, number: number): Belief | null {
  const pair = bracket.pairs[number - 1];
  const stop = orderOf(bracket, `stop${number}`);
  const target = orderOf(bracket, `target${number}`);
  if (pair === undefined) return null;
  const { mode, discounted } = pair;
  const kept: Belief = { discounted, mode, lost: [], stopLargest: stop?.largest };
  if (stop === undefined) return kept;
  if (!discounted) {
    // A group that is not what was asked is joined by nobody.
    const odd = mode === 'paired' && stop.end === null && stop.differs !== '';
    const lost = [`the stop is shown with ${stop.differs}`];
    return odd ? { ...kept, mode: 'sequenced', lost } : kept;
  }
  if (target === undefined) return kept;
  const lost = surprises(stop, target);
  if (lost.length > 0) return { ...kept, discounted: false, mode: 'sequenced', lost };
  const size = Math.max(stop.largest, target.largest);
  const shown = stop.end !== null || stop.qty <= size - cumOf(target);
  if (target.end === null || !shown) return kept;
  const traded = cumOf(stop) > 0 || cumOf(target) > 0;
  return {
    discounted: false,
    mode: traded ? 'sequenced' : mode,
    lost: [],
    // From now on it counts by itself, as the broker has shown it.
    stopLargest: stop.end === null ? stop.qty : stop.largest,
  };
}
