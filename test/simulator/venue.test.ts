import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BrokerWord } from '../../src/ports/broker.ts';
import type { Faults, Heard } from '../../src/simulator/channel.ts';
import { groupAt, orderAt } from '../../src/simulator/contents.ts';
import { createRandom } from '../../src/simulator/random.ts';
import type { Print, VenueOptions } from '../../src/simulator/terms.ts';
import { createVenue, type Venue } from '../../src/simulator/venue.ts';
import { cancel, lines, place, stopTicket, ticket } from './driving.ts';

const print = (at: number, price: number, size?: number): Print =>
  size === undefined ? { at, symbol: 'RIME', price } : { at, symbol: 'RIME', price, size };

const timed = (heard: readonly Heard[]): readonly string[] =>
  heard.flatMap(({ at, word }) => lines([word]).map((line) => `${at} ${line}`));

const spoken = (heard: readonly Heard[]): readonly string[] => lines(heard.map((one) => one.word));

const venueOf = (options: Partial<VenueOptions>): Venue => createVenue(options);

describe('time', () => {
  test('a request is in effect later, and a word is heard later, by side', () => {
    const venue = venueOf({
      sentMs: { BUY: 1, SELL: 10 },
      heardMs: { BUY: 2, SELL: 100 },
      acknowledgeMs: 1_000,
    });
    venue.submit(place(ticket(1)), 0);
    expect(venue.nextAt()).toBe(10);
    expect(timed(venue.advance(5_000))).toEqual([
      '110 1 PendingSubmit 0/100',
      '1110 1 open 100',
      '1110 1 Submitted 0/100',
    ]);
    expect(venue.nextAt()).toBeUndefined();
    expect(() => venue.advance(4_000)).toThrow(RangeError);
    expect(() => venue.submit(cancel(1), 4_999)).toThrow(RangeError);
  });

  test('a word about an order takes as long as its side as last sent says', () => {
    const venue = venueOf({ heardMs: { BUY: 2, SELL: 100 } });
    const sent = [
      ticket(1, { transmit: false, action: 'BUY' }),
      ticket(1, { transmit: false, totalQuantity: 50 }),
      ticket(1, { action: 'BUY', totalQuantity: 30 }),
    ];
    for (const one of sent) venue.submit(place(one), 0);
    expect(timed(venue.advance(20))).toEqual([
      '12 1 ApiPending 0/100',
      '12 1 ApiPending 0/50',
      '12 1 PendingSubmit 0/30',
    ]);
  });

  test('a cancel never overtakes its own placement', () => {
    const venue = venueOf({ sentMs: { BUY: 0, SELL: 50 } });
    venue.submit(place(ticket(1)), 0);
    venue.submit({ request: 'reqOpenOrders' }, 1);
    venue.submit(cancel(1), 2);
    expect(spoken(venue.advance(1_000))[0]).toBe('1 PendingSubmit 0/100');
    expect(orderAt(venue.book(), 1)?.end).toBe('Cancelled');
  });
});

describe('the market', () => {
  test('fills a resting limit at its limit, and a marketable one at the price', () => {
    const venue = venueOf({ tape: [print(0, 1.3), print(100, 1.4)] });
    venue.submit(place(ticket(1)), 1);
    venue.submit(place(ticket(2)), 200);
    const fills = venue
      .advance(1_000)
      .flatMap(({ word }) => (word.word === 'execDetails' ? [[word.orderId, word.price]] : []));
    expect(fills).toEqual([
      [1, 1.35],
      [2, 1.4],
    ]);
    expect(venue.price('RIME')).toBe(1.4);
  });

  test('triggers a stop, which then trades at the price', () => {
    const venue = venueOf({ tape: [print(0, 1.3), print(500, 1.24)] });
    venue.submit(place(stopTicket(1)), 0);
    expect(spoken(venue.advance(499)).at(-1)).toBe('1 PreSubmitted 0/100 trigger');
    expect(spoken(venue.advance(1_000))).toEqual([
      '1 Submitted 0/100',
      '1 SLD 100',
      '1 Filled 100/0',
    ]);
  });

  test('fills in lots, no more than was printed', () => {
    const venue = venueOf({ tape: [print(0, 1.4, 75)], fillLot: 30, lotGapMs: 10 });
    venue.submit(place(ticket(1)), 0);
    const fills = venue.advance(1_000).filter(({ word }) => word.word === 'execDetails');
    expect(timed(fills)).toEqual(['40 1 SLD 30', '50 1 SLD 30', '60 1 SLD 15']);
    venue.print(print(1_000, 1.4, 75));
    expect(spoken(venue.advance(2_000)).at(-1)).toBe('1 Filled 100/0');
  });

  test('outside regular hours only those trade that may', () => {
    const venue = venueOf({
      tape: [print(0, 1.24)],
      regularHours: [{ from: 1_000, to: 2_000 }],
    });
    venue.submit(place(stopTicket(1)), 0);
    venue.submit(place(ticket(2, { lmtPrice: 1.2, outsideRth: true })), 0);
    venue.submit(place(ticket(3, { lmtPrice: 1.2 })), 0);
    venue.advance(999);
    expect(venue.truth().filledByRef).toEqual({ ref2: 100 });
    venue.print(print(1_500, 1.24));
    venue.advance(3_000);
    expect(venue.truth().filledByRef).toEqual({ ref1: 100, ref2: 100, ref3: 100 });
  });

  test('caps an elected stop-limit: in part at once, the rest when the cap is lifted', () => {
    const cap = { within: 0.02, forMs: 5_000, shares: 20, outsideHoursOnly: false };
    const venue = venueOf({ tape: [print(0, 1.3), print(100, 1.24), print(200, 1.2)], cap });
    venue.submit(place(stopTicket(1, { orderType: 'STP LMT', lmtPrice: 1.1 })), 0);
    const heard = venue.advance(300);
    expect(spoken(heard)).toContain('1 2161');
    expect(spoken(heard)).toContain('1 SLD 20');
    // At 1.24 the cap stands at 1.2152: what is left trades there, but no longer at 1.20.
    expect(venue.truth().filledByRef).toEqual({ ref1: 100 });
    const lower = venueOf({ tape: [print(0, 1.3), print(100, 1.24, 20), print(200, 1.2)], cap });
    lower.submit(place(stopTicket(1, { orderType: 'STP LMT', lmtPrice: 1.1 })), 0);
    lower.advance(5_000);
    expect(lower.truth().filledByRef).toEqual({ ref1: 20 });
    const hours = venueOf({
      tape: [print(0, 1.24)],
      cap: { ...cap, outsideHoursOnly: true },
    });
    hours.submit(place(stopTicket(1, { orderType: 'STP LMT', lmtPrice: 1.1 })), 0);
    expect(spoken(hours.advance(1_000))).not.toContain('1 2161');
    const late = lower
      .advance(6_000)
      .flatMap(({ word }) => (word.word === 'execDetails' ? [word] : []));
    expect(late).toMatchObject([{ shares: 80, price: 1.2 }]);
  });

  test('with block a triggered stop takes the place of the target, without it need not', () => {
    const run = (ocaType: 2 | 3): readonly string[] => {
      const venue = venueOf({
        tape: [print(0, 1.3), print(500, 1.24), print(510, 1.36)],
        fillLot: 60,
        lotGapMs: 1_000,
        routeMs: 5,
        settleMs: 100,
      });
      venue.submit(place(stopTicket(1, { ocaGroup: 'a', ocaType })), 0);
      venue.submit(place(ticket(2, { ocaGroup: 'a', ocaType })), 0);
      venue.advance(10_000);
      return venue.truth().accounts.map(({ symbol, sold }) => `${symbol} ${sold}`);
    };
    expect(run(2)).toEqual(['RIME 100']);
    expect(run(3)).toEqual(['RIME 120']);
  });

  test('with block a limit that could trade takes the place of one that could not', () => {
    const venue = venueOf({ tape: [print(0, 1.3), print(500, 1.36)] });
    venue.submit(place(ticket(1, { ocaGroup: 'a', ocaType: 2, lmtPrice: 1.5 })), 0);
    venue.submit(place(ticket(2, { ocaGroup: 'a', ocaType: 2 })), 0);
    venue.advance(1_000);
    expect(venue.truth().filledByRef).toEqual({ ref2: 100 });
  });

  test('with block a limit takes the place of one that is moved away from the price', () => {
    const venue = venueOf({ tape: [print(0, 1.4, 0)] });
    const group = { ocaGroup: 'a', ocaType: 2 } as const;
    for (const orderId of [1, 2]) venue.submit(place(ticket(orderId, group)), 0);
    venue.submit(place(ticket(1, { ...group, lmtPrice: 1.5 })), 500);
    venue.advance(520);
    expect(groupAt(venue.book(), 'a')?.routed).toBe(1);
    venue.advance(600);
    expect(groupAt(venue.book(), 'a')?.routed).toBe(2);
  });

  test('without block every partial fill settles', () => {
    const venue = venueOf({ tape: [print(0, 1.4, 30), print(1_000, 1.4, 30)] });
    venue.submit(place(stopTicket(1, { ocaGroup: 'a', ocaType: 3 })), 0);
    venue.submit(place(ticket(2, { ocaGroup: 'a', ocaType: 3 })), 0);
    venue.advance(500);
    expect(orderAt(venue.book(), 1)?.total).toBe(700_000);
    venue.advance(2_000);
    expect(orderAt(venue.book(), 1)?.total).toBe(400_000);
  });

  test('a limit to sell trades at its limit or above', () => {
    const venue = venueOf({ tape: [print(0, 1.3499), print(200, 1.35)] });
    venue.submit(place(ticket(1)), 0);
    venue.advance(199);
    expect(venue.truth().filledByRef).toEqual({});
    venue.advance(300);
    expect(venue.truth().filledByRef).toEqual({ ref1: 100 });
  });

  test('a limit to buy trades at its limit or below', () => {
    const venue = venueOf({ tape: [print(0, 1.36), print(100, 1.3501), print(200, 1.35)] });
    venue.submit(place(ticket(1, { action: 'BUY' })), 0);
    venue.advance(199);
    expect(venue.truth().filledByRef).toEqual({});
    venue.advance(300);
    expect(venue.truth().filledByRef).toEqual({ ref1: 100 });
  });
});

describe('rules', () => {
  test('a placement that matches is rejected, as often as the rule says', () => {
    const rejects = [{ match: { orderType: 'STP' }, code: 201, text: 'margin', times: 1 }] as const;
    const venue = venueOf({ rejects });
    for (const orderId of [1, 2]) venue.submit(place(stopTicket(orderId)), 0);
    expect(spoken(venue.advance(1_000))).toContain('1 201');
    expect(orderAt(venue.book(), 2)?.stage).toBe('accepted');
  });

  test('an order that matches is held for a while', () => {
    const holds = [{ match: { action: 'SELL' }, whyHeld: 'locate', forMs: 500 }] as const;
    const venue = venueOf({ holds, tape: [print(0, 1.4)] });
    venue.submit(place(ticket(1)), 0);
    expect(spoken(venue.advance(500))).toContain('1 404');
    expect(venue.truth().filledByRef).toEqual({});
    venue.advance(1_000);
    expect(venue.truth().filledByRef).toEqual({ ref1: 100 });
    const ended = venueOf({ holds });
    ended.submit(place(ticket(1)), 0);
    ended.submit(cancel(1), 100);
    ended.advance(1_000);
    expect(orderAt(ended.book(), 1)?.end).toBe('Cancelled');
  });

  test('what is out of the ordinary happens when told to', () => {
    const venue = venueOf({ tape: [print(0, 1.4)] });
    venue.submit(place(ticket(1)), 0);
    venue.happen({ type: 'bust', execId: '0000e0d5.00010001.01.01' }, 100);
    venue.advance(1_000);
    expect(venue.truth().filledByRef).toEqual({ ref1: 0 });
  });
});

/** A fill during an outage, on a channel without other faults. */
const plannedLoss = (): readonly Heard[] => {
  const outages = [{ from: 100, to: 200, dataLost: false }];
  const venue = venueOf({ outages, tape: [print(0, 1.3), print(150, 1.4)] });
  venue.submit(place(ticket(1)), 0);
  venue.advance(99);
  return venue.advance(1_000);
};

/** Twenty orders that fill, one after another, under these faults. */
const faulty = (faults: Partial<Faults>, seed = 7, step = 100_000): readonly Heard[] => {
  const venue = venueOf({ seed, faults, tape: [print(0, 1.4)], fillLot: 50, lotGapMs: 5 });
  for (let n = 1; n <= 20; n += 1) venue.submit(place(ticket(n)), n * 100);
  const heard: Heard[] = [];
  for (let at = step; at <= 100_000; at += step) heard.push(...venue.advance(at));
  return heard;
};

const executions = (heard: readonly Heard[]): readonly string[] =>
  heard.flatMap(({ word }) => (word.word === 'execDetails' ? [word.execId] : []));

const codes = (heard: readonly Heard[]): readonly number[] =>
  heard.flatMap(({ word }) => (word.word === 'error' ? [word.code] : []));

const withoutOrder = (heard: readonly Heard[]): readonly string[] =>
  heard.map(({ word }) => JSON.stringify(word)).sort();

describe('faults', () => {
  const good = faulty({});

  test('a delay keeps the order, a reordering keeps the words', () => {
    const delayed = faulty({ delay: 0.3 });
    expect(delayed.map((one) => one.word)).toEqual(good.map((one) => one.word));
    expect(delayed).not.toEqual(good);
    const reordered = faulty({ reorder: 0.3 });
    expect(reordered.map((one) => one.word)).not.toEqual(good.map((one) => one.word));
    expect(withoutOrder(reordered)).toEqual(withoutOrder(good));
  });

  test('a repetition says the same again', () => {
    const repeated = faulty({ repeat: 0.3 });
    expect(repeated.length).toBeGreaterThan(good.length);
    expect(new Set(withoutOrder(repeated))).toEqual(new Set(withoutOrder(good)));
  });

  test('a loss loses anything, an omission only statuses', () => {
    expect(executions(faulty({ lose: 0.3 })).length).toBeLessThan(executions(good).length);
    const omitted = faulty({ omitStatus: 0.5 });
    expect(executions(omitted)).toEqual(executions(good));
    expect(omitted.length).toBeLessThan(good.length);
  });

  test('a cut link loses what happens meanwhile, and says that it was cut', () => {
    const cut = faulty({ cutLink: 0.02, cutMs: 300 });
    expect(codes(cut)).toContain(1100);
    expect(codes(cut).filter((code) => code === 1100)).toHaveLength(
      codes(cut).filter((code) => code === 1101 || code === 1102).length,
    );
    expect(executions(cut).length).toBeLessThan(executions(good).length);
    // It is not cut again while it is cut.
    for (const [index, code] of codes(faulty({ cutLink: 1, cutMs: 300 })).entries())
      expect(code === 1100).toBe(index % 2 === 0);
  });

  test('a planned outage loses words and requests, or holds requests back', () => {
    const run = (requestsWhileDown: 'lost' | 'delayed'): readonly string[] => {
      const outages = [{ from: 100, to: 200, dataLost: true }];
      const venue = venueOf({ outages, requestsWhileDown });
      venue.submit(place(ticket(1)), 0);
      venue.submit(cancel(1), 150);
      return timed(venue.advance(1_000)).slice(3);
    };
    expect(run('lost')).toEqual(['100 -1 1100', '200 -1 1101']);
    expect(run('delayed')).toEqual([
      '100 -1 1100',
      '200 -1 1101',
      '210 1 PendingCancel 0/100',
      '240 1 Cancelled 0/100',
      '240 1 202',
    ]);
  });

  test('what trades while the link is down is never said, but is asked for afterwards', () => {
    const outages = [{ from: 100, to: 200, dataLost: false }];
    const venue = venueOf({ outages, tape: [print(0, 1.3), print(150, 1.4)], faults: { lose: 1 } });
    venue.submit(place(ticket(1)), 0);
    venue.submit({ request: 'reqExecutions', reqId: 5 }, 300);
    expect(spoken(venue.advance(1_000))).toEqual([
      '-1 1100',
      '-1 1102',
      '1 SLD 100',
      'execDetailsEnd',
    ]);
    expect(spoken(plannedLoss())).toEqual(['-1 1100', '-1 1102']);
  });

  test('a correction comes later, under the same id but for its end', () => {
    const corrected = executions(faulty({ correct: 1 }));
    for (const execId of executions(good)) expect(corrected).toContain(execId.replace(/01$/, '02'));
  });

  test('an order fills although its cancel was asked', () => {
    const venue = venueOf({ tape: [print(0, 1.3)], faults: { fillAfterCancel: 1 } });
    venue.submit(place(ticket(1)), 0);
    venue.submit(cancel(1), 100);
    const words: readonly BrokerWord[] = venue.advance(1_000).map((one) => one.word);
    expect(lines(words).slice(3)).toEqual([
      '1 PendingCancel 0/100',
      '1 SLD 100',
      '1 Filled 100/0',
      '1 10148',
    ]);
  });
});

describe('a seed', () => {
  const all = {
    delay: 0.05,
    reorder: 0.1,
    repeat: 0.1,
    lose: 0.05,
    omitStatus: 0.1,
    cutLink: 0.01,
    correct: 0.2,
    fillAfterCancel: 0.5,
  };

  test('gives the same words, in however many steps they are fetched; another gives others', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.constantFrom(7, 100, 1_000), (seed, step) => {
        const whole = faulty(all, seed);
        expect(faulty(all, seed, step)).toEqual(whole.filter(({ at }) => at <= 100_000));
        expect(faulty(all, seed + 1)).not.toEqual(whole);
      }),
      { numRuns: 15 },
    );
  });

  test('draws evenly, and only where a fault is on', () => {
    const random = createRandom(3);
    const draws = Array.from({ length: 10_000 }, () => random.next());
    expect(draws.reduce((sum, one) => sum + one, 0) / draws.length).toBeCloseTo(0.5, 1);
    expect(draws.every((one) => one >= 0 && one < 1)).toBe(true);
    const [quiet, other] = [createRandom(5), createRandom(5)];
    quiet.chance(0);
    expect(quiet.next()).toBe(other.next());
    const dice = Array.from({ length: 200 }, () => random.between(1, 6));
    expect(new Set(dice).size).toBe(6);
  });
});
