/**
 * What TWS answers to `reqContractDetails`, for server versions 177 to 193.
 *
 * Source: `@stoqey/ib` `core/io/decoder.js` (`decodeMsg_CONTRACT_DATA`), IB's `EDecoder.java`
 * (`processContractDataMsg`).
 */
import type { Fields } from './answers.ts';
import type { WireContractDetails, WireFund } from './contract.ts';
import { tagValues } from './groups.ts';
import { asciiText, doubleText, flagText, plainText } from './spelling.ts';

/** Bonds have a message of their own, which is not here. */
export function contractDetails(
  reqId: number,
  told: WireContractDetails,
  serverVersion: number,
): Fields {
  const { contract } = told;
  const isFund = serverVersion >= 179 && contract.secType === 'FUND';
  return [
    ...['10', String(reqId), contract.symbol ?? '', contract.secType ?? ''],
    contract.lastTradeDateOrContractMonth ?? '',
    ...(serverVersion >= 182 ? [told.lastTradeDate ?? ''] : []),
    ...[doubleText(contract.strike, '0.0'), contract.right ?? ''],
    ...[contract.exchange ?? '', contract.currency ?? '', contract.localSymbol ?? ''],
    ...[told.marketName ?? '', contract.tradingClass ?? '', plainText(contract.conId, '0')],
    ...[doubleText(told.minTick, '0.0'), contract.multiplier ?? ''],
    ...[told.orderTypes ?? '', told.validExchanges ?? ''],
    ...[plainText(told.priceMagnifier, '1'), plainText(told.underConId, '0')],
    ...[asciiText(told.longName ?? ''), contract.primaryExch ?? '', told.contractMonth ?? ''],
    ...[told.industry ?? '', told.category ?? '', told.subcategory ?? ''],
    ...[told.timeZoneId ?? '', told.tradingHours ?? '', told.liquidHours ?? ''],
    ...[told.evRule ?? '', plainText(told.evMultiplier), ...tagValues(told.secIdList)],
    ...[plainText(told.aggGroup, '1'), told.underSymbol ?? '', told.underSecType ?? ''],
    ...[told.marketRuleIds ?? '', told.realExpirationDate ?? '', told.stockType ?? ''],
    ...[plainText(told.minSize), plainText(told.sizeIncrement)],
    plainText(told.suggestedSizeIncrement),
    ...(isFund ? fundFields(told.fund ?? {}) : []),
    ...(serverVersion >= 186 ? ineligibilities(told) : []),
  ];
}

function fundFields(fund: WireFund): Fields {
  return [
    ...[fund.name ?? '', fund.family ?? '', fund.type ?? ''],
    ...[fund.frontLoad ?? '', fund.backLoad ?? '', fund.backLoadTimeInterval ?? ''],
    fund.managementFee ?? '',
    ...[flagText(fund.closed), flagText(fund.closedForNewInvestors)],
    flagText(fund.closedForNewMoney),
    ...[fund.notifyAmount ?? '', fund.minimumInitialPurchase ?? ''],
    fund.subsequentMinimumPurchase ?? '',
    ...[fund.blueSkyStates ?? '', fund.blueSkyTerritories ?? ''],
    ...[fund.distributionPolicyIndicator ?? '', fund.assetType ?? ''],
  ];
}

function ineligibilities({ ineligibilityReasons: list = [] }: WireContractDetails): Fields {
  return [String(list.length), ...list.flatMap(({ id, description }) => [id, description])];
}

export function contractDetailsEnd(reqId: number): Fields {
  return ['52', '1', String(reqId)];
}
