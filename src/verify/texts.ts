/**
 * Minds as texts: two minds have one text exactly when they have one future.
 *
 * What differs between the minds of one composition is written; a plan is known by its bracket, and
 * the ids that the desk was given beforehand are always the same. Marks are written by their ranks,
 * and the figures of the past are left out. Fields are named one by one, because that is quick; a
 * field that is neither written nor left out on purpose does not compile.
 */
import type { Order } from '../core/ledger.ts';
import type { Ticket } from '../core/ready.ts';
import type { Book, Bracket, State } from '../core/state.ts';
import type { Desk } from '../ib/desk.ts';
import { NEWEST } from './messages.ts';
import type { EngineMind } from './mind.ts';
import { numberless, questionsOf, rankAmong, rankOf } from './ranks.ts';

/** True only where every key of `T` is among those that are seen to. */
type Complete<T, SeenTo extends keyof T> = Exclude<keyof T, SeenTo> extends never ? true : never;

export type TextOf = (mind: EngineMind) => string;

export function newTexts(): TextOf {
  const numberOf = newNumbers();
  return ({ engine, desk, clock }) => {
    const questions = questionsOf(engine, desk);
    let text = `${stateText(engine, questions)}\n${deskText(desk, questions)}\n`;
    for (const deadline of clock) text += `${numberless(deadline)},`;
    for (const key of Object.keys(engine.books).sort()) {
      const book = engine.books[key];
      if (book === undefined) continue;
      text += `\n${bookText(book, questions)}`;
      for (const bracket of book.brackets) text += bracketText(bracket, questions, numberOf);
    }
    return text;
  };
}

const STATE: Complete<
  State,
  'seq' | 'link' | 'linkAt' | 'admission' | 'books' | 'index' | 'watchers'
> = true;

function stateText(state: State, questions: readonly number[]): string {
  const { link, linkAt, index, watchers, admission } = state;
  const since = link === 'reconciling' ? rankAmong(questions, linkAt) : '';
  return `${STATE} ${link} ${since} ${Object.keys(index).sort().join()} ${JSON.stringify(watchers)} ${admission.closed ?? ''}`;
}

const BOOK: Complete<
  Book,
  | 'account'
  | 'symbol'
  | 'conId'
  | 'brackets'
  | 'foreign'
  | 'lastPx'
  | 'halted'
  | 'frozen'
  | 'tradedAt'
> = true;

function bookText(book: Book, questions: readonly number[]): string {
  const { account, symbol, conId, foreign, lastPx, halted, frozen, tradedAt } = book;
  const traded = rankAmong(questions, tradedAt);
  return `${BOOK} ${account} ${symbol} ${conId} ${foreign} ${lastPx} ${halted} ${frozen} ${traded}`;
}

const BRACKET: Complete<
  Bracket,
  | 'plan'
  | 'configuration'
  | 'orders'
  | 'heardAt'
  | 'current'
  | 'pairs'
  | 'cancelWished'
  | 'leaving'
  | 'entryLate'
  | 'closingLate'
  | 'coverElapsed'
  | 'foreign'
  | 'absentAt'
  | 'newsAt'
  | 'deadlines'
  // Left out: a number that only tells waits apart, and what there was at most.
  | 'deadlineCount'
  | 'oversoldMost'
  | 'nakedSince'
  | 'nakedMs'
  | 'raceSince'
  | 'raceMs'
  | 'nakedMost'
  | 'overhangMost'
> = true;

function bracketText(b: Bracket, questions: readonly number[], numberOf: NumberOf): string {
  const lines = b.orders.map((order, at) => {
    const rank = rankOf(b, order.pair, questions);
    const current = b.current[order.leg] === at;
    return `${order.ticket.orderRef} ${current} ${orderText(order, numberOf)} ${rank(order.sentAt)} ${rank(order.acknowledgedAt)} ${rank(order.endedAt)} ${rank(b.heardAt[at] ?? 0)} ${rank(order.claimedAt)}`;
  });
  const standing = Object.values(b.configuration).join(' ');
  const waits = b.deadlines
    .map(({ key }) => key)
    .sort()
    .join();
  const news = `${rankAmong(questions, b.newsAt)} ${b.absentAt >= b.newsAt}`;
  return `\n${BRACKET} ${b.plan.bracket} ${standing} ${numberOf(b.pairs)} ${b.cancelWished} ${b.leaving} ${b.entryLate} ${b.closingLate} ${b.coverElapsed} ${b.foreign} ${news} ${waits}\n${lines.sort().join('\n')}`;
}

const ORDER: Complete<
  Order,
  | 'ticket'
  | 'pair'
  | 'leg'
  | 'exits'
  | 'qty'
  | 'largest'
  | 'executions'
  | 'executedQty'
  | 'claimedQty'
  | 'permId'
  | 'acknowledged'
  | 'held'
  | 'working'
  | 'triggered'
  | 'cancelAsked'
  | 'replaceAsked'
  | 'echoed'
  | 'differs'
  | 'unresolved'
  | 'missing'
  | 'resent'
  | 'end'
  | 'endConcluded'
  // Written by their ranks.
  | 'sentAt'
  | 'acknowledgedAt'
  | 'endedAt'
  | 'claimedAt'
> = true;

function orderText(o: Order, numberOf: NumberOf): string {
  const asked = o.replaceAsked === null ? '' : numberOf(o.replaceAsked);
  const executions = o.executions.length === 0 ? '' : JSON.stringify(o.executions);
  const figures = `${o.exits} ${o.qty} ${o.largest} ${o.executedQty} ${o.claimedQty} ${o.permId}`;
  const words = `${o.acknowledged} ${o.working} ${o.triggered} ${o.echoed} ${o.end} ${o.endConcluded}`;
  const search = `${o.cancelAsked} ${o.unresolved} ${o.missing} ${o.resent}`;
  return `${ORDER} ${numberOf(o.ticket)} ${figures} ${words} ${search} ${asked} [${o.held}] [${o.differs}] ${executions}`;
}

const DESK: Complete<
  Desk,
  | 'nextOrderId'
  | 'ids'
  | 'refs'
  | 'gathering'
  | 'askAgain'
  | 'nextReqId'
  // Left out: in a composition an order never has two, so that no word is another order's.
  | 'permIds'
> = true;

function deskText(desk: Desk, questions: readonly number[]): string {
  const { nextOrderId, ids, gathering, askAgain } = desk;
  const known = `${DESK} ${nextOrderId} ${Object.keys(ids).length}`;
  if (gathering === null) return known;
  const askedAt = rankAmong(questions, gathering.askedAt);
  const again = askAgain === null ? '' : rankAmong(questions, askAgain);
  const reqId = gathering.reqId === 0 ? 0 : NEWEST;
  return `${known} ${again} ${JSON.stringify({ ...gathering, askedAt, reqId })}`;
}

type NumberOf = (part: Ticket | Bracket['pairs']) => number;

/** Tickets and pairs are few, and are handed from state to state: a number for each. */
function newNumbers(): NumberOf {
  const byText = new Map<string, number>();
  const byPart = new WeakMap<object, number>();
  return (part) => {
    const known = byPart.get(part);
    if (known !== undefined) return known;
    const text = JSON.stringify(part);
    const number = byText.get(text) ?? byText.size;
    byText.set(text, number);
    byPart.set(part, number);
    return number;
  };
}
