/** A parent with attached children, as IB has them. */
import { describe, expect, test } from 'vitest';
import { limit, market, openDesk, stop } from './desk.ts';

describe('a parent and its children', () => {
  const bracket = (desk: ReturnType<typeof openDesk>) => {
    const client = desk.client(1);
    client.place(1, limit('BUY', 100, 1.29, { transmit: false }));
    client.place(2, limit('SELL', 100, 1.35, { parentId: 1, transmit: false }));
    client.place(3, stop('SELL', 100, 1.25, { parentId: 1 }));
    return client;
  };
  const group = 'group 1938000001 type 3';

  test('stay in TWS until the last of the set is transmitted; the children wait for the parent', () => {
    const desk = openDesk();
    const client = bracket(desk);
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 1 ApiPending 0/100',
      'orderStatus 2 ApiPending 0/100',
      'orderStatus 3 PendingSubmit 0/100',
      'orderStatus 1 PendingSubmit 0/100',
      'orderStatus 2 PendingSubmit 0/100',
      'openOrder 1 BUY 100 RIME LMT 1.29 Submitted',
      'orderStatus 1 Submitted 0/100',
      `openOrder 2 SELL 100 RIME LMT 1.35 PreSubmitted ${group}`,
      'orderStatus 2 PreSubmitted 0/100 child',
      `openOrder 3 SELL 100 RIME STP 1.25 PreSubmitted ${group}`,
      'orderStatus 3 PreSubmitted 0/100 child,trigger',
    ]);
    const [parentId] = client.events().at(-1)?.args.slice(6, 7) ?? [];
    expect(parentId).toBe(1);
  });

  test('are woken by the complete fill, and one ends the other', () => {
    const desk = openDesk();
    const client = bracket(desk);
    desk.pass();
    client.told();
    desk.does({ do: 'fill', orderId: 1 });
    desk.pass();
    expect(client.told()).toEqual([
      'execDetails 1 BOT 100 @ 1.29 cum 100',
      'commissionReport 1',
      'orderStatus 1 Filled 100/0',
      'orderStatus 2 Submitted 0/100',
      'orderStatus 3 PreSubmitted 0/100 trigger',
    ]);
    desk.does({ do: 'price', symbol: 'RIME', price: 1.35 });
    desk.pass();
    expect(client.told()).toEqual([
      'execDetails 2 SLD 100 @ 1.35 cum 100',
      'commissionReport 1 won 5',
      'orderStatus 2 Filled 100/0',
      'orderStatus 3 Cancelled 0/100',
      'error 3 202 Order Canceled - reason:',
    ]);
  });

  test('fall together when the parent is cancelled', () => {
    const desk = openDesk();
    const client = bracket(desk);
    desk.pass();
    client.told();
    client.cancel(1);
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 1 PendingCancel 0/100',
      'orderStatus 1 Cancelled 0/100',
      'error 1 202 Order Canceled - reason:',
      'orderStatus 2 Cancelled 0/100',
      'error 2 202 Order Canceled - reason:',
      'orderStatus 3 Cancelled 0/100',
      'error 3 202 Order Canceled - reason:',
    ]);
  });

  test('a child whose parent is not known, or is gone, is refused with 10006', () => {
    const desk = openDesk();
    const client = desk.client(1);
    client.place(5, limit('SELL', 100, 1.35, { parentId: 4 }));
    desk.pass();
    expect(client.told()).toEqual(['error 5 10006 Missing parent order']);
    client.place(6, market('BUY', 100));
    desk.pass();
    client.told();
    client.place(7, limit('SELL', 100, 1.35, { parentId: 6 }));
    desk.pass();
    expect(client.told()).toEqual(['error 7 10006 Missing parent order']);
  });

  test('a modify that still names a parent that is gone is told 135, with the id that it sent', () => {
    const desk = openDesk();
    const other = desk.client(2);
    other.place(1, limit('BUY', 1, 1));
    const client = bracket(desk);
    desk.pass();
    desk.does({ do: 'fill', orderId: 1, clientId: 1 });
    desk.pass();
    client.told();
    client.place(2, limit('SELL', 100, 1.36, { parentId: 1 }));
    desk.pass();
    expect(client.told()).toEqual(["error 2 135 Can't find order with id =1"]);
    client.place(2, limit('SELL', 100, 1.36));
    desk.pass();
    const echoes = client.events().filter(({ event }) => event === 'openOrder');
    const parents = echoes.map(({ args }) => Reflect.get(Object(args[2]), 'parentId'));
    expect(parents).toEqual([0, 1, 1, 0]);
    expect(client.told()[0]).toMatch(/^openOrder 2 SELL 100 RIME LMT 1.36 Submitted/);
  });
});
