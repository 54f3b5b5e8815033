import { describe, test } from 'vitest';
import { expectRight, LONG } from './expecting.ts';
import { BREACHES, ODD_WORDS, SHAPES } from './suites.ts';

describe('paths of other requests: short, stop-limit, outside hours, halted', LONG, () => {
  for (const suite of SHAPES) test(suite.name, () => void expectRight(suite));
});

describe('paths with words that are odd, and not wrong', LONG, () => {
  for (const suite of ODD_WORDS) test(suite.name, () => void expectRight(suite));
});

describe('paths on which the broker breaks its word: it is told, and stopped', LONG, () => {
  for (const suite of BREACHES) test(suite.name, () => void expectRight(suite));
});
