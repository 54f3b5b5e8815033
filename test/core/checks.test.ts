/** The laws bite: a bracket that is tampered with breaks the law that it should, and no other way. */
import { describe, expect, test } from 'vitest';
import { bracketChart, standingOf } from '../../src/core/charts.ts';
import { brokenLaws } from '../../src/core/checks.ts';
import type { Order } from '../../src/core/ledger.ts';
import type { Bracket } from '../../src/core/state.ts';
import type { Scope } from '../../src/verify/scope.ts';
import { engineOf } from '../../src/verify/worlds.ts';
import { begin, next, possible, runOf } from '../paths/model.ts';
import { bracket } from '../paths/suites.ts';

/** Brackets as they are on the way through one pair of two shares, with what is rare or without. */
function brackets(travel: Scope['travel'], rare: Scope['rare']): readonly Bracket[] {
  const scope = { requests: [bracket([2])], lots: [1, 99], travel, rare };
  const run = runOf({ name: 'laws', scope, checks: [], floor: [1, 1] });
  const queue = [begin(run)];
  for (let i = 0; i < queue.length && queue.length < 400; i++) {
    const at = queue[i];
    if (at !== undefined) queue.push(...possible(run, at).map((event) => next(run, at, event)));
  }
  return queue.flatMap(({ world }) =>
    Object.values(engineOf(world).engine.books).flatMap((book) => book.brackets),
  );
}

const LAWFUL = [
  ...brackets('prompt', { patience: 2 }),
  ...brackets('requests', { moveStop: 1, patience: 2, cut: 1 }),
];

const broken = (b: Bracket): readonly string[] => {
  const chart = bracketChart(b.pairs.length);
  // Another array each time: what was found lawful last must not be found again.
  const own = { ...b, orders: b.orders.map((order) => ({ ...order })) };
  const standing = standingOf(chart, { ...own.configuration });
  return brokenLaws(own, chart, standing).map(({ law, text }) => `${law} ${text}`);
};

const withOrders = (b: Bracket, change: (order: Order) => Order): Bracket => ({
  ...b,
  orders: b.orders.map(change),
});

const inState = (b: Bracket, changes: Record<string, string>): Bracket => ({
  ...b,
  configuration: { ...b.configuration, ...changes },
});

const exposureOf = (b: Bracket): string => b.configuration.exposure ?? '';
const held = (b: Bracket): Bracket => withOrders(b, (order) => ({ ...order, held: 'locate' }));

/** What is done to a bracket, where that is possible, and the law that must say so. */
const TAMPERED: readonly (readonly [
  what: string,
  says: RegExp,
  where: (b: Bracket) => boolean,
  tamper: (b: Bracket) => Bracket,
])[] = [
  [
    'shares that no execution has brought',
    /^L2 B\.entry\.1 counts 3, its executions are 2$/,
    (b) => b.orders[0]?.executedQty === 20_000,
    (b) => withOrders(b, (o) => (o.leg === 'entry' ? { ...o, executedQty: 30_000 } : o)),
  ],
  [
    'an execution twice',
    /^L2 .*\.01 counts twice$|^L2 \S+ counts twice$/,
    (b) => (b.orders[0]?.executions.length ?? 0) > 0,
    (b) =>
      withOrders(b, (o) => ({
        ...o,
        executions: [...o.executions, ...o.executions],
        executedQty: 2 * o.executedQty,
      })),
  ],
  [
    'a busted execution that still counts',
    /^L2 B\.entry\.1 counts/,
    (b) => (b.orders[0]?.executions.length ?? 0) > 0,
    (b) =>
      withOrders(b, (o) => ({
        ...o,
        executions: o.executions.map((e) => ({ ...e, busted: true })),
      })),
  ],
  [
    'a stop of which its chart knows nothing',
    /^L3 stop1 is idle in the chart and live in the ledger$/,
    (b) => b.orders[1]?.end === null,
    (b) => inState(b, { stop1: 'idle' }),
  ],
  [
    'a stop that only its chart has ended',
    /^L3 stop1 is ended\.cancelled in the chart and live in the ledger$/,
    (b) => b.orders[1]?.end === null,
    (b) => inState(b, { stop1: 'ended.cancelled' }),
  ],
  [
    'an entry that only the ledger has ended',
    /^L3 entry is live\..* in the chart and ended in the ledger$/,
    (b) => b.orders[0]?.end === null && (b.configuration.entry ?? '').startsWith('live'),
    (b) => withOrders(b, (o) => (o.leg === 'entry' ? { ...o, end: 'cancelled' } : o)),
  ],
  [
    'a replace that its chart does not wait for',
    /^L7 stop1 waits for a replace that its chart knows nothing of$/,
    (b) => (b.configuration.stop1 ?? '').endsWith('.none'),
    (b) => withOrders(b, (o) => (o.leg === 'stop1' ? { ...o, replaceAsked: o.ticket } : o)),
  ],
  [
    'a stop that does not protect',
    /^L5 protected with [12] naked$/,
    (b) => exposureOf(b) === 'protected',
    held,
  ],
  ...['flat', 'settling', 'closed'].map(
    (exposure) =>
      [
        `open shares in ${exposure}`,
        new RegExp(`^L5 ${exposure} with [12] naked$`),
        (b: Bracket) => exposureOf(b) === 'protected',
        (b: Bracket) => inState(held(b), { exposure }),
      ] as const,
  ),
  [
    'exits without an entry',
    /^L12 oversold, and the chart says/,
    (b) => b.orders.some((o) => o.exits && o.executedQty > 0) && exposureOf(b) !== 'breached',
    (b) =>
      withOrders(b, (o) =>
        o.leg === 'entry' ? { ...o, executions: [], executedQty: 0, claimedQty: 0 } : o,
      ),
  ],
  [
    'waits that do not run',
    /^L7 \S+ waits without a deadline$/,
    (b) => b.deadlines.length > 0,
    (b) => ({ ...b, deadlines: [] }),
  ],
];

describe('the laws', () => {
  test('are kept by every bracket on the way', () => {
    expect(LAWFUL.length).toBeGreaterThan(300);
    expect(LAWFUL.flatMap(broken)).toEqual([]);
  });

  test.each(TAMPERED)('bite on %s', (_, says, where, tamper) => {
    const tampered = LAWFUL.filter(where).map(tamper);
    expect(tampered.length).toBeGreaterThan(0);
    for (const one of tampered) expect(broken(one).join('\n')).toMatch(new RegExp(says, 'm'));
  });

  test('say nothing of what is lawful: a replace of an ended order, and of an earlier one', () => {
    const ended = LAWFUL.filter((b) => b.orders.some((o) => o.leg === 'stop1' && o.end !== null));
    expect(ended.length).toBeGreaterThan(0);
    const asked = ended.map((b) =>
      withOrders(b, (o) => (o.end === null ? o : { ...o, replaceAsked: o.ticket })),
    );
    expect(asked.flatMap(broken)).toEqual([]);
    // One that was found after another had taken its place: the leg's chart stands by the other.
    const found = LAWFUL.filter((b) => (b.configuration.stop1 ?? '').endsWith('.none')).map(
      (b) => ({
        ...b,
        orders: b.orders.flatMap((o) =>
          o.leg === 'stop1' ? [{ ...o, replaceAsked: o.ticket }, o] : [o],
        ),
      }),
    );
    expect(found.length).toBeGreaterThan(0);
    expect(found.flatMap(broken).filter((text) => text.startsWith('L7'))).toEqual([]);
  });

  test('check an order once: the same array of orders is lawful still', () => {
    const [b] = LAWFUL.filter(({ orders }) => orders.length > 1);
    if (b === undefined) throw new Error('no bracket with two orders');
    const chart = bracketChart(1);
    const laws = (one: Bracket) => brokenLaws(one, chart, standingOf(chart, one.configuration));
    expect(laws(b)).toEqual([]);
    const wrong = withOrders(b, (o) => ({ ...o, executedQty: o.executedQty + 1 }));
    expect(laws(wrong).length).toBeGreaterThan(0);
    expect(laws(wrong).length).toBeGreaterThan(0);
    expect(laws(b)).toEqual([]);
  });
});
