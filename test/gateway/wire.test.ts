/** The way in: greetings, versions, and frames as no client should send them. */
import { Buffer } from 'node:buffer';
import { connect } from 'node:net';
import { IBApi } from '@stoqey/ib';
import { afterEach, describe, expect, test } from 'vitest';
import { frameOf } from '../../src/simulator/wire.ts';
import { VERSIONS } from '../simulator/wire-client.ts';
import { clientOf, openConnected } from './connected.ts';
import { helloBytes, limit, openDesk } from './desk.ts';

describe('a greeting', () => {
  test.each([
    ['v100..193', 193],
    ['v100..180', 180],
    ['v177', 177],
    ['v150..200 +PACEAPI', 193],
  ])('%s is answered with the newest version that both speak', (hello, version) => {
    const client = openDesk().connection();
    client.greet(hello);
    expect(client.version()).toBe(version);
    expect(client.bytes().toString()).toContain('20260212 09:30:00 EST');
  });

  // The first is that of `ib-tws-api`.
  const others = ['v100..151', 'v100..176', 'v194..200', 'hello'];
  test.each(others)('%s ends the connection', (hello) => {
    const client = openDesk().connection();
    client.greet(hello);
    expect(client.ended()).toBe('closed');
    expect(client.bytes()).toHaveLength(0);
  });

  test('of a client that is too old tells the operator which versions are spoken', () => {
    const lines: string[] = [];
    const desk = openDesk({ ports: { log: (line) => lines.push(line) } });
    desk.connection().greet('v100..151');
    expect(lines).toEqual([
      'connection 1 is closed: it speaks v100..151, and v177..193 is spoken here',
    ]);
  });

  test('of something else than a TWS client ends the connection', () => {
    const client = openDesk().connection();
    client.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    expect(client.ended()).toBe('closed');
  });

  test('may come byte by byte', () => {
    const client = openDesk().connection();
    for (const byte of Buffer.concat([helloBytes(), frameOf(['71', '2', '5', ''])]))
      client.send(Buffer.of(byte));
    expect(client.told()[1]).toBe('nextValidId 1');
  });

  test.each([
    ['a request', ['61', '1']],
    ['nonsense', ['x']],
  ])('is followed by startApi: %s before it gets 321', (_what, fields) => {
    const client = openDesk().connection();
    client.greet();
    client.fields(...fields);
    expect(client.told()).toEqual([
      'info 321 Error validating request: the API has not been started.',
    ]);
    client.fields('71', '2', '5', '');
    expect(client.told()[1]).toBe('nextValidId 1');
  });

  test('and start are once only: 321', () => {
    const client = openDesk().client(1);
    client.fields('71', '2', '2', '');
    expect(client.told()).toEqual([
      'info 321 Error validating request: the API has been started already.',
    ]);
  });
});

describe('at every server version', () => {
  test.each(VERSIONS)('%i an order is read and told rightly', (serverVersion) => {
    const desk = openDesk({ serverVersion });
    const client = desk.client(1);
    expect(client.version()).toBe(serverVersion);
    client.place(1, limit('BUY', 100, 1.3, { orderRef: 'a', ocaGroup: 'g', ocaType: 2 }));
    desk.pass();
    client.ask((encoder) => encoder.reqExecutions(1, {}));
    client.ask((encoder) => encoder.reqCompletedOrders(false));
    client.cancel(1);
    client.ask((encoder) => encoder.reqGlobalCancel({}));
    desk.pass();
    // Live, and when asked: 2, liquidity was removed.
    const executions = client.events().filter(({ event }) => event === 'execDetails');
    const liquidity = executions.map(({ args }) => Reflect.get(Object(args[2]), 'lastLiquidity'));
    expect(liquidity).toEqual([2, 2]);
    expect(client.told()).toEqual([
      'orderStatus 1 PendingSubmit 0/100',
      'openOrder 1 BUY 100 RIME LMT 1.3 Submitted group g type 2',
      'orderStatus 1 Submitted 0/100',
      'execDetails 1 BOT 100 @ 1.3 cum 100',
      'commissionReport 1',
      'orderStatus 1 Filled 100/0',
      'execDetails 1 BOT 100 @ 1.3 cum 100',
      'commissionReport 1',
      'execDetailsEnd 1',
      'completedOrder BUY 100 RIME LMT Filled (Filled Size: 100)',
      'completedOrdersEnd',
      'error 1 10148 OrderId 1 that needs to be cancelled cannot be cancelled, state: Filled.',
    ]);
  });
});

describe('a bad frame', () => {
  const logged = () => {
    const lines: string[] = [];
    return { lines, desk: openDesk({ ports: { log: (line) => lines.push(line) } }) };
  };
  const framed = (length: number, body: Buffer): Buffer => {
    const head = Buffer.alloc(4);
    head.writeInt32BE(length);
    return Buffer.concat([head, body]);
  };
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['without a field', framed(0, Buffer.alloc(0)), /320/],
    ['of one empty field', frameOf(['']), /320/],
    ['whose message is no number', frameOf(['place', '1']), /320 Error reading request/],
    ['that is no text', framed(3, Buffer.of(0xc3, 0x28, 0)), /320 .* 3 bytes is no message/],
    ['whose last field does not end', framed(2, Buffer.from('61')), /320 .* 2 bytes is no message/],
    ['of an order that stops in the middle', frameOf(['3', '7', '0', 'RIME']), /^error 7 320 /],
    ['of a cancel without an id', frameOf(['4', '']), /320 .* orderId/],
    ['with more fields than it should have', frameOf(['61', '1', 'x']), /320 .* inExcess/],
    ['of a message that there is not', frameOf(['12345', '1']), /320 .*Message id 12345 is not/],
    [
      'that is too long to be a request',
      framed(2_000_000, Buffer.alloc(2_000_000)),
      /^info 507 Bad/,
    ],
  ];
  test.each(cases)('%s is answered, and the next one is served', (_what, bytes, said) => {
    const { desk, lines } = logged();
    const client = desk.client(1);
    client.send(bytes);
    const told = client.told();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(said);
    // The operator has the same, and whose it is.
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^connection 1 \(client 1\): (?:320|507) /);
    client.ask((encoder) => encoder.reqCurrentTime());
    expect(client.told()).toEqual([`currentTime ${Date.parse('2026-02-12T14:30:00Z') / 1000}`]);
    expect(client.ended()).toBe('');
  });

  test.each([0x7fffffff, -1])('of a length that cannot be, %i: 507, and it ends', (length) => {
    const { desk, lines } = logged();
    const [client, other] = [desk.client(1), desk.client(2)];
    client.send(framed(length, Buffer.alloc(10)));
    expect(client.told()).toEqual(['info 507 Bad Message Length.']);
    expect(client.ended()).toBe('closed');
    expect(lines).toEqual([
      `connection 1 (client 1): 507 Bad Message Length. A frame claims ${length} bytes.`,
      'connection 1 is closed: its stream is out of step',
    ]);
    client.ask((encoder) => encoder.reqCurrentTime());
    expect(client.told()).toEqual([]);
    other.ask((encoder) => encoder.reqCurrentTime());
    expect(other.told()).toHaveLength(1);
    expect(desk.client(1).told()).toEqual([]);
  });

  test('that is cut off in the middle gets 507, and ends with its connection', () => {
    const { desk, lines } = logged();
    const client = desk.client(1);
    client.send(frameOf(['61', '1']).subarray(0, 6));
    client.leave();
    expect(client.told()).toEqual(['info 507 Bad Message Length.']);
    expect(client.ended()).toBe('closed');
    expect(lines).toEqual([
      'connection 1 (client 1): 507 Bad Message Length. The stream ended within a frame, after 6 bytes of it.',
    ]);
    const again = desk.client(1);
    again.ask((encoder) => encoder.reqPositions());
    expect(again.told()).toEqual(['positionEnd']);
  });

  test('is none where a client hangs up between two', () => {
    const { desk, lines } = logged();
    const client = desk.client(1);
    client.leave();
    expect(client.told()).toEqual([]);
    expect(lines).toEqual([]);
  });

  test('before the start is told to the operator, too', () => {
    const { desk, lines } = logged();
    const client = desk.connection();
    client.greet();
    client.fields('61', '1');
    const greeting = desk.connection();
    greeting.send(helloBytes().subarray(0, 6));
    greeting.leave();
    desk.connection().leave();
    expect(lines).toEqual([
      'connection 1: 321 Error validating request: the API has not been started.',
      'connection 2 is closed: its greeting ended after 6 bytes',
    ]);
  });

  test('after a hundred of them has no line of its own any more', () => {
    const { desk, lines } = logged();
    const client = desk.client(1);
    for (let count = 0; count < 150; count += 1) client.fields('place', '1');
    expect(client.told()).toHaveLength(150);
    expect(lines).toHaveLength(100);
    expect(lines[99]).toMatch(/ Further ones of it are not shown\.$/);
    desk.client(2).fields('place', '1');
    expect(lines).toHaveLength(101);
  });
});

describe('over TCP', () => {
  const closings: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closings.splice(0)) await close();
  });

  test.each([177, 178, 187, 193])('a client at server version %i trades', async (serverVersion) => {
    const gateway = await openConnected({ serverVersion });
    closings.push(gateway.close);
    const client = await gateway.client(1);
    expect(client.api.serverVersion).toBe(serverVersion);
    const told = await client.until('orderStatus 1 Filled', (api) =>
      api.placeOrder(1, { symbol: 'RIME' }, limit('BUY', 100, 1.4)),
    );
    expect(told).toContain('execDetails 1 BOT 100 @ 1.3 cum 100');
  });

  test('only this machine is served', async () => {
    const gateway = await openConnected();
    closings.push(gateway.close);
    const code = await new Promise((resolve) => {
      const socket = connect(gateway.port, '127.0.0.2', () => resolve('connected'));
      socket.on('error', (error) => resolve(Reflect.get(error, 'code')));
      closings.push(async () => void socket.destroy());
    });
    expect(code).not.toBe('connected');
  });

  test('a stranger that says nonsense and hangs up disturbs nobody', async () => {
    const gateway = await openConnected();
    closings.push(gateway.close);
    const client = await gateway.client(1);
    const ends = [Buffer.from('\0\0\0'), helloBytes(), Buffer.alloc(300_000, 7)].map(
      (bytes) =>
        new Promise<void>((resolve) => {
          const socket = connect(gateway.port, '127.0.0.1', () => socket.end(bytes));
          socket.on('error', () => {}).on('close', () => resolve());
          socket.resume();
        }),
    );
    await Promise.all(ends);
    expect(await client.until('currentTime', (api) => api.reqCurrentTime())).toHaveLength(1);
  });

  test('who hangs up in the middle of a frame is told 507 before its connection ends', async () => {
    const gateway = await openConnected();
    closings.push(gateway.close);
    const socket = connect(gateway.port, '127.0.0.1');
    const start = frameOf(['71', '2', '5', '']);
    socket.end(Buffer.concat([helloBytes(), start, frameOf(['61', '1']).subarray(0, 6)]));
    let text = '';
    for await (const bytes of socket) text += bytes;
    const told = frameOf(['4', '2', '-1', '507', 'Bad Message Length.', '']).toString();
    expect(text.slice(-told.length)).toBe(told);
  });

  test('a gateway that closes is told to its clients', async () => {
    const gateway = await openConnected();
    const api = new IBApi({ host: '127.0.0.1', port: gateway.port, clientId: 1 });
    const client = clientOf(api);
    await client.until('info 2158', () => api.connect());
    const ended = client.until('disconnected');
    await gateway.close();
    expect((await ended).at(-1)).toBe('disconnected');
  });
});
