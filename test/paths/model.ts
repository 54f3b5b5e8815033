/**
 * A scope as a model for `@xstate/test`, and what is asked of every state of it.
 *
 * `TestModel` takes any pure logic. Its vertices are what `serializeState` prints, so the key of a
 * world decides what counts as the same situation; its edges are the offers of the world. A state
 * in which something is wrong offers nothing: a counterexample ends where it is found.
 */
import { TestModel } from '@xstate/test';
import type { ActorLogic, ActorSystem, Snapshot } from 'xstate';
import { nakedQty, openQty } from '../../src/core/commitment.ts';
import { describe } from '../../src/core/describe.ts';
import { cumQty, leavesQty } from '../../src/core/ledger.ts';
import { isTargetLeg } from '../../src/core/legs.ts';
import { toDecimal } from '../../src/core/quantity.ts';
import { truth } from '../../src/simulator/book.ts';
import { orderAt, ordersIn } from '../../src/simulator/contents.ts';
import {
  type Composition,
  compose,
  firstWorld,
  type Happening,
  happen,
  type World,
} from '../../src/verify/composition.ts';
import type { Passage } from '../../src/verify/mind.ts';
import { offers } from '../../src/verify/offers.ts';
import type { Scope } from '../../src/verify/scope.ts';
import { engineOf, worldKey } from '../../src/verify/worlds.ts';
import { accountKey, book } from './account.ts';
import { type Account, EMPTY } from './lines.ts';

export type Check =
  /** The broker's executions: never more sold than bought. */
  | 'sold'
  /** Every order's cumQty is the broker's, once all is told. */
  | 'converges'
  /** Where nothing more can happen, the bracket is closed and the broker has no live order. */
  | 'rests'
  /** No partial fill of a target takes a pair's stop away at the broker. */
  | 'covered'
  /** The requests that left, and the promise (account.ts). */
  | 'account'
  /** No alarm but those the suite lists. */
  | 'quiet';

export type Suite = {
  readonly name: string;
  readonly scope: Scope;
  readonly checks: readonly Check[];
  /** Beginnings of the alarms that its faults may raise (`quiet`). */
  readonly alarms?: readonly string[];
  /** What this suite must find wrong, and nothing else: the broker is not as we believe. */
  readonly finds?: readonly string[];
  /** At least so many states, and so many simple paths. */
  readonly floor: readonly [states: number, paths: number];
};

export const ALL_CHECKS: readonly Check[] = [
  'sold',
  'covered',
  'converges',
  'rests',
  'account',
  'quiet',
];

export type Situation = Snapshot<unknown> & {
  readonly world: World;
  /** What passed in the last event. */
  readonly passed: readonly Passage[];
  readonly account: Account;
  readonly wrong: readonly string[];
  readonly key: string;
};

export type Event = Happening;

const active = { status: 'active', output: undefined, error: undefined } as const;

/** A suite with the parts of its worlds. */
export type Run = { readonly suite: Suite; readonly parts: Composition };

/** `canonical` false for one way alone, which compares no situations. */
export const runOf = (suite: Suite, canonical = true): Run => ({
  suite,
  parts: compose(suite.scope, canonical),
});

export function begin({ parts }: Run): Situation {
  const world = firstWorld(parts);
  const key = keyOf(world, EMPTY);
  return { ...active, world, passed: [], account: EMPTY, wrong: [], key };
}

const keyOf = (world: World, account: Account): string =>
  `${worldKey(world)}|${accountKey(account)}`;

export function next({ suite, parts }: Run, before: Situation, event: Event): Situation {
  const passed: Passage[] = [];
  const world = happen(parts, before.world, event, passed);
  const { account, wrong } = book(before.account, passed);
  const objections = [
    ...judge({ suite, parts }, before.world, world, event, passed),
    ...(suite.checks.includes('account') ? wrong : []),
  ];
  const key = keyOf(world, account) + (objections.length > 0 ? `|${objections.join()}` : '');
  return { ...active, world, passed, account, wrong: objections, key };
}

export const possible = ({ parts }: Run, { world, wrong }: Situation): readonly Event[] =>
  wrong.length > 0 ? [] : offers(parts, world);

export function modelOf(run: Run): TestModel<Situation, Event, undefined> {
  const logic = {
    transition: (before: Situation, event: Event): Situation => next(run, before, event),
    getInitialSnapshot: (): Situation => begin(run),
    getPersistedSnapshot: (situation: Situation): Snapshot<unknown> => situation,
  } satisfies ActorLogic<Situation, Event, undefined, ActorSystem<never>>;
  return new TestModel(logic, {
    events: (situation: Situation) => [...possible(run, situation)],
    serializeState: (situation: Situation) => situation.key,
    serializeEvent: (event: Event) => event.type,
  });
}

function judge(
  { suite, parts }: Run,
  before: World,
  world: World,
  event: Event,
  passed: readonly Passage[],
): readonly string[] {
  const wrong: string[] = [];
  const has = (check: Check): boolean => suite.checks.includes(check);
  for (const passage of passed) {
    if (passage.type !== 'stepped') continue;
    for (const alarm of passage.ready.alarms) {
      const text = `${alarm.law} ${alarm.text}`;
      if (alarm.broken) wrong.push(`broken law: ${text}`);
      else if (has('quiet') && !(suite.alarms ?? []).some((one) => text.includes(one))) {
        wrong.push(`alarm: ${text}`);
      }
    }
  }
  if (has('sold')) wrong.push(...oversold(world));
  if (has('covered')) wrong.push(...uncovered(before, world, event));
  if (has('converges') && told(world)) wrong.push(...apart(world));
  if (has('rests') && told(world)) wrong.push(...idle(world));
  if (has('rests') && atRest(parts, world)) wrong.push(...restless(world));
  return wrong;
}

/** What went in and what came out, by the broker's executions. */
function oversold({ broker: { figures } }: World): readonly string[] {
  const { entered, exited } = figures;
  return exited > entered ? [`sold ${exited} of ${entered} bought`] : [];
}

function uncovered(before: World, world: World, { does }: Event): readonly string[] {
  if (does.what !== 'venue' || does.action.type !== 'fill') return [];
  const target = orderAt(world.broker.book, does.action.orderId);
  if (target === undefined || !target.ticket.orderRef.includes('.target')) return [];
  const { entered, exited } = world.broker.figures;
  if (target.stage === 'ended' || exited >= entered) return [];
  const group = ordersIn(before.broker.book).filter(
    (one) =>
      one.group === target.group && one !== orderAt(before.broker.book, target.ticket.orderId),
  );
  return group
    .filter(({ stage, ticket }) => stage === 'accepted' && ticket.orderType.startsWith('STP'))
    .filter(({ ticket }) => orderAt(world.broker.book, ticket.orderId)?.stage === 'ended')
    .map(
      ({ ticket }) =>
        `a part of ${target.ticket.orderRef} leaves the rest without ${ticket.orderRef}`,
    );
}

/** Nothing is on its way, and the engine has looked since the last cut. */
const told = (world: World): boolean =>
  world.linked &&
  engineOf(world).engine.link === 'live' &&
  world.sent.items.length + world.said.items.length + world.late.items.length === 0 &&
  engineOf(world).desk.gathering === null;

function apart(world: World): readonly string[] {
  const { filledByRef } = truth(world.broker.book);
  return orders(world).flatMap((order) => {
    const real = filledByRef[order.ticket.orderRef] ?? 0;
    const ours = toDecimal(cumQty(order), 4);
    return real === ours ? [] : [`${order.ticket.orderRef} filled ${real}, we count ${ours}`];
  });
}

/** Nothing is under way and no order waits for an answer: then every open share has an exit. */
function idle(world: World): readonly string[] {
  return brackets(world).flatMap((b) => {
    const live = b.orders.filter((order) => order.end === null);
    const answered = live.every(
      (o) =>
        o.acknowledged &&
        !o.unresolved &&
        !o.cancelAsked &&
        o.replaceAsked === null &&
        o.held === '',
    );
    const exits = live
      // A target alone is no cover, unless it is the target's turn.
      .filter((o) => o.exits && (!isTargetLeg(o.leg) || b.pairs[o.pair - 1]?.mode === 'sequenced'))
      .reduce((sum, o) => sum + leavesQty(o), 0);
    const leaves = b.leaving !== null || b.configuration.exposure === 'breached';
    const bare = answered && !leaves && openQty(b) > exits;
    return bare ? [`${b.plan.bracket} has shares without an exit, and nothing is under way`] : [];
  });
}

/** Nothing can happen, or nothing but what is rare. */
const atRest = (parts: Composition, world: World): boolean =>
  offers(parts, world).every(({ costs }) => costs !== undefined && costs !== 'patience');

function restless(world: World): readonly string[] {
  const wrong: string[] = [];
  for (const b of brackets(world)) {
    const { exposure = '' } = b.configuration;
    // Never acknowledged, never shown, its siblings have traded: only a person can say.
    if (b.orders.some((order) => order.missing) && openQty(b) === 0) continue;
    // What somebody else closed was closed twice: told, and left to a person (L12, `alert`).
    if (exposure === 'breached' && b.foreign !== 0) continue;
    if (exposure !== 'closed') wrong.push(`${b.plan.bracket} rests in ${exposure}, not closed`);
    if (nakedQty(b) > 0) wrong.push(`${b.plan.bracket} rests with ${nakedQty(b)} naked`);
  }
  for (const order of ordersIn(world.broker.book)) {
    if (order.stage !== 'ended') wrong.push(`${order.ticket.orderRef} rests live at the broker`);
  }
  return wrong;
}

const brackets = (world: World) =>
  Object.values(engineOf(world).engine.books).flatMap((b) => b.brackets);
const orders = (world: World) => brackets(world).flatMap((bracket) => bracket.orders);

/** A path as a reader follows it: every event, and what the engine made of it. */
export function story(suite: Suite, labels: readonly string[]): string {
  const lines: string[] = [];
  const run = { suite, parts: compose(suite.scope, false) };
  let at = begin(run);
  for (const label of labels) {
    const event = possible(run, at).find((one) => one.type === label);
    if (event === undefined) break;
    at = next(run, at, event);
    lines.push(label);
    for (const passage of at.passed) {
      if (passage.type !== 'stepped') continue;
      const told = describe(passage.before, passage.fact, passage.ready);
      lines.push(...told.map((line) => `    ${line}`));
    }
  }
  return [...at.wrong.map((text) => `WRONG: ${text}`), ...lines].join('\n');
}
