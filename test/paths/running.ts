/** Runs a suite: explores it, runs along its paths, and repeats some of them from the beginning. */

import { type Counts, edgeTour, type Graph, graphOf, shortestTo, simplePaths } from './graph.ts';
import type { Event, Run, Situation, Suite } from './model.ts';
import { begin, modelOf, next, possible, runOf } from './model.ts';

export type Report = Counts & {
  readonly states: number;
  readonly edges: number;
  /** Paths that together take every edge, and how many of them were run from the beginning. */
  readonly tour: number;
  readonly repeated: number;
  /** What is wrong somewhere, with the shortest path to it. */
  readonly wrong: ReadonlyMap<string, readonly string[]>;
};

const REPEATED_STEPS_MOST = 2_500;

export function explore(of: Run): Graph<Situation> {
  return graphOf(begin(of), modelOf(of).getAdjacencyList());
}

export function run(suite: Suite, pathsMost: number): Report {
  const of = runOf(suite);
  const graph = explore(of);
  const wrong = new Map<string, readonly string[]>();
  for (const { wrong: found } of graph.states) {
    for (const text of found) {
      const kind = text.replace(/\d+/g, '#');
      if (wrong.has(kind)) continue;
      const path = shortestTo(graph, (at) => graph.states[at]?.wrong.includes(text) === true);
      wrong.set(kind, path ?? []);
    }
  }
  const tour = edgeTour(graph);
  return {
    ...simplePaths(graph, pathsMost),
    states: graph.states.length,
    edges: graph.edgeCount,
    tour: tour.length,
    repeated: wrong.size > 0 ? 0 : repeat(of, graph, tour),
    wrong,
  };
}

/**
 * A state was explored from the first path that led to it. Other paths to it must be the same:
 * every so many paths of the tour are run anew, by `@xstate/test`, and must meet the same keys.
 */
function repeat(of: Run, graph: Graph<Situation>, tour: ReturnType<typeof edgeTour>): number {
  const { name } = of.suite;
  const model = modelOf(of);
  const steps = tour.reduce((sum, path) => sum + path.length, 0);
  const stride = Math.max(1, Math.ceil(steps / REPEATED_STEPS_MOST));
  let repeated = 0;
  for (let n = 0; n < tour.length; n += stride) {
    const path = tour[n] ?? [];
    let at = begin(of);
    const lived: { state: Situation; event: Event }[] = [];
    for (const { label, to } of path) {
      const event = possible(of, at).find((one) => one.type === label);
      if (event === undefined) throw new Error(`${name}: ${label} is not possible any more`);
      at = next(of, at, event);
      lived.push({ state: at, event });
      const met = graph.states[to];
      if (met?.key !== at.key) {
        throw new Error(`${name}: two paths, one key, two futures\n${met?.key}\n${at.key}`);
      }
    }
    model.testPathSync(
      { state: at, steps: lived, weight: lived.length },
      { states: { '*': ({ wrong }) => expectNothing(wrong) } },
    );
    repeated += 1;
  }
  return repeated;
}

function expectNothing(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

/** One line for a reader of the test's output. */
export function line(suite: Suite, r: Report): string {
  const paths = r.all ? `all ${r.paths}` : `the first ${r.paths}`;
  return (
    `${suite.name}: ${r.states} states, ${r.edges} edges (all taken); ${paths} simple paths, ` +
    `longest ${r.longest}; stop then target ${r.stopThenTarget}, target then stop ` +
    `${r.targetThenStop}; ${r.tour} paths take every edge, ${r.repeated} run anew`
  );
}
