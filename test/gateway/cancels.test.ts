/** Cancels and what becomes of them: confirmed, too late, refused. */
import { describe, expect, test } from 'vitest';
import { limit, market, openDesk, placed } from './desk.ts';

describe('a cancel', () => {
  test('is pending, and then confirmed with 202', () => {
    const { desk, client } = placed(1, limit('BUY', 100, 1.29));
    client.cancel(1);
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 1 PendingCancel 0/100',
      'orderStatus 1 Cancelled 0/100',
      'error 1 202 Order Canceled - reason:',
    ]);
  });

  test('of an order that traded in part keeps what it has', () => {
    const desk = openDesk();
    const client = desk.client(1);
    client.place(1, limit('BUY', 100, 1.29));
    desk.pass();
    desk.does({ do: 'fill', orderId: 1, shares: 40 });
    desk.pass();
    client.told();
    client.cancel(1);
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 1 PendingCancel 40/60',
      'orderStatus 1 Cancelled 40/60',
      'error 1 202 Order Canceled - reason:',
    ]);
  });

  test('that loses to a fill: the execution, Filled, and 10148 with the state', () => {
    const { desk, client } = placed(1, limit('BUY', 100, 1.29));
    desk.does({ do: 'delayCancels', ms: 200 });
    client.cancel(1);
    desk.pass(50);
    expect(client.told()).toEqual(['orderStatus 1 PendingCancel 0/100']);
    desk.does({ do: 'price', symbol: 'RIME', price: 1.28 });
    desk.pass();
    expect(client.told()).toEqual([
      'execDetails 1 BOT 100 @ 1.29 cum 100',
      'commissionReport 1',
      'orderStatus 1 Filled 100/0',
      'error 1 10148 OrderId 1 that needs to be cancelled cannot be cancelled, state: Filled.',
    ]);
  });

  test('of an order that is over: 10148 with the state, or 161 or 10147 where that is assumed', () => {
    const answers = ([10148, 161, 10147] as const).map((endedCancel) => {
      const desk = openDesk({ book: { endedCancel } });
      const client = desk.client(1);
      client.place(7, market('BUY', 100));
      desk.pass();
      client.told();
      client.cancel(7);
      desk.pass();
      return client.told();
    });
    expect(answers).toEqual([
      ['error 7 10148 OrderId 7 that needs to be cancelled cannot be cancelled, state: Filled.'],
      [
        'error 7 161 Cancel attempted when order is not in a cancellable state. Order permId =1938000001',
      ],
      ['error 7 10147 OrderId 7 that needs to be cancelled is not found.'],
    ]);
  });

  test('of an id that never was: 10147, or 135 where that is assumed', () => {
    const answers = ([10147, 135] as const).map((unknownCancel) => {
      const desk = openDesk({ book: { unknownCancel } });
      const client = desk.client(1);
      client.cancel(99);
      return client.told();
    });
    expect(answers).toEqual([
      ['error 99 10147 OrderId 99 that needs to be cancelled is not found.'],
      ["error 99 135 Can't find order with id =99"],
    ]);
  });

  test('twice: the second is told that the first is pending', () => {
    const { desk, client } = placed(3, limit('BUY', 100, 1.29));
    client.cancel(3);
    client.cancel(3);
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 3 PendingCancel 0/100',
      'error 3 10148 OrderId 3 that needs to be cancelled cannot be cancelled, state: PendingCancel.',
      'orderStatus 3 Cancelled 0/100',
      'error 3 202 Order Canceled - reason:',
    ]);
  });

  test('that IB refuses leaves the order as it was: 161', () => {
    const { desk, client } = placed(1, limit('BUY', 100, 1.29));
    client.cancel(1);
    desk.pass(15);
    desk.does({ do: 'refuseCancel', orderId: 1, code: 161 });
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 1 PendingCancel 0/100',
      'error 1 161 Cancel attempted when order is not in a cancellable state. Order permId =1938000001',
      'orderStatus 1 Submitted 0/100',
    ]);
  });

  test('before IB has acknowledged the order ends it as ApiCancelled', () => {
    const desk = openDesk({ venue: { acknowledgeMs: 1000 } });
    const client = desk.client(1);
    client.place(1, limit('BUY', 100, 1.29));
    client.cancel(1);
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 1 PendingSubmit 0/100',
      'orderStatus 1 PendingCancel 0/100',
      'orderStatus 1 ApiCancelled 0/100',
      'error 1 202 Order Canceled - reason:',
    ]);
  });

  test('of all reaches every order, one that is still on its way to IB too', () => {
    const { desk, client } = placed(1, limit('BUY', 100, 1.29));
    client.place(2, limit('BUY', 100, 1.28));
    client.ask((encoder) => encoder.reqGlobalCancel({}));
    desk.pass();
    const ends = client.told().filter((line) => line.startsWith('error'));
    expect(ends).toEqual([
      'error 1 202 Order Canceled - reason:',
      'error 2 202 Order Canceled - reason:',
    ]);
  });
});
