/** What TWS says of orders over TCP, as words and as facts. */
import { describe, expect, it } from 'vitest';
import { isSet } from '../../src/ib/orders.ts';
import {
  answers,
  type Fields,
  type OrderStatus,
  type Sheet,
  type WireExecution,
} from '../../src/simulator/wire.ts';
import { connected, factsOf, STOCK } from './connected.ts';

type More = {
  readonly order?: Sheet['order'];
  readonly contract?: Sheet['contract'];
  readonly status?: string;
};

const open = ({ order = {}, contract = {}, status = 'Submitted' }: More = {}): Fields =>
  answers.openOrder(
    {
      contract: { ...STOCK, ...contract },
      order: {
        ...{ orderId: 101, action: 'SELL', totalQuantity: 70, orderType: 'STP', lmtPrice: 0 },
        ...{ auxPrice: 1.25, tif: 'GTC', ocaGroup: 'B.1.1', ocaType: 2, account: 'DU1' },
        ...{ orderRef: 'B.stop1.1', clientId: 1, permId: 19, outsideRth: false, ...order },
      },
      state: { status },
    },
    193,
  );

const status = (more: Partial<OrderStatus> = {}): Fields =>
  answers.orderStatus({
    ...{ orderId: 101, status: 'PreSubmitted', filled: 30, remaining: 40, avgFillPrice: 1.25 },
    ...{ permId: 19, parentId: 0, lastFillPrice: 0, clientId: 1, whyHeld: 'trigger' },
    mktCapPrice: 0,
    ...more,
  });

const execution = (more: Partial<WireExecution> = {}): Fields =>
  answers.execDetails(
    {
      ...{ reqId: -1, orderId: 101, contract: STOCK, execId: 'a.01', time: '', permId: 19 },
      ...{ acctNumber: 'DU1', exchange: 'ISLAND', side: 'SLD', shares: 30, price: 1.25 },
      ...{ clientId: 1, liquidation: 0, cumQty: 30, avgPrice: 1.25, orderRef: 'B.stop1.1' },
      ...{ evRule: '', evMultiplier: 0, modelCode: '', lastLiquidity: 1 },
      pendingPriceRevision: false,
      ...more,
    },
    193,
  );

const completed = (more: More & { readonly status?: string } = {}): Fields =>
  answers.completedOrder(
    {
      contract: { ...STOCK, ...more.contract },
      order: {
        ...{ action: 'SELL', totalQuantity: 70, orderType: 'STP', account: 'DU1', permId: 19 },
        ...{ orderRef: 'B.stop1.1', filledQuantity: 30, ...more.order },
      },
      state: { status: more.status ?? 'Cancelled' },
    },
    193,
  );

describe('a number that is not set', () => {
  it.each([undefined, Number.NaN, 2147483647, Number.MAX_VALUE, Number.POSITIVE_INFINITY])(
    'may be %s',
    (value) => expect(isSet(value)).toBe(false),
  );

  it.each([0, -1, 1.35, 2147483646, 1e12])('is not %s', (value) => {
    expect(isSet(value)).toBe(true);
  });
});

describe('an order of ours', () => {
  it('is shown with every field that an echo is compared by, and no price that its type has not', async () => {
    const { told } = await connected();
    const [word] = await told(open());
    expect(word).toEqual({
      word: 'openOrder',
      orderId: 101,
      orderRef: 'B.stop1.1',
      account: 'DU1',
      symbol: 'RIME',
      conId: 7,
      action: 'SELL',
      totalQuantity: 70,
      orderType: 'STP',
      auxPrice: 1.25,
      tif: 'GTC',
      outsideRth: false,
      ocaGroup: 'B.1.1',
      ocaType: 2,
      parentId: 0,
      transmit: true,
      permId: 19,
      status: 'Submitted',
    });
  });

  it('of a limit has no trigger; what is not set is not there', async () => {
    const { told } = await connected();
    const limited = { orderType: 'LMT', lmtPrice: 1.35, auxPrice: 0, ocaGroup: '' };
    const bare = {
      orderType: 'MKT',
      lmtPrice: undefined,
      auxPrice: undefined,
      ocaGroup: undefined,
    };
    const unset = { ...bare, orderRef: undefined, account: undefined, ocaType: undefined };
    const words = await told(
      open({ order: limited }),
      open({ order: unset, contract: { conId: 0 } }),
      open({ order: { lmtPrice: Number.MAX_VALUE, orderType: 'STP LMT' } }),
    );
    expect(words[0]).toMatchObject({ lmtPrice: 1.35, ocaGroup: '' });
    expect(words[0]).not.toHaveProperty('auxPrice');
    expect(words[1]).toMatchObject({ orderRef: '', account: '', ocaGroup: '', ocaType: 0 });
    for (const name of ['lmtPrice', 'auxPrice', 'conId']) expect(words[1]).not.toHaveProperty(name);
    expect(words[2]).not.toHaveProperty('lmtPrice');
  });

  it.each([
    [open({ order: { orderType: 'TRAIL' } }), 'openOrder 101 (B.stop1.1) with order type "TRAIL"'],
    [open({ order: { tif: 'IOC' } }), 'openOrder 101 (B.stop1.1) with time in force "IOC"'],
    [open({ order: { action: 'SSHORT' } }), 'openOrder 101 (B.stop1.1) with action "SSHORT"'],
    [open({ order: { ocaType: 4 } }), 'openOrder 101 (B.stop1.1) with ocaType 4'],
    [open({ status: 'Unknown' }), 'openOrder 101 (B.stop1.1) with status "Unknown"'],
    [open({ status: 'toString' }), 'openOrder 101 (B.stop1.1) with status "toString"'],
    [
      open({ order: { totalQuantity: undefined } }),
      'openOrder 101 (B.stop1.1) with quantity undefined',
    ],
    [status({ status: 'Suspended' }), 'orderStatus 101 with status "Suspended"'],
    [status().with(3, ''), 'orderStatus 101 with filled undefined'],
    [status().with(4, ''), 'orderStatus 101 with remaining undefined'],
    [execution({ side: 'SIDE' }), 'execDetails a.01 of order 101 (B.stop1.1) with side "SIDE"'],
    [execution({ execId: '' }), 'execDetails  of order 101 (B.stop1.1) with execId ""'],
    [completed({ status: 'Odd' }), 'completedOrder 19 (B.stop1.1) with status "Odd"'],
    [
      completed({ order: { action: 'SLONG' } }),
      'completedOrder 19 (B.stop1.1) with action "SLONG"',
    ],
    [completed().with(86, ''), 'completedOrder 19 (B.stop1.1) with filled quantity undefined'],
  ])('in terms that we do not know is told to a person, %#', async (message, text) => {
    const { told } = await connected();
    const words = await told(message);
    expect(words).toEqual([{ word: 'unreadable', text }]);
    expect(factsOf(words)).toEqual([{ type: 'unrecognised', text }]);
  });

  it('has statuses, executions live and asked for, and an end', async () => {
    const { told, broker } = await connected();
    broker.send({ request: 'reqExecutions', reqId: 5 });
    const words = await told(
      status(),
      execution(),
      execution({ reqId: 2_000_000_005 }),
      answers.execDetailsEnd(2_000_000_005),
      completed(),
      completed({ status: 'ApiCancelled' }),
      answers.openOrderEnd(),
      answers.commissionReport({ execId: 'a.01', commission: 1, currency: 'USD' }),
    );
    expect(words).toEqual([
      {
        word: 'orderStatus',
        orderId: 101,
        permId: 19,
        status: 'PreSubmitted',
        filled: 30,
        remaining: 40,
        avgFillPrice: 1.25,
        whyHeld: 'trigger',
      },
      {
        word: 'execDetails',
        reqId: -1,
        orderId: 101,
        permId: 19,
        orderRef: 'B.stop1.1',
        account: 'DU1',
        symbol: 'RIME',
        execId: 'a.01',
        side: 'SLD',
        shares: 30,
        price: 1.25,
        cumQty: 30,
      },
      expect.objectContaining({ word: 'execDetails', reqId: 5 }),
      { word: 'execDetailsEnd', reqId: 5 },
      {
        word: 'completedOrder',
        permId: 19,
        orderRef: 'B.stop1.1',
        account: 'DU1',
        symbol: 'RIME',
        action: 'SELL',
        totalQuantity: 70,
        status: 'Cancelled',
        filledQuantity: 30,
      },
      expect.objectContaining({ word: 'completedOrder', status: 'Cancelled' }),
      { word: 'openOrderEnd' },
    ]);
  });
});

describe("another's order", () => {
  it('with a number of ours is a word of its own, in any terms, and no fact', async () => {
    const { told } = await connected();
    const words = await told(
      open({ order: { clientId: 2, orderType: 'TRAIL', orderRef: undefined } }),
      status({ clientId: 2, status: 'Filled' }),
      execution({ clientId: 2 }),
    );
    expect(words).toEqual([
      {
        word: 'foreignOrder',
        clientId: 2,
        orderId: 101,
        permId: 19,
        orderRef: '',
        account: 'DU1',
        symbol: 'RIME',
        action: 'SELL',
        totalQuantity: 70,
        orderType: 'TRAIL',
        status: 'Submitted',
      },
    ]);
    expect(factsOf(words)).toEqual([null]);
  });

  it('that a person placed in TWS is nobody else’s, even for client 0', async () => {
    const { told } = await connected(0);
    const words = await told(
      open({ order: { orderId: 0, clientId: 0 } }),
      open({ order: { orderId: -2, clientId: 0 } }),
      status({ orderId: -2, clientId: 0 }),
      execution({ orderId: 0, clientId: 0 }),
    );
    expect(words).toMatchObject([
      { word: 'foreignOrder', orderId: 0 },
      { word: 'foreignOrder', orderId: -2 },
    ]);
  });
});
