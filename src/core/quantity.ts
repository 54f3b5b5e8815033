/**
 * Shares and prices without floating point.
 *
 * A `Qty` is an integer count of 1/10,000 share (IB trades fractions to four decimals); a `Px` is
 * an integer count of 1/100,000,000 of the currency. Both stay exact up to 2^53: 900 billion
 * shares, 90 million a share. Decimals are read from and written as text; nothing is rounded in
 * silence.
 */

export type Qty = number;
export type Px = number;

export const QTY_DECIMALS = 4;
export const PX_DECIMALS = 8;
/** One whole share. */
export const SHARE: Qty = 10 ** QTY_DECIMALS;

/** Thrown by nothing but the two readers below; the boundary schemas turn it into a reason. */
export type Unreadable = { readonly error: string };

export const qtyOf = (decimal: number | string): Qty | Unreadable => units(decimal, QTY_DECIMALS);
export const pxOf = (decimal: number | string): Px | Unreadable => units(decimal, PX_DECIMALS);

export function isUnreadable(value: number | Unreadable): value is Unreadable {
  return typeof value === 'object';
}

/** `'1.31'` and `1.31` both read as 131000000 when `decimals` is 8. */
function units(decimal: number | string, decimals: number): number | Unreadable {
  // Whole numbers need no text: their product is exact as long as it is a safe integer.
  const product = Number.isInteger(decimal) ? Number(decimal) * 10 ** decimals + 0 : Number.NaN;
  if (Number.isSafeInteger(product)) return product;
  const text = typeof decimal === 'number' ? plain(decimal) : decimal.trim();
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return { error: `"${decimal}" is not a decimal number` };
  const [, sign, whole = '0', fraction = ''] = match;
  const kept = fraction.slice(0, decimals).padEnd(decimals, '0');
  if (/[1-9]/.test(fraction.slice(decimals))) {
    return { error: `${decimal} has more than ${decimals} decimals` };
  }
  const value = Number(whole + kept);
  if (!Number.isSafeInteger(value)) return { error: `${decimal} is too large` };
  return sign === '-' && value !== 0 ? -value : value;
}

/** A number's decimal text, without an exponent unless it is far too large to be read. */
function plain(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20) : text;
}

export const showQty = (qty: Qty): string => decimal(qty, QTY_DECIMALS, 0);
/** At least two decimals, as prices are quoted. */
export const showPx = (px: Px): string => decimal(px, PX_DECIMALS, 2);

function decimal(value: number, decimals: number, least: number): string {
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, -decimals);
  const fraction = digits.slice(-decimals).replace(/0+$/, '').padEnd(least, '0');
  return `${value < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** For the broker's API, which takes decimals. */
export const toDecimal = (units: number, decimals: number): number =>
  Number(decimal(units, decimals, 0));

/**
 * How many of `executed` shares of an entry belong to each target, so that
 * - the parts add up to `executed`,
 * - no part ever shrinks while the entry prints on (a stop only grows), and
 * - every part is exactly its target's quantity once the entry is done.
 *
 * The parts are those of the divisor method of D'Hondt in lots of one share (of 0.0001 share when
 * a target has a fraction): largest-remainder rounding would let a part shrink.
 */
export function allocate(executed: Qty, targets: readonly Qty[]): readonly Qty[] {
  // The lot depends on the plan alone: a print of half a share must not shift the others.
  const lot = targets.every((qty) => qty % SHARE === 0) ? SHARE : 1;
  const total = targets.reduce((sum, qty) => sum + qty, 0);
  const parts = targets.map((qty) => floorShare(executed, qty, total, lot));
  let left = executed - parts.reduce((sum, part) => sum + part, 0);
  while (left > 0) {
    let best = -1;
    for (let i = 0; i < targets.length; i++) {
      const qty = targets[i] ?? 0;
      if ((parts[i] ?? 0) + lot > qty) continue;
      if (best < 0 || exceeds(qty, parts[i] ?? 0, targets[best] ?? 0, parts[best] ?? 0, lot)) {
        best = i;
      }
    }
    // More was executed than ordered: the surplus belongs to the first target.
    const at = Math.max(best, 0);
    // Less than a lot goes to whoever gets the next whole one.
    const step = best < 0 ? left : Math.min(lot, left);
    parts[at] = (parts[at] ?? 0) + step;
    left -= step;
  }
  return parts;
}

/** The lower quota in whole lots, never more than the target itself. */
function floorShare(executed: Qty, qty: Qty, total: Qty, lot: Qty): Qty {
  if (executed >= total) return qty;
  const whole = Math.floor(executed / lot);
  const lots = (BigInt(whole) * BigInt(qty / lot)) / BigInt(total / lot);
  return Number(lots) * lot;
}

/** a/(x+1) > b/(y+1), in lots; a tie goes to the earlier target. */
function exceeds(a: Qty, x: Qty, b: Qty, y: Qty, lot: Qty): boolean {
  return BigInt(a) * BigInt(y + lot) > BigInt(b) * BigInt(x + lot);
}
