/**
 * What TWS says, as the fields of a frame, for server versions 177 to 193.
 *
 * Source: `@stoqey/ib` `core/io/decoder.js`, `decodeMsg_…` of the message's name; IB's
 * `EDecoder.java`. How numbers are spelled is from recordings of real gateways (`spelling.ts`).
 */
import type { WireContract } from './contract.ts';
import { COMPLETED_ORDER, OPEN_ORDER } from './echo.ts';
import { type Sheet, writeSheet } from './parts.ts';
import { asciiText, doubleText, flagText, plainText, UNSET_DOUBLE } from './spelling.ts';

export type Fields = readonly string[];

/** `accounts`: `DU1`, or several. */
export function managedAccounts(accounts: readonly string[]): Fields {
  return ['15', '1', accounts.join(',')];
}

export function nextValidId(orderId: number): Fields {
  return ['9', '1', String(orderId)];
}

/** Seconds since 1970. */
export function currentTime(seconds: number): Fields {
  return ['49', '1', String(seconds)];
}

/** `order` should be what was placed, with `orderId`, `clientId` and `permId`. */
export function openOrder(told: Sheet, serverVersion: number): Fields {
  return ['5', ...writeSheet(told, OPEN_ORDER, serverVersion)];
}

export function openOrderEnd(): Fields {
  return ['53', '1'];
}

export type OrderStatus = {
  readonly orderId: number;
  readonly status: string;
  /** Shares. */
  readonly filled: number;
  readonly remaining: number;
  readonly avgFillPrice: number;
  readonly permId: number;
  readonly parentId: number;
  readonly lastFillPrice: number;
  readonly clientId: number;
  readonly whyHeld: string;
  /** The price at which TWS capped the order, 0 if it did not. */
  readonly mktCapPrice: number;
};

export function orderStatus(told: OrderStatus): Fields {
  const { orderId, status, filled, remaining, avgFillPrice, permId, parentId } = told;
  const { lastFillPrice, clientId, whyHeld, mktCapPrice } = told;
  return [
    ...['3', String(orderId), status],
    ...[plainText(filled), plainText(remaining), plainText(avgFillPrice)],
    ...[String(permId), String(parentId)],
    ...[plainText(lastFillPrice), String(clientId), whyHeld, plainText(mktCapPrice)],
  ];
}

/** IB's `Execution`. */
export type WireExecution = {
  /** -1 live; otherwise the id of the `reqExecutions` that this answers. */
  readonly reqId: number;
  readonly orderId: number;
  readonly contract: WireContract;
  readonly execId: string;
  /** `20261122 10:00:00 US/Eastern` */
  readonly time: string;
  readonly acctNumber: string;
  readonly exchange: string;
  /** `BOT` or `SLD`. */
  readonly side: string;
  readonly shares: number;
  readonly price: number;
  readonly permId: number;
  readonly clientId: number;
  /** 1 if IB closed the position itself. */
  readonly liquidation?: number | undefined;
  readonly cumQty: number;
  readonly avgPrice: number;
  readonly orderRef?: string | undefined;
  readonly evRule?: string | undefined;
  readonly evMultiplier?: number | undefined;
  readonly modelCode?: string | undefined;
  /** 0 none · 1 added · 2 removed · 3 routed out. */
  readonly lastLiquidity?: number | undefined;
  /** From server version 178. */
  readonly pendingPriceRevision?: boolean | undefined;
};

export function execDetails(told: WireExecution, serverVersion: number): Fields {
  const { contract, evMultiplier, lastLiquidity } = told;
  return [
    ...['11', String(told.reqId), String(told.orderId)],
    ...instrument(contract),
    ...[contract.exchange ?? '', contract.currency ?? ''],
    ...[contract.localSymbol ?? '', contract.tradingClass ?? ''],
    ...[told.execId, told.time, told.acctNumber, told.exchange, told.side],
    ...[plainText(told.shares), plainText(told.price)],
    ...[String(told.permId), String(told.clientId), plainText(told.liquidation, '0')],
    ...[plainText(told.cumQty), plainText(told.avgPrice), told.orderRef ?? ''],
    ...[told.evRule ?? '', plainText(evMultiplier), told.modelCode ?? ''],
    plainText(lastLiquidity, '0'),
    ...(serverVersion >= 178 ? [flagText(told.pendingPriceRevision)] : []),
  ];
}

/** `conId` to `multiplier`, which several messages have in this order. */
function instrument(contract: WireContract): Fields {
  return [
    plainText(contract.conId, '0'),
    contract.symbol ?? '',
    contract.secType ?? '',
    contract.lastTradeDateOrContractMonth ?? '',
    doubleText(contract.strike, '0.0'),
    contract.right ?? '',
    contract.multiplier ?? '',
  ];
}

export function execDetailsEnd(reqId: number): Fields {
  return ['55', '1', String(reqId)];
}

export type CommissionReport = {
  readonly execId: string;
  readonly commission: number;
  readonly currency: string;
  /** In `currency`; `undefined` if the execution closed nothing. */
  readonly realizedPNL?: number | undefined;
  readonly yield?: number | undefined;
  /** `YYYYMMDD` as a number. */
  readonly yieldRedemptionDate?: number | undefined;
};

export function commissionReport(told: CommissionReport): Fields {
  return [
    ...['59', '1', told.execId, doubleText(told.commission), told.currency],
    doubleText(told.realizedPNL, UNSET_DOUBLE),
    doubleText(told.yield, UNSET_DOUBLE),
    plainText(told.yieldRedemptionDate),
  ];
}

/** `position` is signed; `avgCost` includes commission, and the multiplier. */
export function position(
  account: string,
  contract: WireContract,
  shares: number,
  avgCost: number,
): Fields {
  return [
    ...['61', '3', account],
    ...instrument(contract),
    ...[contract.exchange ?? '', contract.currency ?? ''],
    ...[contract.localSymbol ?? '', contract.tradingClass ?? ''],
    ...[plainText(shares), doubleText(avgCost)],
  ];
}

export function positionEnd(): Fields {
  return ['62', '1'];
}

/** Carries no order id and no client id: only `permId` and `orderRef` tell which order it was. */
export function completedOrder(told: Sheet, serverVersion: number): Fields {
  return ['101', ...writeSheet(told, COMPLETED_ORDER, serverVersion)];
}

export function completedOrdersEnd(): Fields {
  return ['102'];
}

/** An order of TWS's own got an id, and can be changed by client 0. */
export function orderBound(permId: number, clientId: number, orderId: number): Fields {
  return ['100', String(permId), String(clientId), String(orderId)];
}

/**
 * `id` is an order's or a request's, -1 for the session. `advancedOrderReject` is a JSON text, `''`
 * for none: a client that is handed anything else may fall over it.
 */
export function error(id: number, code: number, message: string, advancedOrderReject = ''): Fields {
  const told = [asciiText(message), asciiText(advancedOrderReject)];
  return ['4', '2', String(id), String(code), ...told];
}

/** `account` may be `All`; `value` is a text, as TWS shows it. */
export function accountSummary(
  reqId: number,
  account: string,
  tag: string,
  value: string,
  currency: string,
): Fields {
  return ['63', '1', String(reqId), account, tag, value, currency];
}

export function accountSummaryEnd(reqId: number): Fields {
  return ['64', '1', String(reqId)];
}

export function accountValue(
  key: string,
  value: string,
  currency: string,
  account: string,
): Fields {
  return ['6', '2', key, value, currency, account];
}

export type PortfolioValue = {
  readonly contract: WireContract;
  /** Signed shares. */
  readonly position: number;
  readonly marketPrice: number;
  readonly marketValue: number;
  readonly averageCost: number;
  readonly unrealizedPNL: number;
  readonly realizedPNL: number;
  readonly account: string;
};

/** The contract is told with its primary exchange, and without the one it trades on. */
export function portfolioValue(told: PortfolioValue): Fields {
  const { contract } = told;
  return [
    ...['7', '8'],
    ...instrument(contract),
    ...[contract.primaryExch ?? '', contract.currency ?? ''],
    ...[contract.localSymbol ?? '', contract.tradingClass ?? ''],
    ...[plainText(told.position), doubleText(told.marketPrice), doubleText(told.marketValue)],
    ...[doubleText(told.averageCost), doubleText(told.unrealizedPNL)],
    ...[doubleText(told.realizedPNL), told.account],
  ];
}

/** `10:00` */
export function accountUpdateTime(time: string): Fields {
  return ['8', '1', time];
}

export function accountDownloadEnd(account: string): Fields {
  return ['54', '1', account];
}
