/**
 * Where the engine is known to depart from the design when it is given a look. The account departs
 * with it, by name, and everything else is held against the rule. The test asserts of each that it
 * is still needed, by the shortest situation that shows it.
 */
import type { Part } from './look-answers.ts';

export type Departure =
  /** Through zero while all is flat: nobody is breached, though an exit without an end did it. */
  'flat';

export type Departures = ReadonlySet<Departure>;

type Shown = { readonly departure: Departure; readonly parts: readonly Part[] };

export const SHORTEST: readonly Shown[] = [
  {
    departure: 'flat',
    parts: [
      'open A',
      'traded A.entry.1 2',
      'shown A.stop1.1',
      'shown A.target1.1',
      'traded A.stop1.1 2',
      { asked: 5, position: -2 },
    ],
  },
];

export const KNOWN: Departures = new Set(SHORTEST.map(({ departure }) => departure));
