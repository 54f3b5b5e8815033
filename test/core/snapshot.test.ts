/** What a look shows of orders that are none of ours: told, and each in its own way (L8). */
import { expect, test } from 'vitest';
import type { Executed, Fact } from '../../src/core/fact.ts';
import { emptyState } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import { bracket } from '../paths/suites.ts';

const { state } = step(emptyState(), {
  type: 'bracket.requested',
  at: 0,
  request: bracket([2], { bracket: 'A' }),
});

const execution = (orderRef: string): Executed => ({
  type: 'order.executed',
  orderRef,
  execId: `${orderRef}/1.01`,
  qty: 10_000,
  px: 131_000_000,
});

/** Of these orders it shows an execution, and one is among the completed, too. */
const look = (...refs: readonly string[]): Fact => ({
  type: 'snapshot.taken',
  at: 0,
  askedAt: 1,
  openOrders: [],
  executions: refs.map(execution),
  completed: refs.map((orderRef) => ({
    type: 'order.reported',
    orderRef,
    permId: 3,
    status: 'filled',
    filled: 10_000,
  })),
  positions: null,
  coversLife: true,
});

const told = (...refs: readonly string[]): unknown => {
  const { alarms, ignored } = step(state, look(...refs));
  return { alarms: alarms.map(({ law, bracket, text }) => [law, bracket, text]), ignored };
};

test('an order under the name of a bracket is an alarm, once, whatever is shown of it', () => {
  expect(told('A.stop1.9')).toEqual({
    alarms: [['L4', 'A', 'the broker shows A.stop1.9, an order that we never sent']],
    ignored: [],
  });
});

test('an order of a bracket that we do not know, too', () => {
  expect(told('LOST.entry.1')).toEqual({
    alarms: [['L4', 'LOST', 'the broker shows LOST.entry.1, an order that we never sent']],
    ignored: [],
  });
});

test('what other people trade is theirs: every answer shows it again', () => {
  expect(told('', 'by hand')).toEqual({
    alarms: [],
    ignored: ['"" is an order of somebody else', '"by hand" is an order of somebody else'],
  });
});
