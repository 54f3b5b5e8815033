/**
 * Interlock as a library. Two ways in:
 *
 * `step` alone, pure: for whoever has a loop, a journal and a broker already.
 *
 *     let state = emptyState();
 *     const fact: Fact = { type: 'bracket.requested', at: Date.now(), request };
 *     const ready = step(state, fact);
 *     // Make { fact, effects } durable BEFORE any effect leaves (law L1), then perform them in order.
 *     state = ready.state;
 *
 * `createEngine`: the same with the loop that keeps L1, given how to record and how to perform.
 *
 *     const engine = createEngine({ record, perform });
 *     engine.hear({ type: 'bracket.requested', at: Date.now(), request });
 *     engine.hear({ type: 'order.executed', at, orderRef: 'RIME-693.entry.1', execId, qty, px });
 *
 * Quantities and prices inside are exact integers: `qtyOf('70')`, `pxOf('1.31')` read them from
 * decimals, `showQty` and `showPx` write them. A `BracketRequest` is written in decimals.
 */

export { bracketMachine } from '../machines/bracket.ts';
export type { ChartMachine } from '../machines/chart.ts';
export type { Leg, Region } from '../machines/facts.ts';
export { LAWS, type Law, type LawId } from '../machines/laws.ts';
/** The two numbers of every balance line, and the position they are about. */
export { nakedQty, overhangQty, positionOf } from './core/commitment.ts';
/** A Ready as lines for a person: the record, its moves, effects, alarms and balance. */
export { balanceLine, describe } from './core/describe.ts';
export type {
  Echo,
  Executed,
  Fact,
  FactType,
  Position,
  Remark,
  Reported,
  ReportedStatus,
  Snapshot,
} from './core/fact.ts';
export {
  isUnreadable,
  type Px,
  pxOf,
  type Qty,
  qtyOf,
  SHARE,
  showPx,
  showQty,
  type Unreadable,
} from './core/quantity.ts';
export type {
  Alarm,
  CloseRecord,
  Effect,
  Move,
  Ready,
  Ticket,
  WatcherRecord,
} from './core/ready.ts';
/** Reads a wish without opening it: the plan, or every reason why it would be denied. */
export {
  type BracketRequest,
  type Plan,
  type Policy,
  type Reading,
  readRequest,
} from './core/request.ts';
export {
  type Book,
  type Bracket,
  emptyState,
  findBracket,
  type Overlap,
  type State,
} from './core/state.ts';
export { type StepOptions, step } from './core/step.ts';
export {
  createEngine,
  type Engine,
  type EnginePorts,
} from './engine/engine.ts';
export type { JournalRecord } from './engine/journal.ts';
