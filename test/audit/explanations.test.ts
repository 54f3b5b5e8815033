import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explanationsOf } from '../../src/audit/explanations.ts';

const legs = (quantities: readonly number[]) =>
  quantities.map((quantity, index) => ({ id: index, quantity: BigInt(quantity) }));

/** Every subset there is. */
function smallestByTrial(residual: number, quantities: readonly number[]): readonly string[] {
  const sets = Array.from({ length: 2 ** quantities.length }, (_, mask) =>
    quantities.flatMap((_quantity, index) => ((mask >> index) & 1 ? [index] : [])),
  ).filter((set) => set.reduce((sum, index) => sum + (quantities[index] ?? 0), 0) === residual);
  const size = Math.min(...sets.map((set) => set.length));
  return sets.filter((set) => set.length === size && size > 0).map((set) => set.join('+'));
}

test('finds exactly the smallest sets', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 9 }),
      (residual, quantities) => {
        const expected = smallestByTrial(residual, quantities);
        const { sets, more } = explanationsOf(BigInt(residual), legs(quantities));
        const found = sets.map((set) => set.map(({ id }) => id).join('+'));
        expect(new Set(found).size).toBe(found.length);
        expect(more).toBe(expected.length > 10 ? 'beyond-limit' : 'none');
        expect(found).toHaveLength(Math.min(10, expected.length));
        for (const set of found) expect(expected).toContain(set);
      },
    ),
    { numRuns: 500 },
  );
});

test('sixty legs do not blow up, whether alike, all different, or without a solution', () => {
  const before = performance.now();
  const alike = explanationsOf(3000n, legs(new Array(60).fill(100)));
  expect(alike.sets).toHaveLength(10);
  expect(alike.sets[0]).toHaveLength(30);
  expect(alike.more).toBe('beyond-limit');

  const impossible = explanationsOf(3001n, legs(new Array(60).fill(100)));
  expect(impossible).toEqual({ sets: [], more: 'none' });

  const bracketLegs = legs(Array.from({ length: 60 }, (_, index) => [100, 70, 30][index % 3] ?? 0));
  expect(explanationsOf(170n, bracketLegs).sets[0]).toHaveLength(2);
  expect(explanationsOf(2005n, bracketLegs)).toEqual({ sets: [], more: 'none' });

  const even = Array.from({ length: 60 }, (_, index) => 2 * ((7919 * (index + 13) ** 2) % 99_991));
  const odd = explanationsOf(1_000_001n, legs(even));
  expect(odd.sets).toEqual([]);
  expect(performance.now() - before).toBeLessThan(5000);
});
