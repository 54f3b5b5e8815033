/**
 * What somebody at the gateway's controls may do: the lines of a scenario and of the control port.
 *
 * Each is a JSON object with its name under `do`. Prices are decimals, quantities shares, times
 * milliseconds. An order is named by its `orderRef`, by its `permId`, or by `orderId` with `clientId`
 * (which may be left out where only one client has such an id).
 */
import { z } from 'zod';
import { OCA_READINGS } from '../simulator/readings.ts';
import { fieldProblem } from './fields.ts';
import { MESSAGES, REQUESTS } from './messages.ts';

const symbol = z.string().min(1);
const price = z.number().positive();
const shares = z.number().positive();
const ms = z.number().min(0).max(86_400_000);
const times = z.number().int().min(1).max(1_000_000);

const order = {
  orderRef: z.string().min(1).optional(),
  permId: z.number().int().positive().optional(),
  orderId: z.number().int().optional(),
  clientId: z.number().int().min(0).optional(),
};

/** Between two messages that are said, or between two requests that are heard. */
const between = z.enum([...MESSAGES, ...REQUESTS]).describe('a message or a request');

/** Messages by the name of their callback: `orderStatus`, `openOrder`, `execDetails`, … */
const messages = {
  message: z.enum(MESSAGES).describe('a message'),
  clientId: z.number().int().min(0).optional(),
  orderRef: z.string().min(1).optional(),
};

const is = <Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({ do: z.literal(name), ...shape });

const side = z.enum(['BUY', 'SELL']);

export const deedSchema = z.discriminatedUnion('do', [
  // The market
  is('price', { symbol, price, size: shares.optional() }),
  is('fill', { ...order, shares: shares.optional(), price: price.optional() }),
  is('trigger', order),
  is('foreignTrade', {
    symbol,
    action: side,
    shares,
    price,
    account: z.string().min(1).optional(),
  }),
  // What IB decides
  is('reject', {
    code: z.number().int().optional(),
    text: z.string().optional(),
    orderRef: z.string().min(1).optional(),
    symbol: symbol.optional(),
    action: side.optional(),
    times: times.optional(),
  }),
  is('cancel', { ...order, reason: z.string().optional() }),
  is('refuseCancel', { ...order, code: z.union([z.literal(161), z.literal(10147)]).optional() }),
  is('hold', { ...order, whyHeld: z.string().min(1).optional() }),
  is('release', order),
  is('inactivate', order),
  is('reactivate', order),
  is('delayCancels', { ms }),
  // 2161: the limit of an elected stop-limit is kept within this fraction of the price
  is('cap', {
    within: z.number().min(0).max(1),
    forMs: ms,
    shares: shares.optional(),
    outsideHoursOnly: z.boolean().optional(),
  }),
  is('oca', {
    blocks: z.boolean().optional(),
    reading: z.enum(OCA_READINGS.map(({ name }) => name)).optional(),
    lateLeg: z.enum(['left', 'refused', 'full']).optional(),
  }).refine(({ do: _, ...changed }) => Object.keys(changed).length > 0, {
    error: 'it changes nothing: give blocks, reading or lateLeg',
  }),
  is('correct', { execId: z.string().min(1), shares: shares.optional(), price: price.optional() }),
  is('bust', { execId: z.string().min(1) }),
  is('newDay', {}),
  is('manualOrder', {
    symbol,
    action: side,
    quantity: shares,
    orderType: z.enum(['MKT', 'LMT', 'STP', 'STP LMT']),
    limitPrice: price.optional(),
    stopPrice: price.optional(),
    account: z.string().min(1).optional(),
  }),
  // The way to the clients
  is('holdMessages', messages),
  is('releaseMessages', {}),
  is('dropMessages', { ...messages, times: times.optional() }),
  is('loseLink', {}),
  is('restoreLink', { dataLost: z.boolean().optional() }),
  is('cut', {
    clientId: z.number().int().min(0).optional(),
    after: between.optional(),
    before: between.optional(),
  }),
  // The gateway itself
  is('advance', { ms }),
  is('show', {}),
  is('help', {}),
  is('stop', {}),
]);

export type Deed = z.infer<typeof deedSchema>;
export type DeedOf<Name extends Deed['do']> = Extract<Deed, { readonly do: Name }>;
/** How a deed names an order. */
export type OrderNamed = Pick<DeedOf<'fill'>, 'orderRef' | 'permId' | 'orderId' | 'clientId'>;

export type DeedReading =
  | { readonly ok: true; readonly deed: Deed }
  | { readonly ok: false; readonly reason: string };

const schemaOf = new Map<unknown, z.ZodObject>(
  deedSchema.options.map((option) => [option.shape.do.value, option]),
);

/** Reads one line; a reason says which field is wrong and what is allowed. */
export function readDeed(value: unknown): DeedReading {
  const read = deedSchema.safeParse(value);
  if (read.success) return { ok: true, deed: read.data };
  const object = typeof value === 'object' && value !== null ? value : {};
  const named = 'do' in object ? object.do : undefined;
  const schema = schemaOf.get(named);
  if (schema === undefined) {
    const what =
      named === undefined ? 'it has no "do"' : `${JSON.stringify(named)} is none of them`;
    return { ok: false, reason: `"do" is one of ${[...schemaOf.keys()].join(', ')}; ${what}` };
  }
  return { ok: false, reason: `${named}: ${fieldProblem(schema, object, read.error)}` };
}
