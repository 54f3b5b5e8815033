/** The life of an order as a client of the gateway hears it, message by message. */
import { OrderType } from '@stoqey/ib';
import { describe, expect, test } from 'vitest';
import { limit, market, openDesk, placed, stop } from './desk.ts';

describe('an order', () => {
  test('is accepted, works, and trades at its price', () => {
    const desk = openDesk();
    const client = desk.client(1);
    client.place(1, limit('BUY', 100, 1.29));
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 1 PendingSubmit 0/100',
      'openOrder 1 BUY 100 RIME LMT 1.29 Submitted',
      'orderStatus 1 Submitted 0/100',
    ]);
    desk.does({ do: 'price', symbol: 'RIME', price: 1.28 });
    desk.pass();
    expect(client.told()).toEqual([
      'execDetails 1 BOT 100 @ 1.29 cum 100',
      'commissionReport 1',
      'orderStatus 1 Filled 100/0',
    ]);
  });

  test('trades in parts, each with its own execution and commission', () => {
    const { desk, client } = placed(1, limit('BUY', 1000, 1.29, { orderRef: 'entry' }));
    desk.does({ do: 'fill', orderRef: 'entry', shares: 300 });
    desk.does({ do: 'fill', orderRef: 'entry', price: 1.285 });
    desk.pass();
    expect(client.told()).toEqual([
      'execDetails 1 BOT 300 @ 1.29 cum 300',
      'commissionReport 1.5',
      'orderStatus 1 Submitted 300/700',
      'execDetails 1 BOT 700 @ 1.285 cum 1000',
      'commissionReport 3.5',
      'orderStatus 1 Filled 1000/0',
    ]);
    const status = client.events().at(-1)?.args;
    // avgFillPrice, permId, parentId, lastFillPrice, clientId
    expect(status?.slice(4, 9)).toEqual([1.2865, 1_938_000_001, 0, 1.285, 1]);
  });

  test('has a permId of its own, which all messages about it name', () => {
    const desk = openDesk();
    const client = desk.client(1);
    client.place(1, market('BUY', 100, { orderRef: 'RIME-693.entry.1' }));
    desk.pass();
    const events = client.events().slice(-6);
    const [, order] = events[1]?.args.slice(1) ?? [];
    expect(order).toMatchObject({
      permId: 1_938_000_001,
      clientId: 1,
      orderRef: 'RIME-693.entry.1',
    });
    const execution = events.find(({ event }) => event === 'execDetails')?.args;
    expect(execution).toMatchObject([
      -1,
      { symbol: 'RIME', conId: 689_954_925, secType: 'STK' },
      {
        ...{ orderId: 1, permId: 1_938_000_001, clientId: 1, orderRef: 'RIME-693.entry.1' },
        ...{ acctNumber: 'DU1', time: '20260212 09:30:00 US/Eastern', side: 'BOT', liquidation: 0 },
      },
    ]);
    const statuses = events.filter(({ event }) => event === 'orderStatus');
    expect(statuses.map(({ args }) => args[5])).toEqual(statuses.map(() => 1_938_000_001));
    const report = events.find(({ event }) => event === 'commissionReport')?.args[0];
    expect(report).toMatchObject({ execId: Reflect.get(Object(execution?.[2]), 'execId') });
  });

  test('is modified under the same id, and answered even if nothing changes', () => {
    const { desk, client } = placed(1, limit('BUY', 100, 1.29));
    client.place(1, limit('BUY', 60, 1.28));
    desk.pass();
    expect(client.told()).toEqual([
      'openOrder 1 BUY 60 RIME LMT 1.28 Submitted',
      'orderStatus 1 Submitted 0/60',
    ]);
    client.place(1, limit('BUY', 60, 1.28));
    desk.pass();
    expect(client.told()).toEqual([
      'openOrder 1 BUY 60 RIME LMT 1.28 Submitted',
      'orderStatus 1 Submitted 0/60',
    ]);
  });

  test('waits in TWS until it is transmitted', () => {
    const desk = openDesk();
    const client = desk.client(1);
    client.place(1, limit('BUY', 100, 1.29, { transmit: false }));
    desk.pass();
    expect(client.told()).toEqual(['orderStatus 1 ApiPending 0/100']);
    expect(client.events().at(-1)?.args[5]).toBe(0);
    client.place(1, limit('BUY', 100, 1.29));
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 1 PendingSubmit 0/100',
      'openOrder 1 BUY 100 RIME LMT 1.29 Submitted',
      'orderStatus 1 Submitted 0/100',
    ]);
  });

  test('can be fractional where that is assumed', () => {
    const desk = openDesk({ book: { fractional: true } });
    const client = desk.client(1);
    client.place(1, market('BUY', 0.5));
    desk.pass();
    expect(client.told().at(-1)).toBe('orderStatus 1 Filled 0.5/0');
  });
});

describe('a gateway that repeats itself', () => {
  test('says every word about an order twice, and no order of messages is promised', () => {
    const desk = openDesk({ venue: { faults: { repeat: 1, repeatMs: 50 } } });
    const client = desk.client(1);
    client.place(1, market('BUY', 100));
    desk.pass();
    const told = client.told();
    const once = [
      'orderStatus 1 PendingSubmit 0/100',
      'openOrder 1 BUY 100 RIME MKT Submitted',
      'orderStatus 1 Submitted 0/100',
      'execDetails 1 BOT 100 @ 1.3 cum 100',
      'commissionReport 1',
      'orderStatus 1 Filled 100/0',
    ];
    expect([...told].sort()).toEqual([...once, ...once].sort());
    const execIds = client
      .events()
      .filter(({ event }) => event === 'execDetails')
      .map(({ args }) => Reflect.get(Object(args[2]), 'execId'));
    expect(new Set(execIds).size).toBe(1);
  });
});

describe('a simulated stop', () => {
  test('is held until its price is reached, and then trades', () => {
    const desk = openDesk();
    const client = desk.client(1);
    client.place(1, stop('SELL', 100, 1.25));
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 1 PendingSubmit 0/100',
      'openOrder 1 SELL 100 RIME STP 1.25 PreSubmitted',
      'orderStatus 1 PreSubmitted 0/100 trigger',
    ]);
    desk.does({ do: 'price', symbol: 'RIME', price: 1.24 });
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 1 Submitted 0/100',
      'execDetails 1 SLD 100 @ 1.24 cum 100',
      'commissionReport 1',
      'orderStatus 1 Filled 100/0',
    ]);
  });

  test('can be triggered at the controls, whatever the price', () => {
    const { desk, client } = placed(1, stop('SELL', 100, 1.25));
    desk.does({ do: 'trigger', orderId: 1 });
    desk.pass();
    expect(client.told()[0]).toBe('orderStatus 1 Submitted 0/100');
  });

  test('loses outsideRth, and is told so', () => {
    const desk = openDesk();
    const client = desk.client(1);
    client.place(1, stop('SELL', 100, 1.25, { outsideRth: true }));
    desk.pass();
    expect(client.told()[0]).toMatch(/^error 1 2109 Order Event Warning: Attribute "Outside/);
    const echo = client.events().find(({ event }) => event === 'openOrder')?.args[2];
    expect(echo).toMatchObject({ outsideRth: false });
  });

  test('that is a stop-limit is told the price cap of 2161, and statuses name it', () => {
    const desk = openDesk();
    const client = desk.client(1);
    desk.does({ do: 'cap', within: 0.02, forMs: 10_000 });
    client.place(1, stop('SELL', 100, 1.25, { orderType: OrderType.STP_LMT, lmtPrice: 1.1 }));
    desk.pass();
    client.told();
    desk.does({ do: 'price', symbol: 'RIME', price: 1.24 });
    desk.pass();
    const told = client.told();
    expect(told[1]).toMatch(
      /^error 1 2161 In accordance with our regulatory obligations .* 1\.2152$/,
    );
    expect(told.at(-1)).toBe('orderStatus 1 Filled 100/0');
    expect(client.events().at(-1)?.args[10]).toBe(1.2152);
  });
});
