/**
 * Executions, their corrections, and the broker's truth about quantities.
 *
 * The list of trades is the only source of `truth`; the counters on orders exist to know what is
 * still open, and a correction or bust (back-office matters) reopens nothing.
 */

import type { ExecDetailsWord } from '../ports/broker.ts';
import type { Book, BookOrder, BookStep, Trade } from './book.ts';
import { ended, spread, withOrder } from './oca.ts';
import { lotOf, orderOf, remaining, tradable } from './standing.ts';
import { fromPriceUnits, isCountable, priceUnits, toShares, toUnits } from './units.ts';
import { concluded } from './words.ts';

/** Room for 9999 executions of one order in the eight digits; a larger order id widens them. */
const EXECUTIONS_PER_ORDER = 10_000;

const execBase = (orderId: number, nth: number): string => {
  if (nth >= EXECUTIONS_PER_ORDER) throw new RangeError(`order ${orderId}: too many executions`);
  return `0000e0d5.${String(orderId * EXECUTIONS_PER_ORDER + nth).padStart(8, '0')}.01`;
};

const execIdOf = (trade: Trade, revision: number): string =>
  `${trade.execBase}.${String(revision).padStart(2, '0')}`;

const lastOf = (trade: Trade): { readonly units: number; readonly price: number } =>
  trade.revisions.at(-1) ?? { units: 0, price: 0 };

const unitsOf = (trade: Trade): number => (trade.busted ? 0 : lastOf(trade).units);

/** `revision` counts from 1. */
export const execDetailsWord = (
  book: Book,
  trade: Trade,
  reqId: number,
  revision: number,
): ExecDetailsWord => {
  const told = trade.revisions[revision - 1] ?? lastOf(trade);
  const earlier = book.trades
    .slice(0, book.trades.indexOf(trade))
    .filter((one) => one.orderId === trade.orderId)
    .reduce((sum, one) => sum + unitsOf(one), 0);
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

/** An execution at the venue. */
export const fill = (book: Book, orderId: number, shares: number, price: number): BookStep => {
  const order = orderOf(book, orderId);
  const units = toUnits(shares);
  const most = tradable(book, order);
  if (!isCountable(shares) || units <= 0 || units > most || units % lotOf(book) !== 0)
    throw new RangeError(`order ${orderId} cannot trade ${shares} of ${toShares(most)} now`);
  const trade: Trade = {
    orderId,
    permId: order.permId,
    orderRef: order.ticket.orderRef,
    account: order.ticket.account,
    symbol: order.ticket.symbol,
    action: order.ticket.action,
    execBase: execBase(orderId, order.executions + 1),
    revisions: [{ units, price }],
    busted: false,
    day: book.day,
  };
  const traded: BookOrder = {
    ...order,
    filled: order.filled + units,
    executions: order.executions + 1,
  };
  const after = remaining(traded) === 0 ? ended(book, traded, 'Filled', '') : traded;
  const booked = withOrder({ ...book, trades: [...book.trades, trade] }, after);
  const changed = spread(booked, after, units, remaining(order));
  return concluded(book, changed, orderId, [execDetailsWord(changed, trade, -1, 1)]);
};

const tradeOf = (book: Book, execId: string): Trade => {
  const base = execId.slice(0, execId.lastIndexOf('.'));
  const trade = book.trades.find((one) => one.execBase === base);
  if (trade === undefined) throw new RangeError(`the book has no execution ${execId}`);
  return trade;
};

const withTrade = (book: Book, old: Trade, trade: Trade): Book => ({
  ...book,
  trades: book.trades.map((one) => (one === old ? trade : one)),
});

/** A correction: the same execution again, its id changed after the last dot only. */
export const correct = (book: Book, execId: string, shares: number, price: number): BookStep => {
  const old = tradeOf(book, execId);
  if (old.busted) throw new RangeError(`execution ${execId} is busted`);
  if (!isCountable(shares) || shares <= 0)
    throw new RangeError(`execution ${execId} cannot be corrected to ${shares} shares`);
  const trade = { ...old, revisions: [...old.revisions, { units: toUnits(shares), price }] };
  const changed = withTrade(book, old, trade);
  return { book: changed, words: [execDetailsWord(changed, trade, -1, trade.revisions.length)] };
};

/** A bust comes by statement or phone: the API says nothing, and the position is different. */
export const bust = (book: Book, execId: string): BookStep => {
  const old = tradeOf(book, execId);
  return { book: withTrade(book, old, { ...old, busted: true }), words: [] };
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
  const nth = book.trades.filter((one) => one.orderId === 0).length + 1;
  const booked: Trade = {
    orderId: 0,
    permId: 0,
    orderRef: '',
    account: trade.account,
    symbol: trade.symbol,
    action: trade.action,
    execBase: execBase(0, nth),
    revisions: [{ units: toUnits(trade.shares), price: trade.price }],
    busted: false,
    day: book.day,
  };
  return { book: { ...book, trades: [...book.trades, booked] }, words: [] };
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

type Tally = {
  account: string;
  symbol: string;
  bought: number;
  sold: number;
  position: number;
  cost: bigint;
};

/** Average cost: bought more of the same, the mean; gone through zero, the last price. */
const tallied = (tally: Tally, signed: number, price: bigint): void => {
  const before = tally.position;
  tally.position += signed;
  if (signed > 0) tally.bought += signed;
  else tally.sold -= signed;
  if (before === 0 || Math.sign(before) !== Math.sign(tally.position)) tally.cost = price;
  else if (Math.sign(before) === Math.sign(signed))
    tally.cost = (tally.cost * BigInt(before) + price * BigInt(signed)) / BigInt(tally.position);
};

/** What really happened, by the executions alone. */
export const truth = (book: Book): Truth => {
  const tallies = new Map<string, Tally>();
  const tallyOf = (account: string, symbol: string): Tally => {
    const key = JSON.stringify([account, symbol]);
    const tally = tallies.get(key) ?? {
      account,
      symbol,
      bought: 0,
      sold: 0,
      position: 0,
      cost: 0n,
    };
    tallies.set(key, tally);
    return tally;
  };
  for (const start of book.options.startingPositions) {
    const tally = tallyOf(start.account, start.symbol);
    tally.position = toUnits(start.position);
    tally.cost = priceUnits(start.avgCost);
  }
  const byRef: Record<string, number> = {};
  for (const trade of book.trades) {
    const units = unitsOf(trade);
    if (trade.orderId !== 0) byRef[trade.orderRef] = (byRef[trade.orderRef] ?? 0) + units;
    const signed = trade.action === 'BUY' ? units : -units;
    const tally = tallyOf(trade.account, trade.symbol);
    if (signed !== 0) tallied(tally, signed, priceUnits(lastOf(trade).price));
  }
  return {
    accounts: [...tallies.values()].map(({ account, symbol, bought, sold, position, cost }) => ({
      account,
      symbol,
      bought: toShares(bought),
      sold: toShares(sold),
      position: toShares(position),
      avgCost: position === 0 ? 0 : fromPriceUnits(cost),
    })),
    filledByRef: Object.fromEntries(
      Object.entries(byRef).map(([orderRef, units]) => [orderRef, toShares(units)]),
    ),
  };
};
