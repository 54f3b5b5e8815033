/**
 * The venue's inside: what IB and the exchange have before them, and how they are heard.
 *
 * What has to be looked at after an event is kept, not searched for: `concerned` hands over the
 * orders that the book, a price, the hour or the end of a pause may concern, each one once.
 */

import type { Action, BrokerRequest, BrokerWord, OrderTicket } from '../ports/broker.ts';
import { type Book, type BookAction, type BookOrder, type BookStep, emptyBook } from './book.ts';
import { type Channel, createChannel, type Faults, NO_FAULTS } from './channel.ts';
import { blocks, groupAt, orderAt, touched } from './contents.ts';
import { electedBy, limitOf, marketable } from './market.ts';
import { createRandom, type Random } from './random.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import { isStop, lotOf } from './standing.ts';
import type { Print, RejectRule, VenueOptions } from './terms.ts';
import { toShares, toUnits } from './units.ts';

export type Decision = 'acknowledge' | 'cancel' | 'trigger' | 'route' | 'settle';

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
/** The side of an order as last sent, kept until the book says the same and no more of it comes. */
type LastSent = { readonly action: Action; readonly underWay: number };
type Cap = { readonly limit: number; left: number };
/** What the hours say from `from` until before `to`. */
type Span = {
  readonly of: Hours;
  readonly from: number;
  readonly to: number;
  readonly regular: boolean;
};
type Hours = VenueOptions['regularHours'];

/** The one mutable thing of the simulator. */
export type Exchange = {
  options: VenueOptions;
  /** Shared with the channel, and written in place when they are amended. */
  readonly faults: { -readonly [K in keyof Faults]: Faults[K] };
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
  readonly sides: Map<number, LastSent>;
  readonly rejections: Map<RejectRule, number>;
  /** What is at IB, by symbol: whom a price may concern. */
  readonly accepted: Map<string, Map<number, BookOrder>>;
  /** When the pauses between two executions of one order are over. */
  readonly pauses: Schedule<number>;
  /** To be looked at, beside what `touched` says of the book since it was last `seen`. */
  readonly marked: Set<number>;
  seen: Book;
  /** Whether it was regular hours when last looked at. */
  regular: boolean;
  /** What was found then: hours may be those of many years. */
  span: Span | undefined;
  book: Book;
  now: number;
};

export const createExchange = (options: VenueOptions): Exchange => {
  const faults = { ...NO_FAULTS, ...options.faults };
  const random = createRandom(options.seed);
  const book = emptyBook(options.book);
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
    accepted: new Map(),
    pauses: createSchedule(),
    marked: new Set(),
    seen: book,
    regular: false,
    span: undefined,
    book,
    now: Number.NEGATIVE_INFINITY,
  };
  for (const outage of options.outages)
    for (const notice of exchange.channel.notices(outage))
      exchange.heard.add(notice.at, notice.word);
  // Whoever may trade from then on does so at the last price, not at the next one.
  for (const { from, to } of options.regularHours ?? [])
    for (const at of [from, to]) exchange.coming.add(at, { kind: 'look' });
  for (const print of options.tape) exchange.coming.add(print.at, { kind: 'print', print });
  return exchange;
};

// ── saying ───────────────────────────────────────────────────────────────────────────────────

/** The side of an order, as last sent; for what is of no order, BUY. */
export const sideOf = (exchange: Exchange, orderId: number): Action =>
  exchange.sides.get(orderId)?.action ?? orderAt(exchange.book, orderId)?.ticket.action ?? 'BUY';

export const noteSent = ({ sides }: Exchange, { orderId, action }: OrderTicket): void => {
  sides.set(orderId, { action, underWay: (sides.get(orderId)?.underWay ?? 0) + 1 });
};

export const noteArrived = ({ sides, book }: Exchange, { orderId }: OrderTicket): void => {
  const last = sides.get(orderId);
  if (last === undefined) return;
  const told = last.underWay === 1 && orderAt(book, orderId)?.ticket.action === last.action;
  if (told) sides.delete(orderId);
  else sides.set(orderId, { ...last, underWay: last.underWay - 1 });
};

const subjectOf = (word: BrokerWord): number => {
  if ('orderId' in word) return word.orderId;
  return word.word === 'error' ? word.id : 0;
};

/** IB says it: whoever observes has it at once, whether or not a client will ever hear it. */
export const say = (exchange: Exchange, word: BrokerWord, answer: boolean): void => {
  exchange.options.observe?.(word, exchange.now);
  const latency = exchange.options.heardMs[sideOf(exchange, subjectOf(word))];
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

export const apply = (exchange: Exchange, step: BookStep, answer = false): void => {
  exchange.book = step.book;
  for (const word of step.words) {
    say(exchange, word, answer);
    perhapsCorrect(exchange, word);
  }
};

// ── hours ────────────────────────────────────────────────────────────────────────────────────

export const isRegular = (exchange: Exchange): boolean => {
  const { now, span } = exchange;
  const { regularHours } = exchange.options;
  if (regularHours === undefined) return true;
  if (span?.of === regularHours && span.from <= now && now < span.to) return span.regular;
  const regular = regularHours.some((hours) => hours.from <= now && now < hours.to);
  const ends = regularHours.flatMap(({ from, to }) => [from, to]).filter((at) => at > now);
  const to = ends.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  exchange.span = { of: regularHours, from: now, to, regular };
  return regular;
};

/** Whether the order may be elected or trade at this hour. */
export const inSession = (exchange: Exchange, ticket: OrderTicket): boolean =>
  ticket.outsideRth || isRegular(exchange);

// ── whom to look at ──────────────────────────────────────────────────────────────────────────

/**
 * A stop that is not elected has no use for a price. Nor has a limit for one that it does not meet:
 * it rests already or waits for something else, unless it met the price before.
 */
const heeds = (order: BookOrder, price: number, before: number): boolean => {
  const { ticket } = order;
  if (isStop(order) && !order.triggered) return electedBy(ticket, price);
  const limit = limitOf(ticket);
  return marketable(ticket.action, limit, price) || marketable(ticket.action, limit, before);
};

/** A new price. Who is at the exchange for a group speaks for its members, of any symbol. */
export const quoted = (exchange: Exchange, { symbol, price, size }: Print): void => {
  const { quotes, accepted, marked, book } = exchange;
  const before = quotes.get(symbol)?.price;
  quotes.set(symbol, { price, left: toUnits(size ?? Number.POSITIVE_INFINITY) });
  for (const [orderId, order] of accepted.get(symbol) ?? []) {
    if (before !== undefined && !heeds(order, price, before)) continue;
    marked.add(orderId);
    const group = groupAt(book, order.group);
    if (group === undefined || !blocks(book, group) || group.routed !== orderId) continue;
    for (const member of group.members) marked.add(member);
  }
};

/** Whom the hour concerns: all, when a session begins or ends, and who has paused long enough. */
export const markByTime = (exchange: Exchange): void => {
  const { accepted, pauses, pausedUntil, marked, now } = exchange;
  const regular = isRegular(exchange);
  if (regular !== exchange.regular)
    for (const orders of accepted.values())
      for (const orderId of orders.keys()) marked.add(orderId);
  exchange.regular = regular;
  for (let over = pauses.take(now); over !== undefined; over = pauses.take(now)) {
    marked.add(over.item);
    if ((pausedUntil.get(over.item) ?? 0) <= now) pausedUntil.delete(over.item);
  }
};

/** Nothing that is kept of an order outlives it. */
const list = (exchange: Exchange, order: BookOrder): void => {
  const { orderId, symbol } = order.ticket;
  const listed = exchange.accepted.get(symbol) ?? new Map<number, BookOrder>();
  if (order.stage === 'accepted') exchange.accepted.set(symbol, listed.set(orderId, order));
  else if (listed.delete(orderId) && listed.size === 0) exchange.accepted.delete(symbol);
  if (order.stage !== 'ended') return;
  exchange.resting.delete(orderId);
  exchange.caps.delete(orderId);
  exchange.pausedUntil.delete(orderId);
};

/** Whom what has happened since the last time may concern, by rising ids. */
export const concerned = (exchange: Exchange): readonly BookOrder[] => {
  const { marked, seen, book } = exchange;
  for (const orderId of touched(seen, book)) {
    marked.add(orderId);
    const order = orderAt(book, orderId);
    if (order !== undefined) list(exchange, order);
  }
  exchange.seen = book;
  const orderIds = [...marked].sort((one, other) => one - other);
  marked.clear();
  return orderIds.flatMap((orderId) => orderAt(book, orderId) ?? []);
};
