/**
 * What happens at IB and at the exchange as time passes: the venue's inside.
 *
 * One event is taken at a time. After it, whatever follows at the same moment happens (`market`),
 * and whatever IB has now to decide is entered for later (`plan`).
 */

import type { Action, BrokerRequest, BrokerWord, OrderTicket } from '../ports/broker.ts';
import {
  act,
  type Book,
  type BookAction,
  type BookOrder,
  type BookStep,
  emptyBook,
  receive,
} from './book.ts';
import { type Channel, createChannel, type Faults, NO_FAULTS } from './channel.ts';
import { cappedLimit, electedBy, limitOf, marketable } from './market.ts';
import { createRandom, type Random } from './random.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import { canPreempt, canTrigger, isStop, lotOf, tradable } from './standing.ts';
import { matches, type Print, type RejectRule, type VenueOptions } from './terms.ts';
import { toShares, toUnits } from './units.ts';

type Decision = 'acknowledge' | 'cancel' | 'trigger' | 'route' | 'settle';

export type VenueEvent =
  | { readonly kind: 'arrive'; readonly request: BrokerRequest }
  | { readonly kind: 'print'; readonly print: Print }
  | { readonly kind: 'happen'; readonly action: BookAction }
  | {
      readonly kind: 'decide';
      readonly what: Decision;
      readonly orderId: number;
    }
  | { readonly kind: 'uncap'; readonly orderId: number }
  | { readonly kind: 'look' };

type Quote = { readonly price: number; left: number };
type Cap = { readonly limit: number; left: number };

/** The one mutable thing of the simulator. */
export type Exchange = {
  options: VenueOptions;
  readonly faults: Faults;
  readonly random: Random;
  readonly channel: Channel;
  readonly coming: Schedule<VenueEvent>;
  readonly heard: Schedule<BrokerWord>;
  readonly quotes: Map<string, Quote>;
  readonly caps: Map<number, Cap>;
  /** Limit orders that were at the exchange before the price came: they trade at their limit. */
  readonly resting: Set<number>;
  readonly pausedUntil: Map<number, number>;
  /** How many decisions of a kind are entered for an order. */
  readonly entered: Map<string, number>;
  readonly sides: Map<number, Action>;
  readonly rejections: Map<RejectRule, number>;
  book: Book;
  now: number;
};

export const createExchange = (options: VenueOptions): Exchange => {
  const faults = { ...NO_FAULTS, ...options.faults };
  const random = createRandom(options.seed);
  const exchange: Exchange = {
    options,
    faults,
    random,
    channel: createChannel(faults, random, options.outages),
    coming: createSchedule(),
    heard: createSchedule(),
    quotes: new Map(),
    caps: new Map(),
    resting: new Set(),
    pausedUntil: new Map(),
    entered: new Map(),
    sides: new Map(),
    rejections: new Map(),
    book: emptyBook(options.book),
    now: Number.NEGATIVE_INFINITY,
  };
  for (const outage of options.outages)
    for (const notice of exchange.channel.notices(outage))
      exchange.heard.add(notice.at, notice.word);
  for (const print of options.tape) exchange.coming.add(print.at, { kind: 'print', print });
  return exchange;
};

const sideOf = (exchange: Exchange, word: BrokerWord): Action => {
  const orderId = 'orderId' in word ? word.orderId : word.word === 'error' ? word.id : 0;
  return exchange.sides.get(orderId) ?? 'BUY';
};

const say = (exchange: Exchange, word: BrokerWord, answer: boolean): void => {
  const latency = exchange.options.heardMs[sideOf(exchange, word)];
  for (const one of exchange.channel.say(word, exchange.now, latency, answer))
    exchange.heard.add(one.at, one.word);
};

/** Back-office corrections come seconds later, of the same execution. */
const perhapsCorrect = (exchange: Exchange, word: BrokerWord): void => {
  if (word.word !== 'execDetails' || word.reqId !== -1 || !word.execId.endsWith('.01')) return;
  const { faults, random } = exchange;
  if (!random.chance(faults.correct)) return;
  const at = exchange.now + random.between(1, faults.correctMs);
  const shares = Math.max(toShares(lotOf(exchange.book)), word.shares + faults.correctShares);
  const price = Math.round((word.price + 0.01) * 10_000) / 10_000;
  const action: BookAction = { type: 'correct', execId: word.execId, shares, price };
  exchange.coming.add(at, { kind: 'happen', action });
};

const apply = (exchange: Exchange, step: BookStep, answer = false): void => {
  exchange.book = step.book;
  for (const word of step.words) {
    exchange.options.observe?.(word, exchange.now);
    say(exchange, word, answer);
    perhapsCorrect(exchange, word);
  }
};

const orders = (exchange: Exchange): readonly BookOrder[] =>
  Object.values(exchange.book.orders).filter(
    (order) => order.stage !== 'ended' || order.cancelAsked,
  );

/** Whether the order may be elected or trade at this hour. */
const inSession = (exchange: Exchange, ticket: OrderTicket): boolean =>
  ticket.outsideRth || isRegular(exchange);

const isRegular = (exchange: Exchange): boolean => {
  const { regularHours } = exchange.options;
  if (regularHours === undefined) return true;
  return regularHours.some((hours) => hours.from <= exchange.now && exchange.now < hours.to);
};

const wouldTrade = (exchange: Exchange, order: BookOrder): boolean => {
  const quote = exchange.quotes.get(order.ticket.symbol);
  if (quote === undefined || !inSession(exchange, order.ticket)) return false;
  return marketable(order.ticket.action, limitOf(order.ticket), quote.price);
};

const enter = (
  exchange: Exchange,
  what: Decision,
  orderId: number,
  afterMs: number,
  wanted = 1,
): void => {
  const key = `${what} ${orderId}`;
  for (let count = exchange.entered.get(key) ?? 0; count < wanted; count += 1) {
    exchange.entered.set(key, count + 1);
    exchange.coming.add(exchange.now + afterMs, { kind: 'decide', what, orderId });
  }
};

/** A triggered stop goes before a limit, and a limit that could trade before one that could not. */
const wantsRoute = (exchange: Exchange, order: BookOrder): boolean => {
  if (!canPreempt(exchange.book, order)) return false;
  const routed = exchange.book.orders[exchange.book.groups[order.group]?.routed ?? 0];
  if (routed === undefined) return true;
  if (isStop(routed) || routed.ticket.orderType === 'MKT') return false;
  if (order.ticket.orderType !== 'LMT') return true;
  return wouldTrade(exchange, order) && !wouldTrade(exchange, routed);
};

/** Enters what IB has to decide and has not been entered yet. */
const plan = (exchange: Exchange): void => {
  const { options, book } = exchange;
  for (const order of orders(exchange)) {
    const { orderId, symbol } = order.ticket;
    const pending = book.pending.filter((one) => one.orderId === orderId).length;
    const quote = exchange.quotes.get(symbol);
    if (order.stage === 'sent') enter(exchange, 'acknowledge', orderId, options.acknowledgeMs);
    if (order.cancelAsked) enter(exchange, 'cancel', orderId, options.cancelMs);
    if (pending > 0) enter(exchange, 'settle', orderId, options.settleMs, pending);
    if (wantsRoute(exchange, order)) enter(exchange, 'route', orderId, options.routeMs);
    if (quote === undefined || !inSession(exchange, order.ticket)) continue;
    if (canTrigger(book, order) && electedBy(order.ticket, quote.price))
      enter(exchange, 'trigger', orderId, options.triggerMs);
  }
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

const execute = (exchange: Exchange, { orderId, units, price }: Execution): void => {
  const order = exchange.book.orders[orderId];
  const quote = exchange.quotes.get(order?.ticket.symbol ?? '');
  const cap = exchange.caps.get(orderId);
  if (quote !== undefined) quote.left = Math.max(0, quote.left - units);
  if (cap !== undefined) cap.left = Math.max(0, cap.left - units);
  if (exchange.options.lotGapMs > 0) {
    const until = exchange.now + exchange.options.lotGapMs;
    exchange.pausedUntil.set(orderId, until);
    exchange.coming.add(until, { kind: 'look' });
  }
  apply(exchange, act(exchange.book, { type: 'fill', orderId, shares: toShares(units), price }));
};

/** Everything that trades at this moment, one execution at a time. */
const market = (exchange: Exchange): void => {
  for (;;) {
    plan(exchange);
    const next = orders(exchange)
      .map((order) => execution(exchange, order))
      .find((one) => one !== undefined);
    if (next === undefined) return;
    execute(exchange, next);
  }
};

const CAPPED =
  'In accordance with our regulatory obligations as a broker, we will initially cap (or limit) ' +
  'the price of your Limit Order to';

const acknowledged = (exchange: Exchange, order: BookOrder): void => {
  const { orderId } = order.ticket;
  const { options, rejections } = exchange;
  const rule = options.rejects.find(
    (one) =>
      matches(one.match, order.ticket) &&
      (rejections.get(one) ?? 0) < (one.times ?? Number.POSITIVE_INFINITY),
  );
  if (rule !== undefined) {
    rejections.set(rule, (rejections.get(rule) ?? 0) + 1);
    const { code, text } = rule;
    apply(exchange, act(exchange.book, { type: 'reject', orderId, code, text }));
    return;
  }
  apply(exchange, act(exchange.book, { type: 'acknowledge', orderId }));
  const hold = options.holds.find((one) => matches(one.match, order.ticket));
  if (hold === undefined || exchange.book.orders[orderId]?.stage !== 'accepted') return;
  apply(exchange, act(exchange.book, { type: 'hold', orderId, whyHeld: hold.whyHeld }));
  if (hold.forMs !== undefined)
    exchange.coming.add(exchange.now + hold.forMs, {
      kind: 'happen',
      action: { type: 'release', orderId },
    });
};

/** A cancel under way is no protection: the exchange may trade the order until it has it. */
const cancelDecided = (exchange: Exchange, order: BookOrder): void => {
  const { orderId, symbol } = order.ticket;
  const quote = exchange.quotes.get(symbol);
  const most = tradable(exchange.book, order);
  if (most > 0 && quote !== undefined && exchange.random.chance(exchange.faults.fillAfterCancel)) {
    const lot = lotOf(exchange.book);
    const units = Math.floor(Math.min(most, toUnits(exchange.options.fillLot)) / lot) * lot;
    if (units > 0)
      execute(exchange, { orderId, units, price: limitOf(order.ticket) ?? quote.price });
  }
  const filled = exchange.book.orders[orderId]?.stage === 'ended';
  const type = filled ? 'refuseCancel' : 'acceptCancel';
  apply(exchange, act(exchange.book, { type, orderId }));
};

const elected = (exchange: Exchange, order: BookOrder): void => {
  const { orderId, symbol, orderType } = order.ticket;
  const { cap } = exchange.options;
  const quote = exchange.quotes.get(symbol);
  apply(exchange, act(exchange.book, { type: 'trigger', orderId }));
  if (cap === undefined || quote === undefined || orderType !== 'STP LMT') return;
  if (cap.outsideHoursOnly && isRegular(exchange)) return;
  const limit = cappedLimit(order.ticket, quote.price, cap.within);
  // A limit inside the cap is left as it is, and nothing is said.
  if (limit === order.ticket.lmtPrice) return;
  exchange.caps.set(orderId, { limit, left: toUnits(cap.shares) });
  exchange.coming.add(exchange.now + cap.forMs, { kind: 'uncap', orderId });
  const message = `${CAPPED} ${limit.toFixed(4)}`;
  say(exchange, { word: 'error', id: orderId, code: 2161, message }, false);
};

/** A decision falls due. What it was about may have gone meanwhile; then it is void. */
const decide = (exchange: Exchange, what: Decision, orderId: number): void => {
  const key = `${what} ${orderId}`;
  exchange.entered.set(key, (exchange.entered.get(key) ?? 1) - 1);
  const { book } = exchange;
  const order = book.orders[orderId];
  if (order === undefined) return;
  switch (what) {
    case 'acknowledge':
      if (order.stage === 'sent') acknowledged(exchange, order);
      return;
    case 'cancel':
      if (order.cancelAsked) cancelDecided(exchange, order);
      return;
    case 'trigger':
      if (canTrigger(book, order) && inSession(exchange, order.ticket)) elected(exchange, order);
      return;
    case 'route':
      if (wantsRoute(exchange, order)) apply(exchange, act(book, { type: 'route', orderId }));
      return;
    case 'settle':
      if (book.pending.some((one) => one.orderId === orderId))
        apply(exchange, act(book, { type: 'settle', orderId }));
      return;
    default: {
      const unknown: never = what;
      throw new RangeError(`no such decision: ${String(unknown)}`);
    }
  }
};

/** A request reaches TWS; while TWS has no link to IB it goes no further. */
const arrive = (exchange: Exchange, request: BrokerRequest): void => {
  const outage = exchange.channel.outageAt(exchange.now);
  if (outage === undefined) {
    const answer = request.request !== 'placeOrder' && request.request !== 'cancelOrder';
    // A modified price has not rested yet.
    if (request.request === 'placeOrder') exchange.resting.delete(request.ticket.orderId);
    apply(exchange, receive(exchange.book, request), answer);
  } else if (exchange.options.requestsWhileDown === 'delayed')
    exchange.coming.add(outage.to, { kind: 'arrive', request });
};

/** What was entered for later may have been overtaken: an end before a release, a bust. */
const stillPossible = (book: Book, action: BookAction): boolean => {
  if (action.type === 'release') return book.orders[action.orderId]?.stage === 'accepted';
  if (action.type !== 'correct') return true;
  return !book.trades.some((one) => one.busted && action.execId.startsWith(`${one.execBase}.`));
};

/** One event, and all that follows of it at the same moment. */
export const happens = (exchange: Exchange, at: number, event: VenueEvent): void => {
  exchange.now = at;
  switch (event.kind) {
    case 'arrive':
      arrive(exchange, event.request);
      break;
    case 'print':
      exchange.quotes.set(event.print.symbol, {
        price: event.print.price,
        left: toUnits(event.print.size ?? Number.POSITIVE_INFINITY),
      });
      break;
    case 'happen':
      if (stillPossible(exchange.book, event.action))
        apply(exchange, act(exchange.book, event.action));
      break;
    case 'decide':
      decide(exchange, event.what, event.orderId);
      break;
    case 'uncap':
      exchange.caps.delete(event.orderId);
      // Its own limit has not been at the exchange yet: it trades at the price it meets.
      exchange.resting.delete(event.orderId);
      break;
    case 'look':
      break;
    default: {
      const unknown: never = event;
      throw new RangeError(`no such event: ${JSON.stringify(unknown)}`);
    }
  }
  market(exchange);
};
