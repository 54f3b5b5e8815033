/** How brackets of one contract may overlap: what is open counts, and what could still come. */
import { describe, expect, test } from 'vitest';
import { Engine, longOf, px, shortOf, type Untimed } from './engine.ts';

const one = 10_000;

const executed = (orderRef: string, shares = 1, execId = orderRef): Untimed => ({
  type: 'order.executed',
  orderRef,
  execId: `${execId}.01`,
  qty: shares * one,
  px: px('1.31'),
});

const cancelled = (orderRef: string, shares: number): Untimed => ({
  type: 'order.reported',
  orderRef,
  permId: 1,
  status: 'cancelled',
  filled: shares * one,
  remaining: 0,
});

/** After these facts about bracket A of two shares: why B, which is so large, may not be opened. */
function denied(facts: readonly Untimed[], shares: number, capShares = 4): readonly string[] {
  const engine = new Engine();
  const admission = { ...engine.state.admission, overlap: { capQty: capShares * one } };
  engine.state = { ...engine.state, admission };
  engine.hear({ type: 'bracket.requested', request: longOf('A', { quantity: 2 }) });
  for (const fact of facts) engine.hear(fact);
  const request = longOf('B', { quantity: shares });
  return engine.hear({ type: 'bracket.requested', request }).denied;
}

const tooMany = (shares: number): readonly string[] => [
  `quantity: with A it would reach ${shares} of at most 4 shares`,
];

describe('a second bracket of a symbol', () => {
  test('is counted with all that the first one may still buy', () => {
    expect(denied([], 2)).toEqual([]);
    expect(denied([], 3)).toEqual(tooMany(5));
    expect(denied([executed('A.entry.1')], 2)).toEqual([]);
    expect(denied([executed('A.entry.1')], 3)).toEqual(tooMany(5));
  });

  test('and once its entry has ended, with what is open', () => {
    const half = [executed('A.entry.1'), cancelled('A.entry.1', 1)];
    expect(denied(half, 3)).toEqual([]);
    expect(denied(half, 4)).toEqual(tooMany(5));
    const breached = [...half, executed('A.stop1.1', 2)];
    expect(denied(breached, 4)).toEqual([
      'RIME is frozen: A was breached, and nobody has lifted the freeze',
    ]);
    expect(denied(breached, 5)).toContainEqual(tooMany(5)[0]);
  });

  test('is alone when nothing is open and nothing can be', () => {
    const flat = [executed('A.entry.1'), executed('A.stop1.1')];
    // One share has come and gone; the entry is asked to go, and may yet bring the other.
    expect(denied(flat, 3)).toEqual(tooMany(5));
    expect(denied([...flat, cancelled('A.entry.1', 1)], 4)).toEqual([]);
    expect(denied([...flat, cancelled('A.entry.1', 1)], 5)).toEqual([]);
  });

  test('may not be on the other side, however small', () => {
    const engine = new Engine();
    engine.hear({ type: 'bracket.requested', request: longOf('A') });
    expect(engine.hear({ type: 'bracket.requested', request: shortOf('B') }).denied).toEqual([
      'side: A is open on the other side, and the broker nets them',
    ]);
  });
});
