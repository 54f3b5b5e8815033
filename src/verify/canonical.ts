/**
 * One mind of all those that have the same future. (A book needs nothing of the kind: those with the
 * same future print equal.)
 *
 * What only grows is never asked for itself, only compared. So marks in time (`seq`) are replaced
 * by their rank among those that anything is compared with, the newest question gets number 1,
 * every wait number 0, lists whose order means nothing are sorted, and the figures of the past
 * (most naked, most overhang) are forgotten. The shipping `step` goes on from there as it would
 * have from the original: `test/verify/canonical.test.ts` walks both side by side.
 */
import type { Order } from '../core/ledger.ts';
import type { Bracket } from '../core/state.ts';
import type { Desk } from '../ib/desk.ts';
import { NEWEST } from './messages.ts';
import type { EngineMind, Mind } from './mind.ts';
import { numberless, questionsOf, type Rank, rankAmong, rankOf, WIDTH } from './ranks.ts';

export function canonicalMind(mind: Mind): Mind {
  return mind.type === 'engine' ? canonicalEngine(mind) : mind;
}

/** The number of the question whose answers are waited for; 0 for none. */
export const questionOf = (mind: Mind): number =>
  mind.type === 'engine' ? (mind.desk.gathering?.reqId ?? 0) : 0;

function canonicalEngine({ engine, desk, clock }: EngineMind): EngineMind {
  const questions = questionsOf(engine, desk);
  const rank = (mark: number): number => WIDTH * rankAmong(questions, mark);
  const books = sorted(engine.books, (book) => ({
    ...book,
    tradedAt: rank(book.tradedAt),
    brackets: book.brackets.map((bracket) => canonicalBracket(bracket, questions)),
  }));
  return {
    type: 'engine',
    engine: {
      ...engine,
      seq: WIDTH * (2 * questions.length + 1),
      linkAt: engine.link === 'reconciling' ? rank(engine.linkAt) : 0,
      books,
    },
    desk: canonicalDesk(desk, rank),
    clock: clock.map(numberless),
  };
}

function canonicalBracket(bracket: Bracket, questions: readonly number[]): Bracket {
  const order = bracket.orders
    .map((_, at) => at)
    .sort((a, b) => byRef(refAt(bracket, a), refAt(bracket, b)));
  const newsAt = WIDTH * rankAmong(questions, bracket.newsAt);
  return {
    ...bracket,
    orders: order.flatMap((at) => {
      const one = bracket.orders[at];
      return one === undefined ? [] : [canonicalOrder(one, rankOf(bracket, one.pair, questions))];
    }),
    heardAt: order.map((at) =>
      rankOf(bracket, bracket.orders[at]?.pair ?? 0, questions)(bracket.heardAt[at] ?? 0),
    ),
    current: sorted(bracket.current, (at) => order.indexOf(at ?? -1)),
    absentAt: bracket.absentAt >= bracket.newsAt ? newsAt : newsAt - 1,
    newsAt,
    deadlines: bracket.deadlines
      .map(({ key, deadline }) => ({ key, deadline: numberless(deadline) }))
      .sort((a, b) => compare(a.key, b.key)),
    deadlineCount: 0,
    nakedSince: 0,
    nakedMs: 0,
    raceSince: 0,
    raceMs: 0,
    nakedMost: 0,
    overhangMost: 0,
    oversoldMost: 0,
  };
}

const refAt = (bracket: Bracket, at: number): string => bracket.orders[at]?.ticket.orderRef ?? '';
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `stop1.10` comes after `stop1.9`: the last order of a leg stays the last. */
function byRef(a: string, b: string): number {
  const [dotA, dotB] = [a.lastIndexOf('.'), b.lastIndexOf('.')];
  const legs = compare(a.slice(0, dotA), b.slice(0, dotB));
  return legs === 0 ? Number(a.slice(dotA + 1)) - Number(b.slice(dotB + 1)) : legs;
}

/** The same object where its marks are as they should be: it need not be written again. */
function canonicalOrder(order: Order, rank: Rank): Order {
  const sentAt = rank(order.sentAt);
  const acknowledgedAt = rank(order.acknowledgedAt);
  const endedAt = rank(order.endedAt);
  const claimedAt = rank(order.claimedAt);
  const same =
    sentAt === order.sentAt &&
    acknowledgedAt === order.acknowledgedAt &&
    endedAt === order.endedAt &&
    claimedAt === order.claimedAt;
  return same ? order : { ...order, sentAt, acknowledgedAt, endedAt, claimedAt };
}

function canonicalDesk(desk: Desk, rank: Rank): Desk {
  const { gathering } = desk;
  return {
    ...desk,
    gathering:
      gathering === null
        ? null
        : {
            ...gathering,
            askedAt: rank(gathering.askedAt),
            reqId: gathering.reqId === 0 ? 0 : NEWEST,
          },
    askAgain: desk.askAgain === null ? null : rank(desk.askAgain),
    nextReqId: NEWEST + 1,
  };
}

/** The same entries under sorted keys, each value as `map` makes it. */
function sorted<T, R>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => R,
): Record<string, R> {
  return Object.fromEntries(
    Object.entries(record)
      .sort(([a], [b]) => compare(a, b))
      .map(([key, value]) => [key, map(value)]),
  );
}
