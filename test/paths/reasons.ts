/** Why a transition, or one right after another, cannot be reached through the ledger. */

type Rule = { readonly matches: RegExp; readonly reason: string };

const TRANSITIONS: readonly Rule[] = [
  {
    matches: /^\w+ idle \w+\./,
    reason: 'step alarms about an order that was never sent, before any chart hears of it',
  },
  {
    matches: /^(?:entry|target|closing) .* \w+\.triggered /,
    reason: 'the ledger calls nothing but an exit stop triggered',
  },
  {
    matches: /^(?:entry|target|closing) .* \w+\.(?:replaced|replaceRejected) /,
    reason: 'nothing but a stop is ever replaced',
  },
  {
    matches: /^\w+ ended \w+\./,
    reason: 'to the ledger this is no news of an order that has ended',
  },
  {
    matches: /^\w+ (?:live|unresolved) \w+\.revived /,
    reason: 'the ledger revives only what had ended',
  },
  {
    matches: /\.(?:overdue|requestOverdue) /,
    reason: 'no such wait runs there: its deadline was stopped on the way in',
  },
  {
    matches: /^stop live\.life\.trading stop1\.working /,
    reason: 'to the ledger a stop that trades is triggered, whatever a later status says',
  },
  {
    matches: /^stop live\.request\.\w+ stop1\.cancelRejected /,
    reason: 'where no cancel is asked, the ledger takes it for the refusal of the replace',
  },
  {
    matches: /^\w+ live\.life\.held \w+\.held /,
    reason: 'news only while the order is searched for, and its chart is in unresolved then',
  },
  {
    matches: /^stop live\.request\.none stop1\.replace(?:d|Rejected) /,
    reason: 'an answer is heard only while a replace is outstanding, and the chart knows it then',
  },
  {
    matches: /^target (?:live\.request\.none|unresolved) stop1\.rejected /,
    reason: 'a target is placed only beside a stop that was accepted',
  },
];

export function reasonOfTransition(id: string): string | null {
  return TRANSITIONS.find(({ matches }) => matches.test(id))?.reason ?? null;
}

const PAIRS: readonly Rule[] = [
  {
    matches: / > .*\.rejected /,
    reason: 'a refusal ends only what was never accepted, and the first means that it was',
  },
  {
    matches: / > .*\.(?:corrected|busted) /,
    reason: 'nothing was executed yet, or what was is taken back already',
  },
  {
    matches: / > .*\.(?:held|working|triggered) /,
    reason: 'the ledger calls it news only where it was not known',
  },
  {
    matches: / > .*\.(?:replaced|replaceRejected|pendingReplace|requestOverdue|overdue) /,
    reason: 'no such request, or wait, is outstanding after the first',
  },
];

export function reasonOfPair(pair: string): string {
  return (
    PAIRS.find(({ matches }) => matches.test(pair))?.reason ??
    'no word makes the second the next thing that the region hears'
  );
}
