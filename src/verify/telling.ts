/** What passed in an event, as lines of a history: the words of TWS, and what the engine was told. */
import type { Fact, ReportedStatus, Snapshot } from '../core/fact.ts';
import { PX_DECIMALS, type Px, QTY_DECIMALS, toDecimal } from '../core/quantity.ts';
import type { BrokerWord, OpenOrderWord, OrderStatusWord } from '../ports/broker.ts';
import type { Passage } from './mind.ts';
import { deadlineName } from './offers.ts';

/** What a reader of the words has to know. */
export type Known = {
  /** `orderRef` of an order's id. */
  readonly refOf: (orderId: number) => string;
  /** Executions that were told before: a look repeats them without being asked to. */
  readonly executions: Set<string>;
};

export function linesOf(passed: readonly Passage[], known: Known): readonly string[] {
  const lines: string[] = [];
  let heard = false;
  for (const [i, passage] of passed.entries()) {
    if (passage.type === 'sent') continue;
    if (passage.type === 'heard') {
      heard = true;
      if (isAnswered(passed, i)) continue;
      const line = wordLine(passage.word, known);
      if (line !== null) lines.push(line);
    } else if (passage.fact.type === 'snapshot.taken') {
      // A look is one line of a history, when the last of its answers has come.
      lines.push(snapshotLine(passage.fact, known.executions));
    } else if (!heard) {
      lines.push(toldLine(passage.fact));
    }
  }
  return lines;
}

/** An open order that is told because we looked, in an event that completes the look. */
function isAnswered(passed: readonly Passage[], at: number): boolean {
  const looked = passed.some((one) => one.type === 'stepped' && one.fact.type === 'snapshot.taken');
  if (!looked) return false;
  for (const passage of passed.slice(at)) {
    if (passage.type !== 'heard' || passage.word.word === 'openOrder') continue;
    return passage.word.word === 'openOrderEnd';
  }
  return false;
}

/** `B.stop1.2` is `stop1.2`: a history of one bracket names no other. */
export const legOf = (orderRef: string): string => orderRef.replace(/^[^.]*\./, '');

function wordLine(word: BrokerWord, { refOf, executions }: Known): string | null {
  switch (word.word) {
    case 'openOrder':
      return `tws    openOrder ${legOf(word.orderRef)} ${word.status} ${echoOf(word)}`;
    case 'execDetails':
      if (word.reqId >= 0) return null;
      executions.add(word.execId);
      return `tws    execDetails ${legOf(word.orderRef)} ${word.execId} ${word.shares}@${word.price}`;
    case 'orderStatus': {
      const { status, filled, remaining, whyHeld } = word;
      const held = whyHeld === '' ? '' : ` whyHeld=${whyHeld}`;
      return `tws    orderStatus ${legOf(refOf(word.orderId))} ${status} ${filled}/${remaining}${held}`;
    }
    case 'error':
      if (word.id < 0) return linkLine(word.code);
      return `tws    error ${word.code} ${legOf(refOf(word.id))} ${word.message}`.trimEnd();
    default:
      return null;
  }
}

function echoOf(word: OpenOrderWord): string {
  const { totalQuantity, ocaGroup, ocaType, auxPrice, lmtPrice } = word;
  return [
    `qty=${totalQuantity}`,
    `oca=${ocaGroup === '' ? 'none' : ocaGroup}`,
    `type=${ocaType}`,
    ...(auxPrice === undefined ? [] : [`stop=${auxPrice}`]),
    ...(lmtPrice === undefined ? [] : [`limit=${lmtPrice}`]),
  ].join(' ');
}

const linkLine = (code: number): string =>
  code === 1100 ? 'link   lost 1100' : `link   restored ${code}`;

const STATUS: Readonly<Partial<Record<ReportedStatus, OrderStatusWord>>> = {
  pendingSubmit: 'PendingSubmit',
  preSubmitted: 'PreSubmitted',
  submitted: 'Submitted',
  pendingCancel: 'PendingCancel',
  cancelled: 'Cancelled',
  filled: 'Filled',
  inactive: 'Inactive',
};

function snapshotLine(snapshot: Snapshot, known: Set<string>): string {
  const { openOrders, executions, completed, positions } = snapshot;
  const listed = openOrders.map(({ orderRef, status, echo }) => {
    const qty = toDecimal(echo?.qty ?? 0, QTY_DECIMALS);
    return `${legOf(orderRef)}:${qty}=${STATUS[status] ?? 'Submitted'}`;
  });
  const over = completed.map(({ orderRef, status, filled }) => {
    const qty = toDecimal(filled ?? 0, QTY_DECIMALS);
    return `${legOf(orderRef)}:${qty}=${STATUS[status] ?? 'Cancelled'}`;
  });
  const more = executions.filter(({ execId }) => !known.has(execId));
  const told = more.map(({ orderRef, execId, qty, px }) => {
    known.add(execId);
    return `${legOf(orderRef)}/${execId}/${toDecimal(qty, QTY_DECIMALS)}@${price(px)}`;
  });
  const position = toDecimal(positions?.[0]?.position ?? 0, QTY_DECIMALS);
  return [
    `tws    snapshot open=${listed.length === 0 ? 'none' : listed.join(',')}`,
    positions === null ? 'consistent=no' : `position=${position}`,
    ...(told.length === 0 ? [] : [`exec=${told.join(',')}`]),
    ...(over.length === 0 ? [] : [`completed=${over.join(',')}`]),
  ].join(' ');
}

const price = (px: Px): string => String(toDecimal(px, PX_DECIMALS));

/** What no word of TWS says: the router's wishes, the clock, the market. */
function toldLine(fact: Fact): string {
  switch (fact.type) {
    case 'bracket.requested':
      return 'router open';
    case 'cancel.wished':
      return 'router cancel';
    case 'flatten.wished':
      return 'router flatten';
    case 'move.wished':
      return `router move ${fact.leg} ${price(fact.px)}`;
    case 'deadline.elapsed':
      return `clock  ${deadlineName(fact.deadline).replace(/^[^/]*\//, '')}`;
    case 'price.printed':
      return `tws    price ${fact.symbol} ${price(fact.px)}`;
    case 'market.halted':
      return 'market halted';
    case 'market.resumed':
      return 'market resumed';
    case 'session.ending':
      return 'market closing';
    case 'link.lost':
      return 'link   lost 1100';
    case 'order.busted':
      return `operator bust ${legOf(fact.orderRef)} ${fact.execId}`;
    default:
      throw new Error(`a history has no line for ${fact.type}`);
  }
}
