/** What a pattern in the list of survivors swallows, and what it does not. */
import { expect, test } from 'vitest';
import { explained, type Survivor, unexplained } from './survivors.ts';

const survivor: Survivor = { file: 'a.ts', line: 'if (x) y();', from: 'x', to: 'true' };
const because = 'It may.';

test('a survivor is explained by its own words, or by a pattern that names what was replaced', () => {
  const swallows = (changes: Partial<Survivor>): boolean =>
    unexplained([survivor], [{ ...survivor, ...changes, because }]).length === 0;
  expect(swallows({})).toBe(true);
  expect(swallows({ line: '*', to: '*' })).toBe(true);
  expect(swallows({ from: '/x|y/' })).toBe(true);
  expect(swallows({ from: '/y/' })).toBe(false);
  expect(swallows({ from: '*' })).toBe(false);
  expect(swallows({ to: 'false' })).toBe(false);
});

test('every explanation is a sentence', () => {
  for (const { because: why } of explained()) expect(why).toMatch(/^[A-Z].*\.$/s);
});
