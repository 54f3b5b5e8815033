/** Looks of every kind beside a second account of what they must do. */
import { describe, expect, test } from 'vitest';
import { LONG } from './expecting.ts';
import { KNOWN, SHORTEST } from './look-departures.ts';
import { differing, lookWrong, wandered } from './looks.ts';

const WALKS = 15_000;

describe('a look does to a state what the account says', () => {
  test('after words of every kind, whenever it was asked', LONG, () => {
    const unknown: string[] = [];
    const looks = wandered({
      seeds: [1, WALKS],
      listener: ({ scene }, wrong) => {
        unknown.push(`${scene.said.join(', ')}: ${wrong.join('; ')}`);
        return unknown.length < 5;
      },
    });
    expect(unknown).toEqual([]);
    expect(looks).toBeGreaterThan(44_000);
  });

  test('and a hunter of mutants, who asks less, finds nothing', () => {
    expect(lookWrong()).toBeNull();
  });
});

describe('where it is known to depart', () => {
  test.each(SHORTEST)('$departure', ({ departure, parts }) => {
    expect(differing(parts, KNOWN)).toEqual([]);
    const fewer = new Set([...KNOWN].filter((one) => one !== departure));
    expect(differing(parts, fewer)).not.toEqual([]);
    // Any fewer words do not show it.
    expect(differing(parts.slice(0, -1), fewer)).toEqual([]);
  });
});
