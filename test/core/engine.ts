/** An engine that hears one fact after the other, and requests in the numbers of the incident. */
import type { Fact } from '../../src/core/fact.ts';
import { pxOf } from '../../src/core/quantity.ts';
import type { Ready } from '../../src/core/ready.ts';
import type { BracketRequest } from '../../src/core/request.ts';
import { type Bracket, emptyState, type State } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';

export type Untimed = Fact extends infer F ? (F extends Fact ? Omit<F, 'at'> : never) : never;

export const EXIT = { tif: 'GTC', outsideRth: false } as const;

/** One pair of one share: in at 1.31, out at 1.25 or 1.35. */
export const longOf = (bracket: string, more: Partial<BracketRequest> = {}): BracketRequest => ({
  bracket,
  account: 'DU1',
  symbol: 'RIME',
  side: 'BUY',
  quantity: 1,
  entry: { type: 'LMT', limitPrice: '1.31', tif: 'DAY', outsideRth: false },
  stop: { type: 'STP', stopPrice: '1.25', ...EXIT },
  targets: [{ percent: 100, limitPrice: '1.35', ...EXIT }],
  ...more,
});

/** The same the other way round: out at 1.37 or 1.27. */
export const shortOf = (bracket: string, more: Partial<BracketRequest> = {}): BracketRequest =>
  longOf(bracket, {
    side: 'SELL',
    stop: { type: 'STP', stopPrice: '1.37', ...EXIT },
    targets: [{ percent: 100, limitPrice: '1.27', ...EXIT }],
    ...more,
  });

export const px = (decimal: string): number => Number(pxOf(decimal));

export class Engine {
  state: State = emptyState({ capQty: 1_000_000 });

  hear(fact: Untimed): Ready {
    const ready = step(this.state, { ...fact, at: 0 } as Fact);
    this.state = ready.state;
    return ready;
  }

  bracket(id: string): Bracket {
    const all = Object.values(this.state.books).flatMap(({ brackets }) => brackets);
    const found = all.find(({ plan }) => plan.bracket === id);
    if (found === undefined) throw new Error(`no bracket ${id}`);
    return found;
  }
}
