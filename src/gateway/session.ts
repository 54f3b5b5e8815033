/**
 * One client's connection: where it stands, what it has subscribed to, and what is about to be said
 * to it. What is said while one thing happens leaves in one piece.
 */
import { Buffer } from 'node:buffer';
import { createServerReader, type Fields, frameOf, type ServerReader } from '../simulator/wire.ts';
import type { Stock } from './symbols.ts';

/** The other end. */
export type Port = {
  readonly write: (bytes: Buffer) => void;
  /** After what was written. */
  readonly close: () => void;
  /** At once, whatever is still to be written. */
  readonly cut: () => void;
};

export type Session = {
  readonly number: number;
  readonly port: Port;
  readonly reader: ServerReader;
  readonly rate: Rate;
  stage: 'greeting' | 'starting' | 'started' | 'over';
  /** Of the server, as agreed. */
  version: number;
  clientId: number;
  out: Buffer[];
  /** Bytes of it. */
  waiting: number;
  /** The message that was said last, by the name of its callback. */
  said: string;
  /** The request that was heard last, by its name. */
  heard: string;
  positions: boolean;
  /** Client 0: orders that a person places in TWS are bound to it. */
  binds: boolean;
  /** Accounts whose updates it gets. */
  readonly accounts: Set<string>;
  /** Account summaries by their request. */
  readonly summaries: Map<number, readonly string[]>;
  /** Market data by its request. */
  readonly tickers: Map<number, Stock>;
  marketDataType: number;
  /** How often it has sent what is no request. */
  complaints: number;
};

/** A frame of a client's is a request; one that is longer than this is none that it should send. */
const LONGEST_REQUEST = 1024 * 1024;

export function newSession(number: number, port: Port, perSecond: number): Session {
  return {
    number,
    port,
    reader: createServerReader(LONGEST_REQUEST),
    rate: newRate(perSecond),
    stage: 'greeting',
    version: 0,
    clientId: -1,
    out: [],
    waiting: 0,
    said: '',
    heard: '',
    positions: false,
    binds: false,
    accounts: new Set(),
    summaries: new Map(),
    tickers: new Map(),
    marketDataType: 1,
    complaints: 0,
  };
}

export function say(session: Session, message: string, fields: Fields): void {
  if (session.stage === 'over') return;
  session.said = message;
  const frame = frameOf(fields);
  session.out.push(frame);
  session.waiting += frame.length;
  if (session.waiting > PIECE_MOST) flush(session);
}

/** A long answer leaves in pieces, so that who does not read it is cut off before it is all written. */
const PIECE_MOST = 1024 * 1024;

/** Lets what was said leave. */
export function flush(session: Session): void {
  const { out, port } = session;
  if (out.length === 0) return;
  session.out = [];
  session.waiting = 0;
  const [first] = out;
  port.write(out.length === 1 && first !== undefined ? first : Buffer.concat(out));
}

/** How many messages of the last second there were. */
export type Rate = {
  /** Counts one more; false when that is one too many. */
  readonly admits: (now: number) => boolean;
};

const SECOND = 1000;

function newRate(perSecond: number): Rate {
  if (!Number.isFinite(perSecond)) return { admits: () => true };
  const times = new Float64Array(perSecond).fill(Number.NEGATIVE_INFINITY);
  let at = 0;
  return {
    admits: (now) => {
      if (now - (times[at] ?? 0) < SECOND) return false;
      times[at] = now;
      at = (at + 1) % perSecond;
      return true;
    },
  };
}
