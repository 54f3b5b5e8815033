/** Engines that die: one life after the other on one journal and one exchange. */

import type { BracketRequest } from '../../src/core/request.ts';
import { findBracket } from '../../src/core/state.ts';
import type { Journal, JournalRecord } from '../../src/engine/journal.ts';
import type { Broker, BrokerRequest } from '../../src/ports/broker.ts';
import { openEngine, type RouterEngine } from '../../src/router/engine.ts';
import { type Floor, floor } from './floor.ts';

/** Where a life ends: at the nth write or sending of the whole run. */
export type Death = {
  readonly at: 'before write' | 'after write' | 'after sending';
  readonly nth: number;
};

export type Day = {
  readonly name: string;
  readonly request: BracketRequest;
  /** Prices on the tape, by milliseconds since the opening. */
  readonly tape: readonly (readonly [ms: number, price: number, size?: number])[];
  readonly wishes?: readonly { readonly ms: number; readonly flatten: boolean }[];
  readonly fillLot?: number;
};

export type Outcome = {
  readonly floor: Floor;
  readonly engine: RouterEngine;
  readonly deaths: number;
  readonly writes: number;
  readonly sendings: number;
};

const DAY_MS = 90_000;
/** Somebody notices, and starts it again. */
const RESTART_MS = 300;

export async function lived(day: Day, deaths: readonly Death[]): Promise<Outcome> {
  return new Lifetimes(day, deaths).run();
}

class Lifetimes {
  readonly #floor: Floor;
  readonly #day: Day;
  readonly #left: Death[];
  #writes = 0;
  #sendings = 0;
  #died = 0;
  /** Of the life that is lived now. */
  #life = { alive: false };

  constructor(day: Day, deaths: readonly Death[]) {
    this.#day = day;
    this.#left = [...deaths];
    this.#floor = floor({ fillLot: day.fillLot ?? Number.POSITIVE_INFINITY });
  }

  async run(): Promise<Outcome> {
    const { time, exchange } = this.#floor;
    const opened = time.now();
    for (const [ms, price, size] of this.#day.tape) {
      const print = { at: opened + ms, symbol: this.#day.request.symbol, price };
      exchange.venue.print(size === undefined ? print : { ...print, size });
    }
    exchange.wake();
    let engine = this.#begin();
    const wishes = [...(this.#day.wishes ?? [])];
    while (time.now() < opened + DAY_MS) {
      await time.advance(time.now() + 100);
      if (!this.#life.alive) {
        await time.advance(time.now() + RESTART_MS);
        engine = this.#begin();
      }
      const ms = time.now() - opened;
      if (ms > 500) this.#open(engine);
      const wish = wishes[0];
      if (wish !== undefined && ms >= wish.ms && this.#flattened(engine)) wishes.shift();
    }
    const [writes, sendings] = [this.#writes, this.#sendings];
    return { floor: this.#floor, engine, deaths: this.#died, writes, sendings };
  }

  /** A router that has not heard of its bracket asks again. */
  #open(engine: RouterEngine): void {
    const { request } = this.#day;
    if (engine.state.index[request.bracket] !== undefined || engine.link !== 'live') return;
    engine.open(request).catch(() => {});
  }

  /** Nor does one give up a wish before it is granted. */
  #flattened(engine: RouterEngine): boolean {
    const { bracket } = this.#day.request;
    const known = findBracket(engine.state, bracket);
    if (known === undefined || engine.link !== 'live') return false;
    if (known.leaving === null)
      engine
        .bracket(bracket)
        .flatten()
        .catch(() => {});
    return known.leaving !== null;
  }

  #begin(): RouterEngine {
    const { time, exchange, journal } = this.#floor;
    const life = { alive: true };
    this.#life = life;
    const die = (): void => {
      life.alive = false;
      this.#died += 1;
      exchange.hangUp();
    };
    const ends = (at: Death['at'], nth: number): boolean => {
      const death = this.#left[0];
      if (death === undefined || death.at !== at || death.nth !== nth) return false;
      this.#left.shift();
      die();
      return true;
    };
    const mortalJournal: Journal = {
      ...journalOf(journal),
      append: (records: readonly JournalRecord[]) => {
        if (!life.alive) throw new Error('dead');
        this.#writes += 1;
        if (ends('before write', this.#writes)) throw new Error('dead');
        journal.append(records);
        if (ends('after write', this.#writes)) throw new Error('dead');
      },
    };
    const mortalBroker: Broker = {
      connect: (listener) => {
        if (!life.alive) return;
        exchange.connect({
          ready: (told) => life.alive && listener.ready(told),
          heard: (word) => life.alive && listener.heard(word),
          withheld: (id) => life.alive && listener.withheld(id),
          lost: (reason) => life.alive && listener.lost(reason),
        });
      },
      send: (request: BrokerRequest) => {
        if (!life.alive) return;
        exchange.send(request);
        this.#sendings += 1;
        ends('after sending', this.#sendings);
      },
      disconnect: () => life.alive && exchange.disconnect(),
    };
    return openEngine({
      journal: mortalJournal,
      broker: mortalBroker,
      clock: time,
      random: () => 0.5,
      executionsSince: () => 0,
    });
  }
}

const journalOf = (journal: Journal): Journal => ({
  append: (records) => journal.append(records),
  read: (seq) => journal.read(seq),
  last: () => journal.last(),
  checkpoint: () => journal.checkpoint(),
  keep: (checkpoint) => journal.keep(checkpoint),
  close: () => journal.close(),
});
