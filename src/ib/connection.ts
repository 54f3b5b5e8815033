/**
 * One connection to TWS or IB Gateway: one `IBApi`, made for it and never used again.
 *
 * Theory of operation. The client library keeps what is asked while it is not connected and sends
 * it after the next `nextValidId`; its rate limiter writes what it holds to whatever socket there is
 * later. Both are kept out by construction: there is no next connection of an `IBApi` that is
 * thrown away, nothing is handed to it before it is ready or after its end, and without a limit of
 * its own (`maxReqPerSec`) it writes at once, within the call. That it did is checked, message by
 * message: it says `sent` when it has written to the socket.
 *
 * It is ready when it has told both the accounts and the next valid order id, in either order.
 */
import { type Contract, EventName, IBApi, type Order, type OrderState } from '@stoqey/ib';
import type { BrokerSession, BrokerWord } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import { contractOf, foreignOrderWord, openOrderWord, orderOf } from './orders.ts';
import type { Message } from './outbox.ts';
import { type ErrorTold, guardDecoder, sendAtOnce } from './stoqey.ts';
import { newTickers } from './tickers.ts';
import { completedOrderWord, execDetailsWord, orderStatusWord, positionWord } from './words.ts';

export type Address = { readonly host: string; readonly port: number; readonly clientId: number };

export type ConnectionPorts = {
  readonly clock: Clock;
  readonly readyWithinMs: number;
  readonly ready: (session: BrokerSession) => void;
  readonly heard: (word: BrokerWord) => void;
  /** All positions have been told: the subscription that the question has opened is to be ended. */
  readonly positionsTold: () => void;
  /** Once; after it nothing is heard. */
  readonly ended: (reason: string) => void;
};

export type Connection = {
  /** Writes it to the socket within the call; or the reason why it was not written. */
  readonly hand: (message: Message) => string | null;
  readonly end: (reason: string) => void;
};

/** Below it the library misreads `completedOrder`: it takes the versions of other fields for 177's. */
const SERVER_VERSION_LEAST = 177;

/** Orders and questions have their ids from one range at TWS: orders count up from 1, questions from here. */
const QUESTIONS_FROM = 2_000_000_000;

/** Codes of the library itself, about the socket; TWS says none of them over one that works. */
const CONNECT_FAIL = 502;

export function connectTo(address: Address, ports: ConnectionPorts): Connection {
  const api = new IBApi({ ...address, maxReqPerSec: Number.POSITIVE_INFINITY });
  const c = newProgress(api, address, ports);
  c.callOff = ports.clock.after(ports.readyWithinMs, () => {
    end(c, `the API was not ready within ${ports.readyWithinMs / 1000} seconds${c.trouble}`);
  });
  listenForSession(c);
  listenForOrders(c);
  listenForQuestions(c);
  try {
    api.connect();
    sendAtOnce(api);
  } catch (error) {
    // A port that is none is refused within the call.
    c.trouble = `: ${error instanceof Error ? error.message : String(error)}`;
    queueMicrotask(() => end(c, `${notMade(address)}${c.trouble}`));
  }
  return { hand: (message) => hand(c, message), end: (reason) => end(c, reason) };
}

type Progress = {
  readonly api: IBApi;
  readonly address: Address;
  readonly ports: ConnectionPorts;
  readonly tickers: ReturnType<typeof newTickers>;
  readonly tell: (word: BrokerWord) => void;
  stage: 'starting' | 'ready' | 'over';
  nextOrderId: number | null;
  accounts: readonly string[] | null;
  /** What was heard before it was ready. */
  readonly early: BrokerWord[];
  /** What was said last that may explain an end. */
  trouble: string;
  /** What the library said while a message was handed to it. */
  handing: { sent: boolean; refusal: string } | null;
  callOff: () => void;
};

function newProgress(api: IBApi, address: Address, ports: ConnectionPorts): Progress {
  const c: Progress = {
    api,
    address,
    ports,
    tickers: newTickers((word) => c.tell(word)),
    tell: (word) => {
      if (c.stage === 'ready') outside(() => ports.heard(word));
      else if (c.stage === 'starting') c.early.push(word);
    },
    stage: 'starting',
    nextOrderId: null,
    accounts: null,
    early: [],
    trouble: '',
    handing: null,
    callOff: () => {},
  };
  return c;
}

/**
 * What a listener throws is its own affair, and is thrown where nobody catches it: within the
 * library it would end the reading of what came with the same bytes.
 */
function outside(told: () => void): void {
  try {
    told();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function end(c: Progress, reason: string): void {
  if (c.stage === 'over') return;
  c.stage = 'over';
  c.callOff();
  c.api.disconnect();
  outside(() => c.ports.ended(reason));
}

const notMade = ({ host, port }: Address): string =>
  `a connection to ${host}:${port} could not be made`;

// ── the session ──────────────────────────────────────────────────────────────────────────────

function listenForSession(c: Progress): void {
  const { api, address } = c;
  api.on(EventName.managedAccounts, (accounts) => {
    c.accounts = accounts.split(',').filter((account) => account !== '');
    beReady(c);
  });
  api.on(EventName.nextValidId, (orderId) => {
    c.nextOrderId = orderId;
    beReady(c);
  });
  api.on(EventName.disconnected, () => {
    const { host, port } = address;
    const lost = `the connection to ${host}:${port} was lost`;
    end(c, `${c.stage === 'ready' ? lost : notMade(address)}${c.trouble}`);
  });
  api.on(EventName.info, (message, code) => hearError(c, { id: -1, code, message }));
  api.on(EventName.error, (error: Error, code: number, id: number) =>
    hearError(c, { id, code, message: error.message }),
  );
  api.on(EventName.sent, () => {
    if (c.handing !== null) c.handing.sent = true;
  });
  guardDecoder(api, {
    error: (told) => hearError(c, told),
    unreadable: (text) => c.tell({ word: 'unreadable', text }),
  });
}

/** The library takes commands only when its own listeners of `nextValidId` are through. */
function beReady(c: Progress): void {
  const { nextOrderId, accounts, address, api, ports } = c;
  if (nextOrderId === null || accounts === null) return;
  const { serverVersion } = api;
  if (serverVersion < SERVER_VERSION_LEAST) {
    const least = `its server version is ${serverVersion}, and ${SERVER_VERSION_LEAST} is the least`;
    return end(c, `TWS or IB Gateway is too old, update it: ${least}`);
  }
  if (nextOrderId >= QUESTIONS_FROM) {
    const used = `the order ids of client ${address.clientId} are used up (next is ${nextOrderId})`;
    return end(c, `${used}: reset the API order id sequence in TWS, or take another client id`);
  }
  queueMicrotask(() => {
    if (c.stage !== 'starting') return;
    c.stage = 'ready';
    c.callOff();
    c.trouble = '';
    outside(() => ports.ready({ nextOrderId, accounts, serverVersion }));
    for (const word of c.early.splice(0)) c.tell(word);
  });
}

/** Everything that has a code: TWS's (about the session as `info`), and the library's own. */
function hearError(c: Progress, { id, code, message }: ErrorTold): void {
  if (c.handing !== null) {
    c.handing.refusal = message;
    return;
  }
  if (code === CONNECT_FAIL) {
    c.trouble = `: ${message}`;
    return;
  }
  if (c.stage === 'starting' && id === -1) c.trouble = `: ${code} ${message}`;
  if (id < QUESTIONS_FROM) return c.tell({ word: 'error', id, code, message });
  c.tell({ word: 'error', id: -1, reqId: id - QUESTIONS_FROM, code, message });
}

// ── orders and answers ───────────────────────────────────────────────────────────────────────

/** What a person places in TWS has the number 0, or one below it once it is bound to client 0. */
const isOurs = (c: Progress, orderId: number, clientId: number | undefined): boolean =>
  orderId > 0 && clientId === c.address.clientId;

function listenForOrders(c: Progress): void {
  const { api, tell } = c;
  api.on(
    EventName.openOrder,
    (orderId: number, contract: Contract, order: Order, state: OrderState) => {
      const ours = isOurs(c, orderId, order.clientId);
      tell((ours ? openOrderWord : foreignOrderWord)(orderId, contract, order, state));
    },
  );
  api.on(
    EventName.orderStatus,
    (orderId, status, filled, remaining, avgFillPrice, permId, _, __, clientId, whyHeld) => {
      // Another client's: its openOrder shows it, and what it does shows in the positions.
      if (!isOurs(c, orderId, clientId)) return;
      tell(orderStatusWord({ orderId, status, filled, remaining, avgFillPrice, permId, whyHeld }));
    },
  );
  api.on(EventName.execDetails, (reqId, contract, execution) => {
    // Another client's: it shows in the positions.
    if (!isOurs(c, execution.orderId ?? 0, execution.clientId)) return;
    tell(execDetailsWord(questionOf(reqId), contract, execution));
  });
}

const questionOf = (reqId: number): number =>
  reqId < QUESTIONS_FROM ? reqId : reqId - QUESTIONS_FROM;

/** What it calls back with besides is not asked for, or says nothing of orders: commissions, sizes. */
function listenForQuestions(c: Progress): void {
  const { api, tell, tickers } = c;
  const tellAny = (word: BrokerWord | null): void => {
    if (word !== null) tell(word);
  };
  api.on(EventName.openOrderEnd, () => tell({ word: 'openOrderEnd' }));
  api.on(EventName.execDetailsEnd, (reqId) =>
    tell({ word: 'execDetailsEnd', reqId: questionOf(reqId) }),
  );
  api.on(EventName.position, (account, contract, position, avgCost) =>
    tellAny(positionWord(account, contract, position, avgCost)),
  );
  api.on(EventName.positionEnd, () => {
    tell({ word: 'positionEnd' });
    if (c.stage === 'ready') outside(c.ports.positionsTold);
  });
  api.on(EventName.completedOrder, (contract, order, state) =>
    tellAny(completedOrderWord(contract, order, state)),
  );
  api.on(EventName.completedOrdersEnd, () => tell({ word: 'completedOrdersEnd' }));
  api.on(EventName.marketDataType, (reqId, type) => tickers.typed(questionOf(reqId), type));
  api.on(EventName.tickPrice, (reqId, field, price) =>
    tickers.ticked(questionOf(reqId), field, price),
  );
}

// ── what is sent ─────────────────────────────────────────────────────────────────────────────

function hand(c: Progress, message: Message): string | null {
  const handing = { sent: false, refusal: '' };
  c.handing = handing;
  let failure = 'it wrote nothing';
  try {
    ask(c, message);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  c.handing = null;
  if (handing.sent) return null;
  if (handing.refusal !== '') return `the client library refused it: ${handing.refusal}`;
  // Its queue is stuck after a throw, and may hold this message: it must not get the time to send it.
  queueMicrotask(() => end(c, `the client library failed: ${failure}`));
  return `the client library failed: ${failure}`;
}

function ask({ api, tickers }: Progress, message: Message): void {
  switch (message.request) {
    case 'placeOrder': {
      const { ticket } = message;
      const contract = contractOf(ticket.symbol, ticket.conId);
      return void api.placeOrder(ticket.orderId, contract, orderOf(ticket));
    }
    case 'cancelOrder':
      return void api.cancelOrder(message.orderId);
    case 'reqOpenOrders':
      // Everybody's: `reqOpenOrders` of client 0 would take over what a person has placed in TWS.
      return void api.reqAllOpenOrders();
    case 'reqExecutions':
      return void api.reqExecutions(QUESTIONS_FROM + message.reqId, {});
    case 'reqPositions':
      return void api.reqPositions();
    case 'cancelPositions':
      return void api.cancelPositions();
    case 'reqCompletedOrders':
      // Which orders count as the API's is not documented: all of them.
      return void api.reqCompletedOrders(false);
    case 'reqMktData': {
      const { reqId, symbol, conId } = message;
      tickers.watch(reqId, symbol);
      const contract = contractOf(symbol, conId);
      return void api.reqMktData(QUESTIONS_FROM + reqId, contract, '', false, false);
    }
    case 'cancelMktData':
      tickers.forget(message.reqId);
      return void api.cancelMktData(QUESTIONS_FROM + message.reqId);
  }
}
