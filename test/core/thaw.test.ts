/** A freeze ends: what had to wait for that is due in that very step (D1). */
import { expect, test } from 'vitest';
import type { Fact } from '../../src/core/fact.ts';
import { pxOf, qtyOf } from '../../src/core/quantity.ts';
import type { BracketRequest } from '../../src/core/request.ts';
import { emptyState } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';

const exit = { tif: 'GTC', outsideRth: false } as const;
const requestOf = (bracket: string): BracketRequest => ({
  bracket,
  account: 'DU1',
  symbol: 'RIME',
  side: 'BUY',
  quantity: 1,
  entry: { type: 'LMT', limitPrice: '1.31', tif: 'DAY', outsideRth: false },
  stop: { type: 'STP', stopPrice: '1.25', ...exit },
  targets: [{ percent: 100, limitPrice: '1.35', ...exit }],
});

type Untimed = Fact extends infer F ? (F extends Fact ? Omit<F, 'at'> : never) : never;

const one = Number(qtyOf(1));
const executed = (orderRef: string, px: string): Untimed => ({
  type: 'order.executed',
  orderRef,
  execId: `${orderRef}.01`,
  qty: one,
  px: Number(pxOf(px)),
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
    ...exit,
  },
});

test('a target that had to wait is placed when the freeze is lifted', () => {
  let state = emptyState({ capQty: 2 * one });
  const hear = (fact: Untimed) => {
    const ready = step(state, { ...fact, at: 0 } as Fact);
    state = ready.state;
    return ready;
  };
  for (const bracket of ['A', 'B']) {
    hear({ type: 'bracket.requested', request: requestOf(bracket) });
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
