/** All that a gateway is made of, for those who work on it. */
import type { BrokerRequest } from '../ports/broker.ts';
import type { Heard } from '../simulator/channel.ts';
import type { Venue } from '../simulator/venue.ts';
import type { Accounts } from './accounts.ts';
import type { Executions } from './executions.ts';
import type { Interference } from './interference.ts';
import type { Ledger } from './ledger.ts';
import type { Quotes } from './market.ts';
import type { GatewayOptions } from './options.ts';
import type { Register, Registered, Registration } from './register.ts';
import type { Session } from './session.ts';
import type { Store } from './store.ts';
import type { Symbols } from './symbols.ts';
import type { Clock } from './time.ts';

export type Inside = {
  readonly options: GatewayOptions;
  readonly clock: Clock;
  readonly venue: Venue;
  readonly symbols: Symbols;
  readonly accounts: Accounts;
  readonly quotes: Quotes;
  readonly register: Register;
  readonly executions: Executions;
  readonly interference: Interference;
  readonly ledger: Ledger;
  readonly store: Store;
  readonly sessions: Set<Session>;
  /** By their client's id; those that have started. */
  readonly clients: Map<number, Session>;
  /** The highest order id of each client. */
  readonly highest: Map<number, number>;
  /** Requests that wait for the link. */
  readonly waiting: BrokerRequest[];
  /** The link between the gateway and IB, as somebody at the controls has it. */
  link: 'up' | 'down';
  /** How many orders of TWS's own have been bound to client 0. */
  bound: number;
  /** True while a state that was stored is gone through again: nobody listens. */
  replaying: boolean;
  /** A request goes to the venue; while the link is down it goes no further, or waits. */
  readonly submit: (request: BrokerRequest) => void;
  /** What the venue has said on its way to the clients. */
  readonly tellAll: (heard: readonly Heard[]) => void;
  /** What cannot be said to a client: for the operator. */
  readonly log: (line: string) => void;
};

/** A client, or a person in TWS, has made an order. */
export function registered(inside: Inside, registration: Registration): Registered {
  const { clientId, orderId } = registration;
  const { highest, register } = inside;
  highest.set(clientId, Math.max(orderId, highest.get(clientId) ?? 0));
  return register.add(registration);
}
