/**
 * What TWS says of the market to who asked with `reqMktData`. Types of ticks are IB's numbers: 0 bid
 * size, 1 bid, 2 ask, 3 ask size, 4 last, 5 last size, 6 high, 7 low, 8 volume, 9 close, 45 time of
 * the last trade, 49 halted, … (IB's page "Available Tick Types").
 *
 * Source: `@stoqey/ib` `core/io/decoder.js`, `decodeMsg_TICK_…`; IB's `EDecoder.java`.
 */
import type { Fields } from './answers.ts';
import { doubleText, plainText } from './spelling.ts';

/** What may be said of a price. */
export type TickAttributes = {
  readonly canAutoExecute?: boolean | undefined;
  readonly pastLimit?: boolean | undefined;
  readonly preOpen?: boolean | undefined;
};

/** `size` is of the same side, in shares; clients hear it as a `tickSize`, too. */
export function tickPrice(
  reqId: number,
  tickType: number,
  price: number,
  size: number,
  { canAutoExecute, pastLimit, preOpen }: TickAttributes = {},
): Fields {
  const mask = (canAutoExecute ? 1 : 0) + (pastLimit ? 2 : 0) + (preOpen ? 4 : 0);
  const about = [String(reqId), String(tickType)];
  return ['1', '6', ...about, doubleText(price), plainText(size), String(mask)];
}

export function tickSize(reqId: number, tickType: number, size: number): Fields {
  return ['2', '6', String(reqId), String(tickType), plainText(size)];
}

export function tickString(reqId: number, tickType: number, value: string): Fields {
  return ['46', '6', String(reqId), String(tickType), value];
}

export function tickGeneric(reqId: number, tickType: number, value: number): Fields {
  return ['45', '6', String(reqId), String(tickType), doubleText(value)];
}

export function tickSnapshotEnd(reqId: number): Fields {
  return ['57', '1', String(reqId)];
}

/** `minTick` in the contract's currency; `bboExchange` as `reqSmartComponents` takes it. */
export function tickReqParams(
  reqId: number,
  minTick: number,
  bboExchange: string,
  snapshotPermissions: number,
): Fields {
  return ['81', String(reqId), plainText(minTick), bboExchange, String(snapshotPermissions)];
}

/** 1 live · 2 frozen · 3 delayed · 4 delayed and frozen. */
export function marketDataType(reqId: number, type: number): Fields {
  return ['58', '1', String(reqId), String(type)];
}
