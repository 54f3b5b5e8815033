/**
 * From a journal to the state it was left in (L9): every fact through the same `step`, which must
 * decide what was decided then. What it would decide otherwise today is not carried out in silence.
 */
import type { State } from '../core/state.ts';
import { emptyState } from '../core/state.ts';
import { step } from '../core/step.ts';
import { CHARTS } from './charts.ts';
import { type Journal, JournalDisagrees } from './journal.ts';

export type Replayed = {
  readonly state: State;
  /** Every id that was ever given to an order, by `orderRef`. */
  readonly orderIds: Readonly<Record<string, number>>;
  /** When the orders of brackets that may not be over were given theirs. */
  readonly began: Readonly<Record<string, number>>;
  /** Records that were stepped; those before a checkpoint are not. */
  readonly records: number;
};

/** Throws `JournalDisagrees` where today's engine decides otherwise, `JournalDamaged` where it is not whole. */
export function replay(journal: Journal): Replayed {
  const checkpoint = journal.checkpoint();
  const usable = checkpoint !== null && checkpoint.charts === CHARTS ? checkpoint : null;
  let state = usable?.state ?? emptyState();
  const orderIds: Record<string, number> = { ...usable?.orderIds };
  const began: Record<string, number> = { ...usable?.began };
  let records = 0;
  for (const record of journal.read(usable?.seq ?? 0)) {
    const ready = step(state, record.fact, { sampleEvery: 0 });
    const same = JSON.stringify(ready.effects) === JSON.stringify(record.effects);
    if (!same || ready.seq !== record.seq) throw new JournalDisagrees(record, ready.effects);
    state = ready.state;
    for (const [orderRef, id] of Object.entries(record.orderIds)) {
      orderIds[orderRef] = id;
      began[orderRef] = record.at;
    }
    records += 1;
  }
  return { state, orderIds, began, records };
}
