/**
 * The arithmetic of the interlock (L5, L6, L12): what a bracket has entered and exited, what its
 * exits could still execute at most, and how much of it is naked.
 *
 * "Committed" is the most that the exits may come to, if everything at the broker goes against us:
 * - an order that has definitely ended: what it executed;
 * - any other exit: the largest quantity that was ever asked of it or echoed;
 * - a *discounted* pair of size Q: max(Q, what its legs have executed). The discount is the one
 *   place where we believe the broker: stop and target share an OCA group that reduces with block.
 *   `plan.ts` says when it is taken, `step.ts` when it ends.
 */
import { cumQty, leavesQty, mostQty, type Order } from './ledger.ts';
import { isTargetLeg, stopOf } from './legs.ts';
import type { Qty } from './quantity.ts';
import { type Book, type Bracket, currentStop, liveStop } from './state.ts';

/** What a bracket's orders add up to. */
type Figures = {
  readonly entered: Qty;
  readonly exited: Qty;
  readonly committed: Qty;
  /** What live stops cover. */
  readonly stopped: Qty;
  /** What the exits of each pair have executed, over all its orders. */
  readonly exitedByPair: readonly Qty[];
};

/**
 * The sums that were made last, and of what. Plan, charts and laws ask for them many times in one
 * step, and what they are made of never changes: another array of orders is another sum.
 */
let latest: { readonly of: Pick<Bracket, 'orders' | 'pairs'>; readonly sums: Figures } = {
  of: { orders: [], pairs: [] },
  sums: { entered: 0, exited: 0, committed: 0, stopped: 0, exitedByPair: [] },
};

function figuresOf(bracket: Bracket): Figures {
  const { orders, pairs } = bracket;
  const { of, sums } = latest;
  if (of.orders === orders && of.pairs === pairs) return sums;
  latest = { of: { orders, pairs }, sums: reckon(bracket) };
  return latest.sums;
}

function reckon(bracket: Bracket): Figures {
  let entered = 0;
  let exited = 0;
  let committed = 0;
  let stopped = 0;
  const exitedByPair: Qty[] = bracket.pairs.map(() => 0);
  for (const order of bracket.orders) {
    const cum = cumQty(order);
    if (order.pair > 0) exitedByPair[order.pair - 1] = (exitedByPair[order.pair - 1] ?? 0) + cum;
    if (!order.exits) {
      entered += cum;
      continue;
    }
    exited += cum;
    committed += alone(order, cum);
    if (protects(order)) stopped += leavesQty(order);
  }
  for (let pair = 1; pair <= bracket.pairs.length; pair++) committed -= discountOf(bracket, pair);
  return { entered, exited, committed, stopped, exitedByPair };
}

export const enteredQty = (bracket: Bracket): Qty => figuresOf(bracket).entered;
export const exitedQty = (bracket: Bracket): Qty => figuresOf(bracket).exited;
export const committedQty = (bracket: Bracket): Qty => figuresOf(bracket).committed;
export const stoppedQty = (bracket: Bracket): Qty => figuresOf(bracket).stopped;

/** The most that the exits may come to: what was entered, less what somebody else has closed. */
export const exitableQty = (bracket: Bracket): Qty => enteredQty(bracket) - bracket.foreign;

/**
 * Open shares that are there, counted in the direction of the entry: negative when more was exited
 * than there was.
 */
export function openQty(bracket: Bracket): Qty {
  const { entered, exited } = figuresOf(bracket);
  return entered - bracket.foreign - exited;
}

const signed = (bracket: Bracket, qty: Qty): Qty =>
  bracket.plan.side === 'BUY' || qty === 0 ? qty : -qty;

/** Signed position that is there. */
export const positionOf = (bracket: Bracket): Qty => signed(bracket, openQty(bracket));

/** Signed position by our own executions alone: what L4 holds against the broker's. */
export const tradedPositionOf = (bracket: Bracket): Qty =>
  signed(bracket, enteredQty(bracket) - exitedQty(bracket));

export const oversoldQty = (bracket: Bracket): Qty => Math.max(0, -openQty(bracket));

/** The most that one exit alone may come to. */
function alone(order: Order, cum = cumQty(order)): Qty {
  if (order.end !== null) return cum;
  return Math.max(mostQty(order), cum);
}

/** How much less a pair commits because its two legs share a group that reduces with block. */
function discountOf(bracket: Bracket, pair: number): Qty {
  if (bracket.pairs[pair - 1]?.discounted !== true) return 0;
  const stop = currentStop(bracket, pair);
  if (stop === undefined) return 0;
  let apart = 0;
  let executed = 0;
  let size = stop.largest;
  for (const order of bracket.orders) {
    if (order.pair !== pair || order.ticket.group !== stop.ticket.group) continue;
    const cum = cumQty(order);
    apart += alone(order, cum);
    executed += cum;
    // A target may be told larger than the stop that it joined: then so is what the group may do.
    if (order.end === null) size = Math.max(size, order.largest);
  }
  return Math.max(0, apart - Math.max(size, executed));
}

/** Committed exits beyond executed entries. */
export const overhangQty = (bracket: Bracket): Qty =>
  Math.max(0, committedQty(bracket) - exitableQty(bracket));

/**
 * A live stop: acknowledged, not held, and no cancel asked of it (L5). Across a cut it is believed
 * by its last word; once the broker was seen not to have it, it is not.
 */
export function protects(order: Order): boolean {
  return (
    order.end === null &&
    order.exits &&
    order.leg === stopOf(order.pair) &&
    order.acknowledged &&
    order.held === '' &&
    !order.missing &&
    !order.cancelAsked
  );
}

/** Targets that could still trade. */
export function restingQty(bracket: Bracket): Qty {
  let sum = 0;
  for (const order of bracket.orders) if (isTargetLeg(order.leg)) sum += leavesQty(order);
  return sum;
}

/** What the closing order could still trade. */
export function closingQty(bracket: Bracket): Qty {
  let sum = 0;
  for (const order of bracket.orders) if (order.leg === 'closing') sum += leavesQty(order);
  return sum;
}

/** Open shares without a live stop behind them. */
export const nakedQty = (bracket: Bracket): Qty =>
  Math.max(0, openQty(bracket) - stoppedQty(bracket));

/** Exits that are asked to go and have not definitely gone. */
export function withdrawingQty(bracket: Bracket): Qty {
  let sum = 0;
  for (const order of bracket.orders) {
    if (order.exits && order.cancelAsked) sum += leavesQty(order);
  }
  return sum;
}

/**
 * The gate of L6: may the exits of `bracket` commit `more` beyond what they commit now? Every
 * `place` and `replace` of an exit goes through here, before the charts see it as `admitted`.
 */
export function gate(book: Book, bracket: Bracket, more: Qty, isStop: boolean): boolean {
  if (more <= 0) return overhangQty(bracket) === 0 || isStop;
  if (committedQty(bracket) + more > exitableQty(bracket)) return false;
  if (isStop) return true;
  const { side, bracket: id } = bracket.plan;
  return book.brackets.every(
    (other) => other.plan.bracket === id || other.plan.side !== side || overhangQty(other) === 0,
  );
}

/** How much more a stop commits when it is replaced by one of `qty` in all: the larger counts. */
export function raisedBy(order: Order, qty: Qty): Qty {
  return Math.max(0, qty - order.largest);
}

export function allEnded(bracket: Bracket): boolean {
  return bracket.orders.every((order) => order.end !== null);
}

/** Every order has ended but stops that could leave when they are asked to. */
export function onlyStopsLeft(bracket: Bracket): boolean {
  return bracket.orders.every((order) => order.end !== null || order.leg === stopOf(order.pair));
}

export function allOthersEnded(bracket: Bracket): boolean {
  return bracket.orders.every((order) => order.end !== null || order.leg === 'closing');
}

/** Shares that the exits of a pair have executed, over all its orders. */
export const pairExitedQty = (bracket: Bracket, pair: number): Qty =>
  figuresOf(bracket).exitedByPair[pair - 1] ?? 0;

/** Whether the members of the current stop's group have traded. */
export function groupTraded(bracket: Bracket, pair: number): boolean {
  const stop = liveStop(bracket, pair);
  if (stop === undefined) return false;
  return bracket.orders.some(
    (order) => order.pair === pair && order.ticket.group === stop.ticket.group && cumQty(order) > 0,
  );
}
