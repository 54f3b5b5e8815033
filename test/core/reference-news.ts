/** What a word was news of: what is true with it and was not true without it. */
import type { Reported } from '../../src/core/fact.ts';
import { executionsOf } from './reference-executions.ts';
import { isExit, isReport, isRevived, LIVING, type Truth, type Word } from './reference-order.ts';

/** What the last word was news of: what is true now and was not before. */
export function newsOf(words: readonly Word[], before: Truth, after: Truth): readonly string[] {
  const last = words.at(-1);
  if (last === undefined) return [];
  if (isReport(last)) return newsOfReport(last, before, after);
  switch (last.type) {
    case 'order.executed':
    case 'order.busted':
      return after.cumQty > before.cumQty
        ? ['filled']
        : newsOfExecution(last, words, before, after);
    case 'order.refused':
      if (before.end === null && after.end === 'rejected') return ['rejected'];
      return newsOfRefusal(before, after);
    case 'cancel.refused':
      if (before.end !== null) return [];
      return before.replaceAsked === after.replaceAsked
        ? ['cancelRejected']
        : newsOfRefusal(before, after);
    case 'replace.refused':
      return newsOfRefusal(before, after);
    default:
      return [];
  }
}

/** What was asked for is not to come; what has traded may thereby be all of it (D3). */
function newsOfRefusal(before: Truth, after: Truth): readonly string[] {
  const filled = after.end === 'filled' && before.end !== 'filled' ? ['filled'] : [];
  return before.replaceAsked === after.replaceAsked ? [] : ['replaceRejected', ...filled];
}

function newsOfExecution(
  last: Word,
  words: readonly Word[],
  before: Truth,
  after: Truth,
): readonly string[] {
  const was = executionsOf(words.slice(0, -1));
  const is = executionsOf(words);
  const changed = [...is].some(([name, { qty, revision }]) => {
    const known = was.get(name);
    return (
      known !== undefined && (known.qty !== qty || (known.revision !== revision && !known.busted))
    );
  });
  // What an execution was at first takes back what a status had claimed beyond its correction (D15).
  if (!changed) return after.cumQty < before.cumQty ? ['corrected'] : [];
  return last.type === 'order.busted' ? ['busted'] : ['corrected'];
}

function newsOfReport(last: Reported, known: Truth, after: Truth): readonly string[] {
  const revived = isRevived(last, known);
  const before = revived ? { ...known, end: null, unresolved: true } : known;
  const news: string[] = revived ? ['revived'] : [];
  if (after.ticket !== before.ticket) news.push('replaced');
  const ended = before.end === null && after.end !== null;
  if (after.cumQty > before.cumQty || (after.end === 'filled' && before.end !== 'filled'))
    news.push('filled');
  if (ended && after.end !== null && after.end !== 'filled') news.push(after.end);
  if (after.end !== null) return news;
  if (last.status === 'pendingCancel' || last.status === 'cancelled' || last.status === 'expired')
    news.push('pendingCancel');
  if (
    last.status === 'pendingReplace' ||
    (last.status === 'pendingSubmit' && after.replaceAsked !== null)
  )
    news.push('pendingReplace');
  const mode = modeOf(after);
  const vague = before.replaceAsked !== null && last.echo === undefined;
  const again = before.unresolved && !vague && LIVING.includes(last.status);
  // That it trades says already that it has triggered (D8).
  const traded = {
    ...before,
    triggered: before.triggered || (after.triggered && after.cumQty > before.cumQty),
  };
  if (mode !== null && (mode !== modeOf(traded) || again)) news.push(mode);
  return news;
}

/** Charts know one of three: what has triggered works as well. */
function modeOf(truth: Truth): 'held' | 'working' | 'triggered' | null {
  if (truth.held) return 'held';
  if (!truth.working) return null;
  return truth.triggered && isExit(truth) ? 'triggered' : 'working';
}
