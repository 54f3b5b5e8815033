/** What is sent, told a second time: size, prices, group and reference of an order that is due. */
import type { Leg } from '../../machines/facts.ts';
import type { Order } from '../../src/core/ledger.ts';
import type { Ticket } from '../../src/core/ready.ts';
import type { Book, Bracket } from '../../src/core/state.ts';
import type { Scene } from './reference-plan-claims.ts';
import * as sums from './reference-plan-sums.ts';

/** Prices are above zero. */
const priced = (px: number): number => Math.max(1, px);

const isLong = ({ plan }: Bracket): boolean => plan.side === 'BUY';

/** Further by the policy's offset, from its limit or from where the price has gone beyond it. */
export function nextLimit({ lastPx }: Book, bracket: Bracket, limit: number): number {
  const { escalationOffset } = bracket.plan.policy;
  const from = lastPx ?? limit;
  return isLong(bracket)
    ? priced(Math.min(limit, from) - escalationOffset)
    : Math.max(limit, from) + escalationOffset;
}

/** Through the last price, and further with every closing order that rested too long. */
export function wayOutLimit({ lastPx }: Book, bracket: Bracket): number {
  const last = lastPx ?? 0;
  const further = bracket.plan.policy.escalationOffset * (1 + bracket.closingLate);
  return wayOut(bracket).action === 'SELL' ? priced(last - further) : last + further;
}

/** What closes sells what was bought; the remedy buys back what was sold too much. */
function wayOut(bracket: Bracket): Pick<Ticket, 'action' | 'qty'> {
  const back = sums.oversold(bracket) > 0;
  return {
    action: isLong(bracket) === back ? 'BUY' : 'SELL',
    qty: back ? sums.remedy(bracket) : sums.open(bracket),
  };
}

type Parts = Omit<Ticket, 'orderRef' | 'bracket' | 'leg' | 'account' | 'symbol' | 'conId'>;

const NO_GROUP = { group: '', ocaType: 0 } as const;

function entryParts({ plan }: Bracket): Parts {
  const { type, tif, outsideRth, ...prices } = plan.entry;
  return {
    action: plan.side,
    orderType: type,
    qty: plan.quantity,
    ...('limitPrice' in prices ? { limitPx: prices.limitPrice } : {}),
    ...('stopPrice' in prices ? { stopPx: prices.stopPrice } : {}),
    tif,
    outsideRth,
    ...NO_GROUP,
  };
}

/** Its trigger, and its limit where it has one, as they shall be now. */
export function stopPricesOf(bracket: Bracket, number: number): Pick<Ticket, 'stopPx' | 'limitPx'> {
  const { stopPx = 0, stopLimitPx } = bracket.pairs[number - 1] ?? {};
  return stopLimitPx === null || stopLimitPx === undefined
    ? { stopPx }
    : { stopPx, limitPx: stopLimitPx };
}

function exitParts({ bracket, wants, book }: Scene, leg: Leg, generation: number): Parts {
  const { plan, pairs } = bracket;
  const number = Number(leg.at(-1)) || 0;
  const action = isLong(bracket) ? 'SELL' : 'BUY';
  const qty = wants[number - 1] ?? 0;
  if (leg.startsWith('stop')) {
    const { type, tif, outsideRth } = plan.stop;
    // In a group of its own from birth; no name is used twice.
    const group = `${plan.bracket}.${number}.${generation}`;
    const prices = stopPricesOf(bracket, number);
    const paired = pairs[number - 1]?.mode === 'paired';
    return {
      ...{ action, orderType: type, qty, ...prices, tif, outsideRth },
      ...(paired ? { group, ocaType: 2 } : NO_GROUP),
    };
  }
  if (leg.startsWith('target')) {
    const { tif = 'DAY', outsideRth = false } = plan.targets[number - 1] ?? {};
    const stop = sums.liveOf(bracket, `stop${number}`);
    const { group, ocaType } = stop?.ticket ?? NO_GROUP;
    const limitPx = pairs[number - 1]?.targetPx ?? 0;
    return { action, orderType: 'LMT', qty, limitPx, tif, outsideRth, group, ocaType };
  }
  // A market order does not work outside regular hours.
  const { outsideRth } = plan.stop;
  return {
    ...wayOut(bracket),
    orderType: outsideRth ? 'LMT' : 'MKT',
    ...(outsideRth ? { limitPx: wayOutLimit(book, bracket) } : {}),
    tif: 'DAY',
    outsideRth,
    ...NO_GROUP,
  };
}

export function ticketFor(scene: Scene, leg: Leg): Ticket {
  const { orders, plan } = scene.bracket;
  const { bracket, account, symbol, conId } = plan;
  const generation = orders.filter((order) => order.leg === leg).length + 1;
  return {
    ...{ orderRef: `${bracket}.${leg}.${generation}`, bracket, leg, account, symbol, conId },
    ...(leg === 'entry' ? entryParts(scene.bracket) : exitParts(scene, leg, generation)),
  };
}

/** The same order: what it has done, and what is to be covered now. */
export const changedFor = ({ bracket, wants }: Scene, order: Order): Ticket => ({
  ...order.ticket,
  qty: sums.cumOf(order) + (wants[order.pair - 1] ?? 0),
  ...stopPricesOf(bracket, order.pair),
});
