/** The explorer against graphs reckoned by hand. */
import { describe, expect, test } from 'vitest';
import { explore } from '../../src/verify/explore.ts';
import type { Exploration, Explored, Progress } from '../../src/verify/exploring/exploration.ts';
import { type Graph, modelOf, type Node } from './reference.ts';

type Asked = Omit<Partial<Exploration<Node>>, 'initial' | 'next' | 'encode'>;

const explored = (graph: Graph, asked: Asked = {}): Explored =>
  explore({ ...modelOf(graph), invariants: [], ...asked });

const never = (at: number): { id: string; holds: (node: Node) => boolean } => ({
  id: `never ${at}`,
  holds: (node) => node.at !== at,
});

//  0 -> 1 -> 3 -> 4 (dead end)
//  0 -> 2 -> 3, 2 -> 2, 1 -> 0
const diamond: Graph = { initial: [0], edges: [[1, 2], [3, 0], [3, 2], [4], []] };

describe('a graph reckoned by hand', () => {
  test('is counted: states, emitted successors, the longest shortest way', () => {
    const { verdict, states, transitions, depth, goals, witnesses } = explored(diamond);
    expect({ verdict, states, transitions, depth, goals, witnesses }).toEqual({
      verdict: 'holds',
      states: 5,
      transitions: 7,
      depth: 3,
      goals: [],
      witnesses: [],
    });
  });

  test('of one dead end, and of one loop', () => {
    expect(explored({ initial: [0], edges: [[]] })).toMatchObject({
      states: 1,
      transitions: 0,
      depth: 0,
    });
    expect(explored({ initial: [0], edges: [[0, 0]] })).toMatchObject({
      states: 1,
      transitions: 2,
      depth: 0,
    });
  });

  test('counts an initial state once, however often it is given', () => {
    const graph = { initial: [3, 0, 3, 0], edges: diamond.edges };
    expect(explored(graph)).toMatchObject({ states: 5, transitions: 7, depth: 1 });
  });

  test('keeps apart what differs in length only', () => {
    // 0 is [0], 1 is [0, 0], 2 is [1]; none is left out.
    const graph = { initial: [0], edges: [[1], [2], []] };
    expect(explored(graph)).toMatchObject({ states: 3, depth: 2 });
  });

  test('takes an empty encoding for a state like another', () => {
    const model: Exploration<number> = {
      initial: [0],
      next: (n, emit) => emit('step', (n + 1) % 3),
      encode: (n, words) => words.fill(7, 0, n) && n,
      invariants: [],
    };
    expect(explore(model)).toMatchObject({ states: 3, transitions: 3, depth: 2 });
  });

  test('takes long encodings, however many are emitted at once', () => {
    const star = [Array.from({ length: 100 }, (_, i) => i + 1), [7]];
    const model = modelOf({ initial: [0], edges: star });
    const encode: typeof model.encode = ({ at }, words) => words.fill(at, 0, 1_024).length;
    expect(explore({ ...model, encode, invariants: [] })).toMatchObject({
      states: 101,
      transitions: 101,
      depth: 1,
    });
  });

  test('without an initial state is no model', () => {
    expect(() => explored({ initial: [], edges: [] })).toThrow('there is no initial state');
  });
});

describe('a violation', () => {
  test('comes with a shortest trace', () => {
    const { verdict, violation, depth } = explored(diamond, { invariants: [never(4)] });
    expect({ verdict, depth }).toEqual({ verdict: 'violated', depth: 3 });
    expect(violation).toEqual({ invariant: 'never 4', trace: ['0>1', '1>3', '3>4'] });
  });

  test('ends the exploration: counted up to the state that shows it', () => {
    const answer = explored(diamond, { invariants: [never(3)] });
    // 0>1, 0>2, 1>3; what 1 emits after it is not heard.
    expect(answer).toMatchObject({ states: 4, transitions: 3, depth: 2 });
  });

  test('in an initial state has an empty trace', () => {
    const graph = { initial: [4, 0], edges: diamond.edges };
    const answer = explored(graph, { invariants: [never(0)] });
    expect(answer.violation).toEqual({ invariant: 'never 0', trace: [] });
    expect(answer).toMatchObject({ states: 2, transitions: 0, depth: 0 });
  });

  test('of several invariants is the first in the list', () => {
    const invariants = [never(9), { ...never(2), id: 'a' }, { ...never(2), id: 'b' }];
    expect(explored(diamond, { invariants }).violation?.invariant).toBe('a');
  });

  test('is counted alike where a state has very many successors', () => {
    const star = [Array.from({ length: 300 }, (_, i) => i + 1)];
    const answer = explored({ initial: [0], edges: star }, { invariants: [never(5)] });
    expect(answer).toMatchObject({ states: 6, transitions: 5, depth: 1 });
    expect(answer.violation?.trace).toEqual(['0>5']);
  });

  test('has the first of several labels of one step', () => {
    const answer = explore({
      ...modelOf(diamond),
      next: (_, emit) => {
        emit('early', { at: 1 });
        emit('late', { at: 1 });
      },
      invariants: [never(1)],
    });
    expect(answer.violation?.trace).toEqual(['early']);
  });

  test('seen before something is thrown is told', () => {
    const model = modelOf(diamond);
    const next: typeof model.next = (node, emit) => {
      model.next(node, emit);
      throw new Error('beyond');
    };
    const answer = explore({ ...model, next, invariants: [never(2)] });
    expect(answer.violation).toEqual({ invariant: 'never 2', trace: ['0>2'] });
  });
});

describe('a limit', () => {
  test.each([
    [1, 'limit', 1, 1, 0],
    [3, 'limit', 3, 3, 1],
    [4, 'limit', 4, 7, 2],
    [5, 'holds', 5, 7, 3],
  ])('of %i states: %s', (most, verdict, states, transitions, depth) => {
    const answer = explored(diamond, { limits: { states: most } });
    expect(answer).toMatchObject({ verdict, states, transitions, depth, goals: [] });
  });

  test('does not hide a violation before it', () => {
    const answer = explored(diamond, { limits: { states: 4 }, invariants: [never(3)] });
    expect(answer).toMatchObject({ verdict: 'violated', states: 4 });
  });

  test('of no seconds stops before the first expansion', () => {
    const answer = explored(diamond, { limits: { seconds: 0 } });
    expect(answer).toMatchObject({ verdict: 'limit', states: 1, transitions: 0 });
  });

  test.each([10_000, 100_000, 1_000_000])('of %i bytes is not passed', (bytes) => {
    const answer = explore({ ...grid(1_000), limits: { bytes } });
    expect(answer.verdict).toBe('limit');
    expect(answer.bytes).toBeLessThanOrEqual(bytes);
    expect(answer.states).toBeGreaterThan(bytes / 100);
  });

  test('of bytes counts the edges that goals need', () => {
    const goals = [{ id: 'any', reached: (): boolean => true }];
    for (let bytes = 20_000; bytes <= 600_000; bytes += 30_000) {
      const without = explore({ ...grid(300), limits: { bytes } });
      const answer = explore({ ...grid(300), goals, limits: { bytes } });
      expect(answer).toMatchObject({ verdict: 'limit', goals: [] });
      expect(answer.bytes).toBeLessThanOrEqual(bytes);
      expect(answer.states).toBeLessThan(without.states);
    }
  });
});

describe('what the caller gets wrong is said', () => {
  const model = modelOf(diamond);
  test.each([
    [-1, 'encode answers -1, which is no number of words from 0 to 8'],
    [1.5, 'encode answers 1.5, which is no number of words from 0 to 8'],
    [Number.NaN, 'encode answers NaN, which is no number of words from 0 to 8'],
    [9, 'encode answers 9, which is no number of words from 0 to 8'],
  ])('a length of %d', (length, message) => {
    const wrong = { ...model, encode: () => length, invariants: [], words: 8 };
    expect(() => explore(wrong)).toThrow(new RangeError(message));
  });

  test('all the words there are may be used', () => {
    const full = { ...model, encode: () => 8, invariants: [], words: 8 };
    expect(explore(full).states).toBe(1);
  });

  test('what next throws is passed on', () => {
    const next = (): never => {
      throw new Error('out of stock');
    };
    expect(() => explore({ ...model, next, invariants: [] })).toThrow('out of stock');
  });

  test('a next that does not repeat itself', () => {
    let calls = 0;
    const next: typeof model.next = (node, emit) => {
      calls += 1;
      model.next(node, calls <= 3 ? emit : (): void => {});
    };
    expect(() => explore({ ...model, next, invariants: [never(3)] })).toThrow(
      'next is not deterministic: after [] it does not emit what it emitted before',
    );
  });
});

describe('witnesses', () => {
  test('say what was seen, and on request how', () => {
    const seen = (at: number) => (node: Node) => node.at === at;
    const witnesses = [
      { id: 'four', seen: seen(4), traced: true },
      { id: 'three', seen: seen(3) },
      { id: 'five', seen: seen(5), traced: true },
      { id: 'start', seen: seen(0), traced: true },
      { id: 'late', seen: ({ at }: Node) => at >= 3, traced: true },
    ];
    expect(explored(diamond, { witnesses }).witnesses).toEqual([
      { id: 'four', seen: true, trace: ['0>1', '1>3', '3>4'] },
      { id: 'three', seen: true },
      { id: 'five', seen: false },
      { id: 'start', seen: true, trace: [] },
      { id: 'late', seen: true, trace: ['0>1', '1>3'] },
    ]);
  });

  test('are not seen beyond a limit', () => {
    const witnesses = [{ id: 'four', seen: (node: Node) => node.at === 4 }];
    const answer = explored(diamond, { witnesses, limits: { states: 4 } });
    expect(answer.witnesses).toEqual([{ id: 'four', seen: false }]);
  });
});

describe('goals', () => {
  const goal = (at: number) => ({ id: `to ${at}`, reached: (node: Node) => node.at === at });

  test('are reached from everywhere, or the first state that is stranded is shown', () => {
    expect(explored(diamond, { goals: [goal(4)] })).toMatchObject({
      verdict: 'holds',
      goals: [{ id: 'to 4', stranded: 0 }],
    });
    const answer = explored(diamond, { goals: [goal(4), goal(2), goal(0)] });
    expect(answer.verdict).toBe('violated');
    expect(answer.violation).toEqual({ invariant: 'to 2', trace: ['0>1', '1>3'] });
    expect(answer.goals).toEqual([
      { id: 'to 4', stranded: 0 },
      { id: 'to 2', stranded: 2, trace: ['0>1', '1>3'] },
      { id: 'to 0', stranded: 3, trace: ['0>2'] },
    ]);
  });

  test('do not count on a way that may never be gone', () => {
    const model = modelOf(diamond);
    const next: typeof model.next = (node, emit) =>
      model.next(node, (label, to) => emit(label, to, label !== '3>4'));
    const answer = explore({ ...model, next, invariants: [], goals: [goal(4)] });
    expect(answer).toMatchObject({ verdict: 'violated', states: 5, transitions: 7 });
    expect(answer.goals).toEqual([{ id: 'to 4', stranded: 4, trace: [] }]);
  });

  test('are not judged where an invariant is broken', () => {
    const answer = explored(diamond, { goals: [goal(0)], invariants: [never(4)] });
    expect(answer.violation?.invariant).toBe('never 4');
    expect(answer.goals).toEqual([]);
  });
});

type Point = { readonly x: number; readonly y: number };

/** A square of points, from a corner along its sides: n^2 states, and as deep as 2n - 2. */
function grid(n: number): Exploration<Point> {
  return {
    initial: [{ x: 0, y: 0 }],
    next: ({ x, y }, emit) => {
      if (x + 1 < n) emit('right', { x: x + 1, y });
      if (y + 1 < n) emit('up', { x, y: y + 1 });
      if (x > 0) emit('left', { x: x - 1, y });
      if (y > 0) emit('down', { x, y: y - 1 });
    },
    encode: ({ x, y }, words) => {
      words[0] = x;
      words[1] = y;
      // Of different lengths here and there, so that some pieces have starts and some have not.
      words[2] = 0;
      return x > n / 2 && y % 7 === 0 ? 3 : 2;
    },
    invariants: [],
  };
}

describe('many states', () => {
  const n = 1_100;

  test('are all there, through every growth, and every way to them', () => {
    const reached = ({ x, y }: Point): boolean => x === n - 1 && y === n - 1;
    const seen = ({ x, y }: Point): boolean => x === 700 && y === 1_000;
    const reports: Progress[] = [];
    const answer = explore({
      ...grid(n),
      goals: [{ id: 'corner', reached }],
      witnesses: [{ id: 'seen', seen, traced: true }],
      progress: (progress) => reports.push(progress),
    });
    expect(answer).toMatchObject({
      verdict: 'holds',
      states: n * n,
      transitions: 4 * n * (n - 1),
      depth: 2 * n - 2,
      goals: [{ id: 'corner', stranded: 0 }],
    });
    const labels = answer.witnesses[0]?.trace ?? [];
    expect(labels.filter((label) => label === 'right').length).toBe(700);
    expect(labels.length).toBe(1_700);
    for (const { states, transitions, frontier, depth, estimate = states } of reports) {
      expect(transitions).toBeGreaterThanOrEqual(states - 1);
      expect(frontier).toBeLessThanOrEqual(4 * n);
      expect(depth).toBeLessThanOrEqual(2 * n - 2);
      expect(estimate).toBeGreaterThanOrEqual(states);
    }
  }, 60_000);

  test('of five words take at most 40 bytes each', () => {
    const counting = (length: number): Exploration<{ readonly at: number }> => ({
      initial: [{ at: 0 }],
      next: ({ at }, emit) => {
        if (at < 1_048_576) emit('next', { at: at + 1 });
      },
      encode: ({ at }, words) => {
        words.fill(at, 0, 5);
        return at % 64 === 0 ? length : 5;
      },
      invariants: [],
    });
    for (const length of [5, 4]) {
      const { states, bytes } = explore(counting(length));
      expect(states).toBe(1_048_577);
      expect(bytes / states).toBeLessThanOrEqual(40);
    }
  }, 60_000);
});

test('progress is told about every half second', () => {
  const reports: Progress[] = [];
  const until = performance.now() + 1_300;
  explore({
    initial: [0],
    next: (n: number, emit) => {
      if (performance.now() < until) emit('next', n + 1);
    },
    encode: (n, words) => {
      words[0] = n;
      return 1;
    },
    invariants: [],
    progress: (progress) => reports.push(progress),
  });
  expect(reports.length).toBeGreaterThanOrEqual(1);
  expect(reports.length).toBeLessThanOrEqual(2);
  for (const { states, seconds, statesPerSecond, frontier, transitions } of reports) {
    expect(statesPerSecond).toBeCloseTo(states / seconds);
    expect(frontier).toBe(1);
    expect(transitions).toBe(states - 1);
  }
});
