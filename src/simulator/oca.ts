/**
 * What one member of an OCA group does to the others.
 *
 * Types 1 (cancel) and 2 (reduce) are "with block": IB routes one member at a time, so a
 * consequence is in effect before anybody else can trade. Type 3 reduces without block: the
 * consequence is on its way while the sibling works at its exchange, and is kept in `pending`
 * until the driver settles it. A complete fill cancels all others in every type (TWS guide, OCO).
 */

import type { Book, BookOrder, Consequence, OcaGroup, OrderEnd } from './book.ts';
import { reducedRemaining } from './readings.ts';
import { blocks, eligible, lotOf, remaining } from './standing.ts';

export const withOrder = (book: Book, order: BookOrder): Book => ({
  ...book,
  orders: { ...book.orders, [order.ticket.orderId]: order },
});

export const withGroup = (book: Book, name: string, group: OcaGroup): Book => ({
  ...book,
  groups: { ...book.groups, [name]: group },
});

export const ended = (book: Book, order: BookOrder, end: OrderEnd, reason: string): BookOrder => ({
  ...order,
  stage: 'ended',
  end,
  endReason: reason,
  endedOn: book.day,
  // A cancel that the fill outran is still to be answered ("cannot be cancelled, state: Filled").
  cancelAsked: end === 'Filled' && order.cancelAsked,
});

/** One consequence takes effect on its sibling. */
export const applied = (book: Book, consequence: Consequence): Book => {
  const order = book.orders[consequence.orderId];
  if (order === undefined || order.stage === 'ended') return book;
  const group = book.groups[order.group];
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
  const group = book.groups[order.group];
  if (group === undefined) return book;
  const complete = order.end === 'Filled';
  const consequences = group.members
    .filter((orderId) => orderId !== order.ticket.orderId)
    .filter((orderId) => book.orders[orderId]?.stage === 'accepted')
    .map(
      (orderId): Consequence => ({
        orderId,
        cause: order.ticket.orderId,
        complete,
        filled,
        before,
        original: order.original,
      }),
    );
  const counted = withGroup(book, order.group, {
    ...group,
    executed: group.executed + filled,
    complete: group.complete || complete,
  });
  return blocks(book, group)
    ? consequences.reduce(applied, counted)
    : { ...counted, pending: [...counted.pending, ...consequences] };
};

/** Children fall with a parent that ended untraded, and shrink to what a parent had traded. */
const withChildren = (book: Book): Book => {
  let changed = book;
  for (const order of Object.values(book.orders)) {
    const parent = order.ticket.parentId === 0 ? undefined : book.orders[order.ticket.parentId];
    if (order.stage === 'ended' || parent === undefined) continue;
    if (parent.stage !== 'ended' || parent.end === 'Filled') continue;
    if (parent.filled <= order.filled)
      changed = withOrder(changed, ended(changed, order, 'Cancelled', ''));
    else if (order.total > parent.filled)
      changed = withOrder(changed, { ...order, total: parent.filled });
  }
  return changed;
};

/** A group with block always has one eligible member routed, if it has any. */
const withRoutes = (book: Book): Book => {
  let changed = book;
  for (const [name, group] of Object.entries(book.groups)) {
    if (!blocks(book, group)) continue;
    const canRoute = (orderId: number): boolean => {
      const order = book.orders[orderId];
      return order !== undefined && eligible(book, order);
    };
    if (canRoute(group.routed)) continue;
    const routed = group.members.find(canRoute) ?? 0;
    if (routed !== group.routed) changed = withGroup(changed, name, { ...group, routed });
  }
  return changed;
};

const withoutIdlePending = (book: Book): Book => {
  const pending = book.pending.filter((one) => book.orders[one.orderId]?.stage === 'accepted');
  return pending.length === book.pending.length ? book : { ...book, pending };
};

/** Everything that follows of itself from a change. */
export const settled = (book: Book): Book => withRoutes(withoutIdlePending(withChildren(book)));
