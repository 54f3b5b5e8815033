import type { Shares } from './shares.ts';

/**
 * Which orders could make up a residual: the smallest sets of them whose quantities add up to it.
 *
 * This is the subset-sum problem, so the search is bounded. It looks for sets of one, then of two,
 * and so on; the largest quantities first, so that a branch that can no longer reach the residual,
 * or must overshoot it, is left at once; and it remembers where it failed, which is what keeps
 * sixty legs of a hundred shares each from being tried in every combination. Where the bound stops
 * it, it says so, and what it has found till then is true but may not be all.
 */

export type Candidate = { readonly quantity: Shares };

export type Explanations<Item extends Candidate> = {
  readonly sets: readonly (readonly Item[])[];
  /** Why there may be more: ten were found, or the search was stopped. */
  readonly more: 'none' | 'beyond-limit' | 'search-stopped';
};

export const SETS_AT_MOST = 10;
const STEPS_AT_MOST = 400_000;

type Search<Item extends Candidate> = {
  readonly items: readonly Item[];
  /** `largest[n]`: what the first n items make together; any run of items is a difference. */
  readonly largest: readonly Shares[];
  /** The places of each quantity, ascending. */
  readonly places: ReadonlyMap<Shares, readonly number[]>;
  readonly barren: Set<string>;
  readonly sets: Item[][];
  steps: number;
};

export function explanationsOf<Item extends Candidate>(
  residual: Shares,
  candidates: readonly Item[],
): Explanations<Item> {
  const items = candidates
    .filter(({ quantity }) => quantity > 0n && quantity <= residual)
    .sort((one, other) => Number(other.quantity - one.quantity));
  const search: Search<Item> = {
    items,
    largest: runningTotals(items),
    places: placesOf(items),
    barren: new Set(),
    sets: [],
    steps: 0,
  };
  if (residual > 0n && (search.largest.at(-1) ?? 0n) >= residual) {
    for (let size = 1; size <= items.length && search.sets.length === 0; size += 1) {
      descend(search, [], 0, size, residual);
      if (search.steps >= STEPS_AT_MOST) break;
    }
  }
  const order = new Map(candidates.map((item, index) => [item, index]));
  const rank = (item: Item | undefined): number => (item && order.get(item)) ?? 0;
  const sets = search.sets
    .slice(0, SETS_AT_MOST)
    .map((set) => set.sort((one, other) => rank(one) - rank(other)));
  return { sets: sets.sort((one, other) => rank(one[0]) - rank(other[0])), more: moreOf(search) };
}

function moreOf<Item extends Candidate>(search: Search<Item>): Explanations<Item>['more'] {
  if (search.sets.length > SETS_AT_MOST) return 'beyond-limit';
  return search.steps >= STEPS_AT_MOST ? 'search-stopped' : 'none';
}

function runningTotals(items: readonly Candidate[]): readonly Shares[] {
  const totals = [0n];
  for (const { quantity } of items) totals.push((totals.at(-1) ?? 0n) + quantity);
  return totals;
}

function placesOf(items: readonly Candidate[]): ReadonlyMap<Shares, readonly number[]> {
  const places = new Map<Shares, number[]>();
  for (const [place, { quantity }] of items.entries()) {
    const known = places.get(quantity);
    if (known === undefined) places.set(quantity, [place]);
    else known.push(place);
  }
  return places;
}

/** Takes `size` more items from `from` on that make `wanted`; true if there was such a set. */
function descend<Item extends Candidate>(
  search: Search<Item>,
  taken: readonly Item[],
  from: number,
  size: number,
  wanted: Shares,
): boolean {
  const { items, largest, barren, sets } = search;
  if (size === 1) return finish(search, taken, from, wanted);
  const here = `${from} ${size} ${wanted}`;
  if (barren.has(here)) return false;
  let found = false;
  for (let place = from; place + size <= items.length; place += 1) {
    search.steps += 1;
    if (search.steps >= STEPS_AT_MOST || sets.length > SETS_AT_MOST) return true;
    const item = items[place];
    if (item === undefined) break;
    // The `size` largest from here on fall short: so will all that follow.
    if ((largest[place + size] ?? 0n) - (largest[place] ?? 0n) < wanted) break;
    // Even with the smallest of all beside it, this one is too large.
    const smallest = (largest.at(-1) ?? 0n) - (largest[items.length - size + 1] ?? 0n);
    if (item.quantity + smallest > wanted) continue;
    const reached = descend(search, [...taken, item], place + 1, size - 1, wanted - item.quantity);
    found = reached || found;
  }
  if (!found) barren.add(here);
  return found;
}

/** The last item is not searched for but looked up. */
function finish<Item extends Candidate>(
  search: Search<Item>,
  taken: readonly Item[],
  from: number,
  wanted: Shares,
): boolean {
  const places = (search.places.get(wanted) ?? []).filter((place) => place >= from);
  for (const place of places) {
    const item = search.items[place];
    if (search.sets.length > SETS_AT_MOST || item === undefined) break;
    search.sets.push([...taken, item]);
  }
  return places.length > 0;
}
