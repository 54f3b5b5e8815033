/**
 * An account of a world kept by somebody else: from what we sent and what the broker said alone.
 *
 * It shares no code with the engine. It is simpler, and where it must be generous it is: a pair in
 * one group commits its larger leg once, from the first moment. What it finds wrong is wrong.
 */
import type { Effect } from '../../src/core/ready.ts';
import type {
  BrokerRequest,
  BrokerWord,
  OpenOrderWord,
  OrderTicket,
} from '../../src/ports/broker.ts';
import type { Passage } from '../../src/verify/mind.ts';
import { misfits, noted } from './briefs.ts';
import { demands, remarked } from './demands.ts';
import {
  type Account,
  bracketOf,
  cum,
  entered,
  isEntryOf,
  isStop,
  isTarget,
  type Line,
  legOf,
  linesOf,
  pairOf,
  position,
  withLine,
} from './lines.ts';

export type Entry = { readonly account: Account; readonly wrong: readonly string[] };

/** Books what passed in one event. */
export function book(account: Account, passed: readonly Passage[]): Entry {
  let now = account;
  /** As it was when the last step was over: what was heard since is news to the next. */
  let before = account;
  const wrong: string[] = [];
  let words: BrokerWord[] = [];
  /** Exits that traded or were triggered since the last step, to be answered by it. */
  let due: number[] = [];
  for (const passage of passed) {
    switch (passage.type) {
      case 'sent':
        wrong.push(...objections(now, passage.request));
        now = send(now, passage.request);
        break;
      case 'heard': {
        words.push(passage.word);
        const next = hear(now, passage.word);
        due = [...due, ...traded(now, next)];
        now =
          isLive(passage.word) && position(next) !== position(now)
            ? { ...next, traded: true }
            : next;
        break;
      }
      case 'stepped': {
        // The effects of this very step are still to pass as `sent`: they are read off the Ready.
        wrong.push(...forgotten(now, due, passage.ready.effects));
        wrong.push(...bared(now, passage.ready.effects));
        due = [];
        if (passage.fact.type === 'order.busted') now = bust(now, passage.fact.execId);
        wrong.push(...demands(before, now, passage), ...remarked(words, passage));
        words = [];
        now = noted(now, passage);
        before = now;
        break;
      }
    }
  }
  return { account: now, wrong };
}

// ── what we send ─────────────────────────────────────────────────────────────────────────────

function send(account: Account, request: BrokerRequest): Account {
  if (request.request === 'cancelOrder') {
    const line = account.lines[request.orderId];
    return line === undefined ? account : withLine(account, { ...line, cancelAsked: true });
  }
  if (request.request === 'reqOpenOrders') return { ...account, shown: [] };
  if (request.request !== 'placeOrder') return account;
  const { ticket } = request;
  const line = account.lines[ticket.orderId];
  if (line !== undefined) {
    const most = Math.max(line.most, ticket.totalQuantity);
    return withLine(account, { ...line, ticket, most, echoed: false });
  }
  const entry = linesOf(account).find((one) => one.ticket.orderRef.startsWith(entryRef(ticket)));
  return withLine(account, {
    ticket,
    exits: entry !== undefined && entry.ticket.action !== ticket.action,
    differs: false,
    shows: 0,
    most: ticket.totalQuantity,
    executions: {},
    claimed: 0,
    known: false,
    accepted: false,
    echoed: false,
    triggered: false,
    cancelAsked: false,
    ended: false,
  });
}

/** Said of itself, not in answer to a question. */
const isLive = (word: BrokerWord): boolean => word.word !== 'execDetails' || word.reqId === -1;

const entryRef = ({ orderRef }: OrderTicket): string => `${orderRef.split('.')[0]}.entry.`;

/** L6 and the rules of a pair, asked of a request before it leaves. */
function objections(account: Account, request: BrokerRequest): readonly string[] {
  if (request.request !== 'placeOrder') return [];
  const { ticket } = request;
  const after = send(account, request);
  const line = after.lines[ticket.orderId];
  if (line === undefined) return [];
  // The same order again (L11) is as it was: what was wished since is asked of it afterwards.
  const before = account.lines[ticket.orderId]?.ticket;
  const again = JSON.stringify(before) === JSON.stringify(ticket);
  const wrong = again ? [] : [...misfits(account, line)];
  if (account.cut) wrong.push(`${ticket.orderRef} is sent before anybody has looked`);
  if (!line.exits) return wrong;
  const grows = (account.lines[ticket.orderId]?.most ?? 0) < line.most;
  const bought = entered(after, bracketOf(line));
  const committed = committedBy(after, bracketOf(line));
  if (grows && committed > bought) {
    wrong.push(`${ticket.orderRef} would commit ${committed} of ${bought} entered`);
  }
  if (!Number.isInteger(ticket.totalQuantity) || ticket.totalQuantity <= 0) {
    wrong.push(`${ticket.orderRef} is sized ${ticket.totalQuantity}`);
  }
  wrong.push(...grouping(after, line));
  if (isStop(line) && account.lines[ticket.orderId] !== undefined) {
    const beside = Object.values(account.lines).filter(
      (one) => isTarget(one) && pairOf(one) === pairOf(line) && !one.ended,
    );
    for (const one of beside) {
      wrong.push(`${ticket.orderRef} is changed while ${one.ticket.orderRef} is beside it`);
    }
  }
  if (legOf(line) === 'closing') {
    const alive = Object.values(after.lines).filter((one) => one !== line && !one.ended);
    for (const one of alive) {
      wrong.push(`${ticket.orderRef} is sent while ${one.ticket.orderRef} has not ended`);
    }
  }
  return wrong;
}

function grouping(account: Account, line: Line): readonly string[] {
  const { orderRef, ocaGroup, ocaType, totalQuantity } = line.ticket;
  const others = Object.values(account.lines).filter((one) => one !== line);
  const siblings = others.filter((one) => pairOf(one) === pairOf(line));
  const wrong: string[] = [];
  if (ocaGroup !== '') {
    if (ocaType !== 2) wrong.push(`${orderRef} is grouped as type ${ocaType}`);
    for (const one of others.filter((other) => other.ticket.ocaGroup === ocaGroup)) {
      if (pairOf(one) !== pairOf(line)) wrong.push(`${orderRef} shares ${ocaGroup} across pairs`);
      if (isStop(one) && isStop(line)) wrong.push(`${orderRef} uses ${ocaGroup} again`);
    }
  }
  if (!isTarget(line)) return wrong;
  for (const stop of siblings.filter((one) => isStop(one) && !one.ended)) {
    if (stop.ticket.ocaGroup !== ocaGroup || ocaGroup === '') {
      wrong.push(`${orderRef} joins ${stop.ticket.orderRef} without its group`);
    }
    if (stop.differs) wrong.push(`${orderRef} joins ${stop.ticket.orderRef}, which is another`);
    if (!stop.echoed) wrong.push(`${orderRef} joins ${stop.ticket.orderRef} before its echo`);
    if (cum(stop) > 0) wrong.push(`${orderRef} joins ${stop.ticket.orderRef}, which has traded`);
    if (stop.most !== totalQuantity) wrong.push(`${orderRef} and its stop differ in size`);
  }
  return wrong;
}

/** The most that the exits of a bracket may come to, if members of one group are told apart. */
function committedBy(account: Account, bracket: string): number {
  const groups = new Map<string, { most: number; traded: number; live: boolean }>();
  for (const line of Object.values(account.lines)) {
    if (bracketOf(line) !== bracket || !line.exits) continue;
    const { ocaGroup, orderRef } = line.ticket;
    const name = ocaGroup === '' ? orderRef : ocaGroup;
    const group = groups.get(name) ?? { most: 0, traded: 0, live: false };
    groups.set(name, {
      most: line.ended ? group.most : Math.max(group.most, line.most),
      traded: group.traded + cum(line),
      live: group.live || !line.ended,
    });
  }
  return [...groups.values()].reduce(
    (sum, { most, traded, live }) => sum + (live ? Math.max(most, traded) : traded),
    0,
  );
}

// ── what the broker says ─────────────────────────────────────────────────────────────────────

function hear(account: Account, word: BrokerWord): Account {
  switch (word.word) {
    case 'openOrder': {
      const line = account.lines[word.orderId];
      if (line === undefined) return account;
      const next = { ...account, shown: [...account.shown, word.orderId] };
      return withLine(next, restated(line, word));
    }
    case 'orderStatus': {
      const line = account.lines[word.orderId];
      if (line === undefined) return account;
      const over = ['Filled', 'Cancelled', 'ApiCancelled'].includes(word.status);
      return withLine(account, {
        ...line,
        claimed: Math.max(line.claimed, word.filled),
        known: true,
        accepted: line.accepted || word.status === 'PreSubmitted' || word.status === 'Submitted',
        triggered: line.triggered || (isStop(line) && word.status === 'Submitted'),
        shows: isWorked(word.status) ? word.filled + word.remaining : line.shows,
        ended: line.ended || over,
      });
    }
    case 'execDetails': {
      const line = account.lines[word.orderId];
      if (line === undefined) return account;
      const base = word.execId.slice(0, word.execId.lastIndexOf('.'));
      const executions = { ...line.executions, [base]: word.shares };
      const next = { ...line, executions, known: true, accepted: true };
      // A status is said of the executions as they were: a correction takes its claim along.
      const corrected = line.executions[base] !== undefined;
      const claimed = corrected
        ? Math.min(line.claimed, cum({ ...next, claimed: 0 }))
        : line.claimed;
      const full = cum(next) >= line.ticket.totalQuantity;
      return withLine(account, { ...next, claimed, ended: line.ended || full });
    }
    case 'error':
      return remark(account, word.id, word.code);
    case 'openOrderEnd':
      return looked(account);
    case 'completedOrder': {
      const lines = Object.values(account.lines);
      const line = lines.find((one) => one.ticket.orderRef === word.orderRef);
      return line === undefined ? account : withLine(account, { ...line, ended: true });
    }
    default:
      return account;
  }
}

const isWorked = (status: string): boolean => status === 'PreSubmitted' || status === 'Submitted';

function restated(line: Line, word: OpenOrderWord): Line {
  const as = line.ticket;
  const asAsked = word.totalQuantity === as.totalQuantity;
  return {
    ...line,
    known: true,
    accepted: line.accepted || word.status === 'PreSubmitted' || word.status === 'Submitted',
    shows: isWorked(word.status) ? word.totalQuantity : line.shows,
    differs: line.differs || isOtherwise(line, word),
    // Shown as it was last asked: what was asked before is over.
    most: asAsked ? as.totalQuantity : Math.max(line.most, word.totalQuantity),
    echoed:
      line.echoed ||
      (word.ocaGroup === as.ocaGroup &&
        word.ocaType === as.ocaType &&
        word.totalQuantity === as.totalQuantity &&
        word.auxPrice === as.auxPrice),
  };
}

/** Shown with a group, a type, a time or a session that nobody asked for, or larger than ever. */
function isOtherwise({ ticket, most }: Line, word: OpenOrderWord): boolean {
  return (
    word.ocaGroup !== ticket.ocaGroup ||
    (ticket.ocaGroup !== '' && word.ocaType !== ticket.ocaType) ||
    word.orderType !== ticket.orderType ||
    word.tif !== ticket.tif ||
    word.outsideRth !== ticket.outsideRth ||
    word.totalQuantity > most
  );
}

const REFUSALS: readonly number[] = [201, 103, 434, 10318];

function remark(account: Account, id: number, code: number): Account {
  if (code === 1100) return { ...account, cut: true, down: true, shown: [] };
  if (code === 1102) return { ...account, down: false, shown: [] };
  const line = account.lines[id];
  if (line === undefined) return account;
  // "Cannot modify a filled order": it is as it was shown last, and over with its last fill.
  if (code === 104 && line.shows > 0) {
    const most = Math.max(cum(line), line.shows);
    return withLine(account, { ...line, most, ended: line.ended || cum(line) >= most });
  }
  if (REFUSALS.includes(code) && !line.accepted) return withLine(account, { ...line, ended: true });
  return account;
}

/** What the broker knew and does not show among the open orders is not live. */
function looked(account: Account): Account {
  let next: Account = { ...account, shown: [], cut: false };
  for (const line of Object.values(account.lines)) {
    if (line.ended || !line.known || account.shown.includes(line.ticket.orderId)) continue;
    next = withLine(next, { ...line, ended: true });
  }
  return next;
}

function bust(account: Account, execId: string): Account {
  const base = execId.slice(0, execId.lastIndexOf('.'));
  for (const line of Object.values(account.lines)) {
    if (line.executions[base] === undefined) continue;
    const executions = { ...line.executions, [base]: 0 };
    const next = { ...line, executions, claimed: 0 };
    return withLine(account, next);
  }
  return account;
}

// ── the promise ──────────────────────────────────────────────────────────────────────────────

/** Stops that traded or were triggered, and targets that have taken all. */
function traded(before: Account, after: Account): readonly number[] {
  return Object.values(after.lines).flatMap((line) => {
    const was = before.lines[line.ticket.orderId];
    if (was === undefined) return [];
    const more = cum(line) > cum(was);
    const calls = isStop(line)
      ? more || (line.triggered && !was.triggered)
      : isTarget(line) && more && cum(line) >= line.ticket.totalQuantity;
    return calls ? [line.ticket.orderId] : [];
  });
}

/** In the very step in which it is heard, every live sibling has been asked to go. */
function forgotten(
  account: Account,
  due: readonly number[],
  effects: readonly Effect[],
): readonly string[] {
  const asked = cancelled(effects);
  return due.flatMap((orderId) => {
    const line = account.lines[orderId];
    if (line === undefined) return [];
    const opposes = (one: Line): boolean =>
      pairOf(one) === pairOf(line)
        ? isStop(one) !== isStop(line)
        : cum(line) > 0 && isStop(line) && isEntryOf(one, line);
    return Object.values(account.lines)
      .filter((one) => one !== line && opposes(one) && !one.ended && !one.cancelAsked)
      .filter((one) => !asked.has(one.ticket.orderRef))
      .map((one) => `${line.ticket.orderRef} trades, ${one.ticket.orderRef} is not asked to go`);
  });
}

const cancelled = (effects: readonly Effect[]): ReadonlySet<string> =>
  new Set(effects.flatMap((e) => (e.type === 'cancel' ? [e.orderRef] : [])));

/** A stop stays while its target rests, whatever part of it that has taken; unless too much went. */
function bared(account: Account, effects: readonly Effect[]): readonly string[] {
  const asked = cancelled(effects);
  const lines = Object.values(account.lines);
  return lines
    .filter((stop) => isStop(stop) && asked.has(stop.ticket.orderRef) && !stop.ended)
    .filter((stop) => committedBy(account, bracketOf(stop)) <= entered(account, bracketOf(stop)))
    .flatMap((stop) => lines.filter((one) => isTarget(one) && pairOf(one) === pairOf(stop)))
    .filter((one) => !one.ended && !one.cancelAsked && !asked.has(one.ticket.orderRef))
    .filter((one) => cum(one) < one.ticket.totalQuantity)
    .map((one) => `the stop of ${one.ticket.orderRef} is asked to go, and it rests`);
}

export function accountKey(account: Account): string {
  const lines = Object.values(account.lines)
    .map((l) =>
      [
        l.ticket.orderRef,
        l.most,
        l.claimed,
        Object.values(l.executions).join('+'),
        [l.known, l.accepted, l.echoed, l.differs, l.triggered, l.cancelAsked, l.ended]
          .map(Number)
          .join(''),
      ].join(','),
    )
    .sort();
  return `${lines.join(' ')};${account.shown.length}${Number(account.cut)}${Number(account.down)}`;
}
