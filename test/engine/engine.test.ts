/** The loop: record before effects, nothing dropped at the boundary, nothing lost by a throw. */
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { pxOf, qtyOf } from '../../src/core/quantity.ts';
import type { Effect, Ready } from '../../src/core/ready.ts';
import type { BracketRequest } from '../../src/core/request.ts';
import { emptyState } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import { createEngine, type EnginePorts } from '../../src/engine/engine.ts';
import type { JournalRecord } from '../../src/engine/journal.ts';

const gtc = { tif: 'GTC', outsideRth: false } as const;
const request: BracketRequest = {
  bracket: 'B',
  account: 'DU1',
  symbol: 'X',
  side: 'BUY',
  quantity: 100,
  entry: { type: 'LMT', limitPrice: '1.31', tif: 'DAY', outsideRth: false },
  stop: { type: 'STP', stopPrice: '1.25', ...gtc },
  targets: [{ percent: 100, limitPrice: '1.35', ...gtc }],
};
const opened: Fact = { type: 'bracket.requested', at: 1, request };
const filled: Fact = {
  type: 'order.executed',
  at: 2,
  orderRef: 'B.entry.1',
  execId: 'e1.01',
  qty: Number(qtyOf(100)),
  px: Number(pxOf('1.31')),
};

function listening(ports: Partial<EnginePorts> = {}) {
  const said: string[] = [];
  const readies: Ready[] = [];
  const journal: JournalRecord[] = [];
  const performed: Effect[] = [];
  const engine = createEngine({
    record: (records) => {
      said.push(`record ${records.map(({ seq }) => seq).join()}`);
      journal.push(...records);
    },
    perform: (effect) => {
      said.push(`perform ${effect.type}`);
      performed.push(effect);
    },
    observe: (ready) => readies.push(ready),
    ...ports,
  });
  return { engine, said, readies, journal, performed };
}

describe('the loop', () => {
  it('records a fact before anything it decided leaves (L1)', () => {
    const { engine, said } = listening();
    engine.hear(opened);
    expect(said).toEqual(['record 1', 'perform place', 'perform startDeadline']);
  });

  it('lets nothing leave when the record fails but cancels of entries that were sent (L1)', () => {
    let full = false;
    const { engine, performed, said } = listening({
      record: () => {
        said.push('record');
        if (full) throw new Error('disk full');
      },
    });
    engine.hear(opened);
    full = true;
    performed.length = 0;
    said.length = 0;
    expect(() => engine.hear({ ...filled, qty: 10_000 })).toThrow('disk full');
    // A stop is due, and its record is not on disk.
    expect(performed).toMatchObject([{ type: 'cancel', orderRef: 'B.entry.1' }]);
    // What happens is still followed, and still nothing leaves, nor is anything written.
    engine.hear({ ...filled, execId: 'e2.01', qty: 10_000 });
    expect(engine.state().seq).toBe(3);
    expect(performed).toHaveLength(1);
    expect(said).toEqual(['record', 'perform cancel']);
  });

  it('cancels no entry that never left (L1)', () => {
    const performed: Effect[] = [];
    const failures: unknown[] = [];
    const engine = createEngine({
      record: () => {
        throw new Error('disk full');
      },
      perform: (effect) => performed.push(effect),
      failed: (error) => failures.push(error),
    });
    engine.hear(opened);
    expect(performed).toEqual([]);
    expect(failures).toEqual([new Error('disk full')]);
  });

  it('records what waits together in one write, and performs it afterwards, in order', () => {
    let later = (): void => {};
    const { engine, said } = listening({
      schedule: (run) => {
        later = run;
      },
    });
    engine.hear(opened);
    engine.hear(filled);
    expect(said).toEqual([]);
    later();
    expect(said[0]).toBe('record 1,2');
    expect(said.slice(1).every((one) => one.startsWith('perform'))).toBe(true);
    expect(said.filter((one) => one === 'perform place')).toHaveLength(2);
  });

  it('performs the other effects when one throws, and says so', () => {
    const started: string[] = [];
    const { engine, readies } = listening({
      perform: (effect) => {
        if (effect.type === 'place') throw new Error('socket closed');
        started.push(effect.type);
      },
    });
    engine.hear(opened);
    expect(started).toEqual(['startDeadline']);
    expect(readies[1]?.alarms[0]?.text).toContain('place was not performed: socket closed');
  });

  it('takes facts that effects cause after the fact that caused them', () => {
    const seen: string[] = [];
    const engine = createEngine({
      record: (records) => seen.push(...records.map(({ fact }) => fact.type)),
      perform: (effect) => {
        if (effect.type === 'place') engine.hear({ type: 'link.lost', at: 3, code: 1100 });
        seen.push(effect.type);
      },
    });
    engine.hear(opened);
    expect(seen).toEqual([
      'bracket.requested',
      'place',
      'startDeadline',
      'link.lost',
      'stopDeadline',
      'startDeadline',
    ]);
  });

  it('goes on from the state that a replay gave: its waits run again, no order is sent (L7, L9)', () => {
    const { engine, journal, performed: before } = listening();
    engine.hear(opened);
    engine.hear(filled);
    const state = journal.reduce((s, { fact }) => step(s, fact).state, emptyState());
    expect(state).toEqual(engine.state());
    const performed: Effect[] = [];
    const again = createEngine(
      { record: () => {}, perform: (effect) => performed.push(effect) },
      { state },
    );
    const started = before.filter(({ type }) => type === 'startDeadline').slice(1);
    expect(started.map((one) => 'deadline' in one && one.deadline)).toEqual([
      'B/stop1.acknowledgement/2',
      'B/exposure.cover/3',
    ]);
    expect(performed).toEqual(started);
    again.hear({ ...filled, at: 9 });
    expect(performed).toEqual(started);
  });
});

describe('the boundary', () => {
  it.each([
    ['a misspelt type', { ...filled, type: 'order.exectued' }, 'order.exectued'],
    ['shares not in units', { ...filled, qty: 0.5 }, 'qtyOf(100)'],
    ['shares as text', { ...filled, qty: '100' }, 'qty'],
    ['a negative fill', { ...filled, qty: -1_000_000 }, 'above 0'],
    ['a price that was not read', { ...filled, px: pxOf('abc') }, "pxOf('1.31')"],
    ['no quantity', { ...filled, qty: undefined }, 'qty'],
    ['nothing', null, 'nothing'],
  ])('records %s as an alarm, with the field', (_, given, named) => {
    const { engine, readies, journal } = listening();
    engine.hear(opened);
    engine.hear(given as never);
    const last = readies.at(-1);
    expect(last?.alarms[0]?.law).toBe('L8');
    expect(last?.alarms[0]?.text).toContain(named);
    expect(journal).toHaveLength(2);
    expect(last?.effects).toEqual([]);
  });
});
