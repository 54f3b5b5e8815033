/**
 * The two who may stand between the router's wishes and the broker: the engine (the shipping
 * `step` with its desk and its clock), or the router of 2026-02-12. One thing reaches them, and
 * they send what it makes them send.
 */
import { legsOf } from '../../machines/facts.ts';
import type { Fact } from '../core/fact.ts';
import type { Effect, Ready } from '../core/ready.ts';
import type { BracketRequest } from '../core/request.ts';
import { emptyState, orderRefOf, type State } from '../core/state.ts';
import { step } from '../core/step.ts';
import { type Desk, dropGathering, hearWord, openDesk, requestsOf } from '../ib/desk.ts';
import type { BrokerRequest, BrokerWord } from '../ports/broker.ts';
import {
  type DetachedRouter,
  type DetachedStep,
  hearDetached,
  openDetached,
} from '../simulator/detached.ts';
import type { Scope } from './scope.ts';
import type { Wrong } from './wrong.ts';

export type EngineMind = {
  readonly type: 'engine';
  readonly engine: State;
  readonly desk: Desk;
  /** Deadlines that run, by the effects alone, oldest first. */
  readonly clock: readonly string[];
};

export type RouterMind = { readonly type: 'router'; readonly router: DetachedRouter | null };

export type Mind = EngineMind | RouterMind;

/** What reaches a mind. */
export type Stimulus =
  | { readonly type: 'open'; readonly request: BracketRequest }
  | { readonly type: 'words'; readonly words: readonly BrokerWord[] }
  | { readonly type: 'fact'; readonly fact: Fact }
  | { readonly type: 'elapse'; readonly deadline: string }
  /** It starts anew from what its journal holds, and finds the link down. */
  | { readonly type: 'crash' }
  /** The session takes a routine look, though nothing has made the engine ask. */
  | { readonly type: 'look' };

/** What passed, in order. */
export type Passage =
  | { readonly type: 'sent'; readonly request: BrokerRequest }
  | { readonly type: 'heard'; readonly word: BrokerWord }
  | {
      readonly type: 'stepped';
      readonly before: State;
      readonly fact: Fact;
      readonly ready: Ready;
    };

export type Sending = { readonly request: BrokerRequest; readonly places: boolean };

export type Response = {
  readonly mind: Mind;
  readonly sends: readonly Sending[];
  /** Laws of ours that broke; null as it should be. */
  readonly wrong: Wrong | null;
  readonly passed: readonly Passage[];
};

export function firstMind(scope: Scope): Mind {
  if (scope.detached !== undefined) return { type: 'router', router: null };
  const engine = emptyState(scope.overlap);
  return { type: 'engine', engine, desk: deskOf(bracketsOf(scope)), clock: [] };
}

type Named = { readonly bracket: string; readonly pairs: number };

const bracketsOf = ({ requests }: Scope): readonly Named[] =>
  requests.map(({ bracket, targets }) => ({ bracket, pairs: targets.length }));

/** Orders of one leg, one after the other, that get an id beforehand. */
const GENERATIONS = 40;

/**
 * Every order has its id beforehand: which of two stops was placed first makes no other world.
 * (An id that is known is used again, because that is how the desk sends an order a second time.)
 */
export function deskOf(brackets: readonly Named[]): Desk {
  const refs = brackets.flatMap(({ bracket, pairs }) =>
    legsOf(pairs).flatMap((leg) =>
      Array.from({ length: GENERATIONS }, (_, i) => orderRefOf(bracket, leg, i + 1)),
    ),
  );
  const ids = refs.map((orderRef, i) => [orderRef, i + 1] as const);
  return {
    ...openDesk(refs.length + 1),
    ids: Object.fromEntries(ids),
    refs: Object.fromEntries(ids.map(([orderRef, id]) => [id, orderRef])),
  };
}

export function respond(scope: Scope, mind: Mind, stimulus: Stimulus): Response {
  return mind.type === 'engine'
    ? engineResponse(mind, stimulus)
    : routerResponse(scope, mind, stimulus);
}

// ── the engine ───────────────────────────────────────────────────────────────────────────────

type Draft = {
  engine: State;
  desk: Desk;
  clock: readonly string[];
  readonly sends: Sending[];
  readonly wrong: string[];
  readonly passed: Passage[];
};

function engineResponse(mind: EngineMind, stimulus: Stimulus): Response {
  const d: Draft = { ...mind, sends: [], wrong: [], passed: [] };
  switch (stimulus.type) {
    case 'open':
      hear(d, { type: 'bracket.requested', at: 0, request: stimulus.request });
      break;
    case 'words':
      for (const word of stimulus.words) hearBroker(d, word);
      break;
    case 'fact':
      hear(d, stimulus.fact);
      break;
    case 'elapse':
      d.clock = d.clock.filter((deadline) => deadline !== stimulus.deadline);
      hear(d, { type: 'deadline.elapsed', at: 0, deadline: stimulus.deadline });
      break;
    case 'crash':
      recover(d);
      break;
    case 'look':
      // What is being gathered still has lost an answer: nothing else could happen any more.
      d.desk = dropGathering(d.desk);
      // After the last record, and before the next.
      perform(d, { type: 'ask', askedAt: d.engine.seq + 0.5, because: 'a routine look' });
      break;
  }
  const { engine, desk, clock, sends, wrong, passed } = d;
  return {
    mind: { type: 'engine', engine, desk, clock },
    sends,
    wrong: wrong.length === 0 ? null : { id: 'laws', text: wrong.join('; ') },
    passed,
  };
}

/**
 * What the records give back: the state (a plain value, so it can be written down and read), the
 * ids of orders, and the waits that run. A question that was under way is forgotten.
 */
function recover(d: Draft): void {
  d.engine = JSON.parse(JSON.stringify(d.engine)) as State;
  d.desk = dropGathering(d.desk);
  d.clock = Object.values(d.engine.books)
    .flatMap((book) => book.brackets)
    .flatMap((bracket) => bracket.deadlines.map(({ deadline }) => deadline));
  hear(d, { type: 'link.lost', at: 0, code: 0 });
}

function hearBroker(d: Draft, word: BrokerWord): void {
  d.passed.push({ type: 'heard', word });
  const { desk, facts, requests } = hearWord(d.desk, word, 0);
  d.desk = desk;
  send(d, requests, false);
  for (const fact of facts) hear(d, fact);
}

function hear(d: Draft, fact: Fact): void {
  const before = d.engine;
  const ready = step(before, fact);
  d.engine = ready.state;
  d.passed.push({ type: 'stepped', before, fact, ready });
  for (const { broken, law, text } of ready.alarms) if (broken) d.wrong.push(`${law} ${text}`);
  for (const effect of ready.effects) perform(d, effect);
}

function perform(d: Draft, effect: Effect): void {
  if (effect.type === 'place' && d.desk.ids[effect.ticket.orderRef] === undefined) {
    throw new RangeError(`${effect.ticket.orderRef}: more orders of a leg than were provided for`);
  }
  if (effect.type === 'startDeadline') d.clock = [...d.clock, effect.deadline];
  if (effect.type === 'stopDeadline') {
    d.clock = d.clock.filter((deadline) => deadline !== effect.deadline);
  }
  const { desk, requests } = requestsOf(d.desk, effect);
  d.desk = desk;
  send(d, requests, effect.type === 'place');
}

function send(d: Draft, requests: readonly BrokerRequest[], places: boolean): void {
  for (const request of requests) {
    d.passed.push({ type: 'sent', request });
    d.sends.push({ request, places });
  }
}

// ── the router of that night ─────────────────────────────────────────────────────────────────

/** It hears the broker's words, and knows of nothing else. */
function routerResponse(scope: Scope, mind: RouterMind, stimulus: Stimulus): Response {
  const passed: Passage[] = [];
  const sends: Sending[] = [];
  let { router } = mind;
  const take = (taken: DetachedStep): void => {
    router = taken.router;
    for (const { request } of taken.requests) {
      passed.push({ type: 'sent', request });
      sends.push({ request, places: false });
    }
  };
  if (stimulus.type === 'open' && scope.detached !== undefined) take(openDetached(scope.detached));
  if (stimulus.type === 'words') {
    for (const word of stimulus.words) {
      passed.push({ type: 'heard', word });
      if (router !== null) take(hearDetached(router, word));
    }
  }
  return { mind: { type: 'router', router }, sends, wrong: null, passed };
}
