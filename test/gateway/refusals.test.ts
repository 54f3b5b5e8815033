/** What the gateway refuses, with the code that IB has for it. */
import { OrderType, SecType, TimeInForce } from '@stoqey/ib';
import { describe, expect, test } from 'vitest';
import { type DeskOptions, limit, market, openDesk, placed, RIME, stop } from './desk.ts';

type Client = ReturnType<ReturnType<typeof openDesk>['client']>;

function answered(asked: (client: Client) => void, options: DeskOptions = {}): readonly string[] {
  const desk = openDesk(options);
  const client = desk.client(1);
  asked(client);
  desk.pass();
  return client.told();
}

describe('a placement', () => {
  const cases: readonly (readonly [why: string, asked: (client: Client) => void, said: RegExp])[] =
    [
      [
        'of no shares',
        (c) => c.place(1, limit('BUY', 0, 1.3)),
        /^error 1 434 The order size cannot/,
      ],
      ['of half a share', (c) => c.place(1, limit('BUY', 0.5, 1.3)), /^error 1 10318 /],
      [
        'of a symbol that is not traded',
        (c) => c.place(1, limit('BUY', 1, 1), { ...RIME, symbol: 'NONE' }),
        /^error 1 200 No security definition/,
      ],
      [
        'of an option',
        (c) => c.place(1, limit('BUY', 1, 1), { ...RIME, secType: SecType.OPT }),
        /^error 1 200 /,
      ],
      ['without a price', (c) => c.place(1, limit('BUY', 1, undefined as never)), /^error 1 321 /],
      [
        'of a side there is not',
        (c) => c.place(1, limit('SSHORT' as never, 1, 1)),
        /^error 1 321 /,
      ],
      [
        'of an order type that is not known here',
        (c) => c.place(1, limit('BUY', 1, 1, { orderType: OrderType.TRAIL })),
        /^error 1 387 /,
      ],
      [
        'of another time in force',
        (c) => c.place(1, limit('BUY', 1, 1, { tif: TimeInForce.OPG })),
        /^error 1 321 /,
      ],
      [
        'of an account there is not',
        (c) => c.place(1, limit('BUY', 1, 1, { account: 'DU9' })),
        /^error 1 321 .*account/,
      ],
      ['under a number below zero', (c) => c.place(-5, limit('BUY', 1, 1)), /^error -5 321 /],
      ['under no number', (c) => c.place(0, limit('BUY', 1, 1)), /^error 0 321 /],
    ];
  test.each(cases)('%s', (_why, asked, said) => {
    const told = answered(asked);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(said);
  });

  test('that names no account where there are two: 435', () => {
    const accounts = ['DU1', 'DU2'];
    expect(answered((c) => c.place(1, market('BUY', 1)), { accounts })).toEqual([
      'error 1 435 You must specify an account.',
    ]);
    const told = answered((c) => c.place(1, market('BUY', 1, { account: 'DU2' })), { accounts });
    expect(told.at(-1)).toBe('orderStatus 1 Filled 1/0');
  });

  test('that was refused does not use its number up, whatever it was of', () => {
    const desk = openDesk();
    const client = desk.client(1);
    const aapl = { ...RIME, symbol: 'AAPL' };
    client.place(1, limit('SELL', 5, 1.3, { parentId: 77 }));
    desk.pass();
    client.told();
    // Nor is there anything of it to cancel.
    client.ask((encoder) => encoder.reqGlobalCancel({}));
    desk.pass();
    expect(client.told()).toEqual([]);
    client.place(1, limit('BUY', 5, 200), aapl);
    desk.pass();
    expect(client.told()).toEqual([
      'orderStatus 1 PendingSubmit 0/5',
      'openOrder 1 BUY 5 AAPL LMT 200 Submitted',
      'orderStatus 1 Submitted 0/5',
    ]);
    client.cancel(1);
    desk.pass();
    expect(client.told().at(-1)).toBe('error 1 202 Order Canceled - reason:');
  });
});

describe('a modify', () => {
  test('of an order that has filled: 104, as in the incident', () => {
    const told = answered((client) => {
      client.place(694, market('BUY', 100));
    });
    expect(told.at(-1)).toBe('orderStatus 694 Filled 100/0');
    const { desk, client } = placed(694, market('BUY', 100));
    client.place(694, limit('BUY', 50, 1.2));
    desk.pass();
    expect(client.told()).toEqual(['error 694 104 Cannot modify a filled order.']);
  });

  test('of an order that was cancelled: 103, its number is used up', () => {
    const desk = openDesk();
    const client = desk.client(1);
    client.place(1, limit('BUY', 100, 1.2));
    client.cancel(1);
    desk.pass();
    client.told();
    client.place(1, limit('BUY', 100, 1.2));
    desk.pass();
    expect(client.told()).toEqual(['error 1 103 Duplicate order id']);
  });

  test.each([
    ['its group', { ocaGroup: 'other', ocaType: 2 }, '10326 OCA group revision is not allowed'],
    [
      "its group's type",
      { ocaGroup: 'g', ocaType: 1 },
      '10327 OCA group type revision is not allowed',
    ],
    [
      'its parent',
      { ocaGroup: 'g', ocaType: 2, parentId: 9 },
      '10341 Parent order id cannot be modified.',
    ],
    [
      'its reference',
      { ocaGroup: 'g', ocaType: 2, orderRef: 'b' },
      '105 Order being modified does not match original order.',
    ],
    [
      'its type',
      { ocaGroup: 'g', ocaType: 2, orderType: 'MKT' },
      '329 Order modify failed. Cannot change to the new order type.',
    ],
  ])('of %s is refused, and the order stays as it was', (_what, changed, said) => {
    const desk = openDesk();
    const client = desk.client(1);
    const order = { ocaGroup: 'g', ocaType: 2, orderRef: 'a' };
    client.place(9, limit('BUY', 1, 1));
    client.place(1, limit('SELL', 100, 1.5, order));
    desk.pass();
    client.told();
    client.place(1, limit('SELL', 100, 1.5, { orderRef: 'a', ...(changed as object) }));
    desk.pass();
    expect(client.told()).toEqual([`error 1 ${said}`]);
    client.ask((encoder) => encoder.reqOpenOrders());
    expect(client.told()[2]).toBe('openOrder 1 SELL 100 RIME LMT 1.5 Submitted group g type 2');
    const echo = client
      .events()
      .filter(({ event }) => event === 'openOrder')
      .at(-1)?.args[2];
    expect(echo).toMatchObject({ orderRef: 'a', parentId: 0 });
  });

  test('that is refused leaves nothing of itself in what is said of the order later', () => {
    const desk = openDesk();
    const client = desk.client(1);
    const group = { ocaGroup: 'g', ocaType: 3 };
    client.place(1, limit('SELL', 100, 1.5, { ...group, orderRef: 'a' }));
    client.place(2, limit('SELL', 100, 1.6, group));
    desk.pass();
    client.place(1, limit('SELL', 100, 1.5, { ...group, orderRef: 'b' }));
    desk.pass();
    client.told();
    // The echo that comes is of the reduction, not of the modify.
    desk.does({ do: 'fill', orderId: 2, shares: 40 });
    desk.pass();
    desk.does({ do: 'fill', orderId: 1 });
    desk.pass();
    expect(client.told()).toContain('openOrder 1 SELL 60 RIME LMT 1.5 Submitted group g type 3');
    const named = client
      .events()
      .flatMap(({ args }) => args.flatMap((arg) => Reflect.get(Object(arg), 'orderRef') || []));
    expect(new Set(named)).toEqual(new Set(['a']));
  });

  test('of the group cancels the order where that is assumed', () => {
    const { desk, client } = placed(1, limit('SELL', 100, 1.5, { ocaGroup: 'g', ocaType: 2 }), {
      book: { ocaRevision: 'cancels' },
    });
    client.place(1, limit('SELL', 100, 1.5, { ocaGroup: 'h', ocaType: 2 }));
    desk.pass();
    expect(client.told()).toEqual([
      'error 1 10326 OCA group revision is not allowed',
      'orderStatus 1 Cancelled 0/100',
      'error 1 202 Order Canceled - reason:OCA group revision is not allowed',
    ]);
  });

  test('before the acknowledgement: 2102, and the order goes on', () => {
    const told = answered((client) => {
      client.place(1, limit('BUY', 100, 1.2));
      client.place(1, limit('BUY', 100, 1.21));
    });
    expect(told).toEqual([
      'orderStatus 1 PendingSubmit 0/100',
      'error 1 2102 Unable to modify this order as it is still being processed.',
      'openOrder 1 BUY 100 RIME LMT 1.2 Submitted',
      'orderStatus 1 Submitted 0/100',
    ]);
  });
});

describe('a sale of what is not held', () => {
  const sale = (shortSales: 'warned' | 'held' | 'rejected') =>
    answered((client) => client.place(1, stop('SELL', 100, 1.25)), { book: { shortSales } });

  test('is warned of: 2137', () => {
    expect(sale('warned')).toEqual([
      'orderStatus 1 PendingSubmit 0/100',
      'error 1 2137 Cross Side Warning: position would go from long to short',
      'openOrder 1 SELL 100 RIME STP 1.25 PreSubmitted',
      'orderStatus 1 PreSubmitted 0/100 trigger',
    ]);
  });

  test('is held while shares are located: 404, whyHeld locate', () => {
    const told = sale('held');
    expect(told[1]).toMatch(/^error 1 404 Order held while securities are located\./);
    expect(told.at(-1)).toBe('orderStatus 1 PreSubmitted 0/100 locate,trigger');
  });

  test('is refused: 201, and Inactive', () => {
    expect(sale('rejected')).toEqual([
      'orderStatus 1 PendingSubmit 0/100',
      'error 1 201 Order rejected - reason:short sale not allowed',
      'orderStatus 1 Inactive 0/100',
    ]);
  });
});

describe('more than fifty messages a second', () => {
  test('are answered with 100 and not carried out, and the next second is another', () => {
    const desk = openDesk({ rateLimit: 50 });
    const client = desk.client(1);
    for (let id = 1; id <= 52; id += 1) client.place(id, limit('BUY', 1, 1));
    const refused = client.told();
    expect(refused).toEqual([
      'error 51 100 Max rate of messages per second has been exceeded:max=50',
      'error 52 100 Max rate of messages per second has been exceeded:max=50',
    ]);
    desk.pass(999);
    client.told();
    client.ask((encoder) => encoder.reqCurrentTime());
    expect(client.told()[0]).toMatch(/^info 100 /);
    desk.pass(1);
    client.ask((encoder) => encoder.reqOpenOrders());
    expect(client.told().filter((line) => line.startsWith('openOrder '))).toHaveLength(50);
  });
});
