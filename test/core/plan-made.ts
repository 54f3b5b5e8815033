/** Situations of one pair that are made, not drawn: each order is said, all else is as it should be. */
import { newOrder, type Order } from '../../src/core/ledger.ts';
import type { Ticket } from '../../src/core/ready.ts';
import { type Plan, readRequest } from '../../src/core/request.ts';
import type { Book, Bracket, Pair } from '../../src/core/state.ts';
import { ARMED, SHARE } from './plan-orders.ts';
import { configurationOf, type Drawn } from './plan-situations.ts';

export type Told = Partial<Order> & {
  readonly leg: Order['leg'];
  readonly of: number;
  readonly cum?: number;
  /** By one execution, or share by share. */
  readonly once?: boolean;
};

type Sort = {
  readonly side?: 'SELL';
  readonly shares?: number;
  readonly limited?: true;
  readonly remedies?: true;
};

/** Read once: most that is made is of the same sort. */
const PLANS = new Map<string, Plan>();

function planOf(other: Sort): Plan {
  const { side = 'BUY', shares: quantity = 2, limited = false, remedies = false } = other;
  const name = `${side} ${quantity} ${limited} ${remedies}`;
  const known = PLANS.get(name);
  if (known !== undefined) return known;
  const up = side === 'SELL' ? -1 : 1;
  const times = { tif: 'GTC', outsideRth: limited } as const;
  const prices = { stopPrice: 100 - 20 * up, limitPrice: 100 - 22 * up };
  const reading = readRequest({
    bracket: 'b',
    account: 'DU1',
    symbol: 'RIME',
    side,
    quantity,
    entry: { type: 'LMT', limitPrice: 100, ...times },
    stop: limited
      ? { type: 'STP LMT', ...prices, ...times }
      : { type: 'STP', stopPrice: prices.stopPrice, ...times },
    targets: [{ quantity, limitPrice: 100 + 20 * up, ...times }],
    policy: { remedy: remedies ? 'flatten' : 'alert', escalationOffset: 2 },
  });
  if (!reading.ok) throw new Error(reading.reasons.join());
  PLANS.set(name, reading.plan);
  return reading.plan;
}

/** One pair of so many shares, with these orders. */
export function situation(
  orders: readonly Told[],
  other: Sort & {
    readonly pair?: Partial<Pair>;
    readonly book?: Partial<Book>;
  } = {},
): Drawn {
  const plan = planOf(other);
  const ledger = orders.map(({ leg, of, cum = 0, once = true, ...fields }, at): Order => {
    const exits = leg !== 'entry';
    const isGrouped = leg.startsWith('stop') || leg.startsWith('target');
    const ticket: Ticket = {
      orderRef: `b.${leg}.${at}`,
      ...{ bracket: 'b', leg, account: 'DU1', symbol: 'RIME', conId: 0 },
      action: exits === (plan.side === 'SELL') ? 'BUY' : 'SELL',
      orderType: 'LMT',
      qty: of * SHARE,
      ...(leg.startsWith('stop') ? { stopPx: plan.stop.stopPrice } : {}),
      ...(leg.startsWith('target') ? { limitPx: plan.targets[0]?.limitPrice ?? 0 } : {}),
      ...{ tif: 'GTC', outsideRth: false, group: isGrouped ? 'b.1.1' : '' },
      ocaType: isGrouped ? 2 : 0,
    };
    const parts = cum === 0 ? [] : once ? [cum] : Array.from({ length: cum }, () => 1);
    const executions = parts.map((part, i) => {
      const qty = part * SHARE;
      return { key: `${leg}.${at}.${i}`, revision: 1, qty, px: 100, busted: false, toldQty: qty };
    });
    return {
      ...newOrder(ticket, isGrouped ? 1 : 0, exits, 10),
      ...{ executions, executedQty: cum * SHARE },
      ...fields,
    };
  });
  const pair: Pair = {
    stopPx: plan.stop.stopPrice,
    stopLimitPx: plan.stop.type === 'STP LMT' ? plan.stop.limitPrice : null,
    targetPx: plan.targets[0]?.limitPrice ?? 0,
    ...{ mode: 'paired', touched: false, discounted: false },
    ...{ replaceRefusals: 0, stopRejections: 0, targetRejections: 0, repricings: 0 },
    ...other.pair,
  };
  const bracket: Bracket = {
    plan,
    configuration: configurationOf(plan, ledger),
    orders: ledger,
    heardAt: ledger.map(() => 0),
    current: Object.fromEntries(ledger.map((order, at) => [order.leg, at])),
    pairs: [pair],
    ...{ cancelWished: false, leaving: null, entryLate: false, closingLate: 0, coverElapsed: 0 },
    ...{ foreign: 0, oversoldMost: 0, absentAt: 0, newsAt: 0, deadlines: [], deadlineCount: 0 },
    ...{ nakedSince: -1, nakedMs: 0, nakedMost: 0, overhangMost: 0 },
    ...{ raceSince: -1, raceMs: 0 },
  };
  const book: Book = {
    ...{ account: 'DU1', symbol: 'RIME', conId: 0, brackets: [bracket], foreign: 0 },
    ...{ lastPx: 100, halted: false, frozen: null, tradedAt: 0 },
    ...other.book,
  };
  return { seed: 0, book, bracket, linkLive: true, granted: 0, gates: [] };
}

/** The entry of `of` shares, bought. */
export const bought = (of: number): Told => ({
  leg: 'entry',
  of,
  ...ARMED,
  end: 'filled',
  cum: of,
});

/** A pair of three, in every way that its legs may have traded and been reduced. */
export function pairsInDoubt(): readonly Drawn[] {
  const counts = [0, 1, 2, 3];
  const reduced = counts.flatMap((stopLess) =>
    [0, 1].map((targetLess) => ({ stopLess, targetLess })),
  );
  const traded = counts.flatMap((taken) =>
    [0, 1, 2].flatMap((stopTook) => [true, false].map((once) => ({ taken, stopTook, once }))),
  );
  const ends = [
    { stop: null, target: null },
    { stop: null, target: 'cancelled' },
    { stop: 'cancelled', target: null },
  ] as const;
  return ends.flatMap(({ stop, target }) =>
    traded.flatMap(({ taken, stopTook, once }) =>
      reduced.map(({ stopLess, targetLess }) =>
        situation(
          [
            bought(3),
            {
              ...{ leg: 'stop1', of: 3, ...ARMED, end: stop, cum: stopTook, once },
              qty: (3 - stopLess) * SHARE,
            },
            {
              ...{ leg: 'target1', of: 3, ...ARMED, end: target, cum: taken, once },
              qty: (3 - targetLess) * SHARE,
            },
          ],
          { shares: 3, pair: { discounted: true } },
        ),
      ),
    ),
  );
}

/** Not to be found at the broker, and nothing was heard of it. */
const LOST = { missing: true, unresolved: true } as const;

/** What the drawn situations do not come to. */
export function rareSituations(): readonly Drawn[] {
  const taken = (endedAt: number): Told => ({
    ...{ leg: 'target1', of: 1, ...ARMED, end: 'filled', cum: 1 },
    endedAt,
  });
  return [
    // What was sent in step 10 knew of what had ended in step 10, and of nothing later.
    situation([bought(2), taken(10), { leg: 'stop1', of: 1, ...LOST }]),
    situation([bought(2), taken(11), { leg: 'stop1', of: 1, ...LOST }]),
    // A target that has sold some of its shares when more come.
    situation(
      [bought(3), { leg: 'stop1', of: 2, ...ARMED }, { leg: 'target1', of: 2, ...ARMED, cum: 1 }],
      { shares: 3, pair: { discounted: true } },
    ),
  ];
}
