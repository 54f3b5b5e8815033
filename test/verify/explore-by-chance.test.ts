/** The explorer against the plain one, on graphs by chance. */
import { describe, expect, test } from 'vitest';
import { explore } from '../../src/verify/explore.ts';
import type { Exploration, Explored } from '../../src/verify/exploring/exploration.ts';
import {
  decodeNode,
  endOf,
  type Graph,
  modelOf,
  type Node,
  randomGraph,
  reference,
} from './reference.ts';

type Asked = Omit<Partial<Exploration<Node>>, 'initial' | 'next' | 'encode'>;

const explored = (graph: Graph, asked: Asked = {}): Explored =>
  explore({ ...modelOf(graph), invariants: [], ...asked });

const never = (at: number): { id: string; holds: (node: Node) => boolean } => ({
  id: `never ${at}`,
  holds: (node) => node.at !== at,
});

/** Everything that is asked of one graph by chance, as one value that fails with its seed. */
function asAsked(seed: number, graph: Graph, asked: Asked): unknown {
  const nodes = graph.edges.length;
  const target = seed % nodes;
  const goals = [
    { id: 'third', reached: (node: Node) => node.at % 3 === 0 },
    { id: 'target', reached: (node: Node) => node.at === target },
  ];
  const witnesses = [{ id: 'w', seen: (node: Node) => node.at === target, traced: true }];
  const all = explored(graph, { ...asked, goals, witnesses });
  const { violation } = explored(graph, { ...asked, invariants: [never(target)] });
  const [witness] = all.witnesses;
  const { stranded } = reference(graph);
  const lost = [stranded((at) => at % 3 === 0), stranded((at) => at === target)];
  const ends = (trace: readonly string[], wanted: readonly number[]): unknown => [
    trace.length,
    endOf(graph, trace).some((at) => wanted.includes(at)),
  ];
  return {
    seed,
    states: all.states,
    transitions: all.transitions,
    depth: all.depth,
    stranded: all.goals.map(({ stranded }) => stranded),
    shown: all.goals.map(({ trace }, i) => trace && ends(trace, lost[i] ?? [])),
    way: violation && ends(violation.trace, [target]),
    seen: witness?.trace && ends(witness.trace, [target]),
  };
}

function asReckoned(seed: number, graph: Graph): unknown {
  const nodes = graph.edges.length;
  const target = seed % nodes;
  const { depths, transitions, depth, stranded } = reference(graph);
  const lost = [stranded((at) => at % 3 === 0), stranded((at) => at === target)];
  const least = (of: readonly number[]): number =>
    Math.min(...of.map((at) => depths.get(String(at)) ?? Number.NaN));
  const at = depths.get(String(target));
  const way = at === undefined ? undefined : [at, true];
  return {
    seed,
    states: depths.size,
    transitions,
    depth,
    stranded: lost.map((of) => of.length),
    shown: lost.map((of) => (of.length === 0 ? undefined : [least(of), true])),
    way,
    seen: way,
  };
}

describe('graphs by chance', () => {
  const seeds = Array.from({ length: 400 }, (_, i) => i + 1);

  test.each([
    ['kept', {}],
    ['decoded', { decode: decodeNode }],
    ['expected', { expected: 10_000 }],
  ])('are as the plain one finds them, states %s', (_, asked: Asked) => {
    for (const seed of seeds) {
      const graph = randomGraph(seed);
      expect(asAsked(seed, graph, asked)).toEqual(asReckoned(seed, graph));
    }
  });

  test('are stopped by a limit at the state that is one too many, and not before', () => {
    for (const seed of seeds) {
      const graph = randomGraph(seed);
      const states = reference(graph).depths.size;
      const verdicts = [states - 1, states].map(
        (most) => explored(graph, { limits: { states: most } }).verdict,
      );
      expect({ seed, verdicts }).toEqual({ seed, verdicts: ['limit', 'holds'] });
    }
  });
});
