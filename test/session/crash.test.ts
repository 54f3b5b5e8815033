/**
 * Crash at every boundary that the journal of a run without a crash has: before a write, after it
 * and before anything leaves, and after each sending. Whoever comes after finds what the broker has.
 */
import { describe, expect, test } from 'vitest';
import { EXIT, longOf, shortOf } from '../core/engine.ts';
import { type Day, lived, type Outcome } from './days.ts';
import type { Death } from './lives.ts';

const two = longOf('A', {
  quantity: 3,
  targets: [
    { quantity: 2, limitPrice: '1.35', ...EXIT },
    { quantity: 1, limitPrice: '1.38', ...EXIT },
  ],
});

const DAYS: readonly Day[] = [
  {
    name: 'the target',
    request: longOf('A'),
    tape: [
      [2_000, 1.3],
      [9_000, 1.36],
    ],
  },
  {
    name: 'the stop',
    request: longOf('A'),
    tape: [
      [2_000, 1.3],
      [9_000, 1.24],
    ],
  },
  {
    name: 'both targets',
    request: two,
    tape: [
      [2_000, 1.3],
      [9_000, 1.36],
      [15_000, 1.39],
    ],
  },
  {
    name: 'a target, then the stop',
    request: two,
    tape: [
      [2_000, 1.3],
      [9_000, 1.36],
      [15_000, 1.2],
    ],
  },
  {
    name: 'a short',
    request: shortOf('A'),
    tape: [
      [2_000, 1.32],
      [9_000, 1.26],
    ],
  },
  {
    name: 'a way out',
    request: two,
    tape: [
      [2_000, 1.3],
      [20_000, 1.31],
    ],
    flattensAt: 9_000,
  },
  {
    name: 'in parts',
    request: longOf('A', { quantity: 3 }),
    tape: [
      [2_000, 1.3],
      [3_000, 1.3],
      [4_000, 1.3],
      [15_000, 1.36],
      [16_000, 1.36],
      [17_000, 1.36],
    ],
    fillLot: 1,
  },
];

/** What must be true in the end, whatever happened. */
function wrongIn({ floor, engine }: Outcome): readonly string[] {
  const wrong: string[] = [];
  const truth = floor.exchange.venue.truth();
  for (const { symbol, position } of truth.accounts) {
    if (position !== 0) wrong.push(`the broker is left with ${position} ${symbol}`);
  }
  const placed = new Map<string, Set<number>>();
  for (const request of floor.exchange.sent) {
    if (request.request !== 'placeOrder') continue;
    const { orderRef, orderId } = request.ticket;
    placed.set(orderRef, (placed.get(orderRef) ?? new Set()).add(orderId));
  }
  for (const [orderRef, ids] of placed) {
    if (ids.size > 1) wrong.push(`${orderRef} was sent under ${ids.size} ids`);
  }
  const state = engine.bracket('A').state;
  if (state !== 'closed') wrong.push(`the bracket is ${state}`);
  return wrong;
}

/** Every boundary of a run without a crash. */
function boundaries({ lives: { writes, sendings } }: Outcome): readonly Death[] {
  const deaths: Death[] = [];
  for (let nth = 1; nth <= writes; nth++) {
    deaths.push({ at: 'before write', nth }, { at: 'after write', nth });
  }
  for (let nth = 1; nth <= sendings; nth++) deaths.push({ at: 'after sending', nth });
  return deaths;
}

/** While recovering: at one of the next few boundaries after the one before. */
const again = ({ nth }: Death): readonly Death[] =>
  [1, 2, 3, 4].flatMap((more): readonly Death[] => [
    { at: 'after write', nth: nth + more },
    { at: 'before write', nth: nth + more },
  ]);

describe.each(DAYS)('$name', (day) => {
  test('ends well without a crash, and with one at every boundary', {
    timeout: 120_000,
  }, async () => {
    const whole = await lived(day, []);
    expect(wrongIn(whole)).toEqual([]);
    const deaths = boundaries(whole);
    const wrong: string[] = [];
    let died = 0;
    for (const death of deaths) {
      const outcome = await lived(day, [death]);
      died += outcome.lives.died;
      wrong.push(...wrongIn(outcome).map((what) => `${death.at} ${death.nth}: ${what}`));
    }
    expect(wrong).toEqual([]);
    expect(died).toBe(deaths.length);
    expect(deaths.length).toBeGreaterThan(60);
  });

  test('and with another one while it recovers', { timeout: 120_000 }, async () => {
    const deaths = boundaries(await lived(day, [])).filter(({ at }) => at !== 'after sending');
    const wrong: string[] = [];
    let died = 0;
    for (const first of deaths)
      for (const second of again(first)) {
        const outcome = await lived(day, [first, second]);
        died += outcome.lives.died;
        const when = `${first.at} ${first.nth}, ${second.at} ${second.nth}`;
        wrong.push(...wrongIn(outcome).map((what) => `${when}: ${what}`));
      }
    expect(wrong).toEqual([]);
    // Whoever dies before the last write of all has nothing left to die at.
    expect(died).toBeGreaterThan(1.9 * 8 * deaths.length);
  });
});
