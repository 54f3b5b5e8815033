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
import type { Executed } from './fact.ts';
import type { Px, Qty } from './quantity.ts';
import type { Ticket } from './ready.ts';

export type Execution = {
  /** The id up to its last dot. */
  readonly key: string;
  readonly revision: number;
  readonly qty: Qty;
  readonly px: Px;
  readonly busted: boolean;
  /** The most it was ever said to be, before corrections and a bust. */
  readonly toldQty: Qty;
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
  /** `seq` of the last claim. */
  readonly claimedAt: number;
  /** Its end was concluded from its absence, not heard: a later live word takes it back. */
  readonly endConcluded: boolean;
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
    claimedAt: 0,
    endConcluded: false,
  };
}

/** All that executions were ever said to be: what was taken back since is part of any claim. */
export function toldQty(order: Order): Qty {
  let sum = 0;
  for (const execution of order.executions) sum += execution.toldQty;
  return sum;
}

/** What a status claims beyond all executions we were told of. */
export const inferredQty = (order: Order): Qty =>
  order.claimedQty === 0 ? 0 : Math.max(0, order.claimedQty - toldQty(order));

/** cumQty: executions, and what a status claims beyond them. */
export const cumQty = (order: Order): Qty => order.executedQty + inferredQty(order);
export const leavesQty = (order: Order): Qty =>
  order.end === null ? Math.max(0, order.qty - cumQty(order)) : 0;

export const isStop = (order: Order): boolean => order.ticket.orderType.startsWith('STP');

const nothing = (order: Order, note: string): Booking => ({ order, heard: [], note });

/** What names an execution through its corrections: the id up to its last dot. */
export function executionKey(execId: string): string {
  const dot = execId.lastIndexOf('.');
  return dot < 0 ? execId : execId.slice(0, dot);
}

/** Which of its corrections it is: the number after the last dot. */
export function revisionOf(execId: string): number {
  const dot = execId.lastIndexOf('.');
  return dot < 0 ? 0 : Number.parseInt(execId.slice(dot + 1), 10) || 0;
}

/** Books an execution report, a correction, or a repetition of either. */
export function bookExecution(order: Order, fact: Executed): Booking {
  const key = executionKey(fact.execId);
  const revision = revisionOf(fact.execId);
  const at = order.executions.findIndex((e) => e.key === key);
  const known = order.executions[at];
  if (known !== undefined) return bookRevision(order, known, at, revision, fact);
  const executions = [
    ...order.executions,
    { key, revision, qty: fact.qty, px: fact.px, busted: false, toldQty: fact.qty },
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
  if (revision < known.revision) return bookLate(order, known, at, fact);
  if (known.busted) return bookBusted(order, known, at, revision, fact);
  const executions = order.executions.with(at, {
    ...known,
    revision,
    qty: fact.qty,
    px: fact.px,
    toldQty: Math.max(known.toldQty, fact.qty),
  });
  return recount(order, executions, fact.qty - known.qty, 'corrected');
}

/** A busted execution counts nothing, whatever is still said of it; but no status claims it anew. */
function bookBusted(
  order: Order,
  known: Execution,
  at: number,
  revision: number,
  fact: Executed,
): Booking {
  const note = `${fact.execId} is of an execution that was taken back`;
  const toldQty = Math.max(known.toldQty, fact.qty);
  const { qty, px } = fact;
  const executions = order.executions.with(at, { ...known, revision, qty, px, toldQty });
  const told = { ...order, executions, acknowledged: true };
  return cumQty(told) === cumQty(order)
    ? nothing(told, note)
    : recount({ ...order, acknowledged: true }, executions, 0, 'corrected');
}

/**
 * An execution that comes after its own correction counts as that says. But a status may speak of
 * what it was at first: then it has claimed nothing beyond what we were told.
 */
function bookLate(order: Order, known: Execution, at: number, fact: Executed): Booking {
  const note = `${fact.execId} is corrected already`;
  if (fact.qty <= known.toldQty) return nothing(order, note);
  const executions = order.executions.with(at, { ...known, toldQty: fact.qty });
  const told = { ...order, executions };
  return cumQty(told) === cumQty(order)
    ? nothing(told, note)
    : recount(order, executions, 0, 'corrected');
}

/** Books a bust: the execution is taken back, and stays known. */
export function bookBust(order: Order, execId: string): Booking {
  const key = executionKey(execId);
  const at = order.executions.findIndex((e) => e.key === key);
  const known = order.executions[at];
  if (known === undefined) {
    // It may still be on its way. Whatever it says then, it has been taken back.
    const unheard = { key, revision: -1, qty: 0, px: 0, busted: true, toldQty: 0 };
    const executions = [...order.executions, unheard];
    return nothing({ ...order, executions }, `${execId} is taken back before it was heard`);
  }
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
export function traded(order: Order): Booking {
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
  const complete = cumQty(next) >= mostQty(next);
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
