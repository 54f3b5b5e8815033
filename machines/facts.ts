/**
 * The alphabet of the charts: what can be heard of an order, and of a bracket as a whole.
 *
 * A fact is something that happened and cannot be refused. Each one that reaches a chart is *news*:
 * the ledger has already set aside what says nothing new (a repeated status, an `execId` it counted
 * before), so a chart never sees the same word twice. `stop1.filled` is the fact `filled` of the
 * order that the leg `stop1` holds now; facts of its earlier orders stay the ledger's.
 */

/** `stop1` and `target1` are a pair; a bracket has one to eight pairs. */
export type Leg = 'entry' | `stop${number}` | `target${number}` | 'closing';

export type Region = Leg | 'exposure';

export const ORDER_FACTS = [
  /** Accepted, not protecting: waits for a parent, the venue, or a locate. */
  'held',
  /** Live: at the venue, or armed at the broker for a simulated stop. */
  'working',
  /** A stop's trigger price has printed; it is now an order that wants to trade. */
  'triggered',
  /** Shares were executed. The conclusion `completes` says whether that was all of it. */
  'filled',
  'cancelled',
  'rejected',
  'expired',
  /** The broker has our cancel and has not decided. */
  'pendingCancel',
  /** A cancel was refused (161, 10147, 10148, …): our picture is wrong; nothing has ended by it. */
  'cancelRejected',
  'pendingReplace',
  'replaced',
  'replaceRejected',
  /** A trade correction changed the quantity or the price of an execution. */
  'corrected',
  /** An execution was taken back. */
  'busted',
  /** A snapshot of the broker's open orders shows an order that we had heard to be over. */
  'revived',
  /** A snapshot that was asked for after the order left does not show it, and proves no end. */
  'absent',
  /** The wait of the life axis (acknowledgement, trading, resolution) is over. */
  'overdue',
  /** The wait of the request axis (withdrawal, replacement) is over. */
  'requestOverdue',
] as const;

export type OrderFact = (typeof ORDER_FACTS)[number];

export const BRACKET_FACTS = [
  /** Nothing in flight may be concluded until a reconciliation has looked. */
  'link.lost',
  /** The shares have been without a stop (or the way out without an end) for too long. */
  'exposure.overdue',
  /** The ledger has booked everything there was: what is due now? Closes every step. */
  'bracket.concluded',
] as const;

export type ChartFact = `${Leg}.${OrderFact}` | (typeof BRACKET_FACTS)[number];

/**
 * What the ledger makes of a fact: all that the charts need to know, as names and booleans.
 * Travels with the fact. No number reaches a chart.
 */
export type Conclusions = {
  /** The order that the fact is about has executed all that it may. */
  readonly completes: boolean;
  /** Legs whose order the plan calls for now, and L6 would let go. */
  readonly admitted: readonly Leg[];
  /** Legs whose live order has the wrong quantity or price, and stands alone. */
  readonly resized: readonly Leg[];
  /** Legs whose live order must go. */
  readonly unwanted: readonly Leg[];
  /** No shares are open. */
  readonly flat: boolean;
  /** naked = 0: a live stop stands behind every open share (L5). */
  readonly covered: boolean;
  /** More was exited than entered (L12). */
  readonly oversold: boolean;
  /** We are getting out: a wish, or an escalation. */
  readonly leaving: boolean;
  /** Flat, and every order has definitely ended. */
  readonly quiet: boolean;
  /** Quiet, and a later snapshot shows none of its orders (L10). */
  readonly settled: boolean;
};

/** Conclusions for a chart that asks for none. */
export const NO_CONCLUSIONS: Conclusions = {
  completes: false,
  admitted: [],
  resized: [],
  unwanted: [],
  flat: true,
  covered: true,
  oversold: false,
  leaving: false,
  quiet: false,
  settled: false,
};

export type ChartEvent = { readonly type: ChartFact; readonly conclusions: Conclusions };

/** The legs of a bracket with `pairs` exit pairs, in the order of the chart. */
export function legsOf(pairs: number): readonly Leg[] {
  const legs: Leg[] = ['entry'];
  for (let i = 1; i <= pairs; i++) legs.push(`stop${i}`, `target${i}`);
  legs.push('closing');
  return legs;
}
