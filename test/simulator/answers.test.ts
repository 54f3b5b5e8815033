/** What TWS answers when it is asked: open orders, executions, positions, completed orders. */
import { describe, expect, test } from 'vitest';
import { truth } from '../../src/simulator/book.ts';
import { orderAt } from '../../src/simulator/contents.ts';
import { acknowledge, bookOf, drive, fill, lines, place, stopTicket, ticket } from './driving.ts';

const one = bookOf([ticket(1)]);

describe('what is asked', () => {
  const traded = drive(
    one,
    place(stopTicket(2)),
    acknowledge(2),
    fill(1, 40, 1.31),
    fill(1, 60),
  ).book;

  test('open orders: those without an end', () => {
    expect(lines(drive(traded, { request: 'reqOpenOrders' }).words)).toEqual([
      '2 open 100',
      '2 PreSubmitted 0/100 trigger',
      'openOrderEnd',
    ]);
  });

  test('executions, corrections and busts', () => {
    const first = '0000e0d5.00010001.01.01';
    const corrected = drive(traded, { type: 'correct', execId: first, shares: 39, price: 1.32 });
    expect(corrected.words).toMatchObject([
      { execId: '0000e0d5.00010001.01.02', reqId: -1, shares: 39, price: 1.32 },
    ]);
    const { words } = drive(corrected.book, { request: 'reqExecutions', reqId: 9 });
    expect(words).toMatchObject([
      { reqId: 9, execId: '0000e0d5.00010001.01.02', cumQty: 39 },
      { reqId: 9, execId: '0000e0d5.00010002.01.01', cumQty: 99 },
      { word: 'execDetailsEnd', reqId: 9 },
    ]);
    const busted = drive(corrected.book, { type: 'bust', execId: first });
    expect(busted.words).toEqual([]);
    expect(truth(busted.book).filledByRef).toEqual({ ref1: 60 });
    expect(
      lines(drive(busted.book, { request: 'reqExecutions', reqId: 9 }).words).slice(0, -1),
    ).toEqual(['1 SLD 60']);
  });

  test('executions reach back to midnight only', () => {
    const { words } = drive(traded, { type: 'newDay' }, { request: 'reqExecutions', reqId: 9 });
    expect(lines(words)).toEqual(['execDetailsEnd']);
  });

  test('midnight ends DAY orders, keeps the others and forgets what had ended', () => {
    const { book, words } = drive(traded, place(ticket(3, { tif: 'DAY' })), acknowledge(3), {
      type: 'newDay',
    });
    expect(lines(words)).toEqual(['3 Cancelled 0/100', '3 202']);
    expect(orderAt(book, 2)?.stage).toBe('accepted');
    expect(lines(drive(book, { request: 'reqCompletedOrders' }).words)).toEqual([
      'completedOrdersEnd',
    ]);
  });

  test("positions: the account's, foreign trades and the start included", () => {
    const start = { account: 'DU123', symbol: 'RIME', position: 300, avgCost: 1.2 };
    const foreign = drive(
      bookOf([ticket(1)], { startingPositions: [start] }),
      fill(1, 100),
      {
        type: 'foreignTrade',
        account: 'DU123',
        symbol: 'RIME',
        action: 'BUY',
        shares: 50,
        price: 1.45,
      },
      { request: 'reqExecutions', reqId: 3 },
    );
    expect(lines(foreign.words)).toEqual(['1 SLD 100', 'execDetailsEnd']);
    const { words } = drive(foreign.book, { request: 'reqPositions' });
    expect(words).toEqual([
      { word: 'position', account: 'DU123', symbol: 'RIME', position: 250, avgCost: 1.25 },
      { word: 'positionEnd' },
    ]);
  });

  test('completed orders: ended today, without an order id', () => {
    const { words } = drive(traded, { request: 'reqCompletedOrders' });
    expect(words[0]).toMatchObject({ orderRef: 'ref1', status: 'Filled', filledQuantity: 100 });
    expect(words[0]).not.toHaveProperty('orderId');
    expect(words).toHaveLength(2);
  });

  test('the average price does not drift', () => {
    const { words } = drive(
      bookOf([ticket(1, { totalQuantity: 3 })]),
      fill(1, 1, 0.1),
      fill(1, 1, 0.2),
      fill(1, 1, 0.3),
    );
    expect(words[1]).toMatchObject({ status: 'Filled', avgFillPrice: 0.2 });
    const uneven = drive(one, fill(1, 1, 0.1), fill(1, 2, 0.2));
    expect(uneven.words[1]).toMatchObject({ avgFillPrice: 0.16666667 });
  });
});
