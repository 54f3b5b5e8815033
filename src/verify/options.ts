/** `interlock verify`'s command line as a matter; what it cannot mean is refused in words. */
import type { LateLeg } from '../simulator/book.ts';
import { OCA_READINGS, type OcaReading } from '../simulator/readings.ts';
import { askedFrom } from '../terminal/arguments.ts';
import { printable } from '../terminal/layout.ts';
import { FAULTS, type Matter, PLANS, type PlanName, WISHES } from './matter.ts';

export type Wished = {
  readonly matter: Matter;
  readonly limitStates: number;
  readonly json: boolean;
  /** Where to write the counterexample; empty for nowhere. */
  readonly history: string;
  /** Where the state is that is explored from; empty for the beginning. */
  readonly from: string;
};

export type Reading =
  | { readonly type: 'help' }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'wished'; readonly wished: Wished };

const VALUES = [
  'plan',
  'side',
  'lots',
  'oca',
  'reduce',
  'late-leg',
  'faults',
  'wishes',
  'prints',
  'limit-states',
  'history',
  'from',
] as const;

const STATES = 2_000_000;
export const STATES_MOST = 500_000_000;
const LATE_LEGS: readonly LateLeg[] = ['left', 'refused', 'full'];
const OCA_TYPES = [0, 1, 2, 3] as const;

/** What a plan has no use for: a verdict under it would seem to say more than it does. */
const IDLE: Readonly<Record<PlanName, readonly (typeof VALUES)[number][]>> = {
  paired: ['prints'],
  sequenced: ['oca', 'reduce', 'late-leg'],
  detached: ['side', 'oca', 'reduce', 'late-leg', 'wishes', 'prints'],
};
const WHY: Readonly<Record<PlanName, string>> = {
  paired: 'the plan paired, which waits for no price',
  sequenced: 'the plan sequenced, which asks for no groups',
  detached:
    'the router of the incident, which buys, has no groups, takes no wishes and waits for no price',
};

class Refused extends Error {}

export function wishedFrom(args: readonly string[]): Reading {
  const asked = askedFrom(args, { file: false, flags: ['json'], values: VALUES });
  if (asked.type !== 'asked') return asked;
  const text = (name: (typeof VALUES)[number], otherwise: string): string =>
    asked.values.get(name) ?? otherwise;
  const from = text('from', '');
  const own = ['plan', 'side', 'lots'].find((name) => asked.values.has(name));
  if (from !== '' && own !== undefined) {
    return { type: 'refused', reason: `--${own} is that of FILE: leave it out beside --from` };
  }
  try {
    const plan = one('plan', text('plan', 'paired'), PLANS);
    // Of a state, it is known later which plan it is of.
    const idle = from === '' ? IDLE[plan].find((name) => asked.values.has(name)) : undefined;
    if (idle !== undefined) {
      return {
        type: 'refused',
        reason: `--${idle} changes nothing for ${WHY[plan]}: leave it out`,
      };
    }
    const faults = timesOf('faults', text('faults', ''), FAULTS);
    if (plan === 'detached' && faults.early !== undefined) {
      refuse(
        'faults',
        'early',
        'names nothing that the router of the incident has: it waits for nothing',
      );
    }
    const matter: Matter = {
      plan,
      side: one('side', text('side', 'BUY'), ['BUY', 'SELL']),
      lots: lotsOf(text('lots', '2')),
      oca: OCA_TYPES[Number(one('oca', text('oca', '2'), ['0', '1', '2', '3']))] ?? 2,
      reduce: one('reduce', text('reduce', 'byQuantity'), READINGS),
      lateLeg: one('late-leg', text('late-leg', 'left'), LATE_LEGS),
      faults,
      wishes: timesOf('wishes', text('wishes', ''), WISHES),
      prints: whole('prints', text('prints', '2'), 0, 9),
    };
    const limitStates = whole('limit-states', text('limit-states', String(STATES)), 1, STATES_MOST);
    const json = asked.flags.has('json');
    const wished = {
      matter,
      limitStates,
      json,
      history: text('history', ''),
      from,
    };
    return { type: 'wished', wished };
  } catch (problem) {
    if (problem instanceof Refused) return { type: 'refused', reason: problem.message };
    throw problem;
  }
}

const READINGS: readonly OcaReading[] = OCA_READINGS.map(({ name }) => name);

function refuse(name: string, text: string, allowed: string): never {
  throw new Refused(`--${name} ${allowed}, not "${printable(text)}"`);
}

function one<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const known = allowed.find((word) => word === text);
  return known ?? refuse(name, text, `is one of ${allowed.join(', ')}`);
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  const fits = /^\d+$/.test(text) && value >= least && value <= most;
  return fits ? value : refuse(name, text, `is a whole number from ${least} to ${most}`);
}

const PAIRS_MOST = 8;
const LOT_MOST = 20;

function lotsOf(text: string): readonly number[] {
  const lots = text.split(',').map(Number);
  const good = /^\d+(,\d+)*$/.test(text) && lots.every((lot) => lot >= 1 && lot <= LOT_MOST);
  return good && lots.length <= PAIRS_MOST
    ? lots
    : refuse(
        'lots',
        text,
        `are the shares of 1 to ${PAIRS_MOST} targets, each 1 to ${LOT_MOST}, as in 2,1`,
      );
}

/** `cut,crash:2` is one cut and two crashes. */
function timesOf<T extends string>(
  name: string,
  text: string,
  allowed: readonly T[],
): Readonly<Partial<Record<T, number>>> {
  const found: Partial<Record<T, number>> = {};
  if (text === '') return found;
  for (const word of text.split(',')) {
    const [key = '', times = '1', more] = word.split(':');
    if (more !== undefined) refuse(name, word, 'is a list as in cut,crash:2');
    if (key in found) refuse(name, word, 'names each once, as in cut,crash:2');
    found[one(name, key, allowed)] = whole(`${name} ${key}`, times, 1, 9);
  }
  return found;
}
