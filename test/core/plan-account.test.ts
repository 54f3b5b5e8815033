/** The plan beside its reference, in many situations. */
import { describe, expect, test } from 'vitest';
import { differencesIn, planWrong, surprisesIn, told } from './plan-account.ts';
import { EXCEPTIONS } from './plan-exceptions.ts';
import { drawn } from './plan-situations.ts';

/** Milliseconds on a busy machine; alone it takes a quarter. */
const LONG = 60_000;
const MANY = 20_000;

describe('the plan says of a bracket what the reference says', () => {
  test(
    'in every situation that is drawn',
    () => {
      const unknown: string[] = [];
      for (let seed = 1; seed <= MANY && unknown.length < 5; seed++)
        unknown.push(...surprisesIn(drawn(seed)).map(told));
      expect(unknown).toEqual([]);
    },
    LONG,
  );

  test('and a hunter of mutants, who asks less, finds nothing', () => {
    expect(planWrong()).toBeNull();
  });
});

describe('where it is known to differ', () => {
  test.each(EXCEPTIONS)('$name', ({ shortest, of, covers }) => {
    const difference = differencesIn(shortest).find(({ what }) => what === of);
    expect(difference && told(difference)).toBeDefined();
    expect(difference && covers(difference)).toBe(true);
    expect(surprisesIn(shortest)).toEqual([]);
  });
});
