/** The engine, its desk and the adapter against the simulated gateway, over TCP, end to end. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { toDecimal } from '../../src/core/quantity.ts';
import type { Alarm, Effect, Ticket } from '../../src/core/ready.ts';
import type { BracketRequest } from '../../src/core/request.ts';
import { findBracket } from '../../src/core/state.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { createIbBroker, type IbOptions } from '../../src/ib/broker.ts';
import { dropGathering, hearWithheld, hearWord, openDesk, requestsOf } from '../../src/ib/desk.ts';
import type { BrokerRequest, BrokerWord, Withheld } from '../../src/ports/broker.ts';
import { systemClock } from '../../src/router/clock.ts';
import { type Connected, type ConnectedOptions, openConnected } from '../gateway/connected.ts';
import { limit, RIME } from '../gateway/desk.ts';
import { manualClock } from './manual-clock.ts';

const closings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

async function opened(options: ConnectedOptions = {}): Promise<Connected> {
  const gateway = await openConnected(options);
  closings.push(gateway.close);
  return gateway;
}

/** Waits for it as long as a bracket may take; the engine's shortest deadline is a second. */
async function until(what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1_500 && !holds(); i += 1) await new Promise((next) => setTimeout(next, 2));
  expect(holds(), what).toBe(true);
}

/** The engine with a desk, real deadlines, and a broker that is connected when this returns. */
async function trading({ port }: Connected, options: Partial<IbOptions> = {}) {
  const facts: Fact[] = [];
  const alarms: Alarm[] = [];
  const requests: BrokerRequest[] = [];
  const deadlines = new Map<string, () => void>();
  const broker = createIbBroker({
    ...{ host: '127.0.0.1', port, clientId: 1, clock: systemClock },
    ...options,
  });
  let desk = openDesk(1);
  let ready = false;
  const now = (): number => Math.round(systemClock.now());
  const hear = (fact: Fact): void => {
    facts.push(fact);
    engine.hear(fact);
  };
  const perform = (effect: Effect): void => {
    if (effect.type === 'stopDeadline') deadlines.get(effect.deadline)?.();
    if (effect.type === 'startDeadline') {
      const { deadline, withinMs } = effect;
      const run = (): void => hear({ type: 'deadline.elapsed', at: now(), deadline });
      deadlines.set(deadline, systemClock.after(withinMs, run));
    }
    const asked = requestsOf(desk, effect);
    desk = asked.desk;
    send(asked.requests);
  };
  const send = (asked: readonly BrokerRequest[]): void => {
    requests.push(...asked);
    for (const request of asked) broker.send(request);
  };
  const heardWord = (word: BrokerWord): void => {
    const heard = hearWord(desk, word, now());
    desk = heard.desk;
    for (const fact of heard.facts) hear(fact);
    send(heard.requests);
  };
  const withheld = (one: Withheld): void => {
    const heard = hearWithheld(desk, one, now());
    desk = heard.desk;
    for (const fact of heard.facts) hear(fact);
  };
  const engine = createEngine({
    record: () => {},
    perform,
    observe: (done) => alarms.push(...done.alarms),
  });
  const connect = async (): Promise<void> => {
    ready = false;
    broker.connect({
      connected: ({ nextOrderId }) => {
        desk = { ...desk, nextOrderId: Math.max(desk.nextOrderId, nextOrderId) };
        ready = true;
        if (facts.length > 0) hear({ type: 'link.restored', at: now(), code: 0 });
      },
      heard: heardWord,
      withheld,
      disconnected: (_, rest) => {
        ready = false;
        desk = dropGathering(desk);
        hear({ type: 'link.lost', at: now(), code: 0 });
        for (const one of rest) withheld(one);
      },
    });
    await until('a connection', () => ready);
  };
  closings.push(() => {
    for (const callOff of deadlines.values()) callOff();
    broker.disconnect();
  });
  await connect();
  const exposure = (): string => findBracket(engine.state(), 'B')?.configuration.exposure ?? '';
  return {
    ...{ facts, alarms, requests, hear, connect, exposure, now },
    isReady: () => ready,
    /** How often it was handed to the broker. */
    sent: (orderRef: string) =>
      requests.filter((one) => one.request === 'placeOrder' && one.ticket.orderRef === orderRef)
        .length,
    orders: () => findBracket(engine.state(), 'B')?.orders ?? [],
  };
}

type Trading = Awaited<ReturnType<typeof trading>>;

const gtc = { tif: 'GTC', outsideRth: false } as const;
const request: BracketRequest = {
  bracket: 'B',
  account: 'DU1',
  symbol: 'RIME',
  side: 'BUY',
  quantity: 100,
  entry: { type: 'LMT', limitPrice: '1.31', tif: 'DAY', outsideRth: false },
  stop: { type: 'STP', stopPrice: '1.25', ...gtc },
  targets: [
    { percent: 70, limitPrice: '1.35', ...gtc },
    { percent: 30, limitPrice: '1.38', ...gtc },
  ],
};

const open = ({ hear, now }: Trading): void =>
  hear({ type: 'bracket.requested', at: now(), request });

/** What was asked of the broker last, by reference. */
function asked(all: readonly BrokerRequest[]): ReadonlyMap<string, Ticket['orderRef']> {
  const placed = all.flatMap((one) => (one.request === 'placeOrder' ? [one.ticket] : []));
  return new Map(
    placed.map((t) => [
      t.orderRef,
      `${t.totalQuantity} ${t.orderType} ${t.lmtPrice} ${t.auxPrice} ${t.tif} ${t.outsideRth} [${t.ocaGroup} ${t.ocaType}]`,
    ]),
  );
}

const px = (units: number | undefined): number | undefined =>
  units === undefined ? undefined : toDecimal(units, 8);

/** What the broker has echoed last, by reference, in the same terms. */
function echoed(facts: readonly Fact[]): ReadonlyMap<string, string> {
  return new Map(
    facts.flatMap((fact): readonly (readonly [string, string])[] => {
      if (fact.type !== 'order.reported' || fact.echo === undefined) return [];
      const { qty, orderType, limitPx, stopPx, tif, outsideRth, group, ocaType } = fact.echo;
      // Of an order without a group the type means nothing.
      const type = group === '' ? 0 : ocaType;
      const text = `${toDecimal(qty, 4)} ${orderType} ${px(limitPx)} ${px(stopPx)} ${tif} ${outsideRth} [${group} ${type}]`;
      return [[fact.orderRef, text]];
    }),
  );
}

describe('a bracket', () => {
  it('is placed, echoed as it was asked for, protected, and closed by its targets', async () => {
    const gateway = await opened();
    const desk = await trading(gateway);
    open(desk);
    await until('both targets', () => echoed(desk.facts).size === 5);
    expect([...echoed(desk.facts)]).toEqual([...asked(desk.requests)]);
    expect([...echoed(desk.facts).keys()]).toEqual([
      ...['B.entry.1', 'B.stop1.1', 'B.stop2.1', 'B.target1.1', 'B.target2.1'],
    ]);
    expect(desk.orders().map(({ differs }) => differs)).toEqual(['', '', '', '', '']);
    await until('protected', () => desk.exposure() === 'protected');
    gateway.does({ do: 'price', symbol: 'RIME', price: 1.36 });
    gateway.does({ do: 'price', symbol: 'RIME', price: 1.4 });
    await until('closed', () => desk.exposure() === 'closed');
    expect(gateway.does({ do: 'show' })).toMatchObject({
      orders: [],
      positions: [{ position: 0 }],
    });
    expect(desk.alarms).toEqual([]);
  });

  it('takes nothing of another client’s orders, whose numbers are the same', async () => {
    const gateway = await opened();
    const other = await gateway.client(2);
    await other.until('openOrder', (api) =>
      api.placeOrder(other.nextId, RIME, limit('BUY', 5, 1, { orderRef: 'theirs' })),
    );
    const desk = await trading(gateway);
    expect(other.nextId).toBe(1);
    open(desk);
    await until('protected', () => desk.exposure() === 'protected');
    desk.hear({ type: 'flatten.wished', at: desk.now(), bracket: 'B' });
    await until('closed', () => desk.exposure() === 'closed');
    expect(desk.alarms).toEqual([]);
    const refs = new Set(desk.facts.flatMap((one) => ('orderRef' in one ? [one.orderRef] : [])));
    expect([...refs].filter((ref) => !ref.startsWith('B.'))).toEqual([]);
    expect(gateway.does({ do: 'show' })).toMatchObject({
      orders: [{ clientId: 2, orderId: 1, orderRef: 'theirs', remaining: 5 }],
    });
  });

  it('goes on after a cut, and nothing is sent twice', async () => {
    const gateway = await opened();
    const desk = await trading(gateway);
    open(desk);
    // Until all are echoed: what is on its way when the link is cut, has an outcome that nobody knows.
    await until('both targets', () => echoed(desk.facts).size === 5);
    const before = desk.requests.filter((one) => one.request === 'placeOrder').length;
    gateway.does({ do: 'cut', clientId: 1 });
    await until('the cut', () => !desk.isReady());
    gateway.does({ do: 'price', symbol: 'RIME', price: 1.24 });
    await desk.connect();
    await until('closed', () => desk.exposure() === 'closed');
    expect(desk.requests.filter((one) => one.request === 'placeOrder')).toHaveLength(before);
    expect(gateway.does({ do: 'show' })).toMatchObject({
      orders: [],
      positions: [{ position: 0 }],
    });
    expect(desk.alarms.filter(({ broken }) => broken)).toEqual([]);
  });

  it('sends again what left and never arrived, once a look has shown that', async () => {
    const gateway = await opened();
    const desk = await trading(gateway);
    gateway.does({ do: 'price', symbol: 'RIME', price: 1.5 });
    open(desk);
    await until('the entry', () => echoed(desk.facts).size === 1);
    gateway.does({ do: 'cut', clientId: 1, before: 'placeOrder' });
    gateway.does({ do: 'fill', orderId: 1, price: 1.31 });
    await until('the cut', () => !desk.isReady());
    await desk.connect();
    await until('protected', () => desk.exposure() === 'protected');
    expect(desk.sent('B.stop1.1')).toBe(2);
    expect(desk.sent('B.stop1.2')).toBe(0);
    expect(desk.alarms.filter(({ broken }) => broken)).toEqual([]);
  });

  it('takes what never left for dead, at once, and places another when it can', async () => {
    const gateway = await opened();
    const clock = manualClock();
    const desk = await trading(gateway, { clock, perSecond: 1 });
    gateway.does({ do: 'price', symbol: 'RIME', price: 1.5 });
    open(desk);
    await until('the entry', () => echoed(desk.facts).size === 1);
    // No more may leave in this second: the stops wait.
    gateway.does({ do: 'fill', orderId: 1, price: 1.31 });
    await until('the stops', () => desk.sent('B.stop2.1') === 1);
    gateway.does({ do: 'cut', clientId: 1 });
    await until('the cut', () => !desk.isReady());
    const stops = desk.orders().filter(({ leg }) => leg.startsWith('stop'));
    expect(stops.map(({ end }) => end)).toEqual(['cancelled', 'cancelled']);
    await desk.connect();
    await until('protected', () => {
      clock.pass(1_050);
      return desk.exposure() === 'protected';
    });
    expect(desk.sent('B.stop1.1')).toBe(1);
    expect(desk.sent('B.stop1.2')).toBe(1);
    // Nobody has refused a stop: the next refusal is the first.
    expect(desk.alarms).toEqual([]);
  });
});
