/**
 * A second account of the state that a look is held against: kept from what was sent and what was
 * said, and from nothing that the engine wrote down. What is true of one order is the business of
 * the reference of one order; here is when it was said, and what brackets and books make of it.
 */
import type { Leg } from '../../machines/facts.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { Effect, Ticket } from '../../src/core/ready.ts';
import { newsOf } from '../core/reference-news.ts';
import {
  isReport,
  LIVING,
  type Truth,
  truthAfter,
  unheard,
  type Word,
} from '../core/reference-order.ts';

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
  /** What the last word about it was news of. */
  readonly news: readonly string[];
  /** The ledger is known to tell its end otherwise (`order-exceptions.ts`). */
  readonly disputed: boolean;
};

export type Party = {
  readonly name: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
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

export const legOf = ({ ticket }: Told): Leg => ticket.leg;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

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

/** Closes and reopens those of whom there was word; of a closed one a look alone is none. */
export function closing(account: Account, ofWhom: (party: Party) => boolean): Account {
  const parties = account.parties.map((party) =>
    ofWhom(party) || party.newsAt === account.seq || !party.closed
      ? { ...party, closed: isSettled(account, party) }
      : party,
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

/** News of a bracket: only a look that is asked after it may close it (L10). */
export function withNews(account: Account, name: string): Account {
  const party = account.parties.find((one) => one.name === name);
  return party === undefined
    ? account
    : withParty(account, { ...party, newsAt: account.seq, settled: false });
}

export function withBook(account: Account, symbol: string, changes: Partial<Book>): Account {
  const book = { ...bookOf(account, symbol), ...changes };
  return { ...account, books: { ...account.books, [symbol]: book } };
}

export const bookOf = (account: Account, symbol: string): Book =>
  account.books[symbol] ?? { foreign: 0, tradedAt: 0, frozen: false };

export const named = (account: Account, orderRef: string): Told | undefined =>
  account.orders.find(({ ticket }) => ticket.orderRef === orderRef);

// ── what is said ─────────────────────────────────────────────────────────────────────────────

const FOUND: readonly string[] = ['working', 'held', 'replaced', 'triggered', 'pendingCancel'];

/** Says one more word of an order; `live` outside of a look, which reckons shares as a whole. */
export function said(account: Account, orderRef: string, word: Word, live: boolean): Account {
  const before = named(account, orderRef);
  if (before === undefined) return account;
  const { seq } = account;
  const words = [...before.words, word];
  const after = truthAfter(words, before.truth);
  // That a definite word leaves a concluded end concluded is known (`order-exceptions.ts`).
  const news = newsOf(words, before.truth, after);
  const still = before.truth.concluded && after.end !== null && !news.includes('revived');
  const truth = { ...after, concluded: after.concluded || still };
  const lost = truth.end === null && isLost(before, truth, news);
  const changed = truth.cumQty !== before.truth.cumQty;
  const told: Told = {
    ...before,
    words,
    truth: { ...truth, unresolved: lost },
    lost,
    news,
    aliveAt: live && speaksOfLife(word) ? seq : before.aliveAt,
    acceptedAt: before.acceptedAt === 0 && truth.acknowledged ? seq : before.acceptedAt,
    endedAt: truth.end === null ? 0 : before.truth.end === null ? seq : before.endedAt,
    // IB says the same three times: only a claim of more than before is a new one.
    claimedAt: truth.claimed > before.truth.claimed ? seq : before.claimedAt,
    going: isGoing(before, news),
    disputed: before.disputed || isDisputed(before, truth, news),
  };
  let now = withOrder(account, told);
  if (news.length > 0) now = withNews(now, before.ticket.bracket);
  if (changed && live) now = withBook(now, before.ticket.symbol, { tradedAt: seq });
  return now;
}

/** Looked for until the broker shows it; a refused cancel and a fill taken back say: look. */
function isLost(before: Told, truth: Truth, news: readonly string[]): boolean {
  if (news.some((one) => FOUND.includes(one))) return false;
  if (news.includes('cancelRejected') && before.going) return true;
  return before.lost || (before.truth.end !== null && truth.end === null);
}

/** That it traded does not say that its rest is alive. */
const speaksOfLife = (word: Word): boolean => isReport(word) && LIVING.includes(word.status);

/** A word revives what has filled since it was missed; a replace is confirmed at what has traded. */
function isDisputed(before: Told, { end, cumQty, qty }: Truth, news: readonly string[]): boolean {
  const concluded = before.truth.concluded && news.includes('revived') && cumQty >= qty;
  if (before.truth.concluded && end === null && !news.includes('revived')) return true;
  return concluded || (news.includes('replaced') && end === 'filled');
}

/** Found again, it is as we asked: what others asked of it is forgotten. */
function isGoing(before: Told, news: readonly string[]): boolean {
  if (news.includes('pendingCancel')) return true;
  const found = before.lost && news.some((one) => FOUND.includes(one));
  return found ? before.truth.cancelAsked : before.going;
}

/** What was heard, other than a look. */
export function heard(account: Account, fact: Fact): Account {
  const ofAll = fact.type === 'link.lost';
  const whom = 'orderRef' in fact ? named(account, fact.orderRef)?.ticket.bracket : '';
  return closing(booked(account, fact), ({ name }) => ofAll || name === whom);
}

function booked(account: Account, fact: Fact): Account {
  const now = { ...account, seq: account.seq + 1 };
  switch (fact.type) {
    case 'order.reported':
    case 'order.executed':
      return said(now, fact.orderRef, fact, true);
    case 'order.busted':
    case 'order.refused':
    case 'cancel.refused':
    case 'replace.refused':
      return said(now, fact.orderRef, fact, true);
    case 'link.lost':
      return { ...now, link: 'lost', orders: now.orders.map(losing) };
    case 'link.restored':
      return { ...now, link: 'back', linkAt: now.seq };
    case 'bracket.requested': {
      const { bracket, symbol, side } = fact.request;
      const party = { name: bracket, symbol, side, foreign: 0, newsAt: 0 };
      return { ...now, parties: [...now.parties, { ...party, ...UNTOUCHED }] };
    }
    case 'flatten.wished':
    case 'cancel.wished': {
      const party = now.parties.find(({ name }) => name === fact.bracket);
      if (party === undefined || party.closed) return now;
      const wished = withParty(now, { ...party, wished: true });
      return fact.type === 'cancel.wished' ? wished : withNews(wished, fact.bracket);
    }
    default:
      return now;
  }
}

const UNTOUCHED = { wished: false, settled: false, closed: false } as const;

/** Nothing in flight is concluded across a cut. */
function losing(told: Told): Told {
  if (told.truth.end !== null) return told;
  const words: readonly Word[] = [...told.words, { type: 'marked.unresolved' }];
  return { ...told, words, truth: truthAfter(words, told.truth), lost: true, news: [] };
}

// ── what is sent ─────────────────────────────────────────────────────────────────────────────

/** What left with the last fact. */
export function sent(account: Account, effects: readonly Effect[]): Account {
  let now = account;
  for (const party of now.parties)
    if (isBreached(now, party)) now = withBook(now, party.symbol, { frozen: true });
  for (const effect of effects) {
    if (effect.type === 'place') now = placed(now, effect.ticket);
    if (effect.type === 'cancel') now = asked(now, effect.orderRef, { type: 'cancel.asked' });
    if (effect.type === 'replace') {
      const { ticket } = effect;
      now = asked(now, ticket.orderRef, { type: 'replace.asked', ticket });
    }
  }
  return now;
}

function asked(account: Account, orderRef: string, word: Word): Account {
  const before = named(account, orderRef);
  if (before === undefined) return account;
  const words = [...before.words, word];
  const truth = truthAfter(words, before.truth);
  const going = before.going || (word.type === 'cancel.asked' && !before.lost);
  return withOrder(account, { ...before, words, truth, going });
}

function placed(account: Account, ticket: Ticket): Account {
  const before = named(account, ticket.orderRef);
  if (before !== undefined) {
    const { truth: known } = before;
    const truth = { ...known, missing: false, unresolved: false, cancelAsked: false };
    const again = { ...before, truth, sentAt: account.seq, again: true, lost: false, going: false };
    return withOrder(account, again);
  }
  const party = account.parties.find(({ name }) => name === ticket.bracket);
  const told: Told = {
    ticket,
    exits: party?.side !== ticket.action,
    words: [],
    truth: unheard(ticket),
    sentAt: account.seq,
    again: false,
    aliveAt: 0,
    acceptedAt: 0,
    endedAt: 0,
    claimedAt: 0,
    lost: false,
    going: false,
    news: [],
    disputed: false,
  };
  return { ...account, orders: [...account.orders, told] };
}
