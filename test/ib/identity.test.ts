/** Whose word is it: two orders with one number or one reference are told apart, and told of. */
import { describe, expect, it } from 'vitest';
import type { Effect, Ticket } from '../../src/core/ready.ts';
import { type Desk, hearWithheld, hearWord, openDesk, requestsOf } from '../../src/ib/desk.ts';
import type { BrokerWord, OrderStatusReport, Withheld } from '../../src/ports/broker.ts';
import { place, ticket } from '../simulator/driving.ts';

const ordered: Ticket = {
  ...{ orderRef: 'B.stop1.1', bracket: 'B', leg: 'stop1', account: 'DU1', symbol: 'X', conId: 7 },
  ...{ action: 'SELL', orderType: 'STP', qty: 700_000, stopPx: 125_000_000, tif: 'GTC' },
  ...{ outsideRth: false, group: 'B.1.1', ocaType: 2 },
};
const effect: Effect = { type: 'place', ticket: ordered, because: '' };
/** It is number 41. */
const placed = requestsOf(openDesk(41), effect).desk;

const status = (more: Partial<OrderStatusReport> = {}): BrokerWord => ({
  word: 'orderStatus',
  ...{ orderId: 41, permId: 9, status: 'PreSubmitted', filled: 0, remaining: 70 },
  ...{ avgFillPrice: 0, whyHeld: '', ...more },
});

const wire = { ...ticket(41), orderRef: 'B.stop1.1', account: 'DU1', symbol: 'X' };
const shown = (permId: number, orderRef = 'B.stop1.1'): BrokerWord => ({
  word: 'openOrder',
  ...wire,
  orderRef,
  permId,
  status: 'PreSubmitted',
});

const executed = (permId: number, execId: string): BrokerWord => ({
  word: 'execDetails',
  ...{ reqId: -1, orderId: 41, permId, orderRef: 'B.stop1.1', account: 'DU1', symbol: 'X' },
  ...{ execId, side: 'SLD', shares: 10, price: 1.25, cumQty: 10 },
});

const completed = (permId: number): BrokerWord => ({
  word: 'completedOrder',
  ...{ permId, orderRef: 'B.stop1.1', account: 'DU1', symbol: 'X', action: 'SELL' },
  ...{ totalQuantity: 70, status: 'Cancelled', filledQuantity: 0 },
});

/** `type remark` of every fact. */
function told(words: readonly BrokerWord[], from: Desk = placed) {
  const facts: string[] = [];
  const texts = new Set<string>();
  let desk = from;
  for (const word of words) {
    const heard = hearWord(desk, word, 1);
    desk = heard.desk;
    for (const fact of heard.facts) {
      facts.push(fact.type === 'order.warned' ? `${fact.type} ${fact.remark}` : fact.type);
      if (fact.type === 'unrecognised') texts.add(fact.text);
    }
  }
  return { facts, texts: [...texts], desk };
}

describe('two orders with one reference', () => {
  const two = 'there are two orders B.stop1.1 at the broker: permId 9, and 10';
  const alarm = ['unrecognised', 'order.warned unknown'];

  it.each([
    ['status', status({ permId: 10, status: 'Cancelled' })],
    ['openOrder', shown(10)],
    ['completed order', completed(10)],
  ])('are alarmed at the first %s of the other, which says nothing of ours', (_, word) => {
    const { facts, texts } = told([status(), word, word, status()]);
    expect(facts).toEqual(['order.reported', ...alarm, 'order.warned other', 'order.reported']);
    expect(texts).toEqual([two]);
  });

  it('are both counted: shares that were traded were traded', () => {
    const { facts } = told([executed(9, 'a.01'), executed(10, 'b.01'), executed(9, 'c.01')]);
    expect(facts).toEqual(['order.executed', ...alarm, 'order.executed', 'order.executed']);
  });

  it('are not made of an order that TWS has given no permId yet', () => {
    const early = status({ permId: 0 });
    const { facts } = told([early, status(), shown(9), early, shown(10)]);
    expect(facts).toEqual([...Array.from({ length: 4 }, () => 'order.reported'), ...alarm]);
  });

  it('are told apart in a snapshot, too: of ours only what ours is', () => {
    const ask: Effect = { type: 'ask', askedAt: 5, because: '' };
    const asked = requestsOf(told([status()]).desk, ask).desk;
    const first = told([shown(10), shown(9), { word: 'openOrderEnd' }], asked);
    expect(first.desk.gathering?.openOrders).toHaveLength(1);
  });
});

it('a number that the broker has for another reference is alarmed, and its words are not ours', () => {
  const { facts, texts } = told([shown(10, 'other'), status({ permId: 10 }), status()]);
  expect(facts).toEqual([
    'unrecognised',
    'order.warned unknown',
    'order.warned other',
    'order.reported',
  ]);
  expect(texts).toEqual([
    'the number of B.stop1.1 is that of "other" at the broker, too (permId 10)',
  ]);
});

it('an order of ours under another client id is alarmed', () => {
  const foreign = (orderRef: string): BrokerWord => ({
    word: 'foreignOrder',
    ...{ clientId: 2, orderId: 41, permId: 9, orderRef, account: 'DU1', symbol: 'X' },
    ...{ action: 'SELL', totalQuantity: 70, orderType: 'STP', status: 'Submitted' },
  });
  const { facts, texts } = told([foreign('B.stop1.1'), foreign('constructor'), foreign('')]);
  expect(facts).toEqual(['unrecognised', 'order.warned unknown']);
  expect(texts).toEqual(['client 2 has B.stop1.1: was it placed under that client id?']);
});

it('words about orders that we do not know pass as they are', () => {
  const { facts } = told([shown(9), shown(10)], openDesk(1));
  expect(facts).toEqual(['order.reported', 'order.reported']);
});

describe('what did not leave', () => {
  const facts = (withheld: Withheld, desk = placed) => hearWithheld(desk, withheld, 3);
  const request = place(wire);

  it('and never did before, is dead by our own word', () => {
    expect(facts({ request, unborn: true, because: 'it was cancelled' }).facts).toEqual([
      {
        type: 'order.reported',
        at: 3,
        orderRef: 'B.stop1.1',
        permId: 0,
        status: 'cancelled',
        filled: 0,
      },
    ]);
  });

  it.each([
    [request, 'placeOrder'],
    [{ request: 'cancelOrder', orderId: 41 } as const, 'cancelOrder'],
  ])('of an order that lives is no end of it: it is looked at', (asked, name) => {
    expect(facts({ request: asked, unborn: false, because: 'no connection' }).facts).toEqual([
      {
        type: 'order.warned',
        at: 3,
        orderRef: 'B.stop1.1',
        code: 0,
        text: `${name} did not leave: no connection`,
        remark: 'unknown',
      },
    ]);
  });

  it('of a look ends it: its deadline asks again', () => {
    const ask: Effect = { type: 'ask', askedAt: 5, because: '' };
    const asked = requestsOf(placed, ask).desk;
    const question = { request: 'reqOpenOrders' } as const;
    const heard = facts({ request: question, unborn: false, because: '' }, asked);
    expect(heard).toEqual({ desk: placed, facts: [] });
  });

  it('of a subscription to prices is told to a person', () => {
    const prices = { request: 'reqMktData', reqId: 4, symbol: 'X' } as const;
    expect(facts({ request: prices, unborn: false, because: 'no connection' }).facts).toEqual([
      { type: 'unrecognised', at: 3, text: 'reqMktData 4 did not leave: no connection' },
    ]);
  });
});
