import { type Painter, paragraph } from '../terminal/layout.ts';
import type { Account, SymbolAccount } from './account.ts';
import type { Leg } from './brackets.ts';
import { inferredExits, orderNames } from './crossings.ts';
import { sharesText, signedText } from './shares.ts';

/** The first lines of a report: who oversold, by how much, what is unexplained, by which legs. */

const NAMES_AT_MOST = 8;
const SYMBOLS_AT_MOST = 6;

export function headlines(account: Account, paint: Painter): readonly string[] {
  const alarms = account.symbols
    .map((symbol) => [...oversoldLines(account, symbol, paint), ...unexplainedLines(symbol, paint)])
    .filter((lines) => lines.length > 0);
  const first = alarms.length > 0 ? alarms.slice(0, SYMBOLS_AT_MOST) : [calmLines(account, paint)];
  const hidden = alarms.length - SYMBOLS_AT_MOST;
  const more = `             … and ${count(hidden, 'more symbol')} in the table below`;
  return [
    ...first.flat(),
    ...(hidden > 0 ? [paint('alarm', more)] : []),
    ...lostLines(account, paint),
    ...badLines(account, paint),
  ];
}

function oversoldLines(
  account: Account,
  { holding }: SymbolAccount,
  paint: Painter,
): readonly string[] {
  const parents = account.parents.filter(({ parent }) => parent.holding.key === holding.key);
  const over = parents.filter(({ verdict }) => verdict === 'oversold');
  if (over.length === 0) return [];
  const total = over.reduce((sum, { oversold }) => sum + oversold, 0n);
  const names = over.map(({ parent, oversold, pattern }) => {
    const inferred = inferredExits(parent);
    const through = inferred.length === 0 ? undefined : `through ${orderNames(inferred)}`;
    const told = [pattern, through].filter((part) => part !== undefined);
    const how = told.length === 0 ? '' : ` (${told.join(', ')})`;
    return `${parent.orderId} by ${sharesText(oversold)}${how}`;
  });
  const who = `${over.length} of ${count(parents.length, 'parent')}`;
  const what = `exited ${sharesText(total)} shares more than entered`;
  const text = `${holding.symbol}: ${who} ${what}: ${listed(names)}.`;
  return paragraph('OVERSOLD     ', text, paint, 'alarm');
}

function unexplainedLines(symbol: SymbolAccount, paint: Painter): readonly string[] {
  const { holding, broker, unexplained, explanations } = symbol;
  if (broker === undefined || unexplained === undefined || unexplained === 0n) return [];
  const makes = signedText(broker - unexplained);
  const text =
    `${holding.symbol}: the broker says ${signedText(broker)}, the log makes ${makes}; ` +
    `no record explains ${signedText(unexplained)}.`;
  const sets = explanations.sets.map((set) => set.map(({ leg }) => legName(leg)).join(' + '));
  const stopped = explanations.more === 'search-stopped' ? ' (the search was stopped)' : '';
  const others = explanations.more === 'none' ? '' : ' (not all shown)';
  const found =
    sets.length === 0
      ? `No set of legs without an end makes exactly this${stopped}.`
      : `Legs without an end that make exactly this${others}: ${sets.join('; or ')}.`;
  return [
    ...paragraph('UNEXPLAINED  ', text, paint, 'alarm'),
    ...paragraph('             ', found, paint),
  ];
}

/** An all-clear is only for a log without gaps. Of any other it is said what the gaps leave open. */
function calmLines(account: Account, paint: Painter): readonly string[] {
  const { parents } = account;
  const sound = `${count(parents.length, 'parent')}, none exited more than it entered`;
  const gaps = gapsOf(account);
  if (gaps.length === 0) {
    const text = `${sound}; the broker's positions agree with the log.`;
    return paragraph('NO OVERSELL  ', text, paint, 'good');
  }
  const shown = parents.length === 0 ? 'no bracket is in it' : sound;
  const told = `What is in the log shows no oversell (${shown}), but ${gaps.join('; ')}.`;
  return paragraph('NOT PROVEN   ', told, paint, 'doubt');
}

function gapsOf({ parents, symbols, lines, brackets, findings }: Account): readonly string[] {
  const lost = [...brackets.legs.values()].filter(({ fate }) => fate === 'unknown').length;
  const strange = findings.filter(({ kind }) => kind === 'execution-for-unknown-order').length;
  const silent = symbols.filter(({ broker }) => broker === undefined);
  const traded = parents.length > 0 || symbols.some(({ bought, sold }) => bought + sold > 0n);
  const names = listed(silent.map(({ holding }) => holding.symbol));
  const crossed = symbols.flatMap(({ holding, crossing }) =>
    crossing === undefined
      ? []
      : `${holding.symbol} by ${sharesText(crossing.shares)} through ${orderNames(crossing.orders)}`,
  );
  const orphans = [...brackets.legs.values()].filter(isOrphan);
  const gaps: readonly (readonly [boolean, string])[] = [
    [lines.bad > 0, `${lines.bad} of ${count(lines.read, 'line')} did not count`],
    [
      crossed.length > 0,
      `the position went to the other side of zero, in ${listed(crossed)}, and it does not tell ` +
        'whether to enter or to exit',
    ],
    [
      orphans.length > 0,
      `${listed(orphans.map(({ role, order }) => `${role} ${order.orderId}`))} exited what it does not show to have been entered`,
    ],
    [lost > 0, `${count(lost, 'order')} ${lost === 1 ? 'has' : 'have'} no end`],
    [strange > 0, `${count(strange, 'execution')} came of orders that it does not create`],
    [silent.length > 0, `it has no closing position of the broker for ${names} to compare with`],
    [!traded, 'it has no orders and no executions to judge'],
  ];
  return gaps.filter(([open]) => open).map(([, text]) => text);
}

/** An exit of which no entry is in the log: it may have been one too many. */
function isOrphan({ parent, executed }: Leg): boolean {
  return parent === undefined && executed > 0n;
}

function lostLines({ brackets }: Account, paint: Painter): readonly string[] {
  const lost = [...brackets.legs.values()].filter(({ fate }) => fate === 'unknown');
  if (lost.length === 0) return [];
  const names = listed(lost.map(legName));
  const text = `${count(lost.length, 'order')} without an end in the log: ${names}.`;
  return paragraph('NO END       ', `${text} Look at the broker.`, paint, 'doubt');
}

function badLines({ findings }: Account, paint: Painter): readonly string[] {
  const bad = findings.filter(({ kind }) => kind === 'bad-line');
  if (bad.length === 0) return [];
  const text = `${count(bad.length, 'line')} did not count; the first is line ${bad[0]?.line}.`;
  return paragraph('BAD LINES    ', text, paint, 'doubt');
}

/** `stop 680 of 679 (100)`: the leg and what it may have executed unseen. */
function legName({ order, role, parent, open }: Leg): string {
  const own = parent === undefined || parent.own?.order === order;
  const of = own ? '' : ` of ${parent.orderId}`;
  return `${role} ${order.orderId}${of} (${sharesText(open)})`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_AT_MOST).join(', ');
  const hidden = names.length - NAMES_AT_MOST;
  return hidden > 0 ? `${shown} and ${hidden} more` : shown;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
