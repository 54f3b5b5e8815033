/** What goes wrong of itself between IB and a client, drawn from a seed. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../src/gateway/ledger.ts';
import { openStore } from '../../src/gateway/store.ts';
import { steppedClock } from '../../src/gateway/time.ts';
import { processes } from './command.ts';
import { type Desk, type DeskOptions, limit, market, OPENING, openDesk } from './desk.ts';

const { file } = processes();

const ORDERS = 40;

/** Orders that all fill, one after another. */
function traded(options: DeskOptions): { desk: Desk; told: readonly string[] } {
  const desk = openDesk(options);
  const client = desk.client(1);
  for (let id = 1; id <= ORDERS; id += 1) {
    client.place(id, market('BUY', 1));
    desk.pass(100);
  }
  desk.pass(60_000);
  return { desk, told: client.told() };
}

/** What a client is told that asks, whatever it has not heard. */
function positionOf(desk: Desk): string | undefined {
  const client = desk.client(2);
  client.ask((encoder) => encoder.reqPositions());
  return client.told()[0];
}

const starting = (told: readonly string[], word: string): readonly string[] =>
  told.filter((line) => line.startsWith(word));

describe('a word that is lost', () => {
  test('is heard by nobody, has happened all the same, and is drawn from the seed', () => {
    const faults = { lose: 0.2 };
    const { desk, told } = traded({ venue: { seed: 7, faults } });
    const heard = starting(told, 'execDetails').length;
    expect(heard).toBeGreaterThan(20);
    expect(heard).toBeLessThan(ORDERS);
    expect(desk.gateway.fills()).toBe(ORDERS);
    expect(positionOf(desk)).toMatch(new RegExp(`^position DU1 RIME ${ORDERS} @ 1\\.[23]`));
    expect(starting(told, 'info')).toEqual([]);
    expect(traded({ venue: { seed: 7, faults } }).told).toEqual(told);
    expect(traded({ venue: { seed: 8, faults } }).told).not.toEqual(told);
  });
});

describe('a link that is cut', () => {
  const faults = { cutLink: 0.03, cutMs: 3000 };
  const cut: DeskOptions = { venue: { seed: 3, faults, requestsWhileDown: 'delayed' } };
  const NOTICE = /^info 110[012] /;

  test('is 1100, then nothing, then 1101 or 1102, again and again', () => {
    const { desk, told } = traded(cut);
    const notices = told.flatMap((line, at) => (NOTICE.test(line) ? [{ line, at }] : []));
    expect(notices.length).toBeGreaterThan(4);
    for (const [nth, { line, at }] of notices.entries()) {
      expect(line).toMatch(
        nth % 2 === 0 ? /^info 1100 .* lost\.$/ : /^info 110[12] .* restored - /,
      );
      if (nth % 2 === 1) expect(notices[nth - 1]?.at).toBe(at - 1);
    }
    const restored = notices.map(({ line }) => line.slice(5, 9));
    expect(new Set(restored)).toEqual(new Set(['1100', '1101', '1102']));
    // What traded meanwhile was never said, and is known when asked.
    expect(starting(told, 'execDetails').length).toBeLessThan(ORDERS);
    expect(desk.gateway.fills()).toBe(ORDERS);
    expect(positionOf(desk)).toMatch(new RegExp(`^position DU1 RIME ${ORDERS} @ 1\\.[23]`));
    expect(traded(cut).told).toEqual(told);
  });

  /** One word, and the link is down for a time that is drawn. */
  const once: DeskOptions = { venue: { seed: 5, faults: { cutLink: 1, cutMs: 10_000 } } };

  test('answers no question, takes no request, and is not restored at the controls', () => {
    const desk = openDesk(once);
    const client = desk.client(1);
    client.ask((encoder) => encoder.reqPositions());
    client.place(1, limit('BUY', 1, 1.2));
    desk.pass(20);
    expect(client.told()).toEqual([
      'positionEnd',
      'info 1100 Connectivity between IB and Trader Workstation has been lost.',
    ]);
    expect(desk.does({ do: 'show' })).toMatchObject({ link: 'down' });
    client.ask((encoder) => encoder.reqOpenOrders());
    client.place(2, limit('BUY', 1, 1.2));
    desk.does({ do: 'foreignTrade', symbol: 'RIME', action: 'BUY', shares: 5, price: 1.3 });
    desk.pass(20);
    expect(client.told()).toEqual([]);
    const { control } = desk.gateway;
    expect(control({ do: 'loseLink' })).toMatchObject({ error: 'the link is down already' });
    expect(control({ do: 'restoreLink' })).toMatchObject({
      error: 'the link is down by a fault, and comes back by itself',
    });
    desk.pass(10_000);
    expect(client.told()).toEqual([expect.stringMatching(/^info 110[12] /)]);
    expect(desk.does({ do: 'show' })).toMatchObject({ link: 'up' });
    client.ask((encoder) => encoder.reqOpenOrders());
    expect(client.told().filter((line) => line.startsWith('openOrder '))).toHaveLength(1);
  });

  test('is in the ledger, and a restart in the middle of it finds it down', () => {
    const state = file('state.jsonl');
    const start = (at: number): { desk: Desk; states: string[] } => {
      const opened = openStore(state, 'as made');
      if (!opened.ok) throw new Error(opened.reason);
      const states: string[] = [];
      const write = (_at: number, entry: LedgerEntry): void => {
        if (entry.type === 'connection') states.push(entry.state);
      };
      const ledger = { write, close: () => {} };
      const { store, before } = opened;
      const ports = { clock: steppedClock(at), store, before, ledger };
      return { states, desk: openDesk({ ...once, ports }) };
    };
    const first = start(OPENING);
    first.desk.client(1).place(1, limit('BUY', 1, 1.2));
    first.desk.pass(20);
    expect(first.states).toEqual(['down']);
    expect(readFileSync(state, 'utf8')).not.toContain('1100');
    const second = start(OPENING + 20);
    expect(second.states).toEqual(['down']);
    expect(second.desk.does({ do: 'show' })).toMatchObject({ link: 'down' });
    const client = second.desk.client(1);
    second.desk.pass(10_000);
    expect(client.told()).toEqual([expect.stringMatching(/^info 110[12] /)]);
    expect(second.states).toEqual(['down', expect.stringMatching(/^restored-data-/)]);
  });
});
