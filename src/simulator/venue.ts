/**
 * A broker with clocks: the book, driven by a tape of prices and a seed.
 *
 * Theory of operation. Time is simulated and only the caller moves it. A request is in effect some
 * time after it was sent; a word is heard some time after it happened. In between, the venue lets
 * happen what the tape and the rules make happen. All draws come from one seed in the order of
 * events, so the same calls give the same words, however `advance` is cut into steps.
 */

import type { Action, BrokerRequest } from '../ports/broker.ts';
import { type Book, type BookAction, type Truth, truth } from './book.ts';
import { type Heard, NO_FAULTS, type Outage } from './channel.ts';
import { happens } from './events.ts';
import { createExchange, type Exchange, noteSent, sideOf } from './exchange.ts';
import { type Print, type RejectRule, VENUE_DEFAULTS, type VenueOptions } from './terms.ts';

export type Venue = {
  /** Requests arrive in the order of submission: a cancel never overtakes its own placement. */
  readonly submit: (request: BrokerRequest, atMs: number) => void;
  /** Lets time pass and returns what was heard, in the order of hearing. */
  readonly advance: (toMs: number) => Heard[];
  /** When something will happen or be heard next. */
  readonly nextAt: () => number | undefined;
  readonly truth: () => Truth;
  /** The last price. */
  readonly price: (symbol: string) => number | undefined;
  /** Adds a price to the tape. */
  readonly print: (print: Print) => void;
  /** Has something out of the ordinary happen: a bust, a foreign trade, a hold, midnight. */
  readonly happen: (action: BookAction, atMs: number) => void;
  /** The outage of the link in which a time lies, as far as it is known by now. */
  readonly outageAt: (atMs: number) => Outage | undefined;
  readonly book: () => Book;
  /** From now on. What was decided under the old options, stays so. */
  readonly amend: (options: Partial<VenueOptions>) => void;
  readonly options: () => VenueOptions;
  /** Rejections that still wait for a placement; `times` is how many are left of one. */
  readonly waitingRejects: () => readonly RejectRule[];
};

const sideOfRequest = (exchange: Exchange, request: BrokerRequest): Action => {
  if (request.request === 'placeOrder') return request.ticket.action;
  if (request.request !== 'cancelOrder') return 'BUY';
  return sideOf(exchange, request.orderId);
};

const earliest = (one: number | undefined, other: number | undefined): number | undefined => {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
};

/** All that is due until then happens, and what was heard by then is handed over. */
const advanced = (exchange: Exchange, toMs: number): Heard[] => {
  for (;;) {
    const due = exchange.coming.take(toMs);
    if (due === undefined) break;
    happens(exchange, due.at, due.item);
  }
  const words: Heard[] = [];
  for (;;) {
    const next = exchange.heard.take(toMs);
    if (next === undefined) return words;
    words.push({ at: next.at, word: next.item });
  }
};

export const createVenue = (given: Partial<VenueOptions> = {}): Venue => {
  const exchange = createExchange({ ...VENUE_DEFAULTS, ...given });
  let reached = Number.NEGATIVE_INFINITY;
  let lastArrival = Number.NEGATIVE_INFINITY;
  const notPast = (at: number, what: string): void => {
    if (!(at >= reached)) throw new RangeError(`${what} at ${at}, but it is ${reached} already`);
  };
  return {
    submit: (request, atMs) => {
      notPast(atMs, request.request);
      if (request.request === 'placeOrder') noteSent(exchange, request.ticket);
      const latency = exchange.options.sentMs[sideOfRequest(exchange, request)];
      lastArrival = Math.max(lastArrival, atMs + latency);
      exchange.coming.add(lastArrival, { kind: 'arrive', request });
    },
    advance: (toMs) => {
      notPast(toMs, 'advance');
      reached = toMs;
      return advanced(exchange, toMs);
    },
    nextAt: () => earliest(exchange.coming.nextAt(), exchange.heard.nextAt()),
    truth: () => truth(exchange.book),
    price: (symbol) => exchange.quotes.get(symbol)?.price,
    print: (print) => {
      notPast(print.at, 'print');
      exchange.coming.add(print.at, { kind: 'print', print });
    },
    happen: (action, atMs) => {
      notPast(atMs, action.type);
      exchange.coming.add(atMs, { kind: 'happen', action });
    },
    outageAt: exchange.channel.outageAt,
    book: () => exchange.book,
    options: () => exchange.options,
    waitingRejects: () =>
      exchange.options.rejects.flatMap((rule) => {
        const left =
          (rule.times ?? Number.POSITIVE_INFINITY) - (exchange.rejections.get(rule) ?? 0);
        if (left <= 0) return [];
        return [rule.times === undefined ? rule : { ...rule, times: left }];
      }),
    amend: (changed) => {
      exchange.options = { ...exchange.options, ...changed };
      if (changed.faults !== undefined) Object.assign(exchange.faults, NO_FAULTS, changed.faults);
      const options = { ...exchange.book.options, ...exchange.options.book };
      exchange.book = { ...exchange.book, options };
      // Whoever was blocked may not be any more.
      for (const orders of exchange.accepted.values())
        for (const orderId of orders.keys()) exchange.marked.add(orderId);
    },
  };
};
