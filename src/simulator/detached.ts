/**
 * The router of 2026-02-12, as it was: detached exits.
 *
 * A BUY is filled; then a stop for all of it and the targets are placed side by side, in no OCA
 * group, with nothing but this router to make them exclusive. When one exit fills it asks for the
 * others to be cancelled, some time later, and treats what it asked as done: it waits for no
 * confirmation, looks at no quantity and never looks again. That day stop 694 (100) and the targets
 * 695 (70) and 696 (30) of parent 693 all filled; for parent 705 it went the other way round.
 *
 * Words in, requests out, as a pure value, so that it can be driven by every order of events.
 */

import type { BrokerRequest, BrokerWord, OrderTicket } from '../ports/broker.ts';

export type DetachedPlan = {
  /** The entry's; the stop's and the targets' follow it, as 693 was followed by 694 to 696. */
  readonly orderId: number;
  readonly account: string;
  readonly symbol: string;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly stopPrice: number;
  /** Given, the stop is a STP LMT with this limit (and so works outside regular hours). */
  readonly stopLimit?: number;
  readonly targets: readonly { readonly quantity: number; readonly price: number }[];
  readonly outsideRth: boolean;
  /** How long it takes from hearing of a fill to asking for the cancels. */
  readonly reactionMs: number;
  /** On a target's fill: cancel all others, or restate the stop to what it believes is left. */
  readonly onTarget: 'cancelOthers' | 'shrinkStop';
};

export const RIME_693: DetachedPlan = {
  orderId: 693,
  account: 'DU123',
  symbol: 'RIME',
  quantity: 100,
  entryPrice: 1.31,
  stopPrice: 1.25,
  targets: [
    { quantity: 70, price: 1.35 },
    { quantity: 30, price: 1.38 },
  ],
  outsideRth: false,
  reactionMs: 1_500,
  onTarget: 'cancelOthers',
};

type Exit = {
  readonly ticket: OrderTicket;
  readonly role: 'stop' | 'target';
  /** What the router believes, which is where it goes wrong: asked counts as gone. */
  readonly belief: 'live' | 'filled' | 'gone';
};

export type DetachedRouter = {
  readonly plan: DetachedPlan;
  readonly entered: boolean;
  readonly exits: readonly Exit[];
};

/** A request and how long after the word that called for it it is sent. */
export type DetachedRequest = { readonly request: BrokerRequest; readonly afterMs: number };

export type DetachedStep = {
  readonly router: DetachedRouter;
  readonly requests: readonly DetachedRequest[];
};

const ticketOf = (plan: DetachedPlan): OrderTicket => ({
  orderId: plan.orderId,
  orderRef: `${plan.orderId}.entry`,
  account: plan.account,
  symbol: plan.symbol,
  action: 'BUY',
  totalQuantity: plan.quantity,
  orderType: 'LMT',
  lmtPrice: plan.entryPrice,
  tif: 'GTC',
  outsideRth: plan.outsideRth,
  ocaGroup: '',
  ocaType: 0,
  parentId: 0,
  transmit: true,
});

const stopOf = (plan: DetachedPlan): OrderTicket => {
  const { lmtPrice: _, ...entry } = ticketOf(plan);
  const stop: OrderTicket = {
    ...entry,
    orderId: plan.orderId + 1,
    orderRef: `${plan.orderId}.stop`,
    action: 'SELL',
    orderType: 'STP',
    auxPrice: plan.stopPrice,
  };
  return plan.stopLimit === undefined
    ? stop
    : { ...stop, orderType: 'STP LMT', lmtPrice: plan.stopLimit };
};

const exitsOf = (plan: DetachedPlan): readonly Exit[] => [
  { ticket: stopOf(plan), role: 'stop', belief: 'live' },
  ...plan.targets.map(
    ({ quantity, price }, index): Exit => ({
      ticket: {
        ...ticketOf(plan),
        orderId: plan.orderId + 2 + index,
        orderRef: `${plan.orderId}.target${index + 1}`,
        action: 'SELL',
        totalQuantity: quantity,
        lmtPrice: price,
      },
      role: 'target',
      belief: 'live',
    }),
  ),
];

const placement = (ticket: OrderTicket, afterMs: number): DetachedRequest => ({
  request: { request: 'placeOrder', ticket },
  afterMs,
});

export const openDetached = (plan: DetachedPlan): DetachedStep => ({
  router: { plan, entered: false, exits: [] },
  requests: [placement(ticketOf(plan), 0)],
});

const cancelsOf = (router: DetachedRouter, filled: Exit): DetachedStep => {
  const others = router.exits.filter((exit) => exit !== filled && exit.belief === 'live');
  return {
    router: {
      ...router,
      exits: router.exits.map((exit) => {
        if (exit === filled) return { ...exit, belief: 'filled' };
        return others.includes(exit) ? { ...exit, belief: 'gone' } : exit;
      }),
    },
    requests: others.map((exit) => ({
      request: { request: 'cancelOrder', orderId: exit.ticket.orderId },
      afterMs: router.plan.reactionMs,
    })),
  };
};

/** The stop is sent again for what should be left; a filled one answers 104, unread. */
const shrunkStop = (router: DetachedRouter, filled: Exit): DetachedStep => {
  const stop = router.exits.find((exit) => exit.role === 'stop');
  if (stop === undefined) return cancelsOf(router, filled);
  const left = stop.ticket.totalQuantity - filled.ticket.totalQuantity;
  if (left <= 0) return cancelsOf(router, filled);
  const smaller: Exit = { ...stop, ticket: { ...stop.ticket, totalQuantity: left } };
  return {
    router: {
      ...router,
      exits: router.exits.map((exit) => {
        if (exit === filled) return { ...exit, belief: 'filled' };
        return exit === stop ? smaller : exit;
      }),
    },
    requests: [placement(smaller.ticket, router.plan.reactionMs)],
  };
};

/** It listens for one thing only: a status that says `Filled`. */
export const hearDetached = (router: DetachedRouter, word: BrokerWord): DetachedStep => {
  if (word.word !== 'orderStatus' || word.status !== 'Filled') return { router, requests: [] };
  if (!router.entered && word.orderId === router.plan.orderId) {
    const exits = exitsOf(router.plan);
    return {
      router: { ...router, entered: true, exits },
      requests: exits.map((exit) => placement(exit.ticket, 0)),
    };
  }
  const filled = router.exits.find((exit) => exit.ticket.orderId === word.orderId);
  if (filled?.belief !== 'live') return { router, requests: [] };
  const shrinks = filled.role === 'target' && router.plan.onTarget === 'shrinkStop';
  return shrinks ? shrunkStop(router, filled) : cancelsOf(router, filled);
};
