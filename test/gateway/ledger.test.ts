/** The broker's own ledger has what happened, whether or not anybody has heard of it. */
import { OrderType } from '@stoqey/ib';
import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../src/gateway/ledger.ts';
import { type Desk, type DeskClient, openDesk, stop } from './desk.ts';

/** A stop-limit under a price cap, before its stop is reached. */
function capped(): { desk: Desk; client: DeskClient; entries: LedgerEntry[] } {
  const entries: LedgerEntry[] = [];
  const ledger = {
    write: (_at: number, entry: LedgerEntry) => void entries.push(entry),
    close: () => {},
  };
  const desk = openDesk({ ports: { ledger } });
  const client = desk.client(1);
  desk.does({ do: 'cap', within: 0.02, forMs: 10_000 });
  client.place(1, stop('SELL', 100, 1.25, { orderType: OrderType.STP_LMT, lmtPrice: 1.1 }));
  desk.pass();
  client.told();
  return { desk, client, entries };
}

describe('the price cap of 2161 is in the ledger once, before the execution', () => {
  type Meanwhile = (desk: Desk, client: DeskClient) => void;
  const cases: readonly (readonly [string, boolean, Meanwhile])[] = [
    ['whose client hears of it', true, () => {}],
    ['whose client is gone', false, (_desk, client) => client.leave()],
    ['while the link is down', false, (desk) => desk.does({ do: 'loseLink' })],
    [
      'whose message is dropped',
      false,
      (desk) => desk.does({ do: 'dropMessages', message: 'error' }),
    ],
  ];
  test.each(cases)('of an order %s', (_what, heard, meanwhile) => {
    const { desk, client, entries } = capped();
    meanwhile(desk, client);
    desk.does({ do: 'price', symbol: 'RIME', price: 1.24 });
    desk.pass();
    const message = expect.stringMatching(/ cap .* 1\.2152$/);
    const [cap, execution, ...more] = entries.filter(
      ({ type }) => type === 'broker.error' || type === 'execution',
    );
    expect(cap).toEqual({ type: 'broker.error', code: 2161, orderId: 1, message });
    expect(execution).toMatchObject({ type: 'execution', orderId: 1, quantity: 100, price: 1.24 });
    expect(more).toEqual([]);
    expect(client.told().some((line) => line.startsWith('error 1 2161'))).toBe(heard);
  });
});
