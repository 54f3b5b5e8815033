/**
 * What is verified: a plan, the broker as it is supposed to be, and what may go wrong. A `Matter`
 * is what a user names; `scopeOf` makes the scope of an exploration of it.
 */
import type { BracketRequest } from '../core/request.ts';
import { readBracket } from '../history/header.ts';
import type { Action, OcaType } from '../ports/broker.ts';
import type { LateLeg } from '../simulator/book.ts';
import { type DetachedPlan, RIME_693 } from '../simulator/detached.ts';
import type { OcaReading } from '../simulator/readings.ts';
import type { Rarity, Scope, Travel } from './scope.ts';

export const PLANS = ['paired', 'sequenced', 'detached'] as const;
export type PlanName = (typeof PLANS)[number];

export const FAULTS = [
  'delay',
  'repeat',
  'lose',
  'reject',
  'cut',
  'crash',
  'early',
  'refuseCancel',
  'unsolicitedCancel',
  'hold',
  'inactivate',
] as const;
export type Fault = (typeof FAULTS)[number];

export const WISHES = ['cancel', 'flatten', 'move'] as const;
export type Wish = (typeof WISHES)[number];

export type Matter = {
  readonly plan: PlanName;
  /** Of the entry; the exits are on the other one. */
  readonly side: Action;
  /** Shares of each target; every one has a stop of its own. */
  readonly lots: readonly number[];
  /** What the broker makes of the groups that we ask for, whatever its echo says. */
  readonly oca: OcaType;
  readonly reduce: OcaReading;
  readonly lateLeg: LateLeg;
  /** How often each; of `delay`, how much may be under way to us at once. */
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  readonly wishes: Readonly<Partial<Record<Wish, number>>>;
  /** Prices that reach a target or a stop; only the sequenced plan waits for them. */
  readonly prints: number;
};

export const BRACKET = 'B';
const SYMBOL = 'RIME';

/** The first line of a history of it. */
export function headerOf({ plan, side, lots }: Matter): string {
  const whole = lots.reduce((sum, shares) => sum + shares, 0);
  const long = side === 'BUY';
  const limitOf = (i: number): string => (long ? `1.${35 + i}` : `1.${27 - i}`);
  const targets = lots.map((shares, i) => `target ${shares} LMT ${limitOf(i)}`).join('  ');
  const stop = `stop STP ${long ? '1.25' : '1.37'}`;
  const asked = plan === 'sequenced' ? plan : 'paired';
  return `bracket ${BRACKET}  ${side} ${whole} ${SYMBOL}  LMT 1.31  ${stop}  ${targets}  plan=${asked}`;
}

function requestOf(matter: Matter): BracketRequest {
  const [, ...words] = headerOf(matter).split(/\s+/);
  return readBracket(words, (problem) => {
    throw new Error(problem);
  });
}

export function scopeOf(matter: Matter): Scope {
  const { plan, lots, oca, reduce, lateLeg } = matter;
  const most = lots.reduce((sum, shares) => sum + shares, 0);
  const wordsMost = delayOf(matter);
  return {
    requests: [requestOf(matter)],
    ...(plan === 'detached' ? { detached: detachedOf(matter) } : {}),
    book: { ocaReading: reduce, lateLeg, showsEnded: true },
    ...(oca === 2 || plan !== 'paired' ? {} : { regroups: { ocaType: oca, admits: false } }),
    // Fills of any size.
    lots: Array.from({ length: most }, (_, i) => i + 1),
    travel: travelOf(matter),
    ...(wordsMost === undefined ? {} : { wordsMost }),
    rare: rareOf(matter),
  };
}

/** How much may be under way to us at once; undefined where nothing is. */
function delayOf({ faults }: Matter): number | undefined {
  const { delay, lose, repeat } = faults;
  return delay ?? (lose === undefined && repeat === undefined ? undefined : 1);
}

/** What is lost or said again is under way first; and what a crash loses was still to be sent. */
export function travelOf(matter: Matter): Travel {
  const { faults, plan } = matter;
  if (delayOf(matter) !== undefined) return 'all';
  return plan === 'detached' || faults.crash !== undefined || faults.cut !== undefined
    ? 'requests'
    : 'prompt';
}

function rareOf({ faults, wishes, prints, plan }: Matter): Scope['rare'] {
  const { delay: _, early, ...others } = faults;
  const { move, ...wished } = wishes;
  const rare: Partial<Record<Rarity, number>> = { ...others, ...wished };
  if (early !== undefined) rare.elapse = early;
  if (move !== undefined) {
    rare.moveStop = move;
    rare.moveTarget = move;
  }
  if (plan === 'sequenced') rare.print = prints;
  return rare;
}

function detachedOf({ lots }: Matter): DetachedPlan {
  return {
    ...RIME_693,
    quantity: lots.reduce((sum, shares) => sum + shares, 0),
    targets: lots.map((quantity, i) => ({ quantity, price: Number(`1.${35 + i}`) })),
  };
}
