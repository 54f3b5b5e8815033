/** What a venue is told when it is made: prices, delays, rules and faults. */

import type { Action, BrokerWord, OrderTicket } from '../ports/broker.ts';
import type { BookOptions } from './book.ts';
import type { Faults, Outage } from './channel.ts';

/** A price at which shares changed hands. `size` bounds what our orders can trade at it. */
export type Print = {
  readonly at: number;
  readonly symbol: string;
  readonly price: number;
  readonly size?: number;
};

/** The fields of a ticket that a rule looks at; a field left out matches all. */
export type Match = Partial<Pick<OrderTicket, 'orderRef' | 'symbol' | 'action' | 'orderType'>>;

/** Placements that match are refused, the first `times` of them (all, if not given). */
export type RejectRule = {
  readonly match: Match;
  readonly code: number;
  readonly text: string;
  readonly times?: number;
};

/** Orders that match are held once acknowledged (`locate`: with 404), for a while or for good. */
export type HoldRule = {
  readonly match: Match;
  readonly whyHeld: string;
  readonly forMs?: number;
};

/** What 2161 announces: an elected stop-limit's limit is kept near the market for a while. */
export type PriceCap = {
  /** As a fraction of the price at election. */
  readonly within: number;
  readonly forMs: number;
  /** Shares that trade at once all the same. */
  readonly shares: number;
  readonly outsideHoursOnly: boolean;
};

export type BySide = Readonly<Record<Action, number>>;

export type VenueOptions = {
  readonly seed: number;
  readonly book: Partial<BookOptions>;
  readonly tape: readonly Print[];
  /** The largest single execution, in shares, and the pause between two of one order. */
  readonly fillLot: number;
  readonly lotGapMs: number;
  /** From sent to in effect at IB, and from happened to heard. */
  readonly sentMs: BySide;
  readonly heardMs: BySide;
  /** IB's and the exchange's own decisions. */
  readonly acknowledgeMs: number;
  readonly cancelMs: number;
  readonly triggerMs: number;
  readonly routeMs: number;
  readonly settleMs: number;
  /** Regular trading hours; undefined for always. */
  readonly regularHours: readonly { readonly from: number; readonly to: number }[] | undefined;
  readonly cap: PriceCap | undefined;
  readonly rejects: readonly RejectRule[];
  readonly holds: readonly HoldRule[];
  readonly outages: readonly Outage[];
  /** A request made while the link is down: gone, or taken when it is back. */
  readonly requestsWhileDown: 'lost' | 'delayed';
  readonly faults: Partial<Faults>;
  /** Told what is said when it is said, before it has travelled, and whatever becomes of it. */
  readonly observe?: (word: BrokerWord, at: number) => void;
};

export const VENUE_DEFAULTS: VenueOptions = {
  seed: 1,
  book: {},
  tape: [],
  fillLot: Number.POSITIVE_INFINITY,
  lotGapMs: 0,
  sentMs: { BUY: 10, SELL: 10 },
  heardMs: { BUY: 10, SELL: 10 },
  acknowledgeMs: 20,
  cancelMs: 30,
  triggerMs: 0,
  routeMs: 20,
  settleMs: 30,
  regularHours: undefined,
  cap: undefined,
  rejects: [],
  holds: [],
  outages: [],
  requestsWhileDown: 'lost',
  faults: {},
};

export const matches = (match: Match, ticket: OrderTicket): boolean =>
  (match.orderRef === undefined || ticket.orderRef === match.orderRef) &&
  (match.symbol === undefined || ticket.symbol === match.symbol) &&
  (match.action === undefined || ticket.action === match.action) &&
  (match.orderType === undefined || ticket.orderType === match.orderType);
