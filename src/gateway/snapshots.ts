/** What the gateway answers when it is asked how things stand. */
import type { BookOrder } from '../simulator/book.ts';
import { orderAt } from '../simulator/contents.ts';
import { answers, type ExecutionFilter } from '../simulator/wire.ts';
import { completedFields, contractOf, shownNow } from './echo.ts';
import type { Inside } from './inside.ts';
import type { Registered } from './register.ts';
import type { Session } from './session.ts';
import { tellExecution } from './telling.ts';

const orderOf = (inside: Inside, one: Registered): BookOrder | undefined =>
  orderAt(inside.venue.book(), one.key);

/** Live orders that `which` wants, each in the two messages that show one. */
function openOrders(inside: Inside, session: Session, which: (one: Registered) => boolean): void {
  const { interference } = inside;
  for (const one of inside.register.all()) {
    const order = orderOf(inside, one);
    if (order === undefined || order.stage === 'ended' || !which(one)) continue;
    const [shown, status] = shownNow(inside, one, order, session.version);
    interference.say(session, 'openOrder', shown, one.order.orderRef);
    interference.say(session, 'orderStatus', status, one.order.orderRef);
  }
  interference.say(session, 'openOrderEnd', answers.openOrderEnd());
}

/** Its own; client 0 has what a person placed in TWS, too, which is thereby bound to it. */
export function ownOpenOrders(inside: Inside, session: Session): void {
  if (session.clientId === 0) bindAll(inside, session);
  openOrders(inside, session, (one) => one.clientId === session.clientId);
}

export const allOpenOrders = (inside: Inside, session: Session): void =>
  openOrders(inside, session, () => true);

/** An order of TWS's own gets a number below zero, by which client 0 can change it. */
export function bind(inside: Inside, session: Session, one: Registered): void {
  inside.bound += 1;
  // Errors about -1 are about no order.
  const number = -1 - inside.bound;
  const { clientId } = session;
  inside.store.write({ at: inside.clock.now(), of: 'bound', key: one.key, orderId: number });
  inside.register.bind(one, number);
  const permId = inside.venue.book().options.permIdBase + one.key;
  const fields = answers.orderBound(permId, clientId, one.orderId);
  inside.interference.say(session, 'orderBound', fields);
}

function bindAll(inside: Inside, session: Session): void {
  for (const one of inside.register.all()) {
    const stage = orderOf(inside, one)?.stage;
    if (one.orderId === 0 && stage !== undefined && stage !== 'ended') bind(inside, session, one);
  }
}

/** Of the day, of all clients; with `apiOnly` without what a person placed in TWS. */
export function completedOrders(inside: Inside, session: Session, apiOnly: boolean): void {
  const { interference, venue } = inside;
  const { day } = venue.book();
  for (const one of inside.register.all()) {
    const order = orderOf(inside, one);
    if (order?.stage !== 'ended' || order.endedOn !== day) continue;
    if (apiOnly && one.orderId <= 0) continue;
    const fields = completedFields(inside, one, order, session.version);
    interference.say(session, 'completedOrder', fields, one.order.orderRef);
  }
  interference.say(session, 'completedOrdersEnd', answers.completedOrdersEnd());
}

/** A client's own, since midnight; the master client's are everybody's. */
export function executions(
  inside: Inside,
  session: Session,
  reqId: number,
  filter: ExecutionFilter,
): void {
  const all = session.clientId === inside.options.masterClient;
  for (const execution of inside.executions.matching(filter)) {
    const { registered } = execution;
    if (!all && registered.clientId !== session.clientId) continue;
    tellExecution(inside, session, registered, execution, reqId);
  }
  inside.interference.say(session, 'execDetailsEnd', answers.execDetailsEnd(reqId));
}

export function positions(inside: Inside, session: Session): void {
  const { accounts, symbols, interference } = inside;
  for (const account of accounts.names) {
    for (const { symbol, position, avgCost } of accounts.holdings(account)) {
      const stock = symbols.find({ symbol });
      if (stock === undefined || position === 0) continue;
      const fields = answers.position(account, contractOf(stock), position, avgCost);
      interference.say(session, 'position', fields);
    }
  }
  interference.say(session, 'positionEnd', answers.positionEnd());
}
