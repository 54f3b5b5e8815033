import { expect, test, vi } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import type { Ready } from '../../src/core/ready.ts';
import type { State } from '../../src/core/state.ts';
import type { Matter } from '../../src/verify/matter.ts';
import { verify } from '../../src/verify/verification.ts';
import { PROMISES } from './matrix.ts';

/**
 * What is verified is the shipping `step`: another in its place, and the verdict is another one.
 * Each patch is of what `step` hears or answers, so none is known to the charts or the ledger.
 */
type Step = (before: State, fact: Fact) => Ready;
const patch = vi.hoisted(() => ({ of: null as ((step: Step) => Step) | null }));
vi.mock('../../src/core/step.ts', async (original) => {
  const real = await original<typeof import('../../src/core/step.ts')>();
  const step: typeof real.step = (before, fact, options) => {
    const asIs: Step = (state, heard) => real.step(state, heard, options);
    return (patch.of?.(asIs) ?? asIs)(before, fact);
  };
  return { ...real, step };
});

const matter =
  PROMISES.find(({ matter: { plan }, verdict }) => plan === 'paired' && verdict === 'holds')
    ?.matter ?? never();

function never(): never {
  throw new Error('no row of the matrix is for this');
}

function findingsUnder(of: ((step: Step) => Step) | null, asked: Partial<Matter> = {}) {
  patch.of = of;
  try {
    const { findings } = verify({ ...matter, ...asked }, { limits: { states: 150_000 } });
    return findings.map(({ id }) => id);
  } finally {
    patch.of = null;
  }
}

type Effects = Ready['effects'];

const effects =
  (change: (effects: Effects) => Effects) =>
  (step: Step): Step =>
  (before, fact) => {
    const ready = step(before, fact);
    return { ...ready, effects: change(ready.effects) };
  };

const exits = (e: Effects[number]): boolean =>
  (e.type === 'place' || e.type === 'replace') && e.ticket.leg !== 'entry';

test('as it is, it holds', () => {
  expect(findingsUnder(null)).toEqual([]);
  expect(findingsUnder(null, { wishes: { flatten: 1 } })).toEqual([]);
});

test('a way out that never leaves', () => {
  const patched = effects((list) =>
    list.filter((e) => e.type !== 'place' || e.ticket.leg !== 'closing'),
  );
  const found = findingsUnder(patched, { wishes: { flatten: 1 } });
  expect(found).toContain('ends');
  expect(found).toContain('protected');
});

test('a stop that never leaves', () => {
  const isStop = (e: Effects[number]) =>
    exits(e) && 'ticket' in e && e.ticket.leg.startsWith('stop');
  const patched = effects((list) => list.filter((e) => !isStop(e)));
  expect(findingsUnder(patched)).toContain('protected');
});

test('exits that are twice as large', () => {
  const patched = effects((list) =>
    list.map((e) =>
      exits(e) && 'ticket' in e ? { ...e, ticket: { ...e.ticket, qty: 2 * e.ticket.qty } } : e,
    ),
  );
  expect(findingsUnder(patched)).toEqual(['sold']);
});

test('a look that is never taken', () => {
  const patched = effects((list) => list.filter(({ type }) => type !== 'ask'));
  expect(findingsUnder(patched)).toContain('ends');
});

test('a look that reads open orders only, where word of a trade may be lost', {
  timeout: 60_000,
}, () => {
  const lossy = { lots: [1], faults: { lose: 2 } };
  const unread = { executions: [], completed: [], positions: null, coversLife: false };
  const patched = (step: Step): Step => {
    return (before, fact) =>
      step(before, fact.type === 'snapshot.taken' ? { ...fact, ...unread } : fact);
  };
  expect(findingsUnder(patched, lossy)).toContain('recovers');
});

test('exits that are placed twice', () => {
  const patched = effects((list) => list.flatMap((e) => (exits(e) ? [e, e] : [e])));
  expect(findingsUnder(patched)).toEqual(['resent']);
});
