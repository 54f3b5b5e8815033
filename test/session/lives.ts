/** Engines that die: one life after the other on one journal and one exchange. */
import type { JournalRecord } from '../../src/engine/journal.ts';
import type { Broker } from '../../src/ports/broker.ts';
import type { RouterEngine } from '../../src/router/engine.ts';
import type { Floor } from './floor.ts';

/** Where a life ends: at the nth write or sending of the whole run. */
export type Death = {
  readonly at: 'before write' | 'after write' | 'after sending';
  readonly nth: number;
};

export class Lives {
  writes = 0;
  sendings = 0;
  died = 0;
  readonly #floor: Floor;
  readonly #left: Death[];
  readonly #born: (engine: RouterEngine) => void;
  /** Of the life that is lived now: whoever is dead does nothing any more, and hears nothing. */
  #life = { alive: false };

  constructor(floor: Floor, deaths: readonly Death[], born: (engine: RouterEngine) => void) {
    this.#floor = floor;
    this.#left = [...deaths];
    this.#born = born;
  }

  get alive(): boolean {
    return this.#life.alive;
  }

  /** At once, wherever it is. */
  die(): void {
    this.#life.alive = false;
    this.died += 1;
    this.#floor.exchange.hangUp();
  }

  begin(): RouterEngine {
    const life = { alive: true };
    this.#life = life;
    const { journal } = this.#floor;
    const engine = this.#floor.open({
      journal: {
        append: (records) => this.#append(records, life),
        read: (seq) => journal.read(seq),
        last: () => journal.last(),
        checkpoint: () => journal.checkpoint(),
        keep: (checkpoint) => journal.keep(checkpoint),
        close: () => {},
      },
      broker: this.#broker(life),
    });
    this.#born(engine);
    return engine;
  }

  #append(records: readonly JournalRecord[], life: { readonly alive: boolean }): void {
    if (!life.alive) throw new Error('dead');
    this.writes += 1;
    if (this.#ends('before write', this.writes)) throw new Error('dead');
    this.#floor.journal.append(records);
    if (this.#ends('after write', this.writes)) throw new Error('dead');
  }

  #broker(life: { readonly alive: boolean }): Broker {
    const { exchange } = this.#floor;
    return {
      connect: (listener) => {
        if (!life.alive) return;
        exchange.connect({
          connected: (told) => life.alive && listener.connected(told),
          heard: (word) => life.alive && listener.heard(word),
          withheld: (what) => life.alive && listener.withheld(what),
          disconnected: (...why) => life.alive && listener.disconnected(...why),
        });
      },
      send: (request) => {
        if (!life.alive) return;
        exchange.send(request);
        this.sendings += 1;
        this.#ends('after sending', this.sendings);
      },
      disconnect: () => life.alive && exchange.disconnect(),
    };
  }

  #ends(at: Death['at'], nth: number): boolean {
    const death = this.#left[0];
    if (death === undefined || death.at !== at || death.nth !== nth) return false;
    this.#left.shift();
    this.die();
    return true;
  }
}
