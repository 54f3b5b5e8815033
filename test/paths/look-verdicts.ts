/**
 * What a look does to the account: the rules of the design, each a sentence of it.
 *
 * A look is applied whole (D14): all that it says is said before anything is concluded from it.
 * It judges only what it can have seen, what had left and was heard before we asked; whether its
 * positions and executions agree with ours is judged by what we counted when it came.
 */
import type { Snapshot } from '../../src/core/fact.ts';
import {
  type Account,
  bookOf,
  claimOf,
  closing,
  isCurrent,
  named,
  ofParty,
  type Party,
  signOf,
  type Told,
  traded,
  type Warning,
  withBook,
  withNews,
  withOrder,
  withParty,
} from './look-account.ts';
import {
  dissolved,
  isToldTo,
  neverSent,
  ofCurrent,
  ofEarlier,
  SHOWN_OPEN,
  spoken,
  TAKEN_BACK,
  warningOf,
} from './look-words.ts';

/** What is true and must be told after a look, as the design has it. */
export function looked(account: Account, look: Snapshot, warnings: Warning[]): Account {
  const before = { ...account, seq: account.seq + 1 };
  let now = told(before, look, warnings);
  for (const symbol of symbolsIn(now)) {
    for (const { ticket } of deniedIn(before, symbol, look)) {
      const order = named(now, ticket.orderRef);
      if (order !== undefined && claimOf(order) > 0) now = retracted(now, order, warnings);
    }
    const proves = look.coversLife && agrees(before, symbol, look);
    for (const one of ordersIn(now, symbol).filter((order) => isUnseen(order, look)))
      now = unseen(now, one, look, proves, warnings);
    if (partiesIn(now, symbol).some((party) => hasTraded(before, now, party)))
      now = withBook(now, symbol, { tradedAt: now.seq });
    now = reckoned(now, before, symbol, look, warnings);
  }
  now = discovered(now, look);
  if (now.link === 'back' && look.askedAt >= now.linkAt) now = { ...now, link: 'live' };
  for (const { name } of now.parties) now = settled(now, name, look);
  const reopens = (party: Party): boolean =>
    isToldOtherwise(before, party) || party.newsAt === now.seq;
  return closing(now, reopens);
}

/** Shares of it are known to have changed hands, or not to have. */
function hasTraded(before: Account, now: Account, { name }: Party): boolean {
  return ofParty(now, name).some(
    ({ ticket, truth }) => named(before, ticket.orderRef)?.truth.cumQty !== truth.cumQty,
  );
}

/** Other hands have closed more or less of it than was thought: that opens a closed bracket, too. */
const isToldOtherwise = (before: Account, { name, foreign }: Party): boolean =>
  before.parties.some((party) => party.name === name && party.foreign !== foreign);

export const symbolsIn = ({ parties, books }: Account): ReadonlySet<string> =>
  new Set([...parties.map(({ symbol }) => symbol), ...Object.keys(books)]);

/** What the broker has of a contract that nobody of ours trades: foreign, from before we came. */
function discovered(account: Account, look: Snapshot): Account {
  const known = symbolsIn(account);
  return (look.positions ?? [])
    .filter((line) => line.account === ACCOUNT && line.symbol === 'OTHER' && !known.has('OTHER'))
    .reduce((now, { symbol, position }) => withBook(now, symbol, { foreign: position }), account);
}

const ordersIn = (account: Account, symbol: string): readonly Told[] =>
  account.orders.filter(({ ticket }) => ticket.symbol === symbol);

// ── all that it says ─────────────────────────────────────────────────────────────────────────

/** Open orders were asked for first and executions second; completed orders are definite (D18). */
function told(account: Account, look: Snapshot, warnings: Warning[]): Account {
  let now = account;
  for (const { orderRef } of [...look.openOrders, ...look.executions, ...look.completed])
    if (named(account, orderRef) === undefined) warnings.push(neverSent(account, orderRef));
  for (const report of look.openOrders) {
    const order = named(now, report.orderRef);
    if (order !== undefined && isRisen(order, look)) now = revived(now, order, warnings);
    now = spoken(now, report, false, warnings);
  }
  for (const word of [...look.executions, ...look.completed])
    now = spoken(now, word, false, warnings);
  return now;
}

/**
 * Open at the broker although we had heard its end before we asked. What was heard in the record
 * that asked may have crossed. What has filled is not open; a claim of it is denied, or stands.
 */
const isRisen = ({ truth, endedAt }: Told, { askedAt }: Snapshot): boolean =>
  truth.end !== null && truth.end !== 'filled' && endedAt < askedAt;

function revived(account: Account, order: Told, warnings: Warning[]): Account {
  warnings.push(...ofCurrent(account, order, 'L10', SHOWN_OPEN));
  const truth = { ...order.truth, end: null, unresolved: true, concluded: false };
  const lost = order.lost || isCurrent(account, order);
  return withNews(withOrder(account, { ...order, truth, lost, endedAt: 0 }), order);
}

// ── claims of statuses (L2) ──────────────────────────────────────────────────────────────────

/**
 * What the executions asked for after the claim do not have, and the position denies. What came
 * after we asked, or is repeated in the answer, stands: and while one stands, who knows of another.
 */
function deniedIn(account: Account, symbol: string, look: Snapshot): readonly Told[] {
  const claiming = ordersIn(account, symbol).filter((order) => claimOf(order) > 0);
  if (!look.coversLife || claiming.some((order) => isUpheld(order, look))) return [];
  const claimed = claiming.reduce((all, order) => all + directed(order, claimOf(order)), 0);
  // Where they come to nothing together, the position says nothing of them.
  if (claimed === 0 || residual(account, account, symbol, look) !== -claimed) return [];
  return claiming;
}

/** Said of the whole order, where it says no figure. */
function isUpheld({ ticket, truth, claimedAt }: Told, look: Snapshot): boolean {
  if (claimedAt > look.askedAt) return true;
  return [...look.openOrders, ...look.completed].some(
    ({ orderRef, status, filled = status === 'filled' ? truth.cumQty : 0 }) =>
      orderRef === ticket.orderRef && filled > truth.executedQty,
  );
}

const directed = ({ ticket }: Told, qty: number): number => (ticket.action === 'BUY' ? qty : -qty);

function retracted(account: Account, order: Told, warnings: Warning[]): Account {
  const { truth } = order;
  const says = 'did not fill as its status had claimed';
  warnings.push(warningOf(order, 'L2', says));
  const end = truth.end === 'filled' ? null : truth.end;
  if (!isCurrent(account, order)) warnings.push(ofEarlier(order, 'corrected'));
  else if (truth.end !== end) warnings.push(warningOf(order, 'L2', TAKEN_BACK));
  const lost = order.lost || (truth.end !== end && isCurrent(account, order));
  const cumQty = truth.executedQty;
  const leavesQty = end === null ? Math.max(0, truth.qty - cumQty) : 0;
  const concluded = truth.concluded && end !== null;
  const now = { claimed: cumQty, cumQty, end, leavesQty, unresolved: lost, concluded };
  const endedAt = end === null ? 0 : order.endedAt;
  // Whether a stop that was reduced is full at that again, depends on when its group was left.
  const disputed = order.disputed || truth.qty < order.ticket.qty || truth.concluded !== concluded;
  const changed = { ...order, truth: { ...truth, ...now }, lost, endedAt, disputed };
  return withNews(withOrder(account, changed), order);
}

// ── absence ──────────────────────────────────────────────────────────────────────────────────

/** It had left before we asked, it is not shown, and nothing shows it alive since. */
function isUnseen(order: Told, look: Snapshot): boolean {
  const shown = look.openOrders.some(({ orderRef }) => orderRef === order.ticket.orderRef);
  const judged = order.sentAt < look.askedAt && order.aliveAt <= look.askedAt;
  return order.truth.end === null && !shown && judged;
}

/** "Acknowledged, absent, executions asked afterwards" is an end where all of it agrees. */
function unseen(
  account: Account,
  order: Told,
  look: Snapshot,
  proves: boolean,
  warnings: Warning[],
): Account {
  const { truth } = order;
  const accepted = order.acceptedAt > 0 && order.acceptedAt < look.askedAt;
  if (proves && accepted) {
    const end = truth.cumQty > 0 && truth.cumQty >= truth.qty ? 'filled' : 'cancelled';
    const ended = { ...truth, end, leavesQty: 0, concluded: true, unresolved: false } as const;
    const over = { ...order, truth: ended, lost: false, endedAt: account.seq };
    const { bracket } = order.ticket;
    if (!isCurrent(account, order)) warnings.push(ofEarlier(order, end));
    return withNews(dissolved(withOrder(account, over), bracket), order);
  }
  if (look.positions === null || truth.missing) return account;
  // L11: told once, when it is first missed.
  if (!order.lost || !isCurrent(account, order))
    warnings.push(...ofCurrent(account, order, 'L11', 'does not show an order'));
  const lost = order.lost || isCurrent(account, order);
  const missing = { ...truth, missing: true, unresolved: lost };
  return withNews(withOrder(account, { ...order, truth: missing, lost }), order);
}

// ── positions (L4, L12) ──────────────────────────────────────────────────────────────────────

export const ACCOUNT = 'DU123';
/** The contract that a book is of, where it was opened by one. */
export const CONTRACTS: Readonly<Record<string, number>> = { ACME: 77 };

const partiesIn = (account: Account, symbol: string): readonly Party[] =>
  account.parties.filter((party) => party.symbol === symbol);

/** What our executions make, and what is foreign beside it. */
const counted = (account: Account, symbol: string): number =>
  partiesIn(account, symbol).reduce(
    (all, party) => all + signOf(party) * traded(account, party),
    bookOf(account, symbol).foreign,
  );

/** The broker's position; null where it proves nothing: an execution was heard after we asked. */
function positionIn(before: Account, symbol: string, look: Snapshot): number | null {
  if (look.positions === null || bookOf(before, symbol).tradedAt > look.askedAt) return null;
  const contract = CONTRACTS[symbol] ?? 0;
  const isOurs = (conId: number, name: string): boolean =>
    conId !== 0 && contract !== 0 ? conId === contract : name === symbol;
  const line = look.positions.find((p) => p.account === ACCOUNT && isOurs(p.conId, p.symbol));
  return line?.position ?? 0;
}

/** What the broker shows beyond what we count; `before` the look, nothing of its own is news. */
function residual(now: Account, before: Account, symbol: string, look: Snapshot): number | null {
  const shown = positionIn(before, symbol, look);
  return shown === null ? null : shown - counted(now, symbol);
}

/** With the executions that the look itself brings, the broker shows what we count. */
function agrees(account: Account, symbol: string, look: Snapshot): boolean {
  const brought = new Map<string, number>();
  for (const { orderRef, execId, qty } of look.executions) {
    const order = named(account, orderRef);
    if (order?.ticket.symbol !== symbol) continue;
    const name = execId.replace(/\.\d+$/, '');
    if (ofParty(account, order.ticket.bracket).some((one) => isToldTo(one, execId))) continue;
    // A correction in the place of what it corrects; the later one comes last.
    brought.set(name, directed(order, qty));
  }
  const sum = [...brought.values()].reduce((all, qty) => all + qty, 0);
  return residual(account, account, symbol, look) === sum;
}

function reckoned(
  account: Account,
  before: Account,
  symbol: string,
  look: Snapshot,
  warnings: Warning[],
): Account {
  const beyond = residual(account, before, symbol, look);
  if (beyond === null || beyond === 0) return account;
  const count = counted(account, symbol);
  const action = beyond < 0 ? 'SELL' : 'BUY';
  const candidates = partiesIn(account, symbol)
    .flatMap(({ name }) => ofParty(account, name))
    .filter(({ ticket, truth }) => truth.end === null && ticket.action === action)
    .map(({ ticket, truth }) => `${ticket.orderRef} ${truth.leavesQty}`);
  const says = [count + beyond, count, beyond, ...candidates].join();
  warnings.push({ law: 'L4', about: symbol, says });
  const foreign = bookOf(account, symbol).foreign + beyond;
  const now = withBook(account, symbol, { foreign });
  return attributed(now, symbol, count + beyond, beyond);
}

/**
 * L6: exits never exceed what is there, so what is missing of ours is taken off them, newest
 * first; shares of other hands beside ours are not ours to miss. What is closed goes on missing
 * what it has missed, and gets it back only when nobody else misses any. Beyond zero, exits whose
 * end nobody knows may have done it (L12), as far as they could, and as far as shares have moved
 * that nobody explains.
 */
function attributed(account: Account, symbol: string, shown: number, moved: number): Account {
  const all = partiesIn(account, symbol);
  const side = (all.find((party) => !party.closed) ?? all.findLast((p) => traded(account, p) !== 0))
    ?.side;
  const held = all.filter((party) => party.side === side);
  const [first] = held;
  if (first === undefined) return account;
  const sum = (of: (party: Party) => number): number =>
    held.reduce((total, party) => total + of(party), 0);
  const owned = (party: Party): number => Math.max(0, traded(account, party));
  const there = shown * signOf(first) + sum((party) => Math.max(0, -traded(account, party)));
  let missing = Math.max(0, sum(owned) - Math.max(0, there));
  // Charged already, and what has moved in this look: the rest of a short position is of others.
  const charged = sum(({ foreign }) => foreign) - moved * signOf(first);
  let beyond = Math.min(Math.max(0, -there), Math.max(0, charged - missing));
  let now = account;
  const newestFirst = held.toReversed();
  const over = newestFirst.filter(({ closed }) => closed);
  for (const party of [...over, ...newestFirst.filter(({ closed }) => !closed)]) {
    const gone = Math.min(missing, owned(party));
    const turned = Math.min(beyond, Math.max(0, unheardOf(account, party) - gone));
    missing -= gone;
    beyond -= turned;
    now = withParty(now, { ...party, foreign: gone + turned });
  }
  return now;
}

/** What its exits may have traded without a word. */
const unheardOf = (account: Account, { name }: Party): number =>
  ofParty(account, name).reduce((all, { exits, truth }) => all + (exits ? truth.leavesQty : 0), 0);

// ── the end of a bracket (L10) ───────────────────────────────────────────────────────────────

/** A look that was asked after the last news, and shows none of its orders. */
function settled(account: Account, name: string, look: Snapshot): Account {
  const party = account.parties.find((one) => one.name === name);
  const shown = look.openOrders.some(({ orderRef }) => orderRef.startsWith(`${name}.`));
  if (party === undefined || shown) return account;
  const later = look.askedAt >= party.newsAt;
  return withParty(account, { ...party, settled: party.settled || later });
}
