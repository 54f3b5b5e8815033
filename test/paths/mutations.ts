/**
 * Defects, planted on purpose: each a change of the sources as they are loaded.
 *
 * `find` must be in its file exactly once; a refactoring that moves it fails the test loudly, and
 * the row is to be written anew.
 */

export type Edit = { readonly file: string; readonly find: string; readonly replace: string };

export type Mutation = {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** It shows where links fail and words are lost: those matters are explored first. */
  readonly inFaults?: true;
};

export const one = (name: string, file: string, find: string, replace: string): Mutation => ({
  name,
  edits: [{ file, find, replace }],
});

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'the stop is not withdrawn when its target has filled',
    edits: [
      {
        file: 'machines/bracket.ts',
        find: '[`target${pair}.filled`]: {',
        replace: '[`target${pair}.unheard`]: {',
      },
      {
        file: 'machines/bracket.ts',
        find: "'bracket.concluded': unwanted(name, 'Nothing is left to protect, or it gives way.'),",
        replace: '',
      },
    ],
  },
  one(
    'the target is not withdrawn when its stop is triggered',
    'machines/bracket.ts',
    '[`${sibling}.triggered`]: withdrawn(',
    '[`${sibling}.unheard`]: withdrawn(',
  ),
  one(
    'pendingCancel is taken for dead',
    'src/core/report.ts',
    "      heard.push('pendingCancel');\n      return order;\n    case 'cancelled':",
    "      heard.push('cancelled');\n      return { ...order, end: 'cancelled' };\n    case 'cancelled':",
  ),
  one(
    'executions are told apart by order, not by execId',
    'src/core/ledger.ts',
    '(e) => e.key === key);\n  const known = order.executions[at];\n  if (known !== undefined) return bookRevision(',
    '() => true);\n  const known = order.executions[at];\n  if (known !== undefined) return bookRevision(',
  ),
  one(
    'all pairs share one OCA group',
    'src/core/ticket.ts',
    '? `${plan.bracket}.${pair}.${generation}`',
    '? `${plan.bracket}.${generation}`',
  ),
  one(
    'a group name is used again',
    'src/core/ticket.ts',
    '? `${plan.bracket}.${pair}.${generation}`',
    '? `${plan.bracket}.${pair}`',
  ),
  one(
    'a stop is sized for the whole bracket',
    'src/core/ticket.ts',
    'const qty = s.wants[pair - 1] ?? 0;\n  return limitPx === undefined',
    'const qty = s.wants.reduce((sum, want) => sum + want, 0);\n  return limitPx === undefined',
  ),
  one('a target joins before the echo of its stop', 'src/core/plan.ts', '    stop.echoed &&\n', ''),
  one(
    '10147, 161 and the like are taken for an end',
    'src/ib/normalise.ts',
    "return { type: 'cancel.refused', orderRef, code, text };",
    "return { type: 'order.reported', orderRef, permId: 0, status: 'cancelled', filled: 0 };",
  ),
  {
    name: 'a stop is changed while its target is beside it',
    edits: [
      {
        file: 'src/core/plan.ts',
        find: '    pairOf(s, pair)?.discounted !== true &&\n    liveTarget(s.bracket, pair) === undefined\n',
        replace: '    true\n',
      },
    ],
  },
  {
    name: 'the closing order does not wait for the withdrawals',
    edits: [
      {
        file: 'src/core/plan.ts',
        find: 'if (!allOthersEnded(bracket) || book.halted) return null;',
        replace: 'if (book.halted) return null;',
      },
      {
        file: 'src/core/plan.ts',
        find: "return lets(s, openQty(bracket), true) ? 'everything else has ended' : null;",
        replace: "return 'everything else has ended';",
      },
    ],
  },
  one(
    'Cancelled drops what had filled',
    'src/core/report.ts',
    '  heard.push(end);\n  return { ...order, end };',
    '  heard.push(end);\n  return { ...order, end, executions: [], executedQty: 0, claimedQty: 0 };',
  ),
  one(
    'a repeated execution counts again',
    'src/core/ledger.ts',
    'if (revision === known.revision) return nothing(order, `${fact.execId} is counted already`);',
    'if (revision === known.revision)\n    return traded({ ...order, executedQty: order.executedQty + fact.qty });',
  ),
  one(
    'what a status claims is added to the executions',
    'src/core/ledger.ts',
    'Math.max(0, order.claimedQty - toldQty(order))',
    'order.claimedQty',
  ),
  {
    name: 'an order that was asked to go counts as gone',
    edits: [
      {
        file: 'src/core/commitment.ts',
        find: '  if (order.end !== null) return cum;\n',
        replace: '  if (order.end !== null || order.cancelAsked) return cum;\n',
      },
      {
        file: 'src/core/commitment.ts',
        find: "order.end !== null || order.leg === 'closing');",
        replace: "order.end !== null || order.cancelAsked || order.leg === 'closing');",
      },
    ],
  },
];
