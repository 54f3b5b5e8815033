/** Runs of strategies, and the lease that lets one run of a key open brackets. */

import { NO_CONCLUSIONS } from '../../machines/facts.ts';
import { watcherStates } from '../../machines/watcher.ts';
import { regionChart, stepRegion } from './charts.ts';
import type { WatcherRecord } from './ready.ts';
import type { State, WatcherRun } from './state.ts';

const chart = regionChart('watcher', watcherStates);

export type Watched = {
  readonly watchers: State['watchers'];
  readonly records: readonly WatcherRecord[];
  readonly ignored: readonly string[];
};

/** A run says something of itself. A newer epoch takes the lease of its key from an older run. */
export function bookWatcher(
  watchers: State['watchers'],
  fact: { readonly type: string; readonly key: string; readonly epoch: number },
): Watched {
  const run = watchers[fact.key];
  const records: WatcherRecord[] = [];
  if (fact.type === 'watcher.started' && (run === undefined || fact.epoch > run.epoch)) {
    if (run !== undefined && run.state !== 'stopped') {
      records.push({ key: run.key, epoch: run.epoch, brackets: run.brackets, end: 'superseded' });
    }
    const started: WatcherRun = {
      key: fact.key,
      epoch: fact.epoch,
      state: chart.initial,
      brackets: [],
    };
    return { watchers: { ...watchers, [fact.key]: started }, records, ignored: [] };
  }
  if (run === undefined || run.epoch !== fact.epoch) {
    const text = `${fact.type} of run ${fact.epoch} of ${fact.key}, which does not hold its lease`;
    return { watchers, records, ignored: [text] };
  }
  const answer = stepRegion(chart, run.state, fact.type, NO_CONCLUSIONS);
  const ignored = answer.intents.flatMap((i) => (i.type === 'ignore' ? [i.params.because] : []));
  if (answer.to === 'stopped' && run.state !== 'stopped') {
    records.push({ key: run.key, epoch: run.epoch, brackets: run.brackets, end: 'stopped' });
  }
  return {
    watchers: { ...watchers, [fact.key]: { ...run, state: answer.to } },
    records,
    ignored,
  };
}

/** Why this run may not open a bracket; null when it may. */
export function leaseRefused(
  watchers: State['watchers'],
  lease: { readonly key: string; readonly epoch: number } | undefined,
): string | null {
  if (lease === undefined) return null;
  const run = watchers[lease.key];
  if (run === undefined) return `watcher ${lease.key} has not started`;
  if (run.epoch !== lease.epoch) return `run ${run.epoch} of ${lease.key} holds the lease`;
  return run.state === 'stopped' ? `run ${run.epoch} of ${lease.key} has stopped` : null;
}

export function watcherOrdered(
  watchers: State['watchers'],
  lease: { readonly key: string; readonly epoch: number },
  bracket: string,
): State['watchers'] {
  const { watchers: next } = bookWatcher(watchers, { type: 'watcher.ordered', ...lease });
  const run = next[lease.key];
  if (run === undefined) return next;
  return { ...next, [lease.key]: { ...run, brackets: [...run.brackets, bracket] } };
}
