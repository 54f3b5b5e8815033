/**
 * The stage of a history: the engine's state, the desk that speaks for it, and what the broker of
 * the story must remember to speak in turn (which order was asked how, which executions were
 * reported, which deadlines run). Plain immutable data, so that one paragraph can be played in
 * many orders from the same beginning.
 */
import { describe } from '../core/describe.ts';
import type { Fact } from '../core/fact.ts';
import type { Effect, Ready, Ticket } from '../core/ready.ts';
import { currentOrder, emptyState, findBracket, orderRefOf, type State } from '../core/state.ts';
import { step } from '../core/step.ts';
import { type Desk, hearWord, openDesk, requestsOf, wire } from '../ib/desk.ts';
import type {
  BrokerWord,
  ExecDetailsWord,
  OpenOrderWord,
  OrderStatusWord,
} from '../ports/broker.ts';
import { ACCOUNT } from './header.ts';
import type { EchoChanges, OrderName, Spoken, SpokenExecution, SpokenSnapshot } from './line.ts';
import type { Setup } from './script.ts';

export type Stage = {
  readonly setup: Setup;
  readonly state: State;
  readonly desk: Desk;
  readonly now: number;
  /** Every order as it was asked last, by `orderRef`. */
  readonly asked: Readonly<Record<string, Ticket>>;
  /** What TWS has reported so far: its answer to `reqExecutions`. */
  readonly executions: readonly ExecDetailsWord[];
  /** When each running deadline elapses. */
  readonly due: Readonly<Record<string, number>>;
  readonly facts: readonly Fact[];
  readonly readies: readonly Ready[];
  readonly printed: readonly string[];
  /** The line that could not be played, and why; nothing is played after it. */
  readonly problem: { readonly line: number; readonly text: string } | null;
};

/** Why a line cannot be played. */
export type Unplayable = { readonly unplayable: string };

export function openStage(setup: Setup): Stage {
  return {
    setup,
    state: emptyState(setup.overlap),
    desk: openDesk(1),
    now: 0,
    asked: {},
    executions: [],
    due: {},
    facts: [],
    readies: [],
    printed: [],
    problem: null,
  };
}

export const print = (stage: Stage, ...lines: readonly string[]): Stage => ({
  ...stage,
  printed: [...stage.printed, ...lines],
});

const isDeadline = (effect: Effect): boolean =>
  effect.type === 'startDeadline' || effect.type === 'stopDeadline';

/** One fact through `step`, printed and performed. */
export function take(stage: Stage, fact: Fact): Stage {
  const ready = step(stage.state, fact);
  const shown = stage.setup.showDeadlines
    ? ready
    : { ...ready, effects: ready.effects.filter((effect) => !isDeadline(effect)) };
  let next: Stage = {
    ...print(stage, ...describe(stage.state, fact, shown)),
    state: ready.state,
    now: fact.at,
    facts: [...stage.facts, fact],
    readies: [...stage.readies, ready],
  };
  for (const effect of ready.effects) next = perform(next, effect);
  return next;
}

function perform(stage: Stage, effect: Effect): Stage {
  const { desk } = requestsOf(stage.desk, effect);
  switch (effect.type) {
    case 'place':
    case 'replace':
      return {
        ...stage,
        desk,
        asked: { ...stage.asked, [effect.ticket.orderRef]: effect.ticket },
      };
    case 'startDeadline':
      return {
        ...stage,
        due: { ...stage.due, [effect.deadline]: stage.now + effect.withinMs },
      };
    case 'stopDeadline':
      return { ...stage, due: without(stage.due, effect.deadline) };
    default:
      return { ...stage, desk };
  }
}

export function without(
  due: Readonly<Record<string, number>>,
  deadline: string,
): Readonly<Record<string, number>> {
  const { [deadline]: _, ...rest } = due;
  return rest;
}

/** A word of TWS, through the desk: a fact, a line of a snapshot, or a mere notice. */
export function hear(stage: Stage, word: BrokerWord, at: number): Stage {
  const { desk, facts } = hearWord(stage.desk, word, at);
  const next = facts.reduce<Stage>((s, fact) => take(s, fact), { ...stage, desk, now: at });
  if (facts.length > 0 || word.word !== 'error') return next;
  return print(next, `  .. ${word.code} ${word.message}: a notice, no fact`);
}

/** The `orderRef` of a leg, or why there is none. */
export function refOf(stage: Stage, name: OrderName): string | Unplayable {
  const bracket = findBracket(stage.state, name.bracket);
  const order = bracket === undefined ? undefined : currentOrder(bracket, name.leg);
  const ref =
    name.generation === null
      ? order?.ticket.orderRef
      : orderRefOf(name.bracket, name.leg, name.generation);
  if (ref !== undefined && stage.asked[ref] !== undefined) return ref;
  const sent = Object.keys(stage.asked).join(', ');
  const which = name.generation === null ? name.leg : `${name.leg}.${name.generation}`;
  return { unplayable: `${which} was never sent; sent so far: ${sent || 'nothing'}` };
}

/** What TWS's line is as words on the wire; several for a snapshot. */
export function wordsOf(stage: Stage, spoken: Spoken): readonly BrokerWord[] | Unplayable {
  switch (spoken.verb) {
    case 'openOrder':
      return openOrder(stage, spoken.order, spoken.status, spoken.changes);
    case 'orderStatus': {
      const ref = refOf(stage, spoken.order);
      if (typeof ref !== 'string') return ref;
      const orderId = stage.desk.ids[ref] ?? 0;
      const { status, filled, remaining, whyHeld } = spoken;
      const permId = permIdOf(orderId);
      return [
        {
          word: 'orderStatus',
          orderId,
          permId,
          status,
          filled,
          remaining,
          avgFillPrice: 0,
          whyHeld,
        },
      ];
    }
    case 'execDetails': {
      const word = execution(stage, spoken, -1);
      return 'unplayable' in word ? word : [word];
    }
    case 'error': {
      const message = spoken.text;
      if (spoken.order === null) return [{ word: 'error', id: -1, code: spoken.code, message }];
      const ref = refOf(stage, spoken.order);
      if (typeof ref !== 'string') return ref;
      return [{ word: 'error', id: stage.desk.ids[ref] ?? 0, code: spoken.code, message }];
    }
    case 'snapshot':
      return snapshot(stage, spoken);
    case 'price':
      return [];
  }
}

/** TWS gives every order an id of its own, account-wide. */
const permIdOf = (orderId: number): number => 1_900_000 + orderId;

function openOrder(
  stage: Stage,
  name: OrderName,
  status: OrderStatusWord | null,
  changes: EchoChanges,
): readonly OpenOrderWord[] | Unplayable {
  const ref = refOf(stage, name);
  if (typeof ref !== 'string') return ref;
  const ticket = stage.asked[ref];
  if (ticket === undefined) return { unplayable: `${ref} was never sent` };
  const orderId = stage.desk.ids[ref] ?? 0;
  return [
    {
      word: 'openOrder',
      ...wire(ticket, orderId),
      ...changes,
      permId: permIdOf(orderId),
      status: status ?? (ticket.leg.startsWith('stop') ? 'PreSubmitted' : 'Submitted'),
    },
  ];
}

function execution(
  stage: Stage,
  spoken: SpokenExecution,
  reqId: number,
): ExecDetailsWord | Unplayable {
  const ref = refOf(stage, spoken.order);
  if (typeof ref !== 'string') return ref;
  const ticket = stage.asked[ref];
  if (ticket === undefined) return { unplayable: `${ref} was never sent` };
  const orderId = stage.desk.ids[ref] ?? 0;
  const { execId, shares, price } = spoken;
  const before = stage.executions.filter((e) => e.orderRef === ref && e.execId !== execId);
  return {
    word: 'execDetails',
    reqId,
    orderId,
    permId: permIdOf(orderId),
    orderRef: ref,
    account: ACCOUNT,
    symbol: ticket.symbol,
    execId,
    side: ticket.action === 'BUY' ? 'BOT' : 'SLD',
    shares,
    price,
    cumQty: before.reduce((sum, e) => sum + e.shares, shares),
  };
}

/**
 * The answers to a snapshot, in the order in which the desk asks: open orders, executions,
 * positions, completed orders, executions again. An inconsistent one has an execution more the
 * second time.
 */
function snapshot(stage: Stage, spoken: SpokenSnapshot): readonly BrokerWord[] | Unplayable {
  const words: BrokerWord[] = [];
  for (const open of spoken.open) {
    const changes = open.quantity === null ? {} : { totalQuantity: open.quantity };
    const echo = openOrder(stage, open.order, open.status, changes);
    if ('unplayable' in echo) return echo;
    words.push(...echo);
  }
  words.push({ word: 'openOrderEnd' });
  // The desk asks for executions twice, under its next two request ids.
  const first = stage.desk.nextReqId;
  const second = first + 1;
  const executions: ExecDetailsWord[] = [];
  for (const more of spoken.executions) {
    const word = execution(stage, more, first);
    if ('unplayable' in word) return word;
    executions.push(word);
  }
  const all = [...stage.executions.map((e) => ({ ...e, reqId: first })), ...executions];
  words.push(...all, { word: 'execDetailsEnd', reqId: first });
  const symbol = stage.setup.requests[0]?.symbol ?? '';
  if (spoken.position !== 0) {
    const { position } = spoken;
    words.push({ word: 'position', account: ACCOUNT, symbol, position, avgCost: 0 });
  }
  words.push({ word: 'positionEnd' });
  for (const { order, quantity, status } of spoken.completed) {
    const ref = refOf(stage, order);
    if (typeof ref !== 'string') return ref;
    const ticket = stage.asked[ref];
    if (ticket === undefined) return { unplayable: `${ref} was never sent` };
    const orderId = stage.desk.ids[ref] ?? 0;
    const { action, totalQuantity } = wire(ticket, orderId);
    words.push({
      word: 'completedOrder',
      permId: permIdOf(orderId),
      orderRef: ref,
      account: ACCOUNT,
      symbol: ticket.symbol,
      action,
      totalQuantity,
      status: status === 'Filled' ? 'Filled' : 'Cancelled',
      filledQuantity: quantity ?? 0,
    });
  }
  words.push({ word: 'completedOrdersEnd' }, ...all.map((e) => ({ ...e, reqId: second })));
  const [any] = all;
  if (!spoken.consistent && any !== undefined) {
    words.push({ ...any, reqId: second, execId: 'ffff.99.01' });
  }
  words.push({ word: 'execDetailsEnd', reqId: second });
  return words;
}
