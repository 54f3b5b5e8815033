/** What somebody at the controls does, one deed after another. */
import { describe, expect, test } from 'vitest';
import { type Deed, readDeed } from '../../src/gateway/deeds.ts';
import { type DeskClient, limit, market, openDesk, placed, stop } from './desk.ts';

const execIdOf = (client: DeskClient): string => {
  const execution = client.events().findLast(({ event }) => event === 'execDetails')?.args[2];
  return String(Reflect.get(Object(execution), 'execId'));
};

const refused = (desk: ReturnType<typeof openDesk>, deed: Deed): string | undefined => {
  const { ok, error } = desk.gateway.control(deed);
  expect(ok).toBe(false);
  return error;
};

describe('messages', () => {
  test('are held back, and released in their order', () => {
    const desk = openDesk();
    const client = desk.client(1);
    desk.does({ do: 'holdMessages', message: 'execDetails', clientId: 1 });
    client.place(1, market('BUY', 100));
    desk.pass();
    expect(client.told()).not.toContain('execDetails 1 BOT 100 @ 1.3 cum 100');
    client.place(2, market('BUY', 5));
    desk.pass();
    client.told();
    expect(desk.does({ do: 'releaseMessages' })).toEqual({ ok: true, released: 2 });
    expect(client.told()).toEqual([
      'execDetails 1 BOT 100 @ 1.3 cum 100',
      'execDetails 2 BOT 5 @ 1.3 cum 5',
    ]);
    client.place(3, market('BUY', 7));
    desk.pass();
    expect(client.told()).toContain('execDetails 3 BOT 7 @ 1.3 cum 7');
  });

  test('are dropped, as many as are asked for, about one order', () => {
    const desk = openDesk();
    const client = desk.client(1);
    desk.does({ do: 'dropMessages', message: 'orderStatus', orderRef: 'a', times: 3 });
    client.place(1, market('BUY', 1, { orderRef: 'a' }));
    client.place(2, market('BUY', 2, { orderRef: 'b' }));
    desk.pass();
    const statuses = client.told().filter((line) => line.startsWith('orderStatus'));
    expect(statuses).toEqual([
      'orderStatus 2 PendingSubmit 0/2',
      'orderStatus 2 Submitted 0/2',
      'orderStatus 2 Filled 2/0',
    ]);
    client.place(3, market('BUY', 3, { orderRef: 'a' }));
    desk.pass();
    expect(client.told()[0]).toBe('orderStatus 3 PendingSubmit 0/3');
  });

  test.each([
    [
      { do: 'holdMessages', message: 'orderstatus' },
      /"message" is one of .*orderStatus.*, not "orderstatus"$/,
    ],
    [{ do: 'dropMessages', message: 'fill' }, /"message" is one of /],
    [{ do: 'cut', after: 'placeorder' }, /"after" is one of .* placeOrder.*, not "placeorder"$/],
  ])('of a name that no message has are refused: %j', (deed, why) => {
    expect(readDeed(deed)).toMatchObject({ ok: false, reason: expect.stringMatching(why) });
  });
});

describe('the link to IB', () => {
  test('is lost and restored: 1100, silence, 1101 or 1102; what happened is known when asked', () => {
    for (const dataLost of [true, false]) {
      const desk = openDesk();
      const client = desk.client(1);
      client.place(1, limit('BUY', 100, 1.2));
      desk.pass();
      client.told();
      desk.does({ do: 'loseLink' });
      desk.does({ do: 'fill', orderId: 1 });
      client.place(2, limit('BUY', 1, 1));
      client.ask((encoder) => encoder.reqOpenOrders());
      desk.pass();
      desk.does({ do: 'restoreLink', dataLost });
      desk.pass();
      const [code, kept] = dataLost ? [1101, 'lost'] : [1102, 'maintained'];
      expect(client.told()).toEqual([
        'info 1100 Connectivity between IB and Trader Workstation has been lost.',
        `info ${code} Connectivity between IB and Trader Workstation has been restored - data ${kept}.`,
      ]);
      client.ask((encoder) => encoder.reqExecutions(1, {}));
      client.ask((encoder) => encoder.reqOpenOrders());
      expect(client.told()).toEqual([
        'execDetails 1 BOT 100 @ 1.2 cum 100',
        'commissionReport 1',
        'execDetailsEnd 1',
        'openOrderEnd',
      ]);
    }
  });

  test('that was down delays requests, where that is assumed', () => {
    const desk = openDesk({ venue: { requestsWhileDown: 'delayed' } });
    const client = desk.client(1);
    desk.does({ do: 'loseLink' });
    client.place(2, limit('BUY', 1, 1));
    desk.pass();
    client.told();
    desk.does({ do: 'restoreLink' });
    desk.pass();
    expect(client.told().at(-1)).toBe('orderStatus 2 Submitted 0/1');
  });

  test('that was down loses requests: their number can be used again, for anything', () => {
    const desk = openDesk();
    const client = desk.client(1);
    desk.does({ do: 'loseLink' });
    client.place(2, limit('BUY', 1, 1));
    desk.pass();
    desk.does({ do: 'restoreLink' });
    client.told();
    client.place(2, limit('SELL', 3, 300), { symbol: 'AAPL' });
    desk.pass();
    expect(client.told()[1]).toBe('openOrder 2 SELL 3 AAPL LMT 300 Submitted');
  });

  test('cannot be lost twice, or restored when it is up', () => {
    const desk = openDesk();
    expect(refused(desk, { do: 'restoreLink' })).toBe('the link is not down');
    desk.does({ do: 'loseLink' });
    expect(refused(desk, { do: 'loseLink' })).toBe('the link is down already');
  });
});

describe('the socket is cut', () => {
  test('between two messages that it says', () => {
    const desk = openDesk();
    const client = desk.client(1);
    desk.does({ do: 'cut', clientId: 1, after: 'execDetails', before: 'commissionReport' });
    client.place(1, market('BUY', 100));
    desk.pass();
    expect(client.told().at(-1)).toBe('execDetails 1 BOT 100 @ 1.3 cum 100');
    expect(client.ended()).toBe('cut');
    const again = desk.client(1);
    again.place(2, market('BUY', 5));
    desk.pass();
    expect(again.told().at(-1)).toBe('orderStatus 2 Filled 5/0');
    expect(again.ended()).toBe('');
  });

  test('between two orders of one bracket: those behind are never heard, even in the same bytes', () => {
    const desk = openDesk();
    const client = desk.client(1);
    desk.does({ do: 'cut', clientId: 1, after: 'placeOrder', before: 'placeOrder' });
    client.together(() => {
      client.place(1, limit('BUY', 100, 1.2));
      client.place(2, limit('SELL', 100, 1.35, { parentId: 1 }));
      client.place(3, stop('SELL', 100, 1.25, { parentId: 1 }));
    });
    expect(client.ended()).toBe('cut');
    desk.pass();
    const again = desk.client(1);
    again.ask((encoder) => encoder.reqOpenOrders());
    expect(again.told()).toEqual([
      'openOrder 1 BUY 100 RIME LMT 1.2 Submitted',
      'orderStatus 1 Submitted 0/100',
      'openOrderEnd',
    ]);
    // Its id can be used at once: nobody else has it any more.
    expect(again.ended()).toBe('');
  });

  test('at once, of one client or of all', () => {
    const desk = openDesk();
    const clients = [desk.client(1), desk.client(2), desk.client(3)];
    expect(desk.does({ do: 'cut', clientId: 2 })).toEqual({ ok: true, cut: 1 });
    expect(clients.map((one) => one.ended())).toEqual(['', 'cut', '']);
    expect(desk.does({ do: 'cut' })).toEqual({ ok: true, cut: 2 });
    expect(refused(desk, { do: 'cut' })).toBe('no such client is connected');
  });
});

describe('the back office', () => {
  test('corrects an execution: the same again, its id changed after the last dot', () => {
    const desk = openDesk();
    const client = desk.client(1);
    client.place(1, market('BUY', 100));
    desk.pass();
    const first = execIdOf(client);
    client.told();
    desk.does({ do: 'correct', execId: first, price: 1.25 });
    desk.pass();
    expect(client.told()).toEqual(['execDetails 1 BOT 100 @ 1.25 cum 100', 'commissionReport 1']);
    const second = execIdOf(client);
    expect(first).toMatch(/\.01$/);
    expect(second).toBe(first.replace(/01$/, '02'));
    client.ask((encoder) => encoder.reqExecutions(1, {}));
    client.ask((encoder) => encoder.reqPositions());
    expect(client.told()).toEqual([
      'execDetails 1 BOT 100 @ 1.25 cum 100',
      'commissionReport 1',
      'execDetailsEnd 1',
      'position DU1 RIME 100 @ 1.25',
      'positionEnd',
    ]);
  });

  test('busts one: nothing is said of it, and it is gone from executions and position', () => {
    const { desk, client } = placed(1, market('BUY', 100));
    desk.does({ do: 'bust', execId: execIdOf(client) });
    desk.pass();
    client.ask((encoder) => encoder.reqExecutions(1, {}));
    client.ask((encoder) => encoder.reqPositions());
    expect(client.told()).toEqual(['execDetailsEnd 1', 'positionEnd']);
    expect(refused(desk, { do: 'bust', execId: execIdOf(client) })).toMatch(/^no execution /);
  });

  test('somebody else trades: only the position shows it', () => {
    const desk = openDesk();
    const client = desk.client(1);
    client.ask((encoder) => encoder.reqPositions());
    client.told();
    desk.does({ do: 'foreignTrade', symbol: 'RIME', action: 'SELL', shares: 70, price: 1.3 });
    expect(client.told()).toEqual(['position DU1 RIME -70 @ 1.3']);
  });

  test('takes money along: what a correction, a bust or a foreign trade is worth', () => {
    const desk = openDesk();
    const client = desk.client(1);
    const cash = (): string => {
      client.fields('62', '1', '1', 'All', 'TotalCashValue');
      return client.told().find((line) => line.startsWith('accountSummary 1')) ?? '';
    };
    client.place(1, market('BUY', 100));
    desk.pass();
    expect(cash()).toBe('accountSummary 1 DU1 TotalCashValue 999869.00 USD');
    const execId = execIdOf(client);
    desk.does({ do: 'correct', execId, shares: 50, price: 1.2 });
    desk.pass();
    expect(cash()).toBe('accountSummary 1 DU1 TotalCashValue 999939.00 USD');
    desk.does({ do: 'bust', execId });
    expect(cash()).toBe('accountSummary 1 DU1 TotalCashValue 1000000.00 USD');
    desk.does({ do: 'foreignTrade', symbol: 'AAPL', action: 'SELL', shares: 10, price: 200 });
    expect(cash()).toBe('accountSummary 1 DU1 TotalCashValue 1002000.00 USD');
  });

  test('corrects an execution of the day before: it is no other one', () => {
    const desk = openDesk({ venue: { seed: 3, faults: { correct: 1, correctMs: 5000 } } });
    const client = desk.client(1);
    client.place(1, market('BUY', 100));
    desk.pass(60);
    desk.does({ do: 'newDay' });
    client.told();
    desk.pass(6000);
    expect(client.told()[0]).toBe('execDetails 1 BOT 100 @ 1.31 cum 100');
    client.ask((encoder) => encoder.reqPositions());
    expect(client.told()).toEqual(['position DU1 RIME 100 @ 1.31', 'positionEnd']);
    expect(desk.gateway.fills()).toBe(1);
  });

  test('ends the day: DAY orders with it; executions and completed orders are forgotten', () => {
    const desk = openDesk();
    const client = desk.client(1);
    client.place(1, market('BUY', 100));
    client.place(2, limit('BUY', 100, 1.2));
    desk.pass();
    client.told();
    desk.does({ do: 'newDay' });
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 2 Cancelled 0/100',
      'error 2 202 Order Canceled - reason:',
    ]);
    client.ask((encoder) => encoder.reqExecutions(1, {}));
    client.ask((encoder) => encoder.reqPositions());
    expect(client.told()).toEqual([
      'execDetailsEnd 1',
      'position DU1 RIME 100 @ 1.3',
      'positionEnd',
    ]);
  });
});

describe('IB', () => {
  test('rejects the placements that fit, as many as are asked for', () => {
    const desk = openDesk();
    const client = desk.client(1);
    desk.does({
      do: 'reject',
      orderRef: 'stop',
      code: 201,
      text: 'Order rejected - reason:margin',
    });
    client.place(1, stop('SELL', 1, 1.2, { orderRef: 'stop' }));
    client.place(2, limit('SELL', 1, 1.4, { orderRef: 'target' }));
    desk.pass();
    client.place(3, stop('SELL', 1, 1.2, { orderRef: 'stop' }));
    desk.pass();
    const told = client.told();
    expect(told.slice(2, 4)).toEqual([
      'error 1 201 Order rejected - reason:margin',
      'orderStatus 1 Inactive 0/1',
    ]);
    expect(told).toContain('orderStatus 2 Submitted 0/1');
    expect(told.at(-1)).toBe('orderStatus 3 PreSubmitted 0/1 trigger');
  });

  test('cancels an order unasked', () => {
    const { desk, client } = placed(1, limit('BUY', 100, 1.2, { orderRef: 'entry' }));
    desk.does({ do: 'cancel', orderRef: 'entry', reason: 'halted' });
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 1 Cancelled 0/100',
      'error 1 202 Order Canceled - reason:halted',
    ]);
  });

  test('holds an order, releases it, makes it inactive, and lets it live again', () => {
    const { desk, client } = placed(1, limit('SELL', 100, 1.4));
    for (const name of ['hold', 'release', 'inactivate', 'reactivate'] as const) {
      desk.does({ do: name, orderId: 1 });
      desk.pass(20);
    }
    const told = client.told();
    expect(told[0]).toMatch(/^error 1 404 Order held while securities are located/);
    expect(told.slice(1)).toEqual([
      'orderStatus 1 PreSubmitted 0/100 locate',
      'orderStatus 1 Submitted 0/100',
      'orderStatus 1 Inactive 0/100',
      'orderStatus 1 Submitted 0/100',
    ]);
  });
});

describe('a deed that cannot be done is refused with its reason, and nothing happens', () => {
  const cases: readonly (readonly [Deed, RegExp])[] = [
    [{ do: 'fill', orderRef: 'none' }, /^there is no such order$/],
    [{ do: 'fill' }, /^no order is named/],
    [{ do: 'fill', orderId: 1 }, /^2 orders are called that$/],
    [{ do: 'fill', orderId: 1, clientId: 1, shares: 1000 }, /cannot trade 1000 of 100/],
    [{ do: 'trigger', orderId: 1, clientId: 1 }, /cannot be triggered/],
    [{ do: 'refuseCancel', orderId: 1, clientId: 1 }, /no cancel/],
    [{ do: 'price', symbol: 'NONE', price: 1 }, /^no symbol NONE/],
    [{ do: 'correct', execId: 'none' }, /^no execution none$/],
    [
      { do: 'foreignTrade', symbol: 'RIME', action: 'BUY', shares: 1, price: 1, account: 'X' },
      /account X/,
    ],
    [{ do: 'reject', symbol: 'NONE' }, /^no symbol NONE is traded here$/],
    [{ do: 'manualOrder', symbol: 'NONE', action: 'BUY', quantity: 1, orderType: 'MKT' }, /NONE/],
  ];
  test.each(cases)('%j', (deed, why) => {
    const desk = openDesk();
    const clients = [desk.client(1), desk.client(2)];
    for (const client of clients) client.place(1, limit('BUY', 100, 1.2));
    desk.pass();
    for (const client of clients) client.told();
    expect(refused(desk, deed)).toMatch(why);
    desk.pass();
    expect(clients.flatMap((client) => client.told())).toEqual([]);
  });
});

test('a look shows time, link, clients, open orders and positions', () => {
  const desk = openDesk();
  const client = desk.client(1);
  client.place(1, market('BUY', 100));
  client.place(2, limit('SELL', 70, 1.4, { orderRef: 'target' }));
  desk.pass(1000);
  expect(desk.does({ do: 'show' })).toEqual({
    ...{ ok: true, now: '2026-02-12T14:30:01.000Z', link: 'up', clients: [1], fills: 1 },
    orders: [
      {
        ...{ clientId: 1, orderId: 2, permId: 1_938_000_002, orderRef: 'target', symbol: 'RIME' },
        ...{ action: 'SELL', orderType: 'LMT', status: 'Submitted', filled: 0, remaining: 70 },
      },
    ],
    positions: [{ account: 'DU1', symbol: 'RIME', position: 100 }],
    armed: [],
  });
});

test('what was held at the beginning is a position, and a sale of it is none of what is not held', () => {
  const start = { account: 'DU1', symbol: 'RIME', position: 100, avgCost: 1.31 };
  const desk = openDesk({ book: { startingPositions: [start], shortSales: 'rejected' } });
  const client = desk.client(1);
  client.ask((encoder) => encoder.reqPositions());
  expect(client.told()).toEqual(['position DU1 RIME 100 @ 1.31', 'positionEnd']);
  client.place(1, market('SELL', 100));
  desk.pass();
  expect(client.told()).toContain('position DU1 RIME 0 @ 0');
  expect(client.events().at(-1)?.args.slice(0, 3)).toEqual([1, 'Filled', 100]);
});
