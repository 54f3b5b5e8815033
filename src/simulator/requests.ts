/**
 * What a client asks, and what IB makes of it on arrival.
 *
 * A placement is only taken down here (`PendingSubmit`) and a cancel only noted (`PendingCancel`);
 * both are decided later, by an action. A modify is decided on arrival: the driver's delay before
 * `receive` is its race with an execution.
 */

import type { BrokerRequest, BrokerWord, OrderTicket } from '../ports/broker.ts';
import type { Book, BookOrder, BookStep } from './book.ts';
import { childrenOf, orderAt, ordersIn, withOrder } from './contents.ts';
import { cancelRefusal } from './decisions.ts';
import { ended } from './oca.ts';
import { lotOf, standing } from './standing.ts';
import { executionWords, truth } from './trades.ts';
import { isCountable, toShares, toUnits } from './units.ts';
import { concluded, errorWord, openOrderWord, orderStatusWord } from './words.ts';

type Refusal = { readonly code: number; readonly text: string };

const said = (book: Book, words: readonly BrokerWord[]): BookStep => ({ book, words });

const malformed = (book: Book, ticket: OrderTicket): Refusal | undefined => {
  const { totalQuantity, orderType } = ticket;
  if (!Number.isSafeInteger(ticket.orderId) || ticket.orderId < 0)
    return { code: 321, text: 'Error validating request.-The order id is no whole number.' };
  if (!(totalQuantity > 0)) return { code: 434, text: 'The order size cannot be zero.' };
  if (!isCountable(totalQuantity) || toUnits(totalQuantity) % lotOf(book) !== 0)
    return { code: 10318, text: "This order doesn't support fractional quantity trading" };
  const limited = orderType === 'LMT' || orderType === 'STP LMT';
  const stopped = orderType === 'STP' || orderType === 'STP LMT';
  if ((limited && ticket.lmtPrice === undefined) || (stopped && ticket.auxPrice === undefined))
    return { code: 321, text: 'Error validating request.-The price of the order is missing.' };
  return undefined;
};

const missingParent = (book: Book, ticket: OrderTicket): boolean => {
  if (ticket.parentId === 0) return false;
  const parent = orderAt(book, ticket.parentId);
  if (parent === undefined || parent.stage === 'ended') return true;
  return parent.stage === 'sent' && book.options.childBeforeParentAck === 'missingParent';
};

/** TWS regroups attached children under the parent's permId, as type 3, whatever was asked. */
const effectiveGroup = (book: Book, ticket: OrderTicket): Pick<BookOrder, 'group' | 'ocaType'> => {
  if (ticket.parentId !== 0 && book.options.attachedGroup === 'parentPermId')
    return { group: String(book.options.permIdBase + ticket.parentId), ocaType: 3 };
  if (ticket.ocaGroup === '') return { group: '', ocaType: 0 };
  // Unset is the Gateway's default: reduce, without block.
  return { group: ticket.ocaGroup, ocaType: ticket.ocaType === 0 ? 3 : ticket.ocaType };
};

const IGNORED_OUTSIDE_RTH =
  'Order Event Warning: Attribute "Outside Regular Trading Hours" is ignored based on the order ' +
  'type and destination. PlaceOrder is now being processed.';

/** A stop or market order does not work outside regular hours, whatever it asks for. */
const sessionOf = (
  book: Book,
  ticket: OrderTicket,
): { readonly ticket: OrderTicket; readonly head: readonly BrokerWord[] } => {
  const unheeded = ticket.orderType === 'STP' || ticket.orderType === 'MKT';
  if (!unheeded || !ticket.outsideRth || book.options.outsideRthStops === 'honoured')
    return { ticket, head: [] };
  return {
    ticket: { ...ticket, outsideRth: false },
    head: [errorWord(ticket.orderId, 2109, IGNORED_OUTSIDE_RTH)],
  };
};

/** The last of a set releases all: its parent and the siblings that waited in TWS. */
const transmitted = (book: Book, ticket: OrderTicket): Book => {
  if (!ticket.transmit) return book;
  const { orderId, parentId } = ticket;
  const set = parentId === 0 ? [] : [parentId, ...childrenOf(book, parentId)];
  let changed = book;
  for (const one of new Set([orderId, ...set])) {
    const order = orderAt(changed, one);
    if (order?.stage === 'untransmitted') changed = withOrder(changed, { ...order, stage: 'sent' });
  }
  return changed;
};

const placed = (book: Book, asked: OrderTicket): BookStep => {
  const { ticket, head } = sessionOf(book, asked);
  const order: BookOrder = {
    ticket,
    permId: book.options.permIdBase + ticket.orderId,
    stage: ticket.transmit ? 'sent' : 'untransmitted',
    end: '',
    endReason: '',
    endedOn: -1,
    total: toUnits(ticket.totalQuantity),
    original: toUnits(ticket.totalQuantity),
    filled: 0,
    ...effectiveGroup(book, ticket),
    triggered: false,
    hold: '',
    inactive: false,
    cancelAsked: false,
    unsettled: [],
  };
  return concluded(book, transmitted(withOrder(book, order), ticket), ticket.orderId, head);
};

/** Which fields of a living order a modify may not touch, and the code that says so. */
const revisionRefusal = (
  book: Book,
  order: BookOrder,
  ticket: OrderTicket,
): Refusal | undefined => {
  const was = order.ticket;
  if (order.stage === 'sent' || order.cancelAsked)
    return {
      code: 2102,
      text: 'Unable to modify this order as it is still being processed.',
    };
  if (
    was.symbol !== ticket.symbol ||
    was.action !== ticket.action ||
    was.account !== ticket.account ||
    was.orderRef !== ticket.orderRef
  )
    return { code: 105, text: 'Order being modified does not match original order.' };
  if (was.orderType !== ticket.orderType)
    return { code: 329, text: 'Order modify failed. Cannot change to the new order type.' };
  const parentGone = orderAt(book, was.parentId)?.stage === 'ended';
  // A child outlives its parent, but a modify that still names it is told that it is gone.
  if (ticket.parentId !== 0 && ticket.parentId === was.parentId && parentGone)
    return { code: 135, text: `Can't find order with id =${ticket.parentId}` };
  if (ticket.parentId !== was.parentId && !(ticket.parentId === 0 && parentGone))
    return { code: 10341, text: 'Parent order id cannot be modified.' };
  return ocaRefusal(order, ticket);
};

const ocaRefusal = (order: BookOrder, ticket: OrderTicket): Refusal | undefined => {
  if (ticket.ocaGroup !== order.ticket.ocaGroup && ticket.ocaGroup !== order.group)
    return { code: 10326, text: 'OCA group revision is not allowed' };
  if (
    ticket.ocaGroup !== '' &&
    ticket.ocaType !== order.ticket.ocaType &&
    ticket.ocaType !== order.ocaType
  )
    return { code: 10327, text: 'OCA group type revision is not allowed' };
  return undefined;
};

const revised = (book: Book, order: BookOrder, asked: OrderTicket): BookStep => {
  const { ticket, head } = sessionOf(book, asked);
  const total = toUnits(ticket.totalQuantity);
  const next: BookOrder = { ...order, ticket, total, original: total };
  // The group is as it was admitted: an unset parent does not take the child out of it.
  if (total <= order.filled && order.filled > 0) {
    const end = ended(book, { ...next, total: order.filled }, book.options.shrunkToFilled, '');
    return concluded(book, withOrder(book, end), ticket.orderId, head);
  }
  const step = concluded(book, withOrder(book, next), ticket.orderId, head);
  if (step.words.some((word) => word.word === 'openOrder')) return step;
  // A modify that changes nothing is answered all the same.
  return said(step.book, [
    ...step.words,
    openOrderWord(step.book, next),
    orderStatusWord(step.book, next),
  ]);
};

const modified = (book: Book, order: BookOrder, ticket: OrderTicket): BookStep => {
  const { orderId } = ticket;
  if (order.end === 'Filled')
    return said(book, [errorWord(orderId, 104, 'Cannot modify a filled order.')]);
  if (order.stage === 'ended') return said(book, [errorWord(orderId, 103, 'Duplicate order id')]);
  const bad = malformed(book, ticket);
  if (bad !== undefined) return said(book, [errorWord(orderId, bad.code, bad.text)]);
  // In TWS only: nothing has been taken by IB, so it is simply written anew.
  if (order.stage === 'untransmitted') return placed(book, ticket);
  const refusal = revisionRefusal(book, order, ticket);
  if (refusal === undefined) return revised(book, order, ticket);
  const head = [errorWord(orderId, refusal.code, refusal.text)];
  const oca = refusal.code === 10326 || refusal.code === 10327;
  if (!oca || book.options.ocaRevision === 'refused') return said(book, head);
  const end = ended(book, order, 'Cancelled', refusal.text);
  return concluded(book, withOrder(book, end), orderId, head);
};

const place = (book: Book, ticket: OrderTicket): BookStep => {
  const order = orderAt(book, ticket.orderId);
  if (order !== undefined) return modified(book, order, ticket);
  const bad = malformed(book, ticket);
  if (bad !== undefined) return said(book, [errorWord(ticket.orderId, bad.code, bad.text)]);
  if (missingParent(book, ticket))
    return said(book, [errorWord(ticket.orderId, 10006, 'Missing parent order')]);
  return placed(book, ticket);
};

const cancel = (book: Book, orderId: number): BookStep => {
  const order = orderAt(book, orderId);
  if (order === undefined)
    return said(book, [cancelRefusal(book.options.unknownCancel, orderId, 0, '')]);
  const { status } = standing(book, order);
  if (order.stage === 'ended')
    return said(book, [cancelRefusal(book.options.endedCancel, orderId, order.permId, status)]);
  if (order.cancelAsked) return said(book, [cancelRefusal(10148, orderId, order.permId, status)]);
  // Never left TWS: there is nobody to ask.
  const next =
    order.stage === 'untransmitted'
      ? ended(book, order, 'ApiCancelled', '')
      : { ...order, cancelAsked: true };
  return concluded(book, withOrder(book, next), orderId);
};

const openOrders = (book: Book): readonly BrokerWord[] => [
  ...ordersIn(book)
    .filter((order) => order.stage !== 'ended')
    .flatMap((order) => [openOrderWord(book, order), orderStatusWord(book, order)]),
  { word: 'openOrderEnd' },
];

/** Since midnight and of this client only: neither yesterday's nor somebody else's. */
const executions = (book: Book, reqId: number): readonly BrokerWord[] => [
  ...executionWords(book, reqId),
  { word: 'execDetailsEnd', reqId },
];

const positions = (book: Book): readonly BrokerWord[] => [
  ...truth(book).accounts.map(
    ({ account, symbol, position, avgCost }): BrokerWord => ({
      word: 'position',
      account,
      symbol,
      position,
      avgCost,
    }),
  ),
  { word: 'positionEnd' },
];

/** The wire's message has neither order id nor client id. */
const completedOrders = (book: Book): readonly BrokerWord[] => [
  ...ordersIn(book)
    .filter((order) => order.stage === 'ended' && order.endedOn === book.day)
    .map(
      (order): BrokerWord => ({
        word: 'completedOrder',
        permId: order.permId,
        orderRef: order.ticket.orderRef,
        account: order.ticket.account,
        symbol: order.ticket.symbol,
        action: order.ticket.action,
        totalQuantity: toShares(order.total),
        status: order.end === 'Filled' || order.end === 'Inactive' ? order.end : 'Cancelled',
        filledQuantity: toShares(order.filled),
      }),
    ),
  { word: 'completedOrdersEnd' },
];

/** A request arrives at the broker. */
export const receive = (book: Book, request: BrokerRequest): BookStep => {
  switch (request.request) {
    case 'placeOrder':
      return place(book, request.ticket);
    case 'cancelOrder':
      return cancel(book, request.orderId);
    case 'reqOpenOrders':
      return said(book, openOrders(book));
    case 'reqExecutions':
      return said(book, executions(book, request.reqId));
    case 'reqPositions':
      return said(book, positions(book));
    case 'reqCompletedOrders':
      return said(book, completedOrders(book));
    default: {
      const unknown: never = request;
      throw new RangeError(`no such request: ${JSON.stringify(unknown)}`);
    }
  }
};
