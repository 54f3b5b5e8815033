import { describe, expect, test } from 'vitest';
import {
  auditRecords,
  bought,
  brokerError,
  created,
  entry,
  type Fields,
  kinds,
  parentOf,
  position,
  sold,
  soundBracket,
  status,
  stop,
  symbolOf,
  target,
  textOf,
} from './logs.ts';

const started = { type: 'watcher.started', watcher: 'breakout:RIME:1.3' };
const stopped = { type: 'watcher.stopped', watcher: 'breakout:RIME:1.3' };

test('a bracket that went well has no finding', async () => {
  const outcome = await auditRecords([started, ...soundBracket(), stopped, position(0)]);
  expect(kinds(outcome)).toEqual([]);
  expect(outcome.code).toBe(0);
});

/** Each kind: the log that has it, and the line and ids it must name. */
const cases: readonly (readonly [string, readonly Fields[], Fields])[] = [
  [
    'leg-without-end',
    [entry(1), bought(1, 100), stop(2), status(2, 'PreSubmitted')],
    { orderId: 2, parentId: 1, line: 4 },
  ],
  ['watcher-without-stop', [started, ...soundBracket()], { line: 1 }],
  [
    'overlapping-parents',
    [entry(1), bought(1, 100), entry(5), ...soundBracket(10).slice(1)],
    { orderId: 5, line: 3 },
  ],
  ['fill-after-end', [...soundBracket(), sold(2, 40)], { orderId: 2, parentId: 1, line: 7 }],
  [
    'duplicate-execution',
    [entry(1), bought(1, 100, { execId: 'x.1.01' }), bought(1, 100, { execId: 'x.1.01' })],
    { orderId: 1, line: 3 },
  ],
  [
    'corrected-execution',
    [entry(1), bought(1, 100, { execId: 'x.1.01' }), bought(1, 90, { execId: 'x.1.02' })],
    { orderId: 1, line: 3 },
  ],
  ['execution-for-unknown-order', [...soundBracket(), sold(77, 5)], { orderId: 77, line: 7 }],
  [
    'cancel-lost-race',
    [...soundBracket(), brokerError(104, 3)],
    { orderId: 3, parentId: 1, line: 7 },
  ],
  [
    'cancel-lost-race',
    [...soundBracket(), brokerError(161, 3)],
    { orderId: 3, parentId: 1, line: 7 },
  ],
  ['cancel-lost-race', [...soundBracket(), brokerError(10147, 3)], { orderId: 3, line: 7 }],
  ['cancel-lost-race', [...soundBracket(), brokerError(10148, 3)], { orderId: 3, line: 7 }],
  ['price-capped', [...soundBracket(), brokerError(2161, 2)], { orderId: 2, parentId: 1, line: 7 }],
  [
    'oversell-warning',
    [...soundBracket(), brokerError(404, 2)],
    { orderId: 2, parentId: 1, line: 7 },
  ],
  ['oversell-warning', [...soundBracket(), brokerError(2137, 3)], { orderId: 3, line: 7 }],
  ['position-unexplained', [...soundBracket(), position(-40)], { line: 7 }],
  ['oca-missing', [entry(1), stop(2), target(3)], { orderId: 1, line: 3 }],
  ['bad-line', [...soundBracket(), { type: 'execution' }], { line: 7 }],
];

test.each(cases)('%s', async (kind, records, named) => {
  const { report } = await auditRecords(records);
  const found = report.findings.filter((finding) => finding.kind === kind);
  expect(found).toEqual([expect.objectContaining({ kind, ...named })]);
});

describe('not a finding', () => {
  const quiet: readonly (readonly [string, string, readonly Fields[]])[] = [
    [
      'a locate for a short entry',
      'oversell-warning',
      [entry(1, { action: 'SELL' }), brokerError(404, 1)],
    ],
    [
      'an error of the session',
      'cancel-lost-race',
      [...soundBracket(), brokerError(1100, undefined)],
    ],
    [
      'a second parent after the first is flat',
      'overlapping-parents',
      [...soundBracket(1), ...soundBracket(11)],
    ],
    [
      'parents of opposite sides',
      'overlapping-parents',
      [entry(1), bought(1, 100), entry(5, { action: 'SELL' })],
    ],
    [
      'parents of two accounts',
      'overlapping-parents',
      [
        entry(1, { account: 'DU1' }),
        bought(1, 100, { account: 'DU1' }),
        entry(5, { account: 'DU2' }),
      ],
    ],
    [
      'a stop that is gone before the target comes',
      'oca-missing',
      [entry(1), stop(2), status(2, 'Cancelled'), target(3)],
    ],
    [
      'pairs, each in a group of its own',
      'oca-missing',
      [
        entry(1),
        stop(2, { quantity: 70, ocaGroup: 'a' }),
        target(3, { quantity: 70, ocaGroup: 'a' }),
        stop(4, { quantity: 30, ocaGroup: 'b' }),
        target(5, { quantity: 30, ocaGroup: 'b' }),
      ],
    ],
    ['a lone stop larger than the entry', 'oca-missing', [entry(1), stop(2, { quantity: 150 })]],
    [
      'a group of which one leg is larger than the entry',
      'oca-missing',
      [entry(1), stop(2, { quantity: 150, ocaGroup: 'a' }), target(3, { ocaGroup: 'a' })],
    ],
    [
      'targets that together are the entry',
      'oca-missing',
      [entry(1), target(2, { quantity: 70 }), target(3, { quantity: 30 })],
    ],
  ];
  test.each(quiet)('%s', async (_name, kind, records) => {
    expect(kinds(await auditRecords(records))).not.toContain(kind);
  });
});

test('a group of type 0, or one that the broker does not echo, is not effective', async () => {
  const group = { ocaGroup: 'g' };
  const none = await auditRecords([entry(1), stop(2, { ...group, ocaType: 0 }), target(3, group)]);
  expect(kinds(none)).toContain('oca-missing');
  const echo = { type: 'broker.openOrder', symbol: 'RIME', action: 'SELL', quantity: 100 };
  const lost = { ...echo, orderId: 2, status: 'PreSubmitted', ocaGroup: '' };
  const unechoed = await auditRecords([entry(1), stop(2, group), target(3, group), lost]);
  expect(kinds(unechoed)).toContain('oca-missing');
});

test('of a parent that the log lacks, its stops stand for the entry', async () => {
  const of = { parentId: 9 };
  const twice = await auditRecords([stop(2, of), target(3, { ...of, quantity: 50 })]);
  expect(twice.report.findings).toContainEqual(
    expect.objectContaining({ kind: 'oca-missing', orderId: 9, line: 2 }),
  );
  expect(textOf(twice, 'oca-missing')).toContain('could exit 150 of 100');
  const targets = await auditRecords([target(2, of), target(3, of)]);
  expect(kinds(targets)).not.toContain('oca-missing');
});

test('a key may be used by several runs: a stop ends the latest', async () => {
  const outcome = await auditRecords([started, started, stopped, started, stopped]);
  expect(outcome.report.findings).toEqual([
    expect.objectContaining({ kind: 'watcher-without-stop', line: 1 }),
  ]);
});

test('parents created side by side overlap once both hold shares', async () => {
  const outcome = await auditRecords([entry(1), entry(5), bought(1, 100), bought(5, 100)]);
  const overlaps = outcome.report.findings.filter(({ kind }) => kind === 'overlapping-parents');
  expect(overlaps).toEqual([expect.objectContaining({ orderId: 5, line: 4 })]);
});

test('a correction replaces, and its elder that comes late is ignored', async () => {
  const first = bought(1, 100, { execId: 'x.1.01' });
  const second = bought(1, 90, { execId: 'x.1.02' });
  const inOrder = await auditRecords([entry(1), first, second, first]);
  const late = await auditRecords([entry(1), second, first]);
  expect(parentOf(inOrder).entryFilledQty).toBe(90);
  expect(parentOf(late).entryFilledQty).toBe(90);
  expect(kinds(inOrder)).toEqual(['corrected-execution', 'duplicate-execution']);
  expect(textOf(late, 'corrected-execution')).toContain(
    'came after its correction x.1.02; ignored',
  );
});

test('the tenth revision is higher than the ninth', async () => {
  const outcome = await auditRecords([
    entry(1),
    bought(1, 90, { execId: 'x.10' }),
    bought(1, 100, { execId: 'x.9' }),
  ]);
  expect(parentOf(outcome).entryFilledQty).toBe(90);
});

test('a repetition that says something else is told, and does not count', async () => {
  const outcome = await auditRecords([
    entry(1),
    bought(1, 100, { execId: 'x' }),
    bought(1, 60, { execId: 'x' }),
  ]);
  expect(symbolOf(outcome).boughtQty).toBe(100);
  expect(textOf(outcome, 'duplicate-execution')).toContain('says something else');
});

test('findings of one kind are kept to a number, and the rest is counted', async () => {
  const repeated = bought(1, 100, { execId: 'x' });
  const outcome = await auditRecords([entry(1), ...new Array(10_006).fill(repeated)]);
  const last = outcome.report.findings.at(-1);
  expect(outcome.report.findings.length).toBe(10_001);
  expect(last).toMatchObject({ kind: 'duplicate-execution', line: 10_007 });
  expect(last?.text).toContain('and 5 more of this kind');
});

test('an order that was created is known whatever role it has', async () => {
  const outcome = await auditRecords([created(9, { action: 'SELL' }), sold(9, 100)]);
  expect(kinds(outcome)).toEqual([]);
  expect(parentOf(outcome, 9)).toMatchObject({
    side: 'SELL',
    entryFilledQty: 100,
    verdict: 'sound',
  });
});
