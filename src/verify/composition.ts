/**
 * The engine and a broker, composed into one pure transition system.
 *
 *     step (src/core)  ×  desk (src/ib)  ×  book (src/simulator)
 *
 * Theory of operation. A `World` is all there is: what the engine knows, what the broker knows, and
 * what is on its way between them. `offers` lists what may happen next, and `happen` lets one of
 * it happen; whatever follows of itself (a request that arrives, a word that is heard, an effect
 * that is performed) follows within the same event, unless the scope says that it takes time.
 * Nothing is timed and nothing is random, so an explorer decides every race.
 *
 * What is rare costs one of its kind from `left`; what is not listed in the scope never happens.
 */
import type { Fact } from '../core/fact.ts';
import type { Effect, Ready } from '../core/ready.ts';
import type { BracketRequest } from '../core/request.ts';
import { emptyState, type Overlap, type State } from '../core/state.ts';
import { step } from '../core/step.ts';
import { type Desk, hearWord, openDesk, requestsOf } from '../ib/desk.ts';
import type { BrokerRequest, BrokerWord, OcaType } from '../ports/broker.ts';
import {
  act,
  type Book,
  type BookAction,
  type BookOptions,
  emptyBook,
  receive,
} from '../simulator/book.ts';

/** What happens rarely, each as often as a scope allows. */
export type Rarity =
  /** The broker's: 201; a cancel unasked; 404 and back; inactive and back; 161. */
  | 'reject'
  | 'unsolicitedCancel'
  | 'hold'
  | 'inactivate'
  | 'refuseCancel'
  /** A wait is over, while other things could still happen; or because nothing else can. */
  | 'elapse'
  | 'patience'
  /** The link is cut; what was under way is lost, and what happens meanwhile is not told. */
  | 'cut'
  /** Told the other way round, later, twice, or without the statuses. */
  | 'statusFirst'
  | 'late'
  | 'twice'
  | 'silent'
  /** An execution is corrected, or taken back (and an operator tells us). */
  | 'correct'
  | 'bust'
  /** Somebody else sells a lot of ours. */
  | 'foreign'
  /** A price that matters is printed; trading is halted, and resumed; the session is to end. */
  | 'print'
  | 'halt'
  | 'session'
  /** The router's wishes. */
  | 'cancel'
  | 'flatten'
  | 'moveStop'
  | 'moveTarget';

export type Scope = {
  /** What the router opens, in this order. */
  readonly requests: readonly BracketRequest[];
  readonly overlap?: Overlap;
  readonly book?: Partial<BookOptions>;
  /** Shares of an execution, each clipped to what is left. */
  readonly lots: readonly number[];
  /** Which way takes time; the rest is prompt. */
  readonly travel: 'prompt' | 'requests' | 'words';
  /** How many batches of words may be under way at once (`words`). */
  readonly wordsMost?: number;
  /** What the broker makes of every OCA group, and whether it admits that in its echo. */
  readonly regroups?: { readonly ocaType: OcaType; readonly admits: boolean };
  readonly rare: Readonly<Partial<Record<Rarity, number>>>;
};

/** What passed, in order, in the last event. */
export type Passage =
  | { readonly type: 'sent'; readonly request: BrokerRequest }
  | { readonly type: 'heard'; readonly word: BrokerWord }
  | {
      readonly type: 'stepped';
      readonly before: State;
      readonly fact: Fact;
      readonly ready: Ready;
    };

export type World = {
  readonly engine: State;
  readonly desk: Desk;
  readonly book: Book;
  /** How many of the scope's requests the router has opened. */
  readonly opened: number;
  /** Deadlines that run, by the effects alone. */
  readonly clock: readonly string[];
  /** Sent and not yet at the broker. */
  readonly sent: readonly BrokerRequest[];
  /** Said and not yet heard, in the batches in which it was said. */
  readonly said: readonly (readonly BrokerWord[])[];
  /** Executions held back. */
  readonly late: readonly BrokerWord[];
  readonly linked: boolean;
  readonly left: Readonly<Partial<Record<Rarity, number>>>;
  /** What was asked of each order's group, where the broker makes something else of it. */
  readonly groups: Readonly<
    Record<number, { readonly ocaGroup: string; readonly ocaType: OcaType }>
  >;
  readonly passed: readonly Passage[];
};

/** How the words of a venue's action are told. */
export type Telling = 'plain' | 'statusFirst' | 'late' | 'twice' | 'silent';

export type Doing =
  | { readonly what: 'open' }
  | { readonly what: 'venue'; readonly action: BookAction; readonly telling: Telling }
  /** Something that we are told beside the broker's words, and what it is at the venue. */
  | { readonly what: 'told'; readonly fact: Fact; readonly action?: BookAction }
  | { readonly what: 'arrive' | 'hear' | 'hearLate' | 'cut' | 'restore' }
  | { readonly what: 'elapse'; readonly deadline: string };

/** One thing that may happen. `type` names it for a reader, and is unique among the offers. */
export type Happening = {
  readonly type: string;
  readonly does: Doing;
  readonly costs?: Rarity;
};

type Draft = { -readonly [K in keyof World]: World[K] } & { passed: Passage[] };

/** More passages than this in one event: something answers itself without end. */
const PASSAGES_MOST = 2_000;
const FIRST_ORDER_ID = 1;

export function openWorld(scope: Scope): World {
  return {
    engine: emptyState(scope.overlap),
    desk: openDesk(FIRST_ORDER_ID),
    book: emptyBook({ tellsPending: false, ...scope.book }),
    opened: 0,
    clock: [],
    sent: [],
    said: [],
    late: [],
    linked: true,
    left: scope.rare,
    groups: {},
    passed: [],
  };
}

/** Lets it happen, and whatever follows of itself. */
export function happen(scope: Scope, world: World, event: Happening): World {
  const d: Draft = { ...world, passed: [] };
  if (event.costs !== undefined) {
    d.left = { ...d.left, [event.costs]: (d.left[event.costs] ?? 0) - 1 };
  }
  perform(scope, d, event.does);
  flow(scope, d);
  return d;
}

function perform(scope: Scope, d: Draft, does: Doing): void {
  switch (does.what) {
    case 'open': {
      const request = scope.requests[d.opened];
      d.opened += 1;
      if (request !== undefined) hear(d, { type: 'bracket.requested', at: 0, request });
      return;
    }
    case 'venue': {
      const { book, words } = act(d.book, does.action);
      d.book = book;
      tell(scope, d, words, does.telling);
      return;
    }
    case 'told':
      if (does.action !== undefined) d.book = act(d.book, does.action).book;
      return hear(d, does.fact);
    case 'arrive':
      return arrive(scope, d);
    case 'hear':
      return hearBatch(d);
    case 'hearLate': {
      const [word, ...late] = d.late;
      d.late = late;
      if (word !== undefined) hearOne(d, word);
      return;
    }
    case 'elapse':
      d.clock = d.clock.filter((deadline) => deadline !== does.deadline);
      return hear(d, { type: 'deadline.elapsed', at: 0, deadline: does.deadline });
    case 'cut':
      d.sent = [];
      d.said = [];
      d.late = [];
      hearOne(d, { word: 'error', id: -1, code: 1100, message: 'lost' });
      d.linked = false;
      return;
    case 'restore':
      d.linked = true;
      return hearOne(d, { word: 'error', id: -1, code: 1102, message: 'restored' });
  }
}

/** Everything prompt happens now. */
function flow(scope: Scope, d: Draft): void {
  for (let n = 0; n < PASSAGES_MOST; n++) {
    const [request] = d.sent;
    const [batch] = d.said;
    if (request !== undefined && (scope.travel !== 'requests' || !orders(request))) {
      arrive(scope, d);
    } else if (batch !== undefined && (scope.travel !== 'words' || answers(batch))) {
      hearBatch(d);
    } else {
      return;
    }
  }
  throw new Error(`an event does not come to rest: ${JSON.stringify(d.passed.at(-1))}`);
}

const orders = (request: BrokerRequest): boolean =>
  request.request === 'placeOrder' || request.request === 'cancelOrder';

/** The answer to a question of ours; its lines come together. */
function answers(batch: readonly BrokerWord[]): boolean {
  const end = batch.at(-1)?.word;
  return (
    end === 'openOrderEnd' ||
    end === 'execDetailsEnd' ||
    end === 'positionEnd' ||
    end === 'completedOrdersEnd'
  );
}

function arrive(scope: Scope, d: Draft): void {
  const [request, ...sent] = d.sent;
  d.sent = sent;
  if (request === undefined) return;
  const { book, words } = receive(d.book, regrouped(scope, d, request));
  d.book = book;
  tell(scope, d, words, 'plain');
}

/** The broker takes the order down with another group than was asked for. */
function regrouped(scope: Scope, d: Draft, request: BrokerRequest): BrokerRequest {
  const { regroups } = scope;
  if (regroups === undefined || request.request !== 'placeOrder') return request;
  const { ticket } = request;
  if (ticket.ocaGroup === '') return request;
  const { orderId, ocaGroup, ocaType } = ticket;
  d.groups = { ...d.groups, [orderId]: { ocaGroup, ocaType } };
  const group = regroups.ocaType === 0 ? '' : ocaGroup;
  return { ...request, ticket: { ...ticket, ocaGroup: group, ocaType: regroups.ocaType } };
}

function echoed(scope: Scope, d: Draft, word: BrokerWord): BrokerWord {
  if (word.word !== 'openOrder' || scope.regroups?.admits !== false) return word;
  const asked = d.groups[word.orderId];
  return asked === undefined ? word : { ...word, ...asked };
}

function tell(scope: Scope, d: Draft, spoken: readonly BrokerWord[], telling: Telling): void {
  if (!d.linked) return;
  const words = spoken.map((word) => echoed(scope, d, word));
  const executions = words.filter((word) => word.word === 'execDetails');
  const others = words.filter((word) => word.word !== 'execDetails');
  switch (telling) {
    case 'plain':
      return say(d, words);
    case 'statusFirst': {
      const statuses = words.filter((word) => word.word === 'orderStatus');
      return say(d, [...statuses, ...words.filter((word) => word.word !== 'orderStatus')]);
    }
    case 'late':
      d.late = [...d.late, ...executions];
      return say(d, others);
    case 'twice':
      return say(d, [...words, ...words]);
    case 'silent':
      return say(d, executions);
  }
}

function say(d: Draft, words: readonly BrokerWord[]): void {
  if (words.length > 0) d.said = [...d.said, words];
}

function hearBatch(d: Draft): void {
  const [batch = [], ...said] = d.said;
  d.said = said;
  for (const word of batch) hearOne(d, word);
}

function hearOne(d: Draft, word: BrokerWord): void {
  d.passed.push({ type: 'heard', word });
  const { desk, facts, requests } = hearWord(d.desk, word, 0);
  d.desk = desk;
  send(d, requests);
  for (const fact of facts) hear(d, fact);
}

function hear(d: Draft, fact: Fact): void {
  const before = d.engine;
  const ready = step(before, fact);
  d.engine = ready.state;
  d.passed.push({ type: 'stepped', before, fact, ready });
  for (const effect of ready.effects) perfect(d, effect);
}

/** Performs an effect. */
function perfect(d: Draft, effect: Effect): void {
  if (effect.type === 'startDeadline') d.clock = [...d.clock, effect.deadline];
  if (effect.type === 'stopDeadline') {
    d.clock = d.clock.filter((deadline) => deadline !== effect.deadline);
  }
  const { desk, requests } = requestsOf(d.desk, effect);
  d.desk = desk;
  send(d, requests);
}

/** While the link is down a request goes nowhere. */
function send(d: Draft, requests: readonly BrokerRequest[]): void {
  for (const request of requests) d.passed.push({ type: 'sent', request });
  if (d.linked) d.sent = [...d.sent, ...requests];
}
