/**
 * What was executed of one order, from all that was ever said of it at once: no word is first or
 * last here, so that the order in which executions come cannot matter.
 */
import type { Executed } from '../../src/core/fact.ts';
import type { Word } from './reference-order.ts';

/** One execution: what it is now, and the most it was ever said to be. */
type Standing = {
  readonly qty: number;
  readonly revision: number;
  readonly told: number;
  readonly busted: boolean;
  readonly px: number;
};

/** IB: ids that differ only in the digits after the final period are one execution. */
const nameOf = (execId: string): string => execId.replace(/\.\d+$/, '');
const revisionOf = (execId: string): number => Number(/\.(\d+)$/.exec(execId)?.[1] ?? 0);

export const isExecution = (word: Word): word is Executed => word.type === 'order.executed';

/** What was made of the words last: each list is asked about many times, and never changes. */
let latest: { readonly words: readonly Word[]; readonly of: ReadonlyMap<string, Standing> } = {
  words: [],
  of: new Map(),
};

/** By name. L2: a correction replaces, a bust removes, and stays known. */
export function executionsOf(words: readonly Word[]): ReadonlyMap<string, Standing> {
  if (latest.words !== words) latest = { words, of: reckoned(words) };
  return latest.of;
}

function reckoned(words: readonly Word[]): ReadonlyMap<string, Standing> {
  const said = words.filter(isExecution);
  const standing = new Map<string, Standing>();
  const named = words.flatMap((word) =>
    isExecution(word) || word.type === 'order.busted' ? [nameOf(word.execId)] : [],
  );
  for (const name of new Set(named)) {
    const reports = said.filter(({ execId }) => nameOf(execId) === name);
    const highest = Math.max(-1, ...reports.map(({ execId }) => revisionOf(execId)));
    const valid = reports.find(({ execId }) => revisionOf(execId) === highest);
    const told = Math.max(0, ...reports.map(({ qty }) => qty));
    const busted = isBusted(name, words);
    standing.set(name, {
      qty: busted ? 0 : (valid?.qty ?? 0),
      revision: highest,
      told,
      busted,
      px: valid?.px ?? 0,
    });
  }
  return standing;
}

/** Whether it is heard before or after the execution, a bust takes it back (L2). */
const isBusted = (name: string, words: readonly Word[]): boolean =>
  words.some((word) => word.type === 'order.busted' && nameOf(word.execId) === name);

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

export const executedOf = (words: readonly Word[]): number =>
  sum([...executionsOf(words).values()].map(({ qty }) => qty));

/** All that they were ever said to be. */
export const toldOf = (words: readonly Word[]): number =>
  sum([...executionsOf(words).values()].map(({ told }) => told));

/** L2: what the statuses claim beyond that; what was taken back since is no claim (D15). */
export const inferredOf = (words: readonly Word[], claimed: number): number =>
  Math.max(0, claimed - toldOf(words));

/** Every one as it stands, in a form that prints. */
export const showExecutions = (words: readonly Word[]): string =>
  [...executionsOf(words)]
    .map(([name, { qty, px, busted }]) => `${name} ${busted ? 'busted' : `${qty} at ${px}`}`)
    .join(', ');

/** What the sum was after each that stands: what a sibling's echo may have been reduced by. */
export const sumsOf = (words: readonly Word[]): string =>
  [...executionsOf(words).values()]
    .filter(({ busted }) => !busted)
    .map((_, at, all) => sum(all.slice(0, at + 1).map(({ qty }) => qty)))
    .join();
