/** Things to come, by time and, at one time, in the order in which they were entered. */

export type Scheduled<Item> = { readonly at: number; readonly item: Item };

export type Schedule<Item> = {
  readonly add: (at: number, item: Item) => void;
  readonly nextAt: () => number | undefined;
  /** The next one that is due, if any. */
  readonly take: (until: number) => Scheduled<Item> | undefined;
};

type Waiting<Item> = Scheduled<Item> & { readonly nth: number };

const isBefore = (one: Waiting<unknown>, other: Waiting<unknown>): boolean =>
  one.at < other.at || (one.at === other.at && one.nth < other.nth);

/** A binary heap: nobody in `heap` comes before the one at half its place. */
export const createSchedule = <Item>(): Schedule<Item> => {
  const heap: Waiting<Item>[] = [];
  let entered = 0;

  const rise = (one: Waiting<Item>): void => {
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      const other = heap[above];
      if (other === undefined || isBefore(other, one)) break;
      heap[at] = other;
      at = above;
    }
    heap[at] = one;
  };

  const sink = (one: Waiting<Item>): void => {
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      const first = left && right && isBefore(right, left) ? right : left;
      if (first === undefined || isBefore(one, first)) break;
      heap[at] = first;
      at = first === left ? 2 * at + 1 : 2 * at + 2;
    }
    heap[at] = one;
  };

  return {
    add: (at, item) => {
      rise({ at, item, nth: entered });
      entered += 1;
    },
    nextAt: () => heap[0]?.at,
    take: (until) => {
      const first = heap[0];
      if (first === undefined || first.at > until) return undefined;
      const last = heap.pop();
      if (last !== undefined && last !== first) sink(last);
      return first;
    },
  };
};
