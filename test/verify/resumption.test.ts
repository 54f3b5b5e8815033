import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { enteredQty, exitedQty, overhangQty } from '../../src/core/commitment.ts';
import { QTY_DECIMALS, toDecimal } from '../../src/core/quantity.ts';
import type { State } from '../../src/core/state.ts';
import { play } from '../../src/history/play.ts';
import { readScript } from '../../src/history/script.ts';
import { openBrackets } from '../../src/verify/beginning.ts';
import { compose } from '../../src/verify/composition.ts';
import { scopeOf } from '../../src/verify/matter.ts';
import { resumed } from '../../src/verify/resumption.ts';
import { verify } from '../../src/verify/verification.ts';
import { PROMISES } from './matrix.ts';

const HISTORIES = [
  'good-day-stop',
  'good-day-target',
  'partial-target-then-stop',
  'flatten-while-entering',
  'link-lost-between-legs',
  'sequenced-target',
  'move-stop',
  'filled-without-execution',
  'short-bracket',
  'closed-by-somebody-else',
];

/** The state after each paragraph of a history, as long as something is open. */
function statesOf(name: string): readonly State[] {
  const file = `test/histories/${name}.txt`;
  const script = readScript(file, readFileSync(file, 'utf8'));
  const states = script.paragraphs.map((_, i) => {
    const paragraphs = script.paragraphs.slice(0, i + 1);
    return play({ ...script, paragraphs }).stage.state;
  });
  return states.filter((state) => openBrackets(state).length > 0);
}

const [row] = PROMISES.filter(
  ({ matter, verdict }) => matter.plan === 'paired' && verdict === 'holds',
);
if (row === undefined) throw new Error('the matrix has no paired plan that holds');
const { matter } = row;

describe('what can still happen from a state', { timeout: 60_000 }, () => {
  for (const name of HISTORIES) {
    test(name, () => {
      let explored = 0;
      let again = false;
      for (const [i, state] of statesOf(name).entries()) {
        const { matter: own, scope, start } = resumed(matter, { state, told: null });
        const { broker } = start(compose(scope));
        const brackets = openBrackets(state);
        const shares = (of: typeof enteredQty) =>
          brackets.reduce((sum, one) => sum + toDecimal(of(one), QTY_DECIMALS), 0);
        // The broker has what the engine has counted, before anything happens.
        expect(broker.figures.entered, `${name} ${i}`).toBe(shares(enteredQty));
        expect(broker.figures.exited, `${name} ${i}`).toBe(
          shares(exitedQty) + shares(({ foreign }) => foreign),
        );
        const found = verify(own, { limits: { states: 400 }, quantities: true }, scope, start);
        // What hangs over, because somebody else has sold, can be sold once more until it is gone.
        const ids = found.findings.map(({ id }) => id);
        if (shares(overhangQty) === 0) expect(ids, `${name} ${i}`).toEqual([]);
        again ||= ids.includes('sold');
        explored += found.states;
      }
      expect(explored).toBeGreaterThan(100);
      expect(again).toBe(name === 'closed-by-somebody-else');
    });
  }

  test('with a group that does not block, a day that was good can still oversell', () => {
    const found = statesOf('good-day-stop').flatMap((state) => {
      const broken = { ...matter, oca: 3 } as const;
      const { matter: own, scope, start } = resumed(broken, { state, told: null });
      expect(scope.regroups).toEqual(scopeOf(broken).regroups);
      const asking = { limits: { states: 1_500 }, quantities: true };
      return verify(own, asking, scope, start).findings.map(({ trace }) => trace.length);
    });
    expect(found.length).toBeGreaterThan(2);
    expect(Math.min(...found)).toBeLessThanOrEqual(2);
  });
});
