/**
 * When the journal has failed, what is decided is not on disk any more, so nothing may leave that a
 * replay would not know of (L1). One thing can be asked for all the same, because it only ever makes
 * less happen: that entries are withdrawn.
 */
import type { Effect } from '../core/ready.ts';
import { type Bracket, liveOrder, type State } from '../core/state.ts';

const BECAUSE = 'the journal failed: nothing may be entered any more';

const bracketsOf = (state: State): readonly Bracket[] =>
  Object.values(state.books).flatMap(({ brackets }) => brackets);

const liveEntries = (state: State): readonly string[] =>
  bracketsOf(state).flatMap((bracket) => liveOrder(bracket, 'entry')?.ticket.orderRef ?? []);

export const entriesToCancel = (state: State): readonly Effect[] =>
  liveEntries(state).map((orderRef) => ({ type: 'cancel', orderRef, because: BECAUSE }));

export const isCancelOfEntry = (state: State, effect: Effect): boolean =>
  effect.type === 'cancel' && liveEntries(state).includes(effect.orderRef);
