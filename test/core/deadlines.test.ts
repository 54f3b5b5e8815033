/** A wait that begins starts a deadline, one that goes on keeps its own, one that is over stops it. */
import { expect, test } from 'vitest';
import { runningDeadlines } from '../../src/core/deadlines.ts';
import type { Effect, Ready } from '../../src/core/ready.ts';
import { Engine, longOf, px } from './engine.ts';

const waits = ({ effects }: Pick<Ready, 'effects'>): readonly Effect[] =>
  effects.filter(({ type }) => type === 'startDeadline' || type === 'stopDeadline');

const started = (deadline: string, withinMs: number): Effect => ({
  type: 'startDeadline',
  deadline,
  withinMs,
});

const stopped = (deadline: string): Effect => ({ type: 'stopDeadline', deadline });

const execution = { execId: 'e.01', qty: 5_000, px: px('1.31') };
const policy = { coverMs: 11, acknowledgementMs: 12, tradingMs: 13 };

test('deadlines run as long as what is waited for, and by their own names', () => {
  const engine = new Engine();
  const request = longOf('A', { policy });
  const opened = engine.hear({ type: 'bracket.requested', request });
  expect(waits(opened)).toEqual([started('A/entry.acknowledgement/1', 12)]);
  expect(runningDeadlines(engine.state)).toEqual(waits(opened));

  const entered = engine.hear({ type: 'order.executed', orderRef: 'A.entry.1', ...execution });
  expect(waits(entered)).toEqual([
    stopped('A/entry.acknowledgement/1'),
    started('A/entry.trading/2', 13),
    started('A/stop1.acknowledgement/3', 12),
    started('A/exposure.cover/4', 11),
  ]);
  expect(new Set(runningDeadlines(engine.state))).toEqual(new Set(waits(entered).slice(1)));

  // The half that is left trades: the entry's wait is over, the others go on under their names.
  const rest = { ...execution, execId: 'f.01' };
  const done = engine.hear({ type: 'order.executed', orderRef: 'A.entry.1', ...rest });
  expect(waits(done)).toEqual([stopped('A/entry.trading/2')]);
  expect(runningDeadlines(engine.state)).toHaveLength(2);

  const again = engine.hear({ type: 'order.executed', orderRef: 'A.entry.1', ...rest });
  expect(waits(again)).toEqual([]);
});

test('of two brackets each has its own', () => {
  const engine = new Engine();
  for (const id of ['A', 'B']) engine.hear({ type: 'bracket.requested', request: longOf(id) });
  const names = runningDeadlines(engine.state).map((wait) => 'deadline' in wait && wait.deadline);
  expect(names).toEqual(['A/entry.acknowledgement/1', 'B/entry.acknowledgement/1']);
});

test('a wait without a deadline is none that runs', () => {
  const engine = new Engine();
  engine.hear({ type: 'bracket.requested', request: longOf('A') });
  const books = Object.entries(engine.state.books).map(([key, book]) => {
    const brackets = book.brackets.map((bracket) => ({ ...bracket, deadlines: [] }));
    return [key, { ...book, brackets }];
  });
  expect(runningDeadlines({ ...engine.state, books: Object.fromEntries(books) })).toEqual([]);
});
