/**
 * What IB says about a change: the difference between two books, in TWS's words.
 *
 * An action changes the book and leaves the talking to `spoken`, so no change of status, quantity
 * or group can go unsaid by forgetting it. (That IB itself forgets some is the venue's affair.)
 */

import type { BrokerWord, OpenOrderWord, OrderStatusReport } from '../ports/broker.ts';
import type { Book, BookOrder, BookStep } from './book.ts';
import { orderAt, tallyOf, touched } from './contents.ts';
import { settled } from './oca.ts';
import { remaining, standing } from './standing.ts';
import { averagePrice, toShares } from './units.ts';

/** TWS has not given an untransmitted order its permanent id. */
const permIdSaid = (order: BookOrder): number =>
  order.stage === 'untransmitted' ? 0 : order.permId;

export const openOrderWord = (book: Book, order: BookOrder): OpenOrderWord => ({
  ...order.ticket,
  word: 'openOrder',
  totalQuantity: toShares(order.total),
  ocaGroup: order.group,
  ocaType: order.group === '' ? book.options.plainOcaType : order.ocaType,
  permId: permIdSaid(order),
  status: standing(book, order).status,
});

const averageFill = (book: Book, orderId: number): number => {
  const { units, notional } = tallyOf(book, orderId);
  return averagePrice(units, notional);
};

export const orderStatusWord = (book: Book, order: BookOrder): OrderStatusReport => ({
  word: 'orderStatus',
  orderId: order.ticket.orderId,
  permId: permIdSaid(order),
  ...standing(book, order),
  filled: toShares(order.filled),
  remaining: toShares(remaining(order)),
  avgFillPrice: order.filled === 0 ? 0 : averageFill(book, order.ticket.orderId),
});

export const errorWord = (id: number, code: number, message: string): BrokerWord => ({
  word: 'error',
  id,
  code,
  message,
});

const restated = (before: BookOrder, after: BookOrder): boolean =>
  before.total !== after.total ||
  before.group !== after.group ||
  before.ticket.lmtPrice !== after.ticket.lmtPrice ||
  before.ticket.auxPrice !== after.ticket.auxPrice ||
  before.ticket.outsideRth !== after.ticket.outsideRth ||
  before.ticket.tif !== after.ticket.tif ||
  before.ticket.parentId !== after.ticket.parentId;

const statusChanged = (
  earlier: Book,
  before: BookOrder,
  later: Book,
  after: BookOrder,
): boolean => {
  const was = standing(earlier, before);
  const is = standing(later, after);
  return (
    was.status !== is.status ||
    was.whyHeld !== is.whyHeld ||
    before.filled !== after.filled ||
    remaining(before) !== remaining(after)
  );
};

const spokenOf = (earlier: Book, later: Book, orderId: number): readonly BrokerWord[] => {
  const before = orderAt(earlier, orderId);
  const after = orderAt(later, orderId);
  if (after === undefined) return [];
  if (before === undefined)
    return later.options.tellsPending ? [orderStatusWord(later, after)] : [];
  const words: BrokerWord[] = [];
  const admitted = after.stage === 'accepted' && before.stage !== 'accepted';
  const ended = after.stage === 'ended' && before.stage === 'accepted';
  if (
    admitted ||
    (after.stage === 'accepted' && restated(before, after)) ||
    (ended && later.options.showsEnded)
  )
    words.push(openOrderWord(later, after));
  if (admitted || statusChanged(earlier, before, later, after))
    words.push(orderStatusWord(later, after));
  // The balance is confirmed cancelled; what had filled stays filled and is in the status.
  if (before.end === '' && (after.end === 'Cancelled' || after.end === 'ApiCancelled'))
    words.push(errorWord(orderId, 202, `Order Canceled - reason:${after.endReason}`));
  return words;
};

/** The words of the difference, those about `first` first. */
const spoken = (earlier: Book, later: Book, first: number): readonly BrokerWord[] => {
  const orderIds = touched(earlier, later);
  return [
    ...orderIds.filter((orderId) => orderId === first),
    ...orderIds.filter((orderId) => orderId !== first),
  ].flatMap((orderId) => spokenOf(earlier, later, orderId));
};

/** Closes an action: what follows of itself follows, and everything that changed is said. */
export const concluded = (
  earlier: Book,
  changed: Book,
  first: number,
  head: readonly BrokerWord[] = [],
): BookStep => {
  const book = settled(earlier, changed);
  return { book, words: [...head, ...spoken(earlier, book, first)] };
};
