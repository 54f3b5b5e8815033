/**
 * What each account holds and is worth: cash, positions, average costs, commissions.
 *
 * Kept from the executions as they happen. What the back office changes afterwards (a correction, a
 * bust) and what somebody else trades is taken from the book's own truth instead.
 */
import type { Truth } from '../simulator/book.ts';

export type Holding = {
  readonly symbol: string;
  readonly position: number;
  readonly avgCost: number;
  readonly realized: number;
};

export type Executed = {
  readonly account: string;
  readonly symbol: string;
  readonly side: 'BOT' | 'SLD';
  readonly shares: number;
  readonly price: number;
};

/** What one execution did: as `commissionReport` tells it. */
export type Charged = {
  readonly commission: number;
  /** Undefined where nothing was closed by it. */
  readonly realized: number | undefined;
};

type Account = { cash: number; readonly holdings: Map<string, Holding> };

export type Accounts = {
  readonly names: readonly string[];
  readonly execute: (executed: Executed) => Charged;
  /** Money comes in, or goes out. */
  readonly pay: (account: string, dollars: number) => void;
  /** Takes positions as they really are. */
  readonly correct: (truth: Truth) => void;
  readonly holdings: (account: string) => readonly Holding[];
  readonly holding: (account: string, symbol: string) => Holding;
  readonly cash: (account: string) => number;
};

/** IB's tiered price for US stocks, roughly: half a cent a share, one dollar at the least. */
const PER_SHARE = 0.005;
const LEAST = 1;

/** Money is told in cents. */
export const cents = (amount: number): number => Math.round(amount * 100) / 100;

export const commissionOf = (shares: number): number =>
  cents(Math.max(LEAST, PER_SHARE * Math.abs(shares)));

export type Start = Omit<Holding, 'realized'> & { readonly account: string };

export function openAccounts(
  names: readonly string[],
  cash: number,
  starts: readonly Start[] = [],
): Accounts {
  const accounts = new Map<string, Account>(
    names.map((name) => [name, { cash, holdings: new Map<string, Holding>() }]),
  );
  const accountOf = (name: string): Account => {
    const known = accounts.get(name);
    if (known !== undefined) return known;
    const opened: Account = { cash, holdings: new Map() };
    accounts.set(name, opened);
    return opened;
  };
  for (const { account, symbol, position, avgCost } of starts)
    accountOf(account).holdings.set(symbol, { symbol, position, avgCost, realized: 0 });
  const holding = (account: string, symbol: string): Holding =>
    accountOf(account).holdings.get(symbol) ?? { symbol, position: 0, avgCost: 0, realized: 0 };
  return {
    names,
    holding,
    holdings: (account) => [...accountOf(account).holdings.values()],
    cash: (account) => accountOf(account).cash,
    execute: ({ account, symbol, side, shares, price }) => {
      const commission = commissionOf(shares);
      const signed = side === 'BOT' ? shares : -shares;
      const { after, realized } = traded(holding(account, symbol), signed, price);
      const of = accountOf(account);
      of.cash -= signed * price + commission;
      of.holdings.set(symbol, after);
      return { commission, realized: realized === undefined ? undefined : realized - commission };
    },
    pay: (account, dollars) => {
      accountOf(account).cash += dollars;
    },
    correct: ({ accounts: told }) => {
      for (const { account, symbol, position, avgCost } of told) {
        const { realized } = holding(account, symbol);
        accountOf(account).holdings.set(symbol, { symbol, position, avgCost, realized });
      }
    },
  };
}

/** What is bought more of costs the mean; what goes through zero costs the last price. */
function traded(
  before: Holding,
  signed: number,
  price: number,
): { readonly after: Holding; readonly realized: number | undefined } {
  const { symbol, position, avgCost } = before;
  const total = rounded(position + signed);
  const same = position === 0 || Math.sign(position) === Math.sign(signed);
  if (same) {
    const cost = (avgCost * Math.abs(position) + price * Math.abs(signed)) / Math.abs(total);
    return { after: { ...before, position: total, avgCost: cost }, realized: undefined };
  }
  const closed = Math.min(Math.abs(signed), Math.abs(position));
  const realized = closed * (price - avgCost) * Math.sign(position);
  const turned = Math.sign(total) === Math.sign(signed);
  const cost = total === 0 ? 0 : turned ? price : avgCost;
  return {
    after: { symbol, position: total, avgCost: cost, realized: before.realized + realized },
    realized,
  };
}

/** Shares have four decimals. */
const rounded = (shares: number): number => Math.round(shares * 10_000) / 10_000;
