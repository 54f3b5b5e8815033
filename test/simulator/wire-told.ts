/**
 * What `@stoqey/ib` should make of an order that TWS repeats to it: what was meant where something
 * was, and for the rest what a client has for nothing. Written from the client's decoder, not from
 * the layouts it is to judge.
 */
import type {
  ComboLeg,
  OrderCondition,
  WireContract,
  WireOrder,
  WireOrderState,
} from '../../src/simulator/wire.ts';

const NONE = undefined;

/** What both messages say of an order, and what a client has for it if it is not set. */
const BOTH = {
  ...{ action: '', totalQuantity: NONE, orderType: '', lmtPrice: 0, auxPrice: 0, tif: '' },
  ...{ ocaGroup: '', account: '', openClose: '', origin: 0, orderRef: '', permId: 0 },
  ...{ outsideRth: false, hidden: false, discretionaryAmt: 0, goodAfterTime: '', faGroup: '' },
  ...{ faMethod: '', faPercentage: '', modelCode: '', goodTillDate: '', rule80A: '' },
  ...{ percentOffset: NONE, settlingFirm: '', shortSaleSlot: 0, designatedLocation: '' },
  ...{ exemptCode: -1, startingPrice: NONE, stockRefPrice: NONE, delta: NONE },
  ...{ stockRangeLower: NONE, stockRangeUpper: NONE, displaySize: NONE, sweepToFill: false },
  ...{ allOrNone: false, minQty: NONE, ocaType: 0, triggerMethod: 0, volatility: NONE },
  ...{ volatilityType: 0, deltaNeutralOrderType: 'None', deltaNeutralAuxPrice: NONE },
  ...{ deltaNeutralConId: 0, deltaNeutralShortSale: false, deltaNeutralShortSaleSlot: 0 },
  ...{ deltaNeutralDesignatedLocation: '', continuousUpdate: 0, referencePriceType: 0 },
  ...{ trailStopPrice: NONE, trailingPercent: NONE, orderComboLegs: NONE },
  ...{ smartComboRoutingParams: NONE, scaleInitLevelSize: NONE, scaleSubsLevelSize: NONE },
  ...{ scalePriceIncrement: NONE, hedgeType: '', clearingAccount: '', clearingIntent: 'IB' },
  ...{ notHeld: false, algoStrategy: '', solicited: false, randomizeSize: false },
  ...{ randomizePrice: false, lmtPriceOffset: NONE, cashQty: 0, isOmsContainer: false },
  ...{ dontUseAutoPriceForHedge: false, autoCancelParent: false, minTradeQty: NONE },
  ...{ minCompeteSize: NONE, competeAgainstBestOffset: NONE, midOffsetAtWhole: NONE },
  ...{ midOffsetAtHalf: NONE },
};

const OPEN_ONLY = {
  ...{ orderId: 0, clientId: 0, auctionStrategy: 0, blockOrder: false, eTradeOnly: false },
  ...{ firmQuoteOnly: false, nbboPriceCap: NONE, parentId: 0, deltaNeutralSettlingFirm: '' },
  ...{ deltaNeutralClearingAccount: '', deltaNeutralClearingIntent: '' },
  ...{ deltaNeutralOpenClose: '?', basisPoints: NONE, basisPointsType: NONE },
  ...{ optOutSmartRouting: false, whatIf: false, adjustedOrderType: 'None', triggerPrice: NONE },
  ...{ adjustedStopPrice: NONE, adjustedStopLimitPrice: NONE, adjustedTrailingAmount: NONE },
  ...{ adjustableTrailingUnit: 0, discretionaryUpToLimitPrice: false, usePriceMgmtAlgo: false },
  ...{ duration: 0, postToAts: NONE },
};

const COMPLETED_ONLY = {
  ...{ autoCancelDate: '', filledQuantity: 0, refFuturesConId: 0, shareholder: '' },
  ...{ imbalanceOnly: false, routeMarketableToBbo: false, parentPermId: 0 },
};

const SCALE = {
  ...{ scalePriceAdjustValue: NONE, scalePriceAdjustInterval: NONE, scaleProfitOffset: NONE },
  ...{ scaleAutoReset: false, scaleInitPosition: NONE, scaleInitFillQty: NONE },
  ...{ scaleRandomPercent: false },
};

const BENCHMARK = {
  ...{ referenceContractId: 0, isPeggedChangeAmountDecrease: false, peggedChangeAmount: 0 },
  ...{ referenceChangeAmount: 0, referenceExchangeId: '' },
};

/** What is there only if something else is, or from some server version on. */
function further(order: WireOrder, version: number): object {
  return {
    ...((order.scalePriceIncrement ?? 0) > 0 && SCALE),
    ...(order.hedgeType !== undefined && { hedgeParam: '' }),
    ...(order.algoStrategy !== undefined && { algoParams: NONE }),
    ...(/^PEG ?BENCH$/.test(order.orderType ?? '') && BENCHMARK),
    ...(version >= 183 && { customerAccount: '' }),
    ...(version >= 184 && { professionalCustomer: false }),
  };
}

const openFurther = (version: number): object => ({
  ...(version >= 185 && { bondAccruedInterest: '' }),
  ...(version >= 189 && { includeOvernight: false }),
  ...(version >= 193 && { extOperator: '', manualOrderIndicator: NONE }),
});

export function openOrderHeard(order: WireOrder, version: number): object {
  const { name = '', value = '', displayName = '' } = order.softDollarTier ?? {};
  return {
    ...meant(order, { ...BOTH, ...OPEN_ONLY, ...further(order, version), ...openFurther(version) }),
    ...conditionsHeard(order),
    softDollarTier: { name, value, displayName },
  };
}

export function completedOrderHeard(order: WireOrder, version: number): object {
  return {
    ...meant(order, { ...BOTH, ...COMPLETED_ONLY, ...further(order, version) }),
    ...conditionsHeard(order),
  };
}

function meant(values: object, otherwise: object): object {
  return Object.fromEntries(
    Object.entries(otherwise).map(([key, nothing]) => [key, Reflect.get(values, key) ?? nothing]),
  );
}

function conditionsHeard({ conditions, ...order }: WireOrder): object {
  if (conditions === undefined) return {};
  return {
    conditions: conditions.map(conditionHeard),
    conditionsIgnoreRth: order.conditionsIgnoreRth ?? false,
    conditionsCancelOrder: order.conditionsCancelOrder ?? false,
  };
}

export const CONDITION_NUMBERS = {
  ...{ price: 1, time: 3, margin: 4, execution: 5, volume: 6, percentChange: 7 },
};

function conditionHeard({ type, joinedBy, ...condition }: OrderCondition): object {
  const { changePercent, ...about } = { changePercent: undefined, ...condition };
  return {
    ...about,
    ...(changePercent !== undefined && { percent: changePercent }),
    type: CONDITION_NUMBERS[type],
    conjunctionConnection: joinedBy === 'and' ? 'a' : 'o',
  };
}

export function contractHeard(contract: WireContract): object {
  const fields = {
    ...{ conId: 0, symbol: '', secType: '', lastTradeDateOrContractMonth: '', strike: 0 },
    ...{ right: NONE, exchange: '', currency: '', localSymbol: '', tradingClass: '' },
    ...{ comboLegsDescription: '', deltaNeutralContract: NONE },
  };
  return {
    ...meant(contract, fields),
    // A number to this client, whatever it is to TWS.
    multiplier: Number(contract.multiplier ?? 0),
    comboLegs: contract.comboLegs?.map(legHeard),
  };
}

const legHeard = (leg: ComboLeg): object =>
  meant(leg, {
    ...{ conId: 0, ratio: 0, action: '', exchange: '', openClose: 0, shortSaleSlot: 0 },
    ...{ designatedLocation: '', exemptCode: -1 },
  });

export const openStateHeard = (state: WireOrderState): object =>
  meant(state, {
    ...{ status: '', initMarginBefore: NONE, maintMarginBefore: NONE, equityWithLoanBefore: NONE },
    ...{ initMarginChange: NONE, maintMarginChange: NONE, equityWithLoanChange: NONE },
    ...{ initMarginAfter: NONE, maintMarginAfter: NONE, equityWithLoanAfter: NONE },
    ...{ commission: NONE, minCommission: NONE, maxCommission: NONE, commissionCurrency: '' },
    ...{ warningText: '' },
  });

export const completedStateHeard = (state: WireOrderState): object =>
  meant(state, { status: '', completedTime: '', completedStatus: '' });
