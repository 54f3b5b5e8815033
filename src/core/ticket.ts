/** Sizes an intent into an order: quantity, prices, group and reference. */
import type { Leg } from '../../machines/facts.ts';
import { openQty, oversoldQty } from './commitment.ts';
import { cumQty, type Order } from './ledger.ts';
import { isStopLeg, pairNumber } from './legs.ts';
import { closingLimit, closingNeedsPrice, remedyQty, stopPrices } from './plan.ts';
import type { Ticket } from './ready.ts';
import type { Situation } from './situation.ts';
import { type Bracket, liveStop, orderRefOf } from './state.ts';

type Shape = Pick<
  Ticket,
  'action' | 'orderType' | 'qty' | 'tif' | 'outsideRth' | 'group' | 'ocaType'
> &
  Partial<Pick<Ticket, 'limitPx' | 'stopPx'>>;

/** A new order for a leg. */
export function newTicket(s: Situation, leg: Leg): Ticket {
  const generation = s.bracket.orders.filter((order) => order.leg === leg).length + 1;
  return { ...identity(s.bracket, leg, generation), ...shapeOf(s, leg, generation) };
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

function identity(
  bracket: Bracket,
  leg: Leg,
  generation: number,
): Pick<Ticket, 'orderRef' | 'bracket' | 'leg' | 'account' | 'symbol' | 'conId'> {
  const { plan } = bracket;
  return {
    orderRef: orderRefOf(plan.bracket, leg, generation),
    bracket: plan.bracket,
    leg,
    account: plan.account,
    symbol: plan.symbol,
    conId: plan.conId,
  };
}

const ALONE = { group: '', ocaType: 0 } as const;

function shapeOf(s: Situation, leg: Leg, generation: number): Shape {
  const { plan } = s.bracket;
  if (leg === 'entry') {
    const { type, tif, outsideRth } = plan.entry;
    return {
      action: plan.side,
      orderType: type,
      qty: plan.quantity,
      ...('limitPrice' in plan.entry ? { limitPx: plan.entry.limitPrice } : {}),
      ...('stopPrice' in plan.entry ? { stopPx: plan.entry.stopPrice } : {}),
      tif,
      outsideRth,
      ...ALONE,
    };
  }
  if (leg === 'closing') return closingShape(s);
  const pair = pairNumber(leg);
  return isStopLeg(leg) ? stopShape(s, pair, generation) : targetShape(s, pair);
}

const opposite = (side: 'BUY' | 'SELL'): 'BUY' | 'SELL' => (side === 'BUY' ? 'SELL' : 'BUY');

function stopShape(s: Situation, pair: number, generation: number): Shape {
  const { plan, pairs } = s.bracket;
  const paired = pairs[pair - 1]?.mode === 'paired';
  return {
    action: opposite(plan.side),
    orderType: plan.stop.type,
    qty: s.wants[pair - 1] ?? 0,
    ...stopPrices(s.bracket, pair),
    tif: plan.stop.tif,
    outsideRth: plan.stop.outsideRth,
    // A group name is never used again: IB refuses it, or ignores it.
    ...(paired ? { group: `${plan.bracket}.${pair}.${generation}`, ocaType: 2 } : ALONE),
  };
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
    ...(stop === undefined ? ALONE : { group: stop.ticket.group, ocaType: stop.ticket.ocaType }),
  };
}

function closingShape(s: Situation): Shape {
  const { plan } = s.bracket;
  const oversold = oversoldQty(s.bracket) > 0 ? remedyQty(s.bracket) : 0;
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
