import type { Book, Scope } from './book.ts';

/**
 * What positions and parents are kept apart by: symbol, account and contract, as far as the log
 * names them.
 *
 * Converters name them unevenly (reqPositions always gives the account, an order of a one-account
 * router seldom does), and a position that cannot meet its executions explains nothing. So what a
 * record leaves out is completed where the log leaves no choice: one account, or one contract, is
 * named with the symbol. With two to choose from nothing is guessed and the records stay apart.
 */
export type Holding = {
  readonly key: string;
  readonly symbol: string;
  readonly account: string | undefined;
  readonly conId: number | undefined;
};

export type Holdings = (symbol: string, scope: Scope) => Holding;

export function holdingsOf(book: Book): Holdings {
  const scopes = scopesBySymbol(book);
  const holdings = new Map<string, Holding>();
  return (symbol, scope) => {
    const named = scopes.get(symbol) ?? [];
    const accounts = named
      .filter((one) => agrees(one.conId, scope.conId))
      .map((one) => one.account);
    const account = scope.account ?? only(accounts);
    const conIds = named.filter((one) => agrees(one.account, account)).map((one) => one.conId);
    const conId = scope.conId ?? only(conIds);
    const key = JSON.stringify([symbol, account, conId]);
    const holding = holdings.get(key) ?? { key, symbol, account, conId };
    holdings.set(key, holding);
    return holding;
  };
}

function agrees<Value>(one: Value | undefined, other: Value | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

function only<Value>(values: readonly (Value | undefined)[]): Value | undefined {
  const named = new Set(values.filter((value) => value !== undefined));
  return named.size === 1 ? [...named][0] : undefined;
}

/** The different scopes that a symbol is named with; a handful, however long the log. */
function scopesBySymbol(book: Book): ReadonlyMap<string, readonly Scope[]> {
  const found = new Map<string, Map<string, Scope>>();
  const add = (symbol: string, scope: Scope): void => {
    const scopes = found.get(symbol) ?? new Map<string, Scope>();
    scopes.set(JSON.stringify([scope.account, scope.conId]), scope);
    found.set(symbol, scopes);
  };
  for (const orders of book.orders.values()) {
    for (const order of orders) if (order.symbol !== undefined) add(order.symbol, order);
  }
  for (const { symbol, scope } of book.executions.values()) add(symbol, scope);
  for (const { symbol, scope } of book.positions.values()) add(symbol, scope);
  return new Map([...found].map(([symbol, scopes]) => [symbol, [...scopes.values()]]));
}
