/**
 * What a verdict stands on, in words: of the broker, of the network, and how often what is rare
 * may happen. Each assumption about the broker names the check at run time that watches it.
 */
import type { OcaReading } from '../simulator/readings.ts';
import { type Matter, travelOf } from './matter.ts';
import type { Rarity, Scope } from './scope.ts';

export type Assumption = {
  readonly text: string;
  /** What tells us at run time that it is not so; null where it is not the broker's to keep. */
  readonly watchedBy: string | null;
};

export function assumptionsOf(matter: Matter, scope: Scope): readonly Assumption[] {
  return [
    ...ofBroker(matter),
    ...ofNetwork(matter, scope),
    ...ofRarities(scope),
    ...ofFills(scope),
  ];
}

const READING: Readonly<Record<OcaReading, string>> = {
  byQuantity: 'by what has traded',
  proportionalOfRemaining: 'in proportion to what is left, to the nearest share',
  proportionalRoundedUp: 'in proportion to what is left, rounded up',
  proportionalRoundedDown: 'in proportion to what is left, rounded down',
  fractionOfOriginals: 'by the same fraction of the sibling’s original size',
  proportionalOfOriginal: 'by the fraction of the original, taken of what is left: it compounds',
  none: 'by nothing',
};

const LATE_LEG = {
  left: 'taken for what is left',
  refused: 'refused',
  full: 'taken at its full size',
} as const;

function ofBroker({ plan, oca, reduce, lateLeg }: Matter): readonly Assumption[] {
  const words: Assumption = {
    text: 'a final status or a completed order names all that the order has traded',
    watchedBy: 'an execution after an end is counted, and what it oversells is a breach (L12)',
  };
  const shown: Assumption = {
    text: 'what TWS shows when it is asked is complete, current and true',
    watchedBy: 'positions are compared with ours at every look (L4)',
  };
  if (plan === 'sequenced') return [words, shown];
  if (plan === 'detached') return [{ text: 'no order is in an OCA group', watchedBy: null }];
  const watched = 'an exit that trades although its sibling has taken all is a breach (L12)';
  switch (oca) {
    case 0:
      return [
        words,
        shown,
        { text: 'the broker ignores our groups, and echoes them', watchedBy: watched },
      ];
    case 1:
      return [
        words,
        shown,
        {
          text: 'a group cancels the others at a partial fill, with block, whatever is echoed',
          watchedBy: 'a stop that ends unasked is an alarm, and is placed anew (L5)',
        },
      ];
    case 3:
      return [
        words,
        shown,
        { text: 'a group reduces without block, whatever is echoed', watchedBy: watched },
      ];
    case 2:
      return [
        words,
        shown,
        { text: 'a group of type 2 has one member at an exchange at a time', watchedBy: watched },
        {
          text: `a partial fill reduces the sibling ${READING[reduce]}`,
          watchedBy: 'the sibling’s echoed remaining is compared with the fills (L6)',
        },
        {
          text: `a leg that joins a group that has traded is ${LATE_LEG[lateLeg]}`,
          watchedBy: 'a stop that trades before its target is acknowledged ends the discount (L6)',
        },
      ];
  }
}

function ofNetwork(matter: Matter, { wordsMost, rare }: Scope): readonly Assumption[] {
  const own = (text: string): Assumption => ({ text, watchedBy: null });
  switch (travelOf(matter)) {
    case 'prompt':
      return [own('requests arrive, and words are heard, at once')];
    case 'requests':
      return [own('requests take any time and arrive in order; words are heard at once')];
    case 'words':
      return [own('requests arrive at once; words take any time and are heard in order')];
    case 'all':
      return [
        own('requests take any time and arrive in order'),
        own(
          `words take any time and overtake each other; what is said of one order at one moment is heard together, an execution by itself; while ${underWay(wordsMost)} under way, the broker does nothing more`,
        ),
        ...((rare.lose ?? 0) > 0
          ? [
              own(
                'the session takes a routine look when all is quiet, and another where an answer was lost',
              ),
            ]
          : []),
      ];
  }
}

const underWay = (most = 0): string => (most === 1 ? 'one is' : `${most} are`);

const RARE: Readonly<Partial<Record<Rarity, readonly [one: string, more: string]>>> = {
  reject: ['order refused (201)', 'orders refused (201)'],
  unsolicitedCancel: ['order cancelled unasked', 'orders cancelled unasked'],
  hold: ['order held (404)', 'orders held (404)'],
  inactivate: ['order made inactive', 'orders made inactive'],
  refuseCancel: ['cancel refused (161)', 'cancels refused (161)'],
  elapse: ['wait that ends too early', 'waits that end too early'],
  cut: ['cut of the link', 'cuts of the link'],
  crash: ['crash', 'crashes'],
  lose: ['message lost while the link stands', 'messages lost while the link stands'],
  repeat: ['word said twice', 'words said twice'],
  print: ['price printed at a stop or a target', 'prices printed at a stop or a target'],
  cancel: ['cancel wished', 'cancels wished'],
  flatten: ['flatten wished', 'flattens wished'],
  moveStop: ['move of a stop wished', 'moves of a stop wished'],
  moveTarget: ['move of a target wished', 'moves of a target wished'],
};

export const raritiesOf = ({ rare }: Scope): readonly Rarity[] =>
  RARITIES.filter((rarity) => (rare[rarity] ?? 0) > 0);

const RARITIES: readonly Rarity[] = [
  'reject',
  'unsolicitedCancel',
  'hold',
  'inactivate',
  'refuseCancel',
  'elapse',
  'cut',
  'crash',
  'lose',
  'repeat',
  'print',
  'cancel',
  'flatten',
  'moveStop',
  'moveTarget',
];

/** One of them, in words: `a cut of the link`. */
export function oneOf(rarity: Rarity): string {
  const text = RARE[rarity]?.[0] ?? rarity;
  return `${text.startsWith('order') ? 'an' : 'a'} ${text}`;
}

function ofRarities(scope: Scope): readonly Assumption[] {
  const listed = raritiesOf(scope).map((rarity) => {
    const most = scope.rare[rarity] ?? 0;
    return `${most} ${RARE[rarity]?.[most === 1 ? 0 : 1] ?? rarity}`;
  });
  const text = listed.length === 0 ? 'nothing rare happens' : `at most ${listed.join(', ')}`;
  const own: Assumption[] = [{ text, watchedBy: null }];
  const { cut = 0, crash = 0, elapse = 0, print } = scope.rare;
  if (print === 0) own.push({ text: 'no price is printed at a stop or a target', watchedBy: null });
  if (cut + crash > 0) {
    own.push({
      text: 'nothing that was sent or said before a cut arrives after it',
      watchedBy: null,
    });
  }
  if (elapse === 0) {
    own.push({ text: 'a wait ends only where nothing else could happen', watchedBy: null });
  }
  return own;
}

/** Where fills are not of any size: each is clipped to what is left. */
function ofFills({ lots }: Scope): readonly Assumption[] {
  if (isAnySize(lots)) return [];
  return [{ text: `${fillsOf(lots)}: not of every size that there could be`, watchedBy: null }];
}

export const fillsOf = (lots: readonly number[]): string =>
  isAnySize(lots) ? 'fills of any size' : `fills of ${lots[0]} shares, or of all that is left`;

const isAnySize = (lots: readonly number[]): boolean => lots.every((lot, i) => lot === i + 1);
