/** The set of states by itself: where the explorer cannot force what is to be shown. */
import { expect, test } from 'vitest';
import { createVisited, FULL, hashOf, NO_PARENT } from '../../src/verify/exploring/visited.ts';

const unlimited = (): number => Number.POSITIVE_INFINITY;

test('states of one hash are kept apart, and found again', () => {
  const visited = createVisited(600, unlimited);
  const numbers = (): readonly number[] =>
    Array.from({ length: 600 }, (_, i) => visited.add(Int32Array.of(i, i % 7), 0, 2, 5, i - 1));
  const counted = Array.from({ length: 600 }, (_, i) => i);
  expect(numbers()).toEqual(counted);
  expect(numbers()).toEqual(counted);
  expect(visited.parentOf(0)).toBe(NO_PARENT);
  expect(visited.parentOf(599)).toBe(598);
  expect(visited.add(Int32Array.of(600, 0), 0, 2, 5, 0)).toBe(FULL);
  expect(visited.add(Int32Array.of(3, 3), 0, 2, 5, 0)).toBe(3);
});

test('hashes of neighbours spread over the slots of a table', () => {
  const slots = new Set<number>();
  const marks = new Set<number>();
  for (let i = 0; i < 4_096; i++) {
    const hash = hashOf(Int32Array.of(i >> 6, 0, i & 63), 0, 3);
    slots.add(hash & 4_095);
    marks.add(hash >>> 20);
  }
  // By chance 1 - 1/e of them are taken, 2589.
  expect(slots.size).toBeGreaterThan(2_450);
  expect(marks.size).toBeGreaterThan(2_450);
});

test('an encoding is read as it was written', () => {
  const visited = createVisited(100, unlimited);
  const encodings = [[], [1], [1, 0], [-1, 2, -3], [1, 0, 0]].map((words) =>
    Int32Array.from(words),
  );
  encodings.forEach((words, i) => {
    expect(visited.add(words, 0, words.length, hashOf(words, 0, words.length), -1)).toBe(i);
  });
  const words = new Int32Array(8);
  const read = encodings.map((_, i) => words.slice(0, visited.read(i, words)));
  expect(read).toEqual(encodings);
});
