/**
 * 10,000 strangers, one after another, each with a few requests as no client should send them, beside
 * a client that does nothing wrong. It is served all the while, and nothing is kept of who is gone.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { VERSIONS } from '../simulator/wire-client.ts';
import { limit, market, openDesk } from './desk.ts';
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

test('whatever strangers ask, a healthy client is served, and memory does not grow', () => {
  const desk = openDesk({ rateLimit: 50, symbols: ['RIME', 'AAPL', 'MSFT'] });
  const { request, below, pick } = stranger(20_260_212, { orders: 80 });
  const heard = new Map<string, number>();
  const sizes: number[] = [];
  let healthy = desk.client(1000);
  let nextId = 1;
  const serve = (): void => {
    // It remembers all that it hears; a new connection of it begins with nothing.
    healthy.leave();
    healthy = desk.client(1000);
    expect(healthy.events()[1]?.args).toEqual([nextId]);
    const msft = { symbol: 'MSFT' };
    healthy.place(nextId, market('BUY', 10), msft);
    healthy.place(nextId + 1, limit('SELL', 10, 900), msft);
    desk.pass(1000);
    healthy.cancel(nextId + 1);
    desk.pass(1000);
    expect(healthy.told().filter((line) => / Filled | Cancelled /.test(line))).toEqual([
      `orderStatus ${nextId} Filled 10/0`,
      `orderStatus ${nextId + 1} Cancelled 0/10`,
    ]);
    nextId += 2;
  };
  desk.does({ do: 'price', symbol: 'MSFT', price: 400 });
  for (let count = 0; count < STRANGERS; count += 1) {
    const client = desk.connection();
    client.greet(`v100..${pick([...VERSIONS] as [number, ...number[]])}`);
    if (below(20) > 0) client.fields('71', '2', String(below(5)), '');
    for (let asked = below(6); asked >= 0; asked -= 1) client.send(request(client.version()));
    desk.pass(below(40));
    if (count % 50 === 0)
      desk.does({ do: 'price', symbol: 'RIME', price: (120 + below(20)) / 100 });
    for (const message of client.messages()) heard.set(message, (heard.get(message) ?? 0) + 1);
    client.leave();
    if (count % 250 === 249) serve();
    if (count % (STRANGERS / 4) === STRANGERS / 4 - 1) sizes.push(inUse());
  }
  const [, half = 0, , all = 0] = sizes;
  expect(all - half).toBeLessThan(2_000_000);
  // It was not all of one kind: every answer to a request was given, and there was trading.
  const seldom = [...ANSWERS].filter(([number]) => (heard.get(number) ?? 0) < 50);
  expect(seldom).toEqual([]);
  expect(desk.gateway.fills()).toBeGreaterThan(100);
  expect(desk.does({ do: 'show' })).toMatchObject({ clients: [1000] });
}, 60_000);
