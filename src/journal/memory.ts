/**
 * A journal that ends with its process: for tests, and for routers that want no file. After a crash
 * nothing is known of the orders that were sent; only the broker can tell.
 *
 * It keeps texts, as a file does: nobody shares an object with it, and what cannot be written down
 * is lost here, too.
 */
import type { Journal, JournalRecord } from '../engine/journal.ts';
import { CHECKPOINTS_KEPT, checkpointText, refuseGap, textOf } from './chain.ts';

export function memoryJournal(): Journal {
  const texts: string[] = [];
  /** By `seq`, the newest last. */
  const checkpoints = new Map<number, string>();
  let open = true;
  const refuseClosed = (): void => {
    if (!open) throw new Error('the journal is closed');
  };
  return {
    append: (records) => {
      refuseClosed();
      refuseGap(texts.length, records);
      for (const text of records.map(textOf)) texts.push(text);
    },
    *read(seq): Generator<JournalRecord> {
      refuseClosed();
      for (const text of texts.slice(seq)) yield JSON.parse(text);
    },
    last: () => texts.length,
    checkpoint: () => JSON.parse([...checkpoints.values()].at(-1) ?? 'null'),
    keep: (checkpoint) => {
      refuseClosed();
      const text = checkpointText(checkpoint, texts.length);
      const kept = [...checkpoints, [checkpoint.seq, text] as const].sort(([a], [b]) => a - b);
      checkpoints.clear();
      for (const [at, one] of kept.slice(-CHECKPOINTS_KEPT)) checkpoints.set(at, one);
    },
    close: () => {
      open = false;
    },
  };
}
