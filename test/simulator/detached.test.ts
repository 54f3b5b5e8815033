import { describe, expect, test } from 'vitest';
import type { BrokerRequest, BrokerWord } from '../../src/ports/broker.ts';
import {
  act,
  type Book,
  type BookAction,
  choices,
  emptyBook,
  receive,
  truth,
} from '../../src/simulator/book.ts';
import { ordersIn } from '../../src/simulator/contents.ts';
import {
  type DetachedPlan,
  type DetachedRouter,
  hearDetached,
  openDetached,
  RIME_693,
} from '../../src/simulator/detached.ts';
import { createVenue } from '../../src/simulator/venue.ts';
import { lines } from './driving.ts';

type World = {
  readonly book: Book;
  readonly router: DetachedRouter;
  /** Sent by the router and not yet at IB: the reaction and the wire, of any length. */
  readonly sent: readonly BrokerRequest[];
  /** Which exits have traded, in order. */
  readonly order: string;
};

const small: DetachedPlan = {
  ...RIME_693,
  quantity: 3,
  targets: [
    { quantity: 2, price: 1.35 },
    { quantity: 1, price: 1.38 },
  ],
};

const roleOf = (orderId: number): string => (orderId === small.orderId + 1 ? 'stop ' : 'target ');

const heard = (world: World, book: Book, words: readonly BrokerWord[]): World => {
  let { router, sent, order } = world;
  for (const word of words) {
    const step = hearDetached(router, word);
    router = step.router;
    sent = [...sent, ...step.requests.map((one) => one.request)];
    if (word.word === 'execDetails' && word.side === 'SLD') order += roleOf(word.orderId);
  }
  return { book, router, sent, order };
};

const opened = (plan: DetachedPlan): World => {
  const { router, requests } = openDetached(plan);
  return {
    book: emptyBook(),
    router,
    sent: requests.map((one) => one.request),
    order: '',
  };
};

const next = (world: World): readonly World[] => {
  const [first, ...sent] = world.sent;
  const possible: readonly BookAction[] = choices(world.book, { lots: [3] });
  return [
    ...(first === undefined
      ? []
      : [receive(world.book, first)].map((step) =>
          heard({ ...world, sent }, step.book, step.words),
        )),
    ...possible
      .map((action) => act(world.book, action))
      .map((step) => heard(world, step.book, step.words)),
  ];
};

/** Every order of events, breadth first. */
const explored = (plan: DetachedPlan): readonly World[] => {
  const seen = new Set<string>();
  let frontier: readonly World[] = [opened(plan)];
  const all: World[] = [];
  while (frontier.length > 0) {
    const fresh = frontier.filter((world) => {
      const key = JSON.stringify(world);
      return seen.has(key) ? false : seen.add(key) !== undefined;
    });
    all.push(...fresh);
    frontier = fresh.flatMap(next);
  }
  return all;
};

const soldOf = (book: Book): number => truth(book).accounts[0]?.sold ?? 0;

describe('detached exits, in every order of events', () => {
  const worlds = explored(small);
  const doubled = new Set(
    worlds.filter((world) => soldOf(world.book) === 6).map((world) => world.order),
  );

  test('stop, then targets: as parent 693', () => {
    expect([...doubled]).toContain('stop target target ');
  });

  test('targets, then stop: as parent 705', () => {
    expect([...doubled]).toContain('target target stop ');
  });

  test('ask once, however often the fill is told', () => {
    const filled = (orderId: number): BrokerWord => ({
      word: 'orderStatus',
      orderId,
      permId: 0,
      status: 'Filled',
      filled: 3,
      remaining: 0,
      avgFillPrice: 1,
      whyHeld: '',
    });
    const entered = hearDetached(openDetached(small).router, filled(693));
    expect(entered.requests).toHaveLength(3);
    const stopped = hearDetached(entered.router, filled(694));
    expect(stopped.requests.map((one) => [one.request, one.afterMs])).toEqual([
      [{ request: 'cancelOrder', orderId: 695 }, 1_500],
      [{ request: 'cancelOrder', orderId: 696 }, 1_500],
    ]);
    expect(hearDetached(stopped.router, filled(694)).requests).toEqual([]);
    const shrinking = openDetached({ ...small, onTarget: 'shrinkStop' }).router;
    const shrunk = hearDetached(hearDetached(shrinking, filled(693)).router, filled(695));
    expect(shrunk.requests).toHaveLength(1);
    expect(hearDetached(shrunk.router, filled(695)).requests).toEqual([]);
  });

  test('also end well, when the cancels are in time', () => {
    const flat = worlds.filter(
      ({ book, sent }) =>
        sent.length === 0 &&
        truth(book).accounts[0]?.position === 0 &&
        ordersIn(book).every((order) => order.stage === 'ended'),
    );
    expect(flat.length).toBeGreaterThan(0);
  });
});

describe('detached exits, on a tape', () => {
  type Tape = readonly (readonly [number, number])[];

  const run = (plan: DetachedPlan, tape: Tape) => {
    const venue = createVenue({
      tape: tape.map(([at, price]) => ({ at, symbol: 'RIME', price })),
    });
    let { router, requests } = openDetached(plan);
    const exits: string[] = [];
    const words: BrokerWord[] = [];
    let now = 0;
    for (;;) {
      for (const one of requests) venue.submit(one.request, now + one.afterMs);
      requests = [];
      const at = venue.nextAt();
      if (at === undefined) return { truth: venue.truth(), exits, words };
      now = at;
      for (const { word } of venue.advance(at)) {
        words.push(word);
        const step = hearDetached(router, word);
        router = step.router;
        requests = [...requests, ...step.requests];
        if (word.word === 'execDetails' && word.side === 'SLD')
          exits.push(`${word.orderId}:${word.shares}`);
      }
    }
  };

  test('the price falls and recovers within the reaction: 693', () => {
    const { truth: real, exits } = run(RIME_693, [
      [0, 1.31],
      [2_000, 1.25],
      [2_500, 1.36],
      [2_800, 1.4],
    ]);
    expect(exits).toEqual(['694:100', '695:70', '696:30']);
    expect(real.accounts[0]).toMatchObject({ bought: 100, sold: 200, position: -100 });
  });

  const spike: Tape = [
    [0, 1.31],
    [2_000, 1.36],
    [2_500, 1.4],
    [2_800, 1.21],
  ];

  test('the price spikes and collapses within the reaction: 705', () => {
    const { truth: real, exits } = run({ ...RIME_693, orderId: 705 }, spike);
    expect(exits).toEqual(['707:70', '708:30', '706:100']);
    expect(real.accounts[0]?.position).toBe(-100);
  });

  test('a stop that is to shrink has filled: 104', () => {
    const { words } = run({ ...RIME_693, orderId: 705, onTarget: 'shrinkStop' }, spike);
    expect(lines(words)).toContain('706 104');
  });

  test('a quiet day ends flat', () => {
    const { truth: real } = run(RIME_693, [
      [0, 1.31],
      [2_000, 1.25],
      [9_000, 1.4],
    ]);
    expect(real.accounts[0]?.position).toBe(0);
  });
});
