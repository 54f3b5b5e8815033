/** What waits to be sent: who goes first, how many a second, and what becomes of the rest. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutbox, type Message } from '../../src/ib/outbox.ts';
import type { BrokerRequest, Withheld } from '../../src/ports/broker.ts';
import { place, ticket } from '../simulator/driving.ts';
import { manualClock } from './manual-clock.ts';

type Sent = { readonly at: number; readonly message: Message };

function outbox(options: { perSecond?: number; waitingMost?: number; lastOrderId?: number } = {}) {
  const clock = manualClock();
  const sent: Sent[] = [];
  const withheld: Withheld[] = [];
  const hear = (one: Withheld): void => {
    withheld.push(one);
    // Dead by our own word means that nothing of it has left.
    const { request } = one;
    const orderId = request.request === 'placeOrder' ? request.ticket.orderId : Number.NaN;
    const before = sent.filter(({ message }) => nameOf(message).startsWith(`place ${orderId} `));
    if (one.unborn) expect([orderId > (options.lastOrderId ?? 0), before]).toEqual([true, []]);
  };
  const box = createOutbox({
    clock,
    perSecond: 50,
    waitingMost: 5_000,
    lastOrderId: 0,
    withheld: hear,
    ...options,
  });
  const close = (): void => {
    for (const one of box.close()) hear(one);
  };
  const hand = (message: Message): null => {
    sent.push({ at: clock.now(), message });
    return null;
  };
  const names = (): readonly string[] => sent.map(({ message }) => nameOf(message));
  const open = (): void => box.open(hand);
  return { box, clock, sent, withheld, names, open, close };
}

function nameOf(message: Message): string {
  if (message.request === 'placeOrder')
    return `place ${message.ticket.orderId} ${message.ticket.totalQuantity}`;
  return message.request === 'cancelOrder' ? `cancel ${message.orderId}` : message.request;
}

const told = (withheld: readonly Withheld[]): readonly string[] =>
  withheld.map(({ request, unborn, because }) => `${nameOf(request)} ${unborn}: ${because}`);

const cancel = (orderId: number): BrokerRequest => ({ request: 'cancelOrder', orderId });
const LOST = 'the connection was lost before it left';

/** The most that left in any second, both of its ends included. */
function mostInASecond(sent: readonly Sent[]): number {
  return Math.max(
    0,
    ...sent.map(({ at }, i) => sent.slice(i).filter((other) => other.at <= at + 1_000).length),
  );
}

/** A thousand placements wait: the first 45 have left. */
function flooded() {
  const all = outbox();
  all.open();
  for (let orderId = 1; orderId <= 1_000; orderId += 1) all.box.put(place(ticket(orderId)));
  expect(all.sent).toHaveLength(45);
  return all;
}

describe('with a thousand placements', () => {
  it('a cancel of a live order leaves at once, and the second after those of the second do', () => {
    const { box, names, sent, clock } = flooded();
    for (let orderId = 1; orderId <= 5; orderId += 1) box.put(cancel(orderId));
    expect(names().slice(45)).toEqual(['cancel 1', 'cancel 2', 'cancel 3', 'cancel 4', 'cancel 5']);
    box.put(cancel(6));
    expect(sent).toHaveLength(50);
    clock.pass(1_050);
    expect(names()[50]).toBe('cancel 6');
  });

  it('a cancel of one that waits drops both, and the order is dead by our own word', () => {
    const { box, names, withheld, clock } = flooded();
    box.put(cancel(500));
    expect(told(withheld)).toEqual(['place 500 100 true: it was cancelled before it left']);
    clock.pass(60_000);
    expect(names()).toHaveLength(999);
    expect(names().filter((name) => name.includes(' 500'))).toEqual([]);
  });

  it('no second has more than 50, and all leave, in their order', () => {
    const { box, sent, names, clock } = flooded();
    for (let i = 0; i < 200; i += 1) {
      clock.pass(137);
      if (i % 3 === 0) box.put(cancel(1 + i));
      if (i % 10 === 0) box.put({ request: 'reqPositions' });
    }
    clock.pass(60_000);
    expect(mostInASecond(sent)).toBeLessThanOrEqual(50);
    const placed = names().filter((name) => name.startsWith('place'));
    const numbers = placed.map((name) => Number(name.split(' ')[1]));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(names().filter((name) => name === 'reqPositions')).toHaveLength(20);
    // 1,087 messages, 45 in a second and a little.
    expect(sent).toHaveLength(1_087);
    expect(sent.at(-1)?.at).toBeLessThan(28_000);
  });

  it('a question is not starved: one leaves after every nine orders', () => {
    const { box, names, clock } = flooded();
    box.put({ request: 'reqOpenOrders' });
    box.put({ request: 'reqPositions' });
    for (let orderId = 1; orderId <= 6; orderId += 1) box.put(cancel(orderId));
    clock.pass(1_100);
    // But a cancel comes before it, however long it has waited.
    expect(names().slice(50, 63)).toEqual([
      'cancel 6',
      'reqOpenOrders',
      ...Array.from({ length: 9 }, (_, i) => `place ${46 + i} 100`),
      'reqPositions',
      'place 55 100',
    ]);
  });

  it('nothing leaves after the connection, and each is told; nor when there is another', () => {
    const { box, sent, withheld, clock, open, close } = flooded();
    box.put({ request: 'reqPositions' });
    close();
    expect(withheld).toHaveLength(956);
    // In the order in which they would have left.
    expect(told(withheld)[0]).toBe(`reqPositions false: ${LOST}`);
    expect(told(withheld)[1]).toBe(`place 46 100 true: ${LOST}`);
    expect(told(withheld).at(-1)).toBe(`place 1000 100 true: ${LOST}`);
    expect(clock.waiting()).toBe(0);
    clock.pass(60_000);
    box.put({ request: 'cancelOrder', orderId: 1 });
    box.put({ request: 'cancelPositions' });
    // Our own question's end is no loss to anybody.
    expect(told(withheld).slice(956)).toEqual([
      'cancel 1 false: there is no connection to the broker',
    ]);
    open();
    clock.pass(60_000);
    expect(sent).toHaveLength(45);
  });
});

describe('of one order', () => {
  /** Order 1 has left; nothing else may for a second. */
  function busy(options = {}) {
    const all = outbox({ perSecond: 1, ...options });
    all.open();
    all.box.put(place(ticket(1)));
    return all;
  }

  it('a newer version takes the place of the one that waits', () => {
    const { box, names, clock, withheld } = busy();
    box.put(place(ticket(1, { totalQuantity: 70 })));
    box.put(place(ticket(2)));
    box.put(place(ticket(1, { totalQuantity: 30 })));
    clock.pass(10_000);
    expect(names()).toEqual(['place 1 100', 'place 1 30', 'place 2 100']);
    expect(withheld).toEqual([]);
  });

  it('a cancel leaves right after the modify that waits, before other orders', () => {
    const { box, names, clock } = busy();
    box.put(place(ticket(2)));
    box.put(place(ticket(1, { totalQuantity: 70 })));
    box.put(cancel(1));
    clock.pass(10_000);
    expect(names()).toEqual(['place 1 100', 'place 1 70', 'cancel 1', 'place 2 100']);
  });

  it('a cancel that waits is one, however often it is asked for', () => {
    const { box, names, clock } = busy();
    box.put(place(ticket(1, { totalQuantity: 70 })));
    for (let i = 0; i < 3; i += 1) box.put(cancel(1));
    clock.pass(10_000);
    expect(names()).toEqual(['place 1 100', 'place 1 70', 'cancel 1']);
  });

  it('of an earlier process nobody knows that it never left: it leaves before its cancel', () => {
    const { box, names, clock, withheld } = busy({ lastOrderId: 7 });
    box.put(place(ticket(7)));
    box.put(cancel(7));
    clock.pass(10_000);
    expect(names()).toEqual(['place 1 100', 'place 7 100', 'cancel 7']);
    box.put(place(ticket(8)));
    box.put(place(ticket(9)));
    box.put(cancel(9));
    expect(told(withheld)).toEqual(['place 9 100 true: it was cancelled before it left']);
  });

  it('what left once is not dead when it is sent again and does not leave', () => {
    const { box, withheld, close } = busy();
    box.put(place(ticket(1)));
    box.put(cancel(1));
    close();
    expect(told(withheld)).toEqual([`place 1 100 false: ${LOST}`, `cancel 1 false: ${LOST}`]);
  });
});

describe('what does not leave', () => {
  it('without a connection is withheld at once', () => {
    const { box, withheld } = outbox();
    box.put(place(ticket(1)));
    box.put(cancel(1));
    expect(told(withheld)).toEqual([
      'place 1 100 true: there is no connection to the broker',
      'cancel 1 false: there is no connection to the broker',
    ]);
  });

  it('beyond what may wait is withheld, but no cancel ever', () => {
    const { box, withheld, names, clock, open } = outbox({ perSecond: 1, waitingMost: 2 });
    open();
    for (let orderId = 1; orderId <= 4; orderId += 1) box.put(place(ticket(orderId)));
    box.put({ request: 'reqPositions' });
    box.put(place(ticket(3, { totalQuantity: 70 })));
    box.put(cancel(1));
    const why = '2 messages wait to be sent already';
    expect(told(withheld)).toEqual([`place 4 100 true: ${why}`, `reqPositions false: ${why}`]);
    clock.pass(10_000);
    expect(names()).toEqual(['place 1 100', 'cancel 1', 'place 2 100', 'place 3 70']);
  });

  it('because the client library refused it is withheld with its reason, and costs no slot', () => {
    const { box, withheld, clock, names, open, sent } = outbox({ perSecond: 1 });
    box.open((message) => {
      if (message.request === 'placeOrder') return 'not supported';
      sent.push({ at: clock.now(), message });
      return null;
    });
    box.put(place(ticket(1)));
    box.put(cancel(2));
    expect(told(withheld)).toEqual(['place 1 100 true: not supported']);
    expect(names()).toEqual(['cancel 2']);
    open();
  });

  it('may be answered by another request, within the telling', () => {
    const clock = manualClock();
    const names: string[] = [];
    const box = createOutbox({
      clock,
      perSecond: 50,
      waitingMost: 10,
      lastOrderId: 0,
      withheld: () => box.put(place(ticket(2))),
    });
    box.open((message) => {
      names.push(nameOf(message));
      return nameOf(message) === 'place 1 100' ? 'refused' : null;
    });
    box.put(place(ticket(1)));
    expect(names).toEqual(['place 1 100', 'place 2 100']);
  });
});

/** Whatever is asked when, over however many connections. */
it('keeps its promises for any requests at any times', () => {
  const orderId = fc.integer({ min: 1, max: 12 });
  const deed = fc.oneof(
    { weight: 6, arbitrary: orderId.map((id) => place(ticket(id))) },
    { weight: 3, arbitrary: orderId.map(cancel) },
    { weight: 1, arbitrary: fc.constant<BrokerRequest>({ request: 'reqPositions' }) },
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 400 }) },
    { weight: 1, arbitrary: fc.constant('cut' as const) },
  );
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 200 }), (deeds) => {
      const { box, clock, sent, withheld, open, close } = outbox({
        perSecond: 10,
        waitingMost: 20,
      });
      open();
      for (const one of deeds) {
        if (typeof one === 'number') clock.pass(one);
        else if (one === 'cut') {
          close();
          const before = sent.length;
          clock.pass(3_000);
          expect(sent.length).toBe(before);
          open();
        } else box.put(one);
      }
      clock.pass(100_000);
      expect(mostInASecond(sent)).toBeLessThanOrEqual(10);
      // A cancel is never refused while there is a connection.
      for (const { request, because } of withheld)
        if (request.request === 'cancelOrder') expect(because).toBe(LOST);
    }),
  );
});
