/**
 * The rules that keep the charts true, drawable and compilable, checked on their definitions.
 *
 * The first two exist because of XState 5: a transition that names a state in a neighbour axis, or
 * that a parent takes beside its child, silently resets the axes it does not name.
 */
import { describe, expect, test } from 'vitest';
import { initialTransition } from 'xstate';
import { bracketMachine, bracketRegions, regionMachine } from '../machines/bracket.ts';
import { GUARDS, ignore, type State, type Transition } from '../machines/chart.ts';
import { BRACKET_FACTS, type Leg, legsOf, ORDER_FACTS } from '../machines/facts.ts';
import { LAWS } from '../machines/laws.ts';
import { orderKind, orderMachine, orderStates } from '../machines/order.ts';
import { SESSION_FACTS, sessionMachine, sessionRegions } from '../machines/session.ts';
import { WATCHER_FACTS, watcherMachine, watcherStates } from '../machines/watcher.ts';

type Chart = {
  readonly name: string;
  readonly root: State;
  /** Every event that can be said to it. */
  readonly alphabet: ReadonlySet<string>;
};

const INTENTS = [
  'place',
  'cancel',
  'replace',
  'ask',
  'alarm',
  'ignore',
  'close',
  'connect',
  'disconnect',
];
const STATE_KEYS = ['id', 'type', 'initial', 'description', 'meta', 'on', 'states'];
const TRANSITION_KEYS = ['target', 'guard', 'actions', 'description', 'meta'];

/** A state with the way to it: `live`, `life`, `working`. */
type Place = { readonly path: readonly string[]; readonly state: State };

function placesOf(state: State, path: readonly string[] = []): readonly Place[] {
  const inner = Object.entries(state.states ?? {}).flatMap(([name, child]) =>
    placesOf(child, [...path, name]),
  );
  return [{ path, state }, ...inner];
}

type Edge = { readonly from: Place; readonly event: string; readonly transition: Transition };

function edgesOf(place: Place): readonly Edge[] {
  return Object.entries(place.state.on ?? {}).flatMap(([event, transitions]) =>
    [transitions].flat().map((transition) => ({ from: place, event, transition })),
  );
}

function faultsOf(chart: Chart): readonly string[] {
  const places = placesOf(chart.root);
  const edges = places.flatMap(edgesOf);
  const told = (fault: string): string => `${chart.name}: ${fault}`;
  return [
    ...places.flatMap((place) => stateFaults(place)),
    ...edges.flatMap((edge) => edgeFaults(chart, edge)),
    ...edges.flatMap((edge) => targetFaults(chart, places, edge)),
    ...sharedFacts(places),
  ].map(told);
}

const named = (place: Place): string => place.path.join('.') || 'the root';

function stateFaults(place: Place): readonly string[] {
  const { state } = place;
  const faults: string[] = [];
  for (const key of Object.keys(state)) {
    if (!STATE_KEYS.includes(key)) faults.push(`${named(place)} has "${key}"`);
  }
  if (!state.description?.trim()) faults.push(`${named(place)} has no description`);
  if (place.path.length === 0 && state.on !== undefined) faults.push('the root has transitions');
  const inner = Object.keys(state.states ?? {});
  if (inner.length > 0 && state.type !== 'parallel' && !inner.includes(state.initial ?? '')) {
    faults.push(`${named(place)} begins in "${state.initial}", which it does not have`);
  }
  return faults;
}

function edgeFaults(chart: Chart, { from, event, transition }: Edge): readonly string[] {
  const edge = `${named(from)} on ${event}`;
  const faults: string[] = [];
  for (const key of Object.keys(transition)) {
    if (!TRANSITION_KEYS.includes(key)) faults.push(`${edge} has "${key}"`);
  }
  if (event.includes('*')) {
    if (chart.name !== 'exposure') faults.push(`${edge}: wildcards are the exposure's`);
  } else if (!chart.alphabet.has(event)) faults.push(`${edge}: no such fact`);
  const { guard, actions = [], description } = transition;
  if (guard !== undefined && !(guard.type in GUARDS)) {
    faults.push(`${edge}: no such guard as ${guard.type}`);
  }
  for (const { type } of actions) {
    if (!INTENTS.includes(type)) faults.push(`${edge}: no such intent as ${type}`);
  }
  const reason = description ?? actions.find((action) => action.type === 'ignore');
  if (guard !== undefined && reason === undefined) {
    faults.push(`${edge} [${guard.type}] has no description`);
  }
  const law = transition.meta?.law;
  if (law !== undefined && !LAWS.some(({ id }) => id === law)) {
    faults.push(`${edge}: no such law as ${law}`);
  }
  return faults;
}

function targetFaults(chart: Chart, places: readonly Place[], edge: Edge): readonly string[] {
  const { from, event, transition } = edge;
  const names = transition.target === undefined ? [] : [transition.target].flat();
  const targets = names.map((name) => resolve(chart, places, from, name));
  const missing = names.filter((_, i) => targets[i] === undefined);
  if (missing.length > 0) {
    return [`${named(from)} on ${event}: there is no ${missing.join(', ')}`];
  }
  const found = targets.filter((target) => target !== undefined);
  return axisFaults(from, found, event).concat(halfFaults(places, from, found, event));
}

/** `#stop1.ended.filled` from the id, `.life` from inside, `working` from beside. */
function resolve(
  chart: Chart,
  places: readonly Place[],
  from: Place,
  target: string,
): Place | undefined {
  const [first = '', ...rest] = target.split('.');
  const beside = from.path.slice(0, -1);
  let path: readonly string[];
  if (first === '') path = [...from.path, ...rest];
  else if (!first.startsWith('#')) path = [...beside, first, ...rest];
  else if (first === `#${chart.root.id ?? chart.name}`) path = rest;
  else return undefined;
  return places.find((place) => place.path.join('.') === path.join('.'));
}

/** The parallel state around a place, by how long the way to it is; -1 for none. */
function axisOf(path: readonly string[]): number {
  return path.indexOf('live');
}

const isInside = (path: readonly string[], of: readonly string[]): boolean =>
  of.every((name, i) => path[i] === name);

/** From within an axis: to the same axis, or out of `live`. From `live` itself: out of it. */
function axisFaults(from: Place, targets: readonly Place[], event: string): string[] {
  const depth = axisOf(from.path);
  if (depth < 0) return [];
  const live = from.path.slice(0, depth + 1);
  const axis = from.path.slice(0, depth + 2);
  return targets
    .filter(
      ({ path }) => isInside(path, live) && !(axis.length > live.length && isInside(path, axis)),
    )
    .map((target) => `${named(from)} on ${event} reaches ${named(target)}: another axis is reset`);
}

/** From outside, `live` is entered whole, or with one target in every axis. */
function halfFaults(
  places: readonly Place[],
  from: Place,
  targets: readonly Place[],
  event: string,
): string[] {
  const into = targets.filter(({ path }) => axisOf(path) >= 0 && path.at(-1) !== 'live');
  if (into.length === 0 || axisOf(from.path) >= 0) return [];
  const live = places.find((place) => place.path.at(-1) === 'live');
  const axes = Object.keys(live?.state.states ?? {});
  const entered = into.map(({ path }) => path[axisOf(path) + 1]);
  return axes.every((axis) => entered.filter((name) => name === axis).length === 1)
    ? []
    : [`${named(from)} on ${event} enters only ${into.map(named).join(', ')}`];
}

/** A fact belongs to `live` itself, or to its axes; and to one axis if it may leave `live`. */
function sharedFacts(places: readonly Place[]): readonly string[] {
  return places
    .filter(({ state }) => state.type === 'parallel')
    .flatMap((live) => {
      const axes = Object.keys(live.state.states ?? {}).map((axis) => {
        const inside = places.filter(({ path }) => isInside(path, [...live.path, axis]));
        return { axis, edges: inside.flatMap(edgesOf) };
      });
      const faults: string[] = [];
      for (const { axis, edges } of axes) {
        for (const event of new Set(edges.map((edge) => edge.event))) {
          if (live.state.on?.[event] !== undefined) {
            faults.push(`${event} is taken by ${named(live)} and by its axis ${axis}`);
          }
          const leaves = edges.some((e) => e.event === event && leavesLive(e.transition));
          const other = axes.find((a) => a.axis !== axis && a.edges.some((e) => e.event === event));
          if (leaves && other !== undefined) {
            faults.push(
              `${event} leaves ${named(live)} by ${axis}, and ${other.axis} takes it too`,
            );
          }
        }
      }
      return faults;
    });
}

const leavesLive = ({ target }: Transition): boolean =>
  [target ?? []].flat().some((name) => name.startsWith('#') && !/^#\w+\.live\b/.test(name));

const PAIRS = [1, 2, 3, 4, 5, 6, 7, 8];

const bracketFacts = (pairs: number): ReadonlySet<string> =>
  new Set([
    ...legsOf(pairs).flatMap((leg: Leg) => ORDER_FACTS.map((fact) => `${leg}.${fact}`)),
    ...BRACKET_FACTS,
  ]);

const charts: readonly Chart[] = [
  ...PAIRS.flatMap((pairs) =>
    Object.entries(bracketRegions(pairs)).map(([name, root]) => ({
      name,
      root,
      alphabet: bracketFacts(pairs),
    })),
  ),
  {
    name: 'order',
    root: { description: 'One order.', initial: 'live', states: orderStates(orderKind) },
    alphabet: new Set([
      ...ORDER_FACTS.map((fact) => `order.${fact}`),
      'order.cancelAsked',
      'order.replaceAsked',
      'link.lost',
    ]),
  },
  { name: 'watcher', root: watcherStates, alphabet: new Set(WATCHER_FACTS) },
  ...Object.entries(sessionRegions).map(([name, root]) => ({
    name,
    root,
    alphabet: new Set(SESSION_FACTS),
  })),
];

describe('the charts', () => {
  test('keep their rules', () => {
    expect(charts.length).toBe(PAIRS.reduce((sum, pairs) => sum + 2 * pairs + 3, 4));
    expect([...new Set(charts.flatMap(faultsOf))]).toEqual([]);
  });

  test('are plain data: they survive JSON', () => {
    for (const { root } of charts) {
      expect(JSON.parse(JSON.stringify(root))).toStrictEqual(root);
    }
  });

  test.each(PAIRS)('make one machine of %i pairs, without transitions of its own', (pairs) => {
    const { config } = bracketMachine(pairs);
    expect(config.on).toBeUndefined();
    expect(config.type).toBe('parallel');
    expect(Object.keys(config.states ?? {})).toEqual([...legsOf(pairs), 'exposure']);
  });

  test('are machines that XState starts without complaint', () => {
    const machines = charts.map(({ name, root }) => regionMachine(name, root));
    for (const machine of [...machines, orderMachine, watcherMachine, sessionMachine]) {
      const [snapshot] = initialTransition(machine);
      expect(snapshot.status, machine.id).toBe('active');
    }
  });
});

describe('the rules bite', () => {
  const said = 'As said.';
  const state = (on: State['on'] = {}): State => ({ description: said, on });
  /** A chart with both axes, and one transition on `live.life.working` (or on `live`) to try. */
  const around = (
    on: Record<string, Transition | readonly Transition[]>,
    more: { live?: State['on']; request?: State['on']; ended?: State['on']; root?: object } = {},
  ): Chart => ({
    name: 'leg',
    alphabet: new Set(['leg.filled', 'leg.cancelled']),
    root: {
      id: 'leg',
      description: said,
      initial: 'live',
      states: {
        live: {
          description: said,
          type: 'parallel',
          ...(more.live === undefined ? {} : { on: more.live }),
          states: {
            life: {
              description: said,
              initial: 'working',
              states: { working: state(on), trading: state() },
            },
            request: { description: said, initial: 'none', states: { none: state(more.request) } },
          },
        },
        ended: state(more.ended),
      },
      ...more.root,
    },
  });

  const bad: readonly (readonly [said: string, chart: Chart])[] = [
    [
      'live.life.working on leg.filled reaches live.request.none: another axis is reset',
      around({ 'leg.filled': { target: '#leg.live.request.none' } }),
    ],
    [
      'live.life.working on leg.filled reaches live: another axis is reset',
      around({ 'leg.filled': { target: '#leg.live' } }),
    ],
    [
      'live on leg.filled reaches live.life.trading: another axis is reset',
      around({}, { live: { 'leg.filled': { target: '#leg.live.life.trading' } } }),
    ],
    [
      'ended on leg.filled enters only live.life.working',
      around({}, { ended: { 'leg.filled': { target: '#leg.live.life.working' } } }),
    ],
    [
      'leg.filled is taken by live and by its axis life',
      around(
        { 'leg.filled': { target: 'trading' } },
        { live: { 'leg.filled': { target: '#leg.ended' } } },
      ),
    ],
    [
      'leg.filled leaves live by life, and request takes it too',
      around(
        { 'leg.filled': { target: '#leg.ended' } },
        { request: { 'leg.filled': ignore('of no matter') } },
      ),
    ],
    ['there is no #leg.over', around({ 'leg.filled': { target: '#leg.over' } })],
    ['there is no traded', around({ 'leg.filled': { target: 'traded' } })],
    ['there is no #other.ended', around({ 'leg.filled': { target: '#other.ended' } })],
    ['live.life.working on leg.filed: no such fact', around({ 'leg.filed': ignore('a typo') })],
    ["live.life.working on *: wildcards are the exposure's", around({ '*': ignore('all') })],
    [
      'live.life.working on leg.filled [flat] has no description',
      around({ 'leg.filled': { guard: { type: 'flat' }, target: 'trading' } }),
    ],
    ['the root has transitions', around({}, { root: { on: { 'leg.filled': ignore('no') } } })],
    ['the root has "always"', around({}, { root: { always: { target: '.ended' } } })],
    ['the root has "context"', around({}, { root: { context: {} } })],
    ['the root has "after"', around({}, { root: { after: { 1000: '.ended' } } })],
    ['the root has "invoke"', around({}, { root: { invoke: { src: 'a' } } })],
    ['the root has no description', around({}, { root: { description: ' ' } })],
    [
      'the root begins in "born", which it does not have',
      around({}, { root: { initial: 'born' } }),
    ],
  ];

  test.each(bad)('%s', (fault, chart) => {
    expect(faultsOf(chart).join('\n')).toContain(fault);
  });

  test('and leave a good chart alone', () => {
    const good = around(
      { 'leg.filled': [{ target: 'trading' }, { target: '#leg.ended' }] },
      {
        live: { 'leg.cancelled': { target: '#leg.ended' } },
        ended: {
          'leg.filled': { target: ['#leg.live.life.working', '#leg.live.request.none'] },
          'leg.cancelled': { target: '#leg.live' },
        },
      },
    );
    expect(faultsOf(good)).toEqual([]);
  });
});
