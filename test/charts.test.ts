/**
 * The charts that `step` runs region by region are the chart that is drawn and reviewed: on every
 * fact, the regions one by one give what XState's whole parallel machine gives.
 */
import { describe, expect, it } from 'vitest';
import { initialTransition, transition } from 'xstate';
import { bracketMachine } from '../machines/bracket.ts';
import {
  BRACKET_FACTS,
  type ChartEvent,
  type Conclusions,
  legsOf,
  ORDER_FACTS,
} from '../machines/facts.ts';
import { bracketChart, configurationOf, listens, stepRegion } from '../src/core/charts.ts';

/** A small generator: the same walk for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomEvent(pairs: number, below: (n: number) => number): ChartEvent {
  const legs = legsOf(pairs);
  const some = () => legs.filter(() => below(3) === 0);
  const conclusions: Conclusions = {
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
  if (below(4) === 0) {
    return { type: BRACKET_FACTS[below(BRACKET_FACTS.length)] ?? 'link.lost', conclusions };
  }
  const leg = legs[below(legs.length)] ?? 'entry';
  const fact = ORDER_FACTS[below(ORDER_FACTS.length)] ?? 'filled';
  return { type: `${leg}.${fact}`, conclusions };
}

describe('regions one by one are the whole chart', () => {
  it.each([1, 2, 3])('on a random walk of a bracket with %i pairs', (pairs) => {
    const below = numbers(20260212 + pairs);
    const machine = bracketMachine(pairs);
    const chart = bracketChart(pairs);
    let [whole] = initialTransition(machine);
    const parts: Record<string, string> = {};
    for (const region of chart.regions) parts[region.region] = region.initial;
    const visited = new Set<string>();
    for (let i = 0; i < 4_000; i++) {
      const event = randomEvent(pairs, below);
      const [next, actions] = transition(machine, whole, event);
      const intents: string[] = [];
      for (const region of chart.regions) {
        if (!listens(region, event.type)) continue;
        const answer = stepRegion(
          region,
          parts[region.region] ?? '',
          event.type,
          event.conclusions,
        );
        parts[region.region] = answer.to;
        intents.push(...answer.intents.map((intent) => JSON.stringify(intent)));
      }
      whole = next;
      const value: Record<string, string> = {};
      for (const [region, inner] of Object.entries(whole.value)) {
        value[region] = configurationOf(inner);
      }
      expect(parts, `step ${i}: ${event.type}`).toEqual(value);
      const asked = actions.map(({ type, params }) =>
        JSON.stringify(params === undefined ? { type } : { type, params }),
      );
      expect(intents.sort(), `step ${i}: ${event.type}`).toEqual(asked.sort());
      visited.add(JSON.stringify(parts));
    }
    // A walk that never leaves the start would prove nothing.
    expect(visited.size).toBeGreaterThan(1_000);
  });
});
