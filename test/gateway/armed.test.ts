/** What is asked for before it can happen: said at once, and shown as long as it waits. */
import { expect, test } from 'vitest';
import { limit, openDesk, stop } from './desk.ts';

test('what is armed is said, and shown until it has happened', () => {
  const desk = openDesk();
  const client = desk.client(1);
  const armed = () => desk.does({ do: 'show' }).armed;
  const rejection = { do: 'reject', code: 201, text: 'Order rejected - reason:' };
  expect(desk.does({ do: 'reject' })).toEqual({ ok: true, armed: { ...rejection, times: 1 } });
  desk.does({ do: 'reject', orderRef: 'stop', times: 2 });
  const drop = { do: 'dropMessages', message: 'orderStatus', orderRef: 'stop', times: 1 } as const;
  const { times: _, ...once } = drop;
  expect(desk.does(once)).toEqual({ ok: true, armed: drop });
  const hold = { do: 'holdMessages', message: 'execDetails' } as const;
  expect(desk.does(hold)).toEqual({ ok: true, armed: hold });
  const cut = { do: 'cut', clientId: 7, before: 'execDetails' } as const;
  expect(desk.does(cut)).toEqual({ ok: true, armed: cut });
  const stops = { ...rejection, orderRef: 'stop' };
  expect(armed()).toEqual([{ ...rejection, times: 1 }, { ...stops, times: 2 }, hold, drop, cut]);
  client.place(1, limit('BUY', 1, 1));
  client.place(2, stop('SELL', 1, 1, { orderRef: 'stop' }));
  desk.pass();
  expect(armed()).toEqual([{ ...stops, times: 1 }, hold, cut]);
  desk.does({ do: 'releaseMessages' });
  expect(armed()).toEqual([{ ...stops, times: 1 }, cut]);
});
