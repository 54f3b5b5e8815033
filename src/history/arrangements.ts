/** The orders in which simultaneous lines may have come. */

/** Every order of `items`. */
export function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, i) =>
    permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]),
  );
}

/** Every order of up to five items; of more, those with two neighbours exchanged, and the reverse. */
export function arrangements<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 5) return permutations(items);
  const exchanged = items.slice(1).flatMap((item, i) => {
    const before = items[i];
    return before === undefined ? [] : [items.toSpliced(i, 2, item, before)];
  });
  return [items, ...exchanged, items.toReversed()];
}
