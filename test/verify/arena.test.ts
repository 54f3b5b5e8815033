/** What the encodings cost: nothing beyond what they use, once a piece is full. */
import { expect, test } from 'vitest';
import { createArena } from '../../src/verify/exploring/arena.ts';

/** States of one piece. */
const PIECE = 131_072;

test('a full piece of one length costs its words, and one of several its starts, too', () => {
  const arena = createArena();
  const words = new Int32Array(8);
  let expected = 0;
  const push = (length: number): void => {
    const before = arena.bytes();
    const growth = arena.growth(length);
    arena.push(words, 0, length);
    // Beginning a new piece also lets go of what the last one did not use.
    if (growth !== arena.bytes() - before) expect(arena.bytes() - before).toBeLessThan(growth);
  };
  for (let i = 0; i < PIECE; i++) push(5);
  expected += 4 * 5 * PIECE;
  expect(arena.bytes()).toBe(expected);
  let used = 0;
  for (let i = 0; i < PIECE; i++) {
    const length = i % 3 === 0 ? 4 : 5;
    push(length);
    used += length;
  }
  push(5);
  expected += 4 * (used + PIECE + 1);
  expect(arena.bytes()).toBe(expected + 4 * 5 * 512);
});
