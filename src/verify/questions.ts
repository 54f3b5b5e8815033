/** What is asked of every world, of every run, and of an exploration as a whole. */
import { openQty } from '../core/commitment.ts';
import { cumQty } from '../core/ledger.ts';
import { toDecimal } from '../core/quantity.ts';
import type { Bracket } from '../core/state.ts';
import { type Book, truth } from '../simulator/book.ts';
import { UNITS_PER_SHARE } from '../simulator/units.ts';
import type { World } from './composition.ts';
import type { Goal, Invariant, Witness } from './exploring/exploration.ts';
import type { Matter } from './matter.ts';
import type { EngineMind } from './mind.ts';
import type { Scope } from './scope.ts';
import type { WrongId } from './wrong.ts';

/** In the words of a report: where it is so, and where it is not. */
export type Question = { readonly holds: string; readonly broken: string };

/** Of every world, and (the last two) of every run. */
export const QUESTIONS: Readonly<Record<string, Question>> = {
  sold: {
    holds: 'never more sold than bought, at the broker',
    broken: 'more was sold than bought, at the broker',
  },
  live: {
    holds: 'never more sold and live at the broker than bought',
    broken: 'more was sold or live at the broker than bought',
  },
  laws: { holds: 'no law of ours is broken', broken: 'a law of ours is broken' },
  resent: { holds: 'no order is sent twice', broken: 'an order is sent that the broker has' },
  covered: {
    holds: 'no part of a target takes the stop of the rest away',
    broken: 'a part of a target takes the stop of the rest away',
  },
  converges: {
    holds: 'once all is told, our figures are the broker’s',
    broken: 'all is told, and our figures are not the broker’s',
  },
  ends: {
    holds: 'every run can come to an end: closed, breached, or flat and told to a person',
    broken: 'a run that cannot come to an end',
  },
  protected: {
    holds: 'protection can always be restored',
    broken: 'shares that cannot come to have a stop again',
  },
};

/** The quantities alone, whatever becomes of protection. */
export const QUANTITIES: readonly string[] = ['sold', 'live'];

const isRight =
  (id: WrongId) =>
  ({ wrong }: World): boolean =>
    wrong?.id !== id;

export function invariantsOf({ plan }: Matter, scope: Scope): readonly Invariant<World>[] {
  const sold: Invariant<World> = {
    id: 'sold',
    holds: ({ broker }) => broker.figures.sold <= broker.figures.bought,
  };
  // Asked in both orders instead: see `ordersOf`.
  if (plan === 'detached') return [];
  const live: Invariant<World> = {
    id: 'live',
    holds: ({ broker: { figures } }) => figures.sold + figures.live <= figures.bought,
  };
  return [
    sold,
    ...(plan === 'sequenced' ? [live] : []),
    { id: 'laws', holds: isRight('laws') },
    { id: 'resent', holds: isRight('resent') },
    { id: 'covered', holds: isRight('covered') },
    { id: 'converges', holds: (world) => !isTold(scope, world) || agrees(world) },
  ];
}

/** Nothing is on its way, nothing was lost, and the engine has looked since the last cut. */
function isTold(
  scope: Scope,
  { client: { mind }, linked, sent, said, late, budget }: World,
): boolean {
  if (mind.type !== 'engine' || !linked || mind.engine.link !== 'live') return false;
  if (sent.items.length + said.items.length + late.items.length > 0) return false;
  return mind.desk.gathering === null && budget.left.lose === scope.rare.lose;
}

function agrees({ client: { mind }, broker }: World): boolean {
  if (mind.type !== 'engine') return true;
  const { filledByRef } = truth(broker.book);
  return bracketsOf(mind)
    .flatMap((bracket) => bracket.orders)
    .every((order) => (filledByRef[order.ticket.orderRef] ?? 0) === toDecimal(cumQty(order), 4));
}

const bracketsOf = ({ engine }: EngineMind): readonly Bracket[] =>
  Object.values(engine.books).flatMap((book) => book.brackets);

export function goalsOf({ plan }: Matter, { requests }: Scope): readonly Goal<World>[] {
  if (plan === 'detached') return [];
  return [
    {
      id: 'ends',
      reached: ({ client: { mind }, opened }) =>
        opened === requests.length && mind.type === 'engine' && hasEnded(mind),
    },
    { id: 'protected', reached: ({ broker }) => isCovered(broker.book) },
  ];
}

/** Denied, closed, breached, or flat with an order that only a person can say the end of. */
function hasEnded(mind: EngineMind): boolean {
  return bracketsOf(mind).every((bracket) => {
    const { exposure } = bracket.configuration;
    if (exposure === 'closed' || exposure === 'breached') return true;
    return openQty(bracket) === 0 && bracket.orders.some((order) => order.missing);
  });
}

/** Behind all that is open stands a live stop, at the broker. */
function isCovered(book: Book): boolean {
  const [account] = truth(book).accounts;
  const open = Math.max(0, account?.position ?? 0);
  let stopped = 0;
  for (const { stage, ticket, total, filled } of Object.values(book.orders)) {
    if (stage === 'accepted' && ticket.orderType.startsWith('STP')) {
      stopped += (total - filled) / UNITS_PER_SHARE;
    }
  }
  return stopped >= open;
}

/** The two orders of the incident: which exit traded first, where more was sold than bought. */
export const ORDERS = {
  'stop, then target': 'STP',
  'target, then stop': 'LMT',
} as const;

export function ordersOf({ plan }: Matter): readonly Witness<World>[] {
  if (plan !== 'detached') return [];
  return Object.entries(ORDERS).map(([id, type]) => ({
    id,
    traced: true,
    seen: ({ broker: { book, figures } }) => {
      if (figures.sold <= figures.bought) return false;
      const first = book.trades.find((trade) => trade.action === 'SELL');
      return book.orders[first?.orderId ?? 0]?.ticket.orderType === type;
    },
  }));
}

/** What an exploration must have come across, so that "holds" is not said of nothing. */
export function witnessesOf(matter: Matter, scope: Scope): readonly Witness<World>[] {
  const whole = matter.lots.reduce((sum, shares) => sum + shares, 0);
  const found: Witness<World>[] = [
    {
      id: 'every share was bought and sold',
      seen: ({ broker: { figures } }) => figures.bought === whole && figures.sold === whole,
    },
  ];
  if (whole > 1) {
    found.push({
      id: 'a part of the entry filled',
      seen: ({ broker: { figures } }) => figures.bought > 0 && figures.bought < whole,
    });
  }
  for (const rarity of ['crash', 'cut'] as const) {
    if ((scope.rare[rarity] ?? 0) === 0 || matter.plan === 'detached') continue;
    for (const phase of ['flat', 'exposed', 'protected', 'settling'] as const) {
      found.push({
        id: `a ${rarity} while ${phase}`,
        seen: ({ client: { mind }, linked, budget }) =>
          !linked && budget.left[rarity] !== scope.rare[rarity] && isIn(mind, phase),
      });
    }
  }
  return found;
}

const isIn = (mind: World['client']['mind'], phase: string): boolean =>
  mind.type === 'engine' && bracketsOf(mind).some((b) => b.configuration.exposure === phase);
