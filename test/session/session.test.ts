/** A router's day, from the first connection to the close record, on a simulated broker. */
import { expect, test } from 'vitest';
import { describe as described } from '../../src/core/describe.ts';
import { showQty } from '../../src/core/quantity.ts';
import { longOf } from '../core/engine.ts';
import { floor } from './floor.ts';

test('a bracket opens, trades and closes with its record', async () => {
  const { time, exchange, open } = floor();
  const lines: string[] = [];
  const engine = open();
  engine.subscribe((ready, fact, before) => lines.push(...described(before, fact, ready)));
  await time.advance(time.now() + 1_000);
  console.log(lines.join('\n'), engine.link);
  const bracket = await engine.open(longOf('A', { quantity: 100 }));
  exchange.print({ at: time.now() + 500, symbol: 'RIME', price: 1.3 });
  await time.advance(time.now() + 2_000);
  exchange.print({ at: time.now() + 500, symbol: 'RIME', price: 1.36 });
  await time.advance(time.now() + 20_000);
  console.log(lines.join('\n'), engine.link);
  expect(bracket.state).toBe('closed');
  const { bought, sold, net } = await bracket.closed;
  expect([bought, sold, net].map(showQty)).toEqual(['100', '100', '0']);
});
