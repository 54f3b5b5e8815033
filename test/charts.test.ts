/**
 * The charts that `step` runs from tables, region by region, are the chart that is drawn and
 * reviewed: over a million random steps they give what XState's whole parallel machine gives.
 */
import { describe, expect, it } from 'vitest';
import { transition } from 'xstate';
import { bracketMachine } from '../machines/bracket.ts';
import {
  BRACKET_FACTS,
  type Conclusions,
  type Leg,
  legsOf,
  ORDER_FACTS,
} from '../machines/facts.ts';
import {
  audienceOf,
  bracketChart,
  configurationOf,
  standingOf,
  stepBracket,
} from '../src/core/charts.ts';
import { hearingOf } from '../src/core/standing.ts';
import { interpreterOf, multiset } from './xstate.ts';

/** A small generator: the same walk for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Event = { readonly type: string; readonly conclusions: Conclusions };

/** Words that the charts of a bracket do not know; only `*` can answer them. */
const STRANGE = ['stop9.filled', 'entry.unheard', 'target.filled', 'exposure', 'nonsense', ' '];

function eventsOf(pairs: number, below: (n: number) => number): () => Event {
  const legs = legsOf(pairs);
  const facts = legs.flatMap((leg) => ORDER_FACTS.map((fact) => `${leg}.${fact}`));
  const some = (): readonly Leg[] => legs.filter(() => below(3) === 0);
  const one = (of: readonly string[]): string => of[below(of.length)] ?? '';
  return () => {
    const die = below(16);
    const type = die === 0 ? one(STRANGE) : die < 5 ? one(BRACKET_FACTS) : one(facts);
    const conclusions = {
      completes: below(2) === 0,
      admitted: some(),
      resized: some(),
      unwanted: some(),
      flat: below(3) === 0,
      covered: below(2) === 0,
      oversold: below(12) === 0,
      leaving: below(6) === 0,
      quiet: below(4) === 0,
      settled: below(6) === 0,
    };
    return { type, conclusions };
  };
}

describe('regions one by one are the whole chart', () => {
  it.each([
    [1, 20_000],
    [2, 600_000],
    [3, 400_000],
  ])(
    'on a random walk of a bracket with %i pairs, %i steps long',
    { timeout: 240_000 },
    (pairs, steps) => {
      const next = eventsOf(pairs, numbers(20260212 + pairs));
      const xstate = interpreterOf(bracketMachine(pairs));
      const chart = bracketChart(pairs);
      let whole = xstate.start;
      let standing = standingOf(chart, {});
      const visited = new Set<string>();
      const differences: string[] = [];
      for (let i = 0; i < steps && differences.length === 0; i++) {
        const event = next();
        const [after, actions] = xstate.transition(whole, event);
        const made = stepBracket(
          chart,
          hearingOf(standing, audienceOf(chart, event.type)),
          event.conclusions,
        );
        whole = after;
        standing = made.standing;
        const here = standing.rows.map((row) => row.configuration).join(' ');
        const there = chart.names.map((name) => configurationOf(after.value[name])).join(' ');
        const same = here === there && multiset(made.intents) === multiset(actions);
        if (!same) differences.push(`step ${i}, ${event.type}: ${here}, not ${there}`);
        visited.add(here);
      }
      expect(differences).toEqual([]);
      // A walk that never leaves the start would prove nothing.
      expect(visited.size).toBeGreaterThan(steps / 4);
    },
  );

  it('and a configuration that they do not know is not taken for another one', () => {
    const unknown = { entry: 'live.dancing' };
    expect(() => standingOf(bracketChart(1), unknown)).toThrow(
      'entry has no configuration "live.dancing"',
    );
  });

  it('and the interpreter that is asked here is the public transition()', () => {
    const next = eventsOf(2, numbers(7));
    const machine = bracketMachine(2);
    const xstate = interpreterOf(machine);
    let snapshot = xstate.start;
    for (let i = 0; i < 3_000; i++) {
      const event = next();
      const [publicly, asked] = transition(machine, snapshot, event);
      const [after, actions] = xstate.transition(snapshot, event);
      expect(after.value).toEqual(publicly.value);
      expect(actions).toEqual(
        asked.map(({ type, params }) => (params === undefined ? { type } : { type, params })),
      );
      snapshot = after;
    }
  });
});
