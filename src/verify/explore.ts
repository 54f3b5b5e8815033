/**
 * Every state that a model can come to, breadth first: are the invariants kept in all of them, can
 * the goals still be reached from all of them, and was what we wanted to see really seen?
 *
 * A model is given as functions over states of any shape. The explorer knows a state by its
 * encoding, a few words that `encode` writes, and keeps of it that encoding and the number of the
 * state from which it was first seen (`visited.ts`). The object of a state is kept from its
 * discovery to its expansion only. No label is kept: a trace is found by taking the way again, so
 * `next` has to be deterministic.
 *
 * Memory for an encoding of w words: 4w bytes a state, 4 for the parent, 5.7 to 11.4 for the table,
 * and 4 more where lengths differ; besides that the objects of the states not yet expanded. Goals
 * need the edges (`edges.ts`): 8 bytes for each transition to another state, 4 for each state, and
 * 4 for each goal and state.
 */
import { type Batch, createBatch, type Receive } from './exploring/batch.ts';
import { createEdges, type Edges } from './exploring/edges.ts';
import type {
  Emit,
  Exploration,
  Explored,
  Goal,
  GoalAnswer,
  Progress,
  Trace,
  Violation,
  Witness,
  WitnessAnswer,
} from './exploring/exploration.ts';
import { createDecodedFrontier, createFrontier, type Frontier } from './exploring/frontier.ts';
import { createNumbers, type Numbers } from './exploring/numbers.ts';
import { traceOf } from './exploring/trace.ts';
import { createVisited, FULL, NO_PARENT, type Visited } from './exploring/visited.ts';

const WORDS = 1024;
const PROGRESS_SECONDS = 0.5;
/** Expansions between two looks at the clock. */
const LOOK_EVERY = 64;

type Sought<State> = { readonly goal: Goal<State>; readonly reached: Numbers };

/** What an exploration knows while it goes on. */
type Run<State> = {
  readonly asked: Exploration<State>;
  readonly visited: Visited;
  readonly frontier: Frontier<State>;
  readonly words: Int32Array;
  readonly sought: readonly Sought<State>[];
  /** Kept for goals only. */
  readonly edges: Edges | undefined;
  readonly mostBytes: number;
  readonly started: number;
  /** Number of the state in which each witness was first seen. */
  readonly witnessed: Map<Witness<State>, number>;
  awaited: readonly Witness<State>[];
  states: number;
  transitions: number;
  /** Number of the state that is expanded; NO_PARENT while initial states are given. */
  expanding: number;
  /** Depth of the state that is expanded, and the number of the first state that is deeper. */
  level: number;
  levelEnd: number;
  /** How many states are on its level, and were on the one before. */
  width: number;
  lastWidth: number;
  reportedAt: number;
  stopped: boolean;
  broken: { readonly invariant: string; readonly state: number } | undefined;
};

/**
 * Explores all of a model, or up to the first violation or limit.
 *
 * Invariants are asked of every new state in the order given, and the search is breadth first: the
 * violation is one with a shortest trace, and of several broken in its state the first. Goals are
 * judged when everything was explored and no invariant is broken, in the order given. What `next`,
 * `encode` and the rest throw is passed on, unless an invariant was broken before.
 *
 * @throws RangeError when there is no initial state, or `encode` answers no length that fits.
 * @throws Error when a trace cannot be taken again, because `next` is not deterministic.
 */
export function explore<State>(asked: Exploration<State>): Explored {
  const { initial, next } = asked;
  if (initial.length === 0) throw new RangeError('there is no initial state to explore from');
  const run = createRun(asked);
  const batch = createBatch(run.visited, run.words.length, createReceive(run));
  const emit = createEmit(run, batch);
  const expand = (state: State): boolean => {
    run.expanding += 1;
    if (run.expanding % LOOK_EVERY === 0) lookAtClock(run, batch);
    if (run.stopped) return false;
    next(state, emit);
    return true;
  };
  try {
    for (const state of initial) emit('', state);
    batch.flush();
    while (run.levelEnd < run.states && !run.stopped) {
      descend(run);
      run.frontier.level(expand);
      batch.flush();
    }
  } catch (error) {
    // Something emitted before may have ended the exploration.
    batch.flush();
    if (!run.stopped) throw error;
  }
  return answerOf(run);
}

function createRun<State>(asked: Exploration<State>): Run<State> {
  const { goals = [], witnesses = [], limits = {}, decode } = asked;
  const edges = goals.length > 0 ? createEdges() : undefined;
  const sought = goals.map((goal) => ({ goal, reached: createNumbers() }));
  const mostBytes = limits.bytes ?? Number.POSITIVE_INFINITY;
  const mostStates = limits.states ?? Number.POSITIVE_INFINITY;
  const visited = createVisited(
    mostStates,
    () => mostBytes - bytesBesides(edges, sought),
    asked.expected,
  );
  const words = new Int32Array(asked.words ?? WORDS);
  return {
    asked,
    visited,
    frontier:
      decode === undefined
        ? createFrontier()
        : createDecodedFrontier(visited.read, decode, words.length),
    words,
    sought,
    edges,
    mostBytes,
    started: performance.now(),
    witnessed: new Map(),
    awaited: witnesses,
    states: 0,
    transitions: 0,
    expanding: NO_PARENT,
    level: -1,
    levelEnd: 0,
    width: 0,
    lastWidth: 0,
    reportedAt: 0,
    stopped: false,
    broken: undefined,
  };
}

/** The one closure that `next` is given. What is emitted after the end, the batch does not take. */
function createEmit<State>(run: Run<State>, batch: Batch<State>): Emit<State> {
  const { words } = run;
  const { encode } = run.asked;
  const room = words.length;
  return (_label, state, relied = true) => {
    const length = encode(state, words);
    if (length >>> 0 !== length || length > room) throw wrongLength(length, room);
    batch.push(state, words, length, run.expanding, relied);
  };
}

const wrongLength = (length: number, room: number): RangeError =>
  new RangeError(`encode answers ${length}, which is no number of words from 0 to ${room}`);

/** Counts an emitted state; a new one is put on the frontier and judged. */
function createReceive<State>(run: Run<State>): Receive<State> {
  const { frontier, edges } = run;
  return (state, number, parent, relied) => {
    if (parent !== NO_PARENT) run.transitions += 1;
    if (number === FULL) {
      run.stopped = true;
      return false;
    }
    if (number === run.states) {
      run.states += 1;
      frontier.push(state);
      judge(run, state, number);
    }
    if (relied && edges !== undefined && !run.stopped) keepEdge(run, edges, parent, number);
    return !run.stopped;
  };
}

/** Of a state that was not seen before: the witnesses, the invariants, the goals. */
function judge<State>(run: Run<State>, state: State, number: number): void {
  if (run.awaited.length > 0) lookForWitnesses(run, state, number);
  for (const invariant of run.asked.invariants) {
    if (invariant.holds(state)) continue;
    run.broken = { invariant: invariant.id, state: number };
    run.stopped = true;
    return;
  }
  if (run.edges !== undefined) keepForGoals(run, run.edges, state, number);
}

/** What there is no room for ends the exploration. */
function keepForGoals<State>(run: Run<State>, edges: Edges, state: State, number: number): void {
  const growth = run.sought.reduce((sum, { reached }) => sum + reached.growth(), edges.growth());
  if (growth > 0 && bytesOf(run) + growth > run.mostBytes) {
    run.stopped = true;
    return;
  }
  edges.addState();
  for (const { goal, reached } of run.sought) if (goal.reached(state)) reached.push(number);
}

function keepEdge<State>(run: Run<State>, edges: Edges, from: number, to: number): void {
  if (from === NO_PARENT) return;
  const growth = edges.growth();
  if (growth > 0 && bytesOf(run) + growth > run.mostBytes) run.stopped = true;
  else edges.add(from, to);
}

function lookForWitnesses<State>(run: Run<State>, state: State, number: number): void {
  const found = run.awaited.filter((witness) => witness.seen(state));
  if (found.length === 0) return;
  for (const witness of found) run.witnessed.set(witness, number);
  run.awaited = run.awaited.filter((witness) => !found.includes(witness));
}

/** What was seen last and is not yet expanded is the next level. */
function descend<State>(run: Run<State>): void {
  run.level += 1;
  run.lastWidth = run.width;
  run.width = run.states - run.levelEnd;
  run.levelEnd = run.states;
}

function lookAtClock<State>(run: Run<State>, batch: Batch<State>): void {
  const seconds = secondsOf(run);
  if (seconds >= (run.asked.limits?.seconds ?? Number.POSITIVE_INFINITY)) {
    batch.flush();
    run.stopped = true;
  }
  if (run.asked.progress === undefined || seconds - run.reportedAt < PROGRESS_SECONDS) return;
  run.reportedAt = seconds;
  run.asked.progress(progressOf(run, seconds));
}

function progressOf<State>(run: Run<State>, seconds: number): Progress {
  const { states, transitions, width, lastWidth } = run;
  const shrink = width / lastWidth;
  const beyond = Math.round((width * shrink) / (1 - shrink));
  return {
    states,
    transitions,
    depth: depthOf(run),
    frontier: states - run.expanding,
    seconds,
    statesPerSecond: states / seconds,
    bytes: bytesOf(run),
    ...(shrink < 1 ? { estimate: Math.max(states, run.levelEnd + beyond) } : {}),
  };
}

/** Whatever was seen while a level was expanded, and was new, is one deeper. */
const depthOf = <State>(run: Run<State>): number =>
  run.states > run.levelEnd ? run.level + 1 : run.level;

const secondsOf = <State>(run: Run<State>): number => (performance.now() - run.started) / 1000;

const bytesOf = <State>(run: Run<State>): number =>
  run.visited.bytes() + bytesBesides(run.edges, run.sought);

const bytesBesides = <State>(edges: Edges | undefined, sought: readonly Sought<State>[]): number =>
  sought.reduce((sum, { reached }) => sum + reached.bytes(), edges?.bytes() ?? 0);

function answerOf<State>(run: Run<State>): Explored {
  const { states, transitions, broken } = run;
  const bytes = bytesOf(run);
  const traceTo = (state: number): Trace => traceOf(run.asked, run.visited, run.words, state);
  const goals = run.stopped || run.edges === undefined ? [] : goalsOf(run, run.edges, traceTo);
  const missed = goals.find(({ stranded }) => stranded > 0);
  const violation: Violation | undefined =
    broken !== undefined
      ? { invariant: broken.invariant, trace: traceTo(broken.state) }
      : missed && { invariant: missed.id, trace: missed.trace ?? [] };
  const cut = run.stopped ? 'limit' : 'holds';
  return {
    verdict: violation === undefined ? cut : 'violated',
    states,
    transitions,
    depth: depthOf(run),
    seconds: secondsOf(run),
    bytes,
    ...(violation === undefined ? {} : { violation }),
    witnesses: (run.asked.witnesses ?? []).map((witness) => witnessAnswer(run, witness, traceTo)),
    goals,
  };
}

function goalsOf<State>(
  run: Run<State>,
  edges: Edges,
  traceTo: (state: number) => Trace,
): readonly GoalAnswer[] {
  return run.sought.map(({ goal, reached }) => {
    const { count, first } = edges.stranded(reached);
    const trace = count > 0 ? { trace: traceTo(first) } : {};
    return { id: goal.id, stranded: count, ...trace };
  });
}

function witnessAnswer<State>(
  run: Run<State>,
  witness: Witness<State>,
  traceTo: (state: number) => Trace,
): WitnessAnswer {
  const number = run.witnessed.get(witness);
  const seen = number !== undefined;
  return { id: witness.id, seen, ...(seen && witness.traced ? { trace: traceTo(number) } : {}) };
}
