/**
 * A venue looks only at the orders that an event may concern. Beside it stands one that looks at
 * every order after every event: what is heard of both must be the same.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BrokerRequest, OcaType, OrderTicket } from '../../src/ports/broker.ts';
import type { BookAction } from '../../src/simulator/book.ts';
import { ordersIn } from '../../src/simulator/contents.ts';
import { happens } from '../../src/simulator/events.ts';
import { createExchange, type VenueEvent } from '../../src/simulator/exchange.ts';
import { createRandom, type Random } from '../../src/simulator/random.ts';
import { VENUE_DEFAULTS, type VenueOptions } from '../../src/simulator/terms.ts';
import { cancel, place, ticket } from './driving.ts';

type Timed = { readonly at: number; readonly event: VenueEvent };

const oneOf = <T>(random: Random, first: T, ...others: readonly T[]): T =>
  others[random.between(0, others.length) - 1] ?? first;

const PRICES = [1.2, 1.25, 1.3, 1.35, 1.4];

/** Groups reach across symbols and types; some orders are attached to others. */
const ticketOf = (random: Random, orderId: number): OrderTicket => {
  const { lmtPrice: _, ...unpriced } = ticket(orderId);
  const orderType = oneOf(random, 'LMT' as const, 'LMT', 'STP', 'STP LMT', 'MKT');
  const priced = orderType === 'LMT' || orderType === 'STP LMT';
  return {
    ...unpriced,
    symbol: oneOf(random, 'RIME', 'RIME', 'MRNR'),
    action: oneOf(random, 'SELL', 'BUY'),
    totalQuantity: random.between(1, 60),
    orderType,
    ...(priced ? { lmtPrice: oneOf(random, 1.3, ...PRICES) } : {}),
    ...(orderType.startsWith('STP') ? { auxPrice: oneOf(random, 1.3, ...PRICES) } : {}),
    outsideRth: random.chance(0.5),
    ocaGroup: oneOf(random, '', 'a', 'b', `c${orderId >> 2}`, `c${orderId >> 2}`),
    ocaType: oneOf<OcaType>(random, 2, 2, 1, 3),
    parentId: random.chance(0.15) ? random.between(1, orderId) : 0,
  };
};

const requestOf = (random: Random, tickets: Map<number, OrderTicket>): BrokerRequest => {
  const known = tickets.get(random.between(1, Math.max(1, tickets.size)));
  if (known !== undefined && random.chance(0.2)) return cancel(known.orderId);
  // A modify: of the price that binds, or of the size.
  if (known !== undefined && random.chance(0.35)) {
    const price = oneOf(random, 1.3, ...PRICES);
    const binds = known.lmtPrice === undefined ? {} : { lmtPrice: price };
    return place({ ...known, ...binds, totalQuantity: random.between(1, 60) });
  }
  const next = ticketOf(random, tickets.size + 1);
  tickets.set(next.orderId, next);
  return place(next);
};

const eventsOf = (random: Random, count: number): readonly Timed[] => {
  const tickets = new Map<number, OrderTicket>();
  let at = 0;
  return Array.from({ length: count }, (): Timed => {
    at += random.between(0, 12);
    if (random.chance(0.5))
      return { at, event: { kind: 'arrive', request: requestOf(random, tickets) } };
    if (random.chance(0.05)) {
      const action: BookAction = { type: 'newDay' };
      return { at, event: { kind: 'happen', action } };
    }
    const print = {
      at,
      symbol: oneOf(random, 'RIME', 'RIME', 'MRNR'),
      price: oneOf(random, 1.3, ...PRICES),
    };
    const sized = random.chance(0.6) ? { ...print, size: random.between(1, 90) } : print;
    return { at, event: { kind: 'print', print: sized } };
  });
};

const heardOf = (
  options: Partial<VenueOptions>,
  events: readonly Timed[],
  looksAtAll: boolean,
): readonly string[] => {
  const exchange = createExchange({ ...VENUE_DEFAULTS, ...options });
  for (const { at, event } of events) exchange.coming.add(at, event);
  const all = Number.POSITIVE_INFINITY;
  for (let due = exchange.coming.take(all); due; due = exchange.coming.take(all)) {
    if (looksAtAll)
      for (const { ticket: one } of ordersIn(exchange.book)) exchange.marked.add(one.orderId);
    happens(exchange, due.at, due.item);
  }
  const heard: string[] = [];
  for (let next = exchange.heard.take(all); next; next = exchange.heard.take(all))
    heard.push(`${next.at} ${JSON.stringify(next.item)}`);
  return heard;
};

test('a venue overlooks nobody', () => {
  const options = fc.record({
    seed: fc.nat(),
    fillLot: fc.constantFrom(Number.POSITIVE_INFINITY, 10),
    lotGapMs: fc.constantFrom(0, 15),
    triggerMs: fc.constantFrom(0, 5),
    routeMs: fc.constantFrom(0, 20),
    regularHours: fc.constantFrom(undefined, [
      { from: 100, to: 300 },
      { from: 400, to: 500 },
    ]),
    cap: fc.constantFrom(undefined, {
      within: 0.02,
      forMs: 60,
      shares: 5,
      outsideHoursOnly: false,
    }),
    holds: fc.constantFrom([], [{ match: { symbol: 'MRNR' }, whyHeld: 'locate', forMs: 40 }]),
    faults: fc.constantFrom({}, { fillAfterCancel: 0.5, correct: 0.2, reorder: 0.1 }),
    book: fc.record({
      childActivation: fc.constantFrom('complete' as const, 'partial' as const),
      attachedGroup: fc.constantFrom('parentPermId' as const, 'asked' as const),
    }),
  });
  fc.assert(
    fc.property(fc.nat(), options, (seed, terms) => {
      const events = eventsOf(createRandom(seed), 120);
      expect(heardOf(terms, events, false)).toEqual(heardOf(terms, events, true));
    }),
    { numRuns: 300 },
  );
}, 60_000);
