/** What an exploration lets happen, and how often what is rare may. */
import type { BracketRequest } from '../core/request.ts';
import type { Overlap } from '../core/state.ts';
import type { Action, OcaType } from '../ports/broker.ts';
import type { BookOptions } from '../simulator/book.ts';
import type { DetachedPlan } from '../simulator/detached.ts';

/** What happens rarely, each as often as a scope allows. */
export type Rarity =
  /** The broker's: 201; a cancel unasked; 404 and back; inactive and back; 161. */
  | 'reject'
  | 'unsolicitedCancel'
  | 'hold'
  | 'inactivate'
  | 'refuseCancel'
  /** A wait is over, while other things could still happen; or because nothing else can. */
  | 'elapse'
  | 'patience'
  /** The link is cut; what was under way is lost, and what happens meanwhile is not told. */
  | 'cut'
  /** We die between a record and its effects, or after some of them; the journal is all we keep. */
  | 'crash'
  /** A message that is under way is lost, though the link stands; a word is said once more. */
  | 'lose'
  | 'repeat'
  /** Told the other way round, later, twice, or without the statuses. */
  | 'statusFirst'
  | 'late'
  | 'twice'
  | 'silent'
  /** Of an end only the message is told (202), and no status that carries the figure. */
  | 'bare'
  /** An order is shown otherwise than it was asked for, without anything having happened. */
  | 'misshow'
  /** An execution is corrected, or taken back (and an operator tells us). */
  | 'correct'
  | 'bust'
  /** Somebody else sells a lot of ours. */
  | 'foreign'
  /** A price that matters is printed; trading is halted, and resumed; the session is to end. */
  | 'print'
  | 'halt'
  | 'session'
  /** The router's wishes. */
  | 'cancel'
  | 'flatten'
  | 'moveStop'
  | 'moveTarget';

/** Which way takes time; the rest is prompt. */
export type Travel =
  | 'prompt'
  | 'requests'
  /** What the broker says of one thing is heard together, in the order in which it was said. */
  | 'words'
  /** Both ways, our questions and their answers too; and words overtake each other. */
  | 'all';

/** The side of the entries: what trades on the other one exits. */
export const sideOf = ({ side, requests }: Scope): Action => side ?? requests[0]?.side ?? 'BUY';

export type Scope = {
  /** What the router opens, in this order. */
  readonly requests: readonly BracketRequest[];
  /** Whether labels say of which bracket; by default where the router opens several. */
  readonly named?: boolean;
  /** Of the brackets' entries; by default that of the first request. */
  readonly side?: Action;
  /** Shares that somebody else has exited before anything happens here; none by default. */
  readonly takenShares?: number;
  /** The router of the incident stands in the engine's place. */
  readonly detached?: DetachedPlan;
  readonly overlap?: Overlap;
  readonly book?: Partial<BookOptions>;
  /** Shares of an execution, each clipped to what is left. */
  readonly lots: readonly number[];
  readonly travel: Travel;
  /** How much may be under way to us at once; until it is heard, the broker does nothing more. */
  readonly wordsMost?: number;
  /** What the broker makes of every OCA group, and whether it admits that in its echo. */
  readonly regroups?: { readonly ocaType: OcaType; readonly admits: boolean };
  readonly rare: Readonly<Partial<Record<Rarity, number>>>;
};
