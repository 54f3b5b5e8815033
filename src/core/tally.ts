/** The figures of a bracket over its life: naked time, and the most there ever was of each. */
import {
  enteredQty,
  exitedQty,
  nakedQty,
  openQty,
  overhangQty,
  oversoldQty,
} from './commitment.ts';
import { showQty } from './quantity.ts';
import { type Turn, warn } from './turn.ts';

/** Counts the step, and says at once by how much a breach or an overhang has grown. */
export function tally(turn: Turn): void {
  const { bracket, at } = turn;
  const naked = nakedQty(bracket);
  const overhang = overhangQty(bracket);
  const oversold = oversoldQty(bracket);
  const since = bracket.nakedSince;
  if (since >= 0) bracket.nakedMs += Math.max(0, at - since);
  bracket.nakedSince = naked > 0 ? at : -1;
  race(turn);
  if (naked > bracket.nakedMost) bracket.nakedMost = naked;
  if (naked === 0 && bracket.leaving === null && oversold === 0) bracket.coverElapsed = 0;
  if (oversold > bracket.oversoldMost) {
    bracket.oversoldMost = oversold;
    const gone = bracket.foreign > 0 ? `, and ${showQty(bracket.foreign)} went unexplained` : '';
    const figures = `${showQty(exitedQty(bracket))} of ${showQty(enteredQty(bracket))}${gone}`;
    warn(turn, 'L12', `has exited ${figures}: ${showQty(oversold)} too many`);
  }
  if (overhang > bracket.overhangMost) {
    bracket.overhangMost = overhang;
    warn(turn, 'L6', `overhang: exits may come to ${showQty(overhang)} more than was entered`);
  }
}

/** An exit that outlives the shares could still trade: how long it does is what a race is lost by. */
function race({ bracket, at }: Turn): void {
  const gone = enteredQty(bracket) > 0 && openQty(bracket) <= 0;
  const racing = gone && bracket.orders.some((order) => order.exits && order.end === null);
  const since = bracket.raceSince;
  if (racing && since < 0) bracket.raceSince = at;
  if (racing || since < 0) return;
  bracket.raceSince = -1;
  bracket.raceMs = Math.max(bracket.raceMs, at - since);
}
