/** What is asked of every world, of every run, and of an exploration as a whole. */
import { orderAt, tradesIn } from '../simulator/contents.ts';
import { oneOf, raritiesOf } from './assumptions.ts';
import type { World } from './composition.ts';
import type { Goal, Invariant, Witness } from './exploring/exploration.ts';
import type { Matter } from './matter.ts';
import type { Mind } from './mind.ts';
import { type Scope, sideOf } from './scope.ts';
import type { WrongId } from './wrong.ts';

/** In the words of a report: where it is so, and where it is not. */
export type Question = { readonly holds: string; readonly broken: string };

/** Of every world, and (the last three) of every run. */
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
  closes: {
    holds: 'what is closed is flat, and nothing of it is live at the broker',
    broken: 'closed, and not flat or something of it live at the broker',
  },
  accuses: {
    holds: 'nothing is called breached that has not been oversold',
    broken: 'called breached, and not oversold',
  },
  converges: {
    holds: 'once all is told, our figures are the broker’s',
    broken: 'all is told, and our figures are not the broker’s',
  },
  ends: {
    holds:
      'every run can come to an end with no more faults: closed, breached, or flat and told to a person',
    broken: 'a run that cannot come to an end',
  },
  recovers: {
    holds: 'whatever was lost, our figures can come to be the broker’s again, with no more faults',
    broken: 'figures that cannot come to be the broker’s again',
  },
  protected: {
    holds: 'protection can always be restored, with no more faults',
    broken: 'shares that cannot come to have a stop again',
  },
};

/** Of a short bracket, whose entry sells: the same with the signs turned. */
export function inWordsOf(scope: Scope, text: string): string {
  if (sideOf(scope) === 'BUY') return text;
  return text.replace(/\b(?:bought|sold)\b/g, (word) => (word === 'sold' ? 'bought' : 'sold'));
}

/** The quantities alone, whatever becomes of protection. */
export const QUANTITIES: readonly string[] = ['sold', 'live'];

const isRight =
  (id: WrongId) =>
  ({ wrong }: World): boolean =>
    wrong?.id !== id;

export function invariantsOf({ plan }: Matter, scope: Scope): readonly Invariant<World>[] {
  const sold: Invariant<World> = {
    id: 'sold',
    holds: ({ broker }) => broker.figures.exited <= broker.figures.entered,
  };
  // Asked in both orders instead: see `ordersOf`.
  if (plan === 'detached') return [];
  const live: Invariant<World> = {
    id: 'live',
    holds: ({ broker: { figures } }) => figures.exited + figures.live <= figures.entered,
  };
  return [
    sold,
    ...(plan === 'sequenced' ? [live] : []),
    { id: 'laws', holds: isRight('laws') },
    { id: 'resent', holds: isRight('resent') },
    { id: 'covered', holds: isRight('covered') },
    {
      id: 'closes',
      holds: ({ client, broker: { figures } }) =>
        !client.standing.closed || (figures.entered === figures.exited && figures.alive === 0),
    },
    {
      id: 'accuses',
      holds: ({ client, broker: { figures } }) =>
        !client.standing.breached || figures.exited > figures.entered,
    },
    { id: 'converges', holds: (world) => !isTold(scope, world) || agrees(world) },
  ];
}

/** Nothing is on its way, nothing was lost, and the engine has looked since the last cut. */
const isTold = (scope: Scope, world: World): boolean => isStill(world) && !hasLost(scope, world);

/** Nothing is on its way, and the engine has looked since the last cut. */
function isStill({ client, linked, sent, said, late }: World): boolean {
  if (!linked || !client.standing.quiet) return false;
  return sent.items.length + said.items.length + late.items.length === 0;
}

const hasLost = ({ rare }: Scope, { budget: { left } }: World): boolean => left.lose !== rare.lose;

function agrees({ client: { standing }, broker: { figures } }: World): boolean {
  const refs = Object.keys(figures.filled);
  return (
    refs.every((orderRef) => figures.filled[orderRef] === (standing.filled[orderRef] ?? 0)) &&
    Object.keys(standing.filled).every((orderRef) => refs.includes(orderRef))
  );
}

export function goalsOf({ plan }: Matter, scope: Scope): readonly Goal<World>[] {
  if (plan === 'detached') return [];
  const { requests, rare } = scope;
  const recovers: Goal<World> = {
    id: 'recovers',
    reached: (world) => isStill(world) && agrees(world),
  };
  return [
    {
      id: 'ends',
      reached: ({ client, opened }) => opened === requests.length && client.standing.ended,
    },
    { id: 'protected', reached: ({ broker }) => broker.figures.covered },
    // Where every word is told, `converges` asks for more.
    ...((rare.lose ?? 0) > 0 ? [recovers] : []),
  ];
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
      if (figures.exited <= figures.entered) return false;
      const first = tradesIn(book).find((trade) => trade.action === 'SELL');
      return orderAt(book, first?.orderId ?? 0)?.ticket.orderType === type;
    },
  }));
}

/** What an exploration must have come across, so that "holds" is not said of nothing. */
export function witnessesOf(matter: Matter, scope: Scope): readonly Witness<World>[] {
  const whole = matter.lots.reduce((sum, shares) => sum + shares, 0);
  const found: Witness<World>[] = [
    {
      id: 'every share was bought and sold',
      seen: ({ broker: { figures } }) => figures.entered === whole && figures.exited === whole,
    },
  ];
  if (whole > 1) {
    found.push({
      id: 'a part of the entry filled',
      seen: ({ broker: { figures } }) => figures.entered > 0 && figures.entered < whole,
    });
  }
  // Every fault and wish that was asked for has happened somewhere.
  for (const rarity of raritiesOf(scope)) {
    if (matter.plan === 'detached') continue;
    found.push({
      id: oneOf(rarity),
      seen: ({ budget }) => budget.left[rarity] !== scope.rare[rarity],
    });
  }
  for (const rarity of ['crash', 'cut'] as const) {
    if ((scope.rare[rarity] ?? 0) === 0 || matter.plan === 'detached') continue;
    // Where the router may wish to be out, also on the way.
    const leaving = (scope.rare.flatten ?? 0) > 0 ? ['closing'] : [];
    for (const phase of ['flat', 'exposed', 'protected', ...leaving, 'settling']) {
      found.push({
        id: `a ${rarity} while ${phase}`,
        seen: ({ client: { mind }, linked, budget }) =>
          !linked && budget.left[rarity] !== scope.rare[rarity] && isIn(mind, phase),
      });
    }
  }
  return found;
}

function isIn(mind: Mind, phase: string): boolean {
  if (mind.type === 'router') return false;
  const brackets = Object.values(mind.engine.books).flatMap((book) => book.brackets);
  return brackets.some(({ configuration }) => configuration.exposure === phase);
}
