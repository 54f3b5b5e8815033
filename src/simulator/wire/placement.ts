/**
 * `placeOrder`, from its contract on, for server versions 177 to 193.
 *
 * Source: `@stoqey/ib` `core/io/encoder.js` (`placeOrder`), IB's `EClient.java` (`placeOrder`).
 * The two differ in whether the seven scale parameters are sent with an increment of nothing or
 * less; IB's own, which does not, is followed.
 */
import {
  algoParams,
  comboLegs,
  conditions,
  deltaNeutralContract,
  isOfType,
  orderComboLegs,
  smartComboRoutingParams,
  softDollarTier,
} from './groups.ts';
import {
  between,
  conId,
  decimal,
  double,
  flag,
  idle,
  int,
  layoutOf,
  ofContract,
  type Part,
  type Sheet,
  since,
  strike,
  text,
  when,
} from './parts.ts';

const CONTRACT: readonly Part[] = [
  conId,
  ofContract('symbol'),
  ofContract('secType'),
  ofContract('lastTradeDateOrContractMonth'),
  strike,
  ofContract('right'),
  ofContract('multiplier'),
  ofContract('exchange'),
  ofContract('primaryExch'),
  ofContract('currency'),
  ofContract('localSymbol'),
  ofContract('tradingClass'),
  ofContract('secIdType'),
  ofContract('secId'),
];

const MAIN: readonly Part[] = [
  text('action'),
  decimal('totalQuantity'),
  text('orderType'),
  double('lmtPrice'),
  double('auxPrice'),
  text('tif'),
  text('ocaGroup'),
  text('account'),
  text('openClose'),
  int('origin', '0'),
  text('orderRef'),
  flag('transmit', ''),
  int('parentId', '0'),
  flag('blockOrder'),
  flag('sweepToFill'),
  int('displaySize'),
  int('triggerMethod', '0'),
  flag('outsideRth'),
  flag('hidden'),
];

const isCombination = ({ contract }: Sheet): boolean => contract.secType?.toUpperCase() === 'BAG';

const EXTENDED: readonly Part[] = [
  when(isCombination, [comboLegs, orderComboLegs, smartComboRoutingParams]),
  idle('sharesAllocation'),
  double('discretionaryAmt'),
  text('goodAfterTime'),
  text('goodTillDate'),
  text('faGroup'),
  text('faMethod'),
  text('faPercentage'),
  text('modelCode'),
  int('shortSaleSlot', '0'),
  text('designatedLocation'),
  int('exemptCode', '-1'),
  int('ocaType', '0'),
  text('rule80A'),
  text('settlingFirm'),
  flag('allOrNone'),
  int('minQty'),
  double('percentOffset'),
  flag('eTradeOnly'),
  flag('firmQuoteOnly'),
  double('nbboPriceCap'),
  int('auctionStrategy'),
  double('startingPrice'),
  double('stockRefPrice'),
  double('delta'),
  double('stockRangeLower'),
  double('stockRangeUpper'),
  flag('overridePercentageConstraints'),
];

export const isScaled = ({ order: { scalePriceIncrement } }: Sheet): boolean =>
  scalePriceIncrement !== undefined && scalePriceIncrement > 0;

export const SCALE: readonly Part[] = [
  double('scalePriceAdjustValue'),
  int('scalePriceAdjustInterval'),
  double('scaleProfitOffset'),
  flag('scaleAutoReset'),
  int('scaleInitPosition'),
  int('scaleInitFillQty'),
  flag('scaleRandomPercent'),
];

export const isHedge = ({ order }: Sheet): boolean => order.hedgeType !== undefined;

const DERIVED: readonly Part[] = [
  double('volatility'),
  int('volatilityType'),
  text('deltaNeutralOrderType'),
  double('deltaNeutralAuxPrice'),
  when(
    ({ order }) => order.deltaNeutralOrderType !== undefined,
    [
      int('deltaNeutralConId', '0'),
      text('deltaNeutralSettlingFirm'),
      text('deltaNeutralClearingAccount'),
      text('deltaNeutralClearingIntent'),
      text('deltaNeutralOpenClose'),
      flag('deltaNeutralShortSale'),
      int('deltaNeutralShortSaleSlot', '0'),
      text('deltaNeutralDesignatedLocation'),
    ],
  ),
  int('continuousUpdate', '0'),
  int('referencePriceType'),
  double('trailStopPrice'),
  double('trailingPercent'),
  int('scaleInitLevelSize'),
  int('scaleSubsLevelSize'),
  double('scalePriceIncrement'),
  when(isScaled, SCALE),
  text('scaleTable'),
  text('activeStartTime'),
  text('activeStopTime'),
  text('hedgeType'),
  when(isHedge, [text('hedgeParam')]),
  flag('optOutSmartRouting'),
  text('clearingAccount'),
  text('clearingIntent'),
  flag('notHeld'),
  deltaNeutralContract,
  text('algoStrategy'),
  algoParams,
  text('algoId'),
  flag('whatIf'),
  text('orderMiscOptions'),
  flag('solicited'),
  flag('randomizeSize'),
  flag('randomizePrice'),
];

export const BENCHMARK: readonly Part[] = [
  int('referenceContractId', '0'),
  flag('isPeggedChangeAmountDecrease'),
  double('peggedChangeAmount', '0.0'),
  double('referenceChangeAmount', '0.0'),
  text('referenceExchangeId'),
];

const CONDITIONAL: readonly Part[] = [
  when((sheet) => isOfType(sheet, 'PEG BENCH'), BENCHMARK),
  conditions,
  text('adjustedOrderType'),
  double('triggerPrice'),
  double('lmtPriceOffset'),
  double('adjustedStopPrice'),
  double('adjustedStopLimitPrice'),
  double('adjustedTrailingAmount'),
  int('adjustableTrailingUnit', '0'),
];

/** Mid offsets go with PEG MID, and with a PEG BEST that competes up to mid. */
const hasMidOffsets = (sheet: Sheet): boolean =>
  isOfType(sheet, 'PEG BEST')
    ? sheet.order.competeAgainstBestOffset === Number.POSITIVE_INFINITY
    : isOfType(sheet, 'PEG MID');

const LATER: readonly Part[] = [
  text('extOperator'),
  softDollarTier(false),
  double('cashQty'),
  text('mifid2DecisionMaker'),
  text('mifid2DecisionAlgo'),
  text('mifid2ExecutionTrader'),
  text('mifid2ExecutionAlgo'),
  flag('dontUseAutoPriceForHedge'),
  flag('isOmsContainer'),
  flag('discretionaryUpToLimitPrice'),
  flag('usePriceMgmtAlgo', ''),
  int('duration'),
  int('postToAts'),
  flag('autoCancelParent'),
  text('advancedErrorOverride'),
  text('manualOrderTime'),
  when(({ contract }) => contract.exchange === 'IBKRATS', [int('minTradeQty')]),
  when(
    (sheet) => isOfType(sheet, 'PEG BEST'),
    [int('minCompeteSize'), double('competeAgainstBestOffset')],
  ),
  when(hasMidOffsets, [double('midOffsetAtWhole'), double('midOffsetAtHalf')]),
  since(183, text('customerAccount')),
  since(184, flag('professionalCustomer')),
  between(187, 190, text('externalUserId')),
  between(187, 190, int('manualOrderIndicator')),
  since(189, flag('includeOvernight')),
  since(192, int('manualOrderIndicator')),
];

export const PLACEMENT = layoutOf([
  ...CONTRACT,
  ...MAIN,
  ...EXTENDED,
  ...DERIVED,
  ...CONDITIONAL,
  ...LATER,
]);
