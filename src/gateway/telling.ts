/**
 * What happens at the venue, on its way: to the broker's ledger and accounts at once, to the clients
 * when its word has travelled. Whose order it is hears of it, and the master client of all.
 */
import type { BrokerWord, ExecDetailsWord } from '../ports/broker.ts';
import { orderAt, tallyOf } from '../simulator/contents.ts';
import { beforeCorrection } from '../simulator/trades.ts';
import { averagePrice } from '../simulator/units.ts';
import { answers, type Fields } from '../simulator/wire.ts';
import { cents, commissionOf } from './accounts.ts';
import { contractOf, openOrderFields, orderStatusFields } from './echo.ts';
import { EXCHANGE, type Execution, isCorrection, proceeds } from './executions.ts';
import { accountChanged } from './figures.ts';
import type { Inside } from './inside.ts';
import { isDown, noticeIn, tellNotice } from './link.ts';
import { ticksOf } from './market.ts';
import type { Message } from './messages.ts';
import { taken } from './placing.ts';
import type { Registered } from './register.ts';
import type { Session } from './session.ts';
import { zonedTime } from './time.ts';

// ── as it happens ────────────────────────────────────────────────────────────────────────────

/** Whatever the venue says of an order, whoever hears it. */
export function happened(inside: Inside, word: BrokerWord, at: number): void {
  switch (word.word) {
    case 'openOrder': {
      const one = placed(inside, word.orderId, at);
      // A modify that was refused, for its reference perhaps, is still what was asked for last.
      if (one !== undefined) one.order = { ...one.asked, orderRef: word.orderRef };
      return;
    }
    case 'orderStatus': {
      const one = placed(inside, word.orderId, at);
      if (one === undefined) return;
      const { status, filled, remaining, avgFillPrice, whyHeld } = word;
      if (ENDS.has(status) && one.endedAt === 0) one.endedAt = at;
      const shown = { status, filled, remaining, avgFillPrice };
      const held = whyHeld === '' ? {} : { whyHeld };
      const orderId = one.ledgerId;
      inside.ledger.write(at, { type: 'order.status', orderId, ...shown, ...held });
      return;
    }
    case 'execDetails':
      return executed(inside, word, at);
    case 'error':
      return warned(inside, word, at);
    default:
      return;
  }
}

/** An order that the venue speaks of; the first time it has just been taken. */
function placed(inside: Inside, key: number, at: number): Registered | undefined {
  const one = inside.register.ofKey(key);
  const order = orderAt(inside.venue.book(), key);
  if (one !== undefined && !one.taken && order !== undefined) taken(inside, one, order, at);
  return one;
}

function warned(inside: Inside, word: ErrorWord, at: number): void {
  const { register, ledger, venue } = inside;
  const one = register.ofKey(word.id);
  const { code } = word;
  if (one === undefined) {
    ledger.write(at, { type: 'broker.error', code, message: word.message });
    return;
  }
  if (code === 2161) one.capPrice = capIn(word.message);
  const refused = !one.taken && orderAt(venue.book(), word.id) === undefined;
  if (refused) register.refuse(one);
  else placed(inside, word.id, at);
  const orderId = refused ? one.orderId : one.ledgerId;
  const message = numbered(inside, word, (other) => (refused ? other.orderId : other.ledgerId));
  // The number of an order that never was could be another client's in the ledger.
  const about = refused ? {} : { orderId };
  ledger.write(at, { type: 'broker.error', code, message, ...about });
}

type ErrorWord = Extract<BrokerWord, { readonly word: 'error' }>;

/** The venue knows orders by its own keys; some of its messages name one. */
const numbered = (
  { register }: Inside,
  { message }: ErrorWord,
  number: (one: Registered) => number,
): string =>
  message.replace(/(?<=^OrderId |^Can't find order with id =)\d+/, (key) => {
    const one = register.ofKey(Number(key));
    return one === undefined ? key : String(number(one));
  });

const ENDS: ReadonlySet<string> = new Set(['Filled', 'Cancelled', 'ApiCancelled']);

const capIn = (message: string): number => Number(/([\d.]+)$/.exec(message)?.[1] ?? 0);

function executed(inside: Inside, word: ExecDetailsWord, at: number): void {
  const { register, executions, accounts, ledger } = inside;
  const registered = register.ofKey(word.orderId);
  if (registered === undefined) return;
  const known = executions.find(word.execId);
  const { account, symbol, side, shares, price, execId, permId, orderRef } = word;
  registered.lastFillPrice = price;
  const { units, notional } = tallyOf(inside.venue.book(), registered.key);
  const avgPrice = averagePrice(units, notional);
  const corrects = isCorrection(execId);
  const charged = corrects
    ? (known?.charged ?? { commission: commissionOf(shares), realized: undefined })
    : accounts.execute({ account, symbol, side, shares, price });
  executions.add({ registered, word, at, avgPrice, charged });
  if (corrects) {
    // The executions here are today's; the book knows what was paid on an earlier day, too.
    const before = beforeCorrection(inside.venue.book(), execId);
    if (before !== undefined) accounts.pay(account, proceeds(word) - proceeds({ side, ...before }));
    accounts.correct(inside.venue.truth());
  }
  ledger.write(at, {
    type: 'execution',
    execId,
    orderId: registered.ledgerId,
    symbol,
    action: side === 'BOT' ? 'BUY' : 'SELL',
    quantity: shares,
    price,
    account,
    permId,
    ...(orderRef === '' ? {} : { orderRef }),
  });
  toldPosition(inside, account, symbol, at);
}

/** The broker's word on a position: into its ledger, and to who has asked for it or the account. */
export function toldPosition(inside: Inside, account: string, symbol: string, at: number): void {
  const { accounts, ledger, sessions, symbols, interference } = inside;
  const { position, avgCost } = accounts.holding(account, symbol);
  ledger.write(at, { type: 'broker.position', account, symbol, position, avgCost });
  const stock = symbols.find({ symbol });
  if (stock === undefined || inside.replaying || isDown(inside, at)) return;
  for (const session of sessions) {
    if (!session.positions) continue;
    const fields = answers.position(account, contractOf(stock), position, avgCost);
    interference.say(session, 'position', fields);
  }
  accountChanged(inside, account, symbol);
}

// ── to the clients ───────────────────────────────────────────────────────────────────────────

/** A word that has travelled. While the link is down, nothing is heard of IB. */
export function tell(inside: Inside, word: BrokerWord, at: number): void {
  const notice = noticeIn(word);
  if (notice !== undefined) return tellNotice(inside, notice, at);
  if (inside.replaying || isDown(inside, at)) return;
  switch (word.word) {
    case 'openOrder':
      return toWhom(inside, word.orderId, (one, session) =>
        saying(
          inside,
          session,
          'openOrder',
          one,
          openOrderFields(inside, one, word, session.version),
        ),
      );
    case 'orderStatus':
      return toWhom(inside, word.orderId, (one, session) =>
        saying(inside, session, 'orderStatus', one, orderStatusFields(inside, one, word)),
      );
    case 'execDetails':
      return toWhom(inside, word.orderId, (one, session) => {
        const execution = inside.executions.find(word.execId);
        if (execution !== undefined)
          tellExecution(inside, session, one, { ...execution, word }, -1);
      });
    case 'error':
      return toWhom(inside, word.id, (one, session) => {
        const message = numbered(inside, word, (other) => other.orderId);
        saying(inside, session, 'error', one, answers.error(one.orderId, word.code, message));
      });
    default:
      return;
  }
}

function saying(
  inside: Inside,
  session: Session,
  message: Message,
  { order }: Registered,
  fields: Fields,
): void {
  inside.interference.say(session, message, fields, order.orderRef);
}

/** Its owner, and the master client. */
function toWhom(
  inside: Inside,
  key: number,
  told: (one: Registered, session: Session) => void,
): void {
  const one = inside.register.ofKey(key);
  if (one === undefined) return;
  const owner = inside.clients.get(one.clientId);
  // What a person placed in TWS is shown to nobody until it is bound.
  if (owner !== undefined && one.orderId !== 0) told(one, owner);
  const { masterClient } = inside.options;
  const master = masterClient === null ? undefined : inside.clients.get(masterClient);
  if (master !== undefined && master !== owner) told(one, master);
}

/** An execution, and what it cost. */
export function tellExecution(
  inside: Inside,
  session: Session,
  one: Registered,
  { word, at, avgPrice, charged }: Execution,
  reqId: number,
): void {
  const { shares, price, cumQty, execId, account, side, permId } = word;
  const fields = answers.execDetails(
    {
      reqId,
      orderId: one.orderId,
      contract: { ...contractOf(one.stock), exchange: EXCHANGE },
      execId,
      time: zonedTime(at),
      acctNumber: account,
      exchange: EXCHANGE,
      side,
      shares,
      price,
      permId,
      clientId: one.clientId,
      cumQty,
      avgPrice,
      orderRef: one.order.orderRef,
      lastLiquidity: 2,
    },
    session.version,
  );
  saying(inside, session, 'execDetails', one, fields);
  const { commission } = charged;
  const realizedPNL = charged.realized === undefined ? undefined : cents(charged.realized);
  const { currency } = one.stock;
  const report = answers.commissionReport({ execId, commission, currency, realizedPNL });
  saying(inside, session, 'commissionReport', one, report);
}

/** A price, to who watches its symbol. */
export function tellPrice(inside: Inside, symbol: string): void {
  const quote = inside.quotes.of(symbol);
  const stock = inside.symbols.find({ symbol });
  if (quote === undefined || stock === undefined) return;
  if (isDown(inside, inside.clock.now())) return;
  for (const session of inside.sessions) {
    for (const [reqId, watched] of session.tickers) {
      if (watched !== stock) continue;
      for (const { type, price, size } of ticksOf(stock, quote)) {
        const fields = answers.tickPrice(reqId, type, cents(price), size);
        inside.interference.say(session, 'tickPrice', fields);
      }
    }
  }
}
