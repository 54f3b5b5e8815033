import { describe, expect, test } from 'vitest';
import type { LawId } from '../../machines/laws.ts';
import { tellDetached } from '../../src/rime/detached.ts';
import {
  type InterlockedTelling,
  OVERLAP_CAP,
  tellInterlocked,
  wishesOf,
} from '../../src/rime/interlocked.ts';
import { NIGHT, type Night } from '../../src/rime/night.ts';
import { tellTwice } from '../../src/rime/told.ts';
import { type Claim, claimsOfInterlocked } from '../../src/rime/verdict.ts';
import type { Faults } from '../../src/simulator/channel.ts';

const told = tellInterlocked(NIGHT);

const failed = (claims: readonly Claim[]): readonly string[] =>
  claims.filter((one) => !one.holds).map((one) => `${one.claim}: ${one.found}`);

describe('the same night under Interlock', () => {
  test('every claim about it holds', () => {
    expect(failed(claimsOfInterlocked(told, NIGHT))).toEqual([]);
  });

  test('it is the same tape, and the parents are allowed to overlap', () => {
    const twice = tellTwice();
    expect(twice.night).toBe(NIGHT);
    const prints = wishesOf(NIGHT).filter((fact) => fact.type === 'price.printed');
    const heard = NIGHT.venue.tape.filter(({ at }) => at < 3_500 || at >= 11_000);
    expect(prints).toHaveLength(heard.length);
    expect(OVERLAP_CAP).toBe(300);
    expect(told.denied).toEqual([]);
  });

  test('each parent sells what it bought, by one kind of exit', () => {
    expect(told.parents.map((one) => [one.parent, one.sold, one.sequence.join(', ')])).toEqual([
      [679, 100, 'stop 70, stop 30'],
      [693, 100, 'stop 70, stop 30'],
      [705, 100, 'target 70, target 30'],
    ]);
    expect(told.broker).toEqual({ bought: 300, sold: 300, position: 0 });
  });

  test('no exit can trade beyond what is open, at any time, by the book of the broker', () => {
    for (const one of told.parents) expect(one.exposure.overhangMost).toBe(0);
  });

  test('nothing is naked after the stops are in, a tenth of a second after the entry', () => {
    for (const { exposure } of told.parents) {
      expect(exposure.nakedMs).toBeGreaterThan(0);
      expect(exposure.nakedMs).toBeLessThanOrEqual(100);
    }
  });

  test('each parent has one close record, net 0, with every leg in it', () => {
    expect(told.closed.map((one) => [one.parent, one.bought, one.sold, one.net])).toEqual([
      [679, 100, 100, 0],
      [693, 100, 100, 0],
      [705, 100, 100, 0],
    ]);
    for (const { legs } of told.closed) {
      expect(legs.map((leg) => leg.leg).sort()).toEqual([
        'entry',
        'stop1',
        'stop2',
        'target1',
        'target2',
      ]);
    }
  });

  test('the stops of 679 trade unheard, and are found when the link is back', () => {
    const lines = told.timeline.filter((one) => one.who === '679').map((one) => one.what);
    const unheard = lines.findIndex((line) => line.startsWith('unheard: stop1 sold 70'));
    const found = lines.findIndex((line) => line.startsWith('snapshot: stop1 sold 70'));
    expect(unheard).toBeGreaterThan(0);
    expect(found).toBeGreaterThan(unheard);
  });

  test('every watcher run is recorded; the one without an end was superseded', () => {
    expect(told.watcherRecords.map((run) => [run.key, run.epoch, run.end, run.brackets])).toEqual([
      ['breakout:RIME:1.3', 1, 'superseded', ['RIME-679']],
      ['breakout:RIME:1.3', 2, 'stopped', ['RIME-693']],
      ['breakout:RIME:1.25', 1, 'stopped', ['RIME-705']],
    ]);
  });

  test('it goes the same way every time', () => {
    expect(JSON.stringify(tellTwice())).toBe(JSON.stringify(tellTwice()));
  });
});

describe('a worse connection on the same night', () => {
  const worse: readonly (readonly [string, Partial<Faults>])[] = [
    ['words twice', { repeat: 0.5 }],
    ['words out of order', { reorder: 0.4 }],
    ['words late', { delay: 0.3 }],
    ['statuses left out', { omitStatus: 0.5 }],
    ['executions corrected', { correct: 0.5 }],
    ['fills win against cancels', { fillAfterCancel: 1 }],
    ['most of it at once', { repeat: 0.3, reorder: 0.3, delay: 0.2, omitStatus: 0.3 }],
  ];

  for (const [name, faults] of worse) {
    test(name, () => {
      for (let seed = 1; seed <= 12; seed += 1) {
        const fillLot = seed % 3 === 0 ? 40 : Number.POSITIVE_INFINITY;
        const night: Night = {
          ...NIGHT,
          endsAt: 90_000,
          venue: { ...NIGHT.venue, seed, faults, fillLot, lotGapMs: 5 },
        };
        const claims = claimsOfInterlocked(tellInterlocked(night), night);
        expect([`seed ${seed}`, ...failed(claims)]).toEqual([`seed ${seed}`]);
      }
    });
  }
});

describe('a claim fails when it is not so', () => {
  const [first] = told.parents;
  const withFirst = (changed: Partial<typeof first>): InterlockedTelling => ({
    ...told,
    parents: told.parents.map((one) => (one === first ? { ...one, ...changed } : one)),
  });
  const law: LawId = 'L6';
  const alarm = { law, bracket: 'RIME-679', text: '', at: 0, seq: 1 };
  const short = { at: 1, bought: 100, sold: 101, naked: 0, overhang: 0 };
  const cases: readonly (readonly [string, InterlockedTelling])[] = [
    ['no law is broken: L6', { ...told, alarms: [{ ...alarm, broken: true }] }],
    [
      "by the broker's ledger no parent is ever oversold: 679",
      withFirst({ samples: [...(first?.samples ?? []), short] }),
    ],
    [
      'the account is never short, and flat at the end: position -1',
      { ...told, broker: { ...told.broker, position: -1 }, counted: -1 },
    ],
    [
      'every leg has an end: 679 stop1',
      withFirst({
        legs: (first?.legs ?? []).map((leg) =>
          leg.leg === 'stop1' ? { ...leg, brokerEnd: null } : leg,
        ),
      }),
    ],
    ['every parent has its close record, net 0: 2 of 3', { ...told, closed: told.closed.slice(1) }],
    ['the engine counts what the broker counts: 5, the broker 0', { ...told, counted: 5 }],
    [
      'every watcher run has its record: breakout:RIME:1.3 run 1',
      { ...told, watchers: told.watchers.map((run, i) => (i === 0 ? { ...run, end: null } : run)) },
    ],
  ];
  for (const [expected, changed] of cases) {
    test(expected, () => {
      expect(failed(claimsOfInterlocked(changed, NIGHT))).toEqual([expected]);
    });
  }

  test('an alarm about the world is no broken law', () => {
    const warned = { ...told, alarms: [{ ...alarm, broken: false }] };
    expect(failed(claimsOfInterlocked(warned, NIGHT))).toEqual([]);
  });

  test('detached exits, judged by the same claims, fail them', () => {
    const asItWas: InterlockedTelling = { ...told, ...tellDetached(NIGHT) };
    expect(failed(claimsOfInterlocked(asItWas, NIGHT)).length).toBeGreaterThanOrEqual(4);
  });
});
