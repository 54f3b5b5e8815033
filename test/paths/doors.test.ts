import { expect, test } from 'vitest';
import { trespass } from './doors.ts';
import { LONG } from './expecting.ts';

/** Three brackets, two runs of a strategy, halts and cuts: the first of what they can come to. */
const SITUATIONS = 600;

test('who may open a bracket, and when, is what the rules say', LONG, () => {
  expect(trespass(SITUATIONS)).toBeNull();
});
