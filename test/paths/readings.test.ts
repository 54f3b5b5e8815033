import { describe, expect, test } from 'vitest';
import { expectRight, LONG } from './expecting.ts';
import { story } from './model.ts';
import { ADMITTED, LIES, READINGS, SEQUENCED } from './suites.ts';

describe('paths under what the broker may mean by "reduce"', LONG, () => {
  for (const suite of READINGS) {
    test(suite.name, () => {
      const report = expectRight(suite);
      expect(report.stopThenTarget).toBeGreaterThan(0);
      expect(report.targetThenStop).toBeGreaterThan(0);
    });
  }
});

describe('paths with a group that is shown to be another', LONG, () => {
  for (const suite of ADMITTED) test(suite.name, () => void expectRight(suite));
});

describe('paths of plan sequenced', LONG, () => {
  for (const suite of SEQUENCED) test(suite.name, () => void expectRight(suite));
});

describe('a broker that lies about its groups is found out by generation', LONG, () => {
  for (const suite of LIES) {
    test(suite.name, () => {
      const { wrong } = expectRight(suite);
      expect([...wrong.keys()]).toEqual(suite.finds);
      for (const [kind, path] of wrong) {
        console.log(`${suite.name}: ${kind} after ${path.length} events: ${path.join(' > ')}`);
        expect(story(suite, path)).toContain('WRONG');
      }
    });
  }
});
