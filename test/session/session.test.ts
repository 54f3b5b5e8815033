/** A router's day on a simulated broker: connections that come and go, and what is wished meanwhile. */
import { describe, expect, test } from 'vitest';
import { showQty } from '../../src/core/quantity.ts';
import { findBracket } from '../../src/core/state.ts';
import { JournalDisagrees } from '../../src/engine/journal.ts';
import { Denied } from '../../src/router/denied.ts';
import type { RouterEngine } from '../../src/router/engine.ts';
import { longOf } from '../core/engine.ts';
import { type Floor, floor } from './floor.ts';

const LONG = longOf('A', { quantity: 100 });

/** Live, with nothing open. */
async function opened(
  place: Floor,
  settings: Parameters<Floor['open']>[0] = {},
): Promise<RouterEngine> {
  const engine = place.open(settings);
  await place.time.advance(place.time.now() + 1_000);
  expect(engine.link).toBe('live');
  return engine;
}

/** Entered, with stop and target at the broker. */
async function protectedOn(place: Floor, engine: RouterEngine, request = LONG) {
  const bracket = await engine.open(request);
  place.exchange.print({ at: place.time.now() + 100, symbol: 'RIME', price: 1.3 });
  await place.time.advance(place.time.now() + 1_000);
  expect(bracket.state).toBe('protected');
  return bracket;
}

const trade = async ({ time, exchange }: Floor, price: number, ms = 10_000): Promise<void> => {
  exchange.print({ at: time.now() + 100, symbol: 'RIME', price });
  await time.advance(time.now() + ms);
};

describe('a bracket', () => {
  test('opens, trades and closes with its record, and tells all of it', async () => {
    const place = floor();
    const engine = await opened(place);
    const bracket = await protectedOn(place, engine);
    const told: string[] = [];
    const reading = (async () => {
      for await (const { seq, fact } of bracket.records()) told.push(`${seq} ${fact.type}`);
    })();
    expect(engine.brackets().map(({ id }) => id)).toEqual(['A']);
    expect(bracket.balance).toEqual({ position: 1_000_000, naked: 0, overhang: 0 });
    await trade(place, 1.36);
    const { bought, sold, net } = await bracket.closed;
    expect([bought, sold, net].map(showQty)).toEqual(['100', '100', '0']);
    await reading;
    expect(told.at(0)).toContain('order.executed');
    expect(told.at(-1)).toContain('snapshot.taken');
    expect(engine.brackets()).toEqual([]);
    expect(engine.bracket('A').state).toBe('closed');
  });

  test('is cancelled, flattened and moved by its handle', async () => {
    const place = floor();
    const engine = await opened(place);
    const bracket = await protectedOn(place, engine);
    await bracket.moveTarget(1, '1.40');
    await bracket.moveStop(1, 1.28);
    await place.time.advance(place.time.now() + 3_000);
    const [pair] = findBracket(engine.state, 'A')?.pairs ?? [];
    expect(pair).toMatchObject({ stopPx: 128_000_000, targetPx: 140_000_000 });
    await expect(bracket.moveStop(1, '1.41')).rejects.toThrow('px: stop1 must stay below 1.40');
    await expect(bracket.moveStop(1, 'x')).rejects.toThrow(
      'stopPrice: "x" is not a decimal number',
    );
    await expect(bracket.moveStop(2, '1.2')).rejects.toThrow('leg: stop2 cannot be moved');
    await bracket.flatten();
    await trade(place, 1.31);
    expect((await bracket.closed).net).toBe(0);
    await expect(bracket.cancel()).rejects.toThrow('A is closed');
  });
});

describe('the link', () => {
  test('is needed to open', async () => {
    const place = floor();
    const engine = place.open();
    await expect(engine.open(LONG)).rejects.toThrow('the link is down, or not reconciled yet');
    await place.time.advance(place.time.now() + 1_000);
    expect((await engine.open(LONG)).state).toBe('flat');
    await expect(engine.open(LONG)).rejects.toBeInstanceOf(Denied);
  });

  test('is tried again, slower each time, and never given up', async () => {
    const place = floor();
    place.exchange.isUp = false;
    const engine = place.open();
    const tries: number[] = [];
    const { connect } = place.exchange;
    place.exchange.connect = (listener) => {
      tries.push(place.time.now());
      connect.call(place.exchange, listener);
    };
    const began = place.time.now();
    await place.time.advance(began + 600_000);
    const waits = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
    expect(waits.slice(0, 3)).toEqual([395, 770, 1_520]);
    expect(Math.max(...waits)).toBeLessThan(30_100);
    expect(tries.length).toBeGreaterThan(20);
    expect(tries.length).toBeLessThan(40);
    place.exchange.isUp = true;
    await place.time.advance(place.time.now() + 31_000);
    expect(engine.link).toBe('live');
  });

  test('breaks between the two legs of a pair: the target fills unheard, and nothing is sold twice', async () => {
    const place = floor();
    const engine = await opened(place);
    const bracket = await protectedOn(place, engine);
    place.exchange.cut();
    place.exchange.isUp = false;
    await trade(place, 1.36, 3_000);
    expect(engine.link).not.toBe('live');
    expect(bracket.balance.position).toBe(1_000_000);
    await trade(place, 1.2, 3_000);
    place.exchange.isUp = true;
    await place.time.advance(place.time.now() + 40_000);
    const { bought, sold } = await bracket.closed;
    expect([bought, sold].map(showQty)).toEqual(['100', '100']);
    expect(place.exchange.venue.truth().accounts[0]?.position).toBe(0);
  });

  test('is lost behind TWS while shares trade: the fills are found when it is back', async () => {
    const at = floor().time.now();
    const place = floor({ outages: [{ from: at + 5_000, to: at + 15_000, dataLost: true }] });
    const engine = await opened(place);
    const bracket = await protectedOn(place, engine);
    await place.time.advance(at + 6_000);
    expect(engine.link).toBe('severed');
    await trade(place, 1.36, 3_000);
    expect(engine.link).toBe('severed');
    expect(bracket.balance.position).toBe(1_000_000);
    await place.time.advance(at + 40_000);
    expect(engine.link).toBe('live');
    expect((await bracket.closed).net).toBe(0);
  });

  test('that is silent is looked at now and then', async () => {
    const place = floor();
    const engine = await opened(place);
    const asked = (): number =>
      place.exchange.sent.filter(({ request }) => request === 'reqOpenOrders').length;
    expect(asked()).toBe(1);
    await place.time.advance(place.time.now() + 65_000);
    expect(asked()).toBe(3);
    expect(engine.link).toBe('live');
  });

  test('whose first answer is lost is asked again', async () => {
    const place = floor();
    const { send } = place.exchange;
    let lost = 0;
    place.exchange.send = (request) => {
      if (request.request === 'reqPositions' && lost < 2) lost += 1;
      else send.call(place.exchange, request);
    };
    const engine = place.open();
    await place.time.advance(place.time.now() + 4_000);
    expect(engine.link).toBe('reconciling');
    await place.time.advance(place.time.now() + 8_000);
    expect(engine.link).toBe('live');
    expect(lost).toBe(2);
  });
});

describe('ids', () => {
  test('are never given twice, though the broker forgets that it has seen them', async () => {
    const place = floor();
    const engine = await opened(place);
    await protectedOn(place, engine);
    engine.close();
    place.exchange.rollBackIds();
    const again = await opened(place);
    await trade(place, 1.36);
    await again.open(longOf('B'));
    await place.time.advance(place.time.now() + 1_000);
    const ids = place.exchange.sent.flatMap((one) =>
      one.request === 'placeOrder' ? [one.ticket.orderId] : [],
    );
    expect(ids).toEqual([1, 2, 3, 4]);
  });
});

describe('what may be opened', () => {
  test('is limited by contract and by account', async () => {
    const place = floor();
    const overlap = { capQty: 10_000_000 };
    const perContract = { qty: 1_500_000, notional: 200 };
    const perAccount = { brackets: 2 };
    const engine = await opened(place, { admission: { overlap, perContract, perAccount } });
    await engine.open(LONG);
    await expect(engine.open(longOf('B', { quantity: 53 }))).rejects.toThrow(
      'quantity: RIME would reach 153 of at most 150 shares; ' +
        'quantity: RIME would reach a notional of 200.43 of at most 200.00',
    );
    await engine.open(longOf('B', { symbol: 'ACME' }));
    await expect(engine.open(longOf('C', { symbol: 'OTHER' }))).rejects.toThrow(
      'DU1 has 2 open brackets of at most 2',
    );
  });

  test('is nothing after the kill switch: entries go, exits stay, and a person lifts it', async () => {
    const place = floor();
    const engine = await opened(place, { admission: { overlap: { capQty: 10_000_000 } } });
    const one = await protectedOn(place, engine);
    const two = await engine.open(
      longOf('B', { entry: { ...LONG.entry, limitPrice: '1.26' } as never }),
    );
    await place.time.advance(place.time.now() + 500);
    await engine.kill('the desk said so');
    await place.time.advance(place.time.now() + 10_000);
    expect(one.state).toBe('protected');
    expect(two.state).toBe('closed');
    await expect(engine.open(longOf('C'))).rejects.toThrow('the kill switch: the desk said so');
    // It outlasts a restart.
    engine.close();
    const again = await opened(place, {});
    await expect(again.open(longOf('C'))).rejects.toThrow('the kill switch: the desk said so');
    await again.admit({ closed: null });
    expect((await again.open(longOf('C'))).state).toBe('flat');
  });

  test('waits for prices where the plan does', async () => {
    const place = floor();
    const engine = await opened(place, { prices: undefined });
    await expect(engine.open(longOf('A', { plan: 'sequenced' }))).rejects.toThrow(
      'plan: sequenced places its targets by prices, and nobody tells any',
    );
  });

  test('is nothing while draining; what is open comes to its end', async () => {
    const place = floor();
    const engine = await opened(place);
    const bracket = await protectedOn(place, engine);
    let drained = false;
    const draining = engine.drain().then(() => {
      drained = true;
    });
    await place.time.advance(place.time.now() + 100);
    await expect(engine.open(longOf('B'))).rejects.toThrow('the engine is draining');
    await trade(place, 1.36, 2_000);
    await draining;
    expect(drained).toBe(true);
    expect(bracket.state).toBe('closed');
    engine.close();
    expect((await (await opened(place)).open(longOf('B'))).state).toBe('flat');
  });

  test('belongs to the run that holds the lease', async () => {
    const place = floor();
    const engine = await opened(place);
    const first = await engine.watch('breakout:RIME:1.3');
    const second = await engine.watch('breakout:RIME:1.3');
    expect([first.epoch, second.epoch]).toEqual([1, 2]);
    await expect(engine.open(first.request(LONG))).rejects.toThrow(
      'run 2 of breakout:RIME:1.3 holds',
    );
    await second.confirm();
    await engine.open(second.request(LONG));
    await second.stop();
    expect(engine.state.watchers['breakout:RIME:1.3']).toMatchObject({ epoch: 2, brackets: ['A'] });
  });
});

describe('the journal', () => {
  test('fails: entries are withdrawn, nothing else leaves, and it is said', async () => {
    const place = floor();
    const alarms: string[] = [];
    const settings = {
      admission: { overlap: { capQty: 10_000_000 } },
      onAlarm: ({ law, text }: { readonly law: string; readonly text: string }) =>
        alarms.push(`${law} ${text}`),
    };
    const engine = await opened(place, settings);
    const one = await protectedOn(place, engine);
    await engine.open(longOf('B', { entry: { ...LONG.entry, limitPrice: '1.26' } as never }));
    await place.time.advance(place.time.now() + 500);
    place.journal.append = () => {
      throw new Error('disk full');
    };
    const before = place.exchange.sent.length;
    await expect(one.flatten()).rejects.toThrow('disk full');
    await place.time.advance(place.time.now() + 60_000);
    expect(place.exchange.sent.slice(before)).toEqual([{ request: 'cancelOrder', orderId: 4 }]);
    expect(alarms.filter((one) => one.startsWith('L1'))).toHaveLength(1);
    await expect(engine.open(longOf('C'))).rejects.toThrow('the journal failed');
  });

  test('that says what this engine would not decide is not stood on', async () => {
    const place = floor();
    place.journal.keep = () => {};
    const engine = await opened(place);
    await engine.open(LONG);
    engine.close();
    const at = place.journal.lines.findIndex((line) => line.includes('"type":"place"'));
    place.journal.lines[at] =
      place.journal.lines[at]?.replace('"qty":1000000', '"qty":2000000') ?? '';
    expect(() => place.open()).toThrow(JournalDisagrees);
  });

  test('is replayed from a checkpoint, or without one, to the same', async () => {
    const place = floor();
    const engine = await opened(place);
    await protectedOn(place, engine);
    const { state } = engine;
    engine.close();
    const reads: number[] = [];
    const { read } = place.journal;
    place.journal.read = (seq) => {
      reads.push(seq);
      return read.call(place.journal, seq);
    };
    const again = place.open();
    expect(reads).toEqual([state.seq]);
    expect(again.state.books).toEqual(state.books);
    again.close();
    place.journal.checkpoint = () => null;
    expect(place.open().state.books).toEqual(state.books);
    expect(reads.at(-1)).toBe(0);
  });
});
