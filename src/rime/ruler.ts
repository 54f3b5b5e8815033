/**
 * One ruler for both tellings: how much of a parent is naked and how much overhangs, by the
 * broker's own book. It knows nothing of the engine's arithmetic, so the two can be compared.
 *
 * - naked: bought and still open, without a live stop at the broker behind it.
 * - overhang: what the exits at the broker may come to, beyond what was bought. Of a group that
 *   the broker reduces with block only one member at a time can trade: its largest rest counts.
 */

import type { Book, BookOrder } from '../simulator/book.ts';
import { ordersIn } from '../simulator/contents.ts';
import { toShares } from '../simulator/units.ts';
import { parentOf } from './night.ts';

export type Measure = {
  readonly bought: number;
  readonly sold: number;
  readonly naked: number;
  readonly overhang: number;
};

export type Sample = Measure & { readonly at: number };

/** What a parent's samples come to. */
export type Exposure = {
  readonly nakedMs: number;
  readonly nakedMost: number;
  readonly overhangMs: number;
  readonly overhangMost: number;
};

export const ordersOf = (book: Book, parent: number): readonly BookOrder[] =>
  ordersIn(book).filter((order) => parentOf(order.ticket.orderRef) === parent);

const openUnits = (order: BookOrder): number =>
  order.stage === 'ended' ? 0 : Math.max(0, order.total - order.filled);

const standsBehind = (order: BookOrder): boolean =>
  order.stage === 'accepted' &&
  order.ticket.orderType.startsWith('STP') &&
  order.hold === '' &&
  !order.inactive &&
  !order.cancelAsked;

const sum = (orders: readonly BookOrder[], of: (order: BookOrder) => number): number =>
  orders.reduce((total, order) => total + of(order), 0);

/** The most that the exits may still trade: one rest for each group with block. */
function openExits(exits: readonly BookOrder[]): number {
  const rests = new Map<string, number>();
  for (const order of exits) {
    const blocked = order.group !== '' && (order.ocaType === 1 || order.ocaType === 2);
    const key = blocked ? `group ${order.group}` : `order ${order.ticket.orderId}`;
    rests.set(key, Math.max(rests.get(key) ?? 0, openUnits(order)));
  }
  return [...rests.values()].reduce((total, rest) => total + rest, 0);
}

export function measure(book: Book, parent: number): Measure {
  const orders = ordersOf(book, parent);
  const exits = orders.filter((order) => order.ticket.action === 'SELL');
  const bought = sum(
    orders.filter((order) => order.ticket.action === 'BUY'),
    (order) => order.filled,
  );
  const sold = sum(exits, (order) => order.filled);
  const behind = sum(exits.filter(standsBehind), openUnits);
  return {
    bought: toShares(bought),
    sold: toShares(sold),
    naked: toShares(Math.max(0, bought - sold - behind)),
    overhang: toShares(Math.max(0, sold + openExits(exits) - bought)),
  };
}

const same = (one: Measure, other: Measure): boolean =>
  one.bought === other.bought &&
  one.sold === other.sold &&
  one.naked === other.naked &&
  one.overhang === other.overhang;

/** Keeps a sample when it differs from the one before. */
export function sampled(samples: readonly Sample[], at: number, now: Measure): readonly Sample[] {
  const last = samples.at(-1);
  return last !== undefined && same(last, now) ? samples : [...samples, { ...now, at }];
}

/** Each sample with the time until the next one, or until the end. */
export function exposureOf(samples: readonly Sample[], endsAt: number): Exposure {
  let nakedMs = 0;
  let overhangMs = 0;
  samples.forEach((sample, i) => {
    const lasted = (samples[i + 1]?.at ?? endsAt) - sample.at;
    if (sample.naked > 0) nakedMs += lasted;
    if (sample.overhang > 0) overhangMs += lasted;
  });
  return {
    nakedMs,
    nakedMost: Math.max(0, ...samples.map((sample) => sample.naked)),
    overhangMs,
    overhangMost: Math.max(0, ...samples.map((sample) => sample.overhang)),
  };
}
