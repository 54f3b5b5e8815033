/**
 * What happens at IB and at the exchange as time passes, one event at a time.
 *
 * After an event whatever follows at the same moment happens (`market`, in dealing.ts).
 */

import type { BrokerRequest } from '../ports/broker.ts';
import { act, type Book, type BookAction, type BookOrder, receive } from './book.ts';
import { orderAt } from './contents.ts';
import { execute, fallenDue, market, wantsRoute } from './dealing.ts';
import {
  apply,
  type Decision,
  type Exchange,
  inSession,
  isRegular,
  noteArrived,
  quoted,
  say,
  type VenueEvent,
} from './exchange.ts';
import { cappedLimit, limitOf } from './market.ts';
import { canTrigger, lotOf, tradable } from './standing.ts';
import { matches } from './terms.ts';
import { isBusted } from './trades.ts';
import { toUnits } from './units.ts';

const CAPPED =
  'In accordance with our regulatory obligations as a broker, we will initially cap (or limit) ' +
  'the price of your Limit Order to';

const acknowledged = (exchange: Exchange, order: BookOrder): void => {
  const { orderId } = order.ticket;
  const { options, rejections } = exchange;
  const rule = options.rejects.find(
    (one) =>
      matches(one.match, order.ticket) &&
      (rejections.get(one) ?? 0) < (one.times ?? Number.POSITIVE_INFINITY),
  );
  if (rule !== undefined) {
    rejections.set(rule, (rejections.get(rule) ?? 0) + 1);
    const { code, text } = rule;
    apply(exchange, act(exchange.book, { type: 'reject', orderId, code, text }));
    return;
  }
  apply(exchange, act(exchange.book, { type: 'acknowledge', orderId }));
  const hold = options.holds.find((one) => matches(one.match, order.ticket));
  if (hold === undefined || orderAt(exchange.book, orderId)?.stage !== 'accepted') return;
  apply(exchange, act(exchange.book, { type: 'hold', orderId, whyHeld: hold.whyHeld }));
  if (hold.forMs !== undefined)
    exchange.coming.add(exchange.now + hold.forMs, {
      kind: 'happen',
      action: { type: 'release', orderId },
    });
};

/** A cancel under way is no protection: the exchange may trade the order until it has it. */
const cancelDecided = (exchange: Exchange, order: BookOrder): void => {
  const { orderId, symbol } = order.ticket;
  const quote = exchange.quotes.get(symbol);
  const most = tradable(exchange.book, order);
  if (most > 0 && quote !== undefined && exchange.random.chance(exchange.faults.fillAfterCancel)) {
    const lot = lotOf(exchange.book);
    const units = Math.floor(Math.min(most, toUnits(exchange.options.fillLot)) / lot) * lot;
    if (units > 0)
      execute(exchange, { orderId, units, price: limitOf(order.ticket) ?? quote.price });
  }
  const traded = orderAt(exchange.book, orderId);
  // The execution may have ended it otherwise than by filling it: then there is nothing to decide.
  if (traded?.cancelAsked !== true) return;
  const type = traded.stage === 'ended' ? 'refuseCancel' : 'acceptCancel';
  apply(exchange, act(exchange.book, { type, orderId }));
};

const elected = (exchange: Exchange, order: BookOrder): void => {
  const { orderId, symbol, orderType } = order.ticket;
  const { cap } = exchange.options;
  const quote = exchange.quotes.get(symbol);
  apply(exchange, act(exchange.book, { type: 'trigger', orderId }));
  if (cap === undefined || quote === undefined || orderType !== 'STP LMT') return;
  if (cap.outsideHoursOnly && isRegular(exchange)) return;
  const limit = cappedLimit(order.ticket, quote.price, cap.within);
  // A limit inside the cap is left as it is, and nothing is said.
  if (limit === order.ticket.lmtPrice) return;
  exchange.caps.set(orderId, { limit, left: toUnits(cap.shares) });
  exchange.coming.add(exchange.now + cap.forMs, { kind: 'uncap', orderId });
  const message = `${CAPPED} ${limit.toFixed(4)}`;
  say(exchange, { word: 'error', id: orderId, code: 2161, message }, false);
};

/** A decision falls due. What it was about may have gone meanwhile; then it is void. */
const decide = (exchange: Exchange, what: Decision, orderId: number): void => {
  fallenDue(exchange, what, orderId);
  const { book } = exchange;
  const order = orderAt(book, orderId);
  if (order === undefined) return;
  switch (what) {
    case 'acknowledge':
      if (order.stage === 'sent') acknowledged(exchange, order);
      return;
    case 'cancel':
      if (order.cancelAsked) cancelDecided(exchange, order);
      return;
    case 'trigger':
      if (canTrigger(book, order) && inSession(exchange, order.ticket)) elected(exchange, order);
      return;
    case 'route':
      if (wantsRoute(exchange, order)) apply(exchange, act(book, { type: 'route', orderId }));
      return;
    case 'settle':
      if (order.unsettled.length > 0) apply(exchange, act(book, { type: 'settle', orderId }));
      return;
    default: {
      const unknown: never = what;
      throw new RangeError(`no such decision: ${String(unknown)}`);
    }
  }
};

/** A request reaches TWS; while TWS has no link to IB it goes no further. */
const arrive = (exchange: Exchange, request: BrokerRequest): void => {
  const outage = exchange.channel.outageAt(exchange.now);
  if (outage !== undefined && exchange.options.requestsWhileDown === 'delayed') {
    exchange.coming.add(outage.to, { kind: 'arrive', request });
    return;
  }
  const placement = request.request === 'placeOrder' ? request.ticket : undefined;
  if (outage === undefined) {
    // A modified price has not rested yet.
    if (placement !== undefined) newlyPriced(exchange, placement.orderId);
    const answer = placement === undefined && request.request !== 'cancelOrder';
    apply(exchange, receive(exchange.book, request), answer);
  }
  if (placement !== undefined) noteArrived(exchange, placement);
};

const newlyPriced = ({ resting, marked }: Exchange, orderId: number): void => {
  resting.delete(orderId);
  marked.add(orderId);
};

/** What was entered for later may have been overtaken: an end before a release, a bust. */
const stillPossible = (book: Book, action: BookAction): boolean => {
  if (action.type === 'release') return orderAt(book, action.orderId)?.stage === 'accepted';
  if (action.type !== 'correct') return true;
  return !isBusted(book, action.execId);
};

/** One event, and all that follows of it at the same moment. */
export const happens = (exchange: Exchange, at: number, event: VenueEvent): void => {
  exchange.now = at;
  switch (event.kind) {
    case 'arrive':
      arrive(exchange, event.request);
      break;
    case 'print':
      quoted(exchange, event.print);
      break;
    case 'happen':
      if (stillPossible(exchange.book, event.action))
        apply(exchange, act(exchange.book, event.action));
      break;
    case 'decide':
      decide(exchange, event.what, event.orderId);
      break;
    case 'uncap':
      exchange.caps.delete(event.orderId);
      // Its own limit has not been at the exchange yet: it trades at the price it meets.
      newlyPriced(exchange, event.orderId);
      break;
    case 'look':
      break;
    default: {
      const unknown: never = event;
      throw new RangeError(`no such event: ${JSON.stringify(unknown)}`);
    }
  }
  market(exchange);
};
