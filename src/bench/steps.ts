/**
 * How many facts a second `step` takes, and its compiled charts alone, beside XState on the same
 * chart.
 *
 * Four ways are measured over one recorded script, in turns, in one process:
 *
 *     step        the whole step of a fact: ledger, conclusions, charts, sizing, laws, deadlines
 *     charts      the compiled tables of the bracket, region by region
 *     transition  XState's public `transition()` on the chart of the bracket, as one machine
 *     send        `createActor(chart).start()`, then `send`
 *
 * The other three are given every event that `step` put to the charts, with its conclusions, and do
 * nothing else; before anything is timed, all four are seen to end in the same configuration. So
 * charts against XState is what compiling saves, and step against charts what the ledger and the
 * laws cost. Each life starts from an empty state and is alone in it.
 */
import { type AnyMachineSnapshot, createActor, initialTransition, transition } from 'xstate';
import { bracketMachine } from '../../machines/bracket.ts';
import {
  audienceOf,
  bracketChart,
  type ChartWord,
  configurationOf,
  standingOf,
  stepBracket,
} from '../core/charts.ts';
import { hearingOf, type Standing } from '../core/standing.ts';
import { emptyState, findBracket } from '../core/state.ts';
import { step } from '../core/step.ts';
import { type Life, lifeOf } from './life.ts';

const PAIRS = 2;
const machine = bracketMachine(PAIRS);
const chart = bracketChart(PAIRS);

export type RecordedLife = Life & { readonly chartEvents: readonly ChartWord[] };

/** Least, middle and most of several rounds. */
export type Spread = { readonly min: number; readonly median: number; readonly max: number };

const WAYS = ['step', 'charts', 'transition', 'send'] as const;
export type Way = (typeof WAYS)[number];

/** How many times a round plays the script: what is fast must not be over before it is timed. */
const TIMES: Readonly<Record<Way, number>> = { step: 25, charts: 100, transition: 1, send: 1 };

/** Rounds that are not counted: for about a million facts the compiler still improves `step`. */
const WARMING = 12;

export type Measured = {
  readonly lives: number;
  readonly facts: number;
  readonly chartEvents: number;
  readonly rounds: number;
  /** Facts of the script a second. */
  readonly factsPerSecond: Readonly<Record<Way, Spread>>;
  /** How often the one does the script while the other does it once, round by round. */
  readonly ratios: {
    readonly stepToTransition: Spread;
    readonly stepToSend: Spread;
    readonly chartsToTransition: Spread;
    readonly chartsToSend: Spread;
    readonly chartsToStep: Spread;
  };
};

/** Records the script, and makes sure that the four ways agree about it. */
export function record(lives: number): readonly RecordedLife[] {
  return Array.from({ length: lives }, (_, i) => {
    const chartEvents: ChartWord[] = [];
    const observe = (event: ChartWord): unknown => chartEvents.push(event);
    const life = lifeOf(i + 1, (before, fact) => step(before, fact, { observe }));
    if (life.alarms.length > 0) throw new Error(`the script is not a good day: ${life.alarms[0]}`);
    const recorded = { ...life, chartEvents };
    const ends = [
      endOfStep(recorded),
      endOfCharts(recorded),
      regionsOf(playTransition(recorded)),
      regionsOf(playActor(recorded)),
    ];
    if (new Set(ends).size !== 1) throw new Error(`the charts disagree: ${ends.join(' | ')}`);
    return recorded;
  });
}

export function measure(
  script: readonly RecordedLife[],
  rounds: number,
  progress: (round: number) => void,
): Measured {
  const facts = script.reduce((sum, life) => sum + life.facts.length, 0);
  const plays: Readonly<Record<Way, (life: RecordedLife) => unknown>> = {
    step: playStep,
    charts: playCharts,
    transition: playTransition,
    send: playActor,
  };
  const rates: Record<Way, number[]> = { step: [], charts: [], transition: [], send: [] };
  for (let round = 1 - WARMING; round <= rounds; round++) {
    progress(Math.max(0, round));
    for (const way of WAYS) {
      const seconds = secondsOf(() => {
        for (let time = 0; time < TIMES[way]; time++) script.forEach(plays[way]);
      });
      if (round > 0) rates[way].push((facts * TIMES[way]) / seconds);
    }
  }
  const against = (one: Way, other: Way): Spread =>
    spreadOf(rates[one].map((rate, i) => rate / (rates[other][i] ?? Number.NaN)));
  return {
    lives: script.length,
    facts,
    chartEvents: script.reduce((sum, life) => sum + life.chartEvents.length, 0),
    rounds,
    factsPerSecond: {
      step: spreadOf(rates.step),
      charts: spreadOf(rates.charts),
      transition: spreadOf(rates.transition),
      send: spreadOf(rates.send),
    },
    ratios: {
      stepToTransition: against('step', 'transition'),
      stepToSend: against('step', 'send'),
      chartsToTransition: against('charts', 'transition'),
      chartsToSend: against('charts', 'send'),
      chartsToStep: against('charts', 'step'),
    },
  };
}

function playStep(life: Life): string {
  let state = emptyState();
  for (const fact of life.facts) state = step(state, fact).state;
  return JSON.stringify(findBracket(state, life.bracket)?.configuration);
}

function playCharts(life: RecordedLife): Standing {
  let standing = standingOf(chart, {});
  for (const { type, conclusions } of life.chartEvents) {
    standing = stepBracket(
      chart,
      hearingOf(standing, audienceOf(chart, type)),
      conclusions,
    ).standing;
  }
  return standing;
}

function playTransition(life: RecordedLife): AnyMachineSnapshot {
  let [snapshot]: [AnyMachineSnapshot, ...unknown[]] = initialTransition(machine);
  for (const event of life.chartEvents) [snapshot] = transition(machine, snapshot, event);
  return snapshot;
}

function playActor(life: RecordedLife): AnyMachineSnapshot {
  const actor = createActor(machine).start();
  for (const event of life.chartEvents) actor.send(event);
  const snapshot: AnyMachineSnapshot = actor.getSnapshot();
  actor.stop();
  return snapshot;
}

function endOfStep(life: Life): string {
  const configuration = findBracket(life.end, life.bracket)?.configuration ?? {};
  return sorted(configuration);
}

const endOfCharts = (life: RecordedLife): string =>
  sorted(Object.fromEntries(playCharts(life).rows.map((row) => [row.region, row.configuration])));

function regionsOf(snapshot: AnyMachineSnapshot): string {
  const regions: Record<string, string> = {};
  for (const [region, value] of Object.entries(snapshot.value)) {
    regions[region] = configurationOf(value);
  }
  return sorted(regions);
}

const sorted = (configuration: Readonly<Record<string, string>>): string =>
  Object.entries(configuration)
    .map(([region, state]) => `${region} ${state}`)
    .sort()
    .join(', ');

export function secondsOf(work: () => void): number {
  const from = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - from) / 1e9;
}

export function spreadOf(values: readonly number[]): Spread {
  const rising = [...values].sort((a, b) => a - b);
  const middle = rising.length / 2;
  const low = rising[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = rising[Math.floor(middle)] ?? Number.NaN;
  return {
    min: rising[0] ?? Number.NaN,
    median: (low + high) / 2,
    max: rising.at(-1) ?? Number.NaN,
  };
}
