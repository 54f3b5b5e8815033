/** A broker that is connected to a scripted TWS: what TWS says, and what it is asked. */
import { afterEach } from 'vitest';
import { createIbBroker } from '../../src/ib/broker.ts';
import { normalise } from '../../src/ib/normalise.ts';
import type { Broker, BrokerWord } from '../../src/ports/broker.ts';
import { systemClock } from '../../src/router/clock.ts';
import { answers, type Fields, type Request } from '../../src/simulator/wire.ts';
import { hearing } from './hearing.ts';
import { scripted } from './scripted.ts';

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

export type Connected = {
  readonly broker: Broker;
  /** What is heard when TWS says this. */
  readonly told: (...messages: readonly Fields[]) => Promise<readonly BrokerWord[]>;
  /** What TWS has been asked, once it is so much. */
  readonly asked: (count: number) => Promise<readonly Request[]>;
};

export async function connected(clientId = 1, version = 193): Promise<Connected> {
  const server = await scripted({ version });
  const { port } = server;
  const broker = createIbBroker({ host: '127.0.0.1', port, clientId, clock: systemClock });
  closings.push(broker.disconnect, server.close);
  const heard = hearing(broker);
  await heard.connect();
  return {
    broker,
    told: async (...messages) => {
      const before = heard.words.length;
      heard.mark();
      server.say(...messages, answers.completedOrdersEnd());
      await heard.word('completedOrdersEnd');
      return heard.words.slice(before, -1);
    },
    asked: async (count) => {
      for (let i = 0; i < 1_000 && server.asked.length < count; i += 1)
        await new Promise((resolve) => setTimeout(resolve, 1));
      return server.asked;
    },
  };
}

/** The stock, as TWS names it. */
export const STOCK = {
  conId: 7,
  symbol: 'RIME',
  secType: 'STK',
  exchange: 'SMART',
  currency: 'USD',
};

/** Every order is ours here. */
export const factsOf = (words: readonly BrokerWord[]): readonly unknown[] =>
  words.map((word) => normalise(word, () => 'B.stop1.1'));
