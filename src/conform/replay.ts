/**
 * Replays one path: what the matrix says that happened goes to the ledger and the chart; what it
 * says that results is only ever compared.
 *
 * Input of a row are its ids, ExecType, OrderQty (as the broker restates it) and LastQty. Its
 * OrdStatus, CumQty and LeavesQty are the expectation. One exception, and only where it matters:
 * see `meant` in `executions.ts`.
 */
import { bookRefusal, cumQty, leavesQty } from '../core/ledger.ts';
import { type Qty, showQty } from '../core/quantity.ts';
import { bust, correct, split, trade } from './executions.ts';
import {
  ask,
  book,
  closeBalance,
  drop,
  echoOf,
  type Life,
  type Mark,
  markPending,
  openLife,
  present,
  refuse,
  report,
  reportLive,
  requestOf,
  revive,
} from './life.ts';
import type { Path, Row, Scenario } from './matrices.ts';
import { evidenceOf, ordStatusOf, outranks } from './status.ts';

export type Axis = 'state' | 'cumQty' | 'leavesQty';

export type Disagreement = {
  /** Null where the row says something that chart and ledger have no word for. */
  readonly axis: Axis | null;
  readonly row: Row;
  readonly reason: string;
};

export type Result = {
  readonly path: Path;
  /** Rows of the broker that were compared. */
  readonly compared: number;
  readonly disagreements: readonly Disagreement[];
};

type World = {
  readonly scenario: Scenario;
  /** By every ClOrdID that names the order: its own, and those of its cancels and replaces. */
  readonly lives: Map<string, Life>;
  readonly disagreements: Disagreement[];
};

export function replay(path: Path): Result {
  const world: World = { scenario: path.scenario, lives: new Map(), disagreements: [] };
  let compared = 0;
  for (const row of path.rows) {
    if (row.dir === 'toBroker') send(world, row);
    else {
      receive(world, row);
      compare(world, row);
      compared += 1;
    }
  }
  return { path, compared, disagreements: world.disagreements };
}

function cannot(world: World, row: Row, reason: string): void {
  world.disagreements.push({ axis: null, row, reason });
}

function lifeOf(world: World, row: Row): Life | undefined {
  return world.lives.get(row.clOrdId ?? '') ?? world.lives.get(row.origClOrdId ?? '');
}

// --- What we send -------------------------------------------------------------------------------

function send(world: World, row: Row): void {
  const id = row.clOrdId ?? '';
  switch (row.msg) {
    case 'NewOrderSingle': {
      const known = world.lives.get(id);
      if (known === undefined) open(world, row);
      else ask(known, 'duplicate', id, row.orderQty);
      return;
    }
    case 'OrderCancelRequest':
    case 'OrderCancelReplaceRequest': {
      // A request for an order that nobody sent: there is nothing to keep a record of.
      const life = world.lives.get(row.origClOrdId ?? '') ?? world.lives.get(id);
      if (life === undefined) return;
      if (!world.lives.has(id)) world.lives.set(id, life);
      ask(life, row.msg === 'OrderCancelRequest' ? 'cancel' : 'replace', id, row.orderQty);
      present(life);
      return;
    }
    case 'OrderStatusRequest':
      return;
    default:
      cannot(world, row, 'a message to the broker that an order of ours never sends');
  }
}

function open(world: World, row: Row): Life {
  const { scenario } = world;
  const clOrdId = row.clOrdId ?? row.origClOrdId ?? '';
  const life = openLife({
    clOrdId,
    qty: row.orderQty ?? 0,
    triggers: scenario.rows.some((r) => r.execType === 'Triggered'),
    goodTill: outlivesItsDay(scenario),
  });
  world.lives.set(clOrdId, life);
  return life;
}

/**
 * The matrices have no column for time in force; they say it in words, or by restating the order
 * on the next morning.
 */
function outlivesItsDay({ title, section, rows }: Scenario): boolean {
  if (/\bGT[CD]?\b|good.till/i.test(`${section ?? ''} ${title}`)) return true;
  const doneAt = rows.findIndex((r) => r.execType === 'DoneForDay' && !r.alternative);
  return doneAt >= 0 && rows.some((r, i) => i > doneAt && r.execType === 'Restated');
}

// --- What the broker says -----------------------------------------------------------------------

function receive(world: World, row: Row): void {
  const known = lifeOf(world, row);
  switch (row.msg) {
    case 'OrderCancelReject': {
      const request = known && requestOf(known, row.clOrdId);
      if (known === undefined || request === undefined) return;
      refuse(known, request);
      present(known);
      return;
    }
    case 'ExecutionReport': {
      // Status of an order that neither side knows: there is none, and none is made by asking.
      if (known === undefined && row.execType === 'OrderStatus') return;
      // An order given by phone is heard of for the first time by its first report.
      const life = known ?? open(world, row);
      if (row.clOrdId !== null && !world.lives.has(row.clOrdId)) world.lives.set(row.clOrdId, life);
      const problem = execution(world, life, row);
      if (problem !== null) cannot(world, row, problem);
      present(life);
      return;
    }
    default:
      cannot(world, row, 'a message of the broker that chart and ledger have no word for');
  }
}

/** Books a report by its ExecType; a reason where that cannot be done. */
function execution(world: World, life: Life, row: Row): string | null {
  const problem = booked(world, life, row);
  // FIX reports a last fill and its end in one message; IB's status `Filled` comes behind it.
  closeBalance(life);
  return problem;
}

function booked(world: World, life: Life, row: Row): string | null {
  const execType = row.execType ?? '';
  switch (execType) {
    case 'Trade':
    case 'PartialFill':
    case 'Fill':
      if (life.order.held !== '') resume(life, row, false);
      return trade(life, row);
    case 'TradeCorrect':
      return correct(life, row);
    case 'TradeCancel':
      return bust(life, row);
    case 'Restated':
      restated(world, life, row);
      return null;
    case 'Replaced':
      replaced(life, row);
      return null;
    default:
      return word(life, row, execType);
  }
}

/** Words that carry no execution and no new quantity. */
function word(life: Life, row: Row, execType: string): string | null {
  switch (execType) {
    case 'PendingNew':
      if (!life.order.acknowledged) report(life, 'pendingSubmit');
      return null;
    case 'New':
    case 'Triggered':
      resume(life, row, true);
      if (execType === 'Triggered') report(life, 'submitted');
      return null;
    case 'PendingCancel':
      markPending(life, 'cancel', row.clOrdId);
      return null;
    case 'PendingReplace':
      restate(life, row);
      markPending(life, 'replace', row.clOrdId);
      return null;
    case 'Canceled':
    case 'Expired':
      // An order that was only done for its day is over for good.
      if (life.order.end === null) unmark(life, 'DoneForDay');
      report(life, execType === 'Canceled' ? 'cancelled' : 'expired');
      drop(life, (request) => request.kind === 'cancel');
      return null;
    case 'Rejected':
      rejected(life, row);
      return null;
    case 'DoneForDay':
    case 'Suspended':
      report(life, execType === 'Suspended' || life.goodTill ? 'inactive' : 'expired');
      mark(life, execType);
      return null;
    case 'Stopped':
      // A guarantee of a price. Its LastQty is what is guaranteed; nothing has been executed.
      resume(life, row, false);
      mark(life, execType);
      return null;
    case 'Calculated':
      mark(life, execType);
      return null;
    case 'OrderStatus':
      drop(life, (request) => request.kind === 'duplicate');
      return null;
    default:
      return `ExecType ${execType === '' ? 'is missing' : `"${execType}"`}: no word of the ledger`;
  }
}

function mark(life: Life, added: Mark): void {
  life.marks = new Set([...life.marks, added]);
}

function unmark(life: Life, ...dropped: readonly Mark[]): void {
  life.marks = new Set([...life.marks].filter((m) => !dropped.includes(m)));
}

/** The broker shows the order alive, with its quantity; one that had ended is open again. */
function resume(life: Life, row: Row, revives: boolean): void {
  const qty = row.orderQty ?? life.order.qty;
  if (revives && life.order.end !== 'rejected' && qty > cumQty(life.order)) revive(life);
  if (life.order.end !== null) return;
  reportLive(life, echoOf(life.order.ticket, qty));
  unmark(life, 'DoneForDay', 'Suspended', 'Calculated');
}

/** OrderQty as a report has it, where it is not what we knew. It confirms no replace. */
function restate(life: Life, row: Row): void {
  if (row.orderQty === null || row.orderQty === life.order.qty) return;
  if (life.order.end === null) reportLive(life, echoOf(life.order.ticket, row.orderQty));
}

/** The broker's own change: a new quantity, or the same order on a new day. */
function restated(world: World, life: Life, row: Row): void {
  const before = life.order.qty;
  resume(life, row, true);
  const said = `${world.scenario.title} ${row.note ?? ''}`;
  if (/split|corporate action/i.test(said)) split(life, before);
}

function replaced(life: Life, row: Row): void {
  const request = requestOf(life, row.clOrdId);
  if (request?.kind !== 'replace') {
    resume(life, row, true);
    return;
  }
  drop(life, (r) => r === request);
  const qty = row.orderQty ?? request.ticket.qty;
  if (qty > cumQty(life.order)) revive(life);
  // The broker may confirm another quantity than was asked (never less than has executed). The
  // ledger believes a replace by what is shown, so what was asked is amended first.
  const ticket = { ...request.ticket, qty };
  life.order = { ...life.order, replaceAsked: ticket };
  reportLive(life, echoOf(ticket, qty));
  if (life.order.end === null) unmark(life, 'DoneForDay', 'Suspended', 'Calculated');
}

function rejected(life: Life, row: Row): void {
  const request = life.requests.find((r) => r.clOrdId === row.clOrdId);
  if (request !== undefined) refuse(life, request);
  else if (cumQty(life.order) === 0) {
    // FIX lets the trader or the exchange reject what a sales desk had accepted: the acceptance
    // is taken back. The ledger by itself would not end an accepted order by a refusal, because
    // IB's error 201 on such an order is about a change of it.
    book(life, bookRefusal({ ...life.order, acknowledged: false }));
  }
}

// --- What should have come of it ----------------------------------------------------------------

/** FIX answers for an order that does not exist with Rejected, and no shares. */
const NOBODY = { state: 'Rejected', cumQty: 0, leavesQty: 0, evidence: 'no such order' };

function compare(world: World, row: Row): void {
  const life = lifeOf(world, row);
  const is =
    life === undefined
      ? NOBODY
      : {
          state: ordStatusOf(life),
          cumQty: cumQty(life.order),
          leavesQty: leavesQty(life.order),
          evidence: evidenceOf(life),
        };
  const differs = (axis: Axis, name: string, expected: string, was: string): void => {
    const reason = `${name} ${expected} expected, was ${was} (${is.evidence})`;
    world.disagreements.push({ axis, row, reason });
  };
  if (row.ordStatus !== null && row.ordStatus !== is.state) {
    const rank = outranks(is.state, row.ordStatus);
    differs('state', 'ordStatus', row.ordStatus, `${is.state}${rank}`);
  }
  const compareQty = (axis: 'cumQty' | 'leavesQty', expected: Qty | null): void => {
    if (expected === null || expected === is[axis]) return;
    differs(axis, axis, showQty(expected), showQty(is[axis]));
  };
  compareQty('cumQty', row.cumQty);
  compareQty('leavesQty', row.leavesQty);
  if (life === undefined) return;
  for (const silence of life.unanswered.splice(0)) cannot(world, row, silence);
  const ended = life.configuration.split('.')[0] === 'ended';
  if (ended !== (life.order.end !== null)) {
    cannot(world, row, `the ledger's end is ${life.order.end ?? 'none'} (${is.evidence})`);
  }
}
