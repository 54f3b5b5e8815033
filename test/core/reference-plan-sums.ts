/**
 * What the orders of a bracket come to, told a second time: every figure of L5, L6 and L12 is
 * reckoned from the orders' executions and claims whenever it is asked. Nothing is kept.
 */
import type { Order } from '../../src/core/ledger.ts';
import type { Plan } from '../../src/core/request.ts';
import type { Book, Bracket } from '../../src/core/state.ts';

const SHARE = 10_000;

const sum = <T>(all: readonly T[], of: (one: T) => number): number =>
  all.reduce((total, one) => total + of(one), 0);

/** L2: what a status claims beyond all that was ever told (D15). */
const claimOf = ({ executions, claimedQty }: Order): number =>
  Math.max(0, claimedQty - sum(executions, ({ toldQty }) => toldQty));

export const isClaimed = (order: Order): boolean => claimOf(order) > 0;

/** The executions that stand, and what is claimed beyond them. */
export const cumOf = (order: Order): number =>
  sum(order.executions, ({ busted, qty }) => (busted ? 0 : qty)) + claimOf(order);

export const isOver = (order: Order): boolean => order.end !== null;

/** L3: of the quantity as it was last restated. */
export const leavesOf = (order: Order): number =>
  isOver(order) ? 0 : Math.max(0, order.qty - cumOf(order));

/** L6: the most that was asked or echoed. */
const largestOf = ({ largest, replaceAsked }: Order): number =>
  Math.max(largest, replaceAsked?.qty ?? 0);

/** L6: what it did once it is definitely over; until then all that it may do. */
const commits = (order: Order): number =>
  isOver(order) ? cumOf(order) : Math.max(largestOf(order), cumOf(order));

/** What a leg holds is the last that was sent for it. */
export const orderOf = (bracket: Bracket, leg: string): Order | undefined =>
  bracket.orders.findLast((order) => order.leg === leg);

export const liveOf = (bracket: Bracket, leg: string): Order | undefined => {
  const order = orderOf(bracket, leg);
  return order === undefined || isOver(order) ? undefined : order;
};

export const entered = (bracket: Bracket): number =>
  sum(bracket.orders, (order) => (order.exits ? 0 : cumOf(order)));
export const exited = (bracket: Bracket): number =>
  sum(bracket.orders, (order) => (order.exits ? cumOf(order) : 0));

/** D17: what other hands have closed is not there to be sold. */
export const exitable = (bracket: Bracket): number => entered(bracket) - bracket.foreign;

export const open = (bracket: Bracket): number => exitable(bracket) - exited(bracket);

export const oversold = (bracket: Bracket): number => Math.max(0, -open(bracket));

/** The remedy undoes what our own orders did, never what merely went unexplained. */
export const remedy = (bracket: Bracket): number => Math.max(0, exited(bracket) - entered(bracket));

/** All that are or were in the group of a pair's stop, where its discount stands. */
function groupsOf(bracket: Bracket): readonly (readonly Order[])[] {
  return bracket.pairs.flatMap(({ discounted }, i) => {
    const group = orderOf(bracket, `stop${i + 1}`)?.ticket.group;
    const members = bracket.orders.filter(
      (order) => order.pair === i + 1 && order.ticket.group === group,
    );
    return discounted ? [members] : [];
  });
}

/** The group's size: a target that joins has its stop's; where one was told larger, the larger. */
const sizeOf = (group: readonly Order[]): number =>
  Math.max(
    ...group.filter((order) => !isOver(order)).map(({ largest }) => largest),
    group.findLast(({ leg }) => leg.startsWith('stop'))?.largest ?? 0,
  );

/**
 * L6: a discounted pair of size Q commits Q or what both have done, and never more than its legs
 * would apart; all else commits by itself.
 */
export function committed(bracket: Bracket): number {
  // What has ended altogether has done what it did.
  const together = groupsOf(bracket).filter((group) => !group.every(isOver));
  const grouped = new Set(together.flat());
  const alone = bracket.orders.filter((order) => order.exits && !grouped.has(order));
  const atMost = (group: readonly Order[]): number =>
    Math.min(sum(group, commits), Math.max(sizeOf(group), sum(group, cumOf)));
  return sum(alone, commits) + sum(together, atMost);
}

export const overhang = (bracket: Bracket): number =>
  Math.max(0, committed(bracket) - exitable(bracket));

/** L5: a stop, acknowledged, not held, no cancel asked of it; D16: and not seen to be gone. */
export const isProtecting = (order: Order): boolean =>
  order.leg.startsWith('stop') &&
  !isOver(order) &&
  order.acknowledged &&
  order.held === '' &&
  !order.cancelAsked &&
  !order.missing;

const ofLeg = (bracket: Bracket, leg: RegExp): readonly Order[] =>
  bracket.orders.filter((order) => leg.test(order.leg) && !isOver(order));

export const stopped = (bracket: Bracket): number =>
  sum(bracket.orders.filter(isProtecting), leavesOf);
export const resting = (bracket: Bracket): number => sum(ofLeg(bracket, /^target/), leavesOf);
export const closing = (bracket: Bracket): number => sum(ofLeg(bracket, /^closing/), leavesOf);

export const naked = (bracket: Bracket): number => Math.max(0, open(bracket) - stopped(bracket));

/** Exits that are asked to go and have not definitely gone. */
export const withdrawing = (bracket: Bracket): number =>
  sum(bracket.orders, (order) => (order.exits && order.cancelAsked ? leavesOf(order) : 0));

/**
 * L6. What takes up nothing more only has to leave nothing hanging over. Stops, and the one order
 * that takes us out, are judged by their own bracket: refused for what another one overhangs, they
 * would leave these shares naked for it, too.
 */
export function fits(book: Book, bracket: Bracket, more: number, guards: boolean): boolean {
  if (more === 0) return guards || overhang(bracket) === 0;
  if (committed(bracket) + more > exitable(bracket)) return false;
  const beside = book.brackets.filter(
    ({ plan }) => plan.side === bracket.plan.side && plan.bracket !== bracket.plan.bracket,
  );
  return guards || beside.every((other) => overhang(other) === 0);
}

/** D11: one lot after the other goes to the pair that has the fewest for its size. */
export function sharesOf({ targets }: Plan, total: number): readonly number[] {
  const lot = targets.every(({ qty }) => qty % SHARE === 0) ? SHARE : 1;
  const parts = targets.map(() => 0);
  for (let left = total; left > 0; ) {
    let next = 0;
    let most = -1;
    targets.forEach(({ qty }, i) => {
      const part = parts[i] ?? 0;
      const weight = part + lot <= qty ? qty / (part + lot) : -1;
      if (weight > most) {
        most = weight;
        next = i;
      }
    });
    // More than was ordered belongs to the first.
    const step = most < 0 ? left : Math.min(lot, left);
    parts[next] = (parts[next] ?? 0) + step;
    left -= step;
  }
  return parts;
}

export const pairExited = (bracket: Pick<Bracket, 'orders'>, pair: number): number =>
  sum(
    bracket.orders.filter((order) => order.pair === pair),
    cumOf,
  );

/**
 * What each pair must still cover: its part of what came, less what it has sold itself. Of what is
 * there the first pair is served first: what others have taken is missing from the last.
 */
export function wanted(bracket: Bracket): readonly number[] {
  // On the way out it is the closing order that sells them.
  if (bracket.leaving !== null) return bracket.pairs.map(() => 0);
  const parts = sharesOf(bracket.plan, entered(bracket));
  let there = Math.max(0, open(bracket));
  return parts.map((part, i) => {
    const own = Math.min(there, Math.max(0, part - pairExited(bracket, i + 1)));
    there -= own;
    return own;
  });
}

/** Whether any member of the group that the live stop is in has traded. */
export function hasTraded(bracket: Bracket, pair: number): boolean {
  const group = liveOf(bracket, `stop${pair}`)?.ticket.group;
  return bracket.orders.some(
    (order) => order.pair === pair && order.ticket.group === group && cumOf(order) > 0,
  );
}

export const areOver = (bracket: Bracket): boolean => bracket.orders.every(isOver);
export const othersAreOver = (bracket: Bracket): boolean =>
  bracket.orders.every((order) => order.leg === 'closing' || isOver(order));

/** A replace counts with the larger of old and new. */
export const raises = ({ largest }: Order, to: number): number => Math.max(0, to - largest);

/** Nothing but stops could still trade. */
export const onlyStopsLive = ({ orders }: Bracket): boolean =>
  orders.every(({ end, leg }) => end !== null || /^stop\d$/.test(leg));
