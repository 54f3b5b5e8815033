/**
 * One run of a strategy under one key, e.g. `breakout:RIME:1.3`.
 *
 *     started → confirmed → ordered → stopped
 *
 * Theory of operation. A key may be run many times; each run has an epoch, and at most one run
 * holds the key's lease: the right to open a bracket. A newer run takes the lease from an older
 * one, which is then stopped for good. Every run ends in `stopped`, with a record; the incident's
 * first run under `breakout:RIME:1.3` had none.
 */
import { type ChartMachine, chartSetup, ignore, type State } from './chart.ts';

export const WATCHER_FACTS = [
  'watcher.started',
  'watcher.confirmed',
  'watcher.ordered',
  'watcher.stopped',
  /** A newer run of the same key has taken the lease. */
  'watcher.superseded',
] as const;

export type WatcherFact = (typeof WATCHER_FACTS)[number];

const stopped = {
  'watcher.stopped': { target: 'stopped', description: 'The run ended.' },
  'watcher.superseded': { target: 'stopped', description: 'A newer run of the key took over.' },
} as const;

export const watcherStates: State = {
  description: 'One run of a strategy under one key.',
  initial: 'started',
  states: {
    started: {
      description: 'It watches for its condition. It holds the lease of its key.',
      on: {
        ...stopped,
        'watcher.started': ignore('the run has started already'),
        'watcher.confirmed': { target: 'confirmed' },
        'watcher.ordered': { target: 'ordered', description: 'Ordered without a confirmation.' },
      },
    },
    confirmed: {
      description: 'Its condition was met.',
      on: {
        ...stopped,
        'watcher.started': ignore('the run has started already'),
        'watcher.confirmed': ignore('confirmed already'),
        'watcher.ordered': { target: 'ordered' },
      },
    },
    ordered: {
      description: 'It opened a bracket; it may open more while it holds the lease.',
      on: {
        ...stopped,
        'watcher.started': ignore('the run has started already'),
        'watcher.confirmed': ignore('it has ordered already'),
        'watcher.ordered': ignore('ordered already; the record lists every bracket'),
      },
    },
    stopped: {
      description: 'Over, with its record. It may not open anything.',
      on: {
        'watcher.started': ignore('an ended run does not start again: a new epoch does'),
        'watcher.confirmed': ignore('the run is over'),
        'watcher.ordered': ignore('the run is over'),
        'watcher.stopped': ignore('stopped already'),
        'watcher.superseded': ignore('stopped already'),
      },
    },
  },
};

export const watcherMachine: ChartMachine = chartSetup.createMachine({
  ...watcherStates,
  id: 'watcher',
});
