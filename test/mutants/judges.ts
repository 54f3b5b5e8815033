/**
 * The last hunters: the project's own tests of a file that reads, compiles or describes. Such a
 * file decides nothing in the life of an order that a path could show, but it has its own tests.
 *
 * `MUTANT='{"file", "from", "to", "text"}' node judges.ts TEST…` prints the name of a test that
 * fails, or nothing.
 */
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { type Cut, withCut } from '../paths/planting.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const CHARTS: readonly string[] = [
  'test/charts-refusals.test.ts',
  'test/charts-rules.test.ts',
  'test/charts-proof.test.ts',
];

const SESSION: readonly string[] = ['test/session/session.test.ts'];

const RULES: readonly string[] = ['test/charts-rules.test.ts'];

/** By file; where one fails, those behind it are not asked. */
export const JUDGES: Readonly<Record<string, readonly string[]>> = {
  'machines/chart.ts': ['test/core/sample.test.ts', ...CHARTS],
  'machines/facts.ts': RULES,
  'machines/bracket.ts': [...RULES, 'test/core/sample.test.ts'],
  'machines/exposure.ts': RULES,
  'machines/order.ts': [...RULES, 'test/conform/conform.test.ts'],
  'machines/order-request.ts': [...RULES, 'test/conform/conform.test.ts'],
  'machines/watcher.ts': RULES,
  'machines/laws.ts': [...RULES, 'test/documents.test.ts'],
  'src/core/refusals.ts': CHARTS.slice(0, 1),
  'src/core/compiled.ts': CHARTS,
  'src/core/charts.ts': ['test/core/charts.test.ts', ...CHARTS],
  'src/core/commitment.ts': ['test/core/commitment.test.ts'],
  'src/core/describe.ts': ['test/core/describe.test.ts'],
  'src/core/sample.ts': ['test/core/sample.test.ts'],
  'src/core/checks.ts': ['test/core/checks.test.ts'],
  'src/core/ledger.ts': ['test/core/ledger.test.ts'],
  'src/core/report.ts': ['test/core/ledger.test.ts'],
  'src/core/legs.ts': ['test/core/legs.test.ts'],
  'src/core/watchers.ts': ['test/core/watchers.test.ts'],
  'src/core/tally.ts': ['test/core/tally.test.ts'],
  'src/core/opening.ts': ['test/core/opening.test.ts'],
  'src/core/state.ts': ['test/core/state.test.ts'],
  'src/core/request.ts': ['test/core/request.test.ts'],
  'src/core/wishes.ts': ['test/core/wishes.test.ts'],
  'src/core/deadlines.ts': ['test/core/deadlines.test.ts', 'test/core/checks.test.ts'],
  'src/core/turn.ts': ['test/core/thaw.test.ts', 'test/core/sample.test.ts'],
  'src/core/step.ts': ['test/core/thaw.test.ts', ...SESSION, 'test/core/sample.test.ts'],
  'src/core/admission.ts': ['test/core/opening.test.ts', ...SESSION],
  'src/core/snapshot.ts': ['test/core/snapshot.test.ts'],
  'machines/session.ts': [...RULES, ...SESSION],
  'src/core/run.ts': ['test/core/thaw.test.ts', 'test/core/rest.test.ts'],
  'src/core/quantity.ts': ['test/core/quantity.test.ts', 'test/core/request.test.ts'],
};

async function failing(tests: readonly string[], cut: Cut): Promise<string | null> {
  const vitest = await startVitest(
    'test',
    [...tests],
    {
      root,
      watch: false,
      bail: 1,
      reporters: [{}],
      maxWorkers: 1,
      dir: 'test',
      // What it kept of another mutant, or of none, would be judged in this one's place.
      fsModuleCache: false,
    },
    {
      plugins: [
        {
          name: 'planted',
          enforce: 'pre',
          transform: (source, id) =>
            id.startsWith(root) ? withCut(cut, id.slice(root.length), source) : source,
        },
      ],
    },
  );
  const failed = vitest.state.getTestModules().find((module) => !module.ok());
  const [test] = failed?.children.allTests('failed') ?? [];
  await vitest.close();
  return failed === undefined ? null : (test?.fullName ?? failed.relativeModuleId);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cut: Cut | null = JSON.parse(process.env.MUTANT ?? 'null');
  const nothing: Cut = { file: '', from: 0, to: 0, text: '' };
  console.log(JSON.stringify(await failing(process.argv.slice(2), cut ?? nothing)));
}
