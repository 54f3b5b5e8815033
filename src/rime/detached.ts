/**
 * The night as it was: three detached routers on the venue, with a reaction that is too late.
 *
 * Nothing is made to happen here but what a router decides on what it hears; the rest is the tape.
 */

import type { BrokerRequest, BrokerWord, OrderStatusWord, OrderTicket } from '../ports/broker.ts';
import type { Book } from '../simulator/book.ts';
import { orderAt } from '../simulator/contents.ts';
import {
  type DetachedPlan,
  type DetachedRouter,
  type DetachedStep,
  hearDetached,
  openDetached,
} from '../simulator/detached.ts';
import { createSchedule } from '../simulator/schedule.ts';
import { toShares } from '../simulator/units.ts';
import { createVenue } from '../simulator/venue.ts';
import { ACCOUNT, type Night, type NightParent, SYMBOL } from './night.ts';
import { ordersOf } from './ruler.ts';
import {
  accountOf,
  type Chronicle,
  createChronicle,
  type LegTold,
  parentTold,
  priced,
  type Telling,
  type Traded,
  unheard,
  type WatcherTold,
} from './telling.ts';

/** 104 was the answer to a modify of stop 706: it is shrunk when a target fills. */
const planOf = (night: Night, parent: NightParent): DetachedPlan => ({
  orderId: parent.parent,
  account: ACCOUNT,
  symbol: SYMBOL,
  quantity: parent.quantity,
  entryPrice: parent.entryPrice,
  stopPrice: parent.stopPrice,
  stopLimit: parent.stopLimit,
  targets: parent.targets,
  outsideRth: true,
  reactionMs: night.reactionMs,
  onTarget: 'shrinkStop',
});

/** What the routers were told, which is all that the log of the night can hold. */
type Heard = {
  readonly nets: Map<number, number>;
  readonly ends: Map<number, OrderStatusWord>;
};

type Due = { readonly parent: number; readonly requests: readonly BrokerRequest[] };

const ENDS: readonly OrderStatusWord[] = ['Filled', 'Cancelled', 'ApiCancelled', 'Inactive'];

export function tellDetached(night: Night): Telling {
  const venue = createVenue(night.venue);
  const chronicle = createChronicle(night);
  const heard: Heard = { nets: new Map(), ends: new Map() };
  const routers = new Map<number, DetachedRouter>();
  const due = createSchedule<Due>();
  const openings = createSchedule<NightParent>();
  for (const parent of night.parents) openings.add(parent.orderedAt, parent);
  const decided = (parent: number, now: number, { router, requests }: DetachedStep): void => {
    routers.set(parent, router);
    for (const afterMs of new Set(requests.map((one) => one.afterMs))) {
      const together = requests.filter((one) => one.afterMs === afterMs);
      due.add(now + afterMs, { parent, requests: together.map((one) => one.request) });
    }
  };
  for (;;) {
    const times = [venue.nextAt(), due.nextAt(), openings.nextAt()];
    const now = Math.min(...times.filter((at) => at !== undefined));
    if (now > night.endsAt) break;
    const words = venue.advance(now).map(({ word }) => word);
    noteTrades(night, chronicle, chronicle.look(now, venue.book()));
    noteErrors(chronicle, now, words);
    for (const word of words) {
      listen(heard, word);
      for (const [parent, router] of routers) decided(parent, now, hearDetached(router, word));
    }
    for (let one = openings.take(now); one !== undefined; one = openings.take(now)) {
      decided(one.item.parent, now, openDetached(planOf(night, one.item)));
    }
    for (let one = due.take(now); one !== undefined; one = due.take(now)) {
      for (const request of one.item.requests) venue.submit(request, now);
      noteRequests(night, chronicle, now, one.item, venue.book());
    }
  }
  return toldOf(night, chronicle, heard, venue.book());
}

function listen(heard: Heard, word: BrokerWord): void {
  if (word.word === 'execDetails') {
    const parent = Number(word.orderRef.split('.')[0]);
    const shares = word.side === 'BOT' ? word.shares : -word.shares;
    heard.nets.set(parent, (heard.nets.get(parent) ?? 0) + shares);
  } else if (word.word === 'orderStatus' && ENDS.includes(word.status)) {
    heard.ends.set(word.orderId, word.status);
  }
}

// --- The timeline -------------------------------------------------------------------------------

function noteTrades(night: Night, chronicle: Chronicle, trades: readonly Traded[]): void {
  for (const { at, parent, orderId, role, shares, price } of trades) {
    const last = chronicle.samples(parent).at(-1);
    const over = (last?.sold ?? 0) > (last?.bought ?? 0);
    const verb = role === 'entry' ? 'bought' : 'sold';
    const silent = unheard(night, at) ? '; nobody hears of it' : '';
    chronicle.note(
      at,
      String(parent),
      `${role} ${orderId} ${verb} ${shares} @ ${priced(price)}${silent}`,
      over ? 'over' : 'fill',
    );
  }
}

/** IB's long text of 2161, and the rest, in the words that a line has room for. */
const GISTS: Readonly<Record<number, string>> = {
  104: 'cannot modify a filled order',
  1100: 'the link between TWS and IB is lost',
  1101: 'the link is back, data lost',
  1102: 'the link is back; what happened meanwhile is not told',
  2161: 'price capped; heard after the fill here, before it in the log',
  10148: 'cannot be cancelled, it is filled',
};

/** Errors with one code at one moment are one line. */
function noteErrors(chronicle: Chronicle, at: number, words: readonly BrokerWord[]): void {
  const errors = words.filter((word) => word.word === 'error' && word.code !== 202);
  const codes = new Map<number, number[]>();
  for (const word of errors) {
    if (word.word === 'error') codes.set(word.code, [...(codes.get(word.code) ?? []), word.id]);
  }
  for (const [code, ids] of codes) {
    const whose = ids.filter((id) => id >= 0).join(', ');
    const gist = GISTS[code] ?? 'says IB';
    chronicle.note(at, 'IB', `${code}${whose === '' ? '' : ` on ${whose}`}: ${gist}`, 'bad');
  }
}

function noteRequests(
  night: Night,
  chronicle: Chronicle,
  at: number,
  { parent, requests }: Due,
  book: Book,
): void {
  const who = String(parent);
  const placed = requests.flatMap((one) => (one.request === 'placeOrder' ? [one.ticket] : []));
  const cancelled = requests.flatMap((one) => (one.request === 'cancelOrder' ? [one.orderId] : []));
  const entry = placed.find((ticket) => ticket.orderId === parent);
  const modified = placed.filter((ticket) => orderAt(book, ticket.orderId) !== undefined);
  const late = `${night.reactionMs / 1000} s after the fill it heard of`;
  if (entry !== undefined) {
    const run = night.parents.find((one) => one.parent === parent)?.watcher;
    const whose = run === undefined ? '' : ` for ${run.key}, run ${run.epoch}`;
    chronicle.note(at, who, `entry ${parent} sent${whose}`, 'plain');
  } else if (modified.length > 0) {
    const sizes = modified.map((ticket) => `${ticket.orderId} to ${ticket.totalQuantity}`);
    chronicle.note(at, who, `asks to shrink ${sizes.join(', ')}, ${late}`, 'plain');
  } else if (placed.length > 0) {
    chronicle.note(at, who, `exits side by side: ${placed.map(ticketText).join(', ')}`, 'plain');
  }
  if (cancelled.length > 0) {
    chronicle.note(at, who, `asks to cancel ${cancelled.join(', ')}, ${late}`, 'plain');
  }
}

const ticketText = (ticket: OrderTicket): string => {
  const price = ticket.auxPrice ?? ticket.lmtPrice ?? 0;
  return `${ticket.orderId} ${ticket.totalQuantity} @ ${priced(price)}`;
};

// --- What it came to ----------------------------------------------------------------------------

function legsOf(book: Book, heard: Heard, parent: number): readonly LegTold[] {
  return ordersOf(book, parent).map(({ ticket, filled, end }) => ({
    leg: `${ticket.orderRef.split('.')[1] ?? ''} ${ticket.orderId}`,
    quantity: ticket.totalQuantity,
    filled: toShares(filled),
    heardEnd: heard.ends.get(ticket.orderId) ?? null,
    brokerEnd: end === '' ? null : end,
  }));
}

/** A run ends in the log when it says that it stopped, and not otherwise. */
function watchersOf(night: Night): readonly WatcherTold[] {
  return night.parents.map(({ parent, watcher }) => {
    const { key, epoch } = watcher;
    const stopped = night.watchers.some(
      (one) => one.news === 'stopped' && one.key === key && one.epoch === epoch,
    );
    return { key, epoch, end: stopped ? 'stopped' : null, parent };
  });
}

function toldOf(night: Night, chronicle: Chronicle, heard: Heard, book: Book): Telling {
  const { bought, sold, position } = accountOf(book);
  const parents = night.parents.map((one) => {
    const counted = heard.nets.get(one.parent) ?? 0;
    return parentTold(night, one, chronicle, counted, legsOf(book, heard, one.parent));
  });
  for (const { parent, legs } of parents) {
    for (const { leg, brokerEnd, quantity } of legs) {
      if (brokerEnd !== null) continue;
      const what = `${leg} still waits at the broker to sell ${quantity}`;
      chronicle.note(night.endsAt, String(parent), what, 'bad');
    }
  }
  return {
    timeline: chronicle.timeline(),
    parents,
    watchers: watchersOf(night),
    broker: { bought, sold, position },
    counted: parents.reduce((sum, one) => sum + one.counted, 0),
  };
}
