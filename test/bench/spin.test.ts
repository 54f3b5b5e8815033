/** The protocol that is measured beside SPIN is one protocol: its counts, by pan and by us. */
import { describe, expect, test } from 'vitest';
import { channels } from '../../src/bench/channels.ts';
import { compareWithSpin, countsOfPan, readPan, spinText } from '../../src/bench/spin.ts';
import { explore } from '../../src/verify/explore.ts';

/** As told by pan 6.5.2; its count of transitions less one. */
const RECORDED = [
  { lots: 2, room: 2, states: 237, transitions: 496 },
  { lots: 3, room: 3, states: 1_716, transitions: 4_314 },
  { lots: 4, room: 4, states: 8_896, transitions: 24_456 },
  { lots: 5, room: 5, states: 38_002, transitions: 110_004 },
] as const;

describe('the twin', () => {
  test.each(RECORDED)('of $lots lots, $room messages has the states of pan', (recorded) => {
    const model = channels(recorded);
    const { decode: _, ...kept } = model;
    for (const exploration of [model, kept]) {
      const { verdict, states, transitions } = explore(exploration);
      expect({ verdict, states, transitions }).toEqual({
        verdict: 'holds',
        states: recorded.states,
        transitions: recorded.transitions,
      });
    }
  });

  test('can be emptied again, and sells all by either leg', () => {
    const { verdict, goals, witnesses } = explore({
      ...channels({ lots: 3, room: 2 }),
      goals: [{ id: 'flat', reached: ({ broker }) => broker.unbought + broker.held === 0 }],
      witnesses: [
        { id: 'both work', seen: ({ broker }) => broker.stop > 0 && broker.target > 0 },
        {
          id: 'cancels cross',
          seen: ({ engine: { stop, target } }) => stop.cancelling && target.cancelling,
        },
      ],
    });
    expect(verdict).toBe('holds');
    expect(goals).toEqual([{ id: 'flat', stranded: 0 }]);
    expect(witnesses.map(({ seen }) => seen)).toEqual([true, true]);
  });

  test('is the model that pan searches, where SPIN is installed', async ({ skip }) => {
    const [, small] = RECORDED;
    const counted = await countsOfPan(small);
    if (counted.type === 'skipped') skip(counted.reason);
    expect(counted).toMatchObject({ states: small.states, transitions: small.transitions });
  }, 60_000);
});

test('the comparison measures, or says what is missing', async () => {
  const lines: string[] = [];
  const progress = (line: string) => lines.push(line);
  const comparison = await compareWithSpin({ rounds: 1, size: { lots: 6, room: 6 }, progress });
  const text = spinText(comparison);
  if (comparison.type === 'skipped') {
    expect(text).toMatch(/^beside SPIN: not measured, .+ not installed \(on Debian: apt-get /);
    return;
  }
  expect(lines).toEqual(['compiling pan', 'warming up', 'round 1 of 1']);
  expect(text).toMatch(/^explorer \/ pan +\d+\.\d\d x/m);
}, 60_000);

test('without the tools it says so', async () => {
  const path = process.env.PATH;
  process.env.PATH = '';
  try {
    expect(await compareWithSpin({ rounds: 1 })).toEqual({
      type: 'skipped',
      reason: 'spin and gcc are not installed (on Debian: apt-get install spin gcc)',
    });
  } finally {
    process.env.PATH = path;
  }
});

describe('a report of pan', () => {
  const report = `State-vector 56 byte, depth reached 27, errors: 0
 1.696593e+06 states, stored
      260 states, matched
      497 transitions (= stored+matched)
pan: elapsed time 0.01 seconds
`;

  test('is read', () => {
    expect(readPan(report)).toEqual({ states: 1_696_593, transitions: 496, seconds: 0.01 });
  });

  test.each([
    ['errors: 0', 'errors: 1'],
    ['pan: elapsed', 'Warning: Search not completed\npan: elapsed'],
    ['pan: elapsed', 'error: max search depth too small\npan: elapsed'],
    ['states, stored', 'things'],
  ])('with %j made %j is refused', (from, to) => {
    expect(() => readPan(report.replace(from, to))).toThrow('pan has not searched everything');
  });
});
