/** Ordinary rules of a market: what a price does to a stop, a limit and a market order. */

import type { OrderTicket } from '../ports/broker.ts';

/** A stop to sell is elected at or below its trigger, one to buy at or above. */
export const electedBy = (ticket: OrderTicket, price: number): boolean => {
  if (ticket.auxPrice === undefined) return false;
  return ticket.action === 'SELL' ? price <= ticket.auxPrice : price >= ticket.auxPrice;
};

/** No limit, or a price at the limit or better. */
export const marketable = (
  action: OrderTicket['action'],
  limit: number | undefined,
  price: number,
): boolean => limit === undefined || (action === 'SELL' ? price >= limit : price <= limit);

/** The limit that binds, if any: an elected STP is a market order. */
export const limitOf = (ticket: OrderTicket): number | undefined =>
  ticket.orderType === 'LMT' || ticket.orderType === 'STP LMT' ? ticket.lmtPrice : undefined;

/**
 * IB's price cap: a limit further than `within` from the market is held at that distance. It
 * makes an order to sell dearer and one to buy cheaper, never the other way.
 */
export const cappedLimit = (ticket: OrderTicket, price: number, within: number): number => {
  const limit = ticket.lmtPrice ?? price;
  return ticket.action === 'SELL'
    ? Math.max(limit, price * (1 - within))
    : Math.min(limit, price * (1 + within));
};
