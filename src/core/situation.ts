/**
 * What the plan is asked about: a bracket in its book, with the shares that each of its pairs must
 * still cover.
 */
import { enteredQty, openQty, pairExitedQty } from './commitment.ts';
import type { Qty } from './quantity.ts';
import { type Plan, pairSizes } from './request.ts';
import type { Book, Bracket } from './state.ts';

/** What the plan is asked about: a bracket in its book, with the link as it is. */
export type Situation = {
  readonly book: Book;
  readonly bracket: Bracket;
  readonly linkLive: boolean;
  /** Of the step that asks. */
  readonly seq: number;
  /** Shares that each pair must still cover, computed once. */
  readonly wants: readonly Qty[];
  /** What has been granted to earlier legs while concluding: legs of one step share one limit. */
  granted: Qty;
};

export function situationOf(
  book: Book,
  bracket: Bracket,
  linkLive: boolean,
  seq: number,
): Situation {
  return { book, bracket, linkLive, seq, wants: wantsOf(bracket), granted: 0 };
}

/** What was wanted last, and of what: see `figuresOf` in `commitment.ts`. */
let latest: {
  readonly of: Pick<Bracket, 'plan' | 'orders' | 'leaving' | 'foreign'>;
  readonly wants: readonly Qty[];
} | null = null;

function wantsOf(bracket: Bracket): readonly Qty[] {
  const { plan, orders, leaving, foreign } = bracket;
  const of = latest?.of;
  const same =
    of?.orders === orders && of.plan === plan && of.leaving === leaving && of.foreign === foreign;
  if (latest !== null && same) return latest.wants;
  const wants = reckonWants(bracket);
  latest = { of: { plan, orders, leaving, foreign }, wants };
  return wants;
}

/** The sizes of the pairs that were reckoned last: they change with a print of the entry only. */
let lastSizes: {
  readonly plan: Plan;
  readonly entered: Qty;
  readonly sizes: readonly Qty[];
} | null = null;

function sizesOf(plan: Plan, entered: Qty): readonly Qty[] {
  if (lastSizes?.plan === plan && lastSizes.entered === entered) return lastSizes.sizes;
  const sizes = pairSizes(plan, entered);
  lastSizes = { plan, entered, sizes };
  return sizes;
}

/**
 * The open shares of each pair: its part of what was entered, less what its exits executed. What a
 * pair has exited beyond its part, what the closing order took and what somebody else closed is
 * taken off the other pairs, the last one first.
 */
function reckonWants(bracket: Bracket): readonly Qty[] {
  if (bracket.leaving !== null) return bracket.pairs.map(() => 0);
  const sizes = sizesOf(bracket.plan, enteredQty(bracket));
  const wants: Qty[] = [];
  let surplus = 0 - openQty(bracket);
  for (let i = 0; i < sizes.length; i++) {
    const want = (sizes[i] ?? 0) - pairExitedQty(bracket, i + 1);
    wants.push(want > 0 ? want : 0);
    if (want > 0) surplus += want;
  }
  for (let i = wants.length - 1; i >= 0 && surplus > 0; i--) {
    const want = wants[i] ?? 0;
    const taken = Math.min(want, surplus);
    wants[i] = want - taken;
    surplus -= taken;
  }
  return wants;
}
