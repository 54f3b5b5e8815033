/**
 * How an order stands, read off the book: what IB would call it, and whether it can trade.
 *
 * Nothing here is stored, so a status can never contradict the quantities that it is about.
 */

import type { OrderStatusWord } from '../ports/broker.ts';
import type { Book, BookOrder } from './book.ts';
import { blocks, groupAt, orderAt } from './contents.ts';
import { UNITS_PER_SHARE } from './units.ts';

export type Standing = { readonly status: OrderStatusWord; readonly whyHeld: string };

/** Looks an order up where its absence is the driver's mistake. */
export const orderOf = (book: Book, orderId: number): BookOrder => {
  const order = orderAt(book, orderId);
  if (order === undefined) throw new RangeError(`the book has no order ${orderId}`);
  return order;
};

export const remaining = (order: BookOrder): number => Math.max(0, order.total - order.filled);

/** The smallest unit in which a quantity may change. */
export const lotOf = (book: Book): number => (book.options.fractional ? 1 : UNITS_PER_SHARE);

export const isStop = (order: BookOrder): boolean =>
  order.ticket.orderType === 'STP' || order.ticket.orderType === 'STP LMT';

const parentOf = (book: Book, order: BookOrder): BookOrder | undefined =>
  order.ticket.parentId === 0 ? undefined : orderAt(book, order.ticket.parentId);

/** Whether an attached child has been woken; a parent that ended in part wakes it too. */
const awake = (book: Book, order: BookOrder): boolean => {
  const parent = parentOf(book, order);
  if (parent === undefined) return true;
  if (parent.stage === 'ended') return parent.filled > 0;
  return book.options.childActivation === 'partial' && parent.filled > 0;
};

/** Could be at the exchange, if the block of its group lets it. */
export const eligible = (book: Book, order: BookOrder): boolean =>
  order.stage === 'accepted' &&
  !order.inactive &&
  order.hold === '' &&
  (!isStop(order) || order.triggered) &&
  awake(book, order);

const blocked = (book: Book, order: BookOrder): boolean => {
  const group = groupAt(book, order.group);
  return group !== undefined && blocks(book, group) && group.routed !== order.ticket.orderId;
};

/** Waits only for the block: the driver may let it take the routed member's place. */
export const canPreempt = (book: Book, order: BookOrder): boolean =>
  eligible(book, order) && blocked(book, order);

export const canTrigger = (book: Book, order: BookOrder): boolean =>
  order.stage === 'accepted' &&
  isStop(order) &&
  !order.triggered &&
  !order.inactive &&
  awake(book, order);

/** Units that may trade now. A child of a part-filled parent works for the filled part only. */
export const tradable = (book: Book, order: BookOrder): number => {
  if (!eligible(book, order) || blocked(book, order)) return 0;
  const parent = parentOf(book, order);
  const cover = parent === undefined || parent.stage === 'ended' ? order.total : parent.filled;
  return Math.max(0, Math.min(remaining(order), cover - order.filled));
};

const heldReasons = (book: Book, order: BookOrder): readonly string[] => [
  ...(order.hold === '' ? [] : [order.hold]),
  ...(awake(book, order) ? [] : ['child']),
  ...(isStop(order) && !order.triggered && book.options.stopArming === 'simulated'
    ? ['trigger']
    : []),
];

export const standing = (book: Book, order: BookOrder): Standing => {
  if (order.end !== '') return { status: order.end, whyHeld: '' };
  if (order.stage === 'untransmitted') return { status: 'ApiPending', whyHeld: '' };
  if (order.cancelAsked) return { status: 'PendingCancel', whyHeld: '' };
  if (order.stage === 'sent') return { status: 'PendingSubmit', whyHeld: '' };
  if (order.inactive) return { status: 'Inactive', whyHeld: '' };
  const reasons = heldReasons(book, order);
  if (reasons.length > 0) return { status: 'PreSubmitted', whyHeld: reasons.join(',') };
  const armed = isStop(order) && !order.triggered;
  if (!armed && blocked(book, order))
    return { status: 'PreSubmitted', whyHeld: book.options.blockedWhyHeld };
  return { status: 'Submitted', whyHeld: '' };
};
