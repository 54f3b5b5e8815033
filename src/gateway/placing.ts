/** Placing and cancelling: what TWS itself looks at, before anything goes to IB. */
import type { BrokerRequest, OrderTicket, OrderType, TimeInForce } from '../ports/broker.ts';
import type { BookOrder } from '../simulator/book.ts';
import { orderAt } from '../simulator/contents.ts';
import { toShares } from '../simulator/units.ts';
import { answers, type CancelOrder, type PlaceOrder } from '../simulator/wire.ts';
import { commissionOf } from './accounts.ts';
import { contractOf } from './echo.ts';
import { type Inside, registered } from './inside.ts';
import type { Registered, Registration } from './register.ts';
import type { Session } from './session.ts';
import type { Stock } from './symbols.ts';

export type Refusal = { readonly code: number; readonly text: string };

export const NO_DEFINITION: Refusal = {
  code: 200,
  text: 'No security definition has been found for the request',
};

const ORDER_TYPES: readonly OrderType[] = ['MKT', 'LMT', 'STP', 'STP LMT'];
const TIFS: readonly TimeInForce[] = ['DAY', 'GTC'];

/** Orders of a gateway's life: the book keeps them all. */
const ORDERS_MOST = 2_000_000;

type Judged =
  | { readonly ok: true; readonly stock: Stock; readonly ticket: Omit<OrderTicket, 'orderId'> }
  | { readonly ok: false; readonly refusal: Refusal };

const refused = (code: number, text: string): Judged => ({ ok: false, refusal: { code, text } });

/** The order as the venue takes one, or why TWS does not send it. */
function judge(inside: Inside, clientId: number, { contract, order }: PlaceOrder): Judged {
  const stock = inside.symbols.find(contract);
  if (stock === undefined) return { ok: false, refusal: NO_DEFINITION };
  const action = order.action === 'BUY' || order.action === 'SELL' ? order.action : undefined;
  if (action === undefined) {
    return refused(321, invalid(`the action ${order.action ?? ''} is not BUY or SELL`));
  }
  const orderType = ORDER_TYPES.find((type) => type === order.orderType);
  if (orderType === undefined) {
    return refused(387, 'Unsupported order type for this exchange and security type.');
  }
  const tif = TIFS.find((one) => one === (order.tif ?? 'DAY'));
  if (tif === undefined) return refused(321, invalid(`the time in force is DAY or GTC here`));
  const account =
    order.account ?? (inside.accounts.names.length === 1 ? inside.accounts.names[0] : '');
  if (account === undefined || account === '') return refused(435, 'You must specify an account.');
  if (!inside.accounts.names.includes(account))
    return refused(321, invalid('Invalid account code'));
  if (inside.register.size() >= ORDERS_MOST) {
    return refused(201, `Order rejected - reason:this gateway keeps ${ORDERS_MOST} orders at most`);
  }
  const group = order.ocaType ?? 0;
  const parent = order.parentId ?? 0;
  return {
    ok: true,
    stock,
    ticket: {
      orderRef: order.orderRef ?? '',
      account,
      symbol: stock.symbol,
      conId: stock.conId,
      action,
      totalQuantity: order.totalQuantity ?? 0,
      orderType,
      ...(limited(orderType) && order.lmtPrice !== undefined ? { lmtPrice: order.lmtPrice } : {}),
      ...(stopped(orderType) && order.auxPrice !== undefined ? { auxPrice: order.auxPrice } : {}),
      tif,
      outsideRth: order.outsideRth ?? false,
      ocaGroup: order.ocaGroup ?? '',
      ocaType: group === 1 || group === 2 || group === 3 ? group : 0,
      parentId: parent === 0 ? 0 : (inside.register.ofClient(clientId, parent)?.key ?? UNKNOWN),
      transmit: order.transmit ?? true,
    },
  };
}

/** A key that no order has: the venue answers as IB answers to a parent that it does not know. */
const UNKNOWN = -1;

const invalid = (why: string): string => `Error validating request.-'bW' : cause - ${why}`;
const limited = (type: OrderType): boolean => type === 'LMT' || type === 'STP LMT';
const stopped = (type: OrderType): boolean => type === 'STP' || type === 'STP LMT';

export function placeOrder(inside: Inside, session: Session, request: PlaceOrder): void {
  const { orderId, contract, order } = request;
  const { clientId } = session;
  // Below zero are the numbers of what client 0 has bound.
  if (orderId <= 0 && inside.register.ofClient(clientId, orderId) === undefined) {
    const text = invalid('the order id is no whole number above 0');
    return inside.interference.say(session, 'error', answers.error(orderId, 321, text));
  }
  const judged = judge(inside, clientId, request);
  if (!judged.ok) {
    const { code, text } = judged.refusal;
    return inside.interference.say(session, 'error', answers.error(orderId, code, text));
  }
  const { stock, ticket } = judged;
  if (order.whatIf === true) return whatIf(inside, session, request, stock);
  const { account } = ticket;
  const asked = { ...order, account };
  const one = numbered(inside, { clientId, orderId, stock, account, contract, asked });
  one.asked = asked;
  inside.submit({ request: 'placeOrder', ticket: { ...ticket, orderId: one.key } });
}

/** The order of that number; a new one is part of the state from now on. */
function numbered(inside: Inside, registration: Registration): Registered {
  const { clientId, orderId, account, stock, contract, asked } = registration;
  const known = inside.register.ofClient(clientId, orderId);
  if (known?.sent === true || known?.taken === true) return known;
  const at = inside.clock.now();
  const { symbol } = stock;
  inside.store.write({ at, of: 'order', clientId, orderId, account, symbol, contract, asked });
  return registered(inside, registration);
}

/** A request is on its way to the venue. */
export function arrive(inside: Inside, request: BrokerRequest, at: number): void {
  if (request.request === 'placeOrder') {
    const one = inside.register.ofKey(request.ticket.orderId);
    if (one !== undefined) one.sent = true;
  }
  inside.venue.submit(request, at);
}

/** The venue has taken an order: so does the broker's ledger, in the group that it really is in. */
export function taken(inside: Inside, one: Registered, order: BookOrder, at: number): void {
  inside.register.take(one);
  const { orderRef, lmtPrice, auxPrice, parentId } = order.ticket;
  const { symbol, action, orderType, outsideRth } = order.ticket;
  const { clientId, account, ledgerId } = one;
  const { group, ocaType, permId, total } = order;
  inside.ledger.write(at, {
    type: 'order.created',
    orderId: ledgerId,
    clientId,
    symbol,
    action,
    quantity: toShares(total),
    orderType,
    account,
    permId,
    ...(orderRef === '' ? {} : { orderRef }),
    ...(parentId <= 0 ? {} : { parentId: inside.register.ofKey(parentId)?.ledgerId }),
    ...(group === '' ? {} : { ocaGroup: group, ocaType }),
    ...(lmtPrice === undefined ? {} : { limitPrice: lmtPrice }),
    ...(auxPrice === undefined ? {} : { stopPrice: auxPrice }),
    outsideRth,
  });
}

/** What margin it would take, of dollars that are held in full; nothing is placed. */
function whatIf(
  inside: Inside,
  session: Session,
  { orderId, contract, order }: PlaceOrder,
  stock: Stock,
): void {
  const shares = order.totalQuantity ?? 0;
  const price = order.lmtPrice ?? inside.quotes.of(stock.symbol)?.last ?? order.auxPrice ?? 0;
  const account = order.account ?? inside.accounts.names[0] ?? '';
  const equity = inside.accounts.cash(account);
  const margin = Math.round(shares * price * 25) / 100;
  const sheet = {
    contract: { ...contract, ...contractOf(stock) },
    order: { ...order, orderId, clientId: session.clientId, permId: 0, account, whatIf: true },
    state: {
      status: 'PreSubmitted',
      initMarginBefore: 0,
      maintMarginBefore: 0,
      equityWithLoanBefore: equity,
      initMarginChange: margin,
      maintMarginChange: margin,
      equityWithLoanChange: 0,
      initMarginAfter: margin,
      maintMarginAfter: margin,
      equityWithLoanAfter: equity,
      commission: commissionOf(shares),
      commissionCurrency: stock.currency,
    },
  };
  inside.interference.say(session, 'openOrder', answers.openOrder(sheet, session.version));
}

/** An order of another client is as unknown here as one that never was. */
export function cancelOrder(inside: Inside, session: Session, request: CancelOrder): void {
  const { orderId } = request;
  const one = inside.register.ofClient(session.clientId, orderId);
  if (one !== undefined) return inside.submit({ request: 'cancelOrder', orderId: one.key });
  const code = inside.venue.book().options.unknownCancel;
  const text =
    code === 135
      ? `Can't find order with id =${orderId}`
      : `OrderId ${orderId} that needs to be cancelled is not found.`;
  inside.interference.say(session, 'error', answers.error(orderId, code, text));
}

/** All orders, whoever placed them: a person in TWS as well. What is on its way is reached, too. */
export function cancelAll(inside: Inside): void {
  for (const one of inside.register.all()) {
    const order = orderAt(inside.venue.book(), one.key);
    if (order === undefined ? !one.sent : order.stage === 'ended' || order.cancelAsked) continue;
    inside.submit({ request: 'cancelOrder', orderId: one.key });
  }
}
