/** Who hears of a fact, whether it was answered, and what is said of a place that no chart has. */
import { describe, expect, test } from 'vitest';
import { NO_CONCLUSIONS } from '../../machines/facts.ts';
import { watcherStates } from '../../machines/watcher.ts';
import {
  audienceOf,
  bracketChart,
  regionChart,
  standingOf,
  statesOf,
  stepBracket,
  stepRegion,
} from '../../src/core/charts.ts';
import { hearingOf, type Listening } from '../../src/core/standing.ts';

const chart = bracketChart(1);
const standing = standingOf(chart, chart.initial);

describe('a fact', () => {
  test('is addressed to the region that it names, and to no other', () => {
    for (const fact of ['entry.filled', 'exposure.overdue', 'bracket.concluded']) {
      const addressed = audienceOf(chart, fact).listeners.filter((one) => one.addressed);
      const names = addressed.map(({ at }) => chart.names[at]);
      expect(names).toEqual(fact.startsWith('bracket') ? [] : [fact.split('.')[0]]);
    }
  });

  test('is unanswered only where the region it is addressed to has no word on it', () => {
    const hearing = hearingOf(standing, audienceOf(chart, 'entry.working'));
    const answered = (change: Partial<Listening>, isAnswered: boolean): boolean => {
      const listening = hearing.listening.map((one): Listening => {
        const [answer] = one.cell.answers;
        if (answer === undefined) throw new Error('a cell without an answer');
        const answers = [{ ...answer, row: one.row, intents: [], answered: isAnswered }];
        return { ...one, cell: { ...one.cell, guards: [], answers, rests: true }, ...change };
      });
      return stepBracket(chart, { ...hearing, listening, atRest: null }, NO_CONCLUSIONS).answered;
    };
    expect(answered({ addressed: true }, false)).toBe(false);
    expect(answered({ addressed: true }, true)).toBe(true);
    expect(answered({ addressed: false }, false)).toBe(true);
  });
});

test('the plan is asked about a leg what its state asks, and nothing else', () => {
  const names = { entry: 'ended.filled', stop1: 'live.working.none', exposure: 'protected' };
  const { admitted, unwanted } = hearingOf(
    standingOf(chart, { ...chart.initial, ...names }),
    chart.closing,
  );
  expect(admitted.map(({ leg }) => leg)).toEqual(['target1', 'closing']);
  expect(unwanted.map(({ leg }) => leg)).toEqual(['stop1']);
});

describe('a configuration', () => {
  test('that says nothing of a region has it where it begins', () => {
    expect(standingOf(chart, {}).rows).toEqual(standing.rows);
  });

  test('that no chart has is refused by name', () => {
    expect(() => standingOf(chart, { ...chart.initial, entry: 'nowhere' })).toThrow(
      'entry has no configuration "nowhere"',
    );
    const watcher = regionChart('watcher', watcherStates);
    expect(() => stepRegion(watcher, 'nowhere', 'watcher.started', NO_CONCLUSIONS)).toThrow(
      'watcher has no configuration nowhere',
    );
    expect(() => statesOf(watcher, 'nowhere')).toThrow('watcher has no configuration nowhere');
    expect(statesOf(watcher, 'started')).toEqual(['started']);
  });
});
