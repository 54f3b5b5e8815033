/**
 * Orders as `@stoqey/ib` has them: a ticket becomes a `Contract` and an `Order`, and what TWS shows
 * of an order becomes a word.
 *
 * Stocks only, routed by SMART, in US dollars: what the contract of a ticket does not say.
 */
import {
  type Contract,
  type Order,
  OrderAction,
  type OrderState,
  OrderType,
  SecType,
} from '@stoqey/ib';
import type {
  BrokerWord,
  ForeignOrderWord,
  OcaType,
  OrderTicket,
  OrderType as OrderTypeWord,
  TimeInForce,
} from '../ports/broker.ts';
import { isStatus } from './normalise.ts';

const CURRENCY = 'USD';

export function contractOf(symbol: string, conId: number | undefined): Contract {
  const named = { symbol, secType: SecType.STK, exchange: 'SMART', currency: CURRENCY };
  return conId === undefined ? named : { ...named, conId };
}

/** Positions and executions of other kinds are not ours, whatever their symbol. */
export const isOurKind = ({ secType, currency }: Contract): boolean =>
  secType === SecType.STK && currency === CURRENCY;

const TYPE: Readonly<Record<OrderTypeWord, OrderType>> = {
  MKT: OrderType.MKT,
  LMT: OrderType.LMT,
  STP: OrderType.STP,
  'STP LMT': OrderType.STP_LMT,
};

/**
 * Every field that this client would send as empty although TWS has a default of its own is said
 * (`transmit` above all: the official client's default is true, this one sends nothing at all).
 * What is not meant is not there: an empty `lmtPrice` is no price, 0 would be one.
 */
export function orderOf(ticket: OrderTicket): Order {
  const { action, orderType, lmtPrice, auxPrice } = ticket;
  return {
    orderId: ticket.orderId,
    action: action === 'BUY' ? OrderAction.BUY : OrderAction.SELL,
    totalQuantity: ticket.totalQuantity,
    orderType: TYPE[orderType],
    ...(lmtPrice === undefined ? {} : { lmtPrice }),
    ...(auxPrice === undefined ? {} : { auxPrice }),
    tif: ticket.tif,
    outsideRth: ticket.outsideRth,
    account: ticket.account,
    orderRef: ticket.orderRef,
    ocaGroup: ticket.ocaGroup,
    ocaType: ticket.ocaType,
    parentId: ticket.parentId,
    transmit: ticket.transmit,
    whatIf: false,
    hidden: false,
    allOrNone: false,
    blockOrder: false,
    sweepToFill: false,
    overridePercentageConstraints: false,
    // The price that triggers a stop is IB's default for the contract.
    triggerMethod: 0,
  };
}

const hasLimit = (type: string): boolean => type === 'LMT' || type === 'STP LMT';
const hasTrigger = (type: string): boolean => type === 'STP' || type === 'STP LMT';

const isOrderType = (type: string | undefined): type is OrderTypeWord =>
  type !== undefined && Object.hasOwn(TYPE, type);

const isTif = (tif: string | undefined): tif is TimeInForce => tif === 'DAY' || tif === 'GTC';

/** Type 4, "from total", is known of the gateway's own protocol only: we never ask for it. */
const isOcaType = (type: number): type is OcaType =>
  type === 0 || type === 1 || type === 2 || type === 3;

/** Unset numbers come as nothing, or as the largest of their kind (2147483647, 1.797…E308). */
export const isSet = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value) && value !== 2147483647 && value < 1e300;

/** An `openOrder` of ours, in its words; what we have no word for is `unreadable`, with the order. */
export function openOrderWord(
  orderId: number,
  contract: Contract,
  order: Order,
  { status }: OrderState,
): BrokerWord {
  const { action, orderType, tif, ocaType = 0, totalQuantity, lmtPrice, auxPrice } = order;
  const orderRef = order.orderRef ?? '';
  const unknown = (field: string, value: unknown): BrokerWord => ({
    word: 'unreadable',
    text: `openOrder ${orderId} (${orderRef}) with ${field} ${JSON.stringify(value)}`,
  });
  if (action !== OrderAction.BUY && action !== OrderAction.SELL) return unknown('action', action);
  if (!isOrderType(orderType)) return unknown('order type', orderType);
  if (!isTif(tif)) return unknown('time in force', tif);
  if (!isOcaType(ocaType)) return unknown('ocaType', ocaType);
  if (!isStatus(status)) return unknown('status', status);
  if (!isSet(totalQuantity)) return unknown('quantity', totalQuantity);
  const conId = isSet(contract.conId) && contract.conId !== 0 ? { conId: contract.conId } : {};
  return {
    word: 'openOrder',
    orderId,
    orderRef,
    account: order.account ?? '',
    symbol: contract.symbol ?? '',
    ...conId,
    action,
    totalQuantity,
    orderType,
    // TWS shows 0.0 where an order of this type has no such price.
    ...(hasLimit(orderType) && isSet(lmtPrice) ? { lmtPrice } : {}),
    ...(hasTrigger(orderType) && isSet(auxPrice) ? { auxPrice } : {}),
    tif,
    outsideRth: order.outsideRth ?? false,
    ocaGroup: order.ocaGroup ?? '',
    ocaType,
    parentId: order.parentId ?? 0,
    transmit: order.transmit ?? true,
    permId: order.permId ?? 0,
    status,
  };
}

export function foreignOrderWord(
  orderId: number,
  contract: Contract,
  order: Order,
  state: OrderState,
): ForeignOrderWord {
  return {
    word: 'foreignOrder',
    clientId: order.clientId ?? 0,
    orderId,
    permId: order.permId ?? 0,
    orderRef: order.orderRef ?? '',
    account: order.account ?? '',
    symbol: contract.symbol ?? '',
    action: order.action ?? '',
    totalQuantity: order.totalQuantity ?? 0,
    orderType: order.orderType,
    status: state.status,
  };
}
