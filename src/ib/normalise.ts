/**
 * The broker's words as facts. Pure: where the foreign enters, and where it is checked.
 *
 * Not every word is a fact by itself: the lines of a snapshot are gathered by `desk.ts`. A word
 * that nobody understands becomes the fact `unrecognised`; none is dropped.
 */
import type { Echo, Executed, Fact, Reported, ReportedStatus } from '../core/fact.ts';
import { isUnreadable, pxOf, qtyOf, type Unreadable } from '../core/quantity.ts';
import type {
  BrokerWord,
  CompletedOrderWord,
  ExecDetailsWord,
  OpenOrderWord,
  OrderStatusReport,
  OrderStatusWord,
} from '../ports/broker.ts';
import { codeOf } from './codes.ts';

/** Our `orderRef` of an `orderId`; `''` when the order is not ours. */
export type RefOf = (orderId: number) => string;

/** A fact without its time. */
export type Normalised = Fact extends infer F ? (F extends Fact ? Omit<F, 'at'> : never) : never;

const STATUS: Readonly<Record<OrderStatusWord, ReportedStatus>> = {
  ApiPending: 'pendingSubmit',
  PendingSubmit: 'pendingSubmit',
  PreSubmitted: 'preSubmitted',
  Submitted: 'submitted',
  PendingCancel: 'pendingCancel',
  ApiCancelled: 'cancelled',
  Cancelled: 'cancelled',
  Filled: 'filled',
  Inactive: 'inactive',
};

export const isStatus = (word: string): word is OrderStatusWord => Object.hasOwn(STATUS, word);

export function normalise(word: BrokerWord, refOf: RefOf): Normalised | null {
  switch (word.word) {
    case 'openOrder':
      return reportedOpen(word);
    case 'orderStatus':
      return reportedStatus(word, refOf);
    case 'execDetails':
      return executed(word);
    case 'error': {
      const { id, code, message, reqId } = word;
      return remarked(
        id,
        code,
        reqId === undefined ? message : `${message} (question ${reqId})`,
        refOf,
      );
    }
    case 'tickPrice': {
      const px = pxOf(word.price);
      if (isUnreadable(px)) return unrecognised(`price of ${word.symbol}: ${px.error}`);
      return { type: 'price.printed', symbol: word.symbol, px };
    }
    case 'unreadable':
      return unrecognised(word.text);
    // Of a snapshot, which `desk.ts` gathers; and what others do, which only positions can show.
    default:
      return null;
  }
}

const unrecognised = (text: string): Normalised => ({ type: 'unrecognised', text });

export function reportedOpen(word: OpenOrderWord): Reported | Normalised {
  if (!isStatus(word.status)) return unrecognised(`openOrder with status "${word.status}"`);
  const qty = qtyOf(word.totalQuantity);
  const limitPx = word.lmtPrice === undefined ? undefined : pxOf(word.lmtPrice);
  const stopPx = word.auxPrice === undefined ? undefined : pxOf(word.auxPrice);
  for (const read of [qty, limitPx, stopPx]) {
    if (read !== undefined && isUnreadable(read)) return unrecognised(`openOrder: ${read.error}`);
  }
  const echo: Echo = {
    qty: units(qty),
    orderType: word.orderType,
    ...(limitPx === undefined ? {} : { limitPx: units(limitPx) }),
    ...(stopPx === undefined ? {} : { stopPx: units(stopPx) }),
    group: word.ocaGroup,
    ocaType: word.ocaType,
    tif: word.tif,
    outsideRth: word.outsideRth,
  };
  return {
    type: 'order.reported',
    orderRef: word.orderRef,
    permId: word.permId,
    status: STATUS[word.status],
    echo,
  };
}

const units = (read: number | Unreadable): number => (isUnreadable(read) ? 0 : read);

function reportedStatus(word: OrderStatusReport, refOf: RefOf): Normalised {
  const orderRef = refOf(word.orderId);
  if (orderRef === '') return unrecognised(`orderStatus of the unknown order ${word.orderId}`);
  if (!isStatus(word.status)) return unrecognised(`orderStatus "${word.status}" of ${orderRef}`);
  const filled = qtyOf(word.filled);
  const remaining = qtyOf(word.remaining);
  if (isUnreadable(filled)) return unrecognised(`orderStatus of ${orderRef}: ${filled.error}`);
  if (isUnreadable(remaining))
    return unrecognised(`orderStatus of ${orderRef}: ${remaining.error}`);
  return {
    type: 'order.reported',
    orderRef,
    permId: word.permId,
    status: STATUS[word.status],
    filled,
    remaining,
    whyHeld: word.whyHeld,
  };
}

/** A line of `completedOrder`: whatever it is called there, the order is over. */
export function completedOrder(word: CompletedOrderWord): Reported | null {
  const filled = qtyOf(word.filledQuantity);
  if (isUnreadable(filled)) return null;
  return {
    type: 'order.reported',
    orderRef: word.orderRef,
    permId: word.permId,
    status: word.status === 'Filled' ? 'filled' : 'cancelled',
    filled,
  };
}

export function executed(word: ExecDetailsWord): Executed | Normalised {
  const qty = qtyOf(word.shares);
  const px = pxOf(word.price);
  if (isUnreadable(qty)) return unrecognised(`execDetails ${word.execId}: ${qty.error}`);
  if (isUnreadable(px)) return unrecognised(`execDetails ${word.execId}: ${px.error}`);
  return { type: 'order.executed', orderRef: word.orderRef, execId: word.execId, qty, px };
}

/** `error`: about the session (id -1) or about an order. */
function remarked(id: number, code: number, text: string, refOf: RefOf): Normalised | null {
  const known = codeOf(code);
  if (known?.class === 'linkLost') return { type: 'link.lost', code };
  if (known?.class === 'linkBack') return { type: 'link.restored', code };
  if (known?.class === 'notice') return null;
  const orderRef = id < 0 ? '' : refOf(id);
  if (orderRef === '') return unrecognised(`${code} ${text}`);
  switch (known?.class) {
    case 'refused':
      return { type: 'order.refused', orderRef, code, text };
    case 'ended':
      return { type: 'order.reported', orderRef, permId: 0, status: 'cancelled' };
    case 'lostRace':
      return { type: 'cancel.refused', orderRef, code, text };
    case 'notChanged':
      return { type: 'replace.refused', orderRef, code, text };
    default:
      return { type: 'order.warned', orderRef, code, text, remark: known?.remark ?? 'unknown' };
  }
}
