/**
 * A Ready in the few lines that a timeline has room for: what was asked of the broker, what it
 * told, what the engine made of it, and every alarm. Statuses that say nothing new are left out;
 * `describe` prints them all.
 */

import { describeTicket } from '../core/describe.ts';
import type { Fact } from '../core/fact.ts';
import { PX_DECIMALS, QTY_DECIMALS, showQty, toDecimal } from '../core/quantity.ts';
import type { Alarm, Effect, Ready, Ticket } from '../core/ready.ts';
import { bracketOf, findBracket, type State } from '../core/state.ts';
import { parentOf } from './night.ts';
import { priced, type Tone } from './telling.ts';

/** `%` stands for the items, so that what happens to several legs at once is one line. */
export type Deed = {
  readonly who: string;
  readonly text: string;
  readonly items: readonly string[];
  readonly tone: Tone;
};

export const deedText = (deed: Deed): string => deed.text.replace('%', deed.items.join(', '));

/** Deeds of one moment that differ in their items only are one deed. */
export function merged(deeds: readonly Deed[]): readonly Deed[] {
  const found: Deed[] = [];
  for (const deed of deeds) {
    const at = found.findIndex((one) => one.who === deed.who && one.text === deed.text);
    const same = found[at];
    if (same === undefined) found.push(deed);
    else found[at] = { ...same, items: [...same.items, ...deed.items] };
  }
  return found;
}

export function deedsOf(before: State, fact: Fact, ready: Ready): readonly Deed[] {
  return [
    ...heard(fact),
    ...fills(before, fact, ready),
    ...ends(ready),
    ...ready.effects.flatMap((effect) => asked(effect, ready.state)),
    ...exposures(ready),
    ...ready.alarms.map(alarmed),
    ...ready.denied.map((reason): Deed => deed('router', `denied: ${reason}`, 'bad')),
    ...ready.closed.map((record): Deed => {
      const net = showQty(record.net);
      const text = `closed, net ${net}: a snapshot shows none of its orders`;
      return deed(whoOf(record.bracket), text, 'good');
    }),
    // A run that stops of itself is routine; all of them are in the watcher records.
    ...ready.watchers
      .filter((run) => run.end !== 'stopped')
      .map((run): Deed => {
        const opened = run.brackets.map(whoOf).join(', ');
        return deed(
          'watcher',
          `${run.key}, run ${run.epoch} ${run.end}; it opened ${opened}`,
          'quiet',
        );
      }),
  ];
}

const deed = (who: string, text: string, tone: Tone, items: readonly string[] = []): Deed => ({
  who,
  text,
  items,
  tone,
});

const whoOf = (bracket: string): string => String(parentOf(`${bracket}.`) || bracket);
const legOf = (orderRef: string): string =>
  orderRef.slice(bracketOf(orderRef).length + 1).replace(/\.1$/, '');

function heard(fact: Fact): readonly Deed[] {
  switch (fact.type) {
    case 'link.lost':
      return [deed('IB', `${fact.code}: the link is lost; nothing in flight is concluded`, 'bad')];
    case 'link.restored':
      return [deed('IB', `${fact.code}: the link is back; nothing is sent before we look`, 'bad')];
    default:
      return [];
  }
}

/** Executions that the ledger did not have before, however they came to be known. */
function fills(before: State, fact: Fact, ready: Ready): readonly Deed[] {
  const found = fact.type === 'snapshot.taken' ? 'snapshot: ' : '';
  return Object.keys(ready.state.index).flatMap((id) => {
    const known = findBracket(before, id)?.orders ?? [];
    return (findBracket(ready.state, id)?.orders ?? []).flatMap((order, at) =>
      order.executions.slice(known[at]?.executions.length ?? 0).map(({ qty, px }) => {
        const verb = order.ticket.action === 'BUY' ? 'bought' : 'sold';
        const price = priced(toDecimal(px, PX_DECIMALS));
        const item = `${legOf(order.ticket.orderRef)} ${verb} ${showQty(qty)} @ ${price}`;
        return deed(whoOf(id), `${found}%`, 'fill', [item]);
      }),
    );
  });
}

/** Legs that have ended without a share, or whose outcome is not known any more. */
function ends(ready: Ready): readonly Deed[] {
  return ready.moves.flatMap(({ bracket, region, to }) => {
    const who = whoOf(bracket);
    if (to === 'unresolved') return [deed(who, '% unresolved', 'bad', [region])];
    if (!to.startsWith('ended.') || to === 'ended.filled') return [];
    return [deed(who, `% ${to.slice('ended.'.length)}`, 'plain', [region])];
  });
}

function asked(effect: Effect, after: State): readonly Deed[] {
  switch (effect.type) {
    case 'place':
      return [placed(effect.ticket, after)];
    case 'replace': {
      const { bracket } = effect.ticket;
      return [
        deed(whoOf(bracket), `replaces %: ${effect.because}`, 'plain', [
          describeTicket(effect.ticket),
        ]),
      ];
    }
    case 'cancel': {
      const who = whoOf(bracketOf(effect.orderRef));
      return [deed(who, `withdraws %: ${effect.because}`, 'plain', [legOf(effect.orderRef)])];
    }
    case 'ask':
      // At the end of a bracket it is routine, and the close record says so.
      if (effect.because === 'the bracket has ended') return [];
      return [deed('engine', `asks the broker for a snapshot: ${effect.because}`, 'quiet')];
    default:
      return [];
  }
}

function placed(ticket: Ticket, after: State): Deed {
  const qty = toDecimal(ticket.qty, QTY_DECIMALS);
  const px = ticket.stopPx ?? ticket.limitPx;
  const price = px === undefined ? '' : ` @ ${priced(toDecimal(px, PX_DECIMALS))}`;
  const item = `${legOf(ticket.orderRef)} ${qty}${price}`;
  return deed(whoOf(ticket.bracket), `places %${purpose(ticket, after)}`, 'plain', [item]);
}

function purpose(ticket: Ticket, after: State): string {
  const watcher = findBracket(after, ticket.bracket)?.plan.watcher;
  if (ticket.leg === 'entry')
    return watcher === undefined ? '' : ` for ${watcher.key}, run ${watcher.epoch}`;
  if (ticket.group === '') return '';
  return ticket.leg.startsWith('stop')
    ? `, each in an OCA group of type ${ticket.ocaType}`
    : ', each in the group of its stop';
}

function exposures(ready: Ready): readonly Deed[] {
  return ready.moves
    .filter((move) => move.region === 'exposure')
    .flatMap(({ bracket, to }) => {
      if (to === 'protected') return [deed(whoOf(bracket), 'protected: nothing naked', 'good')];
      if (to === 'breached' || to === 'closing') return [deed(whoOf(bracket), to, 'bad')];
      return [];
    });
}

/** The leg is taken out of the text, and IB's own words are cut down to their code. */
function alarmed(alarm: Alarm): Deed {
  const legs = /(?:RIME-\d+\.)?\b(entry|closing|(?:stop|target)\d)\b(?:\.\d+)?/;
  const leg = legs.exec(alarm.text)?.[1];
  const rest = alarm.text
    .replace(legs, '…')
    .replace(/^… ?:? ?/, '')
    .replace(/: (\d{3,5}) .*$/, ' ($1)');
  const who = alarm.bracket === '' ? 'engine' : whoOf(alarm.bracket);
  const what = alarm.broken ? 'BROKEN LAW' : 'alarm';
  return leg === undefined
    ? deed(who, `${what} ${alarm.law}: ${rest}`, 'bad')
    : deed(who, `${what} ${alarm.law} (%): ${rest}`, 'bad', [leg]);
}
