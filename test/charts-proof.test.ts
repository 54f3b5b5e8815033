/**
 * The compiled tables say what XState says: on every entry of every kind of region, and on whole
 * brackets (`charts.test.ts` walks far; here nothing is left to chance).
 *
 * A bracket of one pair has about a million whole configurations, times 80 facts, times what can be
 * concluded: too many to ask XState, which takes some ten thousand a second. So each region is
 * asked exhaustively, alone; and of the whole machine every *pair* of configurations of any two
 * regions is asked, in whole configurations that cover all of them, with every fact and with
 * conclusions that cover every pair of outcomes of any two guards. Should one region ever have a
 * say in what XState makes of another, it would show there.
 */
import { describe, expect, test } from 'vitest';
import { bracketMachine, bracketRegions } from '../machines/bracket.ts';
import type { Guard, State, Transition } from '../machines/chart.ts';
import { BRACKET_FACTS, type Conclusions, legsOf, ORDER_FACTS } from '../machines/facts.ts';
import { orderKind, orderStates } from '../machines/order.ts';
import { watcherStates } from '../machines/watcher.ts';
import {
  audienceOf,
  bracketChart,
  configurationOf,
  type RegionChart,
  regionChart,
  stepBracket,
  stepRegion,
} from '../src/core/charts.ts';
import type { Row } from '../src/core/compiled.ts';
import { hearingOf, type Standing, standingIn } from '../src/core/standing.ts';
import { conclusionsOf, interpreterOf, multiset, nestedOf, outcomesOf } from './xstate.ts';

/** All that the charts of a bracket could be told, and words that no chart knows. */
function factsOf(pairs: number): readonly string[] {
  const own = legsOf(pairs).flatMap((leg) => ORDER_FACTS.map((fact) => `${leg}.${fact}`));
  return [...own, ...BRACKET_FACTS, ...STRANGE];
}
const STRANGE = ['stop9.filled', 'entry.unheard', 'exposure', 'stop1', 'stop1.*', 'nonsense', ' '];

type Compared = { readonly differences: readonly string[]; readonly entries: number };

/** Every configuration, fact and outcome of the guards of one region. */
function compareRegion(chart: RegionChart, facts: readonly string[]): Compared {
  const xstate = interpreterOf(chart.machine);
  const outcomes = outcomesOf(chart.guards);
  const differences: string[] = [];
  let entries = 0;
  for (const row of chart.rows.values()) {
    const before = xstate.at(nestedOf(row));
    for (const type of facts) {
      for (const conclusions of outcomes) {
        entries += 1;
        const [after, actions] = xstate.transition(before, { type, conclusions });
        const answer = stepRegion(chart, row.configuration, type, conclusions);
        const here = `${answer.to} ${multiset(answer.intents)}`;
        const there = `${configurationOf(after.value)} ${multiset(actions)}`;
        const silent = answer.to === row.configuration && answer.intents.length === 0;
        if (here !== there || answer.answered === silent) {
          differences.push(`${chart.region} ${row.configuration} ${type}: ${here}, not ${there}`);
        }
      }
    }
  }
  return { differences, entries };
}

/** What no chart of ours does, and the compiler supports all the same: axes that get in each other's way. */
const says = (because: string): Transition => ({
  actions: [{ type: 'ignore', params: { because } }],
});
const flat = { type: 'flat' } as const;
const odd: State = {
  id: 'odd',
  description: 'Axes in conflict.',
  initial: 'live',
  states: {
    live: {
      description: 'Both axes.',
      type: 'parallel',
      on: {
        'odd.parent': says('the parent'),
        'odd.some': { ...says('the parent, when no axis does'), target: '#odd.ended' },
        '*': { ...says('the parent, whatever it is'), guard: { type: 'leaving' } },
      },
      states: {
        life: {
          description: 'The first axis.',
          initial: 'working',
          on: {
            'odd.axis': { ...says('the axis'), target: '.trading' },
            'odd.working': says('the axis, hidden'),
          },
          states: {
            working: {
              description: 'It moves, and leaves.',
              on: {
                'odd.moveLeave': { ...says('moves'), target: 'trading' },
                'odd.leaveMove': { ...says('leaves'), target: '#odd.ended.cancelled' },
                'odd.stayLeave': says('stays'),
                'odd.leaveStay': { ...says('leaves'), target: '#odd.ended.cancelled' },
                'odd.leaveLeave': { ...says('leaves'), target: '#odd.ended.cancelled' },
                'odd.moveMove': { ...says('moves'), target: 'trading' },
                'odd.some': { ...says('when flat'), guard: flat, target: 'trading' },
                'odd.working': [{ ...says('flat'), guard: flat }, { guard: { type: 'quiet' } }],
              },
            },
            trading: { description: 'It answers all.', on: { '*': says('trading, whatever') } },
          },
        },
        request: {
          description: 'The second axis.',
          initial: 'none',
          states: {
            none: {
              description: 'It moves, and leaves.',
              on: {
                'odd.moveLeave': { ...says('leaves too'), target: '#odd.ended' },
                'odd.leaveMove': { ...says('moves too'), target: 'asked' },
                'odd.stayLeave': { ...says('leaves too'), target: '#odd.idle' },
                'odd.leaveStay': says('stays too'),
                'odd.leaveLeave': { ...says('leaves too'), target: '#odd.idle' },
                'odd.moveMove': { ...says('moves too'), target: 'asked' },
                'odd.parent': { ...says('when flat'), guard: flat },
                '*': { ...says('settled, whatever'), guard: { type: 'settled' }, target: 'asked' },
              },
            },
            asked: { description: 'It says nothing.' },
          },
        },
      },
    },
    idle: {
      description: 'Back into both axes.',
      on: {
        'odd.axis': { target: ['#odd.live.request.asked', '#odd.live.life'] },
        '*': { target: 'live', guard: flat },
      },
    },
    ended: {
      description: 'Over.',
      initial: 'filled',
      on: { 'odd.parent': { target: '.cancelled' }, 'odd.axis': says('over') },
      states: {
        filled: {
          description: 'Filled.',
          on: { 'odd.parent': { target: '#odd.live', guard: flat } },
        },
        cancelled: { description: 'Cancelled.', on: { 'odd.axis': { target: 'filled' } } },
      },
    },
  },
};

const regions: readonly (readonly [name: string, state: State, facts: readonly string[]])[] = [
  ...Object.entries(bracketRegions(1)).map(([name, state]) => [name, state, factsOf(1)] as const),
  [
    'order',
    { description: 'One order.', initial: 'live', states: orderStates(orderKind) },
    [
      ...ORDER_FACTS.map((fact) => `order.${fact}`),
      'order.cancelAsked',
      'order.replaceAsked',
      ...factsOf(1),
    ],
  ],
  [
    'odd',
    odd,
    [
      ...['parent', 'some', 'axis', 'working', 'moveLeave', 'leaveMove', 'stayLeave'],
      ...['leaveStay', 'leaveLeave', 'moveMove', 'strange'],
    ].map((fact) => `odd.${fact}`),
  ],
  [
    'watcher',
    watcherStates,
    ['started', 'confirmed', 'ordered', 'stopped', 'superseded', 'x'].map(
      (fact) => `watcher.${fact}`,
    ),
  ],
];

describe('a compiled region is the region, on every entry of its table', () => {
  test.each(regions)('%s', (name, state, facts) => {
    const chart = regionChart(name, state);
    const { differences, entries } = compareRegion(chart, facts);
    expect(differences.slice(0, 5)).toEqual([]);
    expect(entries).toBe(chart.rows.size * facts.length * 2 ** chart.guards.length);
    // Nothing that XState could be in is missing: the table's rows are closed, and hold its start.
    const start = configurationOf(interpreterOf(chart.machine).start.value);
    expect(chart.initial).toBe(start);
    for (const { cells } of chart.rows.values()) {
      for (const { to } of cells.flatMap((cell) => cell.answers))
        expect(chart.rows.has(to)).toBe(true);
    }
  });

  test('the regions of larger brackets differ in names only', () => {
    const renamed = (chart: RegionChart): string =>
      JSON.stringify(
        [...chart.rows.values()].map((row) => [
          row.configuration,
          [...chart.columns].map(([fact, column]) => [
            fact,
            row.cells[column]?.guards,
            row.cells[column]?.answers.map(({ to, intents }) => [to, intents]),
          ]),
        ]),
      ).replace(/(stop|target)[1-8]/g, '$1#');
    const [, stop, target] = bracketChart(1).regions;
    for (const pairs of [2, 3, 8]) {
      for (const chart of bracketChart(pairs).regions.slice(1, -2)) {
        const like = chart.region.startsWith('stop') ? stop : target;
        expect(like && renamed(chart) === renamed(like), `${chart.region} of ${pairs}`).toBe(true);
      }
    }
  });
});

/** Lists of choices, such that any two choices of any two places are in one of them. */
function pairwise<T>(places: readonly (readonly T[])[]): readonly (readonly T[])[] {
  const open = new Set<string>();
  const key = (i: number, a: number, j: number, b: number): string => `${i} ${a} ${j} ${b}`;
  places.forEach((one, i) => {
    places.forEach((other, j) => {
      if (i >= j) return;
      one.forEach((_, a) => {
        other.forEach((__, b) => {
          open.add(key(i, a, j, b));
        });
      });
    });
  });
  const lists: (readonly T[])[] = [];
  for (const seed of open) {
    const chosen = new Map<number, number>();
    const [i = 0, a = 0, j = 0, b = 0] = seed.split(' ').map(Number);
    chosen.set(i, a).set(j, b);
    const news = (place: number, choice: number): number => {
      let count = 0;
      for (const [other, its] of chosen) {
        const pair =
          other < place ? key(other, its, place, choice) : key(place, choice, other, its);
        if (open.has(pair)) count += 1;
      }
      return count;
    };
    places.forEach((choices, place) => {
      if (chosen.has(place)) return;
      let best = 0;
      choices.forEach((_, choice) => {
        if (news(place, choice) > news(place, best)) best = choice;
      });
      chosen.set(place, best);
    });
    const list = places.map((_, place) => chosen.get(place) ?? 0);
    list.forEach((one, p) => {
      list.forEach((other, q) => {
        if (p < q) open.delete(key(p, one, q, other));
      });
    });
    lists.push(places.map((choices, place) => choices[list[place] ?? 0] as T));
  }
  return lists;
}

const guardsOf = (standing: readonly RegionChart[]): readonly Guard[] => {
  const all = standing.flatMap((region) => region.guards);
  return [...new Map(all.map((guard) => [JSON.stringify(guard), guard])).values()];
};

test('a choice of pairs covers all of them', () => {
  const places = [
    ['a', 'b', 'c'],
    ['1', '2'],
    ['x', 'y', 'z', 'w'],
    ['+', '-'],
  ];
  const lists = pairwise(places);
  expect(lists.length).toBeLessThan(3 * 2 * 4 * 2);
  for (const [i, one] of places.entries()) {
    for (const [j, other] of places.entries()) {
      if (i >= j) continue;
      for (const a of one) {
        for (const b of other) {
          expect(lists.some((list) => list[i] === a && list[j] === b)).toBe(true);
        }
      }
    }
  }
});

test('the whole bracket of one pair is its regions side by side', { timeout: 120_000 }, () => {
  const chart = bracketChart(1);
  const xstate = interpreterOf(bracketMachine(1));
  const standings: readonly Standing[] = pairwise<Row>(
    chart.regions.map((region) => [...region.rows.values()]),
  ).map((rows) => standingIn(chart, rows));
  const guards = guardsOf(chart.regions);
  const outcomes: readonly Conclusions[] = pairwise(guards.map((guard) => [[guard], []])).map(
    (held) => conclusionsOf(held.flat()),
  );
  const facts = factsOf(1);
  const differences: string[] = [];
  const sizes = chart.regions.map((region) => region.rows.size).sort((a, b) => b - a);
  expect(standings.length).toBeGreaterThanOrEqual((sizes[0] ?? 0) * (sizes[1] ?? 0));
  let compared = 0;
  for (const standing of standings) {
    const names = chart.names.map((name, at) => [name, nestedOf(standing.rows[at] as Row)]);
    const before = xstate.at(Object.fromEntries(names));
    for (const type of facts) {
      for (const conclusions of outcomes) {
        compared += 1;
        const [after, actions] = xstate.transition(before, { type, conclusions });
        const made = stepBracket(chart, hearingOf(standing, audienceOf(chart, type)), conclusions);
        const here = made.standing.rows.map((row) => row.configuration).join(' ');
        const there = chart.names.map((name) => configurationOf(after.value[name])).join(' ');
        if (here !== there || multiset(made.intents) !== multiset(actions)) {
          const from = standing.rows.map((row) => row.configuration).join(' ');
          differences.push(`${from}, ${type}: ${here}, not ${there}`);
        }
      }
    }
  }
  console.log(`${standings.length} whole configurations, ${compared} transitions compared`);
  expect(differences.slice(0, 5)).toEqual([]);
});
