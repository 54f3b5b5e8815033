/** Prices from the broker: a subscription for every contract in which a bracket is open. */
import { isOpen, type State } from '../core/state.ts';
import type { PriceRequest } from '../ports/broker.ts';

/** Beyond all that a desk numbers: an answer must not be taken for one of its own. */
const FIRST_ID = 1_000_000;

export class Quotes {
  /** By symbol; a subscription ends with its connection. */
  #subscribed = new Map<string, number>();
  #nextId = FIRST_ID;

  /** The connection is another one: nothing is subscribed. */
  forget(): void {
    this.#subscribed = new Map();
  }

  /** What must be asked so that exactly the contracts of open brackets are subscribed. */
  requests({ books }: State): readonly PriceRequest[] {
    const wanted = Object.values(books).filter(({ brackets }) => brackets.some(isOpen));
    const symbols = new Set(wanted.map(({ symbol }) => symbol));
    const requests: PriceRequest[] = [];
    for (const { symbol, conId } of wanted) {
      if (this.#subscribed.has(symbol)) continue;
      const reqId = this.#nextId;
      this.#nextId += 1;
      this.#subscribed.set(symbol, reqId);
      const contract = conId === 0 ? { symbol } : { symbol, conId };
      requests.push({ request: 'reqMktData', reqId, ...contract });
    }
    for (const [symbol, reqId] of this.#subscribed) {
      if (symbols.has(symbol)) continue;
      this.#subscribed.delete(symbol);
      requests.push({ request: 'cancelMktData', reqId });
    }
    return requests;
  }
}
