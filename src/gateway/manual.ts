/** An order that a person places in TWS: no client's, until client 0 has it bound to itself. */
import type { OrderTicket } from '../ports/broker.ts';
import type { WireOrder } from '../simulator/wire.ts';
import type { Answered } from './controls.ts';
import type { DeedOf } from './deeds.ts';
import { contractOf } from './echo.ts';
import { type Inside, registered } from './inside.ts';
import { bind } from './snapshots.ts';

export function manualOrder(
  inside: Inside,
  deed: DeedOf<'manualOrder'>,
  impossible: (why: string) => never,
): Answered {
  const { symbol, action, quantity, orderType, limitPrice, stopPrice } = deed;
  const stock = inside.symbols.find({ symbol }) ?? impossible(`no symbol ${symbol} is traded here`);
  const account = deed.account ?? inside.accounts.names[0] ?? '';
  if (!inside.accounts.names.includes(account)) impossible(`there is no account ${account}`);
  const prices = {
    ...(limitPrice === undefined ? {} : { lmtPrice: limitPrice }),
    ...(stopPrice === undefined ? {} : { auxPrice: stopPrice }),
  };
  const asked: WireOrder = {
    action,
    totalQuantity: quantity,
    orderType,
    ...prices,
    tif: 'DAY',
    account,
    transmit: true,
  };
  const contract = contractOf(stock);
  const at = inside.clock.now();
  const order = { clientId: 0, orderId: 0, account, contract, asked };
  inside.store.write({ at, of: 'order', ...order, symbol });
  const one = registered(inside, { ...order, stock });
  const ticket: OrderTicket = {
    orderId: one.key,
    orderRef: '',
    account,
    symbol,
    conId: stock.conId,
    action,
    totalQuantity: quantity,
    orderType,
    ...prices,
    tif: 'DAY',
    outsideRth: false,
    ocaGroup: '',
    ocaType: 0,
    parentId: 0,
    transmit: true,
  };
  inside.submit({ request: 'placeOrder', ticket });
  const zero = inside.clients.get(0);
  if (zero?.binds === true) bind(inside, zero, one);
  return { ok: true, permId: inside.venue.book().options.permIdBase + one.key };
}
