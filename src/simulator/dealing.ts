/**
 * What follows of an event at the same moment: what IB has now to decide is entered for later, and
 * what can trade at the last price trades, one execution at a time, the lowest order id first.
 */

import { act, type BookOrder } from './book.ts';
import { groupAt, orderAt } from './contents.ts';
import {
  apply,
  concerned,
  type Decision,
  type Exchange,
  inSession,
  markByTime,
} from './exchange.ts';
import { electedBy, limitOf, marketable } from './market.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import { canPreempt, canTrigger, isStop, lotOf, tradable } from './standing.ts';
import { toShares, toUnits } from './units.ts';

const wouldTrade = (exchange: Exchange, order: BookOrder): boolean => {
  const quote = exchange.quotes.get(order.ticket.symbol);
  if (quote === undefined || !inSession(exchange, order.ticket)) return false;
  return marketable(order.ticket.action, limitOf(order.ticket), quote.price);
};

const enteredKey = (what: Decision, orderId: number): string => `${what} ${orderId}`;

const enter = (
  exchange: Exchange,
  what: Decision,
  orderId: number,
  afterMs: number,
  wanted = 1,
): void => {
  const key = enteredKey(what, orderId);
  for (let count = exchange.entered.get(key) ?? 0; count < wanted; count += 1) {
    exchange.entered.set(key, count + 1);
    exchange.coming.add(exchange.now + afterMs, { kind: 'decide', what, orderId });
  }
};

/** A decision that was entered falls due, and may be entered again. */
export const fallenDue = (exchange: Exchange, what: Decision, orderId: number): void => {
  const key = enteredKey(what, orderId);
  const left = (exchange.entered.get(key) ?? 1) - 1;
  if (left > 0) exchange.entered.set(key, left);
  else exchange.entered.delete(key);
  exchange.marked.add(orderId);
};

/** A triggered stop goes before a limit, and a limit that could trade before one that could not. */
export const wantsRoute = (exchange: Exchange, order: BookOrder): boolean => {
  if (!canPreempt(exchange.book, order)) return false;
  const routed = orderAt(exchange.book, groupAt(exchange.book, order.group)?.routed ?? 0);
  if (routed === undefined) return true;
  if (isStop(routed) || routed.ticket.orderType === 'MKT') return false;
  if (order.ticket.orderType !== 'LMT') return true;
  return wouldTrade(exchange, order) && !wouldTrade(exchange, routed);
};

/** Enters what IB has to decide about this order and has not been entered yet. */
const plan = (exchange: Exchange, order: BookOrder): void => {
  const { options, book } = exchange;
  const { orderId, symbol } = order.ticket;
  const unsettled = order.unsettled.length;
  const quote = exchange.quotes.get(symbol);
  if (order.stage === 'sent') enter(exchange, 'acknowledge', orderId, options.acknowledgeMs);
  if (order.cancelAsked) enter(exchange, 'cancel', orderId, options.cancelMs);
  if (unsettled > 0) enter(exchange, 'settle', orderId, options.settleMs, unsettled);
  if (wantsRoute(exchange, order)) enter(exchange, 'route', orderId, options.routeMs);
  if (quote === undefined || !inSession(exchange, order.ticket)) return;
  if (canTrigger(book, order) && electedBy(order.ticket, quote.price))
    enter(exchange, 'trigger', orderId, options.triggerMs);
};

/** What the price cap leaves of an elected stop-limit's freedom. */
const bindingLimit = (exchange: Exchange, order: BookOrder): number | undefined => {
  const cap = exchange.caps.get(order.ticket.orderId);
  return cap === undefined || cap.left > 0 ? limitOf(order.ticket) : cap.limit;
};

type Execution = { readonly orderId: number; readonly units: number; readonly price: number };

/** The next execution that the last price allows, if any. */
const execution = (exchange: Exchange, order: BookOrder): Execution | undefined => {
  const { orderId, symbol, action } = order.ticket;
  const quote = exchange.quotes.get(symbol);
  const most = tradable(exchange.book, order);
  if (most === 0 || quote === undefined || !inSession(exchange, order.ticket)) return undefined;
  const limit = bindingLimit(exchange, order);
  if (!marketable(action, limit, quote.price)) {
    exchange.resting.add(orderId);
    return undefined;
  }
  if ((exchange.pausedUntil.get(orderId) ?? exchange.now) > exchange.now) return undefined;
  const allowance = exchange.caps.get(orderId)?.left ?? 0;
  const bound = Math.min(
    most,
    quote.left,
    toUnits(exchange.options.fillLot),
    allowance > 0 ? allowance : most,
  );
  const lot = lotOf(exchange.book);
  const units = Math.floor(bound / lot) * lot;
  const price = limit !== undefined && exchange.resting.has(orderId) ? limit : quote.price;
  return units > 0 ? { orderId, units, price } : undefined;
};

export const execute = (exchange: Exchange, { orderId, units, price }: Execution): void => {
  const order = orderAt(exchange.book, orderId);
  const quote = exchange.quotes.get(order?.ticket.symbol ?? '');
  const cap = exchange.caps.get(orderId);
  if (quote !== undefined) quote.left = Math.max(0, quote.left - units);
  if (cap !== undefined) cap.left = Math.max(0, cap.left - units);
  if (exchange.options.lotGapMs > 0) {
    const until = exchange.now + exchange.options.lotGapMs;
    exchange.pausedUntil.set(orderId, until);
    exchange.pauses.add(until, orderId);
    exchange.coming.add(until, { kind: 'look' });
  }
  apply(exchange, act(exchange.book, { type: 'fill', orderId, shares: toShares(units), price }));
};

/** Of those that were able to trade the first that still is: another may have taken the shares. */
const nextOf = (exchange: Exchange, able: Schedule<number>): Execution | undefined => {
  for (;;) {
    const first = able.take(Number.POSITIVE_INFINITY);
    if (first === undefined) return undefined;
    const order = orderAt(exchange.book, first.item);
    const next = order && execution(exchange, order);
    if (next !== undefined) return next;
  }
};

/** Everything that trades at this moment. */
export const market = (exchange: Exchange): void => {
  markByTime(exchange);
  const able = createSchedule<number>();
  for (;;) {
    const orders = concerned(exchange);
    for (const order of orders) plan(exchange, order);
    for (const order of orders)
      if (execution(exchange, order) !== undefined)
        able.add(order.ticket.orderId, order.ticket.orderId);
    const next = nextOf(exchange, able);
    if (next === undefined) return;
    execute(exchange, next);
  }
};
