/**
 * Numbers. One order's account of itself: what was asked, what the broker restated, what was
 * executed, and whether a definite word has ended it.
 *
 * Every function books one word and says what of it was *news* (`heard`), in the words of the
 * charts. A word that says nothing new is `repeated`: recorded, and left alone.
 *
 * - An `execId` counts once (L2). Ids that differ only after the last dot are one execution; the
 *   higher revision replaces. A busted one stays known, so that a re-sent report cannot revive it.
 * - Executions are the truth about shares. A status that claims more than they add up to is
 *   believed for the time being (`inferred`) and retracted, share for share, as they arrive.
 * - Only a definite word ends an order. After it, executions are still counted.
 */
import type { Leg, OrderFact } from '../../machines/facts.ts';
import type { Executed, Reported } from './fact.ts';
import { type Px, type Qty, showQty } from './quantity.ts';
import type { Ticket } from './ready.ts';

export type Execution = {
  /** The id up to its last dot. */
  readonly key: string;
  readonly revision: number;
  readonly qty: Qty;
  readonly px: Px;
  readonly busted: boolean;
};

export type End = 'filled' | 'cancelled' | 'rejected' | 'expired';

export type Order = {
  readonly ticket: Ticket;
  /** Number of its exit pair; 0 for entry and closing. */
  readonly pair: number;
  readonly leg: Leg;
  /** True when it takes the bracket's position down. */
  readonly exits: boolean;
  /** As the broker last restated it. */
  readonly qty: Qty;
  /** The most that was asked or echoed since the last confirmed replace. */
  readonly largest: Qty;
  readonly executions: readonly Execution[];
  /** Sum of the executions. */
  readonly executedQty: Qty;
  /** The most that a status has claimed as filled. */
  readonly claimedQty: Qty;
  readonly permId: number;
  readonly acknowledged: boolean;
  /** Why it is held, or `''`. */
  readonly held: string;
  readonly working: boolean;
  readonly triggered: boolean;
  readonly cancelAsked: boolean;
  readonly replaceAsked: Ticket | null;
  /** The broker has shown the whole order (`openOrder`), so its group and type are known. */
  readonly echoed: boolean;
  /** The broker shows something else than we asked: `''`, or what. */
  readonly differs: string;
  /**
   * Its outcome is unknown: after a cut, a refused cancel, or a fill that was taken back. Written
   * by the chart's move, so that the next word on it counts as news.
   */
  readonly unresolved: boolean;
  /** A snapshot did not show it although it had left before (L11). */
  readonly missing: boolean;
  /** It was sent a second time (L11). */
  readonly resent: boolean;
  readonly end: End | null;
  /** `seq` of the records that sent it, first heard it accepted, and heard its end; 0 is never. */
  readonly sentAt: number;
  readonly acknowledgedAt: number;
  readonly endedAt: number;
};

export type Booking = {
  readonly order: Order;
  /** News, in order; empty when the word was repeated. */
  readonly heard: readonly OrderFact[];
  readonly note: string;
};

export function newOrder(ticket: Ticket, pair: number, exits: boolean, sentAt: number): Order {
  return {
    ticket,
    pair,
    leg: ticket.leg,
    exits,
    qty: ticket.qty,
    largest: ticket.qty,
    executions: [],
    executedQty: 0,
    claimedQty: 0,
    permId: 0,
    acknowledged: false,
    held: '',
    working: false,
    triggered: false,
    cancelAsked: false,
    replaceAsked: null,
    echoed: false,
    differs: '',
    unresolved: false,
    missing: false,
    resent: false,
    end: null,
    sentAt,
    acknowledgedAt: 0,
    endedAt: 0,
  };
}

/** cumQty: executions, and what a status claims beyond them. */
export const cumQty = (order: Order): Qty => Math.max(order.executedQty, order.claimedQty);
export const inferredQty = (order: Order): Qty => cumQty(order) - order.executedQty;
export const leavesQty = (order: Order): Qty =>
  order.end === null ? Math.max(0, order.qty - cumQty(order)) : 0;
export const isLive = (order: Order): boolean => order.end === null;

const isStop = (order: Order): boolean => order.ticket.orderType.startsWith('STP');

const nothing = (order: Order, note: string): Booking => ({ order, heard: [], note });

/** Books an execution report, a correction, or a repetition of either. */
export function bookExecution(order: Order, fact: Executed): Booking {
  const dot = fact.execId.lastIndexOf('.');
  const key = dot < 0 ? fact.execId : fact.execId.slice(0, dot);
  const revision = dot < 0 ? 0 : Number.parseInt(fact.execId.slice(dot + 1), 10) || 0;
  const at = order.executions.findIndex((e) => e.key === key);
  const known = order.executions[at];
  if (known !== undefined) return bookRevision(order, known, at, revision, fact);
  const executions = [
    ...order.executions,
    { key, revision, qty: fact.qty, px: fact.px, busted: false },
  ];
  const before = cumQty(order);
  const after = {
    ...order,
    executions,
    executedQty: order.executedQty + fact.qty,
    acknowledged: true,
  };
  if (cumQty(after) === before) {
    return nothing(after, `confirms ${fact.execId}, which a status had claimed`);
  }
  return traded(after);
}

function bookRevision(
  order: Order,
  known: Execution,
  at: number,
  revision: number,
  fact: Executed,
): Booking {
  if (revision === known.revision) return nothing(order, `${fact.execId} is counted already`);
  if (revision < known.revision) return nothing(order, `${fact.execId} is corrected already`);
  if (known.busted) return nothing(order, `${fact.execId} corrects a busted execution`);
  const executions = order.executions.with(at, { ...known, revision, qty: fact.qty, px: fact.px });
  return recount(order, executions, fact.qty - known.qty, 'corrected');
}

/** Books a bust: the execution is taken back, and stays known. */
export function bookBust(order: Order, execId: string): Booking {
  const key = execId.slice(0, Math.max(0, execId.lastIndexOf('.')));
  const at = order.executions.findIndex((e) => e.key === key);
  const known = order.executions[at];
  if (known === undefined) return nothing(order, `bust of the unknown execution ${execId}`);
  if (known.busted) return nothing(order, `${execId} is busted already`);
  const executions = order.executions.with(at, { ...known, busted: true });
  return recount(order, executions, -known.qty, 'busted');
}

function recount(
  order: Order,
  executions: readonly Execution[],
  change: Qty,
  heard: 'corrected' | 'busted',
): Booking {
  const before = cumQty(order);
  const after: Order = {
    ...order,
    executions,
    executedQty: order.executedQty + change,
    // What a status claimed was said of the execution as it was then.
    claimedQty: Math.min(order.claimedQty, Math.max(0, order.claimedQty + change)),
  };
  const total = cumQty(after);
  if (total > before) return traded(after);
  if (order.end === 'filled' && total < order.qty) {
    return { order: { ...after, end: null }, heard: [heard], note: '' };
  }
  return { order: after, heard: [heard], note: '' };
}

/**
 * The most that the broker may have it for: a replace that is not answered may be in force. Only
 * executions up to this end an order by themselves; anything less needs the broker's word.
 */
export const mostQty = (order: Order): Qty => Math.max(order.largest, order.replaceAsked?.qty ?? 0);

/** Shares were added. Filled up, it has ended, whatever was heard before. */
function traded(order: Order): Booking {
  const completes = cumQty(order) >= mostQty(order);
  const trades = order.triggered || isStop(order);
  return {
    order: {
      ...order,
      triggered: trades,
      // What trades is not held.
      held: '',
      missing: false,
      end: completes ? 'filled' : order.end,
    },
    heard: ['filled'],
    note: '',
  };
}

/** Books `orderStatus` or `openOrder`. */
export function bookReport(order: Order, fact: Reported): Booking {
  const heard: OrderFact[] = [];
  let next = acknowledge(order, fact);
  next = restate(next, fact, heard);
  // `Filled` without a figure (an openOrder) claims the whole order.
  const claimed = fact.filled ?? (fact.status === 'filled' ? next.qty : 0);
  if (claimed > cumQty(next)) {
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
  const accepted = fact.status !== 'pendingSubmit';
  return {
    ...order,
    permId: fact.permId === 0 ? order.permId : fact.permId,
    acknowledged: order.acknowledged || accepted,
    missing: false,
    echoed: order.echoed || (accepted && fact.echo !== undefined),
    differs: order.differs === '' && fact.echo !== undefined ? compare(order, fact) : order.differs,
  };
}

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

function isActive(fact: Reported): boolean {
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
    return { ...order, held: fact.status === 'inactive' ? 'inactive' : why, working: false };
  }
  if (fact.status === 'preSubmitted' && !isStop(order)) {
    // An order that worked and is blocked by its group now is still the same live order.
    if (order.working) {
      news('working', true);
      return order;
    }
    news('held', order.held !== '');
    return { ...order, held: why === '' ? 'preSubmitted' : why };
  }
  if (isStop(order) && order.exits && (fact.status === 'submitted' || order.triggered)) {
    news('triggered', order.triggered && order.working);
    return { ...order, held: '', working: true, triggered: true };
  }
  news('working', order.working);
  return { ...order, held: '', working: true };
}

/** What the echo shows differently from what was asked. Sizes are the business of `restate`. */
function compare(order: Order, fact: Reported): string {
  const { ticket } = order;
  const { echo } = fact;
  if (echo === undefined) return '';
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
  return reasons.join(', ');
}

/** Books a definite refusal (201 and its kin). It ends only an order that was never accepted. */
export function bookRefusal(order: Order): Booking {
  if (order.end !== null) return nothing(order, 'it has ended already');
  if (!order.acknowledged) {
    return { order: { ...order, end: 'rejected' }, heard: ['rejected'], note: '' };
  }
  if (order.replaceAsked !== null) return bookReplaceRefusal(order);
  return nothing(order, 'an accepted order is not ended by a refusal; look at the broker');
}

export function bookReplaceRefusal(order: Order): Booking {
  if (order.replaceAsked === null) return nothing(order, 'no replace is outstanding');
  const next: Order = { ...order, replaceAsked: null };
  const complete = cumQty(next) > 0 && cumQty(next) >= mostQty(next);
  if (!complete) return { order: next, heard: ['replaceRejected'], note: '' };
  // It had filled up before the replace came: 104, Cannot modify a filled order.
  return { order: { ...next, end: 'filled' }, heard: ['replaceRejected', 'filled'], note: '' };
}

/** Books a refused cancel: nothing has ended by it. */
export function bookCancelRefusal(order: Order): Booking {
  if (order.end !== null) return nothing(order, 'it has ended already');
  if (order.replaceAsked !== null && !order.cancelAsked) return bookReplaceRefusal(order);
  return { order, heard: ['cancelRejected'], note: '' };
}

/** How often a fill of this order may have been echoed to its sibling: sums after each fill. */
export function fillSums(order: Order): readonly Qty[] {
  const sums: Qty[] = [];
  let sum = 0;
  for (const e of order.executions) {
    if (e.busted) continue;
    sum += e.qty;
    sums.push(sum);
  }
  return sums;
}
