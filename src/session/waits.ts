/** How long a session waits for what, in milliseconds. */
import type { SessionWait } from '../../machines/chart.ts';

export type SessionWaits = Readonly<Record<`${SessionWait}Ms`, number>> & {
  /** A retry waits twice as long as the one before, and no longer than this. */
  readonly retryMostMs: number;
};

export const SESSION_WAITS: SessionWaits = {
  retryMs: 500,
  retryMostMs: 30_000,
  handshakeMs: 10_000,
  // TWS says when IB is back. That word may be lost, so it is not waited for without end.
  severanceMs: 300_000,
  reconciliationMs: 5_000,
  lookMs: 30_000,
};

/**
 * The n-th retry in a row: doubled each time, and anywhere in its later half, so that two sessions
 * that were cut together do not come back together. `random` is from 0 to 1.
 */
export function retryMs(waits: SessionWaits, tries: number, random: number): number {
  if (tries === 0) return 0;
  const most = Math.min(waits.retryMostMs, waits.retryMs * 2 ** (tries - 1));
  return most / 2 + (most / 2) * random;
}
