/**
 * The simulated gateway as its clients see it, over TCP on loopback: a gateway as a process of its
 * own, and a client without a library's ballast in this one.
 *
 *     messages   one client places and cancels, some orders at a time: what is sent and heard a second
 *     fills      shares that trade at the venue, one by one, heard as executions: with a few orders
 *                open beside, and with ten thousand
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createFrameReader, frameOf, placeOrderFields } from '../simulator/wire.ts';
import { type Spread, spreadOf } from './steps.ts';

const COMMAND = fileURLToPath(new URL('../cli/interlock.js', import.meta.url));

export type GatewayMeasured = {
  readonly rounds: number;
  /** Messages about orders that the client sent and heard, together, a second. */
  readonly messagesPerSecond: Spread;
  /** Of those, placements and cancels. */
  readonly requestsPerSecond: Spread;
  /** Beside few open orders, and beside many. */
  readonly fillsPerSecond: { readonly few: Spread; readonly many: Spread };
  readonly openOrders: { readonly few: number; readonly many: number };
};

const FEW = 10;
const MANY = 10_000;
/** Placed and cancelled in one round, so many at a time. */
const ORDERS = 5_000;
const AT_A_TIME = 100;
const FILLS = 2_000;

export async function measureGateway(
  rounds: number,
  progress: (line: string) => void,
): Promise<GatewayMeasured> {
  const gateway = await started();
  try {
    const client = await connected(gateway.port);
    const control = await controlled(gateway.controlPort);
    const messages: number[] = [];
    const requests: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      progress(`gateway: placing and cancelling, ${round === 0 ? 'warming up' : `round ${round}`}`);
      const { seconds, heard } = await placeAndCancel(client);
      if (round === 0) continue;
      messages.push((heard + 2 * ORDERS) / seconds);
      requests.push((2 * ORDERS) / seconds);
    }
    const few = await fillBeside(client, control, FEW, rounds, progress);
    const many = await fillBeside(client, control, MANY, rounds, progress);
    return {
      rounds,
      messagesPerSecond: spreadOf(messages),
      requestsPerSecond: spreadOf(requests),
      fillsPerSecond: { few, many },
      openOrders: { few: FEW, many: MANY },
    };
  } finally {
    gateway.child.kill('SIGTERM');
    await once(gateway.child, 'exit');
  }
}

type Started = {
  readonly child: ChildProcess;
  readonly port: number;
  readonly controlPort: number;
};

async function started(): Promise<Started> {
  const ports = ['--port', '0', '--control-port', '0', '--json'];
  const child = spawn(
    process.execPath,
    [COMMAND, 'gateway', ...ports, '--no-rate-limit', '--latency', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = await once(child.stdout, 'data');
  const { port, controlPort } = JSON.parse(String(line));
  return { child, port, controlPort };
}

// ── a client ─────────────────────────────────────────────────────────────────────────────────

type Listener = (fields: readonly string[]) => void;

type Client = {
  readonly socket: Socket;
  /** Whoever is told every message now. */
  listener: Listener;
  nextId: number;
};

const VERSION = 193;

async function connected(port: number): Promise<Client> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const versions = Buffer.from('v100..193');
  const length = Buffer.alloc(4);
  length.writeInt32BE(versions.length);
  socket.write(Buffer.concat([Buffer.from('API\0'), length, versions]));
  const client: Client = { socket, listener: () => {}, nextId: 0 };
  const reader = createFrameReader();
  socket.on('data', (bytes) => {
    for (const framed of reader.push(bytes)) {
      if (framed.kind === 'frame') client.listener(framed.fields);
    }
  });
  await heard(client, () => true);
  socket.write(frameOf(['71', '2', '1', '']));
  await heard(client, ([id, , next]) => {
    if (id !== '9') return false;
    client.nextId = Number(next);
    return true;
  });
  return client;
}

/** Waits for a message that `is` it. */
function heard(client: Client, is: (fields: readonly string[]) => boolean): Promise<void> {
  return new Promise((resolve) => {
    client.listener = (fields) => {
      if (is(fields)) resolve();
    };
  });
}

const CONTRACT = { symbol: 'RIME', secType: 'STK', exchange: 'SMART', currency: 'USD' };

/** A limit that nobody comes near to: the order rests. */
const placement = (orderId: number, totalQuantity: number): Buffer =>
  frameOf(
    placeOrderFields(
      {
        orderId,
        contract: CONTRACT,
        order: {
          action: 'SELL',
          totalQuantity,
          orderType: 'LMT',
          lmtPrice: 1000,
          tif: 'GTC',
          transmit: true,
          orderRef: `bench.${orderId}`,
        },
      },
      VERSION,
    ),
  );

const cancellation = (orderId: number): Buffer => frameOf(['4', orderId, '', '', '2147483647']);

const [ORDER_STATUS, ERROR, OPEN_ORDER, EXECUTION] = ['3', '4', '5', '11'];

async function placeAndCancel(client: Client): Promise<{ seconds: number; heard: number }> {
  const { socket } = client;
  let placed = 0;
  let over = 0;
  let messages = 0;
  const place = (): void => {
    placed += 1;
    socket.write(placement(client.nextId, 1));
    client.nextId += 1;
  };
  const from = process.hrtime.bigint();
  const done = heard(client, ([kind, id, status]) => {
    if (kind === ORDER_STATUS || kind === OPEN_ORDER || kind === ERROR) messages += 1;
    if (kind !== ORDER_STATUS) return false;
    if (status === 'Submitted') socket.write(cancellation(Number(id)));
    if (status !== 'Cancelled') return false;
    over += 1;
    if (placed < ORDERS) place();
    return over === ORDERS;
  });
  socket.cork();
  for (let n = 0; n < AT_A_TIME; n++) place();
  socket.uncork();
  await done;
  return { seconds: Number(process.hrtime.bigint() - from) / 1e9, heard: messages };
}

// ── fills ────────────────────────────────────────────────────────────────────────────────────

async function controlled(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.resume();
  return socket;
}

async function fillBeside(
  client: Client,
  control: Socket,
  open: number,
  rounds: number,
  progress: (line: string) => void,
): Promise<Spread> {
  progress(`gateway: opening ${open.toLocaleString('en-US')} orders`);
  const first = client.nextId;
  let working = 0;
  const all = heard(client, ([kind, , status]) => {
    if (kind === ORDER_STATUS && status === 'Submitted') working += 1;
    return working === open;
  });
  for (let n = 0; n < open; n++) {
    client.socket.write(placement(client.nextId, 1_000_000));
    client.nextId += 1;
  }
  await all;
  const rates: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    progress(`gateway: fills beside ${open.toLocaleString('en-US')} orders, round ${round}`);
    let executions = 0;
    const from = process.hrtime.bigint();
    const done = heard(client, ([kind]) => {
      if (kind === EXECUTION) executions += 1;
      return executions === FILLS;
    });
    for (let n = 0; n < FILLS; n++) {
      const orderId = first + (n % open);
      control.write(`${JSON.stringify({ do: 'fill', clientId: 1, orderId, shares: 1 })}\n`);
    }
    await done;
    if (round > 0) rates.push(FILLS / (Number(process.hrtime.bigint() - from) / 1e9));
  }
  return spreadOf(rates);
}
