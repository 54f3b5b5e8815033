import { describe, expect, test } from 'vitest';
import {
  auditRecords,
  bought,
  brokerError,
  created,
  entry,
  type Fields,
  kinds,
  openOrder,
  parentOf,
  position,
  snapshot,
  sold,
  soundBracket,
  status,
  stop,
  symbolOf,
  target,
  textOf,
} from './logs.ts';

const link = (state: string): Fields => ({ type: 'connection', state });

describe('the pattern of an oversold parent', () => {
  const legs = [entry(1), bought(1, 100), stop(2), target(3)];
  const patterns: readonly (readonly [string | null, readonly string[], readonly Fields[]])[] = [
    ['stop-then-target', ['stop:100', 'target:100'], [sold(2, 100), sold(3, 100)]],
    ['target-then-stop', ['target:100', 'stop:100'], [sold(3, 100), sold(2, 100)]],
    ['mixed', ['stop:60', 'target:100', 'stop:40'], [sold(2, 60), sold(3, 100), sold(2, 40)]],
    [null, ['stop:150'], [sold(2, 150)]],
  ];
  test.each(patterns)('%s', async (pattern, sequence, fills) => {
    const outcome = await auditRecords([...legs, ...fills]);
    expect(parentOf(outcome)).toMatchObject({ pattern, sequence, verdict: 'oversold' });
    expect(symbolOf(outcome).verdict).toBe('oversold');
    expect(outcome.code).toBe(2);
  });
});

test('a SELL parent is closed by BUY exits', async () => {
  const outcome = await auditRecords([
    entry(1, { action: 'SELL' }),
    sold(1, 100),
    stop(2, { action: 'BUY' }),
    target(3, { action: 'BUY' }),
    bought(2, 100),
    bought(3, 70),
    position(70),
  ]);
  expect(parentOf(outcome)).toMatchObject({
    side: 'SELL',
    entryFilledQty: 100,
    exitFilledQty: 170,
    oversoldQty: 70,
    pattern: 'stop-then-target',
  });
  expect(symbolOf(outcome)).toMatchObject({ netLogged: 70, unexplained: 0, verdict: 'oversold' });
});

test('where no role is given, the order type tells a stop from a target', async () => {
  const bare = { action: 'SELL', parentId: 1 };
  const outcome = await auditRecords([
    created(1, { action: 'BUY' }),
    created(2, { ...bare, orderType: 'STP' }),
    created(3, { ...bare, orderType: 'TRAIL' }),
    created(4, bare),
    created(5, { ...bare, action: 'BUY' }),
  ]);
  expect(parentOf(outcome).legs.map(({ role }) => role)).toEqual([
    'stop',
    'stop',
    'target',
    'entry',
  ]);
});

test('an entry that adds to a parent is an entry of it', async () => {
  const outcome = await auditRecords([
    ...soundBracket(),
    entry(4, { parentId: 1, quantity: 50 }),
    bought(4, 50),
    target(5, { quantity: 50 }),
    sold(5, 50),
  ]);
  expect(outcome.report.parents).toHaveLength(1);
  expect(parentOf(outcome)).toMatchObject({ entryFilledQty: 150, exitFilledQty: 150 });
});

test('an execution before its order.created belongs to the order', async () => {
  const outcome = await auditRecords([bought(1, 100), sold(3, 100), target(3), entry(1)]);
  expect(kinds(outcome)).toEqual([]);
  expect(parentOf(outcome)).toMatchObject({ entryFilledQty: 100, exitFilledQty: 100 });
});

test('exits of a parent that the log lacks count against nothing, and it is said', async () => {
  const outcome = await auditRecords([stop(2, { parentId: 9 }), sold(2, 100)]);
  expect(parentOf(outcome, 9)).toMatchObject({ side: 'BUY', oversoldQty: 100, watcher: null });
  expect(textOf(outcome, 'leg-without-end')).toContain('not created in this log');
  const known = await auditRecords([stop(2, { parentId: 9 }), bought(9, 100), sold(2, 100)]);
  expect(parentOf(known, 9)).toMatchObject({ entryFilledQty: 100, oversoldQty: 0 });
  expect(kinds(known)).toContain('execution-for-unknown-order');
});

test('an exit without a parent counts for its symbol alone', async () => {
  const outcome = await auditRecords([target(2, { parentId: 0 }), sold(2, 100), position(-100)]);
  expect(outcome.report.parents).toEqual([]);
  expect(symbolOf(outcome)).toMatchObject({ soldQty: 100, unexplained: 0, verdict: 'sound' });
});

test('an entry that names itself as its parent is a parent', async () => {
  const outcome = await auditRecords([entry(1, { parentId: 1 }), target(2), bought(1, 100)]);
  expect(outcome.report.parents).toHaveLength(1);
  expect(parentOf(outcome)).toMatchObject({ entryFilledQty: 100, legs: [{ orderId: 2 }] });
});

test('parents that name each other in a ring are one bracket', async () => {
  const outcome = await auditRecords([
    entry(1, { parentId: 2 }),
    target(2, { parentId: 1 }),
    bought(1, 100),
    sold(2, 100),
  ]);
  expect(outcome.report.parents).toHaveLength(1);
  expect(parentOf(outcome)).toMatchObject({ entryFilledQty: 100, exitFilledQty: 100 });
});

describe('how a leg ended', () => {
  const legEnd = async (...records: readonly Fields[]) => {
    const outcome = await auditRecords([entry(1), bought(1, 100), stop(2), ...records]);
    return [parentOf(outcome).legs[0]?.end, parentOf(outcome).verdict];
  };
  test('by its executions, without any status', async () => {
    expect(await legEnd(sold(2, 60), sold(2, 40))).toEqual(['filled', 'sound']);
  });
  test('cancelled with a part filled', async () => {
    const told = status(2, 'Cancelled', { filled: 30, remaining: 70 });
    expect(await legEnd(sold(2, 30), told)).toEqual(['cancelled', 'sound']);
  });
  test('cancelled, and filled nevertheless', async () => {
    expect(await legEnd(status(2, 'Cancelled'), sold(2, 100))).toEqual(['filled', 'sound']);
  });
  test('cancelled by code 202, rejected by code 201 if never acknowledged', async () => {
    expect(await legEnd(brokerError(202, 2))).toEqual(['cancelled', 'sound']);
    expect(await legEnd(brokerError(201, 2))).toEqual(['rejected', 'sound']);
    const working = status(2, 'PreSubmitted');
    expect(await legEnd(working, brokerError(201, 2))).toEqual([null, 'incomplete']);
  });
  test('a status that claims more than the executions leaves it without an end', async () => {
    expect(await legEnd(status(2, 'Filled', { filled: 100 }))).toEqual([null, 'incomplete']);
    expect(await legEnd(status(2, 'Filled'))).toEqual([null, 'incomplete']);
    const claim = status(2, 'Cancelled', { filled: 30, remaining: 70 });
    expect(await legEnd(claim)).toEqual([null, 'incomplete']);
  });
  test('a correction downward does not make a claim of missing shares', async () => {
    const fill = sold(2, 100, { execId: 'y.01' });
    const told = status(2, 'Filled', { filled: 100 });
    const corrected = sold(2, 90, { execId: 'y.02' });
    expect(await legEnd(fill, told, corrected)).toEqual(['filled', 'sound']);
  });
  test('a working status after an end takes it back', async () => {
    const told = [status(2, 'Inactive'), status(2, 'PreSubmitted')];
    expect(await legEnd(status(2, 'Inactive'))).toEqual(['inactive', 'sound']);
    expect(await legEnd(...told)).toEqual([null, 'incomplete']);
  });
  test('a cancel that is only asked for is no end', async () => {
    expect(await legEnd(status(2, 'PendingCancel'))).toEqual([null, 'incomplete']);
  });
});

describe('whether a leg still lives', () => {
  const start = [entry(1), bought(1, 100), stop(2)];
  const list = [openOrder(2), snapshot('openOrders')];
  const verdict = async (...records: readonly Fields[]) => {
    const outcome = await auditRecords([...start, ...records]);
    return [parentOf(outcome).verdict, symbolOf(outcome).verdict, outcome.code];
  };
  test('the broker lists it: open', async () => {
    expect(await verdict(...list)).toEqual(['open', 'sound', 0]);
  });
  test('a status says it works: not enough', async () => {
    expect(await verdict(status(2, 'Submitted'))).toEqual(['incomplete', 'unknown', 0]);
  });
  test('the link was lost since', async () => {
    expect(await verdict(...list, link('down'))).toEqual(['incomplete', 'unknown', 0]);
    expect(await verdict(...list, link('down'), link('up'), ...list)).toEqual(['open', 'sound', 0]);
  });
  test('a later complete list lacks it', async () => {
    expect(await verdict(...list, snapshot('openOrders'))).toEqual(['incomplete', 'unknown', 0]);
  });
  test('a known position leaves nothing unknown', async () => {
    expect(await verdict(position(100))).toEqual(['incomplete', 'sound', 0]);
  });
});

describe('the position', () => {
  test('before the first execution it is the start', async () => {
    const outcome = await auditRecords([position(50), ...soundBracket(), position(50)]);
    expect(symbolOf(outcome)).toMatchObject({
      startingPosition: 50,
      netLogged: 0,
      brokerPosition: 50,
      unexplained: 0,
      verdict: 'sound',
    });
  });
  test('a start alone is no closing word', async () => {
    const outcome = await auditRecords([position(50), entry(1), bought(1, 100)]);
    expect(symbolOf(outcome)).toMatchObject({ brokerPosition: null, unexplained: null });
  });
  test('the last word counts', async () => {
    const outcome = await auditRecords([...soundBracket(), position(-40), position(0)]);
    expect(outcome.code).toBe(0);
  });
  test('what moved before the first execution does not vanish into the start', async () => {
    const early = [position(0), position(-70)];
    const outcome = await auditRecords([...early, ...soundBracket(), position(-70)]);
    expect(symbolOf(outcome)).toMatchObject({ startingPosition: 0, unexplained: -70 });
  });
  test('a word is compared with the log of its moment', async () => {
    const outcome = await auditRecords([
      entry(1),
      bought(1, 100),
      position(100),
      target(2),
      sold(2, 100),
    ]);
    expect(symbolOf(outcome)).toMatchObject({ netLogged: 0, brokerPosition: 100, unexplained: 0 });
  });
  test('an execution that was reported late explains it too', async () => {
    const outcome = await auditRecords([
      entry(1),
      bought(1, 100),
      position(0),
      target(2),
      sold(2, 100),
    ]);
    expect(symbolOf(outcome)).toMatchObject({ unexplained: 0, verdict: 'sound' });
  });
  test('a holding that nobody touched is sound', async () => {
    const outcome = await auditRecords([position(500), snapshot('positions')]);
    expect(symbolOf(outcome)).toMatchObject({ brokerPosition: 500, unexplained: 0 });
    expect(outcome.code).toBe(0);
  });
  test('with no execution at all a leg without an end may have made it', async () => {
    const outcome = await auditRecords([entry(1), stop(2), target(3), position(-100)]);
    expect(symbolOf(outcome)).toMatchObject({ unexplained: -100, verdict: 'unexplained' });
    expect(symbolOf(outcome).explanations).toHaveLength(2);
  });
  test('fractions add up exactly', async () => {
    const outcome = await auditRecords([
      entry(1, { quantity: 0.3 }),
      bought(1, 0.1),
      bought(1, 0.2),
      position(0.3),
    ]);
    expect(symbolOf(outcome)).toMatchObject({ boughtQty: 0.3, unexplained: 0 });
  });
});

describe('explanations', () => {
  test('use what is left of a leg, in the direction of the residual, if it was there', async () => {
    const outcome = await auditRecords([
      entry(1),
      bought(1, 100),
      stop(2),
      sold(2, 30),
      position(0),
      target(3, { quantity: 70 }),
    ]);
    expect(symbolOf(outcome)).toMatchObject({ unexplained: -70, verdict: 'unexplained' });
    expect(symbolOf(outcome).explanations).toEqual([[{ orderId: 2, quantity: 70 }]]);
    expect(outcome.code).toBe(2);
  });
  test('use a leg that was only modified after the broker spoke', async () => {
    const outcome = await auditRecords([
      entry(1),
      bought(1, 100),
      stop(2),
      position(0),
      stop(2, { stopPrice: 1.2 }),
    ]);
    expect(symbolOf(outcome).explanations).toEqual([[{ orderId: 2, quantity: 100 }]]);
  });
  test('never use a leg that ended or that the broker still lists', async () => {
    const outcome = await auditRecords([
      entry(1),
      bought(1, 100),
      stop(2),
      target(3),
      status(2, 'Cancelled'),
      openOrder(3),
      position(0),
    ]);
    expect(symbolOf(outcome)).toMatchObject({ unexplained: -100, explanations: [] });
  });
  test('an entry that filled unseen explains shares too many', async () => {
    const outcome = await auditRecords([...soundBracket(), entry(9), position(100)]);
    expect(symbolOf(outcome).explanations).toEqual([[{ orderId: 9, quantity: 100 }]]);
  });
});

describe('accounts and contracts', () => {
  test('are kept apart where they are named', async () => {
    const outcome = await auditRecords(
      ['DU1', 'DU2'].flatMap((account) => [
        entry(1, { account }),
        stop(2, { account }),
        bought(1, 100, { account }),
        sold(2, account === 'DU1' ? 100 : 150, { account }),
        position(account === 'DU1' ? 0 : -50, { account }),
      ]),
    );
    const told = outcome.report.parents.map(({ account, oversoldQty }) => [account, oversoldQty]);
    expect(told).toEqual([
      ['DU1', 0],
      ['DU2', 50],
    ]);
    const symbols = outcome.report.symbols.map(({ account, verdict }) => [account, verdict]);
    expect(symbols).toEqual([
      ['DU1', 'sound'],
      ['DU2', 'oversold'],
    ]);
  });
  test('are completed where the log leaves no choice', async () => {
    const outcome = await auditRecords([
      ...soundBracket(),
      position(0, { account: 'DU1', conId: 7 }),
    ]);
    expect(outcome.report.symbols).toHaveLength(1);
    expect(symbolOf(outcome)).toMatchObject({ account: 'DU1', conId: 7, unexplained: 0 });
  });
  test('are not guessed where there are two to choose from', async () => {
    const outcome = await auditRecords([
      ...soundBracket(),
      position(0, { account: 'DU1' }),
      position(0, { account: 'DU2' }),
    ]);
    expect(outcome.report.symbols.map(({ account }) => account)).toEqual([undefined, 'DU1', 'DU2']);
  });
  test('an order id that came back with another permId is another order', async () => {
    const outcome = await auditRecords([
      ...soundBracket().map((one) => (one.orderId === 1 ? { ...one, permId: 11 } : one)),
      entry(1, { permId: 12, quantity: 40 }),
      bought(1, 40, { permId: 12 }),
    ]);
    expect(outcome.report.parents.map(({ entryFilledQty }) => entryFilledQty)).toEqual([100, 40]);
  });
});

test('a second order.created is a modify', async () => {
  const outcome = await auditRecords([
    entry(1),
    bought(1, 100),
    stop(2),
    stop(2, { quantity: 30 }),
    sold(2, 30),
  ]);
  expect(parentOf(outcome).legs).toEqual([
    { orderId: 2, role: 'stop', quantity: 30, filledQty: 30, end: 'filled' },
  ]);
});
