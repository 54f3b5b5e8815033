/**
 * A second account of the state that a look is held against: kept from what was sent and what was
 * said, and from nothing that the engine wrote down. What is true of one order is the business of
 * the reference of one order; here is when it was said, and what brackets and books make of it.
 */
import type { Ticket } from '../../src/core/ready.ts';
import type { Truth, Word } from '../core/reference-order.ts';

/** One order as it is known from words, with the records (their `seq`) in which they were said. */
export type Told = {
  readonly ticket: Ticket;
  readonly exits: boolean;
  readonly words: readonly Word[];
  readonly truth: Truth;
  /** When it left, last; and whether that was for the second time. */
  readonly sentAt: number;
  readonly again: boolean;
  /** When a picture of it was heard last, outside a look, that shows it alive. */
  readonly aliveAt: number;
  readonly acceptedAt: number;
  readonly endedAt: number;
  /** When a status last claimed shares. */
  readonly claimedAt: number;
  /** What of it is not known, its end or its whereabouts: it is to be looked for. */
  readonly lost: boolean;
  /** Its cancel was asked, by us or by somebody else, and it was not lost since. */
  readonly going: boolean;
  /** It had traded all that the broker reduced it to when that was known to be all. */
  readonly full: boolean;
  /** What the last word about it was news of. */
  readonly news: readonly string[];
  /** The ledger is known to tell its end otherwise (`order-exceptions.ts`). */
  readonly disputed: boolean;
};

export type Party = {
  readonly name: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  /** Its exits ask nothing of the broker: no group has to be agreed. */
  readonly sequenced: boolean;
  /** Shares of it that other hands have closed. */
  readonly foreign: number;
  readonly newsAt: number;
  /** The router wished it to be over. */
  readonly wished: boolean;
  /** A look that was asked after all news has shown none of its orders. */
  readonly settled: boolean;
  /** Its close record is written, and nothing of it was heard since that reopened it. */
  readonly closed: boolean;
};

export type Book = {
  /** What the broker's position is beyond what our executions make. */
  readonly foreign: number;
  /** When shares were last heard to have changed hands. */
  readonly tradedAt: number;
  /** A bracket of it was breached: no entry is sent any more (L12). */
  readonly frozen: boolean;
};

export type Account = {
  readonly seq: number;
  readonly link: 'live' | 'lost' | 'back';
  readonly linkAt: number;
  /** Oldest first. */
  readonly parties: readonly Party[];
  /** In the order in which they were first sent. */
  readonly orders: readonly Told[];
  readonly books: Readonly<Record<string, Book>>;
};

export const NOBODY: Account = {
  seq: 0,
  link: 'live',
  linkAt: 0,
  parties: [],
  orders: [],
  books: {},
};

export const ofParty = (account: Account, name: string): readonly Told[] =>
  account.orders.filter(({ ticket }) => ticket.bracket === name);

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const numberOf = ({ ticket }: Told): string => /\d+$/.exec(ticket.leg)?.[0] ?? '';

/** The other orders of its pair. */
export function pairOf(account: Account, one: Told): readonly Told[] {
  const number = numberOf(one);
  return ofParty(account, one.ticket.bracket).filter(
    (other) =>
      other.ticket.orderRef !== one.ticket.orderRef && number !== '' && numberOf(other) === number,
  );
}

export const entered = (account: Account, name: string): number =>
  sum(ofParty(account, name).map(({ exits, truth }) => (exits ? 0 : truth.cumQty)));
export const exited = (account: Account, name: string): number =>
  sum(ofParty(account, name).map(({ exits, truth }) => (exits ? truth.cumQty : 0)));

/** What our own executions leave of it, counted in its own direction. */
export const traded = (account: Account, { name }: Party): number =>
  entered(account, name) - exited(account, name);

/** What is there of it; below 0 more went than there was. */
export const open = (account: Account, party: Party): number =>
  traded(account, party) - party.foreign;

export const signOf = ({ side }: Party): 1 | -1 => (side === 'BUY' ? 1 : -1);

export const claimOf = ({ truth }: Told): number => truth.cumQty - truth.executedQty;

/** L10: flat, every order of it has definitely ended, and a later look has shown none. */
const isSettled = (account: Account, party: Party): boolean =>
  party.settled &&
  open(account, party) === 0 &&
  // Nothing closes on a figure that only a status has claimed: it may be retracted yet (L2).
  ofParty(account, party.name).every(({ truth }) => truth.end !== null && isToldOf(truth));

const isToldOf = ({ cumQty, executedQty }: Truth): boolean => cumQty === executedQty;

/** Closes whatever is over, and reopens those of whom there was word. */
export function closing(account: Account, ofWhom: (party: Party) => boolean): Account {
  const parties = account.parties.map((party) =>
    ofWhom(party) || !party.closed ? { ...party, closed: isSettled(account, party) } : party,
  );
  return { ...account, parties };
}

/** L12: more went than there was. */
export const isBreached = (account: Account, party: Party): boolean => open(account, party) < 0;

/** What a leg holds is the order that was sent for it last; its earlier orders are the ledger's. */
export function isCurrent(account: Account, { ticket }: Told): boolean {
  const last = account.orders.findLast(
    (one) => one.ticket.bracket === ticket.bracket && one.ticket.leg === ticket.leg,
  );
  return last?.ticket.orderRef === ticket.orderRef;
}

export function withOrder(account: Account, changed: Told): Account {
  const same = ({ ticket }: Told): boolean => ticket.orderRef === changed.ticket.orderRef;
  return { ...account, orders: account.orders.map((one) => (same(one) ? changed : one)) };
}

export function withParty(account: Account, changed: Party): Account {
  const parties = account.parties.map((one) => (one.name === changed.name ? changed : one));
  return { ...account, parties };
}

/** News of a bracket, of one of its orders: only a look that is asked after it may close it (L10). */
export function withNews(account: Account, order: Told): Account {
  const party = account.parties.find(({ name }) => name === order.ticket.bracket);
  if (party === undefined) return account;
  return withParty(account, { ...party, newsAt: account.seq, settled: false });
}

export function withBook(account: Account, symbol: string, changes: Partial<Book>): Account {
  const book = { ...bookOf(account, symbol), ...changes };
  return { ...account, books: { ...account.books, [symbol]: book } };
}

export const bookOf = (account: Account, symbol: string): Book =>
  account.books[symbol] ?? { foreign: 0, tradedAt: 0, frozen: false };

export const named = (account: Account, orderRef: string): Told | undefined =>
  account.orders.find(({ ticket }) => ticket.orderRef === orderRef);

/** A law, whom it is about, and what of its text matters. */
export type Warning = { readonly law: string; readonly about: string; readonly says: string };
