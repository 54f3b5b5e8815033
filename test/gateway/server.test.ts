/** What the sockets themselves put up with: a client that does not read, a line without end. */
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { listenForControl } from '../../src/gateway/server.ts';
import { createFrameReader, frameOf, placeOrderFields } from '../../src/simulator/wire.ts';
import { openConnected } from './connected.ts';
import { helloBytes } from './desk.ts';

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

async function connected(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  closings.push(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

describe('what waits for a client', () => {
  /** An answer of 900,000 bytes to a question of eight. */
  const LONG = 'x'.repeat(900_000);
  const ASKS = 100;
  const question = frameOf(['5', '1']);

  async function opened() {
    const lines: string[] = [];
    const gateway = await openConnected({
      rateLimit: Number.POSITIVE_INFINITY,
      log: (line) => lines.push(line),
    });
    closings.push(gateway.close);
    /** A client with an order whose every echo is long. */
    const asking = async (clientId: number): Promise<Socket> => {
      const socket = await connected(gateway.port);
      const price = { orderType: 'LMT', lmtPrice: 1, tif: 'DAY' };
      const order = { action: 'BUY', totalQuantity: 1, ...price, transmit: true, orderRef: LONG };
      const placed = { orderId: 1, contract: { symbol: 'RIME' }, order };
      const start = frameOf(['71', '2', String(clientId), '']);
      socket.write(Buffer.concat([helloBytes(), start, frameOf(placeOrderFields(placed, 193))]));
      return socket;
    };
    const clients = (): unknown => gateway.does({ do: 'show' }).clients;
    return { lines, asking, clients };
  }

  test('is 64 MiB at most, if it does not read: then it is cut off, and the operator told', async () => {
    const { lines, asking, clients } = await opened();
    const silent = await asking(1);
    silent.pause();
    await expect.poll(clients).toEqual([1]);
    for (let asked = 0; asked < ASKS; asked += 1) silent.write(question);
    await expect.poll(clients, { timeout: 10_000 }).toEqual([]);
    expect(lines).toHaveLength(1);
    const [, waiting] = /does not read: (\d+) bytes wait for it$/.exec(lines[0] ?? '') ?? [];
    expect(Number(waiting)).toBeGreaterThan(64 * 1024 * 1024);
    expect(Number(waiting)).toBeLessThan(66 * 1024 * 1024);
  }, 20_000);

  test('is as much as it likes, if it reads', async () => {
    const { lines, asking, clients } = await opened();
    const reading = await asking(2);
    const reader = createFrameReader();
    let ends = 0;
    let bytes = 0;
    await new Promise<void>((resolve) => {
      reading.on('data', (chunk) => {
        bytes += chunk.length;
        for (const framed of reader.push(chunk)) {
          if (framed.kind !== 'frame' || framed.fields[0] !== '53') continue;
          ends += 1;
          if (ends === ASKS) resolve();
          else reading.write(question);
        }
      });
      reading.write(question);
    });
    expect(bytes).toBeGreaterThan(64 * 1024 * 1024);
    expect(clients()).toEqual([2]);
    expect(lines).toEqual([]);
  }, 20_000);
});

describe('a line for the controls', () => {
  const MIB = 1024 * 1024;

  async function controls() {
    const lines: string[] = [];
    const listening = await listenForControl(0, (line) => {
      lines.push(line);
      return { ok: true };
    });
    closings.push(listening.close);
    const socket = await connected(listening.port);
    let told = '';
    socket.setEncoding('utf8').on('data', (text) => {
      told += text;
    });
    return { lines, port: listening.port, socket, told: () => told };
  }

  const TOO_LONG = '{"ok":false,"error":"a line is 1 MiB at most"}\n';

  test.each([
    ['that has come to its end', '\n'],
    ['that has not', ''],
  ])(
    'is 1 MiB at most: a longer one %s is refused, and nothing behind it is carried out',
    async (_what, end) => {
      const { lines, port, socket, told } = await controls();
      socket.write(`{"do":"show"}\n${'x'.repeat(MIB + 1)}${end}`);
      await expect.poll(told).toBe(`{"ok":true}\n${TOO_LONG}`);
      socket.write('\n{"do":"stop"}\n');
      const next = await connected(port);
      next.write('{}\n');
      await once(next, 'data');
      expect(lines).toEqual(['{"do":"show"}', '{}']);
      expect(told()).toBe(`{"ok":true}\n${TOO_LONG}`);
    },
  );

  test('of 1 MiB is carried out', async () => {
    const { lines, socket, told } = await controls();
    socket.write(`${'x'.repeat(MIB)}\n`);
    await expect.poll(told).toBe('{"ok":true}\n');
    expect(lines.map((line) => line.length)).toEqual([MIB]);
  });
});
