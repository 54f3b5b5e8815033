/** What an account is worth, in the figures that TWS has for it. */
import { answers } from '../simulator/wire.ts';
import { cents } from './accounts.ts';
import { contractOf } from './echo.ts';
import type { Inside } from './inside.ts';
import type { Session } from './session.ts';
import { minuteText } from './time.ts';

type Valued = {
  readonly holdings: readonly {
    readonly symbol: string;
    readonly position: number;
    readonly avgCost: number;
    readonly realized: number;
    readonly price: number;
  }[];
  /** By the tag's name; in dollars. */
  readonly figures: Readonly<Record<string, number>>;
};

function valued(inside: Inside, account: string): Valued {
  const { accounts, quotes } = inside;
  const holdings = accounts.holdings(account).map((one) => ({
    ...one,
    price: quotes.of(one.symbol)?.last ?? one.avgCost,
  }));
  const cash = accounts.cash(account);
  const stocks = holdings.reduce((sum, { position, price }) => sum + position * price, 0);
  const gross = holdings.reduce((sum, { position, price }) => sum + Math.abs(position) * price, 0);
  const margin = gross / 4;
  const figures = {
    NetLiquidation: cash + stocks,
    TotalCashValue: cash,
    SettledCash: cash,
    EquityWithLoanValue: cash + stocks,
    GrossPositionValue: gross,
    InitMarginReq: margin,
    MaintMarginReq: margin,
    AvailableFunds: cash + stocks - margin,
    ExcessLiquidity: cash + stocks - margin,
    BuyingPower: 4 * (cash + stocks - margin),
    RealizedPnL: holdings.reduce((sum, { realized }) => sum + realized, 0),
    UnrealizedPnL: holdings.reduce((sum, h) => sum + h.position * (h.price - h.avgCost), 0),
  };
  return { holdings, figures };
}

const dollars = (amount: number): string => cents(amount).toFixed(2);

/** The figures that were asked for, as far as they are kept here. */
export function summary(
  inside: Inside,
  session: Session,
  reqId: number,
  tags: readonly string[],
): void {
  const { accounts, interference } = inside;
  const say = (account: string, tag: string, value: string, currency: string): void => {
    const fields = answers.accountSummary(reqId, account, tag, value, currency);
    interference.say(session, 'accountSummary', fields);
  };
  for (const account of accounts.names) {
    if (tags.includes('AccountType')) say(account, 'AccountType', 'INDIVIDUAL', '');
    for (const [tag, amount] of Object.entries(valued(inside, account).figures)) {
      if (tags.includes(tag)) say(account, tag, dollars(amount), 'USD');
    }
  }
  interference.say(session, 'accountSummaryEnd', answers.accountSummaryEnd(reqId));
}

/** All figures of one account, its portfolio, the time, and that this is all. */
export function accountUpdates(inside: Inside, session: Session, account: string): void {
  tellAccount(inside, session, account, () => true);
  inside.interference.say(session, 'accountDownloadEnd', answers.accountDownloadEnd(account));
}

/** A trade has changed the account: who has asked for its updates is told so at once. */
export function accountChanged(inside: Inside, account: string, symbol: string): void {
  for (const session of inside.sessions)
    if (session.accounts.has(account))
      tellAccount(inside, session, account, (one) => one === symbol);
}

function tellAccount(
  inside: Inside,
  session: Session,
  account: string,
  which: (symbol: string) => boolean,
): void {
  const { interference, symbols, clock } = inside;
  const { figures, holdings } = valued(inside, account);
  for (const [key, amount] of Object.entries(figures)) {
    const fields = answers.accountValue(key, dollars(amount), 'USD', account);
    interference.say(session, 'updateAccountValue', fields);
  }
  for (const { symbol, position, avgCost, realized, price } of holdings) {
    const stock = symbols.find({ symbol });
    if (stock === undefined || !which(symbol)) continue;
    const fields = answers.portfolioValue({
      contract: contractOf(stock),
      position,
      marketPrice: price,
      marketValue: cents(position * price),
      averageCost: avgCost,
      unrealizedPNL: cents(position * (price - avgCost)),
      realizedPNL: cents(realized),
      account,
    });
    interference.say(session, 'updatePortfolio', fields);
  }
  const time = minuteText(clock.now());
  interference.say(session, 'updateAccountTime', answers.accountUpdateTime(time));
}
