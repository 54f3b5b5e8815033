import { enterExecution } from './executions.ts';
import type { Action, LifecycleRecord, RecordOf, Role } from './lifecycle.ts';
import { type Note, type NoteBook, note, openNotes } from './notes.ts';
import {
  enterCreated,
  enterOpenOrder,
  enterRefusal,
  enterStatus,
  findOrder,
  orderNamed,
  some,
} from './orders.ts';
import type { Shares } from './shares.ts';

/**
 * What a log says, folded record by record into what the reckoning needs.
 *
 * The book grows with orders, executions' ids, symbols and running watchers, never with lines of
 * status: a status is folded into its order and forgotten. Nothing is concluded here, since a
 * later record may still change it (a correction, an `order.created` that comes after its fill);
 * `account.ts` concludes when the log has ended. The book is the one mutable thing of an audit.
 */

/** Where in the log something was said. */
export type Mark = { readonly line: number; readonly seq: number; readonly at: string | undefined };

/** What a record names of the scope that positions and parents are kept apart by. */
export type Scope = {
  readonly account: string | undefined;
  readonly conId: number | undefined;
};

/** An end as the broker told it. */
export type End = 'filled' | 'cancelled' | 'rejected' | 'inactive';

export type Order = {
  readonly orderId: number;
  symbol: string | undefined;
  account: string | undefined;
  conId: number | undefined;
  permId: number | undefined;
  orderRef: string | undefined;
  /** Absent: other records name the order, no `order.created` does. */
  created: Mark | undefined;
  action: Action | undefined;
  quantity: Shares;
  orderType: string;
  limitPrice: number | undefined;
  stopPrice: number | undefined;
  role: Role | undefined;
  parentId: number | undefined;
  watcher: string | undefined;
  /** The group as last told: by the router, or by the broker's echo, which is the effective one. */
  ocaGroup: string | undefined;
  ocaType: number | undefined;
  lastWord: Mark;
  lastStatus: string | undefined;
  /** The largest cumulative `filled` that a status claimed. */
  claimed: Shares;
  acknowledged: boolean;
  ended: { readonly end: End; readonly mark: Mark } | undefined;
  /** The last time a broker.openOrder showed the order alive. */
  shown: { readonly mark: Mark; readonly snapshots: number; readonly losses: number } | undefined;
};

export type Execution = {
  /** The part before the last dot, which a correction keeps. */
  readonly root: string;
  readonly order: Order;
  readonly symbol: string;
  readonly scope: Scope;
  /** The first report's place: a correction changes what was traded, not when. */
  readonly mark: Mark;
  action: Action;
  quantity: Shares;
  price: number;
  revision: string;
  /** The largest quantity that any revision reported; a status that claimed it was not wrong. */
  reported: Shares;
  correctedAt: Mark | undefined;
  readonly seen: Set<string>;
};

/** The first and the last `broker.position` of one symbol and scope. */
export type PositionWords = {
  readonly symbol: string;
  readonly scope: Scope;
  readonly first: { readonly mark: Mark; readonly position: Shares };
  last: { readonly mark: Mark; readonly position: Shares };
};

export type WatcherRun = { readonly watcher: string; readonly mark: Mark; confirmed: boolean };

export type Book = {
  readonly orders: Map<number, Order[]>;
  readonly permIds: Map<number, Order>;
  /** Every id that an order named as its parent's. */
  readonly parentIds: Set<number>;
  readonly executions: Map<string, Execution>;
  readonly positions: Map<string, PositionWords>;
  /** Runs without a stop yet, by key: one key may be used by several runs. */
  readonly runs: Map<string, WatcherRun[]>;
  readonly notes: NoteBook;
  /** Completed snapshots of open orders so far. */
  snapshots: number;
  /** How often the link was lost so far, and where last. */
  losses: number;
  lastLoss: Mark | undefined;
  lastSeq: number;
  lastLine: number;
  /** Lines with anything on them, and those that counted. */
  lines: number;
  records: number;
  /** Lines that did not count because their `seq` does not increase. */
  backwards: number;
};

export function openBook(): Book {
  return {
    orders: new Map(),
    permIds: new Map(),
    parentIds: new Set(),
    executions: new Map(),
    positions: new Map(),
    runs: new Map(),
    notes: openNotes(),
    snapshots: 0,
    losses: 0,
    lastLoss: undefined,
    lastSeq: Number.NEGATIVE_INFINITY,
    lastLine: 0,
    lines: 0,
    records: 0,
    backwards: 0,
  };
}

export function enterBadLine(book: Book, line: number, reason: string): void {
  book.lines += 1;
  note(book.notes, { kind: 'bad-line', line, text: reason });
}

/**
 * A record whose `seq` does not increase is not counted: `seq` is what tells a record that was
 * sent twice from two records, and a status out of its order would be taken for the last word.
 * The answer is why, or `undefined` for a record that counts.
 */
export function enter(book: Book, line: number, record: LifecycleRecord): string | undefined {
  if (record.seq <= book.lastSeq) {
    const reason = `seq ${record.seq} does not increase: the record before has ${book.lastSeq}`;
    enterBadLine(book, line, `${reason}; not counted`);
    book.backwards += 1;
    return reason;
  }
  book.lines += 1;
  book.lastSeq = record.seq;
  book.lastLine = line;
  book.records += 1;
  enterRecord(book, { line, seq: record.seq, at: record.at }, record);
  return undefined;
}

function enterRecord(book: Book, mark: Mark, record: LifecycleRecord): void {
  switch (record.type) {
    case 'watcher.started':
      enterStart(book, mark, record.watcher);
      return;
    case 'watcher.confirmed':
      confirmRun(book, record.watcher);
      return;
    case 'watcher.stopped':
      enterStop(book, record.watcher);
      return;
    case 'order.created':
      enterCreated(book, mark, record);
      return;
    case 'order.status':
      enterStatus(mark, orderNamed(book, mark, record), record);
      return;
    case 'execution':
      enterExecution(book, mark, record);
      return;
    case 'broker.error':
      enterError(book, mark, record);
      return;
    case 'connection':
      if (record.state === 'down' || record.state === 'restored-data-lost') {
        book.losses += 1;
        book.lastLoss = mark;
      }
      return;
    case 'broker.position':
      enterPosition(book, mark, record);
      return;
    case 'broker.openOrder':
      enterOpenOrder(book, mark, record);
      return;
    case 'broker.snapshot':
      if (record.of === 'openOrders') book.snapshots += 1;
      return;
    default:
      record satisfies never;
  }
}

// --- Watchers -----------------------------------------------------------------------------------

function enterStart(book: Book, mark: Mark, watcher: string): void {
  const running = book.runs.get(watcher) ?? [];
  running.push({ watcher, mark, confirmed: false });
  book.runs.set(watcher, running);
}

function confirmRun(book: Book, watcher: string): void {
  const run = book.runs.get(watcher)?.at(-1);
  if (run !== undefined) run.confirmed = true;
}

/** A stop ends the latest run of its key: an earlier one that still stands open lost its own. */
function enterStop(book: Book, watcher: string): void {
  const running = book.runs.get(watcher);
  running?.pop();
  if (running?.length === 0) book.runs.delete(watcher);
}

// --- The broker's other words -------------------------------------------------------------------

const NOTED_CODES: ReadonlyMap<number, { readonly kind: Note['kind']; readonly meaning: string }> =
  new Map([
    [104, { kind: 'cancel-lost-race', meaning: 'it had filled before the change arrived' }],
    [161, { kind: 'cancel-lost-race', meaning: 'it could no longer be cancelled' }],
    [10147, { kind: 'cancel-lost-race', meaning: 'the cancel found no such order' }],
    [10148, { kind: 'cancel-lost-race', meaning: 'it could no longer be cancelled' }],
    [2161, { kind: 'price-capped', meaning: 'the broker capped its price; it may not fill' }],
    [404, { kind: 'oversell-warning', meaning: 'the broker looks for shares to sell short' }],
    [2137, { kind: 'oversell-warning', meaning: 'it would turn the position to the other side' }],
  ]);

function enterError(book: Book, mark: Mark, record: RecordOf<'broker.error'>): void {
  const { code, message } = record;
  // An id of -1 is the session's.
  const orderId = record.orderId === -1 ? undefined : record.orderId;
  // Ids of requests share the number space with orders, so an error
  // makes no order: it is told of an order that the log knows, or of the bare id.
  const order = orderId === undefined ? undefined : findOrder(book, { ...record, orderId });
  if (order !== undefined) enterRefusal(order, mark, code);
  const noted = NOTED_CODES.get(code);
  if (noted === undefined) return;
  const text = `${code}, ${noted.meaning}: ${message}`;
  const short = `${code} ${message}`;
  note(book.notes, { kind: noted.kind, line: mark.line, mark, order, orderId, text, short });
}

function enterPosition(book: Book, mark: Mark, record: RecordOf<'broker.position'>): void {
  const scope = { account: some(record.account), conId: some(record.conId) };
  const key = JSON.stringify([record.symbol, scope.account, scope.conId]);
  const word = { mark, position: record.position };
  const known = book.positions.get(key);
  if (known !== undefined) known.last = word;
  else book.positions.set(key, { symbol: record.symbol, scope, first: word, last: word });
}
