import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedule } from '../../src/simulator/schedule.ts';

test('what comes is taken by time and, at one time, as it was entered', () => {
  const step = fc.record({ at: fc.nat(8), take: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const schedule = createSchedule<number>();
      let plain: { readonly at: number; readonly item: number }[] = [];
      for (const [item, { at, take }] of steps.entries()) {
        if (!take) {
          schedule.add(at, item);
          plain = [...plain, { at, item }].sort((one, other) => one.at - other.at);
        } else {
          const due = plain[0] !== undefined && plain[0].at <= at ? plain.shift() : undefined;
          const taken = schedule.take(at);
          expect(taken && { at: taken.at, item: taken.item }).toEqual(due);
        }
        expect(schedule.nextAt()).toBe(plain[0]?.at);
      }
    }),
  );
});
