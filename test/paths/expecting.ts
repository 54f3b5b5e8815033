/** What a test asks of a suite's report, and prints. */
import { expect } from 'vitest';
import { type Suite, story } from './model.ts';
import { line, type Report, run } from './running.ts';

/** What a large suite may take on a busy machine. */
export const LONG = { timeout: 60_000 } as const;

/** More simple paths than this are counted no further. */
const PATHS_MOST = 30_000_000;

export function expectRight(suite: Suite): Report {
  const report = run(suite, PATHS_MOST);
  console.log(line(suite, report));
  for (const [kind, path] of report.wrong) {
    if (suite.finds?.includes(kind) === true) continue;
    expect.fail(`${kind}\n${path.join(' > ')}\n\n${story(suite, path)}`);
  }
  const [states, paths] = suite.floor;
  expect(report.states, `${suite.name}: states`).toBeGreaterThanOrEqual(states);
  expect(report.paths, `${suite.name}: paths`).toBeGreaterThanOrEqual(paths);
  return report;
}
