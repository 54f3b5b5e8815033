/**
 * What "reduce" means when a member of an OCA group of type 2 or 3 trades in part.
 *
 * IB's own texts disagree. API reference: the remaining orders are "proportionately reduced in
 * size". TWS guide (order types, OCO): "reduces the quantity of other orders by the partially
 * filled quantity". An older IB help page: "adjusted downward in proportion to the fraction that
 * was executed". Nobody has settled it on a paper account, so each reading has a name here.
 */

import { scaled } from './units.ts';

export type OcaReading =
  | 'byQuantity'
  | 'proportionalOfRemaining'
  | 'proportionalRoundedUp'
  | 'proportionalRoundedDown'
  | 'fractionOfOriginals'
  | 'proportionalOfOriginal'
  | 'none';

/** A partial fill, as its siblings see it. All in units. */
export type PartialFill = {
  readonly filled: number;
  /** What the filled order had open before this execution. */
  readonly before: number;
  /** What the filled order was for when it was placed or last modified. */
  readonly original: number;
};

export type Sibling = { readonly remaining: number; readonly original: number };

type Reduce = (sibling: Sibling, fill: PartialFill, lot: number) => number;

type Reading = {
  readonly name: OcaReading;
  /** True where two members of one size stay of one size whatever partial fills come. */
  readonly keepsEqualPairs: boolean;
  readonly reduce: Reduce;
};

const share =
  (rounding: 'nearest' | 'up' | 'down'): Reduce =>
  (sibling, fill, lot) =>
    scaled(sibling.remaining, fill.before - fill.filled, fill.before, lot, rounding);

export const OCA_READINGS: readonly Reading[] = [
  /** TWS guide, to the letter: 35 of a target's 70 trade, the stop of 100 is left with 65. */
  {
    name: 'byQuantity',
    keepsEqualPairs: true,
    reduce: (sibling, fill) => sibling.remaining - fill.filled,
  },
  /** API reference: the sibling keeps the fraction of its rest that the filled order keeps. */
  { name: 'proportionalOfRemaining', keepsEqualPairs: true, reduce: share('nearest') },
  /** The same, a broken share rounded in favour of the sibling. Equal pairs break no share. */
  { name: 'proportionalRoundedUp', keepsEqualPairs: true, reduce: share('up') },
  /** The same, a broken share rounded away. Unequal pairs end with less protection. */
  { name: 'proportionalRoundedDown', keepsEqualPairs: true, reduce: share('down') },
  /** Old help page, done right: a fraction of the one's original off the other's original. */
  {
    name: 'fractionOfOriginals',
    keepsEqualPairs: true,
    reduce: (sibling, fill, lot) =>
      sibling.remaining - scaled(sibling.original, fill.filled, fill.original, lot),
  },
  /**
   * Old help page, done carelessly: the fraction of the original is taken off what is left. The
   * first partial fill of an equal pair agrees; from the second on too little is taken off and
   * the pair can oversell (100/100: fills of 50 and 25 leave 25 against 37).
   */
  {
    name: 'proportionalOfOriginal',
    keepsEqualPairs: false,
    reduce: (sibling, fill, lot) =>
      sibling.remaining - scaled(sibling.remaining, fill.filled, fill.original, lot),
  },
  /** Partial fills reduce nobody; only the complete fill cancels ("On Fill" without effect). */
  { name: 'none', keepsEqualPairs: false, reduce: (sibling) => sibling.remaining },
];

/** What a sibling has left after somebody else's partial fill; never below 0. */
export const reducedRemaining = (
  name: OcaReading,
  sibling: Sibling,
  fill: PartialFill,
  lot: number,
): number => {
  const reading = OCA_READINGS.find((one) => one.name === name);
  if (reading === undefined) throw new RangeError(`no OCA reading is called ${name}`);
  return Math.max(0, reading.reduce(sibling, fill, lot));
};
