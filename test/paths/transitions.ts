/**
 * Every transition of every kind of region, and which of them a step took.
 *
 * The kinds are read off the definitions in `machines/`; a transition is `kind source event #n`,
 * where n counts the alternatives of a guarded list. Which one is taken is decided here anew, from
 * the definition: innermost state first, exact event before `*`, first guard that holds. What
 * the compiled table made of the same event is compared with it every time (`agrees`).
 */
import { bracketRegions } from '../../machines/bracket.ts';
import { holds, type State, type Transition } from '../../machines/chart.ts';
import type { Conclusions } from '../../machines/facts.ts';
import { type RegionChart, regionChart, statesOf, stepRegion } from '../../src/core/charts.ts';
import type { Answer } from '../../src/core/compiled.ts';
import { outcomesOf } from '../xstate.ts';

export type Kind = 'entry' | 'stop' | 'target' | 'closing' | 'exposure';

export const KINDS: readonly Kind[] = ['entry', 'stop', 'target', 'closing', 'exposure'];

export type Taken = {
  readonly id: string;
  readonly transition: Transition;
};

const PAIRS = 2;
const regions = bracketRegions(PAIRS);

/** A region that stands for its kind. */
const SAMPLE: Readonly<Record<Kind, State>> = {
  entry: regions.entry,
  stop: regions.stop1 as State,
  target: regions.target1 as State,
  closing: regions.closing,
  exposure: regions.exposure,
};

export function definitionOf(kind: Kind): State {
  return SAMPLE[kind];
}

const compiled = new Map<Kind, RegionChart>();

function chartOf(kind: Kind): RegionChart {
  const region = kind === 'stop' || kind === 'target' ? `${kind}1` : kind;
  const chart = compiled.get(kind) ?? regionChart(region, definitionOf(kind));
  compiled.set(kind, chart);
  return chart;
}

export const kindOf = (region: string): Kind => region.replace(/\d+$/, '') as Kind;

/** The fact as the kind's sample region would hear it: its own pair is pair 1. */
function asSample(region: string, fact: string): string {
  const pair = /\d+$/.exec(region)?.[0];
  return pair === undefined ? fact : fact.replace(new RegExp(`^(stop|target)${pair}\\.`), '$11.');
}

function conclusionsAsSample(region: string, conclusions: Conclusions): Conclusions {
  const pair = /\d+$/.exec(region)?.[0];
  if (pair === undefined || pair === '1') return conclusions;
  const renamed = (legs: Conclusions['admitted']): Conclusions['admitted'] =>
    legs.flatMap((leg) => {
      const [, name, number] = /^([a-z]+)(\d*)$/.exec(leg) ?? [];
      if (number === '' || number === undefined) return [leg];
      return number === pair ? [`${name}1` as typeof leg] : [];
    });
  return {
    ...conclusions,
    admitted: renamed(conclusions.admitted),
    resized: renamed(conclusions.resized),
    unwanted: renamed(conclusions.unwanted),
  };
}

type Node = { readonly path: string; readonly state: State };

/** The states from the outermost to the one at `path`. */
function chainOf(root: State, path: string): readonly Node[] {
  const chain: Node[] = [{ path: '', state: root }];
  let at = root;
  let name = '';
  for (const part of path.split('.')) {
    const child = at.states?.[part];
    if (child === undefined) throw new Error(`no state ${path}`);
    name = name === '' ? part : `${name}.${part}`;
    chain.push({ path: name, state: child });
    at = child;
  }
  return chain;
}

const listOf = (on: State['on'], event: string): readonly Transition[] => {
  const found = on?.[event];
  return found === undefined ? [] : ([found].flat() as readonly Transition[]);
};

const idOf = (kind: Kind, path: string, event: string, n: number): string =>
  `${kind} ${path === '' ? '(all)' : path} ${event} #${n}`;

function takenBy(
  kind: Kind,
  root: State,
  leaf: string,
  fact: string,
  c: Conclusions,
): Taken | null {
  for (const { path, state } of chainOf(root, leaf).toReversed()) {
    for (const event of [fact, '*']) {
      const list = listOf(state.on, event);
      const n = list.findIndex(({ guard }) => guard === undefined || holds(guard, c));
      const transition = list[n];
      if (transition !== undefined) return { id: idOf(kind, path, event, n), transition };
    }
  }
  return null;
}

/** The transitions that a region takes: at most one for each axis. */
export function taken(
  region: string,
  from: string,
  fact: string,
  conclusions: Conclusions,
): readonly Taken[] {
  const kind = kindOf(region);
  const root = definitionOf(kind);
  const heard = asSample(region, fact);
  const c = conclusionsAsSample(region, conclusions);
  const found = new Map<string, Taken>();
  for (const leaf of statesOf(chartOf(kind), from)) {
    const one = takenBy(kind, root, leaf, heard, c);
    if (one !== null) found.set(one.id, one);
  }
  return [...found.values()];
}

/** XState's answer is that of the transitions found here: what they ask for, and whether it moved. */
export function agrees(found: readonly Taken[], from: string, answer: Answer): boolean {
  const asked = found.flatMap(({ transition }) => transition.actions ?? []);
  const sameIntents =
    asked.map((one) => one.type).join() === answer.intents.map((one) => one.type).join();
  const targets = found.some(({ transition }) => transition.target !== undefined);
  return sameIntents && (targets || answer.to === from);
}

/** Every transition of a kind, in the order of its definition. */
export function allOf(kind: Kind): readonly Taken[] {
  const found: Taken[] = [];
  const visit = (state: State, path: string): void => {
    for (const event of Object.keys(state.on ?? {})) {
      listOf(state.on, event).forEach((transition, n) => {
        found.push({ id: idOf(kind, path, event, n), transition });
      });
    }
    for (const [name, child] of Object.entries(state.states ?? {})) {
      visit(child, path === '' ? name : `${path}.${name}`);
    }
  };
  visit(definitionOf(kind), '');
  return found;
}

/** Pairs that the chart alone allows: the second is possible where the first may have led. */
export function pairsOf(kind: Kind): ReadonlySet<string> {
  const region = kind === 'stop' || kind === 'target' ? `${kind}1` : kind;
  const chart = chartOf(kind);
  const facts = [...chart.columns.keys(), ...(chart.otherwise < 0 ? [] : ['bracket.concluded'])];
  const into = new Map<string, Set<string>>();
  const out = new Map<string, Set<string>>();
  const seen = new Set([chart.initial]);
  const add = (to: Map<string, Set<string>>, at: string, id: string): void => {
    to.set(at, (to.get(at) ?? new Set()).add(id));
  };
  for (const from of seen) {
    for (const fact of facts) {
      for (const conclusions of outcomesOf(chart.guards)) {
        const { to } = stepRegion(chart, from, fact, conclusions);
        for (const { id } of taken(region, from, fact, conclusions)) {
          add(out, from, id);
          add(into, to, id);
        }
        seen.add(to);
      }
    }
  }
  const pairs = new Set<string>();
  for (const at of seen) {
    for (const first of into.get(at) ?? []) {
      for (const second of out.get(at) ?? []) pairs.add(`${first} > ${second}`);
    }
  }
  return pairs;
}
