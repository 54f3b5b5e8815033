/** The gate of L6 judges a bracket as it is now, and the others as they stand in the book. */
import { expect, test } from 'vitest';
import { Engine, EXIT, longOf, px, type Untimed } from './engine.ts';

const one = 10_000;
const LONG = longOf('A', { plan: 'sequenced', quantity: 3 });

const executed = (orderRef: string, execId: string): Untimed => ({
  type: 'order.executed',
  orderRef,
  execId,
  qty: one,
  px: px('1.31'),
});

const armed = (orderRef: string): Untimed => ({
  type: 'order.reported',
  orderRef,
  permId: 1,
  status: 'preSubmitted',
  filled: 0,
  remaining: 2 * one,
  echo: { qty: 2 * one, orderType: 'STP', stopPx: px('1.25'), ...EXIT, group: '', ocaType: 0 },
});

const cancelled = (orderRef: string, shares: number): Untimed => ({
  type: 'order.reported',
  orderRef,
  permId: 1,
  status: 'cancelled',
  filled: shares * one,
  remaining: 0,
});

test('what hung over before this step does not hold back the target of the same bracket', () => {
  const engine = new Engine();
  const hear = (fact: Untimed) => engine.hear(fact);
  hear({ type: 'bracket.requested', request: LONG });
  hear(executed('A.entry.1', 'e.01'));
  hear(executed('A.entry.1', 'f.01'));
  hear(cancelled('A.entry.1', 2));
  hear(armed('A.stop1.1'));
  const withdrawn = hear({ type: 'price.printed', symbol: 'RIME', px: px('1.35') });
  expect(withdrawn.effects).toContainEqual(
    expect.objectContaining({ type: 'cancel', orderRef: 'A.stop1.1' }),
  );
  // One of the two shares is taken back: the stop, which has not gone yet, hangs over.
  const busted = hear({ type: 'order.busted', orderRef: 'A.entry.1', execId: 'f.01' });
  expect(busted.alarms.map(({ text }) => text).join()).toContain('overhang');
  const gone = hear(cancelled('A.stop1.1', 0));
  expect(gone.effects).toContainEqual(
    expect.objectContaining({
      type: 'place',
      ticket: expect.objectContaining({ orderRef: 'A.target1.1', qty: one }),
    }),
  );
});
