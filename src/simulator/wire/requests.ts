/**
 * What clients ask, for server versions 177 to 193.
 *
 * Source: `@stoqey/ib` `core/io/encoder.js`, a method of the same name for each kind; IB's
 * `EClient.java`, which spells what is not set differently (`spelling.ts`).
 */
import type { ComboLeg, DeltaNeutralContract, WireContract } from './contract.ts';
import {
  type Cursor,
  cursorOver,
  finish,
  type Misreading,
  needed,
  takeFlag,
  takeInteger,
  takeList,
  takeNumber,
  takeText,
} from './cursor.ts';
import { tradedLegIn } from './groups.ts';
import { guessedId } from './guesses.ts';
import type { WireOrder } from './order.ts';
import { readSheet, writeSheet } from './parts.ts';
import { PLACEMENT } from './placement.ts';
import { integerIn } from './spelling.ts';

export type PlaceOrder = {
  readonly kind: 'placeOrder';
  readonly orderId: number;
  readonly contract: WireContract;
  /** Has `orderId`, too, so that it can be echoed as it is. */
  readonly order: WireOrder;
};

export type CancelOrder = {
  readonly kind: 'cancelOrder';
  readonly orderId: number;
  readonly manualOrderCancelTime: string | undefined;
  /** Server versions 187 to 189, and from 192; as is the indicator. */
  readonly extOperator: string | undefined;
  /** Server versions 187 to 189. */
  readonly externalUserId: string | undefined;
  readonly manualOrderIndicator: number | undefined;
};

/** All that is not set is no condition. `time` is `YYYYMMDD hh:mm:ss` or `YYYYMMDD-hh:mm:ss`. */
export type ExecutionFilter = {
  readonly clientId: number | undefined;
  readonly acctCode: string | undefined;
  readonly time: string | undefined;
  readonly symbol: string | undefined;
  readonly secType: string | undefined;
  readonly exchange: string | undefined;
  /** `BUY` or `SELL`. */
  readonly side: string | undefined;
};

export type ReqMktData = {
  readonly kind: 'reqMktData';
  readonly reqId: number;
  readonly contract: WireContract;
  /** Comma-separated: `100,101,233`. */
  readonly genericTickList: string | undefined;
  readonly snapshot: boolean;
  readonly regulatorySnapshot: boolean;
  readonly mktDataOptions: string | undefined;
};

/** Could not be read; nothing of it is to be believed but the ids, if they are there. */
export type Malformed = Misreading & {
  readonly kind: 'malformed';
  readonly messageId: number | undefined;
  /** The order's or the request's. */
  readonly id: number | undefined;
};

export type Request =
  | {
      readonly kind: 'startApi';
      readonly clientId: number;
      readonly optionalCapabilities: string | undefined;
    }
  | { readonly kind: 'reqIds'; readonly count: number | undefined }
  | { readonly kind: 'reqManagedAccts' }
  | { readonly kind: 'reqCurrentTime' }
  | PlaceOrder
  | CancelOrder
  | {
      readonly kind: 'reqGlobalCancel';
      /** From server version 192; as is the indicator. */
      readonly extOperator: string | undefined;
      readonly manualOrderIndicator: number | undefined;
    }
  | { readonly kind: 'reqOpenOrders' }
  | { readonly kind: 'reqAllOpenOrders' }
  | { readonly kind: 'reqAutoOpenOrders'; readonly autoBind: boolean }
  | { readonly kind: 'reqCompletedOrders'; readonly apiOnly: boolean }
  | { readonly kind: 'reqExecutions'; readonly reqId: number; readonly filter: ExecutionFilter }
  | { readonly kind: 'reqPositions' }
  | { readonly kind: 'cancelPositions' }
  | {
      readonly kind: 'reqAccountSummary';
      readonly reqId: number;
      readonly group: string | undefined;
      /** Comma-separated: `NetLiquidation,BuyingPower`. */
      readonly tags: string | undefined;
    }
  | { readonly kind: 'cancelAccountSummary'; readonly reqId: number }
  | {
      readonly kind: 'reqAccountUpdates';
      readonly subscribe: boolean;
      readonly account: string | undefined;
    }
  | { readonly kind: 'reqContractDetails'; readonly reqId: number; readonly contract: WireContract }
  | ReqMktData
  | { readonly kind: 'cancelMktData'; readonly reqId: number }
  /** 1 live · 2 frozen · 3 delayed · 4 delayed and frozen. */
  | { readonly kind: 'reqMarketDataType'; readonly marketDataType: number }
  /** 1 system · 2 error · 3 warning · 4 information · 5 detail. */
  | { readonly kind: 'setServerLogLevel'; readonly logLevel: number }
  /** A message that is not among these. The id is the request's, if its layout is known. */
  | {
      readonly kind: 'unknown';
      readonly messageId: number;
      readonly id: number | undefined;
      readonly fields: readonly string[];
    }
  | Malformed;

type Reader = (cursor: Cursor) => Request;

/** What the fields of one frame ask. Never throws. */
export function readRequest(fields: readonly string[], serverVersion: number): Request {
  const messageId = integerIn(fields[0] ?? '');
  if (messageId === undefined || Number.isNaN(messageId)) {
    const reason = messageId === undefined ? 'missing' : 'notAnInteger';
    return { kind: 'malformed', messageId: undefined, id: undefined, field: 'messageId', reason };
  }
  const id = guessedId(messageId, fields, serverVersion);
  const reader = READERS.get(messageId);
  if (reader === undefined) return { kind: 'unknown', messageId, id, fields };
  const cursor = cursorOver(fields, serverVersion, 1);
  const request = reader(cursor);
  if (cursor.misread === undefined) finish(cursor);
  if (cursor.misread === undefined) return request;
  return { kind: 'malformed', messageId, id, ...cursor.misread };
}

/**
 * A `placeOrder` as IB's own client would send it, but for empty fields where that has largest
 * numbers: for tests, and for whoever plays a client.
 */
export function placeOrderFields(
  { orderId, contract, order }: Omit<PlaceOrder, 'kind'>,
  serverVersion: number,
): readonly string[] {
  const sheet = { contract, order, state: {} };
  return ['3', String(orderId), ...writeSheet(sheet, PLACEMENT, serverVersion)];
}

const integer = (cursor: Cursor, field: string): number =>
  needed(cursor, field, takeInteger(cursor, field), 0);

/** An empty flag is one that is not raised. */
const flag = (cursor: Cursor, field: string): boolean => takeFlag(cursor, field) ?? false;

/** Clients write a version of the message itself; none of these layouts depends on it any more. */
function versioned(reader: Reader): Reader {
  return (cursor) => {
    integer(cursor, 'version');
    return reader(cursor);
  };
}

const READERS: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [1, versioned(mktDataIn)],
  [2, versioned((c) => ({ kind: 'cancelMktData', reqId: integer(c, 'reqId') }))],
  [3, placementIn],
  [4, cancelIn],
  [5, versioned(() => ({ kind: 'reqOpenOrders' }))],
  [6, versioned(accountUpdatesIn)],
  [7, versioned(executionsIn)],
  [8, versioned((c) => ({ kind: 'reqIds', count: takeInteger(c, 'count') }))],
  [9, versioned(contractDetailsIn)],
  [14, versioned((c) => ({ kind: 'setServerLogLevel', logLevel: integer(c, 'logLevel') }))],
  [15, versioned((c) => ({ kind: 'reqAutoOpenOrders', autoBind: flag(c, 'autoBind') }))],
  [16, versioned(() => ({ kind: 'reqAllOpenOrders' }))],
  [17, versioned(() => ({ kind: 'reqManagedAccts' }))],
  [49, versioned(() => ({ kind: 'reqCurrentTime' }))],
  [58, globalCancelIn],
  [59, versioned(marketDataTypeIn)],
  [61, versioned(() => ({ kind: 'reqPositions' }))],
  [62, versioned(accountSummaryIn)],
  [63, versioned((c) => ({ kind: 'cancelAccountSummary', reqId: integer(c, 'reqId') }))],
  [64, versioned(() => ({ kind: 'cancelPositions' }))],
  [71, versioned(startIn)],
  [99, (c) => ({ kind: 'reqCompletedOrders', apiOnly: flag(c, 'apiOnly') })],
]);

function startIn(c: Cursor): Request {
  const clientId = integer(c, 'clientId');
  return {
    kind: 'startApi',
    clientId,
    optionalCapabilities: c.at < c.fields.length ? takeText(c, 'optionalCapabilities') : undefined,
  };
}

function placementIn(c: Cursor): Request {
  const orderId = integer(c, 'orderId');
  const { contract, order } = readSheet(c, PLACEMENT);
  return { kind: 'placeOrder', orderId, contract, order: { orderId, ...order } };
}

const hasRfqFields = ({ version }: Cursor): boolean => version >= 187 && version < 190;
const hasTagging = ({ version }: Cursor): boolean => version >= 192;

function cancelIn(c: Cursor): Request {
  if (!hasTagging(c)) integer(c, 'version');
  const orderId = integer(c, 'orderId');
  const manualOrderCancelTime = takeText(c, 'manualOrderCancelTime');
  const marked = hasRfqFields(c) || hasTagging(c);
  return {
    kind: 'cancelOrder',
    orderId,
    manualOrderCancelTime,
    extOperator: marked ? takeText(c, 'extOperator') : undefined,
    externalUserId: hasRfqFields(c) ? takeText(c, 'externalUserId') : undefined,
    manualOrderIndicator: marked ? takeInteger(c, 'manualOrderIndicator') : undefined,
  };
}

function globalCancelIn(c: Cursor): Request {
  if (!hasTagging(c)) integer(c, 'version');
  return {
    kind: 'reqGlobalCancel',
    extOperator: hasTagging(c) ? takeText(c, 'extOperator') : undefined,
    manualOrderIndicator: hasTagging(c) ? takeInteger(c, 'manualOrderIndicator') : undefined,
  };
}

function executionsIn(c: Cursor): Request {
  const reqId = integer(c, 'reqId');
  const filter: ExecutionFilter = {
    clientId: takeInteger(c, 'filter.clientId'),
    acctCode: takeText(c, 'filter.acctCode'),
    time: takeText(c, 'filter.time'),
    symbol: takeText(c, 'filter.symbol'),
    secType: takeText(c, 'filter.secType'),
    exchange: takeText(c, 'filter.exchange'),
    side: takeText(c, 'filter.side'),
  };
  return { kind: 'reqExecutions', reqId, filter };
}

function accountSummaryIn(c: Cursor): Request {
  const reqId = integer(c, 'reqId');
  return {
    kind: 'reqAccountSummary',
    reqId,
    group: takeText(c, 'group'),
    tags: takeText(c, 'tags'),
  };
}

function accountUpdatesIn(c: Cursor): Request {
  const subscribe = flag(c, 'subscribe');
  return { kind: 'reqAccountUpdates', subscribe, account: takeText(c, 'account') };
}

function marketDataTypeIn(c: Cursor): Request {
  return { kind: 'reqMarketDataType', marketDataType: integer(c, 'marketDataType') };
}

function namedContractIn(c: Cursor): WireContract {
  return {
    conId: takeInteger(c, 'conId'),
    symbol: takeText(c, 'symbol'),
    secType: takeText(c, 'secType'),
    lastTradeDateOrContractMonth: takeText(c, 'lastTradeDateOrContractMonth'),
    strike: takeNumber(c, 'strike'),
    right: takeText(c, 'right'),
    multiplier: takeText(c, 'multiplier'),
    exchange: takeText(c, 'exchange'),
    primaryExch: takeText(c, 'primaryExch'),
    currency: takeText(c, 'currency'),
    localSymbol: takeText(c, 'localSymbol'),
    tradingClass: takeText(c, 'tradingClass'),
  };
}

function contractDetailsIn(c: Cursor): Request {
  const reqId = integer(c, 'reqId');
  const named = namedContractIn(c);
  const contract: WireContract = {
    ...named,
    includeExpired: takeFlag(c, 'includeExpired'),
    secIdType: takeText(c, 'secIdType'),
    secId: takeText(c, 'secId'),
    issuerId: takeText(c, 'issuerId'),
  };
  return { kind: 'reqContractDetails', reqId, contract };
}

function mktDataIn(c: Cursor): Request {
  const reqId = integer(c, 'reqId');
  const named = namedContractIn(c);
  const contract: WireContract = {
    ...named,
    comboLegs: named.secType?.toUpperCase() === 'BAG' ? mktDataLegsIn(c) : undefined,
    deltaNeutralContract: deltaNeutralIn(c),
  };
  return {
    kind: 'reqMktData',
    reqId,
    contract,
    genericTickList: takeText(c, 'genericTickList'),
    snapshot: flag(c, 'snapshot'),
    regulatorySnapshot: flag(c, 'regulatorySnapshot'),
    mktDataOptions: takeText(c, 'mktDataOptions'),
  };
}

const mktDataLegsIn = (c: Cursor): readonly ComboLeg[] | undefined =>
  takeList(c, 'comboLegs', 4, tradedLegIn);

function deltaNeutralIn(c: Cursor): DeltaNeutralContract | undefined {
  if (takeFlag(c, 'deltaNeutralContract') !== true) return undefined;
  return {
    conId: takeInteger(c, 'deltaNeutralContract.conId'),
    delta: takeNumber(c, 'deltaNeutralContract.delta'),
    price: takeNumber(c, 'deltaNeutralContract.price'),
  };
}
