/**
 * The loop, whole: one fact at a time, recorded before anything it decided is performed.
 *
 *     fact -> step -> Ready -> durable record -> effects
 *
 * Facts wait in a bounded inbox; a fact that arrives while another is being stepped waits its turn.
 */
import type { Logger } from 'pino';
import { runningDeadlines } from '../core/deadlines.ts';
import type { Fact } from '../core/fact.ts';
import type { Effect, Ready } from '../core/ready.ts';
import type { Overlap, State } from '../core/state.ts';
import { emptyState } from '../core/state.ts';
import { type StepOptions, step } from '../core/step.ts';
import { readFact } from './boundary.ts';

/** What is on disk before anything leaves: the fact, and what was decided about it. */
export type JournalRecord = {
  readonly seq: number;
  readonly at: number;
  readonly fact: Fact;
  readonly effects: readonly Effect[];
};

export type EnginePorts = {
  /** Makes the record durable, or throws: then nothing of it leaves (L1). */
  readonly record: (record: JournalRecord) => void;
  /** Performs an effect. May report facts at once; they are stepped after this one. */
  readonly perform: (effect: Effect) => void;
  /** Everything that came of a fact, for logs, pages and the router. */
  readonly observe?: (ready: Ready, fact: Fact, before: State) => void;
  readonly log?: Logger;
};

export type Engine = {
  readonly hear: (fact: Fact) => void;
  readonly state: () => State;
};

/** More facts than this waiting at once means that something answers itself without end. */
const INBOX_MOST = 100_000;

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

export function createEngine(ports: EnginePorts, options: EngineOptions = {}): Engine {
  let state = options.state ?? emptyState(options.overlap);
  const { sampleEvery } = options;
  const stepping: StepOptions = sampleEvery === undefined ? {} : { sampleEvery };
  let busy = false;
  const inbox: Fact[] = [];

  // An effect that could not be performed is a fact like any other; the others still leave, and
  // the deadline that waits for its answer will ask the broker.
  const perform = (effect: Effect, at: number): void => {
    try {
      ports.perform(effect);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      inbox.push({ type: 'unrecognised', at, text: `${effect.type} was not performed: ${text}` });
    }
  };

  if (options.state !== undefined) {
    for (const wait of runningDeadlines(options.state)) perform(wait, 0);
  }

  const turn = (fact: Fact): void => {
    const before = state;
    const ready = step(before, fact, stepping);
    ports.record({ seq: ready.seq, at: fact.at, fact, effects: ready.effects });
    state = ready.state;
    for (const alarm of ready.alarms) {
      ports.log?.[alarm.broken ? 'fatal' : 'warn']({ alarm, seq: ready.seq }, alarm.text);
    }
    ports.observe?.(ready, fact, before);
    for (const effect of ready.effects) perform(effect, fact.at);
  };

  const hear = (fact: Fact): void => {
    if (inbox.length >= INBOX_MOST) throw new Error(`the inbox holds ${INBOX_MOST} facts already`);
    inbox.push(readFact(fact));
    if (busy) return;
    busy = true;
    try {
      for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) turn(next);
    } finally {
      busy = false;
    }
  };

  return { hear, state: () => state };
}
