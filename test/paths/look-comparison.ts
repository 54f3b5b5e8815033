/** The engine beside the account, after a fact that was a look or came before one. */

import type { Snapshot } from '../../src/core/fact.ts';
import { cumQty, type Order } from '../../src/core/ledger.ts';
import type { Alarm, Ready } from '../../src/core/ready.ts';
import { findBracket, type State } from '../../src/core/state.ts';
import {
  type Account,
  bookOf,
  isBreached,
  isCurrent,
  named,
  ofParty,
  open,
  type Party,
  type Told,
  type Warning,
} from './look-account.ts';
import { mustResend, resendable } from './look-resending.ts';
import type { Passage } from './look-scenes.ts';
import { ACCOUNT, CONTRACTS, symbolsIn } from './look-verdicts.ts';
import { isPaired } from './look-words.ts';

/** What is wrong with the engine's answer, or with the reference; nothing where they agree. */
export function differences({ due, ready, warnings, fact, before }: Passage): readonly string[] {
  const { state } = ready;
  const wrong: string[] = [];
  if (state.link !== { live: 'live', lost: 'lost', back: 'reconciling' }[due.link])
    wrong.push(`the link is ${state.link}, should be ${due.link}`);
  const sentNow = new Set(
    ready.effects.flatMap((effect) => (effect.type === 'place' ? [effect.ticket.orderRef] : [])),
  );
  for (const party of due.parties) {
    wrong.push(...ofBracket(state, due, party));
    for (const order of due.orders.filter(({ ticket }) => ticket.bracket === party.name))
      wrong.push(...ofOrder(state, due, order, sentNow.has(order.ticket.orderRef)));
  }
  for (const symbol of symbolsIn(due)) {
    const book = state.books[`${ACCOUNT}/${CONTRACTS[symbol] ?? symbol}`];
    const { foreign } = bookOf(due, symbol);
    if (book?.foreign !== foreign)
      wrong.push(`foreign of ${symbol} ${book?.foreign}, should be ${foreign}`);
  }
  wrong.push(...ready.alarms.filter(({ broken }) => broken).map(({ text }) => text));
  const disputed = due.orders.some((order) => order.disputed);
  if (!disputed) wrong.push(...ofAlarms(ready, due, warnings));
  if (fact.type !== 'snapshot.taken') return wrong;
  wrong.push(...ofEffects(ready, due, before.account), ...ofOthers(state, fact));
  return wrong;
}

/** Of another account, and known from the first look on: from before we came. */
function ofOthers(state: State, { positions }: Snapshot): readonly string[] {
  const others = (positions ?? []).filter(({ account }) => account !== ACCOUNT);
  return others
    .filter((line) => state.books[`${line.account}/${line.symbol}`]?.foreign !== line.position)
    .map(({ account, symbol }) => `the position of ${account} in ${symbol} is not known`);
}

function ofOrder(state: State, due: Account, told: Told, again: boolean): readonly string[] {
  const { orderRef, bracket } = told.ticket;
  const order = findBracket(state, bracket)?.orders.find((one) => one.ticket.orderRef === orderRef);
  if (order === undefined) return [`${orderRef} is not known`];
  const has = rowOf(order);
  const { truth } = told;
  if (told.disputed) return [];
  const wants: Readonly<Record<string, unknown>> = {
    end: truth.end,
    cumQty: truth.cumQty,
    executedQty: truth.executedQty,
    qty: truth.end === null ? truth.qty : 'over',
    acknowledged: truth.acknowledged,
    missing: again ? false : truth.end === null && truth.missing,
    ...(isCurrent(due, told) ? { unresolved: again ? false : told.lost } : {}),
    concluded: truth.end !== null && truth.concluded,
  };
  return Object.keys(wants)
    .filter((field) => wants[field] !== has[field])
    .map((field) => `${orderRef} ${field} ${has[field]}, should be ${wants[field]}`);
}

const rowOf = (order: Order): Readonly<Record<string, unknown>> => ({
  end: order.end,
  cumQty: cumQty(order),
  executedQty: order.executedQty,
  qty: order.end === null ? order.qty : 'over',
  acknowledged: order.acknowledged,
  missing: order.end === null && order.missing,
  unresolved: order.end === null && order.unresolved,
  concluded: order.end !== null && order.endConcluded,
});

function ofBracket(state: State, account: Account, party: Party): readonly string[] {
  const bracket = findBracket(state, party.name);
  if (bracket === undefined) return [`${party.name} is not known`];
  const wrong: string[] = [];
  if (bracket.foreign !== party.foreign)
    wrong.push(`${party.name} foreign ${bracket.foreign}, should be ${party.foreign}`);
  const disputed = ofParty(account, party.name).some((order) => order.disputed);
  if (disputed) return wrong;
  const exposure = bracket.configuration.exposure;
  if ((exposure === 'closed') !== party.closed)
    wrong.push(`${party.name} is ${exposure}, closed should be ${party.closed}`);
  if (party.closed) return wrong;
  if ((exposure === 'breached') !== isBreached(account, party))
    wrong.push(`${party.name} is ${exposure}, breached should be ${isBreached(account, party)}`);
  return wrong;
}

// ── alarms ───────────────────────────────────────────────────────────────────────────────────

/** What a look makes an order tell; the rest is about its pair or its bracket. */
const TEXTS: readonly RegExp[] = [
  /is open at the broker/,
  /did not fill as its status had claimed/,
  /of a filled order was taken back/,
  /does not show an order/,
  /executed beyond its quantity/,
  /filled after its end/,
  /in part after its end/,
  /was \w+; its stop stays/,
  /was (?:rejected|(?:cancelled|expired), unasked)/,
  /(?<=^\S+) is shown with/,
  /is counted under another order/,
  /an order that we never sent/,
  /an earlier order of \w+, was \w+/,
];

function ofAlarms(
  { alarms, ignored, effects }: Ready,
  account: Account,
  warnings: readonly Warning[],
): readonly string[] {
  const reasons = ignored.flatMap((text) => {
    const [, orderRef] = /^([A-Z]\.\w+\.\d+): ./.exec(text) ?? [];
    return orderRef === undefined ? [] : [`L8 ${orderRef} is left alone`];
  });
  const has = [...new Set([...alarms.flatMap((one) => warningOf(account, one)), ...reasons])]
    .sort()
    .join('; ');
  // What is asked to go in this very step, by a word before the last, goes as it was asked.
  const asked = effects.flatMap((e) => (e.type === 'cancel' ? [placeIn(e.orderRef)] : []));
  const due = warnings.filter(
    ({ about, says }) => !says.startsWith('was ') || !asked.includes(about),
  );
  const told = due.map(({ law, about, says }) => `${law} ${about} ${says}`);
  const wants = [...new Set(told)].sort().join('; ');
  const wrong = has === wants ? [] : [`tells "${has}", should tell "${wants}"`];
  const nameless = alarms.some(({ law, text }) => !/^L\d+$/.test(law) || text === '');
  // A reason is more than whose it is, and nothing is over that was never thought to be.
  const idle = ignored.find((text) => /: $|never over/.test(text));
  if (idle !== undefined) wrong.push(`leaves alone "${idle}"`);
  return nameless ? [...wrong, 'an alarm without a law or a word'] : wrong;
}

const placeIn = (orderRef: string): string => orderRef.replace(/\.\d+$/, '');

function warningOf(account: Account, { law, bracket, text }: Alarm): readonly string[] {
  const residual =
    /^(\w+): the broker shows (\S+), we count (\S+); (\S+) unexplained(?:; without an end: (.+))?$/;
  const [, symbol, ...figures] = residual.exec(text) ?? [];
  if (symbol !== undefined) {
    const [shows, counts, beyond, candidates] = figures;
    const legs = (candidates ?? '').split(', ').filter((one) => one !== '');
    const said = legs.map((leg) => {
      const [, ref, qty] = /^(\S+) \((\S+)\)$/.exec(leg) ?? [];
      return `${ref} ${Number(qty) * 10_000}`;
    });
    const numbers = [shows, counts, beyond].map((one) => Number(one) * 10_000);
    return [`${law} ${bracket}${symbol} ${[...numbers, ...said].join()}`];
  }
  const says = TEXTS.map((one) => one.exec(text)?.[0]).find((one) => one !== undefined);
  if (says === undefined) return [];
  if (/under another|never sent/.test(says)) return [`${law} ${bracket} ${says}`];
  const leg = /(?:[A-Z]\.)?(\w+)(?:\.\d+)?[:, ]/.exec(text)?.[1] ?? '';
  if (says === ' is shown with' && isPaired(account, { bracket, leg })) return [];
  return [`${law} ${bracket}.${leg} ${says.trim().replace(/ of \w+,/, ',')}`];
}

// ── what is sent ─────────────────────────────────────────────────────────────────────────────

function ofEffects(ready: Ready, due: Account, before: Account): readonly string[] {
  const wrong: string[] = [];
  const placed = ready.effects.flatMap((effect) =>
    effect.type === 'place' ? [effect.ticket.orderRef] : [],
  );
  const again = placed.filter((orderRef) => named(before, orderRef) !== undefined);
  const refs = (orders: readonly Told[]): readonly string[] =>
    orders.map(({ ticket }) => ticket.orderRef);
  const may = refs(resendable(due));
  for (const orderRef of again)
    if (!may.includes(orderRef)) wrong.push(`${orderRef} is sent again`);
  for (const orderRef of refs(mustResend(due)))
    if (!again.includes(orderRef)) wrong.push(`${orderRef} is not sent again`);
  const sent = ready.effects.filter(({ type }) => type === 'place' || type === 'replace');
  if (due.link !== 'live' && sent.length > 0) wrong.push('something is sent before a look');
  const parties = new Map(due.parties.map((party) => [party.name, party]));
  for (const effect of ready.effects) {
    if (effect.type !== 'place' || effect.ticket.leg === 'entry') continue;
    const party = parties.get(effect.ticket.bracket);
    if (party !== undefined && effect.ticket.qty > open(due, party))
      wrong.push(`${effect.ticket.orderRef} would exit more than is there`);
  }
  // D14: nothing that this very step sends is withdrawn in it.
  for (const effect of ready.effects)
    if (effect.type === 'cancel' && placed.includes(effect.orderRef))
      wrong.push(`${effect.orderRef} is placed and withdrawn at once`);
  return wrong;
}
