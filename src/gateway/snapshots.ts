/** What the gateway answers when it is asked how things stand. */
import type { BookOrder } from '../simulator/book.ts';
import { orderAt } from '../simulator/contents.ts';
import { answers, type ExecutionFilter } from '../simulator/wire.ts';
import { cents } from './accounts.ts';
import { completedFields, contractOf, shownNow } from './echo.ts';
import type { Inside } from './inside.ts';
import type { Registered } from './register.ts';
import type { Session } from './session.ts';
import { tellExecution } from './telling.ts';
import { minuteText } from './time.ts';

const orderOf = (inside: Inside, one: Registered): BookOrder | undefined =>
  orderAt(inside.venue.book(), one.key);

/** Live orders that `which` wants, each in the two messages that show one. */
function openOrders(inside: Inside, session: Session, which: (one: Registered) => boolean): void {
  const { interference } = inside;
  for (const one of inside.register.all()) {
    const order = orderOf(inside, one);
    if (order === undefined || order.stage === 'ended' || !which(one)) continue;
    const [shown, status] = shownNow(inside, one, order, session.version);
    interference.say(session, 'openOrder', shown, one.order.orderRef);
    interference.say(session, 'orderStatus', status, one.order.orderRef);
  }
  interference.say(session, 'openOrderEnd', answers.openOrderEnd());
}

/** Its own; client 0 has what a person placed in TWS, too, which is thereby bound to it. */
export function ownOpenOrders(inside: Inside, session: Session): void {
  if (session.clientId === 0) bindAll(inside, session);
  openOrders(inside, session, (one) => one.clientId === session.clientId);
}

export const allOpenOrders = (inside: Inside, session: Session): void =>
  openOrders(inside, session, () => true);

/** An order of TWS's own gets a number below zero, by which client 0 can change it. */
export function bind(inside: Inside, session: Session, one: Registered): void {
  inside.bound += 1;
  // Errors about -1 are about no order.
  const number = -1 - inside.bound;
  const { clientId } = session;
  inside.store.write({ at: inside.clock.now(), of: 'bound', key: one.key, orderId: number });
  inside.register.bind(one, number);
  const permId = inside.venue.book().options.permIdBase + one.key;
  const fields = answers.orderBound(permId, clientId, one.orderId);
  inside.interference.say(session, 'orderBound', fields);
}

function bindAll(inside: Inside, session: Session): void {
  for (const one of inside.register.all()) {
    const stage = orderOf(inside, one)?.stage;
    if (one.orderId === 0 && stage !== undefined && stage !== 'ended') bind(inside, session, one);
  }
}

/** Of the day, of all clients; with `apiOnly` without what a person placed in TWS. */
export function completedOrders(inside: Inside, session: Session, apiOnly: boolean): void {
  const { interference, venue } = inside;
  const { day } = venue.book();
  for (const one of inside.register.all()) {
    const order = orderOf(inside, one);
    if (order?.stage !== 'ended' || order.endedOn !== day) continue;
    if (apiOnly && one.orderId <= 0) continue;
    const fields = completedFields(inside, one, order, session.version);
    interference.say(session, 'completedOrder', fields, one.order.orderRef);
  }
  interference.say(session, 'completedOrdersEnd', answers.completedOrdersEnd());
}

/** A client's own, since midnight; the master client's are everybody's. */
export function executions(
  inside: Inside,
  session: Session,
  reqId: number,
  filter: ExecutionFilter,
): void {
  const all = session.clientId === inside.options.masterClient;
  for (const execution of inside.executions.matching(filter)) {
    const { registered } = execution;
    if (!all && registered.clientId !== session.clientId) continue;
    tellExecution(inside, session, registered, execution, reqId);
  }
  inside.interference.say(session, 'execDetailsEnd', answers.execDetailsEnd(reqId));
}

export function positions(inside: Inside, session: Session): void {
  const { accounts, symbols, interference } = inside;
  for (const account of accounts.names) {
    for (const { symbol, position, avgCost } of accounts.holdings(account)) {
      const stock = symbols.find({ symbol });
      if (stock === undefined || position === 0) continue;
      const fields = answers.position(account, contractOf(stock), position, avgCost);
      interference.say(session, 'position', fields);
    }
  }
  interference.say(session, 'positionEnd', answers.positionEnd());
}

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
  const { interference, symbols, clock } = inside;
  const { figures, holdings } = valued(inside, account);
  for (const [key, amount] of Object.entries(figures)) {
    const fields = answers.accountValue(key, dollars(amount), 'USD', account);
    interference.say(session, 'updateAccountValue', fields);
  }
  for (const { symbol, position, avgCost, realized, price } of holdings) {
    const stock = symbols.find({ symbol });
    if (stock === undefined) continue;
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
  interference.say(session, 'accountDownloadEnd', answers.accountDownloadEnd(account));
}
