/**
 * Numbers of shares, exactly.
 *
 * A log says 0.1 and 0.2, and an audit that adds them must say 0.3: a residual of
 * 0.00000000000000004 shares would be an accusation. So every quantity is a whole number of
 * ten-thousandths of a share (IB's finest fraction) in a bigint, and only the way in and the way
 * out touch a binary fraction.
 */

/** Ten-thousandths of a share. */
export type Shares = bigint;

const UNITS = 10_000;
const DECIMALS = 4;

/**
 * Below this a double still tells every ten-thousandth from its neighbours (fifteen significant
 * digits), so what JSON.parse made of the text is what the text said.
 */
export const MOST_SHARES = 99_999_999_999;

/** `undefined`: finer than a ten-thousandth, or too large to be told exactly. */
export function sharesFrom(value: number): Shares | undefined {
  if (!(Math.abs(value) <= MOST_SHARES)) return undefined;
  const units = Math.round(value * UNITS);
  return units / UNITS === value ? BigInt(units) : undefined;
}

/**
 * For the advisory figures of an order status only. A library that subtracts doubles says
 * `remaining: 29.999999999999996`; that is no reason to lose the status beside it.
 */
export function sharesNear(value: number): Shares {
  return BigInt(Math.round(Math.min(value, MOST_SHARES) * UNITS));
}

/** For JSON: the double whose shortest spelling is the decimal. */
export function sharesToNumber(shares: Shares): number {
  return Number(shares) / UNITS;
}

export function sharesText(shares: Shares): string {
  const digits = absolute(shares)
    .toString()
    .padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  const whole = digits.slice(0, -DECIMALS);
  return `${shares < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** A position: `+100`, `-270`, `0`. */
export function signedText(shares: Shares): string {
  return shares > 0n ? `+${sharesText(shares)}` : sharesText(shares);
}

export function absolute(shares: Shares): Shares {
  return shares < 0n ? -shares : shares;
}
