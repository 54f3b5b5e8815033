/** What is not set, not known or not readable in requests, and what the client itself gets wrong. */
import type { Contract, Order } from '@stoqey/ib';
import { describe, expect, test } from 'vitest';
import {
  type PlaceOrder,
  placeOrderFields,
  type Request,
  readRequest,
} from '../../src/simulator/wire.ts';
import { allAsked, asked, VERSIONS } from './wire-client.ts';

type Ask = Parameters<typeof asked>[1];

const read = (version: number, ask: Ask): Request => readRequest(asked(version, ask), version);

const tag = (name: string): object => ({ tag: name, value: 'x' });

describe('what is not set', () => {
  const spellings = [
    ...['1.7976931348623157E308', '1.7976931348623157e308', '1.7976931348623157E+308'],
    ...['179769313486231570000'.padEnd(309, '0'), '9223372036854775807', '-9223372036854775808'],
  ];
  const base: PlaceOrder = {
    kind: 'placeOrder',
    orderId: 1,
    contract: { secType: 'STK' },
    order: { orderId: 1, orderType: 'LMT' },
  };

  /** Where a 7 makes a number of what is otherwise not set. */
  function numeric(fields: readonly string[], version: number): readonly number[] {
    const kinds = fields.flatMap((_, at) => {
      const request = readRequest(fields.with(at, '7'), version);
      if (at < 2 || request.kind !== 'placeOrder') return [];
      const values = Object.values({ ...request.contract, ...request.order });
      return values.includes(7) ? [at] : [];
    });
    return kinds;
  }

  const plain = (version: number): readonly string[] =>
    asked(version, (encoder) => {
      encoder.placeOrder(1, { secType: 'STK' } as Contract, { orderType: 'LMT' } as Order);
    });

  test.each(VERSIONS)('may be spelled in any way, at server version %i', (version) => {
    const fields = plain(version);
    const places = numeric(fields, version);
    // The manual order indicator is there in some versions only.
    expect(places).toHaveLength(40 + Number([187, 188, 189, 192, 193].includes(version)));
    for (const at of places) {
      for (const spelling of spellings) {
        expect(readRequest(fields.with(at, spelling), version)).toEqual(base);
      }
    }
  });

  test('is 2147483647 where a whole number is due, and that is a price elsewhere', () => {
    const fields = plain(177);
    const whole = numeric(fields, 177).filter(
      (at) => readRequest(fields.with(at, '0.5'), 177).kind === 'malformed',
    );
    expect(whole).toHaveLength(18);
    for (const at of whole) {
      expect(readRequest(fields.with(at, '2147483647'), 177)).toEqual(base);
      expect(readRequest(fields.with(at, '2147483648'), 177)).toMatchObject({ kind: 'malformed' });
    }
    expect(readRequest(fields.with(19, '2147483647'), 177)).toMatchObject({
      order: { lmtPrice: 2147483647 },
    });
  });

  test("is read from the official client's order, as it spells one", () => {
    for (const version of VERSIONS) {
      const java = [...plain(version)];
      // Unset doubles that it does not leave empty: triggerPrice to adjustedTrailingAmount.
      for (let at = 91; at <= 95; at += 1) java[at] = '1.7976931348623157E308';
      // duration, postToAts, and from 192 on the manual order indicator.
      java[109] = '2147483647';
      java[110] = '2147483647';
      if (version >= 192) java[java.length - 1] = '2147483647';
      // Its defaults: strike 0.0, origin, exemptCode, discretionaryAmt, flags that are not raised.
      Object.assign(java, { 6: '0.0', 25: '0', 36: '0.0', 45: '-1', 27: '1', 33: '0' });
      expect(readRequest(java, version)).toEqual({
        ...base,
        contract: { ...base.contract, strike: 0 },
        order: {
          ...base.order,
          ...{ origin: 0, discretionaryAmt: 0, exemptCode: -1, transmit: true, outsideRth: false },
        },
      });
    }
  });
});

describe('what is not known here', () => {
  const others: readonly (readonly [ask: Ask, messageId: number, id: number | undefined])[] = [
    [(e) => e.reqHistoricalData(8, {}, '', '1 D', '1 min' as never, 'TRADES', 1, 1, false), 20, 8],
    [(e) => e.reqPnL(8, 'DU1', ''), 92, 8],
    [(e) => e.cancelPnLSingle(8), 95, 8],
    [(e) => e.reqMktDepth(8, {}, 5, false, []), 10, 8],
    [(e) => e.cancelMktDepth(8, false), 11, 8],
    [(e) => e.reqRealTimeBars(8, {}, 5, 'TRADES' as never, true, []), 50, 8],
    [(e) => e.reqPositionsMulti(8, 'DU1', ''), 74, 8],
    [(e) => e.reqAccountUpdatesMulti(8, 'DU1', '', true), 76, 8],
    [(e) => e.replaceFA(8, 1 as never, '<xml/>'), 19, 8],
    [(e) => e.reqHeadTimestamp(8, {}, 'TRADES', true, 1), 87, 8],
    [(e) => e.reqMatchingSymbols(8, 'RIME'), 81, 8],
    [(e) => e.cancelScannerSubscription(8), 23, 8],
    [(e) => e.reqUserInfo(8), 104, 8],
    [(e) => e.reqMarketRule(26), 91, undefined],
    [(e) => e.reqNewsBulletins(true), 12, undefined],
    [(e) => e.reqFamilyCodes(), 80, undefined],
    [(e) => e.reqScannerParameters(), 24, undefined],
  ];

  test.each(others)('%s', (ask, messageId, id) => {
    for (const version of VERSIONS) {
      expect(read(version, ask)).toMatchObject({ kind: 'unknown', messageId, id });
    }
  });
});

describe('what cannot be read', () => {
  const order = (version: number): readonly string[] =>
    placeOrderFields(
      {
        orderId: 12,
        contract: { secType: 'BAG', comboLegs: [{ conId: 1 }] },
        order: {
          conditions: [{ type: 'margin', joinedBy: 'and', isMore: true, percent: 30 }],
          algoStrategy: 'Vwap',
        },
      },
      version,
    );
  const with_ = (at: number, text: string): readonly string[] => order(177).with(at, text);

  test.each([
    [[], undefined, undefined, 'messageId', 'missing'],
    [['x'], undefined, undefined, 'messageId', 'notAnInteger'],
    [['61'], 61, undefined, 'version', 'missing'],
    [['61', '1', ''], 61, undefined, 'field 2', 'inExcess'],
    [['4', '1', ''], 4, undefined, 'orderId', 'empty'],
    [['4', '1', '7'], 4, 7, 'manualOrderCancelTime', 'missing'],
    [['7', '3', '9', 'abc'], 7, 9, 'filter.clientId', 'notAnInteger'],
    [['15', '1', 'yes'], 15, undefined, 'autoBind', 'notAFlag'],
    [['15', '1', '2'], 15, undefined, 'autoBind', 'notAFlag'],
    [with_(17, '1,000'), 3, 12, 'totalQuantity', 'notANumber'],
    [with_(17, '1e999'), 3, 12, 'totalQuantity', 'notANumber'],
    [with_(17, 'NaN'), 3, 12, 'totalQuantity', 'notANumber'],
    [with_(17, '1'.repeat(500)), 3, 12, 'totalQuantity', 'notANumber'],
    [with_(17, '1'.padStart(500, '0')), 3, 12, 'totalQuantity', 'notANumber'],
    [with_(28, '1.5'), 3, 12, 'parentId', 'notAnInteger'],
    [with_(35, '99'), 3, 12, 'comboLegs', 'notACount'],
    [with_(35, '-1'), 3, 12, 'comboLegs', 'notACount'],
    [with_(36, 'x'), 3, 12, 'comboLegs.0.conId', 'notAnInteger'],
    [with_(1, 'x'), 3, undefined, 'orderId', 'notAnInteger'],
    [order(177).slice(0, -1), 3, 12, 'manualOrderTime', 'missing'],
    [with_(102, '9'), 3, 12, 'conditions.0.type', 'notACondition'],
    [with_(103, 'x'), 3, 12, 'conditions.0.conjunction', 'notACondition'],
    [with_(105, ''), 3, 12, 'conditions.0.percent', 'empty'],
    [[...order(177), ''], 3, 12, 'field 132', 'inExcess'],
  ])('%j', (fields, messageId, id, field, reason) => {
    expect(readRequest(fields, 177)).toEqual({ kind: 'malformed', messageId, id, field, reason });
  });

  test('still has its id, wherever the version has that', () => {
    expect(readRequest(['4', '1', '7', '', 'x'], 191)).toMatchObject({ reason: 'inExcess', id: 7 });
    expect(readRequest(['4', '7', '', '', 'x'], 192)).toMatchObject({
      ...{ id: 7, field: 'manualOrderIndicator', reason: 'notAnInteger' },
    });
  });

  test('and that is said of an order that was written for another version', () => {
    expect(readRequest(order(177), 193)).toMatchObject({ kind: 'malformed', id: 12 });
    expect(readRequest(order(193), 177)).toMatchObject({ reason: 'inExcess', id: 12 });
  });
});

describe('what this client encodes otherwise than TWS reads it', () => {
  const place = (order: object): Request =>
    read(177, (e) => e.placeOrder(1, { secType: 'STK' } as Contract, order as unknown as Order));

  test.each([
    [
      'options as a list: an object for each, and no field at all for none',
      { orderMiscOptions: [] },
    ],
    ['options as a list of two', { orderMiscOptions: [tag('a'), tag('b')] }],
    ['a start of activity as the list that its type wants', { activeStartTime: [] }],
    [
      'an increment of nothing: it sends the seven scale fields nevertheless',
      { scalePriceIncrement: 0 },
    ],
    ['an unset increment in the old spelling, too', { scalePriceIncrement: Number.MAX_VALUE }],
  ])('%s', (_, order) => {
    expect(place(order)).toMatchObject({ kind: 'malformed', id: 1 });
  });

  test('a list of one option: it is sent as the name of its type', () => {
    expect(place({ orderMiscOptions: [tag('a')] })).toMatchObject({
      order: { orderMiscOptions: '[object Object]' },
    });
  });

  test('a flag that is not set: it is sent as nothing, where TWS has a default of its own', () => {
    const request = place({});
    expect(request.kind === 'placeOrder' && request.order.transmit).toBe(undefined);
  });

  test('a NUL within a text: it ends the field', () => {
    expect(place({ orderRef: 'a\0b' })).toMatchObject({ kind: 'malformed', id: 1 });
  });

  test('nothing at all, and an error instead, where the server is too old for a field', () => {
    for (const version of VERSIONS.filter((each) => each < 183)) {
      const ask: Ask = (e) => e.placeOrder(1, {}, { customerAccount: 'a' } as unknown as Order);
      expect(() => allAsked(version, ask)).toThrow(/customer account/);
    }
  });
});
