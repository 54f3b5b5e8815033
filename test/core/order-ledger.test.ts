/** The ledger of one order beside its reference, over all that can be said of it in few words. */
import { describe, expect, test } from 'vitest';
import { EXCEPTIONS } from './order-exceptions.ts';
import { BEGINNINGS, compare, type Difference, orderLedgerWrong, spoken } from './order-ledger.ts';
import { KINDS } from './order-speech.ts';

/** Milliseconds on a busy machine; alone it takes a tenth. */
const LONG = 60_000;

const told = ({ said, wrong }: Difference): string => `${said.join(', ')}: ${wrong.join('; ')}`;

/** What differs and is not known to, and how many sequences were compared. */
function surprises(
  kinds: readonly string[],
  beginnings: readonly (readonly string[])[],
  most: number,
) {
  const unknown: string[] = [];
  let sequences = 0;
  for (const kind of kinds)
    for (const beginning of beginnings)
      sequences += compare([kind, ...beginning], most, (difference) => {
        if (!EXCEPTIONS.some(({ covers }) => covers(difference))) unknown.push(told(difference));
        return unknown.length < 5;
      });
  return { unknown, sequences };
}

describe('the ledger says of one order what the reference says', () => {
  test(
    'after every two words, from each beginning, of each kind of order',
    () => {
      const names = KINDS.map(({ name }) => name);
      const { unknown, sequences } = surprises(names, BEGINNINGS, 2);
      expect(unknown).toEqual([]);
      expect(sequences).toBeGreaterThan(450_000);
    },
    LONG,
  );

  test(
    'after every three words about a stop',
    () => {
      const { unknown, sequences } = surprises(['stop'], [[]], 3);
      expect(unknown).toEqual([]);
      expect(sequences).toBeGreaterThan(600_000);
    },
    LONG,
  );

  test('and a hunter of mutants, who asks less, finds nothing', () => {
    expect(orderLedgerWrong()).toBeNull();
  });
});

describe('where it is known to differ', () => {
  test.each(EXCEPTIONS)('$name', ({ shortest, covers }) => {
    const difference = spoken(shortest);
    expect(difference.wrong).not.toEqual([]);
    expect(covers(difference)).toBe(true);
    expect(spoken(shortest.slice(0, -1)).wrong).toEqual([]);
  });
});
