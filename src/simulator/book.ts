/**
 * The broker's order book, as a pure value.
 *
 * Theory of operation. A `Book` is everything IB knows. `receive` hands it a client's request, and
 * `act` lets something happen at the venue (an acknowledgement, an execution, a decision about a
 * cancel). Both return a new book and the words IB says; nothing is timed and nothing is random,
 * so whoever drives it decides every race: a cancel only puts an order in `PendingCancel`, and
 * until `acceptCancel` is chosen a `fill` may still win. `choices` lists what may happen of
 * itself, for exhaustive exploration. A book is plain JSON, and ids depend only on the order's
 * own history, so equal situations print equal. A change costs what it touches and not what there
 * is (chunks.ts, contents.ts), so a book may hold many thousands of orders.
 *
 * It decides nothing about brackets and shares no code with whoever does.
 */

import type { BrokerWord, OrderTicket } from '../ports/broker.ts';
import { type Chunked, emptyChunks, type Named } from './chunks.ts';
import { ordersIn } from './contents.ts';
import {
  acceptCancel,
  acknowledge,
  hold,
  inactivate,
  newDay,
  reactivate,
  refuseCancel,
  reject,
  release,
  route,
  settle,
  trigger,
  unsolicitedCancel,
} from './decisions.ts';
import type { OcaReading } from './readings.ts';
import { canPreempt, canTrigger, tradable } from './standing.ts';
import { bust, correct, fill, foreignTrade } from './trades.ts';
import { toShares, toUnits } from './units.ts';

/** A leg that joins a group in which another member has already traded in part. */
export type LateLeg = 'left' | 'refused' | 'full';

/** Everything about IB that is not established, or that differs by account. See README.md. */
export type BookOptions = {
  readonly ocaReading: OcaReading;
  /** False: groups of types 1 and 2 do not block, whatever they say. */
  readonly ocaBlocks: boolean;
  readonly lateLeg: LateLeg;
  /** `simulated`: `PreSubmitted` with whyHeld `trigger`; `native`: `Submitted` at once. */
  readonly stopArming: 'simulated' | 'native';
  /** The group of attached children: the parent's permId with type 3, or what was asked for. */
  readonly attachedGroup: 'parentPermId' | 'asked';
  /** When children wake: at the parent's complete fill, or at its first for the filled part. */
  readonly childActivation: 'complete' | 'partial';
  /** A child that arrives before its parent is acknowledged: taken, or 10006. */
  readonly childBeforeParentAck: 'accepted' | 'missingParent';
  /** A cancelled member's group may take a new member in. */
  readonly rejoinAfterCancel: 'allowed' | 'refused';
  /** A modify that touches the OCA fields is refused (10326, 10327), or cancels the order too. */
  readonly ocaRevision: 'refused' | 'cancels';
  /** What an order becomes whose quantity is modified to what has traded, or below. */
  readonly shrunkToFilled: 'Cancelled' | 'Filled';
  /** `ignored`: STP and MKT lose `outsideRth` with warning 2109. */
  readonly outsideRthStops: 'ignored' | 'honoured';
  /** A SELL that would leave the account short: taken, 2137, held with 404, or 201. */
  readonly shortSales: 'allowed' | 'warned' | 'held' | 'rejected';
  /** The answer to a cancel of an id that the gateway does not have. */
  readonly unknownCancel: 10147 | 135;
  /** The answer to a cancel that came after the end; only 10148 names the state. */
  readonly endedCancel: 10148 | 161 | 10147;
  /** Whether `reqExecutions` tells a corrected execution's last revision or every one. */
  readonly correctionsInAnswer: 'last' | 'all';
  /** `whyHeld` of a member that waits for the block of its group; IB's text is not known. */
  readonly blockedWhyHeld: string;
  /** `ocaType` in the echo of an order without a group; real echoes say 3. */
  readonly plainOcaType: 0 | 3;
  /** Whether `PendingSubmit` is said, or the acknowledgement is the first word. */
  readonly tellsPending: boolean;
  /** Whether an order is shown once more (`openOrder`) when it ends, before its last status. */
  readonly showsEnded: boolean;
  /** Quantities finer than a share; otherwise 10318. */
  readonly fractional: boolean;
  readonly permIdBase: number;
  readonly startingPositions: readonly {
    readonly account: string;
    readonly symbol: string;
    readonly position: number;
    readonly avgCost: number;
  }[];
};

export const BOOK_DEFAULTS: BookOptions = {
  ocaReading: 'byQuantity',
  ocaBlocks: true,
  lateLeg: 'left',
  stopArming: 'simulated',
  attachedGroup: 'parentPermId',
  childActivation: 'complete',
  childBeforeParentAck: 'accepted',
  rejoinAfterCancel: 'allowed',
  ocaRevision: 'refused',
  shrunkToFilled: 'Cancelled',
  outsideRthStops: 'ignored',
  shortSales: 'allowed',
  unknownCancel: 10147,
  endedCancel: 10148,
  correctionsInAnswer: 'last',
  blockedWhyHeld: '',
  plainOcaType: 3,
  tellsPending: true,
  showsEnded: false,
  fractional: false,
  permIdBase: 1_938_000_000,
  startingPositions: [],
};

export type OrderEnd = 'Filled' | 'Cancelled' | 'ApiCancelled' | 'Inactive';

export type BookOrder = {
  /** As last accepted from the client. Its `totalQuantity` is the client's; ours is `total`. */
  readonly ticket: OrderTicket;
  readonly permId: number;
  readonly stage: 'untransmitted' | 'sent' | 'accepted' | 'ended';
  /** '' until `stage` is `ended`. */
  readonly end: OrderEnd | '';
  readonly endReason: string;
  /** The book's day on which it ended, -1 before. */
  readonly endedOn: number;
  /** Units of 0.0001 share: restated, as placed or last modified, traded. */
  readonly total: number;
  readonly original: number;
  readonly filled: number;
  /** The effective OCA group, '' for none, and its effective type. */
  readonly group: string;
  readonly ocaType: 0 | 1 | 2 | 3;
  readonly triggered: boolean;
  /** '' or e.g. `locate`. */
  readonly hold: string;
  readonly inactive: boolean;
  readonly cancelAsked: boolean;
  /** What is on its way to it from its group, oldest first. */
  readonly unsettled: readonly Consequence[];
};

export type OcaGroup = {
  readonly ocaType: 1 | 2 | 3;
  /** Everybody who was ever admitted, in that order. */
  readonly members: readonly number[];
  /** Units traded by all members together. */
  readonly executed: number;
  /** A member has filled completely: nobody joins any more. */
  readonly complete: boolean;
  /** With block: the one member at the exchange, 0 for none. */
  readonly routed: number;
};

export type Trade = {
  readonly orderId: number;
  readonly permId: number;
  readonly orderRef: string;
  readonly account: string;
  readonly symbol: string;
  readonly action: 'BUY' | 'SELL';
  /** `0000e0d5.06930001.01`, to which the revision is appended. */
  readonly execBase: string;
  /** The first is the execution, each later one a correction of the whole. */
  readonly revisions: readonly { readonly units: number; readonly price: number }[];
  readonly busted: boolean;
  readonly day: number;
  /** Where the execution of the same order before this one is, -1 for nowhere. */
  readonly previous: number;
};

/** What the executions of one order come to, so that nobody has to go through them. */
export type Tally = {
  /** How many there were; numbers the next `execId`. */
  readonly executions: number;
  /** Where the last of them is among the trades, -1 for nowhere. */
  readonly last: number;
  /** Units traded, as corrected and without what was busted. */
  readonly units: number;
  /** Units times units of price, in decimal digits: it passes what a number holds exactly. */
  readonly notional: string;
};

/** What somebody's execution will do to a sibling in a group without block, once settled. */
export type Consequence = {
  readonly cause: number;
  readonly complete: boolean;
  readonly filled: number;
  readonly before: number;
  readonly original: number;
};

export type Book = {
  readonly options: BookOptions;
  /** Counts `newDay`s: executions and completed orders are told for the current one only. */
  readonly day: number;
  readonly orders: Chunked<BookOrder>;
  /** Under a parent's id the ids of the orders that name it, rising. */
  readonly children: Chunked<readonly number[]>;
  readonly groups: Named<OcaGroup>;
  /** Under rising numbers from 0, in the order in which they happened. */
  readonly trades: Chunked<Trade>;
  /** By order id, of those that have traded; under 0 is what somebody else did. */
  readonly tallies: Chunked<Tally>;
  /** Units bought less units sold, of each account and symbol that was traded. */
  readonly positions: Named<number>;
};

export type BookStep = { readonly book: Book; readonly words: readonly BrokerWord[] };

export type BookAction =
  | { readonly type: 'acknowledge'; readonly orderId: number }
  | {
      readonly type: 'reject';
      readonly orderId: number;
      readonly code: number;
      readonly text: string;
    }
  | { readonly type: 'trigger'; readonly orderId: number }
  /** A group with block pulls its routed member and routes this one instead. */
  | { readonly type: 'route'; readonly orderId: number }
  | {
      readonly type: 'fill';
      readonly orderId: number;
      readonly shares: number;
      readonly price: number;
    }
  /** The oldest outstanding consequence for this sibling takes effect. */
  | { readonly type: 'settle'; readonly orderId: number }
  | { readonly type: 'acceptCancel'; readonly orderId: number }
  /** 161 unless another code is given; 10148, 161 or 10147 (option) once the order has ended. */
  | { readonly type: 'refuseCancel'; readonly orderId: number; readonly code?: number }
  | { readonly type: 'hold'; readonly orderId: number; readonly whyHeld: string }
  | { readonly type: 'release'; readonly orderId: number }
  | { readonly type: 'inactivate'; readonly orderId: number }
  | { readonly type: 'reactivate'; readonly orderId: number }
  | { readonly type: 'unsolicitedCancel'; readonly orderId: number; readonly reason: string }
  | {
      readonly type: 'correct';
      readonly execId: string;
      readonly shares: number;
      readonly price: number;
    }
  | { readonly type: 'bust'; readonly execId: string }
  | {
      readonly type: 'foreignTrade';
      readonly account: string;
      readonly symbol: string;
      readonly action: 'BUY' | 'SELL';
      readonly shares: number;
      readonly price: number;
    }
  | { readonly type: 'newDay' };

export const emptyBook = (options: Partial<BookOptions> = {}): Book => ({
  options: { ...BOOK_DEFAULTS, ...options },
  day: 0,
  orders: emptyChunks(),
  children: emptyChunks(),
  groups: emptyChunks(),
  trades: emptyChunks(),
  tallies: emptyChunks(),
  positions: emptyChunks(),
});

/** Lets something happen. Throws a `RangeError` for what cannot happen: the driver is at fault. */
export const act = (book: Book, action: BookAction): BookStep => {
  switch (action.type) {
    case 'acknowledge':
      return acknowledge(book, action.orderId);
    case 'reject':
      return reject(book, action.orderId, action.code, action.text);
    case 'trigger':
      return trigger(book, action.orderId);
    case 'route':
      return route(book, action.orderId);
    case 'fill':
      return fill(book, action.orderId, action.shares, action.price);
    case 'settle':
      return settle(book, action.orderId);
    case 'acceptCancel':
      return acceptCancel(book, action.orderId);
    case 'refuseCancel':
      return refuseCancel(book, action.orderId, action.code);
    case 'hold':
      return hold(book, action.orderId, action.whyHeld);
    case 'release':
      return release(book, action.orderId);
    case 'inactivate':
      return inactivate(book, action.orderId);
    case 'reactivate':
      return reactivate(book, action.orderId);
    case 'unsolicitedCancel':
      return unsolicitedCancel(book, action.orderId, action.reason);
    case 'correct':
      return correct(book, action.execId, action.shares, action.price);
    case 'bust':
      return bust(book, action.execId);
    case 'foreignTrade':
      return foreignTrade(book, action);
    case 'newDay':
      return newDay(book);
    default: {
      const unknown: never = action;
      throw new RangeError(`no such action: ${JSON.stringify(unknown)}`);
    }
  }
};

export type Fillable = { readonly orderId: number; readonly shares: number };

/** What may trade now, and how much of it. */
export const fillable = (book: Book): readonly Fillable[] =>
  ordersIn(book).flatMap((order) => {
    const units = tradable(book, order);
    return units > 0 ? [{ orderId: order.ticket.orderId, shares: toShares(units) }] : [];
  });

export type ChoiceScope = {
  /** Sizes of executions, each clipped to what is left. */
  readonly lots: readonly number[];
  /** The price of an execution without a price of its own (MKT). */
  readonly marketPrice?: number;
  /** Also what IB does rarely, each off unless asked for. */
  readonly refuseCancels?: boolean;
  readonly rejects?: boolean;
  readonly unsolicitedCancels?: boolean;
  readonly holds?: boolean;
  readonly inactivations?: boolean;
};

/** Everything that may happen of itself now, in a fixed order. */
export const choices = (book: Book, scope: ChoiceScope): readonly BookAction[] =>
  ordersIn(book).flatMap((order) => [
    ...ordinaryChoices(book, order),
    ...fillChoices(book, order, scope),
    ...rareChoices(order, scope),
  ]);

export { receive } from './requests.ts';
export { type AccountTruth, type Truth, truth } from './trades.ts';

const ordinaryChoices = (book: Book, order: BookOrder): readonly BookAction[] => {
  const orderId = order.ticket.orderId;
  const found: BookAction[] = [];
  if (order.stage === 'sent') found.push({ type: 'acknowledge', orderId });
  if (canTrigger(book, order)) found.push({ type: 'trigger', orderId });
  if (canPreempt(book, order)) found.push({ type: 'route', orderId });
  if (order.unsettled.length > 0) found.push({ type: 'settle', orderId });
  if (order.cancelAsked)
    found.push({ type: order.stage === 'ended' ? 'refuseCancel' : 'acceptCancel', orderId });
  return found;
};

const fillChoices = (book: Book, order: BookOrder, scope: ChoiceScope): readonly BookAction[] => {
  const most = tradable(book, order);
  const { orderId, lmtPrice, auxPrice } = order.ticket;
  const price = lmtPrice ?? auxPrice ?? scope.marketPrice ?? 1;
  const sizes = new Set(scope.lots.map((lot) => Math.min(toUnits(lot), most)));
  return [...sizes]
    .filter((units) => units > 0)
    .map((units) => ({ type: 'fill', orderId, shares: toShares(units), price }));
};

const rareChoices = (order: BookOrder, scope: ChoiceScope): readonly BookAction[] => {
  const orderId = order.ticket.orderId;
  const found: BookAction[] = [];
  if (scope.rejects === true && order.stage === 'sent')
    found.push({ type: 'reject', orderId, code: 201, text: 'Order rejected - reason:' });
  if (order.stage !== 'accepted') return found;
  if (scope.refuseCancels === true && order.cancelAsked)
    found.push({ type: 'refuseCancel', orderId });
  if (scope.unsolicitedCancels === true)
    found.push({ type: 'unsolicitedCancel', orderId, reason: '' });
  if (scope.holds === true && order.ticket.action === 'SELL')
    found.push(
      order.hold === ''
        ? { type: 'hold', orderId, whyHeld: 'locate' }
        : { type: 'release', orderId },
    );
  if (scope.inactivations === true)
    found.push({ type: order.inactive ? 'reactivate' : 'inactivate', orderId });
  return found;
};
