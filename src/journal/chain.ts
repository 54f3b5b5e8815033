/**
 * A record as text, and the chain that binds every record to all before it.
 *
 *     chain of a record = sha256(chain of the one before, newline, text of the record)
 *
 * The text holds every field, `seq` among them, so a changed field, a missing record and two that
 * changed places all break the chain at the first record concerned. That the last ones are missing
 * it cannot show: whoever keeps a chain keeps its head beside it. It is no signature: who can write
 * to the journal can work out another chain.
 */
import { hash } from 'node:crypto';
import type { Checkpoint, JournalRecord } from '../engine/journal.ts';

/** A place in the chain: the last record up to there, and its link. */
export type Mark = { readonly seq: number; readonly chain: string };

export const FORMAT = 1;

export const CHAIN = /^[0-9a-f]{64}$/;

export const chained = (before: string, text: string): string => sha256(`${before}\n${text}`);

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Before the first record. Another format begins elsewhere, so neither is taken for the other. */
export const START: Mark = { seq: 0, chain: sha256(`interlock journal ${FORMAT}`) };

/** On one line, with its fields in this order: the same record is the same bytes. */
export function textOf(record: JournalRecord): string {
  const { seq, at, fact, words, effects, orderIds, charts } = record;
  // JSON has no such numbers, and would write `null`.
  if (!Number.isFinite(at)) throw new Error(`record ${seq} has no time: ${at}`);
  return JSON.stringify({ seq, at, fact, words, effects, orderIds, charts });
}

/** The newest, and one more should that be damaged. */
export const CHECKPOINTS_KEPT = 2;

/** Throws where it holds more than the journal does, whose last record is `last`. */
export function checkpointText(checkpoint: Checkpoint, last: number): string {
  const { seq, charts, state, orderIds, began } = checkpoint;
  if (seq > last) throw new Error(`a checkpoint of record ${seq}, and the last one is ${last}`);
  return JSON.stringify({ seq, charts, state, orderIds, began });
}

/** Throws where the records do not follow one another from `last` on. */
export function refuseGap(last: number, records: readonly JournalRecord[]): void {
  for (const [index, { seq }] of records.entries()) {
    const due = last + index + 1;
    if (seq !== due) throw new Error(`record ${seq} is appended where record ${due} is due`);
  }
}
