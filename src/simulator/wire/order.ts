/**
 * An order as it stands in `placeOrder`, `openOrder` and `completedOrder`. What is not set is
 * `undefined`, never empty and never a largest number. Prices are in the contract's currency.
 *
 * Source: IB's `Order.java` and `OrderState.java`, and the pages of the same names in IB's API
 * reference.
 */
import type { TagValue } from './contract.ts';

export type WireOrder = OrderTerms &
  OrderTrading &
  DerivedTerms &
  AccountTerms &
  LaterTerms &
  OrderTold;

/** What every order has, and what ties it to others. */
export type OrderTerms = {
  readonly orderId?: number | undefined;
  /** `BUY`, `SELL`, `SSHORT`, … */
  readonly action?: string | undefined;
  /** Shares, possibly a fraction. */
  readonly totalQuantity?: number | undefined;
  /** `MKT`, `LMT`, `STP`, `STP LMT`, `TRAIL`, `PEG BENCH`, … */
  readonly orderType?: string | undefined;
  readonly lmtPrice?: number | undefined;
  /** The trigger of a stop, the offset of a REL, the amount of a TRAIL. */
  readonly auxPrice?: number | undefined;
  /** `DAY`, `GTC`, `IOC`, `GTD`, … */
  readonly tif?: string | undefined;
  readonly ocaGroup?: string | undefined;
  /** 1 cancel with block · 2 reduce with block · 3 reduce without block. */
  readonly ocaType?: number | undefined;
  readonly orderRef?: string | undefined;
  readonly transmit?: boolean | undefined;
  readonly parentId?: number | undefined;
  readonly blockOrder?: boolean | undefined;
  readonly sweepToFill?: boolean | undefined;
  readonly displaySize?: number | undefined;
  /** 0 default · 1 double bid/ask · 2 last · 3 double last · 4 bid/ask · 7 last or bid/ask · 8 mid. */
  readonly triggerMethod?: number | undefined;
  readonly outsideRth?: boolean | undefined;
  readonly hidden?: boolean | undefined;
  /** `YYYYMMDD hh:mm:ss {time zone}`. */
  readonly goodAfterTime?: string | undefined;
  readonly goodTillDate?: string | undefined;
  readonly allOrNone?: boolean | undefined;
  readonly minQty?: number | undefined;
  readonly whatIf?: boolean | undefined;
  readonly notHeld?: boolean | undefined;
  readonly overridePercentageConstraints?: boolean | undefined;
  readonly solicited?: boolean | undefined;
};

/** How the order is to trade. */
export type OrderTrading = {
  readonly discretionaryAmt?: number | undefined;
  readonly percentOffset?: number | undefined;
  readonly eTradeOnly?: boolean | undefined;
  readonly firmQuoteOnly?: boolean | undefined;
  readonly nbboPriceCap?: number | undefined;
  readonly auctionStrategy?: number | undefined;
  readonly startingPrice?: number | undefined;
  readonly stockRefPrice?: number | undefined;
  readonly delta?: number | undefined;
  readonly stockRangeLower?: number | undefined;
  readonly stockRangeUpper?: number | undefined;
  readonly trailStopPrice?: number | undefined;
  /** 1.5 is 1.5 %. */
  readonly trailingPercent?: number | undefined;
  readonly basisPoints?: number | undefined;
  readonly basisPointsType?: number | undefined;
  readonly scaleInitLevelSize?: number | undefined;
  readonly scaleSubsLevelSize?: number | undefined;
  /** The seven that follow travel only if this is above nothing. */
  readonly scalePriceIncrement?: number | undefined;
  readonly scalePriceAdjustValue?: number | undefined;
  /** Seconds. */
  readonly scalePriceAdjustInterval?: number | undefined;
  readonly scaleProfitOffset?: number | undefined;
  readonly scaleAutoReset?: boolean | undefined;
  readonly scaleInitPosition?: number | undefined;
  readonly scaleInitFillQty?: number | undefined;
  readonly scaleRandomPercent?: boolean | undefined;
  readonly scaleTable?: string | undefined;
  readonly activeStartTime?: string | undefined;
  readonly activeStopTime?: string | undefined;
  readonly optOutSmartRouting?: boolean | undefined;
  readonly algoStrategy?: string | undefined;
  /** Travels only with an `algoStrategy`. */
  readonly algoParams?: readonly TagValue[] | undefined;
  readonly algoId?: string | undefined;
  /** `tag=value;tag=value;` */
  readonly orderMiscOptions?: string | undefined;
  readonly randomizeSize?: boolean | undefined;
  readonly randomizePrice?: boolean | undefined;
  /** Of a combination: a price for each leg. */
  readonly orderComboLegs?: readonly OrderComboLeg[] | undefined;
  readonly smartComboRoutingParams?: readonly TagValue[] | undefined;
};

export type OrderComboLeg = { readonly price?: number | undefined };

/** Volatility, delta neutral, hedged, pegged and adjusted orders, and conditions. */
export type DerivedTerms = {
  readonly volatility?: number | undefined;
  /** 1 daily, 2 annual. */
  readonly volatilityType?: number | undefined;
  /** The eight `deltaNeutral…` that follow the price travel only if this is set. */
  readonly deltaNeutralOrderType?: string | undefined;
  readonly deltaNeutralAuxPrice?: number | undefined;
  readonly deltaNeutralConId?: number | undefined;
  readonly deltaNeutralSettlingFirm?: string | undefined;
  readonly deltaNeutralClearingAccount?: string | undefined;
  readonly deltaNeutralClearingIntent?: string | undefined;
  readonly deltaNeutralOpenClose?: string | undefined;
  readonly deltaNeutralShortSale?: boolean | undefined;
  readonly deltaNeutralShortSaleSlot?: number | undefined;
  readonly deltaNeutralDesignatedLocation?: string | undefined;
  readonly continuousUpdate?: number | undefined;
  /** 1 average of NBBO, 2 NBB or NBO. */
  readonly referencePriceType?: number | undefined;
  /** `D` delta, `B` beta, `F` FX, `P` pair. */
  readonly hedgeType?: string | undefined;
  readonly hedgeParam?: string | undefined;
  /** The five of `PEG BENCH`. */
  readonly referenceContractId?: number | undefined;
  readonly isPeggedChangeAmountDecrease?: boolean | undefined;
  readonly peggedChangeAmount?: number | undefined;
  readonly referenceChangeAmount?: number | undefined;
  readonly referenceExchangeId?: string | undefined;
  readonly conditions?: readonly OrderCondition[] | undefined;
  readonly conditionsIgnoreRth?: boolean | undefined;
  /** When the conditions hold, the order is cancelled instead of submitted. */
  readonly conditionsCancelOrder?: boolean | undefined;
  readonly adjustedOrderType?: string | undefined;
  readonly triggerPrice?: number | undefined;
  readonly lmtPriceOffset?: number | undefined;
  readonly adjustedStopPrice?: number | undefined;
  readonly adjustedStopLimitPrice?: number | undefined;
  readonly adjustedTrailingAmount?: number | undefined;
  /** 0 amount, 100 percent. */
  readonly adjustableTrailingUnit?: number | undefined;
};

type Joined = {
  /** To the condition after this one. */
  readonly joinedBy: 'and' | 'or';
};

/** IB's six types of condition: 1, 3, 4, 5, 6 and 7 on the wire. */
export type OrderCondition = Joined &
  (
    | {
        readonly type: 'price';
        readonly isMore: boolean;
        readonly price: number;
        readonly conId: number;
        readonly exchange: string;
        readonly triggerMethod: number;
      }
    | { readonly type: 'time'; readonly isMore: boolean; readonly time: string }
    | { readonly type: 'margin'; readonly isMore: boolean; readonly percent: number }
    | {
        readonly type: 'execution';
        readonly secType: string;
        readonly exchange: string;
        readonly symbol: string;
      }
    | {
        readonly type: 'volume';
        readonly isMore: boolean;
        readonly volume: number;
        readonly conId: number;
        readonly exchange: string;
      }
    | {
        readonly type: 'percentChange';
        readonly isMore: boolean;
        readonly changePercent: number;
        readonly conId: number;
        readonly exchange: string;
      }
  );

/** For whom the order is, and who clears it. */
export type AccountTerms = {
  readonly account?: string | undefined;
  /** `O`, `C`; of institutions. */
  readonly openClose?: string | undefined;
  /** 0 customer, 1 firm. */
  readonly origin?: number | undefined;
  readonly faGroup?: string | undefined;
  readonly faMethod?: string | undefined;
  readonly faPercentage?: string | undefined;
  readonly modelCode?: string | undefined;
  readonly shortSaleSlot?: number | undefined;
  readonly designatedLocation?: string | undefined;
  readonly exemptCode?: number | undefined;
  readonly rule80A?: string | undefined;
  readonly settlingFirm?: string | undefined;
  readonly clearingAccount?: string | undefined;
  /** `IB`, `Away`, `PTA`. */
  readonly clearingIntent?: string | undefined;
  readonly extOperator?: string | undefined;
  readonly softDollarTier?: SoftDollarTier | undefined;
  readonly mifid2DecisionMaker?: string | undefined;
  readonly mifid2DecisionAlgo?: string | undefined;
  readonly mifid2ExecutionTrader?: string | undefined;
  readonly mifid2ExecutionAlgo?: string | undefined;
  /** From server version 183. */
  readonly customerAccount?: string | undefined;
  /** From server version 184. */
  readonly professionalCustomer?: boolean | undefined;
  /** Server versions 187 to 189 only. */
  readonly externalUserId?: string | undefined;
  /** Server versions 187 to 189, and from 192; in `openOrder` from 193. */
  readonly manualOrderIndicator?: number | undefined;
};

export type SoftDollarTier = {
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  /** In answers only. */
  readonly displayName?: string | undefined;
};

/** What IB's protocol got after server version 110. */
export type LaterTerms = {
  /** Order size in the contract's currency. */
  readonly cashQty?: number | undefined;
  readonly dontUseAutoPriceForHedge?: boolean | undefined;
  readonly isOmsContainer?: boolean | undefined;
  readonly discretionaryUpToLimitPrice?: boolean | undefined;
  readonly usePriceMgmtAlgo?: boolean | undefined;
  /** Seconds. */
  readonly duration?: number | undefined;
  readonly postToAts?: number | undefined;
  readonly autoCancelParent?: boolean | undefined;
  /** Comma-separated codes of rejections that the client overrides. */
  readonly advancedErrorOverride?: string | undefined;
  readonly manualOrderTime?: string | undefined;
  /** Of orders to `IBKRATS`. */
  readonly minTradeQty?: number | undefined;
  /** Of `PEG BEST`. An infinite offset means "up to mid", and then the two for mid travel. */
  readonly minCompeteSize?: number | undefined;
  readonly competeAgainstBestOffset?: number | undefined;
  /** Of `PEG MID`, too. */
  readonly midOffsetAtWhole?: number | undefined;
  readonly midOffsetAtHalf?: number | undefined;
  /** From server version 189. */
  readonly includeOvernight?: boolean | undefined;
};

/** What only TWS says of an order. */
export type OrderTold = {
  readonly clientId?: number | undefined;
  /** The account-wide id; up to 2^53 here, 64 bits at IB. */
  readonly permId?: number | undefined;
  /** From server version 185. */
  readonly bondAccruedInterest?: string | undefined;
  /** The rest is of `completedOrder`. */
  readonly autoCancelDate?: string | undefined;
  readonly filledQuantity?: number | undefined;
  readonly refFuturesConId?: number | undefined;
  readonly shareholder?: string | undefined;
  readonly imbalanceOnly?: boolean | undefined;
  readonly routeMarketableToBbo?: boolean | undefined;
  readonly parentPermId?: number | undefined;
};

/** IB's `OrderState`. Margins are in the account's base currency, `undefined` unless what-if. */
export type WireOrderState = {
  /** `PreSubmitted`, `Submitted`, `Filled`, … */
  readonly status?: string | undefined;
  readonly initMarginBefore?: number | undefined;
  readonly maintMarginBefore?: number | undefined;
  readonly equityWithLoanBefore?: number | undefined;
  readonly initMarginChange?: number | undefined;
  readonly maintMarginChange?: number | undefined;
  readonly equityWithLoanChange?: number | undefined;
  readonly initMarginAfter?: number | undefined;
  readonly maintMarginAfter?: number | undefined;
  readonly equityWithLoanAfter?: number | undefined;
  readonly commission?: number | undefined;
  readonly minCommission?: number | undefined;
  readonly maxCommission?: number | undefined;
  readonly commissionCurrency?: string | undefined;
  readonly warningText?: string | undefined;
  /** Of `completedOrder`: `20261122 10:00:00 EST`. */
  readonly completedTime?: string | undefined;
  /** Of `completedOrder`: `Filled Size: 100`, `Cancelled by Trader`. */
  readonly completedStatus?: string | undefined;
};
