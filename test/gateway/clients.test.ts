/** Several clients at one gateway: their ids, and whose orders each sees. */
import { IBApi } from '@stoqey/ib';
import { describe, expect, test } from 'vitest';
import { clientOf, openConnected } from './connected.ts';
import { limit, market, openDesk } from './desk.ts';

type Encoded = Parameters<ReturnType<ReturnType<typeof openDesk>['client']>['ask']>[0];

const openOrders: Encoded = (encoder) => encoder.reqOpenOrders();
const allOpenOrders: Encoded = (encoder) => encoder.reqAllOpenOrders();
const executions: Encoded = (encoder) => encoder.reqExecutions(1, {});

describe('two clients', () => {
  const two = () => {
    const desk = openDesk();
    const [one, two] = [desk.client(1), desk.client(2)];
    one.place(1, limit('BUY', 10, 1.2));
    two.place(1, limit('BUY', 20, 1.2));
    desk.pass();
    return { desk, one, two };
  };

  test('number their orders themselves, and each hears of its own', () => {
    const { one, two: other } = two();
    const told = (shares: number) => [
      `orderStatus 1 PendingSubmit 0/${shares}`,
      `openOrder 1 BUY ${shares} RIME LMT 1.2 Submitted`,
      `orderStatus 1 Submitted 0/${shares}`,
    ];
    expect(one.told()).toEqual(told(10));
    expect(other.told()).toEqual(told(20));
  });

  test('see their own with reqOpenOrders, and both with reqAllOpenOrders', () => {
    const { one } = two();
    one.told();
    one.ask(openOrders);
    expect(one.told()).toEqual([
      'openOrder 1 BUY 10 RIME LMT 1.2 Submitted',
      'orderStatus 1 Submitted 0/10',
      'openOrderEnd',
    ]);
    one.ask(allOpenOrders);
    expect(one.told().filter((line) => line.startsWith('openOrder '))).toEqual([
      'openOrder 1 BUY 10 RIME LMT 1.2 Submitted',
      'openOrder 1 BUY 20 RIME LMT 1.2 Submitted',
    ]);
    const shown = one.events().filter(({ event }) => event === 'openOrder');
    const ids = shown.slice(-2).map(({ args }) => Reflect.get(Object(args[2]), 'clientId'));
    expect(ids).toEqual([1, 2]);
  });

  test('cannot cancel what the other has placed: 10147', () => {
    const { desk, one, two: other } = two();
    other.place(2, limit('BUY', 5, 1.2));
    desk.pass();
    one.told();
    other.told();
    one.cancel(2);
    desk.pass();
    expect(one.told()).toEqual([
      'error 2 10147 OrderId 2 that needs to be cancelled is not found.',
    ]);
    expect(other.told()).toEqual([]);
  });

  test('cannot have a parent of the other: 10006', () => {
    const { desk, one, two: other } = two();
    other.place(2, limit('BUY', 5, 1.2));
    desk.pass();
    one.told();
    one.place(3, limit('SELL', 5, 1.4, { parentId: 2 }));
    desk.pass();
    expect(one.told()).toEqual(['error 3 10006 Missing parent order']);
  });

  test('hear of their own executions, live and when they ask', () => {
    const { desk, one, two: other } = two();
    one.told();
    other.told();
    desk.does({ do: 'fill', orderId: 1, clientId: 2 });
    desk.pass();
    expect(one.told()).toEqual([]);
    expect(other.told()[0]).toBe('execDetails 1 BOT 20 @ 1.2 cum 20');
    one.ask(executions);
    other.ask(executions);
    expect(one.told()).toEqual(['execDetailsEnd 1']);
    expect(other.told()[0]).toBe('execDetails 1 BOT 20 @ 1.2 cum 20');
  });

  test('are both ended by the global cancel of one, and both hear of positions', () => {
    const { desk, one, two: other } = two();
    one.told();
    other.told();
    one.ask((encoder) => encoder.reqGlobalCancel({}));
    desk.pass();
    expect(one.told().at(-1)).toBe('error 1 202 Order Canceled - reason:');
    expect(other.told().at(-1)).toBe('error 1 202 Order Canceled - reason:');
    one.ask((encoder) => encoder.reqPositions());
    other.place(9, market('BUY', 5));
    desk.pass();
    expect(one.told()).toEqual(['positionEnd', 'position DU1 RIME 5 @ 1.3']);
  });

  test('can name one group, and then one cancels the other', () => {
    const desk = openDesk();
    const [one, other] = [desk.client(1), desk.client(2)];
    for (const client of [one, other])
      client.place(1, limit('SELL', 10, 1.4, { ocaGroup: 'shared', ocaType: 3 }));
    desk.pass();
    other.told();
    desk.does({ do: 'fill', orderId: 1, clientId: 1 });
    desk.pass();
    expect(other.told()[0]).toBe('orderStatus 1 Cancelled 0/10');
  });
});

test('a master client hears of all orders and executions', () => {
  const desk = openDesk({ masterClient: 9 });
  const [one, master] = [desk.client(1), desk.client(9)];
  one.place(4, market('BUY', 10));
  desk.pass();
  expect(master.told()).toEqual(one.told());
  master.ask(executions);
  expect(master.told()[0]).toBe('execDetails 4 BOT 10 @ 1.3 cum 10');
});

test('a client that comes again goes on: ids, orders, and what it can cancel', () => {
  const desk = openDesk();
  const first = desk.client(3);
  first.place(41, limit('BUY', 10, 1.2));
  desk.pass();
  first.leave();
  const second = desk.client(3);
  expect(second.events()[1]?.args).toEqual([42]);
  second.ask(openOrders);
  expect(second.told()).toContain('orderStatus 41 Submitted 0/10');
  second.cancel(41);
  desk.pass();
  expect(second.told().at(-1)).toBe('error 41 202 Order Canceled - reason:');
});

test('what happens while a client is away is heard by nobody, and known when it asks', () => {
  const desk = openDesk();
  const first = desk.client(3);
  first.place(1, limit('BUY', 10, 1.2));
  desk.pass();
  first.leave();
  desk.does({ do: 'fill', orderId: 1 });
  desk.pass();
  const second = desk.client(3);
  desk.pass();
  expect(second.told()).toEqual([]);
  second.ask(executions);
  expect(second.told()[0]).toBe('execDetails 1 BOT 10 @ 1.2 cum 10');
});

describe('orders that a person places in TWS', () => {
  const manual = {
    do: 'manualOrder',
    symbol: 'RIME',
    action: 'BUY',
    quantity: 10,
    orderType: 'LMT',
    limitPrice: 1.2,
  } as const;

  test('are bound to client 0 when it asks, and it can cancel them', () => {
    const desk = openDesk();
    const zero = desk.client(0);
    desk.does(manual);
    desk.pass();
    expect(zero.told()).toEqual([]);
    zero.ask(openOrders);
    expect(zero.told()).toEqual([
      'orderBound 1938000001 0 -2',
      'openOrder -2 BUY 10 RIME LMT 1.2 Submitted',
      'orderStatus -2 Submitted 0/10',
      'openOrderEnd',
    ]);
    zero.cancel(-2);
    desk.pass();
    expect(zero.told().at(-1)).toBe('error -2 202 Order Canceled - reason:');
  });

  test('are bound at once, after reqAutoOpenOrders', () => {
    const desk = openDesk();
    const zero = desk.client(0);
    zero.ask((encoder) => encoder.reqAutoOpenOrders(true));
    desk.does(manual);
    desk.pass();
    expect(zero.told()).toEqual([
      'orderBound 1938000001 0 -2',
      'orderStatus -2 PendingSubmit 0/10',
      'openOrder -2 BUY 10 RIME LMT 1.2 Submitted',
      'orderStatus -2 Submitted 0/10',
    ]);
  });

  test('are seen by others in reqAllOpenOrders, without a number', () => {
    const desk = openDesk();
    const one = desk.client(1);
    desk.does(manual);
    desk.pass();
    one.ask(allOpenOrders);
    expect(one.told()[0]).toBe('openOrder 0 BUY 10 RIME LMT 1.2 Submitted');
  });

  test('are completed orders, but not ones of the API', () => {
    const desk = openDesk();
    const one = desk.client(1);
    desk.does({ ...manual, limitPrice: 1.4 });
    desk.pass();
    one.ask((encoder) => encoder.reqCompletedOrders(true));
    one.ask((encoder) => encoder.reqCompletedOrders(false));
    expect(one.told()).toEqual([
      'completedOrdersEnd',
      'completedOrder BUY 10 RIME LMT Filled (Filled Size: 10)',
      'completedOrdersEnd',
    ]);
  });

  test('that were refused are not bound', () => {
    const desk = openDesk();
    const zero = desk.client(0);
    const { limitPrice: _, ...priceless } = manual;
    desk.does(priceless);
    desk.pass();
    zero.ask(openOrders);
    expect(zero.told()).toEqual(['openOrderEnd']);
  });
});

test('a client id that is in use: 326, and the second connection ends; the first goes on', async () => {
  const gateway = await openConnected();
  try {
    const first = await gateway.client(5);
    const api = new IBApi({ host: '127.0.0.1', port: gateway.port, clientId: 5 });
    const told = await clientOf(api).until('disconnected', () => api.connect());
    expect(told).toEqual([
      'connected',
      'info 326 Unable to connect as the client id is already in use. Retry with a unique client id.',
      'disconnected',
    ]);
    expect(await first.until('currentTime', (one) => one.reqCurrentTime())).toHaveLength(1);
    expect((await gateway.client(6)).nextId).toBe(1);
    // Once the first is gone its id is free; the gateway may hear of that a little later.
    const gone = first.until('disconnected');
    first.api.disconnect();
    await gone;
    let again: readonly string[] = [];
    while (!again.some((line) => line.startsWith('nextValidId'))) {
      const next = new IBApi({ host: '127.0.0.1', port: gateway.port, clientId: 5 });
      again = await clientOf(next).until('info', () => next.connect());
      next.disconnect();
    }
    expect(again).toContain('nextValidId 1');
  } finally {
    await gateway.close();
  }
});
