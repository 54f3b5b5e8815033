/** A verification for a person, and for a machine. */
import { type Painter, painter, paragraph } from '../terminal/layout.ts';
import { fillsOf } from './assumptions.ts';
import type { PlanName } from './matter.ts';
import { inWordsOf } from './questions.ts';
import type { Tale } from './tale.ts';
import type { Verification } from './verification.ts';

export type Told = {
  /** Where the exploration began, as it was named; empty for the beginning. */
  readonly from: string;
  /** The balance of each open bracket there. */
  readonly standing: readonly string[];
  readonly verification: Verification;
  /** One for each finding. */
  readonly tales: readonly Tale[];
  /** Asked again of quantities alone, where something else is violated. */
  readonly quantities: Verification | null;
};

export function jsonOf(told: Told): string {
  const { verification, tales, quantities } = told;
  const { verdict, matter, assumptions, states, transitions, depth, seconds } = verification;
  const [first] = tales;
  const { plan, ...named } = matter;
  const asked = Object.entries(named).filter(([name]) => !IDLE_OF[plan].includes(name));
  const report = {
    verdict,
    plan,
    matter: { ...Object.fromEntries(asked), ...(told.from === '' ? {} : { from: told.from }) },
    assumptions: assumptions.map(({ text }) => text),
    watched: assumptions.flatMap(({ text, watchedBy }) =>
      watchedBy === null ? [] : [{ assumption: text, by: watchedBy }],
    ),
    states,
    transitions,
    depth,
    seconds,
    statesPerSecond: rateOf(verification),
    ...(first === undefined ? {} : { counterexample: counterexampleOf(first) }),
    ...(tales.length < 2 ? {} : { others: tales.slice(1).map(counterexampleOf) }),
    ...(quantities === null ? {} : { quantities: quantities.verdict }),
    held: verification.held,
    witnesses: verification.witnesses,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** What a plan has no use for, and nobody asked for. */
const IDLE_OF: Readonly<Record<PlanName, readonly string[]>> = {
  paired: ['prints'],
  sequenced: ['oca', 'reduce', 'lateLeg'],
  detached: ['side', 'oca', 'reduce', 'lateLeg', 'wishes', 'prints'],
};

const counterexampleOf = ({ finding, text }: Tale) => ({
  violates: finding.text,
  steps: finding.trace.length,
  path: finding.trace,
  history: text,
});

const rateOf = ({ states, seconds }: Verification): number =>
  Math.round(states / Math.max(seconds, 1e-6));

const VERDICT = {
  holds: ['good', 'HOLDS'],
  violated: ['alarm', 'VIOLATED'],
  limit: ['doubt', 'LIMIT REACHED'],
} as const;

export function textOf(told: Told, colour: boolean): string {
  const paint = painter(colour);
  const { verification, quantities } = told;
  const sections = [
    headOf(verification, paint),
    told.from === '' ? [] : [`from ${told.from}`, ...told.standing],
    foundOf(told, paint),
    heldOf(verification, paint),
    quantities === null ? [] : quantitiesOf(quantities),
    ...told.tales.filter(({ finding }) => finding.trace.length > 0).map((t) => taleOf(t, paint)),
    standsOf(verification, paint),
  ];
  return `${sections
    .filter((rows) => rows.length > 0)
    .map((rows) => rows.join('\n'))
    .join('\n\n')}\n`;
}

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');

const counted = (n: number, one: string): string => `${whole(n)} ${one}${n === 1 ? '' : 's'}`;

function headOf(v: Verification, paint: Painter): readonly string[] {
  const { matter, states, transitions, depth, seconds } = v;
  const lots = matter.lots.join(' and ');
  const targets = matter.lots.length === 1 ? `one target of ${lots}` : `targets of ${lots}`;
  const [tone, word] = VERDICT[v.verdict];
  return [
    `${paint(tone, word)}  plan ${matter.plan}, ${matter.side === 'SELL' ? 'short, ' : ''}${targets}, ${fillsOf(v.scope.lots)}`,
    `${counted(states, 'state')}, ${counted(transitions, 'transition')}, depth ${depth}; ` +
      `${seconds.toFixed(1)} s, ${whole(rateOf(v))} states a second`,
  ];
}

function foundOf({ tales }: Told, paint: Painter): readonly string[] {
  return tales.map(
    ({ finding: { text, trace } }) => `${paint('alarm', '✗')} ${text}${afterOf(trace.length)}`,
  );
}

const afterOf = (events: number): string => {
  if (events === 0) return ': it is so already, before anything happens';
  return `, after ${events} ${events === 1 ? 'event' : 'events'}`;
};

function heldOf({ held, witnesses, verdict }: Verification, paint: Painter): readonly string[] {
  const rows = held.map((text) => `${paint('good', '✓')} ${text}`);
  const seen = witnesses.filter((one) => one.seen).map(({ id }) => id);
  const unseen = witnesses.filter((one) => !one.seen).map(({ id }) => id);
  if (verdict === 'violated') return rows;
  if (verdict === 'limit') {
    rows.push('Nothing was violated so far; what lies beyond is not decided.');
    rows.push('--limit-states N explores further; fewer lots or faults explore less.');
  }
  if (seen.length > 0)
    rows.push(...paragraph('  seen on the way: ', seen.join('; '), paint, 'quiet'));
  if (unseen.length > 0) rows.push(paint('doubt', `  never seen: ${unseen.join('; ')}`));
  return rows;
}

function quantitiesOf({ verdict, states, scope }: Verification): readonly string[] {
  const answer = {
    holds: inWordsOf(scope, 'hold all the same: never more sold than bought'),
    violated: 'do not hold either',
    limit: 'hold as far as was explored',
  }[verdict];
  return [`Quantities ${answer} (${counted(states, 'state')}).`];
}

function taleOf({ finding, text }: Tale, paint: Painter): readonly string[] {
  return [paint('strong', `The shortest way to it: ${finding.text}`), '', text.trimEnd()];
}

function standsOf({ assumptions, verdict }: Verification, paint: Painter): readonly string[] {
  const rows = [paint('strong', verdict === 'violated' ? 'It supposes that' : 'It stands on this')];
  for (const { text, watchedBy } of assumptions) {
    rows.push(...paragraph('- ', text, paint));
    if (watchedBy !== null) {
      rows.push(...paragraph('    watched: ', watchedBy, paint, 'quiet'));
    }
  }
  return rows;
}
