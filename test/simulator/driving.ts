/** Short ways to drive a book in a test. */

import type { BrokerRequest, BrokerWord, OrderTicket } from '../../src/ports/broker.ts';
import {
  act,
  type Book,
  type BookAction,
  type BookOptions,
  emptyBook,
  receive,
} from '../../src/simulator/book.ts';

export const ticket = (orderId: number, changes: Partial<OrderTicket> = {}): OrderTicket => ({
  orderId,
  orderRef: `ref${orderId}`,
  account: 'DU123',
  symbol: 'RIME',
  action: 'SELL',
  totalQuantity: 100,
  orderType: 'LMT',
  lmtPrice: 1.35,
  tif: 'GTC',
  outsideRth: false,
  ocaGroup: '',
  ocaType: 0,
  parentId: 0,
  transmit: true,
  ...changes,
});

const { lmtPrice: _, ...unlimited } = ticket(0);

export const stopTicket = (orderId: number, changes: Partial<OrderTicket> = {}): OrderTicket => ({
  ...unlimited,
  orderId,
  orderRef: `ref${orderId}`,
  orderType: 'STP',
  auxPrice: 1.25,
  ...changes,
});

export const place = (placed: OrderTicket): BrokerRequest => ({
  request: 'placeOrder',
  ticket: placed,
});

export const cancel = (orderId: number): BrokerRequest => ({ request: 'cancelOrder', orderId });

export const fill = (orderId: number, shares: number, price = 1.3): BookAction => ({
  type: 'fill',
  orderId,
  shares,
  price,
});

export const acknowledge = (orderId: number): BookAction => ({ type: 'acknowledge', orderId });

export type Event = BrokerRequest | BookAction;

export type Driven = { readonly book: Book; readonly words: readonly BrokerWord[] };

/** Lets events happen one after another; the words are those of the last. */
export const drive = (book: Book, ...events: readonly Event[]): Driven => {
  let driven: Driven = { book, words: [] };
  for (const event of events)
    driven = 'request' in event ? receive(driven.book, event) : act(driven.book, event);
  return driven;
};

/** A book in which these orders are acknowledged. */
export const bookOf = (tickets: readonly OrderTicket[], options: Partial<BookOptions> = {}): Book =>
  tickets.reduce(
    (book, one) => drive(book, place(one), acknowledge(one.orderId)).book,
    emptyBook(options),
  );

/** `orderId status filled/remaining`, errors as `orderId code`: one line for a word. */
export const lines = (words: readonly BrokerWord[]): readonly string[] =>
  words.map((word) => {
    if (word.word === 'orderStatus')
      return `${word.orderId} ${word.status} ${word.filled}/${word.remaining}${
        word.whyHeld === '' ? '' : ` ${word.whyHeld}`
      }`;
    if (word.word === 'error') return `${word.id} ${word.code}`;
    if (word.word === 'execDetails') return `${word.orderId} ${word.side} ${word.shares}`;
    if (word.word === 'openOrder') return `${word.orderId} open ${word.totalQuantity}`;
    return word.word;
  });
