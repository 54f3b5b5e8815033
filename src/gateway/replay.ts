/** Goes through what an earlier gateway has stored, until this one is where that one was. */
import type { BrokerRequest } from '../ports/broker.ts';
import type { BookAction } from '../simulator/book.ts';
import type { Print, VenueOptions } from '../simulator/terms.ts';
import type { WireContract, WireOrder } from '../simulator/wire.ts';
import { happen } from './happening.ts';
import { type Inside, registered } from './inside.ts';
import { arrive } from './placing.ts';
import type { Stored } from './store.ts';

/** The lines of a state. */
export type Entry = { readonly at: number } & (
  | {
      /** A client has numbered an order. */
      readonly of: 'order';
      readonly clientId: number;
      readonly orderId: number;
      readonly account: string;
      readonly symbol: string;
      readonly contract: WireContract;
      readonly asked: WireOrder;
    }
  | { readonly of: 'request'; readonly request: BrokerRequest }
  | { readonly of: 'print'; readonly print: Print }
  | { readonly of: 'action'; readonly action: BookAction }
  | { readonly of: 'amend'; readonly options: Partial<VenueOptions> }
  /** An order of TWS's own was bound to client 0. */
  | { readonly of: 'bound'; readonly key: number; readonly orderId: number }
  /** A client has begun, and was told this id. */
  | { readonly of: 'started'; readonly clientId: number; readonly nextValidId: number }
);

export function replay(inside: Inside, before: readonly Stored[]): void {
  if (before.length === 0) return;
  inside.replaying = true;
  /** What each client was told when it began last. */
  const told = new Map<number, number>();
  // The gateway has written these lines itself; a line that is none was refused before.
  for (const entry of before as readonly Entry[]) {
    inside.tellAll(inside.venue.advance(entry.at));
    if (entry.of === 'started') told.set(entry.clientId, entry.nextValidId);
    else again(inside, entry);
  }
  inside.tellAll(inside.venue.advance(inside.clock.now()));
  inside.replaying = false;
  if (!inside.options.rollsBackIds) return;
  for (const [clientId, nextValidId] of told) inside.highest.set(clientId, nextValidId - 1);
}

function again(inside: Inside, entry: Exclude<Entry, { readonly of: 'started' }>): void {
  const { venue } = inside;
  switch (entry.of) {
    case 'order': {
      const stock = inside.symbols.find(entry);
      if (stock !== undefined) registered(inside, { ...entry, stock });
      return;
    }
    case 'request':
      return arrive(inside, entry.request, entry.at);
    case 'print':
      inside.quotes.print(entry.print.symbol, entry.print.price, entry.print.size ?? 0);
      return venue.print(entry.print);
    case 'action':
      return happen(inside, entry.action, entry.at);
    case 'bound': {
      const one = inside.register.ofKey(entry.key);
      inside.bound += 1;
      if (one !== undefined) inside.register.bind(one, entry.orderId);
      return;
    }
    case 'amend':
      return venue.amend(entry.options);
  }
}
