/**
 * Interlock as a library. Three ways in:
 *
 * `openEngine`: all of it, on a journal and with a broker.
 *
 *     const journal = openJournal('router.journal');
 *     const broker = createIbBroker({ host: '127.0.0.1', port: 4002, clientId: 7, clock: systemClock });
 *     const engine = openEngine({ journal, broker });
 *     const bracket = await engine.open(request);
 *     const { net } = await bracket.closed;
 *
 * `createEngine`: the loop that keeps L1, given how to record and how to perform.
 *
 *     const engine = createEngine({ record, perform });
 *     engine.hear({ type: 'bracket.requested', at: Date.now(), request });
 *     engine.hear({ type: 'order.executed', at, orderRef: 'RIME-693.entry.1', execId, qty, px });
 *
 * `step` alone, pure: for whoever has a loop of their own.
 *
 *     let state = emptyState();
 *     const fact: Fact = { type: 'bracket.requested', at: Date.now(), request };
 *     const ready = step(state, fact);
 *     // Make { fact, effects } durable BEFORE any effect leaves (law L1), then perform them in order.
 *     state = ready.state;
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
  type Admission,
  type Book,
  type Bracket,
  emptyState,
  findBracket,
  type Limits,
  type Overlap,
  type State,
} from './core/state.ts';
export { type StepOptions, step } from './core/step.ts';
export {
  createEngine,
  type Engine,
  type EnginePorts,
} from './engine/engine.ts';
/** What an engine needs of a journal: bring your own, and run `test/journal/contract.ts` on it. */
export {
  type Checkpoint,
  type Journal,
  JournalDamaged,
  JournalDisagrees,
  JournalFailed,
  type JournalRecord,
  JournalRefused,
} from './engine/journal.ts';
export { createIbBroker, type IbOptions } from './ib/broker.ts';
export { openJournal } from './journal/journal.ts';
export { memoryJournal } from './journal/memory.ts';
/** What an engine needs of a broker: bring your own, and run `test/ib/contract.ts` on it. */
export type {
  Broker,
  BrokerListener,
  BrokerRequest,
  BrokerSession,
  BrokerWord,
  PriceRequest,
  Withheld,
} from './ports/broker.ts';
export type { Clock } from './ports/clock.ts';
export { type Balance, BracketHandle, type BracketRecord } from './router/bracket.ts';
export { systemClock } from './router/clock.ts';
export { Denied } from './router/denied.ts';
export { type EngineSettings, type Listener, openEngine, RouterEngine } from './router/engine.ts';
export { Watch } from './router/watch.ts';
export { SESSION_WAITS, type SessionWaits } from './session/waits.ts';
