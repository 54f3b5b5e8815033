/**
 * Who may open: the limits of a contract and of an account, how brackets may overlap, and whether
 * anything may be opened at all.
 */
import { allEnded, openQty } from './commitment.ts';
import { PX_DECIMALS, type Px, QTY_DECIMALS, type Qty, showQty } from './quantity.ts';
import type { Plan } from './request.ts';
import type { Book, Bracket, Limits, Overlap, State } from './state.ts';

/** Every reason why this plan may not be opened in this book now. */
export function admissionReasons(state: State, book: Book, plan: Plan): readonly string[] {
  const { admission } = state;
  const reasons: string[] = [];
  if (admission.closed !== null) reasons.push(`nothing may be opened: ${admission.closed}`);
  if (plan.plan === 'sequenced' && !admission.priced) {
    reasons.push(
      "plan: sequenced places its targets by prices, and nobody tells any: set 'prices'",
    );
  }
  reasons.push(...overlapReasons(admission.overlap, book, plan));
  const ofAccount = Object.values(state.books)
    .filter(({ account }) => account === plan.account)
    .flatMap(({ brackets }) => brackets);
  const price = priceOf(plan) ?? book.lastPx;
  reasons.push(...limitReasons(admission.perContract, plan.symbol, book.brackets, plan, price));
  reasons.push(...limitReasons(admission.perAccount, plan.account, ofAccount, plan, price));
  return reasons;
}

function overlapReasons(overlap: Overlap, book: Book, plan: Plan): readonly string[] {
  const open = book.brackets.filter((b) => !isOver(b));
  if (open.length === 0) return [];
  const opposed = open.find((b) => b.plan.side !== plan.side);
  if (opposed !== undefined) {
    return [`side: ${opposed.plan.bracket} is open on the other side, and the broker nets them`];
  }
  const names = open.map((b) => b.plan.bracket).join(', ');
  if (overlap === 'refuse') {
    return [`${plan.symbol} has an open bracket (${names}), and overlap is refused`];
  }
  const taken = open.reduce((sum, b) => sum + reach(b), plan.quantity);
  if (taken > overlap.capQty) {
    return [
      `quantity: with ${names} it would reach ${showQty(taken)} of at most ${showQty(overlap.capQty)} shares`,
    ];
  }
  return [];
}

function limitReasons(
  limits: Limits,
  whose: string,
  brackets: readonly Bracket[],
  plan: Plan,
  price: Px | null,
): readonly string[] {
  const open = brackets.filter((b) => !isOver(b));
  const reasons: string[] = [];
  if (limits.brackets !== undefined && open.length >= limits.brackets) {
    reasons.push(`${whose} has ${open.length} open brackets of at most ${limits.brackets}`);
  }
  const qty = open.reduce((sum, b) => sum + reach(b), plan.quantity);
  if (limits.qty !== undefined && qty > limits.qty) {
    reasons.push(
      `quantity: ${whose} would reach ${showQty(qty)} of at most ${showQty(limits.qty)} shares`,
    );
  }
  if (limits.notional === undefined) return reasons;
  if (price === null) {
    return [
      ...reasons,
      `${whose} has a limit of notional, and no price of ${plan.symbol} is known`,
    ];
  }
  const held = open.reduce((sum, b) => sum + worth(reach(b), priceOf(b.plan) ?? price), 0);
  const notional = held + worth(plan.quantity, price);
  if (notional > limits.notional) {
    const figures = `${notional.toFixed(2)} of at most ${limits.notional.toFixed(2)}`;
    reasons.push(`quantity: ${whose} would reach a notional of ${figures}`);
  }
  return reasons;
}

/** The worst price that the entry may fill at, as far as its order says. */
function priceOf({ entry }: Plan): Px | null {
  if ('limitPrice' in entry) return entry.limitPrice;
  return 'stopPrice' in entry ? entry.stopPrice : null;
}

/** Beyond 2^53 units a product is not exact; a limit of notional needs no more than this. */
const worth = (qty: Qty, price: Px): number =>
  (qty / 10 ** QTY_DECIMALS) * (price / 10 ** PX_DECIMALS);

/** Nothing is open and nothing can be: the bracket does not count. */
function isOver(bracket: Bracket): boolean {
  return openQty(bracket) === 0 && allEnded(bracket);
}

/** The most shares the bracket may still hold. */
function reach(bracket: Bracket): Qty {
  const entry = bracket.orders[0];
  if (entry === undefined || entry.end === null) return bracket.plan.quantity;
  return Math.max(0, openQty(bracket));
}
