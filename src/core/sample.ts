/**
 * In production every so many steps are asked of XState, too: what the tables made of an event is
 * compared with what XState's own `transition()` makes of it, on the whole chart of the bracket.
 *
 * Which steps, is said by their `seq` alone, so that a replay samples the same ones.
 */
import { type AnyMachineSnapshot, type StateValue, transition } from 'xstate';
import { bracketMachine } from '../../machines/bracket.ts';
import type { ChartMachine } from '../../machines/chart.ts';
import { type BracketChart, type ChartWord, configurationOf } from './charts.ts';
import type { Row } from './compiled.ts';
import type { Macrostep, Standing } from './standing.ts';

/** Every how many steps, unless somebody says otherwise. */
export const SAMPLE_EVERY = 1_000;

const machines = new Map<number, ChartMachine>();

function machineOf(pairs: number): ChartMachine {
  const machine = machines.get(pairs) ?? bracketMachine(pairs);
  machines.set(pairs, machine);
  return machine;
}

/** How the tables and XState differ about an event; null when they agree. */
export function disagreement(
  chart: BracketChart,
  from: Standing,
  event: ChartWord,
  found: Macrostep,
): string | null {
  try {
    return difference(chart, from, event, found);
  } catch (error) {
    // XState throws on a state that it does not know. No fact is lost by that.
    return `${event.type}: XState cannot be asked: ${error instanceof Error ? error.message : ''}`;
  }
}

function difference(
  chart: BracketChart,
  from: Standing,
  event: ChartWord,
  found: Macrostep,
): string | null {
  const machine = machineOf(chart.pairs);
  const value = Object.fromEntries(chart.names.map((name, at) => [name, nestedOf(from.rows[at])]));
  const before: AnyMachineSnapshot = machine.resolveState({ value, context: {} });
  const [after, actions] = transition(machine, before, event);
  const ours = sorted(found.intents);
  const theirs = sorted(actions);
  for (const [at, name] of chart.names.entries()) {
    const to = configurationOf(after.value[name]);
    const here = found.standing.rows[at]?.configuration;
    if (to !== here) return `${event.type}: the table takes ${name} to ${here}, XState to ${to}`;
  }
  return ours === theirs ? null : `${event.type}: the table asks ${ours}, XState asks ${theirs}`;
}

/** The states of a row as XState nests them. */
function nestedOf(row: Row | undefined): StateValue {
  const value: Record<string, StateValue> = {};
  const [first = '', ...others] = row?.states ?? [];
  const [outermost = '', inner] = first.split('.');
  if (inner === undefined) return outermost;
  if (others.length === 0) return { [outermost]: inner };
  for (const state of [first, ...others]) {
    const [, axis = '', name = ''] = state.split('.');
    value[axis] = name;
  }
  return { [outermost]: value };
}

/** Intents as texts, in an order of their own: XState's follows its document, not ours. */
const sorted = (intents: readonly { readonly type: string; readonly params?: unknown }[]): string =>
  intents
    .map(({ type, params }) => JSON.stringify(params === undefined ? { type } : { type, params }))
    .sort()
    .join(' ');
