import { expect, test } from 'vitest';
import { trespass } from './doors.ts';

/** Three brackets, two runs of a strategy, halts and cuts: the first of what they can come to. */
const SITUATIONS = 1_500;

test('who may open a bracket, and when, is what the rules say', () => {
  expect(trespass(SITUATIONS)).toBeNull();
});
