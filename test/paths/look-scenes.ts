/** Scenes before a look: both accounts after the same words, and all that may be said next. */
import type { Echo, Executed, Fact, Reported, ReportedStatus } from '../../src/core/fact.ts';
import type { Ready } from '../../src/core/ready.ts';
import type { BracketRequest } from '../../src/core/request.ts';
import { emptyState, type State } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import { executionsOf } from '../core/reference-executions.ts';
import { type Account, NOBODY, named, ofParty, type Told, type Warning } from './look-account.ts';
import { looked } from './look-verdicts.ts';
import { heard, sent } from './look-words.ts';
import { bracket } from './suites.ts';

export const LOT = 10_000;
const at = 0;
const PX = 131_000_000;

export type Scene = {
  readonly state: State;
  readonly account: Account;
  readonly said: readonly string[];
};

/** The last fact of a scene, on both sides. */
export type Passage = {
  readonly before: Scene;
  readonly fact: Fact;
  readonly ready: Ready;
  /** What had to come of it, before anything was sent. */
  readonly due: Account;
  readonly warnings: readonly Warning[];
  readonly scene: Scene;
};

const OVERLAP = { capQty: 1_000_000 } as const;
export const EMPTY: Scene = { state: emptyState(OVERLAP), account: NOBODY, said: [] };

export function passed(before: Scene, saying: string, fact: Fact): Passage {
  const ready = step(before.state, fact);
  const warnings: Warning[] = [];
  const due =
    fact.type === 'snapshot.taken'
      ? looked(before.account, fact, warnings)
      : heard(before.account, fact, warnings);
  const account = sent(due, ready.effects);
  const scene = { state: ready.state, account, said: [...before.said, saying] };
  return { before, fact, ready, due, warnings, scene };
}

// ── what is wished ───────────────────────────────────────────────────────────────────────────

const short: Partial<BracketRequest> = {
  side: 'SELL',
  stop: { type: 'STP', stopPrice: 1.45, tif: 'GTC', outsideRth: false },
};
const falling = (targets: readonly number[]): BracketRequest['targets'] =>
  targets.map((quantity, i) => ({
    quantity,
    limitPrice: `1.${20 - i}`,
    tif: 'GTC',
    outsideRth: false,
  }));

const REQUESTS: Readonly<Record<string, BracketRequest>> = {
  A: bracket([2], { bracket: 'A' }),
  B: bracket([2, 1], { bracket: 'B' }),
  Q: bracket([2], { bracket: 'Q', plan: 'sequenced' }),
  S: bracket([2], { bracket: 'S', ...short, targets: falling([2]) }),
  T: bracket([2, 1], { bracket: 'T', ...short, targets: falling([2, 1]) }),
  O: bracket([2], { bracket: 'O', symbol: 'OTHER' }),
  // Of another book, by its contract.
  Z: bracket([1], { bracket: 'Z', symbol: 'ACME', conId: 77 }),
};

// ── what is said ─────────────────────────────────────────────────────────────────────────────

export const isStop = ({ ticket }: Told): boolean => ticket.stopPx !== undefined;

export function shown(order: Told, status: ReportedStatus, qty?: number): Reported {
  const { truth } = order;
  const { orderType, limitPx, stopPx, group, ocaType, tif, outsideRth } =
    truth.replaceAsked ?? truth.ticket;
  const echo: Echo = {
    qty: qty ?? (truth.replaceAsked ?? truth.ticket).qty,
    orderType,
    ...(limitPx === undefined ? {} : { limitPx }),
    ...(stopPx === undefined ? {} : { stopPx }),
    group,
    ocaType,
    tif,
    outsideRth,
  };
  return { type: 'order.reported', orderRef: order.ticket.orderRef, permId: 7, status, echo };
}

/** Of another time in force than was asked. */
export function otherwise(order: Told): Reported {
  const report = shown(order, 'submitted');
  return report.echo === undefined ? report : { ...report, echo: { ...report.echo, tif: 'DAY' } };
}

export function stated({ ticket, truth }: Told, status: ReportedStatus, filled: number): Reported {
  const remaining = Math.max(0, truth.qty - filled);
  const { orderRef } = ticket;
  return { type: 'order.reported', orderRef, permId: 7, status, filled, remaining };
}

/** An execution that was told of another order of the bracket. */
export function strayed(account: Account, { ticket }: Told): Executed | null {
  const others = account.orders.filter(
    (one) => one.ticket.bracket === ticket.bracket && one.ticket.orderRef !== ticket.orderRef,
  );
  const [known] = others.flatMap(knownOf);
  return known === undefined ? null : { ...known, orderRef: ticket.orderRef };
}

/** One more execution of an order, numbered by those that it has. */
export function executed({ ticket, words }: Told, qty: number): Executed {
  const n = executionsOf(words).size + 1;
  const execId = `${ticket.orderRef}/${n}.01`;
  return { type: 'order.executed', orderRef: ticket.orderRef, execId, qty, px: PX };
}

/** All that was executed, as the broker tells it when it is asked: a bust is told otherwise. */
export function knownOf({ ticket, words }: Told): readonly Executed[] {
  const { orderRef } = ticket;
  return [...executionsOf(words)].map(([name, { qty, told, px, revision, busted }]) => ({
    type: 'order.executed',
    orderRef,
    execId: `${name}.0${revision}`,
    qty: busted ? told : qty,
    px,
  }));
}

export function correction(known: Executed, qty: number): Executed {
  const revision = Number(known.execId.slice(-1)) + 1;
  return { ...known, execId: known.execId.slice(0, -1) + revision, qty };
}

type Sayer = (
  order: Told,
  shares: number,
  account: Account,
) => Omit<Fact & { orderRef: string }, 'at'> | null;

const NEVER = { type: 'order.reported', permId: 9, status: 'submitted' } as const;
const answered = { code: 161, text: 'no' } as const;

/** By name: `traded A.stop1.1 1` is one share of it. */
const OF_ORDERS: Readonly<Record<string, Sayer>> = {
  shown: (order) => shown(order, isStop(order) ? 'preSubmitted' : 'submitted'),
  submitted: (order, shares) => stated(order, 'submitted', shares),
  preSubmitted: (order, shares) => stated(order, 'preSubmitted', shares),
  pendingSubmit: (order) => stated(order, 'pendingSubmit', 0),
  pendingCancel: (order, shares) => stated(order, 'pendingCancel', shares),
  inactive: (order) => stated(order, 'inactive', 0),
  cancelled: (order, shares) => stated(order, 'cancelled', shares),
  filled: (order, shares) => stated(order, 'filled', shares),
  traded: (order, shares) => executed(order, shares),
  strayed: (order, _, account) => strayed(account, order),
  otherwise,
  // As it was corrected, before anybody was told of it.
  retold: (order, shares) => correction(executed(order, shares), shares),
  // The broker has made it smaller, as it does with what is left of a group.
  reduced: (order, shares) => shown(order, 'preSubmitted', shares),
  unsent: ({ ticket }) => ({ ...NEVER, orderRef: `${ticket.bracket}.stop1.9` }),
  corrected: (order, shares) => {
    const known = knownOf(order).at(-1);
    return known === undefined ? null : correction(known, shares);
  },
  busted: (order) => {
    const known = knownOf(order).at(-1);
    if (known === undefined) return null;
    return { type: 'order.busted', orderRef: known.orderRef, execId: known.execId };
  },
  refused: ({ ticket }) => ({ type: 'order.refused', orderRef: ticket.orderRef, ...answered }),
  'cancel-refused': ({ ticket }) => ({
    type: 'cancel.refused',
    orderRef: ticket.orderRef,
    ...answered,
  }),
  warned: ({ ticket }) => ({
    type: 'order.warned',
    orderRef: ticket.orderRef,
    remark: 'other',
    ...answered,
  }),
};

export function factOf(account: Account, saying: string): Fact | null {
  const [verb = '', name = '', shares = '0'] = saying.split(' ');
  const request = REQUESTS[name];
  if (verb === 'open' && request !== undefined) return { type: 'bracket.requested', at, request };
  if (verb === 'flatten') return { type: 'flatten.wished', at, bracket: name };
  if (verb === 'cancel') return { type: 'cancel.wished', at, bracket: name };
  if (verb === 'cut') return { type: 'link.lost', at, code: 1100 };
  if (verb === 'back') return { type: 'link.restored', at, code: 1102 };
  const order = named(account, name);
  const sayer = OF_ORDERS[verb];
  if (order === undefined || sayer === undefined) return null;
  const fact = sayer(order, Number(shares) * LOT, account);
  return fact === null ? null : ({ at, ...fact } as Fact);
}

/** All that may be said next of anybody. */
export function sayings(account: Account): readonly string[] {
  const open = account.parties.filter(({ name }) =>
    ofParty(account, name).some(({ truth }) => truth.end === null),
  );
  const wishes = open.flatMap(({ name }) => [`flatten ${name}`, `cancel ${name}`]);
  const link = account.link === 'live' ? ['cut'] : ['cut', 'back'];
  const other = 'OTHER' in account.books && named(account, 'O.entry.1') === undefined;
  const openings = other && account.link === 'live' ? ['open O', 'open O'] : [];
  const words = account.orders.flatMap((order) => {
    const { orderRef } = order.ticket;
    const all = order.truth.qty / LOT;
    const more = (order.truth.qty - order.truth.cumQty) / LOT;
    const claims = ['submitted', 'pendingCancel', 'cancelled'].flatMap((verb) =>
      [...new Set([0, 1, all - 1])].map((shares) => `${verb} ${orderRef} ${shares}`),
    );
    const trades = [...new Set([1, more])].map((shares) => `traded ${orderRef} ${shares}`);
    const corrections = [0.5, 1].map((shares) => `corrected ${orderRef} ${shares}`);
    const plain = [
      'shown',
      'inactive',
      'busted',
      'refused',
      'cancel-refused',
      'warned',
      'unsent',
      'strayed',
    ];
    return [
      ...plain.map((verb) => `${verb} ${orderRef}`),
      `filled ${orderRef} ${all}`,
      ...claims,
      ...(more > 0 ? trades : []),
      ...corrections,
    ];
  });
  return [...wishes, ...link, ...openings, ...words];
}
