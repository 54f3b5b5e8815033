/**
 * What `orderStatus` and `openOrder` mean for one order: accepted, restated, held, working,
 * triggered, ended. Statuses are advisory about shares and definite about ends.
 */
import type { OrderFact } from '../../machines/facts.ts';
import type { Echo, Reported } from './fact.ts';
import {
  type Booking,
  cumQty,
  inferredQty,
  isStop,
  type Order,
  toldQty,
  traded,
} from './ledger.ts';
import { type Qty, showPx, showQty } from './quantity.ts';
import type { Ticket } from './ready.ts';

/** Books `orderStatus` or `openOrder`. */
export function bookReport(order: Order, fact: Reported): Booking {
  const heard: OrderFact[] = [];
  let next = acknowledge(order, fact);
  if (next.endConcluded && next.end !== null && isActive(fact)) {
    heard.push('revived');
    next = { ...next, end: null, endConcluded: false, unresolved: true };
  }
  next = restate(next, fact, heard);
  next = dropLostReplace(next, fact);
  const claimed = fact.filled ?? (fact.status === 'filled' ? wholeQty(next, fact) : 0);
  if (claimed > Math.max(toldQty(next), next.claimedQty)) {
    const claim = traded({ ...next, claimedQty: claimed });
    next = claim.order;
    heard.push('filled');
  }
  next = settle(next, fact, heard);
  const same = next.qty === order.qty ? 'nothing new' : `restated to ${showQty(next.qty)}`;
  const note = heard.length === 0 ? `${fact.status}: ${same}` : '';
  return { order: next, heard, note };
}

function acknowledge(order: Order, fact: Reported): Order {
  // TWS says PendingCancel and Inactive also of an order that IB has not accepted; what has traded was.
  const accepted = !UNACCEPTED.includes(fact.status) || (fact.filled ?? 0) > 0;
  const permId = fact.permId === 0 ? order.permId : fact.permId;
  const acknowledged = order.acknowledged || accepted;
  const echoed = order.echoed || (accepted && fact.echo !== undefined);
  const differs =
    order.differs === '' && fact.echo !== undefined ? compare(order, fact.echo) : order.differs;
  const known =
    permId === order.permId &&
    acknowledged === order.acknowledged &&
    echoed === order.echoed &&
    differs === order.differs;
  if (known && !order.missing) return order;
  return { ...order, permId, acknowledged, missing: false, echoed, differs };
}

/**
 * What `Filled` without a figure (an openOrder) claims: the whole order, in the version that is
 * shown. While a replace is not answered that may be the one that was asked for.
 */
function wholeQty(order: Order, { echo }: Reported): Qty {
  const shown = echo?.qty ?? order.qty;
  return shown === order.replaceAsked?.qty ? shown : Math.min(order.qty, shown);
}

const UNACCEPTED: readonly Reported['status'][] = ['pendingSubmit', 'pendingCancel', 'inactive'];

/**
 * The quantity as the broker has it now, and whether a replace has thereby been confirmed. Word
 * of an ended order restates nothing: its `remaining` may be the balance that was cancelled.
 */
function restate(order: Order, fact: Reported, heard: OrderFact[]): Order {
  if (order.end !== null || !isActive(fact)) return order;
  const said =
    fact.echo?.qty ??
    (fact.remaining === undefined ? undefined : (fact.filled ?? 0) + fact.remaining);
  const asked = order.replaceAsked;
  if (asked !== null && shows(asked, fact, said)) {
    heard.push('replaced');
    return {
      ...order,
      ticket: asked,
      qty: asked.qty,
      largest: asked.qty,
      replaceAsked: null,
    };
  }
  if (said === undefined || said === order.qty || said <= 0) return order;
  return { ...order, qty: said, largest: Math.max(order.largest, said) };
}

/**
 * Found after a cut, and still shown as it was: the replace was lost on the way. Nothing is
 * outstanding any more, and what is due can be asked anew.
 */
function dropLostReplace(order: Order, fact: Reported): Order {
  if (order.replaceAsked === null || !order.unresolved) return order;
  return fact.echo !== undefined && isActive(fact) ? { ...order, replaceAsked: null } : order;
}

/** The broker says that it works on it. */
export function isActive(fact: Reported): boolean {
  return (
    fact.status === 'preSubmitted' || fact.status === 'submitted' || fact.status === 'inactive'
  );
}

/** Whether the broker shows what the replace asked for. A status alone cannot confirm a price. */
function shows(asked: Ticket, fact: Reported, said: Qty | undefined): boolean {
  if (said !== asked.qty) return false;
  return (
    fact.echo !== undefined &&
    fact.echo.stopPx === asked.stopPx &&
    fact.echo.limitPx === asked.limitPx
  );
}

/** What the status word means for this order, and whether that is news. */
function settle(order: Order, fact: Reported, heard: OrderFact[]): Order {
  const ended = order.end !== null;
  switch (fact.status) {
    case 'pendingSubmit':
      if (order.replaceAsked !== null && !ended) heard.push('pendingReplace');
      return order;
    case 'pendingReplace':
      if (!ended) heard.push('pendingReplace');
      return order;
    case 'pendingCancel':
      if (ended) return order;
      heard.push('pendingCancel');
      return order;
    case 'cancelled':
    case 'expired':
      return over(order, fact, fact.status, heard);
    case 'filled':
      return filledUp(order, heard);
    default:
      // A status does not say which version of the order was found; an echo has said so by now.
      if (order.unresolved && order.replaceAsked !== null) return order;
      return ended ? order : alive(order, fact, heard);
  }
}

/**
 * An end is definite with its final quantity. A bare 202, or an `openOrder` that says Cancelled,
 * does not say how much had filled, and an execution may still be on its way: the order counts in
 * full until the status with the figure comes, or a snapshot has looked.
 */
function over(
  order: Order,
  fact: Reported,
  end: 'cancelled' | 'expired',
  heard: OrderFact[],
): Order {
  if (order.end !== null) return order;
  if (fact.filled === undefined) {
    heard.push('pendingCancel');
    return order;
  }
  heard.push(end);
  return { ...order, end };
}

/** `Filled` names no quantity we must doubt: what it claims is the whole order. */
function filledUp(order: Order, heard: OrderFact[]): Order {
  if (order.end === 'filled') return order;
  // It speaks of shares that were taken back since: the order is over, with what is left of them.
  if (toldQty(order) > order.executedQty && inferredQty(order) === 0) {
    if (order.end === null) heard.push('cancelled');
    return { ...order, end: order.end ?? 'cancelled' };
  }
  if (!heard.includes('filled')) heard.push('filled');
  return { ...order, qty: cumQty(order), end: 'filled' };
}

function alive(order: Order, fact: Reported, heard: OrderFact[]): Order {
  const news = (fact: OrderFact, known: boolean): void => {
    if (!known || order.unresolved) heard.push(fact);
  };
  // An openOrder carries no reason: an order that waits for a locate still does.
  const why = fact.whyHeld ?? (fact.status === 'preSubmitted' ? order.held : '');
  if (fact.status === 'inactive' || why.includes('locate')) {
    news('held', order.held !== '');
    return shown(order, fact.status === 'inactive' ? 'inactive' : why, false, order.triggered);
  }
  if (fact.status === 'preSubmitted' && !isStop(order)) {
    // An order that worked and is blocked by its group now is still the same live order.
    if (order.working) {
      news('working', true);
      return order;
    }
    news('held', order.held !== '');
    return shown(order, why === '' ? 'preSubmitted' : why, order.working, order.triggered);
  }
  if (isStop(order) && order.exits && (fact.status === 'submitted' || order.triggered)) {
    news('triggered', order.triggered && order.working);
    return shown(order, '', true, true);
  }
  news('working', order.working);
  return shown(order, '', true, order.triggered);
}

/** How the broker shows an order that lives. */
function shown(order: Order, held: string, working: boolean, triggered: boolean): Order {
  const known = held === order.held && working === order.working && triggered === order.triggered;
  return known ? order : { ...order, held, working, triggered };
}

/** What the echo shows differently from what was asked. Sizes are the business of `restate`. */
function compare(order: Order, echo: Echo): string {
  const { ticket } = order;
  const asked = order.replaceAsked;
  const reasons: string[] = [];
  if (echo.group !== ticket.group) reasons.push(`group "${echo.group}", not "${ticket.group}"`);
  if (ticket.group !== '' && echo.ocaType !== ticket.ocaType) {
    reasons.push(`ocaType ${echo.ocaType}, not ${ticket.ocaType}`);
  }
  if (echo.orderType !== ticket.orderType) reasons.push(`type ${echo.orderType}`);
  if (echo.outsideRth !== ticket.outsideRth) reasons.push(`outsideRth ${echo.outsideRth}`);
  if (echo.tif !== ticket.tif) reasons.push(`tif ${echo.tif}`);
  if (echo.qty > Math.max(order.largest, asked?.qty ?? 0)) reasons.push('a larger quantity');
  // Limits are IB's to cap (2161), and of an order without a trigger it may show one all the same.
  const { stopPx } = echo;
  const armed = stopPx === undefined || ticket.stopPx === undefined || stopPx === ticket.stopPx;
  if (!armed && stopPx !== asked?.stopPx) reasons.push(`trigger ${showPx(stopPx)}`);
  return reasons.join(', ');
}
