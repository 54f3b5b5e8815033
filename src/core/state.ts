/**
 * The whole state of the engine: plain, immutable, and all of it written by `step`.
 *
 * Brackets live in books, one book per account and contract, because that is what a broker nets:
 * L4 and the account's side of L6 are sums over a book.
 */
import type { Leg } from '../../machines/facts.ts';
import type { Order } from './ledger.ts';
import { type Parts, partsOf, slotOf, stopSlot, targetSlot } from './legs.ts';
import type { Px, Qty } from './quantity.ts';
import type { Plan } from './request.ts';

/** What the router wished for a pair beyond its plan, and what has happened to it. */
export type Pair = {
  readonly stopPx: Px;
  readonly stopLimitPx: Px | null;
  readonly targetPx: Px;
  /** `paired` falls back to `sequenced` where the broker refuses a step of the way. */
  readonly mode: 'paired' | 'sequenced';
  /** The last price has reached the target (plan `sequenced`). */
  readonly touched: boolean;
  /** The OCA discount of L6: stop and target commit together, not twice. */
  readonly discounted: boolean;
  /** The broker will not change this stop: cancel it and place another instead. */
  readonly replaceRefusals: number;
  readonly stopRejections: number;
  readonly targetRejections: number;
  readonly repricings: number;
};

export type Leaving =
  | 'wished'
  | 'naked'
  | 'stopRejected'
  | 'stopDidNotFill'
  | 'priceThroughStop'
  | 'sessionEnding';

/** A wait (`stop1.withdrawal`) whose deadline runs, and the deadline's own name. */
export type Running = { readonly key: string; readonly deadline: string };

export type Bracket = {
  readonly plan: Plan;
  /** Where every region stands: `live.working.none`, `ended.filled`, `protected`, … */
  readonly configuration: Readonly<Record<string, string>>;
  /** Every order that was ever sent for it, oldest first. */
  readonly orders: readonly Order[];
  /**
   * By the place of the order: `seq` of the last word, outside a snapshot, that it is alive. Beside
   * the orders, because most words say nothing else, and an order that says the same is the same.
   */
  readonly heardAt: readonly number[];
  /** Index into `orders` of what each leg holds now. */
  readonly current: Readonly<Partial<Record<Leg, number>>>;
  readonly pairs: readonly Pair[];
  readonly cancelWished: boolean;
  readonly leaving: Leaving | null;
  /** The entry had its time to fill: the rest is withdrawn. */
  readonly entryLate: boolean;
  /** The closing order rested too long; the next one goes further. */
  readonly closingLate: number;
  readonly coverElapsed: number;
  /** Shares of this bracket that somebody else has closed. */
  readonly foreign: Qty;
  /** The most that was exited beyond what was entered. */
  readonly oversoldMost: Qty;
  /** When the latest snapshot was asked for that shows none of its orders: the `seq` of the ask. */
  readonly absentAt: number;
  /** `seq` of its last news: a snapshot must be asked later than this to close it. */
  readonly newsAt: number;
  /** Oldest first. */
  readonly deadlines: readonly Running[];
  readonly deadlineCount: number;
  readonly nakedSince: number;
  readonly nakedMs: number;
  /** When the last share was gone while an exit still lived; -1 when none does. */
  readonly raceSince: number;
  /** The longest that an exit lived on after the last share was gone. */
  readonly raceMs: number;
  readonly nakedMost: Qty;
  readonly overhangMost: Qty;
};

/** A bracket while its turn lasts: a copy of its own, written in place, and never after the turn. */
export type Draft = { -readonly [K in keyof Bracket]: Bracket[K] };

export type Book = {
  readonly account: string;
  readonly symbol: string;
  readonly conId: number;
  readonly brackets: readonly Bracket[];
  /** The broker's position that is not ours: before we came, or somebody else's since. */
  readonly foreign: Qty;
  readonly lastPx: Px | null;
  readonly halted: boolean;
  /** Why no entry may be sent: a breach or a broken law. Null when entries may. */
  readonly frozen: string | null;
  /** `seq` of the last execution that was news: older positions prove nothing. */
  readonly tradedAt: number;
};

export type WatcherRun = {
  readonly key: string;
  readonly epoch: number;
  readonly state: string;
  readonly brackets: readonly string[];
};

export const isOpen = (bracket: Bracket): boolean => bracket.configuration.exposure !== 'closed';

/** How parents of one contract may overlap. */
export type Overlap = 'refuse' | { readonly capQty: Qty };

/** Of one contract, or of all contracts of an account together; what is left out has no limit. */
export type Limits = {
  /** Brackets that are not over. */
  readonly brackets?: number;
  /** Shares that they hold or may still enter. */
  readonly qty?: Qty;
  /** The same at their entry prices, in whole units of the currency. */
  readonly notional?: number;
};

export type Admission = {
  readonly overlap: Overlap;
  readonly perContract: Limits;
  readonly perAccount: Limits;
  /** Somebody tells prices: plan `sequenced` waits for one to place its targets. */
  readonly priced: boolean;
  /** Why nothing may be opened; null when brackets may. */
  readonly closed: string | null;
};

export const OPEN_ADMISSION: Admission = {
  overlap: 'refuse',
  perContract: {},
  perAccount: {},
  priced: true,
  closed: null,
};

export type State = {
  readonly seq: number;
  readonly link: 'live' | 'lost' | 'reconciling';
  /** `seq` of the record that brought the link back: only a later snapshot makes it live. */
  readonly linkAt: number;
  readonly admission: Admission;
  readonly books: Readonly<Record<string, Book>>;
  /** Book of each bracket. */
  readonly index: Readonly<Record<string, string>>;
  readonly watchers: Readonly<Record<string, WatcherRun>>;
};

/** A state while its step lasts, as a `Draft` is a bracket. */
export type DraftState = { -readonly [K in keyof State]: State[K] };

/**
 * A record with one entry set. Assigned, not spread: where the keys are names that differ from
 * record to record, a spread and a computed key take three times as long.
 */
export function withEntry<R extends object, K extends keyof R>(record: R, key: K, value: R[K]): R {
  const next: R = Object.assign({}, record);
  next[key] = value;
  return next;
}

export function emptyState(overlap: Overlap = 'refuse'): State {
  const admission = { ...OPEN_ADMISSION, overlap };
  return { seq: 0, link: 'live', linkAt: 0, admission, books: {}, index: {}, watchers: {} };
}

export function bookKey(account: string, symbol: string, conId: number): string {
  return conId === 0 ? `${account}/${symbol}` : `${account}/${conId}`;
}

export function findBracket(state: State, id: string): Bracket | undefined {
  const book = state.books[state.index[id] ?? ''];
  return book?.brackets.find((b) => b.plan.bracket === id);
}

/** `RIME-693.stop1.2` is the second order of leg `stop1` of bracket `RIME-693`. */
export function orderRefOf(bracket: string, leg: Leg, generation: number): string {
  // Joined, the text is one piece: put together by a template it stays in parts, and is compared slowly.
  return [bracket, leg, generation].join('.');
}

/** The bracket that an `orderRef` names; `''` when it is not one of ours. */
export function bracketOf(orderRef: string): string {
  const generation = lastDot(orderRef, orderRef.length);
  const leg = lastDot(orderRef, generation);
  if (leg <= 0 || !isWhole(orderRef, generation + 1) || !isLeg(orderRef, leg + 1, generation)) {
    return '';
  }
  if (leg === latestId.length && orderRef.startsWith(latestId)) return latestId;
  const id = onOneLine(orderRef.slice(0, leg));
  if (id !== '') latestId = id;
  return id;
}

/** The bracket that was named last: most words are about the same one as the word before. */
let latestId = '';

function lastDot(text: string, before: number): number {
  let at = before - 1;
  while (at >= 0 && text.charCodeAt(at) !== 46) at -= 1;
  return at;
}

/** A leg with one digit at most, between two dots: a bracket has no more than eight pairs. */
function isLeg(text: string, from: number, to: number): boolean {
  switch (to - from) {
    case 5:
      return text.startsWith('entry', from) || isNumbered(text, 'stop', from);
    case 7:
      return text.startsWith('closing', from) || isNumbered(text, 'target', from);
    default:
      return false;
  }
}

function isNumbered(text: string, kind: string, from: number): boolean {
  const digit = text.charCodeAt(from + kind.length);
  return text.startsWith(kind, from) && digit >= 48 && digit <= 57;
}

/** A name of ours has no line breaks; what has one is `''`. */
function onOneLine(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13 || code === 0x2028 || code === 0x2029) return '';
  }
  return text;
}

/** Whether there is anything from `at` on, and nothing but digits. */
function isWhole(text: string, at: number): boolean {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return at < text.length;
}

/** What the legs held when that was asked last: see `figuresOf` in `commitment.ts`. */
let latest: { readonly of: readonly Order[]; readonly held: readonly (Order | undefined)[] } = {
  of: [],
  held: [],
};

/** By slot. What a leg holds is the last order that was sent for it: `current` says the same. */
function heldOrders({ orders }: Bracket): readonly (Order | undefined)[] {
  if (latest.of === orders) return latest.held;
  const held: (Order | undefined)[] = [];
  for (const order of orders) held[slotOf(order)] = order;
  latest = { of: orders, held };
  return held;
}

/** The deadline that runs for a wait. */
export const deadlineOf = (bracket: Bracket, key: string): string | undefined =>
  bracket.deadlines.find((running) => running.key === key)?.deadline;

const unlessEnded = (order: Order | undefined): Order | undefined =>
  order !== undefined && order.end === null ? order : undefined;

export const currentOf = (bracket: Bracket, { slot }: Parts): Order | undefined =>
  heldOrders(bracket)[slot];
export const currentOrder = (bracket: Bracket, leg: Leg): Order | undefined =>
  currentOf(bracket, partsOf(leg));
export const liveOrder = (bracket: Bracket, leg: Leg): Order | undefined =>
  unlessEnded(currentOrder(bracket, leg));

export const currentStop = (bracket: Bracket, pair: number): Order | undefined =>
  heldOrders(bracket)[stopSlot(pair)];
export const currentTarget = (bracket: Bracket, pair: number): Order | undefined =>
  heldOrders(bracket)[targetSlot(pair)];
export const liveStop = (bracket: Bracket, pair: number): Order | undefined =>
  unlessEnded(currentStop(bracket, pair));
export const liveTarget = (bracket: Bracket, pair: number): Order | undefined =>
  unlessEnded(currentTarget(bracket, pair));
