/**
 * Every answer at every server version, as the installed `@stoqey/ib` makes sense of it. Exactly
 * the one event that was meant: if its decoder had data left, or not enough, it would tell an error
 * 505 besides.
 */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  answers,
  type Fields,
  type WireContract,
  type WireContractDetails,
} from '../../src/simulator/wire.ts';
import { heard, VERSIONS } from './wire-client.ts';
import {
  contracts,
  flags,
  integers,
  longs,
  numbers,
  orders,
  states,
  words,
} from './wire-orders.ts';
import {
  completedOrderHeard,
  completedStateHeard,
  contractHeard,
  openOrderHeard,
  openStateHeard,
} from './wire-told.ts';

// A few seconds of computing each, on a machine that may have other work.
vi.setConfig({ testTimeout: 60_000 });

function told(version: number, fields: Fields, event: string): readonly unknown[] {
  const all = heard(version, fields);
  expect(all.map((one) => (one.event === event ? event : one))).toEqual([event]);
  return all[0]?.args ?? [];
}

/** For anything that can be meant, and at every version. */
function eachVersion<T>(
  meant: Arbitrary<T>,
  numRuns: number,
  check: (value: T, version: number) => void,
): void {
  fc.assert(
    fc.property(meant, (value) => {
      for (const version of VERSIONS) {
        try {
          check(value, version);
        } catch (error) {
          throw new Error(`at server version ${version}`, { cause: error });
        }
      }
    }),
    { numRuns },
  );
}

const sheets = fc.record({ contract: contracts, order: orders, state: states });

describe('an order is heard as it was told, with all its optional parts', () => {
  test('in openOrder', () => {
    eachVersion(sheets, 120, (sheet, version) => {
      const args = told(version, answers.openOrder(sheet, version), 'openOrder');
      expect(args).toEqual([
        sheet.order.orderId ?? 0,
        contractHeard(sheet.contract),
        openOrderHeard(sheet.order, version),
        openStateHeard(sheet.state),
      ]);
    });
  });

  test('in completedOrder', () => {
    eachVersion(sheets, 120, (sheet, version) => {
      const args = told(version, answers.completedOrder(sheet, version), 'completedOrder');
      expect(args).toEqual([
        contractHeard(sheet.contract),
        completedOrderHeard(sheet.order, version),
        completedStateHeard(sheet.state),
      ]);
    });
  });

  test('and at the measured lengths', () => {
    const nothing = { contract: {}, order: {}, state: {} };
    const lengths = (of: (version: number) => Fields): readonly number[] =>
      VERSIONS.map((version) => of(version).length);
    expect(lengths((version) => answers.openOrder(nothing, version))).toEqual([
      135, 135, 135, 135, 135, 135, 136, 137, 138, 138, 138, 138, 139, 139, 139, 139, 141,
    ]);
    expect(lengths((version) => answers.completedOrder(nothing, version))).toEqual([
      100, 100, 100, 100, 100, 100, 101, 102, 102, 102, 102, 102, 102, 102, 102, 102, 102,
    ]);
  });
});

const statuses = fc.record({
  orderId: integers,
  status: words,
  filled: numbers,
  remaining: numbers,
  avgFillPrice: numbers,
  permId: longs,
  parentId: integers,
  lastFillPrice: numbers,
  clientId: integers,
  whyHeld: words,
  mktCapPrice: numbers,
});

const executions = fc.record({
  reqId: integers,
  orderId: integers,
  contract: contracts,
  execId: words,
  time: words,
  acctNumber: words,
  exchange: words,
  side: fc.constantFrom('BOT', 'SLD'),
  shares: numbers,
  price: numbers,
  permId: longs,
  clientId: integers,
  liquidation: fc.constantFrom(undefined, 0, 1),
  cumQty: numbers,
  avgPrice: numbers,
  orderRef: fc.option(words, { nil: undefined }),
  evRule: fc.option(words, { nil: undefined }),
  evMultiplier: fc.option(numbers, { nil: undefined }),
  modelCode: fc.option(words, { nil: undefined }),
  lastLiquidity: fc.constantFrom(undefined, 0, 1, 2, 3),
  pendingPriceRevision: fc.option(flags, { nil: undefined }),
});

/** Without what such messages do not carry. */
function instrumentHeard(contract: WireContract, without: 'exchange' | 'primaryExch'): object {
  const { comboLegsDescription, comboLegs, deltaNeutralContract, ...instrument } = {
    ...{ comboLegsDescription: '', comboLegs: [], deltaNeutralContract: undefined },
    ...contractHeard(contract),
    ...{ primaryExch: contract.primaryExch ?? '' },
  };
  return { ...instrument, [without]: undefined };
}

describe('what happened is heard as it was told', () => {
  test('orderStatus', () => {
    eachVersion(statuses, 60, (status, version) => {
      const { orderId, filled, remaining, avgFillPrice, permId, parentId } = status;
      expect(told(version, answers.orderStatus(status), 'orderStatus')).toEqual([
        ...[orderId, status.status, filled, remaining, avgFillPrice, permId, parentId],
        ...[status.lastFillPrice, status.clientId, status.whyHeld, status.mktCapPrice],
      ]);
    });
  });

  test('execDetails', () => {
    eachVersion(executions, 60, (execution, version) => {
      const { reqId, contract, pendingPriceRevision, ...about } = execution;
      const args = told(version, answers.execDetails(execution, version), 'execDetails');
      expect(args).toEqual([
        reqId,
        instrumentHeard(contract, 'primaryExch'),
        {
          ...about,
          liquidation: about.liquidation ?? 0,
          orderRef: about.orderRef ?? '',
          evRule: about.evRule ?? '',
          evMultiplier: about.evMultiplier ?? 0,
          modelCode: about.modelCode ?? '',
          lastLiquidity: about.lastLiquidity ?? 0,
          pendingPriceRevision: version >= 178 ? (pendingPriceRevision ?? false) : undefined,
        },
      ]);
    });
  });

  test('commissionReport', () => {
    const reports = fc.record({
      execId: words,
      commission: numbers,
      currency: words,
      realizedPNL: fc.option(numbers, { nil: undefined }),
      yield: fc.option(numbers, { nil: undefined }),
      yieldRedemptionDate: integers,
    });
    eachVersion(reports, 60, (report, version) => {
      expect(told(version, answers.commissionReport(report), 'commissionReport')).toEqual([report]);
    });
  });

  test('position and portfolioValue', () => {
    const holdings = fc.record({
      contract: contracts,
      position: numbers,
      marketPrice: numbers,
      marketValue: numbers,
      averageCost: numbers,
      unrealizedPNL: numbers,
      realizedPNL: numbers,
      account: words,
    });
    eachVersion(holdings, 60, (holding, version) => {
      const { contract, position, averageCost, account } = holding;
      const fields = answers.position(account, contract, position, averageCost);
      expect(told(version, fields, 'position')).toEqual([
        ...[account, instrumentHeard(contract, 'primaryExch'), position, averageCost],
      ]);
      expect(told(version, answers.portfolioValue(holding), 'updatePortfolio')).toEqual([
        ...[instrumentHeard(contract, 'exchange'), position],
        ...[holding.marketPrice, holding.marketValue, averageCost],
        ...[holding.unrealizedPNL, holding.realizedPNL, account],
      ]);
    });
  });

  test('orderBound', () => {
    eachVersion(fc.tuple(longs, integers, integers), 30, (ids, version) => {
      expect(told(version, answers.orderBound(...ids), 'orderBound')).toEqual(ids);
    });
  });
});

describe('the rest is heard as it was told', () => {
  const plain: readonly (readonly [fields: Fields, event: string, args: readonly unknown[]])[] = [
    [answers.managedAccounts(['DU1', 'DU2']), 'managedAccounts', ['DU1,DU2']],
    [answers.nextValidId(7), 'nextValidId', [7]],
    [answers.currentTime(1795946400), 'currentTime', [1795946400]],
    [answers.openOrderEnd(), 'openOrderEnd', []],
    [answers.execDetailsEnd(9), 'execDetailsEnd', [9]],
    [answers.positionEnd(), 'positionEnd', []],
    [answers.completedOrdersEnd(), 'completedOrdersEnd', []],
    [
      answers.accountSummary(3, 'DU1', 'NetLiquidation', '25.5', 'USD'),
      'accountSummary',
      [3, 'DU1', 'NetLiquidation', '25.5', 'USD'],
    ],
    [answers.accountSummaryEnd(3), 'accountSummaryEnd', [3]],
    [
      answers.accountValue('CashBalance', '1000.00', 'USD', 'DU1'),
      'updateAccountValue',
      ['CashBalance', '1000.00', 'USD', 'DU1'],
    ],
    [answers.accountUpdateTime('10:00'), 'updateAccountTime', ['10:00']],
    [answers.accountDownloadEnd('DU1'), 'accountDownloadEnd', ['DU1']],
    [answers.contractDetailsEnd(4), 'contractDetailsEnd', [4]],
    [answers.tickSize(5, 8, 1234.5), 'tickSize', [5, 8, 1234.5]],
    [answers.tickString(5, 45, '1795946400'), 'tickString', [5, 45, '1795946400']],
    [answers.tickGeneric(5, 49, 0), 'tickGeneric', [5, 49, 0]],
    [answers.tickSnapshotEnd(5), 'tickSnapshotEnd', [5]],
    [answers.tickReqParams(5, 1, 'a60001', 3), 'tickReqParams', [5, 1, 'a60001', 3]],
    [answers.marketDataType(5, 3), 'marketDataType', [5, 3]],
  ];

  test.each(plain)('%j', (fields, event, args) => {
    for (const version of VERSIONS) expect(told(version, fields, event)).toEqual(args);
  });

  test('a price is told with the size of its side', () => {
    for (const version of VERSIONS) {
      const fields = answers.tickPrice(5, 4, 1.31, 200, { canAutoExecute: true });
      expect(heard(version, fields)).toEqual([
        { event: 'tickPrice', args: [5, 4, 1.31, true] },
        { event: 'tickSize', args: [5, 5, 200] },
      ]);
    }
  });

  test.each([
    [{}, '0'],
    [{ canAutoExecute: true }, '1'],
    [{ pastLimit: true }, '2'],
    [{ preOpen: true }, '4'],
    [{ canAutoExecute: true, pastLimit: true, preOpen: true }, '7'],
  ])(
    'what is said of a price, %j, is one number, of which this client takes any for the first',
    (attributes, mask) => {
      expect(answers.tickPrice(5, 1, 1.31, 200, attributes).at(-1)).toBe(mask);
    },
  );

  test('an error of an order, with its advanced rejection', () => {
    const reject = JSON.stringify({ note: 'prix trop éloigné', codes: ['8229=IBDBUYTX'] });
    for (const version of VERSIONS) {
      const fields = answers.error(12, 201, 'Order rejected: é, 株, 🐟, "quoted"', reject);
      expect(fields.join('')).toMatch(/^[\0-\x7f]*$/);
      expect(told(version, fields, 'error')).toEqual([
        ...['Order rejected: é, 株, 🐟, "quoted"', 201, 12, JSON.parse(reject)],
      ]);
    }
  });

  test('an error of the session, which this client calls information', () => {
    const fields = answers.error(-1, 1100, 'Connectivity between IB and TWS has been lost.');
    for (const version of VERSIONS) {
      expect(told(version, fields, 'info')).toEqual([
        ...['Connectivity between IB and TWS has been lost.', 1100],
      ]);
    }
  });

  test('contractDetails', () => {
    eachVersion(fc.tuple(integers, detailed), 60, ([reqId, details], version) => {
      const fields = answers.contractDetails(reqId, details, version);
      const [id, heardDetails] = told(version, fields, 'contractDetails');
      expect(id).toBe(reqId);
      expect(heardDetails).toEqual(detailsHeard(details, version));
    });
  });
});

const maybe = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const optional = maybe(words);

const detailed: Arbitrary<WireContractDetails> = fc.record({
  // This client takes a date apart at a dash, and TWS writes none in the date itself.
  contract: contracts.map((contract) => ({
    ...contract,
    lastTradeDateOrContractMonth: contract.lastTradeDateOrContractMonth?.replaceAll('-', '/'),
  })),
  ...{ lastTradeDate: optional, marketName: optional, minTick: maybe(numbers) },
  ...{ orderTypes: optional, validExchanges: optional, priceMagnifier: maybe(integers) },
  ...{ underConId: maybe(integers), longName: optional, contractMonth: optional },
  ...{ industry: optional, category: optional, subcategory: optional, timeZoneId: optional },
  ...{ tradingHours: optional, liquidHours: optional, evRule: optional },
  ...{ evMultiplier: maybe(numbers), aggGroup: maybe(integers), underSymbol: optional },
  ...{ underSecType: optional, marketRuleIds: optional, realExpirationDate: optional },
  ...{ stockType: optional, minSize: maybe(numbers), sizeIncrement: maybe(numbers) },
  suggestedSizeIncrement: maybe(numbers),
  secIdList: maybe(fc.array(fc.record({ tag: words, value: words }), { maxLength: 2 })),
  fund: maybe(
    fc.record({
      ...{ name: words, family: words, type: words, frontLoad: words, backLoad: words },
      ...{ backLoadTimeInterval: words, managementFee: words, closed: flags },
      ...{ closedForNewInvestors: flags, closedForNewMoney: flags, notifyAmount: words },
      ...{ minimumInitialPurchase: words, subsequentMinimumPurchase: words },
      ...{ blueSkyStates: words, blueSkyTerritories: words },
      ...{ distributionPolicyIndicator: fc.constantFrom('N', 'Y'), assetType: words },
    }),
  ),
  ineligibilityReasons: maybe(
    fc.array(fc.record({ id: words, description: words }), { maxLength: 2 }),
  ),
});

function detailsHeard(details: WireContractDetails, version: number): object {
  const {
    contract,
    lastTradeDate,
    secIdList = [],
    ineligibilityReasons = [],
    fund,
    ...about
  } = details;
  const texts = ['marketName', 'orderTypes', 'validExchanges', 'longName', 'contractMonth'];
  const more = ['industry', 'category', 'subcategory', 'timeZoneId', 'tradingHours', 'liquidHours'];
  const last = ['evRule', 'underSymbol', 'underSecType', 'marketRuleIds', 'realExpirationDate'];
  const empty = [...texts, ...more, ...last, 'stockType'].map((key) => [key, ''] as const);
  const set = Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined));
  const named = {
    ...instrumentHeard(contract, 'primaryExch'),
    primaryExch: contract.primaryExch ?? '',
    lastTradeDate: version >= 182 ? (lastTradeDate ?? '') : undefined,
    lastTradeDateOrContractMonth: contract.lastTradeDateOrContractMonth,
  };
  const isFund = version >= 179 && contract.secType === 'FUND';
  return {
    ...Object.fromEntries(empty),
    ...{ minTick: 0, priceMagnifier: 1, underConId: 0, evMultiplier: 0, aggGroup: 1 },
    ...set,
    contract: named,
    secIdList: secIdList.length === 0 ? undefined : secIdList,
    ...(isFund && fundHeard(fund ?? {})),
    ineligibilityReasonList: version >= 186 ? ineligibilityReasons : undefined,
  };
}

const fundHeard = (fund: NonNullable<WireContractDetails['fund']>): object => ({
  ...{ fundName: fund.name ?? '', fundFamily: fund.family ?? '', fundType: fund.type ?? '' },
  ...{ fundFrontLoad: fund.frontLoad ?? '', fundBackLoad: fund.backLoad ?? '' },
  fundBackLoadTimeInterval: fund.backLoadTimeInterval ?? '',
  fundManagementFee: fund.managementFee ?? '',
  fundClosed: fund.closed ?? false,
  fundClosedForNewInvestors: fund.closedForNewInvestors ?? false,
  fundClosedForNewMoney: fund.closedForNewMoney ?? false,
  fundNotifyAmount: fund.notifyAmount ?? '',
  fundMinimumInitialPurchase: fund.minimumInitialPurchase ?? '',
  fundSubsequentMinimumPurchase: fund.subsequentMinimumPurchase ?? '',
  fundBlueSkyStates: fund.blueSkyStates ?? '',
  fundBlueSkyTerritories: fund.blueSkyTerritories ?? '',
  fundDistributionPolicyIndicator: fund.distributionPolicyIndicator ?? '',
  fundAssetType: fund.assetType ?? '',
});
