/**
 * One bracket's turn within a step: facts go through its charts, what the charts want is sized,
 * booked and gated, until nothing is due any more.
 *
 *     conclude -> charts -> intents -> size -> ledger         … and again, until the charts rest
 */
import type { Intent } from '../../machines/chart.ts';
import type { BRACKET_FACTS, Leg, OrderFact, Region } from '../../machines/facts.ts';
import { LAWS, type LawId } from '../../machines/laws.ts';
import {
  type Audience,
  audienceOf,
  audienceOfOrder,
  type BracketChart,
  bracketChart,
  type ChartWord,
  keepStanding,
  standingOf,
  stepBracket,
} from './charts.ts';
import { committedQty, exitableQty } from './commitment.ts';
import { conclude } from './conclude.ts';
import { reviewDiscounts, setPair } from './discount.ts';
import { cumQty, newOrder, type Order } from './ledger.ts';
import { isStopLeg, isTargetLeg, pairNumber, partsOf } from './legs.ts';
import { admits, passedStop, resizes, unwants } from './plan.ts';
import type { Alarm, CloseRecord, Effect, Move } from './ready.ts';
import { disagreement } from './sample.ts';
import { situationOf } from './situation.ts';
import { hearingOf, type Standing } from './standing.ts';
import {
  type Book,
  type Bracket,
  currentOf,
  currentOrder,
  currentStop,
  type Draft,
  type Leaving,
  liveOrder,
  type State,
  withEntry,
} from './state.ts';
import { changedTicket, newTicket } from './ticket.ts';

/** A fixed point is reached in a few rounds: one for each leg that can follow another. */
const ROUNDS_MOST = 24;

export type Turn = {
  readonly seq: number;
  readonly at: number;
  readonly book: Book;
  readonly linkLive: boolean;
  readonly watch: Watch;
  readonly chart: BracketChart;
  /** Copied once, when the turn begins; what is done to it is written in place. */
  readonly bracket: Draft;
  /** Where the charts stand: the rows of the bracket's configuration. */
  standing: Standing;
  readonly withdrawals: Effect[];
  readonly placements: Effect[];
  readonly alarms: Alarm[];
  readonly moves: Move[];
  readonly ignored: string[];
  readonly asks: string[];
  closes: boolean;
};

/** Who else looks on while the charts run. */
export type Watch = {
  /** XState is asked, too, and must agree. */
  readonly sampled: boolean;
  /** Told every event that is put to the charts, with its conclusions. */
  readonly observe?: ((event: ChartWord) => unknown) | undefined;
};

/** What a turn adds to: the lists of its step. */
type Lists = Pick<Turn, 'withdrawals' | 'placements' | 'alarms' | 'moves' | 'ignored' | 'asks'>;
type Step = Lists & Pick<Turn, 'seq' | 'at' | 'watch'> & { readonly state: Pick<State, 'link'> };

export function newTurn(c: Step, book: Book, bracket: Bracket): Turn {
  const chart = bracketChart(bracket.pairs.length);
  return {
    seq: c.seq,
    at: c.at,
    book,
    linkLive: c.state.link === 'live',
    watch: c.watch,
    chart,
    // A new object even when nothing will change: that is how a reader sees whose turn it was.
    bracket: { ...bracket },
    standing: standingOf(chart, bracket.configuration),
    withdrawals: c.withdrawals,
    placements: c.placements,
    alarms: c.alarms,
    moves: c.moves,
    ignored: c.ignored,
    asks: c.asks,
    closes: false,
  };
}

export function warn(turn: Turn, law: LawId, text: string): void {
  turn.alarms.push({ law, bracket: turn.bracket.plan.bracket, text, broken: false });
}

/** A broken law is a defect of ours: it forbids whatever raises exposure, and shouts. */
export function broke(turn: Turn, law: LawId, text: string): void {
  turn.alarms.push({ law, bracket: turn.bracket.plan.bracket, text, broken: true });
}

/**
 * Replaces an order in the ledger, noting when it was first accepted and when it ended. `news` is
 * false for a word that was repeated: it does not reopen anything.
 */
export function store(turn: Turn, at: number, order: Order, news = true): void {
  const { bracket } = turn;
  const before = bracket.orders[at];
  if (news) bracket.newsAt = turn.seq;
  if (before === order) return;
  const acknowledgedAt =
    before?.acknowledged !== true && order.acknowledged ? turn.seq : order.acknowledgedAt;
  const endedAt = order.end === null ? 0 : before?.end === order.end ? order.endedAt : turn.seq;
  const claimedAt = order.claimedQty > (before?.claimedQty ?? 0) ? turn.seq : order.claimedAt;
  const dated =
    acknowledgedAt === order.acknowledgedAt &&
    endedAt === order.endedAt &&
    claimedAt === order.claimedAt;
  const stored = dated ? order : { ...order, acknowledgedAt, endedAt, claimedAt };
  bracket.orders = bracket.orders.with(at, stored);
}

/** News of the order that `leg` holds: one macrostep of all regions. */
export function hear(turn: Turn, leg: Leg, fact: OrderFact): void {
  const parts = partsOf(leg);
  const order = currentOf(turn.bracket, parts);
  macrostep(turn, audienceOfOrder(turn.chart, parts, fact), leg, order?.end === 'filled');
}

export function hearAll(turn: Turn, fact: (typeof BRACKET_FACTS)[number]): void {
  const addressed = fact === 'exposure.overdue' ? 'exposure' : null;
  macrostep(turn, audienceOf(turn.chart, fact), addressed, false);
}

/** Asks the charts what is due, until they rest. False when they still ask for something there. */
export function conclusion(turn: Turn): boolean {
  const { bracket, chart } = turn;
  for (let round = 0; round < ROUNDS_MOST; round++) {
    const { orders, pairs, configuration, leaving } = bracket;
    const silent = macrostep(turn, chart.closing, null, false);
    const booked = bracket.orders !== orders || bracket.pairs !== pairs;
    const moved = bracket.configuration !== configuration || bracket.leaving !== leaving;
    if (!booked && !moved) return silent;
  }
  broke(turn, 'L8', `the charts did not come to rest in ${ROUNDS_MOST} rounds`);
  return false;
}

/** False when something was asked for. */
function macrostep(
  turn: Turn,
  audience: Audience,
  addressed: Region | null,
  completes: boolean,
): boolean {
  review(turn);
  const { bracket, book, linkLive, chart, standing, watch } = turn;
  const situation = situationOf(book, bracket, linkLive, turn.seq);
  const { fact } = audience;
  const hearing = hearingOf(standing, audience);
  const conclusions = conclude(situation, hearing, completes);
  const made = stepBracket(chart, hearing, conclusions);
  watch.observe?.({ type: fact, conclusions });
  if (watch.sampled) {
    const wrong = disagreement(chart, standing, { type: fact, conclusions }, made);
    if (wrong !== null) broke(turn, 'L8', wrong);
  }
  if (!made.answered && addressed !== null) {
    const state = bracket.configuration[addressed];
    warn(turn, 'L8', `${addressed} in ${state} has no answer to ${fact}`);
  }
  if (made.standing !== standing) move(turn, made.standing);
  if (made.intents.length === 0) return true;
  carryOut(turn, made.intents, addressed, fact);
  return false;
}

/** The regions go where the charts have taken them. */
function move(turn: Turn, next: Standing): void {
  const { standing, chart, bracket } = turn;
  const configuration: Record<string, string> = { ...bracket.configuration };
  turn.standing = next;
  for (let at = 0; at < next.rows.length; at++) {
    const region = chart.names[at];
    const before = standing.rows[at];
    const after = next.rows[at];
    if (before === after || !region || !before || !after) continue;
    const from = before.configuration;
    const to = after.configuration;
    configuration[region] = to;
    turn.moves.push({ bracket: bracket.plan.bracket, region, from, to });
    if (from === 'unresolved' || to === 'unresolved') search(turn, region, to);
  }
  bracket.configuration = configuration;
  keepStanding(chart, configuration, next);
}

/** The chart says that an order's outcome is unknown, or known again: the ledger keeps it. */
function search(turn: Turn, region: Region, to: string): void {
  if (region === 'exposure') return;
  const { bracket } = turn;
  const at = bracket.current[region];
  const order = currentOrder(bracket, region);
  if (at === undefined || order === undefined) return;
  bracket.orders = bracket.orders.with(at, { ...order, unresolved: to === 'unresolved' });
}

/** The discounts of L6 are looked after before anything is concluded from them. */
function review(turn: Turn): void {
  for (const reason of reviewDiscounts(turn.bracket))
    warn(turn, 'L6', `the discount is lost: ${reason}`);
  if (turn.book.lastPx === null) return;
  if (passedStop(situationOf(turn.book, turn.bracket, turn.linkLive, turn.seq))) {
    leave(turn, 'priceThroughStop');
  }
}

const LEAVING: Readonly<Record<Leaving, string>> = {
  wished: 'the router wished it',
  naked: 'shares were naked for too long',
  stopRejected: 'the stop was refused twice',
  stopDidNotFill: 'the stop triggered and did not fill',
  priceThroughStop: 'the price is through the stop before it could be placed',
  sessionEnding: 'the session is ending',
};

/** Starts the way out; the first reason stands. */
export function leave(turn: Turn, leaving: Leaving): void {
  const { bracket } = turn;
  if (bracket.leaving !== null) return;
  bracket.leaving = leaving;
  bracket.newsAt = turn.seq;
  if (leaving !== 'wished') warn(turn, 'L5', `leaving: ${LEAVING[leaving]}`);
}

function carryOut(
  turn: Turn,
  intents: readonly Intent[],
  addressed: Region | null,
  fact: string,
): void {
  const again = fact.endsWith('.requestOverdue');
  for (const intent of intents) {
    if (intent.type === 'cancel') cancel(turn, intent.params.leg, again);
  }
  for (const intent of intents) {
    switch (intent.type) {
      case 'cancel':
        break;
      case 'place':
        place(turn, intent.params.leg);
        break;
      case 'replace':
        replace(turn, intent.params.leg);
        break;
      case 'ask':
        turn.asks.push(intent.params.because);
        break;
      case 'alarm':
        warn(turn, intent.params.law, `${addressed ?? 'bracket'}: ${intent.params.text}`);
        break;
      case 'ignore':
        if (addressed !== null) turn.ignored.push(`${addressed}: ${intent.params.because}`);
        break;
      case 'close':
        turn.closes = true;
        break;
    }
  }
}

/** Asks for a cancel. It is asked again only by its deadline, or a refusal would loop. */
function cancel(turn: Turn, leg: Leg, again: boolean): void {
  const at = turn.bracket.current[leg];
  const order = liveOrder(turn.bracket, leg);
  if (at === undefined || order === undefined || order.cancelAsked !== again) return;
  const s = situationOf(turn.book, turn.bracket, turn.linkLive, turn.seq);
  const reason = order.cancelAsked ? 'asked again' : unwants(s, partsOf(leg));
  const because = reason ?? siblingReason(turn.bracket, order);
  store(turn, at, { ...order, cancelAsked: true });
  turn.withdrawals.push({ type: 'cancel', orderRef: order.ticket.orderRef, because });
}

/** Why a sibling's fact alone withdraws it, in the words of what happened. */
function siblingReason(bracket: Bracket, order: Order): string {
  if (order.leg === 'entry') return 'an exit trades';
  if (isStopLeg(order.leg)) return 'its target has taken all';
  const stop = currentStop(bracket, order.pair);
  if (stop === undefined || cumQty(stop) > 0) return 'its stop has traded';
  return stop.end === null ? 'its stop has triggered' : 'its stop is gone';
}

function place(turn: Turn, leg: Leg): void {
  const s = situationOf(turn.book, turn.bracket, turn.linkLive, turn.seq);
  const because = admits(s, partsOf(leg)) ?? 'admitted';
  const again = liveOrder(turn.bracket, leg);
  const at = turn.bracket.current[leg];
  if (again !== undefined && at !== undefined) {
    // What was asked of it while the broker did not have it is void: asked anew once it has.
    store(turn, at, {
      ...again,
      cancelAsked: false,
      missing: false,
      unresolved: false,
      resent: true,
      sentAt: turn.seq,
    });
    turn.placements.push({ type: 'place', ticket: again.ticket, because });
    return;
  }
  const ticket = newTicket(s, leg);
  const exits = ticket.action !== turn.bracket.plan.side;
  const order = newOrder(ticket, pairNumber(leg), exits, turn.seq);
  const { bracket } = turn;
  bracket.current = withEntry(bracket.current, leg, bracket.orders.length);
  bracket.orders = [...bracket.orders, order];
  bracket.heardAt = [...bracket.heardAt, 0];
  bracket.newsAt = turn.seq;
  if (isTargetLeg(leg) && ticket.group !== '') discount(turn, order.pair);
  turn.placements.push({ type: 'place', ticket, because });
  interlock(turn, leg, exits);
}

function discount(turn: Turn, pair: number): void {
  const p = turn.bracket.pairs[pair - 1];
  if (p !== undefined) setPair(turn.bracket, pair, { ...p, discounted: true });
}

function replace(turn: Turn, leg: Leg): void {
  const at = turn.bracket.current[leg];
  const order = liveOrder(turn.bracket, leg);
  if (at === undefined || order === undefined) return;
  const s = situationOf(turn.book, turn.bracket, turn.linkLive, turn.seq);
  const because = resizes(s, partsOf(leg)) ?? 'it changes';
  const ticket = changedTicket(s, order);
  store(turn, at, { ...order, replaceAsked: ticket });
  turn.placements.push({ type: 'replace', ticket, because });
  // A replace that takes nothing up is allowed even while an overhang lasts: it brings it down.
  if (ticket.qty > order.largest) interlock(turn, leg, true);
}

/** L6, asserted where an effect is made, after the gate has let it go. */
function interlock(turn: Turn, leg: Leg, exits: boolean): void {
  if (!exits) return;
  const committed = committedQty(turn.bracket);
  const entered = exitableQty(turn.bracket);
  if (committed > entered) {
    broke(turn, 'L6', `${leg} would commit ${committed} of ${entered} entered`);
    turn.placements.pop();
  }
}

const CHECKED: readonly LawId[] = LAWS.filter(({ where }) => where !== 'engine').map(
  ({ id }) => id,
);

/** The record of a bracket that is over (L10). */
export function closeRecord(turn: Turn): CloseRecord {
  const { bracket, at } = turn;
  const buys = bracket.plan.side === 'BUY';
  let entered = 0;
  let exited = 0;
  const legs = bracket.orders.map((order) => {
    const cum = cumQty(order);
    if (order.exits) exited += cum;
    else entered += cum;
    return { orderRef: order.ticket.orderRef, cumQty: cum, end: order.end ?? 'live' };
  });
  return {
    bracket: bracket.plan.bracket,
    at,
    bought: buys ? entered : exited,
    sold: buys ? exited : entered,
    net: buys ? entered - exited : exited - entered,
    legs,
    nakedMs: bracket.nakedMs,
    raceMs: bracket.raceMs,
    askedAt: bracket.absentAt,
    laws: CHECKED,
    nakedMost: bracket.nakedMost,
    overhangMost: bracket.overhangMost,
    oversoldMost: bracket.oversoldMost,
    foreign: bracket.foreign,
  };
}
