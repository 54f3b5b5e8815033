/**
 * The way from IB to a client, and what goes wrong on it.
 *
 * Without faults words arrive in order. A delayed word holds up all behind it, as a stream does; a
 * reordered one is overtaken, which a stream cannot do but TWS does (no order is specified between
 * `openOrder`, `orderStatus` and `execDetails`). TWS says many statuses twice or thrice and leaves
 * some out; what happens while its own link to IB is down may never be said at all.
 */

import type { BrokerWord } from '../ports/broker.ts';
import type { Random } from './random.ts';

/** Probabilities per word (or per execution, per cancel), and how long each lasts at most. */
export type Faults = {
  readonly delay: number;
  readonly delayMs: number;
  readonly reorder: number;
  readonly reorderMs: number;
  readonly repeat: number;
  readonly repeatMs: number;
  readonly lose: number;
  readonly omitStatus: number;
  readonly cutLink: number;
  readonly cutMs: number;
  /** Per execution: corrected later, in price and, by `correctShares`, in quantity. */
  readonly correct: number;
  readonly correctMs: number;
  readonly correctShares: number;
  /** Per cancel that could win: the order trades one lot first. */
  readonly fillAfterCancel: number;
};

export const NO_FAULTS: Faults = {
  delay: 0,
  delayMs: 500,
  reorder: 0,
  reorderMs: 200,
  repeat: 0,
  repeatMs: 200,
  lose: 0,
  omitStatus: 0,
  cutLink: 0,
  cutMs: 5_000,
  correct: 0,
  correctMs: 2_000,
  correctShares: 0,
  fillAfterCancel: 0,
};

/** The link between TWS and IB is down from `from` until before `to`. */
export type Outage = { readonly from: number; readonly to: number; readonly dataLost: boolean };

export type Heard = { readonly at: number; readonly word: BrokerWord };

export type Channel = {
  /** When, and how often, a word is heard. An answer to a request suffers delays and cuts only. */
  readonly say: (word: BrokerWord, at: number, latencyMs: number, answer: boolean) => Heard[];
  readonly outageAt: (at: number) => Outage | undefined;
  /** 1100 and 1101 or 1102 of an outage. */
  readonly notices: (outage: Outage) => Heard[];
};

const LOST = 'Connectivity between IB and Trader Workstation has been lost.';
const RESTORED = 'Connectivity between IB and Trader Workstation has been restored';

const notices = (outage: Outage): Heard[] => [
  { at: outage.from, word: { word: 'error', id: -1, code: 1100, message: LOST } },
  {
    at: outage.to,
    word: outage.dataLost
      ? { word: 'error', id: -1, code: 1101, message: `${RESTORED} - data lost.` }
      : { word: 'error', id: -1, code: 1102, message: `${RESTORED} - data maintained.` },
  },
];

export const createChannel = (
  faults: Faults,
  random: Random,
  planned: readonly Outage[],
): Channel => {
  let outages = [...planned];
  let lastAt = Number.NEGATIVE_INFINITY;
  const outageAt = (at: number): Outage | undefined =>
    outages.find((one) => one.from <= at && at < one.to);

  const inOrder = (at: number): number => {
    const stall = random.chance(faults.delay) ? random.between(1, faults.delayMs) : 0;
    lastAt = Math.max(lastAt, at + stall);
    return lastAt;
  };

  const say = (word: BrokerWord, at: number, latencyMs: number, answer: boolean): Heard[] => {
    if (outageAt(at) !== undefined) return [];
    if (random.chance(faults.cutLink)) {
      const to = at + random.between(1, faults.cutMs);
      const outage = { from: at, to, dataLost: random.chance(0.5) };
      // Time does not go back: what is over need not be looked through any more.
      outages = [...outages.filter((one) => one.to > at), outage];
      return notices(outage);
    }
    if (answer) return [{ at: inOrder(at + latencyMs), word }];
    if (random.chance(faults.lose)) return [];
    if (word.word === 'orderStatus' && random.chance(faults.omitStatus)) return [];
    const late = random.chance(faults.reorder);
    const first = late
      ? at + latencyMs + random.between(1, faults.reorderMs)
      : inOrder(at + latencyMs);
    const again = random.chance(faults.repeat)
      ? [{ at: first + random.between(1, faults.repeatMs), word }]
      : [];
    return [{ at: first, word }, ...again];
  };

  return { say, outageAt, notices };
};
