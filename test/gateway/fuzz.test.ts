/**
 * 10,000 strangers, one after another, each with a few requests at random, and 100,000 frames as no
 * client should send them, beside a client that does nothing wrong. It is served all the while, and
 * nothing is kept of who is gone.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { VERSIONS } from '../simulator/wire-client.ts';
import { type Desk, limit, market, openDesk } from './desk.ts';
import { stranger } from './strangers.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Bytes in use, once what is not needed has gone. */
function inUse(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const STRANGERS = 10_000;

/** Messages by their number on the wire. */
const ANSWERS: ReadonlyMap<string, string> = new Map([
  ...[
    ['1', 'tickPrice'],
    ['3', 'orderStatus'],
    ['4', 'error'],
    ['5', 'openOrder'],
  ],
  ...[
    ['6', 'updateAccountValue'],
    ['9', 'nextValidId'],
    ['10', 'contractDetails'],
  ],
  ...[
    ['11', 'execDetails'],
    ['15', 'managedAccounts'],
    ['49', 'currentTime'],
  ],
  ...[
    ['53', 'openOrderEnd'],
    ['55', 'execDetailsEnd'],
    ['59', 'commissionReport'],
  ],
  ...[
    ['61', 'position'],
    ['63', 'accountSummary'],
    ['101', 'completedOrder'],
  ],
] as [string, string][]);

/** A client that does nothing wrong, and is served as if it were alone. */
function healthy(desk: Desk): () => void {
  const msft = { symbol: 'MSFT' };
  desk.does({ do: 'price', symbol: 'MSFT', price: 400 });
  let client = desk.client(1000);
  let nextId = 1;
  return () => {
    // It remembers all that it hears; a new connection of it begins with nothing.
    client.leave();
    client = desk.client(1000);
    expect(client.events()[1]?.args).toEqual([nextId]);
    client.place(nextId, market('BUY', 10), msft);
    client.place(nextId + 1, limit('SELL', 10, 900), msft);
    desk.pass(1000);
    client.cancel(nextId + 1);
    desk.pass(1000);
    expect(client.told().filter((line) => / Filled | Cancelled /.test(line))).toEqual([
      `orderStatus ${nextId} Filled 10/0`,
      `orderStatus ${nextId + 1} Cancelled 0/10`,
    ]);
    nextId += 2;
  };
}

/** Bytes in use after half of it, and how many more they are at its end. */
function grown(sizes: readonly number[]): number {
  const [, half = 0, , all = 0] = sizes;
  return all - half;
}

const versions = [...VERSIONS] as [number, ...number[]];
const SYMBOLS = ['RIME', 'AAPL', 'MSFT'];

test('whatever strangers ask, a healthy client is served, and memory does not grow', () => {
  const desk = openDesk({ rateLimit: 50, symbols: SYMBOLS });
  const { request, below, pick } = stranger(20_260_212, { orders: 80 });
  const heard = new Map<string, number>();
  const sizes: number[] = [];
  const serve = healthy(desk);
  let sequences = 0;
  while (sequences < STRANGERS) {
    const client = desk.connection();
    client.greet(`v100..${pick(versions)}`);
    if (below(20) > 0) client.fields('71', '2', String(below(5)), '');
    for (let asked = below(6); asked >= 0; asked -= 1) client.send(request(client.version()));
    desk.pass(below(40));
    if (sequences % 50 === 0)
      desk.does({ do: 'price', symbol: 'RIME', price: (120 + below(20)) / 100 });
    for (const message of client.messages()) heard.set(message, (heard.get(message) ?? 0) + 1);
    client.leave();
    sequences += 1;
    if (sequences % 250 === 0) serve();
    if (sequences % (STRANGERS / 4) === 0) sizes.push(inUse());
  }
  expect(sequences).toBeGreaterThanOrEqual(10_000);
  expect(grown(sizes)).toBeLessThan(2_000_000);
  // It was not all of one kind: every answer to a request was given, and there was trading.
  const seldom = [...ANSWERS].filter(([number]) => (heard.get(number) ?? 0) < 50);
  expect(seldom).toEqual([]);
  expect(desk.gateway.fills()).toBeGreaterThan(100);
  expect(desk.does({ do: 'show' })).toMatchObject({ clients: [1000] });
}, 60_000);

const FRAMES = 100_000;

test('of 100,000 frames that are wrong none disturbs a healthy client, or stays', () => {
  const desk = openDesk({ symbols: SYMBOLS });
  const wrong = stranger(693, { orders: 80, spoils: 1, breaks: 0 });
  const lost = stranger(705, { orders: 80, spoils: 1, breaks: 1 });
  const serve = healthy(desk);
  const sizes: number[] = [];
  const mutated = (): number => wrong.mutated() + lost.mutated();
  const codes = new Map<string, number>();
  while (mutated() < FRAMES) {
    const client = desk.connection();
    client.greet(`v100..${wrong.pick(versions)}`);
    client.fields('71', '2', String(wrong.below(5)), '');
    // The last one may put the stream out of step: behind it nothing would be a frame.
    for (let sent = 0; sent < 99; sent += 1) client.send(wrong.request(client.version()));
    client.send(lost.request(client.version()));
    client.leave();
    for (const code of client.errors()) codes.set(code, (codes.get(code) ?? 0) + 1);
    if (mutated() >= (sizes.length + 1) * (FRAMES / 4)) {
      desk.pass(1000);
      const tidy = desk.client(0);
      tidy.ask((encoder) => encoder.reqGlobalCancel({}));
      tidy.leave();
      serve();
      sizes.push(inUse());
    }
  }
  expect(mutated()).toBeGreaterThanOrEqual(100_000);
  expect(grown(sizes)).toBeLessThan(2_000_000);
  for (const code of ['320', '321', '507']) expect(codes.get(code) ?? 0, code).toBeGreaterThan(100);
}, 60_000);
