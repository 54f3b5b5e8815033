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

describe('a bracket request', () => {
  it('is accepted when it is sound, on both sides, odd lots included', () => {
    expect(readRequest(good).ok).toBe(true);
    const short = {
      ...good,
      side: 'SELL',
      stop: { type: 'STP', stopPrice: '1.40', ...gtc },
      targets: [{ percent: 100, limitPrice: '1.20', ...gtc }],
    };
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
    ['an unknown side', { side: 'LONG' }, 'side: must be BUY or SELL'],
    ['an unknown plan', { plan: 'detached' }, 'plan: must be paired or sequenced'],
    ['an unknown entry', { entry: { ...good.entry, type: 'TRAIL' } }, 'entry'],
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
      { targets: [{ percent: 70, limitPrice: '1.35', ...gtc }] },
      'targets: percentages must add up to 100, they add up to 70',
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
