/** The desk: ids that are never used twice, and answers that belong to the question under way. */
import { describe, expect, it } from 'vitest';
import type { Effect, Ticket } from '../../src/core/ready.ts';
import { type Desk, dropGathering, hearWord, openDesk, requestsOf } from '../../src/ib/desk.ts';
import type { BrokerRequest, BrokerWord, ExecDetailsWord } from '../../src/ports/broker.ts';

const ticket: Ticket = {
  orderRef: 'B.stop1.1',
  bracket: 'B',
  leg: 'stop1',
  account: 'DU1',
  symbol: 'X',
  conId: 7,
  action: 'SELL',
  orderType: 'STP LMT',
  qty: 705_000,
  limitPx: 124_000_000,
  stopPx: 125_000_000,
  tif: 'GTC',
  outsideRth: true,
  group: 'B.1.1',
  ocaType: 2,
};
const place: Effect = { type: 'place', ticket, because: '' };
const ask: Effect = { type: 'ask', askedAt: 5, because: '' };

const fill = (reqId: number, execId: string): ExecDetailsWord => ({
  word: 'execDetails',
  reqId,
  orderId: 1,
  permId: 9,
  orderRef: 'B.stop1.1',
  account: 'DU1',
  symbol: 'X',
  execId,
  side: 'SLD',
  shares: 70.5,
  price: 1.25,
  cumQty: 70.5,
});

/** Says the words one after another; what the desk asked and understood on the way. */
function converse(desk: Desk, words: readonly BrokerWord[]) {
  const requests: BrokerRequest[] = [];
  const facts: unknown[] = [];
  let next = desk;
  for (const word of words) {
    const heard = hearWord(next, word, 1);
    next = heard.desk;
    requests.push(...heard.requests);
    facts.push(...heard.facts);
  }
  return { desk: next, requests, facts };
}

describe('orders', () => {
  it('makes every field that matters explicit, in decimals, attached to no parent', () => {
    const { requests } = requestsOf(openDesk(41), place);
    expect(requests).toEqual([
      {
        request: 'placeOrder',
        ticket: {
          orderId: 41,
          orderRef: 'B.stop1.1',
          account: 'DU1',
          symbol: 'X',
          conId: 7,
          action: 'SELL',
          totalQuantity: 70.5,
          orderType: 'STP LMT',
          lmtPrice: 1.24,
          auxPrice: 1.25,
          tif: 'GTC',
          outsideRth: true,
          ocaGroup: 'B.1.1',
          ocaType: 2,
          parentId: 0,
          transmit: true,
        },
      },
    ]);
  });

  it('sends the same order again, and its replace, under the same id; another never', () => {
    const first = requestsOf(openDesk(41), place);
    const again = requestsOf(first.desk, place);
    expect(again.requests).toMatchObject([{ ticket: { orderId: 41 } }]);
    const replaced = requestsOf(again.desk, { ...place, type: 'replace' });
    expect(replaced.requests).toMatchObject([{ ticket: { orderId: 41 } }]);
    const other = requestsOf(replaced.desk, {
      ...place,
      ticket: { ...ticket, orderRef: 'B.stop1.2' },
    });
    expect(other.requests).toMatchObject([{ ticket: { orderId: 42 } }]);
  });
});

describe('a snapshot', () => {
  const asked = () => requestsOf(requestsOf(openDesk(1), place).desk, ask).desk;

  it('asks for open orders, executions, positions, completed orders, executions again', () => {
    const { requests, facts } = converse(asked(), [
      { word: 'openOrderEnd' },
      fill(1, 'a.01'),
      { word: 'execDetailsEnd', reqId: 1 },
      { word: 'position', account: 'DU1', symbol: 'X', conId: 7, position: -70.5, avgCost: 0 },
      { word: 'positionEnd' },
      { word: 'completedOrdersEnd' },
      fill(2, 'a.01'),
      { word: 'execDetailsEnd', reqId: 2 },
    ]);
    expect(requests.map((r) => r.request)).toEqual([
      'reqExecutions',
      'reqPositions',
      'reqCompletedOrders',
      'reqExecutions',
    ]);
    expect(facts).toMatchObject([
      {
        type: 'snapshot.taken',
        askedAt: 5,
        executions: [{ execId: 'a.01', qty: 705_000 }],
        positions: [{ conId: 7, position: -705_000 }],
      },
    ]);
  });

  it.each([
    ['one execution more', [fill(2, 'a.01'), fill(2, 'b.01')]],
    ['another in its place', [fill(2, 'b.01')]],
    ['a correction', [fill(2, 'a.02')]],
  ])('proves no position when the second list shows %s', (_, second) => {
    const { facts } = converse(asked(), [
      { word: 'openOrderEnd' },
      fill(1, 'a.01'),
      { word: 'execDetailsEnd', reqId: 1 },
      { word: 'positionEnd' },
      { word: 'completedOrdersEnd' },
      ...second,
      { word: 'execDetailsEnd', reqId: 2 },
    ]);
    expect(facts.at(-1)).toMatchObject({ type: 'snapshot.taken', positions: null });
  });

  it('takes no answer to an older question for the newest', () => {
    const first = converse(asked(), [{ word: 'openOrderEnd' }]);
    const second = requestsOf(dropGathering(first.desk), { ...ask, askedAt: 9 }).desk;
    const { facts, requests } = converse(second, [
      fill(1, 'a.01'),
      { word: 'execDetailsEnd', reqId: 1 },
      { word: 'openOrderEnd' },
      { word: 'execDetailsEnd', reqId: 1 },
    ]);
    // The older execution is a fact all the same; the older end moves nothing on.
    expect(facts).toMatchObject([{ type: 'order.executed', execId: 'a.01' }]);
    expect(requests).toEqual([{ request: 'reqExecutions', reqId: 2 }]);
  });

  it('begins anew when an answer was lost, and is asked for all the same', () => {
    let desk = asked();
    const sent: BrokerRequest[] = [];
    for (let i = 0; i < 12; i++) {
      const next = requestsOf(desk, { ...ask, askedAt: 10 + i });
      desk = next.desk;
      sent.push(...next.requests);
    }
    expect(sent).toEqual([{ request: 'reqOpenOrders' }]);
  });
});
