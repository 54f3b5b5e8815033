/**
 * Our side of the conversation with TWS: effects become requests, words become facts.
 *
 * A desk knows which `orderId` carries which `orderRef`, and gathers the lines of a snapshot:
 * open orders first, then executions, then positions, then completed orders, then the executions
 * again. Only when both lists of executions are the same did nothing trade in between, and only
 * then do the positions prove anything (L4).
 *
 * Plain immutable data and pure functions, so that it can be explored, journaled and replayed.
 */
import type { Executed, Fact, Position, Reported } from '../core/fact.ts';
import { isUnreadable, PX_DECIMALS, QTY_DECIMALS, qtyOf, toDecimal } from '../core/quantity.ts';
import type { Effect, Ticket } from '../core/ready.ts';
import type { BrokerRequest, BrokerWord, OrderTicket, Withheld } from '../ports/broker.ts';
import { identify, type PermIds } from './identity.ts';
import { completedOrder, executed, type Normalised, normalise, reportedOpen } from './normalise.ts';

type Gathering = {
  readonly askedAt: number;
  readonly stage: 'openOrders' | 'executions' | 'positions' | 'completed' | 'executionsAgain';
  readonly openOrders: readonly Reported[];
  readonly executions: readonly Executed[];
  /** The `reqExecutions` that is under way. */
  readonly reqId: number;
  /** How often a snapshot was asked for while this one was being gathered. */
  readonly asks: number;
  readonly again: readonly string[];
  readonly positions: readonly Position[];
  readonly completed: readonly Reported[];
};

export type Desk = {
  readonly nextOrderId: number;
  readonly ids: Readonly<Record<string, number>>;
  readonly refs: Readonly<Record<number, string>>;
  readonly permIds: PermIds;
  readonly gathering: Gathering | null;
  /** Asked while a snapshot was being gathered: one more will be taken after it. */
  readonly askAgain: number | null;
  /** Ids of our `reqExecutions`: an answer to an older one is not taken for the newest. */
  readonly nextReqId: number;
};

export type Exchange = {
  readonly desk: Desk;
  readonly facts: readonly Fact[];
  readonly requests: readonly BrokerRequest[];
};

export function openDesk(nextOrderId: number): Desk {
  return {
    nextOrderId,
    ids: {},
    refs: {},
    permIds: {},
    gathering: null,
    askAgain: null,
    nextReqId: 1,
  };
}

/** Ids for the orders that these effects place and that have none: an id is never used twice. */
export function numbered(
  desk: Desk,
  effects: readonly Effect[],
): { readonly desk: Desk; readonly orderIds: Readonly<Record<string, number>> } {
  const orderIds: Record<string, number> = {};
  let next = desk;
  for (const effect of effects) {
    if (effect.type !== 'place') continue;
    const { orderRef } = effect.ticket;
    if (next.ids[orderRef] !== undefined) continue;
    orderIds[orderRef] = next.nextOrderId;
    next = withId(next, orderRef);
  }
  return { desk: next, orderIds };
}

/** As it was before a restart: every id that was ever given away. */
export function reopenedDesk(orderIds: Readonly<Record<string, number>>): Desk {
  const ids = { ...orderIds };
  const refs = Object.fromEntries(Object.entries(ids).map(([ref, id]) => [id, ref]));
  const nextOrderId = Object.values(ids).reduce((most, id) => Math.max(most, id + 1), 1);
  return { ...openDesk(nextOrderId), ids, refs };
}

/** The broker remembers ids that we do not: none below its next one is given away. */
export const beyond = (desk: Desk, nextOrderId: number): Desk =>
  nextOrderId > desk.nextOrderId ? { ...desk, nextOrderId } : desk;

function withId(desk: Desk, orderRef: string): Desk {
  const orderId = desk.nextOrderId;
  return {
    ...desk,
    nextOrderId: orderId + 1,
    ids: { ...desk.ids, [orderRef]: orderId },
    refs: { ...desk.refs, [orderId]: orderRef },
  };
}

/** What an effect asks of the broker. Deadlines ask nothing: they are the clock's. */
export function requestsOf(
  desk: Desk,
  effect: Effect,
): { readonly desk: Desk; readonly requests: readonly BrokerRequest[] } {
  switch (effect.type) {
    case 'place':
      return placeRequest(desk, effect.ticket);
    case 'replace': {
      const orderId = desk.ids[effect.ticket.orderRef];
      if (orderId === undefined) return { desk, requests: [] };
      return { desk, requests: [{ request: 'placeOrder', ticket: wire(effect.ticket, orderId) }] };
    }
    case 'cancel': {
      const orderId = desk.ids[effect.orderRef];
      return { desk, requests: orderId === undefined ? [] : [{ request: 'cancelOrder', orderId }] };
    }
    case 'ask':
      return ask(desk, effect.askedAt);
    default:
      return { desk, requests: [] };
  }
}

/** An id is never used for a second order; the same order again keeps its id (L11). */
function placeRequest(
  desk: Desk,
  ticket: Ticket,
): { readonly desk: Desk; readonly requests: readonly BrokerRequest[] } {
  const known = desk.ids[ticket.orderRef];
  const next = known === undefined ? withId(desk, ticket.orderRef) : desk;
  const orderId = known ?? desk.nextOrderId;
  return { desk: next, requests: [{ request: 'placeOrder', ticket: wire(ticket, orderId) }] };
}

/** Every field that matters is explicit; exits are never attached to a parent. */
export function wire(ticket: Ticket, orderId: number): OrderTicket {
  return {
    orderId,
    orderRef: ticket.orderRef,
    account: ticket.account,
    symbol: ticket.symbol,
    ...(ticket.conId === 0 ? {} : { conId: ticket.conId }),
    action: ticket.action,
    totalQuantity: toDecimal(ticket.qty, QTY_DECIMALS),
    orderType: ticket.orderType,
    ...(ticket.limitPx === undefined ? {} : { lmtPrice: toDecimal(ticket.limitPx, PX_DECIMALS) }),
    ...(ticket.stopPx === undefined ? {} : { auxPrice: toDecimal(ticket.stopPx, PX_DECIMALS) }),
    tif: ticket.tif,
    outsideRth: ticket.outsideRth,
    ocaGroup: ticket.group,
    ocaType: ticket.ocaType,
    parentId: 0,
    transmit: true,
  };
}

/** So many asks while one snapshot is gathered mean that an answer was lost: begin anew. */
const ASKS_MOST = 8;

function ask(
  desk: Desk,
  askedAt: number,
): { readonly desk: Desk; readonly requests: readonly BrokerRequest[] } {
  const g = desk.gathering;
  if (g !== null && g.asks < ASKS_MOST) {
    return {
      desk: { ...desk, gathering: { ...g, asks: g.asks + 1 }, askAgain: askedAt },
      requests: [],
    };
  }
  const gathering: Gathering = {
    askedAt,
    stage: 'openOrders',
    openOrders: [],
    executions: [],
    reqId: 0,
    asks: 0,
    again: [],
    positions: [],
    completed: [],
  };
  return { desk: { ...desk, gathering, askAgain: null }, requests: [{ request: 'reqOpenOrders' }] };
}

/** The link is gone: what was being gathered will not be completed. */
export function dropGathering(desk: Desk): Desk {
  return { ...desk, gathering: null, askAgain: null };
}

/** What a word means, and what must be asked next for the snapshot that is being gathered. */
export function hearWord(desk: Desk, word: BrokerWord, at: number): Exchange {
  const { permIds, stranger } = identify(desk, word);
  const known = permIds === desk.permIds ? desk : { ...desk, permIds };
  if (stranger === null) return hearOurs(known, word, at);
  const { orderRef, text } = stranger;
  const remark = stranger.known ? 'other' : 'unknown';
  const facts: Fact[] = [{ type: 'order.warned', at, orderRef, code: 0, text, remark }];
  if (!stranger.known) facts.unshift({ type: 'unrecognised', at, text });
  // Shares that were traded were traded, whichever of the two orders it was.
  if (word.word !== 'execDetails') return { desk: known, facts, requests: [] };
  const heard = hearOurs(known, word, at);
  return { ...heard, facts: [...facts, ...heard.facts] };
}

function hearOurs(desk: Desk, word: BrokerWord, at: number): Exchange {
  const gathered = gather(desk, word, at);
  if (gathered !== null) return gathered;
  const fact = normalise(word, (orderId) => desk.refs[orderId] ?? '');
  const next = fact?.type === 'link.lost' ? dropGathering(desk) : desk;
  return { desk: next, facts: fact === null ? [] : [timed(fact, at)], requests: [] };
}

/**
 * What did not leave. An order of which nothing ever left is dead by our own word. What else was to
 * be done to an order has its deadline, and is looked at; so has a question.
 */
export function hearWithheld(
  desk: Desk,
  { request, unborn, because }: Withheld,
  at: number,
): { readonly desk: Desk; readonly facts: readonly Fact[] } {
  switch (request.request) {
    case 'placeOrder':
    case 'cancelOrder': {
      const orderRef =
        request.request === 'placeOrder'
          ? request.ticket.orderRef
          : (desk.refs[request.orderId] ?? '');
      const text = `${request.request} did not leave: ${because}`;
      const dead: Fact = {
        type: 'order.reported',
        at,
        orderRef,
        permId: 0,
        status: 'cancelled',
        filled: 0,
      };
      const looked: Fact = { type: 'order.warned', at, orderRef, code: 0, text, remark: 'unknown' };
      return { desk, facts: [unborn ? dead : looked] };
    }
    case 'reqMktData':
    case 'cancelMktData': {
      const text = `${request.request} ${request.reqId} did not leave: ${because}`;
      return { desk, facts: [{ type: 'unrecognised', at, text }] };
    }
    default:
      return { desk: dropGathering(desk), facts: [] };
  }
}

const timed = (fact: Normalised, at: number): Fact => ({ ...fact, at });

function gather(desk: Desk, word: BrokerWord, at: number): Exchange | null {
  const g = desk.gathering;
  const on = (changed: Partial<Gathering>, requests: readonly BrokerRequest[] = []): Exchange => ({
    desk: {
      ...desk,
      gathering: g === null ? null : { ...g, ...changed },
      nextReqId: desk.nextReqId + (changed.reqId === undefined ? 0 : 1),
    },
    facts: [],
    requests,
  });
  if (g === null) return null;
  switch (word.word) {
    case 'openOrder': {
      const read = reportedOpen(word);
      if (g.stage !== 'openOrders' || read.type !== 'order.reported') return null;
      // It may answer us, or be news: it is a fact either way, and survives a cut.
      const gathered = on({ openOrders: [...g.openOrders, read] });
      return { ...gathered, facts: [timed(read, at)] };
    }
    case 'openOrderEnd':
      if (g.stage !== 'openOrders') return null;
      return on({ stage: 'executions', reqId: desk.nextReqId }, [
        { request: 'reqExecutions', reqId: desk.nextReqId },
      ]);
    case 'execDetails': {
      const read = executed(word);
      if (word.reqId !== g.reqId || read.type !== 'order.executed') return null;
      if (g.stage === 'executionsAgain') return on({ again: [...g.again, read.execId] });
      return on({ executions: [...g.executions, read] });
    }
    case 'execDetailsEnd':
      if (word.reqId !== g.reqId) return null;
      if (g.stage === 'executions')
        return on({ stage: 'positions' }, [{ request: 'reqPositions' }]);
      return g.stage === 'executionsAgain' ? complete(desk, g, at) : null;
    case 'completedOrder': {
      const read = completedOrder(word);
      if (g.stage !== 'completed' || read === null) return null;
      return on({ completed: [...g.completed, read] });
    }
    case 'completedOrdersEnd':
      if (g.stage !== 'completed') return null;
      return on({ stage: 'executionsAgain', reqId: desk.nextReqId }, [
        { request: 'reqExecutions', reqId: desk.nextReqId },
      ]);
    case 'position': {
      const read = qtyOf(word.position);
      if (g.stage !== 'positions' || isUnreadable(read)) return null;
      const { account, symbol } = word;
      const line = { account, symbol, conId: word.conId ?? 0, position: read };
      return on({ positions: [...g.positions, line] });
    }
    case 'positionEnd':
      if (g.stage !== 'positions') return null;
      return on({ stage: 'completed' }, [{ request: 'reqCompletedOrders' }]);
    default:
      return null;
  }
}

function complete(desk: Desk, g: Gathering, at: number): Exchange {
  const told = g.executions.map((e) => e.execId).sort();
  const same = told.join(' ') === [...g.again].sort().join(' ');
  const fact: Fact = {
    type: 'snapshot.taken',
    at,
    askedAt: g.askedAt,
    openOrders: g.openOrders,
    executions: g.executions,
    completed: g.completed,
    positions: same ? g.positions : null,
    coversLife: true,
  };
  const idle: Desk = { ...desk, gathering: null };
  const again = desk.askAgain === null ? { desk: idle, requests: [] } : ask(idle, desk.askAgain);
  return { desk: again.desk, facts: [fact], requests: again.requests };
}
