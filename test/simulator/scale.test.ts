/**
 * A book looks only at what a change has touched. Here the whole of it is looked at, slowly, after
 * every change: nothing else may have been touched, and nothing that was may have gone unsaid.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BrokerWord, OrderStatusReport, OrderTicket } from '../../src/ports/broker.ts';
import {
  act,
  type Book,
  type BookOptions,
  type BookOrder,
  choices,
  emptyBook,
  receive,
} from '../../src/simulator/book.ts';
import type { Heard } from '../../src/simulator/channel.ts';
import { groupsIn, orderAt, ordersIn, tradesIn } from '../../src/simulator/contents.ts';
import { createRandom, type Random } from '../../src/simulator/random.ts';
import { eligible, remaining, standing } from '../../src/simulator/standing.ts';
import type { Print, VenueOptions } from '../../src/simulator/terms.ts';
import { createVenue } from '../../src/simulator/venue.ts';
import { acknowledge, bookOf, cancel, drive, fill, place, stopTicket, ticket } from './driving.ts';

/** Alone, in pairs of every type, and in bracket sets: parent, stop, target. */
const someOrders = (count: number, from: number, every: number): readonly OrderTicket[] =>
  Array.from({ length: count }, (_, n) => {
    const orderId = from + n * every;
    const [place, nth] = [n % 9, Math.floor(n / 9)];
    const group = { ocaGroup: `${from}.${nth}.${place >> 1}` };
    const prices = { lmtPrice: 1.3 + (n % 17) / 100, auxPrice: 1.3 - (n % 11) / 100 };
    if (place < 2) return ticket(orderId, { lmtPrice: prices.lmtPrice });
    if (place < 6) {
      const type = { ...group, ocaType: place < 4 ? 2 : n % 2 === 0 ? 1 : 3 } as const;
      return place % 2 === 0
        ? stopTicket(orderId, { ...type, auxPrice: prices.auxPrice })
        : ticket(orderId, { ...type, lmtPrice: prices.lmtPrice });
    }
    const parentId = orderId - (place - 6) * every;
    if (place === 6)
      return ticket(orderId, { action: 'BUY', lmtPrice: prices.auxPrice, transmit: false });
    return place === 7
      ? stopTicket(orderId, { parentId, auxPrice: 1.1, transmit: false })
      : ticket(orderId, { parentId, lmtPrice: prices.lmtPrice });
  });

const SCOPE = {
  lots: [1, 30, 100],
  refuseCancels: true,
  unsolicitedCancels: true,
  holds: true,
  inactivations: true,
};

const OPTIONS: readonly Partial<BookOptions>[] = [
  {},
  { childActivation: 'partial', ocaReading: 'proportionalOfRemaining' },
  { attachedGroup: 'asked', lateLeg: 'full' },
];

/** What a look at all orders finds changed, those about `first` first. */
const statusesOf = (before: Book, after: Book, first: number): readonly number[] => {
  const changed = ordersIn(after).filter((is) => {
    const was = orderAt(before, is.ticket.orderId);
    if (was === undefined || (was.stage !== 'accepted' && is.stage === 'accepted')) return true;
    return (
      JSON.stringify(standing(before, was)) !== JSON.stringify(standing(after, is)) ||
      was.filled !== is.filled ||
      remaining(was) !== remaining(is)
    );
  });
  const ids = changed.map((one) => one.ticket.orderId);
  return [...ids.filter((one) => one === first), ...ids.filter((one) => one !== first)];
};

const outlives = (book: Book, child: BookOrder): boolean => {
  const parent = orderAt(book, child.ticket.parentId);
  if (child.stage === 'ended' || child.ticket.parentId === 0 || parent?.stage !== 'ended')
    return false;
  return parent.end !== 'Filled' && parent.filled < child.total;
};

const averageOf = (book: Book, orderId: number): number => {
  const parts = tradesIn(book)
    .filter((trade) => trade.orderId === orderId && !trade.busted)
    .flatMap((trade) => trade.revisions.slice(-1));
  const units = parts.reduce((sum, part) => sum + part.units, 0);
  return units === 0 ? 0 : parts.reduce((sum, part) => sum + part.units * part.price, 0) / units;
};

const statusesIn = (words: readonly BrokerWord[]): readonly OrderStatusReport[] =>
  words.flatMap((word) => (word.word === 'orderStatus' ? [word] : []));

/** Everything in it is as a look at the whole would leave it. */
const expectSettled = (book: Book): void => {
  expect(ordersIn(book).filter((one) => outlives(book, one))).toEqual([]);
  for (const [name, group] of groupsIn(book)) {
    const able = group.members.filter((one) => {
      const order = orderAt(book, one);
      return order !== undefined && eligible(book, order);
    });
    if (group.ocaType !== 3)
      expect([name, able.length === 0 || able.includes(group.routed)]).toEqual([name, true]);
  }
};

const happening = (book: Book, random: Random, nextId: number) => {
  const some = ordersIn(book);
  const one = some[random.between(0, some.length - 1)];
  const execIds = tradesIn(book).filter((trade) => !trade.busted);
  const trade = execIds[random.between(0, execIds.length - 1)];
  const what = random.next();
  if (what < 0.1)
    return place(ticket(nextId, { ocaGroup: ['', one?.group ?? ''][nextId % 2] ?? '' }));
  if (what < 0.2) return cancel(one?.ticket.orderId ?? 1);
  if (what < 0.25 && trade !== undefined) {
    const execId = `${trade.execBase}.01`;
    return what < 0.23
      ? ({ type: 'correct', execId, shares: 7, price: 1.5 } as const)
      : ({ type: 'bust', execId } as const);
  }
  const possible = choices(book, SCOPE);
  return possible[random.between(0, possible.length - 1)] ?? ({ type: 'newDay' } as const);
};

const SIZES = [
  { count: 1_800, steps: 20 },
  { count: 36, steps: 150 },
];

describe('a book of thousands of orders', () => {
  test('says what a look at all of them finds, and leaves nothing that should have followed', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom(...OPTIONS),
        fc.constantFrom(1, 7, 4_000),
        fc.constantFrom(...SIZES),
        (seed, options, every, { count, steps }) => {
          const random = createRandom(seed);
          const tickets = someOrders(count, 5, every);
          let { book } = drive(
            emptyBook(options),
            ...tickets.map(place),
            ...tickets.map((one) => acknowledge(one.orderId)),
          );
          expectSettled(book);
          for (let n = 1; n <= steps; n += 1) {
            const event = happening(book, random, 5 + (count + n) * every);
            const step = 'request' in event ? receive(book, event) : act(book, event);
            const about =
              'request' in event && event.request === 'placeOrder'
                ? event.ticket.orderId
                : 'orderId' in event
                  ? event.orderId
                  : 0;
            const statuses = statusesIn(step.words);
            expect(statuses.map((word) => word.orderId)).toEqual(
              statusesOf(book, step.book, about),
            );
            for (const word of statuses)
              if (word.filled > 0)
                expect(word.avgFillPrice).toBeCloseTo(averageOf(step.book, word.orderId), 6);
            expectSettled(step.book);
            book = step.book;
          }
        },
      ),
      { numRuns: 10 },
    );
  }, 60_000);
});

type Script = {
  readonly tickets: readonly OrderTicket[];
  readonly cancels: readonly { readonly at: number; readonly orderId: number }[];
  readonly tape: readonly Print[];
};

const SYMBOLS = ['RIME', 'MRNR', 'OTHR'];

/** A tenth of a second for a symbol; its ids lie between those of the others. */
const scriptOf = (seed: number, nth: number): Script => {
  const random = createRandom(seed + nth);
  const symbol = SYMBOLS[nth] ?? '';
  const tickets = someOrders(180, 10 + nth, SYMBOLS.length).map((one) => ({ ...one, symbol }));
  return {
    tickets,
    cancels: Array.from({ length: 30 }, () => ({
      at: random.between(40, 900),
      orderId: 10 + nth + SYMBOLS.length * random.between(0, 179),
    })),
    tape: Array.from({ length: 40 }, (_, n): Print => {
      const price = Math.round((1.3 + (random.next() - 0.5) * 0.3) * 100) / 100;
      const print = { at: n * 25, symbol, price };
      return random.next() < 0.5 ? print : { ...print, size: random.between(1, 400) };
    }),
  };
};

const played = (scripts: readonly Script[], options: Partial<VenueOptions>): readonly Heard[] => {
  const venue = createVenue({ ...options, tape: scripts.flatMap(({ tape }) => tape) });
  const requests = scripts.flatMap(({ tickets, cancels }) => [
    ...tickets.map((one, n) => ({ at: n, request: place(one) })),
    ...cancels.map(({ at, orderId }) => ({ at, request: cancel(orderId) })),
  ]);
  for (const { at, request } of requests.sort((one, other) => one.at - other.at))
    venue.submit(request, at);
  return venue.advance(5_000);
};

const printed = (heard: readonly Heard[]): readonly string[] =>
  heard.map((one) => JSON.stringify(one));

const orderIdOf = (word: BrokerWord): number => {
  if ('orderId' in word) return word.orderId;
  return word.word === 'error' ? word.id : -1;
};

/** Without hours and pauses: their ends are noticed with the next event, whosever it is. */
test('symbols that share a venue hear what each would hear alone', () => {
  const options = fc.record({
    fillLot: fc.constantFrom(Number.POSITIVE_INFINITY, 40),
    book: fc.constantFrom(...OPTIONS),
  });
  fc.assert(
    fc.property(fc.nat(), options, (seed, terms) => {
      const scripts = SYMBOLS.map((_, nth) => scriptOf(seed, nth));
      const together = played(scripts, terms);
      for (const script of scripts) {
        const ids = new Set(script.tickets.map((one) => one.orderId));
        const theirs = together.filter(({ word }) => ids.has(orderIdOf(word)));
        expect(printed(theirs)).toEqual(printed(played([script], terms)));
      }
    }),
    { numRuns: 6 },
  );
}, 60_000);

describe('an execution has an id of its own', () => {
  const execIds = (words: readonly BrokerWord[]): readonly string[] =>
    words.flatMap((word) => (word.word === 'execDetails' ? [word.execId] : []));

  test('however many the order has had', () => {
    const count = 20_010;
    let book = bookOf([ticket(1, { totalQuantity: count }), ticket(11, { totalQuantity: 9 })]);
    const seen = new Set<string>();
    for (let n = 0; n < count; n += 1) {
      const step = act(book, fill(1, 1));
      for (const execId of execIds(step.words)) seen.add(execId);
      book = step.book;
    }
    for (const execId of execIds(drive(book, fill(11, 1)).words)) seen.add(execId);
    expect(seen.size).toBe(count + 1);
    expect([...seen].slice(9_998, 10_000)).toEqual([
      '0000e0d5.00019999.01.01',
      '0000e0d5.00010000.02.01',
    ]);
    const correct = {
      type: 'correct',
      execId: '0000e0d5.00010000.02.01',
      shares: 3,
      price: 2,
    } as const;
    const [word] = drive(book, correct).words;
    expect(word).toMatchObject({ execId: '0000e0d5.00010000.02.02', cumQty: 10_002 });
  });

  test('however large the ids of orders are', () => {
    const large = [2 ** 31 - 1, 900_719_925_475, 900_719_925_476, Number.MAX_SAFE_INTEGER];
    let book = bookOf(large.map((orderId) => ticket(orderId)));
    const seen: string[] = [];
    for (const orderId of large)
      for (let n = 0; n < 3; n += 1) {
        const step = act(book, fill(orderId, 10));
        seen.push(...execIds(step.words));
        book = step.book;
      }
    expect(new Set(seen).size).toBe(12);
    const asked = drive(
      book,
      { type: 'bust', execId: seen[4] ?? '' },
      { request: 'reqExecutions', reqId: 1 },
    );
    expect(execIds(asked.words)).toEqual(seen.filter((_, n) => n !== 4));
  });

  test('and an order id that is no whole number is refused', () => {
    for (const wrong of [-1, 0.5, 2 ** 53]) {
      const { book, words } = drive(emptyBook(), place(ticket(wrong)));
      expect(words).toMatchObject([{ word: 'error', id: wrong, code: 321 }]);
      expect(() => act(book, acknowledge(wrong))).toThrow(RangeError);
    }
  });
});
