/**
 * What a verdict stands on, in words: of the broker, of the network, and how often what is rare
 * may happen. Each assumption about the broker names the check at run time that watches it.
 */
import type { OcaReading } from '../simulator/readings.ts';
import { type Matter, travelOf } from './matter.ts';
import type { Scope } from './scope.ts';

export type Assumption = {
  readonly text: string;
  /** What tells us at run time that it is not so; null where it is not the broker's to keep. */
  readonly watchedBy: string | null;
};

export function assumptionsOf(matter: Matter, scope: Scope): readonly Assumption[] {
  return [...ofBroker(matter), ...ofNetwork(matter, scope), ...ofRarities(scope)];
}

const READING: Readonly<Record<OcaReading, string>> = {
  byQuantity: 'by what has traded',
  proportionalOfRemaining: 'in proportion to what is left, to the nearest share',
  proportionalRoundedUp: 'in proportion to what is left, rounded up',
  proportionalRoundedDown: 'in proportion to what is left, rounded down',
  fractionOfOriginals: 'by the same fraction of the sibling’s original size',
  proportionalOfOriginal: 'by the fraction of the original, taken of what is left: it compounds',
  none: 'not at all',
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
  if (plan === 'sequenced') return [words];
  if (plan === 'detached') return [{ text: 'no order is in an OCA group', watchedBy: null }];
  const watched = 'an exit that trades although its sibling has taken all is a breach (L12)';
  const echo = 'the echo of every order is compared with what was asked (L6: the discount is lost)';
  switch (oca) {
    case 0:
      return [
        words,
        { text: 'the broker ignores our groups, and echoes them', watchedBy: watched },
      ];
    case 1:
      return [
        words,
        {
          text: 'a group cancels the others at a partial fill, with block',
          watchedBy: `a stop that ends unasked is an alarm, and is placed anew (L5); ${echo}`,
        },
      ];
    case 3:
      return [words, { text: 'a group reduces without block', watchedBy: watched }];
    case 2:
      return [
        words,
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
          `words take any time and overtake each other; what is said of one order at one moment is heard together, an execution by itself; while ${wordsMost} are under way, the broker does nothing more`,
        ),
        ...((rare.lose ?? 0) > 0
          ? [own('the session takes a routine look when all is quiet')]
          : []),
      ];
  }
}

const RARE: Readonly<Partial<Record<keyof Scope['rare'], string>>> = {
  reject: 'orders refused (201)',
  refuseCancel: 'cancels refused (161)',
  elapse: 'waits that end while an answer is under way',
  cut: 'cuts of the link',
  crash: 'crashes, each with the loss of what was not sent yet',
  lose: 'messages lost while the link stands',
  repeat: 'words said twice',
  print: 'prices printed at a stop or a target',
  cancel: 'cancels wished',
  flatten: 'flattens wished',
  moveStop: 'moves of a stop wished',
  moveTarget: 'moves of a target wished',
};

function ofRarities({ rare }: Scope): readonly Assumption[] {
  const listed = Object.entries(RARE).flatMap(([rarity, text]) => {
    const most = Object.entries(rare).find(([name]) => name === rarity)?.[1] ?? 0;
    return most > 0 ? [`${most} ${text}`] : [];
  });
  const text = listed.length === 0 ? 'nothing rare happens' : `at most ${listed.join(', ')}`;
  return [{ text, watchedBy: null }];
}
