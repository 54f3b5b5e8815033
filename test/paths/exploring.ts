/**
 * The exploration of whole matters as a hunter of a defect: `verify`, breadth first, the small
 * matters before the large.
 */
import { verify } from '../../src/verify/verification.ts';
import { FAULTY, holds, nameOf, PROMISES, type Row } from '../verify/matrix.ts';
import type { Find } from './hunt.ts';

const STATES_MOST = 60_000;

const sequenced = { plan: 'sequenced' } as const;

/** Seconds for all of them, and every kind of fault and wish among them. */
export const SMALL: readonly Row[] = [
  holds([1], 0, { faults: { reject: 1, refuseCancel: 1, early: 1 } }),
  holds([2], 0),
  holds([1], 0, { faults: { delay: 1, repeat: 1 } }),
  holds([1], 0, { wishes: { flatten: 1 }, faults: { reject: 1 } }),
  holds([1], 0, { wishes: { move: 1 }, faults: { reject: 1 } }),
  holds([1], 0, { faults: { cut: 1, reject: 1 } }),
  holds([1], 0, { faults: { crash: 1 } }),
  holds([2], 0, sequenced),
  holds([3], 0, { reduce: 'proportionalOfRemaining' }),
];

/** Whatever is found in a matter that holds is the defect. */
const largerOf = (rows: readonly Row[]): readonly Row[] =>
  rows.filter(({ verdict }) => verdict === 'holds').sort((a, b) => a.floor - b.floor);

/** Impatient, too: a wait ends while its answer is under way. */
const EARLY = holds([1], 3_000, { faults: { delay: 1, early: 1 } });

export const FAULTS: readonly Row[] = largerOf([...FAULTY, EARLY]);
export const MATTERS: readonly Row[] = largerOf([...PROMISES, ...FAULTY]);

export function explored(rows: readonly Row[], most = STATES_MOST): Find | null {
  for (const row of rows) {
    const find = foundIn(row, most);
    if (find !== null) return find;
  }
  return null;
}

function foundIn(row: Row, most: number): Find | null {
  const found = verify(row.matter, { limits: { states: most } });
  const [finding] = [...found.findings].sort((a, b) => a.trace.length - b.trace.length);
  if (finding !== undefined) {
    const { text, trace } = finding;
    return { suite: `verify ${nameOf(row)}`, wrong: text, path: trace, situations: found.states };
  }
  // What should be come across, and no longer can: as good as a run that cannot come to its end.
  const unseen = found.verdict === 'limit' ? [] : found.witnesses.filter(({ seen }) => !seen);
  if (unseen.length === 0) return null;
  const wrong = `never: ${unseen.map(({ id }) => id).join(', ')}`;
  return { suite: `verify ${nameOf(row)}`, wrong, path: [], situations: found.states };
}
