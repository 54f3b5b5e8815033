import { expect, test } from 'vitest';
import { LONG } from './expecting.ts';
import { walked } from './wandering.ts';

const WALKS = 400;
const STEPS = 80;

test('nothing is wrong on long random ways through all faults', LONG, () => {
  for (let seed = 1; seed <= WALKS; seed++) expect(walked({ seed, steps: STEPS })).toBeNull();
});
