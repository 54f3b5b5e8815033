/**
 * Situations that the plan is asked about: brackets in a book, with orders in every state that
 * matters. Drawn, not played: most are as they may come, and some are as no broker makes them, since
 * the rules answer there too. Quantities are a few lots, and prices lie at, before and behind each
 * other, so that every comparison meets what is equal. The same seed draws the same.
 */
import { type Leg, legsOf } from '../../machines/facts.ts';
import { newOrder, type Order } from '../../src/core/ledger.ts';
import type { Ticket } from '../../src/core/ready.ts';
import { type Plan, policySchema } from '../../src/core/request.ts';
import type { Book, Bracket, Leaving, Pair } from '../../src/core/state.ts';
import {
  ARMED,
  Draw,
  LIVE,
  OVER,
  oddly,
  SHARE,
  type Stage,
  stageOf,
  tradedBy,
} from './plan-orders.ts';
import { cumOf, pairExited, sharesOf } from './reference-plan-sums.ts';

export type Drawn = {
  readonly seed: number;
  readonly book: Book;
  readonly bracket: Bracket;
  readonly linkLive: boolean;
  readonly granted: number;
  /** What the gate is asked. */
  readonly gates: readonly {
    readonly other: Bracket;
    readonly more: number;
    readonly guards: boolean;
  }[];
};

const SIZES: readonly (readonly number[])[] = [
  [1],
  [2],
  [2],
  [3],
  [4],
  [1, 1],
  [2, 1],
  [1, 2],
  [2, 2],
  [1, 1, 1],
  [2, 1, 1],
];

const POLICY = policySchema.parse({ escalationOffset: '0.00000002' });

function planOf(draw: Draw, bracket: string): Plan {
  const side = draw.of('BUY', 'SELL');
  const up = side === 'BUY' ? 1 : -1;
  const outsideRth = draw.chance(0.3);
  const limited = outsideRth || draw.chance(0.15);
  const sizes = draw.of(SIZES[0] ?? [1], ...SIZES);
  draw.unit = draw.chance(0.1) ? 1 : SHARE;
  const tif = draw.of('GTC', 'DAY');
  const entry = draw.of<Plan['entry']>(
    { type: 'LMT', limitPrice: 100, tif, outsideRth },
    { type: 'MKT', tif, outsideRth },
    { type: 'STP', stopPrice: 100, tif, outsideRth },
    { type: 'STP LMT', stopPrice: 100, limitPrice: 101, tif, outsideRth },
  );
  const stopPrice = 100 - 20 * up;
  const rest = { tif: draw.of<'GTC' | 'DAY'>('GTC', 'DAY'), outsideRth };
  return {
    bracket,
    account: 'DU1',
    symbol: 'RIME',
    conId: 7,
    side,
    quantity: sizes.reduce((a, b) => a + b, 0) * draw.unit,
    entry,
    stop: limited
      ? { type: 'STP LMT', stopPrice, limitPrice: stopPrice - 2 * up, ...rest }
      : { type: 'STP', stopPrice, ...rest },
    targets: sizes.map((size) => ({
      qty: size * draw.unit,
      limitPrice: 100 + 20 * up,
      tif: draw.of('GTC', 'DAY'),
      outsideRth: draw.chance(0.5),
    })),
    plan: draw.of('paired', 'paired', 'sequenced'),
    flattenBeforeClose: false,
    policy: { ...POLICY, remedy: draw.of('alert', 'flatten') },
  };
}

type Made = {
  readonly draw: Draw;
  readonly plan: Plan;
  readonly pairs: Pair[];
  readonly orders: Order[];
};

function make(
  { draw, plan, orders }: Made,
  leg: Leg,
  ticket: Partial<Ticket>,
  stages: readonly Stage[],
): Order {
  const generation = orders.filter((order) => order.leg === leg).length + 1;
  const opposite = plan.side === 'BUY' ? 'SELL' : 'BUY';
  const orderRef = `${plan.bracket}.${leg}.${generation}`;
  const whole: Ticket = {
    orderRef,
    bracket: plan.bracket,
    leg,
    account: plan.account,
    symbol: plan.symbol,
    conId: plan.conId,
    action: leg === 'entry' ? plan.side : opposite,
    orderType: 'LMT',
    qty: draw.unit,
    tif: 'GTC',
    outsideRth: false,
    group: '',
    ocaType: 0,
    ...ticket,
  };
  const stage = stageOf(draw, stages);
  const { qty } = whole;
  const { unit } = draw;
  const part = qty > unit ? draw.of(unit, qty - unit) : Math.floor(qty / 2);
  const cum = stage.cum === 'all' ? qty : stage.cum === 'part' ? part : 0;
  const sentAt = draw.of(10, 20, 30);
  const order: Order = {
    ...newOrder(whole, Number(leg.at(-1)) || 0, whole.action !== plan.side, sentAt),
    ...stage.fields,
    ...tradedBy(draw, orderRef, cum),
    endedAt: stage.fields.end === undefined ? 0 : draw.of(sentAt, 30, 40),
  };
  const made = draw.chance(0.12) ? oddly(draw, order) : order;
  orders.push(made);
  return made;
}

function pairOf(draw: Draw, plan: Plan, i: number): Pair {
  const { stop, targets } = plan;
  const { limitPrice = 100 } = targets[i] ?? {};
  const up = plan.side === 'BUY' ? 1 : -1;
  return {
    stopPx: draw.mostly(0.85, stop.stopPrice, stop.stopPrice + up),
    stopLimitPx: stop.type === 'STP LMT' ? draw.mostly(0.8, stop.limitPrice, 77) : null,
    targetPx: draw.mostly(0.9, limitPrice, limitPrice + up),
    mode: draw.mostly(0.8, plan.plan, 'sequenced'),
    touched: draw.chance(0.4),
    discounted: false,
    replaceRefusals: draw.mostly(0.75, 0, 1),
    stopRejections: draw.mostly(0.85, 0, 1, 2),
    targetRejections: draw.mostly(0.9, 0, 1),
    repricings: 0,
  };
}

/** A target that has sold some of what it may: then its stop is watched. */
const PARTLY: readonly Stage[] = [{ weight: 1, fields: ARMED, cum: 'part' }];

/** The orders of one pair: some that were, the stop, and the target that may be beside it. */
function fillPair(made: Made, i: number, part: number): void {
  const { draw, plan, pairs, orders } = made;
  const { unit } = draw;
  const pair = pairOf(draw, plan, i);
  pairs.push(pair);
  const { stop, targets } = plan;
  const number = i + 1;
  const grouped = draw.mostly(0.95, pair.mode === 'paired', pair.mode !== 'paired');
  let generation = 0;
  const stopTicket = (qty: number): Partial<Ticket> => {
    generation += 1;
    return {
      orderType: stop.type,
      qty,
      stopPx: stop.stopPrice,
      ...(stop.type === 'STP LMT' ? { limitPx: stop.limitPrice } : {}),
      group: grouped ? `${plan.bracket}.${number}.${generation}` : '',
      ocaType: grouped ? 2 : 0,
    };
  };
  const targetTicket = (qty: number, group: string): Partial<Ticket> => ({
    qty,
    limitPx: targets[i]?.limitPrice ?? 100,
    group,
    ocaType: group === '' ? 0 : 2,
  });
  const sized = (most: number): number =>
    draw.mostly(0.8, Math.max(most, unit), unit, unit, 2 * unit, 3 * unit);
  const left = (): number =>
    part - orders.filter((o) => o.pair === number).reduce((sum, o) => sum + o.executedQty, 0);
  if (draw.chance(0.2)) make(made, `stop${number}`, stopTicket(sized(part)), OVER);
  if (draw.chance(0.15)) make(made, `target${number}`, targetTicket(sized(left()), ''), OVER);
  if (!draw.chance(0.85)) return;
  const first = make(
    made,
    `stop${number}`,
    stopTicket(sized(left())),
    draw.chance(0.65) ? LIVE : OVER,
  );
  if (first.end === null && draw.chance(0.07)) {
    const asked = { ...first.ticket, qty: draw.of(first.qty, first.qty + unit) };
    orders[orders.indexOf(first)] = { ...first, replaceAsked: asked };
  }
  if (!draw.chance(grouped ? 0.5 : 0.35)) return;
  const group = draw.mostly(0.9, first.ticket.group, '');
  const size = draw.mostly(0.85, first.ticket.qty, unit, 2 * unit);
  const second = make(
    made,
    `target${number}`,
    targetTicket(size, group),
    draw.chance(0.6) ? (draw.chance(0.2) ? PARTLY : LIVE) : OVER,
  );
  if (first.triggered && second.end === null && draw.chance(0.3)) {
    orders[orders.indexOf(second)] = { ...second, unresolved: true, cancelAsked: false };
  }
  // Lost on its way, while its stop trades.
  const unheard = second.end === null && cumOf(second) === 0;
  if (first.end === null && cumOf(first) > 0 && unheard && draw.chance(0.3)) {
    const lost = { acknowledged: false, missing: true, unresolved: true };
    orders[orders.findIndex(({ ticket }) => ticket === second.ticket)] = { ...second, ...lost };
  }
  if (group !== '' && draw.chance(0.85)) pairs[i] = { ...pair, discounted: true };
  const taken = cumOf(second);
  // As it should be reduced, and otherwise.
  if (taken > 0 && draw.chance(0.7)) {
    const qty = Math.max(0, first.qty - draw.mostly(0.5, taken, unit, 2 * unit));
    const at = orders.findIndex(({ ticket }) => ticket === first.ticket);
    orders[at] = { ...(orders[at] ?? first), qty };
  }
}

const LEAVING: readonly Leaving[] = ['naked', 'stopRejected', 'priceThroughStop', 'sessionEnding'];

function bracketOf(draw: Draw, id: string): Bracket {
  const plan = planOf(draw, id);
  const made: Made = { draw, plan, pairs: [], orders: [] };
  const entry: Partial<Ticket> = { orderType: plan.entry.type, qty: plan.quantity };
  let came = 0;
  if (draw.chance(0.95)) {
    const done: Stage = { weight: 1, fields: { ...ARMED, end: 'filled' }, cum: 'all' };
    const stages = draw.chance(0.6) ? [done] : draw.chance(0.6) ? LIVE : OVER;
    came = make(made, 'entry', entry, stages).executedQty;
  }
  const parts = sharesOf(plan, came);
  if (came > 0 || draw.chance(0.2)) parts.forEach((part, i) => fillPair(made, i, part));
  else plan.targets.forEach((_, i) => made.pairs.push(pairOf(draw, plan, i)));
  const out = draw.chance(0.3);
  if (out && draw.chance(0.5)) end(made);
  if (out && draw.chance(0.7)) close(made, came);
  return {
    plan,
    configuration: configurationOf(plan, made.orders),
    orders: made.orders,
    heardAt: made.orders.map(() => 0),
    current: Object.fromEntries(made.orders.map((order, at) => [order.leg, at])),
    pairs: made.pairs,
    cancelWished: draw.chance(0.07),
    leaving: draw.chance(out ? 0.8 : 0.06) ? draw.of('wished', ...LEAVING) : null,
    entryLate: draw.chance(0.07),
    closingLate: draw.mostly(0.7, 0, 1, 2),
    coverElapsed: draw.mostly(0.6, 0, 1, 2, 3),
    foreign: draw.chance(0.12) ? draw.of(draw.unit, draw.unit, 2 * draw.unit, 3 * draw.unit) : 0,
    oversoldMost: 0,
    absentAt: draw.of(0, 30, 40, 45),
    newsAt: draw.of(30, 40),
    deadlines: [],
    deadlineCount: 0,
    nakedSince: -1,
    nakedMs: 0,
    raceSince: -1,
    raceMs: 0,
    nakedMost: 0,
    overhangMost: 0,
  };
}

/** Where the charts stand with these orders. */
export function configurationOf(
  { targets }: Plan,
  orders: readonly Order[],
): Record<string, string> {
  const stands = legsOf(targets.length).map((leg): [string, string] => {
    const order = orders.findLast((one) => one.leg === leg);
    if (order === undefined) return [leg, 'idle'];
    if (order.end !== null) return [leg, `ended.${order.end}`];
    if (order.unresolved) return [leg, 'unresolved'];
    const life = !order.acknowledged
      ? 'pendingSubmit'
      : order.held !== ''
        ? 'held'
        : order.triggered
          ? 'trading'
          : 'working';
    const request = order.cancelAsked
      ? 'cancelAsked'
      : order.replaceAsked !== null
        ? 'replaceAsked'
        : 'none';
    return [leg, `live.${life}.${request}`];
  });
  return Object.fromEntries([...stands, ['exposure', 'exposed']]);
}

/** Everything has come to an end, but for one in a while. */
function end({ draw, orders }: Made): void {
  orders.forEach((order, at) => {
    if (order.end !== null || draw.chance(0.04)) return;
    orders[at] = { ...order, end: 'cancelled', endedAt: 45, cancelAsked: true };
  });
}

/** Closing orders: the ones that were, and the one that is. */
function close(made: Made, came: number): void {
  const { draw, plan, orders } = made;
  const pairs = made.pairs.map((_, i) => i + 1);
  const left = (): number => {
    const sold = pairs.reduce((sum, pair) => sum + pairExited({ orders }, pair), 0);
    return Math.max(draw.unit, came - sold);
  };
  const buysBack = draw.chance(0.2) ? { action: plan.side } : {};
  const ticket = (): Partial<Ticket> => ({
    orderType: plan.stop.outsideRth ? 'LMT' : 'MKT',
    qty: draw.mostly(0.8, left(), draw.unit, 2 * draw.unit),
    ...buysBack,
  });
  for (let was = draw.of(0, 0, 1, 2); was > 0; was--) make(made, 'closing', ticket(), OVER);
  if (draw.chance(0.5)) make(made, 'closing', ticket(), LIVE);
}

/** The book of one or two brackets, and where the market and the link are. */
export function drawn(seed: number): Drawn {
  const draw = new Draw(seed);
  const bracket = bracketOf(draw, 'b');
  const others = draw.chance(0.3) ? [bracketOf(draw, 'c')] : [];
  const { stopPx = 80, targetPx = 120 } = bracket.pairs[0] ?? {};
  const at = draw.of(stopPx, stopPx, targetPx, 100);
  const book: Book = {
    account: 'DU1',
    symbol: 'RIME',
    conId: 7,
    brackets: draw.chance(0.5) ? [bracket, ...others] : [...others, bracket],
    foreign: 0,
    lastPx: draw.chance(0.35) ? null : draw.mostly(0.05, 1, at - 1, at, at + 1),
    halted: draw.chance(0.08),
    frozen: draw.chance(0.08) ? 'breached' : null,
    tradedAt: 0,
  };
  const gates = book.brackets.map((other) => ({
    other,
    more: draw.of(0, draw.unit, 2 * draw.unit),
    guards: draw.chance(0.5),
  }));
  const granted = draw.mostly(0.85, 0, draw.unit, 2 * draw.unit);
  return { seed, book, bracket, linkLive: !draw.chance(0.1), granted, gates };
}

/** The same orders in another bracket: one thing beside them is otherwise. */
export function variantOf(of: Drawn): Drawn {
  const { bracket, seed } = of;
  const { leaving, foreign, plan, pairs } = bracket;
  const unit = plan.targets.every(({ qty }) => qty % SHARE === 0) ? SHARE : 1;
  const grouped = (i: number): boolean =>
    bracket.orders.findLast(({ leg }) => leg === `stop${i + 1}`)?.ticket.group !== '';
  const others: readonly Partial<Bracket>[] = [
    { leaving: leaving === null ? 'wished' : null },
    { foreign: foreign + unit },
    { pairs: pairs.map((pair, i) => ({ ...pair, discounted: !pair.discounted && grouped(i) })) },
    { plan: { ...plan, targets: plan.targets.toReversed() } },
    // Another array, and one share more in it.
    { orders: bracket.orders.map((order) => ({ ...order, claimedQty: order.claimedQty + unit })) },
  ];
  return { ...of, bracket: { ...bracket, ...others[seed % others.length] } };
}
