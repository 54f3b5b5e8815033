/**
 * Runs the charts of `machines/` one region at a time.
 *
 * A bracket's regions share nothing but the fact and its conclusions, so stepping them one by one
 * gives what the whole parallel machine gives (`test/charts.test.ts` compares the two). XState
 * stays the definition: it is asked once for every (configuration, fact, guard outcomes) of a
 * region, and its answer is kept in a table.
 */
import { type AnyMachineSnapshot, initialTransition, type StateValue, transition } from 'xstate';
import { bracketRegions, regionMachine } from '../../machines/bracket.ts';
import {
  type ChartMachine,
  type DeadlineName,
  type Guard,
  holds,
  type Intent,
  type State,
} from '../../machines/chart.ts';
import { type Conclusions, type Leg, legsOf } from '../../machines/facts.ts';

/** What a region makes of a fact. */
export type Answer = {
  readonly to: string;
  readonly intents: readonly Intent[];
  /** False when the region has no word on this fact at all. */
  readonly answered: boolean;
};

export type RegionChart = {
  readonly region: string;
  readonly machine: ChartMachine;
  readonly initial: string;
  /** Everything any of its states listens to. */
  readonly alphabet: ReadonlySet<string>;
  readonly guards: readonly Guard[];
  /** The wait that each atomic state runs, by the dotted path of the state. */
  readonly deadlines: ReadonlyMap<string, DeadlineName>;
  readonly table: Map<string, Answer>;
};

export type BracketChart = {
  readonly pairs: number;
  readonly legs: readonly Leg[];
  readonly regions: readonly RegionChart[];
};

const charts = new Map<number, BracketChart>();

/** The chart of a bracket with that many pairs; made once. */
export function bracketChart(pairs: number): BracketChart {
  const known = charts.get(pairs);
  if (known !== undefined) return known;
  const regions = Object.entries(bracketRegions(pairs)).map(([region, state]) =>
    regionChart(region, state),
  );
  const chart = { pairs, legs: legsOf(pairs), regions };
  charts.set(pairs, chart);
  return chart;
}

export function regionChart(region: string, state: State): RegionChart {
  const machine = regionMachine(region, state);
  const alphabet = new Set<string>();
  const guards = new Map<string, Guard>();
  const deadlines = new Map<string, DeadlineName>();
  walk(state, '', (node, path) => {
    if (node.meta?.deadline !== undefined) deadlines.set(path, node.meta.deadline);
    for (const [event, transitions] of Object.entries(node.on ?? {})) {
      alphabet.add(event);
      for (const t of [transitions].flat()) {
        if (t.guard !== undefined) guards.set(JSON.stringify(t.guard), t.guard);
      }
    }
  });
  const [start] = initialTransition(machine);
  return {
    region,
    machine,
    initial: configurationOf(start.value),
    alphabet,
    guards: [...guards.values()],
    deadlines,
    table: new Map(),
  };
}

function walk(state: State, path: string, visit: (node: State, path: string) => void): void {
  visit(state, path);
  for (const [name, child] of Object.entries(state.states ?? {})) {
    walk(child, path === '' ? name : `${path}.${name}`, visit);
  }
}

/** `{ live: { life: 'working', request: 'none' } }` is `live.working.none`. */
export function configurationOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [entry] = Object.entries(value as Record<string, unknown>);
  if (entry === undefined) return '';
  const [name, inner] = entry;
  if (name !== 'live') return `${name}.${configurationOf(inner)}`;
  const axes = inner as { readonly life: string; readonly request: string };
  return `live.${axes.life}.${axes.request}`;
}

/** The reverse of `configurationOf`. */
export function stateValueOf(configuration: string): StateValue {
  const [first = '', second, third] = configuration.split('.');
  if (second === undefined) return first;
  return { [first]: third === undefined ? second : { life: second, request: third } };
}

/** The atomic states of a configuration, as dotted paths. */
export function statesOf(configuration: string): readonly string[] {
  const [first = '', second, third] = configuration.split('.');
  if (second === undefined) return [first];
  if (third === undefined) return [configuration];
  return [`${first}.life.${second}`, `${first}.request.${third}`];
}

/** What one region makes of a fact. */
export function stepRegion(
  chart: RegionChart,
  from: string,
  fact: string,
  conclusions: Conclusions,
): Answer {
  let outcomes = 0;
  for (let i = 0; i < chart.guards.length; i++) {
    const guard = chart.guards[i];
    if (guard !== undefined && holds(guard, conclusions)) outcomes |= 1 << i;
  }
  const key = `${from} ${fact} ${outcomes}`;
  const known = chart.table.get(key);
  if (known !== undefined) return known;
  const answer = askXState(chart, from, fact, conclusions);
  chart.table.set(key, answer);
  return answer;
}

function askXState(
  chart: RegionChart,
  from: string,
  fact: string,
  conclusions: Conclusions,
): Answer {
  const { machine } = chart;
  const before: AnyMachineSnapshot = machine.resolveState({
    value: stateValueOf(from),
    context: {},
  });
  const [after, actions] = transition(machine, before, { type: fact, conclusions });
  const intents = actions.map(intentOf);
  const to = configurationOf(after.value);
  return { to, intents, answered: to !== from || intents.length > 0 };
}

const INTENTS = new Set(['place', 'cancel', 'replace', 'ask', 'alarm', 'ignore', 'close']);

/** XState returns what a transition asks for as data: kept as it was written in the chart. */
function intentOf(action: { readonly type: string; readonly params?: unknown }): Intent {
  if (!INTENTS.has(action.type)) throw new Error(`a chart asks for "${action.type}"`);
  const { type, params } = action as Intent & { readonly params?: unknown };
  return (params === undefined ? { type } : { type, params }) as Intent;
}

/** Whether any state of the region listens to the fact at all. */
export function listens(chart: RegionChart, fact: string): boolean {
  return chart.alphabet.has(fact) || chart.alphabet.has('*');
}

/** The waits that a configuration runs: by axis, at most one each. */
export function deadlinesOf(chart: RegionChart, configuration: string): readonly DeadlineName[] {
  const names: DeadlineName[] = [];
  for (const state of statesOf(configuration)) {
    const name = chart.deadlines.get(state);
    if (name !== undefined) names.push(name);
  }
  return names;
}
