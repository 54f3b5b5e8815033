import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conform } from '../../src/conform/command.ts';
import { pathsOf, readMatrices, type Scenario } from '../../src/conform/matrices.ts';
import { replay } from '../../src/conform/replay.ts';
import { type Report, reportOf } from '../../src/conform/report.ts';
import { matricesOf, scenario } from './matrix.ts';

const FILE = join(import.meta.dirname, 'order-state-matrices.json');

type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

async function run(...args: readonly string[]): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const code = await conform(args, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  });
  return { code, stdout, stderr };
}

const reportFrom = (stdout: string): Report => JSON.parse(stdout) as Report;

function scenariosOf(text: string): readonly Scenario[] {
  const reading = readMatrices(text);
  if (reading.type === 'refused') throw new Error(reading.reason);
  return reading.matrices.scenarios;
}

describe('the order state change matrices of FIX', () => {
  test('all of their paths agree, but for one that breaks the order of precedence', async () => {
    const { code, stdout, stderr } = await run(FILE, '--json');
    const { passed, total, paths } = reportFrom(stdout);
    expect({ code, stderr, passed, total }).toEqual({ code: 2, stderr: '', passed: 65, total: 66 });
    expect(paths.filter((path) => !path.passed)).toEqual([
      {
        scenario: 'B.1.d',
        path: 'main',
        passed: false,
        reason: expect.stringMatching(/^t=4, .*was PendingCancel, which outranks New/),
      },
    ]);
    expect(paths.every((path) => path.passed !== 'reason' in path)).toBe(true);
  });

  test('for a person: a line for every scenario, the rows of a path only where it fails', async () => {
    const { stdout } = await run(FILE);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    const agreeing = lines.filter((line) => /^ {2}\S+ +\d+ +\d+ {2}agrees {2}/.test(line));
    const scenarios = scenariosOf(readFileSync(FILE, 'utf8'));
    expect(agreeing).toHaveLength(scenarios.length - 1);
    expect(lines.filter((line) => / main +\d+ +(agrees|not at)/.test(line))).toEqual([
      '  B.1.d     main     5  not at t=4  agrees  agrees',
    ]);
    const said = lines.join(' ').replaceAll(/ +/g, ' ');
    expect(said).toContain('B.1.d main: t=4, ExecutionReport New X: ordStatus New expected');
    expect(said).toContain(
      "by FIX's own order of precedence OrdStatus stays PendingCancel until the cancel is answered, " +
        'and this row of the matrix does not keep to it',
    );
    expect(lines.at(-1)).toBe('65 passed of 66');
  });

  // Nothing that a row expects may find its way into the answer: if any single expectation is
  // changed, the path must fail, and say where.
  const mutations = scenariosOf(readFileSync(FILE, 'utf8')).flatMap((s) =>
    s.rows.flatMap((row, at) => (row.dir === 'fromBroker' ? [{ s, row, at }] : [])),
  );
  test.each(['ordStatus', 'cumQty', 'leavesQty'] as const)(
    'no row’s %s is taken on trust',
    (key) => {
      const believed = mutations.flatMap(({ s, row, at }) => {
        const value = row[key];
        if (value === null) return [];
        const wrong = typeof value === 'number' ? value + 10_000 : wrongStatus(value);
        const mutated = { ...s, rows: s.rows.with(at, { ...row, [key]: wrong }) };
        const paths = pathsOf(mutated).filter((path) =>
          path.rows.includes(mutated.rows[at] ?? row),
        );
        const last = paths.at(-1);
        if (last === undefined) return [`${s.id} row ${at}: on no path`];
        return paths.flatMap((path) => {
          const named = replay(path).disagreements.some(
            (d) => d.row === mutated.rows[at] && d.reason.startsWith(`${key} `),
          );
          return named ? [] : [`${s.id} ${path.name} t=${row.t}`];
        });
      });
      expect(believed).toEqual([]);
      expect(mutations.length).toBeGreaterThan(150);
    },
  );

  test('the reason names the row', () => {
    const [first] = scenariosOf(readFileSync(FILE, 'utf8'));
    if (first === undefined) throw new Error('no scenario');
    const rows = first.rows.map((row) => (row.t === '4' ? { ...row, cumQty: 31_000_000 } : row));
    const { paths } = reportOf(pathsOf({ ...first, rows }).map(replay));
    expect(paths.find((path) => path.path === 'main')?.reason).toBe(
      't=4, ExecutionReport Trade X: cumQty 3100 expected, was 3000 (chart live.trading.none)',
    );
    expect(paths.filter((path) => path.passed).map((path) => path.path)).toEqual([
      'alt@2',
      'alt@3',
    ]);
  });
});

const wrongStatus = (status: string): string => (status === 'Suspended' ? 'New' : 'Suspended');

test('alternatives at one step have names of their own', () => {
  const [twice] = scenariosOf(
    matricesOf(
      scenario(
        'twice',
        'Two ways to be refused',
        `new X 100
         | Rejected/Rejected X 100 0 0 0
         New/New X 100 0 100 0`,
      ),
    ).replaceAll('"t":"2"', '"t":"3"'),
  );
  if (twice === undefined) throw new Error('no scenario');
  const [sent, refused, accepted] = twice.rows;
  if (sent === undefined || refused === undefined || accepted === undefined)
    throw new Error('rows');
  const paths = pathsOf({ ...twice, rows: [sent, refused, refused, accepted] });
  expect(paths.map((path) => [path.name, path.rows.length])).toEqual([
    ['main', 2],
    ['alt@3', 2],
    ['alt@3#2', 2],
  ]);
});

describe('files that are no matrices', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conform-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  const row = { t: '1', dir: 'toBroker', msg: 'NewOrderSingle', clOrdId: 'X', orderQty: 100 };
  const withRow = (changed: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({ scenarios: [{ id: 'A', rows: [row, { ...row, ...changed }] }] });

  test.each<readonly [string, string | Uint8Array, string]>([
    ['empty', '', 'is empty'],
    ['blank', ' \n', 'is empty'],
    ['binary', new Uint8Array([0, 255, 254, 1]), 'is not text (UTF-8). Expected one JSON object'],
    ['another format', 'A,B,C\n1,2,3\n', 'is not JSON: it begins with "A". Expected one JSON'],
    ['cut off', '{"scenarios":[{"id":"A","rows":[', 'is not JSON to its end: it is cut off'],
    ['a word of no language', '{"a": tru}', 'is not JSON'],
    ['no list of rows', '{"scenarios":[{"id":"A"}]}', 'scenarios[0].rows is missing: must be'],
    ['a list', '[]', 'is not a file of matrices'],
    [
      'no scenarios',
      '{}',
      'scenarios is missing: must be a list of one scenario or more. Expected',
    ],
    [
      'scenarios that are empty',
      '{"scenarios":[]}',
      'scenarios is []: must be a list of one scenario or more',
    ],
    [
      'rows that are empty',
      '{"scenarios":[{"id":"A","rows":[]}]}',
      'scenarios[0].rows is []: must be a list of one row',
    ],
    [
      'a direction',
      withRow({ dir: 'sideways' }),
      'scenarios[0].rows[1].dir is "sideways": must be "toBroker" or "fromBroker"',
    ],
    [
      'a quantity',
      withRow({ orderQty: '100' }),
      'scenarios[0].rows[1].orderQty is "100": must be a number of shares, 0 or more',
    ],
    [
      'a negative quantity',
      withRow({ cumQty: -1 }),
      'scenarios[0].rows[1].cumQty is -1: must be a number of shares, 0 or more',
    ],
    ['too fine a quantity', withRow({ lastQty: 0.00001 }), 'more than 4 decimals'],
    [
      'a flag',
      withRow({ alternative: 'yes' }),
      'scenarios[0].rows[1].alternative is "yes": must be true or false',
    ],
  ])('%s', async (name, content, reason) => {
    const file = join(folder, 'matrices.json');
    await writeFile(file, content);
    const { code, stdout, stderr } = await run(file, '--json');
    expect({ name, code, stdout }).toEqual({ name, code: 1, stdout: '' });
    expect(stderr).toContain(reason);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(/^\s+at |Invalid input|\.\./m);
  });

  test.each([
    [['missing.json'], 'interlock conform: missing.json: no such file. Check the path'],
    [[tmpdir()], 'is a directory'],
    [[], 'no FILE given'],
    [[FILE, FILE], 'one FILE at a time'],
    [[FILE, '--jsn'], 'unknown option "--jsn"'],
  ])('%j', async (args, reason) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(reason);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('--help says how it is used', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Usage: interlock conform FILE [--json]');
  });

  test('a file whose paths all agree exits with 0', async () => {
    const file = join(folder, 'good.json');
    const lines = 'new X 100\nNew/New X 100 0 100 0\nTrade/Filled X 100 100 0 100';
    await writeFile(file, matricesOf(scenario('good', 'Filled', lines)));
    const { code, stdout } = await run(file);
    expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: '1 passed of 1',
    });
  });
});
