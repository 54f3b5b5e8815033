import type { Book, Execution, Order } from './book.ts';
import type { Brackets, Parent } from './brackets.ts';
import { note } from './notes.ts';
import { absolute, type Shares, sharesText, signedText } from './shares.ts';

/**
 * Where a position went to the other side of zero and nothing tells whether that was wanted.
 *
 * An order that nothing declares may be an entry or an exit that came too late, and an entry that
 * met an open position may be a reversal or a second exit. As long as the position stays on the
 * side on which the symbol began, either reading is harmless. On the other side it is not, and
 * there the audit must not say that nothing was oversold.
 */
export type Crossing = {
  /** How far beyond zero the position was at the worst. */
  readonly shares: Shares;
  readonly orders: readonly Order[];
  readonly line: number;
};

export function crossingOf(
  book: Book,
  brackets: Brackets,
  executions: readonly Execution[],
  start: Shares,
): Crossing | undefined {
  const meeting = new Set<Order>();
  const orders = new Set<Order>();
  let position = start;
  let first = signOf(start);
  let worst = 0n;
  let line = 0;
  for (const { order, action, quantity, mark } of executions) {
    const signed = action === 'BUY' ? quantity : -quantity;
    const leg = brackets.legs.get(order);
    const enters = leg?.parent?.side === action;
    if (enters && signOf(position) === -signOf(signed)) meeting.add(order);
    position += signed;
    if (first === 0) first = signOf(position);
    const beyond = signOf(position) === -first && signOf(signed) === -first;
    if (!beyond || position === 0n) continue;
    if (!isUnclear(book, brackets, order) && !meeting.has(order)) continue;
    orders.add(order);
    if (absolute(position) <= worst) continue;
    worst = absolute(position);
    line = mark.line;
  }
  return orders.size === 0 ? undefined : { shares: worst, orders: [...orders], line };
}

function signOf(shares: Shares): -1 | 0 | 1 {
  if (shares === 0n) return 0;
  return shares > 0n ? 1 : -1;
}

/** An exit that names no parent is as unclear as an order that nobody created. */
function isUnclear(book: Book, brackets: Brackets, order: Order): boolean {
  if (brackets.undeclared.has(order)) return true;
  const leg = brackets.legs.get(order);
  if (leg === undefined) return !book.parentIds.has(order.orderId);
  const exits = leg.parent === undefined || leg.parent.side !== order.action;
  return exits && order.parentId === undefined;
}

export function noteCrossing(book: Book, symbol: string, crossing: Crossing): void {
  const names = orderNames(crossing.orders);
  const text =
    `${symbol}: ${names} took the position ${sharesText(crossing.shares)} to the other side of ` +
    'zero; the log does not tell whether that was an entry or an exit too many';
  note(book.notes, { kind: 'crossed-zero', line: crossing.line, text });
}

/** Of a parent that is oversold through exits that do not name it: which, and by how much. */
export function noteInferred(book: Book, parent: Parent, oversold: Shares): void {
  const inferred = inferredExits(parent);
  const last = parent.fills.findLast(({ execution }) => inferred.includes(execution.order));
  if (oversold === 0n || last === undefined) return;
  const { line } = last.execution.mark;
  const end = signedText(parent.side === 'BUY' ? -oversold : oversold);
  const text =
    `${orderNames(inferred)} ${inferred.length === 1 ? 'is an exit' : 'are exits'} of it, though ` +
    `without parentId; its exits took its position through zero to ${end}`;
  const { orderId, own } = parent;
  note(book.notes, { kind: 'crossed-zero', line, order: own?.order, orderId, text });
}

/** The orders that exited a parent without naming it. */
export function inferredExits({ fills, side }: Parent): readonly Order[] {
  const orders = fills
    .filter(({ execution }) => execution.action !== side)
    .map(({ execution }) => execution.order)
    .filter((order) => order.created !== undefined && order.parentId === undefined);
  return [...new Set(orders)];
}

const SEVERAL = 5;

export function orderNames(orders: readonly Order[]): string {
  const ids = orders.slice(0, SEVERAL).map(({ orderId }) => orderId);
  const more = orders.length > SEVERAL ? ', …' : '';
  return `order${orders.length === 1 ? '' : 's'} ${ids.join(', ')}${more}`;
}
