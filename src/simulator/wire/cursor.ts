/**
 * A place within the fields of one message. Whoever takes a field names it; the first that is not
 * there or cannot be read is remembered, and from then on nothing more is taken. So a layout is read
 * to its end without a look at what came of it, and nothing throws.
 */
import { integerIn, numberIn } from './spelling.ts';

export type Misreading = {
  /** As it is called in the request, `comboLegs.2.ratio`; `field 17` if there is no such field. */
  readonly field: string;
  readonly reason:
    | 'missing'
    /** A value must be set here. */
    | 'empty'
    | 'notANumber'
    /** Not a whole number of 32 bits. */
    | 'notAnInteger'
    /** Neither 1 nor 0. */
    | 'notAFlag'
    /** A list that is longer than what is left of the message, or of less than nothing. */
    | 'notACount'
    | 'notACondition'
    /** The layout ends before the message does. */
    | 'inExcess';
};

export type Cursor = {
  readonly fields: readonly string[];
  readonly version: number;
  at: number;
  misread: Misreading | undefined;
};

export function cursorOver(fields: readonly string[], version: number, at = 0): Cursor {
  return { fields, version, at, misread: undefined };
}

export function misread(cursor: Cursor, field: string, reason: Misreading['reason']): void {
  cursor.misread ??= { field, reason };
}

function take(cursor: Cursor, field: string): string {
  if (cursor.misread !== undefined) return '';
  const text = cursor.fields[cursor.at];
  if (text === undefined) {
    misread(cursor, field, 'missing');
    return '';
  }
  cursor.at += 1;
  return text;
}

export function takeText(cursor: Cursor, field: string): string | undefined {
  return take(cursor, field) || undefined;
}

export function takeNumber(cursor: Cursor, field: string): number | undefined {
  const value = numberIn(take(cursor, field));
  if (!Number.isNaN(value)) return value;
  misread(cursor, field, 'notANumber');
  return undefined;
}

export function takeInteger(cursor: Cursor, field: string): number | undefined {
  const value = integerIn(take(cursor, field));
  if (!Number.isNaN(value)) return value;
  misread(cursor, field, 'notAnInteger');
  return undefined;
}

export function takeFlag(cursor: Cursor, field: string): boolean | undefined {
  const text = take(cursor, field);
  if (text === '1') return true;
  if (text === '0') return false;
  if (integerIn(text) !== undefined) misread(cursor, field, 'notAFlag');
  return undefined;
}

/** The value, or `instead` with a misreading if it is not set. */
export function needed<T>(cursor: Cursor, field: string, value: T | undefined, instead: T): T {
  if (value !== undefined) return value;
  misread(cursor, field, 'empty');
  return instead;
}

/**
 * A list that is written as a count and then its items, of at least `width` fields each. An empty
 * list is `undefined`, like everything that is not set.
 */
export function takeList<T>(
  cursor: Cursor,
  field: string,
  width: number,
  item: (cursor: Cursor, field: string) => T,
): readonly T[] | undefined {
  const count = takeInteger(cursor, field) ?? 0;
  if (count < 0 || count * width > cursor.fields.length - cursor.at) {
    misread(cursor, field, 'notACount');
  }
  const items: T[] = [];
  for (let i = 0; i < count && cursor.misread === undefined; i += 1) {
    items.push(item(cursor, `${field}.${i}`));
  }
  return items.length === 0 ? undefined : items;
}

/** Nothing may be left. */
export function finish(cursor: Cursor): void {
  if (cursor.at < cursor.fields.length) misread(cursor, `field ${cursor.at}`, 'inExcess');
}
