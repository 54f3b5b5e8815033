/** What the broker may answer when it is asked: anything at all, or as it is written down. */
import type { Executed, Fact, Position, Reported, Snapshot } from '../../src/core/fact.ts';
import { type Account, bookOf, type Told } from './look-account.ts';
import {
  correction,
  executed,
  factOf,
  isStop,
  knownOf,
  LOT,
  otherwise,
  type Scene,
  shown,
  stated,
  strayed,
} from './look-scenes.ts';
import { ACCOUNT, CONTRACTS } from './look-verdicts.ts';

// ── a look of any kind ───────────────────────────────────────────────────────────────────────

export type Pick = <T>(of: readonly T[]) => T | undefined;

export function lookOf({ account }: Scene, pick: Pick): Snapshot {
  const { seq } = account;
  const back = pick([0, 0, 0, 1, 1, 2, 3, 5, 8]) ?? 0;
  const openOrders = account.orders.flatMap((order) => shownIn(order, pick));
  const executions = [...account.orders.flatMap(knownOf), ...tradedIn(account, pick)];
  const completed = completedIn(account, pick);
  return {
    type: 'snapshot.taken',
    askedAt: Math.max(0, seq - back),
    openOrders,
    executions,
    completed,
    positions: positionsIn(account, executions, pick),
    coversLife: pick([true, true, false]) ?? true,
  };
}

/** As plain as can be: these orders as they were asked for, and positions that agree. */
export function plainLook(account: Account, askedAt: number, orders: readonly Told[]): Snapshot {
  const executions = account.orders.flatMap(knownOf);
  const symbols = [...new Set(account.parties.map(({ symbol }) => symbol))];
  return {
    type: 'snapshot.taken',
    askedAt,
    openOrders: orders.map((order) => shown(order, isStop(order) ? 'preSubmitted' : 'submitted')),
    executions,
    completed: [],
    positions: symbols.map((symbol) => ({
      account: ACCOUNT,
      symbol,
      conId: CONTRACTS[symbol] ?? 0,
      position: agreed(account, executions, symbol, ([first]) => first),
    })),
    coversLife: true,
  };
}

function shownIn(order: Told, pick: Pick): readonly Reported[] {
  if (order.truth.end !== null && pick([0, 0, 0, 0, 0, 0, 0, 1]) === 0) return [];
  if (pick([true, false]) === false) return [];
  const usual = isStop(order) ? 'preSubmitted' : 'submitted';
  const status = pick([usual, usual, usual, 'submitted', 'inactive', 'pendingCancel'] as const);
  if (pick([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) === 1) return [otherwise(order)];
  // What trades is not held: of the two the ledger tells both.
  const claimed = status === 'inactive' ? null : (pick([null, null, null, null, 0, LOT]) ?? null);
  return [
    claimed === null ? shown(order, status ?? usual) : stated(order, status ?? usual, claimed),
  ];
}

/** What had not been told, or a correction of what had. */
function tradedIn(account: Account, pick: Pick): readonly Executed[] {
  if (pick([true, false, false]) === false) return [];
  const order = pick(account.orders);
  if (order === undefined) return [];
  const stray = pick([0, 0, 0, 0, 0, 1]) === 1 ? strayed(account, order) : null;
  if (stray !== null) return [stray];
  if (pick([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]) === 1) return [unsent(order)];
  const more = order.truth.qty - order.truth.executedQty;
  const known = isBusted(order) ? undefined : pick(knownOf(order));
  if (known !== undefined && pick([true, false]) === true)
    return [correction(known, pick([LOT, 2 * LOT, LOT / 2]) ?? LOT)];
  if (more <= 0) return [];
  const one = executed(order, pick([LOT, more]) ?? more);
  return pick([0, 0, 0, 1]) === 1 ? [one, correction(one, pick([LOT, LOT / 2]) ?? LOT)] : [one];
}

/** An execution of an order of ours that we do not know. */
const unsent = (order: Told): Executed => ({
  ...executed(order, LOT),
  orderRef: `${order.ticket.bracket}.stop1.9`,
  execId: 'unknown.01',
});

const isBusted = ({ words }: Told): boolean => words.some(({ type }) => type === 'order.busted');

function completedIn({ orders }: Account, pick: Pick): readonly Reported[] {
  if (pick([true, false, false, false]) !== true) return [];
  const order = pick(orders);
  if (order === undefined) return [];
  const { qty, cumQty } = order.truth;
  return pick([true, false]) === true
    ? [stated(order, 'cancelled', pick([cumQty, cumQty, Math.min(qty, cumQty + LOT)]) ?? cumQty)]
    : [stated(order, 'filled', qty)];
}

/** What would agree, or somewhat beside it, with positions of others among them. */
function positionsIn(
  account: Account,
  executions: readonly Executed[],
  pick: Pick,
): readonly Position[] | null {
  if (pick([0, 0, 0, 0, 0, 1]) === 1) return null;
  const symbols = [...new Set(account.parties.map(({ symbol }) => symbol))];
  const others: readonly Position[] = [
    { account: 'DU999', symbol: symbols[0] ?? '', conId: 0, position: 3 * LOT },
    ...(symbols.includes('OTHER') ? [] : [OTHER(pick([5, 5, 5, 6]) ?? 5)]),
    { account: ACCOUNT, symbol: 'ACME', conId: 78, position: 4 * LOT },
  ];
  const ours = symbols.flatMap((symbol) => {
    const beside = pick([0, 0, 0, 0, 0, 1, -1, 2, -2, -3, -4, 3, -6]) ?? 0;
    const position = agreed(account, executions, symbol, pick) + beside * LOT;
    const isTold = position !== 0 || pick([true, false]) === true;
    const conId = pick([CONTRACTS[symbol] ?? 5, 0]) ?? 0;
    return isTold ? [{ account: ACCOUNT, symbol, conId, position }] : [];
  });
  return [...others, ...ours];
}

const OTHER = (shares: number): Position => ({
  account: ACCOUNT,
  symbol: 'OTHER',
  conId: 0,
  position: shares * LOT,
});

function agreed(
  account: Account,
  executions: readonly Executed[],
  symbol: string,
  pick: Pick,
): number {
  const believing = pick([true, true, false]) === true;
  let sum = bookOf(account, symbol).foreign;
  for (const { ticket, truth } of account.orders) {
    if (ticket.symbol !== symbol) continue;
    const own = new Map<string, number>();
    for (const { orderRef, execId, qty } of executions)
      if (orderRef === ticket.orderRef) own.set(execId.slice(0, execId.lastIndexOf('.')), qty);
    const sums = [...own.values()].reduce((all, qty) => all + qty, 0);
    const shares = believing ? Math.max(truth.cumQty, sums) : sums;
    sum += ticket.action === 'BUY' ? shares : -shares;
  }
  return sum;
}

// ── one look, as it is written down ──────────────────────────────────────────────────────────

/** `exec`, `open` and `completed` as words of orders; what was executed before is told again. */
export type Written = {
  readonly asked: number;
  readonly open?: readonly string[];
  readonly exec?: readonly string[];
  readonly completed?: readonly string[];
  readonly position: number | null;
  readonly covers?: boolean;
};

export type Part = string | Written;

export function lookAs({ account }: Scene, look: Written): Fact {
  const words = (said: readonly string[] = []): readonly Fact[] =>
    said.flatMap((saying) => factOf(account, saying) ?? []);
  const reports = (said?: readonly string[]): readonly Reported[] =>
    words(said).filter((fact) => fact.type === 'order.reported');
  const brought = words(look.exec).filter((fact) => fact.type === 'order.executed');
  const line = (position: number): Position => ({
    account: ACCOUNT,
    symbol: 'RIME',
    conId: 0,
    position: position * LOT,
  });
  return {
    type: 'snapshot.taken',
    at: 0,
    askedAt: look.asked,
    openOrders: reports(look.open),
    executions: [...account.orders.flatMap(knownOf), ...brought],
    completed: reports(look.completed),
    positions: look.position === null ? null : [line(look.position)],
    coversLife: look.covers ?? true,
  };
}

/** A look on one line. */
export function told(look: Snapshot): string {
  const reported = ({ orderRef, status, filled }: Reported): string =>
    `${orderRef}=${status}${filled === undefined ? '' : `/${filled / LOT}`}`;
  const positions = look.positions?.filter(({ account }) => account === ACCOUNT);
  return [
    `look asked=${look.askedAt}`,
    `open=${look.openOrders.map(reported).join('+')}`,
    `exec=${look.executions.map(({ execId, qty }) => `${execId}x${qty / LOT}`).join('+')}`,
    `completed=${look.completed.map(reported).join('+')}`,
    `position=${positions?.map(({ symbol, position }) => `${symbol}${position / LOT}`).join('+')}`,
    `covers=${look.coversLife}`,
  ].join(' ');
}
