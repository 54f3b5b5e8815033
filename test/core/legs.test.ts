/** Every leg has its own slot, and be there more pairs than the names that are looked up. */
import { expect, test } from 'vitest';
import { legsOf } from '../../machines/facts.ts';
import { isStopLeg, isTargetLeg, partsOf, slotOf, stopOf } from '../../src/core/legs.ts';

test('a leg is taken apart the same, whether its name is known or not', () => {
  for (const pair of [1, 7, 8]) {
    const [stop, target] = [stopOf(pair), `target${pair}` as const];
    expect(partsOf(stop)).toEqual({ leg: `stop${pair}`, kind: 'stop', pair, slot: 2 * pair });
    expect(partsOf(target)).toEqual({ leg: target, kind: 'target', pair, slot: 2 * pair + 1 });
  }
  expect(partsOf(stopOf(9))).toEqual({ leg: 'stop9', kind: 'stop', pair: 9, slot: 18 });
  expect(isStopLeg('stop9')).toBe(true);
  expect(isTargetLeg('target9')).toBe(true);
});

test('its slot is the same by its name and by its pair', () => {
  const slots = legsOf(8).map((leg) => slotOf(partsOf(leg)));
  expect(slots).toEqual(legsOf(8).map((leg) => partsOf(leg).slot));
  expect(new Set(slots).size).toBe(18);
});
