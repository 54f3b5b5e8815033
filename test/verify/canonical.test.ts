import { describe, expect, test } from 'vitest';
import { ordersIn } from '../../src/simulator/contents.ts';
import { canonicalMind } from '../../src/verify/canonical.ts';
import { newMindTexts } from '../../src/verify/client.ts';
import { compose, firstWorld, happen, type World } from '../../src/verify/composition.ts';
import { scopeOf } from '../../src/verify/matter.ts';
import type { Mind } from '../../src/verify/mind.ts';
import { offers } from '../../src/verify/offers.ts';
import type { Scope } from '../../src/verify/scope.ts';
import { bracket, SUITES } from '../paths/suites.ts';
import { randomly } from '../paths/walks.ts';
import { FAULTY, LARGE, PROMISES } from './matrix.ts';

/**
 * Worlds are compared by their canonical parts, so those must have the futures of the worlds that
 * they stand for: one walk is walked twice, with numbers as they come and with canonical ones, and
 * at every step the same things can happen, and the same comes of them.
 */
describe('a canonical world has the future of the one it stands for', () => {
  const scopes: readonly Scope[] = [
    ...[...PROMISES, ...FAULTY, ...LARGE].map(({ matter }) => scopeOf(matter)),
    ...SUITES.map(({ scope }) => scope),
    {
      requests: [bracket([2], { bracket: 'A' }), bracket([1], { bracket: 'Z' })],
      overlap: { capQty: 30_000 },
      lots: [1, 2],
      travel: 'all',
      wordsMost: 4,
      rare: { cut: 2, crash: 1, lose: 2, repeat: 2, elapse: 3, reject: 1, flatten: 1 },
    },
  ];
  const WALKS = 20;
  const STEPS = 70;

  test('side by side', { timeout: 120_000 }, () => {
    let steps = 0;
    scopes.forEach((scope, n) => {
      for (let seed = 1; seed <= WALKS; seed++) steps += walkTwice(scope, n * 1_000 + seed, STEPS);
    });
    console.log(`${scopes.length} scopes, ${steps} events, both ways the same`);
    expect(steps).toBeGreaterThan(scopes.length * WALKS * 8);
  });
});

test('the tenth order of a leg comes after the ninth', () => {
  const scope: Scope = { ...scopeOf(PROMISES[2]?.matter ?? never()), rare: { moveTarget: 14 } };
  const textOf = newMindTexts();
  const parts = [compose(scope, false), compose(scope)] as const;
  let [one, other] = [firstWorld(parts[0]), firstWorld(parts[1])];
  const FIRST = ['open', 'acknowledge', 'fill entry.1 2', 'acceptCancel target1', 'wish target1'];
  let label: string | undefined = 'open B';
  for (let n = 0; n < 60 && label !== undefined; n++) {
    const now = label;
    const events = [offers(parts[0], one), offers(parts[1], other)].map((all) =>
      all.find(({ type }) => type === now),
    );
    const [event, twin] = events;
    if (event === undefined || twin === undefined) throw new Error(`"${now}" cannot happen`);
    one = happen(parts[0], one, event);
    other = happen(parts[1], other, twin);
    expectSame(one, other, textOf, `${n} ${now}`);
    const labels = offers(parts[0], one).map(({ type }) => type);
    label = FIRST.map((start) => labels.find((type) => type.startsWith(start))).find(
      (found) => found !== undefined,
    );
  }
  expect(Object.keys(one.broker.figures.filled)).toEqual(['B.entry.1']);
  const refs = ordersIn(one.broker.book).map(({ ticket }) => ticket.orderRef);
  expect(refs).toContain('B.target1.12');
  expect(one.wrong).toBeNull();
});

function never(): never {
  throw new Error('the matrix has no such row');
}

function walkTwice(scope: Scope, seed: number, most: number): number {
  const random = randomly(seed);
  const raw = compose(scope, false);
  const canonical = compose(scope);
  const textOf = newMindTexts();
  let one = firstWorld(raw);
  let other = firstWorld(canonical);
  const path: string[] = [];
  for (let n = 0; n < most; n++) {
    const possible = offers(raw, one);
    const same = offers(canonical, other);
    const labels = same.map(({ type }) => type);
    const where = `seed ${seed}: ${path.join(' > ')}`;
    expect(possible.map(({ type }) => type).sort(), where).toEqual([...labels].sort());
    const event = possible[Math.floor(random() * possible.length)];
    if (event === undefined) return n;
    expect(new Set(labels).size, `${where}: one label, one event`).toBe(labels.length);
    const twin = same.find(({ type }) => type === event.type);
    if (twin === undefined) return n;
    path.push(event.type);
    one = happen(raw, one, event);
    other = happen(canonical, other, twin);
    expectSame(one, other, textOf, `seed ${seed}: ${path.join(' > ')}`);
  }
  return most;
}

function expectSame(one: World, other: World, textOf: (mind: Mind) => string, where: string): void {
  const [raw, kept] = [one.client.mind, other.client.mind];
  expect(textOf(raw), where).toBe(textOf(kept));
  // The one that stands for others is as canonical as it can be, and equal texts are equal minds.
  expect(canonicalMind(kept), where).toEqual(kept);
  expect(canonicalMind(raw), where).toEqual(kept);
  expect(one.broker.book, where).toEqual(other.broker.book);
  expect(one.wrong?.id, where).toBe(other.wrong?.id);
  expect(one.linked).toBe(other.linked);
  expect(one.sent.items.length, where).toBe(other.sent.items.length);
  expect(one.said.items.length, where).toBe(other.said.items.length);
}
