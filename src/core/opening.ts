/** Opening a bracket: what is refused before anything is sent, and the bracket as it begins. */
import { bracketChart } from './charts.ts';
import { allEnded, openQty } from './commitment.ts';
import { type Qty, showQty } from './quantity.ts';
import type { BracketRequest, Plan } from './request.ts';
import { readRequest } from './request.ts';
import { type Book, type Bracket, bookKey, type State } from './state.ts';
import { leaseRefused } from './watchers.ts';

export type Opening =
  | { readonly ok: true; readonly plan: Plan; readonly key: string; readonly book: Book }
  | { readonly ok: false; readonly reasons: readonly string[] };

/** Judges a wish: the plan and its book, or every reason why it is denied. */
export function judge(state: State, wish: BracketRequest): Opening {
  const reading = readRequest(wish);
  if (!reading.ok) return reading;
  const { plan } = reading;
  const key = bookKey(plan.account, plan.symbol, plan.conId);
  const book = state.books[key] ?? emptyBook(plan.account, plan.symbol, plan.conId, 0);
  const reasons: string[] = [];
  if (state.index[plan.bracket] !== undefined) {
    reasons.push(`bracket: ${plan.bracket} exists already; every bracket needs a name of its own`);
  }
  if (state.link !== 'live') reasons.push('the link is down, or not reconciled yet');
  if (book.frozen !== null) reasons.push(`${plan.symbol} is frozen: ${book.frozen}`);
  if (book.halted) reasons.push(`${plan.symbol} is halted`);
  const lease = leaseRefused(state.watchers, plan.watcher);
  if (lease !== null) reasons.push(`watcher: ${lease}`);
  reasons.push(...overlapReasons(state, book, plan));
  return reasons.length > 0 ? { ok: false, reasons } : { ok: true, plan, key, book };
}

function overlapReasons(state: State, book: Book, plan: Plan): readonly string[] {
  const open = book.brackets.filter((b) => !isOver(b));
  if (open.length === 0) return [];
  const opposed = open.find((b) => b.plan.side !== plan.side);
  if (opposed !== undefined) {
    return [`side: ${opposed.plan.bracket} is open on the other side, and the broker nets them`];
  }
  const names = open.map((b) => b.plan.bracket).join(', ');
  if (state.overlap === 'refuse') {
    return [`${plan.symbol} has an open bracket (${names}), and overlap is refused`];
  }
  const taken = open.reduce((sum, b) => sum + reach(b), plan.quantity);
  if (taken > state.overlap.capQty) {
    return [
      `quantity: with ${names} it would reach ${showQty(taken)} of at most ${showQty(state.overlap.capQty)} shares`,
    ];
  }
  return [];
}

/** Nothing is open and nothing can be: the bracket does not overlap with anything. */
function isOver(bracket: Bracket): boolean {
  return openQty(bracket) === 0 && allEnded(bracket);
}

/** The most shares the bracket may still hold. */
function reach(bracket: Bracket): Qty {
  const entry = bracket.orders[0];
  if (entry === undefined || entry.end === null) return bracket.plan.quantity;
  return Math.max(0, openQty(bracket));
}

export function emptyBook(account: string, symbol: string, conId: number, foreign: Qty): Book {
  return {
    account,
    symbol,
    conId,
    brackets: [],
    foreign,
    lastPx: null,
    halted: false,
    frozen: null,
    tradedAt: 0,
  };
}

export function newBracket(plan: Plan): Bracket {
  const { stop } = plan;
  return {
    plan,
    configuration: bracketChart(plan.targets.length).initial,
    orders: [],
    heardAt: [],
    current: {},
    pairs: plan.targets.map((target) => ({
      stopPx: stop.stopPrice,
      stopLimitPx: stop.type === 'STP LMT' ? stop.limitPrice : null,
      targetPx: target.limitPrice,
      mode: plan.plan,
      touched: false,
      discounted: false,
      replaceRefusals: 0,
      stopRejections: 0,
      targetRejections: 0,
      repricings: 0,
    })),
    cancelWished: false,
    leaving: null,
    entryLate: false,
    closingLate: 0,
    coverElapsed: 0,
    foreign: 0,
    oversoldMost: 0,
    absentAt: 0,
    newsAt: 0,
    deadlines: [],
    deadlineCount: 0,
    nakedSince: -1,
    nakedMs: 0,
    nakedMost: 0,
    overhangMost: 0,
  };
}
