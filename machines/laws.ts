/**
 * The twelve laws. Tests, alarms and drawings cite them by id; `where` says who checks:
 * *step* after every step, in production too; *engine* by the construction of the loop, tested by
 * crashes; *snapshot* when a consistent account of the broker arrives.
 */

export type LawId = `L${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12}`;

export type Law = {
  readonly id: LawId;
  readonly where: 'step' | 'engine' | 'snapshot';
  readonly text: string;
};

export const LAWS: readonly Law[] = [
  {
    id: 'L1',
    where: 'engine',
    text: 'No effect leaves before the record that decided it is durable.',
  },
  {
    id: 'L2',
    where: 'step',
    text: 'An execId counts once; a correction replaces, a bust removes; what a status claims beyond the executions is inferred, and retracted when they arrive.',
  },
  {
    id: 'L3',
    where: 'step',
    text: 'Quantity, as the broker last restated it, is cumQty + leavesQty while an order can trade; leavesQty is 0 once it has ended.',
  },
  {
    id: 'L4',
    where: 'snapshot',
    text: "The broker's position is the sum of the brackets' positions and what is known to be foreign; a residual names its candidates.",
  },
  {
    id: 'L5',
    where: 'step',
    text: 'In state protected no share is naked; elsewhere open shares have a deadline whose elapse alarms and escalates.',
  },
  {
    id: 'L6',
    where: 'step',
    text: 'The interlock: committed exits never exceed executed entries; no effect may raise them beyond.',
  },
  { id: 'L7', where: 'step', text: 'Every pending state has a deadline; its elapse is a fact.' },
  {
    id: 'L8',
    where: 'step',
    text: 'Every state answers every fact by a move, a reasoned "ignored", or an alarm; never by silence.',
  },
  {
    id: 'L9',
    where: 'engine',
    text: 'Replaying the facts gives the same state and the same effects, byte for byte.',
  },
  {
    id: 'L10',
    where: 'snapshot',
    text: 'A bracket closes when it is flat, every order of it has definitely ended, and a later snapshot shows none; a later fact reopens it.',
  },
  {
    id: 'L11',
    where: 'engine',
    text: 'An intent is sent at most once; after an unknown outcome again only under the same reference, and only when a snapshot shows the broker does not have it.',
  },
  {
    id: 'L12',
    where: 'step',
    text: 'Exits beyond entries are accepted, quantified, and move the bracket to breached: exits withdrawn, no new bracket, nothing sent but the configured remedy.',
  },
];
