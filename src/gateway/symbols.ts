/**
 * The contracts that the gateway knows: stocks, by symbol or by `conId`. Anything else is answered as
 * TWS answers what it has no definition of (200).
 */

export type Stock = {
  readonly symbol: string;
  readonly conId: number;
  readonly longName: string;
  readonly primaryExch: string;
  readonly currency: string;
  readonly minTick: number;
};

/** RIME is the stock of 2026-02-12; its `conId` and those of symbols that are only named are ours. */
const KNOWN: readonly Stock[] = [
  stock('RIME', 689_954_925, 'ALGORHYTHM HOLDINGS INC', 'NASDAQ'),
  stock('AAPL', 265_598, 'APPLE INC', 'NASDAQ'),
  stock('MSFT', 272_093, 'MICROSOFT CORP', 'NASDAQ'),
  stock('SPY', 756_733, 'SS SPDR S&P 500 ETF TRUST-US', 'ARCA'),
];

/** Contract ids of symbols that nobody has told us about, from here on. */
const OWN_CON_IDS = 900_000_000;

function stock(symbol: string, conId: number, longName: string, primaryExch: string): Stock {
  return { symbol, conId, longName, primaryExch, currency: 'USD', minTick: 0.01 };
}

export type Symbols = {
  readonly all: readonly Stock[];
  /** By `conId` where one is given, else by symbol; undefined where there is no such stock. */
  readonly find: (asked: StockAsked) => Stock | undefined;
};

export type StockAsked = {
  readonly conId?: number | undefined;
  readonly symbol?: string | undefined;
  readonly secType?: string | undefined;
  readonly currency?: string | undefined;
};

export const DEFAULT_SYMBOLS: readonly string[] = KNOWN.map(({ symbol }) => symbol);

export function symbolsOf(names: readonly string[]): Symbols {
  const all = names.map(
    (name, at) =>
      KNOWN.find(({ symbol }) => symbol === name) ??
      stock(name, OWN_CON_IDS + at, `${name} (SIMULATED)`, 'NASDAQ'),
  );
  const bySymbol = new Map(all.map((one) => [one.symbol, one]));
  const byConId = new Map(all.map((one) => [one.conId, one]));
  return {
    all,
    find: ({ conId, symbol, secType, currency }) => {
      const found =
        conId === undefined || conId === 0 ? bySymbol.get(symbol ?? '') : byConId.get(conId);
      if (found === undefined) return undefined;
      const fits =
        (symbol === undefined || symbol === '' || symbol === found.symbol) &&
        (secType === undefined || secType === '' || secType === 'STK') &&
        (currency === undefined || currency === '' || currency === found.currency);
      return fits ? found : undefined;
    },
  };
}
