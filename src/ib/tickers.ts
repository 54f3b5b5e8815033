/** Prices by subscription: live ones only. A delayed price is none to trade a stop on. */
import type { BrokerWord } from '../ports/broker.ts';

/** Tick type LAST of the TWS API: what the last trade was made at. Delayed ones are 66 and above. */
const LAST = 4;

/** Market data type 1 is live; 2 is frozen, 3 and 4 are delayed. TWS says which it sends. */
const LIVE = 1;

const KINDS: Readonly<Record<number, string>> = { 2: 'frozen', 3: 'delayed', 4: 'delayed-frozen' };

export type Tickers = {
  readonly watch: (reqId: number, symbol: string) => void;
  readonly forget: (reqId: number) => void;
  readonly typed: (reqId: number, type: number) => void;
  readonly ticked: (reqId: number, field: number, price: number) => void;
};

export function newTickers(tell: (word: BrokerWord) => void): Tickers {
  const symbols = new Map<number, string>();
  const others = new Set<number>();
  return {
    watch: (reqId, symbol) => void symbols.set(reqId, symbol),
    forget: (reqId) => {
      symbols.delete(reqId);
      others.delete(reqId);
    },
    typed: (reqId, type) => {
      if (type === LIVE) others.delete(reqId);
      if (type === LIVE || others.has(reqId)) return;
      others.add(reqId);
      const kind = KINDS[type] ?? `of the unknown type ${type}`;
      const text = `prices of ${symbols.get(reqId) ?? 'nothing that was asked for'} are ${kind}: they are not used`;
      tell({ word: 'unreadable', text });
    },
    ticked: (reqId, field, price) => {
      const symbol = symbols.get(reqId);
      // -1, or 0, stands for no price.
      if (symbol === undefined || field !== LAST || others.has(reqId) || !(price > 0)) return;
      tell({ word: 'tickPrice', reqId, symbol, price });
    },
  };
}
