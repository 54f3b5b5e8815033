import type { Book, End, Mark, Order } from './book.ts';
import type { RecordOf } from './lifecycle.ts';
import type { Shares } from './shares.ts';

/** How what is said of an order is folded into it: which order is meant, and what it now is. */

type Naming = {
  readonly orderId: number;
  readonly symbol?: string;
  readonly account?: string | undefined;
  readonly conId?: number | undefined;
  readonly permId?: number | undefined;
  readonly orderRef?: string | undefined;
};

/** IB writes '' and 0 where it means none. */
export const some = <Value extends string | number>(value: Value | undefined): Value | undefined =>
  value === '' || value === 0 ? undefined : value;

function agree(one: string | number | undefined, other: string | number | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

export function namesOrder(naming: Naming, order: Order): boolean {
  return (
    agree(naming.symbol, order.symbol) &&
    agree(some(naming.account), order.account) &&
    agree(some(naming.conId), order.conId) &&
    agree(some(naming.permId), order.permId)
  );
}

/**
 * The order a record speaks of. Order ids belong to one session of one client and come back after
 * a roll-back of nextValidId, so an id alone is not enough: whatever else both sides name must
 * agree, and the youngest that agrees is meant. A permId is the broker's and outlives sessions.
 */
export function findOrder(book: Book, naming: Naming): Order | undefined {
  const permId = some(naming.permId);
  const known = permId === undefined ? undefined : book.permIds.get(permId);
  if (known !== undefined && namesOrder(naming, known)) return known;
  return book.orders.get(naming.orderId)?.findLast((order) => namesOrder(naming, order));
}

export function orderNamed(book: Book, mark: Mark, naming: Naming): Order {
  const order = findOrder(book, naming) ?? unknownOrder(book, mark, naming.orderId);
  order.symbol ??= naming.symbol;
  order.account ??= some(naming.account);
  order.conId ??= some(naming.conId);
  order.orderRef ??= some(naming.orderRef);
  const permId = some(naming.permId);
  if (permId !== undefined && order.permId === undefined) {
    order.permId = permId;
    book.permIds.set(permId, order);
  }
  order.lastWord = mark;
  return order;
}

function unknownOrder(book: Book, mark: Mark, orderId: number): Order {
  const order: Order = {
    orderId,
    symbol: undefined,
    account: undefined,
    conId: undefined,
    permId: undefined,
    orderRef: undefined,
    created: undefined,
    action: undefined,
    quantity: 0n,
    orderType: '',
    limitPrice: undefined,
    stopPrice: undefined,
    role: undefined,
    parentId: undefined,
    watcher: undefined,
    ocaGroup: undefined,
    ocaType: undefined,
    lastWord: mark,
    lastStatus: undefined,
    claimed: 0n,
    acknowledged: false,
    ended: undefined,
    shown: undefined,
  };
  const namesakes = book.orders.get(orderId);
  if (namesakes === undefined) book.orders.set(orderId, [order]);
  else namesakes.push(order);
  return order;
}

/** A second `order.created` of one order is a modify, as a second placeOrder is to TWS. */
export function enterCreated(book: Book, mark: Mark, record: RecordOf<'order.created'>): void {
  const order = orderNamed(book, mark, record);
  order.created ??= mark;
  order.action = record.action;
  order.quantity = record.quantity;
  order.orderType = record.orderType;
  order.limitPrice = record.limitPrice ?? order.limitPrice;
  order.stopPrice = record.stopPrice ?? order.stopPrice;
  order.role = record.role ?? order.role;
  order.parentId = some(record.parentId) ?? order.parentId;
  if (order.parentId !== undefined) book.parentIds.add(order.parentId);
  order.watcher = some(record.watcher) ?? order.watcher;
  order.ocaGroup = some(record.ocaGroup) ?? order.ocaGroup;
  order.ocaType = record.ocaType ?? order.ocaType;
}

type StatusTold = {
  readonly status: RecordOf<'order.status'>['status'];
  readonly filled?: Shares | undefined;
};

/**
 * The last word counts: IB is known to revive an order that a library had called cancelled, so a
 * later working status takes an end back. `Inactive` is an end as told, and may be taken back too.
 */
export function enterStatus(mark: Mark, order: Order, told: StatusTold): void {
  order.lastStatus = told.status;
  const filled = told.filled ?? 0n;
  if (filled > order.claimed) order.claimed = filled;
  if (told.status === 'PreSubmitted' || told.status === 'Submitted') order.acknowledged = true;
  const end = endTold(told, order);
  if (end === undefined) order.ended = undefined;
  else if (order.ended?.end !== end) order.ended = { end, mark };
  if (end !== undefined) order.shown = undefined;
}

function endTold(told: StatusTold, order: Order): End | undefined {
  switch (told.status) {
    case 'Filled':
      return 'filled';
    case 'Cancelled':
    case 'ApiCancelled':
      return 'cancelled';
    case 'Inactive':
      return 'inactive';
    default: {
      // `Submitted 100/0`: filled in full, in other words.
      const inFull = order.quantity > 0n && (told.filled ?? 0n) >= order.quantity;
      return inFull ? 'filled' : undefined;
    }
  }
}

export function enterOpenOrder(book: Book, mark: Mark, record: RecordOf<'broker.openOrder'>): void {
  const order = orderNamed(book, mark, record);
  if (record.ocaGroup !== undefined) order.ocaGroup = some(record.ocaGroup);
  enterStatus(mark, order, { status: record.status });
  if (order.ended === undefined) {
    order.shown = { mark, snapshots: book.snapshots, losses: book.losses };
  }
}

/** Which codes are definite: 202 confirms a cancel; 201 ends only what was never acknowledged. */
export function enterRefusal(order: Order, mark: Mark, code: number): void {
  order.lastWord = mark;
  if (order.ended !== undefined) return;
  if (code === 202) order.ended = { end: 'cancelled', mark };
  if (code === 201 && !order.acknowledged) order.ended = { end: 'rejected', mark };
  if (order.ended !== undefined) order.shown = undefined;
}

const LEG_KINDS = ['entry', 'stop', 'target', 'closing'] as const;

type LegName = { readonly bracket: string; readonly kind: (typeof LEG_KINDS)[number] };

/** `RIME-693.stop1.2`: Interlock names the orders of a bracket by bracket, leg and generation. */
export function legNamed({ orderRef }: Order): LegName | undefined {
  const parts = /^(.+)\.(entry|stop|target|closing)\d?\.\d+$/.exec(orderRef ?? '');
  const [, bracket, leg] = parts ?? [];
  const kind = LEG_KINDS.find((one) => one === leg);
  return bracket === undefined || kind === undefined ? undefined : { bracket, kind };
}
