/** XState, asked for the charts' proofs: what its own interpreter makes of an event. */
import {
  type ActorScope,
  type AnyMachineSnapshot,
  createEmptyActor,
  initialTransition,
  type StateValue,
} from 'xstate';
import type { ChartMachine, Guard, Intent } from '../machines/chart.ts';
import { type Conclusions, type Leg, NO_CONCLUSIONS } from '../machines/facts.ts';
import type { Row } from '../src/core/compiled.ts';

type Asked = { readonly type: string; readonly params?: unknown };
type Event = { readonly type: string; readonly conclusions: Conclusions };

export type Interpreter = {
  readonly start: AnyMachineSnapshot;
  readonly at: (value: StateValue) => AnyMachineSnapshot;
  readonly transition: (
    before: AnyMachineSnapshot,
    event: Event,
  ) => readonly [after: AnyMachineSnapshot, actions: readonly Asked[]];
};

/**
 * The public `transition()` without its overhead: that makes an actor of the machine for every call
 * (and with it the initial state), only to pass on its scope. Here the scope is made once; the
 * machine's own `transition` is the same. `test/charts.test.ts` compares the two.
 */
export function interpreterOf(machine: ChartMachine): Interpreter {
  let actions: Asked[] = [];
  const self = createEmptyActor();
  const nothing = (): void => {};
  const scope = {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    logger: nothing,
    defer: nothing,
    stopChild: nothing,
    emit: nothing,
    actionExecutor: ({ type, params }: Asked) => {
      actions.push(params === undefined ? { type } : { type, params });
    },
  } as unknown as ActorScope<AnyMachineSnapshot, Event>;
  return {
    start: initialTransition(machine)[0],
    at: (value) => machine.resolveState({ value, context: {} }),
    transition: (before, event) => {
      actions = [];
      return [machine.transition(before, event, scope), actions];
    },
  };
}

/** The states of a row as XState nests them. */
export function nestedOf({ states }: Row): StateValue {
  const [first = '', second] = states;
  const [outermost = '', inner] = first.split('.');
  if (inner === undefined) return outermost;
  if (second === undefined) return { [outermost]: inner };
  return {
    [outermost]: Object.fromEntries(states.map((state) => state.split('.').slice(1))),
  };
}

/** Intents as one text, whatever their order. */
export function multiset(intents: readonly (Intent | Asked)[]): string {
  return intents
    .map((intent) => JSON.stringify(intent))
    .sort()
    .join(' ');
}

/** Under which no guard holds: not even those that hold of a bracket that has not begun. */
const NOTHING: Conclusions = { ...NO_CONCLUSIONS, flat: false, covered: false };

/** Conclusions under which exactly these guards hold. */
export function conclusionsOf(held: readonly Guard[]): Conclusions {
  const legs = (type: string): readonly Leg[] =>
    held.flatMap((guard) => ('params' in guard && guard.type === type ? [guard.params.leg] : []));
  const claims = held.filter((guard) => !('params' in guard)).map(({ type }) => [type, true]);
  return {
    ...NOTHING,
    ...Object.fromEntries(claims),
    admitted: legs('admitted'),
    resized: legs('resized'),
    unwanted: legs('unwanted'),
  };
}

/** Every subset of the guards, as conclusions. */
export const outcomesOf = (guards: readonly Guard[]): readonly Conclusions[] =>
  Array.from({ length: 2 ** guards.length }, (_, bits) =>
    conclusionsOf(guards.filter((__, i) => (bits >> i) & 1)),
  );
