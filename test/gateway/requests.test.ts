/** Every request that the gateway knows, asked over TCP by the client library as it is installed. */
import { MarketDataType, OptionType, SecType, WhatToShow } from '@stoqey/ib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Connected, openConnected } from './connected.ts';
import { limit, market, RIME, stop } from './desk.ts';

let gateway: Connected;
let client: Client;
let nextId = 0;
const newId = (): number => {
  nextId += 1;
  return nextId;
};

beforeAll(async () => {
  gateway = await openConnected({ accounts: ['DU1', 'DU2'], rateLimit: Number.POSITIVE_INFINITY });
  client = await gateway.client(5);
  nextId = 100;
});
afterAll(() => gateway.close());

const order = { account: 'DU1' };

test('a client that has started knows its accounts, its next id and that all farms are well', () => {
  expect(client.nextId).toBe(1);
  expect(client.lines()).toEqual([
    'connected',
    'managedAccounts DU1,DU2',
    'nextValidId 1',
    'info 2104 Market data farm connection is OK:usfarm',
    'info 2106 HMDS data farm connection is OK:ushmds',
    'info 2158 Sec-def data farm connection is OK:secdefil',
  ]);
});

describe('about itself', () => {
  test('managed accounts', async () => {
    const told = await client.until('managedAccounts', (api) => api.reqManagedAccts());
    expect(told).toEqual(['managedAccounts DU1,DU2']);
  });

  test('the current time', async () => {
    const before = Math.floor(Date.now() / 1000);
    const [told = ''] = await client.until('currentTime', (api) => api.reqCurrentTime());
    const seconds = Number(told.split(' ')[1]);
    expect(seconds).toBeGreaterThanOrEqual(before);
    expect(seconds).toBeLessThanOrEqual(before + 60);
  });

  test('the next id, which is above all that were used', async () => {
    const id = newId();
    await client.until(`orderStatus ${id} Submitted`, (api) =>
      api.placeOrder(id, RIME, limit('BUY', 1, 1, order)),
    );
    const told = await client.until('nextValidId', (api) => api.reqIds());
    expect(told).toEqual([`nextValidId ${id + 1}`]);
    await client.until(`error ${id} 202`, (api) => api.cancelOrder(id));
  });

  test('what is heard by nobody else: the log level, the kind of market data', async () => {
    const told = await client.until('currentTime', (api) => {
      api.setServerLogLevel(1);
      api.reqMarketDataType(MarketDataType.REALTIME);
      api.reqCurrentTime();
    });
    expect(told).toHaveLength(1);
  });
});

describe('an order', () => {
  test('is placed, modified under the same id, and cancelled', async () => {
    const id = newId();
    const placed = await client.until(`orderStatus ${id} Submitted`, (api) =>
      api.placeOrder(id, RIME, limit('BUY', 100, 1.2, order)),
    );
    expect(placed).toEqual([
      `orderStatus ${id} PendingSubmit 0/100`,
      `openOrder ${id} BUY 100 RIME LMT 1.2 Submitted`,
      `orderStatus ${id} Submitted 0/100`,
    ]);
    const modified = await client.until(`orderStatus ${id}`, (api) =>
      api.placeOrder(id, RIME, limit('BUY', 50, 1.21, order)),
    );
    expect(modified).toEqual([
      `openOrder ${id} BUY 50 RIME LMT 1.21 Submitted`,
      `orderStatus ${id} Submitted 0/50`,
    ]);
    const cancelled = await client.until(`error ${id}`, (api) => api.cancelOrder(id));
    expect(cancelled).toEqual([
      `orderStatus ${id} PendingCancel 0/50`,
      `orderStatus ${id} Cancelled 0/50`,
      `error ${id} 202 Order Canceled - reason:`,
    ]);
  });

  test('is executed, and reqExecutions tells the same again', async () => {
    const id = newId();
    const live = await client.until(`orderStatus ${id} Filled`, (api) =>
      api.placeOrder(id, RIME, market('BUY', 100, order)),
    );
    const execution = `execDetails ${id} BOT 100 @ 1.3 cum 100`;
    expect(live).toContain(execution);
    const again = await client.until('execDetailsEnd 77', (api) => api.reqExecutions(77, {}));
    expect(again.slice(-3)).toEqual([execution, 'commissionReport 1', 'execDetailsEnd 77']);
    const both = client
      .events()
      .filter((one) => Reflect.get(Object(one.args[2]), 'orderId') === id);
    const [first, second] = both.filter(({ event }) => event === 'execDetails');
    expect([first?.args[0], second?.args[0]]).toEqual([-1, 77]);
    expect(first?.args.slice(1)).toEqual(second?.args.slice(1));
  });

  test('with whatIf is priced and not placed', async () => {
    const id = newId();
    const told = await client.until(`openOrder ${id}`, (api) =>
      api.placeOrder(id, RIME, limit('BUY', 1000, 1.2, { ...order, whatIf: true })),
    );
    expect(told).toEqual([`openOrder ${id} BUY 1000 RIME LMT 1.2 PreSubmitted`]);
    const state = client.events().at(-1)?.args[3];
    expect(state).toMatchObject({
      initMarginChange: 300,
      commission: 5,
      commissionCurrency: 'USD',
    });
    const open = await client.until('openOrderEnd', (api) => api.reqOpenOrders());
    expect(open).toEqual(['openOrderEnd']);
    expect(await client.until('nextValidId', (api) => api.reqIds())).not.toContain(
      `nextValidId ${id + 1}`,
    );
  });

  test('and all others are ended by a global cancel', async () => {
    const ids = [newId(), newId()];
    await client.until(`orderStatus ${ids[1]} PreSubmitted`, (api) => {
      api.placeOrder(ids[0] ?? 0, RIME, limit('BUY', 1, 1, order));
      api.placeOrder(ids[1] ?? 0, RIME, stop('BUY', 1, 2, order));
    });
    const told = await client.until(`error ${ids[1]} 202`, (api) => api.reqGlobalCancel());
    expect(told.filter((line) => line.includes(' Cancelled '))).toEqual(
      ids.map((id) => `orderStatus ${id} Cancelled 0/1`),
    );
  });
});

describe('how orders stand', () => {
  test('open ones, of this client and of all, and completed ones', async () => {
    const id = newId();
    await client.until(`orderStatus ${id} Submitted`, (api) =>
      api.placeOrder(id, RIME, limit('BUY', 7, 1, order)),
    );
    const shown = [
      `openOrder ${id} BUY 7 RIME LMT 1 Submitted`,
      `orderStatus ${id} Submitted 0/7`,
      'openOrderEnd',
    ];
    expect(await client.until('openOrderEnd', (api) => api.reqOpenOrders())).toEqual(shown);
    expect(await client.until('openOrderEnd', (api) => api.reqAllOpenOrders())).toEqual(shown);
    await client.until(`error ${id} 202`, (api) => api.cancelOrder(id));
    const completed = await client.until('completedOrdersEnd', (api) =>
      api.reqCompletedOrders(true),
    );
    expect(completed.slice(-2)).toEqual([
      'completedOrder BUY 0 RIME LMT Cancelled (Cancelled by Trader)',
      'completedOrdersEnd',
    ]);
    expect(completed).toContain('completedOrder BUY 100 RIME MKT Filled (Filled Size: 100)');
  });

  test('only client 0 can bind orders of TWS: 321', async () => {
    const told = await client.until('info 321', (api) => api.reqAutoOpenOrders(true));
    expect(told).toHaveLength(1);
  });

  test.each([
    ['a client', { clientId: '6' }, 0],
    ['an account', { acctCode: 'DU2' }, 0],
    ['a symbol', { symbol: 'AAPL' }, 0],
    ['a side', { side: 'SELL' }, 0],
    ['an exchange', { exchange: 'ARCA' }, 0],
    ['a time to come', { time: '20991231-00:00:00' }, 0],
    ['a time that is over', { time: '20200101 00:00:00' }, 1],
    [
      'all that fits',
      { clientId: '5', acctCode: 'DU1', symbol: 'RIME', side: 'BUY', secType: SecType.STK },
      1,
    ],
  ])('executions of %s', async (_what, filter, count) => {
    const reqId = newId();
    const told = await client.until(`execDetailsEnd ${reqId}`, (api) =>
      api.reqExecutions(reqId, filter),
    );
    expect(told.filter((line) => line.startsWith('execDetails '))).toHaveLength(count);
  });
});

describe('what is held', () => {
  test('positions are told, and then whenever one changes, until that is cancelled', async () => {
    const told = await client.until('positionEnd', (api) => api.reqPositions());
    expect(told).toEqual(['position DU1 RIME 100 @ 1.3', 'positionEnd']);
    const id = newId();
    const changed = await client.until(`orderStatus ${id} Filled`, (api) =>
      api.placeOrder(id, RIME, market('SELL', 40, order)),
    );
    expect(changed).toContain('position DU1 RIME 60 @ 1.3');
    const other = newId();
    const quiet = await client.until(`orderStatus ${other} Filled`, (api) => {
      api.cancelPositions();
      api.placeOrder(other, RIME, market('BUY', 40, order));
    });
    expect(quiet.filter((line) => line.startsWith('position'))).toEqual([]);
  });

  test('an account summary has the tags that were asked for', async () => {
    const told = await client.until('accountSummaryEnd 9', (api) =>
      api.reqAccountSummary(9, 'All', 'AccountType,TotalCashValue,GrossPositionValue,NoSuchTag'),
    );
    expect(told).toEqual([
      'accountSummary 9 DU1 AccountType INDIVIDUAL',
      'accountSummary 9 DU1 TotalCashValue 999867.00 USD',
      'accountSummary 9 DU1 GrossPositionValue 130.00 USD',
      'accountSummary 9 DU2 AccountType INDIVIDUAL',
      'accountSummary 9 DU2 TotalCashValue 1000000.00 USD',
      'accountSummary 9 DU2 GrossPositionValue 0.00 USD',
      'accountSummaryEnd 9',
    ]);
    const third = await client.until('error 11', (api) => {
      api.reqAccountSummary(10, 'All', 'AccountType');
      api.reqAccountSummary(11, 'All', 'AccountType');
    });
    expect(third.at(-1)).toMatch(/^error 11 322 Maximum number of account summary requests/);
    const room = await client.until('accountSummaryEnd 11', (api) => {
      api.cancelAccountSummary(9);
      api.reqAccountSummary(11, 'All', 'AccountType');
    });
    expect(room.at(-1)).toBe('accountSummaryEnd 11');
  });

  test('account updates have figures, portfolio, time and end', async () => {
    const told = await client.until('accountDownloadEnd', (api) =>
      api.reqAccountUpdates(true, 'DU1'),
    );
    expect(told).toContain('updateAccountValue NetLiquidation 999997.00 USD DU1');
    expect(told.filter((line) => line.startsWith('updatePortfolio'))).toHaveLength(1);
    expect(told.at(-2)).toMatch(/^updateAccountTime \d\d:\d\d$/);
    expect(told.at(-1)).toBe('accountDownloadEnd DU1');
    const none = await client.until('info 321', (api) => api.reqAccountUpdates(true, 'DU9'));
    expect(none.at(-1)).toMatch(/no account DU9/);
  });
});

describe('the market', () => {
  test('contract details of a symbol that is traded, and 200 for one that is not', async () => {
    const told = await client.until('contractDetailsEnd 20', (api) =>
      api.reqContractDetails(20, RIME),
    );
    expect(told).toHaveLength(2);
    const details = client.events().at(-2)?.args[1];
    expect(details).toMatchObject({
      contract: { conId: 689_954_925, symbol: 'RIME', secType: 'STK', currency: 'USD' },
      ...{ minTick: 0.01, longName: 'ALGORHYTHM HOLDINGS INC', timeZoneId: 'US/Eastern' },
    });
    const none = await client.until('error 21', (api) =>
      api.reqContractDetails(21, { ...RIME, symbol: 'NONE' }),
    );
    expect(none).toEqual(['error 21 200 No security definition has been found for the request']);
  });

  test('ticks of the tape, until they are cancelled', async () => {
    const first = await client.until('tickPrice 30 14', (api) =>
      api.reqMktData(30, RIME, '', false, false),
    );
    expect(first.filter((line) => line.startsWith('tickPrice'))).toEqual([
      ...['tickPrice 30 1 1.29 false', 'tickPrice 30 2 1.31 false', 'tickPrice 30 4 1.3 false'],
      ...['tickPrice 30 6 1.3 false', 'tickPrice 30 7 1.3 false', 'tickPrice 30 14 1.3 false'],
    ]);
    const moved = await client.until('tickPrice 30 4', () =>
      gateway.does({ do: 'price', symbol: 'RIME', price: 1.32, size: 500 }),
    );
    expect(moved.at(-1)).toMatch(/^tickPrice 30 4 1.32/);
    gateway.does({ do: 'price', symbol: 'RIME', price: 1.31 });
    const day = await client.until('tickPrice 33 14', (api) =>
      api.reqMktData(33, RIME, '', true, false),
    );
    expect(day.slice(-3)).toEqual([
      ...['tickPrice 33 6 1.32 false', 'tickPrice 33 7 1.3 false', 'tickPrice 33 14 1.3 false'],
    ]);
    const twice = await client.until('error 30', (api) =>
      api.reqMktData(30, RIME, '', false, false),
    );
    expect(twice.at(-1)).toBe('error 30 322 Duplicate ticker id');
    await client.until('currentTime', (api) => {
      api.cancelMktData(30);
      api.reqCurrentTime();
    });
    gateway.does({ do: 'price', symbol: 'RIME', price: 1.3 });
    const quiet = await client.until('currentTime', (api) => api.reqCurrentTime());
    expect(quiet).toHaveLength(1);
    expect(await client.until('error 30', (api) => api.cancelMktData(30))).toEqual([
      "error 30 300 Can't find EId",
    ]);
  });

  test('a snapshot ends by itself', async () => {
    const told = await client.until('tickSnapshotEnd', (api) =>
      api.reqMktData(31, RIME, '', true, false),
    );
    expect(told.filter((line) => line.startsWith('tickPrice 31 4'))).toEqual([
      'tickPrice 31 4 1.3 false',
    ]);
    expect(told.at(-1)).toBe('tickSnapshotEnd 31');
    gateway.does({ do: 'price', symbol: 'RIME', price: 1.3 });
    const quiet = await client.until('currentTime', (api) => api.reqCurrentTime());
    expect(quiet).toHaveLength(1);
  });
});

describe('anything else is answered with 320, its name and the number of the message', () => {
  const option = { symbol: 'RIME', secType: SecType.OPT, right: OptionType.Call };
  test.each([
    [
      'historical data',
      'reqHeadTimestamp',
      87,
      40,
      (c: Client) => c.api.reqHeadTimestamp(40, RIME, WhatToShow.TRADES, true, 1),
    ],
    ['market depth', 'reqMktDepth', 10, 41, (c: Client) => c.api.reqMktDepth(41, RIME, 5, false)],
    ['profit and loss', 'reqPnL', 92, 42, (c: Client) => c.api.reqPnL(42, 'DU1', '')],
    [
      'implied volatility',
      'calculateImpliedVolatility',
      54,
      43,
      (c: Client) => c.api.calculateImpliedVolatility(43, option, 1, 1),
    ],
    [
      'matching symbols',
      'reqMatchingSymbols',
      81,
      44,
      (c: Client) => c.api.reqMatchingSymbols(44, 'RI'),
    ],
  ])('%s', async (_what, name, messageId, id, ask) => {
    const [told] = await client.until('error', () => ask(client));
    expect(told).toBe(
      `error ${id} 320 Error reading request. ${name} (message id ${messageId}) is not simulated here.`,
    );
  });
});
