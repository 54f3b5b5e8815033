/** The generated suites as hunters of a defect: breadth first, so the first find is the shortest. */
import {
  begin,
  type Event,
  next,
  possible,
  type Run,
  runOf,
  type Situation,
  type Suite,
} from './model.ts';
import { SUITES } from './suites.ts';

export type Find = {
  readonly suite: string;
  readonly wrong: string;
  readonly path: readonly string[];
  readonly situations: number;
};

/** More situations than this are left to the suite's own test. */
const SITUATIONS_MOST = 2_500;

/** Small suites first: most defects show in one of them. */
export function hunt(most = SITUATIONS_MOST, suites = SUITES): Find | null {
  const hunters = [...suites].sort((a, b) => a.floor[0] - b.floor[0]);
  for (const suite of hunters) {
    const find = searched(suite, most);
    if (find !== null) return find;
  }
  return null;
}

type Visit = { readonly at: Situation; readonly from: Visit | null; readonly event: Event | null };

function searched(suite: Suite, most: number): Find | null {
  const run = runOf(suite);
  const start = begin(run);
  const seen = new Set([start.key]);
  const queue: Visit[] = [{ at: start, from: null, event: null }];
  for (let i = 0; i < queue.length && queue.length < most; i++) {
    const visit = queue[i];
    if (visit === undefined) break;
    for (const event of possible(run, visit.at)) {
      const found = attempt(run, visit.at, event);
      if (typeof found === 'string' || found.wrong.length > 0) {
        const wrong = typeof found === 'string' ? found : found.wrong.join('; ');
        return { suite: suite.name, wrong, path: pathTo(visit, event), situations: queue.length };
      }
      if (seen.has(found.key)) continue;
      seen.add(found.key);
      queue.push({ at: found, from: visit, event });
    }
  }
  return null;
}

/** A defect may also throw, or never come to rest. */
function attempt(run: Run, at: Situation, event: Event): Situation | string {
  try {
    return next(run, at, event);
  } catch (thrown) {
    return `throws: ${String(thrown).slice(0, 120)}`;
  }
}

function pathTo(visit: Visit, last: Event): readonly string[] {
  const labels = [last.type];
  for (let at: Visit | null = visit; at !== null; at = at.from) {
    if (at.event !== null) labels.unshift(at.event.type);
  }
  return labels;
}
