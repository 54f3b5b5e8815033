/** The way to a state, taken again: only the numbers of the states on it are kept, not its labels. */
import type { Model, Trace } from './exploration.ts';
import { NO_PARENT, type Visited } from './visited.ts';

type Step<State> = { readonly label: string; readonly state: State };

/**
 * Labels from an initial state to the state of this number.
 *
 * @throws Error when `next` or `encode` does not answer as it did before.
 */
export function traceOf<State>(
  model: Model<State>,
  visited: Visited,
  words: Int32Array,
  state: number,
): Trace {
  const way: number[] = [];
  for (let at = state; at !== NO_PARENT; at = visited.parentOf(at)) way.unshift(at);
  const [root = NO_PARENT, ...rest] = way;
  const is = (found: State, number: number): boolean =>
    visited.holds(number, words, 0, model.encode(found, words));
  for (const initial of model.initial) {
    if (is(initial, root)) return labelsAlong(model, initial, rest, is);
  }
  throw notDeterministic([]);
}

function labelsAlong<State>(
  model: Model<State>,
  from: State,
  way: readonly number[],
  is: (state: State, number: number) => boolean,
): Trace {
  const trace: string[] = [];
  let here = from;
  for (const number of way) {
    const step = stepTo(model, here, (found) => is(found, number));
    if (step === undefined) throw notDeterministic(trace);
    trace.push(step.label);
    here = step.state;
  }
  return trace;
}

function stepTo<State>(
  model: Model<State>,
  from: State,
  is: (state: State) => boolean,
): Step<State> | undefined {
  const found: Step<State>[] = [];
  try {
    model.next(from, (label, state) => {
      if (found.length === 0 && is(state)) found.push({ label, state });
    });
  } catch (error) {
    // It may have thrown the first time, too: after the step that is looked for.
    if (found.length === 0) throw error;
  }
  return found[0];
}

const notDeterministic = (trace: Trace): Error =>
  new Error(
    `next is not deterministic: after [${trace.join(', ')}] it does not emit what it emitted before`,
  );
