/**
 * What the compiler of the charts (`compiled.ts`) does not support. It is refused, with its chart,
 * its state and its feature by name, so that no chart is ever compiled into something else.
 *
 * The rule is an allow-list: what is not known here, in this form, is refused. So a feature that a
 * later XState adds is refused, too, until somebody has thought about it.
 */
import { type ChartMachine, GUARDS, type Guard, type Intent } from '../../machines/chart.ts';
import type { Leg } from '../../machines/facts.ts';
import { LAWS, type LawId } from '../../machines/laws.ts';

export type ChartNode = ChartMachine['root'];
export type ChartTransition = NonNullable<ReturnType<ChartNode['transitions']['get']>>[number];

const STATE_KEYS = new Set(['id', 'type', 'initial', 'description', 'meta', 'on', 'states']);
const TRANSITION_KEYS = new Set(['target', 'guard', 'actions', 'description', 'meta']);
/** What XState adds to a transition when it resolves it. */
const RESOLVED_KEYS = new Set(['source', 'reenter', 'eventType', 'toJSON']);

/** Whether a state is another, or lies in it. */
export const isWithin = (node: ChartNode, of: ChartNode): boolean =>
  node === of || (node.parent !== undefined && isWithin(node.parent, of));

export function refuse(node: ChartNode, feature: string): never {
  const state = node.path.length === 0 ? 'its root' : node.path.join('.');
  throw new Error(`the chart ${node.machine.id} is not compiled: ${state} has ${feature}`);
}

/**
 * Everything but guards and actions, which are refused where they are read, and where targets lead
 * to, which is refused where they are placed.
 */
export function refuseUnsupported(machine: ChartMachine): void {
  const { root } = machine;
  if (root.type !== 'compound') refuse(root, `the type ${root.type}; a region is one of states`);
  if (root.transitions.size > 0) refuse(root, 'transitions of its own');
  refuseState(root);
}

function refuseState(node: ChartNode): void {
  const config: object = node.config;
  for (const [key, value] of Object.entries(config)) {
    if (!STATE_KEYS.has(key) && value !== undefined) refuse(node, `"${key}"`);
  }
  if (node.key.includes('.') && node.parent !== undefined) refuse(node, 'a dot in its name');
  refuseShape(node);
  if (node.meta?.deadline !== undefined && node.type !== 'atomic') {
    refuse(node, 'a deadline, and states within');
  }
  for (const [fact, transitions] of node.transitions) {
    if (fact.startsWith('xstate.')) refuse(node, `a transition on ${fact}, a word of XState's`);
    if (fact !== '*' && fact.includes('*')) refuse(node, `a transition on the wildcard ${fact}`);
    for (const transition of transitions) refuseTransition(node, fact, transition);
  }
  for (const child of Object.values(node.states)) refuseState(child);
}

/** A region has atomic states, states of atomic states, and parallel states of the latter. */
function refuseShape(node: ChartNode): void {
  const parent = node.parent?.type;
  const depth = node.path.length;
  switch (node.type) {
    case 'atomic':
      if (parent === 'parallel') refuse(node, 'no states, as an axis of a parallel state');
      return;
    case 'compound':
      if (typeof node.config.initial !== 'string') refuse(node, 'an initial transition');
      if (depth > 1 && parent !== 'parallel') refuse(node, 'states within, too deep');
      return;
    case 'parallel':
      if (depth !== 1) refuse(node, 'parallel states, too deep');
      if (Object.keys(node.states).length < 2) refuse(node, 'fewer than two parallel states');
      return;
    default:
      refuse(node, `the type ${node.type}`);
  }
}

function refuseTransition(node: ChartNode, fact: string, transition: ChartTransition): void {
  for (const key of Object.keys(transition)) {
    if (!TRANSITION_KEYS.has(key) && !RESOLVED_KEYS.has(key)) refuse(node, `"${key}" on ${fact}`);
  }
  if (transition.reenter) refuse(node, `"reenter" on ${fact}`);
  // Asked of every transition: one that another axis always takes precedence of is run by XState.
  if (transition.target?.some((target) => isWithin(node, target)) === true) {
    refuse(node, `a target on ${fact} that it is in already`);
  }
}

/** A guard as it was written in the chart. */
export function guardOf(node: ChartNode, fact: string, guard: unknown): Guard {
  const { type, params } = namedOf(node, `guard on ${fact}`, guard);
  const implemented: unknown = node.machine.implementations.guards[type];
  const known = Object.entries(GUARDS).find(([name]) => name === type)?.[1];
  if (known === undefined) return refuse(node, `an unknown guard on ${fact}: ${type}`);
  if (implemented !== known) refuse(node, `a guard on ${fact} with a meaning of its own: ${type}`);
  switch (type) {
    case 'admitted':
    case 'resized':
    case 'unwanted':
      return { type, params: { leg: legOf(node, fact, params) } };
    case 'completes':
    case 'flat':
    case 'covered':
    case 'oversold':
    case 'leaving':
    case 'quiet':
    case 'settled':
      if (params !== undefined) refuse(node, `a guard on ${fact} with params: ${type}`);
      return { type };
    default:
      return refuse(node, `an unknown guard on ${fact}: ${type}`);
  }
}

/** An intent as it was written in the chart. */
export function intentOf(node: ChartNode, fact: string, action: unknown): Intent {
  const { type, params } = namedOf(node, `action on ${fact}`, action);
  const performed: unknown = node.machine.implementations.actions[type];
  // XState's own actions (assign, raise, …) may hide behind a name: they have a `resolve`.
  if (Object.hasOwn(Object(performed), 'resolve')) {
    refuse(node, `an action on ${fact} that XState performs: ${type}`);
  }
  const text = (name: string): string => {
    const value = params?.[name];
    return typeof value === 'string' ? value : refuse(node, `no ${name} in ${type} on ${fact}`);
  };
  switch (type) {
    case 'place':
    case 'cancel':
    case 'replace':
      return { type, params: { leg: legOf(node, fact, params) } };
    case 'ask':
    case 'ignore':
      return { type, params: { because: text('because') } };
    case 'alarm': {
      const law = text('law');
      if (!isLaw(law)) return refuse(node, `no law called ${law}, in alarm on ${fact}`);
      return { type, params: { law, text: text('text') } };
    }
    case 'close':
    case 'connect':
    case 'disconnect':
      if (params !== undefined) refuse(node, `an action on ${fact} with params: ${type}`);
      return { type };
    default:
      return refuse(node, `an unknown action on ${fact}: ${type}`);
  }
}

type Named = {
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>> | undefined;
};

/** `{ type, params }` with static params; neither a function nor a bare name. */
function namedOf(node: ChartNode, what: string, written: unknown): Named {
  if (typeof written === 'function') return refuse(node, `an inline function as ${what}`);
  if (typeof written !== 'object' || written === null || !('type' in written)) {
    return refuse(node, `a bare name as ${what}: ${String(written)}`);
  }
  const { type, ...rest } = written;
  const params: unknown = 'params' in rest ? rest.params : undefined;
  if (typeof type !== 'string') return refuse(node, `no name for a ${what}`);
  if (typeof params === 'function') return refuse(node, `computed params in ${type}, ${what}`);
  if (params !== undefined && (typeof params !== 'object' || params === null)) {
    return refuse(node, `params that are no object in ${type}, ${what}`);
  }
  return { type, params: params === undefined ? undefined : { ...params } };
}

function legOf(node: ChartNode, fact: string, params: Named['params']): Leg {
  const leg = params?.leg;
  return typeof leg === 'string' && isLeg(leg) ? leg : refuse(node, `no leg named, on ${fact}`);
}

const isLeg = (name: string): name is Leg => /^(?:entry|closing|(?:stop|target)\d+)$/.test(name);
const isLaw = (id: string): id is LawId => LAWS.some((law) => law.id === id);
