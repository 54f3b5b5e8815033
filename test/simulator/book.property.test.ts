import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BrokerRequest, BrokerWord, OcaType } from '../../src/ports/broker.ts';
import {
  act,
  type Book,
  type BookOptions,
  choices,
  emptyBook,
  fillable,
  receive,
  truth,
} from '../../src/simulator/book.ts';
import { groupsIn, orderAt, ordersIn, tradesIn } from '../../src/simulator/contents.ts';
import { OCA_READINGS } from '../../src/simulator/readings.ts';
import { cancel, place, stopTicket, ticket } from './driving.ts';

const SCOPE = {
  lots: [1, 7, 100],
  refuseCancels: true,
  rejects: true,
  unsolicitedCancels: true,
  holds: true,
  inactivations: true,
};

/** A driver's step: a number picks among what is possible, so every sequence is a legal one. */
type Pick = {
  readonly what: 'choose' | 'place' | 'cancel' | 'correct' | 'bust';
  readonly n: number;
};

const picks = fc.array(
  fc.record({
    what: fc.oneof(
      { weight: 12, arbitrary: fc.constant('choose' as const) },
      { weight: 4, arbitrary: fc.constant('place' as const) },
      { weight: 2, arbitrary: fc.constant('cancel' as const) },
      { weight: 1, arbitrary: fc.constantFrom('correct' as const, 'bust' as const) },
    ),
    n: fc.nat(999),
  }),
  { maxLength: 60 },
);

const options = fc.record({
  ocaReading: fc.constantFrom(...OCA_READINGS.map((one) => one.name)),
  lateLeg: fc.constantFrom('left' as const, 'refused' as const, 'full' as const),
  childActivation: fc.constantFrom('complete' as const, 'partial' as const),
  shrunkToFilled: fc.constantFrom('Cancelled' as const, 'Filled' as const),
});

const placement = (n: number): BrokerRequest => {
  const changes = {
    totalQuantity: 1 + (n % 13) * 10,
    action: n % 5 === 0 ? ('BUY' as const) : ('SELL' as const),
    ocaGroup: ['', 'a', 'b'][n % 3] ?? '',
    ocaType: (n % 4) as OcaType,
    parentId: n % 7 === 0 ? 1 : 0,
    transmit: n % 6 !== 0,
  };
  const orderId = 1 + (n % 9);
  return place(n % 2 === 0 ? ticket(orderId, changes) : stopTicket(orderId, changes));
};

type Walk = {
  readonly books: readonly Book[];
  readonly words: readonly BrokerWord[];
  /** Bases of busted executions. */
  readonly busted: ReadonlySet<string>;
};

const execBaseOf = (execId: string): string => execId.slice(0, execId.lastIndexOf('.'));

const walk = (start: Partial<BookOptions>, steps: readonly Pick[]): Walk => {
  const books = [emptyBook(start)];
  const words: BrokerWord[] = [];
  const busted = new Set<string>();
  for (const { what, n } of steps) {
    const book = books.at(-1) ?? emptyBook(start);
    const live = tradesIn(book).filter((one) => !one.busted);
    const execId = `${live[n % Math.max(1, live.length)]?.execBase}.01`;
    const possible = choices(book, SCOPE);
    const chosen = possible[n % Math.max(1, possible.length)];
    let step = { book, words: [] as readonly BrokerWord[] };
    if (what === 'place') step = receive(book, placement(n));
    else if (what === 'cancel') step = receive(book, cancel(1 + (n % 10)));
    else if (what === 'choose' && chosen !== undefined) step = act(book, chosen);
    else if (what === 'correct' && live.length > 0)
      step = act(book, { type: 'correct', execId, shares: 1 + (n % 9), price: n / 100 });
    else if (what === 'bust' && live.length > 0) {
      busted.add(execBaseOf(execId));
      step = act(book, { type: 'bust', execId });
    }
    books.push(step.book);
    words.push(...step.words);
  }
  return { books, words, busted };
};

/** Signed shares by order reference, as somebody who hears every word would count them. */
const counted = ({ words, busted }: Walk): ReadonlyMap<string, { ref: string; shares: number }> => {
  const last = new Map<string, { ref: string; shares: number }>();
  for (const word of words)
    if (word.word === 'execDetails' && !busted.has(execBaseOf(word.execId)))
      last.set(execBaseOf(word.execId), {
        ref: word.orderRef,
        shares: word.side === 'BOT' ? word.shares : -word.shares,
      });
  return last;
};

describe('any sequence of requests and events', () => {
  test('conserves: what was said to have traded is what traded', () => {
    fc.assert(
      fc.property(options, picks, (start, steps) => {
        const walked = walk(start, steps);
        const { accounts, filledByRef } = truth(walked.books.at(-1) ?? emptyBook());
        const shares = [...counted(walked).values()];
        const bought = shares.reduce((sum, one) => sum + Math.max(0, one.shares), 0);
        const sold = shares.reduce((sum, one) => sum + Math.max(0, -one.shares), 0);
        const [account] = accounts;
        expect(account?.bought ?? 0).toBe(bought);
        expect(account?.sold ?? 0).toBe(sold);
        expect(account?.position ?? 0).toBe(bought - sold);
        for (const [ref, filled] of Object.entries(filledByRef))
          expect(
            shares
              .filter((one) => one.ref === ref)
              .reduce((sum, one) => sum + Math.abs(one.shares), 0),
          ).toBe(filled);
      }),
      { numRuns: 500 },
    );
  });

  test('never trades an order beyond its quantity, nor after its end', () => {
    fc.assert(
      fc.property(options, picks, (start, steps) => {
        const { books } = walk(start, steps);
        for (const [index, book] of books.entries())
          for (const order of ordersIn(book)) {
            const traded = tradesIn(book)
              .filter((one) => one.orderId === order.ticket.orderId)
              .reduce((sum, one) => sum + (one.revisions[0]?.units ?? 0), 0);
            expect(order.filled).toBe(traded);
            expect(order.filled).toBeLessThanOrEqual(order.total);
            const before = orderAt(books[index - 1] ?? emptyBook(), order.ticket.orderId);
            if (before?.stage === 'ended') expect(order.filled).toBe(before.filled);
          }
      }),
      { numRuns: 300 },
    );
  });

  test('has at most one member of a group with block at the exchange', () => {
    fc.assert(
      fc.property(options, picks, (start, steps) => {
        for (const book of walk(start, steps).books)
          for (const [name, group] of groupsIn(book)) {
            const out = fillable(book).filter(
              ({ orderId }) => orderAt(book, orderId)?.group === name,
            );
            if (group.ocaType !== 3) expect(out.length).toBeLessThanOrEqual(1);
          }
      }),
      { numRuns: 300 },
    );
  });

  test('equal pairs with block never sell more than their size, if the reading keeps them', () => {
    const readings = OCA_READINGS.filter((one) => one.keepsEqualPairs).map((one) => one.name);
    fc.assert(
      fc.property(fc.constantFrom(...readings), fc.array(fc.nat(99)), (ocaReading, steps) => {
        const group = { ocaGroup: 'a', ocaType: 2 } as const;
        let { book } = receive(emptyBook({ ocaReading }), place(stopTicket(1, group)));
        book = receive(book, place(ticket(2, group))).book;
        for (const n of steps) {
          const possible = choices(book, { lots: [1, 7, 33] });
          const chosen = possible[n % Math.max(1, possible.length)];
          if (chosen !== undefined) book = act(book, chosen).book;
        }
        expect(truth(book).accounts[0]?.sold ?? 0).toBeLessThanOrEqual(100);
      }),
      { numRuns: 300 },
    );
  });

  test('leaves the old book as it was, and gives the same again', () => {
    fc.assert(
      fc.property(options, picks, (start, steps) => {
        const first = walk(start, steps);
        const printed = first.books.map((book) => JSON.stringify(book));
        const again = walk(start, steps);
        expect(again.words).toEqual(first.words);
        expect(again.books.map((book) => JSON.stringify(book))).toEqual(printed);
        for (const book of first.books) {
          const before = JSON.stringify(deepFrozen(book));
          for (const action of choices(book, SCOPE)) act(book, action);
          receive(book, placement(3));
          receive(book, cancel(1));
          expect(JSON.stringify(book)).toBe(before);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** A write to a frozen book throws, since modules are strict. */
const deepFrozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFrozen(inner);
  }
  return value;
};
