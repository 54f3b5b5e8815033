/** Executions of one order: trades, corrections and busts, booked by the ledger's own functions. */
import type { Executed } from '../core/fact.ts';
import { bookBust, bookExecution, cumQty, type Execution } from '../core/ledger.ts';
import { isUnreadable, PX_DECIMALS, type Qty, qtyOf } from '../core/quantity.ts';
import { book, type Life } from './life.ts';
import type { Row } from './matrices.ts';

const ANY_PX = 10 ** PX_DECIMALS;

/** The ledger counts the revisions of an execution after the last dot of its id. */
const execIdOf = (key: string, revision: number): string => `${key}.${revision}`;

export function trade(life: Life, row: Row): string | null {
  if (row.lastQty === null) return 'a trade without LastQty';
  const key = `${life.order.ticket.orderRef}/${life.order.executions.length + 1}`;
  // The same ExecID again is the same execution; the ledger counts it once.
  const known = row.execId === null ? undefined : life.executions.get(row.execId);
  if (row.execId !== null && known === undefined) life.executions.set(row.execId, key);
  book(life, bookExecution(life.order, executed(life, known ?? key, 1, row.lastQty)));
  return null;
}

function executed(life: Life, key: string, revision: number, qty: Qty): Executed {
  return {
    type: 'order.executed',
    orderRef: life.order.ticket.orderRef,
    execId: execIdOf(key, revision),
    qty,
    px: ANY_PX,
  };
}

export function correct(life: Life, row: Row): string | null {
  if (row.lastQty === null) return 'a correction without LastQty';
  const { lastQty } = row;
  const execution = meant(life, row, null, (e) => lastQty - e.qty);
  if (execution === undefined) return 'a correction, and no execution that it could be of';
  if (row.execId !== null) life.executions.set(row.execId, execution.key);
  const { key, revision } = execution;
  book(life, bookExecution(life.order, executed(life, key, revision + 1, lastQty)));
  return null;
}

export function bust(life: Life, row: Row): string | null {
  const execution = meant(life, row, row.lastQty, (e) => -e.qty);
  if (execution === undefined) return 'a bust, and no execution that it could be of';
  const { key, revision } = execution;
  book(life, bookBust(life.order, execIdOf(key, revision + 1)));
  return null;
}

/**
 * The execution that a correction or a bust is about. ExecRefID says it; where the file leaves it
 * out, the row's note may name its quantity. Only if that leaves several, CumQty is looked at, to
 * tell which of them the row means: it picks a reference, it is never the answer.
 */
function meant(
  life: Life,
  row: Row,
  taken: Qty | null,
  change: (e: Execution) => Qty,
): Execution | undefined {
  const standing = life.order.executions.filter((e) => !e.busted);
  if (row.execRefId !== null && life.executions.has(row.execRefId)) {
    const key = life.executions.get(row.execRefId);
    return standing.find((e) => e.key === key);
  }
  let candidates: readonly Execution[] = standing;
  const narrow = (fits: (e: Execution) => boolean): void => {
    const left = candidates.filter(fits);
    if (candidates.length > 1 && left.length > 0) candidates = left;
  };
  const named = quantitiesIn(row.note);
  narrow((e) => named.has(e.qty));
  narrow((e) => e.qty === taken);
  narrow((e) => cumQty(life.order) + change(e) === row.cumQty);
  return candidates.at(-1);
}

function quantitiesIn(note: string | null): ReadonlySet<Qty> {
  const quantities = new Set<Qty>();
  for (const [text] of (note ?? '').replaceAll(/(\d),(?=\d{3})/g, '$1').matchAll(/\d+(\.\d+)?/g)) {
    const qty = qtyOf(text);
    if (!isUnreadable(qty)) quantities.add(qty);
  }
  return quantities;
}

/**
 * After a split, what was executed counts in the new shares: every execution is restated. Nothing
 * was taken back by it, so what it was ever said to be is restated as well.
 */
export function split(life: Life, before: Qty): void {
  const { qty, executions } = life.order;
  if (before === 0 || qty === before) return;
  for (const { key, revision, qty: old, busted } of executions) {
    const restated = (old * qty) / before;
    if (busted || !Number.isSafeInteger(restated)) continue;
    book(life, bookExecution(life.order, executed(life, key, revision + 1, restated)));
    const inNewShares = life.order.executions.map((one) =>
      one.key === key ? { ...one, toldQty: one.qty } : one,
    );
    life.order = { ...life.order, executions: inNewShares };
  }
}
