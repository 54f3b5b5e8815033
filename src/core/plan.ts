/**
 * The exit plans: from the numbers of the ledger to the claims that the charts act on.
 *
 * For every leg three questions are answered, each by its reason or by null:
 *
 *   admits    is an order called for that L6 would let go?
 *   resizes   is the live order of the wrong size or price, and alone?
 *   unwants   must the live order go?
 *
 * Plan `paired`: a stop for every target's share comes first, in an OCA group of its own from
 * birth (type 2: reduce with block). It grows by replace while it is alone. When the entry has
 * ended and the broker has echoed the stop as asked, unfilled, its target joins the group at the
 * same size: from then on the pair is never modified. To change anything, the target leaves first.
 *
 * Plan `sequenced`: one live exit for any share. The stop rests; when the price has come, it is
 * withdrawn, and only after the definite word the target is placed for what is left. A pair of a
 * `paired` bracket falls back to this where the broker refuses a step of the way.
 */
import {
  allOthersEnded,
  enteredQty,
  exitedQty,
  gate,
  groupTraded,
  onlyStopsLeft,
  openQty,
  oversoldQty,
  raisedBy,
} from './commitment.ts';
import { cumQty, leavesQty, type Order } from './ledger.ts';
import type { Parts } from './legs.ts';
import type { Px, Qty } from './quantity.ts';
import type { Situation } from './situation.ts';
import {
  type Book,
  type Bracket,
  currentOf,
  currentOrder,
  liveOrder,
  liveStop,
  liveTarget,
  type Pair,
} from './state.ts';

/** The gate of L6, and the promise to grant what it let go. */
function lets(s: Situation, more: Qty, isStop: boolean): boolean {
  if (!gate(s.book, s.bracket, more === 0 ? 0 : more + s.granted, isStop)) return false;
  s.granted += more;
  return true;
}

const breached = (s: Situation): boolean => openQty(s.bracket) < 0;

/** The entry can add no more shares: its order has definitely ended. */
function entryEnded(bracket: Bracket): boolean {
  const entry = currentOrder(bracket, 'entry');
  return entry !== undefined && entry.end !== null;
}

// ── entry ────────────────────────────────────────────────────────────────────────────────────

function admitsEntry(s: Situation): string | null {
  const { bracket, book } = s;
  if (!s.linkLive || bracket.cancelWished || bracket.leaving !== null || book.frozen !== null)
    return null;
  const order = currentOrder(bracket, 'entry');
  if (order === undefined) return 'the bracket was opened';
  return isMissing(order) && !order.cancelAsked ? AGAIN : null;
}

function unwantsEntry(s: Situation, order: Order): string | null {
  const { bracket, book } = s;
  if (order.cancelAsked) return 'its cancel is asked already';
  if (bracket.cancelWished) return 'the router cancelled it';
  if (bracket.leaving !== null) return 'the bracket is leaving';
  if (bracket.entryLate) return 'it had its time; the rest is not waited for';
  if (book.frozen !== null || breached(s)) return 'entries are frozen';
  return null;
}

// ── stop ─────────────────────────────────────────────────────────────────────────────────────

function pairOf(s: Situation, pair: number): Pair | undefined {
  return s.bracket.pairs[pair - 1];
}

/** Sequenced, and the price has come: the shares are the target's now. */
function targetsTurn(s: Situation, pair: number): boolean {
  const p = pairOf(s, pair);
  if (p === undefined || p.targetRejections > 0 || s.book.frozen !== null) return false;
  return p.mode === 'sequenced' && p.touched && entryEnded(s.bracket);
}

function admitsStop(s: Situation, pair: number): string | null {
  const want = s.wants[pair - 1] ?? 0;
  const p = pairOf(s, pair);
  if (!s.linkLive || p === undefined) return null;
  const order = liveStop(s.bracket, pair);
  if (order !== undefined) return resends(s, order, pair);
  if (want <= 0 || p.stopRejections > 1) return null;
  if (targetsTurn(s, pair) || liveTarget(s.bracket, pair) !== undefined) return null;
  if (!lets(s, want, true)) return null;
  return p.stopRejections > 0 ? 'the one before is gone; one retry' : 'these shares are naked';
}

/**
 * An order of the pair that could trade since this one was sent, and did; itself among them. What
 * ended in the very step that sent the order had ended before: nothing is placed until all of a fact
 * is booked.
 */
function pairTradedSince(bracket: Bracket, order: Order, pair: number): boolean {
  return bracket.orders.some(
    (o) => o.pair === pair && cumQty(o) > 0 && (o.end === null || o.endedAt > order.sentAt),
  );
}

const AGAIN = 'the broker does not have it; the same order again';

const isMissing = (order: Order): boolean =>
  order.end === null && order.missing && !order.acknowledged;

/**
 * L11: the same order again, once a snapshot has shown that the broker does not have it. Also when
 * nobody wants it any more: it counts in full until a definite word, and only an order that the
 * broker has can be cancelled. It was within L6 all the time, and no sibling has traded.
 */
function resends(s: Situation, order: Order, pair: number): string | null {
  if (!isMissing(order) || pairTradedSince(s.bracket, order, pair)) return null;
  // It is counted already: it commits nothing more, and the gate sees to it that nothing hangs over.
  return order.qty <= openQty(s.bracket) && lets(s, 0, false) ? AGAIN : null;
}

/** The trigger and limit that the stop should have now. */
export function stopPrices(bracket: Bracket, pair: number): { stopPx: Px; limitPx?: Px } {
  const p = bracket.pairs[pair - 1];
  if (p === undefined) return { stopPx: 0 };
  return p.stopLimitPx === null
    ? { stopPx: p.stopPx }
    : { stopPx: p.stopPx, limitPx: p.stopLimitPx };
}

/** The next limit of a triggered stop that did not fill: through the last price, never back. */
export function repricedLimit(book: Book, bracket: Bracket, limit: Px): Px {
  const offset = bracket.plan.policy.escalationOffset;
  const last = book.lastPx ?? limit;
  const long = bracket.plan.side === 'BUY';
  return Math.max(1, long ? Math.min(limit, last) - offset : Math.max(limit, last) + offset);
}

/** The last price is through a stop that is not placed yet: it would be a late market order. */
export function passedStop(s: Situation): boolean {
  const { book, bracket } = s;
  const px = book.lastPx;
  if (px === null) return false;
  const long = bracket.plan.side === 'BUY';
  return bracket.pairs.some(
    (pair, i) =>
      (s.wants[i] ?? 0) > 0 &&
      (long ? px <= pair.stopPx : px >= pair.stopPx) &&
      liveStop(bracket, i + 1) === undefined,
  );
}

function wrongStop(s: Situation, order: Order, pair: number): string | null {
  const want = s.wants[pair - 1] ?? 0;
  if (want <= 0) return null;
  if (leavesQty(order) !== want)
    return leavesQty(order) < want ? 'more shares came' : 'fewer shares are left';
  return wrongPrice(s, order, pair);
}

function wrongPrice(s: Situation, order: Order, pair: number): string | null {
  const { stopPx, limitPx } = stopPrices(s.bracket, pair);
  if (order.ticket.stopPx !== stopPx) return 'its trigger moved';
  if (order.ticket.limitPx === limitPx) return null;
  return order.triggered ? 'its limit did not fill in its budget' : 'its limit moved';
}

function resizesStop(s: Situation, pair: number): string | null {
  const order = liveStop(s.bracket, pair);
  const p = pairOf(s, pair);
  if (order === undefined || p === undefined || !standsAlone(s, order, pair)) return null;
  const wrong = wrongStop(s, order, pair);
  if (wrong === null || refusesReplace(p)) return null;
  const total = cumQty(order) + (s.wants[pair - 1] ?? 0);
  return lets(s, raisedBy(order, total), true) ? wrong : null;
}

const refusesReplace = (pair: Pair): boolean => pair.replaceRefusals > 0;

/** Nothing is in flight about this stop, and no target is beside it. */
function standsAlone(s: Situation, order: Order, pair: number): boolean {
  return (
    s.linkLive &&
    order.acknowledged &&
    !order.unresolved &&
    !order.cancelAsked &&
    order.replaceAsked === null &&
    pairOf(s, pair)?.discounted !== true &&
    liveTarget(s.bracket, pair) === undefined
  );
}

function unwantsStop(s: Situation, order: Order, pair: number): string | null {
  const p = pairOf(s, pair);
  if (order.cancelAsked) return 'its cancel is asked already';
  if (breached(s)) return 'more was exited than entered';
  // On the way out stops go last: until everything else has definitely gone, the closing order may
  // not leave, and a target that was never acknowledged must not find its group empty.
  if (s.bracket.leaving !== null) {
    return onlyStopsLeft(s.bracket) || openQty(s.bracket) <= 0 ? 'the bracket is leaving' : null;
  }
  if ((s.wants[pair - 1] ?? 0) <= 0) return 'nothing is left to protect';
  if (p === undefined || !standsAlone(s, order, pair)) return null;
  if (targetsTurn(s, pair)) return 'the price has come: the target takes its place';
  if (refusesReplace(p) && wrongStop(s, order, pair) !== null) return 'it cannot be replaced';
  return null;
}

// ── target ───────────────────────────────────────────────────────────────────────────────────

function admitsTarget(s: Situation, pair: number): string | null {
  const p = pairOf(s, pair);
  const want = s.wants[pair - 1] ?? 0;
  if (!s.linkLive || p === undefined) return null;
  const order = liveTarget(s.bracket, pair);
  if (order !== undefined) return resends(s, order, pair);
  if (want <= 0 || p.targetRejections > 0) return null;
  if (!entryEnded(s.bracket) || s.book.frozen !== null) return null;
  const stop = liveStop(s.bracket, pair);
  if (p.mode === 'sequenced') {
    if (!p.touched || stop !== undefined) return null;
    return lets(s, want, false) ? 'its stop is gone and the price has come' : null;
  }
  if (stop === undefined || !standsAlone(s, stop, pair) || !joinable(s, stop, pair)) return null;
  return lets(s, 0, false) ? 'its stop stands' : null;
}

/**
 * A target may join its stop's group when the stop was echoed as asked, is armed, has not traded,
 * and has exactly the size the target will have: only then do the readings of "reduce" agree.
 */
function joinable(s: Situation, stop: Order, pair: number): boolean {
  return (
    stop.working &&
    stop.held === '' &&
    !stop.triggered &&
    stop.differs === '' &&
    stop.echoed &&
    // The stop is of its group: nor has it traded itself, and what it leaves is its whole size.
    !groupTraded(s.bracket, pair) &&
    wrongStop(s, stop, pair) === null
  );
}

function unwantsTarget(s: Situation, order: Order, pair: number): string | null {
  const p = pairOf(s, pair);
  const want = s.wants[pair - 1] ?? 0;
  const stop = liveStop(s.bracket, pair);
  if (order.cancelAsked) return 'its cancel is asked already';
  if (breached(s)) return 'more was exited than entered';
  if (s.bracket.leaving !== null) return 'the bracket is leaving';
  if (want <= 0) return 'nothing is left to sell';
  // What its stop did while it was not to be found, or not there, it learns when it is.
  if (stop?.triggered === true) return 'its stop has triggered';
  if (p === undefined) return 'it has no pair';
  if (order.ticket.limitPx !== p.targetPx) return 'its limit moved';
  if (leavesQty(order) > want) return 'fewer shares are left than it would sell';
  // A stop grows while it is alone. A group may have made the target smaller for a fill not heard yet.
  const most = order.largest - cumQty(order);
  if (p.mode === 'paired' && most < want) return 'more shares came';
  if (p.mode === 'sequenced' && stop === undefined) {
    return p.touched ? null : 'it did not fill: back to the stop';
  }
  if (stop === undefined) return 'its stop is gone';
  if (!p.discounted) return 'its group is not what was agreed';
  if (wrongPrice(s, stop, pair) !== null) return 'its stop is to be moved';
  return null;
}

// ── closing ──────────────────────────────────────────────────────────────────────────────────

function admitsClosing(s: Situation): string | null {
  const { bracket, book } = s;
  if (!s.linkLive) return null;
  const order = liveOrder(bracket, 'closing');
  if (order !== undefined) {
    const fits = isMissing(order) && order.qty <= Math.abs(openQty(bracket));
    return fits && (!order.exits || lets(s, 0, false)) ? AGAIN : null;
  }
  if (!allOthersEnded(bracket) || book.halted) return null;
  if (refusedClosings(bracket) > bracket.coverElapsed) return null;
  if (closingNeedsPrice(bracket) && book.lastPx === null) return null;
  if (breached(s)) {
    const remedies = bracket.plan.policy.remedy === 'flatten' && remedyQty(bracket) > 0;
    return remedies ? 'the configured remedy' : null;
  }
  if (bracket.leaving === null || openQty(bracket) <= 0) return null;
  return lets(s, openQty(bracket), true) ? 'everything else has ended' : null;
}

/** The remedy trades only what our own executions show, never what is merely unexplained. */
export const remedyQty = (bracket: Bracket): Qty =>
  Math.max(0, exitedQty(bracket) - enteredQty(bracket));

/** Closing orders that the broker ended by itself: one more try for every deadline that passes. */
export function refusedClosings(bracket: Bracket): number {
  return bracket.orders.filter(
    (o) => o.leg === 'closing' && o.end !== null && o.end !== 'filled' && !o.cancelAsked,
  ).length;
}

/** Outside regular hours a market order does not work: the way out needs a limit. */
export const closingNeedsPrice = (bracket: Bracket): boolean => bracket.plan.stop.outsideRth;

export function closingLimit(book: Book, bracket: Bracket): Px {
  const offset = bracket.plan.policy.escalationOffset * (bracket.closingLate + 1);
  const last = book.lastPx ?? 1;
  // What takes a bracket out trades against its entry; the remedy of a breach goes the other way.
  const sells = (bracket.plan.side === 'BUY') === (oversoldQty(bracket) === 0);
  return Math.max(1, sells ? last - offset : last + offset);
}

function unwantsClosing(s: Situation, order: Order): string | null {
  const { bracket } = s;
  if (order.cancelAsked) return 'its cancel is asked already';
  if (order.exits ? breached(s) : !breached(s)) return 'it would go the wrong way';
  const due = order.exits ? openQty(bracket) : remedyQty(bracket);
  if (leavesQty(order) > due) return 'fewer shares are left than it would trade';
  const generation = bracket.orders.filter((o) => o.leg === 'closing').length;
  return generation <= bracket.closingLate ? 'it rested too long' : null;
}

// ── the three questions ──────────────────────────────────────────────────────────────────────

export function admits(s: Situation, { kind, pair }: Parts): string | null {
  switch (kind) {
    case 'entry':
      return admitsEntry(s);
    case 'stop':
      return admitsStop(s, pair);
    case 'target':
      return admitsTarget(s, pair);
    case 'closing':
      return admitsClosing(s);
  }
}

export function resizes(s: Situation, { kind, pair }: Parts): string | null {
  return kind === 'stop' ? resizesStop(s, pair) : null;
}

export function unwants(s: Situation, parts: Parts): string | null {
  const order = currentOf(s.bracket, parts);
  if (order === undefined || order.end !== null) return null;
  // A cancel never overtakes its placement: what this very step sends, and what was sent again
  // and is not acknowledged, is waited for first.
  if (order.sentAt === s.seq || (order.resent && !order.acknowledged)) return null;
  const { kind, pair } = parts;
  switch (kind) {
    case 'entry':
      return unwantsEntry(s, order);
    case 'stop':
      return unwantsStop(s, order, pair);
    case 'target':
      return unwantsTarget(s, order, pair);
    case 'closing':
      return unwantsClosing(s, order);
  }
}
