/**
 * One bracket's turn within a step: the fact, then whatever is due, then deadlines, figures and
 * laws; and what becomes of it in the state and in the Ready.
 */
import { brokenLaws } from './checks.ts';
import { enteredQty, exitedQty } from './commitment.ts';
import { keepDeadlines } from './deadlines.ts';
import type { Alarm, CloseRecord, Effect, Move, WatcherRecord } from './ready.ts';
import { type Bracket, type DraftState, withEntry } from './state.ts';
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
  const executedBefore = executed(bracket);
  const alarmsBefore = c.alarms.length;
  const turn = newTurn(c, book, bracket);
  act(turn);
  if (concludes) conclusion(turn);
  // Was it this execution that had been missing from the broker's position?
  const traded = executedBefore !== executed(turn.bracket);
  if (traded && turn.bracket.foreign > 0) turn.asks.push('shares were missing, and one trade came');
  if (concludes) settleUp(turn, c.deadlines);
  if (turn.closes) c.closed.push(closeRecord(turn));
  const frozen = book.frozen ?? freezes(turn, alarmsBefore);
  const brackets = book.brackets.with(at, turn.bracket);
  const tradedAt = traded ? c.seq : book.tradedAt;
  c.state.books = withEntry(c.state.books, key, { ...book, brackets, tradedAt, frozen });
  if (book.frozen !== null || frozen === null) return;
  // Entries are forbidden from now on: those of the other brackets are withdrawn in this very step.
  for (const other of brackets.keys()) if (other !== at) run(c, key, other, () => {});
}

/** What closes a turn: the figures, the waits, and the laws. */
function settleUp(turn: Turn, deadlines: Effect[]): void {
  tally(turn);
  keepDeadlines(turn, deadlines);
  const { bracket, chart, standing } = turn;
  for (const { law, text } of brokenLaws(bracket, chart, standing)) broke(turn, law, text);
}

/** Everything that counts as executed, entries and exits alike: what a status claims, too. */
const executed = (bracket: Bracket): number => enteredQty(bracket) + exitedQty(bracket);

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
