/**
 * One order of a scenario: the project's own chart and ledger, and what FIX knows beside them.
 *
 * Beside them is little. FIX lets several requests be outstanding and several words be pending; the
 * chart and the ledger hold one request at a time. So the requests queue here, and the chart is
 * shown the next one when it has answered the last. Words for which the chart has no state of its
 * own (done for the day, stopped, …) are kept as `marks`.
 */
import { NO_CONCLUSIONS, type OrderFact } from '../../machines/facts.ts';
import { orderKind, orderMachine, orderStates } from '../../machines/order.ts';
import { regionChart, stepRegion } from '../core/charts.ts';
import type { Echo, Reported, ReportedStatus } from '../core/fact.ts';
import {
  type Booking,
  bookCancelRefusal,
  bookReplaceRefusal,
  cumQty,
  leavesQty,
  newOrder,
  type Order,
} from '../core/ledger.ts';
import { PX_DECIMALS, type Qty } from '../core/quantity.ts';
import type { Ticket } from '../core/ready.ts';
import { bookReport } from '../core/report.ts';

export type Request = {
  readonly clOrdId: string;
  /** `duplicate` is a new order under an id that is taken: its answer is not about this order. */
  readonly kind: 'cancel' | 'replace' | 'duplicate';
  /** The whole order as a replace wants it. */
  readonly ticket: Ticket;
  /** The broker has said that it has it. */
  readonly pending: boolean;
};

export type Mark = 'DoneForDay' | 'Calculated' | 'Stopped' | 'Suspended';

export type Life = {
  order: Order;
  configuration: string;
  requests: readonly Request[];
  marks: ReadonlySet<Mark>;
  /** ExecID of FIX to `execId` of the ledger. */
  readonly executions: Map<string, string>;
  /** Good till cancelled or date: it outlives its day. */
  readonly goodTill: boolean;
  /** What the chart left without any answer. */
  readonly unanswered: string[];
};

/** The compiled form that `step` runs, over the very machine that is drawn and exported. */
const chart = {
  ...regionChart('order', {
    description: 'One order.',
    initial: 'live',
    states: orderStates(orderKind),
  }),
  machine: orderMachine,
};

const ENDS: ReadonlySet<ReportedStatus> = new Set(['filled', 'cancelled', 'expired']);

const PX = 10 ** PX_DECIMALS;

export type Opening = {
  readonly clOrdId: string;
  readonly qty: Qty;
  readonly triggers: boolean;
  readonly goodTill: boolean;
};

export function openLife({ clOrdId, qty, triggers, goodTill }: Opening): Life {
  const ticket: Ticket = {
    orderRef: clOrdId,
    bracket: 'conform',
    leg: 'entry',
    account: 'DU0',
    symbol: 'FIX',
    conId: 0,
    action: triggers ? 'SELL' : 'BUY',
    orderType: triggers ? 'STP LMT' : 'LMT',
    qty,
    limitPx: PX,
    ...(triggers ? { stopPx: PX } : {}),
    tif: goodTill ? 'GTC' : 'DAY',
    outsideRth: false,
    group: '',
    ocaType: 0,
  };
  return {
    order: newOrder(ticket, 0, triggers, 1),
    configuration: chart.initial,
    requests: [],
    marks: new Set(),
    executions: new Map(),
    goodTill,
    unanswered: [],
  };
}

/** Books a word: ledger first, then the chart hears what of it is news. */
export function book(life: Life, booking: Booking): void {
  life.order = booking.order;
  for (const fact of booking.heard) hear(life, fact);
}

/** `cancelAsked` and `replaceAsked` are the client's wish, not facts of the broker. */
export function hear(life: Life, fact: OrderFact | 'cancelAsked' | 'replaceAsked'): void {
  const from = life.configuration;
  const conclusions = { ...NO_CONCLUSIONS, completes: life.order.end === 'filled' };
  const answer = stepRegion(chart, from, `order.${fact}`, conclusions);
  if (!answer.answered) life.unanswered.push(`the chart has no answer to ${fact} in ${from}`);
  life.configuration = answer.to;
  life.order = { ...life.order, unresolved: answer.to === 'unresolved' };
}

/**
 * What the broker says of the order as it stands, in the words of the ledger. An end is definite
 * only with its final quantity, and FIX always gives one; the figure that the ledger is told is
 * its own count, because the row's is what is being checked.
 */
export function report(life: Life, status: ReportedStatus, echo?: Echo): void {
  const reported: Reported = {
    type: 'order.reported',
    orderRef: life.order.ticket.orderRef,
    permId: 0,
    status,
    ...(ENDS.has(status) ? { filled: cumQty(life.order) } : {}),
    ...(echo === undefined ? {} : { echo }),
  };
  book(life, bookReport(life.order, reported));
}

/** The order is live at the venue: armed, while its trigger has not printed. */
export function reportLive(life: Life, echo?: Echo): void {
  const armed = life.order.ticket.orderType === 'STP LMT' && !life.order.triggered;
  report(life, armed ? 'preSubmitted' : 'submitted', echo);
}

/** The order as the broker shows it. */
export function echoOf(ticket: Ticket, qty: Qty): Echo {
  const { orderType, limitPx, stopPx, group, ocaType, tif, outsideRth } = ticket;
  return {
    qty,
    orderType,
    ...(limitPx === undefined ? {} : { limitPx }),
    ...(stopPx === undefined ? {} : { stopPx }),
    group,
    ocaType,
    tif,
    outsideRth,
  };
}

/** The broker shows an order alive that had ended: the chart searches before it believes. */
export function revive(life: Life): void {
  if (life.order.end === null) return;
  life.order = { ...life.order, end: null };
  hear(life, 'revived');
}

/** The ledger has nothing open any more: all executed, or brought down to what has executed. */
export function closeBalance(life: Life): void {
  const { order } = life;
  if (order.end === null && cumQty(order) > 0 && leavesQty(order) === 0) report(life, 'filled');
}

// --- Requests -----------------------------------------------------------------------------------

export function ask(life: Life, kind: Request['kind'], clOrdId: string, qty: Qty | null): Request {
  const request = { clOrdId, kind, ticket: changed(life, qty), pending: false };
  life.requests = [...life.requests, request];
  if (kind === 'cancel') life.order = { ...life.order, cancelAsked: true };
  return request;
}

/**
 * Each replace wants a price of its own, although the matrices have none: the ledger confirms a
 * replace by what the broker shows, and a quantity that was merely restated must not confirm it.
 */
function changed(life: Life, qty: Qty | null): Ticket {
  const { ticket } = life.order;
  const last = Math.max(ticket.limitPx ?? PX, ...life.requests.map((r) => r.ticket.limitPx ?? PX));
  return { ...ticket, qty: qty ?? life.order.qty, limitPx: last + PX };
}

export function requestOf(life: Life, clOrdId: string | null): Request | undefined {
  return life.requests.find((r) => r.clOrdId === (clOrdId ?? '') && r.kind !== 'duplicate');
}

/** The broker has the request; one that was never asked is the broker's own. */
export function markPending(life: Life, kind: 'cancel' | 'replace', clOrdId: string | null): void {
  const id = clOrdId ?? '';
  const known = life.requests.find((r) => r.clOrdId === id && r.kind === kind);
  const request = known ?? ask(life, kind, id, null);
  const pending = { ...request, pending: true };
  life.requests = life.requests.map((r) => (r === request ? pending : r));
  report(life, kind === 'cancel' ? 'pendingCancel' : 'pendingReplace');
}

export function drop(life: Life, dropped: (request: Request) => boolean): void {
  life.requests = life.requests.filter((request) => !dropped(request));
}

/** The request is refused; nothing has ended by it. */
export function refuse(life: Life, request: Request): void {
  drop(life, (r) => r === request);
  if (request.kind === 'duplicate') return;
  if (request.kind === 'replace') {
    const presented = life.order.replaceAsked === request.ticket;
    if (presented) book(life, bookReplaceRefusal(life.order));
    return;
  }
  book(life, bookCancelRefusal(life.order));
  // A cancel reject carries OrdStatus, so the search for the order is over with the same word.
  if (life.configuration === 'unresolved' && life.order.acknowledged) {
    if (life.order.held === '') reportLive(life);
    else report(life, 'inactive');
  }
}

/** Shows the chart the request that is next, if it is free for one. A cancel goes first. */
export function present(life: Life): void {
  const [top, , axis] = life.configuration.split('.');
  if (top !== 'live') return;
  const cancel = life.requests.find((r) => r.kind === 'cancel');
  const next = cancel ?? life.requests.find((r) => r.kind === 'replace');
  if (next === undefined) return;
  if (next.kind === 'cancel') {
    if (axis === 'cancelAsked' || axis === 'pendingCancel') return;
    hear(life, 'cancelAsked');
    if (next.pending) report(life, 'pendingCancel');
    return;
  }
  if (axis !== 'none') return;
  life.order = { ...life.order, replaceAsked: next.ticket };
  hear(life, 'replaceAsked');
  if (next.pending) report(life, 'pendingReplace');
}
