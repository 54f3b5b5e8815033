/**
 * A great many things under numbers or names, as a plain value.
 *
 * Theory of operation. The digits of a number, in base 32, lead from the root of a tree to what is
 * kept under it, so a copy with one thing changed copies a handful of small nodes and shares all
 * others with the original. Two such values are compared by looking only where they share nothing.
 * How the tree is built depends on what is in it and on nothing that was before, so equal contents
 * print equal. A name is kept under a number that is made from it, beside the few that share it.
 */

const WIDTH = 32;

type Node<T> =
  | { readonly items: Readonly<Record<number, T>> }
  | { readonly nodes: Readonly<Record<number, Node<T>>> };

/** Under whole numbers from 0 up, which need be neither small nor dense. */
export type Chunked<T> = {
  readonly size: number;
  /** How many numbers there are under one digit of the root. */
  readonly span: number;
  readonly root: Node<T>;
};

export const emptyChunks = <T>(): Chunked<T> => ({ size: 0, span: 1, root: { items: {} } });

const itemsIn = <T>(node: Node<T> | undefined): Readonly<Record<number, T>> =>
  node !== undefined && 'items' in node ? node.items : {};

const nodesIn = <T>(node: Node<T> | undefined): Readonly<Record<number, Node<T>>> =>
  node !== undefined && 'nodes' in node ? node.nodes : {};

export const itemAt = <T>(chunks: Chunked<T>, key: number): T | undefined => {
  let node: Node<T> | undefined = chunks.root;
  let rest = key;
  for (let span = chunks.span; node !== undefined; span /= WIDTH) {
    if ('items' in node) return node.items[rest];
    const digit: number = Math.floor(rest / span);
    node = node.nodes[digit];
    rest -= digit * span;
  }
  return undefined;
};

/** The root as it is where there is room for larger numbers. */
const raised = <T>({ size, span, root }: Chunked<T>, to: number): Node<T> => {
  if (size === 0) return to === 1 ? { items: {} } : { nodes: {} };
  let node = root;
  for (let at = span; at < to; at *= WIDTH) node = { nodes: { 0: node } };
  return node;
};

const put = <T>(node: Node<T> | undefined, span: number, key: number, item: T): Node<T> => {
  if (span === 1) return { items: { ...itemsIn(node), [key]: item } };
  const nodes = nodesIn(node);
  const digit = Math.floor(key / span);
  const inner = put(nodes[digit], span / WIDTH, key - digit * span, item);
  return { nodes: { ...nodes, [digit]: inner } };
};

export const withItem = <T>(chunks: Chunked<T>, key: number, item: T): Chunked<T> => {
  if (!Number.isSafeInteger(key) || key < 0) throw new RangeError(`nothing is kept under ${key}`);
  let { span } = chunks;
  while (key >= span * WIDTH) span *= WIDTH;
  return {
    size: itemAt(chunks, key) === undefined ? chunks.size + 1 : chunks.size,
    span,
    root: put(raised(chunks, span), span, key, item),
  };
};

/** Nothing is left of a node that would have nothing in it. */
const taken = <T>(node: Node<T>, span: number, key: number): Node<T> | undefined => {
  if ('items' in node) {
    const { [key]: _, ...items } = node.items;
    return Object.keys(items).length === 0 ? undefined : { items };
  }
  const digit = Math.floor(key / span);
  const { [digit]: inner, ...others } = node.nodes;
  const left = inner && taken(inner, span / WIDTH, key - digit * span);
  if (left !== undefined) return { nodes: { ...others, [digit]: left } };
  return Object.keys(others).length === 0 ? undefined : { nodes: others };
};

export const withoutItem = <T>(chunks: Chunked<T>, key: number): Chunked<T> => {
  if (itemAt(chunks, key) === undefined) return chunks;
  let root = taken(chunks.root, chunks.span, key);
  if (root === undefined) return emptyChunks();
  let { span } = chunks;
  // A root with nothing but small numbers is as low as if there had never been a large one.
  for (; 'nodes' in root && Object.keys(root.nodes).join() === '0'; span /= WIDTH)
    root = root.nodes[0] ?? root;
  return { size: chunks.size - 1, span, root };
};

const gather = <T>(node: Node<T>, found: T[]): void => {
  if ('items' in node) for (const item of Object.values(node.items)) found.push(item);
  else for (const inner of Object.values(node.nodes)) gather(inner, found);
};

/** All of them, by rising numbers. */
export const itemsOf = <T>(chunks: Chunked<T>): readonly T[] => {
  const found: T[] = [];
  gather(chunks.root, found);
  return found;
};

const compare = <T>(
  one: Node<T> | undefined,
  other: Node<T> | undefined,
  span: number,
  from: number,
  found: number[],
): void => {
  if (one === other) return;
  if (span === 1) {
    const [items, others] = [itemsIn(one), itemsIn(other)];
    for (let digit = 0; digit < WIDTH; digit += 1)
      if (items[digit] !== others[digit]) found.push(from + digit);
    return;
  }
  const [nodes, others] = [nodesIn(one), nodesIn(other)];
  for (let digit = 0; digit < WIDTH; digit += 1)
    compare(nodes[digit], others[digit], span / WIDTH, from + digit * span, found);
};

/** Under which numbers there is not the same thing in both, rising. */
export const changedKeys = <T>(one: Chunked<T>, other: Chunked<T>): readonly number[] => {
  if (one.root === other.root) return [];
  const span = Math.max(one.span, other.span);
  const found: number[] = [];
  compare(raised(one, span), raised(other, span), span, 0, found);
  return found;
};

/** Under names; those with one number in the order of the alphabet. */
export type Named<T> = Chunked<readonly (readonly [name: string, item: T])[]>;

/** Enough for some hundred thousand names; more share their numbers, and are only slower. */
const NUMBERS = 2 ** 15;

/** FNV-1a, folded. */
const numberOf = (name: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1)
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return ((hash >>> 15) ^ hash) & (NUMBERS - 1);
};

export const itemNamed = <T>(named: Named<T>, name: string): T | undefined =>
  itemAt(named, numberOf(name))?.find(([one]) => one === name)?.[1];

export const withItemNamed = <T>(named: Named<T>, name: string, item: T): Named<T> => {
  const key = numberOf(name);
  const others = (itemAt(named, key) ?? []).filter(([one]) => one !== name);
  const before = others.filter(([one]) => one < name);
  const after = others.filter(([one]) => one > name);
  return withItem(named, key, [...before, [name, item], ...after]);
};
