/**
 * The heart: one fact in, one Ready out. Pure, synchronous, replayable.
 *
 *     fact -> ledger -> conclude -> charts -> intents -> size -> laws -> Ready
 *
 * `step` never refuses a fact and never drops one: it moves something, says why it is left alone,
 * or raises an alarm. What it decides is in the Ready; performing it, after the record is durable,
 * is somebody else's (`src/engine`).
 */

import { bookElapsed, bookLinkLost, bookWord, type OrderWord } from './booking.ts';
import type { Fact } from './fact.ts';
import { judge, newBracket } from './opening.ts';
import { showQty } from './quantity.ts';
import type { Effect, Ready } from './ready.ts';
import { type Collected, run, runEvery } from './run.ts';
import { SAMPLE_EVERY } from './sample.ts';
import { breakSilence } from './silence.ts';
import { takeSnapshot } from './snapshot.ts';
import {
  type Book,
  type Bracket,
  bracketOf,
  deadlineOf,
  isOpen,
  liveOrder,
  type State,
  withEntry,
} from './state.ts';
import { leave, type Turn, type Watch } from './turn.ts';
import { bookWatcher, watcherOrdered } from './watchers.ts';
import { movePrices, priceMatters, printPrice } from './wishes.ts';

export type StepOptions = {
  /** Every how many steps the compiled charts are compared with XState; 0 is never. */
  readonly sampleEvery?: number;
  /** Told every event that is put to the charts, with its conclusions. */
  readonly observe?: Watch['observe'];
};

export function step(
  before: State,
  fact: Fact,
  { sampleEvery = SAMPLE_EVERY, observe }: StepOptions = {},
): Ready {
  const seq = before.seq + 1;
  const c: Collected = {
    seq,
    at: fact.at,
    watch: { sampled: sampleEvery > 0 && seq % sampleEvery === 0, observe },
    state: { ...before, seq },
    withdrawals: [],
    placements: [],
    deadlines: [],
    asks: [],
    alarms: [],
    moves: [],
    ignored: [],
    closed: [],
    watchers: [],
    denied: [],
  };
  route(c, fact);
  breakSilence(c, fact);
  return {
    seq,
    state: c.state,
    effects: effectsOf(c),
    alarms: c.alarms,
    moves: c.moves,
    ignored: c.ignored,
    closed: c.closed,
    watchers: c.watchers,
    denied: c.denied,
  };
}

/** In the order in which they leave. */
function effectsOf(c: Collected): readonly Effect[] {
  const effects = lasting(c);
  for (const placement of c.placements) effects.push(placement);
  const because = c.asks[0];
  if (because !== undefined && c.state.link !== 'lost') {
    effects.push({ type: 'ask', askedAt: c.seq, because });
  }
  for (const deadline of c.deadlines) effects.push(deadline);
  return effects;
}

/** A cancel never overtakes its own placement: one of this very step is void. */
function lasting({ withdrawals, placements }: Collected): Effect[] {
  if (withdrawals.length === 0 || placements.length === 0) return withdrawals;
  const places = (e: Effect, ref: string): boolean =>
    e.type === 'place' && e.ticket.orderRef === ref;
  return withdrawals.filter(
    (e) => e.type !== 'cancel' || !placements.some((other) => places(other, e.orderRef)),
  );
}

function route(c: Collected, fact: Fact): void {
  switch (fact.type) {
    case 'bracket.requested':
    case 'cancel.wished':
    case 'flatten.wished':
    case 'move.wished':
      onWish(c, fact);
      break;
    case 'order.reported':
    case 'order.executed':
    case 'order.busted':
    case 'order.refused':
    case 'cancel.refused':
    case 'replace.refused':
    case 'order.warned':
      onOrder(c, fact);
      break;
    case 'order.attested':
      onAttested(c, fact);
      break;
    case 'link.lost':
      c.state.link = 'lost';
      c.state.books = withoutPrices(c.state.books);
      runEvery(c, () => true, bookLinkLost);
      break;
    case 'link.restored':
      c.state.link = 'reconciling';
      c.state.linkAt = c.seq;
      c.asks.push('the link is back');
      break;
    case 'snapshot.taken':
      takeSnapshot(c, fact);
      break;
    case 'deadline.elapsed':
      onDeadline(c, fact.deadline);
      break;
    case 'look.due':
      if (c.state.link !== 'lost') c.asks.push(fact.because);
      break;
    case 'admission.set':
    case 'kill.switched':
      onAdmission(c, fact);
      break;
    case 'freeze.lifted':
      onFreezeLifted(c, fact);
      break;
    case 'price.printed':
    case 'market.halted':
    case 'market.resumed':
    case 'session.ending':
      onMarket(c, fact);
      break;
    case 'watcher.started':
    case 'watcher.confirmed':
    case 'watcher.stopped':
      onWatcher(c, fact);
      break;
    case 'unrecognised': {
      const text = `not understood: ${fact.text}`;
      c.alarms.push({ law: 'L8', bracket: '', text, broken: false });
      break;
    }
  }
}

/** Across a cut the last price is not the last any more. */
function withoutPrices(books: State['books']): State['books'] {
  return Object.fromEntries(
    Object.entries(books).map(([key, book]) => [key, { ...book, lastPx: null }]),
  );
}

type FactOf<T extends Fact['type']> = Extract<Fact, { readonly type: T }>;

function onWish(
  c: Collected,
  wish: FactOf<'bracket.requested' | 'cancel.wished' | 'flatten.wished' | 'move.wished'>,
): void {
  switch (wish.type) {
    case 'bracket.requested':
      open(c, wish.request);
      break;
    case 'cancel.wished':
      onBracket(c, wish.bracket, (turn) => {
        if (turn.bracket.cancelWished) turn.ignored.push('it was cancelled already');
        turn.bracket.cancelWished = true;
      });
      break;
    case 'flatten.wished':
      onBracket(c, wish.bracket, (turn) => {
        if (turn.bracket.leaving !== null) turn.ignored.push('it is leaving already');
        leave(turn, 'wished');
      });
      break;
    case 'move.wished':
      onBracket(c, wish.bracket, (turn) => {
        c.denied = movePrices(turn, wish);
      });
      break;
  }
}

function onMarket(
  c: Collected,
  fact: FactOf<'price.printed' | 'market.halted' | 'market.resumed' | 'session.ending'>,
): void {
  const still = (): void => {};
  switch (fact.type) {
    case 'price.printed': {
      const printed = (turn: Turn): void => {
        if (priceMatters(turn.bracket)) printPrice(turn, fact.px);
      };
      const books = Object.values(c.state.books).filter(({ symbol }) => symbol === fact.symbol);
      const again = books.length > 0 && books.every(({ lastPx }) => lastPx === fact.px);
      onBook(c, fact.symbol, (book) => ({ ...book, lastPx: fact.px }), printed);
      if (again && c.moves.length === 0) c.ignored.push('it was the last price already');
      break;
    }
    case 'market.halted':
      onBook(c, fact.symbol, (book) => ({ ...book, halted: true }), still);
      break;
    case 'market.resumed':
      onBook(c, fact.symbol, (book) => ({ ...book, halted: false }), still);
      break;
    case 'session.ending': {
      const leaves = (bracket: Bracket): boolean =>
        bracket.plan.account === fact.account && bracket.plan.flattenBeforeClose && isOpen(bracket);
      const flat = (turn: Turn): void => {
        if (turn.bracket.leaving !== null) turn.ignored.push('it is leaving already');
        leave(turn, 'sessionEnding');
      };
      if (runEvery(c, leaves, flat) === 0) {
        c.ignored.push('no bracket of the account is to be flat by then');
      }
      break;
    }
  }
}

/** What may be opened; the kill switch takes back every entry, too, and leaves exits alone. */
function onAdmission(c: Collected, fact: FactOf<'admission.set' | 'kill.switched'>): void {
  if (fact.type === 'admission.set') {
    const { type: _, at: __, ...set } = fact;
    c.state.admission = { ...c.state.admission, ...set };
    return;
  }
  c.state.admission = { ...c.state.admission, closed: `the kill switch: ${fact.because}` };
  const cancel = (turn: Turn): void => {
    turn.bracket.cancelWished = true;
  };
  runEvery(c, (bracket) => liveOrder(bracket, 'entry') !== undefined, cancel);
}

/** Refused while a bracket of the symbol is still breached. What had to wait is due at once. */
function onFreezeLifted(c: Collected, fact: FactOf<'freeze.lifted'>): void {
  let frozen = false;
  for (const [key, book] of Object.entries(c.state.books)) {
    if (book.symbol !== fact.symbol || book.account !== fact.account) continue;
    if (book.frozen === null) continue;
    frozen = true;
    const open = book.brackets.find((b) => b.configuration.exposure === 'breached');
    if (open !== undefined) {
      c.denied = [`symbol: ${open.plan.bracket} is still breached`];
      continue;
    }
    c.state.books = withEntry(c.state.books, key, { ...book, frozen: null });
    book.brackets.forEach((bracket, at) => {
      if (isOpen(bracket)) run(c, key, at, () => {});
    });
  }
  if (!frozen) c.ignored.push(`${fact.symbol}: nothing of it is frozen`);
}

function onWatcher(
  c: Collected,
  fact: FactOf<`watcher.${'started' | 'confirmed' | 'stopped'}`>,
): void {
  const watched = bookWatcher(c.state.watchers, fact);
  c.state.watchers = watched.watchers;
  c.watchers.push(...watched.records);
  c.ignored.push(...watched.ignored);
}

function open(c: Collected, wish: Extract<Fact, { type: 'bracket.requested' }>['request']): void {
  const opening = judge(c.state, wish);
  if (!opening.ok) {
    c.denied = opening.reasons;
    return;
  }
  const { plan, key, book } = opening;
  const brackets = [...book.brackets, newBracket(plan)];
  c.state.books = withEntry(c.state.books, key, { ...book, brackets });
  c.state.index = withEntry(c.state.index, plan.bracket, key);
  if (plan.watcher !== undefined) {
    c.state.watchers = watcherOrdered(c.state.watchers, plan.watcher, plan.bracket);
  }
  run(c, key, brackets.length - 1, () => {});
}

/** A wish about a bracket. One that is closed has nothing left to wish for. */
function onBracket(c: Collected, id: string, act: (turn: Turn) => void): void {
  const key = c.state.index[id] ?? '';
  const at = placeOf(c.state.books[key], id);
  if (at < 0) {
    c.denied = [`bracket: ${id} is not known`];
    return;
  }
  if (c.state.books[key]?.brackets[at]?.configuration.exposure === 'closed') {
    c.denied = [`bracket: ${id} is closed`];
    return;
  }
  run(c, key, at, act);
}

/** Where in its book a bracket is; -1 when nowhere. The newest, of which most is heard, is last. */
function placeOf(book: Book | undefined, id: string): number {
  return book === undefined ? -1 : book.brackets.findLastIndex((b) => b.plan.bracket === id);
}

function onOrder(c: Collected, word: OrderWord): void {
  const id = bracketOf(word.orderRef);
  const key = c.state.index[id] ?? '';
  const at = placeOf(c.state.books[key], id);
  const unknown = (): void => {
    const text = `${word.type} of ${word.orderRef}, an order that we never sent`;
    c.alarms.push({ law: 'L4', bracket: id, text, broken: false });
  };
  if (at < 0) {
    unknown();
    return;
  }
  run(c, key, at, (turn) => {
    if (!bookWord(turn, word)) unknown();
  });
}

/** The word of a person counts where the broker has none, and nowhere else. */
function onAttested(c: Collected, { orderRef, filled, by }: FactOf<'order.attested'>): void {
  const id = bracketOf(orderRef);
  const key = c.state.index[id] ?? '';
  const at = placeOf(c.state.books[key], id);
  const bracket = c.state.books[key]?.brackets[at];
  const order = bracket?.orders.find(({ ticket }) => ticket.orderRef === orderRef);
  if (order === undefined) {
    c.denied = [`orderRef: ${orderRef} is no order of ours`];
  } else if (order.end !== null) {
    c.denied = [`orderRef: ${orderRef} has ended, ${order.end}`];
  } else if (!order.unresolved && !order.missing) {
    c.denied = [`orderRef: the broker has ${orderRef}; cancel it there, or let it end`];
  } else if (filled > order.qty) {
    c.denied = [`filled: ${orderRef} is of ${showQty(order.qty)}, not ${showQty(filled)}`];
  } else {
    c.ignored.push(`${by} says that ${orderRef} is over, with ${showQty(filled)} executed`);
    const word = {
      type: 'order.reported',
      orderRef,
      permId: 0,
      status: 'cancelled',
      filled,
    } as const;
    run(c, key, at, (turn) => bookWord(turn, word));
  }
}

function onBook(
  c: Collected,
  symbol: string,
  change: (book: Book) => Book,
  act: (turn: Turn) => void,
): void {
  let known = false;
  for (const [key, book] of Object.entries(c.state.books)) {
    if (book.symbol !== symbol) continue;
    known = true;
    c.state.books = withEntry(c.state.books, key, change(book));
    book.brackets.forEach((bracket, at) => {
      if (isOpen(bracket)) run(c, key, at, act);
    });
  }
  if (!known) c.ignored.push(`${symbol}: no bracket has been opened in it`);
}

function onDeadline(c: Collected, deadline: string): void {
  const [id = '', key = ''] = deadline.split('/');
  const bookOf = c.state.index[id] ?? '';
  const book = c.state.books[bookOf];
  const at = placeOf(book, id);
  const bracket = book?.brackets[at];
  if (book === undefined || bracket === undefined || deadlineOf(bracket, key) !== deadline) {
    c.ignored.push(`${deadline}: that wait had ended before`);
    return;
  }
  run(c, bookOf, at, (turn) => {
    turn.bracket.deadlines = turn.bracket.deadlines.filter((running) => running.key !== key);
    bookElapsed(turn, key);
  });
}
