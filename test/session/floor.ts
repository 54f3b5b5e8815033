/**
 * A trading floor in one process: the simulated venue as a broker, a clock that only the test
 * moves, a journal, and the engine on them.
 */
import type { Checkpoint, Journal, JournalRecord } from '../../src/engine/journal.ts';
import type {
  Broker,
  BrokerListener,
  BrokerRequest,
  PriceRequest,
} from '../../src/ports/broker.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { type EngineSettings, openEngine, type RouterEngine } from '../../src/router/engine.ts';
import type { BookAction } from '../../src/simulator/book.ts';
import { createSchedule, type Schedule } from '../../src/simulator/schedule.ts';
import type { Print, VenueOptions } from '../../src/simulator/terms.ts';
import { createVenue, type Venue } from '../../src/simulator/venue.ts';

/** Time as a queue: what was asked for first comes first. */
export class Time implements Clock {
  #now: number;
  readonly #due: Schedule<{ run: () => void; stopped: boolean }> = createSchedule();

  constructor(startsAt: number) {
    this.#now = startsAt;
  }

  now = (): number => this.#now;

  after = (ms: number, run: () => void): (() => void) => {
    const item = { run, stopped: false };
    this.#due.add(this.#now + ms, item);
    return () => {
      item.stopped = true;
    };
  };

  nextAt = (): number | undefined => this.#due.nextAt();

  /** Whatever falls due until then; between two of them, whoever waits may go on. */
  async advance(to: number): Promise<void> {
    for (;;) {
      const due = this.#due.take(to);
      if (due === undefined) break;
      this.#now = Math.max(this.#now, due.at);
      if (!due.item.stopped) due.item.run();
      await settled();
    }
    this.#now = Math.max(this.#now, to);
  }
}

/** All that was put off to a later moment of the same instant. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 4; i++) await Promise.resolve();
}

/** The venue as a broker: a connection that tests can cut, and what was sent over it. */
export class Exchange implements Broker {
  readonly venue: Venue;
  readonly sent: BrokerRequest[] = [];
  readonly #time: Time;
  #listener: BrokerListener | null = null;
  /** Whether anybody can connect. */
  isUp = true;
  #nextOrderId = 1;
  #wakesAt = Number.POSITIVE_INFINITY;

  constructor(time: Time, options: Partial<VenueOptions>) {
    this.#time = time;
    this.venue = createVenue(options);
  }

  connect(listener: BrokerListener): void {
    this.#time.after(20, () => {
      if (!this.isUp) return listener.disconnected('connection refused', []);
      this.#listener = listener;
      listener.connected({ nextOrderId: this.#nextOrderId, accounts: ['DU1'], serverVersion: 193 });
      this.#next();
    });
  }

  send(request: BrokerRequest | PriceRequest): void {
    if (request.request === 'reqMktData' || request.request === 'cancelMktData') return;
    if (this.#listener === null) throw new Error('nothing is sent without a connection');
    this.sent.push(request);
    if (request.request === 'placeOrder')
      this.#nextOrderId = Math.max(this.#nextOrderId, request.ticket.orderId + 1);
    this.venue.submit(request, this.#time.now());
    this.#next();
  }

  disconnect(): void {
    this.#listener = null;
  }

  /** As it has been seen after a reinstallation of the Gateway. */
  rollBackIds(): void {
    this.#nextOrderId = 1;
  }

  /** Whoever was connected is dead. */
  hangUp(): void {
    this.#listener = null;
  }

  /** The socket breaks; what the venue says from now on nobody hears. */
  cut(): void {
    const listener = this.#listener;
    this.#listener = null;
    listener?.disconnected('the socket was cut', []);
  }

  /** Wakes the venue when something will be heard next. */
  print(print: Print): void {
    this.venue.print(print);
    this.#next();
  }

  happen(action: BookAction): void {
    this.venue.happen(action, this.#time.now());
    this.#next();
  }

  #next(): void {
    const at = this.venue.nextAt();
    if (at === undefined || at >= this.#wakesAt) return;
    this.#wakesAt = at;
    this.#time.after(Math.max(0, at - this.#time.now()), () => this.#happen());
  }

  #happen(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY;
    for (const { word } of this.venue.advance(this.#time.now())) this.#listener?.heard(word);
    this.#next();
  }
}

/** A journal in memory: what was written is read as it was written. */
export class Paper implements Journal {
  readonly lines: string[] = [];
  writes = 0;
  #kept: string | null = null;

  append(records: readonly JournalRecord[]): void {
    this.writes += 1;
    for (const record of records) this.lines.push(JSON.stringify(record));
  }

  *read(seq: number): Generator<JournalRecord> {
    for (const line of this.lines.slice(seq)) yield JSON.parse(line) as JournalRecord;
  }

  last = (): number => this.lines.length;
  checkpoint = (): Checkpoint | null =>
    this.#kept === null ? null : (JSON.parse(this.#kept) as Checkpoint);
  keep = (checkpoint: Checkpoint): void => {
    this.#kept = JSON.stringify(checkpoint);
  };
  close = (): void => {};
}

export type Floor = {
  readonly time: Time;
  readonly exchange: Exchange;
  readonly journal: Paper;
  readonly open: (settings?: Partial<EngineSettings>) => RouterEngine;
};

/** Nine o'clock on the day of the incident. */
export const OPENS = Date.UTC(2026, 1, 12, 14, 0, 0);

export function floor(options: Partial<VenueOptions> = {}): Floor {
  const time = new Time(OPENS);
  const exchange = new Exchange(time, options);
  const journal = new Paper();
  const open = (settings: Partial<EngineSettings> = {}): RouterEngine =>
    openEngine({
      journal,
      broker: exchange,
      clock: time,
      random: () => 0.5,
      executionsSince: () => 0,
      prices: 'router',
      ...settings,
    });
  return { time, exchange, journal, open };
}
