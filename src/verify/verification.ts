/** One matter, explored to the end or to a limit, and what was found. */
import { type Assumption, assumptionsOf } from './assumptions.ts';
import { type Composition, compose, firstWorld, happen, type World } from './composition.ts';
import { explore } from './explore.ts';
import type { Explored, Limits, Model, Progress, Trace } from './exploring/exploration.ts';
import { type Matter, scopeOf } from './matter.ts';
import { offers } from './offers.ts';
import {
  goalsOf,
  invariantsOf,
  inWordsOf,
  ORDERS,
  ordersOf,
  QUANTITIES,
  QUESTIONS,
  witnessesOf,
} from './questions.ts';
import type { Scope } from './scope.ts';
import { decodeWorld, encodeWorld, WORLD_WORDS } from './worlds.ts';

/** What does not hold, with a shortest way to it. */
export type Finding = {
  /** A key of `QUESTIONS`, or one of the two orders of the incident. */
  readonly id: string;
  readonly text: string;
  readonly trace: Trace;
};

/** Where the exploration began: a world in any composition of the scope. */
export type Start = (c: Composition) => World;

export type Verification = {
  readonly start: Start;
  readonly verdict: Explored['verdict'];
  readonly matter: Matter;
  readonly scope: Scope;
  readonly assumptions: readonly Assumption[];
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
  /** Texts of what was asked and found true everywhere. */
  readonly held: readonly string[];
  /** What the exploration should come across; `seen` says whether it did. */
  readonly witnesses: readonly { readonly id: string; readonly seen: boolean }[];
  /** Different minds and books: each answer was worked out once for each of them. */
  readonly minds: number;
  readonly books: number;
};

export type Asking = {
  readonly limits: Limits;
  readonly progress?: (progress: Progress) => void;
  /** Ask of quantities only. */
  readonly quantities?: boolean;
};

/** All worlds of a composition as a graph for `explore`. */
export function modelOf(c: Composition, initial: readonly World[]): Model<World> {
  return {
    initial,
    next: (world, emit) => {
      // What is rare may never happen: nothing that must come about can wait for it.
      for (const one of offers(c, world)) {
        emit(one.type, happen(c, world, one), one.costs === undefined);
      }
    },
    encode: encodeWorld,
    decode: (words, length) => decodeWorld(c, words, length),
  };
}

export function verify(
  matter: Matter,
  { limits, progress, quantities = false }: Asking,
  scope: Scope = scopeOf(matter),
  start: Start = firstWorld,
): Verification {
  const parts = compose(scope);
  const orders = ordersOf(matter);
  const invariants = invariantsOf(matter, scope).filter(
    ({ id }) => !quantities || QUANTITIES.includes(id),
  );
  const goals = quantities ? [] : goalsOf(matter, scope);
  const explored = explore({
    ...modelOf(parts, [start(parts)]),
    invariants,
    goals,
    // What is left of a life need not show all that a whole one must.
    witnesses:
      quantities || start !== firstWorld ? orders : [...orders, ...witnessesOf(matter, scope)],
    limits,
    words: WORLD_WORDS,
    ...(progress === undefined ? {} : { progress }),
  });
  const findings = findingsOf(explored, scope);
  const ids = [...invariants, ...goals].map(({ id }) => id);
  const asked = explored.verdict === 'limit' ? [] : ids;
  return {
    start,
    verdict: findings.length > 0 ? 'violated' : explored.verdict,
    matter,
    scope,
    assumptions: assumptionsOf(matter, scope),
    states: explored.states,
    transitions: explored.transitions,
    depth: explored.depth,
    seconds: explored.seconds,
    bytes: explored.bytes,
    findings,
    held:
      findings.length > 0 ? [] : asked.map((id) => inWordsOf(scope, QUESTIONS[id]?.holds ?? id)),
    witnesses: explored.witnesses.filter(({ id }) => !(id in ORDERS)),
    minds: parts.clients.minds.size(),
    books: parts.brokers.books.size(),
  };
}

function findingsOf({ violation, goals, witnesses }: Explored, scope: Scope): readonly Finding[] {
  const found: Finding[] = [];
  const add = (id: string, trace: Trace): void => {
    if (found.some((one) => one.id === id)) return;
    const text = QUESTIONS[id]?.broken ?? `${id}: more was sold than bought`;
    found.push({ id, text: inWordsOf(scope, text), trace });
  };
  if (violation !== undefined) add(violation.invariant, violation.trace);
  for (const { id, stranded, trace } of goals) if (stranded > 0) add(id, trace ?? []);
  for (const { id, seen, trace } of witnesses) if (seen && id in ORDERS) add(id, trace ?? []);
  return found;
}
