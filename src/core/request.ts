/**
 * The router's wish to open a bracket: its schema, and what is denied before anything is sent.
 *
 * A wish is in decimals (`1.31`, `70`); an accepted one becomes a `Plan` in exact units. Each
 * refusal names the field, what it was, and what is allowed.
 */
import { z } from 'zod';
import {
  allocate,
  isUnreadable,
  type Px,
  pxOf,
  type Qty,
  qtyOf,
  SHARE,
  showPx,
  showQty,
  type Unreadable,
} from './quantity.ts';

const MAX_PAIRS = 8;

/** A positive decimal, as a number or as text, in exact units. */
const decimal = (read: (value: number | string) => number | Unreadable, unit: string) =>
  z.transform((value: number | string, ctx): number => {
    const wrong = (message: string): never => {
      ctx.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    if (typeof value !== 'number' && typeof value !== 'string') {
      return wrong('must be a number or a decimal text such as 1.31');
    }
    const exact = read(value);
    if (isUnreadable(exact)) return wrong(exact.error);
    return exact > 0 ? exact : wrong(`must be above 0${unit}, was ${value}`);
  });

const px = decimal(pxOf, '');
const qty = decimal(qtyOf, ' shares');

const outsideRth = z.boolean({ error: 'must be true or false: it is not inherited by exits' });
const tif = z.enum(['DAY', 'GTC'], { error: 'must be DAY or GTC' });

const entry = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('MKT'), tif, outsideRth }),
    z.strictObject({ type: z.literal('LMT'), limitPrice: px, tif, outsideRth }),
    z.strictObject({ type: z.literal('STP'), stopPrice: px, tif, outsideRth }),
    z.strictObject({ type: z.literal('STP LMT'), stopPrice: px, limitPrice: px, tif, outsideRth }),
  ],
  { error: 'entry.type must be MKT, LMT, STP or STP LMT' },
);

const stop = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('STP'), stopPrice: px, tif, outsideRth }),
    z.strictObject({ type: z.literal('STP LMT'), stopPrice: px, limitPrice: px, tif, outsideRth }),
  ],
  { error: 'stop.type must be STP or STP LMT' },
);

const target = z
  .strictObject({
    quantity: qty.optional(),
    percent: z.number().positive().max(100).optional(),
    limitPrice: px,
    tif,
    outsideRth,
  })
  .refine((t) => (t.quantity === undefined) !== (t.percent === undefined), {
    message: 'must give either quantity or percent',
  });

const ms = z.int().positive().max(86_400_000);

export const policySchema = z.strictObject({
  /** Open shares may lack a live stop for this long before the first alarm; again, and we leave. */
  coverMs: ms.default(2_000),
  acknowledgementMs: ms.default(2_000),
  withdrawalMs: ms.default(2_000),
  replacementMs: ms.default(2_000),
  resolutionMs: ms.default(5_000),
  /** A partly filled entry, or a triggered stop, may take this long. */
  tradingMs: ms.default(10_000),
  leaveMs: ms.default(10_000),
  /** A bracket that is over asks again for the snapshot that closes it. */
  settlementMs: ms.default(5_000),
  /** What follows when shares stay naked past the deadline twice. */
  onNaked: z.enum(['flatten', 'alert']).default('flatten'),
  /** What may be sent after a breach (L12). */
  remedy: z.enum(['alert', 'flatten']).default('alert'),
  /** How far through the last price a marketable limit goes. */
  escalationOffset: px.default(2_000_000),
  /** How often a triggered stop-limit is repriced before the bracket leaves by its closing order. */
  repricings: z.int().min(0).max(10).default(1),
});

export type Policy = z.output<typeof policySchema>;

export const requestSchema = z.strictObject({
  bracket: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,24}$/, 'must be 1 to 24 letters, digits, "-" or "_"')
    .refine((name) => !(name in {}), 'is a word that JavaScript keeps for itself; take another'),
  account: z.string().min(1).max(32),
  symbol: z.string().min(1).max(32),
  /** IB's contract id; with the account it keys everything that is summed. */
  conId: z.int().nonnegative().default(0),
  side: z.enum(['BUY', 'SELL'], { error: 'must be BUY or SELL' }),
  quantity: qty,
  entry,
  stop,
  targets: z
    .array(target)
    .min(1, 'must have at least one target')
    .max(MAX_PAIRS, `must have at most ${MAX_PAIRS} targets`),
  plan: z.enum(['paired', 'sequenced'], { error: 'must be paired or sequenced' }).default('paired'),
  /** DAY exits leave the position naked when the session ends, unless this is set. */
  flattenBeforeClose: z.boolean().default(false),
  watcher: z.strictObject({ key: z.string().min(1), epoch: z.int().positive() }).optional(),
  policy: policySchema.default(policySchema.parse({})),
});

/** What a router writes: decimals, defaults left out. */
export type BracketRequest = z.input<typeof requestSchema>;

/** An accepted request, in exact units, with every target's quantity settled. */
export type Plan = Omit<z.output<typeof requestSchema>, 'targets'> & {
  readonly targets: readonly {
    readonly qty: Qty;
    readonly limitPrice: Px;
    readonly tif: 'DAY' | 'GTC';
    readonly outsideRth: boolean;
  }[];
};

export type Reading =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly reasons: readonly string[] };

/** Reads a wish: a plan, or every reason why not. */
export function readRequest(wish: unknown): Reading {
  const parsed = requestSchema.safeParse(wish);
  if (!parsed.success) {
    return {
      ok: false,
      reasons: parsed.error.issues.map((issue) => {
        const path = issue.path.join('.');
        return path === '' ? issue.message : `${path}: ${issue.message}`;
      }),
    };
  }
  const request = parsed.data;
  const targets = settleTargets(request);
  const reasons = [...targets.reasons, ...priceReasons(request), ...sessionReasons(request)];
  if (reasons.length > 0) return { ok: false, reasons };
  return { ok: true, plan: { ...request, targets: targets.settled } };
}

type Request = z.output<typeof requestSchema>;

/** Percentages become shares that add up exactly, odd lots included (70 % of 101). */
function settleTargets(request: Request): {
  settled: Plan['targets'];
  reasons: readonly string[];
} {
  const { targets, quantity } = request;
  const given = targets.filter((t) => t.quantity !== undefined).length;
  if (given !== 0 && given !== targets.length) {
    return { settled: [], reasons: ['targets: all give quantity, or all give percent'] };
  }
  let sizes: readonly Qty[];
  if (given === 0) {
    const percent = targets.map((t) => Math.round((t.percent ?? 0) * 10_000));
    const sum = percent.reduce((a, b) => a + b, 0);
    if (sum !== 1_000_000) {
      return {
        settled: [],
        reasons: [`targets: percentages must add up to 100, they add up to ${sum / 10_000}`],
      };
    }
    sizes = percentSizes(quantity, percent);
  } else {
    sizes = targets.map((t) => t.quantity ?? 0);
    const sum = sizes.reduce((a, b) => a + b, 0);
    if (sum !== quantity) {
      return {
        settled: [],
        reasons: [
          `targets: quantities must add up to ${showQty(quantity)}, they add up to ${showQty(sum)}`,
        ],
      };
    }
  }
  const reasons = sizes.flatMap((size, i) =>
    size > 0 ? [] : [`targets.${i}: its share of ${showQty(quantity)} is less than one lot`],
  );
  const settled = targets.map((t, i) => ({
    qty: sizes[i] ?? 0,
    limitPrice: t.limitPrice,
    tif: t.tif,
    outsideRth: t.outsideRth,
  }));
  return { settled, reasons };
}

/** Shares of `quantity` in proportion to `weights`, whole shares when the quantity is whole. */
function percentSizes(quantity: Qty, weights: readonly number[]): readonly Qty[] {
  const lot = quantity % SHARE === 0 ? SHARE : 1;
  const lots = quantity / lot;
  // Largest remainder, of equal ones the first: the split is made once and need not be monotone.
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((w) => BigInt(w) * BigInt(lots));
  const sizes = exact.map((e) => Number(e / BigInt(sum)));
  const byRemainder = exact
    .map((e, i) => ({ i, remainder: Number(e % BigInt(sum)) }))
    .sort((a, b) => b.remainder - a.remainder);
  let left = lots - sizes.reduce((a, b) => a + b, 0);
  for (const { i } of byRemainder) {
    if (left === 0) break;
    sizes[i] = (sizes[i] ?? 0) + 1;
    left--;
  }
  return sizes.map((size) => size * lot);
}

/** The stop lies on the losing side of the entry, every target on the winning side. */
function priceReasons(request: Request): readonly string[] {
  const { entry: e, stop: s, side } = request;
  const reasons: string[] = [];
  const up = side === 'BUY';
  const loses = (a: Px, b: Px): boolean => (up ? a < b : a > b);
  const side1 = up ? 'below' : 'above';
  const side2 = up ? 'above' : 'below';
  const reference = 'limitPrice' in e ? e.limitPrice : 'stopPrice' in e ? e.stopPrice : undefined;
  if (reference !== undefined && !loses(s.stopPrice, reference)) {
    reasons.push(
      `stop.stopPrice: must be ${side1} the entry's ${showPx(reference)} for a ${side}, was ${showPx(s.stopPrice)}`,
    );
  }
  if (s.type === 'STP LMT' && loses(s.stopPrice, s.limitPrice)) {
    reasons.push(
      `stop.limitPrice: must not be ${side2} the stop's trigger ${showPx(s.stopPrice)}, was ${showPx(s.limitPrice)}: it could not fill`,
    );
  }
  if (e.type === 'STP LMT' && loses(e.limitPrice, e.stopPrice)) {
    reasons.push(
      `entry.limitPrice: must not be ${side1} its trigger ${showPx(e.stopPrice)}, was ${showPx(e.limitPrice)}`,
    );
  }
  request.targets.forEach((t, i) => {
    const floor = reference ?? s.stopPrice;
    if (!loses(floor, t.limitPrice)) {
      reasons.push(
        `targets.${i}.limitPrice: must be ${side2} ${showPx(floor)} for a ${side}, was ${showPx(t.limitPrice)}`,
      );
    }
  });
  return reasons;
}

/** Whenever shares can be open, their stop must be able to work. */
function sessionReasons(request: Request): readonly string[] {
  const { entry: e, stop: s } = request;
  const reasons: string[] = [];
  if (s.outsideRth && s.type === 'STP') {
    reasons.push(
      'stop.type: a stop order does not work outside regular trading hours; it must be STP LMT when outsideRth is true',
    );
  }
  if (e.outsideRth && !s.outsideRth) {
    reasons.push(
      'stop.outsideRth: must be true when entry.outsideRth is: the entry could fill while its stop sleeps',
    );
  }
  if (!request.flattenBeforeClose && s.tif === 'DAY') {
    reasons.push(
      "stop.tif: a DAY stop leaves the position naked at the session's end; it must be GTC, or flattenBeforeClose must be true",
    );
  }
  return reasons;
}

/** The sizes of the exit pairs for what the entry has executed so far. */
export function pairSizes(plan: Plan, executed: Qty): readonly Qty[] {
  return allocate(
    executed,
    plan.targets.map((t) => t.qty),
  );
}
