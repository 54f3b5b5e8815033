/**
 * The loop, whole: facts in, each stepped, all recorded before anything they decided is performed.
 *
 *     facts -> step -> Ready -> one durable record of all that waited -> effects
 *
 * Facts wait in a bounded inbox. Those that arrive while others are being recorded share the next
 * durable write (group commit): the slower the disk, the more of them.
 */
import type { Logger } from 'pino';
import { runningDeadlines } from '../core/deadlines.ts';
import type { Fact } from '../core/fact.ts';
import type { Effect, Ready } from '../core/ready.ts';
import type { Overlap, State } from '../core/state.ts';
import { emptyState } from '../core/state.ts';
import { type StepOptions, step } from '../core/step.ts';
import type { BrokerWord } from '../ports/broker.ts';
import { readFact } from './boundary.ts';
import { CHARTS } from './charts.ts';
import { entriesToCancel, isCancelOfEntry } from './failure.ts';
import type { JournalRecord } from './journal.ts';

export type EnginePorts = {
  /** Makes the records durable, all or none, or throws: then nothing of them leaves (L1). */
  readonly record: (records: readonly JournalRecord[]) => void;
  /** Performs an effect. May report facts at once; they are stepped after this one. */
  readonly perform: (effect: Effect) => void;
  /** Gives ids to the orders that a step places for the first time, before they are recorded. */
  readonly number?: (effects: readonly Effect[]) => JournalRecord['orderIds'];
  /** Everything that came of a fact, for logs, pages and the router. */
  readonly observe?: (ready: Ready, fact: Fact, before: State) => void;
  /** When the inbox is emptied; at once by default. A later moment lets more facts share a write. */
  readonly schedule?: (run: () => void) => void;
  /** `record` has thrown. It is never called again; nothing leaves any more but cancels of entries. */
  readonly failed?: (error: unknown) => void;
  readonly log?: Logger;
};

export type Engine = {
  /** `words`: the broker's own, that the fact was read from. */
  readonly hear: (fact: Fact, words?: readonly BrokerWord[]) => void;
  readonly state: () => State;
};

/** More facts than this waiting at once means that something answers itself without end. */
const INBOX_MOST = 100_000;

/** More than this in one write would keep the first effect waiting. */
const BATCH_MOST = 256;

export type EngineOptions = {
  /** Whether parents of one contract may be open together; refused by default. */
  readonly overlap?: Overlap;
  /**
   * Where to go on: the state that replaying a journal's facts through `step` gave. Its waits are
   * started anew, with their whole time, before the first fact; orders are not sent again.
   */
  readonly state?: State;
  /** Every how many steps the compiled charts are compared with XState: 1,000; 0 is never. */
  readonly sampleEvery?: number;
};

type Heard = { readonly fact: Fact; readonly words: readonly BrokerWord[] };
type Stepped = { readonly fact: Fact; readonly before: State; readonly ready: Ready };

const NO_WORDS: readonly BrokerWord[] = [];
const NO_IDS: JournalRecord['orderIds'] = {};

export function createEngine(ports: EnginePorts, options: EngineOptions = {}): Engine {
  const loop = new Loop(ports, options);
  return { hear: (fact, words = NO_WORDS) => loop.hear(fact, words), state: () => loop.state };
}

class Loop {
  state: State;
  readonly #ports: EnginePorts;
  readonly #stepping: StepOptions;
  #inbox: Heard[] = [];
  /** The inbox is being emptied, or will be. */
  #due = false;
  #failed = false;

  constructor(ports: EnginePorts, { state, overlap, sampleEvery }: EngineOptions) {
    this.state = state ?? emptyState(overlap);
    this.#ports = ports;
    this.#stepping = sampleEvery === undefined ? {} : { sampleEvery };
    if (state !== undefined) for (const wait of runningDeadlines(state)) this.#perform(wait, 0);
  }

  hear(fact: Fact, words: readonly BrokerWord[]): void {
    if (this.#inbox.length >= INBOX_MOST)
      throw new Error(`the inbox holds ${INBOX_MOST} facts already`);
    this.#inbox.push({ fact: readFact(fact), words });
    if (this.#due) return;
    this.#due = true;
    const { schedule } = this.#ports;
    if (schedule === undefined) this.#empty();
    else schedule(() => this.#empty());
  }

  #empty(): void {
    try {
      while (this.#inbox.length > 0) this.#turn(this.#inbox.splice(0, BATCH_MOST));
    } finally {
      this.#due = false;
    }
  }

  /** What waited together: stepped, recorded in one write, and only then performed. */
  #turn(batch: readonly Heard[]): void {
    const sent = this.state;
    const records: JournalRecord[] = [];
    const stepped = batch.map((heard) => this.#step(heard, records));
    let error: unknown = null;
    if (!this.#failed) {
      try {
        this.#ports.record(records);
      } catch (thrown) {
        error = thrown;
        this.#failed = true;
      }
    }
    for (const one of stepped) this.#tell(one);
    if (error !== null) this.#fail(error, sent, batch);
  }

  #step({ fact, words }: Heard, records: JournalRecord[]): Stepped {
    const before = this.state;
    const ready = step(before, fact, this.#stepping);
    this.state = ready.state;
    const { seq, effects } = ready;
    const orderIds = this.#ports.number?.(effects) ?? NO_IDS;
    records.push({ seq, at: fact.at, fact, words, effects, orderIds, charts: CHARTS });
    return { fact, before, ready };
  }

  #tell({ fact, before, ready }: Stepped): void {
    for (const alarm of ready.alarms) {
      const level = alarm.broken ? 'fatal' : 'warn';
      this.#ports.log?.[level]({ alarm, seq: ready.seq }, alarm.text);
    }
    this.#ports.observe?.(ready, fact, before);
    for (const effect of ready.effects) {
      if (!this.#failed || isCancelOfEntry(this.state, effect)) this.#perform(effect, fact.at);
    }
  }

  /** `sent`: as it was before what could not be recorded; the broker has its orders at most. */
  #fail(error: unknown, sent: State, batch: readonly Heard[]): void {
    const { log, failed } = this.#ports;
    log?.fatal({ error }, 'the journal failed: nothing leaves any more but cancels of entries');
    const at = batch.at(-1)?.fact.at ?? 0;
    for (const effect of entriesToCancel(sent)) this.#perform(effect, at);
    if (failed === undefined) throw error;
    failed(error);
  }

  // An effect that could not be performed is a fact like any other; the others still leave, and
  // the deadline that waits for its answer will ask the broker.
  #perform(effect: Effect, at: number): void {
    try {
      this.#ports.perform(effect);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const said = `${effect.type} was not performed: ${text}`;
      this.#inbox.push({ fact: { type: 'unrecognised', at, text: said }, words: NO_WORDS });
    }
  }
}
