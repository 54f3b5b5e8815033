/** The whole chain over TCP: router, engine, the real client library, the simulated gateway, and back. */
import { afterEach, describe, expect, test } from 'vitest';
import { describe as described } from '../../src/core/describe.ts';
import { showQty } from '../../src/core/quantity.ts';
import { createIbBroker } from '../../src/ib/broker.ts';
import { systemClock } from '../../src/router/clock.ts';
import { openEngine, type RouterEngine } from '../../src/router/engine.ts';
import { longOf } from '../core/engine.ts';
import { type Connected, openConnected } from '../gateway/connected.ts';
import { Paper } from './floor.ts';

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

type Trading = {
  readonly gateway: Connected;
  readonly engine: RouterEngine;
  readonly journal: Paper;
  readonly lines: string[];
};

async function trading(): Promise<Trading> {
  const gateway = await openConnected({ accounts: ['DU1'] });
  closings.push(gateway.close);
  const journal = new Paper();
  const broker = createIbBroker({
    host: '127.0.0.1',
    port: gateway.port,
    clientId: 7,
    clock: systemClock,
  });
  const engine = openEngine({ journal, broker, executionsSince: () => 0 });
  closings.push(() => engine.close());
  const lines: string[] = [];
  engine.subscribe((ready, fact, before) => lines.push(...described(before, fact, ready)));
  return { gateway, engine, journal, lines };
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}

describe('over TCP', () => {
  test('a bracket trades, and the broker counts what its close record says', async () => {
    const { gateway, engine, lines } = await trading();
    await until(() => engine.link === 'live');
    const bracket = await engine.open(longOf('A', { quantity: 100 }));
    await until(() => bracket.state === 'protected');
    console.log(lines.join('\n'));
    gateway.does({ do: 'price', symbol: 'RIME', price: 1.36 });
    const { bought, sold, net, legs } = await bracket.closed;
    expect([bought, sold, net].map(showQty)).toEqual(['100', '100', '0']);
    expect(legs.map(({ orderRef, end }) => `${orderRef} ${end}`)).toEqual([
      'A.entry.1 filled',
      'A.stop1.1 cancelled',
      'A.target1.1 filled',
    ]);
  });
});
