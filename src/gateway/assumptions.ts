/**
 * What nobody could say of IB, as switches (`--assume NAME=VALUE`): the names are those of
 * `src/simulator/README.md`, which says what is known of each.
 */
import type { BookOptions } from '../simulator/book.ts';
import { OCA_READINGS } from '../simulator/readings.ts';

type Allowed = readonly (string | number | boolean)[];

/** The options of the book that have a few values; others are not switches. */
const CHOICES = {
  ocaReading: OCA_READINGS.map(({ name }) => name),
  ocaBlocks: [true, false],
  lateLeg: ['left', 'refused', 'full'],
  stopArming: ['simulated', 'native'],
  attachedGroup: ['parentPermId', 'asked'],
  childActivation: ['complete', 'partial'],
  childBeforeParentAck: ['accepted', 'missingParent'],
  rejoinAfterCancel: ['allowed', 'refused'],
  ocaRevision: ['refused', 'cancels'],
  shrunkToFilled: ['Cancelled', 'Filled'],
  outsideRthStops: ['ignored', 'honoured'],
  shortSales: ['allowed', 'warned', 'held', 'rejected'],
  unknownCancel: [10147, 135],
  endedCancel: [10148, 161, 10147],
  correctionsInAnswer: ['last', 'all'],
  plainOcaType: [0, 3],
  tellsPending: [true, false],
  showsEnded: [false, true],
  fractional: [true, false],
} as const satisfies Partial<Record<keyof BookOptions, Allowed>>;

type Name = keyof typeof CHOICES;

export const ASSUMPTIONS: Readonly<Record<Name, Allowed>> = CHOICES;

export type AssumptionsReading =
  | { readonly ok: true; readonly book: Partial<BookOptions> }
  | { readonly ok: false; readonly reason: string };

const isName = (name: string): name is Name => Object.hasOwn(CHOICES, name);

/** Reads `lateLeg=refused,endedCancel=161`. */
export function readAssumptions(list: string): AssumptionsReading {
  let book: Partial<BookOptions> = {};
  for (const part of list.split(',')) {
    const [name = '', value = '', ...more] = part.split('=');
    if (!isName(name)) {
      const names = Object.keys(CHOICES).join(', ');
      return { ok: false, reason: `"${name}" is no assumption; there are ${names}` };
    }
    const allowed: Allowed = CHOICES[name];
    const found = more.length > 0 ? undefined : allowed.find((one) => String(one) === value);
    if (found === undefined) {
      return { ok: false, reason: `${name} is one of ${allowed.join(', ')}, not "${value}"` };
    }
    book = { ...book, [name]: found };
  }
  return { ok: true, book };
}
