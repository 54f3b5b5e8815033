/**
 * Whose order is which. A client numbers its orders itself, and two clients may use the same numbers;
 * the venue knows every order by a key of its own.
 */
import type { WireContract } from '../simulator/wire/contract.ts';
import type { WireOrder } from '../simulator/wire/order.ts';
import type { Stock } from './symbols.ts';

export type Registered = {
  /** The venue's number. */
  readonly key: number;
  readonly clientId: number;
  /** The client's; 0 of an order that a person placed in TWS, below 0 once it is bound. */
  orderId: number;
  /** In the ledger, where numbers of two clients must differ; 0 until the ledger has it. */
  ledgerId: number;
  readonly stock: Stock;
  readonly account: string;
  readonly contract: WireContract;
  /** As it was sent last, and taken. */
  order: WireOrder;
  /** As it was sent last; becomes `order` when the venue shows it. */
  asked: WireOrder;
  lastFillPrice: number;
  /** Its first placement is on its way to the venue, or has arrived there. */
  sent: boolean;
  /** The venue has it, and so has the ledger. */
  taken: boolean;
  /** When it ended; 0 before. */
  endedAt: number;
  /** What 2161 capped its price to; 0 for nothing. */
  capPrice: number;
};

export type Registration = Omit<
  Registered,
  'key' | 'ledgerId' | 'order' | 'lastFillPrice' | 'capPrice' | 'endedAt' | 'sent' | 'taken'
>;

export type Register = {
  readonly add: (registration: Registration) => Registered;
  readonly ofKey: (key: number) => Registered | undefined;
  readonly ofClient: (clientId: number, orderId: number) => Registered | undefined;
  /** The venue has taken it: its number is used up. */
  readonly take: (registered: Registered) => void;
  /** The venue has refused it: its number is free. */
  readonly refuse: (registered: Registered) => void;
  /** An order that a person placed gets a number, and with it an owner. */
  readonly bind: (registered: Registered, orderId: number) => void;
  /** In order of arrival. */
  readonly all: () => IterableIterator<Registered>;
  readonly size: () => number;
};

/** Numbers of orders in the ledger whose client's number was taken. */
const OWN_LEDGER_IDS = 1_000_000_000;

/** Refused orders that are remembered, for words about them that are still on their way. */
const REFUSED_MOST = 1000;

export function newRegister(): Register {
  const byKey = new Map<number, Registered>();
  const byClient = new Map<number, Map<number, Registered>>();
  const inLedger = new Set<number>();
  const refused = new Set<Registered>();
  let keys = 0;
  const own = (clientId: number): Map<number, Registered> => {
    const known = byClient.get(clientId) ?? new Map<number, Registered>();
    byClient.set(clientId, known);
    return known;
  };
  return {
    add: (registration) => {
      keys += 1;
      const key = keys;
      const { orderId, clientId, asked } = registration;
      const registered = {
        ...registration,
        key,
        ledgerId: 0,
        order: asked,
        lastFillPrice: 0,
        sent: false,
        taken: false,
        endedAt: 0,
        capPrice: 0,
      };
      byKey.set(key, registered);
      if (orderId !== 0) own(clientId).set(orderId, registered);
      return registered;
    },
    ofKey: (key) => byKey.get(key),
    ofClient: (clientId, orderId) => byClient.get(clientId)?.get(orderId),
    take: (registered) => {
      registered.taken = true;
      refused.delete(registered);
      const { orderId, clientId, key } = registered;
      const used = orderId <= 0 || inLedger.has(orderId);
      registered.ledgerId = used ? OWN_LEDGER_IDS + key : orderId;
      inLedger.add(registered.ledgerId);
      if (orderId !== 0) own(clientId).set(orderId, registered);
    },
    refuse: (registered) => {
      const { orderId, clientId } = registered;
      registered.sent = false;
      if (byClient.get(clientId)?.get(orderId) === registered) own(clientId).delete(orderId);
      refused.add(registered);
      if (refused.size <= REFUSED_MOST) return;
      const [oldest] = refused;
      if (oldest === undefined) return;
      refused.delete(oldest);
      byKey.delete(oldest.key);
    },
    bind: (registered, orderId) => {
      registered.orderId = orderId;
      own(registered.clientId).set(orderId, registered);
    },
    all: () => byKey.values(),
    size: () => byKey.size,
  };
}
