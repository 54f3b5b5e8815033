/** Orders as the gateway shows them: what was sent, and what has become of it. */

import type { OpenOrderWord, OrderStatusReport } from '../ports/broker.ts';
import type { BookOrder } from '../simulator/book.ts';
import { orderAt } from '../simulator/contents.ts';
import { standing } from '../simulator/standing.ts';
import { toShares } from '../simulator/units.ts';
import { answers, type Fields, type WireContract, type WireOrder } from '../simulator/wire.ts';
import { openOrderWord, orderStatusWord } from '../simulator/words.ts';
import type { Inside } from './inside.ts';
import type { Registered } from './register.ts';
import type { Stock } from './symbols.ts';
import { zonedTime } from './time.ts';

/** The contract as TWS completes it, whatever of it was sent. */
export const contractOf = ({ conId, symbol, primaryExch, currency }: Stock): WireContract => ({
  conId,
  symbol,
  secType: 'STK',
  exchange: 'SMART',
  primaryExch,
  currency,
  localSymbol: symbol,
  tradingClass: symbol === 'RIME' ? 'SCM' : 'NMS',
});

/** The parent's id, as its client numbers it. */
const parentOf = ({ register }: Inside, key: number): number =>
  key === 0 ? 0 : (register.ofKey(key)?.orderId ?? 0);

/** What was sent, with what the venue has made of it. */
function shownOrder(inside: Inside, one: Registered, word: OpenOrderWord): WireOrder {
  const { order, orderId, clientId } = one;
  return {
    ...order,
    orderId,
    clientId,
    permId: word.permId,
    account: word.account,
    action: word.action,
    totalQuantity: word.totalQuantity,
    orderType: word.orderType,
    lmtPrice: word.lmtPrice ?? order.lmtPrice ?? 0,
    auxPrice: word.auxPrice ?? order.auxPrice ?? 0,
    tif: word.tif,
    ocaGroup: word.ocaGroup,
    ocaType: word.ocaType,
    outsideRth: word.outsideRth,
    parentId: parentOf(inside, word.parentId),
  };
}

export function openOrderFields(
  inside: Inside,
  one: Registered,
  word: OpenOrderWord,
  version: number,
): Fields {
  const sheet = {
    contract: { ...one.contract, ...contractOf(one.stock) },
    order: shownOrder(inside, one, word),
    state: { status: word.status },
  };
  return answers.openOrder(sheet, version);
}

export function orderStatusFields(
  inside: Inside,
  one: Registered,
  word: OrderStatusReport,
): Fields {
  const { orderId, clientId, lastFillPrice, capPrice } = one;
  const { status, filled, remaining, avgFillPrice, permId, whyHeld } = word;
  const parent = orderAt(inside.venue.book(), one.key)?.ticket.parentId ?? 0;
  return answers.orderStatus({
    orderId,
    status,
    filled,
    remaining,
    avgFillPrice,
    permId,
    parentId: parentOf(inside, parent),
    lastFillPrice: filled === 0 ? 0 : lastFillPrice,
    clientId,
    whyHeld,
    mktCapPrice: capPrice,
  });
}

/** An order as the book has it now, in the two messages that show one. */
export function shownNow(
  inside: Inside,
  one: Registered,
  order: BookOrder,
  version: number,
): readonly [openOrder: Fields, orderStatus: Fields] {
  const book = inside.venue.book();
  return [
    openOrderFields(inside, one, openOrderWord(book, order), version),
    orderStatusFields(inside, one, orderStatusWord(book, order)),
  ];
}

/** An order that is over. It has neither an order id nor a client's. */
export function completedFields(
  inside: Inside,
  one: Registered,
  order: BookOrder,
  version: number,
): Fields {
  const book = inside.venue.book();
  const word = openOrderWord(book, order);
  const { status } = standing(book, order);
  const filled = toShares(order.filled);
  const parent = orderAt(book, order.ticket.parentId);
  const sheet = {
    contract: { ...one.contract, ...contractOf(one.stock) },
    order: {
      ...shownOrder(inside, one, word),
      filledQuantity: filled,
      parentPermId: parent?.permId,
    },
    state: {
      status: status === 'ApiCancelled' ? 'Cancelled' : status,
      completedTime: zonedTime(one.endedAt),
      completedStatus:
        status === 'Filled' ? `Filled Size: ${filled}` : order.endReason || 'Cancelled by Trader',
    },
  };
  return answers.completedOrder(sheet, version);
}
