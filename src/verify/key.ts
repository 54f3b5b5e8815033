/**
 * A world as a short text: two worlds with one key have the same future.
 *
 * What only grows and is never compared again is left out (`seq`, deadline numbers, order ids, the
 * most there ever was of something); marks in time are compared with the one question that may be
 * under way, and are written as that comparison.
 */
import type { Order } from '../core/ledger.ts';
import type { Bracket, State } from '../core/state.ts';
import type { BrokerRequest, BrokerWord } from '../ports/broker.ts';
import type { Book, BookOrder } from '../simulator/book.ts';
import type { World } from './composition.ts';
import { deadlineName } from './offers.ts';

export function worldKey(world: World): string {
  const { desk, book, engine } = world;
  const asked = desk.gathering?.askedAt ?? -1;
  const g = desk.gathering;
  const nameOf = (orderId: number): string =>
    book.orders[orderId]?.ticket.orderRef ?? desk.refs[orderId] ?? '';
  return [
    world.opened,
    world.linked ? '' : 'cut',
    Object.values(world.left).join(','),
    // In the order in which they were started: the oldest wait ends first.
    world.clock.map(deadlineName).join(','),
    engineKey(engine, asked, desk.askAgain ?? -1),
    g === null
      ? ''
      : `${g.stage}${g.asks}${JSON.stringify([g.openOrders, g.executions, g.again, g.positions, g.completed])}${desk.askAgain !== null}`,
    bookKey(book),
    world.sent.map((request) => requestKey(request, nameOf, g?.reqId ?? 0)).join(','),
    world.said
      .map((batch) => batch.map((word) => wordKey(word, nameOf, g?.reqId ?? 0)).join('+'))
      .join(','),
    world.late.map((word) => wordKey(word, nameOf, g?.reqId ?? 0)).join('+'),
  ].join('|');
}

const mark = (value: boolean): string => (value ? '1' : '0');

function engineKey(engine: State, asked: number, again: number): string {
  const books = Object.values(engine.books).map((book) =>
    [
      book.foreign,
      book.lastPx ?? '',
      mark(book.halted),
      book.frozen === null ? '' : 'frozen',
      asked < 0 ? '' : mark(book.tradedAt > asked),
      ...book.brackets.map((bracket) => bracketKey(bracket, asked, again)),
    ].join(';'),
  );
  const reconciled = engine.link === 'reconciling' ? mark(asked >= engine.linkAt) : '';
  return [engine.link, reconciled, ...books].join('/');
}

function bracketKey(b: Bracket, asked: number, again: number): string {
  return [
    Object.values(b.configuration).join(' '),
    b.orders
      .map((order) => orderKey(order, asked, again))
      .sort()
      .join(' '),
    b.pairs
      .map((p) =>
        [
          p.stopPx,
          p.stopLimitPx,
          p.targetPx,
          p.mode,
          mark(p.touched),
          mark(p.discounted),
          p.replaceRefusals,
          p.stopRejections,
          p.targetRejections,
          p.repricings,
        ].join(','),
      )
      .join(' '),
    mark(b.cancelWished),
    b.leaving ?? '',
    mark(b.entryLate),
    b.closingLate,
    b.coverElapsed,
    b.foreign,
    mark(b.absentAt >= b.newsAt),
    asked < 0 ? '' : mark(asked >= b.newsAt),
    again < 0 ? '' : mark(again >= b.newsAt),
    mark(b.oversoldMost > 0),
    Object.keys(b.deadlines).sort().join(','),
  ].join(';');
}

function orderKey(order: Order, asked: number, again: number): string {
  const { ticket } = order;
  return [
    ticket.orderRef,
    ticket.qty,
    ticket.stopPx ?? '',
    ticket.limitPx ?? '',
    ticket.group,
    order.qty,
    order.largest,
    order.executions
      .map((e) => `${e.key.slice(-7)}.${e.revision}.${e.qty}.${e.toldQty}${e.busted ? 'x' : ''}`)
      .join('+'),
    order.claimedQty,
    [
      order.permId !== 0,
      order.acknowledged,
      order.working,
      order.triggered,
      order.cancelAsked,
      order.echoed,
      order.unresolved,
      order.missing,
      order.resent,
      order.endConcluded,
    ]
      .map(mark)
      .join(''),
    order.held,
    order.replaceAsked === null ? '' : `${order.replaceAsked.qty}@${order.replaceAsked.stopPx}`,
    order.differs,
    order.end ?? '',
    ...[asked, again].map((seq) =>
      seq < 0
        ? ''
        : [order.sentAt, order.acknowledgedAt, order.endedAt].map((at) => mark(at < seq)).join('') +
          mark(order.heardAt <= seq) +
          mark(order.claimedAt <= seq),
    ),
  ].join(',');
}

function bookKey(book: Book): string {
  const orders = Object.values(book.orders).map((order) => bookOrderKey(book, order));
  const groups = Object.entries(book.groups).map(([name, group]) =>
    [
      name,
      group.ocaType,
      group.members.map((id) => book.orders[id]?.ticket.orderRef).join('+'),
      group.executed,
      mark(group.complete),
      book.orders[group.routed]?.ticket.orderRef ?? '',
    ].join(','),
  );
  const pending = book.pending.map((one) => JSON.stringify(one));
  const foreign = book.trades.filter((trade) => trade.orderId === 0).length;
  return [orders.sort().join(' '), groups.sort().join(' '), pending.join(' '), foreign].join(';');
}

function bookOrderKey(book: Book, order: BookOrder): string {
  const trades = book.trades.filter((trade) => trade.orderId === order.ticket.orderId);
  return [
    order.ticket.orderRef,
    order.ticket.lmtPrice ?? '',
    order.ticket.auxPrice ?? '',
    order.ticket.totalQuantity,
    order.stage,
    order.end,
    order.total,
    order.original,
    order.filled,
    order.hold,
    mark(order.triggered) + mark(order.inactive) + mark(order.cancelAsked),
    trades
      .map((t) => `${t.revisions.map((r) => r.units).join('~')}${t.busted ? 'x' : ''}`)
      .join('+'),
  ].join(',');
}

type NameOf = (orderId: number) => string;

/** Request ids only grow; what matters is whether an answer is to the question under way. */
const answers = (reqId: number, current: number): string =>
  reqId < 0 ? 'live' : reqId === current ? 'now' : 'old';

function requestKey(request: BrokerRequest, nameOf: NameOf, current: number): string {
  switch (request.request) {
    case 'placeOrder': {
      const { orderRef, totalQuantity, auxPrice, lmtPrice } = request.ticket;
      return `place ${orderRef} ${totalQuantity} ${auxPrice ?? ''} ${lmtPrice ?? ''}`;
    }
    case 'cancelOrder':
      return `cancel ${nameOf(request.orderId)}`;
    case 'reqExecutions':
      return `reqExecutions ${answers(request.reqId, current)}`;
    default:
      return request.request;
  }
}

function wordKey(word: BrokerWord, nameOf: NameOf, current: number): string {
  switch (word.word) {
    case 'orderStatus':
      return `${nameOf(word.orderId)} ${word.status} ${word.filled}/${word.remaining} ${word.whyHeld}`;
    case 'openOrder':
      return `${word.orderRef} open ${word.status} ${word.totalQuantity} ${word.ocaGroup} ${word.ocaType} ${word.auxPrice ?? ''} ${word.lmtPrice ?? ''}`;
    case 'execDetails':
      return `${word.orderRef} exec ${word.execId.slice(-10)} ${word.shares} ${answers(word.reqId, current)}`;
    case 'execDetailsEnd':
      return `execEnd ${answers(word.reqId, current)}`;
    case 'error':
      return `${nameOf(word.id)} ${word.code}`;
    default:
      return JSON.stringify(word);
  }
}
