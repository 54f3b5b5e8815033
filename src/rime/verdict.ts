/** What must hold of the two tellings, each claim read off the broker's ledger and the alarms. */

import type { InterlockedTelling } from './interlocked.ts';
import type { Night } from './night.ts';
import { oversoldBy, type Telling } from './telling.ts';

export type Claim = {
  readonly claim: string;
  readonly holds: boolean;
  /** What was found instead; empty when it holds. */
  readonly found: string;
};

/** The parents of which stop and targets both traded. */
const DOUBLED: readonly number[] = [693, 705];

/** The retelling is the night only if both double executions happen in it. */
export function claimsOfDetached(detached: Telling): readonly Claim[] {
  const doubled = detached.parents.filter(({ parent }) => DOUBLED.includes(parent));
  const net = doubled.reduce((sum, one) => sum + one.net, 0);
  const twice = doubled.length === 2 && doubled.every((one) => one.sold === 2 * one.bought);
  return [
    claim(
      'as it was, 693 and 705 each sell 200 of 100: net -200',
      twice && net === -200,
      doubled.map(({ parent, sold, bought }) => `${parent} ${sold} of ${bought}`).join(', '),
    ),
  ];
}

export function claimsOfInterlocked(told: InterlockedTelling, night: Night): readonly Claim[] {
  const { parents, closed, broker, alarms } = told;
  const broken = alarms.filter((alarm) => alarm.broken);
  const over = parents.filter((one) => one.samples.some((sample) => oversoldBy(sample) > 0));
  const short = told.timeline.filter((one) => one.position < 0);
  const endless = parents.flatMap(({ parent, legs }) =>
    legs
      .filter((leg) => leg.heardEnd === null || leg.brokerEnd === null)
      .map((leg) => `${parent} ${leg.leg}`),
  );
  const flat = night.parents.filter(({ parent }) =>
    closed.some((record) => record.parent === parent && record.net === 0),
  );
  const runs = told.watchers.filter((run) => run.end === null);
  return [
    claim('no law is broken', broken.length === 0, broken.map((one) => one.law).join(', ')),
    claim(
      "by the broker's ledger no parent is ever oversold",
      over.length === 0,
      over.map((one) => String(one.parent)).join(', '),
    ),
    claim(
      'the account is never short, and flat at the end',
      short.length === 0 && broker.position === 0,
      `position ${broker.position}`,
    ),
    claim('every leg has an end', endless.length === 0, endless.join(', ')),
    claim(
      'every parent has its close record, net 0',
      flat.length === night.parents.length,
      `${flat.length} of ${night.parents.length}`,
    ),
    claim(
      'the engine counts what the broker counts',
      told.counted === broker.position,
      `${told.counted}, the broker ${broker.position}`,
    ),
    claim(
      'every watcher run has its record',
      runs.length === 0,
      runs.map((run) => `${run.key} run ${run.epoch}`).join(', '),
    ),
  ];
}

const claim = (text: string, holds: boolean, found: string): Claim => ({
  claim: text,
  holds,
  found: holds ? '' : found,
});
