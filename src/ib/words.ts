/** What `@stoqey/ib` calls back with, besides orders, as words. Pure. */
import type { Contract, Execution, Order, OrderState, OrderStatus } from '@stoqey/ib';
import type { BrokerWord, CompletedOrderWord } from '../ports/broker.ts';
import { isStatus } from './normalise.ts';
import { isOurKind, isSet } from './orders.ts';

export type StatusTold = {
  readonly orderId: number;
  readonly status: OrderStatus;
  readonly filled: number;
  readonly remaining: number;
  readonly avgFillPrice: number;
  readonly permId: number | undefined;
  readonly whyHeld: string | undefined;
};

export function orderStatusWord(told: StatusTold): BrokerWord {
  const { orderId, status, filled, remaining, avgFillPrice, permId = 0, whyHeld = '' } = told;
  const unknown = (field: string, value: unknown): BrokerWord => ({
    word: 'unreadable',
    text: `orderStatus ${orderId} with ${field} ${JSON.stringify(value)}`,
  });
  if (!isStatus(status)) return unknown('status', status);
  if (!isSet(filled)) return unknown('filled', filled);
  if (!isSet(remaining)) return unknown('remaining', remaining);
  const average = isSet(avgFillPrice) ? avgFillPrice : 0;
  const quantities = { filled, remaining, avgFillPrice: average };
  return { word: 'orderStatus', orderId, permId, status, ...quantities, whyHeld };
}

/** Live ones have the `reqId` -1; another one is the caller's own number of its question. */
export function execDetailsWord(reqId: number, contract: Contract, told: Execution): BrokerWord {
  const { orderId = 0, permId = 0, orderRef = '', acctNumber = '', execId = '' } = told;
  const { side, shares, price, cumQty } = told;
  const unknown = (field: string, value: unknown): BrokerWord => ({
    word: 'unreadable',
    text: `execDetails ${execId} of order ${orderId} (${orderRef}) with ${field} ${JSON.stringify(value)}`,
  });
  if (execId === '') return unknown('execId', execId);
  if (side !== 'BOT' && side !== 'SLD') return unknown('side', side);
  if (!isSet(shares)) return unknown('shares', shares);
  if (!isSet(price)) return unknown('price', price);
  return {
    word: 'execDetails',
    reqId,
    orderId,
    permId,
    orderRef,
    account: acctNumber,
    symbol: contract.symbol ?? '',
    execId,
    side,
    shares,
    price,
    cumQty: isSet(cumQty) ? cumQty : 0,
  };
}

/** The message names no client and no order id: whose it is, its `orderRef` says. */
export function completedOrderWord(
  contract: Contract,
  order: Order,
  { status }: OrderState,
): BrokerWord | null {
  if (!isOurKind(contract)) return null;
  const { permId = 0, orderRef = '', account = '', action, totalQuantity, filledQuantity } = order;
  const unknown = (field: string, value: unknown): BrokerWord => ({
    word: 'unreadable',
    text: `completedOrder ${permId} (${orderRef}) with ${field} ${JSON.stringify(value)}`,
  });
  const end = endOf(status);
  if (end === null) return unknown('status', status);
  if (action !== 'BUY' && action !== 'SELL') return unknown('action', action);
  if (!isSet(filledQuantity)) return unknown('filled quantity', filledQuantity);
  return {
    word: 'completedOrder',
    permId,
    orderRef,
    account,
    symbol: contract.symbol ?? '',
    action,
    totalQuantity: isSet(totalQuantity) ? totalQuantity : 0,
    status: end,
    filledQuantity,
  };
}

function endOf(status: string): CompletedOrderWord['status'] | null {
  switch (status) {
    case 'Filled':
    case 'Inactive':
    case 'Cancelled':
      return status;
    case 'ApiCancelled':
      return 'Cancelled';
    default:
      return null;
  }
}

/** An option, or the stock in another currency, has the symbol of the stock: it is no position of ours. */
export function positionWord(
  account: string,
  contract: Contract,
  position: number,
  avgCost: number | undefined,
): BrokerWord | null {
  if (!isOurKind(contract)) return null;
  const { symbol = '', conId } = contract;
  if (!isSet(position))
    return { word: 'unreadable', text: `position of ${symbol} in ${account}: ${position}` };
  return {
    word: 'position',
    account,
    symbol,
    ...(isSet(conId) && conId !== 0 ? { conId } : {}),
    position,
    avgCost: isSet(avgCost) ? avgCost : 0,
  };
}
