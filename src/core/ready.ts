/**
 * What `step` gives back: the contract between the pure core and the world.
 *
 *     fact -> step -> Ready -> durable record -> effects
 *
 * The record (fact, effects) must be durable BEFORE any effect leaves (L1). Effects leave in the
 * order given: withdrawals first. Alarms must reach a person.
 */
import type { Leg, Region } from '../../machines/facts.ts';
import type { LawId } from '../../machines/laws.ts';
import type { Px, Qty } from './quantity.ts';
import type { State } from './state.ts';

export type Ticket = {
  readonly orderRef: string;
  readonly bracket: string;
  readonly leg: Leg;
  readonly account: string;
  readonly symbol: string;
  readonly conId: number;
  readonly action: 'BUY' | 'SELL';
  readonly orderType: 'MKT' | 'LMT' | 'STP' | 'STP LMT';
  readonly qty: Qty;
  readonly limitPx?: Px;
  readonly stopPx?: Px;
  readonly tif: 'DAY' | 'GTC';
  readonly outsideRth: boolean;
  /** `''` and 0 for an order without a group. */
  readonly group: string;
  readonly ocaType: 0 | 2;
};

export type Effect =
  | { readonly type: 'place'; readonly ticket: Ticket; readonly because: string }
  /** The whole order as it shall be. Sent under the same order id. */
  | { readonly type: 'replace'; readonly ticket: Ticket; readonly because: string }
  | { readonly type: 'cancel'; readonly orderRef: string; readonly because: string }
  | { readonly type: 'ask'; readonly askedAt: number; readonly because: string }
  | { readonly type: 'startDeadline'; readonly deadline: string; readonly withinMs: number }
  | { readonly type: 'stopDeadline'; readonly deadline: string };

export type Alarm = {
  readonly law: LawId;
  readonly bracket: string;
  readonly text: string;
  /** A broken law is our own bug; everything else is the world's doing. */
  readonly broken: boolean;
};

export type Move = {
  readonly bracket: string;
  readonly region: Region;
  readonly from: string;
  readonly to: string;
};

/** How a bracket ended, for the record. */
export type CloseRecord = {
  readonly bracket: string;
  readonly at: number;
  readonly bought: Qty;
  readonly sold: Qty;
  readonly net: Qty;
  readonly legs: readonly {
    readonly orderRef: string;
    readonly cumQty: Qty;
    readonly end: string;
  }[];
  /** Milliseconds with naked shares, and the most there were at once. */
  readonly nakedMs: number;
  readonly nakedMost: Qty;
  readonly overhangMost: Qty;
  /** The longest that an exit lived on after the last share was gone: it could still have traded. */
  readonly raceMs: number;
  /** The snapshot that shows none of its orders: the `seq` of the record that asked for it. */
  readonly askedAt: number;
  /** What was checked: after every step, and against that snapshot. */
  readonly laws: readonly LawId[];
  /** The most that was ever exited beyond what was entered, and shares that went by other hands. */
  readonly oversoldMost: Qty;
  readonly foreign: Qty;
};

export type WatcherRecord = {
  readonly key: string;
  readonly epoch: number;
  readonly brackets: readonly string[];
  readonly end: 'stopped' | 'superseded';
};

export type Ready = {
  readonly seq: number;
  readonly state: State;
  readonly effects: readonly Effect[];
  readonly alarms: readonly Alarm[];
  readonly moves: readonly Move[];
  /** Seen and deliberately left alone, with the reason. */
  readonly ignored: readonly string[];
  readonly closed: readonly CloseRecord[];
  readonly watchers: readonly WatcherRecord[];
  /** Why a wish was refused by us; empty when it was not. */
  readonly denied: readonly string[];
};
