/**
 * What is in a book, a book with one thing in it changed, and what a change may have touched.
 */

import type { Book, BookOrder, OcaGroup, Tally, Trade } from './book.ts';
import {
  type Chunked,
  changedKeys,
  itemAt,
  itemNamed,
  itemsOf,
  withItem,
  withItemNamed,
  withoutItem,
} from './chunks.ts';

export const orderAt = (book: Book, orderId: number): BookOrder | undefined =>
  itemAt(book.orders, orderId);

/** By rising ids: whatever is listed or said of several orders is so in this order. */
export const ordersIn = (book: Book): readonly BookOrder[] => itemsOf(book.orders);

export const childrenOf = (book: Book, orderId: number): readonly number[] =>
  itemAt(book.children, orderId) ?? [];

export const groupAt = (book: Book, name: string): OcaGroup | undefined =>
  name === '' ? undefined : itemNamed(book.groups, name);

export const groupsIn = (book: Book): readonly (readonly [name: string, group: OcaGroup])[] =>
  itemsOf(book.groups).flat();

/** In the order in which they happened. */
export const tradesIn = (book: Book): readonly Trade[] => itemsOf(book.trades);

const UNTRADED: Tally = { executions: 0, last: -1, units: 0, notional: '0' };

export const tallyOf = (book: Book, orderId: number): Tally =>
  itemAt(book.tallies, orderId) ?? UNTRADED;

type Children = Chunked<readonly number[]>;

const withoutChild = (children: Children, parentId: number, orderId: number): Children => {
  const left = (itemAt(children, parentId) ?? []).filter((one) => one !== orderId);
  return left.length === 0 ? withoutItem(children, parentId) : withItem(children, parentId, left);
};

const withChild = (children: Children, parentId: number, orderId: number): Children => {
  const others = itemAt(children, parentId) ?? [];
  const after = others.findIndex((one) => one > orderId);
  return withItem(
    children,
    parentId,
    others.toSpliced(after < 0 ? others.length : after, 0, orderId),
  );
};

export const withOrder = (book: Book, order: BookOrder): Book => {
  const { orderId, parentId } = order.ticket;
  const orders = withItem(book.orders, orderId, order);
  const was = orderAt(book, orderId)?.ticket.parentId ?? 0;
  if (was === parentId) return { ...book, orders };
  const others = was === 0 ? book.children : withoutChild(book.children, was, orderId);
  const children = parentId === 0 ? others : withChild(others, parentId, orderId);
  return { ...book, orders, children };
};

export const withGroup = (book: Book, name: string, group: OcaGroup): Book => ({
  ...book,
  groups: withItemNamed(book.groups, name, group),
});

const accountKey = (account: string, symbol: string): string => JSON.stringify([account, symbol]);

/** Shares bought less shares sold, in units, without what was there at the start. */
export const unitsHeld = (book: Book, account: string, symbol: string): number =>
  itemNamed(book.positions, accountKey(account, symbol)) ?? 0;

type Traded = Pick<Trade, 'account' | 'symbol' | 'action'>;

export const withUnits = (book: Book, { account, symbol, action }: Traded, more: number): Book => ({
  ...book,
  positions: withItemNamed(
    book.positions,
    accountKey(account, symbol),
    unitsHeld(book, account, symbol) + (action === 'BUY' ? more : -more),
  ),
});

/** With block: one member at a time is at the exchange. */
export const blocks = ({ options }: Book, group: OcaGroup): boolean =>
  options.ocaBlocks && group.ocaType !== 3;

/** Groups with block that have another member at the exchange, or the same one changed. */
const regrouped = (
  earlier: Book,
  later: Book,
  changed: readonly number[],
): ReadonlySet<OcaGroup> => {
  const found = new Set<OcaGroup>();
  for (const key of changedKeys(earlier.groups, later.groups))
    for (const [name, group] of itemAt(later.groups, key) ?? [])
      if (group.routed !== groupAt(earlier, name)?.routed) found.add(group);
  for (const orderId of changed) {
    const group = groupAt(later, orderAt(later, orderId)?.group ?? '');
    if (group?.routed === orderId) found.add(group);
  }
  return found;
};

/**
 * All orders that may stand otherwise in the later book, by rising ids: those that are changed
 * themselves, the children of a parent that has traded or ended, and the members of a group in
 * which somebody else is at the exchange. Whoever is not among them stands as before.
 */
export const touched = (earlier: Book, later: Book): readonly number[] => {
  const changed = changedKeys(earlier.orders, later.orders);
  const found = new Set(changed);
  for (const orderId of changed) {
    const was = orderAt(earlier, orderId);
    const is = orderAt(later, orderId);
    if (was?.stage !== is?.stage || was?.filled !== is?.filled)
      for (const child of childrenOf(later, orderId)) found.add(child);
  }
  for (const group of regrouped(earlier, later, changed))
    for (const member of group.members) found.add(member);
  return [...found].sort((one, other) => one - other);
};
