/** Positions, errors and prices as words; and what requests are at TWS. */
import { describe, expect, it } from 'vitest';
import { answers } from '../../src/simulator/wire.ts';
import { place, stopTicket, ticket } from '../simulator/driving.ts';
import { connected, factsOf, STOCK } from './connected.ts';

describe('positions', () => {
  it('are those in stocks of the currency that we trade in; their subscription ends with their end', async () => {
    const { told, broker, asked } = await connected();
    broker.send({ request: 'reqPositions' });
    const words = await told(
      answers.position('DU1', STOCK, -70, 1.25),
      answers.position('DU1', { ...STOCK, conId: 8, secType: 'OPT' }, 5, 1.25),
      answers.position('DU1', { ...STOCK, conId: 9, currency: 'CAD' }, 5, 1.25),
      answers.position('DU1', { ...STOCK, conId: 0 }, 0, 0),
      answers.position('DU1', STOCK, Number.MAX_VALUE, 0),
      answers.positionEnd(),
    );
    const line = { word: 'position', account: 'DU1', symbol: 'RIME' };
    expect(words).toEqual([
      { ...line, conId: 7, position: -70, avgCost: 1.25 },
      { ...line, position: 0, avgCost: 0 },
      { word: 'unreadable', text: 'position of RIME in DU1: undefined' },
      { word: 'positionEnd' },
    ]);
    const kinds = (await asked(2)).map(({ kind }) => kind);
    expect(kinds).toEqual(['reqPositions', 'cancelPositions']);
  });
});

describe('errors', () => {
  it('about the session come as `info` of the library, and are told all the same', async () => {
    const { told } = await connected();
    expect(await told(answers.error(-1, 1100, 'Connectivity has been lost'))).toEqual([
      { word: 'error', id: -1, code: 1100, message: 'Connectivity has been lost' },
    ]);
  });

  it('about an order have its id; about a question its number, never that of an order', async () => {
    const { told } = await connected();
    const words = await told(
      answers.error(5, 201, 'Order rejected - reason:no'),
      answers.error(2_000_000_005, 321, 'Error validating request'),
    );
    expect(words).toEqual([
      { word: 'error', id: 5, code: 201, message: 'Order rejected - reason:no' },
      { word: 'error', id: -1, reqId: 5, code: 321, message: 'Error validating request' },
    ]);
    expect(factsOf(words)).toMatchObject([
      { type: 'order.refused', orderRef: 'B.stop1.1' },
      { type: 'unrecognised', text: '321 Error validating request (question 5)' },
    ]);
  });
});

describe('prices', () => {
  const LAST = 4;
  const DELAYED_LAST = 68;
  const question = 2_000_000_009;

  async function watching() {
    const all = await connected();
    all.broker.send({ request: 'reqMktData', reqId: 9, symbol: 'RIME', conId: 7 });
    return all;
  }

  it('are those of the last trade, if there is one', async () => {
    const { told, asked } = await watching();
    const words = await told(
      answers.marketDataType(question, 1),
      answers.tickPrice(question, LAST, 1.31, 100),
      answers.tickPrice(question, 1, 1.3, 100),
      answers.tickPrice(question, LAST, -1, 0),
      answers.tickPrice(question, LAST, 0, 0),
      answers.tickPrice(question + 1, LAST, 1.31, 100),
      answers.tickPrice(question, DELAYED_LAST, 1.3, 100),
    );
    expect(words).toEqual([{ word: 'tickPrice', reqId: 9, symbol: 'RIME', price: 1.31 }]);
    expect(factsOf(words)).toEqual([{ type: 'price.printed', symbol: 'RIME', px: 131_000_000 }]);
    expect(await asked(1)).toMatchObject([
      {
        kind: 'reqMktData',
        reqId: question,
        contract: { conId: 7, symbol: 'RIME' },
        snapshot: false,
      },
    ]);
  });

  it.each([
    [2, 'frozen'],
    [3, 'delayed'],
    [4, 'delayed-frozen'],
    [5, 'of the unknown type 5'],
  ])('that are not live (%i) are refused, once, in words, until they are', async (type, kind) => {
    const { told } = await watching();
    const words = await told(
      answers.marketDataType(question, type),
      answers.marketDataType(question, type),
      answers.tickPrice(question, LAST, 1.31, 100),
      answers.marketDataType(question, 1),
      answers.tickPrice(question, LAST, 1.32, 100),
    );
    const text = `prices of RIME are ${kind}: they are not used`;
    expect(words).toEqual([
      { word: 'unreadable', text },
      { word: 'tickPrice', reqId: 9, symbol: 'RIME', price: 1.32 },
    ]);
    expect(factsOf(words)[0]).toEqual({ type: 'unrecognised', text });
  });

  it('end with the question, and so does what kind they were of', async () => {
    const { told, broker, asked } = await watching();
    await told(answers.marketDataType(question, 3));
    broker.send({ request: 'cancelMktData', reqId: 9 });
    const tick = answers.tickPrice(question, LAST, 1.31, 100);
    expect(await told(tick)).toEqual([]);
    expect((await asked(2))[1]).toMatchObject({ kind: 'cancelMktData', reqId: question });
    broker.send({ request: 'reqMktData', reqId: 9, symbol: 'RIME', conId: 7 });
    expect(await told(tick)).toMatchObject([{ word: 'tickPrice', price: 1.31 }]);
  });
});

describe('what is asked of TWS', () => {
  it.each([177, 193])(
    'is said in full, and nothing that is not meant, at version %i',
    async (version) => {
      const { broker, asked } = await connected(1, version);
      broker.send(
        place(stopTicket(101, { ocaGroup: 'B.1.1', ocaType: 2, outsideRth: false, conId: 7 })),
      );
      broker.send(place(ticket(102)));
      broker.send({ request: 'cancelOrder', orderId: 101 });
      broker.send({ request: 'reqOpenOrders' });
      broker.send({ request: 'reqExecutions', reqId: 3 });
      broker.send({ request: 'reqPositions' });
      broker.send({ request: 'reqCompletedOrders' });
      const all = await asked(7);
      expect(all[0]).toMatchObject({
        kind: 'placeOrder',
        orderId: 101,
        contract: STOCK,
        order: {
          ...{ action: 'SELL', totalQuantity: 100, orderType: 'STP', auxPrice: 1.25, tif: 'GTC' },
          ...{ ocaGroup: 'B.1.1', ocaType: 2, account: 'DU123', orderRef: 'ref101', parentId: 0 },
          ...{ transmit: true, outsideRth: false, hidden: false, whatIf: false, allOrNone: false },
          ...{ blockOrder: false, sweepToFill: false, triggerMethod: 0 },
          overridePercentageConstraints: false,
        },
      });
      const [stop, limited] = all.map((one) => (one.kind === 'placeOrder' ? one.order : {}));
      expect(stop).not.toHaveProperty('lmtPrice');
      expect(limited).toMatchObject({ lmtPrice: 1.35 });
      expect(limited).not.toHaveProperty('auxPrice');
      expect(all.slice(2)).toMatchObject([
        { kind: 'cancelOrder', orderId: 101 },
        { kind: 'reqAllOpenOrders' },
        { kind: 'reqExecutions', reqId: 2_000_000_003 },
        { kind: 'reqPositions' },
        { kind: 'reqCompletedOrders', apiOnly: false },
      ]);
    },
  );
});
