/** What a person reads: every fact, every effect, and the lines of a Ready. */
import { describe, expect, test } from 'vitest';
import {
  balanceLine,
  describeEffect,
  describeFact,
  describe as told,
} from '../../src/core/describe.ts';
import type { Fact } from '../../src/core/fact.ts';
import type { Alarm, CloseRecord, Effect, Ready, Ticket } from '../../src/core/ready.ts';
import { emptyState } from '../../src/core/state.ts';
import { Engine, EXIT, longOf, px, shortOf, type Untimed } from './engine.ts';

const one = 10_000;
const NOWHERE = emptyState();
const REF = { orderRef: 'A.stop1.1' };
const WORD = { ...REF, code: 7, text: 'no' };
const echo = {
  qty: one,
  orderType: 'STP',
  stopPx: px('1.25'),
  ...EXIT,
  group: '',
  ocaType: 0,
} as const;
const execution = { execId: 'e.01', qty: one, px: px('1.31') };

const entered = (request = longOf('A', { quantity: 2 })): Engine => {
  const engine = new Engine();
  engine.hear({ type: 'bracket.requested', request });
  engine.hear({ type: 'order.executed', orderRef: 'A.entry.1', ...execution });
  return engine;
};

const reported = (changes: Partial<Extract<Fact, { type: 'order.reported' }>>): Untimed => ({
  type: 'order.reported',
  ...REF,
  permId: 1,
  status: 'submitted',
  ...changes,
});

const snapshot = (positions: readonly [] | null): Untimed => ({
  type: 'snapshot.taken',
  askedAt: 1,
  openOrders: [],
  executions: [{ type: 'order.executed', ...REF, ...execution }],
  completed: [],
  positions,
  coversLife: true,
});

const FACTS: readonly (readonly [says: string, fact: Untimed])[] = [
  ['bracket A requested', { type: 'bracket.requested', request: longOf('A') }],
  ['router wishes to cancel A', { type: 'cancel.wished', bracket: 'A' }],
  ['router wishes to flatten A', { type: 'flatten.wished', bracket: 'A' }],
  [
    'router wishes to move stop1 to 1.28',
    { type: 'move.wished', bracket: 'A', leg: 'stop1', px: px('1.28') },
  ],
  ['stop1.1 executed  last 1 @ 1.31', { type: 'order.executed', ...REF, ...execution }],
  [
    'nobody.7 executed  last 1 @ 1.31',
    { type: 'order.executed', orderRef: 'nobody.7', ...execution },
  ],
  ['stop1.1 reported submitted', reported({})],
  [
    'stop1.1 reported cancelled filled 1 remaining 0',
    reported({ status: 'cancelled', filled: one, remaining: 0 }),
  ],
  ['stop1.1 reported submitted, echoed 1', reported({ echo })],
  [
    'stop1.1 reported submitted, echoed 1 oca A.1.1 type 2',
    reported({ echo: { ...echo, group: 'A.1.1', ocaType: 2 } }),
  ],
  ['stop1.1 busted e.01', { type: 'order.busted', ...REF, execId: 'e.01' }],
  ['stop1.1 order refused: 7 no', { type: 'order.refused', ...WORD }],
  ['stop1.1 request refused: 7 no', { type: 'cancel.refused', ...WORD }],
  ['stop1.1 replace refused: 7 no', { type: 'replace.refused', ...WORD }],
  ['stop1.1 order warned: 7 no', { type: 'order.warned', remark: 'other', ...WORD }],
  ['link lost, code 1100', { type: 'link.lost', code: 1100 }],
  ['link restored, code 1102', { type: 'link.restored', code: 1102 }],
  ['snapshot: 0 open orders, 1 executions, 0 positions', snapshot([])],
  ['snapshot: 0 open orders, 1 executions, no consistent positions', snapshot(null)],
  ['deadline stop1.trading elapsed', { type: 'deadline.elapsed', deadline: 'A/stop1.trading/3' }],
  ['deadline nothing elapsed', { type: 'deadline.elapsed', deadline: 'nothing' }],
  ['RIME printed 1.31', { type: 'price.printed', symbol: 'RIME', px: px('1.31') }],
  ['RIME halted', { type: 'market.halted', symbol: 'RIME' }],
  ['RIME resumed', { type: 'market.resumed', symbol: 'RIME' }],
  ['a person lifted the freeze of RIME', { type: 'freeze.lifted', account: 'DU1', symbol: 'RIME' }],
  ['the session of DU1 is ending', { type: 'session.ending', account: 'DU1' }],
  ['watcher w run 2 started', { type: 'watcher.started', key: 'w', epoch: 2 }],
  ['watcher w run 2 confirmed', { type: 'watcher.confirmed', key: 'w', epoch: 2 }],
  ['watcher w run 2 stopped', { type: 'watcher.stopped', key: 'w', epoch: 2 }],
  ['not understood: hm', { type: 'unrecognised', text: 'hm' }],
];

const ticket: Ticket = {
  ...{ orderRef: 'A.stop1.1', bracket: 'A', leg: 'stop1', account: 'DU1', symbol: 'RIME' },
  ...{ conId: 0, action: 'SELL', orderType: 'STP LMT', qty: one, group: 'A.1.1', ocaType: 2 },
  ...{ ...EXIT, stopPx: px('1.25'), limitPx: px('1.24') },
};
const market: Ticket = {
  ...{ orderRef: 'A.closing.1', bracket: 'A', leg: 'closing', account: 'DU1', symbol: 'RIME' },
  ...{ conId: 0, action: 'SELL', orderType: 'MKT', qty: one, group: '', ocaType: 0, ...EXIT },
};

const EFFECTS: readonly (readonly [says: string, effect: Effect])[] = [
  [
    'place stop1.1 SELL 1 STP LMT 1.25/1.24  oca A.1.1 type 2  because so',
    { type: 'place', ticket, because: 'so' },
  ],
  ['place closing.1 SELL 1 MKT  because so', { type: 'place', ticket: market, because: 'so' }],
  ['replace closing.1 SELL 1 MKT  because so', { type: 'replace', ticket: market, because: 'so' }],
  ['cancel stop1.1  because so', { type: 'cancel', orderRef: 'A.stop1.1', because: 'so' }],
  ['ask for a snapshot  because so', { type: 'ask', askedAt: 1, because: 'so' }],
  [
    'startDeadline stop1.trading within 7 ms',
    { type: 'startDeadline', deadline: 'A/stop1.trading/3', withinMs: 7 },
  ],
  ['stopDeadline stop1.trading', { type: 'stopDeadline', deadline: 'A/stop1.trading/3' }],
];

describe('a fact', () => {
  test.each(FACTS)('%s', (says, fact) => {
    expect(describeFact(NOWHERE, { ...fact, at: 0 } as Fact)).toBe(says);
  });

  test('of an order that is known tells what it comes to', () => {
    const fact: Fact = { type: 'order.executed', at: 0, orderRef: 'A.entry.1', ...execution };
    expect(describeFact(entered().state, fact)).toBe(
      'entry.1 executed  last 1 @ 1.31  cum 1  leaves 1',
    );
    expect(describeFact(entered().state, { ...fact, ...REF })).toBe(
      'stop1.1 executed  last 1 @ 1.31  cum 0  leaves 1',
    );
  });
});

test.each(EFFECTS)('%s', (says, effect) => {
  expect(describeEffect(effect)).toBe(says);
});

describe('a balance', () => {
  const line = (engine: Engine): string => balanceLine(engine.bracket('A'));

  test('has a sign, and what is naked', () => {
    const nothing = 'stop 0   targets 0';
    expect(line(entered())).toBe(`position +1   ${nothing}   naked 1   overhang 0`);
    const short = entered(shortOf('A', { quantity: 2 }));
    expect(line(short)).toBe(`position -1   ${nothing}   naked 1   overhang 0`);
    const flat = new Engine();
    flat.hear({ type: 'bracket.requested', request: longOf('A') });
    expect(line(flat)).toBe(`position 0   ${nothing}   naked 0   overhang 0`);
  });

  test('has what closes and what is withdrawn, where there is any', () => {
    const engine = entered();
    const over = { status: 'cancelled', filled: 0, remaining: 0 } as const;
    engine.hear(
      reported({ status: 'preSubmitted', echo: { ...echo, group: 'A.1.1', ocaType: 2 } }),
    );
    engine.hear({ type: 'flatten.wished', bracket: 'A' });
    engine.hear(reported({ ...over, orderRef: 'A.entry.1', filled: one }));
    expect(line(engine)).toBe(
      'position +1   stop 0   targets 0   naked 1   overhang 0   withdrawing 1',
    );
    engine.hear(reported(over));
    expect(line(engine)).toBe(
      'position +1   stop 0   targets 0   naked 1   overhang 0   closing 1',
    );
  });
});

describe('the lines of a Ready', () => {
  const before = entered().state;
  const close: CloseRecord = {
    ...{ bracket: 'A', at: 0, bought: 2 * one, sold: one, net: one },
    legs: [
      { orderRef: 'A.entry.1', cumQty: 2 * one, end: 'filled' },
      { orderRef: 'A.stop1.1', cumQty: one, end: 'live' },
    ],
    ...{ nakedMs: 5, nakedMost: one, overhangMost: 0, oversoldMost: 0, foreign: 0 },
    ...{ raceMs: 0, askedAt: 9, laws: [] },
  };
  const alarm: Alarm = { law: 'L5', bracket: 'A', text: 'look', broken: false };
  const nothing: Ready = {
    ...{ seq: 7, state: before, effects: [], alarms: [], moves: [], ignored: [] },
    ...{ closed: [], watchers: [], denied: [] },
  };
  const lines = (fact: Untimed, ready: Partial<Ready>): readonly string[] =>
    told(before, { ...fact, at: 0 } as Fact, { ...nothing, ...ready });
  const LOST: Untimed = { type: 'link.lost', code: 1100 };
  const BALANCE = '  == position +1   stop 0   targets 0   naked 1   overhang 0';

  test('come in the order in which they matter', () => {
    const move = { bracket: 'A', region: 'stop1', from: 'idle', to: 'live' } as const;
    expect(
      lines(LOST, {
        denied: ['so'],
        moves: [move],
        effects: [{ type: 'cancel', orderRef: 'A.stop1.1', because: 'so' }],
        ignored: ['left'],
        alarms: [alarm, { ...alarm, bracket: '', broken: true }],
        closed: [close, { ...close, foreign: one, oversoldMost: one }],
        watchers: [
          { key: 'w', epoch: 1, brackets: [], end: 'stopped' },
          { key: 'w', epoch: 2, brackets: ['A', 'B'], end: 'superseded' },
        ],
      }),
    ).toEqual([
      '[7] link lost, code 1100',
      '  !! denied: so',
      '     stop1    idle > live',
      '  => cancel stop1.1  because so',
      '  .. left',
      '  !! L5 A look',
      '  !! BROKEN LAW L5 look',
      '  => close record: bought 2 sold 1 net 1; entry.1 filled 2, stop1.1 live 1; naked 5 ms, at most 1',
      '  => close record: bought 2 sold 1 net 1; 1 closed by other hands; oversold by 1 at most; entry.1 filled 2, stop1.1 live 1; naked 5 ms, at most 1',
      '  => watcher w run 1 stopped; it opened no bracket',
      '  => watcher w run 2 superseded; it opened A, B',
    ]);
    const other = { ...move, bracket: 'B' };
    expect(lines(LOST, { moves: [move, other] }).slice(1)).toEqual([
      '     A stop1    idle > live',
      '     B stop1    idle > live',
    ]);
  });

  test('end with the balance of the bracket that the fact is about', () => {
    const about = (fact: Untimed, ready: Partial<Ready> = {}): readonly string[] =>
      lines(fact, ready).filter((line) => line.startsWith('  =='));
    expect(about({ type: 'cancel.wished', bracket: 'A' })).toEqual([BALANCE]);
    expect(about({ type: 'cancel.wished', bracket: 'X' })).toEqual([]);
    expect(about({ type: 'bracket.requested', request: longOf('A') })).toEqual([BALANCE]);
    const denied = { denied: ['no'] };
    expect(about({ type: 'bracket.requested', request: longOf('A') }, denied)).toEqual([]);
    expect(about(reported({}))).toEqual([BALANCE]);
    expect(about({ type: 'deadline.elapsed', deadline: 'A/stop1.trading/3' })).toEqual([BALANCE]);
    expect(about(LOST)).toEqual([]);
  });

  test('or of every bracket that it has changed', () => {
    const engine = entered();
    engine.hear({ type: 'bracket.requested', request: longOf('B') });
    const ready = engine.hear(LOST);
    const balances = told(before, { ...LOST, at: 0 } as Fact, ready).filter((line) =>
      line.startsWith('  =='),
    );
    expect(balances).toEqual([
      BALANCE.replace('==', '== A:'),
      '  == B: position 0   stop 0   targets 0   naked 0   overhang 0',
    ]);
  });
});
