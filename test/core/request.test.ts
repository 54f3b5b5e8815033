/** What is denied before anything is sent: every reason names the field and what is allowed. */
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { readRequest } from '../../src/core/request.ts';
import { emptyState } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';

const gtc = { tif: 'GTC', outsideRth: false };
const good = {
  bracket: 'RIME-693',
  account: 'DU1',
  symbol: 'RIME',
  side: 'BUY',
  quantity: 100,
  entry: { type: 'LMT', limitPrice: '1.31', tif: 'DAY', outsideRth: false },
  stop: { type: 'STP', stopPrice: '1.25', ...gtc },
  targets: [
    { quantity: 70, limitPrice: '1.35', ...gtc },
    { quantity: 30, limitPrice: '1.38', ...gtc },
  ],
};

const dayStop = { ...good.stop, tif: 'DAY' };
const stopLimit = (stopPrice: string, limitPrice: string) => ({
  type: 'STP LMT',
  stopPrice,
  limitPrice,
  ...gtc,
});
const percentOf = (percent: number) => ({ percent, limitPrice: '1.35', ...gtc });
const short = {
  ...good,
  side: 'SELL',
  stop: { type: 'STP', stopPrice: '1.40', ...gtc },
  targets: [{ percent: 100, limitPrice: '1.20', ...gtc }],
};

describe('a bracket request', () => {
  it('is accepted when it is sound, on both sides, odd lots included', () => {
    expect(readRequest(good).ok).toBe(true);
    expect(readRequest(short).ok).toBe(true);
    const odd = readRequest({
      ...good,
      quantity: 101,
      targets: [
        { percent: 70, limitPrice: '1.35', ...gtc },
        { percent: 30, limitPrice: '1.38', ...gtc },
      ],
    });
    expect(odd.ok && odd.plan.targets.map((t) => t.qty / 10_000)).toEqual([71, 30]);
  });

  it.each<readonly [string, object]>([
    ['a market entry', { entry: { type: 'MKT', ...gtc } }],
    ['an entry that its own trigger can fill', { entry: stopLimit('1.31', '1.31') }],
    ['a stop-limit whose limit is its trigger', { stop: stopLimit('1.25', '1.25') }],
    ['a stop-limit that goes further', { stop: stopLimit('1.25', '1.24') }],
    ['a short', { ...short, entry: stopLimit('1.31', '1.31'), stop: stopLimit('1.40', '1.40') }],
    ['a short that goes further', { ...short, stop: stopLimit('1.40', '1.41') }],
    ['a DAY stop that leaves before the close', { stop: dayStop, flattenBeforeClose: true }],
    ['a wait of a day', { policy: { coverMs: 86_400_000 } }],
    ['no repricing', { policy: { repricings: 0 } }],
    ['ten repricings', { policy: { repricings: 10 } }],
  ])('is accepted with %s', (_, change) => {
    expect(readRequest({ ...good, ...change })).toMatchObject({ ok: true });
  });

  it.each<readonly [string, number, readonly number[], readonly number[]]>([
    ['the last has the largest remainder', 10, [33.3, 33.3, 33.4], [3, 3, 4]],
    ['the first has it', 10, [33.4, 33.3, 33.3], [4, 3, 3]],
    ['the smaller one has it', 10, [60.5, 39.5], [6, 4]],
    ['of equal ones the first', 3, [50, 50], [2, 1]],
    ['of several in turn', 5, [16.7, 16.7, 16.6, 50], [1, 1, 1, 2]],
    ['fractions are split exactly', 1.5, [50, 50], [0.75, 0.75]],
  ])('is split into whole shares that add up: %s', (_, quantity, percents, shares) => {
    const reading = readRequest({ ...good, quantity, targets: percents.map(percentOf) });
    expect(reading.ok && reading.plan.targets.map((t) => t.qty / 10_000)).toEqual(shares);
  });

  it('names no field where all of it is wrong', () => {
    const reading = readRequest(7);
    expect(!reading.ok && reading.reasons).toEqual([
      'Invalid input: expected object, received number',
    ]);
  });

  it.each([
    [
      'targets that do not add up',
      { targets: [good.targets[0]] },
      'targets: quantities must add up to 100, they add up to 70',
    ],
    [
      'a stop on the wrong side',
      { stop: { ...good.stop, stopPrice: '1.40' } },
      "stop.stopPrice: must be below the entry's 1.31 for a BUY, was 1.40",
    ],
    [
      'a target on the wrong side',
      { targets: [{ quantity: 100, limitPrice: '1.30', ...gtc }] },
      'targets.0.limitPrice: must be above 1.31 for a BUY, was 1.30',
    ],
    ['no shares', { quantity: 0 }, 'quantity: must be above 0 shares, was 0'],
    ['negative shares', { quantity: -5 }, 'quantity: must be above 0 shares, was -5'],
    ['over-precise shares', { quantity: '1.00001' }, 'quantity: 1.00001 has more than 4 decimals'],
    ['shares that are no number', { quantity: true }, 'quantity: must be a number or a decimal'],
    ['a time that is none of ours', { stop: { ...good.stop, tif: 'IOC' } }, 'must be DAY or GTC'],
    [
      'a stop that is none',
      { stop: { ...good.stop, type: 'MKT' } },
      'stop.type must be STP or STP LMT',
    ],
    [
      'a target of quantity and percent',
      { targets: [{ ...percentOf(100), quantity: 100 }] },
      'targets.0: must give either quantity or percent',
    ],
    [
      'a target of neither',
      { targets: [{ limitPrice: '1.35', ...gtc }] },
      'targets.0: must give either quantity or percent',
    ],
    [
      'one target of either kind',
      { targets: [good.targets[0], percentOf(30)] },
      'targets: all give quantity, or all give percent',
    ],
    [
      'a target that gets no share',
      { quantity: 1, targets: [percentOf(50), percentOf(50)] },
      'targets.1: its share of 1 is less than one lot',
    ],
    ['a wait of more than a day', { policy: { coverMs: 86_400_001 } }, 'policy.coverMs: Too big'],
    ['eleven repricings', { policy: { repricings: 11 } }, 'policy.repricings: Too big'],
    ['less than no repricing', { policy: { repricings: -1 } }, 'policy.repricings: Too small'],
    [
      'a stop at its entry',
      { stop: { ...good.stop, stopPrice: '1.31' } },
      "stop.stopPrice: must be below the entry's 1.31 for a BUY, was 1.31",
    ],
    [
      'a stop at its entry, sold short',
      { ...short, stop: { ...short.stop, stopPrice: '1.31' } },
      "stop.stopPrice: must be above the entry's 1.31 for a SELL, was 1.31",
    ],
    [
      'a stop on the wrong side, sold short',
      { ...short, stop: { ...short.stop, stopPrice: '1.25' } },
      "stop.stopPrice: must be above the entry's 1.31 for a SELL, was 1.25",
    ],
    [
      'a stop whose limit could not fill',
      { stop: stopLimit('1.25', '1.26') },
      "stop.limitPrice: must not be above the stop's trigger 1.25, was 1.26: it could not fill",
    ],
    [
      'a stop whose limit could not fill, sold short',
      { ...short, stop: stopLimit('1.40', '1.39') },
      "stop.limitPrice: must not be below the stop's trigger 1.40, was 1.39: it could not fill",
    ],
    [
      'an entry whose limit could not fill',
      { entry: stopLimit('1.31', '1.30') },
      'entry.limitPrice: must not be below its trigger 1.31, was 1.30',
    ],
    [
      'a target at its stop, without another price to go by',
      { entry: { type: 'MKT', ...gtc }, targets: [{ ...percentOf(100), limitPrice: '1.25' }] },
      'targets.0.limitPrice: must be above 1.25 for a BUY, was 1.25',
    ],
    ['an unknown side', { side: 'LONG' }, 'side: must be BUY or SELL'],
    ['an unknown plan', { plan: 'detached' }, 'plan: must be paired or sequenced'],
    [
      'an unknown entry',
      { entry: { ...good.entry, type: 'TRAIL' } },
      'entry.type must be MKT, LMT, STP or STP LMT',
    ],
    [
      'a leg that does not say outsideRth',
      { stop: { type: 'STP', stopPrice: '1.25', tif: 'GTC' } },
      'stop.outsideRth: must be true or false',
    ],
    [
      'a DAY stop',
      { stop: { ...good.stop, tif: 'DAY' } },
      "stop.tif: a DAY stop leaves the position naked at the session's end",
    ],
    [
      'a plain stop outside regular hours',
      { stop: { ...good.stop, outsideRth: true } },
      'stop.type: a stop order does not work outside regular trading hours',
    ],
    [
      'an entry that can fill while its stop sleeps',
      { entry: { ...good.entry, outsideRth: true } },
      'stop.outsideRth: must be true when entry.outsideRth is',
    ],
    [
      'nine targets',
      { targets: Array.from({ length: 9 }, () => good.targets[0]) },
      'targets: must have at most 8 targets',
    ],
    ['no targets', { targets: [] }, 'targets: must have at least one target'],
    [
      'percentages that do not add up',
      { targets: [percentOf(33.3), percentOf(33.3)] },
      'targets: percentages must add up to 100, they add up to 66.6',
    ],
    [
      'a name that cannot be part of a reference',
      { bracket: 'a/b' },
      'bracket: must be 1 to 24 letters',
    ],
  ])('is denied for %s', (_, change, reason) => {
    const reading = readRequest({ ...good, ...change });
    expect(reading.ok).toBe(false);
    expect(!reading.ok && reading.reasons.join('\n')).toContain(reason);
    const fact = { type: 'bracket.requested', at: 1, request: { ...good, ...change } } as Fact;
    const ready = step(emptyState(), fact);
    expect(ready.denied.join('\n')).toContain(reason);
    expect(ready.effects).toEqual([]);
  });
});
