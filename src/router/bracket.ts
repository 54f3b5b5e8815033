/** One bracket, as the router that opened it holds it. */
import type { Leg } from '../../machines/facts.ts';
import { nakedQty, overhangQty, positionOf } from '../core/commitment.ts';
import type { Fact, Untimed } from '../core/fact.ts';
import { isUnreadable, pxOf, type Qty } from '../core/quantity.ts';
import type { CloseRecord, Ready } from '../core/ready.ts';
import type { Bracket } from '../core/state.ts';
import { Denied } from './denied.ts';
import { Stream } from './stream.ts';

/** What came of a fact for one bracket. */
export type BracketRecord = Pick<Ready, 'seq' | 'moves' | 'effects' | 'ignored' | 'denied'> & {
  readonly fact: Fact;
  readonly alarms: Ready['alarms'];
};

export type Balance = {
  /** Signed; 1/10,000 share, as all quantities are: `showQty` writes them. */
  readonly position: Qty;
  /** Open shares without a live stop behind them. */
  readonly naked: Qty;
  /** What the exits could trade beyond what was entered. */
  readonly overhang: Qty;
};

export type BracketPorts = {
  readonly bracket: (id: string) => Bracket;
  /** Resolves when it is on disk; rejects with `Denied`. */
  readonly wish: (fact: Untimed) => Promise<unknown>;
};

export class BracketHandle {
  readonly id: string;
  /** Its close record, once it is over. Never rejects; without an end it waits. */
  readonly closed: Promise<CloseRecord>;
  readonly #ports: BracketPorts;
  readonly #streams = new Set<Stream<BracketRecord>>();
  #close: (record: CloseRecord) => void = () => {};

  constructor(id: string, ports: BracketPorts) {
    this.id = id;
    this.#ports = ports;
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  /** `flat`, `exposed`, `protected`, `closing`, `settling`, `closed` or `breached`. */
  get state(): string {
    return this.#ports.bracket(this.id).configuration.exposure ?? 'flat';
  }

  get balance(): Balance {
    const bracket = this.#ports.bracket(this.id);
    return {
      position: positionOf(bracket),
      naked: nakedQty(bracket),
      overhang: overhangQty(bracket),
    };
  }

  /** Everything from now on, to its close record. One that is not read for long ends with an error. */
  records(): AsyncIterable<BracketRecord> {
    const stream = new Stream<BracketRecord>();
    if (this.state === 'closed') stream.end();
    else this.#streams.add(stream);
    return stream.values();
  }

  /** Withdraws the entry. What has been bought stays protected. */
  async cancel(): Promise<void> {
    await this.#ports.wish({ type: 'cancel.wished', bracket: this.id });
  }

  /** Out: every order is withdrawn, and one closing order sells what is left. */
  async flatten(): Promise<void> {
    await this.#ports.wish({ type: 'flatten.wished', bracket: this.id });
  }

  /** `pair` from 1; prices in decimals. A live pair is never modified: its target leaves first. */
  async moveStop(
    pair: number,
    stopPrice: number | string,
    limitPrice?: number | string,
  ): Promise<void> {
    const limitPx = limitPrice === undefined ? {} : { limitPx: read('limitPrice', limitPrice) };
    const px = read('stopPrice', stopPrice);
    const leg: Leg = `stop${pair}`;
    await this.#ports.wish({ type: 'move.wished', bracket: this.id, leg, px, ...limitPx });
  }

  async moveTarget(pair: number, limitPrice: number | string): Promise<void> {
    const px = read('limitPrice', limitPrice);
    await this.#ports.wish({ type: 'move.wished', bracket: this.id, leg: `target${pair}`, px });
  }

  /** For the engine: what came of a fact. */
  tell(record: BracketRecord, closed: CloseRecord | undefined): void {
    for (const stream of this.#streams) stream.push(record);
    if (closed === undefined) return;
    this.#close(closed);
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
  }
}

function read(name: string, decimal: number | string): number {
  const px = pxOf(decimal);
  if (isUnreadable(px)) throw new Denied([`${name}: ${px.error}`]);
  return px;
}
