/** Sizes an intent into an order: quantity, prices, group and reference. */
import type { Leg } from '../../machines/facts.ts';
import { openQty } from './commitment.ts';
import { cumQty, type Order } from './ledger.ts';
import { isStopLeg, pairNumber } from './legs.ts';
import { closingLimit, closingNeedsPrice, remedyQty, stopPrices } from './plan.ts';
import type { Ticket } from './ready.ts';
import type { Plan } from './request.ts';
import type { Situation } from './situation.ts';
import { liveStop, orderRefOf } from './state.ts';

type Shape = Pick<
  Ticket,
  'action' | 'orderType' | 'qty' | 'tif' | 'outsideRth' | 'group' | 'ocaType'
> &
  Partial<Pick<Ticket, 'limitPx' | 'stopPx'>>;

/** A new order for a leg. */
export function newTicket(s: Situation, leg: Leg): Ticket {
  let generation = 1;
  for (const order of s.bracket.orders) if (order.leg === leg) generation += 1;
  return written(s.bracket.plan, leg, generation, shapeOf(s, leg, generation));
}

/** The stop as it shall be: the same order, what it has executed and what is to be covered now. */
export function changedTicket(s: Situation, order: Order): Ticket {
  const want = s.wants[order.pair - 1] ?? 0;
  return {
    ...order.ticket,
    qty: cumQty(order) + want,
    ...stopPrices(s.bracket, order.pair),
  };
}

/** Tickets with one price are written out: put together from parts, they take far longer. */
function written(plan: Plan, leg: Leg, generation: number, shape: Shape): Ticket {
  const orderRef = orderRefOf(plan.bracket, leg, generation);
  const { bracket, account, symbol, conId } = plan;
  const { action, orderType, qty, limitPx, stopPx, tif, outsideRth, group, ocaType } = shape;
  if (limitPx !== undefined && stopPx === undefined) {
    return {
      orderRef,
      bracket,
      leg,
      account,
      symbol,
      conId,
      action,
      orderType,
      qty,
      limitPx,
      tif,
      outsideRth,
      group,
      ocaType,
    };
  }
  if (limitPx === undefined && stopPx !== undefined) {
    return {
      orderRef,
      bracket,
      leg,
      account,
      symbol,
      conId,
      action,
      orderType,
      qty,
      stopPx,
      tif,
      outsideRth,
      group,
      ocaType,
    };
  }
  return { orderRef, bracket, leg, account, symbol, conId, ...shape };
}

const ALONE = { group: '', ocaType: 0 } as const;

function shapeOf(s: Situation, leg: Leg, generation: number): Shape {
  if (leg === 'entry') return entryShape(s);
  if (leg === 'closing') return closingShape(s);
  const pair = pairNumber(leg);
  return isStopLeg(leg) ? stopShape(s, pair, generation) : targetShape(s, pair);
}

function entryShape({ bracket: { plan } }: Situation): Shape {
  const { type, tif, outsideRth } = plan.entry;
  const action = plan.side;
  const qty = plan.quantity;
  switch (plan.entry.type) {
    case 'MKT':
      return { action, orderType: type, qty, tif, outsideRth, ...ALONE };
    case 'LMT': {
      const limitPx = plan.entry.limitPrice;
      return { action, orderType: type, qty, limitPx, tif, outsideRth, ...ALONE };
    }
    case 'STP': {
      const stopPx = plan.entry.stopPrice;
      return { action, orderType: type, qty, stopPx, tif, outsideRth, ...ALONE };
    }
    case 'STP LMT': {
      const { limitPrice: limitPx, stopPrice: stopPx } = plan.entry;
      return { action, orderType: type, qty, limitPx, stopPx, tif, outsideRth, ...ALONE };
    }
  }
}

const opposite = (side: 'BUY' | 'SELL'): 'BUY' | 'SELL' => (side === 'BUY' ? 'SELL' : 'BUY');

function stopShape(s: Situation, pair: number, generation: number): Shape {
  const { plan, pairs } = s.bracket;
  const { type, tif, outsideRth } = plan.stop;
  const { stopPx, limitPx } = stopPrices(s.bracket, pair);
  const action = opposite(plan.side);
  const paired = pairs[pair - 1]?.mode === 'paired';
  // A group name is never used again: IB refuses it, or ignores it.
  const group = paired ? `${plan.bracket}.${pair}.${generation}` : '';
  const ocaType = paired ? 2 : 0;
  const qty = s.wants[pair - 1] ?? 0;
  return limitPx === undefined
    ? { action, orderType: type, qty, stopPx, tif, outsideRth, group, ocaType }
    : { action, orderType: type, qty, stopPx, limitPx, tif, outsideRth, group, ocaType };
}

function targetShape(s: Situation, pair: number): Shape {
  const { plan, pairs } = s.bracket;
  const p = pairs[pair - 1];
  const stop = liveStop(s.bracket, pair);
  const target = plan.targets[pair - 1];
  return {
    action: opposite(plan.side),
    orderType: 'LMT',
    qty: s.wants[pair - 1] ?? 0,
    limitPx: p?.targetPx ?? 0,
    tif: target?.tif ?? 'DAY',
    outsideRth: target?.outsideRth ?? false,
    group: stop === undefined ? '' : stop.ticket.group,
    ocaType: stop === undefined ? 0 : stop.ticket.ocaType,
  };
}

function closingShape(s: Situation): Shape {
  const { plan } = s.bracket;
  const oversold = remedyQty(s.bracket);
  const limited = closingNeedsPrice(s.bracket);
  return {
    action: oversold > 0 ? plan.side : opposite(plan.side),
    orderType: limited ? 'LMT' : 'MKT',
    qty: oversold > 0 ? oversold : openQty(s.bracket),
    ...(limited ? { limitPx: closingLimit(s.book, s.bracket) } : {}),
    tif: 'DAY',
    outsideRth: plan.stop.outsideRth,
    ...ALONE,
  };
}
