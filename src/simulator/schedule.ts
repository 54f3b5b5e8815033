/** Things to come, by time and, at one time, in the order in which they were entered. */

export type Scheduled<Item> = { readonly at: number; readonly item: Item };

export type Schedule<Item> = {
  readonly add: (at: number, item: Item) => void;
  readonly nextAt: () => number | undefined;
  /** The next one that is due, if any. */
  readonly take: (until: number) => Scheduled<Item> | undefined;
};

export const createSchedule = <Item>(): Schedule<Item> => {
  const waiting: Scheduled<Item>[] = [];
  return {
    add: (at, item) => {
      let low = 0;
      let high = waiting.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((waiting[middle]?.at ?? at) <= at) low = middle + 1;
        else high = middle;
      }
      waiting.splice(low, 0, { at, item });
    },
    nextAt: () => waiting[0]?.at,
    take: (until) => {
      const first = waiting[0];
      return first !== undefined && first.at <= until ? waiting.shift() : undefined;
    },
  };
};
