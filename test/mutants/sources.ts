/** Stryker's mutants of the sources, file by file, and what became of them. */
import { readFileSync } from 'node:fs';
import type { MutantResult } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { ROOT, TESTED, TOLD } from './answers.ts';
import { cutOf } from './cut.ts';
import type { Survivor } from './survivors.ts';

/** What decides first; then what it decides from; then what tells and reads. */
export const FILES: readonly string[] = [
  ...['commitment', 'discount', 'plan', 'situation', 'ticket', 'ledger', 'report', 'conclude'],
  ...[
    'booking',
    'snapshot',
    'turn',
    'run',
    'step',
    'reconciliation',
    'checks',
    'deadlines',
    'opening',
  ],
  ...['state', 'legs', 'tally', 'wishes', 'watchers', 'charts', 'compiled', 'sample', 'refusals'],
  ...['request', 'quantity', 'describe', 'ready', 'fact', 'silence', 'standing', 'admission'],
]
  .map((name) => `src/core/${name}.ts`)
  .concat(
    [
      'bracket',
      'exposure',
      'order',
      'order-request',
      'session',
      'chart',
      'watcher',
      'facts',
      'laws',
    ].map((name) => `machines/${name}.ts`),
  );

export type Outcome = {
  readonly file: string;
  readonly made: number;
  /** Whose charts do not construct: they do not count. */
  readonly unmade: number;
  readonly killed: number;
  /** Of the killed, those that only a history as it is written tells from the engine. */
  readonly byHistories: number;
  /** Of the killed, those that only the file's own tests tell from it. */
  readonly byTests: number;
  readonly survivors: readonly Survivor[];
  readonly seconds: number;
};

/** Lines of a file that a quick run looks at: some of every stretch. */
const STRETCH = 40;
const SAMPLE = 6;

export async function mutate(file: string, quick: boolean): Promise<Outcome> {
  const began = performance.now();
  const source = readFileSync(`${ROOT}${file}`, 'utf8');
  const lines = source.split('\n').length;
  const stretches = Array.from({ length: Math.ceil(lines / STRETCH) }, (_, i) => {
    const from = i * STRETCH + (STRETCH - SAMPLE) / 2;
    return `${file}:${from}-${from + SAMPLE}`;
  });
  const stryker = new Stryker({
    configFile: `${ROOT}test/mutants/stryker.json`,
    mutate: quick ? stretches : [file],
    logLevel: 'error' as never,
    concurrency: Number(process.env.MUTANTS_AT_ONCE ?? 2),
  });
  const all = (await stryker.runMutationTest()).filter(({ status }) => status !== 'Ignored');
  const counted = all.filter(({ status }) => status !== 'RuntimeError');
  const killed = counted.filter(({ status }) => status === 'Killed' || status === 'Timeout');
  const survivors = counted.filter(({ status }) => status === 'Survived');
  return {
    file,
    made: all.length,
    unmade: all.length - counted.length,
    killed: killed.length,
    byHistories: killed.filter(by(TOLD)).length,
    byTests: killed.filter(by(TESTED)).length,
    survivors: survivors.map((mutant) => survivorOf(file, source, mutant)),
    seconds: (performance.now() - began) / 1_000,
  };
}

const by =
  (suite: RegExp) =>
  ({ statusReason = '' }: MutantResult): boolean =>
    suite.test(/"suite":"([^"]*)"/.exec(statusReason)?.[1] ?? '');

function survivorOf(file: string, source: string, mutant: MutantResult): Survivor {
  const back = ({ line, column }: MutantResult['location']['start']) => ({
    line: line - 1,
    column: column - 1,
  });
  const location = { start: back(mutant.location.start), end: back(mutant.location.end) };
  const { from, to } = cutOf(file, source, { ...mutant, location });
  const short = (text: string): string => text.replace(/\s+/g, ' ').trim();
  return {
    file,
    line: short(source.split('\n')[location.start.line] ?? ''),
    from: short(source.slice(from, to)),
    to: short(mutant.replacement),
  };
}
