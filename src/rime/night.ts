/**
 * The night of 2026-02-12: one price tape, three parents and their watchers, for both tellings.
 *
 * From the analysis: the parents, who bought and sold what, in which order, the prices of the
 * exits of 705 and of 694, codes 2161 and 104, the watcher runs, and the broker's −270. Not in it,
 * and so chosen here: every time of day, the limits of the stops, and the prices of the targets of
 * 679 and 693.
 *
 * Two choices need their reason. Nobody logged what became of 680, 681 and 682. The broker is
 * short 170 more than the log explains, and of 100, 70 and 30 only 100 + 70 make 170: so here the
 * link is down while stop 680 and target 681 trade (the first watcher run loses its end in the
 * same gap). And 682 did not trade, although the price came to where 696 did: its limit must have
 * been higher.
 */

import type { VenueOptions } from '../simulator/terms.ts';

export const ACCOUNT = 'DU123';
export const SYMBOL = 'RIME';

export type NightTarget = { readonly quantity: number; readonly price: number };

export type NightParent = {
  /** The entry's order id that day. */
  readonly parent: number;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly stopPrice: number;
  readonly stopLimit: number;
  readonly targets: readonly NightTarget[];
  /** When the router sends the entry, and the watcher run that wishes it. */
  readonly orderedAt: number;
  readonly watcher: { readonly key: string; readonly epoch: number };
};

export type WatcherNews = {
  readonly at: number;
  readonly news: 'started' | 'confirmed' | 'stopped';
  readonly key: string;
  readonly epoch: number;
};

export type Night = {
  readonly date: string;
  readonly parents: readonly NightParent[];
  readonly watchers: readonly WatcherNews[];
  /** The venue of both tellings: the tape, the outage, delays and rules. */
  readonly venue: Partial<VenueOptions> & Pick<VenueOptions, 'tape' | 'outages'>;
  /** From hearing of a fill to asking for the withdrawal of the others, that day. */
  readonly reactionMs: number;
  readonly endsAt: number;
};

const BREAKOUT_130 = 'breakout:RIME:1.3';
const BREAKOUT_125 = 'breakout:RIME:1.25';

const PARENTS: readonly NightParent[] = [
  {
    parent: 679,
    quantity: 100,
    entryPrice: 1.31,
    stopPrice: 1.25,
    stopLimit: 1.23,
    targets: [
      { quantity: 70, price: 1.35 },
      { quantity: 30, price: 1.4 },
    ],
    orderedAt: 1_600,
    watcher: { key: BREAKOUT_130, epoch: 1 },
  },
  {
    parent: 693,
    quantity: 100,
    entryPrice: 1.31,
    stopPrice: 1.25,
    stopLimit: 1.23,
    targets: [
      { quantity: 70, price: 1.35 },
      { quantity: 30, price: 1.38 },
    ],
    orderedAt: 13_600,
    watcher: { key: BREAKOUT_130, epoch: 2 },
  },
  {
    parent: 705,
    quantity: 100,
    entryPrice: 1.26,
    stopPrice: 1.21,
    stopLimit: 1.15,
    targets: [
      { quantity: 70, price: 1.3 },
      { quantity: 30, price: 1.32 },
    ],
    orderedAt: 18_300,
    watcher: { key: BREAKOUT_125, epoch: 1 },
  },
];

/** The first run is never told to have stopped: `BreakoutStopped` is missing in the log. */
const WATCHERS: readonly WatcherNews[] = [
  { at: 200, news: 'started', key: BREAKOUT_130, epoch: 1 },
  { at: 1_500, news: 'confirmed', key: BREAKOUT_130, epoch: 1 },
  { at: 12_000, news: 'started', key: BREAKOUT_130, epoch: 2 },
  { at: 13_500, news: 'confirmed', key: BREAKOUT_130, epoch: 2 },
  { at: 13_650, news: 'stopped', key: BREAKOUT_130, epoch: 2 },
  { at: 17_700, news: 'started', key: BREAKOUT_125, epoch: 1 },
  { at: 18_200, news: 'confirmed', key: BREAKOUT_125, epoch: 1 },
  { at: 18_350, news: 'stopped', key: BREAKOUT_125, epoch: 1 },
];

const PRICES: readonly (readonly [number, number])[] = [
  [0, 1.28],
  [900, 1.3],
  [1_500, 1.31], //  679 buys
  [4_500, 1.28],
  [5_500, 1.25], //  680, while the link is down
  [6_500, 1.29],
  [8_000, 1.35], //  681, likewise
  [9_000, 1.33],
  [10_300, 1.29],
  [13_500, 1.31], // 693 buys
  [15_500, 1.28],
  [17_500, 1.25], // 694
  [18_200, 1.26], // 705 buys
  [19_200, 1.3], //  707
  [19_800, 1.32], // 708
  [20_600, 1.35], // 695: its cancel is not asked for yet
  [21_400, 1.38], // 696
  [22_200, 1.3],
  [23_100, 1.21], // 706
  [24_500, 1.23],
];

export const NIGHT: Night = {
  date: '2026-02-12',
  parents: PARENTS,
  watchers: WATCHERS,
  venue: {
    tape: PRICES.map(([at, price]) => ({ at, symbol: SYMBOL, price })),
    outages: [{ from: 3_500, to: 11_000, dataLost: false }],
    // An ordinary line: a tenth of a second from an entry's fill to the stop that answers it.
    sentMs: { BUY: 30, SELL: 30 },
    heardMs: { BUY: 30, SELL: 30 },
    acknowledgeMs: 40,
    cancelMs: 50,
    // No hour of the night is a regular one: stops must be stop-limits, and IB caps their limits.
    regularHours: [],
    cap: { within: 0.02, forMs: 2_000, shares: 0, outsideHoursOnly: true },
  },
  // 150 ms more than it took the price from 1.25 to 1.38.
  reactionMs: 4_000,
  endsAt: 28_000,
};

/** The parent whose order a reference names, in either router's spelling; 0 for none. */
export function parentOf(orderRef: string): number {
  return Number(/^(?:RIME-)?(\d+)\./.exec(orderRef)?.[1] ?? 0);
}
