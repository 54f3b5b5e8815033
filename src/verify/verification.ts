/** One matter, explored to the end or to a limit. */
import { type Assumption, assumptionsOf } from './assumptions.ts';
import { compose, firstWorld, happen, type World } from './composition.ts';
import type { Explored, Limits, Model, Progress } from './exploration.ts';
import { explore } from './explore.ts';
import { type Matter, scopeOf } from './matter.ts';
import { offers } from './offers.ts';
import { goalsOf, invariantsOf, witnessesOf } from './questions.ts';
import type { Scope } from './scope.ts';
import { decodeWorld, encodeWorld, WORLD_WORDS } from './worlds.ts';

export type Verification = Explored & {
  readonly matter: Matter;
  readonly scope: Scope;
  readonly assumptions: readonly Assumption[];
  /** Different minds and books: each answer was worked out once for each of them. */
  readonly minds: number;
  readonly books: number;
};

/** All worlds of a scope as a graph for `explore`. */
export function modelOf(scope: Scope): Model<World> & { readonly parts: ReturnType<typeof compose> } {
  const parts = compose(scope);
  return {
    parts,
    initial: [firstWorld(parts)],
    next: (world, emit) => {
      for (const one of offers(parts, world)) emit(one.type, happen(parts, world, one));
    },
    encode: encodeWorld,
    decode: (words, length) => decodeWorld(parts, words, length),
  };
}

export function verify(
  matter: Matter,
  limits: Limits,
  progress?: (progress: Progress) => void,
): Verification {
  const scope = scopeOf(matter);
  const { parts, ...model } = modelOf(scope);
  const explored = explore({
    ...model,
    invariants: invariantsOf(matter, scope),
    goals: goalsOf(matter),
    witnesses: witnessesOf(matter, scope),
    limits,
    words: WORLD_WORDS,
    ...(progress === undefined ? {} : { progress }),
  });
  return {
    ...explored,
    matter,
    scope,
    assumptions: assumptionsOf(matter, scope),
    minds: parts.clients.minds.size(),
    books: parts.brokers.books.size(),
  };
}
