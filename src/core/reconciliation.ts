/** Our account of the positions against the broker's (L4). Pure functions over a snapshot. */
import { enteredQty, exitedQty, tradedPositionOf } from './commitment.ts';
import type { Executed, Position, Reported, Snapshot } from './fact.ts';
import { executionKey, inferredQty, leavesQty, type Order, revisionOf } from './ledger.ts';
import { emptyBook } from './opening.ts';
import { type Qty, showQty } from './quantity.ts';
import type { Alarm } from './ready.ts';
import { type Book, type Bracket, bookKey, isOpen, type State } from './state.ts';

/** The sum of the brackets' positions and of what is known to be foreign. */
const expected = (book: Book): Qty =>
  book.brackets.reduce((sum, b) => sum + tradedPositionOf(b), book.foreign);

/** A line of positions is about a book: by contract id where both have one, else by symbol. */
function isAbout(book: Book, p: Position): boolean {
  if (p.account !== book.account) return false;
  return p.conId !== 0 && book.conId !== 0 ? p.conId === book.conId : p.symbol === book.symbol;
}

/** The broker's position, unless an execution was heard after it was asked for. */
function shownFor(book: Book, snapshot: Snapshot, tradedAt = book.tradedAt): Qty | null {
  if (snapshot.positions === null || tradedAt > snapshot.askedAt) return null;
  return snapshot.positions.find((p) => isAbout(book, p))?.position ?? 0;
}

/**
 * Whether the broker's position is what we count, with the executions that the snapshot itself
 * brings. Without that, an order's absence proves no end.
 */
export function positionsAgree(
  book: Book,
  snapshot: Snapshot,
  /** Those of the snapshot, by bracket. */
  executions: ReadonlyMap<string, readonly Executed[]>,
): boolean {
  const shown = shownFor(book, snapshot);
  if (shown === null) return false;
  let sum = expected(book);
  for (const bracket of book.brackets) {
    const shownOfIt = executions.get(bracket.plan.bracket);
    if (shownOfIt === undefined) continue;
    const known = new Set(bracket.orders.flatMap((o) => o.executions.map((e) => e.key)));
    for (const [key, e] of lastRevisions(shownOfIt)) {
      if (known.has(key)) continue;
      const order = bracket.orders.find((o) => o.ticket.orderRef === e.orderRef);
      // Of an order that we never sent nobody knows what it is for, nor whether it buys.
      if (order === undefined) continue;
      sum += order.ticket.action === 'SELL' ? -e.qty : e.qty;
    }
  }
  return sum === shown;
}

/** By name, an execution as the answer corrects it. */
function lastRevisions(executions: readonly Executed[]): ReadonlyMap<string, Executed> {
  const last = new Map<string, Executed>();
  for (const e of executions) {
    const key = executionKey(e.execId);
    const known = last.get(key);
    if (known === undefined || revisionOf(known.execId) < revisionOf(e.execId)) last.set(key, e);
  }
  return last;
}

/**
 * A residual is alarmed with its candidates; what is missing of ours is taken off the exits.
 * `before` are the books as they were when the snapshot came: its own executions are part of it.
 */
export function reconcilePositions(
  books: State['books'],
  before: State['books'],
  snapshot: Snapshot,
): { readonly books: State['books']; readonly alarms: readonly Alarm[] } {
  const next: Record<string, Book> = { ...books };
  const alarms: Alarm[] = [];
  for (const p of snapshot.positions ?? []) {
    if (Object.values(books).some((book) => isAbout(book, p))) continue;
    const key = bookKey(p.account, p.symbol, p.conId);
    next[key] = emptyBook(p.account, p.symbol, p.conId, p.position);
  }
  for (const [key, book] of Object.entries(books)) {
    const shown = shownFor(book, snapshot, before[key]?.tradedAt);
    if (shown === null) continue;
    const residual = shown - expected(book);
    if (residual === 0) continue;
    alarms.push({
      law: 'L4',
      bracket: '',
      text: `${book.symbol}: the broker shows ${showQty(shown)}, we count ${showQty(expected(book))}; ${showQty(residual)} unexplained${candidates(book, residual)}`,
      broken: false,
    });
    next[key] = attribute({ ...book, foreign: book.foreign + residual }, shown, residual);
  }
  return { books: next, alarms };
}

/** Which legs without an end would explain it. */
function candidates(book: Book, residual: Qty): string {
  const sells = residual < 0;
  const legs = book.brackets
    .flatMap((b) => b.orders)
    .filter((o) => o.end === null && (o.ticket.action === 'SELL') === sells)
    .map((o) => `${o.ticket.orderRef} (${showQty(leavesQty(o))})`);
  return legs.length === 0 ? '' : `; without an end: ${legs.join(', ')}`;
}

/**
 * What is missing of ours, given the whole position that is there: other hands' own shares are not
 * ours to miss. What has closed misses first, what it has missed already; then the newest. A position
 * on the other side of zero is held against brackets whose exits may have done it unheard, as far as
 * they could have (L12), and no further than shares have gone unexplained: others may be short, too.
 */
function attribute(book: Book, shown: Qty, residual: Qty): Book {
  const side = (book.brackets.find(isOpen) ?? book.brackets.findLast(hasTraded))?.plan.side;
  const held = book.brackets.filter((bracket) => bracket.plan.side === side);
  const sign = side === 'BUY' ? 1 : -1;
  // What brackets have oversold by their own executions is explained already.
  const oversold = held.reduce((sum, b) => sum + Math.max(0, -tradedOpen(b)), 0);
  const there = sign * shown + oversold;
  const ours = held.reduce((sum, b) => sum + Math.max(0, tradedOpen(b)), 0);
  const unexplained = held.reduce((sum, b) => sum + b.foreign, 0) - sign * residual;
  let missing = Math.max(0, ours - Math.max(0, there));
  let beyond = Math.max(0, Math.min(-there, unexplained - missing));
  const newestFirst = held.toReversed();
  const changed = new Map<Bracket, Bracket>();
  for (const bracket of [...newestFirst.filter((b) => !isOpen(b)), ...newestFirst.filter(isOpen)]) {
    const gone = Math.min(missing, Math.max(0, tradedOpen(bracket)));
    const turned = Math.min(beyond, Math.max(0, unheardExits(bracket) - gone));
    missing -= gone;
    beyond -= turned;
    const foreign = gone + turned;
    if (foreign !== bracket.foreign) changed.set(bracket, { ...bracket, foreign });
  }
  return { ...book, brackets: book.brackets.map((b) => changed.get(b) ?? b) };
}

const hasTraded = (bracket: Bracket): boolean => tradedOpen(bracket) !== 0;

const tradedOpen = (bracket: Bracket): Qty => enteredQty(bracket) - exitedQty(bracket);

/** The most that its exits without an end may have traded without our hearing of it. */
function unheardExits(bracket: Bracket): Qty {
  let sum = 0;
  for (const order of bracket.orders) if (order.exits) sum += leavesQty(order);
  return sum;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Orders of which a fill that only a status has claimed did not happen: the broker's position is
 * what the executions alone make. All claims of a book are denied together, or none is.
 */
export function claimsDisproved(book: Book, snapshot: Snapshot): ReadonlySet<string> {
  const shown = shownFor(book, snapshot);
  if (shown === null || !snapshot.coversLife) return NONE;
  let sum = book.foreign;
  let claimed = 0;
  const disproved = new Set<string>();
  for (const order of book.brackets.flatMap((b) => b.orders)) {
    const sign = order.ticket.action === 'BUY' ? 1 : -1;
    sum += sign * order.executedQty;
    const claim = inferredQty(order);
    if (claim === 0) continue;
    // A claim that came after we asked, or that the broker repeats in its answer, stands.
    if (order.claimedAt > snapshot.askedAt || isRepeated(order, snapshot)) return NONE;
    claimed += sign * claim;
    disproved.add(order.ticket.orderRef);
  }
  // Of claims that come to nothing together, the position says nothing.
  return claimed !== 0 && sum === shown ? disproved : NONE;
}

/** `Filled` without a figure speaks of the whole order. */
function isRepeated({ ticket, executedQty }: Order, { openOrders, completed }: Snapshot): boolean {
  const claims = ({ orderRef, status, filled }: Reported): boolean =>
    orderRef === ticket.orderRef &&
    (filled === undefined ? status === 'filled' : filled > executedQty);
  return openOrders.some(claims) || completed.some(claims);
}
