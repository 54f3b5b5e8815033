/**
 * A contract as it stands in requests and answers. What is not set is `undefined`, never empty.
 *
 * Source: IB's `Contract.java`, `ContractDetails.java`, and the pages of the same names in IB's API
 * reference.
 */

export type WireContract = {
  /** IB's number of the contract, e.g. 265598. */
  readonly conId?: number | undefined;
  readonly symbol?: string | undefined;
  /** `STK`, `OPT`, `FUT`, `CASH`, `BAG`, … */
  readonly secType?: string | undefined;
  /** `YYYYMMDD` or `YYYYMM`. */
  readonly lastTradeDateOrContractMonth?: string | undefined;
  readonly strike?: number | undefined;
  /** `P`, `C`, `PUT`, `CALL`; TWS writes `?` or `0` for none. */
  readonly right?: string | undefined;
  /** A text on the wire: `100`. */
  readonly multiplier?: string | undefined;
  readonly exchange?: string | undefined;
  readonly primaryExch?: string | undefined;
  readonly currency?: string | undefined;
  readonly localSymbol?: string | undefined;
  readonly tradingClass?: string | undefined;
  /** `ISIN`, `CUSIP`, … and the number itself. */
  readonly secIdType?: string | undefined;
  readonly secId?: string | undefined;
  /** Of `reqContractDetails` only. */
  readonly includeExpired?: boolean | undefined;
  readonly issuerId?: string | undefined;
  /** Of a combination (`BAG`), as TWS describes it in `openOrder`. */
  readonly comboLegsDescription?: string | undefined;
  readonly comboLegs?: readonly ComboLeg[] | undefined;
  readonly deltaNeutralContract?: DeltaNeutralContract | undefined;
};

export type ComboLeg = {
  readonly conId?: number | undefined;
  readonly ratio?: number | undefined;
  readonly action?: string | undefined;
  readonly exchange?: string | undefined;
  /** 0 same, 1 open, 2 close, 3 unknown. Not in `reqMktData`, nor are the following. */
  readonly openClose?: number | undefined;
  readonly shortSaleSlot?: number | undefined;
  readonly designatedLocation?: string | undefined;
  readonly exemptCode?: number | undefined;
};

export type DeltaNeutralContract = {
  readonly conId: number | undefined;
  readonly delta: number | undefined;
  readonly price: number | undefined;
};

export type TagValue = { readonly tag: string; readonly value: string };

/** The answer to `reqContractDetails`; `contract` there has no `secId`, `comboLegs` and the like. */
export type WireContractDetails = {
  readonly contract: WireContract;
  /** From server version 182. `YYYYMMDD`. */
  readonly lastTradeDate?: string | undefined;
  readonly marketName?: string | undefined;
  /** In the contract's currency: 0.01. */
  readonly minTick?: number | undefined;
  /** Comma-separated: `ACTIVETIM,AD,ALERT,LMT,…`. */
  readonly orderTypes?: string | undefined;
  readonly validExchanges?: string | undefined;
  readonly priceMagnifier?: number | undefined;
  readonly underConId?: number | undefined;
  readonly longName?: string | undefined;
  readonly contractMonth?: string | undefined;
  readonly industry?: string | undefined;
  readonly category?: string | undefined;
  readonly subcategory?: string | undefined;
  /** `US/Eastern` */
  readonly timeZoneId?: string | undefined;
  /** `20261122:0400-20261122:2000;20261123:CLOSED` */
  readonly tradingHours?: string | undefined;
  readonly liquidHours?: string | undefined;
  readonly evRule?: string | undefined;
  readonly evMultiplier?: number | undefined;
  readonly secIdList?: readonly TagValue[] | undefined;
  readonly aggGroup?: number | undefined;
  readonly underSymbol?: string | undefined;
  readonly underSecType?: string | undefined;
  readonly marketRuleIds?: string | undefined;
  readonly realExpirationDate?: string | undefined;
  /** `COMMON`, `ETF`, … */
  readonly stockType?: string | undefined;
  /** Shares. */
  readonly minSize?: number | undefined;
  readonly sizeIncrement?: number | undefined;
  readonly suggestedSizeIncrement?: number | undefined;
  /** From server version 179, of secType `FUND`. */
  readonly fund?: WireFund | undefined;
  /** From server version 186. */
  readonly ineligibilityReasons?: readonly IneligibilityReason[] | undefined;
};

export type IneligibilityReason = { readonly id: string; readonly description: string };

export type WireFund = {
  readonly name?: string | undefined;
  readonly family?: string | undefined;
  readonly type?: string | undefined;
  readonly frontLoad?: string | undefined;
  readonly backLoad?: string | undefined;
  readonly backLoadTimeInterval?: string | undefined;
  readonly managementFee?: string | undefined;
  readonly closed?: boolean | undefined;
  readonly closedForNewInvestors?: boolean | undefined;
  readonly closedForNewMoney?: boolean | undefined;
  readonly notifyAmount?: string | undefined;
  readonly minimumInitialPurchase?: string | undefined;
  readonly subsequentMinimumPurchase?: string | undefined;
  readonly blueSkyStates?: string | undefined;
  readonly blueSkyTerritories?: string | undefined;
  /** `N` accumulation, `Y` income. */
  readonly distributionPolicyIndicator?: string | undefined;
  /** `000` others … `006` commodities. */
  readonly assetType?: string | undefined;
};
