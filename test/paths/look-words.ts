/** What the account makes of words and of what is sent, outside of a look and in it. */
import type { Executed, Fact, Reported } from '../../src/core/fact.ts';
import type { Effect, Ticket } from '../../src/core/ready.ts';
import { executionsOf } from '../core/reference-executions.ts';
import { newsOf } from '../core/reference-news.ts';
import {
  isReport,
  LIVING,
  type Truth,
  truthAfter,
  unheard,
  type Word,
} from '../core/reference-order.ts';
import {
  type Account,
  closing,
  isBreached,
  isCurrent,
  named,
  ofParty,
  type Party,
  pairOf,
  type Told,
  type Warning,
  withBook,
  withNews,
  withOrder,
  withParty,
} from './look-account.ts';

// ── what is said ─────────────────────────────────────────────────────────────────────────────

const FOUND: readonly string[] = ['working', 'held', 'replaced', 'triggered', 'pendingCancel'];

/** Says one more word of an order; `live` outside of a look, which reckons shares as a whole. */
function said(account: Account, orderRef: string, word: Word, live: boolean): Account {
  const before = named(account, orderRef);
  if (before === undefined) return account;
  const { seq } = account;
  const words = [...before.words, word];
  const after = truthIn(before, words);
  // That a definite word leaves a concluded end concluded is known (`order-exceptions.ts`).
  const news = newsOf(words, before.truth, after);
  const still = before.truth.concluded && after.end !== null && !news.includes('revived');
  const truth = { ...after, concluded: after.concluded || still };
  // Only what a leg holds is looked for, unless the ledger itself brings it back.
  const sought = isCurrent(account, before)
    ? isLost(before, truth, news)
    : before.lost || news.includes('revived');
  const lost = truth.end === null && sought;
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
  if (news.length > 0) now = withNews(now, told);
  if (changed && live) now = withBook(now, before.ticket.symbol, { tradedAt: seq });
  return now;
}

/** That it has traded all is told by the next share or by its absence, not by any other word. */
function truthIn({ full, truth, ticket }: Told, words: readonly Word[]): Truth {
  if (!full) return truthAfter(words, truth);
  const after = truthAfter(words, { ...truth, largest: ticket.qty });
  if (after.cumQty > truth.cumQty) return truthAfter(words, truth);
  return { ...after, largest: truth.largest };
}

/** Looked for until the broker shows it; a refused cancel and a fill taken back say: look. */
function isLost(before: Told, truth: Truth, news: readonly string[]): boolean {
  if (news.some((one) => FOUND.includes(one))) return false;
  if (news.includes('cancelRejected') && before.going) return true;
  return before.lost || (before.truth.end !== null && truth.end === null);
}

/** That it traded does not say that its rest is alive. */
const speaksOfLife = (word: Word): boolean => isReport(word) && LIVING.includes(word.status);

/**
 * A word revives what has filled since it was missed; a replace is confirmed at what has traded; and
 * what was full as it was reduced is made another size.
 */
function isDisputed(before: Told, { end, cumQty, qty }: Truth, news: readonly string[]): boolean {
  const { truth } = before;
  const resized = qty !== truth.qty || cumQty < truth.cumQty;
  if (before.full && (resized || news.includes('corrected'))) return true;
  if (truth.concluded && end === null && !news.includes('revived')) return true;
  const concluded = truth.concluded && news.includes('revived') && cumQty >= qty;
  return concluded || (news.includes('replaced') && end === 'filled');
}

/** Found again, it is as we asked: what others asked of it is forgotten. */
function isGoing(before: Told, news: readonly string[]): boolean {
  if (news.includes('pendingCancel')) return true;
  const found = before.lost && news.some((one) => FOUND.includes(one));
  return found ? before.truth.cancelAsked : before.going;
}

/** A word of an order, whosoever it is; `live` outside of a look. */
export type OrderWord =
  | Exclude<Extract<Fact, { readonly orderRef: string }>, { readonly type: 'order.attested' }>
  | Reported
  | Executed;

export const TAKEN_BACK = 'of a filled order was taken back';
export const SHOWN_OPEN = 'is open at the broker';

/** Says a word, and what must be told a person of it. */
export function spoken(
  account: Account,
  word: OrderWord,
  live: boolean,
  warnings: Warning[],
): Account {
  const before = named(account, word.orderRef);
  if (before === undefined) {
    if (live) warnings.push(neverSent(account, word.orderRef));
    return account;
  }
  if (word.type === 'order.warned') {
    warnings.push(unheeded(before));
    return account;
  }
  if (word.type === 'order.executed' && isOfAnother(account, before, word.execId)) {
    const says = 'is counted under another order';
    warnings.push({ law: 'L2', about: before.ticket.bracket, says });
    return account;
  }
  const now = dissolved(said(account, word.orderRef, word, live), before.ticket.bracket);
  const after = named(now, word.orderRef);
  if (after === undefined) return now;
  warnings.push(...toldOf(account, before, after));
  const differs = before.truth.differs.length === 0 && after.truth.differs.length > 0;
  if (differs && !isPaired(account, before.ticket))
    warnings.push(warningOf(before, 'L3', 'is shown with'));
  return now;
}

/**
 * A target has ended, and the broker shows its stop reduced by what it took: from then on the stop
 * is of that size, and full when that has traded.
 */
export function dissolved(account: Account, name: string): Account {
  return ofParty(account, name).reduce((now, stop) => {
    const leg = stop.ticket.leg.replace('stop', 'target');
    const target = ofParty(now, name).findLast((one) => one.ticket.leg === leg);
    if (leg === stop.ticket.leg || target === undefined || stop.truth.end !== null) return now;
    const { qty, largest } = stop.truth;
    const most = Math.max(largest, target.truth.largest);
    const agreed = stop.truth.differs.length + target.truth.differs.length === 0;
    const beside = target.ticket.group === stop.ticket.group && stop.ticket.group !== '';
    const reduced =
      agreed && beside && target.truth.end !== null && qty + target.truth.cumQty <= most;
    if (!reduced || qty === largest) return now;
    const full = stop.truth.cumQty >= qty;
    return withOrder(now, { ...stop, full, truth: { ...stop.truth, largest: qty } });
  }, account);
}

type Place = { readonly bracket: string; readonly leg: string };

/** Of a pair in a group another law tells: what was agreed is not. */
export function isPaired({ parties }: Account, { bracket, leg }: Place): boolean {
  const party = parties.find(({ name }) => name === bracket);
  return party?.sequenced === false && /\d$/.test(leg);
}

export const neverSent = ({ parties }: Account, orderRef: string): Warning => ({
  law: 'L4',
  about: parties.find(({ name }) => orderRef.startsWith(`${name}.`))?.name ?? '',
  says: 'an order that we never sent',
});

/** L2: an `execId` counts once, whoever it is told of. */
const isOfAnother = (account: Account, { ticket }: Told, execId: string): boolean =>
  ofParty(account, ticket.bracket).some(
    (other) => other.ticket.orderRef !== ticket.orderRef && isToldTo(other, execId),
  );

export const isToldTo = ({ words }: Told, execId: string): boolean =>
  executionsOf(words).has(execId.replace(/\.\d+$/, ''));

/** What comes after an end, takes it back, or is of an order that a leg holds no more. */
function toldOf(account: Account, before: Told, after: Told): readonly Warning[] {
  const { end } = before.truth;
  const has = (one: string): boolean => after.news.includes(one);
  if (after.news.length === 0) return [unheeded(before)];
  if (!isCurrent(account, before)) return after.news.map((one) => ofEarlier(before, one));
  if (after.disputed) return [];
  if (end === null && after.truth.end !== null) return lapsed(account, before, after);
  if (has('revived')) return [warningOf(before, 'L10', SHOWN_OPEN)];
  if (end === 'filled' && after.truth.end === null) return [warningOf(before, 'L2', TAKEN_BACK)];
  if (!has('filled') || end === null) return [];
  if (end === 'filled') return [warningOf(before, 'L12', 'executed beyond its quantity')];
  const all = after.truth.end === 'filled';
  return [warningOf(before, 'L2', all ? 'filled after its end' : 'in part after its end')];
}

/** An exit that nobody asked to go, and that no sibling took the shares of. */
function lapsed(account: Account, before: Told, { truth }: Told): readonly Warning[] {
  const { end, cumQty } = truth;
  const { leg } = before.ticket;
  const taken = pairOf(account, before).some((one) => one.truth.cumQty > 0);
  if (end === null || end === 'filled' || before.truth.cancelAsked || taken) return [];
  if (before.lost && end !== 'rejected') return [];
  if (leg.startsWith('stop'))
    return [warningOf(before, 'L5', `was ${end}${end === 'rejected' ? '' : ', unasked'}`)];
  if (!leg.startsWith('target') || cumQty > 0) return [];
  return [warningOf(before, 'L6', `was ${end}; its stop stays`)];
}

/** L8: what is left alone is left alone with a reason. */
const unheeded = ({ ticket }: Told): Warning => ({
  law: 'L8',
  about: ticket.orderRef,
  says: 'is left alone',
});

/** Of an order that its leg holds no more, shares are told to a person; the rest is history. */
export const ofEarlier = (order: Told, news: string): Warning =>
  ['filled', 'busted', 'corrected'].includes(news)
    ? warningOf(order, 'L2', `an earlier order, was ${news}`)
    : unheeded(order);

export const warningOf = ({ ticket }: Told, law: string, says: string): Warning => ({
  law,
  about: `${ticket.bracket}.${ticket.leg}`,
  says,
});

/** Charts tell of what a leg holds now. */
export const ofCurrent = (
  account: Account,
  order: Told,
  law: string,
  says: string,
): readonly Warning[] => [
  isCurrent(account, order) ? warningOf(order, law, says) : unheeded(order),
];

/** What was heard, other than a look. */
export function heard(account: Account, fact: Fact, warnings: Warning[]): Account {
  const ofAll = fact.type === 'link.lost';
  const whom = 'orderRef' in fact ? fact.orderRef : '';
  const isOf = ({ name }: Party): boolean => ofAll || whom.startsWith(`${name}.`);
  return closing(booked(account, fact, warnings), isOf);
}

function booked(account: Account, fact: Fact, warnings: Warning[]): Account {
  const now = { ...account, seq: account.seq + 1 };
  switch (fact.type) {
    case 'order.reported':
    case 'order.executed':
    case 'order.busted':
    case 'order.refused':
    case 'cancel.refused':
    case 'replace.refused':
    case 'order.warned':
      return spoken(now, fact, true, warnings);
    case 'link.lost':
      return { ...now, link: 'lost', orders: now.orders.map(losing) };
    case 'link.restored':
      return { ...now, link: 'back', linkAt: now.seq };
    case 'bracket.requested': {
      const { bracket, symbol, side, plan } = fact.request;
      const sequenced = plan === 'sequenced';
      const party = { name: bracket, symbol, side, sequenced, foreign: 0, newsAt: 0 };
      return { ...now, parties: [...now.parties, { ...party, ...UNTOUCHED }] };
    }
    case 'flatten.wished':
    case 'cancel.wished': {
      const party = now.parties.find(({ name }) => name === fact.bracket);
      if (party === undefined || party.closed) return now;
      return withParty(now, { ...party, wished: true });
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
    full: false,
    disputed: false,
  };
  return { ...account, orders: [...account.orders, told] };
}
