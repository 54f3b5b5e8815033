/** The simulated venue as a `Broker`, within the process: nothing between it and who asks it. */
import type {
  Broker,
  BrokerListener,
  BrokerRequest,
  BrokerWord,
  PriceRequest,
} from '../../src/ports/broker.ts';
import { createVenue } from '../../src/simulator/venue.ts';
import { AT_ONCE } from '../gateway/connected.ts';
import type { Ground } from './contract.ts';

const ACCOUNT = 'DU1';

export function inProcess(): Ground {
  const venue = createVenue(AT_ONCE);
  const watched = new Map<number, string>();
  let listener: BrokerListener | null = null;
  let connected = false;
  let lastOrderId = 0;
  const hear = (word: BrokerWord): void => {
    if (connected) listener?.heard(word);
  };
  // It answers after the call, as a broker does that is far away.
  const pump = (): void =>
    queueMicrotask(() => {
      for (const { word } of venue.advance(performance.now())) hear(word);
    });
  const watch = (request: PriceRequest): void => {
    if (request.request === 'cancelMktData') watched.delete(request.reqId);
    else watched.set(request.reqId, request.symbol);
  };
  const ask = (request: BrokerRequest): void => {
    if (request.request === 'placeOrder')
      lastOrderId = Math.max(lastOrderId, request.ticket.orderId);
    venue.submit(request, performance.now());
    pump();
  };
  const end = (reason: string): void => {
    if (!connected) return;
    connected = false;
    watched.clear();
    listener?.disconnected(reason, []);
  };
  const broker: Broker = {
    connect: (by) => {
      if (connected) throw new Error('there is a connection already: disconnect first');
      listener = by;
      connected = true;
      const session = { nextOrderId: lastOrderId + 1, accounts: [ACCOUNT], serverVersion: 193 };
      queueMicrotask(() => by.connected(session));
    },
    send: (request) => {
      if (listener === null) throw new Error('nobody would hear of it: connect first');
      if (connected) {
        if ('reqId' in request && request.request !== 'reqExecutions') watch(request);
        else ask(request);
        return;
      }
      const unborn = request.request === 'placeOrder' && request.ticket.orderId > lastOrderId;
      listener.withheld({ request, unborn, because: 'there is no connection' });
    },
    disconnect: () => end('disconnected, as asked'),
  };
  return {
    broker,
    account: ACCOUNT,
    price: (price) => {
      venue.print({ at: performance.now(), symbol: 'RIME', price });
      pump();
      for (const [reqId, symbol] of watched) hear({ word: 'tickPrice', reqId, symbol, price });
    },
    fill: (orderId, shares, price) => {
      venue.happen({ type: 'fill', orderId, shares, price }, performance.now());
      pump();
    },
    cut: () => end('the connection was lost'),
    close: async () => end('closed'),
  };
}
