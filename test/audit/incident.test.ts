import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { auditFile, auditText, parentOf, symbolOf } from './logs.ts';

const path = fileURLToPath(new URL('rime-2026-02-12.jsonl', import.meta.url));
const log = readFileSync(path, 'utf8');

test('the incident: 300 bought, 400 sold, and 170 short without a record', async () => {
  const outcome = await auditText(log);
  expect(outcome.code).toBe(2);
  expect(outcome.stderr).toBe('');
  expect(outcome.report.symbols).toEqual([
    {
      symbol: 'RIME',
      boughtQty: 300,
      soldQty: 400,
      netLogged: -100,
      brokerPosition: -270,
      unexplained: -170,
      explanations: [
        [
          { orderId: 680, quantity: 100 },
          { orderId: 681, quantity: 70 },
        ],
      ],
      verdict: 'oversold',
    },
  ]);
});

test('the incident: 679 is incomplete, 693 and 705 oversold in opposite order', async () => {
  const outcome = await auditText(log);
  const leg = (orderId: number, role: string, quantity: number, end: string | null) => ({
    orderId,
    role,
    quantity,
    filledQty: end === 'filled' ? quantity : 0,
    end,
  });
  const parent = { symbol: 'RIME', watcher: 'breakout:RIME:1.3', side: 'BUY', entryFilledQty: 100 };
  expect(outcome.report.parents).toEqual([
    {
      ...parent,
      orderId: 679,
      exitFilledQty: 0,
      oversoldQty: 0,
      sequence: [],
      pattern: null,
      legs: [
        leg(680, 'stop', 100, null),
        leg(681, 'target', 70, null),
        leg(682, 'target', 30, null),
      ],
      verdict: 'incomplete',
    },
    {
      ...parent,
      orderId: 693,
      exitFilledQty: 200,
      oversoldQty: 100,
      sequence: ['stop:100', 'target:70', 'target:30'],
      pattern: 'stop-then-target',
      legs: [
        leg(694, 'stop', 100, 'filled'),
        leg(695, 'target', 70, 'filled'),
        leg(696, 'target', 30, 'filled'),
      ],
      verdict: 'oversold',
    },
    {
      ...parent,
      orderId: 705,
      watcher: 'breakout:RIME:1.25',
      exitFilledQty: 200,
      oversoldQty: 100,
      sequence: ['target:70', 'target:30', 'stop:100'],
      pattern: 'target-then-stop',
      legs: [
        leg(706, 'stop', 100, 'filled'),
        leg(707, 'target', 70, 'filled'),
        leg(708, 'target', 30, 'filled'),
      ],
      verdict: 'oversold',
    },
  ]);
});

test('the incident: every finding, with its line', async () => {
  const { report } = await auditText(log);
  const told = report.findings.map(({ kind, line, orderId, parentId }) => {
    return [line, kind, orderId, parentId].filter((part) => part !== undefined).join(' ');
  });
  expect(told).toEqual([
    '1 watcher-without-stop',
    '5 oca-missing 679',
    '9 leg-without-end 680 679',
    '10 leg-without-end 681 679',
    '11 leg-without-end 682 679',
    '14 overlapping-parents 693',
    '17 oca-missing 693',
    '23 overlapping-parents 705',
    '26 oca-missing 705',
    '33 price-capped 706 705',
    '35 cancel-lost-race 706 705',
    '36 position-unexplained',
  ]);
});

test('without the broker position the incident is oversold all the same', async () => {
  const lines = log.split('\n').filter((line) => !line.includes('broker.position'));
  const outcome = await auditText(lines.join('\n'));
  expect(outcome.code).toBe(2);
  expect(symbolOf(outcome)).toMatchObject({ brokerPosition: null, unexplained: null });
  expect(parentOf(outcome, 693).verdict).toBe('oversold');
});

test('the text begins with who oversold, what is unexplained and by which legs', async () => {
  const { code, stdout } = await auditFile([path]);
  expect(code).toBe(2);
  const [first, ...rest] = stdout.split('\n\n');
  expect(first).toMatchInlineSnapshot(`
    "OVERSOLD     RIME: 2 of 3 parents exited 200 shares more than entered: 693 by 100
                 (stop-then-target), 705 by 100 (target-then-stop).
    UNEXPLAINED  RIME: the broker says -270, the log makes -100; no record explains -170.
                 Legs without an end that make exactly this: stop 680 of 679 (100) + target 681 of 679
                 (70).
    NO END       3 orders without an end in the log: stop 680 of 679 (100), target 681 of 679 (70),
                 target 682 of 679 (30). Look at the broker."
  `);
  const timeline = rest.find((section) => section.startsWith('Parent 693'));
  expect(timeline).toContain(
    '  8075  target 696 executed: SELL 30 @ 1.38     100   200      -100  oversold 100',
  );
});

test('what is said of an order in a timeline is not cut, and prices have two decimals', async () => {
  const { stdout } = await auditFile([path]);
  expect(stdout).toContain('  8077  stop 706: 2161 price of the stop-limit order was capped\n');
  expect(stdout).toContain('target 707 created: SELL 70 LMT limit 1.30\n');
  expect(stdout).toContain('target 707 executed: SELL 70 @ 1.30 ');
});

test('backwards it is no log, and not one in which nothing happened', async () => {
  const { code, stdout, stderr } = await auditText(log.trim().split('\n').reverse().join('\n'));
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /log\.jsonl, line 2: seq \d+ does not increase: the record before has \d+\. /,
  );
  expect(stderr).toMatch(/Only 1 of \d+ lines counted: sort the records by seq\n$/);
});

test('the text keeps to a hundred columns, and colour only adds to it', async () => {
  const plain = await auditFile([path]);
  for (const line of plain.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  const coloured = await auditFile([path], true);
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
  expect(coloured.stdout).not.toBe(plain.stdout);
  expect(coloured.stdout.replace(escapes, '')).toBe(plain.stdout);
});
