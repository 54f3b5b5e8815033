/**
 * Everything that could be said of one leg, by anybody: for coverage of its charts and ledger.
 *
 * The broker here is an adversary: its words need not agree with each other. They are few lots and
 * few shapes, so that what can come of them can be explored to the end.
 */
import type { Leg } from '../../machines/facts.ts';
import { openQty } from '../../src/core/commitment.ts';
import type { Echo, Fact, Reported, ReportedStatus } from '../../src/core/fact.ts';
import { cumQty, leavesQty, type Order } from '../../src/core/ledger.ts';
import type { Bracket, State } from '../../src/core/state.ts';
import { currentOrder, findBracket } from '../../src/core/state.ts';

export const LOT = 10_000;
const PX = 131_000_000;
const at = 0;

export type Said = { readonly type: string; readonly fact: Fact };

/** What may be said next of `leg`, and what the others may do beside it. */
export function sayings(state: State, id: string, leg: Leg): readonly Said[] {
  const bracket = findBracket(state, id);
  if (bracket === undefined) return [];
  const order = currentOrder(bracket, leg);
  const others = bracket.orders.filter((one) => one !== order && isCurrent(bracket, one));
  return [
    ...(order === undefined ? [] : wordsOf(order)),
    ...others.flatMap(ordinaryWords),
    ...bracket.deadlines
      .filter(({ key }) => key.startsWith(`${leg}.`) || key.startsWith('exposure.'))
      .map(
        ({ key, deadline }): Said => ({
          type: `elapsed ${key}`,
          fact: { type: 'deadline.elapsed', at, deadline },
        }),
      ),
    ...linkWords(state, bracket, order),
    ...wishes(bracket),
  ];
}

const isCurrent = (bracket: Bracket, order: Order): boolean =>
  currentOrder(bracket, order.leg) === order;

// ── the leg itself ───────────────────────────────────────────────────────────────────────────

const STATUSES: readonly ReportedStatus[] = [
  'pendingSubmit',
  'preSubmitted',
  'submitted',
  'pendingCancel',
  'pendingReplace',
  'cancelled',
  'expired',
  'filled',
  'inactive',
];

function echoOf(order: Order, qty: number, replaced: boolean): Echo {
  const ticket = (replaced ? order.replaceAsked : null) ?? order.ticket;
  return {
    qty,
    orderType: ticket.orderType,
    ...(ticket.limitPx === undefined ? {} : { limitPx: ticket.limitPx }),
    ...(ticket.stopPx === undefined ? {} : { stopPx: ticket.stopPx }),
    group: ticket.group,
    ocaType: ticket.ocaType,
    tif: ticket.tif,
    outsideRth: ticket.outsideRth,
  };
}

const reported = (order: Order, status: ReportedStatus, more: Partial<Reported>): Fact => ({
  type: 'order.reported',
  at,
  orderRef: order.ticket.orderRef,
  permId: 7,
  status,
  ...more,
});

function wordsOf(order: Order): readonly Said[] {
  const { orderRef } = order.ticket;
  const said: Said[] = STATUSES.map((status) => ({
    type: `${order.leg} ${status}`,
    fact: reported(order, status, {}),
  }));
  const cum = cumQty(order);
  for (const status of ['submitted', 'cancelled', 'expired', 'filled'] as const) {
    for (const filled of new Set([cum, cum + LOT, order.qty])) {
      if (filled < cum || filled > order.qty) continue;
      said.push({
        type: `${order.leg} ${status} ${filled}`,
        fact: reported(order, status, { filled, remaining: order.qty - filled }),
      });
    }
  }
  said.push({
    type: `${order.leg} locate`,
    fact: reported(order, 'preSubmitted', { whyHeld: 'locate' }),
  });
  const asked = order.replaceAsked;
  for (const status of ['preSubmitted', 'submitted'] as const) {
    const shown = reported(order, status, { echo: echoOf(order, order.qty, false) });
    said.push({ type: `${order.leg} ${status} echoed`, fact: shown });
    if (asked === null) continue;
    const changed = reported(order, status, { echo: echoOf(order, asked.qty, true) });
    said.push({ type: `${order.leg} ${status} replaced`, fact: changed });
  }
  for (const type of ['order.refused', 'cancel.refused', 'replace.refused'] as const) {
    said.push({ type: `${order.leg} ${type}`, fact: { type, at, orderRef, code: 1, text: '' } });
  }
  said.push({
    type: `${order.leg} 404`,
    fact: { type: 'order.warned', at, orderRef, remark: 'held', code: 404, text: '' },
  });
  return [...said, ...executions(order)];
}

/** Few of them, so that what is counted stays finite. */
const EXECUTIONS_MOST = 3;

function executions(order: Order): readonly Said[] {
  const { orderRef } = order.ticket;
  const said: Said[] = [];
  const execId = (n: number, revision: number): string => `x.${orderRef}.${n}.0${revision}`;
  const made = order.executions.length;
  const sizes = new Set([LOT, Math.max(LOT, order.qty - cumQty(order)), order.qty + LOT]);
  if (made < EXECUTIONS_MOST) {
    for (const qty of sizes) {
      said.push({
        type: `${order.leg} executed ${qty}`,
        fact: { type: 'order.executed', at, orderRef, execId: execId(made + 1, 1), qty, px: PX },
      });
    }
  }
  const last = order.executions.at(-1);
  if (last === undefined || last.busted) return said;
  said.push({
    type: `${order.leg} busted`,
    fact: { type: 'order.busted', at, orderRef, execId: execId(made, 1) },
  });
  if (last.revision > 1) return said;
  for (const qty of [last.qty - LOT, last.qty, last.qty + LOT]) {
    if (qty <= 0) continue;
    said.push({
      type: `${order.leg} corrected to ${qty}`,
      fact: { type: 'order.executed', at, orderRef, execId: execId(made, 2), qty, px: PX },
    });
  }
  return said;
}

// ── the others ───────────────────────────────────────────────────────────────────────────────

/** What an honest broker says of another leg: taken, traded, ended. */
function ordinaryWords(order: Order): readonly Said[] {
  const { orderRef } = order.ticket;
  const said: Said[] = [];
  const figures = { filled: cumQty(order), remaining: leavesQty(order) };
  if (order.end === null) {
    const stop = order.ticket.orderType.startsWith('STP') && order.exits;
    const status = stop ? 'preSubmitted' : 'submitted';
    said.push({
      type: `${order.leg} taken`,
      fact: reported(order, status, { echo: echoOf(order, order.qty, false) }),
    });
    if (stop) {
      said.push({ type: `${order.leg} triggered`, fact: reported(order, 'submitted', {}) });
    }
    said.push({ type: `${order.leg} cancelled`, fact: reported(order, 'cancelled', figures) });
    if (!order.acknowledged) {
      said.push({
        type: `${order.leg} refused`,
        fact: { type: 'order.refused', at, orderRef, code: 201, text: '' },
      });
    } else {
      said.push({ type: `${order.leg} expired`, fact: reported(order, 'expired', figures) });
    }
  }
  const made = order.executions.length;
  if (made < EXECUTIONS_MOST && order.end !== 'filled') {
    for (const qty of new Set([LOT, Math.max(LOT, leavesQty(order))])) {
      const execId = `x.${orderRef}.${made + 1}.01`;
      said.push({
        type: `${order.leg} executed ${qty}`,
        fact: { type: 'order.executed', at, orderRef, execId, qty, px: PX },
      });
    }
  }
  if (made > 0 && order.executions.at(-1)?.busted === false) {
    const execId = `x.${orderRef}.${made}.01`;
    said.push({
      type: `${order.leg} busted`,
      fact: { type: 'order.busted', at, orderRef, execId },
    });
  }
  return said;
}

// ── link, snapshots, wishes ──────────────────────────────────────────────────────────────────

function linkWords(state: State, bracket: Bracket, order: Order | undefined): readonly Said[] {
  const { account, symbol, conId } = bracket.plan;
  const position = openQty(bracket);
  const snapshot = (
    type: string,
    openOrders: readonly Reported[],
    proves: boolean,
    completed: readonly Reported[] = [],
  ): Said => ({
    type,
    fact: {
      type: 'snapshot.taken',
      at,
      askedAt: state.seq,
      openOrders,
      executions: [],
      completed,
      positions: proves ? [{ account, symbol, conId, position }] : null,
      coversLife: proves,
    },
  });
  const shown = (one: Order): Reported => ({
    type: 'order.reported',
    orderRef: one.ticket.orderRef,
    permId: 7,
    status: one.ticket.orderType.startsWith('STP') ? 'preSubmitted' : 'submitted',
    echo: echoOf(one, one.qty, false),
  });
  const live = bracket.orders.filter((one) => one.end === null);
  const said = [
    snapshot('snapshot of all that lives', live.map(shown), true),
    snapshot('snapshot of nothing', [], true),
    snapshot('snapshot that proves nothing', [], false),
  ];
  if (order !== undefined) {
    said.push(snapshot(`snapshot of ${order.leg}`, [shown(order)], false));
    const over: Reported = { ...shown(order), status: 'cancelled', filled: cumQty(order) };
    said.push(snapshot(`snapshot of ${order.leg} completed`, [], false, [over]));
  }
  return [
    ...said,
    state.link === 'lost'
      ? { type: 'link restored', fact: { type: 'link.restored', at, code: 1102 } }
      : { type: 'link lost', fact: { type: 'link.lost', at, code: 1100 } },
  ];
}

function wishes(b: Bracket): readonly Said[] {
  const { bracket, symbol } = b.plan;
  const [pair] = b.pairs;
  const [target] = b.plan.targets;
  if (pair === undefined || target === undefined) return [];
  const stopMoved = pair.stopPx !== b.plan.stop.stopPrice;
  const targetMoved = pair.targetPx !== target.limitPrice;
  const moved = (leg: Leg, px: number): Fact => ({ type: 'move.wished', at, bracket, leg, px });
  return [
    { type: 'wish cancel', fact: { type: 'cancel.wished', at, bracket } },
    { type: 'wish flatten', fact: { type: 'flatten.wished', at, bracket } },
    ...(stopMoved
      ? []
      : [{ type: 'wish stop1 moved', fact: moved('stop1', pair.stopPx + 1_000_000) }]),
    ...(targetMoved
      ? []
      : [{ type: 'wish target1 moved', fact: moved('target1', pair.targetPx + 1_000_000) }]),
    {
      type: 'price at the target',
      fact: { type: 'price.printed', at, symbol, px: pair.targetPx },
    },
  ];
}

/**
 * What of a bracket bears on what happens next to one of its legs, coarsely. States with one mark
 * are taken as one: the marks bound the search, they prove nothing.
 */
export function legMark(state: State, id: string, leg: Leg): string {
  const b = findBracket(state, id);
  if (b === undefined) return '';
  const order = currentOrder(b, leg);
  if (order === undefined) return Object.values(b.configuration).join(' ');
  return [
    b.configuration[leg],
    flagsOf(order),
    order.qty / LOT,
    filledOf(order),
    order.executions.length,
    b.leaving === null ? '' : 'leaving',
    siblingMark(b, leg),
  ].join(' ');
}

/** Of a pair: how far the other leg is. */
function siblingMark(b: Bracket, leg: Leg): string {
  const other = leg === 'stop1' ? 'target1' : leg === 'target1' ? 'stop1' : null;
  if (other === null) return '';
  const order = currentOrder(b, other);
  return `${b.configuration[other]?.split('.')[0]}${filledOf(order)}`;
}

function flagsOf(o: Order): string {
  const flags = [
    o.acknowledged,
    o.held !== '',
    o.working,
    o.triggered,
    o.cancelAsked,
    o.replaceAsked !== null,
    o.unresolved,
    o.missing,
  ];
  return flags.map(Number).join('') + (o.end ?? '-');
}

/** Two for the exposure: how far each leg is and what is open; or what stands beside a stop. */
export function openMark(state: State, id: string): string {
  const b = findBracket(state, id);
  if (b === undefined) return '';
  const heads = Object.entries(b.configuration).map(([region, at]) =>
    region === 'exposure' ? at : at.split('.').slice(0, 2).join('.'),
  );
  const settled = b.absentAt >= b.newsAt;
  return [...heads, openQty(b) / LOT, b.leaving === null, settled, b.foreign].join(' ');
}

export function stopMark(state: State, id: string, leg: Leg): string {
  const exposure = findBracket(state, id)?.configuration.exposure ?? '';
  return `${exposure} ${legMark(state, id, leg)}`;
}

export function filledOf(order: Order | undefined): string {
  if (order === undefined) return '';
  const cum = cumQty(order);
  if (cum === 0) return 'none';
  return cum < order.qty ? 'part' : cum === order.qty ? 'all' : 'beyond';
}
