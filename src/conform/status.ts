/**
 * OrdStatus of FIX out of the chart's configuration and the ledger's numbers.
 *
 * FIX has one field where the order has several states at once; the field shows the one of the
 * highest precedence (FIX 5.0 SP2 volume 4). The lines of `ordStatusOf` stand in that order.
 */
import { cumQty } from '../core/ledger.ts';
import type { Life, Request } from './life.ts';

const PRECEDENCE = [
  'PendingCancel',
  'PendingReplace',
  'DoneForDay',
  'Calculated',
  'Filled',
  'Stopped',
  'Suspended',
  'Canceled',
  'Expired',
  'PartiallyFilled',
  'New',
  'Rejected',
  'PendingNew',
];

export function ordStatusOf(life: Life): string {
  const [top, state, axis] = life.configuration.split('.');
  const live = top === 'live';
  const end = top === 'ended' ? state : undefined;
  const held = live && state === 'held';
  const pending = (kind: Request['kind']): boolean =>
    life.requests.some((request) => request.kind === kind && request.pending);

  // The request axis is the chart's while the order lives; an order that has ended has none, and
  // under a cancel that we asked the chart keeps no replace. What is outstanding then is counted.
  if (live ? axis === 'pendingCancel' : pending('cancel')) return 'PendingCancel';
  if (live && axis === 'pendingReplace') return 'PendingReplace';
  if ((!live || axis === 'cancelAsked') && pending('replace')) return 'PendingReplace';
  // Over for its day: an order that lives on is held until the next; any other has ended by it.
  const dayIsOver = held || end === 'expired' || end === 'filled';
  if (life.marks.has('DoneForDay') && dayIsOver) return 'DoneForDay';
  if (life.marks.has('Calculated')) return 'Calculated';
  if (end === 'filled') return 'Filled';
  if (life.marks.has('Stopped') && end === undefined) return 'Stopped';
  if (life.marks.has('Suspended') && held) return 'Suspended';
  if (end === 'cancelled') return 'Canceled';
  if (end === 'expired') return 'Expired';
  if (end === 'rejected') return 'Rejected';
  if (cumQty(life.order) > 0) return 'PartiallyFilled';
  const accepted = live ? state !== 'pendingSubmit' : life.order.acknowledged;
  return accepted ? 'New' : 'PendingNew';
}

/** Why the status is not the one that a matrix prints, where precedence decides it; or `''`. */
export function outranks(was: string, expected: string): string {
  const rank = PRECEDENCE.indexOf(expected);
  if (rank <= PRECEDENCE.indexOf(was)) return '';
  const higher = `, which outranks ${expected}`;
  if (was !== 'PendingCancel' && was !== 'PendingReplace') return higher;
  const request = was === 'PendingCancel' ? 'cancel' : 'replace';
  return (
    `${higher}: by FIX's own order of precedence OrdStatus stays ${was} until the ${request} is ` +
    'answered, and this row of the matrix does not keep to it'
  );
}

/** The evidence behind the status, for the reason of a path that does not agree. */
export function evidenceOf(life: Life): string {
  const outstanding = life.requests
    .filter((request) => request.kind !== 'duplicate')
    .map(({ kind, clOrdId, pending }) => `${kind} ${clOrdId} ${pending ? 'pending' : 'asked'}`);
  const marks = [...life.marks];
  return [`chart ${life.configuration}`, ...outstanding, ...marks].join(', ');
}
