/** Who is told the prices of what, and in which ticks. */
import type { Stock } from './symbols.ts';

/** Tick types of the TWS API (`TickType`): live, not delayed. */
export const TICK = { bid: 1, ask: 2, last: 4, high: 6, low: 7, close: 9, open: 14 } as const;

export type Tick = { readonly type: number; readonly price: number; readonly size: number };

export type Quote = {
  readonly last: number;
  readonly size: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
};

/** Shares at bid and ask: nobody knows them of a tape that has trades only. */
const QUOTED_SIZE = 100;

export type Quotes = {
  readonly print: (symbol: string, price: number, size: number) => Quote;
  readonly of: (symbol: string) => Quote | undefined;
};

export function newQuotes(): Quotes {
  const quotes = new Map<string, Quote>();
  return {
    of: (symbol) => quotes.get(symbol),
    print: (symbol, price, size) => {
      const before = quotes.get(symbol);
      const quote: Quote = {
        last: price,
        size,
        open: before?.open ?? price,
        high: Math.max(price, before?.high ?? price),
        low: Math.min(price, before?.low ?? price),
      };
      quotes.set(symbol, quote);
      return quote;
    },
  };
}

/** What one print changes for who watches: the trade, and a spread of one tick around it. */
export function ticksOf({ minTick }: Stock, { last, size }: Quote): readonly Tick[] {
  return [
    { type: TICK.bid, price: onTick(last - minTick, minTick), size: QUOTED_SIZE },
    { type: TICK.ask, price: onTick(last + minTick, minTick), size: QUOTED_SIZE },
    { type: TICK.last, price: last, size },
  ];
}

/** What who begins to watch is told besides. */
export function dayTicksOf({ open, high, low }: Quote): readonly Tick[] {
  return [
    { type: TICK.high, price: high, size: 0 },
    { type: TICK.low, price: low, size: 0 },
    { type: TICK.open, price: open, size: 0 },
  ];
}

const onTick = (price: number, minTick: number): number =>
  Math.max(minTick, Math.round(price / minTick) * minTick);
