/**
 * How many edges a second the explorer takes on the composition: engine, desk, network and book,
 * through the shipping `step`.
 *
 * Every round begins with nothing known. What a part has once been seen to make of a thing is not
 * worked out again (`src/verify/interning.ts`), so `stepped` says how often a mind had to be asked.
 */
import { compose, firstWorld } from '../verify/composition.ts';
import { explore } from '../verify/explore.ts';
import { type Matter, scopeOf } from '../verify/matter.ts';
import { invariantsOf } from '../verify/questions.ts';
import { modelOf } from '../verify/verification.ts';
import { WORLD_WORDS } from '../verify/worlds.ts';
import { type Spread, spreadOf } from './steps.ts';

/** One pair, both ways in any time and order, three things under way to us at once. */
export const MATTER: Matter = {
  plan: 'paired',
  side: 'BUY',
  lots: [1],
  oca: 2,
  reduce: 'byQuantity',
  lateLeg: 'left',
  faults: { delay: 3 },
  wishes: {},
  prints: 0,
};

export type WorldsMeasured = {
  readonly states: number;
  readonly transitions: number;
  readonly rounds: number;
  /** Different minds and books that the worlds are made of. */
  readonly minds: number;
  readonly books: number;
  readonly bytesPerState: number;
  readonly edgesPerSecond: Spread;
};

export function measureWorlds(
  rounds: number,
  progress: (line: string) => void,
  matter: Matter = MATTER,
): WorldsMeasured {
  const rates: number[] = [];
  let found: Omit<WorldsMeasured, 'rounds' | 'edgesPerSecond'> | null = null;
  // Round 0 warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    progress(round === 0 ? 'worlds: warming up' : `worlds: round ${round} of ${rounds}`);
    const scope = scopeOf(matter);
    const parts = compose(scope);
    const { verdict, states, transitions, seconds, bytes } = explore({
      ...modelOf(parts, [firstWorld(parts)]),
      invariants: invariantsOf(matter, scope),
      words: WORLD_WORDS,
    });
    if (verdict !== 'holds') throw new Error(`the explorer says "${verdict}"`);
    if (round > 0) rates.push(transitions / seconds);
    const minds = parts.clients.minds.size();
    const books = parts.brokers.books.size();
    found = { states, transitions, minds, books, bytesPerState: bytes / states };
  }
  if (found === null) throw new RangeError('no round was asked for');
  return { ...found, rounds, edgesPerSecond: spreadOf(rates) };
}
