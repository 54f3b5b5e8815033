/** Words about one order that are rare: odd names of executions, and what comes late or unasked. */
import { describe, expect, test } from 'vitest';
import type { Echo, Executed, Reported } from '../../src/core/fact.ts';
import {
  bookExecution,
  bookRefusal,
  cumQty,
  executionKey,
  newOrder,
  type Order,
} from '../../src/core/ledger.ts';
import type { Ticket } from '../../src/core/ready.ts';
import { bookReport } from '../../src/core/report.ts';
import { EXIT, px } from './engine.ts';

const ticket: Ticket = {
  orderRef: 'A.stop1.1',
  bracket: 'A',
  leg: 'stop1',
  account: 'DU1',
  symbol: 'RIME',
  conId: 0,
  action: 'SELL',
  orderType: 'STP',
  qty: 30_000,
  stopPx: px('1.25'),
  ...EXIT,
  group: 'A.1.1',
  ocaType: 2,
};

const accepted: Order = { ...newOrder(ticket, 1, true, 1), acknowledged: true };

const executed = (execId: string, qty: number): Executed => ({
  type: 'order.executed',
  orderRef: ticket.orderRef,
  execId,
  qty,
  px: px('1.25'),
});

/** The executed shares after these executions, one after the other. */
const counted = (...executions: readonly (readonly [string, number])[]): number =>
  executions.reduce(
    (order, [execId, qty]) => bookExecution(order, executed(execId, qty)).order,
    accepted,
  ).executedQty;

describe('the name of an execution', () => {
  test('is what stands before the last dot, and be it nothing', () => {
    expect(['7', '7.01', '7.5.01', '.01'].map(executionKey)).toEqual(['7', '7', '7.5', '']);
  });

  test('without a dot is the first of its revisions', () => {
    expect(counted(['7', 10_000], ['7.01', 20_000])).toBe(20_000);
    expect(counted(['.01', 10_000], ['.02', 20_000])).toBe(20_000);
    expect(counted(['.02', 10_000], ['.01', 20_000])).toBe(10_000);
  });
});

test('an execution that comes after its correction takes what a status had claimed for itself', () => {
  const corrected = bookExecution(accepted, executed('7.02', 10_000)).order;
  const claimed: Order = { ...corrected, claimedQty: 20_000 };
  expect(cumQty(claimed)).toBe(20_000);
  const late = bookExecution(claimed, executed('7.01', 20_000));
  expect(late.heard).toEqual(['corrected']);
  expect(cumQty(late.order)).toBe(10_000);
});

test('a refusal of an accepted order that nobody wants changed ends nothing, and says so', () => {
  const refused = bookRefusal(accepted);
  expect(refused.order).toEqual(accepted);
  expect(refused.note).toBe('an accepted order is not ended by a refusal; look at the broker');
});

test('an order that is shown without its trigger is shown as it was asked', () => {
  const echo: Echo = { qty: 30_000, orderType: 'STP', ...EXIT, group: 'A.1.1', ocaType: 2 };
  const shown: Reported = {
    type: 'order.reported',
    orderRef: ticket.orderRef,
    permId: 1,
    status: 'preSubmitted',
    echo,
  };
  const moving: Order = { ...accepted, replaceAsked: { ...ticket, stopPx: px('1.28') } };
  expect(bookReport(accepted, shown).order.differs).toBe('');
  expect(bookReport(moving, shown).order.differs).toBe('');
  const elsewhere = { ...shown, echo: { ...echo, stopPx: px('1.20') } };
  expect(bookReport(moving, elsewhere).order.differs).toBe('trigger 1.20');
});
