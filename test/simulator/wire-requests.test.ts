/** Every request at every server version, as the installed `@stoqey/ib` encodes it. */
import type { Contract, Order } from '@stoqey/ib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  placeOrderFields,
  type Request,
  readRequest,
  type WireContract,
  type WireOrder,
} from '../../src/simulator/wire.ts';
import { asked, VERSIONS } from './wire-client.ts';
import { contracts, flags, integers, orders, words } from './wire-orders.ts';
import { CONDITION_NUMBERS } from './wire-told.ts';

// A few seconds of computing each, on a machine that may have other work.
vi.setConfig({ testTimeout: 60_000 });

type Ask = Parameters<typeof asked>[1];

const read = (version: number, ask: Ask): Request => readRequest(asked(version, ask), version);

/** What this client's objects call otherwise. The rest has IB's names in both. */
function askedContract({ multiplier, ...contract }: WireContract): Contract {
  return {
    ...contract,
    ...(multiplier !== undefined && { multiplier: Number(multiplier) }),
  } as unknown as Contract;
}

function askedOrder({ conditions, ...order }: WireOrder): Order {
  const list = conditions?.map(({ joinedBy, type, ...condition }) => {
    const [strValue] = ['price', 'time', 'percent', 'volume', 'changePercent'].flatMap((key) =>
      key in condition ? [String(Reflect.get(condition, key))] : [],
    );
    const conjunctionConnection = joinedBy === 'and' ? 'a' : 'o';
    return { ...condition, type: CONDITION_NUMBERS[type], conjunctionConnection, strValue };
  });
  return { ...order, ...(list && { conditions: list }) } as unknown as Order;
}

/** What a client does not send in this message, or refuses to at this version. */
function placeable(order: WireOrder, version: number): WireOrder {
  const { clientId, permId, basisPoints, basisPointsType, bondAccruedInterest, ...asked } = order;
  const { autoCancelDate, filledQuantity, refFuturesConId, shareholder, ...placed } = asked;
  const { imbalanceOnly, routeMarketableToBbo, parentPermId, ...terms } = placed;
  return {
    ...terms,
    externalUserId: undefined,
    softDollarTier: terms.softDollarTier && { ...terms.softDollarTier, displayName: undefined },
    ...(version < 183 && { customerAccount: undefined }),
    ...(version < 184 && { professionalCustomer: undefined }),
    ...(version < 189 && { includeOvernight: undefined }),
    ...(version < 192 && { manualOrderIndicator: undefined }),
  };
}

/** What travels only with something else. */
function placed(order: WireOrder, contract: WireContract): WireOrder {
  const unless = (there: boolean, ...keys: readonly (keyof WireOrder)[]): object =>
    there ? {} : Object.fromEntries(keys.map((key) => [key, undefined]));
  const is = (pattern: RegExp): boolean => pattern.test(order.orderType ?? '');
  const best = is(/^PEG ?BEST$/);
  const mid = best ? order.competeAgainstBestOffset === Infinity : is(/^PEG ?MID$/);
  return {
    ...order,
    ...unless(isBag(contract), 'orderComboLegs', 'smartComboRoutingParams'),
    ...unless(
      order.deltaNeutralOrderType !== undefined,
      ...['deltaNeutralConId' as const, 'deltaNeutralSettlingFirm' as const],
      ...['deltaNeutralClearingAccount' as const, 'deltaNeutralClearingIntent' as const],
      ...['deltaNeutralOpenClose' as const, 'deltaNeutralShortSale' as const],
      ...['deltaNeutralShortSaleSlot' as const, 'deltaNeutralDesignatedLocation' as const],
    ),
    ...unless(
      order.scalePriceIncrement !== undefined,
      ...['scalePriceAdjustValue' as const, 'scalePriceAdjustInterval' as const],
      ...['scaleProfitOffset' as const, 'scaleAutoReset' as const, 'scaleInitPosition' as const],
      ...['scaleInitFillQty' as const, 'scaleRandomPercent' as const],
    ),
    ...unless(order.hedgeType !== undefined, 'hedgeParam'),
    ...unless(order.algoStrategy !== undefined, 'algoParams'),
    ...unless(
      is(/^PEG ?BENCH$/),
      ...['referenceContractId' as const, 'isPeggedChangeAmountDecrease' as const],
      ...['peggedChangeAmount' as const, 'referenceChangeAmount' as const],
      'referenceExchangeId',
    ),
    ...unless(order.conditions !== undefined, 'conditionsIgnoreRth', 'conditionsCancelOrder'),
    ...unless(contract.exchange === 'IBKRATS', 'minTradeQty'),
    ...unless(best, 'minCompeteSize', 'competeAgainstBestOffset'),
    ...unless(mid, 'midOffsetAtWhole', 'midOffsetAtHalf'),
  };
}

const isBag = ({ secType }: WireContract): boolean => secType?.toUpperCase() === 'BAG';

function placedContract(contract: WireContract): WireContract {
  const { includeExpired, issuerId, comboLegsDescription, ...named } = contract;
  return { ...named, comboLegs: isBag(contract) ? named.comboLegs : undefined };
}

describe('an order is read as it was placed', () => {
  test('with all its optional parts', () => {
    fc.assert(
      fc.property(integers, contracts, orders, (orderId, contract, order) => {
        for (const version of VERSIONS) {
          const asks = placeable(order, version);
          const request = read(version, (encoder) => {
            encoder.placeOrder(orderId, askedContract(contract), askedOrder(asks));
          });
          expect(request, `server version ${version}`).toEqual({
            kind: 'placeOrder',
            orderId,
            contract: placedContract(contract),
            order: { ...placed(asks, contract), orderId },
          });
        }
      }),
      { numRuns: 120 },
    );
  });

  test('and at the measured lengths', () => {
    const stock = { secType: 'STK' } as Contract;
    const limit = { orderType: 'LMT' } as Order;
    const lengths = VERSIONS.map(
      (version) => asked(version, (encoder) => encoder.placeOrder(1, stock, limit)).length,
    );
    expect(lengths).toEqual([
      114, 114, 114, 114, 114, 114, 115, 116, 116, 116, 118, 118, 119, 117, 117, 118, 118,
    ]);
    expect(
      VERSIONS.map(
        (version) =>
          placeOrderFields({ orderId: 1, contract: { secType: 'STK' }, order: {} }, version).length,
      ),
    ).toEqual(lengths);
  });

  test('and so is one of our own writing', () => {
    fc.assert(
      fc.property(integers, contracts, orders, (orderId, contract, order) => {
        for (const version of VERSIONS) {
          const asks = placeable(order, version);
          const fields = placeOrderFields({ orderId, contract, order: asks }, version);
          const request = readRequest(fields, version);
          expect(request).toMatchObject({ kind: 'placeOrder', orderId });
          if (request.kind !== 'placeOrder') return;
          const again = placeOrderFields(request, version);
          expect(again).toEqual(fields);
          expect(request.order).toMatchObject(defined({ ...placed(asks, contract), orderId }));
        }
      }),
      { numRuns: 40 },
    );
  });
});

const defined = (values: object): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

describe('a request is read as it was asked', () => {
  const filter = {
    ...{ clientId: 3, acctCode: 'DU1', time: '20261122-10:00:00', symbol: 'RIME' },
    ...{ secType: 'STK', exchange: 'SMART', side: 'BUY' },
  };
  const simple: readonly (readonly [ask: Ask, request: Request])[] = [
    [(e) => e.reqIds(1), { kind: 'reqIds', count: 1 }],
    [(e) => e.reqManagedAccts(), { kind: 'reqManagedAccts' }],
    [(e) => e.reqCurrentTime(), { kind: 'reqCurrentTime' }],
    [(e) => e.reqOpenOrders(), { kind: 'reqOpenOrders' }],
    [(e) => e.reqAllOpenOrders(), { kind: 'reqAllOpenOrders' }],
    [(e) => e.reqAutoOpenOrders(true), { kind: 'reqAutoOpenOrders', autoBind: true }],
    [(e) => e.reqAutoOpenOrders(false), { kind: 'reqAutoOpenOrders', autoBind: false }],
    [(e) => e.reqCompletedOrders(true), { kind: 'reqCompletedOrders', apiOnly: true }],
    [
      (e) => e.reqExecutions(9, filter as never),
      { kind: 'reqExecutions', reqId: 9, filter: { ...filter } },
    ],
    [(e) => e.reqExecutions(9, {}), { kind: 'reqExecutions', reqId: 9, filter: {} as never }],
    [(e) => e.reqPositions(), { kind: 'reqPositions' }],
    [(e) => e.cancelPositions(), { kind: 'cancelPositions' }],
    [
      (e) => e.reqAccountSummary(4, 'All', 'NetLiquidation,BuyingPower'),
      { kind: 'reqAccountSummary', reqId: 4, group: 'All', tags: 'NetLiquidation,BuyingPower' },
    ],
    [(e) => e.cancelAccountSummary(4), { kind: 'cancelAccountSummary', reqId: 4 }],
    [
      (e) => e.reqAccountUpdates(true, 'DU1'),
      { kind: 'reqAccountUpdates', subscribe: true, account: 'DU1' },
    ],
    [(e) => e.cancelMktData(5), { kind: 'cancelMktData', reqId: 5 }],
    [(e) => e.reqMarketDataType(3), { kind: 'reqMarketDataType', marketDataType: 3 }],
    [(e) => e.setServerLogLevel(5), { kind: 'setServerLogLevel', logLevel: 5 }],
  ];

  test.each(simple)('%s', (ask, request) => {
    for (const version of VERSIONS) expect(read(version, ask)).toEqual(request);
  });

  test('a cancel', () => {
    for (const version of VERSIONS) {
      const plain = read(version, (e) => e.cancelOrder(7, {}));
      expect(plain).toEqual({ kind: 'cancelOrder', orderId: 7 });
      const marks = version >= 192 ? { extOperator: 'me', manualOrderIndicator: 1 } : {};
      const asks = { manualOrderCancelTime: '20261122 10:00:00', ...marks };
      expect(read(version, (e) => e.cancelOrder(7, asks))).toEqual({
        ...{ kind: 'cancelOrder', orderId: 7 },
        ...asks,
      });
    }
  });

  test('a cancel of all', () => {
    for (const version of VERSIONS) {
      expect(read(version, (e) => e.reqGlobalCancel({}))).toEqual({ kind: 'reqGlobalCancel' });
      if (version < 192) continue;
      const marks = { extOperator: 'me', manualOrderIndicator: 0 };
      expect(read(version, (e) => e.reqGlobalCancel(marks))).toEqual({
        ...{ kind: 'reqGlobalCancel' },
        ...marks,
      });
    }
  });

  test('the fields of a request for quotes, which this client leaves empty', () => {
    for (const version of [187, 188, 189]) {
      const fields = asked(version, (e) => e.cancelOrder(7, {}));
      expect(readRequest([...fields.slice(0, -3), 'me', 'user', '1'], version)).toEqual({
        ...{ kind: 'cancelOrder', orderId: 7, extOperator: 'me', externalUserId: 'user' },
        manualOrderIndicator: 1,
      });
      const order = { externalUserId: 'user', manualOrderIndicator: 1, includeOvernight: true };
      const placement = placeOrderFields({ orderId: 1, contract: {}, order }, version);
      expect(readRequest(placement, version)).toMatchObject({
        order: version < 189 ? { externalUserId: 'user', manualOrderIndicator: 1 } : order,
      });
    }
  });

  test('a contract that is asked for', () => {
    fc.assert(
      fc.property(integers, contracts, (reqId, contract) => {
        const { comboLegs, comboLegsDescription, deltaNeutralContract, ...named } = contract;
        for (const version of VERSIONS) {
          const request = read(version, (e) =>
            e.reqContractDetails(reqId, askedContract(contract)),
          );
          expect(request).toEqual({ kind: 'reqContractDetails', reqId, contract: named });
        }
      }),
      { numRuns: 60 },
    );
  });

  test('market data, of combinations too', () => {
    const asks = fc.tuple(integers, contracts, words, flags, flags);
    fc.assert(
      fc.property(asks, ([reqId, contract, genericTickList, snapshot, regulatorySnapshot]) => {
        const { includeExpired, issuerId, secIdType, secId, ...known } = contract;
        const { comboLegsDescription, ...named } = known;
        const comboLegs = isBag(contract)
          ? contract.comboLegs?.map(({ conId, ratio, action, exchange }) => ({
              ...{ conId, ratio, action, exchange },
            }))
          : undefined;
        for (const version of VERSIONS) {
          const request = read(version, (e) => {
            const about = askedContract(contract);
            e.reqMktData(reqId, about, genericTickList, snapshot, regulatorySnapshot);
          });
          expect(request).toEqual({
            ...{ kind: 'reqMktData', reqId, genericTickList, snapshot, regulatorySnapshot },
            contract: { ...named, comboLegs },
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the start of the session, with and without capabilities', () => {
    const start = ['71', '2', '5'];
    expect(readRequest([...start, ''], 177)).toEqual({ kind: 'startApi', clientId: 5 });
    expect(readRequest(start, 177)).toEqual({ kind: 'startApi', clientId: 5 });
    expect(readRequest([...start, 'a;b'], 177)).toEqual({
      ...{ kind: 'startApi', clientId: 5, optionalCapabilities: 'a;b' },
    });
  });
});
