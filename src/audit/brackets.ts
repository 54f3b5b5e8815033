import { attributionOf, holdingOf, keyOf, otherSide } from './attribution.ts';
import type { Book, End, Execution, Order } from './book.ts';
import type { Holding, Holdings } from './holdings.ts';
import type { Action, Role } from './lifecycle.ts';
import { legNamed, namesOrder } from './orders.ts';
import type { Shares } from './shares.ts';

/** Which orders belong to which parent, what each of them executed, and how each ended. */

export type Leg = {
  readonly order: Order;
  readonly holding: Holding;
  readonly role: Role;
  /** `undefined`: an exit that names no parent. A parent's own order belongs to itself. */
  readonly parent: Parent | undefined;
  readonly executed: Shares;
  readonly end: End | undefined;
  /** Where it ended; infinite for a leg that did not. */
  readonly endLine: number;
  /** `live`: no end, and the broker's last word shows it working. `unknown`: neither. */
  readonly fate: 'ended' | 'live' | 'unknown';
  /** What it may have executed without a record; 0 unless its fate is unknown. */
  readonly open: Shares;
};

/** `quantity` is less than the execution's where it exited more than one parent. */
export type Fill = {
  readonly role: Role;
  readonly execution: Execution;
  readonly quantity: Shares;
};

export type Parent = {
  readonly orderId: number;
  readonly holding: Holding;
  readonly side: Action;
  /** Absent: legs name this parent and no `order.created` does. */
  own: Leg | undefined;
  readonly legs: Leg[];
  /** Entries and exits, in the order in which they came. */
  readonly fills: Fill[];
};

export type Brackets = {
  readonly parents: readonly Parent[];
  readonly legs: ReadonlyMap<Order, Leg>;
  /** Orders of which nothing tells whether they were meant to enter or to exit. */
  readonly undeclared: ReadonlySet<Order>;
};

export function bracketsOf(book: Book, holdings: Holdings): Brackets {
  const parents = new Map<Order | string, Parent>();
  const legs = new Map<Order, Leg>();
  /** Orders without `order.created` that legs name as their parent: their trades are its entry. */
  const strays = new Map<Order, Parent>();
  const executions = Map.groupBy(book.executions.values(), ({ order }) => order);
  const orders = createdOrders(book);
  const attribution = attributionOf(book, holdings, orders, (order) => rootOf(book, order));
  for (const order of orders) {
    const root = order.parentId === undefined ? attribution.roots.get(order) : rootOf(book, order);
    const parent = root === undefined ? undefined : parentOf(parents, holdings, order, root);
    const leg = legOf(book, holdings, order, parent, executions.get(order) ?? []);
    legs.set(order, leg);
    if (root === order && parent !== undefined) parent.own = leg;
    else parent?.legs.push(leg);
    if (parent === undefined || typeof root !== 'number') continue;
    const stray = parentsNamed(book, order, root).at(-1);
    if (stray !== undefined) strays.set(stray, parent);
  }
  // The executions of the book stand in the order of their first report.
  for (const execution of book.executions.values()) {
    const leg = legs.get(execution.order);
    const parent = leg?.parent ?? strays.get(execution.order);
    const parts = attribution.parts.get(execution);
    if (parts === undefined) enterFill(parent, execution, execution.quantity);
    else for (const { key, quantity } of parts) enterFill(parents.get(key), execution, quantity);
  }
  return { parents: [...parents.values()], legs, undeclared: attribution.undeclared };
}

function enterFill(parent: Parent | undefined, execution: Execution, quantity: Shares): void {
  if (parent === undefined) return;
  const exits = execution.action !== parent.side;
  const role = exits ? exitRole(execution.order) : 'entry';
  parent.fills.push({ role, execution, quantity });
}

function createdOrders(book: Book): readonly Order[] {
  return [...book.orders.values()]
    .flat()
    .filter(({ created }) => created !== undefined)
    .sort(byCreation);
}

function byCreation(one: Order, other: Order): number {
  return (one.created?.line ?? 0) - (other.created?.line ?? 0);
}

/**
 * The order that an order finally belongs to (itself for a parent), or the bare id of a parent
 * that the log does not contain, or nothing for an exit that names no parent. Where a parent has
 * a parent of its own, all are one bracket under the first: a share that entered once can only be
 * counted once. Orders that name each other in a ring belong to the first created of them, as does
 * an entry that names itself.
 */
function rootOf(book: Book, order: Order): Order | number | undefined {
  const path = [order];
  for (let at = order; ; ) {
    if (at.parentId === undefined) {
      const exitAlone = at === order && (at.role === 'stop' || at.role === 'target');
      return exitAlone && !isNamedAsParent(book, at) ? undefined : at;
    }
    const named = parentsNamed(book, at, at.parentId);
    const parent = named.findLast(({ created }) => created !== undefined);
    if (parent === undefined) return at.parentId;
    if (path.includes(parent)) return path.slice(path.indexOf(parent)).sort(byCreation)[0];
    path.push(parent);
    at = parent;
  }
}

/** Orders with the parent's id that can be meant, the likeliest last. */
function parentsNamed(book: Book, child: Order, parentId: number): readonly Order[] {
  const naming = {
    orderId: parentId,
    account: child.account,
    conId: child.conId,
    ...(child.symbol === undefined ? {} : { symbol: child.symbol }),
  };
  const named = (book.orders.get(parentId) ?? []).filter((order) => namesOrder(naming, order));
  // An order id that came back later is not the one a child named before.
  const earlier = named.filter((order) => byCreation(order, child) <= 0);
  return earlier.length > 0 ? earlier : named;
}

function isNamedAsParent(book: Book, order: Order): boolean {
  return book.parentIds.has(order.orderId);
}

function parentOf(
  parents: Map<Order | string, Parent>,
  holdings: Holdings,
  order: Order,
  root: Order | number,
): Parent {
  const bare = typeof root === 'number';
  const holding = holdingOf(holdings, bare ? order : root, order);
  const key = keyOf(root, holding);
  const parent = parents.get(key) ?? {
    orderId: bare ? root : root.orderId,
    holding,
    // Of a parent that the log does not contain, the exits tell the side.
    side: (bare ? otherSide(order.action) : root.action) ?? 'BUY',
    own: undefined,
    legs: [],
    fills: [],
  };
  parents.set(key, parent);
  return parent;
}

function legOf(
  book: Book,
  holdings: Holdings,
  order: Order,
  parent: Parent | undefined,
  executions: readonly Execution[],
): Leg {
  const executed = executions.reduce((sum, { quantity }) => sum + quantity, 0n);
  const reported = executions.reduce((sum, execution) => sum + execution.reported, 0n);
  const { end, open } = endOf(order, reported);
  const live = end === undefined && isShownLive(book, order);
  return {
    order,
    holding: parent?.holding ?? holdingOf(holdings, order, order),
    role: roleOf(order, parent),
    parent,
    executed,
    end,
    endLine: endLineOf(order, end, executions),
    fate: end === undefined ? (live ? 'live' : 'unknown') : 'ended',
    open: live ? 0n : open,
  };
}

/** By its status or by its last execution, whichever came first. */
function endLineOf(order: Order, end: End | undefined, executions: readonly Execution[]): number {
  if (end === undefined) return Number.POSITIVE_INFINITY;
  const lastFill = executions.at(-1)?.mark.line ?? Number.POSITIVE_INFINITY;
  const told = order.ended?.mark.line ?? Number.POSITIVE_INFINITY;
  return end === 'filled' ? Math.min(lastFill, told) : told;
}

/**
 * Executions are the truth and are what every quantity is counted from; a status is a claim. But a
 * status that claims more than the executions show is evidence that executions are missing, and an
 * order whose executions are missing has no end that could be accounted for: its end stays
 * unknown, and what is claimed beyond the executions is what it may have done unseen.
 *
 * `reported` is before corrections: a trade corrected from 100 to 90 does not make a `Filled 100`
 * that came in between a claim of ten missing shares.
 */
function endOf(
  order: Order,
  reported: Shares,
): { readonly end: End | undefined; readonly open: Shares } {
  if (reported >= order.quantity) return { end: 'filled', open: 0n };
  if (order.ended === undefined) return { end: undefined, open: order.quantity - reported };
  const silentlyFilled = order.ended.end === 'filled' && order.claimed === 0n;
  const claimed = silentlyFilled ? order.quantity : order.claimed;
  if (claimed > reported) return { end: undefined, open: claimed - reported };
  return { end: order.ended.end, open: 0n };
}

/**
 * Only the broker's own list of open orders says that a leg is alive; `Submitted` was true when it
 * was said and the incident is made of such statuses. The list must have been shown since the link
 * was last lost, and must not be older than the last list that was complete.
 */
function isShownLive(book: Book, order: Order): boolean {
  const { shown } = order;
  if (shown === undefined || order.ended !== undefined) return false;
  return shown.losses === book.losses && shown.snapshots >= book.snapshots - 1;
}

function roleOf(order: Order, parent: Parent | undefined): Role {
  if (order.role !== undefined) return order.role;
  if (parent === undefined || order.action === parent.side) return 'entry';
  return exitRole(order);
}

/** The role of an exit that names none, or that calls itself an entry and traded the other way. */
function exitRole(order: Order): Role {
  if (order.role === 'stop' || order.role === 'target') return order.role;
  const kind = order.role === undefined ? legNamed(order)?.kind : undefined;
  if (kind === 'stop' || kind === 'target') return kind;
  return /STP|STOP|TRAIL/i.test(order.orderType) ? 'stop' : 'target';
}
