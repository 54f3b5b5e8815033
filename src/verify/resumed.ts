/** An exploration of what can still happen, from a beginning of its own. */
import { QTY_DECIMALS, toDecimal } from '../core/quantity.ts';
import { type Beginning, openBrackets } from './beginning.ts';
import { type Matter, scopeOf } from './matter.ts';
import { worldFrom } from './resumption.ts';
import type { Scope } from './scope.ts';
import type { Start } from './verification.ts';

export type Resumed = { readonly matter: Matter; readonly scope: Scope; readonly start: Start };

/** As many shares as can be told apart one by one; of more, half of a fill or all of it. */
const SHARES_MOST = 6;

export function resumed(asked: Matter, { state }: Beginning): Resumed {
  const open = openBrackets(state);
  const lots = open.flatMap(({ plan }) =>
    plan.targets.map(({ qty }) => toDecimal(qty, QTY_DECIMALS)),
  );
  const sequenced = open.every(({ plan }) => plan.plan === 'sequenced');
  const matter: Matter = { ...asked, lots, plan: sequenced ? 'sequenced' : 'paired' };
  const most = lots.reduce((sum, shares) => sum + shares, 0);
  const each = Array.from({ length: most }, (_, i) => i + 1);
  const scope: Scope = {
    ...scopeOf(matter),
    requests: [],
    named: open.length > 1,
    lots: most <= SHARES_MOST ? each : [Math.ceil(Math.min(...lots) / 2), most],
  };
  return { matter, scope, start: (c) => worldFrom(c, state) };
}
