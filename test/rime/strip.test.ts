import { expect, test } from 'vitest';
import { CELLS, type Step, strip } from '../../src/rime/strip.ts';
import { painter } from '../../src/terminal/layout.ts';

const plain = painter(false);
const CELL = 100;
const drawn = (...steps: readonly Step[]): string =>
  strip(steps, 100, CELLS * CELL, plain).replace(/·+$/, '');

test('what is shorter than a cell has a thin mark and no width', () => {
  expect(drawn({ at: 290, value: 100 }, { at: 310, value: 0 })).toBe('··▏');
});

test('what is longer has the cells of which it holds the middle', () => {
  expect(drawn({ at: 140, value: 100 }, { at: 460, value: 0 })).toBe('·████');
  expect(drawn({ at: 160, value: 100 }, { at: 440, value: 0 })).toBe('··██');
});

test('a short peak within a long stretch is seen, and what is so outweighs what may be', () => {
  const steps = [
    { at: 100, value: 30 },
    { at: 240, value: 100 },
    { at: 250, value: 70 },
    { at: 400, value: 0 },
  ];
  expect(drawn(...steps)).toBe('·▃█▆');
  const shaded = { at: 100, value: 100, shaded: true };
  expect(drawn(shaded, { at: 250, value: 100 }, { at: 400, value: 0 })).toBe('·░██');
});
