/** Shares and prices are exact, and an entry's fills go to the pairs without any part shrinking. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allocate,
  isUnreadable,
  pxOf,
  qtyOf,
  SHARE,
  showPx,
  showQty,
} from '../../src/core/quantity.ts';

describe('reading and writing', () => {
  it.each([
    [100, 1_000_000, '100'],
    ['0.5', 5_000, '0.5'],
    ['0.0001', 1, '0.0001'],
    [-270, -2_700_000, '-270'],
    [10_000, 100_000_000, '10000'],
    [' 1.5 ', 15_000, '1.5'],
    ['0.500000', 5_000, '0.5'],
    [-0, 0, '0'],
    ['-0', 0, '0'],
  ])('%s shares', (given, units, text) => {
    expect(qtyOf(given)).toBe(units);
    expect(showQty(units)).toBe(text);
  });

  it.each([
    ['1.31', 131_000_000, '1.31'],
    [0.00012345, 12_345, '0.00012345'],
    [1e-7, 10, '0.0000001'],
    [1.5e-7, 15, '0.00000015'],
    [700_000.5, 70_000_050_000_000, '700000.50'],
  ])('price %s', (given, units, text) => {
    expect(pxOf(given)).toBe(units);
    expect(showPx(units)).toBe(text);
  });

  it.each([
    '0.00001',
    'abc',
    '',
    '1e3x',
    'x1',
    '1e21',
    1e21,
    1e30,
    'Infinity',
    Number.NaN,
    '99999999999999999',
  ])('refuses %s shares, with the reason', (given) => {
    const read = qtyOf(given);
    expect(isUnreadable(read) && read.error.length > 0).toBe(true);
  });

  it('round-trips every quantity', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (units) => {
        expect(qtyOf(showQty(units))).toBe(units);
        expect(pxOf(showPx(units))).toBe(units);
      }),
    );
  });
});

describe('allocation', () => {
  const targets = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 });

  it('adds up, never shrinks, and is exact once the entry is done', () => {
    fc.assert(
      fc.property(targets, fc.boolean(), (sizes, fractional) => {
        const lot = fractional ? 1_234 : SHARE;
        const wanted = sizes.map((size) => size * lot);
        const total = wanted.reduce((a, b) => a + b, 0);
        const step = Math.max(1, Math.floor(total / lot / 40)) * lot;
        let before: readonly number[] = wanted.map(() => 0);
        for (let executed = 0; executed <= total; executed += step) {
          const parts = allocate(executed, wanted);
          expect(parts.reduce((a, b) => a + b, 0)).toBe(executed);
          parts.forEach((part, i) => {
            expect(part).toBeGreaterThanOrEqual(before[i] ?? 0);
            expect(part).toBeLessThanOrEqual(wanted[i] ?? 0);
          });
          before = parts;
        }
        expect(allocate(total, wanted)).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });

  it('goes by the least lot that any target has', () => {
    expect(allocate(10_000, [SHARE, SHARE / 2])).toEqual([6_667, 3_333]);
    expect(allocate(15_000, [SHARE, SHARE / 2])).toEqual([SHARE, SHARE / 2]);
    expect(allocate(20_000, [SHARE, SHARE / 2])).toEqual([15_000, SHARE / 2]);
  });

  it('lets a print of half a share shift nobody', () => {
    const wanted = [70 * SHARE, 30 * SHARE];
    let before: readonly number[] = [0, 0];
    for (let executed = 0; executed <= 100 * SHARE; executed += SHARE / 2) {
      const parts = allocate(executed, wanted);
      parts.forEach((part, i) => {
        expect(part).toBeGreaterThanOrEqual(before[i] ?? 0);
      });
      before = parts;
    }
  });
});
