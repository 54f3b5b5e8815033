/** What the compiler of the charts does not support is refused by name, never compiled wrongly. */
import { describe, expect, test } from 'vitest';
import { assign, createMachine, raise } from 'xstate';
import { type ChartMachine, chartSetup, GUARDS, type State } from '../machines/chart.ts';
import { compile } from '../src/core/compiled.ts';

type Config = Readonly<Record<string, unknown>>;

/** A small region of every supported shape; `on` belongs to `live.life.working`. */
function machine({
  on = {},
  working = {},
  live = {},
  life = {},
  request = {},
  over = {},
  root = {},
  states = {},
}: Partial<
  Record<'on' | 'working' | 'live' | 'life' | 'request' | 'over' | 'root' | 'states', Config>
>): ChartMachine {
  const config: Config = {
    id: 'leg',
    initial: 'idle',
    states: {
      idle: { on: { 'leg.placed': { target: '#leg.live' } } },
      live: {
        type: 'parallel',
        ...live,
        states: {
          life: {
            initial: 'working',
            ...life,
            states: { working: { on, ...working }, trading: {} },
          },
          request: { initial: 'none', states: { none: request, asked: {} } },
        },
      },
      ended: { initial: 'filled', states: { filled: {}, cancelled: {} }, ...over },
      ...states,
    },
    ...root,
  };
  return chartSetup.createMachine(config as State);
}

const on = (transition: unknown): { readonly on: Config } => ({ on: { 'leg.filled': transition } });
const guarded = (guard: unknown): { readonly on: Config } => on({ guard, target: 'trading' });
const asking = (...actions: readonly unknown[]): { readonly on: Config } => on({ actions });
const inIdle = (fact: string, transition: unknown): { readonly states: Config } => ({
  states: { idle: { on: { [fact]: transition } } },
});

const working = 'live.life.working';

/** Guards without parameters, six of them. */
const plain = Object.keys(GUARDS)
  .slice(4)
  .map((type) => ({ guard: { type } }));
const admitting = (...legs: readonly string[]): readonly object[] =>
  legs.map((leg) => ({ guard: { type: 'admitted', params: { leg } } }));

const refused: readonly (readonly [said: string, machine: () => ChartMachine])[] = [
  // The machine, and its states.
  ['its root has "context"', () => machine({ root: { context: { qty: 1 } } })],
  ['its root has "entry"', () => machine({ root: { entry: { type: 'close' } } })],
  ['its root has "output"', () => machine({ root: { output: {} } })],
  ['its root has transitions of its own', () => machine({ root: on({ target: '.idle' }) })],
  [
    'its root has transitions of its own',
    () => machine({ root: { on: { '*': { target: '.idle' } } } }),
  ],
  [
    'its root has the type parallel; a region is one of states',
    () => machine({ root: { type: 'parallel', initial: undefined } }),
  ],
  [`${working} has "always"`, () => machine({ working: { always: { target: 'trading' } } })],
  [`${working} has "after"`, () => machine({ working: { after: { 1000: 'trading' } } })],
  [`${working} has "invoke"`, () => machine({ working: { invoke: { src: 'broker' } } })],
  [`${working} has "entry"`, () => machine({ working: { entry: { type: 'close' } } })],
  [`${working} has "exit"`, () => machine({ working: { exit: { type: 'close' } } })],
  [`${working} has "tags"`, () => machine({ working: { tags: ['live'] } })],
  ['ended has "onDone"', () => machine({ over: { onDone: { target: 'idle' } } })],
  [
    'ended.filled has the type final',
    () => machine({ over: { states: { filled: { type: 'final' } } } }),
  ],
  [
    'ended.before has "history"',
    () => machine({ over: { states: { filled: {}, before: { history: 'deep' } } } }),
  ],
  [
    'ended.before has the type history',
    () => machine({ over: { states: { filled: {}, before: { type: 'history' } } } }),
  ],
  [
    'ended has an initial transition',
    () => machine({ over: { initial: { target: 'filled', actions: [{ type: 'close' }] } } }),
  ],
  [
    'live.life has a deadline, and states within',
    () => machine({ life: { meta: { deadline: 'cover' } } }),
  ],
  // The shape.
  [
    `${working} has states within, too deep`,
    () => machine({ working: { initial: 'a', states: { a: {} } } }),
  ],
  [
    `${working} has parallel states, too deep`,
    () => machine({ working: { type: 'parallel', states: { a: {}, b: {} } } }),
  ],
  [
    'ended.filled has states within, too deep',
    () => machine({ over: { states: { filled: { initial: 'a', states: { a: {} } } } } }),
  ],
  [
    'double has fewer than two parallel states',
    () =>
      machine({
        states: {
          double: { type: 'parallel', states: { a: { initial: 'b', states: { b: {} } } } },
        },
      }),
  ],
  [
    'double.a has no states, as an axis of a parallel state',
    () => machine({ states: { double: { type: 'parallel', states: { a: {}, b: {} } } } }),
  ],
  [
    'ended.in.part has a dot in its name',
    () => machine({ over: { states: { filled: {}, 'in.part': {} } } }),
  ],
  [
    `${working} has nowhere to begin`,
    () => machine({ ...on({ target: '#leg.ended' }), over: { initial: 'born' } }),
  ],
  ['its root has nowhere to begin', () => machine({ root: { initial: 'born' } })],
  // Facts.
  [
    `${working} has a transition on the wildcard leg.*`,
    () => machine({ on: { 'leg.*': { target: 'trading' } } }),
  ],
  [
    `${working} has a transition on xstate.init, a word of XState's`,
    () => machine({ on: { 'xstate.init': { target: 'trading' } } }),
  ],
  // Transitions.
  [
    `${working} has "reenter" on leg.filled`,
    () => machine(on({ target: 'trading', reenter: true })),
  ],
  [`${working} has "delay" on leg.filled`, () => machine(on({ target: 'trading', delay: 5 }))],
  // Guards.
  [`${working} has an inline function as guard on leg.filled`, () => machine(guarded(() => true))],
  [`${working} has a bare name as guard on leg.filled: flat`, () => machine(guarded('flat'))],
  [`${working} has an unknown guard on leg.filled: calm`, () => machine(guarded({ type: 'calm' }))],
  [
    `${working} has a guard on leg.filled with params: flat`,
    () => machine(guarded({ type: 'flat', params: { leg: 'stop1' } })),
  ],
  [`${working} has no leg named, on leg.filled`, () => machine(guarded({ type: 'admitted' }))],
  ...['stopp1', 'a stop1', 'stop1 a', ['stop1']].map(
    (leg) =>
      [
        `${working} has no leg named, on leg.filled`,
        () => machine(guarded({ type: 'admitted', params: { leg } })),
      ] as const,
  ),
  [
    `${working} has computed params in admitted, guard on leg.filled`,
    () => machine(guarded({ type: 'admitted', params: () => ({ leg: 'stop1' }) })),
  ],
  [
    `${working} has a guard on leg.filled with a meaning of its own: flat`,
    () => machine(guarded({ type: 'flat' })).provide({ guards: { flat: () => false } }),
  ],
  [
    `${working} has too many guards on leg.filled`,
    () => machine(on([...plain, ...admitting('entry', 'stop1', 'target1')])),
  ],
  [`${working} has no because in ask on leg.filled`, () => machine(asking({ type: 'ask' }))],
  [
    `${working} has params that are no object in ask, action on leg.filled`,
    () => machine(asking({ type: 'ask', params: null })),
  ],
  [`${working} has a bare name as guard on leg.filled: null`, () => machine(guarded(null))],
  [`${working} has no name for a guard on leg.filled`, () => machine(guarded({ type: 5 }))],
  // Actions.
  [`${working} has an inline function as action on leg.filled`, () => machine(asking(() => {}))],
  [`${working} has an inline function as action on leg.filled`, () => machine(asking(assign({})))],
  [
    `${working} has an inline function as action on leg.filled`,
    () => machine(asking(raise({ type: 'link.lost' }))),
  ],
  [`${working} has a bare name as action on leg.filled: close`, () => machine(asking('close'))],
  [
    `${working} has an unknown action on leg.filled: shout`,
    () => machine(asking({ type: 'shout' })),
  ],
  [
    `${working} has an action on leg.filled that XState performs: close`,
    () => machine(asking({ type: 'close' })).provide({ actions: { close: assign({}) } }),
  ],
  [
    `${working} has computed params in ask, action on leg.filled`,
    () => machine(asking({ type: 'ask', params: () => ({ because: 'so' }) })),
  ],
  [
    `${working} has params that are no object in ask, action on leg.filled`,
    () => machine(asking({ type: 'ask', params: 'so' })),
  ],
  [
    `${working} has no because in ask on leg.filled`,
    () => machine(asking({ type: 'ask', params: {} })),
  ],
  [
    `${working} has an action on leg.filled with params: close`,
    () => machine(asking({ type: 'close', params: {} })),
  ],
  [
    `${working} has no law called L13, in alarm on leg.filled`,
    () => machine(asking({ type: 'alarm', params: { law: 'L13', text: 'no such' } })),
  ],
  // Targets.
  [
    `${working} has a target on leg.filled that resets a neighbour axis`,
    () => machine(on({ target: '#leg.live.request.none' })),
  ],
  [
    `${working} has a target on leg.filled that resets a neighbour axis`,
    () => machine(on({ target: ['trading', '#leg.live.request.none'] })),
  ],
  [
    `${working} has a target on leg.filled that resets a neighbour axis`,
    () => machine(on({ target: ['trading', '#leg.ended'] })),
  ],
  [
    'live.request.none has a target on leg.filled that resets a neighbour axis',
    // Also beside a neighbour that always moves by itself.
    () => machine({ states: { live: restless } }),
  ],
  [
    'live has a target on leg.filled that resets a neighbour axis',
    () => machine({ live: on({ target: '.life.trading' }) }),
  ],
  [
    `${working} has a target on leg.filled that it is in already`,
    () => machine(on({ target: '#leg.live' })),
  ],
  [
    `${working} has a target on leg.filled that it is in already`,
    () => machine(on({ target: 'working' })),
  ],
  [
    'live.request.none has a target on leg.filled that it is in already',
    () =>
      // Another axis always goes before it; XState runs its actions all the same.
      machine({
        ...on({ target: '#leg.ended' }),
        request: on({ target: 'none', actions: { type: 'close' } }),
      }),
  ],
  [
    'ended has a target on leg.filled that it is in already',
    () => machine({ over: on({ target: '#leg.ended' }) }),
  ],
  [
    'idle has not one target for every axis of live on leg.placed',
    () => machine(inIdle('leg.placed', { target: '#leg.live.life.trading' })),
  ],
  [
    'idle has not one target for every axis of live on leg.placed',
    () =>
      machine(
        inIdle('leg.placed', { target: ['#leg.live.life.trading', '#leg.live.life.working'] }),
      ),
  ],
  [
    'idle has several targets on leg.placed',
    () => machine(inIdle('leg.placed', { target: ['#leg.ended.filled', '#leg.ended.cancelled'] })),
  ],
  [
    'idle has targets apart on leg.placed',
    () =>
      machine(
        inIdle('leg.placed', {
          target: ['#leg.live.life.trading', '#leg.live.request.none', '#leg.ended'],
        }),
      ),
  ],
  ['idle has an empty target on leg.placed', () => machine(inIdle('leg.placed', { target: [] }))],
];

const guardIn = (one: object): unknown => ('guard' in one ? one.guard : undefined);

/** Whatever its first axis does, the second would have it elsewhere. */
const restless: Config = {
  type: 'parallel',
  states: {
    life: {
      initial: 'working',
      states: { working: on({ target: 'trading' }), trading: on({ target: 'working' }) },
    },
    request: {
      initial: 'none',
      states: { none: on({ target: ['asked', '#leg.live.life.trading'] }), asked: {} },
    },
  },
};

describe('refused by the compiler', () => {
  test.each(refused)('%s', (said, make) => {
    expect(() => compile('leg', make())).toThrow(`the chart leg is not compiled: ${said}`);
  });

  test('a machine that was not made with our guards', () => {
    const foreign = createMachine({
      id: 'foreign',
      initial: 'a',
      states: { a: { on: { x: { guard: { type: 'flat' }, target: 'b' } } }, b: {} },
    });
    expect(() => compile('foreign', foreign)).toThrow(
      'the chart foreign is not compiled: a has a guard on x with a meaning of its own: flat',
    );
  });

  test('a guard that is none of ours, though the machine knows what it means', () => {
    const foreign = createMachine(
      { id: 'foreign', initial: 'a', states: { a: { on: { x: { guard: { type: 'calm' } } } } } },
      { guards: { calm: () => true } },
    );
    expect(() => compile('foreign', foreign)).toThrow(
      'the chart foreign is not compiled: a has an unknown guard on x: calm',
    );
  });

  test('and as many guards as there may be are compiled, to be asked for by name', () => {
    const guards = [...plain, ...admitting('entry', 'stop1')];
    const table = compile('leg', machine(on(guards)));
    expect(table.guards).toEqual([...plain, ...admitting('entry', 'stop1')].map(guardIn));
    const cell = table.rows.get('live.working.none')?.cells[table.columns.get('leg.filled') ?? -1];
    expect(cell?.answers.length).toBe(2 ** 8);
    expect(cell?.admitted.map(({ leg }) => leg)).toEqual(['entry', 'stop1']);
    expect(cell?.unwanted).toEqual([]);
  });

  test('and only who asks nothing but the plan may rest when the plan calls for nothing', () => {
    const rests = (...guards: readonly object[]): boolean | undefined => {
      const table = compile(
        'leg',
        machine(on(guards.map((one) => ({ ...one, target: 'trading' })))),
      );
      const column = table.columns.get('leg.filled') ?? -1;
      return table.rows.get('live.working.none')?.cells[column]?.rests;
    };
    expect(rests(...admitting('entry', 'stop1'))).toBe(true);
    expect(rests(...admitting('entry'), { guard: { type: 'flat' } })).toBe(false);
    expect(rests({ guard: { type: 'flat' } })).toBe(false);
    expect(rests({})).toBe(false);
  });

  test('and a deadline where it may be, a wildcard, and a dot in the name of all', () => {
    const waiting = machine({ working: { meta: { deadline: 'trading' } } });
    const row = compile('leg', waiting).rows.get('live.working.none');
    expect(row?.waits).toEqual([{ name: 'trading', key: 'leg.trading' }]);
    const wild = compile(
      'leg',
      machine({ working: { on: { '*': { actions: { type: 'close' } } } } }),
    );
    expect(wild.otherwise).toBe(wild.columns.size);
    const dotted = chartSetup.createMachine({ id: 'a.b', initial: 'c', states: { c: {} } });
    expect(compile('a', dotted).start.configuration).toBe('c');
  });

  test('and the small region without any of it is compiled', () => {
    const { rows, start } = compile(
      'leg',
      machine(on([{ guard: { type: 'flat' } }, { target: '#leg.ended' }])),
    );
    expect(start.configuration).toBe('idle');
    expect([...rows.keys()]).toEqual([
      'idle',
      'live.working.none',
      'live.working.asked',
      'live.trading.none',
      'live.trading.asked',
      'ended.filled',
      'ended.cancelled',
    ]);
  });
});
