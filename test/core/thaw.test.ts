/** A freeze ends: what had to wait for that is due in that very step (D1). */
import { expect, test } from 'vitest';
import { Engine, EXIT, longOf, px, type Untimed } from './engine.ts';

const one = 10_000;
const executed = (orderRef: string, price: string): Untimed => ({
  type: 'order.executed',
  orderRef,
  execId: `${orderRef}.01`,
  qty: one,
  px: px(price),
});
const shown = (bracket: string, orderType: 'STP' | 'LMT', leg: string): Untimed => ({
  type: 'order.reported',
  orderRef: `${bracket}.${leg}.1`,
  permId: 1,
  status: orderType === 'STP' ? 'preSubmitted' : 'submitted',
  echo: {
    qty: one,
    orderType,
    group: `${bracket}.1.1`,
    ocaType: 2,
    ...EXIT,
  },
});

test('a target that had to wait is placed when the freeze is lifted', () => {
  const engine = new Engine();
  const hear = (fact: Untimed) => engine.hear(fact);
  for (const bracket of ['A', 'B']) {
    hear({ type: 'bracket.requested', request: longOf(bracket) });
    hear(executed(`${bracket}.entry.1`, '1.31'));
  }
  hear(shown('A', 'STP', 'stop1'));
  hear(shown('A', 'LMT', 'target1'));
  hear(executed('A.stop1.1', '1.25'));
  const breach = hear(executed('A.target1.1', '1.35'));
  expect(breach.alarms.map(({ law }) => law)).toContain('L12');
  // Its stop stands, and it may not be joined: the symbol is frozen.
  expect(hear(shown('B', 'STP', 'stop1')).effects.map(({ type }) => type)).not.toContain('place');
  const lift: Untimed = { type: 'freeze.lifted', account: 'DU1', symbol: 'RIME' };
  expect(hear(lift).denied).toEqual(['symbol: A is still breached']);
  hear({ type: 'order.busted', orderRef: 'A.target1.1', execId: 'A.target1.1.01' });
  const lifted = hear(lift);
  expect(lifted.denied).toEqual([]);
  expect(lifted.effects).toMatchObject([
    { type: 'place', ticket: { orderRef: 'B.target1.1' } },
    { type: 'startDeadline' },
  ]);
  expect(hear(lift).ignored).toEqual(['RIME: nothing of it is frozen']);
});
