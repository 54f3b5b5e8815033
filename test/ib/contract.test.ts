/** The adapter over TCP, and the venue within the process, are brokers alike. */
import { createIbBroker } from '../../src/ib/broker.ts';
import { systemClock } from '../../src/router/clock.ts';
import { openConnected } from '../gateway/connected.ts';
import { brokerContract, type Ground } from './contract.ts';
import { inProcess } from './in-process.ts';

async function overTcp(): Promise<Ground> {
  const gateway = await openConnected({ venue: { tape: [] } });
  const { port, does } = gateway;
  const broker = createIbBroker({ host: '127.0.0.1', port, clientId: 1, clock: systemClock });
  return {
    broker,
    account: 'DU1',
    price: (price) => void does({ do: 'price', symbol: 'RIME', price }),
    fill: (orderId, shares, price) => void does({ do: 'fill', orderId, shares, price }),
    cut: () => void does({ do: 'cut' }),
    close: () => {
      broker.disconnect();
      return gateway.close();
    },
  };
}

brokerContract('Interactive Brokers, at the simulated gateway,', overTcp);
brokerContract('The simulated venue', async () => inProcess());
