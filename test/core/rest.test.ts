/**
 * What is left at rest is not asked again for words that repeat what is known (`run.ts`). A step
 * that is sampled asks all the same, so the two must decide the same, byte for byte, wherever a
 * random walk through engine, network and broker leads.
 */
import { expect, test, vi } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import type { State } from '../../src/core/state.ts';
import { compose, firstWorld, happen } from '../../src/verify/composition.ts';
import { scopeOf } from '../../src/verify/matter.ts';
import { offers } from '../../src/verify/offers.ts';
import type { Scope } from '../../src/verify/scope.ts';
import { bracket, SUITES } from '../paths/suites.ts';
import { randomly } from '../paths/walks.ts';
import { FAULTY, PROMISES } from '../verify/matrix.ts';

const counted = vi.hoisted(() => ({ steps: 0, spared: 0, differences: [] as string[] }));
vi.mock('../../src/core/step.ts', async (original) => {
  const real = await original<typeof import('../../src/core/step.ts')>();
  const step = (before: State, fact: Fact) => {
    let asked = 0;
    const spared = real.step(before, fact, { sampleEvery: 0, observe: () => asked++ });
    let askedAlways = 0;
    const always = real.step(before, fact, { sampleEvery: 1, observe: () => askedAlways++ });
    counted.steps += 1;
    if (asked < askedAlways) counted.spared += 1;
    const [one, other] = [JSON.stringify(spared), JSON.stringify(always)];
    if (one !== other) counted.differences.push(`${JSON.stringify(fact)}\n${one}\n${other}`);
    // The first one left its bracket at rest; the second asked always, and its state is another.
    return real.step(before, fact, { sampleEvery: 0 });
  };
  return { ...real, step };
});

const SCOPES: readonly Scope[] = [
  ...[...PROMISES, ...FAULTY].map(({ matter }) => scopeOf(matter)),
  ...SUITES.map(({ scope }) => scope),
  {
    requests: [bracket([2], { bracket: 'A' }), bracket([1], { bracket: 'Z' })],
    overlap: { capQty: 30_000 },
    lots: [1, 2],
    travel: 'all',
    wordsMost: 4,
    rare: { cut: 2, lose: 2, repeat: 6, elapse: 3, reject: 1, flatten: 1 },
  },
];
const WALKS = 4;
const STEPS = 60;

test('what rests is spared, and nothing else', { timeout: 120_000 }, () => {
  SCOPES.forEach((scope, n) => {
    const parts = compose(scope, false);
    for (let seed = 1; seed <= WALKS; seed++) {
      const random = randomly(n * 1_000 + seed);
      let world = firstWorld(parts);
      for (let at = 0; at < STEPS; at++) {
        const possible = offers(parts, world);
        const event = possible[Math.floor(random() * possible.length)];
        if (event === undefined) break;
        world = happen(parts, world, event);
      }
    }
  });
  const { steps, spared, differences } = counted;
  console.log(`${SCOPES.length} scopes, ${steps} steps, ${spared} of them spared`);
  expect(differences.slice(0, 1)).toEqual([]);
  expect(spared).toBeGreaterThan(300);
  expect(spared).toBeLessThan(steps / 2);
});
