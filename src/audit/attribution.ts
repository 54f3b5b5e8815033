import type { Book, Execution, Order } from './book.ts';
import type { Holding, Holdings } from './holdings.ts';
import type { Action } from './lifecycle.ts';
import { legNamed } from './orders.ts';
import type { Shares } from './shares.ts';

/**
 * Which parent an order belongs to that names none.
 *
 * Not every router can say `parentId`: exits that are sent after the entry has filled share at most
 * an OCA group. Taken for entries of their own they would make an oversell look like a short
 * position that somebody wanted. So an order on the other side of an open parent is an exit. It
 * belongs to the bracket that its orderRef names, else to the parent whose known exits share its
 * group, else to the latest parent that is open. Open is told from the fills of the parents and not
 * from the net position: what an oversell left behind is no position that somebody may close.
 *
 * Where only the position tells the parent, the guess may be the wrong one of two. What such an
 * exit sells beyond its parent therefore counts against the other open parents before it is called
 * oversold, and then against a position that the account held before the log began.
 */

/** A parent: its order, or the bare id of one that the log does not contain. */
export type Root = Order | number;

export type Part = { readonly key: Order | string; readonly quantity: Shares };

export type Attribution = {
  /** The parents of the orders that name none; the order itself where it is an entry. */
  readonly roots: ReadonlyMap<Order, Root | undefined>;
  /** Orders of which nothing tells whether they entered or exited. */
  readonly undeclared: ReadonlySet<Order>;
  /** How an execution counts that does not count in full for the parent of its order. */
  readonly parts: ReadonlyMap<Execution, readonly Part[]>;
};

type Owner = {
  readonly root: Root;
  readonly key: Order | string;
  readonly holding: Holding;
  readonly side: Action;
  readonly line: number;
  left: Shares;
  entered: boolean;
  /** The first group of exits that was attributed to it. */
  group: string | undefined;
};

type Group = { owner: Owner; readonly filled: Set<Order> };

type Desk = {
  readonly book: Book;
  readonly holdings: Holdings;
  readonly owners: Map<Order | string, Owner>;
  readonly owned: Map<Order, { readonly owner: Owner; readonly sure: boolean }>;
  /** By side and holding: all in the order of their creation, and those that hold shares. */
  readonly sides: Map<string, { readonly all: Owner[]; readonly open: Set<Owner> }>;
  readonly groups: Map<string, Group>;
  /** By Interlock's own name of a bracket. */
  readonly named: Map<string, Owner>;
  /** What an account held before the first execution of the log, and has not sold yet. */
  readonly held: Map<string, Shares>;
  readonly undeclared: Set<Order>;
  readonly parts: Map<Execution, readonly Part[]>;
};

export function keyOf(root: Root, holding: Holding): Order | string {
  return typeof root === 'number' ? `${root} ${holding.key}` : root;
}

/** `declared` is the parent as the records name it; `orders` stand in the order of creation. */
export function attributionOf(
  book: Book,
  holdings: Holdings,
  orders: readonly Order[],
  declared: (order: Order) => Root | undefined,
): Attribution {
  const desk = openDesk(book, holdings);
  const silent = new Set(orders.filter((order) => !isDeclared(book, order)));
  const roots = new Map<Order, Root | undefined>();
  for (const order of orders) {
    if (silent.has(order)) continue;
    const root = declared(order);
    if (root !== undefined) ownDeclared(desk, order, root);
    if (order.parentId === undefined) roots.set(order, desk.owned.get(order)?.owner.root ?? root);
  }
  for (const { order, execution } of eventsOf(book, orders)) {
    if (execution === undefined) arrive(desk, order, silent);
    else trade(desk, execution, silent);
  }
  // What never filled is settled last; exits after entries, since they look for an entry.
  const rest = [...silent].filter((order) => !desk.owned.has(order));
  for (const order of rest) if (!saysExit(order)) settle(desk, order);
  for (const order of rest) if (saysExit(order)) settle(desk, order);
  for (const order of silent) roots.set(order, desk.owned.get(order)?.owner.root);
  return { roots, undeclared: desk.undeclared, parts: desk.parts };
}

function openDesk(book: Book, holdings: Holdings): Desk {
  const owners = new Map<Order | string, Owner>();
  const maps = { owned: new Map(), sides: new Map(), groups: new Map(), named: new Map() };
  const held = heldBefore(book, holdings);
  const parts = new Map<Execution, readonly Part[]>();
  return { book, holdings, owners, ...maps, held, undeclared: new Set(), parts };
}

function heldBefore(book: Book, holdings: Holdings): Map<string, Shares> {
  const traded = new Map<string, number>();
  for (const execution of book.executions.values()) {
    const { key } = holdingTraded(holdings, execution);
    if (!traded.has(key)) traded.set(key, execution.mark.line);
  }
  const held = new Map<string, Shares>();
  for (const { symbol, scope, first } of book.positions.values()) {
    const { key } = holdings(symbol, scope);
    const before = first.mark.line < (traded.get(key) ?? Number.POSITIVE_INFINITY);
    if (before && !held.has(key)) held.set(key, first.position);
  }
  return held;
}

/** An order says what it is by its parent, by being one, by its role or by Interlock's own name. */
function isDeclared(book: Book, order: Order): boolean {
  if (order.parentId !== undefined || order.role === 'entry') return true;
  if (book.parentIds.has(order.orderId)) return true;
  return order.role === undefined && legNamed(order)?.kind === 'entry';
}

function saysExit(order: Order): boolean {
  return order.role !== undefined || legNamed(order) !== undefined;
}

type Event = { readonly line: number; readonly order: Order; readonly execution?: Execution };

/** An order exists from its first record on, be that its execution. */
function eventsOf(book: Book, orders: readonly Order[]): readonly Event[] {
  const fills = [...book.executions.values()].map(
    (execution): Event => ({ line: execution.mark.line, order: execution.order, execution }),
  );
  const arrivals = orders.map((order): Event => ({ line: order.created?.line ?? 0, order }));
  return [...arrivals, ...fills].sort((one, other) => one.line - other.line);
}

// --- Owners -------------------------------------------------------------------------------------

function ownDeclared(desk: Desk, order: Order, root: Root): void {
  const name = bracketKey(desk, order);
  const isEntry = root === order && legNamed(order)?.kind === 'entry';
  const elder = isEntry ? desk.named.get(name ?? '') : undefined;
  // A later order of the entry of one bracket is the same entry, unless legs call it their parent.
  const joins = elder?.side === order.action && !desk.book.parentIds.has(order.orderId);
  const owner = joins && elder !== undefined ? elder : ownerFor(desk, order, root);
  desk.owned.set(order, { owner, sure: true });
  if (isEntry && name !== undefined && elder === undefined) desk.named.set(name, owner);
}

function ownerFor(desk: Desk, order: Order, root: Root): Owner {
  const bare = typeof root === 'number';
  const holding = holdingOf(desk.holdings, bare ? order : root, order);
  const key = keyOf(root, holding);
  const known = desk.owners.get(key);
  if (known !== undefined) return known;
  // Of a parent that the log does not contain, the exits tell the side.
  const side = (bare ? otherSide(order.action) : root.action) ?? 'BUY';
  const line = (bare ? order : root).created?.line ?? 0;
  const fresh = { left: 0n, entered: false, group: undefined };
  const owner: Owner = { root, key, holding, side, line, ...fresh };
  desk.owners.set(key, owner);
  sideOf(desk, holding, side).all.push(owner);
  return owner;
}

export function otherSide(action: Action | undefined): Action {
  return action === 'BUY' ? 'SELL' : 'BUY';
}

export function holdingOf(holdings: Holdings, order: Order, next: Order): Holding {
  const scope = { account: order.account ?? next.account, conId: order.conId ?? next.conId };
  return holdings(order.symbol ?? '', scope);
}

export function holdingTraded(holdings: Holdings, { order, symbol, scope }: Execution): Holding {
  const account = scope.account ?? order.account;
  return holdings(symbol, { account, conId: scope.conId ?? order.conId });
}

function sideOf(desk: Desk, holding: Holding, side: Action) {
  const key = `${side} ${holding.key}`;
  const found = desk.sides.get(key) ?? { all: [], open: new Set<Owner>() };
  desk.sides.set(key, found);
  return found;
}

function bracketKey(desk: Desk, order: Order): string | undefined {
  const name = legNamed(order);
  const { key } = holdingOf(desk.holdings, order, order);
  return name === undefined ? undefined : `${name.bracket} ${key}`;
}

function groupKey(desk: Desk, order: Order): string | undefined {
  const { key } = holdingOf(desk.holdings, order, order);
  return order.ocaGroup === undefined ? undefined : `${order.ocaGroup} ${key}`;
}

// --- Exits --------------------------------------------------------------------------------------

function arrive(desk: Desk, order: Order, silent: ReadonlySet<Order>): void {
  const owned = desk.owned.get(order);
  if (owned === undefined) {
    if (silent.has(order)) adopt(desk, order);
    return;
  }
  if (owned.owner.side !== order.action) enterGroup(desk, order, owned.owner);
}

/** Finds the parent of an exit, if it is one. */
function adopt(desk: Desk, order: Order): boolean {
  const byName = desk.named.get(bracketKey(desk, order) ?? '');
  const sure = byName !== undefined && byName.side !== order.action;
  const owner = sure ? byName : byGroupOrPosition(desk, order);
  if (owner === undefined) return false;
  desk.owned.set(order, { owner, sure });
  enterGroup(desk, order, owner);
  return true;
}

function byGroupOrPosition(desk: Desk, order: Order): Owner | undefined {
  const key = groupKey(desk, order);
  const known = desk.groups.get(key ?? '')?.owner;
  const shared = known?.side === order.action ? undefined : known;
  // A name of a group may be used again: what it meant for a parent that is flat is past.
  const past = shared === undefined || (shared.entered && shared.left <= 0n);
  if (!past) return shared;
  const side = otherSide(order.action);
  const open = [...sideOf(desk, holdingOf(desk.holdings, order, order), side).open];
  const bare = key === undefined ? undefined : open.findLast(({ group }) => group === undefined);
  return bare ?? open.at(-1) ?? shared;
}

function enterGroup(desk: Desk, order: Order, owner: Owner): void {
  const key = groupKey(desk, order);
  if (key === undefined) return;
  owner.group ??= key;
  const group = desk.groups.get(key);
  if (group?.owner !== owner) desk.groups.set(key, { owner, filled: new Set() });
}

/** The latest parent before it, for what calls itself an exit and came while nothing was open. */
function latestBefore(desk: Desk, order: Order): Owner | undefined {
  const line = order.created?.line ?? Number.POSITIVE_INFINITY;
  const { all } = sideOf(desk, holdingOf(desk.holdings, order, order), otherSide(order.action));
  return all.findLast((owner) => owner.line <= line);
}

function settle(desk: Desk, order: Order): void {
  if (adopt(desk, order)) return;
  if (saysExit(order)) {
    const owner = latestBefore(desk, order);
    if (owner !== undefined) {
      desk.owned.set(order, { owner, sure: false });
      enterGroup(desk, order, owner);
      return;
    }
    // Interlock's name alone makes no orphan: the order may be all there is of its bracket.
    if (order.role !== undefined) return;
  }
  desk.undeclared.add(order);
  desk.owned.set(order, { owner: ownerFor(desk, order, order), sure: true });
}

// --- Fills --------------------------------------------------------------------------------------

function trade(desk: Desk, execution: Execution, silent: ReadonlySet<Order>): void {
  const { order, action, quantity } = execution;
  if (!desk.owned.has(order) && silent.has(order)) settle(desk, order);
  const owned = desk.owned.get(order);
  const stray = `${order.orderId} ${holdingTraded(desk.holdings, execution).key}`;
  const owner = owned?.owner ?? (order.created ? undefined : desk.owners.get(stray));
  if (owner === undefined) return;
  if (action === owner.side) {
    owner.entered = true;
    return move(desk, owner, quantity);
  }
  const group = desk.groups.get(groupKey(desk, order) ?? '');
  // Two orders of one group that filled beyond their parent are its oversell and no wrong guess.
  const sibling = group?.owner === owner && [...group.filled].some((one) => one !== order);
  group?.filled.add(order);
  if (owned?.sure !== false || sibling || quantity <= owner.left) {
    return move(desk, owner, -quantity);
  }
  spread(desk, owner, execution);
}

function move(desk: Desk, owner: Owner, signed: Shares): void {
  owner.left += signed;
  const { open } = sideOf(desk, owner.holding, owner.side);
  if (owner.left > 0n) open.add(owner);
  else open.delete(owner);
}

/** First to its own parent, then to the others that are open, then to what was held before. */
function spread(desk: Desk, owner: Owner, execution: Execution): void {
  const { open } = sideOf(desk, owner.holding, owner.side);
  const taken = new Map<Owner, Shares>();
  let rest = execution.quantity;
  for (const one of [owner, ...[...open].reverse()]) {
    const most = one.left < rest ? one.left : rest;
    if (most <= 0n) continue;
    taken.set(one, most);
    rest -= most;
    move(desk, one, -most);
  }
  const held = desk.held.get(owner.holding.key) ?? 0n;
  const there = owner.side === 'BUY' ? held : -held;
  const before = there <= 0n ? 0n : there < rest ? there : rest;
  desk.held.set(owner.holding.key, owner.side === 'BUY' ? held - before : held + before);
  rest -= before;
  if (rest > 0n) {
    taken.set(owner, (taken.get(owner) ?? 0n) + rest);
    move(desk, owner, -rest);
  }
  desk.parts.set(
    execution,
    [...taken].map(([{ key }, quantity]) => ({ key, quantity })),
  );
}
