/**
 * A state of the engine as a world to explore from: what the broker must have, if all that it said
 * is true, and what may still be under way.
 *
 * - An order that was acknowledged and has not ended is live, with what it has traded so far.
 * - What was asked and not answered (a placement, a replace, a cancel) is on its way: it may arrive
 *   at once, after anything else, or, where the link is down, never.
 * - What a status has claimed beyond the executions has traded; the report is late.
 * - What a group has done to its other members for what has traded, it has done, heard or not.
 * - The waits that run are those of the state.
 */
import { cumQty, inferredQty, type Order } from '../core/ledger.ts';
import { PX_DECIMALS, QTY_DECIMALS, toDecimal } from '../core/quantity.ts';
import type { Bracket, State } from '../core/state.ts';
import { type Desk, wire } from '../ib/desk.ts';
import type { BrokerRequest, BrokerWord } from '../ports/broker.ts';
import { type Book, type BookOrder, type Consequence, emptyBook } from '../simulator/book.ts';
import {
  groupAt,
  orderAt,
  ordersIn,
  tradesIn,
  withGroup,
  withOrder,
} from '../simulator/contents.ts';
import { eligible } from '../simulator/standing.ts';
import {
  type Execution,
  earlierUnits,
  execDetailsWord,
  withExecution,
} from '../simulator/trades.ts';
import { UNITS_PER_SHARE } from '../simulator/units.ts';
import { openOrderWord, orderStatusWord } from '../simulator/words.ts';
import { type Beginning, openBrackets } from './beginning.ts';
import { type Broker, brokerOf } from './broker.ts';
import { clientOf } from './client.ts';
import { budgetOf, type Composition, type World } from './composition.ts';
import { type Matter, scopeOf } from './matter.ts';
import { deskOf } from './mind.ts';
import type { Scope } from './scope.ts';
import type { Start } from './verification.ts';

export type Resumed = { readonly matter: Matter; readonly scope: Scope; readonly start: Start };

/** As many shares as can be told apart one by one; of more, half of a fill or all of it. */
const SHARES_MOST = 6;

export function resumed(asked: Matter, { state }: Beginning): Resumed {
  const open = openBrackets(state);
  const lots = open.flatMap(({ plan }) =>
    plan.targets.map(({ qty }) => toDecimal(qty, QTY_DECIMALS)),
  );
  const sequenced = open.every(({ plan }) => plan.plan === 'sequenced');
  const side = open[0]?.plan.side ?? 'BUY';
  const matter: Matter = { ...asked, side, lots, plan: sequenced ? 'sequenced' : 'paired' };
  const most = lots.reduce((sum, shares) => sum + shares, 0);
  const each = Array.from({ length: most }, (_, i) => i + 1);
  const scope: Scope = {
    ...scopeOf(matter),
    requests: [],
    side,
    takenShares: toDecimal(
      open.reduce((sum, { foreign }) => sum + foreign, 0),
      QTY_DECIMALS,
    ),
    named: open.length > 1,
    lots: most <= SHARES_MOST ? each : [Math.ceil(Math.min(...lots) / 2), most],
  };
  return { matter, scope, start: (c) => worldFrom(c, state) };
}

// ── the world ────────────────────────────────────────────────────────────────────────────────

type Placed = { readonly bracket: Bracket; readonly order: Order; readonly orderId: number };

export function worldFrom(c: Composition, state: State): World {
  const brackets = Object.values(state.books).flatMap((book) => book.brackets);
  const desk = deskOf(
    brackets.map(({ plan }) => ({ bracket: plan.bracket, pairs: plan.targets.length })),
  );
  const placed = brackets.flatMap((bracket) =>
    bracket.orders.map((order) => ({
      bracket,
      order,
      orderId: idOf(desk, order),
    })),
  );
  const clock = brackets.flatMap((bracket) => bracket.deadlines.map(({ deadline }) => deadline));
  const grouped = afterFills(bookFrom(state, placed, c.scope), placed);
  const { book } = grouped;
  const linked = state.link === 'live';
  const asked = linked ? placed.flatMap(underWay) : [];
  const words = [...claimed(book, placed), ...grouped.words];
  const late = linked ? words.map((heap) => c.messages.batch(heap.map(c.messages.word))) : [];
  return {
    client: clientOf(c.clients, { type: 'engine', engine: state, desk, clock }),
    broker: brokerOf(c.brokers, book, askedGroups(placed, c.scope)),
    opened: c.scope.requests.length,
    sent: c.requests.of(asked.map(({ request, places }) => c.messages.request(request, places))),
    said: c.batches.empty,
    late: c.batches.of(late),
    linked,
    budget: budgetOf(c, c.scope.rare),
    wrong: null,
  };
}

function idOf(desk: Desk, { ticket: { orderRef } }: Order): number {
  const id = desk.ids[orderRef];
  if (id === undefined)
    throw new RangeError(`${orderRef}: more orders of a leg than are provided for`);
  return id;
}

// ── what the broker has ──────────────────────────────────────────────────────────────────────

function bookFrom(state: State, placed: readonly Placed[], scope: Scope): Book {
  const startingPositions = Object.values(state.books).map(({ account, symbol, foreign }) => ({
    account,
    symbol,
    position: toDecimal(foreign, QTY_DECIMALS),
    avgCost: 0,
  }));
  const empty = emptyBook({ tellsPending: false, ...scope.book, startingPositions });
  const known = placed.filter(({ order }) => order.acknowledged || order.end !== null);
  const { permIdBase } = empty.options;
  const ordered = known.reduce(
    (book, one) => withOrder(book, orderFrom(one, permIdBase, scope)),
    empty,
  );
  const traded = known.flatMap((one) => executionsOf(one, permIdBase));
  return withGroups(traded.reduce(withExecution, ordered));
}

/** What the echo goes on to say of the groups, where the broker has made something else of them. */
function askedGroups(placed: readonly Placed[], { regroups }: Scope): Broker['asked'] {
  if (regroups === undefined) return {};
  return Object.fromEntries(
    placed
      .filter(({ order }) => order.ticket.group !== '')
      .map(({ order: { ticket }, orderId }) => [
        orderId,
        { ocaGroup: ticket.group, ocaType: ticket.ocaType },
      ]),
  );
}

const ENDS = {
  filled: 'Filled',
  cancelled: 'Cancelled',
  expired: 'Cancelled',
  rejected: 'Inactive',
} as const;

const units = (qty: number): number => Math.round(toDecimal(qty, QTY_DECIMALS) * UNITS_PER_SHARE);

function orderFrom(
  { bracket, order, orderId }: Placed,
  permIdBase: number,
  { regroups }: Scope,
): BookOrder {
  const { end, ticket } = order;
  const grouped = ticket.group !== '' && regroups?.ocaType !== 0;
  const asked = bracket.configuration[order.leg] ?? '';
  return {
    ticket: wire(ticket, orderId),
    permId: permIdBase + orderId,
    stage: end === null ? 'accepted' : 'ended',
    end: end === null ? '' : ENDS[end],
    endReason: '',
    endedOn: end === null ? -1 : 0,
    total: units(order.qty),
    original: units(order.qty),
    filled: units(cumQty(order)),
    group: grouped ? ticket.group : '',
    ocaType: grouped ? (regroups?.ocaType ?? ticket.ocaType) : 0,
    triggered: order.triggered,
    hold: order.held === 'locate' ? 'locate' : '',
    inactive: order.held === 'inactive',
    cancelAsked: end === null && order.cancelAsked && asked.endsWith('.pendingCancel'),
    unsettled: [],
  };
}

function executionsOf({ order, orderId }: Placed, permIdBase: number): readonly Execution[] {
  const { ticket } = order;
  const trade = (execBase: string, qty: number, px: number, revision: number): Execution => ({
    orderId,
    permId: permIdBase + orderId,
    orderRef: ticket.orderRef,
    account: ticket.account,
    symbol: ticket.symbol,
    action: ticket.action,
    execBase,
    revisions: Array.from({ length: Math.max(1, revision) }, () => ({
      units: units(qty),
      price: toDecimal(px, PX_DECIMALS),
    })),
    busted: false,
    day: 0,
  });
  const told = order.executions.map((e) => ({
    ...trade(e.key, e.qty, e.px, e.revision),
    busted: e.busted,
  }));
  const claimed = inferredQty(order);
  if (claimed === 0) return told;
  return [...told, trade(lateBase(orderId), claimed, ticket.limitPx ?? ticket.stopPx ?? 0, 1)];
}

/** The execution that only a status has claimed. */
const lateBase = (orderId: number): string => `late.${orderId}.01`;

function withGroups(book: Book): Book {
  let grouped = book;
  for (const order of ordersIn(book)) {
    if (order.group === '' || order.ocaType === 0) continue;
    const known = groupAt(grouped, order.group);
    const { orderId } = order.ticket;
    grouped = withGroup(grouped, order.group, {
      ocaType: order.ocaType,
      members: [...(known?.members ?? []), orderId],
      executed: (known?.executed ?? 0) + order.filled,
      complete: known?.complete === true || order.end === 'Filled',
      routed:
        known !== undefined && known.routed > 0
          ? known.routed
          : eligible(book, order)
            ? orderId
            : 0,
    });
  }
  return grouped;
}

// ── what groups have done ────────────────────────────────────────────────────────────────────

type Heap = readonly BrokerWord[];
type Grouped = { readonly book: Book; readonly words: readonly Heap[] };

/** Fills that we know of have reached their siblings, unless the group is without block. */
function afterFills(before: Book, placed: readonly Placed[]): Grouped {
  let book = before;
  const words: Heap[] = [];
  for (const { orderId, order } of placed) {
    const member = orderAt(book, orderId);
    if (member === undefined || member.stage === 'ended' || member.group === '') continue;
    const siblings = ordersIn(book).filter(
      (one) => one.group === member.group && one !== member && one.filled > 0,
    );
    if (siblings.length === 0) continue;
    if (member.ocaType === 3) {
      book = withOrder(book, { ...member, unsettled: siblings.map(onItsWay) });
      continue;
    }
    const after = reached(member, siblings, units(order.largest));
    if (after === member) continue;
    book = withOrder(book, after);
    words.push([openOrderWord(book, after), orderStatusWord(book, after)]);
  }
  return { book, words };
}

function reached(member: BookOrder, siblings: readonly BookOrder[], size: number): BookOrder {
  const complete = siblings.some(({ end }) => end === 'Filled');
  const traded = siblings.reduce((sum, { filled }) => sum + filled, 0);
  const total = Math.min(member.total, size - traded);
  if (complete || member.ocaType === 1 || total <= member.filled) {
    return { ...member, stage: 'ended', end: 'Cancelled', endedOn: 0, cancelAsked: false };
  }
  return total === member.total ? member : { ...member, total };
}

/** Without block, what a sibling has traded is on its way to the others. */
const onItsWay = (sibling: BookOrder): Consequence => ({
  cause: sibling.ticket.orderId,
  complete: sibling.end === 'Filled',
  filled: sibling.filled,
  before: sibling.original,
  original: sibling.original,
});

// ── what is under way ────────────────────────────────────────────────────────────────────────

type Asked = { readonly request: BrokerRequest; readonly places: boolean };

/** Asked and not answered, in the order in which it was asked. */
function underWay({ bracket, order, orderId }: Placed): readonly Asked[] {
  if (order.end !== null) return [];
  const asked: Asked[] = [];
  const { ticket, replaceAsked, cancelAsked } = order;
  if (!order.acknowledged && !order.missing) {
    asked.push({ request: { request: 'placeOrder', ticket: wire(ticket, orderId) }, places: true });
  }
  if (replaceAsked !== null) {
    const request: BrokerRequest = { request: 'placeOrder', ticket: wire(replaceAsked, orderId) };
    asked.push({ request, places: false });
  }
  const heard = (bracket.configuration[order.leg] ?? '').endsWith('.pendingCancel');
  if (cancelAsked && !heard)
    asked.push({ request: { request: 'cancelOrder', orderId }, places: false });
  return asked;
}

function claimed(book: Book, placed: readonly Placed[]): readonly Heap[] {
  return placed
    .filter(({ order }) => inferredQty(order) > 0)
    .flatMap(({ orderId }) =>
      tradesIn(book).filter(({ execBase }) => execBase === lateBase(orderId)),
    )
    .map((trade) => [execDetailsWord(trade, -1, 1, earlierUnits(book, trade))]);
}
