/**
 * The names of legs, taken apart and put together. Every fact asks for them many times, so they
 * are looked up; a name is made anew only where a bracket has more pairs than any does.
 */
import { type Leg, legsOf } from '../../machines/facts.ts';

export type LegKind = 'entry' | 'stop' | 'target' | 'closing';

const PAIRS_MOST = 8;
const PAIRS: readonly number[] = Array.from({ length: PAIRS_MOST + 1 }, (_, pair) => pair);
const STOPS: readonly Leg[] = PAIRS.map((pair): Leg => `stop${pair}`);

export const stopOf = (pair: number): Leg => STOPS[pair] ?? `stop${pair}`;

export type Parts = {
  readonly leg: Leg;
  readonly kind: LegKind;
  readonly pair: number;
  /** Its place in a list of all legs: entry, closing, then stop and target of every pair. */
  readonly slot: number;
};

export const stopSlot = (pair: number): number => 2 * pair;
export const targetSlot = (pair: number): number => 2 * pair + 1;

const KNOWN: ReadonlyMap<string, Parts> = new Map(
  legsOf(PAIRS_MOST).map((leg) => [leg, takenApart(leg)]),
);

function takenApart(leg: Leg): Parts {
  const pair = Number(leg.replace(/\D/g, ''));
  if (leg.startsWith('stop')) return { leg, kind: 'stop', pair, slot: stopSlot(pair) };
  if (leg.startsWith('target')) return { leg, kind: 'target', pair, slot: targetSlot(pair) };
  if (leg === 'entry') return { leg, kind: 'entry', pair: 0, slot: 0 };
  return { leg, kind: 'closing', pair: 0, slot: 1 };
}

export const partsOf = (leg: Leg): Parts => KNOWN.get(leg) ?? takenApart(leg);

/** The slot of a leg whose pair is known: what an order says of itself. */
export function slotOf({ leg, pair }: { readonly leg: Leg; readonly pair: number }): number {
  if (pair === 0) return leg === 'entry' ? 0 : 1;
  return leg === STOPS[pair] ? stopSlot(pair) : targetSlot(pair);
}

/** 0 for the entry and the closing order. */
export const pairNumber = (leg: Leg): number => partsOf(leg).pair;
export const isStopLeg = (leg: Leg): boolean => partsOf(leg).kind === 'stop';
export const isTargetLeg = (leg: Leg): boolean => partsOf(leg).kind === 'target';
