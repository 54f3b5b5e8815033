/**
 * Runs the charts of `machines/`, one region at a time, from compiled tables.
 *
 * A bracket's regions share nothing but the fact and its conclusions, so stepping them one by one
 * gives what the whole parallel machine gives. XState stays the definition: `compiled.ts` says how
 * a table is made of it, and `test/charts-proof.test.ts` that both say the same.
 */
import { bracketRegions, regionMachine } from '../../machines/bracket.ts';
import { type ChartMachine, holds, type Intent, type State } from '../../machines/chart.ts';
import {
  type Conclusions,
  type Leg,
  legsOf,
  ORDER_FACTS,
  type OrderFact,
  type Region,
} from '../../machines/facts.ts';
import { type Answer, type Cell, compile, type Table } from './compiled.ts';
import { type Parts, partsOf } from './legs.ts';
import { type Hearing, type Macrostep, movedTo, type Standing, standingIn } from './standing.ts';

export type RegionChart = Table & {
  readonly region: string;
  readonly machine: ChartMachine;
  readonly initial: string;
};

/** A region that listens to a fact, and where in its rows the answers are. */
export type Listener = {
  readonly at: number;
  readonly column: number;
  readonly addressed: boolean;
};

/** A fact, who listens to it, and the stops whose size any of them may ask the plan about. */
export type Audience = {
  readonly fact: string;
  /** Some leg's or some region's own: of those there are so many, of others any number. */
  readonly named: boolean;
  readonly listeners: readonly Listener[];
  readonly resizes: readonly Parts[];
};

export type BracketChart = {
  readonly pairs: number;
  readonly legs: readonly Leg[];
  readonly parts: readonly Parts[];
  /** The names of the regions, in the order of the chart. */
  readonly names: readonly Region[];
  readonly regions: readonly RegionChart[];
  /** The configuration in which a bracket begins. */
  readonly initial: Readonly<Record<string, string>>;
  /** The audience of `bracket.concluded`, which ends every step. */
  readonly closing: Audience;
  /** The audience of every fact that a region names. */
  readonly audiences: ReadonlyMap<string, Audience>;
  /** Those of the facts of each leg, by its slot: no name is put together to find them. */
  readonly ofLegs: readonly ReadonlyMap<OrderFact, Audience>[];
  /** Where brackets of this chart were seen to stand, by the marks of the rows. */
  readonly standings: Map<string, Standing>;
};

/** By the number of pairs. */
const charts: BracketChart[] = [];

/** The chart of a bracket with that many pairs; compiled once. */
export function bracketChart(pairs: number): BracketChart {
  const known = charts[pairs];
  if (known !== undefined) return known;
  const legs = legsOf(pairs);
  const states = Object.entries(bracketRegions(pairs));
  const regions = states.map(([name, state]) => regionChart(name, state));
  const facts = new Set(regions.flatMap((region) => [...region.columns.keys()]));
  const audiences = new Map(
    [...facts].map((fact) => [fact, newAudience(legs, regions, fact, true)]),
  );
  const ofLeg = (leg: Leg): ReadonlyMap<OrderFact, Audience> =>
    new Map(
      ORDER_FACTS.map((fact) => {
        const named = `${leg}.${fact}`;
        return [fact, audiences.get(named) ?? newAudience(legs, regions, named, true)];
      }),
    );
  const chart: BracketChart = {
    pairs,
    legs,
    parts: legs.map(partsOf),
    names: [...legs, 'exposure'],
    regions,
    initial: Object.fromEntries(regions.map(({ region, initial }) => [region, initial])),
    closing:
      audiences.get('bracket.concluded') ?? newAudience(legs, regions, 'bracket.concluded', true),
    audiences,
    ofLegs: legs
      .map(partsOf)
      .sort((a, b) => a.slot - b.slot)
      .map(({ leg }) => ofLeg(leg)),
    standings: new Map(),
  };
  charts[pairs] = chart;
  return chart;
}

export function regionChart(region: string, state: State): RegionChart {
  const machine = regionMachine(region, state);
  const table = compile(region, machine);
  return { ...table, region, machine, initial: table.start.configuration };
}

function newAudience(
  legs: readonly Leg[],
  regions: readonly RegionChart[],
  fact: string,
  named: boolean,
): Audience {
  const listeners: Listener[] = [];
  const resized = new Set<Leg>();
  for (const [at, region] of regions.entries()) {
    const column = columnOf(region, fact);
    if (column < 0) continue;
    listeners.push({ at, column, addressed: fact.startsWith(`${region.region}.`) });
    for (const { cells } of region.rows.values()) {
      for (const guard of cells[column]?.guards ?? []) {
        if (guard.type === 'resized') resized.add(guard.params.leg);
      }
    }
  }
  return { fact, named, listeners, resizes: legs.filter((leg) => resized.has(leg)).map(partsOf) };
}

/** Who hears of a fact, and be it one that no region names. */
export function audienceOf(chart: BracketChart, fact: string): Audience {
  return chart.audiences.get(fact) ?? newAudience(chart.legs, chart.regions, fact, false);
}

/** Who hears of news of an order. */
export function audienceOfOrder(chart: BracketChart, of: Parts, fact: OrderFact): Audience {
  return chart.ofLegs[of.slot]?.get(fact) ?? audienceOf(chart, `${of.leg}.${fact}`);
}

const columnOf = (chart: RegionChart, fact: string): number =>
  chart.columns.get(fact) ?? chart.otherwise;

/** What is put to the charts: a `ChartEvent`, or one that no chart knows by name. */
export type ChartWord = { readonly type: string; readonly conclusions: Conclusions };

/** Where a bracket of that configuration stands. */
export function standingOf(
  chart: BracketChart,
  configuration: Readonly<Record<string, string>>,
): Standing {
  if (latest?.chart === chart && latest.of === configuration) return latest.standing;
  const rows = chart.regions.map(({ region, rows, start }) => {
    const name = configuration[region];
    const row = name === undefined ? start : rows.get(name);
    // A state that other charts have written: nothing is guessed of where it may be.
    if (row === undefined) throw new Error(`${region} has no configuration "${name}"`);
    return row;
  });
  const standing = standingIn(chart, rows);
  keepStanding(chart, configuration, standing);
  return standing;
}

/** What a configuration stands for is known where it was made: the next fact will ask. */
export function keepStanding(
  chart: BracketChart,
  configuration: Readonly<Record<string, string>>,
  standing: Standing,
): void {
  latest = { chart, of: configuration, standing };
}

/** Where some configuration was found to stand last: see `figuresOf` in `commitment.ts`. */
let latest: {
  readonly chart: BracketChart;
  readonly of: Readonly<Record<string, string>>;
  readonly standing: Standing;
} | null = null;

const NOTHING: readonly Intent[] = [];

export function stepBracket(
  chart: BracketChart,
  { standing, listening, atRest }: Hearing,
  conclusions: Conclusions,
): Macrostep {
  const { admitted, resized, unwanted } = conclusions;
  const nothingDue = admitted.length === 0 && resized.length === 0 && unwanted.length === 0;
  if (nothingDue && atRest !== null) return atRest;
  let next = standing;
  let intents: readonly Intent[] = NOTHING;
  let answered = true;
  for (const { at, row, cell, addressed } of listening) {
    if (nothingDue && cell.rests && !addressed) continue;
    const answer = answerOf(cell, conclusions);
    if (addressed && !answer.answered) answered = false;
    if (answer.intents.length > 0) {
      intents = intents.length === 0 ? answer.intents : [...intents, ...answer.intents];
    }
    if (answer.row !== row) next = movedTo(chart, next, at, answer.row);
  }
  return { standing: next, intents, answered };
}

/** The answer of a cell, by which of its guards hold. */
function answerOf(cell: Cell, conclusions: Conclusions): Answer {
  let bits = 0;
  for (let i = 0; i < cell.guards.length; i++) {
    const guard = cell.guards[i];
    if (guard !== undefined && holds(guard, conclusions)) bits |= 1 << i;
  }
  const answer = cell.answers[bits];
  if (answer === undefined) throw new Error('a table has no answer for its own guards');
  return answer;
}

/** What one region makes of a fact. */
export function stepRegion(
  chart: RegionChart,
  from: string,
  fact: string,
  conclusions: Conclusions,
): Answer {
  const row = chart.rows.get(from);
  if (row === undefined) throw new Error(`${chart.region} has no configuration ${from}`);
  const cell = row.cells[columnOf(chart, fact)];
  if (cell === undefined) return { to: from, row, intents: NOTHING, answered: false };
  return answerOf(cell, conclusions);
}

/** `{ live: { life: 'working', request: 'none' } }` is `live.working.none`. */
export function configurationOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, inner] = ['', '']] = Object.entries(value);
  const axes = typeof inner === 'object' && inner !== null && 'life' in inner && 'request' in inner;
  return axes ? `${name}.${inner.life}.${inner.request}` : `${name}.${configurationOf(inner)}`;
}

/** The atomic states of a configuration, as dotted paths. */
export function statesOf(chart: RegionChart, configuration: string): readonly string[] {
  const row = chart.rows.get(configuration);
  if (row === undefined) throw new Error(`${chart.region} has no configuration ${configuration}`);
  return row.states;
}
