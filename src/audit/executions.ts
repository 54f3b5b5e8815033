import type { Book, Execution, Mark, Order } from './book.ts';
import type { RecordOf } from './lifecycle.ts';
import { note } from './notes.ts';
import { orderNamed, some } from './orders.ts';
import { sharesText } from './shares.ts';

/** How executions are folded into a book: each counts once, in its latest revision. */

export function enterExecution(book: Book, mark: Mark, record: RecordOf<'execution'>): void {
  const dot = record.execId.lastIndexOf('.');
  const root = dot < 0 ? record.execId : record.execId.slice(0, dot);
  const revision = dot < 0 ? '' : record.execId.slice(dot + 1);
  // With and without a dot are different ids, whatever the rest: `a` is not a revision of `a.01`.
  const key = dot < 0 ? root : `${root}.`;
  const known = book.executions.get(key);
  if (known !== undefined) {
    enterRepetition(book, mark, known, revision, record);
    return;
  }
  const order = orderNamed(book, mark, record);
  book.executions.set(key, {
    root: key,
    order,
    symbol: record.symbol,
    scope: { account: some(record.account), conId: some(record.conId) },
    mark,
    action: record.action,
    quantity: record.quantity,
    price: record.price,
    revision,
    reported: record.quantity,
    correctedAt: undefined,
    seen: new Set([revision]),
  });
  noteFillAfterEnd(book, mark, order, record);
}

/**
 * The format counts an execution after a status `Filled` as a finding even where TWS merely sent
 * the status first; the text says which of the two it is.
 */
function noteFillAfterEnd(
  book: Book,
  mark: Mark,
  order: Order,
  record: RecordOf<'execution'>,
): void {
  const { ended } = order;
  if (ended === undefined) return;
  if (ended.end === 'inactive') {
    order.ended = undefined;
    return;
  }
  const fill = `${record.action} ${sharesText(record.quantity)} executed`;
  const text = `${fill} after line ${ended.mark.line} said ${ended.end}`;
  note(book.notes, { kind: 'fill-after-end', line: mark.line, mark, order, text });
}

function enterRepetition(
  book: Book,
  mark: Mark,
  known: Execution,
  revision: string,
  record: RecordOf<'execution'>,
): void {
  const { order } = known;
  const place = { line: mark.line, mark, order };
  if (known.seen.has(revision)) {
    const current = known.revision === revision;
    const same = record.quantity === known.quantity && record.action === known.action;
    const differs = current && !same ? ' and says something else; the first report counts' : '';
    const text = `execution ${record.execId} came again${differs}; counted once`;
    note(book.notes, { kind: 'duplicate-execution', ...place, text });
    return;
  }
  known.seen.add(revision);
  if (record.quantity > known.reported) known.reported = record.quantity;
  const old = `${known.root}${known.revision}`;
  if (!corrects(revision, known.revision)) {
    const text = `execution ${record.execId} came after its correction ${old}; ignored`;
    note(book.notes, { kind: 'corrected-execution', ...place, text });
    return;
  }
  const change = `${sharesText(known.quantity)} -> ${sharesText(record.quantity)}`;
  const text = `execution ${record.execId} corrects ${old}: ${change}`;
  note(book.notes, { kind: 'corrected-execution', ...place, text, short: `corrected: ${change}` });
  known.action = record.action;
  known.quantity = record.quantity;
  known.price = record.price;
  known.revision = revision;
  known.correctedAt = mark;
}

/** The higher last part corrects. Where the parts are not numbers, the later report does. */
function corrects(revision: string, known: string): boolean {
  const digits = /^\d+$/;
  if (!digits.test(revision) || !digits.test(known)) return true;
  return BigInt(revision) >= BigInt(known);
}
