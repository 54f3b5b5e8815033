import { describe, test } from 'vitest';
import { expectRight, LONG } from './expecting.ts';
import { FAULTS, TELLING, TRAVELLING } from './suites.ts';

describe('paths of the engine and a venue: requests and words take time', LONG, () => {
  for (const suite of TRAVELLING) test(suite.name, () => void expectRight(suite));
});

describe('paths of the engine and a venue: told otherwise', LONG, () => {
  for (const suite of TELLING) test(suite.name, () => void expectRight(suite));
});

describe('paths of the engine and a venue: faults', LONG, () => {
  for (const suite of FAULTS) test(suite.name, () => void expectRight(suite));
});
