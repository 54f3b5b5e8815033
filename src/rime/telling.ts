/** What both tellings of the night have in common, and what is told at the end of each. */

import type { Book } from '../simulator/book.ts';
import { orderAt, tradesIn } from '../simulator/contents.ts';
import { isStop } from '../simulator/standing.ts';
import { type AccountTruth, truth } from '../simulator/trades.ts';
import { toShares } from '../simulator/units.ts';
import { ACCOUNT, type Night, type NightParent, parentOf, SYMBOL } from './night.ts';
import { type Exposure, exposureOf, type Measure, measure, type Sample, sampled } from './ruler.ts';

/** `fill` and `over` are executions: the sums change, and are shown. */
export type Tone = 'fill' | 'over' | 'bad' | 'good' | 'quiet' | 'plain';

/** A line of a timeline. What was bought less what was sold stands as it is after it. */
export type Happening = {
  readonly at: number;
  /** A parent's number, `broker`, `watcher`, … */
  readonly who: string;
  readonly what: string;
  readonly tone: Tone;
  readonly nets: Readonly<Record<number, number>>;
  readonly position: number;
};

/** An order as its program and as the broker leave it; `null` is no end. */
export type LegTold = {
  readonly leg: string;
  readonly quantity: number;
  readonly filled: number;
  readonly heardEnd: string | null;
  readonly brokerEnd: string | null;
};

export type ParentTold = {
  readonly parent: number;
  /** By the broker's executions. */
  readonly bought: number;
  readonly sold: number;
  readonly net: number;
  /** By the executions that the program heard of. */
  readonly counted: number;
  readonly sequence: readonly string[];
  readonly exposure: Exposure;
  readonly samples: readonly Sample[];
  readonly legs: readonly LegTold[];
};

export type WatcherTold = {
  readonly key: string;
  readonly epoch: number;
  readonly end: string | null;
  readonly parent: number;
};

export type Telling = {
  readonly timeline: readonly Happening[];
  readonly parents: readonly ParentTold[];
  readonly watchers: readonly WatcherTold[];
  /** The broker's ledger, and what the program made of it. */
  readonly broker: { readonly bought: number; readonly sold: number; readonly position: number };
  readonly counted: number;
};

/** Keeps the book's history: what was executed when, and a sample whenever a measure changes. */
export type Chronicle = {
  readonly note: (at: number, who: string, what: string, tone: Tone) => void;
  /** To be called after every moment; returns the executions that are new. */
  readonly look: (at: number, book: Book) => readonly Traded[];
  readonly timeline: () => readonly Happening[];
  readonly samples: (parent: number) => readonly Sample[];
  readonly traded: () => readonly Traded[];
};

export type Traded = {
  readonly at: number;
  readonly parent: number;
  readonly orderId: number;
  readonly orderRef: string;
  readonly role: 'entry' | 'stop' | 'target';
  readonly shares: number;
  readonly price: number;
};

const roleOf = (book: Book, orderId: number): Traded['role'] => {
  const order = orderAt(book, orderId);
  if (order === undefined || order.ticket.action === 'BUY') return 'entry';
  return isStop(order) ? 'stop' : 'target';
};

export function createChronicle(night: Night): Chronicle {
  const timeline: Happening[] = [];
  const traded: Traded[] = [];
  const samples = new Map<number, readonly Sample[]>();
  let now: Readonly<Record<number, Measure>> = {};
  let position = 0;
  const netsNow = (): Record<number, number> =>
    Object.fromEntries(
      night.parents.map(({ parent }) => [
        parent,
        (now[parent]?.bought ?? 0) - (now[parent]?.sold ?? 0),
      ]),
    );
  const look = (at: number, book: Book): readonly Traded[] => {
    now = Object.fromEntries(night.parents.map(({ parent }) => [parent, measure(book, parent)]));
    position = accountOf(book).position;
    for (const { parent } of night.parents) {
      const measured = now[parent] ?? measure(book, parent);
      samples.set(parent, sampled(samples.get(parent) ?? [], at, measured));
    }
    const news = tradesIn(book)
      .slice(traded.length)
      .map(
        (trade): Traded => ({
          at,
          parent: parentOf(trade.orderRef),
          orderId: trade.orderId,
          orderRef: trade.orderRef,
          role: roleOf(book, trade.orderId),
          shares: toShares(trade.revisions[0]?.units ?? 0),
          price: trade.revisions[0]?.price ?? 0,
        }),
      );
    traded.push(...news);
    return news;
  };
  return {
    note: (at, who, what, tone) =>
      timeline.push({ at, who, what, tone, nets: netsNow(), position }),
    look,
    timeline: () => timeline,
    samples: (parent) => samples.get(parent) ?? [],
    traded: () => traded,
  };
}

export function accountOf(book: Book): AccountTruth {
  const none = { account: ACCOUNT, symbol: SYMBOL, bought: 0, sold: 0, position: 0, avgCost: 0 };
  return truth(book).accounts.find((one) => one.symbol === SYMBOL) ?? none;
}

export function parentTold(
  night: Night,
  { parent }: NightParent,
  chronicle: Chronicle,
  counted: number,
  legs: readonly LegTold[],
): ParentTold {
  const samples = chronicle.samples(parent);
  const last = samples.at(-1);
  const exits = chronicle.traded().filter((one) => one.parent === parent && one.role !== 'entry');
  return {
    parent,
    bought: last?.bought ?? 0,
    sold: last?.sold ?? 0,
    net: (last?.bought ?? 0) - (last?.sold ?? 0),
    counted,
    sequence: exits.map(({ role, shares }) => `${role} ${shares}`),
    exposure: exposureOf(samples, night.endsAt),
    samples,
    legs,
  };
}

export const oversoldBy = ({ bought, sold }: { bought: number; sold: number }): number =>
  Math.max(0, sold - bought);

export const signed = (shares: number): string => `${shares > 0 ? '+' : ''}${shares}`;

/** Nobody hears what happens while the link is down. */
export const unheard = (night: Night, at: number): boolean =>
  night.venue.outages.some((outage) => outage.from <= at && at < outage.to);

export const priced = (price: number): string => price.toFixed(2);
