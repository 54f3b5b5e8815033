/** What a run says that changes nothing is ignored, and says why. */
import { expect, test } from 'vitest';
import { Engine } from './engine.ts';

test('a run that starts twice, or says what is known, is left alone with a reason', () => {
  const engine = new Engine();
  const run = { key: 'breakout', epoch: 1 };
  expect(engine.hear({ type: 'watcher.started', ...run }).ignored).toEqual([]);
  expect(engine.hear({ type: 'watcher.confirmed', ...run }).ignored).toEqual([]);
  expect(engine.hear({ type: 'watcher.confirmed', ...run }).ignored).toEqual(['confirmed already']);
  expect(engine.hear({ type: 'watcher.started', ...run }).ignored).toEqual([
    'the run has started already',
  ]);
  expect(engine.hear({ type: 'watcher.stopped', ...run }).ignored).toEqual([]);
  expect(engine.hear({ type: 'watcher.stopped', ...run }).ignored).toEqual(['stopped already']);
});
