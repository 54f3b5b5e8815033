import { z } from 'zod';
import { MOST_SHARES, sharesFrom, sharesNear } from './shares.ts';

/**
 * The records of a lifecycle log, and the one place where foreign JSON becomes typed.
 *
 * Every message says what would have been right, because the reader of it is somebody who writes
 * a converter. A field that may be absent may not be null: null is a wrong type, as the format
 * says, and guessing what a converter meant by it is not an auditor's work.
 */

const text = (allowed: string) => z.string({ error: allowed }).min(1, { error: allowed });
const anyText = z.string({ error: 'must be text' });
const whole = z.int({ error: 'must be a whole number' });
const price = z.number({ error: 'must be a number' });
const flag = z.boolean({ error: 'must be true or false' });
const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, { error: `must be ${listed(words)}` });

const exact = (allowed: string) =>
  z.number({ error: allowed }).transform((value, context) => {
    const shares = sharesFrom(value);
    if (shares !== undefined) return shares;
    const large = Math.abs(value) > MOST_SHARES;
    context.addIssue(
      large ? `must be at most ${MOST_SHARES} shares` : 'must have at most 4 decimals',
    );
    return z.NEVER;
  });
const quantity = exact('must be a positive number of shares').refine((shares) => shares > 0n, {
  error: 'must be a positive number of shares',
});
const position = exact('must be a number of shares, negative when short');
/** `filled` and `remaining` of a status are advisory; executions are the truth. */
const advisory = z
  .number({ error: 'must be a number of shares, 0 or more' })
  .min(0, { error: 'must be a number of shares, 0 or more' })
  .transform(sharesNear);

const action = oneOf('BUY', 'SELL');
const symbol = text('must be a symbol, e.g. "RIME"');
const watcher = text('must be a key, e.g. "breakout:RIME:1.3"');
const status = oneOf(
  'ApiPending',
  'PendingSubmit',
  'PreSubmitted',
  'Submitted',
  'PendingCancel',
  'ApiCancelled',
  'Cancelled',
  'Filled',
  'Inactive',
);

const common = {
  seq: whole,
  at: anyText.optional(),
  account: anyText.optional(),
  conId: whole.optional(),
};

const orderCreated = z.object({
  ...common,
  type: z.literal('order.created'),
  orderId: whole,
  symbol,
  action,
  quantity,
  orderType: text('must be an order type, e.g. "LMT"'),
  role: oneOf('entry', 'stop', 'target').optional(),
  parentId: whole.optional(),
  ocaGroup: anyText.optional(),
  ocaType: whole.optional(),
  limitPrice: price.optional(),
  stopPrice: price.optional(),
  outsideRth: flag.optional(),
  watcher: anyText.optional(),
  orderRef: anyText.optional(),
  permId: whole.optional(),
});

const orderStatus = z.object({
  ...common,
  type: z.literal('order.status'),
  orderId: whole,
  status,
  filled: advisory.optional(),
  remaining: advisory.optional(),
  avgFillPrice: price.optional(),
  whyHeld: anyText.optional(),
});

const execution = z.object({
  ...common,
  type: z.literal('execution'),
  execId: text('must be an execution id, e.g. "0000e0d5.69300001.01.01"'),
  orderId: whole,
  symbol,
  action,
  quantity,
  price,
  permId: whole.optional(),
  orderRef: anyText.optional(),
});

const brokerOpenOrder = z.object({
  ...common,
  type: z.literal('broker.openOrder'),
  orderId: whole,
  symbol,
  action,
  quantity,
  status,
  ocaGroup: anyText.optional(),
  orderRef: anyText.optional(),
  permId: whole.optional(),
});

const recordSchema = z.discriminatedUnion('type', [
  z.object({ ...common, type: z.literal('watcher.started'), watcher }),
  z.object({ ...common, type: z.literal('watcher.confirmed'), watcher }),
  z.object({
    ...common,
    type: z.literal('watcher.stopped'),
    watcher,
    reason: anyText.optional(),
  }),
  orderCreated,
  orderStatus,
  execution,
  z.object({
    ...common,
    type: z.literal('broker.error'),
    code: whole,
    message: anyText,
    orderId: whole.optional(),
  }),
  z.object({
    ...common,
    type: z.literal('connection'),
    state: oneOf('up', 'down', 'restored-data-lost', 'restored-data-kept'),
  }),
  z.object({
    ...common,
    type: z.literal('broker.position'),
    symbol,
    position,
    avgCost: price.optional(),
  }),
  brokerOpenOrder,
  z.object({
    ...common,
    type: z.literal('broker.snapshot'),
    of: oneOf('positions', 'openOrders', 'executions'),
  }),
]);

export type LifecycleRecord = z.infer<typeof recordSchema>;
export type RecordOf<Type extends LifecycleRecord['type']> = Extract<
  LifecycleRecord,
  { readonly type: Type }
>;
export type Action = z.infer<typeof action>;
export type Role = 'entry' | 'stop' | 'target';

export type LineReading =
  | { readonly type: 'record'; readonly record: LifecycleRecord }
  /** An empty line carries nothing that could be lost. */
  | { readonly type: 'blank' }
  | { readonly type: 'bad'; readonly reason: string };

const RECORD_TYPES = recordSchema.options.map((option) => option.shape.type.value);

export function readLine(line: string): LineReading {
  if (line.trim() === '') return { type: 'blank' };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // V8 adds the place within the text it was given, which would read as a line of the file.
    return {
      type: 'bad',
      reason: `not JSON (${message.replace(/ \(line \d+ column \d+\)$/, '')})`,
    };
  }
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) return { type: 'record', record: parsed.data };
  return { type: 'bad', reason: reasonFor(value, parsed.error) };
}

function reasonFor(value: unknown, error: z.ZodError): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `must be a JSON object, is ${spelled(value)}`;
  }
  const fields = new Map<PropertyKey, unknown>(Object.entries(value));
  const type = fields.get('type');
  if (type === undefined) return `type is missing: must be ${listed(RECORD_TYPES)}`;
  if (!RECORD_TYPES.some((known) => known === type)) {
    return `type ${spelled(type)} is unknown: must be ${listed(RECORD_TYPES)}`;
  }
  return error.issues
    .map((issue) => {
      const field = issue.path[0] ?? '';
      const found = fields.get(field);
      const state = found === undefined ? 'is missing' : `is ${spelled(found)}`;
      return `${String(field)} ${state}: ${issue.message}`;
    })
    .join('; ');
}

function spelled(value: unknown): string {
  const json = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return json.length > 40 ? `${json.slice(0, 39)}…` : json;
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
