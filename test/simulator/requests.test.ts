import { describe, expect, test } from 'vitest';
import type { BrokerWord, OrderTicket } from '../../src/ports/broker.ts';
import { act, type BookOptions, emptyBook, fillable, truth } from '../../src/simulator/book.ts';
import { orderAt, ordersIn } from '../../src/simulator/contents.ts';
import {
  acknowledge,
  bookOf,
  cancel,
  drive,
  fill,
  lines,
  place,
  stopTicket,
  ticket,
} from './driving.ts';

const acceptCancel = { type: 'acceptCancel', orderId: 1 } as const;
const refuseCancel = { type: 'refuseCancel', orderId: 1 } as const;
const one = bookOf([ticket(1)]);

const message = (words: readonly BrokerWord[]): string | undefined =>
  words.flatMap((word) => (word.word === 'error' ? [word.message] : []))[0];

describe('a placement', () => {
  test('is first taken down, then acknowledged', () => {
    const { book, words } = drive(emptyBook(), place(ticket(1)));
    expect(lines(words)).toEqual(['1 PendingSubmit 0/100']);
    expect(words[0]).toMatchObject({ permId: 1_938_000_001 });
    expect(fillable(book)).toEqual([]);
    expect(lines(drive(book, acknowledge(1)).words)).toEqual(['1 open 100', '1 Submitted 0/100']);
  });

  test('can be rejected, and its id is then used up', () => {
    const rejected = drive(emptyBook(), place(ticket(1)), {
      type: 'reject',
      orderId: 1,
      code: 201,
      text: 'Order rejected - reason:margin',
    });
    expect(lines(rejected.words)).toEqual(['1 201', '1 Inactive 0/100']);
    expect(lines(drive(rejected.book, place(ticket(1))).words)).toEqual(['1 103']);
  });

  test.each([
    [434, { totalQuantity: 0 }],
    [10318, { totalQuantity: 0.5 }],
    [10006, { parentId: 9 }],
    [321, { orderType: 'STP' }],
  ] as const)('is refused with %i', (code, changes: Partial<OrderTicket>) => {
    const { book, words } = drive(emptyBook(), place(ticket(1, changes)));
    expect(lines(words)).toEqual([`1 ${code}`]);
    expect(ordersIn(book)).toEqual([]);
  });

  test('of a part of a share is taken where it is configured', () => {
    const { book } = drive(
      emptyBook({ fractional: true }),
      place(ticket(1, { totalQuantity: 0.3 })),
      acknowledge(1),
      fill(1, 0.1),
      fill(1, 0.2),
    );
    expect(orderAt(book, 1)?.end).toBe('Filled');
    expect(truth(book).accounts[0]?.sold).toBe(0.3);
  });

  test('of a stop is armed as PreSubmitted, and Submitted once triggered', () => {
    const armed = drive(emptyBook(), place(stopTicket(1)), acknowledge(1));
    expect(lines(armed.words)).toEqual(['1 open 100', '1 PreSubmitted 0/100 trigger']);
    expect(fillable(armed.book)).toEqual([]);
    const { words } = drive(armed.book, { type: 'trigger', orderId: 1 });
    expect(lines(words)).toEqual(['1 Submitted 0/100']);
  });

  test('of a stop for outside hours is taken without that, and says so', () => {
    const { words, book } = drive(emptyBook(), place(stopTicket(1, { outsideRth: true })));
    expect(lines(words)[0]).toBe('1 2109');
    expect(orderAt(book, 1)?.ticket.outsideRth).toBe(false);
  });

  test.each([
    ['warned', '1 2137', 'Submitted'],
    ['held', '1 404', 'PreSubmitted'],
    ['rejected', '1 201', 'Inactive'],
  ] as const)('that would go short is %s', (shortSales, first, status) => {
    const { words } = drive(emptyBook({ shortSales }), place(ticket(1)), acknowledge(1));
    expect(lines(words)[0]).toBe(first);
    expect(words.at(-1)).toMatchObject({ status });
  });
});

describe('a cancel', () => {
  test('is first pending, and the order can trade meanwhile', () => {
    const asked = drive(one, cancel(1));
    expect(lines(asked.words)).toEqual(['1 PendingCancel 0/100']);
    const part = drive(asked.book, fill(1, 40));
    expect(lines(part.words)).toEqual(['1 SLD 40', '1 PendingCancel 40/60']);
    expect(lines(drive(part.book, acceptCancel).words)).toEqual(['1 Cancelled 40/60', '1 202']);
  });

  test('that loses to a complete fill is told so', () => {
    const lost = drive(one, cancel(1), fill(1, 100));
    expect(lines(lost.words)).toEqual(['1 SLD 100', '1 Filled 100/0']);
    expect(() => act(lost.book, acceptCancel)).toThrow(RangeError);
    const { words } = drive(lost.book, refuseCancel);
    expect(message(words)).toBe(
      'OrderId 1 that needs to be cancelled cannot be cancelled, state: Filled.',
    );
  });

  test.each([10148, 161, 10147] as const)('after the end is answered %i', (endedCancel) => {
    const book = bookOf([ticket(1)], { endedCancel });
    expect(lines(drive(book, fill(1, 100), cancel(1)).words)).toEqual([`1 ${endedCancel}`]);
  });

  test('that is asked twice is told that it is pending', () => {
    expect(message(drive(one, cancel(1), cancel(1)).words)).toContain('state: PendingCancel.');
  });

  test('of a cancelled order names that state', () => {
    const { words } = drive(one, cancel(1), acceptCancel, cancel(1));
    expect(message(words)).toContain('state: Cancelled.');
  });

  test.each([10147, 135] as const)('of an unknown id is answered %i', (unknownCancel) => {
    expect(lines(drive(emptyBook({ unknownCancel }), cancel(7)).words)).toEqual([
      `7 ${unknownCancel}`,
    ]);
  });

  test('that is refused leaves the order as it was', () => {
    const { words, book } = drive(one, cancel(1), refuseCancel);
    expect(lines(words)).toEqual(['1 161', '1 Submitted 0/100']);
    expect(fillable(book)).toHaveLength(1);
  });

  test('before the acknowledgement ends the order as ApiCancelled', () => {
    const { words } = drive(emptyBook(), place(ticket(1)), cancel(1), acceptCancel);
    expect(lines(words)).toEqual(['1 ApiCancelled 0/100', '1 202']);
  });
});

describe('an end', () => {
  const shown = { showsEnded: true };
  const ends = (options: Partial<BookOptions>) => {
    const book = bookOf([ticket(1)], options);
    const filled = drive(book, fill(1, 40), fill(1, 60)).words;
    const cancelled = drive(book, fill(1, 40), cancel(1), acceptCancel).words;
    return [filled, cancelled].map((words) => words.filter(({ word }) => word !== 'execDetails'));
  };

  test('is a status, and where that is so an openOrder before it', () => {
    expect(ends({}).map(lines)).toEqual([['1 Filled 100/0'], ['1 Cancelled 40/60', '1 202']]);
    const [filled = [], cancelled = []] = ends(shown);
    expect(lines(filled)).toEqual(['1 open 100', '1 Filled 100/0']);
    expect(filled[0]).toMatchObject({ word: 'openOrder', status: 'Filled' });
    expect(lines(cancelled)).toEqual(['1 open 100', '1 Cancelled 40/60', '1 202']);
    expect(cancelled[0]).toMatchObject({ word: 'openOrder', status: 'Cancelled' });
  });
});

describe('a modify', () => {
  const grouped = bookOf([ticket(1, { ocaGroup: 'a', ocaType: 2 })]);

  test.each([
    [104, drive(one, fill(1, 100)).book, {}],
    [103, drive(one, cancel(1), acceptCancel).book, {}],
    [2102, drive(emptyBook(), place(ticket(1))).book, {}],
    [2102, drive(one, cancel(1)).book, {}],
    [434, one, { totalQuantity: 0 }],
    [105, one, { action: 'BUY' }],
    [105, one, { orderRef: 'other' }],
    [329, one, { orderType: 'MKT' }],
    [10341, one, { parentId: 5 }],
    [10326, one, { ocaGroup: 'b' }],
    [10326, grouped, { ocaGroup: 'b', ocaType: 2 }],
    [10327, grouped, { ocaGroup: 'a', ocaType: 1 }],
  ] as const)('is refused with %i', (code, book, changes: Partial<OrderTicket>) => {
    const step = drive(book, place(ticket(1, changes)));
    expect(lines(step.words)).toEqual([`1 ${code}`]);
    expect(step.book).toBe(book);
  });

  test('of the OCA fields can cost the order its life', () => {
    const book = bookOf([ticket(1)], { ocaRevision: 'cancels' });
    const { words } = drive(book, place(ticket(1, { ocaGroup: 'b' })));
    expect(lines(words)).toEqual(['1 10326', '1 Cancelled 0/100', '1 202']);
  });

  test('restates quantity and price', () => {
    const { words } = drive(one, place(ticket(1, { totalQuantity: 60, lmtPrice: 1.4 })));
    expect(lines(words)).toEqual(['1 open 60', '1 Submitted 0/60']);
    expect(words[0]).toMatchObject({ lmtPrice: 1.4 });
  });

  test('is measured against the new size by a later partial fill of a sibling', () => {
    const { book } = drive(one, place(ticket(1, { totalQuantity: 60 })));
    expect(orderAt(book, 1)?.original).toBe(600_000);
  });

  test('may name the group that TWS has put the order in', () => {
    const { book } = drive(
      emptyBook(),
      place(ticket(1, { action: 'BUY' })),
      place(ticket(2, { parentId: 1 })),
      acknowledge(1),
      acknowledge(2),
    );
    const echoed = { parentId: 1, ocaGroup: '1938000001', ocaType: 3, lmtPrice: 1.4 } as const;
    const { words } = drive(book, place(ticket(2, echoed)));
    expect(lines(words)[0]).toBe('2 open 100');
    const orphan = drive(book, fill(1, 100)).book;
    expect(lines(drive(orphan, place(ticket(2, echoed))).words)).toEqual(['2 135']);
    const freed = drive(orphan, place(ticket(2, { ...echoed, parentId: 0 })));
    expect(lines(freed.words)[0]).toBe('2 open 100');
  });

  test('that changes nothing is answered', () => {
    expect(lines(drive(one, place(ticket(1))).words)).toEqual(['1 open 100', '1 Submitted 0/100']);
  });

  test('to less than has filled ends the order', () => {
    const { words } = drive(one, fill(1, 40), place(ticket(1, { totalQuantity: 30 })));
    expect(lines(words)).toEqual(['1 Cancelled 40/0', '1 202']);
  });

  test('to a total undoes a reduction that the broker has just made', () => {
    const group = { ocaGroup: 'a', ocaType: 2 } as const;
    const pair = bookOf([stopTicket(1, group), ticket(2, group)]);
    const { words } = drive(pair, fill(2, 40), place(stopTicket(1, group)));
    expect(lines(words)[0]).toBe('1 open 100');
  });
});

describe('attached children', () => {
  const family = (options: Partial<BookOptions> = {}) =>
    drive(
      emptyBook(options),
      place(ticket(1, { action: 'BUY', transmit: false })),
      place(stopTicket(2, { parentId: 1, transmit: false, ocaGroup: 'mine', ocaType: 2 })),
      place(ticket(3, { parentId: 1 })),
    );

  test('wait in TWS until the last transmits all', () => {
    expect(lines(family().words)).toEqual([
      '3 PendingSubmit 0/100',
      '1 PendingSubmit 0/100',
      '2 PendingSubmit 0/100',
    ]);
  });

  test('that come too soon may miss their parent', () => {
    const { words } = drive(
      emptyBook({ childBeforeParentAck: 'missingParent' }),
      place(ticket(1, { action: 'BUY' })),
      place(ticket(2, { parentId: 1 })),
    );
    expect(lines(words)).toEqual(['2 10006']);
  });

  test('are regrouped under the parent as type 3, and wake when it fills', () => {
    const { book } = drive(family().book, acknowledge(1), acknowledge(2), acknowledge(3));
    expect(orderAt(book, 2)).toMatchObject({ group: '1938000001', ocaType: 3 });
    expect(fillable(book)).toEqual([{ orderId: 1, shares: 100 }]);
    expect(lines(drive(book, fill(1, 100)).words)).toEqual([
      '1 BOT 100',
      '1 Filled 100/0',
      '2 PreSubmitted 0/100 trigger',
      '3 Submitted 0/100',
    ]);
  });

  test('work for the filled part of the parent where that is so', () => {
    const partial = family({ childActivation: 'partial' });
    const waiting = drive(partial.book, acknowledge(1), acknowledge(3));
    expect(lines(waiting.words)[1]).toBe('3 PreSubmitted 0/100 child');
    const { book } = drive(waiting.book, fill(1, 40));
    expect(fillable(book)).toContainEqual({ orderId: 3, shares: 40 });
    expect(() => act(book, fill(3, 41))).toThrow(RangeError);
  });

  test('shrink to what a parent had traded that ended in part', () => {
    const { words } = drive(
      family().book,
      acknowledge(1),
      acknowledge(3),
      fill(1, 40),
      cancel(1),
      acceptCancel,
    );
    expect(lines(words)).toContain('3 Submitted 0/40');
  });

  test('fall with a parent that ends untraded', () => {
    const { book } = drive(family().book, acknowledge(1), cancel(1), acceptCancel);
    expect(ordersIn(book).map((order) => order.end)).toEqual([
      'Cancelled',
      'Cancelled',
      'Cancelled',
    ]);
  });

  test('fall together, to the last generation', () => {
    const tickets = [ticket(1), ticket(2, { parentId: 1 }), ticket(3, { parentId: 2 })];
    const { words } = drive(bookOf(tickets), cancel(1), acceptCancel);
    expect(lines(words).filter((line) => line.endsWith('202'))).toEqual([
      '1 202',
      '2 202',
      '3 202',
    ]);
  });
});

describe('what cannot happen', () => {
  test.each([
    ['a second acknowledgement', one, acknowledge(1)],
    ['a rejection of a taken order', one, { type: 'reject', orderId: 1, code: 201, text: '' }],
    ['the trigger of a limit order', one, { type: 'trigger', orderId: 1 }],
    ['more than is left', one, fill(1, 101)],
    ['a part of a share', one, fill(1, 0.5)],
    ['an answer to no cancel', one, acceptCancel],
    ['a settlement of nothing', one, { type: 'settle', orderId: 1 }],
    ['an unknown order', one, { type: 'inactivate', orderId: 9 }],
    ['an unknown execution', one, { type: 'bust', execId: '0000e0d5.1.01.01' }],
  ] as const)('%s throws', (_, book, action) => {
    expect(() => act(book, action)).toThrow(RangeError);
  });
});
