/** Records as an engine would write them, of any number, and made of their number alone. */
import type { Fact } from '../../src/core/fact.ts';
import type { Effect, Ticket } from '../../src/core/ready.ts';
import { emptyState } from '../../src/core/state.ts';
import type { Checkpoint, JournalRecord } from '../../src/engine/journal.ts';
import type { BrokerWord } from '../../src/ports/broker.ts';

export const CHARTS = 'c0ffee00c0ffee00';

const START = 1_770_900_000_000;

export function recordOf(seq: number): JournalRecord {
  const kind = KINDS[seq % KINDS.length] ?? bare;
  const content = kind(`RIME-${seq % 7}.entry.1`, START + seq * 35, seq);
  const { at, fact, words, effects, orderIds } = content;
  return { seq, at, fact, words, effects, orderIds, charts: CHARTS };
}

export const recordsOf = (from: number, to: number): readonly JournalRecord[] =>
  Array.from({ length: to - from + 1 }, (_, index) => recordOf(from + index));

export const checkpointOf = (seq: number): Checkpoint => ({
  seq,
  charts: CHARTS,
  state: { ...emptyState(), seq },
  orderIds: { [`RIME-${seq}.entry.1`]: seq },
  began: {},
});

type Content = Omit<JournalRecord, 'seq' | 'charts'>;

const NOTHING = { words: [], effects: [], orderIds: {} };

const bare = (_: string, at: number, seq: number): Content => {
  const fact: Fact = { type: 'deadline.elapsed', at, deadline: `RIME-${seq % 7}.entry.working.1` };
  return { at, fact, ...NOTHING };
};

const printed = (_: string, at: number, seq: number): Content => {
  const words: readonly BrokerWord[] = [
    { word: 'error', id: -1, code: 2104, message: 'Marktdatenverbindung hergestellt: „usfarm“ 🚂' },
  ];
  const fact: Fact = { type: 'unrecognised', at: at + 0.125, text: `${seq} "\\\n\u0000 \ud800` };
  return { at: at + 0.125, fact, words, effects: [], orderIds: {} };
};

const executed = (orderRef: string, at: number, seq: number): Content => {
  const execId = `0000e0d5.${seq}.01.01`;
  const said = { reqId: -1, orderId: seq, permId: 693_000_000 + seq, orderRef, account: 'DU1' };
  const words: readonly BrokerWord[] = [
    {
      word: 'execDetails',
      ...said,
      symbol: 'RIME',
      execId,
      side: 'BOT',
      shares: 70,
      price: 1.31,
      cumQty: 70,
    },
  ];
  const fact: Fact = {
    type: 'order.executed',
    at,
    orderRef,
    execId,
    qty: 700_000,
    px: 131_000_000,
  };
  return { at, fact, words, effects: [], orderIds: {} };
};

const wished = (orderRef: string, at: number, seq: number): Content => {
  const ticket: Ticket = {
    orderRef,
    bracket: `RIME-${seq % 7}`,
    leg: 'entry',
    account: 'DU1',
    symbol: 'RIME',
    conId: 0,
    action: 'BUY',
    orderType: 'LMT',
    qty: 700_000,
    limitPx: 131_000_000,
    tif: 'DAY',
    outsideRth: false,
    group: '',
    ocaType: 0,
  };
  const effects: readonly Effect[] = [
    { type: 'place', ticket, because: 'the bracket was asked for' },
    { type: 'startDeadline', deadline: `RIME-${seq % 7}.entry.pending.1`, withinMs: 5_000 },
  ];
  const fact: Fact = { type: 'price.printed', at, symbol: 'RIME', px: 131_000_000 };
  return { at, fact, words: [], effects, orderIds: { [orderRef]: seq } };
};

const KINDS = [wished, executed, bare, printed] as const;
