/** The figures of a bracket over its life: naked time, and the most there ever was of each. */
import { enteredQty, exitedQty, nakedQty, overhangQty, oversoldQty } from './commitment.ts';
import { showQty } from './quantity.ts';
import { type Turn, warn } from './turn.ts';

/** Counts the step, and says at once by how much a breach or an overhang has grown. */
export function tally(turn: Turn): void {
  const { bracket, at } = turn;
  const naked = nakedQty(bracket);
  const overhang = overhangQty(bracket);
  const oversold = oversoldQty(bracket);
  const since = bracket.nakedSince;
  const nakedMs = bracket.nakedMs + (since >= 0 ? Math.max(0, at - since) : 0);
  const nakedSince = naked > 0 ? at : -1;
  const calm = naked === 0 && bracket.leaving === null && oversold === 0;
  // A new object even when no figure has changed: that is how a reader sees whose turn it was.
  turn.bracket = {
    ...bracket,
    nakedMs,
    nakedSince,
    nakedMost: Math.max(bracket.nakedMost, naked),
    overhangMost: Math.max(bracket.overhangMost, overhang),
    oversoldMost: Math.max(bracket.oversoldMost, oversold),
    coverElapsed: calm ? 0 : bracket.coverElapsed,
  };
  if (oversold > bracket.oversoldMost) {
    const gone = bracket.foreign > 0 ? `, and ${showQty(bracket.foreign)} went unexplained` : '';
    const figures = `${showQty(exitedQty(bracket))} of ${showQty(enteredQty(bracket))}${gone}`;
    warn(turn, 'L12', `has exited ${figures}: ${showQty(oversold)} too many`);
  }
  if (overhang > bracket.overhangMost)
    warn(turn, 'L6', `overhang: exits may come to ${showQty(overhang)} more than was entered`);
}
