/** Two client libraries as their users have them, over a socket, from the greeting on. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { EventName, IBApi } from '@stoqey/ib';
import { Client, Contract, Order } from 'ib-tws-api';
import { afterEach, describe, expect, test } from 'vitest';
import {
  agreeOn,
  answers,
  createServerReader,
  type Fields,
  frameOf,
  type Greeting,
  helloAnswer,
  type Request,
  readRequest,
  SERVER_VERSIONS,
  type Sheet,
} from '../../src/simulator/wire.ts';

type Gateway = { readonly port: number; readonly greetings: Greeting[]; readonly asked: Request[] };

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

/** Answers any greeting with this version, and requests as it is told to. */
async function gateway(
  version: number,
  answer: (request: Request) => readonly Fields[],
): Promise<Gateway> {
  const greetings: Greeting[] = [];
  const asked: Request[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const reader = createServerReader();
    const say = (fields: Fields): void => {
      socket.write(frameOf(fields));
    };
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      for (const received of reader.push(bytes)) {
        if (received.kind === 'greeting') {
          greetings.push(received.greeting);
          say(helloAnswer(version, '20261122 10:00:00 EST'));
        } else if (received.kind === 'frame') {
          const request = readRequest(received.fields, version);
          asked.push(request);
          for (const fields of started(request) ?? answer(request)) say(fields);
        }
      }
    });
  });
  closings.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, greetings, asked };
}

const started = (request: Request): readonly Fields[] | undefined =>
  request.kind === 'startApi'
    ? [answers.managedAccounts(['DU1']), answers.nextValidId(100)]
    : undefined;

const stock = { conId: 7, symbol: 'RIME', secType: 'STK', exchange: 'SMART', currency: 'USD' };
const sheet: Sheet = {
  contract: { ...stock, localSymbol: 'RIME', tradingClass: 'NMS' },
  order: {
    ...{ orderId: 101, action: 'SELL', totalQuantity: 70, orderType: 'STP LMT', lmtPrice: 1.24 },
    ...{ auxPrice: 1.25, tif: 'GTC', ocaGroup: 'RIME-693.1', ocaType: 2, account: 'DU1' },
    ...{ orderRef: 'RIME-693.stop.1', clientId: 1, permId: 1938982782, outsideRth: true },
    ...{ parentId: 99, triggerMethod: 8, modelCode: 'model' },
  },
  state: { status: 'PreSubmitted' },
};

describe('@stoqey/ib', () => {
  test.each([SERVER_VERSIONS.min, SERVER_VERSIONS.max])(
    'greets, starts, places and is told, at server version %i',
    async (version) => {
      const { port, greetings, asked } = await gateway(version, (request) =>
        request.kind === 'placeOrder' ? [answers.openOrder(sheet, version)] : [],
      );
      const api = new IBApi({ host: '127.0.0.1', port, clientId: 5 });
      closings.push(() => api.disconnect());
      const told = new Promise((resolve) => {
        api.on(EventName.openOrder, (...args) => resolve(args));
      });
      api.on(EventName.nextValidId, (orderId) => {
        api.placeOrder(orderId, stock as never, { action: 'SELL', totalQuantity: 70 } as never);
      });
      api.connect();
      expect(await told).toMatchObject([101, stock, { permId: 1938982782 }, {}]);
      expect(greetings).toEqual([{ kind: 'hello', min: 100, max: 193 }]);
      expect(asked).toMatchObject([
        { kind: 'startApi', clientId: 5 },
        { kind: 'placeOrder', orderId: 100, contract: stock, order: { totalQuantity: 70 } },
      ]);
    },
  );
});

describe('ib-tws-api, which offers versions 100 to 151 and believes any that is answered', () => {
  async function connected(answer: (request: Request) => readonly Fields[]) {
    const at = await gateway(177, answer);
    const client = new Client({ host: '127.0.0.1', port: at.port, clientId: 1, timeoutMs: 5000 });
    await client.connect();
    return { ...at, client };
  }

  test('should be refused, for its newest version is older than any that is spoken here', async () => {
    const { greetings } = await connected(() => []);
    expect(greetings).toEqual([{ kind: 'hello', min: 100, max: 151 }]);
    expect(agreeOn({ min: 100, max: 151 }, SERVER_VERSIONS)).toMatchObject({
      kind: 'clientTooOld',
    });
  });

  test('at 177 it starts its session and asks for the time rightly', async () => {
    const { asked, client } = await connected((request) =>
      request.kind === 'reqCurrentTime' ? [answers.currentTime(1795946400)] : [],
    );
    expect(await client.getCurrentTime()).toBe(1795946400);
    expect(asked).toMatchObject([{ kind: 'startApi', clientId: 1 }, { kind: 'reqCurrentTime' }]);
  });

  test('at 177 it decodes orderStatus rightly, in all its fields', async () => {
    const status = {
      ...{ orderId: 101, status: 'Submitted', filled: 30, remaining: 40, avgFillPrice: 1.305 },
      ...{ permId: 1938982782, parentId: 99, lastFillPrice: 1.31, clientId: 1 },
      ...{ whyHeld: 'locate', mktCapPrice: 1.4 },
    };
    const { client } = await connected((request) =>
      request.kind === 'reqOpenOrders' ? [answers.orderStatus(status), answers.openOrderEnd()] : [],
    );
    const told = new Promise((resolve) => client._emitter.on('orderStatus', resolve));
    await client.getOpenOrders();
    const { mktCapPrice, ...same } = status;
    expect(await told).toEqual({ ...same, marketCapPrice: mktCapPrice });
  });

  test('at 177 it decodes openOrder rightly up to faPercentage, and wrongly from there on', async () => {
    const { client } = await connected((request) =>
      request.kind === 'reqOpenOrders'
        ? [answers.openOrder(sheet, 177), answers.openOrderEnd()]
        : [],
    );
    const [told] = await client.getOpenOrders();
    const { ocaType, parentId, triggerMethod, modelCode, ...rightly } = sheet.order;
    expect([ocaType, parentId]).toEqual([2, 99]);
    expect(told).toMatchObject({ contract: sheet.contract, order: rightly });
    // It expects a faProfile, which went with 177, and so takes each field for the one before.
    const shifted = { faProfile: modelCode, modelCode: '', parentId: triggerMethod, ocaType: 0 };
    expect(told?.order).toMatchObject(shifted);
    expect(told?.orderState).not.toMatchObject(sheet.state);
  });

  test('at 177 its orders cannot be read, but their id can', async () => {
    const { asked, client } = await connected((request) =>
      request.kind === 'reqCurrentTime' ? [answers.currentTime(1)] : [],
    );
    const contract = Contract.stock({ symbol: 'RIME', exchange: 'SMART', currency: 'USD' });
    const order = Order.limit({ action: 'BUY', totalQuantity: 100, lmtPrice: 1.31 });
    const orderId = await client.placeOrder({ contract, order });
    await client.getCurrentTime();
    expect(asked.find(({ kind }) => kind === 'malformed')).toMatchObject({
      messageId: 3,
      id: orderId,
    });
  });
});
