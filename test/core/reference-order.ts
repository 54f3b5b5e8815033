/**
 * One order, told a second time: what must be true of it after a list of words, from IB's own
 * descriptions and the laws, and in another shape than the ledger's. The ledger books word by word;
 * here every field has its own rule about all words so far, and what was news is the difference
 * between what is true with the last word and what was true without it.
 */
import type { Executed, Reported } from '../../src/core/fact.ts';
import type { End } from '../../src/core/ledger.ts';
import type { Ticket } from '../../src/core/ready.ts';
import { differencesOf, sizeSaid } from './reference-echo.ts';
import { executedOf, inferredOf, isExecution, toldOf } from './reference-executions.ts';

/** What is heard of an order, and what we and the charts do to it between. */
export type Word =
  | Reported
  | Executed
  | { readonly type: 'order.busted'; readonly execId: string }
  | { readonly type: 'order.refused' | 'cancel.refused' | 'replace.refused' }
  | { readonly type: 'cancel.asked' | 'marked.unresolved' | 'marked.missing' | 'marked.ended' }
  | { readonly type: 'replace.asked'; readonly ticket: Ticket };

export type Truth = {
  readonly executedQty: number;
  /** The most that a status has claimed. */
  readonly claimed: number;
  readonly cumQty: number;
  readonly leavesQty: number;
  readonly qty: number;
  readonly largest: number;
  readonly end: End | null;
  readonly acknowledged: boolean;
  readonly echoed: boolean;
  /** Of what the broker's picture differs from what was asked. */
  readonly differs: readonly string[];
  readonly held: boolean;
  readonly working: boolean;
  readonly triggered: boolean;
  readonly cancelAsked: boolean;
  /** What was asked and is neither in force nor refused. */
  readonly replaceAsked: Ticket | null;
  /** What is in force, as far as we know. */
  readonly ticket: Ticket;
  readonly permId: number;
  readonly missing: boolean;
  readonly unresolved: boolean;
  /** Its end was concluded by us from its absence: no word has told of it. */
  readonly concluded: boolean;
};

/** What is true before any word. */
export function unheard(ticket: Ticket): Truth {
  return {
    executedQty: 0,
    claimed: 0,
    cumQty: 0,
    leavesQty: ticket.qty,
    qty: ticket.qty,
    largest: ticket.qty,
    end: null,
    acknowledged: false,
    echoed: false,
    differs: [],
    held: false,
    working: false,
    triggered: false,
    cancelAsked: false,
    replaceAsked: null,
    ticket,
    permId: 0,
    missing: false,
    unresolved: false,
    concluded: false,
  };
}

/** The words so far, the last of them, and what was true before it. */
type Hearing = {
  readonly words: readonly Word[];
  readonly last: Word;
  /** The last word, where it is the broker's picture of the order. */
  readonly report: Reported | null;
  readonly before: Truth;
};

/** What was only concluded to be over is shown to live. */
export const isRevived = (last: Word, before: Truth): boolean =>
  before.concluded && isReport(last) && LIVING.includes(last.status);

export const isReport = (word: Word): word is Reported => word.type === 'order.reported';

/** What is true after all of the words; `known` was, without the last of them. */
export function truthAfter(words: readonly Word[], known: Truth): Truth {
  const last = words.at(-1);
  if (last === undefined) return known;
  const report = isReport(last) ? last : null;
  const before = isRevived(last, known) ? { ...known, end: null, unresolved: true } : known;
  const hearing: Hearing = { words, last, report, before };
  const asked = requestsOf(hearing);
  const confirmed = asked.ticket !== before.ticket;
  const executedQty = executedOf(words);
  const claimed = claimOf(hearing);
  const cumQty = executedQty + inferredOf(words, claimed);
  const sizes = sizesOf(hearing, confirmed, cumQty);
  const end = endOf(hearing, cumQty, Math.max(sizes.largest, asked.replaceAsked?.qty ?? 0));
  return {
    executedQty,
    claimed,
    cumQty,
    leavesQty: end === null ? Math.max(0, sizes.qty - cumQty) : 0,
    ...sizes,
    end,
    acknowledged: words.some(accepts),
    echoed: words.some((word) => isReport(word) && word.echo !== undefined && accepts(word)),
    differs: before.differs.length > 0 ? before.differs : surprise(hearing, asked),
    ...pictureOf(hearing, end !== null, cumQty),
    ...asked,
    permId: words.filter(isReport).reduce((known, { permId }) => permId || known, 0),
    missing:
      last.type === 'marked.missing' ||
      (before.missing && report === null && cumQty <= before.cumQty),
    unresolved:
      before.unresolved || (last.type.startsWith('marked.') && last.type !== 'marked.missing'),
    concluded:
      last.type === 'marked.ended' ||
      (before.concluded && end !== null && !isDefinite(hearing, end)),
  };
}

const UNACCEPTED: readonly string[] = ['pendingSubmit', 'pendingCancel', 'inactive'];
/** A word that is pending has decided nothing; what remains of a cancelled order is its balance. */
export const LIVING: readonly string[] = ['preSubmitted', 'submitted', 'inactive'];

/** IB: sent, not confirmed, and `Inactive` are no acceptance; everything else it says of an order is. */
const accepts = (word: Word): boolean =>
  isExecution(word) ||
  (isReport(word) && (!UNACCEPTED.includes(word.status) || (word.filled ?? 0) > 0));

/** What is outstanding of what we asked, and what is in force. */
function requestsOf({ last, report, before }: Hearing): {
  readonly cancelAsked: boolean;
  readonly replaceAsked: Ticket | null;
  readonly ticket: Ticket;
} {
  const { cancelAsked, replaceAsked, ticket } = before;
  switch (last.type) {
    case 'cancel.asked':
      return { cancelAsked: true, replaceAsked, ticket };
    case 'replace.asked':
      return { cancelAsked, replaceAsked: last.ticket, ticket };
    // IB answers a modify that comes too late with the same codes (104, 135, 10148).
    case 'cancel.refused':
      return {
        cancelAsked,
        replaceAsked: cancelAsked || before.end !== null ? replaceAsked : null,
        ticket,
      };
    // 201 and its kin may answer a modify; the old order remains then.
    case 'order.refused':
      return {
        cancelAsked,
        replaceAsked: before.acknowledged && before.end === null ? null : replaceAsked,
        ticket,
      };
    case 'replace.refused':
      return { cancelAsked, replaceAsked: null, ticket };
    default:
  }
  if (replaceAsked === null || report === null) return { cancelAsked, replaceAsked, ticket };
  if (confirms(report, replaceAsked, before))
    return { cancelAsked, replaceAsked: null, ticket: replaceAsked };
  if (showsItLost(report, before)) return { cancelAsked, replaceAsked: null, ticket };
  return { cancelAsked, replaceAsked, ticket };
}

/** D4: the broker shows the order as we asked. A status does not say which version it speaks of. */
function confirms({ status, echo }: Reported, asked: Ticket, before: Truth): boolean {
  if (echo === undefined || before.end !== null || !LIVING.includes(status)) return false;
  return echo.qty === asked.qty && echo.limitPx === asked.limitPx && echo.stopPx === asked.stopPx;
}

/** Looked for after a cut, and shown as it was before the request. */
const showsItLost = ({ status, echo }: Reported, before: Truth): boolean =>
  before.unresolved && echo !== undefined && LIVING.includes(status);

/** Of what this word's echo differs. What was agreed and once was otherwise is not agreed. */
function surprise(
  { report, before }: Hearing,
  { ticket, replaceAsked }: ReturnType<typeof requestsOf>,
): readonly string[] {
  if (report?.echo === undefined) return [];
  const largest = Math.max(ticket.qty, replaceAsked?.qty ?? 0);
  // Also a picture that shows a request to be lost may show its price.
  return differencesOf(ticket, largest, report.echo, before.replaceAsked?.stopPx);
}

/** L3: as the broker last restated it; D4: the most of it, anew after a confirmed replace. */
function sizesOf(
  { words, report, before }: Hearing,
  confirmed: boolean,
  cumQty: number,
): { qty: number; largest: number } {
  const { qty, largest } = before;
  if (report === null) return { qty, largest };
  // Filled for less than it may have been: that is the whole order.
  const whole = report.status === 'filled' && before.end !== 'filled' && cumQty < largest;
  if (whole && !isTakenBack(words, cumQty)) return { qty: cumQty, largest };
  if (before.end !== null) return { qty, largest };
  if (!LIVING.includes(report.status)) return { qty, largest };
  // Of nothing filled and nothing left it says no size.
  const said = sizeSaid(report, before.cumQty) || qty;
  return { qty: said, largest: confirmed ? said : Math.max(largest, said) };
}

/** The most that was ever claimed; `Filled` claims the whole order. */
function claimOf({ report, before }: Hearing): number {
  const { qty } = before;
  if (report === null) return before.claimed;
  // The broker's own picture of a filled order names its size; a replace may have been in force.
  const shown = report.echo?.qty ?? qty;
  const replaced = shown === before.replaceAsked?.qty;
  const whole = report.status === 'filled' ? (replaced ? shown : Math.min(qty, shown)) : 0;
  return Math.max(before.claimed, report.filled ?? whole);
}

function endOf({ words, last, report, before }: Hearing, cumQty: number, most: number): End | null {
  if (last.type === 'marked.ended') return 'cancelled';
  // D3: all that the broker may have it for; whatever was heard of it before.
  if (cumQty > 0 && cumQty >= most && isTold(last)) return 'filled';
  if (report?.status === 'filled')
    return isTakenBack(words, cumQty) ? (before.end ?? 'cancelled') : 'filled';
  const taken = last.type === 'order.busted' || isExecution(last);
  if (taken && before.end === 'filled') return cumQty < before.qty ? null : 'filled';
  if (before.end !== null) return before.end;
  if (last.type === 'order.refused') return before.acknowledged ? null : 'rejected';
  const final = report?.filled !== undefined;
  if (final && report?.status === 'cancelled') return 'cancelled';
  return final && report?.status === 'expired' ? 'expired' : null;
}

/** `Filled` speaks of shares that were taken back since: over it is, but not filled (D15). */
const isTakenBack = (words: readonly Word[], cumQty: number): boolean =>
  toldOf(words) > executedOf(words) && cumQty === executedOf(words);

/** Whether the last word tells of the end, whatever was concluded before. */
const isDefinite = ({ report, before }: Hearing, end: End): boolean =>
  end !== before.end ||
  (report?.filled !== undefined &&
    (report.status === 'cancelled' || report.status === 'expired')) ||
  report?.status === 'filled';

/** By the broker, and not asked or marked by us. */
const isTold = ({ type }: Word): boolean => !type.startsWith('marked') && !type.endsWith('asked');

/** Looked for with a replace in the balance: a status does not say which version was found. */
const isVague = ({ report, before }: Hearing): boolean =>
  before.unresolved && before.replaceAsked !== null && report?.echo === undefined;

/** Why it is held is in `orderStatus` only: a word that says nothing of it leaves it as it was. */
function isLocated({ words, report, before }: Hearing): boolean {
  if (report?.whyHeld !== undefined) return report.whyHeld.includes('locate');
  if (report?.status === 'submitted' || !before.held) return false;
  const shown = words.slice(0, -1).filter(isReport);
  const why = shown.findLast(
    (one) => one.whyHeld !== undefined || one.status === 'submitted' || one.status === 'inactive',
  );
  return why?.whyHeld?.includes('locate') ?? false;
}

/** That its trigger has printed says something of an exit only: an entry's stop just works. */
export const isExit = ({ ticket }: Truth): boolean => ticket.leg !== 'entry';

/** How the broker shows an order that lives. */
function pictureOf(
  hearing: Hearing,
  ended: boolean,
  cumQty: number,
): { held: boolean; working: boolean; triggered: boolean } {
  const { report, before } = hearing;
  const { stopPx } = before.ticket;
  const isStop = stopPx !== undefined;
  const { held, working } = before;
  // A stop that trades has triggered.
  const triggered = before.triggered || (isStop && cumQty > before.cumQty);
  const trades = cumQty > before.cumQty;
  if (ended || report === null) return { held: held && !trades, working, triggered };
  if (!LIVING.includes(report.status) || isVague(hearing))
    return { held: held && !trades, working, triggered };
  // `Inactive` may come back to life, and protects nothing meanwhile.
  if (report.status === 'inactive') return { held: true, working: false, triggered };
  if (isLocated(hearing)) return { held: true, working: false, triggered };
  if (report.status === 'submitted')
    return { held: false, working: true, triggered: triggered || (isStop && isExit(before)) };
  // Words come in any order: a late `PreSubmitted` does not call it back.
  return { held: !isStop && !working, working: isStop || working, triggered };
}
