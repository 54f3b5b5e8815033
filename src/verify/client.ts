/** Who stands between the router's wishes and the broker, as a part of worlds. */
import { openQty } from '../core/commitment.ts';
import { cumQty } from '../core/ledger.ts';
import { QTY_DECIMALS, toDecimal } from '../core/quantity.ts';
import type { Bracket } from '../core/state.ts';
import type { BrokerRequest } from '../ports/broker.ts';
import { canonicalMind, questionOf } from './canonical.ts';
import { type Interner, newInterner } from './interning.ts';
import { type Batch, type Messages, NEWEST, type Request } from './messages.ts';
import { type Mind, type Passage, respond, type Stimulus } from './mind.ts';
import type { Scope } from './scope.ts';
import { newTexts } from './texts.ts';
import type { Wrong } from './wrong.ts';

/** A mind, and what it has been seen to make of what reached it. */
export type Client = {
  readonly id: number;
  readonly mind: Mind;
  readonly standing: Standing;
  readonly known: Map<string | Batch, Outcome>;
};

/** Where the engine stands, for the questions that are asked of every world. */
export type Standing = {
  /** Denied, closed, breached, or flat with an order that only a person can say the end of. */
  readonly ended: boolean;
  /** Every bracket is closed; some bracket is called breached. */
  readonly closed: boolean;
  readonly breached: boolean;
  /** The link is live, and no question is under way. */
  readonly quiet: boolean;
  /** Shares that each order has traded, as far as we know. */
  readonly filled: Readonly<Record<string, number>>;
};

export type Outcome = {
  readonly to: Client;
  readonly requests: readonly Request[];
  /** Another question is the newest now: answers to the one before are old. */
  readonly ages: boolean;
  readonly wrong: Wrong | null;
};

export type Clients = {
  readonly scope: Scope;
  /** Null keeps minds as they are: for telling one path, not for comparing worlds. */
  readonly textOf: ((mind: Mind) => string) | null;
  readonly messages: Messages;
  readonly minds: Interner<Client>;
};

/** A text for each mind; one for minds with one future. */
export function newMindTexts(): (mind: Mind) => string {
  const textOf = newTexts();
  return (mind) => (mind.type === 'engine' ? textOf(mind) : JSON.stringify(mind));
}

export function newClients(scope: Scope, messages: Messages, canonical: boolean): Clients {
  return { scope, textOf: canonical ? newMindTexts() : null, messages, minds: newInterner() };
}

export function clientOf({ textOf, minds }: Clients, mind: Mind): Client {
  const text = textOf === null ? String(minds.size()) : textOf(mind);
  return minds.intern(text, (id) => {
    const own = textOf === null ? mind : canonicalMind(mind);
    return { id, mind: own, standing: standingOf(own), known: new Map() };
  });
}

/**
 * What the mind makes of it. Worked out once for each `key`, unless somebody wants to know all
 * that `passed`.
 */
export function outcomeOf(
  clients: Clients,
  client: Client,
  key: string | Batch,
  stimulus: Stimulus,
  passed: Passage[] | null,
): Outcome {
  const known = passed === null ? client.known.get(key) : undefined;
  if (known !== undefined) return known;
  const { scope, textOf, messages } = clients;
  const canonical = textOf !== null;
  const response = respond(scope, client.mind, stimulus);
  passed?.push(...response.passed);
  const was = questionOf(client.mind);
  const is = questionOf(response.mind);
  const outcome = {
    to: clientOf(clients, response.mind),
    requests: response.sends.map(({ request, places }) =>
      messages.request(canonical ? renumbered(request, is) : request, places),
    ),
    ages: canonical && was === NEWEST && is !== was,
    wrong: response.wrong,
  };
  client.known.set(key, outcome);
  return outcome;
}

const renumbered = (request: BrokerRequest, newest: number): BrokerRequest =>
  request.request === 'reqExecutions'
    ? { ...request, reqId: request.reqId === newest ? NEWEST : 0 }
    : request;

function standingOf(mind: Mind): Standing {
  if (mind.type === 'router') {
    return { ended: false, closed: false, breached: false, quiet: false, filled: {} };
  }
  const { engine, desk } = mind;
  const brackets = Object.values(engine.books).flatMap((book) => book.brackets);
  const filled: Record<string, number> = {};
  for (const order of brackets.flatMap((bracket) => bracket.orders)) {
    const shares = toDecimal(cumQty(order), QTY_DECIMALS);
    if (shares !== 0) filled[order.ticket.orderRef] = shares;
  }
  return {
    ended: brackets.every(hasEnded),
    closed: brackets.length > 0 && brackets.every((b) => b.configuration.exposure === 'closed'),
    breached: brackets.some((b) => b.configuration.exposure === 'breached'),
    quiet: engine.link === 'live' && desk.gathering === null,
    filled,
  };
}

function hasEnded(bracket: Bracket): boolean {
  const { exposure } = bracket.configuration;
  if (exposure === 'closed' || exposure === 'breached') return true;
  return openQty(bracket) === 0 && bracket.orders.some((order) => order.missing);
}
