/** Orders as they may be found: where they are, what they have traded, and what is odd about them. */
import type { Execution, Order } from '../../src/core/ledger.ts';
import type { Ticket } from '../../src/core/ready.ts';
import { createRandom, type Random } from '../../src/simulator/random.ts';

export const SHARE = 10_000;
/** Of the step that asks. */
export const NOW = 50;

export class Draw {
  readonly random: Random;
  /** What quantities are multiples of: a share, or the least there is. */
  unit = SHARE;
  constructor(seed: number) {
    this.random = createRandom(seed);
  }

  of<T>(first: T, ...others: readonly T[]): T {
    const all = [first, ...others];
    return all[this.random.between(0, all.length - 1)] ?? first;
  }

  /** The usual, and now and then one of the others. */
  mostly<T>(share: number, usual: T, ...others: readonly T[]): T {
    return this.random.chance(share) ? usual : this.of(usual, ...others);
  }

  chance(probability: number): boolean {
    return this.random.chance(probability);
  }
}

/** So many shares, by one execution or several; some taken back, some merely claimed. */
export function tradedBy(draw: Draw, ref: string, cum: number): Partial<Order> {
  const executions: Execution[] = [];
  const execute = (qty: number, toldQty = qty, busted = false): void => {
    const key = `${ref}.${executions.length}`;
    executions.push({ key, revision: 1, qty, px: 100, busted, toldQty });
  };
  const claimed = draw.chance(0.1) ? draw.of(0, cum) : 0;
  const told = cum - claimed;
  if (told > 0 && told % draw.unit === 0 && draw.chance(0.5)) {
    for (let left = told; left > 0; left -= draw.unit) execute(draw.unit);
  } else if (told > 0) execute(told);
  if (draw.chance(0.05)) execute(draw.unit, draw.unit, true);
  if (draw.chance(0.03)) execute(0, draw.unit);
  const all = executions.reduce((sum, { toldQty }) => sum + toldQty, 0);
  return {
    executions,
    executedQty: told,
    claimedQty: claimed > 0 ? all + claimed : draw.mostly(0.6, 0, all),
  };
}

export const ARMED = { acknowledged: true, echoed: true, working: true, permId: 9 } as const;

/** Where an order is, and how often it is there. */
export type Stage = {
  readonly weight: number;
  readonly fields: Partial<Order>;
  readonly cum?: 'part' | 'all';
};

export const LIVE: readonly Stage[] = [
  { weight: 2, fields: {} },
  { weight: 1, fields: { acknowledged: true } },
  { weight: 11, fields: ARMED },
  { weight: 2, fields: { ...ARMED, triggered: true } },
  { weight: 3, fields: { ...ARMED, triggered: true }, cum: 'part' },
  { weight: 1, fields: { ...ARMED, triggered: true }, cum: 'all' },
  { weight: 2, fields: ARMED, cum: 'part' },
  { weight: 2, fields: { ...ARMED, cancelAsked: true } },
  { weight: 1, fields: { ...ARMED, cancelAsked: true }, cum: 'part' },
  { weight: 1, fields: { acknowledged: true, held: 'locate' } },
  { weight: 1, fields: { ...ARMED, working: false } },
  { weight: 1, fields: { ...ARMED, held: 'locate' } },
  { weight: 1, fields: { ...ARMED, echoed: false } },
  { weight: 1, fields: { ...ARMED, differs: 'ocaType 3, not 2' } },
  { weight: 1, fields: { ...ARMED, unresolved: true } },
  { weight: 1, fields: { ...ARMED, unresolved: true, missing: true } },
  { weight: 3, fields: { unresolved: true, missing: true } },
  { weight: 1, fields: { cancelAsked: true, unresolved: true, missing: true } },
  { weight: 1, fields: { unresolved: true, missing: true, resent: true } },
  { weight: 1, fields: { resent: true } },
  { weight: 1, fields: { ...ARMED, resent: true } },
];

export const OVER: readonly Stage[] = [
  { weight: 3, fields: { ...ARMED, end: 'filled' }, cum: 'all' },
  { weight: 3, fields: { ...ARMED, end: 'cancelled', cancelAsked: true } },
  { weight: 1, fields: { ...ARMED, end: 'cancelled' } },
  { weight: 3, fields: { ...ARMED, end: 'cancelled', cancelAsked: true }, cum: 'part' },
  { weight: 1, fields: { ...ARMED, end: 'cancelled' }, cum: 'part' },
  { weight: 1, fields: { end: 'rejected' } },
  { weight: 1, fields: { ...ARMED, end: 'expired' } },
];

export function stageOf(draw: Draw, stages: readonly Stage[]): Stage {
  const all = stages.reduce((sum, { weight }) => sum + weight, 0);
  let at = draw.random.between(1, all);
  for (const stage of stages) {
    at -= stage.weight;
    if (at <= 0) return stage;
  }
  return { weight: 1, fields: {} };
}

/** One thing about an order that is otherwise. */
export function oddly(draw: Draw, order: Order): Order {
  const { qty, ticket, leg } = order;
  const { unit } = draw;
  const other = Math.max(unit, qty + draw.of(unit, -unit));
  const asked: Ticket = { ...ticket, qty: draw.of(ticket.qty, other, qty + 2 * unit) };
  return {
    ...order,
    ...draw.of<Partial<Order>>(
      { cancelAsked: !order.cancelAsked },
      { held: 'locate' },
      { missing: true, unresolved: true },
      { resent: true },
      { unresolved: !order.unresolved },
      { differs: 'ocaType 3, not 2' },
      { echoed: !order.echoed },
      { working: !order.working },
      { acknowledged: !order.acknowledged },
      { triggered: !order.triggered },
      { qty: other },
      { qty: other, largest: Math.max(other, order.largest) },
      { largest: order.largest + unit },
      leg.startsWith('stop') ? { replaceAsked: asked } : { cancelAsked: true },
      { ticket: { ...ticket, qty: other } },
      { ticket: { ...ticket, group: `${ticket.group}x` } },
      ticket.limitPx === undefined
        ? { ticket: { ...ticket, stopPx: 85 } }
        : { ticket: { ...ticket, limitPx: 85 } },
      { sentAt: NOW },
      { end: order.end === null ? 'cancelled' : null, endedAt: order.end === null ? 41 : 0 },
    ),
  };
}
