/**
 * More planted defects, of the engine as a whole: `npm run mutants` hunts them, with the generated
 * suites and with the exploration of whole matters (`npm test` hunts those of `mutations.ts`).
 *
 * Where two places keep one promise, a defect takes both away: one alone would be made good by the
 * other, and would be no defect.
 */
import { type Mutation, one } from './mutations.ts';

const WITHDRAWAL: readonly Mutation[] = [
  {
    name: 'a target stays when its stop is gone',
    edits: [
      {
        file: 'machines/bracket.ts',
        find: '[`${sibling}.cancelled`]: gone,',
        replace: '',
      },
      {
        file: 'src/core/plan.ts',
        find: "if (stop === undefined) return 'its stop is gone';",
        replace: 'if (stop === undefined) return null;',
      },
    ],
  },
  one(
    'the first part of a target withdraws its stop',
    'machines/bracket.ts',
    "guard: { type: 'completes' },",
    '',
  ),
  {
    name: 'a target stays when its stop trades',
    edits: [
      { file: 'machines/bracket.ts', find: '[`${sibling}.filled`]:', replace: '[`${sibling}.x`]:' },
      {
        file: 'machines/bracket.ts',
        find: '[`${sibling}.triggered`]:',
        replace: '[`${sibling}.y`]:',
      },
      {
        file: 'src/core/plan.ts',
        find: 'if (leavesQty(order) > want) return',
        replace: 'if (false) return',
      },
    ],
  },
  one(
    'the entry goes on buying while an exit trades',
    'machines/bracket.ts',
    'withdraw[`stop${pair}.filled`] =',
    'withdraw[`stop${pair}.unheard`] =',
  ),
  one(
    'on the way out a stop and its target go at once',
    'src/core/plan.ts',
    "return target === undefined || openQty(s.bracket) <= 0 ? 'the bracket is leaving' : null;",
    "return 'the bracket is leaving';",
  ),
];

const SIZING: readonly Mutation[] = [
  one(
    'a stop is one share too large',
    'src/core/ticket.ts',
    'const qty = s.wants[pair - 1] ?? 0;',
    'const qty = (s.wants[pair - 1] ?? 0) + 10_000;',
  ),
  one(
    'a target is one share too small',
    'src/core/ticket.ts',
    'qty: s.wants[pair - 1] ?? 0,\n    limitPx',
    'qty: Math.max(10_000, (s.wants[pair - 1] ?? 0) - 10_000),\n    limitPx',
  ),
  {
    name: 'stops cover what was ordered, and the gate lets them',
    edits: [
      {
        file: 'src/core/situation.ts',
        find: 'sizesOf(bracket.plan, enteredQty(bracket))',
        replace: 'sizesOf(bracket.plan, bracket.plan.quantity)',
      },
      {
        file: 'src/core/commitment.ts',
        find: 'if (committedQty(bracket) + more > exitableQty(bracket)) return false;',
        replace: '',
      },
      {
        file: 'src/core/situation.ts',
        find: 'let surplus = 0 - openQty(bracket);',
        replace: 'let surplus = -1_000_000;',
      },
    ],
  },
  one(
    'a replace asks for what is left, not for the whole',
    'src/core/ticket.ts',
    'qty: cumQty(order) + want,',
    'qty: want,',
  ),
  one(
    'a stop does not grow with its shares',
    'src/core/plan.ts',
    'if (leavesQty(order) !== want)',
    'if (leavesQty(order) > want)',
  ),
  one(
    'the closing order sells all that was ordered',
    'src/core/ticket.ts',
    'qty: oversold > 0 ? oversold : openQty(s.bracket),',
    'qty: oversold > 0 ? oversold : plan.quantity,',
  ),
  one(
    'a fill under a pending replace completes the order',
    'src/core/ledger.ts',
    'const completes = cumQty(order) >= mostQty(order);',
    'const completes = cumQty(order) >= order.qty;',
  ),
];

const COUNTING: readonly Mutation[] = [
  one(
    'a correction counts as one more execution',
    'src/core/ledger.ts',
    'return dot < 0 ? execId : execId.slice(0, dot);',
    'return execId;',
  ),
  one(
    'a fill after the end is not counted',
    'src/core/ledger.ts',
    'if (known !== undefined) return bookRevision(',
    "if (order.end !== null) return nothing(order, 'it has ended');\n  if (known !== undefined) return bookRevision(",
  ),
  one(
    'an execution that was taken back still counts',
    'src/core/ledger.ts',
    "return recount(order, executions, -known.qty, 'busted');",
    "return recount(order, executions, 0, 'busted');",
  ),
];

const GROUPING: readonly Mutation[] = [
  one(
    'the groups are of type 1',
    'src/core/ticket.ts',
    'const ocaType = paired ? 2 : 0;',
    'const ocaType = paired ? 1 : 0;',
  ),
  one(
    'a target rests outside the group of its stop',
    'src/core/ticket.ts',
    "group: stop === undefined ? '' : stop.ticket.group,",
    "group: '',",
  ),
  {
    name: 'a target joins a group that has traded',
    edits: [
      { file: 'src/core/plan.ts', find: '!groupTraded(s.bracket, pair) &&', replace: '' },
      { file: 'src/core/plan.ts', find: 'cumQty(stop) === 0 &&', replace: '' },
      { file: 'src/core/plan.ts', find: 'stop.qty === want &&', replace: '' },
      { file: 'src/core/plan.ts', find: '!stop.triggered &&', replace: '' },
    ],
  },
  {
    name: 'what the echo shows of the group is not read',
    edits: [
      {
        file: 'src/core/report.ts',
        find: "order.differs === '' && fact.echo !== undefined ? compare(order, fact)",
        replace: "order.differs !== '' ? compare(order, fact)",
      },
    ],
  },
];

const TERMINAL_WORDS: readonly Mutation[] = [
  one(
    'a refused cancel is taken for an end',
    'src/core/ledger.ts',
    "return { order, heard: ['cancelRejected'], note: '' };",
    "return { order: { ...order, end: 'cancelled' }, heard: ['cancelled'], note: '' };",
  ),
  one(
    'PendingCancel is taken for an acceptance',
    'src/core/report.ts',
    "['pendingSubmit', 'pendingCancel', 'inactive']",
    "['pendingSubmit', 'inactive']",
  ),
];

/** What the broker's word may not be taken for, and what a person must hear of. */
const BELIEF: readonly Mutation[] = [
  one(
    'a bare 202 ends an order',
    'src/core/report.ts',
    "  if (fact.filled === undefined) {\n    heard.push('pendingCancel');\n    return order;\n  }\n",
    '',
  ),
  one(
    'discounts are not looked after',
    'src/core/discount.ts',
    '  let lost: string[] | null = null;\n',
    '  let lost: string[] | null = null;\n  if (bracket.pairs.length > 0) return NONE;\n',
  ),
  one(
    'a discount is lost in silence',
    'src/core/discount.ts',
    'return lost ?? NONE;',
    'return NONE;',
  ),
  one(
    'a reduction surprises nobody',
    'src/core/discount.ts',
    'if (reduced === 0 || reduced >= cumQty(sibling)) return false;',
    'return false;',
  ),
  one(
    'a breach is not told',
    'src/core/tally.ts',
    'if (oversold > bracket.oversoldMost) {',
    'if (oversold < 0) {',
  ),
  one(
    'a breach is no breach',
    'src/core/conclude.ts',
    'oversold: oversoldQty(bracket) > 0,',
    'oversold: false,',
  ),
];

const LATE_LEGS: readonly Mutation[] = [
  {
    name: 'sequenced: the target does not wait for its stop to end',
    edits: [
      {
        file: 'src/core/plan.ts',
        find: 'if (!p.touched || stop !== undefined) return null;',
        replace: 'if (!p.touched) return null;',
      },
      {
        file: 'src/core/plan.ts',
        find: "return lets(s, want, false) ? 'its stop is gone and the price has come' : null;",
        replace: "return 'its stop is gone and the price has come';",
      },
    ],
  },
];

const RECOVERY: readonly Mutation[] = [
  one(
    'a look misses what was sent after it was asked for',
    'src/core/snapshot.ts',
    'order.end === null && order.sentAt < account.askedAt && heardAt <= account.askedAt',
    'order.end === null',
  ),
  one(
    'a cut is taken for the end of what is in flight',
    'machines/order.ts',
    "'link.lost': to(kind, 'unresolved', 'Nothing in flight",
    "'link.lost': to(kind, 'ended.cancelled', 'Nothing in flight",
  ),
  one(
    'the executions of a look are not booked',
    'src/core/snapshot.ts',
    'for (const execution of account.executions) book(execution);',
    '',
  ),
  one(
    'the completed orders of a look are not booked',
    'src/core/snapshot.ts',
    'for (const end of account.completed) book(end);',
    '',
  ),
  one(
    'an order is sent again without a look',
    'src/core/plan.ts',
    'order.end === null && order.missing && !order.acknowledged',
    'order.end === null && order.unresolved && !order.acknowledged',
  ),
];

const WAITS: readonly Mutation[] = [
  one(
    'a bracket waits for its last look for ever',
    'machines/exposure.ts',
    "meta: { deadline: 'settlement' },",
    '',
  ),
];

const CLOSING: readonly Mutation[] = [
  {
    name: 'a bracket closes while orders of it are live',
    edits: [
      {
        file: 'src/core/conclude.ts',
        find: 'bracket.orders.length > 0 && allEnded(bracket)',
        replace: 'bracket.orders.length > 0',
      },
      {
        file: 'src/core/conclude.ts',
        find: 'settled: quiet && isSettled(bracket),',
        replace: 'settled: quiet,',
      },
    ],
  },
  one(
    'leaving is called a breach',
    'src/core/conclude.ts',
    'oversold: oversoldQty(bracket) > 0,',
    'oversold: bracket.leaving !== null,',
  ),
];

export const FURTHER: readonly Mutation[] = [
  ...WITHDRAWAL,
  ...SIZING,
  ...COUNTING,
  ...GROUPING,
  ...TERMINAL_WORDS,
  ...LATE_LEGS,
  ...BELIEF,
  ...[...RECOVERY, ...WAITS, ...CLOSING].map((one) => ({ ...one, inFaults: true }) as const),
];
