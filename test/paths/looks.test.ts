/** Looks of every kind beside a second account of what they must do. */
import { describe, expect, test } from 'vitest';
import { LONG } from './expecting.ts';
import { type Listener, lookWrong, surveyed, wandered } from './looks.ts';

const WALKS = 15_000;

/** The first of what differs. */
function heard(): { readonly unknown: readonly string[]; readonly listener: Listener } {
  const unknown: string[] = [];
  const listener: Listener = ({ scene }, wrong) => {
    unknown.push(`${scene.said.join(', ')}: ${wrong.join('; ')}`);
    return unknown.length < 5;
  };
  return { unknown, listener };
}

describe('a look does to a state what the account says', () => {
  test('whenever it was asked, be it as plain as can be', () => {
    const { unknown, listener } = heard();
    expect(surveyed(listener)).toBeGreaterThan(550);
    expect(unknown).toEqual([]);
  });

  test('after words of every kind, whatever it shows', LONG, () => {
    const { unknown, listener } = heard();
    const looks = wandered({ seeds: [1, WALKS], listener });
    expect(unknown).toEqual([]);
    expect(looks).toBeGreaterThan(44_000);
  });

  test('and a hunter of mutants, who asks less, finds nothing', () => {
    expect(lookWrong()).toBeNull();
  });
});
