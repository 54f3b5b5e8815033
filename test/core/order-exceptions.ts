/**
 * Where the ledger is known to differ from the reference. Each is one rule, with the shortest
 * sequence that shows it; the test asserts that it still does.
 */

import type { Difference } from './order-ledger.ts';
import { isReport, LIVING, type Word } from './reference-order.ts';

export type Exception = {
  readonly name: string;
  /** The kind of order, and what is said of it. */
  readonly shortest: readonly string[];
  readonly covers: (difference: Difference) => boolean;
};

/** Its end was concluded from its absence, and until the last word nobody has shown it to live. */
function isConcluded(words: readonly Word[]): boolean {
  const at = words.findLastIndex(({ type }) => type === 'marked.ended');
  const since = words.slice(at + 1, -1);
  return at >= 0 && !since.some((word) => isReport(word) && LIVING.includes(word.status));
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    name: 'larger than was asked is no surprise after a status that said so',
    shortest: ['stop', 'submitted 0/5', 'shown larger'],
    covers: ({ wrong }) =>
      // Said again, the same picture is beside another request: a surprise then.
      wrong.every((one) => /^differs (?!.*qty.*, should).*, should be .*qty|^copies/.test(one)) &&
      wrong.some((one) => one.startsWith('differs')),
  },
  {
    name: 'a replace confirmed at what has traded does not end it (D3)',
    shortest: ['stop', 'x.b.01 of 2 at 100', 'smaller asked', 'shown smaller'],
    covers: ({ words, wrong }) => {
      const last = words.at(-1);
      return (
        wrong.includes('end null, should be filled') &&
        last?.type === 'order.reported' &&
        last.echo !== undefined
      );
    },
  },
  {
    name: 'a definite word leaves an end that was concluded as open as it was',
    shortest: ['stop', 'ended by absence', 'cancelled 0/3', 'submitted'],
    covers: ({ words, truth, wrong }) =>
      truth.end !== null &&
      isConcluded(words) &&
      wrong.some((one) => /^heard [A-Za-z ]*revived.*, should be (?!.*revived)/.test(one)),
  },
  {
    name: 'Filled of shares that were taken back copies the order every time (D23)',
    shortest: ['stop', 'x.a.03 of 3 at 100', 'x.a.04 of 2 at 100', 'filled'],
    covers: ({ wrong }) => wrong.join() === 'copies what it knew',
  },
  {
    name: 'a refused replace tells again that it was filled',
    shortest: ['stop', 'larger asked', 'filled', 'replace refused'],
    covers: ({ wrong }) =>
      wrong.join() === 'heard replaceRejected filled, should be replaceRejected',
  },
];
