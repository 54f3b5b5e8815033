/** One-cancels-all groups as the gateway has them: by type, and when they fail. */
import { describe, expect, test } from 'vitest';
import type { BookOptions } from '../../src/simulator/book.ts';
import {
  type Desk,
  type DeskClient,
  type DeskOptions,
  limit,
  openDesk,
  placed,
  stop,
} from './desk.ts';

/** A stop and a target of 100 shares in one group, of which nothing has traded. */
function pair(
  ocaType: number,
  book: Partial<BookOptions> = {},
): { desk: Desk; client: DeskClient } {
  const desk = openDesk({ book });
  const client = desk.client(1);
  const group = { ocaGroup: 'RIME-693', ocaType };
  client.place(1, limit('SELL', 100, 1.35, { ...group, orderRef: 'target' }));
  client.place(2, stop('SELL', 100, 1.25, { ...group, orderRef: 'stop' }));
  desk.pass();
  client.told();
  return { desk, client };
}

describe('a partial fill of one member', () => {
  test('cancels the others in type 1', () => {
    const { desk, client } = pair(1);
    desk.does({ do: 'fill', orderRef: 'target', shares: 30 });
    desk.pass();
    expect(client.told()).toEqual([
      'execDetails 1 SLD 30 @ 1.35 cum 30',
      'commissionReport 1',
      'orderStatus 1 Submitted 30/70',
      'orderStatus 2 Cancelled 0/100',
      'error 2 202 Order Canceled - reason:',
    ]);
  });

  test.each([2, 3])('reduces the others in type %i', (ocaType) => {
    const { desk, client } = pair(ocaType);
    desk.does({ do: 'fill', orderRef: 'target', shares: 30 });
    desk.pass();
    expect(client.told()).toEqual([
      'execDetails 1 SLD 30 @ 1.35 cum 30',
      'commissionReport 1',
      'orderStatus 1 Submitted 30/70',
      `openOrder 2 SELL 70 RIME STP 1.25 PreSubmitted group RIME-693 type ${ocaType}`,
      'orderStatus 2 PreSubmitted 0/70 trigger',
    ]);
  });
});

describe('a complete fill of one member', () => {
  test.each([1, 2, 3])('cancels the others in type %i', (ocaType) => {
    const { desk, client } = pair(ocaType);
    desk.does({ do: 'fill', orderRef: 'target' });
    desk.pass();
    expect(client.told()).toEqual([
      'execDetails 1 SLD 100 @ 1.35 cum 100',
      'commissionReport 1',
      'orderStatus 1 Filled 100/0',
      'orderStatus 2 Cancelled 0/100',
      'error 2 202 Order Canceled - reason:',
    ]);
  });

  test('uses the name up: a leg that comes late is refused with 201', () => {
    const { desk, client } = pair(2);
    desk.does({ do: 'fill', orderRef: 'target' });
    desk.pass();
    client.told();
    client.place(3, stop('SELL', 100, 1.2, { ocaGroup: 'RIME-693', ocaType: 2 }));
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 3 PendingSubmit 0/100',
      'error 3 201 Order rejected - reason:OCA group has already filled',
      'orderStatus 3 Inactive 0/100',
    ]);
  });
});

test('a leg that joins after a partial fill gets what is left, all, or 201', () => {
  const late = (['left', 'full', 'refused'] as const).map((lateLeg) => {
    const { desk, client } = pair(2);
    desk.does({ do: 'oca', lateLeg });
    desk.does({ do: 'fill', orderRef: 'target', shares: 30 });
    desk.pass();
    client.told();
    client.place(3, stop('SELL', 100, 1.2, { ocaGroup: 'RIME-693', ocaType: 2 }));
    desk.pass();
    return client.told().at(-1);
  });
  expect(late).toEqual([
    'orderStatus 3 PreSubmitted 0/70 trigger',
    'orderStatus 3 PreSubmitted 0/100 trigger',
    'orderStatus 3 Inactive 0/100',
  ]);
});

test('with block a triggered stop takes the place of the target, and only it can trade', () => {
  const { desk, client } = pair(2);
  desk.does({ do: 'trigger', orderRef: 'stop' });
  desk.pass();
  expect(client.told().filter((line) => line.startsWith('orderStatus'))).toEqual([
    'orderStatus 2 PreSubmitted 0/100',
    'orderStatus 2 Submitted 0/100',
    'orderStatus 1 PreSubmitted 0/100',
    'orderStatus 2 Filled 100/0',
    'orderStatus 1 Cancelled 0/100',
  ]);
});

test('without block both can fill before one hears of the other', () => {
  const { desk, client } = pair(3);
  desk.does({ do: 'fill', orderRef: 'target' });
  desk.does({ do: 'trigger', orderRef: 'stop' });
  desk.pass();
  const told = client.told();
  expect(told).toContain('execDetails 1 SLD 100 @ 1.35 cum 100');
  expect(told).toContain('execDetails 2 SLD 100 @ 1.3 cum 100');
  expect(told).toContain('orderStatus 2 Filled 100/0');
});

test('a group that is said to block fails to, when somebody at the controls wants it', () => {
  const { desk, client } = pair(2);
  desk.does({ do: 'oca', blocks: false });
  desk.does({ do: 'fill', orderRef: 'target' });
  desk.does({ do: 'trigger', orderRef: 'stop' });
  desk.pass();
  const sold = client.told().filter((line) => line.startsWith('execDetails'));
  expect(sold).toEqual([
    'execDetails 1 SLD 100 @ 1.35 cum 100',
    'execDetails 2 SLD 100 @ 1.3 cum 100',
  ]);
});

test('attached children are in the group that is asked for, where that is assumed', () => {
  const groups = (['parentPermId', 'asked'] as const).map((attachedGroup) => {
    const desk = openDesk({ book: { attachedGroup } });
    const client = desk.client(1);
    client.place(1, limit('BUY', 100, 1.29, { transmit: false }));
    client.place(2, stop('SELL', 100, 1.25, { parentId: 1, ocaGroup: 'mine', ocaType: 1 }));
    desk.pass();
    return client.told().find((line) => line.startsWith('openOrder 2'));
  });
  expect(groups).toEqual([
    'openOrder 2 SELL 100 RIME STP 1.25 PreSubmitted group 1938000001 type 3',
    'openOrder 2 SELL 100 RIME STP 1.25 PreSubmitted group mine type 1',
  ]);
});

describe('the echo of an order without a group', () => {
  /** Of its open order, live and when asked, and of its completed one. */
  const echoed = (options: DeskOptions = {}) => {
    const { desk, client } = placed(1, limit('BUY', 100, 1.29), options);
    client.ask((encoder) => encoder.reqOpenOrders());
    client.cancel(1);
    desk.pass();
    client.ask((encoder) => encoder.reqCompletedOrders(false));
    return client
      .events()
      .filter(({ event }) => event === 'openOrder' || event === 'completedOrder')
      .map(({ event, args }) => {
        const order = Object(args[event === 'openOrder' ? 2 : 1]);
        return `${event} "${Reflect.get(order, 'ocaGroup')}" ${Reflect.get(order, 'ocaType')}`;
      });
  };
  const of = (ocaType: number): readonly string[] => [
    `openOrder "" ${ocaType}`,
    `openOrder "" ${ocaType}`,
    `completedOrder "" ${ocaType}`,
  ];

  test('says type 3, though none was asked for, as TWS does', () => {
    expect(echoed()).toEqual(of(3));
  });

  test('says type 0 where that is assumed', () => {
    expect(echoed({ book: { plainOcaType: 0 } })).toEqual(of(0));
  });
});
