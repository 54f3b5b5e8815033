/**
 * Compiles the chart of one region, as XState has resolved it, into a table:
 *
 *     configuration × fact × which guards hold   →   configuration, intents
 *
 * The definition stays XState's. This reads the very nodes, targets, guards and actions that its
 * interpreter reads, and asks that interpreter nothing. The rules it repeats are few:
 *
 * - the innermost state that has a transition for the fact takes it;
 * - within a state an exact fact comes before `*`, and the first guard that holds decides;
 * - of parallel axes each takes at most one, and their parent only when none of them did;
 * - of two axes of which one would leave the parallel state, the first one has its way.
 *
 * What a table could not tell truly is refused (`refusals.ts`). That it tells the truth is proven in
 * `test/charts-proof.test.ts`, on every entry, and sampled in production (`sample.ts`).
 */
import type { ChartMachine, DeadlineName, Guard, Intent } from '../../machines/chart.ts';
import { type Parts, partsOf } from './legs.ts';
import {
  type ChartNode,
  type ChartTransition,
  guardOf,
  intentOf,
  isWithin,
  refuse,
  refuseUnsupported,
} from './refusals.ts';

/** What a region makes of a fact. */
export type Answer = {
  readonly to: string;
  /** The row of `to`. */
  readonly row: Row;
  readonly intents: readonly Intent[];
  /** False when the region has no word on this fact at all. */
  readonly answered: boolean;
};

/** A configuration's answers to one fact, by which of the guards hold, as bits. */
export type Cell = {
  readonly guards: readonly Guard[];
  readonly answers: readonly Answer[];
  /** Legs that its guards ask the plan about. */
  readonly admitted: readonly Parts[];
  readonly unwanted: readonly Parts[];
  /** It asks the plan at most, and nothing comes of it when the plan calls for nothing. */
  readonly rests: boolean;
};

/** A wait, and the key under which a bracket keeps its deadline. */
export type Wait = { readonly name: DeadlineName; readonly key: string };

/** One configuration of a region, with its answers. */
export type Row = {
  readonly region: string;
  readonly configuration: string;
  /** One character that tells it from the other rows of its table. */
  readonly mark: string;
  /** What it says of an order: never sent, not yet over, over. */
  readonly stage: 'idle' | 'live' | 'ended';
  /** Its atomic states by their dotted paths; in a parallel state one for every axis. */
  readonly states: readonly string[];
  /** The waits that it runs: by axis, at most one each. */
  readonly waits: readonly Wait[];
  /** By the column of the fact. */
  readonly cells: readonly Cell[];
};

export type Table = {
  /** Where it begins. */
  readonly start: Row;
  readonly rows: ReadonlyMap<string, Row>;
  /** The facts that any of its states names. */
  readonly columns: ReadonlyMap<string, number>;
  /** The column of any other fact; -1 where no state listens to `*`. */
  readonly otherwise: number;
  /** Every guard that any of its transitions asks. */
  readonly guards: readonly Guard[];
};

/** The atomic states that are active together: one, or one for every axis. */
type Active = readonly ChartNode[];
type Draft = Row & { readonly active: Active; readonly cells: Cell[] };

/** More guards than this in one cell: somebody should look at the chart. */
const GUARDS_MOST = 8;

export function compile(region: string, machine: ChartMachine): Table {
  refuseUnsupported(machine);
  const { root } = machine;
  const columns = new Map<string, number>();
  const written: Written = new Map();
  visit(root, (node) => {
    for (const [fact, transitions] of node.transitions) {
      if (fact !== '*' && !columns.has(fact)) columns.set(fact, columns.size);
      for (const transition of transitions) written.set(transition, read(node, fact, transition));
    }
  });
  const rows = new Map<string, Draft>();
  for (const active of activesOf(root)) {
    const row = draftOf(region, active, rows.size);
    rows.set(row.configuration, row);
  }
  let wild = false;
  visit(root, (node) => {
    wild ||= node.transitions.has('*');
  });
  // The last column stands for every fact that no state names.
  const facts = wild ? [...columns.keys(), '*'] : [...columns.keys()];
  for (const row of rows.values()) {
    const around = [...new Set(row.active.flatMap(upwards))];
    const silent = newCell(row, [], [answerOf(row, [], [], rows)]);
    for (const fact of facts) {
      const candidates = around.flatMap((node) => transitionsOf(node, fact));
      // Most facts are not a region's own.
      const cell = candidates.length === 0 ? silent : cellOf(row, fact, candidates, rows, written);
      row.cells.push(cell);
    }
  }
  return {
    start: rowOf(rows, entered(root, root)),
    rows,
    columns,
    otherwise: wild ? columns.size : -1,
    guards: [...guardsOf([...written.values()]).values()],
  };
}

function visit(node: ChartNode, see: (node: ChartNode) => void): void {
  see(node);
  for (const child of childrenOf(node)) visit(child, see);
}

const childrenOf = (node: ChartNode): readonly ChartNode[] => Object.values(node.states);

// ── configurations ───────────────────────────────────────────────────────────────────────────

/** Every set of atomic states that can be active together within a node. */
function activesOf(node: ChartNode): readonly Active[] {
  switch (node.type) {
    case 'atomic':
      return [[node]];
    case 'parallel':
      return childrenOf(node)
        .map(activesOf)
        .reduce((before, axis) => before.flatMap((some) => axis.map((one) => [...some, ...one])));
    default:
      return childrenOf(node).flatMap(activesOf);
  }
}

/** `live.working.none` of the states live.life.working and live.request.none. */
function nameOf(active: Active): string {
  const [first] = active;
  const [outermost = ''] = first?.path ?? [];
  const last = (node: ChartNode): string => node.path.slice(active.length > 1 ? 2 : 1).join('.');
  return [outermost, ...active.map(last)].filter((part) => part !== '').join('.');
}

function draftOf(region: string, active: Active, number: number): Draft {
  const configuration = nameOf(active);
  const waits = active.flatMap(({ meta }): readonly Wait[] => {
    const name: DeadlineName | undefined = meta?.deadline;
    return name === undefined ? [] : [{ name, key: `${region}.${name}` }];
  });
  const over = configuration.startsWith('ended');
  return {
    region,
    configuration,
    mark: String.fromCharCode(number),
    stage: configuration === 'idle' ? 'idle' : over ? 'ended' : 'live',
    states: active.map((node) => node.path.join('.')),
    waits,
    active,
    cells: [],
  };
}

function rowOf(rows: ReadonlyMap<string, Draft>, active: Active): Draft {
  const row = rows.get(nameOf(active));
  if (row === undefined) throw new Error(`no configuration is called ${nameOf(active)}`);
  return row;
}

// ── answers ──────────────────────────────────────────────────────────────────────────────────

/** A transition's guard and intents in our terms, read once. */
type Reading = {
  readonly guard: Guard | null;
  /** The guard as a text: the same question is asked once. */
  readonly key: string;
  readonly intents: readonly Intent[];
};
type Written = Map<ChartTransition, Reading>;

function read(node: ChartNode, fact: string, { guard, actions }: ChartTransition): Reading {
  const asked = guard === undefined ? null : guardOf(node, fact, guard);
  return {
    guard: asked,
    key: asked === null ? '' : JSON.stringify(asked),
    intents: actions.map((action) => intentOf(node, fact, action)),
  };
}

function guardsOf(readings: readonly (Reading | undefined)[]): ReadonlyMap<string, Guard> {
  const guards = new Map<string, Guard>();
  for (const one of readings)
    if (one !== undefined && one.guard !== null) guards.set(one.key, one.guard);
  return guards;
}

function cellOf(
  row: Draft,
  fact: string,
  candidates: readonly ChartTransition[],
  rows: ReadonlyMap<string, Draft>,
  written: Written,
): Cell {
  const guards = guardsOf(candidates.map((transition) => written.get(transition)));
  const keys = [...guards.keys()];
  const [node] = row.active;
  if (keys.length > GUARDS_MOST && node !== undefined) refuse(node, `too many guards on ${fact}`);
  const answers = Array.from({ length: 2 ** keys.length }, (_, bits) => {
    const holds: Holds = (transition) => {
      const { key = '' } = written.get(transition) ?? {};
      return key === '' || ((bits >> keys.indexOf(key)) & 1) === 1;
    };
    const taken = takenIn(row.active, fact, holds);
    const intents = taken.flatMap((transition) => written.get(transition)?.intents ?? []);
    return answerOf(row, taken, intents, rows);
  });
  return newCell(row, [...guards.values()], answers);
}

function newCell(row: Draft, guards: readonly Guard[], answers: readonly Answer[]): Cell {
  const [whenNothingHolds] = answers;
  const asked = (type: Guard['type']): readonly Parts[] =>
    guards.flatMap((guard) =>
      guard.type === type && 'params' in guard ? [partsOf(guard.params.leg)] : [],
    );
  return {
    guards,
    answers,
    admitted: asked('admitted'),
    unwanted: asked('unwanted'),
    rests:
      guards.every((guard) => 'params' in guard) &&
      whenNothingHolds?.row === row &&
      whenNothingHolds.intents.length === 0,
  };
}

function answerOf(
  from: Draft,
  taken: readonly ChartTransition[],
  intents: readonly Intent[],
  rows: ReadonlyMap<string, Draft>,
): Answer {
  let { active } = from;
  for (const transition of taken) active = moved(active, transition);
  const row = active === from.active ? from : rowOf(rows, active);
  return {
    to: row.configuration,
    row,
    intents,
    answered: row !== from || intents.length > 0,
  };
}

/** A state and those around it, from the inside; the root has no transitions. */
function upwards(node: ChartNode): readonly ChartNode[] {
  return node.parent === undefined ? [] : [node, ...upwards(node.parent)];
}

/** A state's transitions for a fact, in the order in which they are tried. */
function transitionsOf(node: ChartNode, fact: string): readonly ChartTransition[] {
  const named = fact === '*' ? [] : (node.transitions.get(fact) ?? []);
  return [...named, ...(node.transitions.get('*') ?? [])];
}

/** Whether a transition's guard holds; without one it always does. */
type Holds = (transition: ChartTransition) => boolean;

/** Of some states, from the inside: the transition of the first that has one. */
function innermost(
  nodes: readonly ChartNode[],
  fact: string,
  holds: Holds,
): readonly ChartTransition[] {
  for (const node of nodes) {
    for (const transition of transitionsOf(node, fact)) {
      if (holds(transition)) return [transition];
    }
  }
  return [];
}

function takenIn(active: Active, fact: string, holds: Holds): readonly ChartTransition[] {
  const [first] = active;
  if (first === undefined) return [];
  if (active.length === 1) return innermost(upwards(first), fact, holds);
  // Each axis for itself: its atomic state, then the axis. Their parent takes what none of them has.
  const inner = active.flatMap((node) => innermost(upwards(node).slice(0, 2), fact, holds));
  return inner.length === 0 ? innermost(upwards(first), fact, holds) : compatible(inner);
}

/** XState's rule of conflicts: who leaves the parallel state takes all, unless another moved first. */
function compatible(taken: readonly ChartTransition[]): readonly ChartTransition[] {
  const kept: ChartTransition[] = [];
  for (const one of taken) {
    const moves = kept.filter(({ target }) => target !== undefined);
    const conflicts =
      one.target !== undefined && moves.some((other) => leavesAxis(one) || leavesAxis(other));
    if (!conflicts) kept.push(one);
  }
  return kept;
}

// ── targets ──────────────────────────────────────────────────────────────────────────────────

/** The axis of a parallel state that a state is, or lies in. */
function axisOf(node: ChartNode): ChartNode | undefined {
  if (node.parent === undefined) return undefined;
  return node.parent.type === 'parallel' ? node : axisOf(node.parent);
}

function leavesAxis({ source, target }: ChartTransition): boolean {
  const axis = axisOf(source);
  return axis === undefined || !(target ?? []).some((node) => isWithin(node, axis));
}

/** Where a transition leads from `active`. Everything that it could not be trusted with is refused. */
function moved(active: Active, transition: ChartTransition): Active {
  const { source, target, eventType } = transition;
  if (target === undefined) return active;
  const [first] = target;
  if (first === undefined) return refuse(source, `an empty target on ${eventType}`);
  const axis = axisOf(source);
  const parallel = axis?.parent ?? (source.type === 'parallel' ? source : undefined);
  if (parallel !== undefined && target.some((node) => isWithin(node, parallel))) {
    // In XState a transition between axes resets those that it does not name.
    if (axis === undefined || target.length > 1 || !isWithin(first, axis)) {
      return refuse(source, `a target on ${eventType} that resets a neighbour axis`);
    }
    const [atomic] = entered(first, source);
    return active.map((node) => (isWithin(node, axis) ? (atomic ?? node) : node));
  }
  if (target.length === 1 && axisOf(first) === undefined) return entered(first, source);
  return enteredTogether(target, source, eventType);
}

/** One target in every axis of one parallel state. */
function enteredTogether(
  target: readonly ChartNode[],
  source: ChartNode,
  fact: string,
): readonly ChartNode[] {
  const parallel = axisOf(target[0] ?? source)?.parent;
  if (parallel === undefined) return refuse(source, `several targets on ${fact}`);
  const axes = childrenOf(parallel);
  const active = axes.flatMap((axis) => {
    const within = target.filter((node) => isWithin(node, axis));
    const [only] = within;
    if (only === undefined || within.length > 1) {
      return refuse(source, `not one target for every axis of ${parallel.key} on ${fact}`);
    }
    return entered(only, source);
  });
  return target.length === axes.length ? active : refuse(source, `targets apart on ${fact}`);
}

/** The atomic states that are active once a state is entered. */
function entered(node: ChartNode, source: ChartNode): Active {
  switch (node.type) {
    case 'atomic':
      return [node];
    case 'parallel':
      return childrenOf(node).flatMap((axis) => entered(axis, source));
    default: {
      const initial = childrenOf(node).find((child) => child.key === node.config.initial);
      return initial === undefined ? refuse(source, 'nowhere to begin') : entered(initial, source);
    }
  }
}
