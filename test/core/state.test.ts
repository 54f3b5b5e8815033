/** Whose an order is, by its name: what is not written as we write it is nobody's. */
import { expect, test } from 'vitest';
import {
  bookKey,
  bracketOf,
  deadlineOf,
  emptyState,
  findBracket,
  orderRefOf,
} from '../../src/core/state.ts';
import { Engine, longOf } from './engine.ts';

test.each([
  ['RIME-693.entry.1', 'RIME-693'],
  ['RIME-693.stop1.12', 'RIME-693'],
  ['B.target8.1', 'B'],
  ['B.closing.3', 'B'],
  ['a.b.entry.1', 'a.b'],
  ['B.entry.0', 'B'],
  ['B.entry.9', 'B'],
  ['B.stop0.1', 'B'],
  ['B.stop9.1', 'B'],
])('%s is of %s', (ref, bracket) => {
  expect(bracketOf(ref)).toBe(bracket);
});

test.each([
  '',
  '.',
  '..1',
  'B',
  'B.entry',
  'entry.1',
  '.entry.1',
  'B.entry.',
  'B.entry.x',
  'B.entry.1x',
  'B.entry.1/',
  'B.entry.:1',
  'B.stop.1',
  'B.stopx.1',
  'B.stop10.1',
  'B.stop-.1',
  'B.stop/.1',
  'B.stop:.1',
  'B.target.1',
  'B.targetx.1',
  'B.target10.1',
  'B.sto12.1',
  'B.entries.1',
  'B.closed.1',
  'B\nC.entry.1',
  'B\rC.entry.1',
  '\u2028.entry.1',
  'B\u2029.entry.1',
])('%j is nobody’s', (ref) => {
  expect(bracketOf(ref)).toBe('');
});

test('a name is put together as it is read', () => {
  for (const leg of ['entry', 'stop1', 'target8', 'closing'] as const) {
    expect(bracketOf(orderRefOf('B', leg, 2))).toBe('B');
    expect(orderRefOf('B', leg, 2)).toBe(`B.${leg}.2`);
  }
});

test('a book is of a contract, or of a symbol where the contract is not known', () => {
  expect(bookKey('DU1', 'RIME', 0)).toBe('DU1/RIME');
  expect(bookKey('DU1', 'RIME', 7)).toBe('DU1/7');
  expect(findBracket(emptyState(), 'B')).toBeUndefined();
});

test('a name is read whole: it is not the one before, and be it its end', () => {
  for (const id of ['1', 'B', '1', 'AB', 'B', 'AB', '']) {
    expect(bracketOf(`${id}.entry.1`)).toBe(id);
  }
});

test('a wait that does not run has no deadline', () => {
  const engine = new Engine();
  engine.hear({ type: 'bracket.requested', request: longOf('A') });
  const bracket = engine.bracket('A');
  expect(deadlineOf(bracket, 'entry.acknowledgement')).toBe('A/entry.acknowledgement/1');
  expect(deadlineOf(bracket, 'entry.trading')).toBeUndefined();
  const late = engine.hear({ type: 'deadline.elapsed', deadline: 'A/entry.trading/1' });
  expect(late.ignored).toEqual(['A/entry.trading/1: that wait had ended before']);
});
