import { describe, expect, test } from 'vitest';
import { expectRight, LONG } from './expecting.ts';
import { simplePaths } from './graph.ts';
import { begin, modelOf, runOf } from './model.ts';
import { explore } from './running.ts';
import { OVERLAP, PROMPT, WISHES } from './suites.ts';

describe('paths of the engine and a venue: everything prompt', LONG, () => {
  for (const suite of PROMPT) {
    test(suite.name, () => {
      const report = expectRight(suite);
      expect(report.all).toBe(true);
      const partly = suite.scope.lots.length > 1;
      if (partly) expect(report.stopThenTarget).toBeGreaterThan(0);
      if (partly) expect(report.targetThenStop).toBeGreaterThan(0);
    });
  }

  test('the paths are those that TestModel generates', () => {
    for (const suite of PROMPT.slice(0, 2)) {
      const of = runOf(suite);
      const paths = modelOf(of).getSimplePaths();
      const graph = explore(of);
      expect(paths.length).toBe(simplePaths(graph, Number.POSITIVE_INFINITY).paths);
      expect(paths.length).toBeGreaterThanOrEqual(suite.floor[1]);
      const reached = new Set(paths.flatMap((path) => path.steps.map(({ state }) => state.key)));
      expect(reached.size).toBe(graph.states.length);
      expect(reached.has(begin(of).key)).toBe(true);
      console.log(`${suite.name}: ${paths.length} paths by getSimplePaths, the same`);
    }
  });
});

describe('paths of the engine and a venue: what a router wishes', LONG, () => {
  for (const suite of [...WISHES, ...OVERLAP]) test(suite.name, () => void expectRight(suite));
});
