/** What the charts are told, told a second time: what is due among those that ask, and how it stands. */
import type { Conclusions, Leg } from '../../machines/facts.ts';
import { isDue, mustGo, shallBeChanged, takes } from './reference-plan.ts';
import { type Scene, type View, viewOf } from './reference-plan-claims.ts';
import * as sums from './reference-plan-sums.ts';

export type Asked = {
  readonly admitted: readonly Leg[];
  readonly unwanted: readonly Leg[];
  readonly resized: readonly Leg[];
};

/** One limit for all: what is granted to one is taken off what the next may have. */
export function conclusionsOf(scene: Scene, asked: Asked, completes: boolean): Conclusions {
  let granted = 0;
  const among = (legs: readonly Leg[], holds: (view: View) => unknown): readonly Leg[] =>
    legs.filter((leg) => {
      const view = viewOf({ ...scene, granted }, leg);
      if (holds(view) === null) return false;
      if (holds !== mustGo) granted += takes(view);
      return true;
    });
  const { bracket } = scene;
  const flat = sums.open(bracket) === 0;
  // One that was never sent is not over.
  const quiet = flat && bracket.orders.length > 0 && sums.areOver(bracket);
  return {
    completes,
    admitted: among(asked.admitted, isDue),
    unwanted: among(asked.unwanted, mustGo),
    resized: among(asked.resized, shallBeChanged),
    flat,
    covered: sums.naked(bracket) === 0,
    oversold: sums.oversold(bracket) > 0,
    leaving: bracket.leaving !== null,
    quiet,
    // L10: by a look that was asked for since; and on executions, not on what a status claims.
    settled:
      quiet &&
      bracket.absentAt >= bracket.newsAt &&
      bracket.orders.every((order) => !sums.isClaimed(order)),
  };
}
