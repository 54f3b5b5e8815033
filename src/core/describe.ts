/**
 * A Ready as a person reads it: the record, the moves, the effects with their reasons, what was
 * left alone, the alarms, and the balance line. Histories, logs and pages print this.
 */
import {
  closingQty,
  nakedQty,
  overhangQty,
  positionOf,
  restingQty,
  stoppedQty,
  withdrawingQty,
} from './commitment.ts';
import type { Fact } from './fact.ts';
import { cumQty, leavesQty } from './ledger.ts';
import { showPx, showQty } from './quantity.ts';
import type { CloseRecord, Effect, Ready, Ticket } from './ready.ts';
import { type Bracket, bracketOf, findBracket, type State } from './state.ts';

/** `position +100   stop 70   targets 0   naked 30   overhang 0` */
export function balanceLine(bracket: Bracket): string {
  const position = positionOf(bracket);
  const figures = [
    `position ${position > 0 ? '+' : ''}${showQty(position)}`,
    `stop ${showQty(stoppedQty(bracket))}`,
    `targets ${showQty(restingQty(bracket))}`,
    `naked ${showQty(nakedQty(bracket))}`,
    `overhang ${showQty(overhangQty(bracket))}`,
  ];
  const closing = closingQty(bracket);
  if (closing > 0) figures.push(`closing ${showQty(closing)}`);
  const withdrawing = withdrawingQty(bracket);
  if (withdrawing > 0) figures.push(`withdrawing ${showQty(withdrawing)}`);
  return figures.join('   ');
}

/** All lines of a Ready, in the order in which they matter. */
export function describe(before: State, fact: Fact, ready: Ready): readonly string[] {
  const lines = [`[${ready.seq}] ${describeFact(ready.state, fact)}`];
  for (const reason of ready.denied) lines.push(`  !! denied: ${reason}`);
  const named = new Set(ready.moves.map((move) => move.bracket));
  for (const move of ready.moves) {
    const whose = named.size > 1 ? `${move.bracket} ` : '';
    lines.push(`     ${whose}${move.region.padEnd(8)} ${move.from} > ${move.to}`);
  }
  for (const effect of ready.effects) lines.push(`  => ${describeEffect(effect)}`);
  for (const reason of ready.ignored) lines.push(`  .. ${reason}`);
  for (const alarm of ready.alarms) {
    const whose = alarm.bracket === '' ? '' : ` ${alarm.bracket}`;
    const broken = alarm.broken ? 'BROKEN LAW ' : '';
    lines.push(`  !! ${broken}${alarm.law}${whose} ${alarm.text}`);
  }
  for (const record of ready.closed) lines.push(`  => ${describeClose(record)}`);
  for (const run of ready.watchers) {
    const opened = run.brackets.length === 0 ? 'no bracket' : run.brackets.join(', ');
    lines.push(`  => watcher ${run.key} run ${run.epoch} ${run.end}; it opened ${opened}`);
  }
  for (const id of touched(before, fact, ready)) {
    const bracket = findBracket(ready.state, id);
    if (bracket === undefined) continue;
    const whose = touched(before, fact, ready).length > 1 ? `${id}: ` : '';
    lines.push(`  == ${whose}${balanceLine(bracket)}`);
  }
  return lines;
}

/** The brackets that a fact concerned. */
function touched(before: State, fact: Fact, ready: Ready): readonly string[] {
  if ('bracket' in fact) return [fact.bracket];
  if (fact.type === 'bracket.requested')
    return ready.denied.length > 0 ? [] : [fact.request.bracket];
  if ('orderRef' in fact) return [bracketOf(fact.orderRef)];
  if (fact.type === 'deadline.elapsed') return [fact.deadline.split('/')[0] ?? ''];
  return Object.keys(ready.state.index).filter(
    (id) => findBracket(before, id) !== findBracket(ready.state, id),
  );
}

export function describeEffect(effect: Effect): string {
  switch (effect.type) {
    case 'place':
      return `place ${describeTicket(effect.ticket)}  because ${effect.because}`;
    case 'replace':
      return `replace ${describeTicket(effect.ticket)}  because ${effect.because}`;
    case 'cancel':
      return `cancel ${legPart(effect.orderRef)}  because ${effect.because}`;
    case 'ask':
      return `ask for a snapshot  because ${effect.because}`;
    case 'startDeadline':
      return `startDeadline ${deadlinePart(effect.deadline)} within ${effect.withinMs} ms`;
    case 'stopDeadline':
      return `stopDeadline ${deadlinePart(effect.deadline)}`;
  }
}

/** `RIME-693.stop1.2` is `stop1.2` to a reader of its own bracket's history. */
function legPart(orderRef: string): string {
  const bracket = bracketOf(orderRef);
  return bracket === '' ? orderRef : orderRef.slice(bracket.length + 1);
}
const deadlinePart = (deadline: string): string => deadline.split('/')[1] ?? deadline;

export function describeTicket(ticket: Ticket): string {
  const parts = [
    legPart(ticket.orderRef),
    `${ticket.action} ${showQty(ticket.qty)} ${ticket.orderType}`,
  ];
  const prices = [ticket.stopPx, ticket.limitPx].filter((px) => px !== undefined);
  if (prices.length > 0) parts.push(prices.map(showPx).join('/'));
  if (ticket.group !== '') parts.push(` oca ${ticket.group} type ${ticket.ocaType}`);
  return parts.join(' ');
}

function describeClose(record: CloseRecord): string {
  const legs = record.legs.map((l) => `${legPart(l.orderRef)} ${l.end} ${showQty(l.cumQty)}`);
  const figures = [
    `bought ${showQty(record.bought)} sold ${showQty(record.sold)} net ${showQty(record.net)}`,
    ...(record.foreign === 0 ? [] : [`${showQty(record.foreign)} closed by other hands`]),
    ...(record.oversoldMost === 0 ? [] : [`oversold by ${showQty(record.oversoldMost)} at most`]),
    legs.join(', '),
    `naked ${record.nakedMs} ms, at most ${showQty(record.nakedMost)}`,
    ...(record.raceMs === 0 ? [] : [`an exit outlived the shares by ${record.raceMs} ms`]),
  ];
  return `close record: ${figures.join('; ')}`;
}

const SAID = {
  'order.refused': 'order refused',
  // 104 and its kin answer a cancel and a modify alike.
  'cancel.refused': 'request refused',
  'replace.refused': 'replace refused',
  'order.warned': 'order warned',
} as const;

/** The fact as understood, with the numbers the ledger added. */
export function describeFact(after: State, fact: Fact): string {
  switch (fact.type) {
    case 'bracket.requested':
      return `bracket ${fact.request.bracket} requested`;
    case 'order.executed': {
      const order = findBracket(after, bracketOf(fact.orderRef))?.orders.find(
        (o) => o.ticket.orderRef === fact.orderRef,
      );
      const sums =
        order === undefined
          ? ''
          : `  cum ${showQty(cumQty(order))}  leaves ${showQty(leavesQty(order))}`;
      return `${legPart(fact.orderRef)} executed  last ${showQty(fact.qty)} @ ${showPx(fact.px)}${sums}`;
    }
    case 'order.reported': {
      const filled = fact.filled === undefined ? '' : ` filled ${showQty(fact.filled)}`;
      const remaining = fact.remaining === undefined ? '' : ` remaining ${showQty(fact.remaining)}`;
      const echoed = fact.echo === undefined ? '' : `, echoed ${showQty(fact.echo.qty)}`;
      const group = fact.echo?.group ? ` oca ${fact.echo.group} type ${fact.echo.ocaType}` : '';
      return `${legPart(fact.orderRef)} reported ${fact.status}${filled}${remaining}${echoed}${group}`;
    }
    case 'order.busted':
      return `${legPart(fact.orderRef)} busted ${fact.execId}`;
    case 'order.refused':
    case 'cancel.refused':
    case 'replace.refused':
    case 'order.warned':
      return `${legPart(fact.orderRef)} ${SAID[fact.type]}: ${fact.code} ${fact.text}`;
    case 'cancel.wished':
    case 'flatten.wished':
      return `router wishes to ${fact.type.split('.')[0]} ${fact.bracket}`;
    case 'move.wished':
      return `router wishes to move ${fact.leg} to ${showPx(fact.px)}`;
    case 'link.lost':
    case 'link.restored':
      return `link ${fact.type.split('.')[1]}, code ${fact.code}`;
    case 'snapshot.taken':
      return `snapshot: ${fact.openOrders.length} open orders, ${fact.executions.length} executions, ${fact.positions === null ? 'no consistent positions' : `${fact.positions.length} positions`}`;
    case 'deadline.elapsed':
      return `deadline ${deadlinePart(fact.deadline)} elapsed`;
    case 'price.printed':
      return `${fact.symbol} printed ${showPx(fact.px)}`;
    case 'market.halted':
    case 'market.resumed':
      return `${fact.symbol} ${fact.type.split('.')[1]}`;
    case 'order.attested':
      return `${fact.by} attests that ${legPart(fact.orderRef)} ended, filled ${showQty(fact.filled)}`;
    case 'look.due':
      return `a look is due: ${fact.because}`;
    case 'admission.set':
      return `admission set${fact.closed ? `: ${fact.closed}` : ''}`;
    case 'kill.switched':
      return `the kill switch was thrown: ${fact.because}`;
    case 'freeze.lifted':
      return `a person lifted the freeze of ${fact.symbol}`;
    case 'session.ending':
      return `the session of ${fact.account} is ending`;
    case 'watcher.started':
    case 'watcher.confirmed':
    case 'watcher.stopped':
      return `watcher ${fact.key} run ${fact.epoch} ${fact.type.split('.')[1]}`;
    case 'unrecognised':
      return `not understood: ${fact.text}`;
  }
}
