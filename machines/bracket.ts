/**
 * A bracket: one entry, and for each target a protective stop of the same size.
 *
 *     entry      idle → live → ended
 *     stop1      idle → live ⇄ ended      withdrawn when its target has filled
 *     target1    idle → live ⇄ ended      withdrawn when its stop trades, or is gone
 *     …          one such pair for every target
 *     closing    idle → live ⇄ ended      the one order that takes us out
 *     exposure   flat → exposed → protected → closing | breached → flat → settling → closed
 *
 * Theory of operation. The chart is one flat parallel machine, so one fact is seen by all regions
 * in one macrostep: a fill and the withdrawal of its sibling are *one* transition, and there is no
 * moment in between that a crash or a second message could fall into. Regions share nothing but
 * the fact and the conclusions that travel with it.
 *
 * What a chart may do about numbers it learns from the ledger, as claims: `admitted` (the plan
 * calls for this leg, and L6 lets it go), `resized`, `unwanted`, `completes`. A leg never waits
 * for an order that was not sent, because admission is concluded before the transition.
 *
 * Every step ends with `bracket.concluded`: the ledger has booked the fact, the siblings have been
 * withdrawn, and the charts are asked what is due now. Whatever is placed, is placed there; so
 * no order of events can leave a leg waiting for a fact that has already passed.
 *
 * Two edges carry the promise. They ask no plan; the second asks nothing at all:
 *
 *   target_i.filled [completes]   →  stop_i   asked to go, in the same transition
 *   stop_i.filled, triggered      →  target_i asked to go, in the same transition
 */
import {
  alarm,
  type ChartMachine,
  chartSetup,
  type Intent,
  ignore,
  type State,
  type Transition,
} from './chart.ts';
import { exposureRegion } from './exposure.ts';
import { type Leg, ORDER_FACTS, type Region } from './facts.ts';
import { type OrderKind, orderStates } from './order.ts';

/** The regions of a bracket with 1 to 8 exit pairs, each a chart of its own. */
export function bracketRegions(pairs: number): Readonly<Record<Region, State>> {
  const regions: Partial<Record<Region, State>> = { entry: entry(pairs) };
  for (let pair = 1; pair <= pairs; pair++) {
    regions[`stop${pair}`] = stop(pair);
    regions[`target${pair}`] = target(pair);
  }
  regions.closing = closing();
  regions.exposure = exposureRegion();
  return regions as Readonly<Record<Region, State>>;
}

/** The whole bracket as one XState machine: what is drawn, reviewed and proven against. */
export function bracketMachine(pairs: number): ChartMachine {
  return chartSetup.createMachine({
    id: `bracket${pairs}`,
    description: `A bracket with ${pairs} exit pair${pairs === 1 ? '' : 's'}.`,
    type: 'parallel',
    states: bracketRegions(pairs),
  });
}

/** One region alone, as `step` runs it. */
export function regionMachine(region: string, state: State): ChartMachine {
  return chartSetup.createMachine({ ...state, id: region });
}

function entry(pairs: number): State {
  const withdraw: Record<string, Transition> = {};
  for (let pair = 1; pair <= pairs; pair++) {
    withdraw[`stop${pair}.filled`] = withdrawn(
      'entry',
      'An exit trades: nothing more is bought into it.',
    );
  }
  withdraw['bracket.concluded'] = unwanted('entry', 'Cancelled, late, leaving, or frozen.');
  return leg(
    {
      name: 'entry',
      withdraw,
      replace: null,
      unwanted: { type: 'unwanted', params: { leg: 'entry' } },
      resend: resend('entry'),
      triggers: false,
      late: ignore('it had its time; the rest is withdrawn'),
      hurries: false,
    },
    'entry',
    { rearms: false, because: 'The bracket was opened.' },
  );
}

function stop(pair: number): State {
  const name = `stop${pair}` as const;
  return leg(
    {
      name,
      withdraw: {
        [`target${pair}.filled`]: {
          ...withdrawn(name, 'Its target has taken all: the stop must not sell it again.'),
          guard: { type: 'completes' },
        },
        'bracket.concluded': unwanted(name, 'Nothing is left to protect, or it gives way.'),
      },
      replace: {
        'bracket.concluded': {
          guard: { type: 'resized', params: { leg: name } },
          target: 'replaceAsked',
          actions: [{ type: 'replace', params: { leg: name } }],
          description: 'It stands alone and has the wrong size or price.',
          meta: { law: 'L6' },
        },
      },
      unwanted: { type: 'unwanted', params: { leg: name } },
      resend: resend(name),
      triggers: true,
      late: { actions: [alarm('L7', 'has triggered and not filled in its budget')] },
      hurries: false,
    },
    name,
    { rearms: true, because: 'Open shares of its pair have no stop.' },
  );
}

function target(pair: number): State {
  const name = `target${pair}` as const;
  const sibling = `stop${pair}` as const;
  const gone = withdrawn(name, 'A target never rests without its stop.');
  return leg(
    {
      name,
      withdraw: {
        [`${sibling}.filled`]: withdrawn(name, 'Its stop has traded: the target must not sell.'),
        [`${sibling}.triggered`]: withdrawn(name, 'Its stop is about to trade, and must be alone.'),
        [`${sibling}.cancelled`]: gone,
        [`${sibling}.rejected`]: gone,
        [`${sibling}.expired`]: gone,
        'bracket.concluded': unwanted(name, 'Nothing is left to sell, or it gives way.'),
      },
      replace: null,
      unwanted: { type: 'unwanted', params: { leg: name } },
      resend: resend(name),
      triggers: false,
      late: ignore('its stop stands behind the rest'),
      hurries: false,
    },
    name,
    { rearms: true, because: 'Its stop stands as asked; or, sequenced, its price has come.' },
  );
}

function closing(): State {
  return leg(
    {
      name: 'closing',
      withdraw: {
        'bracket.concluded': unwanted('closing', 'Too slow or too large: it is placed anew.'),
      },
      replace: null,
      unwanted: { type: 'unwanted', params: { leg: 'closing' } },
      resend: resend('closing'),
      triggers: false,
      late: { actions: [alarm('L7', 'has not taken us out in its budget')] },
      hurries: true,
    },
    'closing',
    { rearms: true, because: 'We leave, and every other order has definitely ended.' },
  );
}

/** An order's life, with the way in: `idle`, and from `ended` back to life with a new order. */
function leg(kind: OrderKind, name: Leg, way: { rearms: boolean; because: string }): State {
  const placed: Transition = {
    guard: { type: 'admitted', params: { leg: name } },
    target: `#${name}.live`,
    actions: [{ type: 'place', params: { leg: name } }],
    description: way.because,
    meta: { law: 'L6' },
  };
  const states = orderStates(kind);
  const ended = states.ended;
  return {
    id: name,
    description: `The ${name.replace(/\d/, '')} leg.`,
    initial: 'idle',
    states: {
      idle: { description: 'Never sent.', on: { 'bracket.concluded': placed, ...unsent(name) } },
      ...states,
      ...(way.rearms && ended !== undefined
        ? { ended: { ...ended, on: { ...ended.on, 'bracket.concluded': placed } } }
        : {}),
    },
  };
}

/** No order, no facts: one that arrives all the same is an alarm. */
function unsent(name: Leg): Readonly<Record<string, Transition>> {
  const spoken: Transition = {
    actions: [alarm('L8', 'the broker speaks of an order that was never sent')],
  };
  const on: Record<string, Transition> = { 'link.lost': ignore('nothing is in flight') };
  for (const fact of ORDER_FACTS) on[`${name}.${fact}`] = spoken;
  return on;
}

function withdrawn(leg: Leg, description: string): Transition {
  return { target: 'cancelAsked', actions: cancel(leg), description, meta: { law: 'L6' } };
}

function unwanted(leg: Leg, description: string): Transition {
  return { ...withdrawn(leg, description), guard: { type: 'unwanted', params: { leg } } };
}

function resend(leg: Leg): Transition {
  return {
    guard: { type: 'admitted', params: { leg } },
    target: `#${leg}.live`,
    actions: [{ type: 'place', params: { leg } }],
    description: 'The broker does not have it and no sibling has traded: the same order again.',
    meta: { law: 'L11' },
  };
}

function cancel(leg: Leg): readonly Intent[] {
  return [{ type: 'cancel', params: { leg } }];
}
