import type { Book, Order } from './book.ts';
import type { Brackets, Fill, Leg, Parent } from './brackets.ts';
import { note } from './notes.ts';
import { type Shares, sharesText, signedText } from './shares.ts';

/** What is wrong with orders and brackets even where every quantity adds up. */

export function noteConcerns(book: Book, brackets: Brackets): void {
  for (const leg of brackets.legs.values()) noteLegWithoutEnd(book, leg);
  for (const parent of brackets.parents) {
    if (parent.own === undefined) noteMissingParent(book, parent);
    noteMissingGroup(book, parent);
  }
  noteOverlaps(book, brackets);
  for (const runs of book.runs.values()) {
    for (const { watcher, mark, confirmed } of runs) {
      const known = confirmed ? 'started and was confirmed' : 'started';
      const text = `watcher ${watcher} ${known}; no stop of this run is in the log`;
      note(book.notes, { kind: 'watcher-without-stop', line: mark.line, text });
    }
  }
  for (const { order, mark, action, quantity, symbol } of book.executions.values()) {
    if (order.created !== undefined) continue;
    const fill = `${action} ${sharesText(quantity)} ${symbol}`;
    const text = `${fill} executed; counted in the symbol's total`;
    note(book.notes, { kind: 'execution-for-unknown-order', line: mark.line, order, text });
  }
}

/** A leg that the broker still shows as open has no end either, but it is not lost. */
function noteLegWithoutEnd(book: Book, leg: Leg): void {
  if (leg.fate !== 'unknown') return;
  const { order, open, executed } = leg;
  const { line } = order.lastWord;
  const said = `${order.action} ${sharesText(order.quantity)}, last heard of on line ${line}`;
  const status = order.lastStatus === undefined ? '' : ` (${order.lastStatus})`;
  const claim =
    order.ended === undefined
      ? `, then ${silence(book, order)}`
      : `; executions make only ${sharesText(executed)}`;
  const text = `${said}${status}${claim}; ${sharesText(open)} may have executed unseen`;
  note(book.notes, { kind: 'leg-without-end', line, order, text });
}

function silence(book: Book, order: Order): string {
  const { lastLoss } = book;
  if (lastLoss === undefined || lastLoss.line < order.lastWord.line) return 'the log ended';
  return `the link was lost on line ${lastLoss.line}`;
}

/**
 * The log may begin after the entry had filled. The exits are counted against the entries of this
 * log all the same, because to call an exit without an entry sound would hide an oversell; this
 * finding is what tells the reader which of the two it may be.
 */
function noteMissingParent(book: Book, parent: Parent): void {
  const { orderId, legs } = parent;
  const line = legs[0]?.order.created?.line ?? 1;
  const children = few(legs.map(({ order }) => String(order.orderId)));
  const text =
    `named as the parent of ${children}, but not created in this log: ` +
    'its entry counts only as far as executions name it';
  note(book.notes, { kind: 'leg-without-end', line, orderId, text });
}

// --- Groups -------------------------------------------------------------------------------------

/**
 * Siblings need a common group where together they could exit more than the entry: a stop of 100
 * beside targets of 70 and 30. Legs of one group count once, with the largest. So a stop and a
 * target of 70 in one group beside a stop and a target of 30 in another are no finding, and
 * neither are two targets of 70 and 30 alone: nothing can exit twice there.
 */
function noteMissingGroup(book: Book, parent: Parent): void {
  const exits = parent.legs.filter(({ order, end }) => isExit(order, parent) && end !== 'rejected');
  const ordered = entryOrdered(parent);
  let live: readonly Leg[] = [];
  let worst: { readonly line: number; readonly shares: Shares; readonly text: string } | undefined;
  for (const leg of exits) {
    const line = leg.order.created?.line ?? 0;
    live = [...live.filter(({ endLine }) => endLine > line), leg];
    const entered = ordered ?? quantityOf(live.filter(({ role }) => role === 'stop'));
    const shares = worstExit(live);
    if (entered === 0n || shares <= entered || new Set(live.map(groupOf)).size < 2) continue;
    if (worst !== undefined && worst.shares >= shares) continue;
    const names = few(live.map(({ role, order }) => `${role} ${order.orderId}`));
    const atWorst = `together they could exit ${sharesText(shares)} of ${sharesText(entered)}`;
    const text = `exits live at once without a common group: ${names}; ${atWorst}`;
    worst = { line: worst?.line ?? line, shares, text };
  }
  if (worst === undefined) return;
  const { line, text } = worst;
  const { orderId, own } = parent;
  note(book.notes, { kind: 'oca-missing', line, order: own?.order, orderId, text });
}

function isExit(order: Order, parent: Parent): boolean {
  return order.action !== parent.side;
}

/**
 * As ordered, not as filled: attached exits wait beside an entry that fills in parts. Of a parent
 * that is not in the log it is unknown, and what its stops were to protect has to stand for it.
 */
function entryOrdered(parent: Parent): Shares | undefined {
  if (parent.own === undefined) return undefined;
  return quantityOf([parent.own, ...parent.legs.filter(({ order }) => !isExit(order, parent))]);
}

function quantityOf(legs: readonly Leg[]): Shares {
  return legs.reduce((sum, { order }) => sum + order.quantity, 0n);
}

function worstExit(live: readonly Leg[]): Shares {
  const largest = new Map<string, Shares>();
  for (const leg of live) {
    const group = groupOf(leg);
    const { quantity } = leg.order;
    if (quantity > (largest.get(group) ?? 0n)) largest.set(group, quantity);
  }
  return [...largest.values()].reduce((sum, quantity) => sum + quantity, 0n);
}

/** Effective is a group that is named and has not type 0; an order without one is its own group. */
function groupOf({ order }: Leg): string {
  const { ocaGroup, ocaType, orderId } = order;
  return ocaGroup === undefined || ocaType === 0 ? `alone ${orderId}` : `group ${ocaGroup}`;
}

// --- Overlaps -----------------------------------------------------------------------------------

type Moment = { readonly line: number; readonly parent: Parent; readonly fill?: Fill };

/**
 * A parent opens when its order is created, and opens in earnest with its first entry: of two that
 * were created side by side only the second moment shows that both came to hold shares. One
 * finding a parent, at the earlier of the two.
 */
function noteOverlaps(book: Book, { parents }: Brackets): void {
  const moments = parents
    .filter(({ own }) => own !== undefined)
    .flatMap((parent): readonly Moment[] => [
      { line: parent.own?.order.created?.line ?? 0, parent },
      ...parent.fills.map((fill) => ({ line: fill.execution.mark.line, parent, fill })),
    ])
    .sort((one, other) => one.line - other.line);
  const positions = new Map<Parent, Shares>();
  const holders = new Map<string, Set<Parent>>();
  const told = new Set<Parent>();
  for (const { line, parent, fill } of moments) {
    const key = `${parent.side} ${parent.holding.key}`;
    const holding = holders.get(key) ?? new Set();
    holders.set(key, holding);
    const before = positions.get(parent);
    const opens = before === undefined || (before === 0n && fill?.execution.action === parent.side);
    if (opens && !told.has(parent) && noteOverlap(book, line, parent, holding, positions)) {
      told.add(parent);
    }
    const bought = fill?.execution.action === 'BUY' ? fill.quantity : 0n;
    const sold = fill?.execution.action === 'SELL' ? fill.quantity : 0n;
    const position = (before ?? 0n) + bought - sold;
    positions.set(parent, position);
    if (position === 0n) holding.delete(parent);
    else holding.add(parent);
  }
}

function noteOverlap(
  book: Book,
  line: number,
  parent: Parent,
  holders: ReadonlySet<Parent>,
  positions: ReadonlyMap<Parent, Shares>,
): boolean {
  const first: Parent[] = [];
  for (const one of holders) {
    if (one !== parent) first.push(one);
    if (first.length > SEVERAL) break;
  }
  if (first.length === 0) return false;
  const names = first.map((one) => `${one.orderId} (${signedText(positions.get(one) ?? 0n)})`);
  const kind = `${parent.side} parent of ${parent.holding.symbol}`;
  const text = `opened while another ${kind} was not flat: ${few(names)}`;
  note(book.notes, { kind: 'overlapping-parents', line, order: parent.own?.order, text });
  return true;
}

const SEVERAL = 5;

function few(names: readonly string[]): string {
  const shown = names.slice(0, SEVERAL).join(', ');
  return names.length > SEVERAL ? `${shown}, …` : shown;
}
