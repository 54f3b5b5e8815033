/**
 * What IB and the exchange decide by themselves, one decision at a time.
 */

import type { BrokerWord } from '../ports/broker.ts';
import type { Book, BookOrder, BookStep } from './book.ts';
import { groupAt, orderAt, ordersIn, unitsHeld, withGroup, withOrder } from './contents.ts';
import { applied, ended } from './oca.ts';
import { canPreempt, canTrigger, orderOf, remaining, standing } from './standing.ts';
import { toUnits } from './units.ts';
import { concluded, errorWord } from './words.ts';

const required = (holds: boolean, what: string): void => {
  if (!holds) throw new RangeError(what);
};

const acceptedOrder = (book: Book, orderId: number): BookOrder => {
  const order = orderOf(book, orderId);
  required(order.stage === 'accepted', `order ${orderId} is ${order.stage}, not accepted`);
  return order;
};

const refused = (book: Book, order: BookOrder, code: number, text: string): BookStep =>
  concluded(book, withOrder(book, ended(book, order, 'Inactive', text)), order.ticket.orderId, [
    errorWord(order.ticket.orderId, code, text),
  ]);

/** IB or the destination will not have the order. */
export const reject = (book: Book, orderId: number, code: number, text: string): BookStep => {
  const order = orderOf(book, orderId);
  required(order.stage === 'sent', `order ${orderId} is ${order.stage}, not waiting for an answer`);
  return refused(book, order, code, text);
};

type Admission = { readonly order: BookOrder } | { readonly refusal: string };

/**
 * Whether a group takes a newcomer. A name is used up by a complete fill (IB help: OCA group names
 * cannot be reused); what becomes of one who comes after a partial fill is not documented.
 */
const admitted = (book: Book, order: BookOrder): Admission => {
  const group = groupAt(book, order.group);
  if (group === undefined) return { order };
  if (group.complete) return { refusal: 'OCA group has already filled' };
  const cancelled = (orderId: number): boolean => {
    const one = orderAt(book, orderId);
    return one?.stage === 'ended' && one.end !== 'Filled';
  };
  if (book.options.rejoinAfterCancel === 'refused' && group.members.some(cancelled))
    return { refusal: 'OCA group has already been cancelled' };
  const joined = { ...order, ocaType: group.ocaType };
  if (group.executed === 0 || book.options.lateLeg === 'full') return { order: joined };
  if (book.options.lateLeg === 'refused') return { refusal: 'OCA group has already traded' };
  const members = group.members.flatMap((orderId) => orderAt(book, orderId) ?? []);
  const open = members.filter((one) => one.stage === 'accepted').map(remaining);
  // With nobody left to compare with, what is left is the group's size less what it traded.
  const size = Math.max(...members.map((one) => one.original));
  const left = open.length > 0 ? Math.min(...open) : size - group.executed;
  if (left <= 0) return { refusal: 'OCA group has already traded' };
  const total = Math.min(joined.total, left);
  // Its original stays what was asked, or a pair of one size would have two originals.
  return { order: { ...joined, total } };
};

const withMember = (book: Book, order: BookOrder): Book => {
  const group = groupAt(book, order.group) ?? {
    ocaType: order.ocaType === 0 ? 3 : order.ocaType,
    members: [],
    executed: 0,
    complete: false,
    routed: 0,
  };
  return order.group === ''
    ? book
    : withGroup(book, order.group, {
        ...group,
        members: [...group.members, order.ticket.orderId],
      });
};

const wouldGoShort = (book: Book, order: BookOrder): boolean => {
  const { account, symbol, action } = order.ticket;
  if (action !== 'SELL') return false;
  // Where two starts are named for one position, the last counts.
  const start = book.options.startingPositions.findLast(
    (one) => one.account === account && one.symbol === symbol,
  );
  return toUnits(start?.position ?? 0) + unitsHeld(book, account, symbol) < order.total;
};

const LOCATING =
  'Order held while securities are located. Shares of this contract are not immediately ' +
  'available for short sale.';

/** IB has the order and answers. */
export const acknowledge = (book: Book, orderId: number): BookStep => {
  const order = orderOf(book, orderId);
  required(order.stage === 'sent', `order ${orderId} is ${order.stage}, not waiting for an answer`);
  const admission = admitted(book, order);
  if ('refusal' in admission)
    return refused(book, order, 201, `Order rejected - reason:${admission.refusal}`);
  const { shortSales } = book.options;
  const short =
    shortSales !== 'allowed' && wouldGoShort(book, admission.order) ? shortSales : 'allowed';
  if (short === 'rejected')
    return refused(book, order, 201, 'Order rejected - reason:short sale not allowed');
  const held = short === 'held';
  const head: BrokerWord[] = [];
  if (held) head.push(errorWord(orderId, 404, LOCATING));
  if (short === 'warned')
    head.push(errorWord(orderId, 2137, 'Cross Side Warning: position would go from long to short'));
  const taken: BookOrder = {
    ...admission.order,
    stage: 'accepted',
    hold: held ? 'locate' : '',
  };
  return concluded(book, withMember(withOrder(book, taken), taken), orderId, head);
};

/** The trigger condition of a stop has been met. */
export const trigger = (book: Book, orderId: number): BookStep => {
  const order = acceptedOrder(book, orderId);
  required(canTrigger(book, order), `order ${orderId} cannot be triggered`);
  return concluded(book, withOrder(book, { ...order, triggered: true }), orderId);
};

/**
 * A group with block pulls the routed member back and routes this one. The action is the moment at
 * which the pull is confirmed: until it is chosen, the routed member may trade.
 */
export const route = (book: Book, orderId: number): BookStep => {
  const order = acceptedOrder(book, orderId);
  const group = groupAt(book, order.group);
  if (group === undefined || !canPreempt(book, order))
    throw new RangeError(`order ${orderId} does not wait for the block of a group`);
  return concluded(book, withGroup(book, order.group, { ...group, routed: orderId }), orderId);
};

/** Without block: a reduction or cancel of this sibling arrives at its exchange. */
export const settle = (book: Book, orderId: number): BookStep => {
  const order = orderAt(book, orderId);
  const [consequence, ...unsettled] = order?.unsettled ?? [];
  if (order === undefined || consequence === undefined)
    throw new RangeError(`nothing is to be settled for ${orderId}`);
  const reached = withOrder(book, { ...order, unsettled });
  return concluded(book, applied(reached, orderId, consequence), orderId);
};

/** A cancel wins. Before an acknowledgement it ends as `ApiCancelled`. */
export const acceptCancel = (book: Book, orderId: number): BookStep => {
  const order = orderOf(book, orderId);
  required(
    order.cancelAsked && order.stage !== 'ended',
    `order ${orderId} has no cancel to accept`,
  );
  const end = order.stage === 'accepted' ? 'Cancelled' : 'ApiCancelled';
  return concluded(book, withOrder(book, ended(book, order, end, '')), orderId);
};

/** The words for a cancel that has no effect. Only 10148 says what became of the order. */
export const cancelRefusal = (
  code: number,
  orderId: number,
  permId: number,
  state: string,
): BrokerWord => {
  const subject = `OrderId ${orderId} that needs to be cancelled`;
  const texts: Readonly<Record<number, string>> = {
    135: `Can't find order with id =${orderId}`,
    161: `Cancel attempted when order is not in a cancellable state. Order permId =${permId}`,
    10147: `${subject} is not found.`,
    10148: `${subject} cannot be cancelled, state: ${state}.`,
  };
  return errorWord(orderId, code, texts[code] ?? 'This order cannot be cancelled.');
};

/** A cancel loses: to a complete fill, or because IB will not have it just now. */
export const refuseCancel = (book: Book, orderId: number, code?: number): BookStep => {
  const order = orderOf(book, orderId);
  required(order.cancelAsked, `order ${orderId} has no cancel to refuse`);
  const kept = { ...order, cancelAsked: false };
  const changed = withOrder(book, kept);
  const said = code ?? (order.stage === 'ended' ? book.options.endedCancel : 161);
  const head = cancelRefusal(said, orderId, order.permId, standing(changed, kept).status);
  return concluded(book, changed, orderId, [head]);
};

/** IB keeps the order back, e.g. to locate shares (404). */
export const hold = (book: Book, orderId: number, whyHeld: string): BookStep => {
  const order = acceptedOrder(book, orderId);
  const head = whyHeld === 'locate' ? [errorWord(orderId, 404, LOCATING)] : [];
  return concluded(book, withOrder(book, { ...order, hold: whyHeld }), orderId, head);
};

export const release = (book: Book, orderId: number): BookStep =>
  concluded(book, withOrder(book, { ...acceptedOrder(book, orderId), hold: '' }), orderId);

/** `Inactive` of a taken order is no end: it may come back. */
export const inactivate = (book: Book, orderId: number): BookStep =>
  concluded(book, withOrder(book, { ...acceptedOrder(book, orderId), inactive: true }), orderId);

export const reactivate = (book: Book, orderId: number): BookStep =>
  concluded(book, withOrder(book, { ...acceptedOrder(book, orderId), inactive: false }), orderId);

/** IB or the destination ends the order unasked. */
export const unsolicitedCancel = (book: Book, orderId: number, reason: string): BookStep => {
  const order = orderOf(book, orderId);
  required(order.stage === 'accepted' || order.stage === 'sent', `order ${orderId} is not live`);
  return concluded(book, withOrder(book, ended(book, order, 'Cancelled', reason)), orderId);
};

/** Midnight: DAY orders end, with the old day, whose executions and ends the Gateway forgets. */
export const newDay = (book: Book): BookStep => {
  let changed: Book = { ...book, day: book.day + 1 };
  for (const order of ordersIn(book))
    if (order.stage !== 'ended' && order.ticket.tif === 'DAY')
      changed = withOrder(changed, ended(book, order, 'Cancelled', ''));
  return concluded(book, changed, 0);
};
