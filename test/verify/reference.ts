/** The explorer once more, as plainly as can be: for comparison on small graphs. */
import { createRandom } from '../../src/simulator/random.ts';
import type { Model } from '../../src/verify/exploring/exploration.ts';

/** Where each node leads to, by number, an edge as often as it is there. */
export type Graph = { readonly initial: readonly number[]; readonly edges: readonly number[][] };

export type Node = { readonly at: number };

/** The nodes 2k and 2k + 1 are the encodings [k] and [k, 0]: they differ in their length only. */
export function modelOf({ initial, edges }: Graph): Model<Node> {
  return {
    initial: initial.map((at) => ({ at })),
    next: ({ at }, emit) => {
      for (const to of edges[at] ?? []) emit(`${at}>${to}`, { at: to });
    },
    encode: ({ at }, words) => {
      words[0] = at >> 1;
      words[1] = 0;
      return 1 + (at & 1);
    },
  };
}

export const decodeNode = (words: Int32Array, length: number): Node => ({
  at: 2 * (words[0] ?? 0) + length - 1,
});

export function randomGraph(seed: number): Graph {
  const random = createRandom(seed);
  const nodes = random.between(1, 40);
  const most = random.between(1, 4);
  const node = (): number => random.between(0, nodes - 1);
  return {
    initial: Array.from({ length: random.between(1, 3) }, node),
    edges: Array.from({ length: nodes }, () =>
      Array.from({ length: random.between(0, most) }, node),
    ),
  };
}

export type Reference = {
  /** Nodes in the order of their discovery, with the length of a shortest way. */
  readonly depths: ReadonlyMap<string, number>;
  readonly transitions: number;
  readonly depth: number;
  /** Nodes that were discovered from which none of these can be reached. */
  readonly stranded: (reached: (at: number) => boolean) => readonly number[];
};

export function reference({ initial, edges }: Graph): Reference {
  const depths = new Map<string, number>(initial.map((at) => [String(at), 0]));
  let transitions = 0;
  for (const [at, depth] of depths) {
    for (const to of edges[Number(at)] ?? []) {
      transitions += 1;
      if (!depths.has(String(to))) depths.set(String(to), depth + 1);
    }
  }
  const from = (start: number): readonly number[] => {
    const seen = new Set([start]);
    for (const at of seen) for (const to of edges[at] ?? []) seen.add(to);
    return [...seen];
  };
  return {
    depths,
    transitions,
    depth: Math.max(...depths.values()),
    stranded: (reached) => [...depths.keys()].map(Number).filter((at) => !from(at).some(reached)),
  };
}

/** Where a trace ends, having begun at an initial node and taken edges that are there. */
export function endOf({ initial, edges }: Graph, trace: readonly string[]): readonly number[] {
  let ends = [...new Set(initial)];
  for (const label of trace) {
    ends = ends.flatMap((at) => (edges[at] ?? []).filter((to) => `${at}>${to}` === label));
  }
  return [...new Set(ends)];
}
