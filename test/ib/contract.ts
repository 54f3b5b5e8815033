/**
 * What every `Broker` must do, whoever brings it: run `brokerContract` on yours.
 *
 * A ground is a broker with nothing on it: one account, flat, and one stock, `RIME`, whose price
 * somebody at the controls sets. Nothing trades by itself before there is a price.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { Broker, OrderTicket } from '../../src/ports/broker.ts';
import { place } from '../simulator/driving.ts';
import { type Hearing, hearing } from './hearing.ts';

export type Ground = {
  readonly broker: Broker;
  readonly account: string;
  /** The stock trades at this price now. */
  readonly price: (price: number) => void;
  /** So many shares of this order trade, at this price. */
  readonly fill: (orderId: number, shares: number, price: number) => void;
  /** The connection ends, and nobody here has asked for it. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
};

export function brokerContract(name: string, open: () => Promise<Ground>): void {
  const grounds: Ground[] = [];
  afterEach(async () => {
    for (const ground of grounds.splice(0)) await ground.close();
  });

  async function connected() {
    const ground = await open();
    grounds.push(ground);
    const heard = hearing(ground.broker);
    const session = await heard.connect();
    const limit = (orderId: number, more: Partial<OrderTicket> = {}): OrderTicket => ({
      ...{ orderId, orderRef: `ref${orderId}`, account: ground.account, symbol: 'RIME' },
      ...{ action: 'BUY', totalQuantity: 100, orderType: 'LMT', lmtPrice: 1.31, tif: 'GTC' },
      ...{ outsideRth: false, ocaGroup: '', ocaType: 0, parentId: 0, transmit: true },
      ...more,
    });
    return { ground, heard, session, limit, id: session.nextOrderId };
  }

  /** Waits until the order has been shown as accepted. */
  async function placed({ broker, word }: Hearing, ticket: OrderTicket) {
    broker.send(place(ticket));
    const { orderId } = ticket;
    await word('orderStatus', (one) => one.orderId === orderId && /ubmitted/.test(one.status));
    return word('openOrder', (one) => one.orderId === orderId);
  }

  describe(`${name} as a broker`, () => {
    it('is connected before it says anything, and says who it trades for', async () => {
      const { heard, session, ground } = await connected();
      expect(heard.log[0]).toBe('connected');
      expect(session.nextOrderId).toBeGreaterThan(0);
      expect(session.accounts).toContain(ground.account);
    });

    it('shows an order as it was asked for, in every field', async () => {
      const { heard, limit, id } = await connected();
      const entry = limit(id, { outsideRth: true });
      const { ocaType: _, ...plain } = entry;
      const shown = await placed(heard, entry);
      // Of an order without a group the type means nothing; TWS shows 3.
      expect(shown).toMatchObject({ ...plain, status: 'Submitted' });
      const group = { ocaGroup: 'B.1.1', ocaType: 2, action: 'SELL' } as const;
      const { lmtPrice: __, ...unlimited } = limit(id + 1, group);
      const stop: OrderTicket = { ...unlimited, orderType: 'STP', auxPrice: 1.25, tif: 'DAY' };
      const echo = await placed(heard, stop);
      expect(echo).toMatchObject({ ...stop, status: 'PreSubmitted' });
      expect(echo.permId).toBeGreaterThan(0);
      expect(echo).not.toHaveProperty('lmtPrice');
      const both = limit(id + 2, {
        ...group,
        orderType: 'STP LMT',
        lmtPrice: 1.24,
        auxPrice: 1.25,
      });
      expect(await placed(heard, both)).toMatchObject({ ...both, status: 'PreSubmitted' });
    });

    it('takes the same order id again as a change of the order', async () => {
      const { heard, limit, id } = await connected();
      const { permId } = await placed(heard, limit(id));
      heard.mark();
      const changed = await placed(heard, limit(id, { totalQuantity: 70, lmtPrice: 1.32 }));
      expect(changed).toMatchObject({ totalQuantity: 70, lmtPrice: 1.32, permId });
    });

    it('tells executions as they happen, and what has been filled', async () => {
      const { heard, limit, id, ground } = await connected();
      const { permId } = await placed(heard, limit(id));
      ground.fill(id, 30, 1.31);
      const part = await heard.word('execDetails');
      expect(part).toMatchObject({
        ...{ reqId: -1, orderId: id, permId, orderRef: `ref${id}`, account: ground.account },
        ...{ symbol: 'RIME', side: 'BOT', shares: 30, price: 1.31, cumQty: 30 },
      });
      await heard.word('orderStatus', ({ filled, remaining }) => filled === 30 && remaining === 70);
      ground.fill(id, 70, 1.3);
      const rest = await heard.word('execDetails', ({ shares }) => shares === 70);
      expect(rest.execId).not.toBe(part.execId);
      await heard.word(
        'orderStatus',
        ({ status, filled }) => status === 'Filled' && filled === 100,
      );
    });

    it('says what had been filled of an order that is cancelled', async () => {
      const { heard, limit, id, ground } = await connected();
      await placed(heard, limit(id));
      ground.fill(id, 30, 1.31);
      heard.broker.send({ request: 'cancelOrder', orderId: id });
      const end = await heard.word('orderStatus', ({ status }) => status === 'Cancelled');
      expect(end).toMatchObject({ orderId: id, filled: 30 });
    });

    it('says of a cancel of an order that it does not have that it does not', async () => {
      const { heard, id } = await connected();
      heard.broker.send({ request: 'cancelOrder', orderId: id + 7 });
      expect(await heard.word('error', (one) => one.id === id + 7)).toMatchObject({ code: 10147 });
    });

    it('answers every question, and says when that was all', async () => {
      const { heard, limit, id, ground } = await connected();
      for (const orderId of [id, id + 1, id + 2]) await placed(heard, limit(orderId));
      ground.fill(id, 100, 1.31);
      ground.fill(id + 1, 30, 1.31);
      await heard.word('orderStatus', ({ filled }) => filled === 30);
      heard.mark();
      heard.broker.send({ request: 'reqExecutions', reqId: 17 });
      await heard.word('execDetailsEnd', ({ reqId }) => reqId === 17);
      const answers = heard.words.filter((one) => one.word === 'execDetails' && one.reqId === 17);
      expect(answers).toMatchObject([
        { orderId: id, shares: 100 },
        { orderId: id + 1, shares: 30 },
      ]);
      heard.broker.send({ request: 'reqPositions' });
      await heard.word('positionEnd');
      expect(await heard.word('position')).toMatchObject({ symbol: 'RIME', position: 130 });
      heard.broker.send({ request: 'reqCompletedOrders' });
      await heard.word('completedOrdersEnd');
      expect(await heard.word('completedOrder')).toMatchObject({
        ...{ orderRef: `ref${id}`, status: 'Filled', filledQuantity: 100, action: 'BUY' },
      });
    });

    it('shows all open orders, and no others, when it is asked for them', async () => {
      const { heard, limit, id, ground } = await connected();
      for (const orderId of [id, id + 1, id + 2]) await placed(heard, limit(orderId));
      ground.fill(id, 100, 1.31);
      await heard.word('orderStatus', ({ status }) => status === 'Filled');
      const before = heard.words.length;
      heard.mark();
      heard.broker.send({ request: 'reqOpenOrders' });
      await heard.word('openOrderEnd');
      const shown = heard.words
        .slice(before)
        .flatMap((one) => (one.word === 'openOrder' ? [one.orderId] : []));
      expect(shown).toEqual([id + 1, id + 2]);
    });

    it('tells prices to who has asked for them, until they are not wanted', async () => {
      const { heard, ground } = await connected();
      heard.broker.send({ request: 'reqMktData', reqId: 3, symbol: 'RIME' });
      heard.broker.send({ request: 'reqOpenOrders' });
      await heard.word('openOrderEnd');
      ground.price(1.4);
      expect(await heard.word('tickPrice', ({ price }) => price === 1.4)).toMatchObject({
        ...{ reqId: 3, symbol: 'RIME' },
      });
      heard.mark();
      heard.broker.send({ request: 'cancelMktData', reqId: 3 });
      heard.broker.send({ request: 'reqPositions' });
      await heard.word('positionEnd');
      ground.price(1.5);
      heard.broker.send({ request: 'reqOpenOrders' });
      await heard.word('openOrderEnd');
      expect(heard.words.filter((one) => one.word === 'tickPrice' && one.price === 1.5)).toEqual(
        [],
      );
    });

    it('says once that it is cut, and withholds what is asked then', async () => {
      const { heard, limit, id, ground } = await connected();
      await placed(heard, limit(id));
      ground.cut();
      expect(await heard.ended()).not.toBe('');
      heard.broker.send(place(limit(id + 1)));
      heard.broker.send({ request: 'cancelOrder', orderId: id });
      expect(heard.withheld).toMatchObject([
        { request: { ticket: { orderId: id + 1 } }, unborn: true },
        { request: { orderId: id }, unborn: false },
      ]);
      const told = heard.words.length;
      const again = await heard.connect();
      expect(again.nextOrderId).toBe(id + 1);
      heard.mark();
      heard.broker.send({ request: 'reqOpenOrders' });
      await heard.word('openOrderEnd');
      const shown = heard.words
        .slice(told)
        .flatMap((one) => (one.word === 'openOrder' ? [one.orderId] : []));
      expect(shown).toEqual([id]);
      expect(heard.log.filter((one) => one === 'disconnected')).toHaveLength(1);
    });

    it('ends when it is asked to, once, and is connected once at a time', async () => {
      const { heard } = await connected();
      await expect(async () => heard.connect()).rejects.toThrow('disconnect first');
      heard.broker.disconnect();
      heard.broker.disconnect();
      expect(heard.log.filter((one) => one === 'disconnected')).toHaveLength(1);
      await heard.connect();
      expect(heard.sessions).toHaveLength(2);
    });

    it('wants to be connected before it is asked', async () => {
      const ground = await open();
      grounds.push(ground);
      expect(() => ground.broker.send({ request: 'reqPositions' })).toThrow('connect first');
    });
  });
}
