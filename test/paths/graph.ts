/**
 * What `@xstate/test` explored, as numbers, and the paths through it.
 *
 * `TestModel.getSimplePaths` searches once for every vertex and keeps every path; a hundred
 * vertices are its limit. It then drops each path that is the beginning of another one: what is
 * left are the maximal simple paths. `simplePaths` enumerates just those, one at a time, by one
 * search (a test compares the two on a small suite), so millions of them can be run.
 */

export type Edge = { readonly label: string; readonly to: number };

export type Graph<S> = {
  /** Vertex 0 is the beginning; the first visit to each. */
  readonly states: readonly S[];
  readonly edges: readonly (readonly Edge[])[];
  readonly edgeCount: number;
};

type Explored<S, E> = {
  readonly state: S;
  readonly event: E;
  readonly nextState: S;
};

export function graphOf<S extends { readonly key: string }, E extends { readonly type: string }>(
  start: S,
  explored: readonly Explored<S, E>[],
): Graph<S> {
  const at = new Map<string, number>([[start.key, 0]]);
  const states: S[] = [start];
  const edges: Edge[][] = [[]];
  const vertex = (state: S): number => {
    const known = at.get(state.key);
    if (known !== undefined) return known;
    at.set(state.key, states.length);
    states.push(state);
    edges.push([]);
    return states.length - 1;
  };
  for (const { state, event, nextState } of explored) {
    const from = vertex(state);
    edges[from]?.push({ label: event.type, to: vertex(nextState) });
  }
  return { states, edges, edgeCount: explored.length };
}

/** The events that lead to each vertex by the fewest steps, for counterexamples. */
export function shortestTo(
  graph: Graph<unknown>,
  wanted: (at: number) => boolean,
): readonly string[] | null {
  const came = new Map<number, { readonly from: number; readonly label: string }>();
  const queue = [0];
  const seen = new Set(queue);
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (wanted(at)) {
      const labels: string[] = [];
      for (let back = came.get(at); back !== undefined; back = came.get(back.from)) {
        labels.unshift(back.label);
      }
      return labels;
    }
    for (const { label, to } of graph.edges[at] ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      came.set(to, { from: at, label });
      queue.push(to);
    }
  }
  return null;
}

export type Counts = {
  readonly paths: number;
  readonly longest: number;
  /** Paths in which an exit of a pair traded after its sibling had. */
  readonly stopThenTarget: number;
  readonly targetThenStop: number;
  /** False when there are more paths than were asked for. */
  readonly all: boolean;
};

const STOP_TRADED = 1;
const TARGET_TRADED = 2;
const STOP_THEN_TARGET = 4;
const TARGET_THEN_STOP = 8;
const BITS = 4;

/** Which leg of which pair an edge lets trade: `fill B.target2.1 1`. */
function afterFill(marks: number, label: string): number {
  const [, leg, pair = '1'] = /^fill .*?(stop|target)(\d)/.exec(label) ?? [];
  if (leg === undefined) return marks;
  const shift = (Number(pair) - 1) * BITS;
  const now = marks >> shift;
  const more =
    leg === 'stop'
      ? STOP_TRADED | (now & TARGET_TRADED ? TARGET_THEN_STOP : 0)
      : TARGET_TRADED | (now & STOP_TRADED ? STOP_THEN_TARGET : 0);
  return marks | (more << shift);
}

const anyPair = (bit: number): number => bit | (bit << BITS) | (bit << (2 * BITS));

/** Runs along every maximal simple path, depth first, and stops after `most` of them. */
export function simplePaths(graph: Graph<unknown>, most: number): Counts {
  const { edges } = graph;
  const fills = edges.map((out) => out.map(({ label }) => label.startsWith('fill')));
  const onPath = new Uint8Array(edges.length);
  const vertices: number[] = [0];
  const chosen: number[] = [-1];
  const extended: boolean[] = [false];
  const marks: number[] = [0];
  const counts = { paths: 0, longest: 0, stopThenTarget: 0, targetThenStop: 0, all: true };
  onPath[0] = 1;
  let depth = 0;
  while (depth >= 0) {
    const at = vertices[depth] ?? 0;
    const n = (chosen[depth] ?? -1) + 1;
    const edge = edges[at]?.[n];
    if (edge !== undefined) {
      chosen[depth] = n;
      if (onPath[edge.to] === 1) continue;
      extended[depth] = true;
      const now = marks[depth] ?? 0;
      depth += 1;
      onPath[edge.to] = 1;
      vertices[depth] = edge.to;
      chosen[depth] = -1;
      extended[depth] = false;
      marks[depth] = fills[at]?.[n] === true ? afterFill(now, edge.label) : now;
      continue;
    }
    if (extended[depth] !== true) {
      const now = marks[depth] ?? 0;
      counts.paths += 1;
      counts.longest = Math.max(counts.longest, depth);
      if (now & anyPair(STOP_THEN_TARGET)) counts.stopThenTarget += 1;
      if (now & anyPair(TARGET_THEN_STOP)) counts.targetThenStop += 1;
      if (counts.paths >= most) return { ...counts, all: false };
    }
    onPath[at] = 0;
    depth -= 1;
  }
  return counts;
}

/**
 * Paths from the beginning that together take every edge: each goes the shortest way to an edge
 * not taken yet, and on over such edges while there are any.
 */
export function edgeTour(graph: Graph<unknown>): readonly (readonly Edge[])[] {
  const { edges } = graph;
  const ways = shortestTree(graph);
  const taken = edges.map((out) => new Uint8Array(out.length));
  const tour: Edge[][] = [];
  for (const at of ways.order) {
    for (let n = 0; n < (edges[at]?.length ?? 0); n++) {
      if (taken[at]?.[n] === 1) continue;
      const path = [...ways.to(at)];
      let here = at;
      for (let edge = n; edge >= 0; edge = taken[here]?.indexOf(0) ?? -1) {
        const marks = taken[here];
        const next = edges[here]?.[edge];
        if (marks === undefined || next === undefined) break;
        marks[edge] = 1;
        path.push(next);
        here = next.to;
      }
      tour.push(path);
    }
  }
  return tour;
}

function shortestTree(graph: Graph<unknown>): {
  readonly order: readonly number[];
  readonly to: (at: number) => readonly Edge[];
} {
  const came = new Map<number, { readonly from: number; readonly edge: Edge }>();
  const order = [0];
  const seen = new Set(order);
  for (let i = 0; i < order.length; i++) {
    const at = order[i] ?? 0;
    for (const edge of graph.edges[at] ?? []) {
      if (seen.has(edge.to)) continue;
      seen.add(edge.to);
      came.set(edge.to, { from: at, edge });
      order.push(edge.to);
    }
  }
  const to = (at: number): readonly Edge[] => {
    const path: Edge[] = [];
    for (let back = came.get(at); back !== undefined; back = came.get(back.from)) {
      path.unshift(back.edge);
    }
    return path;
  };
  return { order, to };
}
