/**
 * What layouts of orders are made of. A part knows how its fields are read and how they are
 * written, so that one list of parts serves for both.
 */
import type { WireContract } from './contract.ts';
import { type Cursor, takeFlag, takeInteger, takeNumber, takeText } from './cursor.ts';
import type { WireOrder, WireOrderState } from './order.ts';
import { doubleText, flagText, plainText } from './spelling.ts';

/** What a message says of an order. */
export type Sheet = {
  readonly contract: WireContract;
  readonly order: WireOrder;
  readonly state: WireOrderState;
};

type Draft<T> = { -readonly [K in keyof T]: T[K] };

export type DraftSheet = {
  readonly contract: Draft<WireContract>;
  readonly order: Draft<WireOrder>;
  readonly state: Draft<WireOrderState>;
};

export type Part = {
  readonly name: string;
  readonly read: (from: Cursor, into: DraftSheet) => void;
  readonly write: (of: Sheet, out: string[]) => void;
  /** The server versions that have it: from `since`, and before `until`. */
  readonly since?: number;
  readonly until?: number;
};

export type Layout = (version: number) => readonly Part[];

/** A layout's parts as each server version has them; worked out once for every version. */
export function layoutOf(parts: readonly Part[]): Layout {
  const known = new Map<number, readonly Part[]>();
  return (version) => {
    const found =
      known.get(version) ??
      parts.filter(({ since = 0, until = Infinity }) => since <= version && version < until);
    known.set(version, found);
    return found;
  };
}

/** Goes on until the layout ends or something cannot be read; the cursor says which. */
export function readSheet(from: Cursor, layout: Layout): Sheet {
  const sheet: DraftSheet = { contract: {}, order: {}, state: {} };
  for (const part of layout(from.version)) {
    if (from.misread !== undefined) break;
    part.read(from, sheet);
  }
  return sheet;
}

export function writeSheet(sheet: Sheet, layout: Layout, version: number): string[] {
  const out: string[] = [];
  for (const part of layout(version)) part.write(sheet, out);
  return out;
}

export const since = (version: number, part: Part): Part => ({ ...part, since: version });

export const between = (from: number, until: number, part: Part): Part => ({
  ...part,
  since: from,
  until,
});

/** Parts that are there only if what stands before them says so. */
export function when(condition: (sheet: Sheet) => boolean, parts: readonly Part[]): Part {
  return {
    name: parts.map(({ name }) => name).join(', '),
    read: (from, into) => {
      if (condition(into)) for (const part of parts) part.read(from, into);
    },
    write: (of, out) => {
      if (condition(of)) for (const part of parts) part.write(of, out);
    },
  };
}

/** A field that carries nothing any more; whatever stands there is passed over. */
export const idle = (name: string): Part => ({
  name,
  read: (from) => {
    takeText(from, name);
  },
  write: (_, out) => {
    out.push('');
  },
});

type Keys<T, V> = {
  [K in keyof T]-?: [Exclude<T[K], undefined>] extends [V] ? K : never;
}[keyof T];

// `unset` is what TWS writes for no value, as far as recorded messages show it.

export const text = (key: Keys<WireOrder, string>, unset = ''): Part => ({
  name: key,
  read: (from, { order }) => {
    const value = takeText(from, key);
    if (value !== undefined) order[key] = value;
  },
  write: ({ order }, out) => {
    out.push(order[key] || unset);
  },
});

const takenInteger = (key: Keys<WireOrder, number>): Part['read'] => {
  return (from, { order }) => {
    const value = takeInteger(from, key);
    if (value !== undefined) order[key] = value;
  };
};

const takenNumber = (key: Keys<WireOrder, number>): Part['read'] => {
  return (from, { order }) => {
    const value = takeNumber(from, key);
    if (value !== undefined) order[key] = value;
  };
};

/** A whole number. */
export const int = (key: Keys<WireOrder, number>, unset = ''): Part => ({
  name: key,
  read: takenInteger(key),
  write: ({ order }, out) => {
    out.push(plainText(order[key], unset));
  },
});

/** A price, or whatever else is a double at IB. */
export const double = (key: Keys<WireOrder, number>, unset = ''): Part => ({
  name: key,
  read: takenNumber(key),
  write: ({ order }, out) => {
    out.push(doubleText(order[key], unset));
  },
});

/** A quantity, or an id of 64 bits. */
export const decimal = (key: Keys<WireOrder, number>, unset = ''): Part => ({
  name: key,
  read: takenNumber(key),
  write: ({ order }, out) => {
    out.push(plainText(order[key], unset));
  },
});

export const flag = (key: Keys<WireOrder, boolean>, unset = '0'): Part => ({
  name: key,
  read: (from, { order }) => {
    const value = takeFlag(from, key);
    if (value !== undefined) order[key] = value;
  },
  write: ({ order }, out) => {
    out.push(flagText(order[key], unset));
  },
});

export const ofContract = (key: Keys<WireContract, string>, unset = ''): Part => ({
  name: key,
  read: (from, { contract }) => {
    const value = takeText(from, key);
    if (value !== undefined) contract[key] = value;
  },
  write: ({ contract }, out) => {
    out.push(contract[key] || unset);
  },
});

export const conId: Part = {
  name: 'conId',
  read: (from, { contract }) => {
    const value = takeInteger(from, 'conId');
    if (value !== undefined) contract.conId = value;
  },
  write: ({ contract }, out) => {
    out.push(plainText(contract.conId, '0'));
  },
};

export const strike: Part = {
  name: 'strike',
  read: (from, { contract }) => {
    const value = takeNumber(from, 'strike');
    if (value !== undefined) contract.strike = value;
  },
  write: ({ contract }, out) => {
    out.push(plainText(contract.strike, '0'));
  },
};

export const ofState = (key: Keys<WireOrderState, string>, unset = ''): Part => ({
  name: key,
  read: (from, { state }) => {
    const value = takeText(from, key);
    if (value !== undefined) state[key] = value;
  },
  write: ({ state }, out) => {
    out.push(state[key] || unset);
  },
});

export const amount = (key: Keys<WireOrderState, number>, unset = ''): Part => ({
  name: key,
  read: (from, { state }) => {
    const value = takeNumber(from, key);
    if (value !== undefined) state[key] = value;
  },
  write: ({ state }, out) => {
    out.push(doubleText(state[key], unset));
  },
});
