/**
 * How TWS repeats an order: `openOrder` while it is open, `completedOrder` afterwards; from their
 * first field behind the message id, for server versions 177 to 193.
 *
 * Source: `@stoqey/ib` `core/io/decoder.js` (`decodeMsg_OPEN_ORDER`, `decodeMsg_COMPLETED_ORDER`,
 * `OrderDecoder`), IB's `EDecoder.java` and `EOrderDecoder.java`. What stands for no value is from
 * messages of real gateways that the tests of rust-ibapi have recorded; where a recording has
 * another value than an order of ours would, nothing (an empty field) is written.
 */
import { takeText } from './cursor.ts';
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
  amount,
  conId,
  decimal,
  double,
  flag,
  int,
  layoutOf,
  ofContract,
  ofState,
  type Part,
  since,
  strike,
  text,
  when,
} from './parts.ts';
import { BENCHMARK, isHedge, isScaled, SCALE } from './placement.ts';
import { UNSET_DOUBLE, UNSET_INT } from './spelling.ts';

const CONTRACT: readonly Part[] = [
  conId,
  ofContract('symbol'),
  ofContract('secType'),
  ofContract('lastTradeDateOrContractMonth'),
  strike,
  ofContract('right', '?'),
  ofContract('multiplier'),
  ofContract('exchange'),
  ofContract('currency'),
  ofContract('localSymbol'),
  ofContract('tradingClass'),
];

const MAIN: readonly Part[] = [
  text('action'),
  decimal('totalQuantity'),
  text('orderType'),
  double('lmtPrice', '0.0'),
  double('auxPrice', '0.0'),
  text('tif'),
  text('ocaGroup'),
  text('account'),
  text('openClose'),
  int('origin', '0'),
  text('orderRef'),
];

const AFTER_IDS: readonly Part[] = [
  flag('outsideRth'),
  flag('hidden'),
  double('discretionaryAmt', '0'),
  text('goodAfterTime'),
];

const ADVISED: readonly Part[] = [
  text('faGroup'),
  text('faMethod'),
  text('faPercentage'),
  text('modelCode'),
  text('goodTillDate'),
  text('rule80A'),
  double('percentOffset'),
  text('settlingFirm'),
  int('shortSaleSlot', '0'),
  text('designatedLocation'),
  int('exemptCode', '-1'),
];

const BOX: readonly Part[] = [
  double('startingPrice'),
  double('stockRefPrice'),
  double('delta'),
  double('stockRangeLower'),
  double('stockRangeUpper'),
  int('displaySize', UNSET_INT),
];

const VOLATILITY: readonly Part[] = [
  double('volatility'),
  int('volatilityType', '0'),
  // Never nothing, so that the fields behind the price are always there.
  text('deltaNeutralOrderType', 'None'),
  double('deltaNeutralAuxPrice'),
  int('deltaNeutralConId', '0'),
];

const SHORT_DELTA_NEUTRAL: readonly Part[] = [
  flag('deltaNeutralShortSale'),
  int('deltaNeutralShortSaleSlot', '0'),
  text('deltaNeutralDesignatedLocation'),
  int('continuousUpdate', '0'),
  int('referencePriceType', '0'),
  double('trailStopPrice'),
  double('trailingPercent'),
];

const COMBINATION: readonly Part[] = [
  ofContract('comboLegsDescription'),
  comboLegs,
  orderComboLegs,
  smartComboRoutingParams,
  int('scaleInitLevelSize', UNSET_INT),
  int('scaleSubsLevelSize', UNSET_INT),
  double('scalePriceIncrement'),
  when(isScaled, SCALE),
  text('hedgeType'),
  when(isHedge, [text('hedgeParam')]),
];

const CLEARING: readonly Part[] = [
  text('clearingAccount'),
  text('clearingIntent', 'IB'),
  flag('notHeld'),
  deltaNeutralContract,
  text('algoStrategy'),
  algoParams,
  flag('solicited'),
];

const PEGGED: readonly Part[] = [
  flag('randomizeSize'),
  flag('randomizePrice'),
  when((sheet) => isOfType(sheet, 'PEG BENCH'), BENCHMARK),
  conditions,
];

const WHAT_IF: readonly Part[] = [
  flag('whatIf'),
  ofState('status'),
  amount('initMarginBefore', UNSET_DOUBLE),
  amount('maintMarginBefore', UNSET_DOUBLE),
  amount('equityWithLoanBefore', UNSET_DOUBLE),
  amount('initMarginChange', UNSET_DOUBLE),
  amount('maintMarginChange', UNSET_DOUBLE),
  amount('equityWithLoanChange', UNSET_DOUBLE),
  amount('initMarginAfter', UNSET_DOUBLE),
  amount('maintMarginAfter', UNSET_DOUBLE),
  amount('equityWithLoanAfter', UNSET_DOUBLE),
  amount('commission'),
  amount('minCommission'),
  amount('maxCommission'),
  ofState('commissionCurrency'),
  ofState('warningText'),
];

const ADJUSTED: readonly Part[] = [
  text('adjustedOrderType', 'None'),
  double('triggerPrice', UNSET_DOUBLE),
  double('trailStopPrice', UNSET_DOUBLE),
  double('lmtPriceOffset', UNSET_DOUBLE),
  double('adjustedStopPrice', UNSET_DOUBLE),
  double('adjustedStopLimitPrice', UNSET_DOUBLE),
  double('adjustedTrailingAmount', UNSET_DOUBLE),
  int('adjustableTrailingUnit', '0'),
];

const OFFSETS: readonly Part[] = [
  int('minTradeQty'),
  int('minCompeteSize'),
  double('competeAgainstBestOffset'),
  double('midOffsetAtWhole'),
  double('midOffsetAtHalf'),
  since(183, text('customerAccount')),
  since(184, flag('professionalCustomer')),
];

const OPEN_TAIL: readonly Part[] = [
  softDollarTier(true),
  double('cashQty', '0'),
  flag('dontUseAutoPriceForHedge'),
  flag('isOmsContainer'),
  flag('discretionaryUpToLimitPrice'),
  flag('usePriceMgmtAlgo'),
  int('duration'),
  int('postToAts'),
  flag('autoCancelParent'),
  ...OFFSETS,
  since(185, text('bondAccruedInterest')),
  since(189, flag('includeOvernight')),
  since(193, text('extOperator')),
  since(193, int('manualOrderIndicator', UNSET_INT)),
];

/** Given up by IB, and still written: the whole order is for its one account. */
const sharesAllocation: Part = {
  name: 'sharesAllocation',
  read: (from) => {
    takeText(from, 'sharesAllocation');
  },
  write: ({ order: { permId = 0, account = '' } }, out) => {
    out.push(`${permId}.0/${account}/100`);
  },
};

export const OPEN_ORDER = layoutOf([
  int('orderId', '0'),
  ...CONTRACT,
  ...MAIN,
  int('clientId', '0'),
  decimal('permId', '0'),
  ...AFTER_IDS,
  sharesAllocation,
  ...ADVISED,
  int('auctionStrategy', '0'),
  ...BOX,
  flag('blockOrder'),
  flag('sweepToFill'),
  flag('allOrNone'),
  int('minQty'),
  int('ocaType', '0'),
  flag('eTradeOnly'),
  flag('firmQuoteOnly'),
  double('nbboPriceCap'),
  int('parentId', '0'),
  int('triggerMethod', '0'),
  ...VOLATILITY,
  text('deltaNeutralSettlingFirm'),
  text('deltaNeutralClearingAccount'),
  text('deltaNeutralClearingIntent'),
  text('deltaNeutralOpenClose', '?'),
  ...SHORT_DELTA_NEUTRAL,
  double('basisPoints'),
  int('basisPointsType'),
  ...COMBINATION,
  flag('optOutSmartRouting'),
  ...CLEARING,
  ...WHAT_IF,
  ...PEGGED,
  ...ADJUSTED,
  ...OPEN_TAIL,
]);

export const COMPLETED_ORDER = layoutOf([
  ...CONTRACT,
  ...MAIN,
  decimal('permId', '0'),
  ...AFTER_IDS,
  ...ADVISED,
  ...BOX,
  flag('sweepToFill'),
  flag('allOrNone'),
  int('minQty'),
  int('ocaType', '0'),
  int('triggerMethod', '0'),
  ...VOLATILITY,
  ...SHORT_DELTA_NEUTRAL,
  ...COMBINATION,
  ...CLEARING,
  ofState('status'),
  ...PEGGED,
  double('trailStopPrice', UNSET_DOUBLE),
  double('lmtPriceOffset', UNSET_DOUBLE),
  double('cashQty', '0'),
  flag('dontUseAutoPriceForHedge'),
  flag('isOmsContainer'),
  text('autoCancelDate'),
  decimal('filledQuantity', '0'),
  int('refFuturesConId', '0'),
  flag('autoCancelParent'),
  text('shareholder'),
  flag('imbalanceOnly'),
  flag('routeMarketableToBbo'),
  decimal('parentPermId', '0'),
  ofState('completedTime'),
  ofState('completedStatus'),
  ...OFFSETS,
]);
