/** What `interlock gateway` is told of its market: lots and hours. */
import { expect, test } from 'vitest';
import { processes } from './command.ts';
import { market, RIME } from './desk.ts';

const { file, running, client } = processes();

test('an order trades in lots, with a pause between them', async () => {
  const lots = ['--fill-lot', '40', '--lot-gap', '1000'];
  const gateway = await running('--json', '--time', 'stepped', ...lots);
  const one = await client(gateway);
  const pass = (ms: number) => gateway.control({ do: 'advance', ms });
  await one.until('currentTime', (api) => {
    api.placeOrder(1, RIME, market('BUY', 100));
    api.reqCurrentTime();
  });
  for (const [ms, told] of [
    [500, 'execDetails 1 BOT 40 @ 1.3 cum 40'],
    [1000, 'execDetails 1 BOT 40 @ 1.3 cum 80'],
    [1000, 'execDetails 1 BOT 20 @ 1.3 cum 100'],
  ] as const) {
    await pass(ms);
    const heard = await one.until('currentTime', (api) => api.reqCurrentTime());
    expect(heard.filter((line) => line.startsWith('execDetails'))).toEqual([told]);
  }
});

test('nothing trades outside the hours that it is given, after a restart neither', async () => {
  const state = file('state.jsonl');
  const saturday = ['--time', 'stepped', '--start', '2026-02-14T15:00:00Z'];
  const hours = ['--regular-hours', '09:30-16:00', '--state', state];
  const told: string[] = [];
  for (const days of [1, 2]) {
    const gateway = await running('--json', ...saturday, ...hours);
    const one = await client(gateway);
    if (told.length === 0) {
      await one.until('currentTime', (api) => {
        api.placeOrder(1, RIME, market('BUY', 100));
        api.reqCurrentTime();
      });
    }
    for (let day = 0; day < days; day += 1) {
      const passed = await gateway.control({ do: 'advance', ms: 86_400_000 });
      expect(passed).toMatchObject({ ok: true });
    }
    told.push(...(await one.until('openOrderEnd', (api) => api.reqOpenOrders())));
    await gateway.end('SIGTERM');
  }
  expect(told.filter((line) => / Filled | BOT |openOrderEnd/.test(line))).toEqual([
    'openOrderEnd',
    'execDetails 1 BOT 100 @ 1.3 cum 100',
    'orderStatus 1 Filled 100/0',
    'openOrderEnd',
  ]);
});
