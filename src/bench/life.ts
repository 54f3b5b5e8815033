/**
 * The script of the benchmark: one ordinary life of a bracket with two pairs, 70 and 30 shares, as
 * TWS would tell it.
 *
 *     the entry fills in two prints; stops follow, grow, and their targets join;
 *     target1 fills in two prints and its stop is withdrawn;
 *     stop2 is triggered and fills, and its target is withdrawn;
 *     executions are sent again; a snapshot shows nothing left, and the bracket closes.
 *
 * The broker's answers repeat what `step` asked for, so the script cannot drift from the engine.
 */
import type { Echo, Executed, Fact, ReportedStatus } from '../core/fact.ts';
import { type Px, type Qty, SHARE } from '../core/quantity.ts';
import type { Ready, Ticket } from '../core/ready.ts';
import type { BracketRequest } from '../core/request.ts';
import { emptyState, type State } from '../core/state.ts';

/** Where the life is told: every fact goes through the `step` that is given. */
type Telling = {
  readonly step: (before: State, fact: Fact) => Ready;
  readonly facts: Fact[];
  readonly tickets: Map<string, Ticket>;
  readonly filled: Map<string, Qty>;
  /** Quantity as last echoed: the broker may have reduced it. */
  readonly echoed: Map<string, Qty>;
  readonly alarms: string[];
  state: State;
  at: number;
  askedAt: number;
};

export type Life = {
  readonly bracket: string;
  readonly facts: readonly Fact[];
  readonly alarms: readonly string[];
  readonly end: State;
};

export function lifeOf(number: number, step: (before: State, fact: Fact) => Ready): Life {
  const request = requestOf(number);
  const t: Telling = {
    step,
    facts: [],
    tickets: new Map(),
    filled: new Map(),
    echoed: new Map(),
    alarms: [],
    state: emptyState(),
    at: 1_770_900_000_000 + number * 60_000,
    askedAt: 0,
  };
  tell(t, { type: 'bracket.requested', request });
  enter(t, request.bracket);
  takeProfit(t, request.bracket);
  stopOut(t, request.bracket);
  settle(t, request);
  return { bracket: request.bracket, facts: t.facts, alarms: t.alarms, end: t.state };
}

function requestOf(number: number): BracketRequest {
  const base = 100 + (number % 50);
  const exit = { tif: 'GTC', outsideRth: false } as const;
  return {
    bracket: `LIFE-${number}`,
    account: 'DU1',
    symbol: `SYM${number % 20}`,
    side: 'BUY',
    quantity: 100,
    entry: { type: 'LMT', limitPrice: base, tif: 'DAY', outsideRth: false },
    stop: { type: 'STP', stopPrice: base - 5, ...exit },
    targets: [
      { quantity: 70, limitPrice: base + 5, ...exit },
      { quantity: 30, limitPrice: base + 10, ...exit },
    ],
  };
}

function enter(t: Telling, id: string): void {
  const entry = `${id}.entry.1`;
  reported(t, entry, 'pendingSubmit');
  acknowledged(t, entry, 'submitted');
  executed(t, entry, 60, 1);
  reported(t, entry, 'submitted');
  acknowledged(t, `${id}.stop1.1`, 'preSubmitted');
  acknowledged(t, `${id}.stop2.1`, 'preSubmitted');
  executed(t, entry, 40, 2);
  reported(t, entry, 'filled');
  // Both stops have grown, and once they are echoed so, their targets join.
  acknowledged(t, `${id}.stop1.1`, 'preSubmitted');
  acknowledged(t, `${id}.stop2.1`, 'preSubmitted');
  acknowledged(t, `${id}.target1.1`, 'submitted');
  acknowledged(t, `${id}.target2.1`, 'submitted');
  executed(t, entry, 60, 1);
}

function takeProfit(t: Telling, id: string): void {
  const target = `${id}.target1.1`;
  executed(t, target, 30, 3);
  reported(t, target, 'submitted');
  echoed(t, `${id}.stop1.1`, 'preSubmitted', 40 * SHARE);
  executed(t, target, 40, 4);
  reported(t, target, 'filled');
  reported(t, `${id}.stop1.1`, 'pendingCancel');
  reported(t, `${id}.stop1.1`, 'cancelled');
}

function stopOut(t: Telling, id: string): void {
  const stop = `${id}.stop2.1`;
  reported(t, stop, 'submitted');
  executed(t, stop, 30, 5);
  reported(t, stop, 'filled');
  reported(t, `${id}.target2.1`, 'pendingCancel');
  reported(t, `${id}.target2.1`, 'cancelled');
  executed(t, `${id}.target1.1`, 30, 3);
  executed(t, stop, 30, 5);
}

function settle(t: Telling, request: BracketRequest): void {
  const { account, symbol } = request;
  tell(t, {
    type: 'snapshot.taken',
    askedAt: t.askedAt,
    openOrders: [],
    executions: executionsOf(t),
    positions: [{ account, symbol, conId: 0, position: 0 }],
    completed: [],
    coversLife: true,
  });
}

/** Every execution once, as the broker's answer to a request lists them. */
function executionsOf(t: Telling): readonly (Executed & Fact)[] {
  const byId = new Map<string, Executed & Fact>();
  for (const fact of t.facts) if (fact.type === 'order.executed') byId.set(fact.execId, fact);
  return [...byId.values()];
}

type Untimed = Fact extends infer F ? (F extends Fact ? Omit<F, 'at'> : never) : never;

function tell(t: Telling, said: Untimed): void {
  t.at += 35;
  const fact: Fact = { ...said, at: t.at };
  const ready = t.step(t.state, fact);
  t.facts.push(fact);
  t.state = ready.state;
  for (const alarm of ready.alarms) t.alarms.push(`${alarm.law} ${alarm.text}`);
  for (const reason of ready.denied) t.alarms.push(`denied: ${reason}`);
  for (const effect of ready.effects) {
    if (effect.type === 'place' || effect.type === 'replace') {
      t.tickets.set(effect.ticket.orderRef, effect.ticket);
    }
    if (effect.type === 'ask') t.askedAt = effect.askedAt;
  }
}

function ticketOf(t: Telling, orderRef: string): Ticket {
  const ticket = t.tickets.get(orderRef);
  if (ticket === undefined) throw new Error(`the script speaks of ${orderRef}, never placed`);
  return ticket;
}

/** `openOrder` and `orderStatus`, as TWS sends them together. */
function acknowledged(t: Telling, orderRef: string, status: ReportedStatus): void {
  echoed(t, orderRef, status, ticketOf(t, orderRef).qty);
  reported(t, orderRef, status);
}

function echoed(t: Telling, orderRef: string, status: ReportedStatus, qty: Qty): void {
  const { orderType, limitPx, stopPx, group, ocaType, tif, outsideRth } = ticketOf(t, orderRef);
  const prices = {
    ...(limitPx === undefined ? {} : { limitPx }),
    ...(stopPx === undefined ? {} : { stopPx }),
  };
  t.echoed.set(orderRef, qty);
  const echo: Echo = { qty, orderType, ...prices, group, ocaType, tif, outsideRth };
  tell(t, { type: 'order.reported', orderRef, permId: permIdOf(orderRef), status, echo });
}

function reported(t: Telling, orderRef: string, status: ReportedStatus): void {
  const filled = t.filled.get(orderRef) ?? 0;
  const over = status === 'filled' || status === 'cancelled';
  const remaining = over
    ? 0
    : Math.max(0, (t.echoed.get(orderRef) ?? ticketOf(t, orderRef).qty) - filled);
  const armed = status === 'preSubmitted' ? { whyHeld: 'trigger' } : {};
  const permId = permIdOf(orderRef);
  tell(t, { type: 'order.reported', orderRef, permId, status, filled, remaining, ...armed });
}

function executed(t: Telling, orderRef: string, shares: number, print: number): void {
  const ticket = ticketOf(t, orderRef);
  const execId = `0000e0d5.${orderRef}.${print}.01`;
  const px: Px = ticket.limitPx ?? ticket.stopPx ?? 0;
  const qty = shares * SHARE;
  if (!executionsOf(t).some((fact) => fact.execId === execId)) {
    t.filled.set(orderRef, (t.filled.get(orderRef) ?? 0) + qty);
  }
  tell(t, { type: 'order.executed', orderRef, execId, qty, px });
}

const permIdOf = (orderRef: string): number => {
  let id = 7;
  for (const letter of orderRef) id = (id * 31 + letter.charCodeAt(0)) % 1_000_000_007;
  return id;
};
