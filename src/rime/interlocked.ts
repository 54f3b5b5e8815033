/** The same night under Interlock: the engine with its default plan, on the same tape. */

import { positionOf } from '../core/commitment.ts';
import { describe } from '../core/describe.ts';
import type { Fact } from '../core/fact.ts';
import { cumQty } from '../core/ledger.ts';
import { isUnreadable, pxOf, QTY_DECIMALS, SHARE, toDecimal } from '../core/quantity.ts';
import type { Alarm, CloseRecord, Ready, WatcherRecord } from '../core/ready.ts';
import type { BracketRequest } from '../core/request.ts';
import { type Bracket, findBracket, type State } from '../core/state.ts';
import type { Book } from '../simulator/book.ts';
import { createVenue } from '../simulator/venue.ts';
import { type Deed, deedsOf, deedText, merged } from './deeds.ts';
import { ACCOUNT, type Night, type NightParent, parentOf, SYMBOL } from './night.ts';
import { rehearse } from './rehearsal.ts';
import { ordersOf } from './ruler.ts';
import {
  accountOf,
  createChronicle,
  type LegTold,
  type ParentTold,
  parentTold,
  priced,
  type Telling,
  type Traded,
  unheard,
  type WatcherTold,
} from './telling.ts';

/** The router may have this many shares in overlapping parents, as it had that day. */
export const OVERLAP_CAP = 300;

/** A close record in shares. */
export type Closed = {
  readonly parent: number;
  readonly at: number;
  readonly bought: number;
  readonly sold: number;
  readonly net: number;
  readonly nakedMs: number;
  readonly nakedMost: number;
  readonly overhangMost: number;
  readonly legs: readonly { readonly leg: string; readonly filled: number; readonly end: string }[];
};

export type Raised = Alarm & { readonly at: number; readonly seq: number };

export type InterlockedTelling = Telling & {
  readonly closed: readonly Closed[];
  readonly alarms: readonly Raised[];
  readonly watcherRecords: readonly WatcherRecord[];
  readonly denied: readonly string[];
  /** Every record as `describe` tells it, with its time. */
  readonly records: readonly { readonly at: number; readonly lines: readonly string[] }[];
};

const shares = (qty: number): number => toDecimal(qty, QTY_DECIMALS);

export const bracketName = (parent: number): string => `RIME-${parent}`;

/** What the router wishes: prices and sizes of the night; the plan and all waits as they come. */
export const requestOf = (parent: NightParent): BracketRequest => ({
  bracket: bracketName(parent.parent),
  account: ACCOUNT,
  symbol: SYMBOL,
  side: 'BUY',
  quantity: parent.quantity,
  entry: { type: 'LMT', limitPrice: parent.entryPrice, tif: 'GTC', outsideRth: true },
  stop: {
    type: 'STP LMT',
    stopPrice: parent.stopPrice,
    limitPrice: parent.stopLimit,
    tif: 'GTC',
    outsideRth: true,
  },
  targets: parent.targets.map(({ quantity, price }) => ({
    quantity,
    limitPrice: price,
    tif: 'GTC',
    outsideRth: true,
  })),
  watcher: parent.watcher,
});

/** All that is not the broker's to say. Prices come over the same link as everything else. */
export function wishesOf(night: Night): readonly Fact[] {
  const heardMs = night.venue.heardMs?.SELL ?? 0;
  return [
    ...night.watchers.map(
      ({ at, news, key, epoch }): Fact => ({ type: `watcher.${news}`, at, key, epoch }),
    ),
    ...night.parents.map(
      (one): Fact => ({ type: 'bracket.requested', at: one.orderedAt, request: requestOf(one) }),
    ),
    ...night.venue.tape.flatMap(({ at, symbol, price }): readonly Fact[] => {
      const px = pxOf(price);
      if (isUnreadable(px) || unheard(night, at)) return [];
      return [{ type: 'price.printed', at: at + heardMs, symbol, px }];
    }),
  ];
}

export function tellInterlocked(night: Night): InterlockedTelling {
  const venue = createVenue(night.venue);
  const chronicle = createChronicle(night);
  const closed: Closed[] = [];
  const alarms: Raised[] = [];
  const watcherRecords: WatcherRecord[] = [];
  const denied: string[] = [];
  const records: { at: number; lines: readonly string[] }[] = [];
  let deeds: Deed[] = [];
  const observe = (ready: Ready, fact: Fact, before: State): void => {
    records.push({ at: fact.at, lines: describe(before, fact, ready) });
    deeds.push(...deedsOf(before, fact, ready));
    closed.push(...ready.closed.map(closedOf));
    alarms.push(...ready.alarms.map((alarm) => ({ ...alarm, at: fact.at, seq: ready.seq })));
    watcherRecords.push(...ready.watchers);
    denied.push(...ready.denied);
  };
  const { state } = rehearse({
    venue,
    overlap: { capQty: OVERLAP_CAP * SHARE },
    wishes: wishesOf(night),
    endsAt: night.endsAt,
    observe,
    moment: (at) => {
      const silent = chronicle.look(at, venue.book()).filter((one) => unheard(night, one.at));
      deeds.push(...silent.map(silentDeed));
      for (const deed of merged(deeds)) chronicle.note(at, deed.who, deedText(deed), deed.tone);
      deeds = [];
    },
  });
  const { bought, sold, position } = accountOf(venue.book());
  const parents = night.parents.map((one): ParentTold => {
    const bracket = findBracket(state, bracketName(one.parent));
    const counted = bracket === undefined ? 0 : shares(positionOf(bracket));
    return parentTold(night, one, chronicle, counted, legsOf(venue.book(), bracket, one.parent));
  });
  return {
    timeline: chronicle.timeline(),
    parents,
    watchers: watchersOf(night, watcherRecords),
    broker: { bought, sold, position },
    counted: parents.reduce((sum, one) => sum + one.counted, 0),
    closed,
    alarms,
    watcherRecords,
    denied,
    records,
  };
}

const silentDeed = ({ parent, orderRef, shares, price }: Traded): Deed => ({
  who: String(parent),
  text: 'unheard: %',
  items: [`${orderRef.split('.')[1] ?? ''} sold ${shares} @ ${priced(price)}`],
  tone: 'fill',
});

const closedOf = (record: CloseRecord): Closed => ({
  parent: parentOf(`${record.bracket}.`),
  at: record.at,
  bought: shares(record.bought),
  sold: shares(record.sold),
  net: shares(record.net),
  nakedMs: record.nakedMs,
  nakedMost: shares(record.nakedMost),
  overhangMost: shares(record.overhangMost),
  legs: record.legs.map(({ orderRef, cumQty, end }) => ({
    leg: orderRef.split('.').slice(1).join('.').replace(/\.1$/, ''),
    filled: shares(cumQty),
    end,
  })),
});

/** Orders of either side's account, so that one that only the broker knows shows too. */
function legsOf(book: Book, bracket: Bracket | undefined, parent: number): readonly LegTold[] {
  const atBroker = new Map(ordersOf(book, parent).map((one) => [one.ticket.orderRef, one]));
  const ours = new Map(bracket?.orders.map((one) => [one.ticket.orderRef, one]));
  return [...new Set([...ours.keys(), ...atBroker.keys()])].map((orderRef) => {
    const order = ours.get(orderRef);
    const broker = atBroker.get(orderRef);
    const end = broker?.end ?? '';
    return {
      leg: orderRef.split('.')[1] ?? orderRef,
      quantity:
        order === undefined ? (broker?.ticket.totalQuantity ?? 0) : shares(order.ticket.qty),
      filled: order === undefined ? 0 : shares(cumQty(order)),
      heardEnd: order?.end ?? null,
      brokerEnd: end === '' ? null : end,
    };
  });
}

function watchersOf(night: Night, records: readonly WatcherRecord[]): readonly WatcherTold[] {
  return night.parents.map(({ parent, watcher }) => {
    const { key, epoch } = watcher;
    const record = records.find((one) => one.key === key && one.epoch === epoch);
    return { key, epoch, end: record?.end ?? null, parent };
  });
}
