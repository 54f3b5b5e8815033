/**
 * What can happen: everything that enters `step`.
 *
 * A fact cannot be refused. It carries its time (`at`, milliseconds, given by whoever saw it): the
 * core has no clock. Orders are named by `orderRef`, our own id, decided before sending.
 */
import type { Leg } from '../../machines/facts.ts';
import type { Px, Qty } from './quantity.ts';
import type { BracketRequest } from './request.ts';
import type { Admission } from './state.ts';

/**
 * The broker's word on an order's state. `preSubmitted` and `submitted` are IB's; what they mean
 * depends on the order (a stop that is armed, a stop that was triggered), so the ledger decides.
 */
export type ReportedStatus =
  | 'pendingSubmit'
  | 'preSubmitted'
  | 'submitted'
  | 'pendingCancel'
  | 'pendingReplace'
  | 'cancelled'
  | 'expired'
  | 'filled'
  | 'inactive';

/** An order as the broker shows it (`openOrder`): compared with what was asked. */
export type Echo = {
  readonly qty: Qty;
  readonly orderType: 'MKT' | 'LMT' | 'STP' | 'STP LMT';
  readonly limitPx?: Px;
  readonly stopPx?: Px;
  readonly group: string;
  readonly ocaType: 0 | 1 | 2 | 3;
  readonly tif: 'DAY' | 'GTC';
  readonly outsideRth: boolean;
};

export type Reported = {
  readonly type: 'order.reported';
  readonly orderRef: string;
  readonly permId: number;
  readonly status: ReportedStatus;
  /** Cumulative, as claimed; absent where the word carries none (`openOrder`). */
  readonly filled?: Qty;
  readonly remaining?: Qty;
  readonly whyHeld?: string;
  readonly echo?: Echo;
};

export type Executed = {
  readonly type: 'order.executed';
  readonly orderRef: string;
  readonly execId: string;
  readonly qty: Qty;
  readonly px: Px;
};

export type Position = {
  readonly account: string;
  readonly symbol: string;
  readonly conId: number;
  readonly position: Qty;
};

/**
 * The broker's account of things, applied whole. Open orders were asked for first and executions
 * second: in the other order a fill could fall between them. `askedAt` is the `seq` of the record
 * whose `ask` this answers; what left later is not judged by it.
 */
export type Snapshot = {
  readonly type: 'snapshot.taken';
  readonly askedAt: number;
  readonly openOrders: readonly Reported[];
  readonly executions: readonly Executed[];
  /** Orders that the broker calls completed, with what they executed: definite ends. */
  readonly completed: readonly Reported[];
  /** Null when the executions before and after were not the same: the positions prove nothing. */
  readonly positions: readonly Position[] | null;
  /** True when the executions go back to before the oldest order we ask about. */
  readonly coversLife: boolean;
};

/** What a warning means for a bracket; `unknown` means "look". `held`: 404, `crossSide`: 2137, `capped`: 2161. */
export type Remark = 'held' | 'crossSide' | 'capped' | 'outsideRthIgnored' | 'other' | 'unknown';

export type Fact = { readonly at: number } & (
  | { readonly type: 'bracket.requested'; readonly request: BracketRequest }
  | { readonly type: 'cancel.wished'; readonly bracket: string }
  | { readonly type: 'flatten.wished'; readonly bracket: string }
  | {
      readonly type: 'move.wished';
      readonly bracket: string;
      readonly leg: Leg;
      /** New trigger of a stop, or new limit of a target. */
      readonly px: Px;
      /** New limit of a stop-limit; absent keeps its distance. */
      readonly limitPx?: Px;
    }
  | Reported
  | Executed
  | { readonly type: 'order.busted'; readonly orderRef: string; readonly execId: string }
  /** A definite refusal of a new order. */
  | {
      readonly type: 'order.refused';
      readonly orderRef: string;
      readonly code: number;
      readonly text: string;
    }
  | {
      readonly type: 'cancel.refused';
      readonly orderRef: string;
      readonly code: number;
      readonly text: string;
    }
  | {
      readonly type: 'replace.refused';
      readonly orderRef: string;
      readonly code: number;
      readonly text: string;
    }
  /** The order lives; the broker remarks on it (399, 404, 2137, 2161, …). */
  | {
      readonly type: 'order.warned';
      readonly orderRef: string;
      readonly remark: Remark;
      readonly code: number;
      readonly text: string;
    }
  | { readonly type: 'link.lost'; readonly code: number }
  /** The link is back. Nothing is sent until a snapshot has looked. */
  | { readonly type: 'link.restored'; readonly code: number }
  | Snapshot
  | { readonly type: 'deadline.elapsed'; readonly deadline: string }
  | { readonly type: 'price.printed'; readonly symbol: string; readonly px: Px }
  | { readonly type: 'market.halted' | 'market.resumed'; readonly symbol: string }
  /** A person knows how an order ended that the broker does not show: what it executed, and who says so. */
  | {
      readonly type: 'order.attested';
      readonly orderRef: string;
      readonly filled: Qty;
      readonly by: string;
    }
  /** It is time to look at the broker, and why: an exit traded, or nobody has for a while. */
  | { readonly type: 'look.due'; readonly because: string }
  /** What may be opened from now on; what is left out stays as it was. */
  | ({ readonly type: 'admission.set' } & Partial<Admission>)
  /** Nothing opens any more, and no entry stays; exits do. A person lifts it: `admission.set`. */
  | { readonly type: 'kill.switched'; readonly because: string }
  /** A person has looked at a frozen symbol: entries may be sent again. */
  | { readonly type: 'freeze.lifted'; readonly account: string; readonly symbol: string }
  /** The session is about to end: brackets that asked for it leave now. */
  | { readonly type: 'session.ending'; readonly account: string }
  | {
      readonly type: 'watcher.started' | 'watcher.confirmed' | 'watcher.stopped';
      readonly key: string;
      readonly epoch: number;
    }
  /** Words of the broker that nobody understands. Recorded, and shown to a person. */
  | { readonly type: 'unrecognised'; readonly text: string }
);

export type FactType = Fact['type'];

type WithoutTime<F> = F extends Fact ? Omit<F, 'at'> : never;
/** A fact before anybody has said when it was. */
export type Untimed = WithoutTime<Fact>;
