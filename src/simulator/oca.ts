/**
 * What one member of an OCA group does to the others.
 *
 * Types 1 (cancel) and 2 (reduce) are "with block": IB routes one member at a time, so a
 * consequence is in effect before anybody else can trade. Type 3 reduces without block: the
 * consequence is on its way while the sibling works at its exchange, and is kept with the sibling
 * as `unsettled` until the driver settles it. A complete fill cancels all others in every type (TWS guide, OCO).
 */

import type { Book, BookOrder, Consequence, OrderEnd } from './book.ts';
import { blocks, childrenOf, groupAt, orderAt, touched, withGroup, withOrder } from './contents.ts';
import { reducedRemaining } from './readings.ts';
import { eligible, lotOf, remaining } from './standing.ts';

export const ended = (book: Book, order: BookOrder, end: OrderEnd, reason: string): BookOrder => ({
  ...order,
  stage: 'ended',
  end,
  endReason: reason,
  endedOn: book.day,
  // A cancel that the fill outran is still to be answered ("cannot be cancelled, state: Filled").
  cancelAsked: end === 'Filled' && order.cancelAsked,
  unsettled: [],
});

/** One consequence takes effect on this sibling. */
export const applied = (book: Book, orderId: number, consequence: Consequence): Book => {
  const order = orderAt(book, orderId);
  if (order === undefined || order.stage === 'ended') return book;
  const group = groupAt(book, order.group);
  if (consequence.complete || group?.ocaType === 1)
    return withOrder(book, ended(book, order, 'Cancelled', ''));
  const left = reducedRemaining(
    book.options.ocaReading,
    { remaining: remaining(order), original: order.original },
    consequence,
    lotOf(book),
  );
  if (left === 0) return withOrder(book, ended(book, order, 'Cancelled', ''));
  return withOrder(book, { ...order, total: order.filled + left });
};

/** An execution of `order` reaches its group. `before` is what it had open. */
export const spread = (book: Book, order: BookOrder, filled: number, before: number): Book => {
  const group = groupAt(book, order.group);
  if (group === undefined) return book;
  const complete = order.end === 'Filled';
  const consequence: Consequence = {
    cause: order.ticket.orderId,
    complete,
    filled,
    before,
    original: order.original,
  };
  let changed = withGroup(book, order.group, {
    ...group,
    executed: group.executed + filled,
    complete: group.complete || complete,
  });
  for (const orderId of group.members) {
    const sibling = orderAt(changed, orderId);
    if (sibling?.stage !== 'accepted' || orderId === order.ticket.orderId) continue;
    changed = blocks(book, group)
      ? applied(changed, orderId, consequence)
      : withOrder(changed, { ...sibling, unsettled: [...sibling.unsettled, consequence] });
  }
  return changed;
};

/** A child falls with a parent that ended untraded, and shrinks to what a parent had traded. */
const outlived = (book: Book, child: BookOrder): BookOrder => {
  const parent = child.ticket.parentId === 0 ? undefined : orderAt(book, child.ticket.parentId);
  if (child.stage === 'ended' || parent === undefined) return child;
  if (parent.stage !== 'ended' || parent.end === 'Filled') return child;
  if (parent.filled <= child.filled) return ended(book, child, 'Cancelled', '');
  return child.total > parent.filled ? { ...child, total: parent.filled } : child;
};

/** What has happened to parents reaches their children, and theirs. */
const withChildren = (book: Book, orderIds: readonly number[]): Book => {
  let changed = book;
  const waiting = [...orderIds];
  for (const orderId of waiting) {
    const order = orderAt(changed, orderId);
    const left = order && outlived(changed, order);
    if (left === undefined || left === order) continue;
    changed = withOrder(changed, left);
    waiting.push(...childrenOf(changed, orderId));
  }
  return changed;
};

/** A group with block always has one eligible member routed, if it has any. */
const withRoutes = (book: Book, orderIds: readonly number[]): Book => {
  let changed = book;
  for (const name of new Set(orderIds.map((orderId) => orderAt(book, orderId)?.group ?? ''))) {
    const group = groupAt(book, name);
    if (group === undefined || !blocks(book, group)) continue;
    const canRoute = (orderId: number): boolean => {
      const order = orderAt(book, orderId);
      return order !== undefined && eligible(book, order);
    };
    if (canRoute(group.routed)) continue;
    const routed = group.members.find(canRoute) ?? 0;
    if (routed !== group.routed) changed = withGroup(changed, name, { ...group, routed });
  }
  return changed;
};

/** Everything that follows of itself from a change, which what it has not touched cannot tell. */
export const settled = (earlier: Book, changed: Book): Book => {
  const orderIds = touched(earlier, changed);
  const book = withChildren(changed, orderIds);
  return withRoutes(book, book === changed ? orderIds : touched(earlier, book));
};
