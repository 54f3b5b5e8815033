/** Contracts and prices: what a client asks of the market. */
import { answers, type ReqMktData, type WireContract } from '../simulator/wire.ts';
import { contractOf } from './echo.ts';
import type { Inside } from './inside.ts';
import { dayTicksOf, ticksOf } from './market.ts';
import { NO_DEFINITION } from './placing.ts';
import type { Session } from './session.ts';
import type { Stock } from './symbols.ts';

function unknown(inside: Inside, session: Session, reqId: number): void {
  const { code, text } = NO_DEFINITION;
  inside.interference.say(session, 'error', answers.error(reqId, code, text));
}

export function contractDetails(
  inside: Inside,
  session: Session,
  reqId: number,
  asked: WireContract,
): void {
  const { symbols, interference } = inside;
  const stock = symbols.find(asked);
  if (stock === undefined) return unknown(inside, session, reqId);
  const { longName, minTick, symbol } = stock;
  const details = {
    contract: contractOf(stock),
    marketName: 'NMS',
    minTick,
    orderTypes: 'LMT,MKT,STP,STPLMT,WHATIF',
    validExchanges: 'SMART,ISLAND',
    priceMagnifier: 1,
    longName,
    timeZoneId: 'US/Eastern',
    marketRuleIds: '26,26',
    stockType: symbol === 'SPY' ? 'ETF' : 'COMMON',
    minSize: 1,
    sizeIncrement: 1,
    suggestedSizeIncrement: 100,
  };
  const fields = answers.contractDetails(reqId, details, session.version);
  interference.say(session, 'contractDetails', fields);
  interference.say(session, 'contractDetailsEnd', answers.contractDetailsEnd(reqId));
}

/** Requests for market data of one client, at most: IB's own limit for an ordinary account. */
const TICKERS_MOST = 100;

export function watch(inside: Inside, session: Session, request: ReqMktData): void {
  const { reqId, contract, snapshot } = request;
  const { interference, symbols } = inside;
  const refuse = (code: number, text: string): void =>
    interference.say(session, 'error', answers.error(reqId, code, text));
  const stock = symbols.find(contract);
  if (stock === undefined) return unknown(inside, session, reqId);
  if (session.tickers.has(reqId)) return refuse(322, 'Duplicate ticker id');
  if (session.tickers.size >= TICKERS_MOST)
    return refuse(101, 'Max number of tickers has been reached.');
  const kind = answers.marketDataType(reqId, session.marketDataType);
  interference.say(session, 'marketDataType', kind);
  const params = answers.tickReqParams(reqId, stock.minTick, '9c0001', 3);
  interference.say(session, 'tickReqParams', params);
  tellQuote(inside, session, reqId, stock);
  if (snapshot) interference.say(session, 'tickSnapshotEnd', answers.tickSnapshotEnd(reqId));
  else session.tickers.set(reqId, stock);
}

/** As far as there is a price; before the first one nothing is said, as on a real day. */
function tellQuote(inside: Inside, session: Session, reqId: number, stock: Stock): void {
  const quote = inside.quotes.of(stock.symbol);
  if (quote === undefined) return;
  for (const { type, price, size } of [...ticksOf(stock, quote), ...dayTicksOf(quote)]) {
    const fields = answers.tickPrice(reqId, type, price, size);
    inside.interference.say(session, 'tickPrice', fields);
  }
}
