/** The sample in production: every so many steps XState is asked, too, and a difference freezes. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { lifeOf } from '../../src/bench/life.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { Ready } from '../../src/core/ready.ts';
import { SAMPLE_EVERY } from '../../src/core/sample.ts';
import type { Macrostep } from '../../src/core/standing.ts';
import { emptyState, type State } from '../../src/core/state.ts';
import { type StepOptions, step } from '../../src/core/step.ts';
import { createEngine } from '../../src/engine/engine.ts';

/** What the tables are made to say about `entry.working` in place of the truth. */
const lie = vi.hoisted(() => ({ told: null as null | ((made: unknown) => unknown) }));
vi.mock('../../src/core/charts.ts', async (original) => {
  const real = await original<typeof import('../../src/core/charts.ts')>();
  const stepBracket: typeof real.stepBracket = (chart, hearing, conclusions) => {
    const made = real.stepBracket(chart, hearing, conclusions);
    if (lie.told === null || hearing.audience.fact !== 'entry.working') return made;
    return lie.told(made) as Macrostep;
  };
  return { ...real, stepBracket };
});

beforeEach(() => {
  lie.told = null;
});

const { facts } = lifeOf(1, step);
const [opened, , working] = facts;

/** The bracket is opened, and its entry reported as working, in the step `seq`. */
function workingAt(seq: number, options?: StepOptions): Ready {
  if (opened === undefined || working === undefined) throw new Error('a life of no facts');
  const before: State = { ...emptyState(), seq: seq - 2 };
  return step(step(before, opened, options).state, working, options);
}

const broken = (ready: Ready): readonly string[] =>
  ready.alarms.filter((alarm) => alarm.broken).map(({ law, text }) => `${law} ${text}`);

const silent = (made: unknown): unknown => ({ ...(made as Macrostep), intents: [] });
const asking = (made: unknown): unknown => ({
  ...(made as Macrostep),
  intents: [{ type: 'ask', params: { because: 'nobody knows' } }],
});
/** The exposure stands where the entry should be, and the other way round: nothing fits. */
const astray = (made: unknown): unknown => {
  const { standing } = made as Macrostep;
  return {
    ...(made as Macrostep),
    standing: { ...standing, rows: [...standing.rows.slice(1), standing.rows[0]] },
  };
};

describe('every step of a whole life is sampled', () => {
  test('and nothing comes of it: what is decided is the same, byte for byte', () => {
    let state = emptyState();
    for (const fact of facts) {
      const sampled = step(state, fact, { sampleEvery: 1 });
      expect(JSON.stringify(sampled)).toBe(JSON.stringify(step(state, fact, { sampleEvery: 0 })));
      state = sampled.state;
    }
    expect(state.seq).toBe(facts.length);
  });
});

describe('a table that differs from XState breaks L8', () => {
  test('by what it asks for', () => {
    lie.told = asking;
    expect(broken(workingAt(5, { sampleEvery: 1 }))).toEqual([
      'L8 entry.working: the table asks {"type":"ask","params":{"because":"nobody knows"}}, XState asks ',
    ]);
  });

  test('by where it leads, and the symbol is frozen', () => {
    lie.told = astray;
    const ready = workingAt(5, { sampleEvery: 1 });
    expect(broken(ready)).toContain(
      'L8 entry.working: the table takes entry to idle, XState to live.working.none',
    );
    expect(broken(ready).join('\n')).toContain('L8 bracket.concluded: XState cannot be asked: ');
    const [book] = Object.values(ready.state.books);
    expect(book?.frozen).toMatch(/^L\d was broken by LIFE-1$/);
    const again: Fact = {
      type: 'bracket.requested',
      at: 0,
      request: {
        ...(opened as Extract<Fact, { type: 'bracket.requested' }>).request,
        bracket: 'B',
      },
    };
    expect(step(ready.state, again).denied.join()).toContain('is frozen');
  });

  test('and a silence that is the chart’s own is none', () => {
    lie.told = silent;
    expect(broken(workingAt(5, { sampleEvery: 1 }))).toEqual([]);
  });
});

describe('which steps are sampled', () => {
  const seen = (seq: number, options?: StepOptions): boolean => {
    lie.told = asking;
    return broken(workingAt(seq, options)).length > 0;
  };

  test('is said by their seq alone: every thousandth', () => {
    expect(SAMPLE_EVERY).toBe(1_000);
    expect([998, 999, 1_000, 1_001, 2_000].map((seq) => seen(seq))).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
  });

  test('or by the option; 0 is none', () => {
    expect([6, 7, 8, 14].map((seq) => seen(seq, { sampleEvery: 7 }))).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(seen(1_000, { sampleEvery: 0 })).toBe(false);
  });

  test('or by the option of an engine', () => {
    lie.told = asking;
    const alarms: string[] = [];
    const engine = createEngine(
      {
        record: () => {},
        perform: () => {},
        observe: (ready) => alarms.push(...broken(ready)),
      },
      { sampleEvery: 3 },
    );
    for (const fact of facts.slice(0, 3)) engine.hear(fact);
    expect(alarms.length).toBe(1);
  });
});
