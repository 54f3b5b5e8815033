/** Stryker's test runner for our hunters: it is told of a mutant, and asks them. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
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
import { openAnswers, ROOT } from './answers.ts';
import { newAsk, sound } from './asking.ts';
import { cutOf } from './cut.ts';

const HUNTERS = 'the hunters';

class Hunters implements TestRunner {
  readonly #answers = openAnswers(process.env.RESUME === '1');
  readonly #ask = newAsk();

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: true };
  }

  async dryRun(): Promise<DryRunResult> {
    const began = performance.now();
    // The command has asked once for all files.
    const answer = process.env.SOUND === '1' ? { found: null } : await sound();
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
    const answer = known ?? (await this.#ask(cut));
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
  declareClassPlugin(PluginKind.TestRunner, 'generated-suites', Hunters),
];
