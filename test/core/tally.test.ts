/** The figures of a bracket: how long it was naked, and when the way out is owed anew. */
import { describe, expect, test } from 'vitest';
import type { Alarm } from '../../src/core/ready.ts';
import type { Bracket } from '../../src/core/state.ts';
import { tally } from '../../src/core/tally.ts';
import { newTurn } from '../../src/core/turn.ts';
import { Engine, longOf, px } from './engine.ts';

const one = 10_000;

function opened(): Engine {
  const engine = new Engine();
  engine.hear({ type: 'bracket.requested', request: longOf('A') });
  return engine;
}

/** Its entry has come, and its stop is not acknowledged. */
function entered(): Bracket {
  const engine = opened();
  const execution = { execId: 'e.01', qty: one, px: px('1.31') };
  engine.hear({ type: 'order.executed', orderRef: 'A.entry.1', ...execution });
  return engine.bracket('A');
}

const FLAT = opened().bracket('A');
const NAKED = entered();
const [BOOK] = Object.values(opened().state.books);

function tallied(bracket: Bracket, at: number) {
  if (BOOK === undefined) throw new Error('no book');
  const alarms: Alarm[] = [];
  const c = { seq: 9, at, watch: { sampled: false }, state: { link: 'live' } as const, alarms };
  const lists = { withdrawals: [], placements: [], moves: [], ignored: [], asks: [] };
  const turn = newTurn({ ...c, ...lists }, BOOK, bracket);
  tally(turn);
  return { bracket: turn.bracket, says: alarms.map(({ law, text }) => `${law} ${text}`) };
}

describe('naked time', () => {
  test('runs from the first moment that shares are naked, and be it the first of all', () => {
    const begun = tallied({ ...NAKED, nakedSince: -1 }, 0).bracket;
    expect(begun).toMatchObject({ nakedSince: 0, nakedMs: 0, nakedMost: one });
    const later = tallied({ ...begun }, 7).bracket;
    expect(later).toMatchObject({ nakedSince: 7, nakedMs: 7 });
    expect(tallied({ ...FLAT, nakedSince: 7, nakedMs: 7 }, 9).bracket).toMatchObject({
      nakedSince: -1,
      nakedMs: 9,
    });
  });
});

describe('how often the cover was late', () => {
  const late = (bracket: Bracket): number =>
    tallied({ ...bracket, coverElapsed: 1 }, 5).bracket.coverElapsed;

  test('counts anew once nothing is naked', () => {
    expect(late(FLAT)).toBe(0);
    expect(late(NAKED)).toBe(1);
  });

  test('but not for who leaves, or has sold too much: the way out is still owed', () => {
    expect(late({ ...FLAT, leaving: 'wished' })).toBe(1);
    expect(late({ ...FLAT, foreign: one })).toBe(1);
  });
});

test('a breach is told with its figures, and again only when it grows', () => {
  const breached = tallied({ ...FLAT, foreign: one }, 5);
  expect(breached.says).toEqual([
    'L12 has exited 0 of 0, and 1 went unexplained: 1 too many',
    'L6 overhang: exits may come to 1 more than was entered',
  ]);
  expect(tallied({ ...breached.bracket }, 6).says).toEqual([]);
});
