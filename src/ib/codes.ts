/**
 * IB's message codes, and which of them are definite.
 *
 * | class | meaning | what the engine makes of it |
 * |---|---|---|
 * | `refused` | this placement never lived | ends an order that was never accepted |
 * | `ended` | 202: the cancel is confirmed | ends the order |
 * | `lostRace` | a cancel or modify came too late, or found no target | ends nothing: look |
 * | `notChanged` | a modify was refused; the order lives as it was | the replace is over |
 * | `warning` | the order lives; IB remarks on it | by its remark |
 * | `linkLost`, `linkBack` | the session | reconcile |
 * | `notice` | farms and the like | recorded |
 *
 * A code that is not in this table means "look at the broker", never "no"; about the session or a
 * question, it is told to a person. So are 501 to 507, which the client library says of itself.
 *
 * 10148 names the state that the order is in ("state: Filled"). It is passed on in the text and used
 * for nothing: it has no quantity, and an order ends with its final quantity or after a look. 201
 * and its kin end only an order that was never accepted; of one that was they refuse a modify.
 *
 * Texts: IBKR Campus, "TWS API message codes"; 2148, 2161, 10149 and 10349 are not in the published
 * table and are listed as seen in the field (2148 and 10149 in the lists of Lean's brokerage).
 */
import type { Remark } from '../core/fact.ts';

export type CodeClass =
  | 'refused'
  | 'ended'
  | 'lostRace'
  | 'notChanged'
  | 'warning'
  | 'linkLost'
  | 'linkBack'
  | 'notice';

export type Code = {
  readonly code: number;
  readonly class: CodeClass;
  readonly text: string;
  readonly remark?: Remark;
};

const table: readonly Code[] = [
  // Of the messages beyond the limit nobody knows which were carried out.
  {
    code: 100,
    class: 'warning',
    text: 'Max rate of messages per second has been exceeded',
    remark: 'unknown',
  },
  { code: 103, class: 'refused', text: 'Duplicate order ID' },
  { code: 104, class: 'lostRace', text: 'Cannot modify a filled order' },
  { code: 105, class: 'notChanged', text: 'Order being modified does not match original order' },
  { code: 106, class: 'refused', text: 'Cannot transmit order ID' },
  { code: 107, class: 'refused', text: 'Cannot transmit incomplete order' },
  { code: 110, class: 'refused', text: 'Price does not conform to the minimum price variation' },
  { code: 133, class: 'refused', text: 'Submit new order failed' },
  { code: 134, class: 'lostRace', text: 'Modify order failed' },
  { code: 135, class: 'lostRace', text: "Can't find order with ID" },
  { code: 136, class: 'lostRace', text: 'This order cannot be cancelled' },
  {
    code: 161,
    class: 'lostRace',
    text: 'Cancel attempted when order is not in a cancellable state',
  },
  { code: 200, class: 'refused', text: 'No security definition has been found for the request' },
  { code: 201, class: 'refused', text: 'Order rejected' },
  { code: 202, class: 'ended', text: 'Order cancelled' },
  {
    code: 203,
    class: 'refused',
    text: 'The security is not available or allowed for this account',
  },
  {
    code: 321,
    class: 'refused',
    text: 'Server error when validating an API client request',
  },
  {
    code: 329,
    class: 'notChanged',
    text: 'Order modify failed: cannot change to the new order type',
  },
  { code: 382, class: 'refused', text: 'Price violates the number-of-ticks constraint' },
  { code: 383, class: 'refused', text: 'Size violates the size constraint' },
  { code: 388, class: 'refused', text: 'Order size is smaller than the minimum' },
  { code: 395, class: 'refused', text: 'Orders with OCA groups are currently not being accepted' },
  { code: 399, class: 'warning', text: 'Order message error', remark: 'other' },
  {
    code: 404,
    class: 'warning',
    text: 'Shares for this order are not immediately available for short sale',
    remark: 'held',
  },
  // Whether the order is refused or lives without the attribute, its texts leave open.
  {
    code: 411,
    class: 'warning',
    text: 'The outside-RTH flag is not valid for this order',
    remark: 'unknown',
  },
  { code: 426, class: 'refused', text: 'None of the accounts have enough shares' },
  { code: 434, class: 'refused', text: 'The order size cannot be zero' },
  { code: 435, class: 'refused', text: 'You must specify an account' },
  { code: 436, class: 'refused', text: 'You must specify an allocation' },
  { code: 481, class: 'warning', text: 'Order size was reduced', remark: 'unknown' },
  { code: 1100, class: 'linkLost', text: 'Connectivity between IB and TWS has been lost' },
  { code: 1101, class: 'linkBack', text: 'Connectivity restored, data lost' },
  { code: 1102, class: 'linkBack', text: 'Connectivity restored, data maintained' },
  { code: 1300, class: 'linkLost', text: 'The port has been reset; this connection is dropped' },
  { code: 2102, class: 'notChanged', text: 'Unable to modify: the order is still being processed' },
  { code: 2103, class: 'notice', text: 'A market data farm is disconnected' },
  { code: 2104, class: 'notice', text: 'Market data farm connection is OK' },
  { code: 2105, class: 'notice', text: 'A historical data farm is disconnected' },
  { code: 2106, class: 'notice', text: 'Historical data farm connection is OK' },
  { code: 2107, class: 'notice', text: 'A historical data farm is inactive, available on demand' },
  { code: 2108, class: 'notice', text: 'A market data farm is inactive, available on demand' },
  {
    code: 2109,
    class: 'warning',
    text: 'Attribute outside regular trading hours is ignored',
    remark: 'outsideRthIgnored',
  },
  { code: 2110, class: 'linkLost', text: 'Connectivity between TWS and its server is broken' },
  { code: 2137, class: 'warning', text: 'Cross side warning', remark: 'crossSide' },
  {
    code: 2148,
    class: 'warning',
    text: 'Order warning without a published text',
    remark: 'unknown',
  },
  { code: 2158, class: 'notice', text: 'Security definition data farm connection is OK' },
  { code: 2161, class: 'warning', text: 'The limit price was capped', remark: 'capped' },
  { code: 10006, class: 'refused', text: 'Missing parent order' },
  { code: 10147, class: 'lostRace', text: 'The order that needs to be cancelled is not found' },
  { code: 10148, class: 'lostRace', text: 'The order cannot be cancelled' },
  { code: 10149, class: 'lostRace', text: 'Invalid order id' },
  { code: 10318, class: 'refused', text: 'This order does not support fractional quantities' },
  { code: 10324, class: 'refused', text: 'Invalid parameters for OCA group' },
  { code: 10325, class: 'refused', text: 'OCA group is not supported' },
  { code: 10326, class: 'notChanged', text: 'OCA group revision is not allowed' },
  { code: 10327, class: 'notChanged', text: 'OCA group type revision is not allowed' },
  {
    code: 10328,
    class: 'warning',
    text: 'Connection lost, order data could not be resolved',
    remark: 'unknown',
  },
  { code: 10329, class: 'warning', text: 'This order will be directly routed', remark: 'other' },
  { code: 10335, class: 'warning', text: 'Conflict with an order preset', remark: 'other' },
  { code: 10341, class: 'notChanged', text: 'Parent order id cannot be modified' },
  // Mapped to "cancelled" by several clients, and the orders then filled: it ends nothing.
  { code: 10349, class: 'warning', text: 'TIF was set by an order preset', remark: 'other' },
];

const byCode: ReadonlyMap<number, Code> = new Map(table.map((row) => [row.code, row]));

export const CODES: readonly Code[] = table;

export function codeOf(code: number): Code | undefined {
  return byCode.get(code);
}
