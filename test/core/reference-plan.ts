/**
 * The exit plan, told a second time: what is called for and what must go, from the laws, the design
 * and the histories, and in another shape than the plan's. Every question has a list of reasons for
 * and a list of reasons against, each a claim about the bracket by itself; the answer is yes where
 * one is for and none against. No reason relies on another one's having been asked before it.
 */
import type { Bracket } from '../../src/core/state.ts';
import {
  answerOf,
  type Claim,
  type Claims,
  type Question,
  type Scene,
  type View,
} from './reference-plan-claims.ts';
import * as sums from './reference-plan-sums.ts';

const mute: Claim = ({ linkLive }) => !linkLive;
const leaving: Claim = ({ bracket }) => bracket.leaving !== null;
const frozen: Claim = ({ book }) => book.frozen !== null;
const breached: Claim = ({ bracket }) => sums.oversold(bracket) > 0;
const sequenced: Claim = ({ pair }) => pair?.mode === 'sequenced';
/** More shares may come. */
const entering: Claim = ({ bracket }) =>
  sums.orderOf(bracket, 'entry') === undefined || sums.liveOf(bracket, 'entry') !== undefined;

/** L6 has no room for it, after what was granted to others. */
const isFull =
  (more: (view: View) => number, guards: boolean): Claim =>
  (view) => {
    const wanted = more(view);
    return !sums.fits(view.book, view.bracket, wanted === 0 ? 0 : view.granted + wanted, guards);
  };
const never: Question = { pro: {}, contra: {} };

/** D20: what had ended when it was sent had traded before it. */
const siblingTraded: Claim = ({ bracket, order }) =>
  bracket.orders.some(
    (other) =>
      other !== order &&
      other.pair === order?.pair &&
      other.pair > 0 &&
      sums.cumOf(other) > 0 &&
      (other.end === null || other.endedAt > (order?.sentAt ?? 0)),
  );

/** L11, D6: whether anybody still wants it or not, for only what the broker has can be cancelled. */
const AGAIN: Question = {
  pro: {
    'the broker does not have it; the same order again': ({ live }) =>
      live?.missing === true && !live.acknowledged,
  },
  contra: {
    mute,
    siblingTraded,
    // An entry, or what buys back, is not sent for the sake of being cancelled: it would trade.
    entryUnwanted: (view) => view.leg === 'entry' && unwantedEntry(view),
    // Nor is more sent again than there is to close.
    tooMuch: ({ live, leg, bracket }) =>
      live !== undefined &&
      leg !== 'entry' &&
      live.qty > (leg === 'closing' ? Math.abs(sums.open(bracket)) : sums.open(bracket)),
    hangsOver: (view) => view.live?.exits === true && isFull(() => 0, false)(view),
  },
};

const unwantedEntry: Claim = (view) =>
  view.bracket.cancelWished || leaving(view) || frozen(view) || view.live?.cancelAsked === true;

const NEW_ENTRY: Question = {
  pro: { 'the bracket was opened': () => true },
  contra: { mute, unwantedEntry },
};

/** The price has come, and a target would be sent if its stop were not there. */
const targetsTurn: Claim = (view) =>
  sequenced(view) &&
  view.pair?.touched === true &&
  view.pair.targetRejections === 0 &&
  !frozen(view) &&
  !entering(view);

const NEW_STOP: Question = {
  pro: {
    'these shares are naked': ({ want, pair }) => want > 0 && pair?.stopRejections === 0,
    'the one before is gone; one retry': ({ want, pair }) =>
      want > 0 && (pair?.stopRejections ?? 0) > 0,
  },
  contra: {
    mute,
    leaving,
    breached,
    oneRetry: ({ pair }) => (pair?.stopRejections ?? 0) > 1,
    beside: ({ liveTarget }) => liveTarget !== undefined,
    targetsTurn,
    isFull: isFull(({ want }) => want, true),
  },
};

/** Armed, shown as it was asked, whole, and as it shall be. */
const stands: Claim = (view) => {
  const { liveStop: stop } = view;
  return (
    stop?.echoed === true &&
    stop.differs === '' &&
    stop.working &&
    sums.isProtecting(stop) &&
    !stop.unresolved &&
    stop.replaceAsked === null &&
    !stop.triggered &&
    // What the target before it took has been shown.
    view.pair?.discounted === false &&
    sums.cumOf(stop) === 0 &&
    stop.qty === view.want &&
    stop.ticket.stopPx === view.pair?.stopPx &&
    (stop.ticket.limitPx ?? null) === view.pair?.stopLimitPx
  );
};

const groupTraded: Claim = ({ bracket, number }) => sums.hasTraded(bracket, number);

const NEW_TARGET: Question = {
  pro: {
    'its stop stands': (view) => !sequenced(view) && stands(view),
    'its stop is gone and the price has come': (view) =>
      targetsTurn(view) && view.liveStop === undefined,
  },
  contra: {
    mute,
    leaving,
    frozen,
    breached,
    nothing: ({ want }) => want === 0,
    entering,
    refused: ({ pair }) => (pair?.targetRejections ?? 0) > 0,
    traded: (view) => !sequenced(view) && groupTraded(view),
    isFull: isFull((view) => (sequenced(view) ? view.want : 0), false),
  },
};

/** The way out needs a price where a market order does not work. */
const priceless: Claim = ({ book, bracket }) =>
  bracket.plan.stop.outsideRth && book.lastPx === null;

/** Closing orders that the broker ended, and nobody had asked it to. */
export const refusals = (bracket: Bracket): number =>
  bracket.orders.filter(
    (order) =>
      order.leg === 'closing' && order.end !== null && order.end !== 'filled' && !order.cancelAsked,
  ).length;

const NEW_CLOSING: Question = {
  pro: {
    'everything else has ended': ({ bracket }) =>
      bracket.leaving !== null && sums.open(bracket) > 0,
    'the configured remedy': ({ bracket }) =>
      bracket.plan.policy.remedy === 'flatten' &&
      sums.oversold(bracket) > 0 &&
      sums.remedy(bracket) > 0,
  },
  contra: {
    mute,
    halted: ({ book }) => book.halted,
    priceless,
    others: ({ bracket }) => !sums.othersAreOver(bracket),
    refused: ({ bracket }) => refusals(bracket) > bracket.coverElapsed,
    isFull: (view) => !breached(view) && isFull(({ bracket }) => sums.open(bracket), true)(view),
  },
};

const SIZED: Claims = {
  'more shares came': ({ live, want }) => live !== undefined && sums.leavesOf(live) < want,
  'fewer shares are left': ({ live, want }) => live !== undefined && sums.leavesOf(live) > want,
};
const otherLimit: Claim = ({ live, pair }) =>
  live !== undefined && (live.ticket.limitPx ?? null) !== pair?.stopLimitPx;
const PRICED: Claims = {
  'its trigger moved': ({ live, pair }) =>
    live !== undefined && live.ticket.stopPx !== pair?.stopPx,
  'its limit did not fill in its budget': (view) =>
    otherLimit(view) && view.live?.triggered === true,
  'its limit moved': (view) => otherLimit(view) && view.live?.triggered === false,
};

const OTHER: Claims = { ...SIZED, ...PRICED };
const shallChange: Claim = (view) => Object.values(OTHER).some((claim) => claim(view));

/** Something is in flight about the stop, or a target is or may be beside it. */
const isBusy: Claim = (view) =>
  mute(view) ||
  view.live?.acknowledged === false ||
  view.live?.cancelAsked === true ||
  view.live?.replaceAsked !== null ||
  view.live.unresolved ||
  view.liveTarget !== undefined ||
  view.pair?.discounted === true;

const OTHER_SIZE: Question = {
  pro: OTHER,
  contra: {
    isBusy,
    nothing: ({ want }) => want === 0,
    refused: ({ pair }) => (pair?.replaceRefusals ?? 0) > 0,
    // The larger of old and new counts; what takes up nothing more may go on under an overhang.
    isFull: isFull(
      ({ live, want }) => (live === undefined ? 0 : sums.raises(live, sums.cumOf(live) + want)),
      true,
    ),
  },
};

/** D14: nothing is withdrawn in the step that sends it, nor before it is seen to be there. */
const UNASKABLE: Claims = {
  gone: ({ live }) => live === undefined,
  justSent: ({ live, seq }) => live?.sentAt === seq,
  unseen: ({ live }) => live?.resent === true && !live.acknowledged,
};

/** A cancel prevails: whatever has changed since, what was asked to go has to. */
const ASKED: Claims = { 'its cancel is asked already': ({ live }) => live?.cancelAsked === true };
/** L12: exits are withdrawn. */
const BREACHED: Claims = { 'more was exited than entered': breached };
/** A breach comes before all else: of it a person is told. */
const unlessBreached = (claims: Claims): Claims =>
  Object.fromEntries(
    Object.entries(claims).map(([why, claim]): [string, Claim] => [
      why,
      (view) => !breached(view) && claim(view),
    ]),
  );
const LEAVING: Claims = { 'the bracket is leaving': leaving };

const OLD_ENTRY: Question = {
  pro: {
    ...ASKED,
    ...LEAVING,
    'the router cancelled it': ({ bracket }) => bracket.cancelWished,
    'it had its time; the rest is not waited for': ({ bracket }) => bracket.entryLate,
    'entries are frozen': (view) => frozen(view) || breached(view),
  },
  contra: UNASKABLE,
};

const OLD_STOP: Question = {
  pro: {
    ...ASKED,
    ...BREACHED,
    ...unlessBreached({
      // D13: it protects until all that is no stop has definitely gone.
      'the bracket is leaving': (view) =>
        leaving(view) && (sums.onlyStopsLive(view.bracket) || sums.open(view.bracket) <= 0),
      'nothing is left to protect': (view) => view.want === 0 && !leaving(view),
      'the price has come: the target takes its place': (view) =>
        targetsTurn(view) && !isBusy(view) && !leaving(view),
      // D10: one stands alone before anything is done about it.
      'it cannot be replaced': (view) =>
        (view.pair?.replaceRefusals ?? 0) > 0 &&
        shallChange(view) &&
        !isBusy(view) &&
        !leaving(view),
    }),
  },
  contra: UNASKABLE,
};

const OLD_TARGET: Question = {
  pro: {
    ...ASKED,
    ...BREACHED,
    ...unlessBreached({
      ...LEAVING,
      'nothing is left to sell': (view) => view.want === 0 && !leaving(view),
      'its stop is gone': (view) => !sequenced(view) && view.liveStop === undefined,
      'it did not fill: back to the stop': (view) =>
        sequenced(view) && view.liveStop === undefined && view.pair?.touched === false,
      'its stop has triggered': (view) => view.liveStop?.triggered === true,
      'its stop is to be moved': (view) =>
        view.liveStop !== undefined &&
        (view.liveStop.ticket.stopPx !== view.pair?.stopPx ||
          (view.liveStop.ticket.limitPx ?? null) !== view.pair?.stopLimitPx),
      'its limit moved': ({ live, pair }) => live?.ticket.limitPx !== pair?.targetPx,
      // Beside a live stop without what was agreed it would be a second exit for the same shares.
      'its group is not what was agreed': ({ liveStop, pair }) =>
        liveStop !== undefined && pair?.discounted === false,
      'fewer shares are left than it would sell': ({ live, want }) =>
        want > 0 && live !== undefined && sums.leavesOf(live) > want,
      // A stop grows while it is alone: to change anything, the target leaves first.
      'more shares came': (view) =>
        !sequenced(view) &&
        view.live !== undefined &&
        // A group may have made it smaller for a fill that is not heard yet.
        view.live.largest - sums.cumOf(view.live) < view.want,
    }),
  },
  contra: UNASKABLE,
};

/** What sells, sells what is open; what buys back, what was sold too much. */
const goesWrong: Claim = (view) => view.live?.exits === breached(view);

const OLD_CLOSING: Question = {
  pro: {
    ...ASKED,
    'it would go the wrong way': goesWrong,
    'it rested too long': ({ bracket }) =>
      bracket.closingLate >= bracket.orders.filter(({ leg }) => leg === 'closing').length,
    'fewer shares are left than it would trade': (view) =>
      view.live !== undefined &&
      !goesWrong(view) &&
      sums.leavesOf(view.live) >
        (view.live.exits ? sums.open(view.bracket) : sums.remedy(view.bracket)),
  },
  contra: UNASKABLE,
};

/** What an answer grants: nothing for an order that counts already, but by how much it grows. */
export function takes(view: View): number {
  const { live, want, bracket } = view;
  switch (kindOf(view)) {
    case 'stop':
      if (live === undefined) return want;
      return live.missing ? 0 : sums.raises(live, sums.cumOf(live) + want);
    case 'target':
      return live === undefined && sequenced(view) ? want : 0;
    case 'closing':
      return live === undefined ? Math.max(0, sums.open(bracket)) : 0;
    default:
      return 0;
  }
}

const kindOf = ({ leg, number }: View): string => (number > 0 ? leg.slice(0, -1) : leg);

/** Is an order of this leg called for, and within L6? */
export function isDue(view: View): readonly string[] | null {
  if (view.live !== undefined) return answerOf(AGAIN, view);
  switch (kindOf(view)) {
    case 'entry':
      return view.order === undefined ? answerOf(NEW_ENTRY, view) : null;
    case 'stop':
      return answerOf(NEW_STOP, view);
    case 'target':
      return answerOf(NEW_TARGET, view);
    default:
      return answerOf(NEW_CLOSING, view);
  }
}

/** Is the live order of the wrong size or price, and alone? */
export const shallBeChanged = (view: View): readonly string[] | null =>
  answerOf(kindOf(view) === 'stop' && view.live !== undefined ? OTHER_SIZE : never, view);

/** Must the live order go? */
export function mustGo(view: View): readonly string[] | null {
  switch (kindOf(view)) {
    case 'entry':
      return answerOf(OLD_ENTRY, view);
    case 'stop':
      return answerOf(OLD_STOP, view);
    case 'target':
      return answerOf(OLD_TARGET, view);
    default:
      return answerOf(OLD_CLOSING, view);
  }
}

/** The last price is through a stop that would have to be placed now. */
export function isThrough({ book, bracket, wants }: Scene): boolean {
  const { lastPx } = book;
  return bracket.pairs.some(({ stopPx }, i) => {
    const beyond =
      lastPx !== null && (bracket.plan.side === 'BUY' ? lastPx <= stopPx : lastPx >= stopPx);
    return beyond && (wants[i] ?? 0) > 0 && sums.liveOf(bracket, `stop${i + 1}`) === undefined;
  });
}
