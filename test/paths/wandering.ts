/**
 * Long random ways through everything that is rare, with all that is asked of a suite asked at
 * every step: less deep in any one direction than a suite, and in all directions at once.
 */
import type { BracketRequest } from '../../src/core/request.ts';
import type { Scope, Travel } from '../../src/verify/scope.ts';
import type { Find } from './hunt.ts';
import { begin, type Check, type Event, next, possible, runOf } from './model.ts';
import { bracket } from './suites.ts';
import { OFTEN, randomly, WEIGHT } from './walks.ts';

const gtc = { tif: 'GTC', outsideRth: false } as const;
const TRAVELS: readonly Travel[] = ['prompt', 'requests', 'words'];

/** What the walkers set out with, one after the other. */
const REQUESTS: readonly BracketRequest[] = [
  bracket([2]),
  bracket([2, 1]),
  bracket([2], { plan: 'sequenced' }),
  bracket([2], { stop: { type: 'STP LMT', stopPrice: 1.25, limitPrice: 1.2, ...gtc } }),
  bracket([3], { flattenBeforeClose: true }),
  bracket([1, 1], { policy: { remedy: 'flatten', onNaked: 'alert' } }),
  bracket([2], {
    side: 'SELL',
    stop: { type: 'STP', stopPrice: 1.45, ...gtc },
    targets: [{ quantity: 2, limitPrice: 1.2, ...gtc }],
  }),
];

/** What is taken back is left out: our account would have to know what the engine makes of it. */
const HONEST: Scope['rare'] = { ...OFTEN, correct: 0, bust: 0, foreign: 0 };

/** Faults of every kind at once: too much may be sold, and nothing need come to rest. */
const CHECKS: readonly Check[] = ['converges', 'account'];

export type Walker = { readonly seed: number; readonly steps: number };

export function walked({ seed, steps }: Walker): Find | null {
  const random = randomly(seed);
  const request = REQUESTS[seed % REQUESTS.length] ?? bracket([2]);
  const travel = TRAVELS[seed % TRAVELS.length] ?? 'prompt';
  const scope = { requests: [request], lots: [1, 99], travel, wordsMost: 3, rare: HONEST };
  const name = `walk ${seed}`;
  const run = runOf({ name, scope, checks: CHECKS, floor: [1, 1] }, false);
  let at = begin(run);
  const path: string[] = [];
  for (let n = 0; n < steps; n++) {
    const event = picked(possible(run, at), random);
    if (event === null) return null;
    path.push(event.type);
    try {
      at = next(run, at, event);
    } catch (thrown) {
      return { suite: name, wrong: `throws: ${String(thrown).slice(0, 120)}`, path, situations: n };
    }
    if (at.wrong.length > 0) {
      return { suite: name, wrong: at.wrong.join('; '), path, situations: n };
    }
  }
  return null;
}

function picked(events: readonly Event[], random: () => number): Event | null {
  const weight = ({ costs }: Event): number => (costs === undefined ? 1 : (WEIGHT[costs] ?? 0.2));
  let at = random() * events.reduce((sum, one) => sum + weight(one), 0);
  for (const one of events) {
    at -= weight(one);
    if (at <= 0) return one;
  }
  return events.at(-1) ?? null;
}
