/**
 * Where the plan is known to differ from the reference. Each is one rule, with the shortest
 * situation that shows it; the test asserts that it still does.
 */
import type { Order } from '../../src/core/ledger.ts';
import type { Bracket } from '../../src/core/state.ts';
import type { Difference } from './plan-account.ts';
import { bought, situation } from './plan-made.ts';
import { ARMED, SHARE } from './plan-orders.ts';
import type { Drawn } from './plan-situations.ts';
import * as sums from './reference-plan-sums.ts';

export type Exception = {
  readonly name: string;
  readonly shortest: Drawn;
  /** What is answered there, and differs. */
  readonly of: string;
  readonly covers: (difference: Difference) => boolean;
};

const stopIn = ({ drawn: { bracket }, what }: Difference): Order | undefined =>
  sums.orderOf(bracket, `stop${what.match(/\d+$/)?.[0]}`);
const targetIn = ({ drawn: { bracket }, what }: Difference): Order | undefined =>
  sums.orderOf(bracket, `target${what.match(/\d+$/)?.[0]}`);

/** Only that a discount is lost for these reasons is not seen. */
function unseen({ what, says, should }: Difference, reasons: RegExp): boolean {
  const lost = should.match(/"lost",\["(.*?)"\]/)?.[1]?.split('","') ?? [];
  return (
    what.startsWith('look') &&
    says.includes('"lost",[]') &&
    lost.length > 0 &&
    lost.every((reason) => reasons.test(reason))
  );
}

/** A target that is told larger than the stop that it shares a discount with. */
const isOutgrown = (bracket: Bracket): boolean =>
  bracket.pairs.some(({ discounted }, i) => {
    const stop = sums.orderOf(bracket, `stop${i + 1}`);
    const target = sums.liveOf(bracket, `target${i + 1}`);
    return (
      discounted && stop !== undefined && target !== undefined && target.largest > stop.largest
    );
  });

export const EXCEPTIONS: readonly Exception[] = [
  {
    // IB: a group's name is used up by a complete fill, so who comes later is refused.
    name: 'a stop that fills at once before its target was acknowledged is believed',
    shortest: situation(
      [
        bought(2),
        { leg: 'stop1', of: 2, ...ARMED, end: 'filled', cum: 2 },
        { leg: 'target1', of: 2 },
      ],
      { pair: { discounted: true } },
    ),
    of: 'look 1 at pair 1',
    covers: (one) =>
      unseen(one, /^the stop traded before its target was acknowledged$/) &&
      stopIn(one)?.end !== null,
  },
  {
    name: 'a stop that is reduced by something else when its target has ended is waited for',
    shortest: situation(
      [
        bought(4),
        { leg: 'stop1', of: 4, ...ARMED, qty: 2.5 * SHARE },
        { leg: 'target1', of: 4, ...ARMED, end: 'cancelled', cum: 2 },
      ],
      { pair: { discounted: true }, shares: 4 },
    ),
    of: 'look 1 at pair 1',
    covers: (one) =>
      unseen(one, /^the stop was reduced by something else than the fills$/) &&
      targetIn(one)?.end !== null,
  },
  {
    name: 'a target that is told larger than its stop counts as its stop does (L6)',
    shortest: situation(
      [
        bought(2),
        { leg: 'stop1', of: 2, ...ARMED },
        { leg: 'target1', of: 2, ...ARMED, largest: 3 * SHARE },
      ],
      { pair: { discounted: true } },
    ),
    of: 'committed',
    covers: ({ what, drawn: { book, bracket } }) =>
      /^(?:committed|overhang|gate|admits|resizes|concludes)/.test(what) &&
      [bracket, ...book.brackets].some(isOutgrown),
  },
];
