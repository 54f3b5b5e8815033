/** One run of a strategy under its key, with the right to open while no later run has taken it. */
import type { Untimed } from '../core/fact.ts';
import type { BracketRequest } from '../core/request.ts';

export class Watch {
  readonly key: string;
  readonly epoch: number;
  readonly #wish: (wish: Untimed) => Promise<unknown>;

  constructor(key: string, epoch: number, wish: (wish: Untimed) => Promise<unknown>) {
    this.key = key;
    this.epoch = epoch;
    this.#wish = wish;
  }

  /** The condition that it watched for is met. */
  async confirm(): Promise<void> {
    await this.#wish({ type: 'watcher.confirmed', key: this.key, epoch: this.epoch });
  }

  /** It is over, and its record is written. */
  async stop(): Promise<void> {
    await this.#wish({ type: 'watcher.stopped', key: this.key, epoch: this.epoch });
  }

  /** A request in the name of this run: denied once a later run has taken the lease. */
  request(request: Omit<BracketRequest, 'watcher'>): BracketRequest {
    return { ...request, watcher: { key: this.key, epoch: this.epoch } };
  }
}
