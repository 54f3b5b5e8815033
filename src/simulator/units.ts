/**
 * Whole numbers inside, decimals outside.
 *
 * A quantity is counted in units of 0.0001 share (the finest IB quotes for stocks) and a price in
 * units of 1e-8, so that nothing the simulator adds up can drift. Products go through `bigint`,
 * because ten thousand shares at five hundred dollars already pass 2^53.
 */

export const UNITS_PER_SHARE = 10_000;
const PRICE_UNITS = 100_000_000;

export const toUnits = (shares: number): number => Math.round(shares * UNITS_PER_SHARE);

export const toShares = (units: number): number => units / UNITS_PER_SHARE;

/** False for a quantity finer than 0.0001 share. The tolerance is that of the decimal, not ours. */
export const isCountable = (shares: number): boolean =>
  Number.isFinite(shares) && Math.abs(shares * UNITS_PER_SHARE - toUnits(shares)) < 1e-6;

export const priceUnits = (price: number): bigint => BigInt(Math.round(price * PRICE_UNITS));

export const fromPriceUnits = (units: bigint): number => Number(units) / PRICE_UNITS;

/** Quantity times price, the sign that of the quantity, in decimal digits. */
export const withNotional = (notional: string, units: number, price: number): string =>
  String(BigInt(notional) + BigInt(units) * priceUnits(price));

/** The mean price of executions, 0 for none (as IB reports it). */
export const averagePrice = (units: number, notional: string): number =>
  units === 0 ? 0 : fromPriceUnits((BigInt(notional) + BigInt(units) / 2n) / BigInt(units));

export type Rounding = 'nearest' | 'up' | 'down';

/** `a × b / c` rounded to a multiple of `lot`; exact in between. All arguments are natural. */
export const scaled = (
  a: number,
  b: number,
  c: number,
  lot: number,
  rounding: Rounding = 'nearest',
): number => {
  const top = BigInt(a) * BigInt(b);
  const bottom = BigInt(c) * BigInt(lot);
  const extra = { nearest: bottom / 2n, up: bottom - 1n, down: 0n }[rounding];
  return Number((top + extra) / bottom) * lot;
};
