import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Chunked,
  changedKeys,
  emptyChunks,
  itemAt,
  itemNamed,
  itemsOf,
  type Named,
  withItem,
  withItemNamed,
  withoutItem,
} from '../../src/simulator/chunks.ts';

/** Close together, as the ids of one day are, and far apart. */
const key = fc.oneof(
  fc.nat(40),
  fc.nat(3_000),
  fc.nat(),
  fc.constantFrom(31, 32, 1_023, 1_024, 32 ** 4, Number.MAX_SAFE_INTEGER),
);

const changes = fc.array(fc.record({ key, item: fc.nat(), remove: fc.nat(3) }), { maxLength: 80 });

const changed = (chunks: Chunked<number>, plain: Map<number, number>, change: Change): Both => {
  const copy = new Map(plain);
  if (change.remove > 0)
    return [withItem(chunks, change.key, change.item), copy.set(change.key, change.item)];
  copy.delete(change.key);
  return [withoutItem(chunks, change.key), copy];
};

type Change = { readonly key: number; readonly item: number; readonly remove: number };
type Both = [Chunked<number>, Map<number, number>];

const risingKeys = (plain: Map<number, number>): readonly number[] =>
  [...plain.keys()].sort((one, other) => one - other);

const made = (plain: Map<number, number>, keys: Iterable<number>): Chunked<number> => {
  let chunks = emptyChunks<number>();
  for (const one of keys) chunks = withItem(chunks, one, plain.get(one) ?? 0);
  return chunks;
};

describe('a great many things under numbers', () => {
  test('are what a plain map says, and print as if they had been put there in any other way', () => {
    fc.assert(
      fc.property(changes, (list) => {
        let both: Both = [emptyChunks(), new Map()];
        for (const change of list) both = changed(both[0], both[1], change);
        const [chunks, plain] = both;
        const keys = risingKeys(plain);
        expect(itemsOf(chunks)).toEqual(keys.map((one) => plain.get(one)));
        expect(chunks.size).toBe(plain.size);
        for (const one of list) expect(itemAt(chunks, one.key)).toBe(plain.get(one.key));
        expect(JSON.stringify(chunks)).toBe(JSON.stringify(made(plain, keys)));
        expect(JSON.stringify(chunks)).toBe(JSON.stringify(made(plain, keys.toReversed())));
      }),
      { numRuns: 300 },
    );
  });

  test('are left as they were, and compared by what has changed since', () => {
    fc.assert(
      fc.property(changes, changes, (first, then) => {
        let both: Both = [emptyChunks(), new Map()];
        for (const change of first) both = changed(both[0], both[1], change);
        const [chunks, plain] = both;
        const printed = JSON.stringify(chunks);
        for (const change of then) both = changed(both[0], both[1], change);
        const [later, latest] = both;
        expect(JSON.stringify(chunks)).toBe(printed);
        const keys = risingKeys(new Map([...plain, ...latest]));
        const different = keys.filter((one) => plain.get(one) !== latest.get(one));
        expect(changedKeys(chunks, later)).toEqual(different);
        expect(changedKeys(later, chunks)).toEqual(different);
      }),
      { numRuns: 300 },
    );
  });

  test('have none but whole numbers', () => {
    const chunks = withItem(emptyChunks<string>(), 40, 'a');
    for (const wrong of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(itemAt(chunks, wrong)).toBeUndefined();
      expect(() => withItem(chunks, wrong, 'b')).toThrow(RangeError);
    }
  });
});

test('under names there is what was put there last, whatever came first', () => {
  const names = fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'RIME-693.1.1'));
  fc.assert(
    fc.property(fc.array(fc.tuple(names, fc.nat())), (list) => {
      const put = (all: Named<number>, [name, item]: readonly [string, number]): Named<number> =>
        withItemNamed(all, name, item);
      const plain = new Map(list);
      const named = list.reduce(put, emptyChunks());
      for (const [name, item] of plain) expect(itemNamed(named, name)).toBe(item);
      expect(itemNamed(named, 'toString')).toBe(plain.get('toString'));
      const turned = [...plain].toReversed().reduce(put, emptyChunks());
      expect(JSON.stringify(turned)).toBe(JSON.stringify(named));
    }),
  );
});

test('names that share a number are told apart', () => {
  const names = Array.from({ length: 2_000 }, (_, n) => `RIME-${n}.1.1`);
  const named = names.reduce(
    (all, name, n) => withItemNamed(all, name, n),
    emptyChunks<readonly (readonly [string, number])[]>(),
  );
  expect(named.size).toBeLessThan(names.length);
  expect(names.map((name) => itemNamed(named, name))).toEqual(names.map((_, n) => n));
});
