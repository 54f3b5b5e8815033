/** The adapter's connection: when it is ready, how it ends, and that nothing is sent beyond its end. */
import { afterEach, describe, expect, it } from 'vitest';
import { createIbBroker, type IbOptions } from '../../src/ib/broker.ts';
import { systemClock } from '../../src/router/clock.ts';
import { answers } from '../../src/simulator/wire.ts';
import { place, ticket } from '../simulator/driving.ts';
import { type Hearing, hearing } from './hearing.ts';
import { manualClock } from './manual-clock.ts';
import { type Script, type Scripted, scripted } from './scripted.ts';

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

async function tws(script: Script = {}): Promise<Scripted> {
  const server = await scripted(script);
  closings.push(server.close);
  return server;
}

function client(port: number, options: Partial<IbOptions> = {}): Hearing {
  const broker = createIbBroker({
    host: '127.0.0.1',
    port,
    clientId: 1,
    clock: systemClock,
    ...options,
  });
  closings.push(broker.disconnect);
  return hearing(broker);
}

const started = (asked: Scripted['asked']): readonly string[] => asked.map(({ kind }) => kind);

/** Until what was written has arrived: a question is answered after it. */
async function settled(heard: Hearing): Promise<void> {
  heard.mark();
  heard.broker.send({ request: 'reqOpenOrders' });
  await heard.word('openOrderEnd');
}

const ends: Script['answer'] = ({ kind }) =>
  kind === 'reqAllOpenOrders' ? [answers.openOrderEnd()] : [];

describe('is ready', () => {
  const accounts = answers.managedAccounts(['DU1', 'DU2']);
  const nextId = answers.nextValidId(41);

  it.each([
    ['accounts first', [accounts, nextId]],
    ['order id first', [nextId, accounts]],
  ])('when both have been told: %s', async (_, hello) => {
    const { port } = await tws({ hello });
    const heard = client(port);
    expect(await heard.connect()).toEqual({
      nextOrderId: 41,
      accounts: ['DU1', 'DU2'],
      serverVersion: 193,
    });
  });

  it.each([
    ['no order id', [accounts]],
    ['no accounts', [nextId]],
  ])('not with %s: it gives up in time', async (_, hello) => {
    const { port, starts } = await tws({ hello });
    const clock = manualClock();
    const heard = client(port, { clock, readyWithinMs: 2_000 });
    void heard.connect().catch(() => {});
    while (starts() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard.log).toEqual([]);
    expect(clock.waiting()).toBe(1);
    clock.pass(2_000);
    expect(heard.reasons).toEqual(['the API was not ready within 2 seconds']);
  });

  it('and only then tells what it heard before', async () => {
    const farm = answers.error(-1, 2104, 'Market data farm connection is OK:usfarm');
    const { port } = await tws({ hello: [farm, accounts, nextId] });
    const heard = client(port);
    await heard.connect();
    await heard.word('error');
    expect(heard.log).toEqual(['connected', 'error']);
  });

  it('to be asked within the telling', async () => {
    const server = await tws({ answer: ends });
    const { broker } = client(server.port);
    const heard: string[] = [];
    await new Promise<void>((resolve) => {
      broker.connect({
        connected: () => {
          broker.send(place(ticket(100)));
          broker.send({ request: 'reqOpenOrders' });
        },
        heard: ({ word }) => resolve(void heard.push(word)),
        withheld: ({ because }) => resolve(void heard.push(because)),
        disconnected: (reason) => resolve(void heard.push(reason)),
      });
    });
    expect(heard).toEqual(['openOrderEnd']);
    expect(started(server.asked)).toEqual(['placeOrder', 'reqAllOpenOrders']);
  });

  it('once: a later order id is no second session', async () => {
    const server = await tws({ answer: ends });
    const heard = client(server.port);
    await heard.connect();
    server.say(answers.nextValidId(500));
    await settled(heard);
    expect(heard.sessions).toHaveLength(1);
  });
});

describe('says why there is no connection', () => {
  it('when nobody listens', async () => {
    const { port, close } = await scripted();
    close();
    const clock = manualClock();
    const heard = client(port, { clock });
    void heard.connect().catch(() => {});
    expect(await heard.ended()).toBe(
      `a connection to 127.0.0.1:${port} could not be made: connect ECONNREFUSED 127.0.0.1:${port}`,
    );
    expect(clock.waiting()).toBe(0);
  });

  it('when the port is none', async () => {
    const heard = client(70_000);
    void heard.connect().catch(() => {});
    expect(await heard.ended()).toMatch(
      /^a connection to 127.0.0.1:70000 could not be made: .*70000/,
    );
  });

  it('when TWS is too old', async () => {
    const { port } = await tws({ version: 176 });
    const heard = client(port);
    void heard.connect().catch(() => {});
    expect(await heard.ended()).toBe(
      'TWS or IB Gateway is too old, update it: its server version is 176, and 177 is the least',
    );
  });

  it('when TWS is newer than the client library', async () => {
    const { port } = await tws({ version: 194 });
    const heard = client(port);
    void heard.connect().catch(() => {});
    expect(await heard.ended()).toMatch(/could not be made: 506 Unsupported Version 194$/);
  });

  it('when the client id is in use', async () => {
    const used = 'Unable to connect as the client id is already in use.';
    const server = await tws({ hello: [answers.error(-1, 326, used)] });
    const heard = client(server.port);
    void heard.connect().catch(() => {});
    while (server.starts() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    server.close();
    expect(await heard.ended()).toBe(
      `a connection to 127.0.0.1:${server.port} could not be made: 326 ${used}`,
    );
  });

  it('when the order ids have reached those of questions', async () => {
    const { port } = await tws({
      hello: [answers.managedAccounts(['DU1']), answers.nextValidId(2e9)],
    });
    const heard = client(port);
    void heard.connect().catch(() => {});
    expect(await heard.ended()).toMatch(/^the order ids of client 1 are used up/);
  });
});

describe('ends', () => {
  it('once, when asked to, and is silent then', async () => {
    const server = await tws();
    const heard = client(server.port);
    await heard.connect();
    heard.broker.disconnect();
    heard.broker.disconnect();
    server.say(answers.openOrderEnd());
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.connections()).toBe(0);
    expect(heard.log).toEqual(['connected', 'disconnected']);
    expect(heard.reasons).toEqual(['disconnected, as asked']);
  });

  it('when TWS is gone; and what did not leave is told with it', async () => {
    const server = await tws();
    const clock = manualClock();
    const heard = client(server.port, { clock, perSecond: 1 });
    await heard.connect();
    heard.broker.send(place(ticket(100)));
    heard.broker.send(place(ticket(101)));
    server.cut();
    expect(await heard.ended()).toMatch(/^the connection to 127.0.0.1:\d+ was lost/);
    expect(heard.log).toEqual(['connected', 'disconnected']);
    expect(clock.waiting()).toBe(0);
    expect(heard.withheld).toMatchObject([{ request: { ticket: { orderId: 101 } }, unborn: true }]);
  });

  it('with what was beyond the limit told before, and no order of before us called unsent', async () => {
    const server = await tws();
    const options = { clock: manualClock(), perSecond: 1, waitingMost: 1, lastOrderId: 101 };
    const heard = client(server.port, options);
    await heard.connect();
    for (const orderId of [100, 101, 102]) heard.broker.send(place(ticket(orderId)));
    heard.broker.disconnect();
    expect(heard.log).toEqual(['connected', 'withheld', 'disconnected']);
    expect(heard.withheld).toMatchObject([
      { request: { ticket: { orderId: 102 } }, unborn: true },
      { request: { ticket: { orderId: 101 } }, unborn: false },
    ]);
  });

  it('and may be asked for again only then', async () => {
    const server = await tws();
    const heard = client(server.port);
    expect(() => heard.broker.send(place(ticket(1)))).toThrow('connect first');
    await heard.connect();
    await expect(async () => heard.connect()).rejects.toThrow('disconnect first');
    heard.broker.disconnect();
    await heard.connect();
    expect(server.starts()).toBe(2);
  });
});

it('messages in one go arrive together: TCP does not wait for what came before', async () => {
  const spreads: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    const times: number[] = [];
    const server = await tws({
      answer: () => {
        times.push(performance.now());
        return [];
      },
    });
    const heard = client(server.port);
    await heard.connect();
    for (let orderId = 100; orderId < 104; orderId += 1) heard.broker.send(place(ticket(orderId)));
    while (times.length < 4) await new Promise((resolve) => setTimeout(resolve, 1));
    spreads.push((times[3] ?? 0) - (times[0] ?? 0));
  }
  // It would be 40 ms each time; one that is slow for other reasons proves nothing.
  expect(Math.min(...spreads)).toBeLessThan(20);
});

describe('what the client library fails at', () => {
  it('is withheld, and ends the connection: whether it would send it later is unknown', async () => {
    const server = await tws();
    const heard = client(server.port);
    await heard.connect();
    const orderRef = Symbol('no text') as unknown as string;
    heard.broker.send(place(ticket(100, { orderRef })));
    const failed = /^the client library failed: Cannot convert a Symbol value/;
    expect(await heard.ended()).toMatch(failed);
    expect(heard.withheld).toMatchObject([
      { unborn: true, because: expect.stringMatching(failed) },
    ]);
    expect(heard.log).toEqual(['connected', 'withheld', 'disconnected']);
    expect(server.asked).toEqual([]);
  });
});

describe('a thousand placements', () => {
  const flood = async () => {
    const server = await tws({ answer: ends });
    const clock = manualClock();
    const heard = client(server.port, { clock });
    await heard.connect();
    for (let orderId = 100; orderId < 1_100; orderId += 1)
      heard.broker.send(place(ticket(orderId)));
    return { server, clock, heard };
  };

  /** Until so many have arrived. */
  const arrived = async ({ asked }: Scripted, count: number): Promise<void> => {
    for (let i = 0; i < 500 && asked.length < count; i += 1)
      await new Promise((resolve) => setTimeout(resolve, 2));
    expect(asked).toHaveLength(count);
  };

  it('a cancel of a live order arrives right after the 45 that had left', async () => {
    const { server, heard } = await flood();
    heard.broker.send({ request: 'cancelOrder', orderId: 100 });
    await arrived(server, 46);
    expect(server.asked.at(-1)).toMatchObject({ kind: 'cancelOrder', orderId: 100 });
  });

  it('a cancel of one that waits drops it: neither arrives', async () => {
    const { server, heard, clock } = await flood();
    heard.broker.send({ request: 'cancelOrder', orderId: 600 });
    expect(heard.withheld).toMatchObject([{ unborn: true, request: { ticket: { orderId: 600 } } }]);
    clock.pass(60_000);
    await arrived(server, 999);
    expect(server.asked.filter((one) => 'orderId' in one && one.orderId === 600)).toEqual([]);
  });

  it('nothing arrives after a cut, nor when it is connected again', async () => {
    const { server, heard, clock } = await flood();
    await arrived(server, 45);
    server.cut();
    await heard.ended();
    expect(heard.withheld).toHaveLength(955);
    heard.broker.send(place(ticket(2_000)));
    heard.broker.send({ request: 'reqPositions' });
    clock.pass(60_000);
    await heard.connect();
    clock.pass(60_000);
    await settled(heard);
    // What the client library would have sent again by itself would have come before the question.
    expect(started(server.asked.slice(45))).toEqual(['reqAllOpenOrders']);
    expect(server.starts()).toBe(2);
  });

  it('nor of what was asked for between the cut and the moment when it was noticed', async () => {
    const { server, heard, clock } = await flood();
    await arrived(server, 45);
    server.cut();
    heard.broker.send({ request: 'cancelOrder', orderId: 100 });
    await heard.ended();
    await heard.connect();
    clock.pass(60_000);
    await settled(heard);
    expect(started(server.asked.slice(45))).toEqual(['reqAllOpenOrders']);
  });
});

describe('what the client library cannot decode', () => {
  const connected = async () => {
    const server = await tws();
    const heard = client(server.port);
    await heard.connect();
    return { server, heard };
  };

  it.each([
    ['is no JSON', 'not JSON'],
    ['has a quotation mark as an escape', '{"a":"\\u0022"}'],
  ])(
    'a rejection whose reason %s is the error all the same, and what follows is heard',
    async (_, reject) => {
      const { server, heard } = await connected();
      server.say(
        answers.error(101, 201, 'Order rejected - reason:no', reject),
        answers.positionEnd(),
      );
      await heard.word('positionEnd');
      expect(heard.words).toEqual([
        { word: 'error', id: 101, code: 201, message: 'Order rejected - reason:no' },
        { word: 'positionEnd' },
      ]);
    },
  );

  it('a message that is too short or unknown is told by the library, with its text', async () => {
    const { server, heard } = await connected();
    server.say(['62'], ['999', '1'], answers.openOrderEnd());
    await heard.word('openOrderEnd');
    expect(heard.words.map((one) => (one.word === 'error' ? one.message : one.word))).toEqual([
      expect.stringMatching(/^Underrun error on POSITION_END/),
      expect.stringMatching(/^No parser implementation found for token: undefined \(999\)/),
      expect.stringMatching(/^Decoding error on undefined: unprocessed data/),
      'openOrderEnd',
    ]);
  });

  it('a listener that throws ends neither the reading nor the connection', async () => {
    const server = await tws();
    const broker = createIbBroker({
      host: '127.0.0.1',
      port: server.port,
      clientId: 1,
      clock: systemClock,
    });
    closings.push(broker.disconnect);
    const thrown: unknown[] = [];
    const rest = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    const heard: string[] = [];
    await new Promise<void>((resolve) => {
      broker.connect({
        connected: () => server.say(answers.openOrderEnd(), answers.positionEnd()),
        heard: ({ word }) => {
          heard.push(word);
          if (word === 'positionEnd') resolve();
          else throw new Error('a defect of the listener');
        },
        withheld: () => {},
        disconnected: () => {},
      });
    });
    process.removeAllListeners('uncaughtException');
    for (const one of rest) process.on('uncaughtException', one);
    expect(heard).toEqual(['openOrderEnd', 'positionEnd']);
    expect(thrown).toMatchObject([{ message: 'a defect of the listener' }]);
  });
});
