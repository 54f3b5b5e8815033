/** An order and what must be true of it, side by side: the same fields, in a form that prints. */
import {
  type Booking,
  cumQty,
  fillSums,
  inferredQty,
  leavesQty,
  mostQty,
} from '../../src/core/ledger.ts';
import type { Kind } from './order-speech.ts';
import { showExecutions, sumsOf } from './reference-executions.ts';
import type { Truth, Word } from './reference-order.ts';

/** What is compared, in a form that prints. */
export type Row = Readonly<Record<string, unknown>>;

/** The words by which the ledger tells what was shown otherwise, by field, in order of the alphabet. */
const SHOWN: Readonly<Record<string, RegExp>> = {
  group: /group "/,
  ocaType: /ocaType \d/,
  orderType: /(?:^|, )type [A-Z]/,
  outsideRth: /outsideRth (?:true|false)/,
  qty: /larger quantity/,
  stopPx: /trigger \d/,
  tif: /tif [A-Z]/,
};

export const rowOfOrder = ({ order, heard }: Booking): Row => ({
  executedQty: order.executedQty,
  cumQty: cumQty(order),
  leavesQty: leavesQty(order),
  // Of an order that has ended, what is left is nothing, whatever its size was.
  qty: order.end === null ? order.qty : 'over',
  largest: order.end === null ? order.largest : 'over',
  end: order.end,
  acknowledged: order.acknowledged,
  echoed: order.echoed,
  differs: Object.keys(SHOWN)
    .filter((field) => SHOWN[field]?.test(order.differs))
    .join(),
  held: order.held !== '',
  working: order.working,
  triggered: order.triggered,
  cancelAsked: order.cancelAsked,
  replaceAsked: order.replaceAsked !== null,
  limitPx: order.ticket.limitPx,
  stopPx: order.ticket.stopPx,
  permId: order.permId,
  missing: order.missing,
  unresolved: order.unresolved,
  executions: order.executions
    .map(({ key, qty, px, busted }) => `${key} ${busted ? 'busted' : `${qty} at ${px}`}`)
    .join(', '),
  sums: fillSums(order).join(),
  inferredQty: inferredQty(order),
  mostQty: order.end === null ? mostQty(order) : 'over',
  sent: `${order.leg} of pair ${order.pair}, exits ${order.exits}, again ${order.resent}`,
  dated: [order.sentAt, order.acknowledgedAt, order.endedAt, order.claimedAt].join(),
  heard: heard.join(' '),
});

export const rowOfTruth = (
  kind: Kind,
  words: readonly Word[],
  truth: Truth,
  heard: readonly string[],
): Row => ({
  executedQty: truth.executedQty,
  cumQty: truth.cumQty,
  leavesQty: truth.leavesQty,
  qty: truth.end === null ? truth.qty : 'over',
  largest: truth.end === null ? truth.largest : 'over',
  end: truth.end,
  acknowledged: truth.acknowledged,
  echoed: truth.echoed,
  differs: [...truth.differs].sort().join(),
  held: truth.held,
  working: truth.working,
  triggered: truth.triggered,
  cancelAsked: truth.cancelAsked,
  replaceAsked: truth.replaceAsked !== null,
  limitPx: truth.ticket.limitPx,
  stopPx: truth.ticket.stopPx,
  permId: truth.permId,
  missing: truth.missing,
  unresolved: truth.unresolved,
  executions: showExecutions(words),
  sums: sumsOf(words),
  inferredQty: truth.cumQty - truth.executedQty,
  mostQty: truth.end === null ? Math.max(truth.largest, truth.replaceAsked?.qty ?? 0) : 'over',
  sent: `${truth.ticket.leg} of pair ${kind.pair}, exits ${kind.exits}, again false`,
  // Whoever keeps the records dates them; here nobody does but when it is sent.
  dated: '1,0,0,0',
  heard: heard.join(' '),
});
