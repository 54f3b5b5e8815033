/**
 * The engine and a broker, and what is under way between them: one pure transition system.
 *
 *     step (src/core)  ×  desk (src/ib)  ×  network  ×  book (src/simulator)
 *
 * Theory of operation. A `World` is all there is. `offers` lists what may happen next, and `happen`
 * lets one of it happen; whatever follows of itself (a request that arrives, a word that is heard,
 * an effect that is performed) follows within the same event, unless the scope says that it takes
 * time. Nothing is timed and nothing is random, so an explorer decides every race.
 *
 * A world consists of numbered parts (interning.ts), and what a part makes of a thing is worked out
 * once: the engine answers each (mind, word) by the shipping `step`, one time, however many worlds
 * it happens in. Parts with the same future are one part (canonical.ts).
 *
 * What is rare costs one of its kind from the budget; what the scope does not list never happens.
 */
import type { Fact } from '../core/fact.ts';
import type { BrokerRequest, BrokerWord } from '../ports/broker.ts';
import { type BookAction, emptyBook } from '../simulator/book.ts';
import { acted, type Broker, type Brokers, brokerOf, newBrokers, received } from './broker.ts';
import { type Client, type Clients, clientOf, newClients, outcomeOf } from './client.ts';
import { type Interner, newInterner, newQueues, type Queue, type Queues } from './interning.ts';
import { type Batch, type Messages, newMessages, type Request, type Word } from './messages.ts';
import { firstMind, type Passage, type Stimulus } from './mind.ts';
import type { Rarity, Scope } from './scope.ts';
import type { Wrong } from './wrong.ts';

/** How much is left of what is rare. */
export type Budget = {
  readonly id: number;
  readonly left: Readonly<Partial<Record<Rarity, number>>>;
  readonly spent: Map<Rarity, Budget>;
};

export type World = {
  readonly client: Client;
  readonly broker: Broker;
  /** How many of the scope's requests the router has opened. */
  readonly opened: number;
  /** Sent and not yet at the broker. */
  readonly sent: Queue<Request>;
  /** Said and not yet heard, in the batches in which it was said. */
  readonly said: Queue<Batch>;
  /** Executions held back. */
  readonly late: Queue<Batch>;
  readonly linked: boolean;
  readonly budget: Budget;
  /** What must never be, and came with the last event; null as it should be. */
  readonly wrong: Wrong | null;
};

/** How the words of a venue's action are told. */
export type Telling = 'plain' | 'statusFirst' | 'late' | 'twice' | 'silent' | 'bare';

export type Doing =
  | { readonly what: 'open' }
  | {
      readonly what: 'venue';
      readonly key: string;
      readonly action: BookAction;
      readonly telling: Telling;
    }
  /** Something that we are told beside the broker's words, and what it is at the venue. */
  | { readonly what: 'told'; readonly fact: Fact; readonly action?: BookAction }
  /** Words of the broker's that nothing at the venue stands behind. */
  | { readonly what: 'said'; readonly words: readonly BrokerWord[] }
  | { readonly what: 'cut' | 'crash' | 'restore' | 'look' }
  | Carrying
  | { readonly what: 'elapse'; readonly deadline: string };

/** What the network does with what is under way. */
export type Carrying =
  | { readonly what: 'arrive' | 'hearLate' }
  | { readonly what: 'hear' | 'repeat' | 'loseWord'; readonly batch: Batch }
  | { readonly what: 'loseRequest'; readonly request: Request };

/** One thing that may happen. `type` names it for a reader, and is unique among the offers. */
export type Happening = {
  readonly type: string;
  readonly does: Doing;
  readonly costs?: Rarity;
};

/** Where the parts of worlds are kept, and the world that all others come from. */
export type Composition = {
  readonly scope: Scope;
  readonly messages: Messages;
  readonly clients: Clients;
  readonly brokers: Brokers;
  readonly budgets: Interner<Budget>;
  readonly requests: Queues<Request>;
  readonly batches: Queues<Batch>;
  /** What may happen to a part, as it was listed for it before; by its number. */
  readonly ofBroker: (readonly Happening[])[];
  readonly ofClient: (readonly Happening[])[];
  readonly ofBatch: (readonly Happening[])[];
};

/** `canonical` false keeps every number as it comes: for telling one path, not for comparing. */
export function compose(scope: Scope, canonical = true): Composition {
  const messages = newMessages();
  const bag = scope.travel === 'all';
  return {
    scope,
    messages,
    clients: newClients(scope, messages, canonical),
    brokers: newBrokers(scope, messages, canonical),
    budgets: newInterner(),
    requests: newQueues({ bag: false }),
    batches: newQueues({ bag }),
    ofBroker: [],
    ofClient: [],
    ofBatch: [],
  };
}

export function firstWorld(c: Composition): World {
  const { scope } = c;
  return {
    client: clientOf(c.clients, firstMind(scope)),
    broker: brokerOf(c.brokers, emptyBook({ tellsPending: false, ...scope.book })),
    opened: 0,
    sent: c.requests.empty,
    said: c.batches.empty,
    late: c.batches.empty,
    linked: true,
    budget: budgetOf(c, scope.rare),
    wrong: null,
  };
}

export function budgetOf({ budgets }: Composition, left: Budget['left']): Budget {
  return budgets.intern(JSON.stringify(left), (id) => ({ id, left, spent: new Map() }));
}

type Draft = { -readonly [K in keyof World]: World[K] };

/** Lets it happen, and whatever follows of itself. What passed is added to `passed`. */
export function happen(
  c: Composition,
  world: World,
  { type, does, costs }: Happening,
  passed: Passage[] | null = null,
): World {
  const d: Draft = { ...world, wrong: null };
  if (costs !== undefined) d.budget = spend(c, d.budget, costs);
  perform(c, d, type, does, passed);
  flow(c, d, passed);
  return d;
}

function spend(c: Composition, budget: Budget, rarity: Rarity): Budget {
  const known = budget.spent.get(rarity);
  if (known !== undefined) return known;
  const made = budgetOf(c, { ...budget.left, [rarity]: (budget.left[rarity] ?? 0) - 1 });
  budget.spent.set(rarity, made);
  return made;
}

const LOST: BrokerWord = { word: 'error', id: -1, code: 1100, message: 'lost' };
const RESTORED: BrokerWord = { word: 'error', id: -1, code: 1102, message: 'restored' };

function perform(
  c: Composition,
  d: Draft,
  type: string,
  does: Doing,
  passed: Passage[] | null,
): void {
  switch (does.what) {
    case 'open': {
      const request = c.scope.requests[d.opened];
      d.opened += 1;
      if (request !== undefined) reach(c, d, type, { type: 'open', request }, passed);
      return;
    }
    case 'venue':
      return venue(c, d, does.key, does.action, does.telling);
    case 'told':
      if (does.action !== undefined) {
        d.broker = acted(c.brokers, d.broker, type, does.action).to;
      }
      return reach(c, d, type, { type: 'fact', fact: does.fact }, passed);
    case 'said':
      return tell(
        c,
        d,
        does.words.map((word) => c.messages.word(word)),
        'plain',
      );
    case 'elapse':
      return reach(c, d, type, { type: 'elapse', deadline: does.deadline }, passed);
    case 'cut':
      hearAlone(c, d, LOST, passed);
      return silence(c, d);
    case 'crash':
      reach(c, d, type, { type: 'crash' }, passed);
      return silence(c, d);
    case 'look':
      return reach(c, d, type, { type: 'look' }, passed);
    case 'restore':
      d.linked = true;
      return hearAlone(c, d, RESTORED, passed);
    default:
      return carry(c, d, does, passed);
  }
}

function carry(c: Composition, d: Draft, does: Carrying, passed: Passage[] | null): void {
  switch (does.what) {
    case 'arrive':
      return arrive(c, d);
    case 'hear':
      d.said = d.said.without(d.said.items.indexOf(does.batch));
      return hear(c, d, does.batch, passed);
    case 'repeat':
      return hear(c, d, does.batch, passed);
    case 'hearLate': {
      const batch = d.late.items[0];
      d.late = d.late.without(0);
      if (batch !== undefined) hear(c, d, batch, passed);
      return;
    }
    case 'loseWord':
      d.said = d.said.without(d.said.items.indexOf(does.batch));
      return;
    case 'loseRequest':
      d.sent = d.sent.without(d.sent.items.indexOf(does.request));
  }
}

/** The link is down: all that was under way is lost. */
function silence(c: Composition, d: Draft): void {
  d.sent = c.requests.empty;
  d.said = c.batches.empty;
  d.late = c.batches.empty;
  d.linked = false;
}

/** Everything prompt happens now. */
function flow(c: Composition, d: Draft, passed: Passage[] | null): void {
  const { travel } = c.scope;
  if (travel === 'all') return;
  for (let n = 0; n < FLOWS_MOST; n++) {
    const request = d.sent.items[0];
    const batch = d.said.items[0];
    if (request !== undefined && (travel !== 'requests' || !isOrder(request.request))) {
      arrive(c, d);
    } else if (batch !== undefined && (travel !== 'words' || batch.answers)) {
      d.said = d.said.without(0);
      hear(c, d, batch, passed);
    } else {
      return;
    }
  }
  throw new Error('an event does not come to rest: something answers itself without end');
}

/** More than this in one event: something answers itself without end. */
const FLOWS_MOST = 2_000;

const isOrder = (request: BrokerRequest): boolean =>
  request.request === 'placeOrder' || request.request === 'cancelOrder';

// ── us ───────────────────────────────────────────────────────────────────────────────────────

function hear(c: Composition, d: Draft, batch: Batch, passed: Passage[] | null): void {
  reach(c, d, batch, batch.stimulus, passed);
}

function hearAlone(c: Composition, d: Draft, word: BrokerWord, passed: Passage[] | null): void {
  hear(c, d, c.messages.batch([c.messages.word(word)]), passed);
}

function reach(
  c: Composition,
  d: Draft,
  key: string | Batch,
  stimulus: Stimulus,
  passed: Passage[] | null,
): void {
  const outcome = outcomeOf(c.clients, d.client, key, stimulus, passed);
  d.client = outcome.to;
  if (outcome.wrong !== null) d.wrong = outcome.wrong;
  if (outcome.ages) {
    d.sent = d.sent.aged();
    d.said = d.said.aged();
    d.late = d.late.aged();
  }
  // While the link is down a request goes nowhere.
  if (d.linked) for (const request of outcome.requests) d.sent = d.sent.with(request);
}

// ── the broker ───────────────────────────────────────────────────────────────────────────────

function venue(c: Composition, d: Draft, key: string, action: BookAction, telling: Telling): void {
  const { to, words, wrong } = acted(c.brokers, d.broker, key, action);
  d.broker = to;
  if (wrong !== null) d.wrong = wrong;
  tell(c, d, words, telling);
}

function arrive(c: Composition, d: Draft): void {
  const request = d.sent.items[0];
  if (request === undefined) return;
  d.sent = d.sent.without(0);
  const { to, words, wrong } = received(c.brokers, d.broker, request);
  d.broker = to;
  if (wrong !== null) d.wrong = wrong;
  tell(c, d, words, 'plain');
}

const isExecution = ({ word }: Word): boolean => word.word === 'execDetails';
const isStatus = ({ word }: Word): boolean => word.word === 'orderStatus';

function tell(c: Composition, d: Draft, words: readonly Word[], telling: Telling): void {
  if (!d.linked || words.length === 0) return;
  switch (telling) {
    case 'plain':
      return say(c, d, words);
    case 'statusFirst':
      return say(c, d, [...words.filter(isStatus), ...words.filter((word) => !isStatus(word))]);
    case 'late':
      for (const word of words.filter(isExecution)) d.late = d.late.with(c.messages.batch([word]));
      return say(
        c,
        d,
        words.filter((word) => !isExecution(word)),
      );
    case 'twice':
      return say(c, d, [...words, ...words]);
    case 'silent':
      return say(c, d, words.filter(isExecution));
    case 'bare':
      return say(
        c,
        d,
        words.filter(({ word }) => word.word === 'error'),
      );
  }
}

/**
 * Where words overtake each other, what is said of one order at one moment is heard together, an
 * execution by itself, and the answer to a question whole.
 */
function say(c: Composition, d: Draft, words: readonly Word[]): void {
  if (words.length === 0) return;
  const batch = c.messages.batch(words);
  if (c.scope.travel !== 'all' || batch.answers) d.said = d.said.with(batch);
  else for (const heap of batch.heaps) d.said = d.said.with(c.messages.batch(heap));
}
