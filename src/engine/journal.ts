/**
 * Where records become durable: what an engine needs of a journal, and nothing more. `src/journal`
 * keeps it in SQLite; whoever brings another one has `test/journal/contract.ts` to run on it.
 */
import type { Fact } from '../core/fact.ts';
import type { Effect } from '../core/ready.ts';
import type { State } from '../core/state.ts';
import type { BrokerWord } from '../ports/broker.ts';

/** What is on disk before anything leaves: the fact, and what was decided about it (L1). */
export type JournalRecord = {
  /** 1 for the first one, and without a gap. */
  readonly seq: number;
  /** Milliseconds since 1970, by whoever saw the fact. */
  readonly at: number;
  readonly fact: Fact;
  /** The broker's words that it was read from, as they came; none where the fact is no broker's. */
  readonly words: readonly BrokerWord[];
  /** In the order in which they leave. */
  readonly effects: readonly Effect[];
  /** The ids that orders were given here, by `orderRef`: never to be given to another one. */
  readonly orderIds: Readonly<Record<string, number>>;
  /** Digest of the charts that decided: under others a replay may decide otherwise. */
  readonly charts: string;
};

/** A state on the way, to begin a replay from. It is never needed: the records say it all. */
export type Checkpoint = {
  /** Of the last record that is in it. */
  readonly seq: number;
  readonly charts: string;
  readonly state: State;
  readonly orderIds: Readonly<Record<string, number>>;
  /** When the orders of brackets that are not over were given theirs, by `orderRef`. */
  readonly began: Readonly<Record<string, number>>;
};

export type Journal = {
  /**
   * Durable when it returns: all of them, or none. Throws `JournalFailed` when that cannot be said;
   * then it is final: nothing can be appended any more, and what is there can still be read. A record
   * that does not follow the last one is a defect of the caller, and nothing of it is written.
   */
  readonly append: (records: readonly JournalRecord[]) => void;
  /** Those after `seq`, oldest first. Throws `JournalDamaged`, with the place, where one is not what was written. */
  readonly read: (seq: number) => Iterable<JournalRecord>;
  /** The `seq` of the last record; 0 for none. */
  readonly last: () => number;
  /** The newest one that is whole; null for none. */
  readonly checkpoint: () => Checkpoint | null;
  /** Kept beside the records, when there is time for it; one that cannot be kept is no failure. */
  readonly keep: (checkpoint: Checkpoint) => void;
  readonly close: () => void;
};

/** Cannot be opened: no journal, of another version, not writable, or in use. The text says what to do. */
export class JournalRefused extends Error {}

/** The disk is full, or broken: what was to be written may be there or not. */
export class JournalFailed extends Error {}

/** What is in the journal is not what was written. Nobody may trade on it. */
export class JournalDamaged extends Error {}

/** What was decided then is not what would be decided now: by other charts, or another engine. */
export class JournalDisagrees extends Error {
  constructor(record: JournalRecord, now: readonly Effect[]) {
    super(
      `record ${record.seq} (${record.fact.type}), written by charts ${record.charts}, decided ` +
        `${JSON.stringify(record.effects)}; this engine decides ${JSON.stringify(now)}. ` +
        'Open it with the version that wrote it, let its brackets end, and begin a new journal',
    );
  }
}
