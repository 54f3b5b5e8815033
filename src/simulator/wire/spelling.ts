/**
 * How single values are spelled on IB's wire, and read from it. Every value is a text; what is not
 * set is an empty one, or the largest value of the type that the sender's language has for it:
 * Java's `Double.MAX_VALUE`, `Integer.MAX_VALUE`, or `Long.MAX_VALUE` for a decimal.
 *
 * Source: `EClient.java` (`sendMax`), `EDecoder.java` (`readDoubleMax`, `readIntMax`), and messages
 * of real gateways that the tests of rust-ibapi have recorded (server versions 164 to 176).
 */

export const UNSET_DOUBLE = '1.7976931348623157E308';
export const UNSET_INT = '2147483647';

const INT_MAX = 2147483647;
const INT_MIN = -2147483648;

/** No number needs more; `Double.MAX_VALUE` without an exponent has 309 digits. */
const LONGEST_NUMBER = 400;

const WHOLE = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** `Long.MAX_VALUE` and `Long.MIN_VALUE`: decimals of IB's clients that have no value. */
const UNSET_LONGS: ReadonlySet<string> = new Set(['9223372036854775807', '-9223372036854775808']);

/** The number, `undefined` for one that is not set, NaN for what is no number. */
export function numberIn(text: string): number | undefined {
  if (text === '') return undefined;
  if (text.length > LONGEST_NUMBER || !NUMBER.test(text)) {
    // PEG BEST orders offer "up to mid" as an infinite offset.
    return text === 'Infinity' ? Number.POSITIVE_INFINITY : Number.NaN;
  }
  if (UNSET_LONGS.has(text)) return undefined;
  const value = Number(text);
  if (value === Number.MAX_VALUE) return undefined;
  return Number.isFinite(value) ? value : Number.NaN;
}

/** The whole number within 32 bits, `undefined` for one that is not set, NaN for anything else. */
export function integerIn(text: string): number | undefined {
  const value = numberIn(text);
  if (value === undefined || value === INT_MAX) return undefined;
  return WHOLE.test(text) && value >= INT_MIN && value < INT_MAX ? value : Number.NaN;
}

/** Java's `Double.toString`: `0.0`, `1.31`, `1.0E7`, `1.0E-4`. `unset` is written for no value. */
export function doubleText(value: number | undefined, unset = ''): string {
  if (value === undefined) return unset;
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : `${value}`;
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) {
    const plain = String(value);
    return plain.includes('.') ? plain : `${plain}.0`;
  }
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** Without an exponent and without idle zeros, as quantities and `orderStatus` have it: `100`. */
export function plainText(value: number | undefined, unset = ''): string {
  if (value === undefined) return unset;
  const text = String(value);
  return text.includes('e') && Number.isFinite(value) ? withoutExponent(text) : text;
}

function withoutExponent(text: string): string {
  const [, sign = '', whole = '', part = '', exponent = ''] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  const digits = whole + part;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}

export function flagText(value: boolean | undefined, unset = '0'): string {
  if (value === undefined) return unset;
  return value ? '1' : '0';
}

/**
 * Text in seven bits: whatever is beyond ASCII as `\u00e9`, one for each UTF-16 unit. TWS sends
 * errors and long names so from server version 153 (`EDecoder.decodeUnicodeEscapedString`). There
 * is no way to write a backslash and a `u` that are meant as such: clients take them for an escape.
 */
export function asciiText(text: string): string {
  return text.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
