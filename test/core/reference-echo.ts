/** The broker's picture of an order beside what was asked. */
import type { Echo, Reported } from '../../src/core/fact.ts';
import type { Ticket } from '../../src/core/ready.ts';

/** What an echo must show as it was asked (ARCHITECTURE, "What we believe of the broker"). A limit is
 * not among it: IB caps limits by its own rules (2161). */
const SAME: readonly (keyof Echo & keyof Ticket)[] = [
  'orderType',
  'group',
  'ocaType',
  'tif',
  'outsideRth',
];

/** Of what they differ. A group may make an order smaller; nothing but we may make it larger. */
export function differencesOf(
  ticket: Ticket,
  largestAsked: number,
  echo: Echo,
  triggerAsked: number | undefined,
): readonly string[] {
  // IB shows its default type, 3, for orders without a group.
  const other: string[] = SAME.filter((field) => ticket[field] !== echo[field]).filter(
    (field) => field !== 'ocaType' || ticket.group !== '',
  );
  // Of an order without a trigger TWS may show one all the same.
  const triggers = [ticket.stopPx, triggerAsked, undefined];
  if (ticket.stopPx !== undefined && !triggers.includes(echo.stopPx)) other.push('stopPx');
  return echo.qty > largestAsked ? [...other, 'qty'] : other;
}

/** The quantity as the broker has it: as echoed, or what is filled and what remains. */
export function sizeSaid(
  { echo, filled, remaining }: Reported,
  cumQty: number,
): number | undefined {
  if (echo !== undefined) return echo.qty;
  return remaining === undefined ? undefined : (filled ?? cumQty) + remaining;
}
