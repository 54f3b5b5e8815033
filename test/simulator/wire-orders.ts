/** Orders and contracts with anything in them that the protocol can carry. */
import fc, { type Arbitrary } from 'fast-check';
import type {
  OrderCondition,
  WireContract,
  WireOrder,
  WireOrderState,
} from '../../src/simulator/wire.ts';

type Kinds<T> = { readonly [K in keyof Required<T>]: Arbitrary<NonNullable<T[K]>> };

/** Not empty, for an empty text is one that is not set; in any script, without NULs and
 * without what clients take for an escape. */
export const words: Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9 .,:;=/-]{1,12}$/),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .filter((text) => !/\0|\\u/.test(text)),
);

export const integers: Arbitrary<number> = fc.oneof(
  fc.integer({ min: 0, max: 1000 }),
  fc.integer({ max: 2147483646 }),
);

/** No negative nothing: it is the same number to everybody here. */
export const numbers: Arbitrary<number> = fc
  .oneof(
    fc.integer({ min: 0, max: 100_000 }).map((cents) => cents / 100),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  .filter((value) => Math.abs(value) !== Number.MAX_VALUE)
  .map((value) => value + 0);

const positive = numbers.map((value) => Math.abs(value) || 0.01);
export const longs = fc.maxSafeNat();
export const flags = fc.boolean();

const tagValues = fc.array(fc.record({ tag: words, value: words }), { minLength: 1, maxLength: 3 });

const joined = { joinedBy: fc.constantFrom('and' as const, 'or' as const) };
const contractual = { isMore: flags, conId: integers, exchange: words };

export const conditions: Arbitrary<OrderCondition> = fc.oneof(
  fc.record({
    ...joined,
    ...contractual,
    type: fc.constant('price' as const),
    price: numbers,
    triggerMethod: fc.constantFrom(0, 1, 2, 3, 4, 7, 8),
  }),
  fc.record({ ...joined, type: fc.constant('time' as const), isMore: flags, time: words }),
  fc.record({ ...joined, type: fc.constant('margin' as const), isMore: flags, percent: integers }),
  fc.record({
    ...joined,
    type: fc.constant('execution' as const),
    secType: words,
    exchange: words,
    symbol: words,
  }),
  fc.record({ ...joined, ...contractual, type: fc.constant('volume' as const), volume: integers }),
  fc.record({
    ...joined,
    ...contractual,
    type: fc.constant('percentChange' as const),
    changePercent: numbers,
  }),
);

const legs = fc.array(
  fc.record(
    {
      conId: integers,
      ratio: integers,
      action: words,
      exchange: words,
      openClose: integers,
      shortSaleSlot: integers,
      designatedLocation: words,
      exemptCode: integers,
    },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 4 },
);

const CONTRACT: Kinds<WireContract> = {
  conId: integers,
  symbol: words,
  secType: fc.constantFrom('STK', 'OPT', 'BAG', 'bag', 'FUND'),
  lastTradeDateOrContractMonth: words,
  strike: numbers,
  right: fc.constantFrom('P', 'C'),
  multiplier: integers.map(String),
  exchange: fc.oneof(words, fc.constant('IBKRATS')),
  primaryExch: words,
  currency: words,
  localSymbol: words,
  tradingClass: words,
  secIdType: words,
  secId: words,
  includeExpired: flags,
  issuerId: words,
  comboLegsDescription: words,
  comboLegs: legs,
  deltaNeutralContract: fc.record({ conId: integers, delta: numbers, price: numbers }),
};

const ORDER_TYPES = [
  ...['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL', 'VOL'],
  ...['PEG BENCH', 'PEGBENCH', 'PEG BEST', 'PEGBEST', 'PEG MID', 'PEGMID'],
];

const ORDER: Kinds<WireOrder> = {
  orderId: integers,
  action: fc.constantFrom('BUY', 'SELL', 'SSHORT'),
  totalQuantity: numbers,
  orderType: fc.constantFrom(...ORDER_TYPES),
  lmtPrice: numbers,
  auxPrice: numbers,
  tif: words,
  ocaGroup: words,
  ocaType: fc.constantFrom(0, 1, 2, 3),
  orderRef: words,
  transmit: flags,
  parentId: integers,
  blockOrder: flags,
  sweepToFill: flags,
  displaySize: integers,
  triggerMethod: integers,
  outsideRth: flags,
  hidden: flags,
  goodAfterTime: words,
  goodTillDate: words,
  allOrNone: flags,
  minQty: integers,
  whatIf: flags,
  notHeld: flags,
  overridePercentageConstraints: flags,
  solicited: flags,
  discretionaryAmt: numbers,
  percentOffset: numbers,
  eTradeOnly: flags,
  firmQuoteOnly: flags,
  nbboPriceCap: numbers,
  auctionStrategy: integers,
  startingPrice: numbers,
  stockRefPrice: numbers,
  delta: numbers,
  stockRangeLower: numbers,
  stockRangeUpper: numbers,
  trailStopPrice: numbers,
  trailingPercent: numbers,
  basisPoints: numbers,
  basisPointsType: integers,
  scaleInitLevelSize: integers,
  scaleSubsLevelSize: integers,
  scalePriceIncrement: positive,
  scalePriceAdjustValue: numbers,
  scalePriceAdjustInterval: integers,
  scaleProfitOffset: numbers,
  scaleAutoReset: flags,
  scaleInitPosition: integers,
  scaleInitFillQty: integers,
  scaleRandomPercent: flags,
  scaleTable: words,
  activeStartTime: words,
  activeStopTime: words,
  optOutSmartRouting: flags,
  algoStrategy: words,
  algoParams: tagValues,
  algoId: words,
  orderMiscOptions: words,
  randomizeSize: flags,
  randomizePrice: flags,
  orderComboLegs: fc.array(fc.record({ price: numbers }, { requiredKeys: [] }), {
    minLength: 1,
    maxLength: 4,
  }),
  smartComboRoutingParams: tagValues,
  volatility: numbers,
  volatilityType: integers,
  deltaNeutralOrderType: words,
  deltaNeutralAuxPrice: numbers,
  deltaNeutralConId: integers,
  deltaNeutralSettlingFirm: words,
  deltaNeutralClearingAccount: words,
  deltaNeutralClearingIntent: words,
  deltaNeutralOpenClose: words,
  deltaNeutralShortSale: flags,
  deltaNeutralShortSaleSlot: integers,
  deltaNeutralDesignatedLocation: words,
  continuousUpdate: integers,
  referencePriceType: integers,
  hedgeType: fc.constantFrom('D', 'B', 'F', 'P'),
  hedgeParam: words,
  referenceContractId: integers,
  isPeggedChangeAmountDecrease: flags,
  peggedChangeAmount: numbers,
  referenceChangeAmount: numbers,
  referenceExchangeId: words,
  conditions: fc.array(conditions, { minLength: 1, maxLength: 6 }),
  conditionsIgnoreRth: flags,
  conditionsCancelOrder: flags,
  adjustedOrderType: words,
  triggerPrice: numbers,
  lmtPriceOffset: numbers,
  adjustedStopPrice: numbers,
  adjustedStopLimitPrice: numbers,
  adjustedTrailingAmount: numbers,
  adjustableTrailingUnit: fc.constantFrom(0, 100),
  account: words,
  openClose: words,
  origin: integers,
  faGroup: words,
  faMethod: words,
  faPercentage: words,
  modelCode: words,
  shortSaleSlot: integers,
  designatedLocation: words,
  exemptCode: integers,
  rule80A: words,
  settlingFirm: words,
  clearingAccount: words,
  clearingIntent: words,
  extOperator: words,
  softDollarTier: fc.record({ name: words, value: words, displayName: words }),
  mifid2DecisionMaker: words,
  mifid2DecisionAlgo: words,
  mifid2ExecutionTrader: words,
  mifid2ExecutionAlgo: words,
  customerAccount: words,
  professionalCustomer: flags,
  externalUserId: words,
  manualOrderIndicator: integers,
  cashQty: numbers,
  dontUseAutoPriceForHedge: flags,
  isOmsContainer: flags,
  discretionaryUpToLimitPrice: flags,
  usePriceMgmtAlgo: flags,
  duration: integers,
  postToAts: integers,
  autoCancelParent: flags,
  advancedErrorOverride: words,
  manualOrderTime: words,
  minTradeQty: integers,
  minCompeteSize: integers,
  competeAgainstBestOffset: fc.oneof(numbers, fc.constant(Number.POSITIVE_INFINITY)),
  midOffsetAtWhole: numbers,
  midOffsetAtHalf: numbers,
  includeOvernight: flags,
  clientId: integers,
  permId: longs,
  bondAccruedInterest: words,
  autoCancelDate: words,
  filledQuantity: numbers,
  refFuturesConId: integers,
  shareholder: words,
  imbalanceOnly: flags,
  routeMarketableToBbo: flags,
  parentPermId: longs,
};

const STATE: Kinds<WireOrderState> = {
  status: fc.constantFrom('PreSubmitted', 'Submitted', 'Filled', 'Cancelled', 'Inactive'),
  initMarginBefore: numbers,
  maintMarginBefore: numbers,
  equityWithLoanBefore: numbers,
  initMarginChange: numbers,
  maintMarginChange: numbers,
  equityWithLoanChange: numbers,
  initMarginAfter: numbers,
  maintMarginAfter: numbers,
  equityWithLoanAfter: numbers,
  commission: numbers,
  minCommission: numbers,
  maxCommission: numbers,
  commissionCurrency: words,
  warningText: words,
  completedTime: words,
  completedStatus: words,
};

/** All of it, any part of it, or nothing. */
const filled = <T extends object>(kinds: Kinds<T>): Arbitrary<T> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record(kinds, { requiredKeys: [] }) as unknown as Arbitrary<T> },
    { weight: 4, arbitrary: fc.record(kinds) as unknown as Arbitrary<T> },
    { weight: 1, arbitrary: fc.constant({} as T) },
  );

export const contracts: Arbitrary<WireContract> = filled<WireContract>(CONTRACT);
export const orders: Arbitrary<WireOrder> = filled<WireOrder>(ORDER);
export const states: Arbitrary<WireOrderState> = filled<WireOrderState>(STATE);
