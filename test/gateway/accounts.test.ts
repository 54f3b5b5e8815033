/** What an account is worth is told again whenever a trade changes it. */
import { describe, expect, test } from 'vitest';
import { type DeskClient, market, openDesk } from './desk.ts';

const CASH = 'updateAccountValue TotalCashValue';

const money = (client: DeskClient): readonly string[] =>
  client.told().filter((line) => line.startsWith(CASH) || line.startsWith('updatePortfolio'));

const portfolio = (client: DeskClient): unknown =>
  client
    .events()
    .findLast(({ event }) => event === 'updatePortfolio')
    ?.args.slice(1);

describe('account updates', () => {
  const subscribed = () => {
    const desk = openDesk({ accounts: ['DU1', 'DU2'] });
    const client = desk.client(1);
    client.ask((encoder) => encoder.reqAccountUpdates(true, 'DU1'));
    expect(client.told().at(-1)).toBe('accountDownloadEnd DU1');
    return { desk, client };
  };

  test('follow every fill, in figures, position and time', () => {
    const { desk, client } = subscribed();
    client.place(1, market('BUY', 100, { account: 'DU1' }));
    desk.pass();
    const told = client.told();
    const [first] = told.filter((line) => line.startsWith('update'));
    expect(first).toMatch(/^updateAccountValue NetLiquidation 999999\.00 USD DU1$/);
    expect(told).toContain(`${CASH} 999869.00 USD DU1`);
    expect(told).toContain('updateAccountTime 09:30');
    expect(told).not.toContain('accountDownloadEnd DU1');
    // position, marketPrice, marketValue, averageCost, unrealizedPNL, realizedPNL, account
    expect(portfolio(client)).toEqual([100, 1.3, 130, 1.3, 0, 0, 'DU1']);
    desk.does({ do: 'price', symbol: 'RIME', price: 1.4 });
    client.place(2, market('SELL', 100, { account: 'DU1' }));
    desk.pass();
    expect(client.told()).toContain(`${CASH} 1000008.00 USD DU1`);
    expect(portfolio(client)).toEqual([0, 1.4, 0, 0, 0, 10, 'DU1']);
  });

  test('follow what the back office does, and trades of others', () => {
    const { desk, client } = subscribed();
    client.place(1, market('BUY', 100, { account: 'DU1' }));
    desk.pass();
    const execution = client.events().find(({ event }) => event === 'execDetails')?.args[2];
    const execId = String(Reflect.get(Object(execution), 'execId'));
    client.told();
    desk.does({ do: 'correct', execId, price: 1.2 });
    expect(money(client)[0]).toBe(`${CASH} 999879.00 USD DU1`);
    desk.does({ do: 'bust', execId });
    expect(money(client)[0]).toBe(`${CASH} 1000000.00 USD DU1`);
    desk.does({ do: 'foreignTrade', symbol: 'AAPL', action: 'SELL', shares: 10, price: 200 });
    expect(money(client)[0]).toBe(`${CASH} 1002000.00 USD DU1`);
    expect(portfolio(client)).toEqual([-10, 200, -2000, 200, 0, 0, 'DU1']);
  });

  test('are of the account that was asked for, and end when they are cancelled', () => {
    const { desk, client } = subscribed();
    client.place(1, market('BUY', 100, { account: 'DU2' }));
    desk.pass();
    expect(money(client)).toEqual([]);
    client.ask((encoder) => encoder.reqAccountUpdates(false, 'DU1'));
    client.place(2, market('BUY', 100, { account: 'DU1' }));
    desk.pass();
    expect(money(client)).toEqual([]);
  });

  test('are not heard while the link is down', () => {
    const { desk, client } = subscribed();
    desk.does({ do: 'loseLink' });
    desk.does({ do: 'foreignTrade', symbol: 'AAPL', action: 'SELL', shares: 10, price: 200 });
    expect(money(client)).toEqual([]);
  });
});

test('a correction is paid for on a later day as on the same', () => {
  const faults = { correct: 1, correctMs: 5000 };
  const days = [false, true].map((later) => {
    const desk = openDesk({ venue: { seed: 3, faults } });
    const client = desk.client(1);
    client.ask((encoder) => encoder.reqAccountUpdates(true, 'DU1'));
    client.place(1, market('BUY', 100));
    desk.pass(60);
    expect(money(client).at(-2)).toBe(`${CASH} 999869.00 USD DU1`);
    if (later) desk.does({ do: 'newDay' });
    desk.pass(6000);
    return money(client);
  });
  // A cent more for each share, as the fault has it.
  expect(days[0]?.[0]).toBe(`${CASH} 999868.00 USD DU1`);
  expect(days[1]).toEqual(days[0]);
});
