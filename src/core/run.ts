/**
 * One bracket's turn within a step: the fact, then whatever is due, then deadlines, figures and
 * laws; and what becomes of it in the state and in the Ready.
 */
import { brokenLaws } from './checks.ts';
import { keepDeadlines } from './deadlines.ts';
import { cumQty } from './ledger.ts';
import type { Alarm, CloseRecord, Effect, Move, WatcherRecord } from './ready.ts';
import { type Book, type Bracket, type DraftState, isOpen, withEntry } from './state.ts';
import { tally } from './tally.ts';
import { broke, closeRecord, conclusion, newTurn, type Turn, type Watch } from './turn.ts';

/** What a step collects on its way, over all the brackets that the fact touches. */
export type Collected = {
  readonly seq: number;
  readonly at: number;
  readonly watch: Watch;
  /** A copy of the state before, written in place. */
  readonly state: DraftState;
  readonly withdrawals: Effect[];
  readonly placements: Effect[];
  readonly deadlines: Effect[];
  readonly asks: string[];
  readonly alarms: Alarm[];
  readonly moves: Move[];
  readonly ignored: string[];
  readonly closed: CloseRecord[];
  readonly watchers: WatcherRecord[];
  denied: readonly string[];
};

/** One bracket's turn: the fact, then whatever is due, then deadlines, figures and laws. */
export function run(
  c: Collected,
  key: string,
  at: number,
  act: (turn: Turn) => void,
  concludes = true,
): void {
  const book = c.state.books[key];
  const bracket = book?.brackets[at];
  if (book === undefined || bracket === undefined) return;
  const alarmsBefore = c.alarms.length;
  const placedBefore = c.placements.length;
  const turn = newTurn(c, book, bracket);
  act(turn);
  const stillRests = restsIn(book, at, turn) && saysTheSame(turn.bracket, bracket);
  const rests = concludes && (stillRests || conclusion(turn));
  // Was it this execution that had been missing from the broker's position?
  const traded = hasTraded(turn.bracket, bracket);
  if (traded && turn.bracket.foreign > 0) turn.asks.push('shares were missing, and one trade came');
  const lawful = concludes && settleUp(turn, c.deadlines, stillRests);
  if (turn.closes) c.closed.push(closeRecord(turn));
  const frozen = book.frozen ?? freezes(turn, alarmsBefore);
  const brackets = book.brackets.with(at, turn.bracket);
  const tradedAt = traded ? c.seq : book.tradedAt;
  const next: Book = { ...book, brackets, tradedAt, frozen };
  c.state.books = withEntry(c.state.books, key, next);
  // What is sent in this very step may be asked to go in the next one.
  if (rests && lawful && frozen === book.frozen && c.placements.length === placedBefore) {
    latest = { book: next, at, linkLive: turn.linkLive };
  }
  // Of what is booked in parts, nothing is concluded before the last part.
  if (!concludes || book.frozen !== null || frozen === null) return;
  // Entries are forbidden from now on: those of the other brackets are withdrawn in this very step.
  brackets.forEach((other, of) => {
    if (of !== at && isOpen(other)) run(c, key, of, () => {});
  });
}

/** A turn for each of them; how many there were. */
export function runEvery(
  c: Collected,
  which: (b: Bracket) => boolean,
  act: (turn: Turn) => void,
): number {
  let count = 0;
  for (const [key, book] of Object.entries(c.state.books)) {
    book.brackets.forEach((bracket, at) => {
      if (!which(bracket)) return;
      count += 1;
      run(c, key, at, act);
    });
  }
  return count;
}

/**
 * The bracket that was left at rest last, by its book: the plan was asked about all that is due, and
 * called for nothing. Most words only repeat what is known; as long as nothing else has changed in
 * the book, its brackets and the link, the plan would be asked the same again, and say the same.
 */
let latest: { readonly book: Book; readonly at: number; readonly linkLive: boolean } | null = null;

/** A sampled step is asked all the same: that nothing comes of it is part of what is compared. */
function restsIn(book: Book, at: number, { linkLive, watch }: Turn): boolean {
  const same = latest?.book === book && latest.at === at && latest.linkLive === linkLive;
  return same && !watch.sampled;
}

/** Nothing that the plan or the charts look at has changed. */
function saysTheSame(now: Bracket, before: Bracket): boolean {
  return (
    now.orders === before.orders &&
    now.pairs === before.pairs &&
    now.configuration === before.configuration &&
    now.leaving === before.leaving &&
    now.cancelWished === before.cancelWished &&
    now.entryLate === before.entryLate &&
    now.closingLate === before.closingLate &&
    now.coverElapsed === before.coverElapsed &&
    now.foreign === before.foreign &&
    now.absentAt === before.absentAt &&
    now.newsAt === before.newsAt &&
    now.deadlines === before.deadlines
  );
}

/**
 * What closes a turn: the figures, the waits, and the laws; false when one is broken. Where nothing
 * has changed, there is nothing to wait for and nothing to break that was not there before.
 */
function settleUp(turn: Turn, deadlines: Effect[], stillRests: boolean): boolean {
  tally(turn);
  if (stillRests) return true;
  keepDeadlines(turn, deadlines);
  const { bracket, chart, standing } = turn;
  const broken = brokenLaws(bracket, chart, standing);
  for (const { law, text } of broken) broke(turn, law, text);
  return broken.length === 0;
}

/**
 * Whether what counts as executed has changed of any order, what a status claims included. Of each:
 * what a look tells of several may cancel out in their sum.
 */
function hasTraded(now: Bracket, before: Bracket): boolean {
  if (now.orders === before.orders) return false;
  return now.orders.some((order, at) => {
    const was = before.orders[at];
    return was !== order && cumQty(order) !== (was === undefined ? 0 : cumQty(was));
  });
}

/** Why the turn freezes its book: a law that it broke, by its alarms, or a breach. */
function freezes({ bracket, alarms }: Turn, alarmsBefore: number): string | null {
  const id = bracket.plan.bracket;
  for (let i = alarmsBefore; i < alarms.length; i++) {
    const alarm = alarms[i];
    if (alarm?.broken === true) return `${alarm.law} was broken by ${id}`;
  }
  return bracket.configuration.exposure === 'breached'
    ? `${id} was breached, and nobody has lifted the freeze`
    : null;
}
