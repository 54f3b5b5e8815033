/** The benchmark measures what it says; its figures themselves are nobody's assertion. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bench } from '../../src/bench/command.ts';
import { measureJournal } from '../../src/bench/journal.ts';
import { record, spreadOf } from '../../src/bench/steps.ts';
import { MATTER, measureWorlds } from '../../src/bench/worlds.ts';
import { verify } from '../../src/verify/verification.ts';

async function benched(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await bench(args, {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

describe('the script', () => {
  const [life] = record(1);

  test('is a whole life: entry, both ways out, and the close record', () => {
    const types = new Set(life?.facts.map((fact) => fact.type));
    expect(types).toEqual(
      new Set(['bracket.requested', 'order.reported', 'order.executed', 'snapshot.taken']),
    );
    expect(life?.alarms).toEqual([]);
    const [book] = Object.values(life?.end.books ?? {});
    expect(book?.brackets[0]?.configuration).toMatchObject({
      target1: 'ended.filled',
      stop2: 'ended.filled',
      exposure: 'closed',
    });
  });

  test('puts to charts and XState every event that step put to the charts', () => {
    const events = life?.chartEvents.map((event) => event.type) ?? [];
    expect(events.length).toBeGreaterThan(life?.facts.length ?? 0);
    expect(events).toContain('target1.filled');
    expect(events).toContain('stop2.triggered');
    expect(events.at(-1)).toBe('bracket.concluded');
    expect(life?.chartEvents.some((event) => event.conclusions.admitted.includes('target2'))).toBe(
      true,
    );
  });
});

describe('interlock bench', () => {
  test('--json gives figures in their order', async () => {
    const { code, out, err } = await benched(
      '--of',
      'steps',
      '--json',
      '--lives',
      '2',
      '--rounds',
      '2',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { steps } = JSON.parse(out);
    const { lives, facts, rounds, factsPerSecond, ratios } = steps;
    expect({ lives, rounds }).toEqual({ lives: 2, rounds: 2 });
    expect(facts).toBeGreaterThan(60);
    expect(Object.keys(factsPerSecond)).toEqual(['step', 'charts', 'transition', 'send']);
    expect(Object.keys(ratios)).toEqual([
      'stepToTransition',
      'stepToSend',
      'chartsToTransition',
      'chartsToSend',
      'chartsToStep',
    ]);
    for (const { min, median, max } of [
      ...Object.values<ReturnType<typeof spreadOf>>(factsPerSecond),
      ...Object.values<ReturnType<typeof spreadOf>>(ratios),
    ]) {
      expect(min).toBeGreaterThan(0);
      expect(median).toBeGreaterThanOrEqual(min);
      expect(max).toBeGreaterThanOrEqual(median);
    }
  });

  test('shows them as text', async () => {
    const { code, out } = await benched('--of', 'steps', '--lives', '1', '--rounds', '1');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^1 life of a two-pair bracket: [\d,]+ facts, [\d,]+ chart events\n1 round\n/m,
    );
    expect(out).toMatch(/^ {2}\/ transition\(\) +\d+\.\d\d x/m);
    expect(out).toMatch(/^ {2}compiled charts alone +[\d,]+ +[\d,]+ +[\d,]+$/m);
    expect(out).toMatch(/^ {2}\/ step +\d+\.\d\d x/m);
  });

  test.each([
    [['--rounds', '0'], '--rounds takes a whole number from 1 to 1000, not "0"'],
    [['--lives', 'many'], '--lives takes a whole number from 1 to 100000, not "many"'],
    [['--lives', '-1'], '--lives takes a whole number from 1 to 100000, not "-1"'],
    [['--lives'], '--lives needs a value'],
    [
      ['--of', 'steps,spun'],
      'there is steps, worlds, spin, gateway, journal to measure, and no "spun"',
    ],
    [['--jsn'], 'unknown option "--jsn"'],
    [['file'], 'there is steps, worlds, spin, gateway, journal to measure, and no "file"'],
    [['steps', '--of', 'spin'], 'a SUBJECT and --of exclude each other'],
  ])('%j is refused in one line', async (args, reason) => {
    const { code, out, err } = await benched(...args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      `interlock bench: ${reason}. Usage: interlock bench [SUBJECT] [--of LIST] [--lives N] [--rounds N] [--json]\n`,
    );
  });
});

test('worlds: every state once, and what it cost', () => {
  const lines: string[] = [];
  const small = { ...MATTER, faults: { delay: 1 } };
  const measured = measureWorlds(1, (line) => lines.push(line), small);
  expect(lines).toEqual(['worlds: warming up', 'worlds: round 1 of 1']);
  const { states, transitions } = verify(small, { limits: {} });
  expect(measured).toMatchObject({ states, transitions, rounds: 1 });
  expect(measured.edgesPerSecond.min).toBeGreaterThan(0);
  expect(measured.minds).toBeGreaterThan(100);
});

test('journal: every way of making records durable, and reading them', () => {
  const measured = measureJournal(1, () => {}, { commits: 3, read: 200 });
  expect(measured.commits.map(({ atOnce }) => atOnce)).toEqual([1, 10, 100]);
  for (const { journal, raw, sync, journalToRaw } of measured.commits) {
    for (const { min } of [journal, raw, sync, journalToRaw]) expect(min).toBeGreaterThan(0);
  }
  expect(measured.read.records).toBe(200);
  expect(measured.read.verified.min).toBeGreaterThan(measured.read.replayed.min);
  expect(measured.bytesPerRecord).toBeGreaterThan(300);
  expect(existsSync(measured.folder)).toBe(false);
});

test('the middle of a spread', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ min: 1, median: 2, max: 3 });
  expect(spreadOf([4, 1, 2, 3])).toEqual({ min: 1, median: 2.5, max: 4 });
});
