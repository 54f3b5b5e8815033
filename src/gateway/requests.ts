/** What a client asks, and who answers it. */
import { answers, type Request } from '../simulator/wire.ts';
import { complain } from './complaints.ts';
import { accountUpdates, summary } from './figures.ts';
import type { Inside } from './inside.ts';
import { isDown } from './link.ts';
import { cancelAll, cancelOrder, placeOrder } from './placing.ts';
import type { Session } from './session.ts';
import {
  allOpenOrders,
  completedOrders,
  executions,
  ownOpenOrders,
  positions,
} from './snapshots.ts';
import { notSimulated } from './unsimulated.ts';
import { contractDetails, watch } from './watching.ts';

/** Summaries of one client at once, as IB allows them. */
const SUMMARIES_MOST = 2;

/** The next order id of a client: above all that it has used. */
export const nextIdOf = ({ highest }: Inside, clientId: number): number =>
  (highest.get(clientId) ?? 0) + 1;

/** Carries out one request of a client that has started. */
export function perform(inside: Inside, session: Session, request: Request): void {
  const { interference } = inside;
  const say = interference.say;
  switch (request.kind) {
    case 'placeOrder':
      return placeOrder(inside, session, request);
    case 'cancelOrder':
      return cancelOrder(inside, session, request);
    case 'reqGlobalCancel':
      return cancelAll(inside);
    case 'reqIds':
      return say(session, 'nextValidId', answers.nextValidId(nextIdOf(inside, session.clientId)));
    case 'reqManagedAccts':
      return say(session, 'managedAccounts', answers.managedAccounts(inside.accounts.names));
    case 'reqCurrentTime': {
      const seconds = Math.floor(inside.clock.now() / 1000);
      return say(session, 'currentTime', answers.currentTime(seconds));
    }
    case 'reqMarketDataType':
      session.marketDataType = request.marketDataType;
      return;
    case 'setServerLogLevel':
      return;
    case 'startApi': {
      const text = 'Error validating request: the API has been started already.';
      return complain(inside, session, { code: 321, text });
    }
    case 'unknown': {
      const text = `Error reading request. ${notSimulated(request.messageId)}`;
      return complain(inside, session, { id: request.id, code: 320, text });
    }
    case 'malformed': {
      const { id, messageId, field, reason } = request;
      const which = messageId === undefined ? '' : ` Message id ${messageId}.`;
      const text = `Error reading request.${which} ${field}: ${reason}.`;
      return complain(inside, session, { id, code: 320, text });
    }
    default:
      return answer(inside, session, request);
  }
}

type Question = Exclude<
  Request,
  {
    readonly kind:
      | 'placeOrder'
      | 'cancelOrder'
      | 'reqGlobalCancel'
      | 'reqIds'
      | 'reqManagedAccts'
      | 'reqCurrentTime'
      | 'reqMarketDataType'
      | 'setServerLogLevel'
      | 'startApi'
      | 'unknown'
      | 'malformed';
  }
>;

/** What IB knows. While the link to it is down, nobody answers. */
function answer(inside: Inside, session: Session, request: Question): void {
  const refuse = (id: number, code: number, text: string): void =>
    inside.interference.say(session, 'error', answers.error(id, code, text));
  if (isDown(inside, inside.clock.now())) return;
  switch (request.kind) {
    case 'reqOpenOrders':
      return ownOpenOrders(inside, session);
    case 'reqAllOpenOrders':
      return allOpenOrders(inside, session);
    case 'reqAutoOpenOrders':
      if (session.clientId === 0) session.binds = request.autoBind;
      else refuse(-1, 321, 'Error validating request: only client 0 can bind orders of TWS.');
      return;
    case 'reqCompletedOrders':
      return completedOrders(inside, session, request.apiOnly);
    case 'reqExecutions':
      return executions(inside, session, request.reqId, request.filter);
    case 'reqPositions':
      session.positions = true;
      return positions(inside, session);
    case 'cancelPositions':
      session.positions = false;
      return;
    case 'reqAccountSummary': {
      const { reqId, tags } = request;
      if (session.summaries.size >= SUMMARIES_MOST && !session.summaries.has(reqId)) {
        return refuse(reqId, 322, 'Maximum number of account summary requests exceeded');
      }
      const named = (tags ?? '').split(',').map((tag) => tag.trim());
      session.summaries.set(reqId, named);
      return summary(inside, session, reqId, named);
    }
    case 'cancelAccountSummary':
      session.summaries.delete(request.reqId);
      return;
    case 'reqAccountUpdates': {
      const account = request.account ?? inside.accounts.names[0] ?? '';
      if (!inside.accounts.names.includes(account)) {
        return refuse(-1, 321, `Error validating request: no account ${account}.`);
      }
      if (!request.subscribe) return void session.accounts.delete(account);
      session.accounts.add(account);
      return accountUpdates(inside, session, account);
    }
    case 'reqContractDetails':
      return contractDetails(inside, session, request.reqId, request.contract);
    case 'reqMktData':
      return watch(inside, session, request);
    case 'cancelMktData':
      if (!session.tickers.delete(request.reqId)) refuse(request.reqId, 300, "Can't find EId");
      return;
  }
}
