/** What a router may move, and what a price does to a target that waits for it. */
import { describe, expect, test } from 'vitest';
import type { BracketRequest } from '../../src/core/request.ts';
import { priceMatters } from '../../src/core/wishes.ts';
import { Engine, EXIT, longOf, px, shortOf } from './engine.ts';

const limited = (stopPrice: string, limitPrice: string): Partial<BracketRequest> => ({
  stop: { type: 'STP LMT', stopPrice, limitPrice, ...EXIT },
});

const LONG = longOf('A');
const SHORT = shortOf('A');
const LONG_LIMITED = longOf('A', limited('1.25', '1.24'));
const SHORT_LIMITED = shortOf('A', limited('1.37', '1.38'));

type Move = { readonly leg: 'entry' | 'stop1' | 'target1' | 'stop2'; readonly limitPx?: string };

/** The prices of the pair after the wish: trigger, its limit, the target's limit. */
type Prices = readonly [stopPx: string, stopLimitPx: string | null, targetPx: string];

function moved(request: BracketRequest, move: Move, price: number) {
  const engine = new Engine();
  engine.hear({ type: 'bracket.requested', request });
  const limitPx = move.limitPx === undefined ? {} : { limitPx: px(move.limitPx) };
  const wish = { type: 'move.wished', bracket: 'A', leg: move.leg, px: price, ...limitPx } as const;
  const { denied } = engine.hear(wish);
  const [pair] = engine.bracket('A').pairs;
  return { denied, pair };
}

describe('a move that is granted', () => {
  const granted: readonly (readonly [string, BracketRequest, Move, string, Prices])[] = [
    ['the stop of a long', LONG, { leg: 'stop1' }, '1.28', ['1.28', null, '1.35']],
    ['next to its target', LONG, { leg: 'stop1' }, '1.34999999', ['1.34999999', null, '1.35']],
    ['to the smallest price', LONG, { leg: 'stop1' }, '0.00000001', ['0.00000001', null, '1.35']],
    ['the target of a long', LONG, { leg: 'target1' }, '1.40', ['1.25', null, '1.40']],
    ['the stop of a short', SHORT, { leg: 'stop1' }, '1.33', ['1.33', null, '1.27']],
    ['next to its target', SHORT, { leg: 'stop1' }, '1.27000001', ['1.27000001', null, '1.27']],
    ['the target of a short', SHORT, { leg: 'target1' }, '1.20', ['1.37', null, '1.20']],
    [
      'a limit keeps its distance',
      LONG_LIMITED,
      { leg: 'stop1' },
      '1.28',
      ['1.28', '1.27', '1.35'],
    ],
    ['above 0, too', LONG_LIMITED, { leg: 'stop1' }, '0.005', ['0.005', '0.00000001', '1.35']],
    ['of a short', SHORT_LIMITED, { leg: 'stop1' }, '1.33', ['1.33', '1.34', '1.27']],
    [
      'a limit of its own',
      LONG_LIMITED,
      { leg: 'stop1', limitPx: '1.22' },
      '1.28',
      ['1.28', '1.22', '1.35'],
    ],
    [
      'as far as the trigger',
      LONG_LIMITED,
      { leg: 'stop1', limitPx: '1.28' },
      '1.28',
      ['1.28', '1.28', '1.35'],
    ],
    [
      'of a short',
      SHORT_LIMITED,
      { leg: 'stop1', limitPx: '1.33' },
      '1.33',
      ['1.33', '1.33', '1.27'],
    ],
    [
      'a stop without a limit gets none',
      LONG,
      { leg: 'stop1', limitPx: '1.22' },
      '1.28',
      ['1.28', null, '1.35'],
    ],
  ];
  test.each(granted)('%s', (_, request, move, price, [stopPx, stopLimitPx, targetPx]) => {
    const { denied, pair } = moved(request, move, px(price));
    expect(denied).toEqual([]);
    expect(pair).toMatchObject({
      stopPx: px(stopPx),
      stopLimitPx: stopLimitPx === null ? null : px(stopLimitPx),
      targetPx: px(targetPx),
    });
  });
});

describe('a move that is denied changes nothing, and says why', () => {
  const beyond = 'px: stop1 must stay';
  const denials: readonly (readonly [string, BracketRequest, Move, number, string])[] = [
    [
      'the entry',
      LONG,
      { leg: 'entry' },
      px('1.30'),
      'leg: entry cannot be moved; a stop or a target can',
    ],
    [
      'a pair that is not there',
      LONG,
      { leg: 'stop2' },
      px('1.20'),
      'leg: stop2 cannot be moved; a stop or a target can',
    ],
    ['no price', LONG, { leg: 'stop1' }, 0, 'px: must be a price above 0'],
    ['half a price', LONG, { leg: 'stop1' }, 0.5, 'px: must be a price above 0'],
    ['half a price below 0', LONG, { leg: 'stop1' }, -0.5, 'px: must be a price above 0'],
    ['a price below 0', LONG, { leg: 'stop1' }, -1, 'px: must be a price above 0'],
    ['a stop to its target', LONG, { leg: 'stop1' }, px('1.35'), `${beyond} below 1.35, was 1.35`],
    [
      'a stop beyond its target',
      LONG,
      { leg: 'stop1' },
      px('1.36'),
      `${beyond} below 1.35, was 1.36`,
    ],
    [
      'a target to its stop',
      LONG,
      { leg: 'target1' },
      px('1.25'),
      'px: target1 must stay above 1.25, was 1.25',
    ],
    ['a stop to its target', SHORT, { leg: 'stop1' }, px('1.27'), `${beyond} above 1.27, was 1.27`],
    [
      'a stop beyond its target',
      SHORT,
      { leg: 'stop1' },
      px('1.26'),
      `${beyond} above 1.27, was 1.26`,
    ],
    [
      'a target to its stop',
      SHORT,
      { leg: 'target1' },
      px('1.37'),
      'px: target1 must stay below 1.37, was 1.37',
    ],
    [
      'a limit above its trigger',
      LONG_LIMITED,
      { leg: 'stop1', limitPx: '1.29' },
      px('1.28'),
      'limitPx: must not be above the trigger 1.28, was 1.29: it could not fill',
    ],
    [
      'a limit below its trigger',
      SHORT_LIMITED,
      { leg: 'stop1', limitPx: '1.32' },
      px('1.33'),
      'limitPx: must not be below the trigger 1.33, was 1.32: it could not fill',
    ],
  ];
  test.each(denials)('%s', (_, request, move, price, says) => {
    const { denied, pair } = moved(request, move, price);
    expect(denied).toEqual([says]);
    expect(pair).toEqual(
      moved(request, { leg: 'target1' }, px(request.targets[0]?.limitPrice as string)).pair,
    );
  });
});

describe('a price', () => {
  test('touches a target that waits for it, at its limit or through it, and no other', () => {
    const far = { percent: 50, limitPrice: '1.50', ...EXIT };
    const targets = [{ percent: 50, limitPrice: '1.35', ...EXIT }, far];
    const long = longOf('A', { plan: 'sequenced', quantity: 2, targets });
    expect(touchedBy(long, '1.34999999')).toEqual([false, false]);
    expect(touchedBy(long, '1.35')).toEqual([true, false]);
    expect(touchedBy(long, '1.36')).toEqual([true, false]);
    expect(touchedBy(long, '1.50')).toEqual([true, true]);
    const short = shortOf('A', { plan: 'sequenced' });
    expect(touchedBy(short, '1.27000001')).toEqual([false]);
    expect(touchedBy(short, '1.27')).toEqual([true]);
    expect(touchedBy(short, '1.26')).toEqual([true]);
    // Where targets rest at the broker, nobody waits for a price.
    expect(touchedBy(longOf('A'), '1.35')).toEqual([false]);
  });

  test('matters to who leaves, who is naked, and who waits for one; to nobody else', () => {
    const engine = new Engine();
    engine.hear({ type: 'bracket.requested', request: LONG });
    const paired = engine.bracket('A');
    expect(priceMatters(paired)).toBe(false);
    expect(priceMatters({ ...paired, leaving: 'wished' })).toBe(true);
    const [pair] = paired.pairs;
    if (pair === undefined) throw new Error('no pair');
    expect(priceMatters({ ...paired, pairs: [pair, { ...pair, mode: 'sequenced' }] })).toBe(true);
    const execution = { execId: 'e.01', qty: 10_000, px: px('1.31') };
    engine.hear({ type: 'order.executed', orderRef: 'A.entry.1', ...execution });
    expect(priceMatters(engine.bracket('A'))).toBe(true);
  });
});

/** Which targets have been touched, after this price while all shares are open. */
function touchedBy(request: BracketRequest, price: string): readonly boolean[] {
  const engine = new Engine();
  engine.hear({ type: 'bracket.requested', request });
  const execution = { execId: 'e.01', qty: 10_000 * Number(request.quantity), px: px('1.31') };
  engine.hear({ type: 'order.executed', orderRef: 'A.entry.1', ...execution });
  engine.hear({ type: 'price.printed', symbol: 'RIME', px: px(price) });
  return engine.bracket('A').pairs.map(({ touched }) => touched);
}
