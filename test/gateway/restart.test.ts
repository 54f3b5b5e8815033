/** A gateway that was ended, whatever way, and another one that goes on from its state. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../src/gateway/store.ts';
import { steppedClock } from '../../src/gateway/time.ts';
import { type Desk, type DeskOptions, limit, market, OPENING, openDesk, stop } from './desk.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => join(folder, 'state.jsonl');

/** From the file, at a later time. Nothing of the gateway before is closed: it was killed. */
function start(at = OPENING, options: DeskOptions = {}): Desk {
  const opened = openStore(file(), 'as made');
  if (!opened.ok) throw new Error(opened.reason);
  const { store, before } = opened;
  return openDesk({ ...options, ports: { clock: steppedClock(at), store, before } });
}

const LATER = OPENING + 3_600_000;

/** All that a client can ask, as it is told. */
function asked(desk: Desk, clientId = 1): readonly string[] {
  const client = desk.client(clientId);
  client.ask((encoder) => encoder.reqOpenOrders());
  client.ask((encoder) => encoder.reqCompletedOrders(false));
  client.ask((encoder) => encoder.reqExecutions(1, {}));
  client.ask((encoder) => encoder.reqPositions());
  client.ask((encoder) => encoder.reqAccountUpdates(true, 'DU1'));
  client.ask((encoder) => encoder.reqIds(1));
  const told = client.told().filter((line) => !line.startsWith('updateAccountTime'));
  client.leave();
  return told;
}

describe('after a restart everything is as it was', () => {
  test('orders, groups, children, executions, positions, cash and ids', () => {
    const desk = start();
    const client = desk.client(1);
    client.place(1, limit('BUY', 100, 1.29, { transmit: false, orderRef: 'entry' }));
    client.place(2, limit('SELL', 100, 1.35, { parentId: 1, transmit: false }));
    client.place(3, stop('SELL', 100, 1.25, { parentId: 1 }));
    client.place(4, limit('BUY', 10, 1, { ocaGroup: 'g', ocaType: 1 }));
    desk.pass();
    client.place(4, limit('BUY', 12, 1.01, { ocaGroup: 'g', ocaType: 1 }));
    desk.does({ do: 'fill', orderRef: 'entry' });
    desk.pass();
    desk.does({ do: 'fill', orderId: 2, shares: 30 });
    desk.pass();
    client.cancel(4);
    desk.pass();
    client.leave();
    const before = asked(desk);
    expect(before.filter((line) => line.startsWith('orderStatus'))).toHaveLength(2);
    const again = start(LATER);
    expect(asked(again)).toEqual(before);
    again.does({ do: 'price', symbol: 'RIME', price: 1.36 });
    again.pass();
    expect(asked(again).filter((line) => line.startsWith('position '))).toEqual([]);
    expect(asked(start(LATER + 10_000))).toEqual(asked(again));
  });

  test('what the back office did', () => {
    const desk = start();
    const client = desk.client(1);
    client.place(1, market('BUY', 100));
    client.place(2, market('BUY', 10));
    desk.pass();
    const execIds = client
      .events()
      .filter(({ event }) => event === 'execDetails')
      .map(({ args }) => String(Reflect.get(Object(args[2]), 'execId')));
    desk.does({ do: 'bust', execId: execIds[0] ?? '' });
    desk.does({ do: 'correct', execId: execIds[1] ?? '', shares: 7 });
    desk.does({ do: 'foreignTrade', symbol: 'AAPL', action: 'SELL', shares: 5, price: 230 });
    desk.pass();
    client.leave();
    const before = asked(desk);
    expect(before).toContain('position DU1 AAPL -5 @ 230');
    expect(before).toContain('position DU1 RIME 7 @ 1.3');
    expect(asked(start(LATER))).toEqual(before);
  });

  test('a new day', () => {
    const desk = start();
    desk.client(1).place(1, market('BUY', 100));
    desk.pass();
    desk.does({ do: 'newDay' });
    desk.pass();
    const again = start(LATER);
    const client = again.client(1);
    client.ask((encoder) => encoder.reqExecutions(1, {}));
    client.ask((encoder) => encoder.reqCompletedOrders(false));
    expect(client.told()).toEqual(['execDetailsEnd 1', 'completedOrdersEnd']);
  });

  test('orders of TWS that were bound, and their numbers', () => {
    const desk = start();
    const zero = desk.client(0);
    const order = { do: 'manualOrder', symbol: 'RIME', action: 'BUY', orderType: 'LMT' } as const;
    desk.does({ ...order, quantity: 1, limitPrice: 1.1 });
    desk.pass();
    zero.ask((encoder) => encoder.reqOpenOrders());
    zero.leave();
    const before = asked(desk, 0);
    expect(before).toContain('orderStatus -2 Submitted 0/1');
    const again = start(LATER);
    expect(asked(again, 0)).toEqual(before);
    again.does({ ...order, quantity: 2, limitPrice: 1.1 });
    again.pass();
    expect(asked(again, 0)).toContain('orderStatus -3 Submitted 0/2');
  });

  test('what somebody at the controls had changed', () => {
    const desk = start();
    desk.does({ do: 'oca', blocks: false });
    desk.does({ do: 'delayCancels', ms: 5000 });
    desk.does({ do: 'price', symbol: 'RIME', price: 1.5 });
    const again = start(LATER);
    const client = again.client(1);
    client.place(1, limit('BUY', 1, 1));
    again.pass();
    client.cancel(1);
    again.pass();
    expect(client.told().at(-1)).toBe('orderStatus 1 PendingCancel 0/1');
    client.place(2, market('BUY', 1));
    again.pass();
    expect(client.told()).toContain('execDetails 2 BOT 1 @ 1.5 cum 1');
  });

  test('faults: the same draws, the same words', () => {
    const faults = { correct: 0.5, correctMs: 100, fillAfterCancel: 0.5 };
    const options = { venue: { seed: 7, faults } };
    const desk = start(OPENING, options);
    const client = desk.client(1);
    for (let id = 1; id <= 20; id += 1)
      client.place(id, limit('BUY', 10, id % 2 === 0 ? 1.3 : 1.2));
    desk.pass();
    for (let id = 1; id <= 20; id += 2) client.cancel(id);
    desk.pass();
    client.leave();
    expect(asked(start(LATER, options))).toEqual(asked(desk));
  });

  test('a start at an earlier time than what is stored goes on from there', () => {
    const desk = start(LATER);
    desk.client(1).place(1, limit('BUY', 100, 1.2));
    desk.pass();
    const again = start(OPENING);
    expect(again.does({ do: 'show' })).toMatchObject({ now: '2026-02-12T15:30:00.000Z' });
  });
});

describe('the next valid id', () => {
  test('is above all that was used, or with --roll-back-ids what the client began with', () => {
    const desk = start();
    const client = desk.client(1);
    client.place(38_099, limit('BUY', 1, 1));
    desk.pass();
    client.leave();
    const second = desk.client(1);
    expect(second.events()[1]?.args).toEqual([38_100]);
    for (const id of [38_100, 38_101]) second.place(id, limit('BUY', 1, 1));
    desk.pass();
    const stored = readFileSync(file());
    const rolled = start(LATER, { rollsBackIds: true });
    expect(rolled.client(1).events()[1]?.args).toEqual([38_100]);
    writeFileSync(file(), stored);
    expect(start(LATER).client(1).events()[1]?.args).toEqual([38_102]);
  });

  test('rolled back is one that is used already: it means the order that has it', () => {
    const desk = start();
    const client = desk.client(1);
    client.place(1, limit('BUY', 100, 1.2));
    desk.pass();
    const again = start(LATER, { rollsBackIds: true });
    const back = again.client(1);
    expect(back.events()[1]?.args).toEqual([1]);
    back.place(1, stop('SELL', 100, 1.25));
    again.pass();
    expect(back.told()).toEqual([
      'error 1 105 Order being modified does not match original order.',
    ]);
  });
});

describe('a file', () => {
  const stored = (): string => readFileSync(file(), 'utf8');

  test('whose last line was cut off goes on without it, and is whole again', () => {
    const desk = start();
    desk.client(1).place(1, limit('BUY', 100, 1.2));
    desk.pass();
    const whole = stored();
    writeFileSync(file(), `${whole}{"at":17707`);
    expect(asked(start(LATER))).toContain('orderStatus 1 Submitted 0/100');
    expect(stored().startsWith(whole)).toBe(true);
    expect(stored()).not.toContain('17707"');
    for (const line of stored().trimEnd().split('\n')) JSON.parse(line);
  });

  test.each([
    [
      'of something else',
      () => '{"seq":1}\n',
      /is not a state of the gateway\. Name another file, or a new one$/,
    ],
    [
      'of a gateway with other options',
      () => stored().replace('as made', 'otherwise'),
      /state\.jsonl \S/,
    ],
    [
      'that is damaged in the middle',
      () => stored().replace('"at"', '"ta"'),
      /state\.jsonl:\d+ is damaged$/,
    ],
  ])('%s is refused', (_what, text, reason) => {
    const desk = start();
    desk.client(1).place(1, limit('BUY', 100, 1.2));
    writeFileSync(file(), text());
    expect(openStore(file(), 'as made')).toMatchObject({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });
});
