/**
 * The plan beside the reference, in situations that are drawn: every figure, every answer, what is
 * sent for it, what the charts are told, and what becomes of the discounts.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Leg, legsOf } from '../../machines/facts.ts';
import { bracketChart, standingOf } from '../../src/core/charts.ts';
import * as figures from '../../src/core/commitment.ts';
import { conclude } from '../../src/core/conclude.ts';
import { reviewDiscounts } from '../../src/core/discount.ts';
import { type Parts, partsOf } from '../../src/core/legs.ts';
import * as plan from '../../src/core/plan.ts';
import { type Situation, situationOf } from '../../src/core/situation.ts';
import { hearingOf } from '../../src/core/standing.ts';
import type { Bracket, Draft } from '../../src/core/state.ts';
import { changedTicket, newTicket } from '../../src/core/ticket.ts';
import { EXCEPTIONS } from './plan-exceptions.ts';
import { pairsInDoubt, rareSituations } from './plan-made.ts';
import { NOW } from './plan-orders.ts';
import { type Drawn, drawn, variantOf } from './plan-situations.ts';
import * as reference from './reference-plan.ts';
import { type Scene, type View, viewOf } from './reference-plan-claims.ts';
import { conclusionsOf } from './reference-plan-conclusions.ts';
import { beliefIn } from './reference-plan-discount.ts';
import * as sums from './reference-plan-sums.ts';
import * as tickets from './reference-plan-tickets.ts';

export type Difference = {
  readonly drawn: Drawn;
  readonly what: string;
  readonly says: string;
  readonly should: string;
};

type Row = readonly [what: string, says: unknown, should: unknown];

const FIGURES: readonly (readonly [string, (b: Bracket) => unknown, (b: Bracket) => unknown])[] = [
  ['entered', figures.enteredQty, sums.entered],
  ['exited', figures.exitedQty, sums.exited],
  ['committed', figures.committedQty, sums.committed],
  ['exitable', figures.exitableQty, sums.exitable],
  ['open', figures.openQty, sums.open],
  ['position', figures.positionOf, (b) => signed(b, sums.open(b))],
  ['traded', figures.tradedPositionOf, (b) => signed(b, sums.entered(b) - sums.exited(b))],
  ['oversold', figures.oversoldQty, sums.oversold],
  ['stopped', figures.stoppedQty, sums.stopped],
  ['naked', figures.nakedQty, sums.naked],
  ['overhang', figures.overhangQty, sums.overhang],
  ['resting', figures.restingQty, sums.resting],
  ['closing', figures.closingQty, sums.closing],
  ['withdrawing', figures.withdrawingQty, sums.withdrawing],
  ['all ended', figures.allEnded, sums.areOver],
  ['all others ended', figures.allOthersEnded, sums.othersAreOver],
  ['remedy', plan.remedyQty, sums.remedy],
  ['refused closings', plan.refusedClosings, reference.refusals],
];

const signed = ({ plan: { side } }: Bracket, qty: number): number =>
  side === 'BUY' || qty === 0 ? qty : -qty;

const sceneOf = (of: Drawn): Scene => ({
  ...of,
  seq: NOW,
  wants: sums.wanted(of.bracket),
});

/** What the orders add up to. */
function sumsIn(of: Drawn): readonly Row[] {
  const { bracket, book, linkLive } = of;
  const rows: Row[] = FIGURES.map(([what, says, should]) => [what, says(bracket), should(bracket)]);
  for (let pair = 1; pair <= bracket.pairs.length; pair++) {
    const [says, should] = [figures.groupTraded, sums.hasTraded];
    rows.push([`group traded ${pair}`, says(bracket, pair), should(bracket, pair)]);
    const exited = figures.pairExitedQty(bracket, pair);
    rows.push([`exited by pair ${pair}`, exited, sums.pairExited(bracket, pair)]);
  }
  const { wants } = situationOf(book, bracket, linkLive, NOW);
  rows.push(['wants', wants.join(), sums.wanted(bracket).join()]);
  return rows;
}

/** What is known of single orders, and of prices. */
function detailsIn(of: Drawn, scene: Scene): readonly Row[] {
  const { bracket, book, linkLive } = of;
  const rows: Row[] = [];
  for (const order of bracket.orders) {
    const name = order.ticket.orderRef;
    rows.push([`protects ${name}`, figures.protects(order), sums.isProtecting(order)]);
    // It is asked of a stop about which nothing else is asked.
    if (order.replaceAsked !== null) continue;
    for (const to of [10_000, 30_000])
      rows.push([`raised ${name}`, figures.raisedBy(order, to), sums.raises(order, to)]);
  }
  const s = situationOf(book, bracket, linkLive, NOW);
  rows.push(['passed stop', plan.passedStop(s), reference.isThrough(scene)]);
  for (const limit of [1, 77, 80]) {
    const says = plan.repricedLimit(book, bracket, limit);
    rows.push([`repriced ${limit}`, says, tickets.nextLimit(book, bracket, limit)]);
  }
  if (book.lastPx !== null) {
    const says = plan.closingLimit(book, bracket);
    rows.push(['closing limit', says, tickets.wayOutLimit(book, bracket)]);
  }
  for (const { other, more, guards } of of.gates) {
    const says = figures.gate(book, other, more, guards);
    rows.push([`gate ${more} ${guards}`, says, sums.fits(book, other, more, guards)]);
  }
  return rows;
}

const QUESTIONS = [
  ['admits', plan.admits, reference.isDue],
  ['resizes', plan.resizes, reference.shallBeChanged],
  ['unwants', plan.unwants, reference.mustGo],
] as const;

function answersIn(of: Drawn, scene: Scene): readonly Row[] {
  const { bracket, book, linkLive, granted } = of;
  return legsOf(bracket.pairs.length).flatMap((leg) => {
    const view = viewOf(scene, leg);
    const rows = QUESTIONS.flatMap(([what, asks, answers]): readonly Row[] => {
      const s: Situation = { ...situationOf(book, bracket, linkLive, NOW), granted };
      const says = asks(s, partsOf(leg));
      const should = answers(view);
      const answer: Row = [`${what} ${leg}`, ...among(says, should)];
      if ((says === null) !== (should === null)) return [answer];
      const grants = should === null || what === 'unwants' ? 0 : reference.takes(view);
      return [answer, [`${what} ${leg} and grants`, s.granted - granted, grants]];
    });
    return [...rows, ...sentFor(of, view)];
  });
}

/** Where more than one reason is true, each may be told. */
function among(
  says: string | null,
  should: readonly string[] | null,
): readonly [string | null, string | null] {
  if (says !== null && should?.includes(says)) return [says, says];
  return [says, should === null ? null : should.join(' | ')];
}

/** The order that is made of an answer, where there may be one. */
function sentFor(of: Drawn, view: View): readonly Row[] {
  const s = situationOf(of.book, of.bracket, of.linkLive, NOW);
  const { leg, live, order } = view;
  if (live !== undefined) {
    if (!leg.startsWith('stop')) return [];
    const [says, should] = [changedTicket(s, live), tickets.changedFor(view, live)];
    return [compared(`changes ${leg}`, says, should)];
  }
  if (leg === 'entry' && order !== undefined) return [];
  // Nobody closes what is not open, or without a price.
  const due = sums.open(of.bracket) > 0 || sums.remedy(of.bracket) > 0;
  if (leg === 'closing' && (of.book.lastPx === null || !due)) return [];
  return [compared(`sends ${leg}`, newTicket(s, leg), tickets.ticketFor(view, leg))];
}

const written = (thing: object): string =>
  JSON.stringify(Object.entries(thing).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Written out only where they differ. */
function compared(what: string, says: object, should: object): Row {
  const same = isDeepStrictEqual(says, should);
  return same ? [what, null, null] : [what, written(says), written(should)];
}

function conclusionsIn(of: Drawn, scene: Scene): readonly Row[] {
  const { bracket, book, linkLive } = of;
  const chart = bracketChart(bracket.pairs.length);
  const standing = standingOf(chart, bracket.configuration);
  const hearing = hearingOf(standing, chart.closing);
  const names = (parts: readonly Parts[]): readonly Leg[] => parts.map(({ leg }) => leg);
  const asked = {
    admitted: names(hearing.admitted),
    unwanted: names(hearing.unwanted),
    resized: names(hearing.audience.resizes),
  };
  const completes = of.seed % 2 === 0;
  const says = conclude(situationOf(book, bracket, linkLive, NOW), hearing, completes);
  return [compared('concludes', says, conclusionsOf(scene, asked, completes))];
}

/** A look at the discounts, one at what it has made of them, and one at what there was, again. */
function discountsIn(of: Drawn): readonly Row[] {
  const bracket: Draft = { ...of.bracket };
  return [
    ...lookAt(bracket, 'look 1'),
    ...lookAt(bracket, 'look 2'),
    ...lookAt({ ...of.bracket }, 'look again'),
  ];
}

function lookAt(bracket: Draft, name: string): readonly Row[] {
  const before: Bracket = { ...bracket };
  const told = reviewDiscounts(bracket);
  const beliefs = before.pairs.map((_, i) => beliefIn(before, i + 1));
  const rows = beliefs.map((belief, i): Row => {
    const said = told.filter((text) => text.startsWith(`pair ${i + 1}: `));
    const [why] = said;
    const isTrue = belief?.lost.some((reason) => why === `pair ${i + 1}: ${reason}`) === true;
    const { discounted, mode } = bracket.pairs[i] ?? {};
    const stopLargest = sums.orderOf(bracket, `stop${i + 1}`)?.largest;
    const says = { discounted, mode, lost: isTrue ? belief.lost : said, stopLargest };
    return compared(`${name} at pair ${i + 1}`, says, belief ?? {});
  });
  const strange = told.filter((text) => !/^pair [1-8]: the /.test(text));
  return [...rows, [`${name} tells`, strange.join(), '']];
}

export function differencesIn(of: Drawn): readonly Difference[] {
  const scene = sceneOf(of);
  // What was reckoned of the one must not be taken for the other's.
  const others = of.seed % 3 === 0 ? [variantOf(of)] : [];
  return [
    ...differing(of, [...sumsIn(of), ...discountsIn(of)]),
    ...others.flatMap((other) => differing(other, [...sumsIn(other), ...discountsIn(other)])),
    ...differing(of, [
      ...detailsIn(of, scene),
      ...answersIn(of, scene),
      ...conclusionsIn(of, scene),
    ]),
  ];
}

const differing = (drawn: Drawn, rows: readonly Row[]): readonly Difference[] =>
  rows
    .filter(([, says, should]) => !Object.is(says, should))
    .map(([what, says, should]) => ({ drawn, what, says: String(says), should: String(should) }));

export const isKnown = (difference: Difference): boolean =>
  EXCEPTIONS.some(({ covers }) => covers(difference));

export const told = ({ drawn: { seed }, what, says, should }: Difference): string =>
  `situation ${seed}: ${what} ${says}, should be ${should}`;

/** Differences that are not known; an answer that is known to differ is concluded from, too. */
export function surprisesIn(of: Drawn): readonly Difference[] {
  const all = differencesIn(of);
  const unknown = all.filter((one) => !isKnown(one));
  return unknown.length < all.length ? unknown.filter(({ what }) => what !== 'concludes') : unknown;
}

/** Of pairs that are made in every way, what becomes of their discounts. */
export function beliefsWrong(): string | null {
  for (const made of pairsInDoubt()) {
    const { bracket } = made;
    const committed: Row = ['committed', figures.committedQty(bracket), sums.committed(bracket)];
    const wrong = differing(made, [committed, ...lookAt({ ...bracket }, 'look 1')]).find(
      (one) => !isKnown(one),
    );
    if (wrong === undefined) continue;
    const legs = bracket.orders.map((o) => `${o.leg} ${o.end} of ${o.qty} took ${o.executedQty}`);
    return `${legs.join(', ')}: ${told(wrong)}`;
  }
  return null;
}

const FEW = 2_200;

function* situations(): Iterable<Drawn> {
  yield* rareSituations();
  for (let seed = 1; seed <= FEW; seed++) yield drawn(seed);
}

export function planWrong(): string | null {
  const belief = beliefsWrong();
  if (belief !== null) return belief;
  for (const of of situations()) {
    const [wrong] = surprisesIn(of);
    if (wrong !== undefined) return told(wrong);
  }
  return null;
}
