/**
 * The broker's words about one order, booked in a bracket's turn: ledger first, then what follows
 * for its pair, then the charts.
 */
import type { Leg, OrderFact } from '../../machines/facts.ts';
import { setPair } from './discount.ts';
import type { Executed, Fact, Remark, Reported } from './fact.ts';
import {
  type Booking,
  bookBust,
  bookCancelRefusal,
  bookExecution,
  bookRefusal,
  bookReplaceRefusal,
  cumQty,
  executionKey,
  type Order,
} from './ledger.ts';
import { isStopLeg, pairNumber, stopOf } from './legs.ts';
import { refusedClosings, repricedLimit } from './plan.ts';
import { bookReport, isActive } from './report.ts';
import { type Bracket, currentOrder, liveTarget, type Pair } from './state.ts';
import { hear, hearAll, leave, store, type Turn, warn } from './turn.ts';

export type OrderWord =
  | Exclude<Extract<Fact, { readonly orderRef: string }>, { readonly type: 'order.attested' }>
  | Reported
  | Executed;

/** Books a word about an order; false when the bracket never sent such an order. */
export function bookWord(turn: Turn, word: OrderWord, live = true): boolean {
  const { orderRef } = word;
  const at = turn.bracket.orders.findIndex(({ ticket }) => ticket.orderRef === orderRef);
  const order = turn.bracket.orders[at];
  if (order === undefined) return false;
  if (word.type === 'order.executed' && countedElsewhere(turn.bracket, at, word.execId)) {
    warn(turn, 'L2', `${word.execId} is counted under another order; it counts once`);
    return true;
  }
  const booking = book(turn, order, word);
  store(turn, at, booking.order, booking.heard.length > 0);
  if (booking.order.differs !== order.differs) tellDifference(turn, booking.order);
  if (live && word.type === 'order.reported' && isActive(word)) {
    turn.bracket.heardAt = turn.bracket.heardAt.with(at, turn.seq);
  }
  if (booking.note !== '') turn.ignored.push(`${orderRef}: ${booking.note}`);
  announce(turn, at, booking.heard);
  return true;
}

/** The broker shows an order otherwise than it was asked. Of a pair in a group `discount.ts` tells. */
function tellDifference(turn: Turn, { ticket, pair, differs }: Order): void {
  if (turn.bracket.pairs[pair - 1]?.mode === 'paired') return;
  warn(turn, 'L3', `${ticket.orderRef} is shown with ${differs}`);
}

function book(turn: Turn, order: Order, word: OrderWord): Booking {
  switch (word.type) {
    case 'order.reported':
      return bookReport(order, word);
    case 'order.executed':
      return bookExecution(order, word);
    case 'order.busted':
      return bookBust(order, word.execId);
    case 'order.refused':
      if (word.code === DUPLICATE_ID && order.resent) return duplicate(turn, order);
      return bookRefusal(order);
    case 'cancel.refused':
      return bookCancelRefusal(order);
    case 'replace.refused':
      return bookReplaceRefusal(order);
    case 'order.warned':
      return remark(turn, order, word.remark, `${word.code} ${word.text}`);
  }
}

/** TWS's code for an order id that is taken. */
const DUPLICATE_ID = 103;

/** What we sent again is refused as a duplicate: then the broker has it after all. Look. */
function duplicate(turn: Turn, order: Order): Booking {
  turn.asks.push('the broker seems to have an order that it did not show');
  return { order, heard: [], note: 'a duplicate of what was sent again is no refusal' };
}

function remark(turn: Turn, order: Order, meaning: Remark, text: string): Booking {
  switch (meaning) {
    case 'held':
      warn(turn, 'L5', `${order.ticket.orderRef} is held, it does not protect: ${text}`);
      turn.asks.push('does the broker still see the position?');
      // A remark does not say which version of the order it is about: only an echo does.
      if (order.unresolved && order.replaceAsked !== null) break;
      return order.held === '' && order.end === null
        ? {
            order: { ...order, held: 'locate', working: false, acknowledged: true },
            heard: ['held'],
            note: '',
          }
        : { order, heard: [], note: 'held already' };
    case 'crossSide':
      warn(turn, 'L12', `the broker sees ${order.ticket.orderRef} cross the position: ${text}`);
      turn.asks.push('does the broker still see the position?');
      return { order, heard: [], note: '' };
    case 'capped':
      warn(turn, 'L7', `the price of ${order.ticket.orderRef} is capped, it may not fill: ${text}`);
      return { order, heard: [], note: '' };
    case 'outsideRthIgnored':
      warn(turn, 'L5', `${order.ticket.orderRef} will not work outside regular hours: ${text}`);
      return { order, heard: [], note: '' };
    case 'unknown':
      turn.asks.push(`the broker said ${text}`);
      return { order, heard: [], note: `not known, so we look: ${text}` };
    case 'other':
      break;
  }
  return { order, heard: [], note: `the broker remarks: ${text}` };
}

function countedElsewhere(bracket: Bracket, at: number, execId: string): boolean {
  const key = executionKey(execId);
  return bracket.orders.some((order, i) => i !== at && order.executions.some((e) => e.key === key));
}

/** Tells the charts what is news, one fact after the other. */
export function announce(turn: Turn, at: number, heard: readonly OrderFact[]): void {
  for (const fact of heard) {
    const order = turn.bracket.orders[at];
    if (order === undefined) return;
    const { leg } = order;
    if (turn.bracket.current[leg] === at) {
      follow(turn, leg, order, fact);
      hear(turn, leg, fact);
    } else if (fact === 'filled' || fact === 'busted' || fact === 'corrected') {
      warn(turn, 'L2', `${order.ticket.orderRef}, an earlier order of ${leg}, was ${fact}`);
    } else {
      turn.ignored.push(`${order.ticket.orderRef}: ${fact}, an earlier order of ${leg}`);
    }
  }
}

/** What an end or a refusal means for the pair, before the charts hear of it. */
function follow(turn: Turn, leg: Leg, order: Order, fact: OrderFact): void {
  const number = order.pair;
  const pair = turn.bracket.pairs[number - 1];
  if (pair === undefined) return;
  const set = (changed: Partial<Pair>): void => {
    setPair(turn.bracket, number, { ...pair, ...changed });
  };
  const refused = fact === 'rejected' && !order.cancelAsked && !siblingTraded(turn.bracket, order);
  // What its group took from it is no refusal: the sibling has traded.
  // Nor is an end that a search has proven: nobody refused anything.
  const unasked = !order.cancelAsked && !order.unresolved && !siblingTraded(turn.bracket, order);
  const lapsed = (fact === 'cancelled' || fact === 'expired') && unasked;
  if (leg === stopOf(number)) {
    if (fact === 'replaceRejected') {
      set({ replaceRefusals: pair.replaceRefusals + 1, mode: 'sequenced' });
    }
    if (refused || lapsed) {
      set({ stopRejections: pair.stopRejections + 1 });
      warn(turn, 'L5', `${order.ticket.orderRef} was ${fact}${lapsed ? ', unasked' : ''}`);
      const flattens = turn.bracket.plan.policy.onNaked === 'flatten';
      if (pair.stopRejections >= 1 && flattens) leave(turn, 'stopRejected');
    }
    return;
  }
  if (refused || lapsed) {
    set({ targetRejections: pair.targetRejections + 1 });
    if (cumQty(order) === 0) {
      warn(turn, 'L6', `${order.ticket.orderRef} was ${fact}; its stop stays`);
    }
  }
}

function siblingTraded(bracket: Bracket, order: Order): boolean {
  return bracket.orders.some((o) => o.pair === order.pair && o !== order && cumQty(o) > 0);
}

/** The link is cut: nothing in flight is concluded, and where the price is nobody knows. */
export function bookLinkLost(turn: Turn): void {
  const { bracket } = turn;
  bracket.pairs.forEach((pair, i) => {
    // A target that was sent keeps its turn.
    if (pair.touched && liveTarget(bracket, i + 1) === undefined) {
      setPair(bracket, i + 1, { ...pair, touched: false });
    }
  });
  hearAll(turn, 'link.lost');
}

/** A wait is over: what it means for the ledger, and which chart hears of it. */
export function bookElapsed(turn: Turn, key: string): void {
  const [region = '', name = ''] = key.split('.');
  const { bracket } = turn;
  const { policy } = bracket.plan;
  // While nothing can be sent, or nothing can trade, waiting longer says nothing new.
  const halted = turn.book.halted || !turn.linkLive;
  if (region === 'exposure') {
    // No more than one try is owed, however long nothing could be done.
    const most = Math.max(2, refusedClosings(bracket) + 1);
    const coverElapsed = halted ? bracket.coverElapsed : Math.min(bracket.coverElapsed + 1, most);
    // A sequenced target that did not fill gives its shares back to the stop.
    bracket.pairs = bracket.pairs.map((p) => (p.touched ? { ...p, touched: false } : p));
    bracket.coverElapsed = coverElapsed;
    const naked = bracket.configuration.exposure === 'exposed';
    if (naked && coverElapsed > 1 && policy.onNaked === 'flatten' && !halted) leave(turn, 'naked');
    hearAll(turn, 'exposure.overdue');
    return;
  }
  const leg = region as Leg;
  if (name === 'trading') overdueTrading(turn, leg, halted);
  hear(turn, leg, name === 'withdrawal' || name === 'replacement' ? 'requestOverdue' : 'overdue');
}

function overdueTrading(turn: Turn, leg: Leg, halted: boolean): void {
  const { bracket } = turn;
  if (halted) return;
  if (leg === 'entry') bracket.entryLate = true;
  if (leg === 'closing') {
    bracket.closingLate = bracket.orders.filter((o) => o.leg === 'closing').length;
  }
  const number = pairNumber(leg);
  const pair = bracket.pairs[number - 1];
  const order = currentOrder(bracket, leg);
  if (!isStopLeg(leg) || pair === undefined || order === undefined) return;
  const repricings = pair.repricings + 1;
  const limit = pair.stopLimitPx;
  if (limit !== null && repricings <= bracket.plan.policy.repricings) {
    const stopLimitPx = repricedLimit(turn.book, bracket, limit);
    setPair(bracket, number, { ...pair, repricings, stopLimitPx });
  } else {
    leave(turn, 'stopDidNotFill');
  }
}
