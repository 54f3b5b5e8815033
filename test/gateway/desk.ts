/**
 * A gateway without sockets, in stepped time, and clients of it: bytes are handed over, and what
 * comes back is decoded by `@stoqey/ib` and told in lines that a trader can read.
 */
import { Buffer } from 'node:buffer';
import {
  type Contract,
  type Order,
  OrderAction,
  OrderType,
  SecType,
  TimeInForce,
} from '@stoqey/ib';
import type { Encoder } from '@stoqey/ib/dist/core/io/encoder.js';
import type { Deed } from '../../src/gateway/deeds.ts';
import {
  type Answered,
  type Connection,
  type Gateway,
  type GatewayPorts,
  openGateway,
} from '../../src/gateway/gateway.ts';
import type { GatewayOptions } from '../../src/gateway/options.ts';
import { paced } from '../../src/gateway/pace.ts';
import type { Planned } from '../../src/gateway/scenario.ts';
import { type Clock, steppedClock } from '../../src/gateway/time.ts';
import type { BookOptions } from '../../src/simulator/book.ts';
import type { VenueOptions } from '../../src/simulator/terms.ts';
import { createFrameReader, frameOf } from '../../src/simulator/wire.ts';
import { allAsked, type Heard, heard } from '../simulator/wire-client.ts';

/** 9:30 in New York on the day of the incident. */
export const OPENING = Date.parse('2026-02-12T14:30:00Z');

export type Desk = {
  readonly gateway: Gateway;
  readonly clock: Clock;
  /** A client that has started and has been told so. */
  readonly client: (clientId: number) => DeskClient;
  /** A connection that has not said anything. */
  readonly connection: () => DeskClient;
  /** Lets time pass; long enough for all that was asked, unless something else is said. */
  readonly pass: (ms?: number) => void;
  /** Somebody at the controls does it; it must be possible. */
  readonly does: (deed: Deed) => Answered;
  /** Lines of the scenario that could not be done. */
  readonly failures: readonly string[];
};

export type DeskClient = {
  readonly version: () => number;
  readonly greet: (hello?: string) => void;
  /** Encodes as `@stoqey/ib` does, and lets it arrive. */
  readonly ask: (ask: (encoder: Encoder) => void) => void;
  readonly place: (orderId: number, order: Order, contract?: Contract) => void;
  readonly cancel: (orderId: number) => void;
  readonly send: (bytes: Uint8Array) => void;
  readonly fields: (...fields: readonly string[]) => void;
  /** What is asked meanwhile arrives in one piece. */
  readonly together: (asked: () => void) => void;
  /** All bytes that ever came. */
  readonly bytes: () => Buffer;
  readonly events: () => readonly Heard[];
  /** The numbers of the messages that have come since somebody looked at what they say. */
  readonly messages: () => readonly string[];
  /** The codes of the errors among them. */
  readonly errors: () => readonly string[];
  /** What has been told since this was asked last, a line each. */
  readonly told: () => readonly string[];
  /** Whether the gateway has ended it, and how. */
  readonly ended: () => '' | 'closed' | 'cut';
  readonly leave: () => void;
};

export type DeskOptions = Partial<Omit<GatewayOptions, 'venue'>> & {
  readonly venue?: Partial<VenueOptions>;
  readonly book?: Partial<BookOptions>;
  readonly planned?: readonly Planned[];
  readonly ports?: Partial<GatewayPorts>;
};

/** The first price of the stock. */
export const tape = (price = 1.3): Partial<VenueOptions> => ({
  tape: [{ at: 0, symbol: 'RIME', price }],
});

export const RIME: Contract = {
  symbol: 'RIME',
  secType: SecType.STK,
  exchange: 'SMART',
  currency: 'USD',
};

/** Without a limit on messages, unless it is asked for. */
export function openDesk(asked: DeskOptions = {}): Desk {
  const { planned = [], ports, venue = {}, book = {}, ...options } = asked;
  const clock = ports?.clock ?? steppedClock(OPENING);
  const failures: string[] = [];
  const given = { rateLimit: Number.POSITIVE_INFINITY, ...options };
  const opened = openGateway(
    { ...given, venue: { ...tape(), ...venue, book: { ...venue.book, ...book } } },
    { ...ports, clock },
  );
  const { gateway } = paced(opened, clock, planned, (line, why) =>
    failures.push(`${line}: ${why}`),
  );
  const does = (deed: Deed): Answered => {
    const answered = gateway.control(deed);
    if (!answered.ok) throw new Error(`${JSON.stringify(deed)}: ${answered.error}`);
    return answered;
  };
  const connection = (): DeskClient => connect(gateway);
  return {
    gateway,
    clock,
    connection,
    client: (clientId) => {
      const client = connection();
      client.greet();
      client.fields('71', '2', String(clientId), '');
      client.told();
      return client;
    },
    pass: (ms = 500) => void does({ do: 'advance', ms }),
    does,
    failures,
  };
}

/** A client whose order is there, and who has been told all of it. */
export function placed(
  orderId: number,
  order: Order,
  options: DeskOptions = {},
): { readonly desk: Desk; readonly client: DeskClient } {
  const desk = openDesk(options);
  const client = desk.client(1);
  client.place(orderId, order);
  desk.pass();
  client.told();
  return { desk, client };
}

export const HELLO = 'v100..193';

export function helloBytes(versions = HELLO): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(versions.length);
  return Buffer.concat([Buffer.from('API\0'), length, Buffer.from(versions)]);
}

function connect(gateway: Gateway): DeskClient {
  const arrived: Buffer[] = [];
  const frames: (readonly string[])[] = [];
  const decoded: Heard[] = [];
  const reader = createFrameReader();
  let asked = 0;
  let version = 0;
  let ended: '' | 'closed' | 'cut' = '';
  const hear = (bytes: Buffer): void => {
    // The buffer is the gateway's: what it does with it later is not what was sent.
    const copy = Buffer.from(bytes);
    arrived.push(copy);
    for (const framed of reader.push(copy)) {
      if (framed.kind !== 'frame') throw new Error(`the gateway said no frame: ${framed.kind}`);
      if (version === 0) version = Number(framed.fields[0]);
      else frames.push(framed.fields);
    }
  };
  // Decoded when somebody looks: few look at what a stranger is told.
  const events = (): readonly Heard[] => {
    for (const fields of frames.splice(0)) decoded.push(...heard(version, fields));
    return decoded;
  };
  const connection: Connection = gateway.connect({
    write: hear,
    close: () => {
      ended = 'closed';
    },
    cut: () => {
      ended = 'cut';
      // As a socket says of itself, once it is destroyed.
      queueMicrotask(() => connection.gone());
    },
  });
  let gathered: Uint8Array[] | undefined;
  const send = (bytes: Uint8Array): void => {
    if (gathered === undefined) connection.receive(bytes);
    else gathered.push(bytes);
  };
  const ask = (encoded: (encoder: Encoder) => void): void => {
    for (const fields of allAsked(version, encoded)) send(frameOf(fields));
  };
  return {
    version: () => version,
    greet: (versions) => send(helloBytes(versions)),
    ask,
    place: (orderId, order, contract = RIME) =>
      ask((encoder) => encoder.placeOrder(orderId, contract, order)),
    cancel: (orderId) => ask((encoder) => encoder.cancelOrder(orderId, {})),
    send,
    fields: (...fields) => send(frameOf(fields)),
    together: (asked) => {
      gathered = [];
      asked();
      const all = Buffer.concat(gathered);
      gathered = undefined;
      connection.receive(all);
    },
    bytes: () => Buffer.concat(arrived),
    events,
    messages: () => frames.map(([message = '']) => message),
    errors: () => frames.flatMap(([message, , , code = '']) => (message === '4' ? [code] : [])),
    told: () => {
      const lines = events().slice(asked).map(lineOf);
      asked = decoded.length;
      return lines;
    },
    ended: () => ended,
    leave: () => connection.gone(),
  };
}

// ── orders ───────────────────────────────────────────────────────────────────────────────────

type Side = 'BUY' | 'SELL';
type More = Partial<Order>;

const order = (action: Side, totalQuantity: number, orderType: OrderType, more: More): Order => ({
  action: OrderAction[action],
  totalQuantity,
  orderType,
  tif: TimeInForce.DAY,
  transmit: true,
  ...more,
});

export const limit = (side: Side, shares: number, lmtPrice: number, more: More = {}): Order =>
  order(side, shares, OrderType.LMT, { lmtPrice, ...more });

export const stop = (side: Side, shares: number, auxPrice: number, more: More = {}): Order =>
  order(side, shares, OrderType.STP, { auxPrice, ...more });

export const market = (side: Side, shares: number, more: More = {}): Order =>
  order(side, shares, OrderType.MKT, more);

// ── lines ────────────────────────────────────────────────────────────────────────────────────

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

const priceOf = ({ orderType, lmtPrice, auxPrice }: Fields): string =>
  [orderType, ...(lmtPrice ? [lmtPrice] : []), ...(auxPrice ? [auxPrice] : [])].join(' ');

/** One event of the client's, as short as it can be told. */
export function lineOf({ event, args }: Heard): string {
  switch (event) {
    case 'openOrder': {
      const [id, contract, order, state] = [args[0], ...args.slice(1).map(fieldsOf)];
      const { action, totalQuantity, ocaGroup, ocaType } = fieldsOf(order);
      const group = ocaGroup === '' ? '' : ` group ${ocaGroup} type ${ocaType}`;
      const symbol = fieldsOf(contract).symbol;
      const what = `${action} ${totalQuantity} ${symbol} ${priceOf(fieldsOf(order))}`;
      return `openOrder ${id} ${what} ${fieldsOf(state).status}${group}`;
    }
    case 'orderStatus': {
      const [id, status, filled, remaining] = args;
      const whyHeld = args[9];
      return `orderStatus ${id} ${status} ${filled}/${remaining}${whyHeld ? ` ${whyHeld}` : ''}`;
    }
    case 'execDetails': {
      const { orderId, side, shares, price, cumQty } = fieldsOf(args[2]);
      return `execDetails ${orderId} ${side} ${shares} @ ${price} cum ${cumQty}`;
    }
    case 'commissionReport': {
      const { commission, realizedPNL } = fieldsOf(args[0]);
      return `commissionReport ${commission}${realizedPNL === undefined ? '' : ` won ${realizedPNL}`}`;
    }
    case 'completedOrder': {
      const [contract, order, state] = args.map(fieldsOf);
      const { action, orderType, filledQuantity } = fieldsOf(order);
      const { status, completedStatus } = fieldsOf(state);
      const what = `${action} ${filledQuantity} ${fieldsOf(contract).symbol} ${orderType}`;
      return `completedOrder ${what} ${status} (${completedStatus})`;
    }
    case 'position': {
      const [account, contract, position, cost] = args;
      return `position ${account} ${fieldsOf(contract).symbol} ${position} @ ${cost}`;
    }
    case 'error': {
      const [message, code, id] = args;
      return `error ${id} ${code} ${message}`;
    }
    case 'info':
      return `info ${args[1]} ${args[0]}`;
    default:
      return [event, ...args.map((arg) => (typeof arg === 'object' ? JSON.stringify(arg) : arg))]
        .join(' ')
        .trimEnd();
  }
}
