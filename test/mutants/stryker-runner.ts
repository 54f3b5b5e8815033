/**
 * Stryker's test runner for the generated suites. Each mutant is a process of its own, on the
 * sources as they are with one piece replaced: what Stryker has instrumented is several times
 * slower, and charts that are compiled once must be compiled from the mutant.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
} from '@stryker-mutator/api/test-runner';
import type { Cut } from '../paths/planting.ts';
import { type Answer, CACHE, openAnswers, ROOT } from './answers.ts';
import { cutOf } from './cut.ts';

const HUNTER = fileURLToPath(new URL('mutant.ts', import.meta.url));
const HUNTERS = 'the generated suites';
/** What takes so much longer than where nothing is planted goes round in circles. */
const MUTANT_MS = 180_000;

function ask(cut: Cut | null): Promise<Answer> {
  const env = { ...process.env, MUTANT: JSON.stringify(cut), NODE_COMPILE_CACHE: `${CACHE}code` };
  const options = { env, timeout: MUTANT_MS, killSignal: 'SIGKILL', cwd: ROOT } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--max-old-space-size=1500', HUNTER], options, (error, stdout) => {
      if (error?.killed === true) resolve({ endless: true });
      else if (error === null) resolve(JSON.parse(stdout) as Answer);
      else resolve({ found: { suite: HUNTERS, wrong: error.message, path: [], situations: 0 } });
    });
  });
}

class GeneratedSuites implements TestRunner {
  readonly #answers = openAnswers(process.env.RESUME === '1');

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: true };
  }

  async dryRun(): Promise<DryRunResult> {
    const began = performance.now();
    // The command has asked once for all files.
    const answer = process.env.SOUND === '1' ? { found: null } : await ask(null);
    if (answer.found !== null) {
      const errorMessage = `found where nothing is planted: ${JSON.stringify(answer)}`;
      return { status: DryRunStatus.Error, errorMessage };
    }
    const timeSpentMs = performance.now() - began;
    const test = { id: HUNTERS, name: HUNTERS, timeSpentMs, status: TestStatus.Success } as const;
    return { status: DryRunStatus.Complete, tests: [test] };
  }

  async mutantRun({ activeMutant }: MutantRunOptions): Promise<MutantRunResult> {
    const cut = cutIn(activeMutant);
    const known = this.#answers.known(cut);
    const answer = known ?? (await ask(cut));
    if (known === undefined) this.#answers.keep(cut, answer);
    if (answer.endless) return { status: MutantRunStatus.Timeout };
    if (answer.unmade !== undefined) {
      return { status: MutantRunStatus.Error, errorMessage: answer.unmade };
    }
    if (!answer.found) return { status: MutantRunStatus.Survived, nrOfTests: 1 };
    const { suite, wrong, path } = answer.found;
    return {
      status: MutantRunStatus.Killed,
      killedBy: [HUNTERS],
      failureMessage: JSON.stringify({ suite, events: path.length, wrong: wrong.slice(0, 200) }),
      nrOfTests: 1,
    };
  }
}

function cutIn(mutant: Mutant): Cut {
  const file = relative(ROOT, mutant.fileName);
  return cutOf(file, readFileSync(`${ROOT}${file}`, 'utf8'), mutant);
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'generated-suites', GeneratedSuites),
];
