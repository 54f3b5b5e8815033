import { type Column, type Painter, type Row, table } from '../terminal/layout.ts';
import type { Account, ParentAccount } from './account.ts';
import type { Mark, Order } from './book.ts';
import type { Fill, Leg } from './brackets.ts';
import type { Action } from './lifecycle.ts';
import { type Shares, sharesText, signedText } from './shares.ts';

/** How one parent came to exit more than it entered, record by record. */

const ROWS_AT_MOST = 80;

type Event = { readonly mark: Mark; readonly text: string; readonly fill?: Fill };

export function timelineOf(
  account: Account,
  oversold: ParentAccount,
  paint: Painter,
): readonly string[] {
  const { parent } = oversold;
  const legs = parent.own === undefined ? parent.legs : [parent.own, ...parent.legs];
  const told = account.notes.flatMap(({ mark, order, short }): readonly Event[] => {
    const leg = order === undefined ? undefined : account.brackets.legs.get(order);
    const ours = leg !== undefined && leg.parent === parent;
    if (!ours || mark === undefined || short === undefined) return [];
    return [{ mark, text: `${name(leg)}: ${short}` }];
  });
  const events = [
    ...legs.flatMap(lifeOf),
    ...parent.fills.map((fill) => fillEvent(account, fill)),
    ...told,
  ].sort((one, other) => one.mark.line - other.mark.line);
  const timed = events.some(({ mark }) => mark.at !== undefined);
  const rows = rowsOf(events, parent.side, timed);
  const hidden = rows.length - ROWS_AT_MOST;
  const half = ROWS_AT_MOST / 2;
  const gap: Row = {
    cells: ['', ...(timed ? [''] : []), `… ${hidden} more records …`],
    tone: 'quiet',
  };
  const shown = hidden > 0 ? [...rows.slice(0, half), gap, ...rows.slice(-half)] : rows;
  return table(columnsFor(timed), shown, paint);
}

function columnsFor(timed: boolean): readonly Column[] {
  return [
    { title: 'seq', align: 'right' },
    ...(timed ? [{ title: 'time', align: 'left' } as const] : []),
    { title: 'record', align: 'left' },
    { title: 'bought', align: 'right' },
    { title: 'sold', align: 'right' },
    { title: 'position', align: 'right' },
    { title: '', align: 'left' },
  ];
}

function rowsOf(events: readonly Event[], side: Action, timed: boolean): readonly Row[] {
  let bought: Shares = 0n;
  let sold: Shares = 0n;
  return events.map(({ mark, text, fill }): Row => {
    const start = [String(mark.seq), ...(timed ? [clock(mark.at)] : []), text];
    if (fill === undefined) return { cells: start };
    const { quantity, execution } = fill;
    const { action } = execution;
    if (action === 'BUY') bought += quantity;
    else sold += quantity;
    const over = side === 'BUY' ? sold - bought : bought - sold;
    const figures = [sharesText(bought), sharesText(sold), signedText(bought - sold)];
    const oversold = over > 0n ? `oversold ${sharesText(over)}` : '';
    return { cells: [...start, ...figures, oversold], tone: over > 0n ? 'alarm' : undefined };
  });
}

/** Of `2026-02-12T14:31:04.212Z` the time; of anything else nothing: seq has the order. */
function clock(at: string | undefined): string {
  return /T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(at ?? '')?.[1] ?? '';
}

function name({ role, order }: Leg): string {
  return `${role} ${order.orderId}`;
}

function lifeOf(leg: Leg): readonly Event[] {
  const { order } = leg;
  const events: Event[] = [];
  if (order.created !== undefined) {
    const what = `${order.action} ${sharesText(order.quantity)} ${order.orderType}${prices(order)}`;
    events.push({ mark: order.created, text: `${name(leg)} created: ${what}` });
  }
  if (order.ended !== undefined) {
    events.push({ mark: order.ended.mark, text: `${name(leg)} is told to be ${order.ended.end}` });
  }
  return events;
}

function prices({ stopPrice, limitPrice }: Order): string {
  const stop = stopPrice === undefined ? '' : ` stop ${priceText(stopPrice)}`;
  return `${stop}${limitPrice === undefined ? '' : ` limit ${priceText(limitPrice)}`}`;
}

/** As it was told, and with two decimals at least: `1.30`, `0.0005`. */
function priceText(price: number): string {
  const told = String(price);
  return /^-?\d+(\.\d)?$/.test(told) ? price.toFixed(2) : told;
}

function fillEvent(account: Account, fill: Fill): Event {
  const { quantity } = fill;
  const { mark, order, action, price, correctedAt } = fill.execution;
  const leg = account.brackets.legs.get(order);
  const who = leg === undefined ? `order ${order.orderId}` : name(leg);
  const note = correctedAt === undefined ? '' : ' (as corrected)';
  const text = `${who} executed: ${action} ${sharesText(quantity)} @ ${priceText(price)}${note}`;
  return { mark, text, fill };
}
