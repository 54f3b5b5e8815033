/**
 * Long random walks from a seed: everything that is rare, often, and words that no honest broker
 * says. They are for coverage and for the laws that hold whatever is said; nothing else is asked
 * of them.
 */
import type { Fact, Position, Reported, ReportedStatus } from '../../src/core/fact.ts';
import type { Order } from '../../src/core/ledger.ts';
import { bracketOf } from '../../src/core/state.ts';
import {
  type Composition,
  compose,
  firstWorld,
  type Happening,
  happen,
  type World,
} from '../../src/verify/composition.ts';
import type { Passage } from '../../src/verify/mind.ts';
import { offers } from '../../src/verify/offers.ts';
import type { Rarity, Scope } from '../../src/verify/scope.ts';
import { engineOf } from '../../src/verify/worlds.ts';

/** A small generator of random numbers, so that a seed says all (mulberry32). */
export function randomly(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Walk = {
  readonly seed: number;
  readonly scope: Scope;
  readonly steps: number;
  readonly slander: number;
};

export type Visit = (passed: readonly Passage[], event: Happening) => void;

const pick = <T>(random: () => number, from: readonly T[]): T | undefined =>
  from[Math.floor(random() * from.length)];

export const OFTEN: Readonly<Partial<Record<Rarity, number>>> = {
  reject: 99,
  unsolicitedCancel: 99,
  hold: 99,
  inactivate: 99,
  refuseCancel: 99,
  elapse: 999,
  patience: 99,
  cut: 99,
  statusFirst: 99,
  late: 99,
  twice: 99,
  silent: 99,
  bare: 9,
  misshow: 9,
  correct: 9,
  bust: 9,
  foreign: 1,
  print: 99,
  halt: 9,
  session: 1,
  cancel: 1,
  flatten: 1,
  moveStop: 9,
  moveTarget: 9,
};

/** How likely an offer is, against an ordinary one. */
export const WEIGHT: Readonly<Partial<Record<Rarity, number>>> = {
  session: 0.02,
  flatten: 0.03,
  cancel: 0.05,
  halt: 0.05,
  foreign: 0.03,
  bust: 0.05,
  correct: 0.05,
  misshow: 0.02,
  cut: 0.1,
};

export function walk({ seed, scope, steps, slander }: Walk, visit: Visit): World {
  const random = randomly(seed);
  const parts = compose(scope, false);
  let world = firstWorld(parts);
  for (let n = 0; n < steps; n++) {
    const event =
      (random() < slander ? slanderOf(world, random) : null) ?? weighed(parts, world, random);
    if (event === null) return world;
    const passed: Passage[] = [];
    world = happen(parts, world, event, passed);
    visit(passed, event);
  }
  return world;
}

function weighed(parts: Composition, world: World, random: () => number): Happening | null {
  const all = offers(parts, world);
  const weight = ({ costs }: Happening): number =>
    costs === undefined ? 1 : (WEIGHT[costs] ?? 0.2);
  let at = random() * all.reduce((sum, one) => sum + weight(one), 0);
  for (const one of all) {
    at -= weight(one);
    if (at <= 0) return one;
  }
  return all.at(-1) ?? null;
}

// ── words that nobody vouches for ────────────────────────────────────────────────────────────

const STATUSES: readonly ReportedStatus[] = [
  'pendingSubmit',
  'preSubmitted',
  'submitted',
  'pendingCancel',
  'pendingReplace',
  'cancelled',
  'expired',
  'filled',
  'inactive',
];

function slanderOf(world: World, random: () => number): Happening | null {
  const brackets = Object.values(engineOf(world).engine.books).flatMap((book) => book.brackets);
  const order = pick(random, brackets.flatMap((bracket) => bracket.orders).slice(-7));
  if (order === undefined) return null;
  const fact = wordOf(order, world, random);
  return { type: `say ${fact.type}`, does: { what: 'told', fact } };
}

function wordOf(order: Order, world: World, random: () => number): Fact {
  const { orderRef } = order.ticket;
  const at = 0;
  const lot = 10_000;
  const die = random();
  if (die < 0.5) return { ...report(order, random), at };
  if (die < 0.62) {
    const known = pick(random, order.executions);
    const again = known !== undefined && random() < 0.5;
    const execId = again
      ? `${known.key}.0${known.revision + Math.floor(random() * 2)}`
      : `x.${orderRef}.${Math.floor(random() * 1e6)}.01`;
    const qty = Math.max(lot, Math.floor(random() * (order.qty / lot + 1)) * lot);
    return { type: 'order.executed', at, orderRef, execId, qty, px: 100 };
  }
  if (die < 0.68) {
    const known = pick(random, order.executions);
    const execId = `${known?.key ?? 'x'}.01`;
    return { type: 'order.busted', at, orderRef, execId };
  }
  if (die < 0.86) {
    const type =
      pick(random, ['order.refused', 'cancel.refused', 'replace.refused'] as const) ??
      'order.refused';
    return { type, at, orderRef, code: 201, text: '' };
  }
  if (die < 0.9) return { type: 'order.warned', at, orderRef, remark: 'held', code: 404, text: '' };
  return account(world, random);
}

function report(order: Order, random: () => number): Reported {
  const { ticket } = order;
  const asked = order.replaceAsked ?? ticket;
  const status = pick(random, STATUSES) ?? 'submitted';
  const lots = order.qty / 10_000;
  const filled = Math.floor(random() * (lots + 1)) * 10_000;
  const echo =
    random() < 0.5
      ? {
          echo: {
            qty: random() < 0.8 ? asked.qty : Math.max(10_000, asked.qty - 10_000),
            orderType: ticket.orderType,
            ...(asked.limitPx === undefined ? {} : { limitPx: asked.limitPx }),
            ...(asked.stopPx === undefined ? {} : { stopPx: asked.stopPx }),
            group: ticket.group,
            ocaType: random() < 0.95 ? ticket.ocaType : (3 as const),
            tif: ticket.tif,
            outsideRth: ticket.outsideRth,
          },
        }
      : {};
  const figures = random() < 0.7 ? { filled, remaining: Math.max(0, order.qty - filled) } : {};
  return {
    type: 'order.reported',
    orderRef: ticket.orderRef,
    permId: 7,
    status,
    ...figures,
    ...echo,
    ...(random() < 0.1 ? { whyHeld: 'locate' } : {}),
  };
}

/** A snapshot that shows some of what there is. */
function account(world: World, random: () => number): Fact {
  const books = Object.values(engineOf(world).engine.books);
  const orders = books.flatMap((b) => b.brackets).flatMap((b) => b.orders);
  const openOrders = orders
    .filter(() => random() < 0.5)
    .map((order) => ({ ...report(order, random), status: 'submitted' as const }));
  const positions: readonly Position[] = books.map(
    ({ account: name, symbol, conId, brackets }) => ({
      account: name,
      symbol,
      conId,
      position: brackets
        .flatMap((b) => b.orders)
        .reduce((sum, o) => sum + (o.exits ? -1 : 1) * Math.max(o.executedQty, o.claimedQty), 0),
    }),
  );
  return {
    type: 'snapshot.taken',
    at: 0,
    askedAt: engineOf(world).engine.seq,
    openOrders: random() < 0.3 ? [] : openOrders.filter((one) => bracketOf(one.orderRef) !== ''),
    executions: [],
    completed: [],
    positions: random() < 0.8 ? positions : null,
    coversLife: random() < 0.8,
  };
}
