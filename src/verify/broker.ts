/** The broker's book as a part of worlds, and what its words are turned into on the way. */
import type { BrokerRequest, BrokerWord, OcaType } from '../ports/broker.ts';
import {
  act,
  type Book,
  type BookAction,
  type BookStep,
  receive,
  truth,
} from '../simulator/book.ts';
import { groupsIn, orderAt, ordersIn, tradesIn } from '../simulator/contents.ts';
import { UNITS_PER_SHARE } from '../simulator/units.ts';
import { type Interner, newInterner } from './interning.ts';
import type { Messages, Request, Word } from './messages.ts';
import { type Scope, sideOf } from './scope.ts';
import type { Wrong } from './wrong.ts';

/** A book, and what it has been seen to become. */
export type Broker = {
  readonly id: number;
  readonly book: Book;
  readonly asked: Asked;
  /** Of our own executions, and of what is live. */
  readonly figures: Figures;
  readonly known: Map<string | Request, BrokerOutcome>;
};

export type Figures = {
  readonly entered: number;
  /** With what somebody else had exited before. */
  readonly exited: number;
  /** Exits that could still trade. */
  readonly live: number;
  /** Orders that have not ended. */
  readonly alive: number;
  /** Behind all that is open stands a live stop. */
  readonly covered: boolean;
  /** Shares of each order that has traded. */
  readonly filled: Readonly<Record<string, number>>;
};

/** The group that was asked for each order, where the broker makes something else of it. */
type Asked = Readonly<Record<number, { readonly ocaGroup: string; readonly ocaType: OcaType }>>;

export type BrokerOutcome = {
  readonly to: Broker;
  readonly words: readonly Word[];
  readonly wrong: Wrong | null;
};

export type Brokers = {
  readonly scope: Scope;
  readonly canonical: boolean;
  readonly messages: Messages;
  readonly books: Interner<Broker>;
};

export function newBrokers(scope: Scope, messages: Messages, canonical: boolean): Brokers {
  return { scope, canonical, messages, books: newInterner() };
}

export function brokerOf(brokers: Brokers, book: Book, asked: Asked = {}): Broker {
  const { canonical, books, scope } = brokers;
  // The rest of a book follows from these.
  const varying = [book.day, ordersIn(book), groupsIn(book), tradesIn(book)];
  const text = canonical ? JSON.stringify([varying, asked]) : String(books.size());
  return books.intern(text, (id) => ({
    id,
    book,
    asked,
    figures: figuresOf(book, scope),
    known: new Map(),
  }));
}

/** Something happens at the venue. */
export function acted(
  brokers: Brokers,
  broker: Broker,
  key: string,
  action: BookAction,
): BrokerOutcome {
  const known = broker.known.get(key);
  if (known !== undefined) return known;
  const taken = act(broker.book, action);
  const wrong = uncovered(brokers.scope, broker.book, taken.book, action);
  return remember(brokers, broker, key, taken, broker.asked, wrong);
}

/** A request of ours arrives. */
export function received(brokers: Brokers, broker: Broker, request: Request): BrokerOutcome {
  const known = broker.known.get(request);
  if (known !== undefined) return known;
  const { ticket, asked } = regrouped(brokers.scope, broker.asked, request.request);
  const twice = request.places && isKnown(broker.book, request.request);
  const text = 'an order was sent again that the broker has';
  const wrong: Wrong | null = twice ? { id: 'resent', text } : null;
  return remember(brokers, broker, request, receive(broker.book, ticket), asked, wrong);
}

function remember(
  brokers: Brokers,
  broker: Broker,
  key: string | Request,
  { book, words }: BookStep,
  asked: Asked,
  wrong: Wrong | null,
): BrokerOutcome {
  const { scope, messages } = brokers;
  const heard = words.map((word) => messages.word(echoed(scope, asked, word)));
  const outcome = { to: brokerOf(brokers, book, asked), words: heard, wrong };
  broker.known.set(key, outcome);
  return outcome;
}

const isKnown = (book: Book, request: BrokerRequest): boolean =>
  request.request === 'placeOrder' && orderAt(book, request.ticket.orderId) !== undefined;

/** A part of a target has traded, and the broker took the stop of the rest away. */
function uncovered(scope: Scope, before: Book, after: Book, action: BookAction): Wrong | null {
  if (action.type !== 'fill') return null;
  const target = orderAt(after, action.orderId);
  if (target === undefined || target.stage === 'ended') return null;
  if (target.ticket.orderType !== 'LMT' || target.ticket.action === sideOf(scope)) return null;
  const { entered, exited } = figuresOf(after, scope);
  if (exited >= entered) return null;
  const gone = ordersIn(before).find(
    ({ group, stage, ticket }) =>
      group !== '' &&
      group === target.group &&
      stage === 'accepted' &&
      ticket.orderType.startsWith('STP') &&
      orderAt(after, ticket.orderId)?.stage === 'ended',
  );
  if (gone === undefined) return null;
  const text = `a part of ${target.ticket.orderRef} leaves the rest without ${gone.ticket.orderRef}`;
  return { id: 'covered', text };
}

/** The broker takes the order down with another group than was asked for. */
function regrouped(
  { regroups }: Scope,
  asked: Asked,
  request: BrokerRequest,
): { readonly ticket: BrokerRequest; readonly asked: Asked } {
  if (regroups === undefined || request.request !== 'placeOrder') return { ticket: request, asked };
  const { ticket } = request;
  if (ticket.ocaGroup === '') return { ticket: request, asked };
  const { orderId, ocaGroup, ocaType } = ticket;
  const group = regroups.ocaType === 0 ? '' : ocaGroup;
  return {
    ticket: { ...request, ticket: { ...ticket, ocaGroup: group, ocaType: regroups.ocaType } },
    asked: { ...asked, [orderId]: { ocaGroup, ocaType } },
  };
}

function echoed({ regroups }: Scope, asked: Asked, word: BrokerWord): BrokerWord {
  if (word.word !== 'openOrder' || regroups?.admits !== false) return word;
  const group = asked[word.orderId];
  return group === undefined ? word : { ...word, ...group };
}

/** Our own executions; what somebody else trades is not ours. */
function figuresOf(book: Book, scope: Scope): Figures {
  const side = sideOf(scope);
  let entered = 0;
  let exited = 0;
  let live = 0;
  for (const trade of tradesIn(book)) {
    if (trade.orderId === 0 || trade.busted) continue;
    const units = trade.revisions.at(-1)?.units ?? 0;
    if (trade.action === side) entered += units;
    else exited += units;
  }
  let stopped = 0;
  let alive = 0;
  for (const order of ordersIn(book)) {
    const { stage, ticket, total } = order;
    if (stage === 'ended') continue;
    alive += 1;
    if (ticket.action === side) continue;
    live += total - order.filled;
    if (stage === 'accepted' && ticket.orderType.startsWith('STP')) stopped += total - order.filled;
  }
  const shares = (units: number): number => units / UNITS_PER_SHARE;
  const { accounts, filledByRef } = truth(book);
  const position = (accounts[0]?.position ?? 0) * (side === 'BUY' ? 1 : -1);
  return {
    entered: shares(entered),
    exited: shares(exited) + (scope.takenShares ?? 0),
    live: shares(live),
    alive,
    covered: shares(stopped) >= position,
    filled: filledByRef,
  };
}
