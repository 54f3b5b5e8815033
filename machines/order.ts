/**
 * One order's life, on two axes.
 *
 *     live ──┬─ life     pendingSubmit → working ⇄ held → trading      what the broker made of it
 *            └─ request  none ⇄ cancelAsked → pendingCancel            what we asked of it since
 *                             ⇄ replaceAsked → pendingReplace
 *     unresolved                                                       sent, outcome unknown: look for it
 *     ended    filled | cancelled | rejected | expired                 a definite word was heard
 *
 * Theory of operation. FIX shows one OrdStatus, but an order can be partly filled *and* have a
 * cancel in flight; a flat list of states must then lie about one of them. So what the broker made
 * of the order and what we asked of it since are two axes that move by themselves. Rules:
 *
 * - Ask and answer are different states. `cancelAsked` is ours, `pendingCancel` is the broker's
 *   word that it has the request. Neither ends anything: fills go on until a definite word.
 * - An order is in `ended` exactly when the ledger has heard that word. Silence, a lost link, a
 *   refused cancel or "not found" never lead there: they lead to `unresolved`.
 * - `ended` is not the end of facts. A fill may still arrive after a cancel (the cancel lost the
 *   race), and a bust may take back a fill that completed the order.
 *
 * A fact that moves an axis is not taken by `live` itself, and no target touches a neighbour axis:
 * in XState 5 a transition that crosses axes silently resets the others.
 *
 * Sources: FIX 5.0 SP2 volume 4, order state change matrices; TWS API `orderStatus` values.
 */
import {
  alarm,
  ask,
  type ChartMachine,
  chartSetup,
  type Guard,
  ignore,
  type State,
  type Transition,
} from './chart.ts';
import type { OrderFact } from './facts.ts';
import { cancelActions, requestAxis } from './order-request.ts';

export type OrderKind = {
  /** Id of the region and prefix of its facts: `stop1.filled`. */
  readonly name: string;
  /** The facts that make us ask for a cancel. */
  readonly withdraw: Readonly<Record<string, Transition>>;
  /** The facts that make us ask for a replace; null where this order is never replaced. */
  readonly replace: Readonly<Record<string, Transition>> | null;
  /** Where an `unresolved` order that the broker turns out to have must go at once. */
  readonly unwanted: Guard | null;
  /** What sends an order again that the broker turns out not to have (L11). */
  readonly resend: Transition | null;
  /** A stop, whose trigger comes before it trades. */
  readonly triggers: boolean;
  /** What it means when it has not finished trading in its budget. */
  readonly late: Transition;
  /** True for an order that may not rest, once it works: the one that takes us out. */
  readonly hurries: boolean;
};

export type OwnFact = (fact: OrderFact) => string;

/** The states `live`, `unresolved` and `ended`, for a region that adds its own way in. */
export function orderStates(kind: OrderKind): Readonly<Record<string, State>> {
  const own: OwnFact = (fact) => `${kind.name}.${fact}`;
  return {
    live: {
      description: 'The broker has it, or will: it counts in full until a definite word.',
      type: 'parallel',
      on: {
        [own('cancelled')]: to(kind, 'ended.cancelled', 'Definite: the broker has cancelled it.'),
        [own('rejected')]: to(kind, 'ended.rejected', 'Definite: it never lived.'),
        [own('expired')]: to(kind, 'ended.expired', 'Definite: its time in force is over.'),
        [own('absent')]: {
          ...to(kind, 'unresolved', 'Not among the open orders, and nothing proves its end.'),
          actions: [alarm('L11', 'the broker does not show an order that we sent')],
        },
        'link.lost': to(kind, 'unresolved', 'Nothing in flight is concluded across a cut.'),
        [own('corrected')]: ignore('the ledger counts it; the order goes on'),
        [own('busted')]: ignore('the ledger counts it; the order goes on'),
        [own('revived')]: ignore('it was never over here'),
      },
      states: { life: lifeAxis(kind, own), request: requestAxis(kind, own) },
    },
    unresolved: unresolvedState(kind, own),
    ended: endedState(kind, own),
  };
}

function to(kind: OrderKind, state: string, description: string): Transition {
  return { target: `#${kind.name}.${state}`, description };
}

function lifeAxis(kind: OrderKind, own: OwnFact): State {
  const fills = (partly: string): readonly Transition[] => [
    {
      guard: { type: 'completes' },
      target: `#${kind.name}.ended.filled`,
      description: 'All of it has been executed.',
      meta: { law: 'L3' },
    },
    partly === 'trading'
      ? ignore('part of it; the ledger counts, the rest goes on')
      : { target: 'trading', description: 'Part of it: the rest is trading.' },
  ];
  const triggered: Transition = kind.triggers
    ? { target: 'trading', description: 'The trigger has printed; it must fill within its budget.' }
    : ignore('only a stop has a trigger');
  const idleWait = ignore('no wait runs in this state');
  return {
    description: 'What the broker made of it.',
    initial: 'pendingSubmit',
    states: {
      pendingSubmit: {
        description: 'Sent; the broker has not accepted it yet.',
        meta: { deadline: 'acknowledgement' },
        on: {
          [own('held')]: { target: 'held' },
          [own('working')]: { target: 'working' },
          [own('triggered')]: triggered,
          [own('filled')]: fills('pendingSubmit'),
          [own('overdue')]: {
            actions: [
              alarm('L7', 'no acknowledgement in time'),
              ask('an acknowledgement is overdue'),
            ],
          },
        },
      },
      held: {
        description: 'Accepted, but it neither trades nor protects: waits for venue or locate.',
        on: {
          [own('held')]: ignore('held already'),
          [own('working')]: { target: 'working' },
          [own('triggered')]: triggered,
          [own('filled')]: fills('held'),
          [own('overdue')]: idleWait,
        },
      },
      working: {
        description: kind.triggers
          ? 'Armed: the broker watches its trigger price.'
          : 'Live at the venue.',
        ...(kind.hurries ? { meta: { deadline: 'trading' as const } } : {}),
        on: {
          [own('held')]: { target: 'held' },
          [own('working')]: ignore('working already'),
          [own('triggered')]: triggered,
          [own('filled')]: fills('working'),
          [own('overdue')]: kind.hurries ? kind.late : idleWait,
        },
      },
      trading: {
        description: 'Some of it has traded, or its trigger has printed; the rest should follow.',
        meta: { deadline: 'trading' },
        on: {
          [own('held')]: { target: 'held', description: 'Held back again, e.g. by a halt.' },
          [own('working')]: ignore('an older word; it trades already'),
          [own('triggered')]: ignore('it trades already'),
          [own('filled')]: fills('trading'),
          [own('overdue')]: kind.late,
        },
      },
    },
  };
}

function unresolvedState(kind: OrderKind, own: OwnFact): State {
  const found = (life: string): Transition | readonly Transition[] => {
    const back: Transition = {
      target: [`#${kind.name}.live.life.${life}`, `#${kind.name}.live.request.none`],
      description: 'Found: the broker has it.',
    };
    if (kind.unwanted === null) return back;
    return [
      {
        guard: kind.unwanted,
        target: [`#${kind.name}.live.life.${life}`, `#${kind.name}.live.request.cancelAsked`],
        actions: cancelActions(kind),
        description: 'Found, but it has no business there any more: withdraw it at once.',
        meta: { law: 'L6' },
      },
      back,
    ];
  };
  const still = ignore('says nothing about where the order is; the search goes on');
  return {
    description: 'Sent, outcome unknown. Counts in full; nothing is concluded until it is found.',
    meta: { deadline: 'resolution' },
    on: {
      [own('working')]: found('working'),
      [own('held')]: found('held'),
      [own('replaced')]: found('working'),
      [own('triggered')]: found(kind.triggers ? 'trading' : 'working'),
      [own('filled')]: [
        {
          ...to(kind, 'ended.filled', 'All of it has been executed.'),
          guard: { type: 'completes' },
          meta: { law: 'L3' },
        },
        still,
      ],
      [own('cancelled')]: to(kind, 'ended.cancelled', 'Definite.'),
      [own('rejected')]: to(kind, 'ended.rejected', 'Definite.'),
      [own('expired')]: to(kind, 'ended.expired', 'Definite.'),
      [own('pendingCancel')]: {
        target: [`#${kind.name}.live.life.working`, `#${kind.name}.live.request.pendingCancel`],
        description: 'Found: the broker is cancelling it.',
      },
      [own('overdue')]: {
        actions: [alarm('L7', 'still not found'), ask('an order is unresolved')],
      },
      ...(kind.resend === null ? {} : { 'bracket.concluded': kind.resend }),
      ...withdrawnUnseen(kind),
      [own('absent')]: ignore('known to be missing; the ledger decides whether to send it again'),
      [own('cancelRejected')]: still,
      [own('pendingReplace')]: still,
      [own('replaceRejected')]: still,
      [own('corrected')]: ignore('the ledger counts it'),
      [own('busted')]: ignore('the ledger counts it'),
      [own('revived')]: still,
      [own('requestOverdue')]: ignore('no request is outstanding'),
      'link.lost': ignore('unresolved already'),
    },
  };
}

/** A sibling's fact asks it to go although it has not been found yet: a cancel harms nothing. */
function withdrawnUnseen(kind: OrderKind): Record<string, Transition> {
  const on: Record<string, Transition> = {};
  for (const [fact, { target: _, ...transition }] of Object.entries(kind.withdraw)) {
    if (fact !== 'bracket.concluded') on[fact] = transition;
  }
  return on;
}

function endedState(kind: OrderKind, own: OwnFact): State {
  const over = ignore('it has definitely ended; an older word');
  const late: readonly Transition[] = [
    {
      guard: { type: 'completes' },
      target: `#${kind.name}.ended.filled`,
      description: 'The cancel lost the race: TWS reports both.',
      actions: [alarm('L2', 'filled after its end was reported')],
    },
    { actions: [alarm('L2', 'executed in part after its end was reported')] },
  ];
  const common: Record<string, Transition | readonly Transition[]> = {
    'link.lost': ignore('ended; nothing is in flight'),
    [own('revived')]: {
      ...to(kind, 'unresolved', 'The broker shows it among the open orders all the same.'),
      actions: [alarm('L10', 'an order that was reported ended is open at the broker')],
    },
  };
  for (const fact of [
    'held',
    'working',
    'triggered',
    'pendingCancel',
    'cancelRejected',
    'pendingReplace',
    'replaced',
    'replaceRejected',
    'absent',
    'overdue',
    'requestOverdue',
    'cancelled',
    'rejected',
    'expired',
  ] as const) {
    common[own(fact)] = over;
  }
  const counted = ignore('the ledger counts it; the order stays ended');
  const withoutAll = (description: string): State => ({
    description,
    on: { [own('filled')]: late, [own('corrected')]: counted, [own('busted')]: counted },
  });
  const reopened: readonly Transition[] = [
    { guard: { type: 'completes' }, ...counted },
    {
      ...to(kind, 'unresolved', 'An execution was taken back: is the rest alive again?'),
      actions: [
        alarm('L2', 'an execution of a filled order was taken back'),
        ask('a fill was taken back'),
      ],
    },
  ];
  return {
    description: 'A definite word was heard. Late fills, corrections and busts may still come.',
    initial: 'filled',
    on: common,
    states: {
      filled: {
        description: 'All of it has been executed.',
        on: {
          [own('filled')]: { actions: [alarm('L12', 'executed beyond its quantity')] },
          [own('corrected')]: reopened,
          [own('busted')]: reopened,
        },
      },
      cancelled: withoutAll('Cancelled, with whatever had filled before.'),
      rejected: withoutAll('Refused by the broker.'),
      expired: withoutAll('Ended by its time in force.'),
    },
  };
}

/** One order alone, as `interlock conform` replays it: `order.cancelAsked` is the client's wish. */
export const orderKind: OrderKind = {
  name: 'order',
  withdraw: {
    'order.cancelAsked': {
      target: 'cancelAsked',
      actions: [{ type: 'cancel', params: { leg: 'entry' } }],
    },
  },
  replace: {
    'order.replaceAsked': {
      target: 'replaceAsked',
      actions: [{ type: 'replace', params: { leg: 'entry' } }],
    },
  },
  unwanted: null,
  resend: null,
  triggers: true,
  late: ignore('an order alone has no budget'),
  hurries: false,
};

/** The order chart as an XState machine. */
export const orderMachine: ChartMachine = chartSetup.createMachine({
  id: 'order',
  description: "One order's life on FIX's two axes.",
  initial: 'live',
  states: orderStates(orderKind),
});
