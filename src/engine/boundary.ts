/**
 * The boundary where facts come in from programs that no compiler has checked. What is not a fact
 * is recorded as `unrecognised`, with the field and what is allowed: never dropped, never guessed.
 */
import { z } from 'zod';
import type { Fact } from '../core/fact.ts';

const at = z.number({ error: 'must be milliseconds' }).nonnegative();
const qty = z.int({ error: 'must be a whole number of 1/10,000 share: use qtyOf(100)' });
const shares = qty.positive('must be above 0');
const some = qty.nonnegative('must not be negative');
const px = z
  .int({ error: "must be a whole number of 1/100,000,000: use pxOf('1.31')" })
  .positive('must be above 0');
const text = z.string();
const ref = text.min(1, 'must name an order');
const code = z.int();

const echo = z.object({
  qty: some,
  orderType: z.enum(['MKT', 'LMT', 'STP', 'STP LMT']),
  limitPx: px.optional(),
  stopPx: px.optional(),
  group: text,
  ocaType: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  tif: z.enum(['DAY', 'GTC']),
  outsideRth: z.boolean(),
});

const reported = z.object({
  type: z.literal('order.reported'),
  orderRef: ref,
  permId: z.int(),
  status: z.enum([
    'pendingSubmit',
    'preSubmitted',
    'submitted',
    'pendingCancel',
    'pendingReplace',
    'cancelled',
    'expired',
    'filled',
    'inactive',
  ]),
  filled: some.optional(),
  remaining: some.optional(),
  whyHeld: text.optional(),
  echo: echo.optional(),
});

const executed = z.object({
  type: z.literal('order.executed'),
  orderRef: ref,
  execId: text.min(1),
  qty: shares,
  px,
});

const answer = { orderRef: ref, code, text };
const remark = z.enum(['held', 'crossSide', 'capped', 'outsideRthIgnored', 'other', 'unknown']);
const wish = { bracket: text };
const symbol = { symbol: text };
const run = { key: text, epoch: z.int().positive() };

const limits = z.strictObject({
  brackets: z.int().nonnegative().optional(),
  qty: some.optional(),
  notional: z.number().nonnegative().optional(),
});

const fact = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('bracket.requested'), at, request: z.looseObject({}) }),
  z.object({ type: z.literal('cancel.wished'), at, ...wish }),
  z.object({ type: z.literal('flatten.wished'), at, ...wish }),
  z.object({ type: z.literal('move.wished'), at, ...wish, leg: text, px, limitPx: px.optional() }),
  reported.extend({ at }),
  executed.extend({ at }),
  z.object({ type: z.literal('order.busted'), at, orderRef: ref, execId: text.min(1) }),
  z.object({ type: z.literal('order.refused'), at, ...answer }),
  z.object({ type: z.literal('cancel.refused'), at, ...answer }),
  z.object({ type: z.literal('replace.refused'), at, ...answer }),
  z.object({ type: z.literal('order.warned'), at, ...answer, remark }),
  z.object({ type: z.literal('link.lost'), at, code }),
  z.object({ type: z.literal('link.restored'), at, code }),
  z.object({
    type: z.literal('snapshot.taken'),
    at,
    askedAt: z.int().nonnegative(),
    openOrders: z.array(reported),
    executions: z.array(executed),
    completed: z.array(reported),
    positions: z
      .array(z.object({ account: text, ...symbol, conId: z.int(), position: qty }))
      .nullable(),
    coversLife: z.boolean(),
  }),
  z.object({ type: z.literal('deadline.elapsed'), at, deadline: text }),
  z.object({ type: z.literal('price.printed'), at, ...symbol, px }),
  z.object({ type: z.literal('market.halted'), at, ...symbol }),
  z.object({ type: z.literal('market.resumed'), at, ...symbol }),
  z.object({ type: z.literal('order.attested'), at, orderRef: ref, filled: some, by: text.min(1) }),
  z.object({ type: z.literal('look.due'), at, because: text }),
  z.object({
    type: z.literal('admission.set'),
    at,
    overlap: z.union([z.literal('refuse'), z.object({ capQty: shares })]).optional(),
    perContract: limits.optional(),
    perAccount: limits.optional(),
    priced: z.boolean().optional(),
    closed: text.nullable().optional(),
  }),
  z.object({ type: z.literal('kill.switched'), at, because: text }),
  z.object({ type: z.literal('freeze.lifted'), at, account: text, ...symbol }),
  z.object({ type: z.literal('session.ending'), at, account: text }),
  z.object({ type: z.literal('watcher.started'), at, ...run }),
  z.object({ type: z.literal('watcher.confirmed'), at, ...run }),
  z.object({ type: z.literal('watcher.stopped'), at, ...run }),
  z.object({ type: z.literal('unrecognised'), at, text }),
]);

/** The fact itself, or the fact that this was none. */
export function readFact(given: Fact): Fact {
  const read = fact.safeParse(given);
  if (read.success) return given;
  const reasons = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const type = String(given?.type ?? 'nothing');
  const when = Number.isFinite(given?.at) ? given.at : 0;
  return { type: 'unrecognised', at: when, text: `${type} is not a fact: ${reasons.join('; ')}` };
}
