/** Our account of the positions against the broker's (L4). Pure functions over a snapshot. */
import { enteredQty, exitedQty, tradedPositionOf } from './commitment.ts';
import type { Executed, Snapshot } from './fact.ts';
import { inferredQty, leavesQty } from './ledger.ts';
import { emptyBook } from './opening.ts';
import { type Qty, showQty } from './quantity.ts';
import type { Alarm } from './ready.ts';
import { type Book, type Bracket, bookKey, bracketOf, type State } from './state.ts';

function executionsOf(snapshot: Snapshot, bracket: string): readonly Executed[] {
  return snapshot.executions.filter((e) => bracketOf(e.orderRef) === bracket);
}

/** The sum of the brackets' positions and of what is known to be foreign. */
const expected = (book: Book): Qty =>
  book.brackets.reduce((sum, b) => sum + tradedPositionOf(b), book.foreign);

function shownFor(book: Book, snapshot: Snapshot): Qty | null {
  if (snapshot.positions === null || book.tradedAt > snapshot.askedAt) return null;
  const line = snapshot.positions.find(
    (p) => bookKey(p.account, p.symbol, p.conId) === bookKey(book.account, book.symbol, book.conId),
  );
  return line?.position ?? 0;
}

/**
 * Whether the broker's position is what we count, with the executions that the snapshot itself
 * brings. Without that, an order's absence proves no end.
 */
export function positionsAgree(book: Book, snapshot: Snapshot): boolean {
  const shown = shownFor(book, snapshot);
  if (shown === null) return false;
  let sum = expected(book);
  for (const bracket of book.brackets) {
    const known = new Set(bracket.orders.flatMap((o) => o.executions.map((e) => e.key)));
    for (const e of executionsOf(snapshot, bracket.plan.bracket)) {
      if (known.has(e.execId.slice(0, Math.max(0, e.execId.lastIndexOf('.'))))) continue;
      const order = bracket.orders.find((o) => o.ticket.orderRef === e.orderRef);
      sum += order?.ticket.action === 'SELL' ? -e.qty : e.qty;
    }
  }
  return sum === shown;
}

/** A residual is alarmed with its candidates; what somebody else closed is taken off the exits. */
export function reconcilePositions(
  books: State['books'],
  snapshot: Snapshot,
): { readonly books: State['books']; readonly alarms: readonly Alarm[] } {
  const next: Record<string, Book> = { ...books };
  const alarms: Alarm[] = [];
  for (const p of snapshot.positions ?? []) {
    const key = bookKey(p.account, p.symbol, p.conId);
    next[key] ??= emptyBook(p.account, p.symbol, p.conId, p.position);
  }
  for (const [key, book] of Object.entries(books)) {
    const shown = shownFor(book, snapshot);
    if (shown === null) continue;
    const residual = shown - expected(book);
    if (residual === 0) continue;
    alarms.push({
      law: 'L4',
      bracket: '',
      text: `${book.symbol}: the broker shows ${showQty(shown)}, we count ${showQty(expected(book))}; ${showQty(residual)} unexplained${candidates(book, residual)}`,
      broken: false,
    });
    next[key] = attribute({ ...book, foreign: book.foreign + residual }, residual);
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
 * Shares that are gone are gone from the newest bracket first; shares that return, likewise. What
 * is gone beyond all open shares has turned the account around: it is held against the newest
 * bracket whose exits could have done it, which is breached by it (L12).
 */
function attribute(book: Book, residual: Qty): Book {
  let left = residual;
  const brackets: Bracket[] = [...book.brackets];
  const take = (i: number, most: (open: Qty) => Qty): void => {
    const bracket = brackets[i];
    if (bracket === undefined || left === 0) return;
    const sign = bracket.plan.side === 'BUY' ? 1 : -1;
    const open = enteredQty(bracket) - exitedQty(bracket);
    const foreign = Math.min(most(open), Math.max(0, bracket.foreign - left * sign));
    left += (foreign - bracket.foreign) * sign;
    brackets[i] = { ...bracket, foreign };
  };
  for (let i = brackets.length - 1; i >= 0; i--) take(i, (open) => Math.max(0, open));
  for (let i = brackets.length - 1; i >= 0; i--) {
    const unknown = brackets[i]?.orders.some((order) => order.exits && order.end === null);
    if (unknown === true) take(i, () => Number.MAX_SAFE_INTEGER);
  }
  return { ...book, brackets };
}

/**
 * Whether the broker's position is what the executions alone make, so that a fill that only a
 * status has claimed did not happen.
 */
export function claimsDisproved(book: Book, snapshot: Snapshot): boolean {
  const shown = shownFor(book, snapshot);
  if (shown === null || !snapshot.coversLife) return false;
  let sum = book.foreign;
  let claimed = false;
  for (const order of book.brackets.flatMap((b) => b.orders)) {
    sum += order.ticket.action === 'BUY' ? order.executedQty : -order.executedQty;
    claimed ||= inferredQty(order) > 0;
  }
  return claimed && sum === shown;
}
