import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OcaType } from '../../src/ports/broker.ts';
import {
  act,
  type Book,
  type BookOptions,
  choices,
  fillable,
  truth,
} from '../../src/simulator/book.ts';
import { groupAt, orderAt, ordersIn } from '../../src/simulator/contents.ts';
import { OCA_READINGS, type OcaReading, reducedRemaining } from '../../src/simulator/readings.ts';
import { acknowledge, bookOf, drive, fill, lines, place, stopTicket, ticket } from './driving.ts';

const STOP = 1;
const TARGET = 2;

const pair = (
  ocaType: OcaType,
  options: Partial<BookOptions> = {},
  [stop, target]: readonly [number, number] = [100, 100],
): Book =>
  bookOf(
    [
      stopTicket(STOP, { ocaGroup: 'a', ocaType, totalQuantity: stop }),
      ticket(TARGET, { ocaGroup: 'a', ocaType, totalQuantity: target }),
    ],
    options,
  );

const triggered = { type: 'trigger', orderId: STOP } as const;
const settleStop = { type: 'settle', orderId: STOP } as const;
const unsettled = (book: Book): readonly number[] =>
  ordersIn(book).flatMap(({ ticket: { orderId }, unsettled: on }) => on.map(() => orderId));
const sold = (book: Book): number | undefined => truth(book).accounts[0]?.sold;

describe('a complete fill cancels the others', () => {
  test.each([1, 2] as const)('type %i: at once', (ocaType) => {
    const { words, book } = drive(pair(ocaType), fill(TARGET, 100));
    expect(lines(words)).toEqual(['2 SLD 100', '2 Filled 100/0', '1 Cancelled 0/100', '1 202']);
    expect(fillable(book)).toEqual([]);
  });

  test('type 3: once it has reached the sibling, which may trade until then', () => {
    const late = drive(pair(3), triggered, fill(TARGET, 100));
    expect(lines(late.words)).toEqual(['2 SLD 100', '2 Filled 100/0']);
    expect(lines(drive(late.book, settleStop).words)).toEqual(['1 Cancelled 0/100', '1 202']);
    expect(sold(drive(late.book, fill(STOP, 100)).book)).toBe(200);
  });

  test.each([1, 2] as const)('type %i: also where sizes differ', (ocaType) => {
    const { book } = drive(pair(ocaType, {}, [100, 70]), fill(TARGET, 70));
    expect(orderAt(book, STOP)?.end).toBe('Cancelled');
  });

  test('type 3: a sibling that has ended meanwhile has nothing to settle', () => {
    const { book } = drive(pair(3), triggered, fill(TARGET, 40), fill(STOP, 100));
    expect(unsettled(book)).toEqual([TARGET]);
  });

  test('no group: never', () => {
    const { book } = drive(
      bookOf([stopTicket(STOP), ticket(TARGET)]),
      triggered,
      fill(TARGET, 100),
      fill(STOP, 100),
    );
    expect(sold(book)).toBe(200);
    expect(unsettled(book)).toEqual([]);
  });
});

describe('a partial fill', () => {
  test('type 1 cancels the others, and leaves the rest without them', () => {
    const { words } = drive(pair(1), fill(TARGET, 40));
    expect(lines(words)).toEqual(['2 SLD 40', '2 Submitted 40/60', '1 Cancelled 0/100', '1 202']);
  });

  test('type 2 reduces the others and echoes it', () => {
    const { words } = drive(pair(2), fill(TARGET, 40));
    expect(lines(words)).toEqual([
      '2 SLD 40',
      '2 Submitted 40/60',
      '1 open 60',
      '1 PreSubmitted 0/60 trigger',
    ]);
  });

  test('type 3 reduces the others when it is settled, and only then', () => {
    const { book } = drive(pair(3), fill(TARGET, 40));
    expect(orderAt(book, STOP)?.total).toBe(1_000_000);
    expect(lines(drive(book, settleStop).words)).toEqual([
      '1 open 60',
      '1 PreSubmitted 0/60 trigger',
    ]);
  });

  test('reduces what is left of a sibling that has traded itself', () => {
    const { words } = drive(
      pair(2),
      triggered,
      { type: 'route', orderId: STOP },
      fill(STOP, 30),
      { type: 'route', orderId: TARGET },
      fill(TARGET, 20),
    );
    expect(lines(words).slice(-2)).toEqual(['1 open 80', '1 PreSubmitted 30/50']);
  });

  test('a group without a type is reduced without block, as the Gateway has it', () => {
    const book = pair(0);
    expect(groupAt(book, 'a')?.ocaType).toBe(3);
    expect(drive(book, { request: 'reqOpenOrders' }).words[0]).toMatchObject({ ocaType: 3 });
  });

  test('a sibling that is reduced to nothing ends', () => {
    const { book } = drive(pair(2, {}, [30, 100]), fill(TARGET, 40));
    expect(orderAt(book, STOP)?.end).toBe('Cancelled');
  });
});

describe('readings of "reduce"', () => {
  const left = (ocaReading: OcaReading, sizes: readonly [number, number], fills: number[]) => {
    const { book } = drive(pair(2, { ocaReading }, sizes), ...fills.map((n) => fill(TARGET, n)));
    const stop = orderAt(book, STOP);
    return stop === undefined ? undefined : (stop.total - stop.filled) / 10_000;
  };

  // The stop is for 100, the target for 70 (unequal) or for 100 (equal).
  test.each([
    ['byQuantity', 65, 25],
    ['proportionalOfRemaining', 50, 25],
    ['proportionalRoundedUp', 50, 25],
    ['proportionalRoundedDown', 50, 25],
    ['fractionOfOriginals', 50, 25],
    ['proportionalOfOriginal', 50, 37],
    ['none', 100, 100],
  ] as const)('%s: 35 of 70 leaves %i; 50 and 25 of 100 leave %i', (name, unequal, equal) => {
    expect(left(name, [100, 70], [35])).toBe(unequal);
    expect(left(name, [100, 100], [50, 25])).toBe(equal);
  });

  test('a broken share is rounded as the reading says', () => {
    const one = { remaining: 100, original: 100 };
    const partial = { filled: 1, before: 3, original: 3 };
    expect(reducedRemaining('proportionalRoundedUp', one, partial, 1)).toBe(67);
    expect(reducedRemaining('proportionalRoundedDown', one, partial, 1)).toBe(66);
  });

  test.each(OCA_READINGS)('$name keeps equal pairs equal: $keepsEqualPairs', (reading) => {
    const stays = (size: number, parts: readonly number[]): boolean => {
      let sibling = size;
      let before = size;
      for (const part of parts) {
        const filled = Math.min(part, before - 1);
        if (filled < 1) break;
        const partial = { filled, before, original: size };
        sibling = reducedRemaining(
          reading.name,
          { remaining: sibling, original: size },
          partial,
          1,
        );
        before -= filled;
      }
      return sibling === before;
    };
    const property = fc.property(
      fc.integer({ min: 3, max: 500 }),
      fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 }),
      stays,
    );
    expect(fc.check(property, { seed: 1, numRuns: 500 }).failed).toBe(!reading.keepsEqualPairs);
  });
});

describe('with block', () => {
  test('one member is routed at a time, and a triggered stop waits', () => {
    const { book, words } = drive(pair(2), triggered);
    expect(lines(words)).toEqual(['1 PreSubmitted 0/100']);
    expect(fillable(book)).toEqual([{ orderId: TARGET, shares: 100 }]);
    expect(() => act(book, fill(STOP, 1))).toThrow(RangeError);
    const routed = drive(book, { type: 'route', orderId: STOP });
    expect(lines(routed.words)).toEqual(['1 Submitted 0/100', '2 PreSubmitted 0/100']);
    expect(fillable(routed.book)).toEqual([{ orderId: STOP, shares: 100 }]);
  });

  test('what may happen of itself is listed: to route another member, to settle', () => {
    const listed = (book: Book) => choices(book, { lots: [40, 500] });
    expect(listed(pair(2))).toEqual([triggered, fill(TARGET, 40, 1.35), fill(TARGET, 100, 1.35)]);
    expect(listed(drive(pair(2), triggered).book)[0]).toEqual({ type: 'route', orderId: STOP });
    expect(listed(drive(pair(3), fill(TARGET, 40)).book)).toContainEqual(settleStop);
  });

  test('a held or inactive member is not routed', () => {
    const held = drive(pair(2), { type: 'hold', orderId: TARGET, whyHeld: 'locate' });
    expect(lines(held.words)).toEqual(['2 404', '2 PreSubmitted 0/100 locate']);
    expect(fillable(held.book)).toEqual([]);
    const idle = drive(pair(2), { type: 'inactivate', orderId: TARGET });
    expect(lines(idle.words)).toEqual(['2 Inactive 0/100']);
    expect(fillable(idle.book)).toEqual([]);
    const back = drive(idle.book, { type: 'reactivate', orderId: TARGET });
    expect(lines(back.words)).toEqual(['2 Submitted 0/100']);
  });

  test('when the routed member ends, the next is routed', () => {
    const { words } = drive(pair(2), triggered, {
      type: 'unsolicitedCancel',
      orderId: TARGET,
      reason: 'x',
    });
    expect(lines(words)).toEqual(['2 Cancelled 0/100', '2 202', '1 Submitted 0/100']);
  });

  test('without block both are at the exchange', () => {
    expect(fillable(drive(pair(3), triggered).book)).toHaveLength(2);
  });
});

describe('a leg that joins late', () => {
  const joined = (options: Partial<BookOptions>, first: number) => {
    const group = { ocaGroup: 'a', ocaType: 2 } as const;
    const book = bookOf([stopTicket(STOP, group)], options);
    return drive(
      book,
      triggered,
      place(ticket(TARGET, group)),
      fill(STOP, first),
      acknowledge(TARGET),
    );
  };

  test('left: is admitted for what is left', () => {
    expect(lines(joined({ lateLeg: 'left' }, 30).words)[0]).toBe('2 open 70');
  });

  test('left: and goes on sharing what is left, where originals count', () => {
    const { book } = joined({ lateLeg: 'left', ocaReading: 'fractionOfOriginals' }, 30);
    expect(orderAt(drive(book, fill(STOP, 35)).book, TARGET)?.total).toBe(350_000);
  });

  test('full: is admitted whole', () => {
    expect(lines(joined({ lateLeg: 'full' }, 30).words)[0]).toBe('2 open 100');
  });

  test('refused: is rejected', () => {
    expect(lines(joined({ lateLeg: 'refused' }, 30).words)).toEqual(['2 201', '2 Inactive 0/100']);
  });

  test.each(['left', 'refused', 'full'] as const)(
    '%s: rejected after a complete fill',
    (lateLeg) => {
      expect(lines(joined({ lateLeg }, 100).words)).toEqual(['2 201', '2 Inactive 0/100']);
    },
  );

  test('a member may rejoin after a cancel, unless the name is then used up', () => {
    const again = (options: Partial<BookOptions>) =>
      drive(
        pair(2, options),
        { type: 'unsolicitedCancel', orderId: TARGET, reason: '' },
        place(ticket(3, { ocaGroup: 'a', ocaType: 2 })),
        acknowledge(3),
      );
    expect(lines(again({}).words)[0]).toBe('3 open 100');
    expect(lines(again({ rejoinAfterCancel: 'refused' }).words)[0]).toBe('3 201');
  });
});
