/** Which charts decide: a digest of all that `step` runs by, to be told from any other. */
import { createHash } from 'node:crypto';
import { bracketRegions } from '../../machines/bracket.ts';
import { watcherStates } from '../../machines/watcher.ts';

const regions = [1, 2].map((pairs) => bracketRegions(pairs));

/** Twelve hexadecimal digits. */
export const CHARTS: string = createHash('sha256')
  .update(JSON.stringify([regions, watcherStates]))
  .digest('hex')
  .slice(0, 12);
