import { holdingTraded } from './attribution.ts';
import type { Book, Execution, Order } from './book.ts';
import { type Brackets, bracketsOf, type Fill, type Leg, type Parent } from './brackets.ts';
import { noteConcerns } from './concerns.ts';
import { type Crossing, crossingOf, noteCrossing, noteInferred } from './crossings.ts';
import { type Explanations, explanationsOf } from './explanations.ts';
import { type Holding, type Holdings, holdingsOf } from './holdings.ts';
import type { Action } from './lifecycle.ts';
import { allNotes, FINDING_KINDS, type FindingKind, type Note, note } from './notes.ts';
import { absolute, type Shares, sharesText, signedText } from './shares.ts';

/** The reckoning: what a book that has been read to its end says. */

export type Pattern = 'stop-then-target' | 'target-then-stop' | 'mixed';

export type ParentAccount = {
  readonly parent: Parent;
  readonly entered: Shares;
  readonly exited: Shares;
  readonly oversold: Shares;
  /** `undefined` for a parent that is not oversold, or by exits of one role alone. */
  readonly pattern: Pattern | undefined;
  readonly verdict: 'sound' | 'oversold' | 'open' | 'incomplete';
};

export type SymbolAccount = {
  readonly holding: Holding;
  readonly bought: Shares;
  readonly sold: Shares;
  readonly net: Shares;
  readonly start: Shares | undefined;
  /** The broker's last word on the position, and where it was said. */
  readonly broker: Shares | undefined;
  readonly brokerLine: number | undefined;
  readonly unexplained: Shares | undefined;
  readonly explanations: Explanations<ExplainingLeg>;
  /** Absent where a parent oversold: that verdict is plain. */
  readonly crossing: Crossing | undefined;
  readonly verdict: 'sound' | 'oversold' | 'unexplained' | 'unknown';
};

export type ExplainingLeg = { readonly leg: Leg; readonly quantity: Shares };

export type Finding = {
  readonly kind: FindingKind;
  readonly line: number;
  readonly orderId: number | undefined;
  readonly parentId: number | undefined;
  readonly text: string;
};

export type Account = {
  readonly symbols: readonly SymbolAccount[];
  readonly parents: readonly ParentAccount[];
  readonly findings: readonly Finding[];
  readonly brackets: Brackets;
  /** Findings that name an order, with their place: the timeline of a parent shows them. */
  readonly notes: readonly Note[];
  /** Lines of the log with anything on them, and how many of them did not count. */
  readonly lines: { readonly read: number; readonly bad: number };
};

export function reckon(book: Book): Account {
  const holdings = holdingsOf(book);
  const brackets = bracketsOf(book, holdings);
  const parents = brackets.parents.map(parentAccount);
  const symbols = symbolAccounts(book, holdings, brackets, parents);
  noteConcerns(book, brackets);
  for (const symbol of symbols) noteUnexplained(book, symbol);
  for (const { holding, crossing } of symbols) {
    if (crossing !== undefined) noteCrossing(book, holding.symbol, crossing);
  }
  for (const { parent, oversold } of parents) noteInferred(book, parent, oversold);
  const notes = allNotes(book.notes)
    .filter((entry) => entry.kind !== 'oversell-warning' || isOfExit(brackets, entry.order))
    .sort((one, other) => one.line - other.line || rank(one) - rank(other));
  const findings = notes.map((entry) => findingOf(brackets, entry));
  const lines = { read: book.lines, bad: book.lines - book.records };
  return { symbols, parents, findings, brackets, notes, lines };
}

// --- Parents ------------------------------------------------------------------------------------

function parentAccount(parent: Parent): ParentAccount {
  const of = (exits: boolean): Shares =>
    parent.fills
      .filter(({ execution }) => (execution.action !== parent.side) === exits)
      .reduce((sum, { quantity }) => sum + quantity, 0n);
  const entered = of(false);
  const exited = of(true);
  const oversold = exited > entered ? exited - entered : 0n;
  const pattern = oversold > 0n ? patternOf(exitFills(parent)) : undefined;
  return { parent, entered, exited, oversold, pattern, verdict: verdictOf(parent, oversold) };
}

export function exitFills(parent: Parent): readonly Fill[] {
  return parent.fills.filter(({ execution }) => execution.action !== parent.side);
}

function patternOf(exits: readonly Fill[]): Pattern | undefined {
  const roles = exits.map(({ role }) => role);
  const [firstStop, lastStop] = [roles.indexOf('stop'), roles.lastIndexOf('stop')];
  const [firstTarget, lastTarget] = [roles.indexOf('target'), roles.lastIndexOf('target')];
  if (firstStop < 0 || firstTarget < 0) return undefined;
  if (lastStop < firstTarget) return 'stop-then-target';
  return lastTarget < firstStop ? 'target-then-stop' : 'mixed';
}

function verdictOf(parent: Parent, oversold: Shares): ParentAccount['verdict'] {
  if (oversold > 0n) return 'oversold';
  const fates = [parent.own, ...parent.legs].map((leg) => leg?.fate);
  if (fates.includes('unknown')) return 'incomplete';
  return fates.includes('live') ? 'open' : 'sound';
}

// --- Symbols ------------------------------------------------------------------------------------

type Trade = { readonly line: number; readonly signed: Shares };

type Tally = { readonly holding: Holding; readonly trades: Execution[]; readonly legs: Leg[] };

function symbolAccounts(
  book: Book,
  holdings: Holdings,
  brackets: Brackets,
  parents: readonly ParentAccount[],
): readonly SymbolAccount[] {
  const tallies = new Map<string, Tally>();
  const tally = (holding: Holding): Tally => {
    const found = tallies.get(holding.key) ?? { holding, trades: [], legs: [] };
    tallies.set(holding.key, found);
    return found;
  };
  for (const leg of brackets.legs.values()) tally(leg.holding).legs.push(leg);
  for (const execution of book.executions.values()) {
    tally(holdingTraded(holdings, execution)).trades.push(execution);
  }
  const words = Map.groupBy(book.positions.values(), ({ symbol, scope }) => {
    const holding = holdings(symbol, scope);
    tally(holding);
    return holding.key;
  });
  const oversold = new Set(
    parents.filter(({ verdict }) => verdict === 'oversold').map(({ parent }) => parent.holding.key),
  );
  return [...tallies.values()].map((one) => {
    const said = (words.get(one.holding.key) ?? []).flatMap(({ first, last }) => [first, last]);
    said.sort((a, b) => a.mark.line - b.mark.line);
    const told = said.map(({ mark, position }) => ({ line: mark.line, position }));
    const crossing = (start: Shares): Crossing | undefined =>
      oversold.has(one.holding.key) ? undefined : crossingOf(book, brackets, one.trades, start);
    return symbolAccount(one, told, oversold.has(one.holding.key), crossing);
  });
}

type PositionWord = { readonly line: number; readonly position: Shares };

function symbolAccount(
  { holding, trades: executions, legs }: Tally,
  words: readonly PositionWord[],
  oversold: boolean,
  crossingFrom: (start: Shares) => Crossing | undefined,
): SymbolAccount {
  const trades = executions.map(({ mark, action, quantity }): Trade => {
    return { line: mark.line, signed: action === 'BUY' ? quantity : -quantity };
  });
  const bought = trades.reduce((sum, { signed }) => (signed > 0n ? sum + signed : sum), 0n);
  const net = netOf(trades);
  const lost = legs.filter(({ fate }) => fate === 'unknown');
  const { start, last } = startAndLast(trades, lost, words);
  const unexplained = last === undefined ? undefined : residualOf(trades, start, last);
  const side: Action = unexplained !== undefined && unexplained < 0n ? 'SELL' : 'BUY';
  const candidates = lost
    .filter(({ order }) => order.action === side && wasThere(order, last))
    .map((leg) => ({ leg, quantity: leg.open }));
  const gap = unexplained ?? 0n;
  const crossing = crossingFrom(start?.position ?? 0n);
  const unclear = lost.length > 0 && unexplained === undefined;
  return {
    holding,
    bought,
    sold: bought - net,
    net,
    start: start?.position,
    broker: last?.position,
    brokerLine: last?.line,
    unexplained,
    explanations: explanationsOf(absolute(gap), candidates),
    crossing,
    verdict: symbolVerdict(oversold, unexplained, unclear || crossing !== undefined),
  };
}

function symbolVerdict(
  oversold: boolean,
  unexplained: Shares | undefined,
  unclear: boolean,
): SymbolAccount['verdict'] {
  if (oversold) return 'oversold';
  if ((unexplained ?? 0n) !== 0n) return 'unexplained';
  return unclear ? 'unknown' : 'sound';
}

/** A leg that was created after the broker spoke cannot be in what the broker said. */
function wasThere(order: Order, last: PositionWord | undefined): boolean {
  return (order.created?.line ?? 0) < (last?.line ?? 0);
}

function netOf(trades: readonly Trade[]): Shares {
  return trades.reduce((sum, { signed }) => sum + signed, 0n);
}

/**
 * The first position is the starting one if no execution of the symbol came before it, and the
 * last position is the broker's word. Of several before the first execution the first is the
 * start, not the last: if the position moved between them, something traded that is not in the
 * log, and that must not vanish into the start.
 *
 * A single position with executions only after it is a start and no word. With no executions in the
 * log at all, nothing is before or after the first one. A position is then both, which is how a
 * holding that nobody touched comes out as sound; unless an order had been created by then of which
 * the end is unknown: it may have made that position unseen, and the position is the broker's word.
 */
function startAndLast(
  trades: readonly Trade[],
  lost: readonly Leg[],
  words: readonly PositionWord[],
): { readonly start: PositionWord | undefined; readonly last: PositionWord | undefined } {
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined) return { start: undefined, last: undefined };
  const firstTrade = trades[0]?.line;
  if (firstTrade === undefined) {
    const suspect = lost.some(({ order }) => wasThere(order, first));
    return { start: suspect ? undefined : first, last };
  }
  if (first.line > firstTrade) return { start: undefined, last };
  return { start: first, last: last?.line === first.line ? undefined : last };
}

/**
 * The broker's word is true of its moment, so it is compared with the executions known by then.
 * But an execution may be reported late (after a lost link it comes with the executions that were
 * asked for, behind the positions): if the whole log makes the position, it is explained as well.
 */
function residualOf(
  trades: readonly Trade[],
  start: PositionWord | undefined,
  last: PositionWord,
): Shares {
  const opening = start?.position ?? 0n;
  if (last.position === opening + netOf(trades)) return 0n;
  return last.position - opening - netOf(trades.filter(({ line }) => line < last.line));
}

function noteUnexplained(book: Book, account: SymbolAccount): void {
  const { holding, broker, start, unexplained, brokerLine, explanations } = account;
  if (unexplained === undefined || unexplained === 0n) return;
  const begun = start === undefined || start === 0n ? '' : ` from a start of ${signedText(start)}`;
  const logged = signedText((broker ?? 0n) - unexplained);
  const text =
    `${holding.symbol}: the broker says ${signedText(broker ?? 0n)}, ` +
    `the log makes ${logged}${begun}; ` +
    `${signedText(unexplained)} has no record; ${explanationText(explanations)}`;
  note(book.notes, { kind: 'position-unexplained', line: brokerLine ?? book.lastLine, text });
}

function explanationText({ sets, more }: Explanations<ExplainingLeg>): string {
  const stopped = more === 'search-stopped' ? ' (the search was stopped at its bound)' : '';
  if (sets.length === 0) return `no set of legs without an end adds up to it${stopped}`;
  const first = (sets[0] ?? []).map(
    ({ leg, quantity }) => `${leg.order.orderId} (${sharesText(quantity)})`,
  );
  const exactlyOne = sets.length === 1 && more === 'none';
  const count = exactlyOne ? 'one set' : `${sets.length} sets${more === 'none' ? '' : ' or more'}`;
  const verb = exactlyOne ? 'adds' : 'add';
  const eg = exactlyOne ? '' : 'e.g. ';
  return `${count} of legs without an end ${verb} up to it: ${eg}${first.join(' + ')}${stopped}`;
}

// --- Findings -----------------------------------------------------------------------------------

function rank({ kind }: Note): number {
  return FINDING_KINDS.indexOf(kind);
}

/** To open a short a broker may have to locate shares; for an exit it means there are none left. */
function isOfExit(brackets: Brackets, order: Order | undefined): boolean {
  const leg = order === undefined ? undefined : brackets.legs.get(order);
  if (leg === undefined) return false;
  return leg.parent === undefined ? leg.role !== 'entry' : leg.order.action !== leg.parent.side;
}

function findingOf(brackets: Brackets, entry: Note): Finding {
  const { kind, line, order, text } = entry;
  const orderId = order?.orderId ?? entry.orderId;
  const leg = order === undefined ? undefined : brackets.legs.get(order);
  const parentId = leg?.parent?.own === leg ? undefined : leg?.parent?.orderId;
  const name = orderId === undefined ? '' : `${nameOf(leg, orderId)}: `;
  return { kind, line, orderId, parentId, text: `${name}${text}` };
}

/** `stop 680 of parent 679`. */
export function nameOf(leg: Leg | undefined, orderId: number): string {
  if (leg === undefined) return `order ${orderId}, not created in this log`;
  if (leg.parent === undefined) return `${leg.role} ${orderId} without a parent`;
  return leg.parent.own === leg
    ? `parent ${orderId}`
    : `${leg.role} ${orderId} of parent ${leg.parent.orderId}`;
}
