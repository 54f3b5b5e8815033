/**
 * Executions, their corrections, and the broker's truth about quantities.
 *
 * The list of trades is the only source of `truth`; the counters on orders exist to know what is
 * still open, and a correction or bust (back-office matters) reopens nothing.
 */

import type { ExecDetailsWord } from '../ports/broker.ts';
import type { Book, BookStep, Tally, Trade } from './book.ts';
import { itemAt, withItem } from './chunks.ts';
import { tallyOf, tradesIn, withOrder, withUnits } from './contents.ts';
import { ended, spread } from './oca.ts';
import { lotOf, orderOf, remaining, tradable } from './standing.ts';
import {
  fromPriceUnits,
  isCountable,
  priceUnits,
  toShares,
  toUnits,
  withNotional,
} from './units.ts';
import { concluded } from './words.ts';

/** How many executions of one order are told apart by the four digits behind its id. */
const EXECUTIONS_TO_A_BLOCK = 10_000;

/**
 * Eight digits, which a larger order id widens; further executions go into a block of their own.
 * The digits are put side by side, not added up: a sum of that size need not be exact.
 */
const execBase = (orderId: number, nth: number): string => {
  const inBlock = String(nth % EXECUTIONS_TO_A_BLOCK).padStart(4, '0');
  const block = Math.floor(nth / EXECUTIONS_TO_A_BLOCK) + 1;
  return `0000e0d5.${`${orderId}${inBlock}`.padStart(8, '0')}.${String(block).padStart(2, '0')}`;
};

const ORDER_OF_BASE = /^0000e0d5\.(\d+)\d{4}\.\d+$/;

const execIdOf = (trade: Execution, revision: number): string =>
  `${trade.execBase}.${String(revision).padStart(2, '0')}`;

/** As it is booked: its place among the others comes of that. */
export type Execution = Omit<Trade, 'previous'>;

const lastOf = (
  trade: Pick<Trade, 'revisions'>,
): { readonly units: number; readonly price: number } =>
  trade.revisions.at(-1) ?? { units: 0, price: 0 };

const unitsOf = (trade: Execution): number => (trade.busted ? 0 : lastOf(trade).units);

/** `earlier` is what the order had traded before, in units; `revision` counts from 1. */
export const execDetailsWord = (
  trade: Execution,
  reqId: number,
  revision: number,
  earlier: number,
): ExecDetailsWord => {
  const told = trade.revisions[revision - 1] ?? lastOf(trade);
  return {
    word: 'execDetails',
    reqId,
    orderId: trade.orderId,
    permId: trade.permId,
    orderRef: trade.orderRef,
    account: trade.account,
    symbol: trade.symbol,
    execId: execIdOf(trade, revision),
    side: trade.action === 'BUY' ? 'BOT' : 'SLD',
    shares: toShares(told.units),
    price: told.price,
    cumQty: toShares(earlier + told.units),
  };
};

/** The answer to `reqExecutions`. */
export const executionWords = (book: Book, reqId: number): readonly ExecDetailsWord[] => {
  const traded = new Map<number, number>();
  const words: ExecDetailsWord[] = [];
  for (const trade of tradesIn(book)) {
    const earlier = traded.get(trade.orderId) ?? 0;
    traded.set(trade.orderId, earlier + unitsOf(trade));
    if (trade.day !== book.day || trade.orderId === 0 || trade.busted) continue;
    const last = trade.revisions.length;
    const first = book.options.correctionsInAnswer === 'all' ? 1 : last;
    for (let revision = first; revision <= last; revision += 1)
      words.push(execDetailsWord(trade, reqId, revision, earlier));
  }
  return words;
};

/** The tally when this execution counts for so many more, or fewer, units at this price. */
const counting = (tally: Tally, units: number, price: number): Tally => ({
  ...tally,
  units: tally.units + units,
  notional: withNotional(tally.notional, units, price),
});

/** The book with one more execution in it; what it does to its order is not done here. */
export const withExecution = (book: Book, execution: Execution): Book => {
  const { orderId } = execution;
  const at = book.trades.size;
  const tally = tallyOf(book, orderId);
  const counted = counting(tally, unitsOf(execution), lastOf(execution).price);
  return {
    ...withUnits(book, execution, unitsOf(execution)),
    trades: withItem(book.trades, at, { ...execution, previous: tally.last }),
    tallies: withItem(book.tallies, orderId, {
      ...counted,
      executions: tally.executions + 1,
      last: at,
    }),
  };
};

/** An execution at the venue. */
export const fill = (book: Book, orderId: number, shares: number, price: number): BookStep => {
  const order = orderOf(book, orderId);
  const units = toUnits(shares);
  const most = tradable(book, order);
  if (!isCountable(shares) || units <= 0 || units > most || units % lotOf(book) !== 0)
    throw new RangeError(`order ${orderId} cannot trade ${shares} of ${toShares(most)} now`);
  const tally = tallyOf(book, orderId);
  const trade: Execution = {
    orderId,
    permId: order.permId,
    orderRef: order.ticket.orderRef,
    account: order.ticket.account,
    symbol: order.ticket.symbol,
    action: order.ticket.action,
    execBase: execBase(orderId, tally.executions + 1),
    revisions: [{ units, price }],
    busted: false,
    day: book.day,
  };
  const traded = { ...order, filled: order.filled + units };
  const after = remaining(traded) === 0 ? ended(book, traded, 'Filled', '') : traded;
  const booked = withOrder(withExecution(book, trade), after);
  const changed = spread(booked, after, units, remaining(order));
  return concluded(book, changed, orderId, [execDetailsWord(trade, -1, 1, tally.units)]);
};

type Found = { readonly at: number; readonly trade: Trade };

/** The executions of one order, the last one first. */
function* backFrom(book: Book, last: number): Generator<Found> {
  for (let at = last; at >= 0; ) {
    const trade = itemAt(book.trades, at);
    if (trade === undefined) return;
    yield { at, trade };
    at = trade.previous;
  }
}

const foundTrade = (book: Book, execId: string): Found | undefined => {
  const base = execId.slice(0, execId.lastIndexOf('.'));
  const orderId = Number(ORDER_OF_BASE.exec(base)?.[1] ?? -1);
  for (const found of backFrom(book, tallyOf(book, orderId).last))
    if (found.trade.execBase === base) return found;
  // An id that is not of our making: the book was taken over from somebody.
  const at = tradesIn(book).findIndex((trade) => trade.execBase === base);
  const trade = itemAt(book.trades, at);
  return trade && { at, trade };
};

const tradeOf = (book: Book, execId: string): Found => {
  const found = foundTrade(book, execId);
  if (found === undefined) throw new RangeError(`the book has no execution ${execId}`);
  return found;
};

/** Whether the execution has been taken back. */
export const isBusted = (book: Book, execId: string): boolean =>
  foundTrade(book, execId)?.trade.busted === true;

/** What the order had traded before this execution, as corrected since. */
export const earlierUnits = (book: Book, trade: Trade): number => {
  let units = 0;
  for (const earlier of backFrom(book, trade.previous)) units += unitsOf(earlier.trade);
  return units;
};

/** An execution is told or counted otherwise than it was. */
const withRevised = (book: Book, { at, trade: old }: Found, trade: Trade): Book => {
  const { orderId } = trade;
  const without = counting(tallyOf(book, orderId), -unitsOf(old), lastOf(old).price);
  const counted = counting(without, unitsOf(trade), lastOf(trade).price);
  return {
    ...withUnits(book, trade, unitsOf(trade) - unitsOf(old)),
    trades: withItem(book.trades, at, trade),
    tallies: withItem(book.tallies, orderId, counted),
  };
};

/** A correction: the same execution again, its id changed after the last dot only. */
export const correct = (book: Book, execId: string, shares: number, price: number): BookStep => {
  const found = tradeOf(book, execId);
  const old = found.trade;
  if (old.busted) throw new RangeError(`execution ${execId} is busted`);
  if (!isCountable(shares) || shares <= 0)
    throw new RangeError(`execution ${execId} cannot be corrected to ${shares} shares`);
  const trade = { ...old, revisions: [...old.revisions, { units: toUnits(shares), price }] };
  const word = execDetailsWord(trade, -1, trade.revisions.length, earlierUnits(book, trade));
  return { book: withRevised(book, found, trade), words: [word] };
};

/** What an execution was before it was corrected last, however long ago it happened. */
export const beforeCorrection = (
  book: Book,
  execId: string,
): { readonly shares: number; readonly price: number } | undefined => {
  const before = foundTrade(book, execId)?.trade.revisions.at(-2);
  return before && { shares: toShares(before.units), price: before.price };
};

/** A bust comes by statement or phone: the API says nothing, and the position is different. */
export const bust = (book: Book, execId: string): BookStep => {
  const found = tradeOf(book, execId);
  return { book: withRevised(book, found, { ...found.trade, busted: true }), words: [] };
};

type ForeignTrade = {
  readonly account: string;
  readonly symbol: string;
  readonly action: 'BUY' | 'SELL';
  readonly shares: number;
  readonly price: number;
};

/** Somebody else trades the account (a person in TWS, a liquidation): only positions show it. */
export const foreignTrade = (book: Book, trade: ForeignTrade): BookStep => {
  const booked: Execution = {
    orderId: 0,
    permId: 0,
    orderRef: '',
    account: trade.account,
    symbol: trade.symbol,
    action: trade.action,
    execBase: execBase(0, tallyOf(book, 0).executions + 1),
    revisions: [{ units: toUnits(trade.shares), price: trade.price }],
    busted: false,
    day: book.day,
  };
  return { book: withExecution(book, booked), words: [] };
};

export type AccountTruth = {
  readonly account: string;
  readonly symbol: string;
  /** Shares traded, without the starting position. */
  readonly bought: number;
  readonly sold: number;
  /** With the starting position. */
  readonly position: number;
  readonly avgCost: number;
};

export type Truth = {
  /** One for each account and symbol that was held or traded, in order of appearance. */
  readonly accounts: readonly AccountTruth[];
  readonly filledByRef: Readonly<Record<string, number>>;
};

type Holding = {
  account: string;
  symbol: string;
  bought: number;
  sold: number;
  position: number;
  cost: bigint;
};

/** Average cost: bought more of the same, the mean; gone through zero, the last price. */
const held = (holding: Holding, signed: number, price: bigint): void => {
  const before = holding.position;
  holding.position += signed;
  if (signed > 0) holding.bought += signed;
  else holding.sold -= signed;
  if (before === 0 || Math.sign(before) !== Math.sign(holding.position)) holding.cost = price;
  else if (Math.sign(before) === Math.sign(signed))
    holding.cost =
      (holding.cost * BigInt(before) + price * BigInt(signed)) / BigInt(holding.position);
};

/** What really happened, by the executions alone. */
export const truth = (book: Book): Truth => {
  const holdings = new Map<string, Holding>();
  const holdingOf = (account: string, symbol: string): Holding => {
    const key = JSON.stringify([account, symbol]);
    const holding = holdings.get(key) ?? {
      account,
      symbol,
      bought: 0,
      sold: 0,
      position: 0,
      cost: 0n,
    };
    holdings.set(key, holding);
    return holding;
  };
  for (const start of book.options.startingPositions) {
    const holding = holdingOf(start.account, start.symbol);
    holding.position = toUnits(start.position);
    holding.cost = priceUnits(start.avgCost);
  }
  const byRef = new Map<string, number>();
  for (const trade of tradesIn(book)) {
    const units = unitsOf(trade);
    if (trade.orderId !== 0) byRef.set(trade.orderRef, (byRef.get(trade.orderRef) ?? 0) + units);
    const signed = trade.action === 'BUY' ? units : -units;
    const holding = holdingOf(trade.account, trade.symbol);
    if (signed !== 0) held(holding, signed, priceUnits(lastOf(trade).price));
  }
  return {
    accounts: [...holdings.values()].map(({ account, symbol, bought, sold, position, cost }) => ({
      account,
      symbol,
      bought: toShares(bought),
      sold: toShares(sold),
      position: toShares(position),
      avgCost: position === 0 ? 0 : fromPriceUnits(cost),
    })),
    filledByRef: Object.fromEntries(
      [...byRef].map(([orderRef, units]) => [orderRef, toShares(units)]),
    ),
  };
};
