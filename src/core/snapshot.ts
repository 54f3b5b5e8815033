/**
 * A look at the broker, applied whole: what it says of orders is booked, then what it does not show
 * is judged, then its positions; and only when all of it is booked is anything concluded.
 */
import { announce, bookWord } from './booking.ts';
import { loseUnreduced } from './discount.ts';
import type { Executed, Reported, Snapshot } from './fact.ts';
import { cumQty, inferredQty } from './ledger.ts';
import { claimsDisproved, positionsAgree, reconcilePositions } from './reconciliation.ts';
import { type Collected, run, runEvery } from './run.ts';
import { type Bracket, bracketOf, isOpen } from './state.ts';
import { store, type Turn, warn } from './turn.ts';

export function takeSnapshot(c: Collected, snapshot: Snapshot): void {
  tellOfOthers(c, snapshot);
  if (c.state.link === 'reconciling' && snapshot.askedAt >= c.state.linkAt) {
    c.state.link = 'live';
  }
  const before = c.state.books;
  // First all that the broker says is booked, its positions too; only then is anything concluded.
  // A target placed on half of a snapshot would have to be withdrawn by the other half.
  // Each book is judged as it was when the snapshot came.
  const openOrders = byBracket(snapshot.openOrders);
  const executions = byBracket(snapshot.executions);
  const completed = byBracket(snapshot.completed);
  for (const [key, book] of Object.entries(c.state.books)) {
    const agrees = positionsAgree(book, snapshot, executions);
    const disproved = claimsDisproved(book, snapshot);
    book.brackets.forEach(({ plan }, at) => {
      const account = (turn: Turn): void =>
        bookAccount(turn, {
          askedAt: snapshot.askedAt,
          openOrders: openOrders.get(plan.bracket) ?? [],
          executions: executions.get(plan.bracket) ?? [],
          completed: completed.get(plan.bracket) ?? [],
          proves: snapshot.coversLife && agrees,
          consistent: snapshot.positions !== null,
          disproved,
        });
      run(c, key, at, account, false);
    });
  }
  const { books, alarms } = reconcilePositions(c.state.books, before, snapshot);
  // A closed bracket of which there is news, or whose shares are told otherwise than before, may be
  // open again (L10): also by an order that its leg holds no more, of which no chart has heard.
  const told = Object.values(c.state.books).flatMap(({ brackets }) => brackets);
  const asBefore = new Set(told);
  c.state.books = books;
  c.alarms.push(...alarms);
  const concerned = (bracket: Bracket): boolean =>
    isOpen(bracket) || bracket.newsAt === c.seq || !asBefore.has(bracket);
  runEvery(c, concerned, () => {});
}

/**
 * Orders of no bracket that we know. What other people trade is shown again in every answer, and a
 * person hears of it as the position that it makes (L4); an order under a name like ours is another
 * matter.
 */
function tellOfOthers(c: Collected, { openOrders, executions, completed }: Snapshot): void {
  const refs = new Set([...openOrders, ...executions, ...completed].map((word) => word.orderRef));
  for (const orderRef of refs) {
    const id = bracketOf(orderRef);
    if (c.state.index[id] !== undefined) continue;
    if (id === '') c.ignored.push(`"${orderRef}" is an order of somebody else`);
    else c.alarms.push({ law: 'L4', bracket: id, text: neverSent(orderRef), broken: false });
  }
}

const neverSent = (orderRef: string): string =>
  `the broker shows ${orderRef}, an order that we never sent`;

/** The words about orders of ours, by the bracket that each names. */
function byBracket<T extends { readonly orderRef: string }>(
  words: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(words, (word) => bracketOf(word.orderRef));
}

/** The broker's account of this bracket's orders, applied whole and in the order it was asked. */
function bookAccount(
  turn: Turn,
  account: {
    readonly askedAt: number;
    readonly openOrders: readonly Reported[];
    readonly executions: readonly Executed[];
    readonly completed: readonly Reported[];
    /** The executions cover the orders' lives, and the position agrees. */
    readonly proves: boolean;
    /** No execution moved while it was taken; otherwise it shows nothing missing. */
    readonly consistent: boolean;
    /** Orders of which the executions and the position deny what a status had claimed. */
    readonly disproved: ReadonlySet<string>;
  },
): void {
  const shown = new Set<string>();
  const unknown = new Set<string>();
  const book = (word: Reported | Executed): void => {
    if (!bookWord(turn, word, false)) unknown.add(word.orderRef);
  };
  for (const report of account.openOrders) {
    shown.add(report.orderRef);
    revive(turn, report, account.askedAt);
    book(report);
  }
  for (const execution of account.executions) book(execution);
  for (const end of account.completed) book(end);
  for (const orderRef of unknown) warn(turn, 'L4', neverSent(orderRef));
  turn.bracket.orders.forEach(({ ticket }, at) => {
    if (account.disproved.has(ticket.orderRef)) retract(turn, at);
  });
  turn.bracket.orders.forEach((order, at) => {
    // A word that came after we asked speaks against any absence.
    const heardAt = turn.bracket.heardAt[at] ?? 0;
    const judged =
      order.end === null && order.sentAt < account.askedAt && heardAt <= account.askedAt;
    if (judged && !shown.has(order.ticket.orderRef)) absent(turn, at, account);
  });
  for (const reason of loseUnreduced(turn.bracket, { askedAt: account.askedAt, shown }))
    warn(turn, 'L6', `the discount is lost: ${reason}`);
  // One that was asked earlier and comes later takes back nothing of what the last one has shown.
  if (shown.size === 0) {
    turn.bracket.absentAt = Math.max(turn.bracket.absentAt, account.askedAt);
  }
}

/** A claimed fill that did not happen is taken back (L2). */
function retract(turn: Turn, at: number): void {
  const order = turn.bracket.orders[at];
  if (order === undefined || inferredQty(order) === 0) return;
  const end = order.end === 'filled' ? null : order.end;
  warn(turn, 'L2', `${order.ticket.orderRef} did not fill as its status had claimed`);
  store(turn, at, { ...order, claimedQty: order.executedQty, end });
  announce(turn, at, ['corrected']);
}

/** Open at the broker although we had heard its end before we asked. */
function revive(turn: Turn, report: Reported, askedAt: number): void {
  const at = turn.bracket.orders.findIndex((o) => o.ticket.orderRef === report.orderRef);
  const order = turn.bracket.orders[at];
  if (order === undefined || order.end === null || order.end === 'filled') return;
  if (order.endedAt >= askedAt) return;
  store(turn, at, { ...order, end: null, endConcluded: false });
  announce(turn, at, ['revived']);
}

/**
 * Not among the open orders. An order that was accepted before we asked has ended, if the
 * executions that we asked for afterwards prove what it did; anything else stays unknown.
 */
function absent(
  turn: Turn,
  at: number,
  account: {
    readonly askedAt: number;
    readonly proves: boolean;
    readonly consistent: boolean;
  },
): void {
  const order = turn.bracket.orders[at];
  if (order === undefined) return;
  const accepted = order.acknowledged && order.acknowledgedAt < account.askedAt;
  if (accepted && account.proves) {
    const end = cumQty(order) > 0 && cumQty(order) >= order.qty ? 'filled' : 'cancelled';
    // It was being looked for: its end is found, not refused.
    store(turn, at, { ...order, end, unresolved: true, endConcluded: true });
    announce(turn, at, [end]);
    return;
  }
  if (order.missing || !account.consistent) return;
  store(turn, at, { ...order, missing: true });
  announce(turn, at, ['absent']);
}
