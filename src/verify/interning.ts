/**
 * Equal things are made once, and numbered.
 *
 * A world is a product of parts (who we are, what the broker knows, what is under way), and most
 * worlds differ in one part only. So each part is kept once, under a number, and a world is a
 * handful of numbers: small to store, quick to compare. SPIN calls it collapse compression.
 */

export type Interner<T> = {
  /** The one thing of that text; made when it is new. */
  readonly intern: (text: string, make: (id: number) => T) => T;
  /** What has that number. */
  readonly at: (id: number) => T;
  readonly size: () => number;
};

export function newInterner<T>(): Interner<T> {
  const known = new Map<string, T>();
  const made: (T | undefined)[] = [];
  return {
    intern: (text, make) => {
      const found = known.get(text);
      if (found !== undefined) return found;
      // The number is taken before it is made: what makes it may make others.
      const id = made.push(undefined) - 1;
      const one = make(id);
      known.set(text, one);
      made[id] = one;
      return one;
    },
    at: (id) => {
      const one = made[id];
      if (one === undefined) throw new RangeError(`nothing has the number ${id}`);
      return one;
    },
    size: () => made.length,
  };
}

/** An immutable sequence of numbered things, itself numbered. Equal sequences are one object. */
export type Queue<T> = {
  readonly id: number;
  readonly items: readonly T[];
  readonly with: (item: T) => Queue<T>;
  readonly without: (at: number) => Queue<T>;
  /** Its items as they are once their question is not the newest. */
  readonly aged: () => Queue<T>;
};

type Numbered<T> = {
  readonly id: number;
  /** What becomes of it when its question is not the newest any more; null when nothing does. */
  readonly older: T | null;
};

export type Queues<T> = {
  readonly empty: Queue<T>;
  readonly of: (items: readonly T[]) => Queue<T>;
  readonly at: (id: number) => Queue<T>;
};

/** All queues of a kind. In a `bag` it makes no difference in which order the items are kept. */
export function newQueues<T extends Numbered<T>>({ bag }: { readonly bag: boolean }): Queues<T> {
  const queues = newInterner<Queue<T>>();
  const of = (items: readonly T[]): Queue<T> => {
    const kept = bag ? [...items].sort((a, b) => a.id - b.id) : items;
    return queues.intern(kept.map(({ id }) => id).join(), (id) => queueOf(id, kept, of));
  };
  return { empty: of([]), of, at: queues.at };
}

function queueOf<T extends Numbered<T>>(
  id: number,
  items: readonly T[],
  of: (items: readonly T[]) => Queue<T>,
): Queue<T> {
  const longer = new Map<T, Queue<T>>();
  const shorter: (Queue<T> | undefined)[] = [];
  let older: Queue<T> | undefined;
  return {
    id,
    items,
    with: (item) => {
      const known = longer.get(item);
      if (known !== undefined) return known;
      const made = of([...items, item]);
      longer.set(item, made);
      return made;
    },
    without: (at) => {
      shorter[at] ??= of(items.filter((_, i) => i !== at));
      return shorter[at];
    },
    aged: () => {
      older ??= of(items.map((item) => item.older ?? item));
      return older;
    },
  };
}
