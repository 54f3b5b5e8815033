import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  auditFile,
  auditRecords,
  bought,
  created,
  type Fields,
  kinds,
  logOf,
  type Outcome,
  parentOf,
  position,
  sold,
  status,
  symbolOf,
  textOf,
  withFile,
} from './logs.ts';

/** Exits that name no parent: what they are is told by their name, their group or the position. */

const buy = (orderId: number, more: Fields = {}) => created(orderId, { action: 'BUY', ...more });
const sell = (orderId: number, more: Fields = {}) => created(orderId, more);
const gone = (orderId: number) => status(orderId, 'Cancelled');

async function firstWords(records: readonly Fields[]): Promise<string> {
  const { stdout } = await withFile(logOf(records), (path) => auditFile([path]));
  return (stdout.split('\n\n')[0] ?? '').replaceAll(/\n +/g, ' ');
}

function oversoldOf({ report }: Outcome): readonly (readonly [number, number])[] {
  return report.parents.map(({ orderId, oversoldQty }) => [orderId, oversoldQty]);
}

/** Bought 100; the target sold 60 of it, and the stop, which did not know, all 100. */
const sixtyShort = (entry: Fields, stop: Fields, target: Fields): readonly Fields[] => [
  buy(1, entry),
  bought(1, 60, { account: 'DU1' }),
  bought(1, 40, { account: 'DU1' }),
  sell(2, { orderType: 'STP', ...stop }),
  sell(3, target),
  sold(3, 60),
  sold(2, 60),
  sold(2, 40),
  gone(3),
  position(-60, { account: 'DU1' }),
];

const group = { ocaGroup: 'bracket-1', ocaType: 2 };
const names = (...refs: readonly string[]) => refs.map((orderRef) => ({ orderRef }));

describe('bought 100 and sold 160 is oversold by 60, whatever the exits say of themselves', () => {
  const logs: readonly (readonly [string, readonly Fields[]])[] = [
    ['nothing', [{}, {}, {}]],
    ['names of the router', names('entry', 'stop', 'target')],
    ["names of Interlock's", names('B.entry.1', 'B.stop1.1', 'B.target1.1')],
    ['a group', [{ orderRef: 'entry' }, group, group]],
    ['a role', [{ role: 'entry' }, { role: 'stop' }, { role: 'target' }]],
  ];
  test.each(logs)('%s', async (_name, [entry = {}, stop = {}, target = {}]) => {
    const records = sixtyShort(entry, stop, target);
    const outcome = await auditRecords(records);
    expect(outcome.code).toBe(2);
    expect(outcome.report.parents).toHaveLength(1);
    expect(parentOf(outcome)).toMatchObject({
      entryFilledQty: 100,
      exitFilledQty: 160,
      oversoldQty: 60,
      sequence: ['target:60', 'stop:60', 'stop:40'],
      pattern: 'target-then-stop',
      verdict: 'oversold',
    });
    expect(symbolOf(outcome)).toMatchObject({ netLogged: -60, verdict: 'oversold' });
    expect(textOf(outcome, 'crossed-zero')).toBe(
      'parent 1: orders 3, 2 are exits of it, though without parentId; ' +
        'its exits took its position through zero to -60',
    );
    expect(await firstWords(records)).toBe(
      'OVERSOLD     RIME: 1 of 1 parent exited 60 shares more than entered: 1 by 60 ' +
        '(target-then-stop, through orders 3, 2).',
    );
  });
});

test('both exits in full: bought 100, sold 200', async () => {
  const legs = [sell(2, { orderType: 'STP' }), sell(3), sold(2, 100), sold(3, 100)];
  const outcome = await auditRecords([buy(1), bought(1, 100), ...legs, position(-100)]);
  expect(oversoldOf(outcome)).toEqual([[1, 100]]);
  expect(outcome.code).toBe(2);
});

test('an exit in a group of exits that name their parent is of that parent', async () => {
  const outcome = await auditRecords([
    buy(1),
    sell(2, { parentId: 1, ...group, orderType: 'STP' }),
    sell(3, group),
    bought(1, 100),
    sold(2, 100),
    sold(3, 100),
    position(-100),
  ]);
  expect(oversoldOf(outcome)).toEqual([[1, 100]]);
});

test('exits that were placed with the entry are found by the first of their group', async () => {
  const orders = [buy(1), sell(2, { ...group, orderType: 'STP' }), sell(3, group)];
  const fills = [bought(1, 100), sold(2, 100)];
  const sound = await auditRecords([...orders, ...fills, gone(3), position(0)]);
  expect(sound.report.parents).toHaveLength(1);
  expect(parentOf(sound).legs.map(({ orderId, role }) => [orderId, role])).toEqual([
    [2, 'stop'],
    [3, 'target'],
  ]);
  const both = await auditRecords([...orders, ...fills, sold(3, 100), position(-100)]);
  expect(oversoldOf(both)).toEqual([[1, 100]]);
});

test("Interlock's name goes before the position: the exit is of its own bracket", async () => {
  const outcome = await auditRecords([
    buy(1, { orderRef: 'A.entry.1' }),
    buy(2, { orderRef: 'B.entry.1' }),
    bought(1, 100),
    bought(2, 100),
    sell(3, { orderRef: 'A.stop1.1' }),
    sold(3, 100),
    sell(4, { orderRef: 'A.target1.2' }),
    sold(4, 30),
    gone(4),
    position(70),
  ]);
  expect(oversoldOf(outcome)).toEqual([
    [1, 30],
    [2, 0],
  ]);
});

test('an entry of Interlock that was sent again is one entry', async () => {
  const outcome = await auditRecords([
    buy(1, { orderRef: 'A.entry.1' }),
    bought(1, 40),
    gone(1),
    buy(2, { orderRef: 'A.entry.2', quantity: 60 }),
    bought(2, 60),
    sell(3, { orderRef: 'A.closing.1' }),
    sold(3, 100),
    position(0),
  ]);
  expect(outcome.report.parents).toHaveLength(1);
  expect(parentOf(outcome)).toMatchObject({ entryFilledQty: 100, exitFilledQty: 100 });
});

test('a short bracket is sound, and oversold where both exits bought', async () => {
  const start = [sell(1), sold(1, 100), buy(2, { orderType: 'STP' }), buy(3), bought(3, 100)];
  const sound = [...start, gone(2), position(0)];
  const outcome = await auditRecords(sound);
  expect(oversoldOf(outcome)).toEqual([[1, 0]]);
  expect(parentOf(outcome)).toMatchObject({ side: 'SELL', verdict: 'sound' });
  expect([kinds(outcome).includes('crossed-zero'), outcome.code]).toEqual([false, 0]);
  expect(await firstWords(sound)).toMatch(/^NO OVERSELL {2}1 parent, /);
  const both = await auditRecords([...start, bought(2, 100), position(100)]);
  expect(oversoldOf(both)).toEqual([[1, 100]]);
});

describe('two brackets', () => {
  const bracket = (id: number): readonly Fields[] => [
    buy(id),
    bought(id, 100),
    sell(id + 1, { orderType: 'STP' }),
    sell(id + 2),
    sold(id + 1, 100),
  ];
  test('one after the other are sound', async () => {
    const records = [...bracket(1), gone(3), ...bracket(11), gone(13), position(0)];
    expect(oversoldOf(await auditRecords(records))).toEqual([
      [1, 0],
      [11, 0],
    ]);
    expect(await firstWords(records)).toMatch(/^NO OVERSELL {2}2 parents, /);
  });
  test('after an oversell the next entry is an entry, and closes nothing', async () => {
    const records = [...bracket(1), sold(3, 100), ...bracket(11), gone(13), position(-100)];
    const outcome = await auditRecords(records);
    expect(oversoldOf(outcome)).toEqual([
      [1, 100],
      [11, 0],
    ]);
  });
  test('at once: what the wrong one seems to oversell, the other has', async () => {
    const entries = [buy(1), bought(1, 100), buy(2), bought(2, 100)];
    const exits = [sell(3), sell(4), sold(3, 100), sold(4, 100)];
    const sound = await auditRecords([...entries, ...exits, position(0)]);
    expect([sound.code, oversoldOf(sound)]).toEqual([
      0,
      [
        [1, 0],
        [2, 0],
      ],
    ]);
    const one = await auditRecords([...entries, sell(3, { quantity: 200 }), sold(3, 200)]);
    expect(one.report.parents.map(({ sequence }) => sequence)).toEqual([
      ['target:100'],
      ['target:100'],
    ]);
    const over = await auditRecords([...entries, ...exits, sell(5), sold(5, 50), gone(5)]);
    expect(symbolOf(over).verdict).toBe('unknown');
  });
  test('at once, each exit twice in its group: it is the oversell of one', async () => {
    const outcome = await auditRecords([
      ...[buy(1), bought(1, 100), buy(2), bought(2, 100)],
      ...[sell(3, { ocaGroup: 'g' }), sell(4, { ocaGroup: 'g' }), sold(3, 100), sold(4, 100)],
      position(0),
    ]);
    expect(oversoldOf(outcome)).toEqual([
      [1, 0],
      [2, 100],
    ]);
  });
  test('of two accounts and of two symbols do not close each other', async () => {
    const records = [
      buy(1, { account: 'DU1' }),
      bought(1, 100, { account: 'DU1' }),
      sell(2, { account: 'DU2' }),
      sold(2, 100, { account: 'DU2' }),
      sell(3, { symbol: 'ACME', account: 'DU1' }),
    ];
    const outcome = await auditRecords(records);
    expect(outcome.report.parents.map(({ orderId }) => orderId)).toEqual([1, 2, 3]);
  });
});

describe('where nothing tells an exit from an entry, it is not proven', () => {
  const long = [buy(1), bought(1, 100), sell(2), sold(2, 100)];
  const unclear: readonly (readonly [string, readonly Fields[]])[] = [
    ['flat, and then short', [...long, sell(3), sold(3, 100), position(-100)]],
    [
      'flat, short, and flat again',
      [...long, sell(3), sold(3, 100), buy(4), bought(4, 100), position(0)],
    ],
    [
      'a reversal by intent',
      [
        buy(1, { role: 'entry' }),
        bought(1, 100),
        sell(2, { role: 'entry', quantity: 200 }),
        sold(2, 100),
        sold(2, 100),
        position(-100),
      ],
    ],
    [
      'a reversal from what was held before',
      [position(100), sell(1, { quantity: 160 }), sold(1, 160), position(-60)],
    ],
  ];
  test.each(unclear)('%s', async (_name, records) => {
    const outcome = await auditRecords(records);
    expect([outcome.code, symbolOf(outcome).verdict]).toEqual([0, 'unknown']);
    expect(textOf(outcome, 'crossed-zero')).toContain('to the other side of zero');
    const told = await firstWords(records);
    expect(told).toMatch(/^NOT PROVEN /);
    expect(told).toContain('went to the other side of zero, in RIME by');
  });
  test('an exit of which the log has no entry', async () => {
    const records = [sell(2, { role: 'target' }), sold(2, 100), position(-100)];
    expect(await firstWords(records)).toMatch(
      /^NOT PROVEN .*target 2 exited what it does not show to have been entered/,
    );
  });
});

test('a reversal that nothing declares is oversold: it is an exit of more than there was', async () => {
  const reversal = [sell(2, { quantity: 200 }), sold(2, 200), position(-100)];
  const outcome = await auditRecords([buy(1), bought(1, 100), ...reversal]);
  expect(oversoldOf(outcome)).toEqual([[1, 100]]);
});

test('what was held before the log may be sold with what it bought', async () => {
  const exit = (shares: number) => [sell(2, { quantity: shares }), sold(2, shares)];
  const start = [position(100), buy(1), bought(1, 100)];
  const sound = await auditRecords([...start, ...exit(200), position(0)]);
  expect([sound.code, symbolOf(sound).verdict]).toEqual([0, 'sound']);
  const over = await auditRecords([...start, ...exit(230), position(-30)]);
  expect(oversoldOf(over)).toEqual([[1, 30]]);
});

test('a declared short after a declared long is told, and nothing is in doubt', async () => {
  const roles = (id: number, more: Fields) => created(id, { role: 'entry', ...more });
  const records = [
    ...[roles(1, { action: 'BUY' }), bought(1, 100), sell(2), sold(2, 100)],
    ...[roles(3, { action: 'SELL' }), sold(3, 100), buy(4), bought(4, 100), position(0)],
  ];
  expect(await firstWords(records)).toMatch(/^NO OVERSELL {2}2 parents, /);
});

const silent = fc.record({
  action: fc.constantFrom('BUY', 'SELL'),
  fills: fc.array(fc.record({ at: fc.nat(20), lots: fc.integer({ min: 1, max: 3 }) }), {
    maxLength: 3,
  }),
});

/** The position after each fill, told from nothing but the fills. */
function crosses(records: readonly Fields[]): boolean {
  let position = 0;
  const signs = records
    .filter(({ type }) => type === 'execution')
    .map(({ action, quantity }) => {
      position += (action === 'BUY' ? 1 : -1) * Number(quantity);
      return Math.sign(position);
    });
  return signs.includes(1) && signs.includes(-1);
}

/** Ids rise with creation; a fill comes `at` so many places after its order. */
function logDrawn(
  orders: readonly (typeof silent extends fc.Arbitrary<infer One> ? One : never)[],
) {
  return orders
    .flatMap(({ action, fills }, index) => {
      const place = 5 * index;
      const quantity = fills.reduce((sum, { lots }) => sum + lots, 0) || 1;
      const order = created(index + 1, { action, quantity });
      const trades = fills.map(({ at, lots }) => {
        return { place: place + at, record: bought(index + 1, lots, { action }) };
      });
      return [{ place: place - 0.5, record: order }, ...trades];
    })
    .sort((one, other) => one.place - other.place)
    .map(({ record }) => record);
}

test('of orders that declare nothing, sound are those that never cross zero, and no others', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(silent, { minLength: 1, maxLength: 6 }), async (orders) => {
      const records = logDrawn(orders);
      const { verdict } = symbolOf(await auditRecords([...records, position(sumOf(records))]));
      const allowed = crosses(records) ? ['oversold', 'unknown'] : ['sound'];
      expect(allowed).toContain(verdict);
    }),
    { numRuns: 400 },
  );
});

function sumOf(records: readonly Fields[]): number {
  return records
    .filter(({ type }) => type === 'execution')
    .reduce((sum, { action, quantity }) => sum + (action === 'BUY' ? 1 : -1) * Number(quantity), 0);
}
