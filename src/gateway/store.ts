/**
 * What makes a gateway the same one after a restart (`--state FILE`): all that ever reached its venue,
 * a JSON object a line, in order and with its time. The venue decides by its seed and by nothing else,
 * so going through the lines again gives the same orders, executions and ids.
 *
 * A line is on its way to the disk before what it says is in effect. Of a line that was cut off by a
 * crash nothing was in effect; it is dropped.
 */

import { Buffer } from 'node:buffer';
import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { differences } from './made.ts';

/** Something that reached the venue, or an id that was promised. */
export type Stored = { readonly at: number; readonly of: string } & Readonly<
  Record<string, unknown>
>;

export type Store = {
  readonly write: (entry: Stored) => void;
  readonly close: () => void;
};

export const NO_STORE: Store = { write: () => {}, close: () => {} };

export type Opened =
  | { readonly ok: true; readonly store: Store; readonly before: readonly Stored[] }
  | { readonly ok: false; readonly reason: string };

/** The first line says what the gateway was made with: another one cannot go on from it. */
type Head = { readonly interlockGateway: 1; readonly made: string };

/**
 * Opens or begins a file. `made` describes everything that decides what happens at the venue.
 * Throws what the file system says.
 */
export function openStore(file: string, made: string): Opened {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const end = text.lastIndexOf('\n') + 1;
  const lines = text.slice(0, end).split('\n').slice(0, -1);
  const [first, ...rest] = lines;
  const strange = `${file} is not a state of the gateway. Name another file, or a new one`;
  if (first === undefined && !isTornHead(text)) return { ok: false, reason: strange };
  if (first !== undefined) {
    const head = parsed(first);
    if (!isHead(head)) return { ok: false, reason: strange };
    if (head.made !== made) {
      return { ok: false, reason: `${file} ${differences(head.made, made)}` };
    }
  }
  const before: Stored[] = [];
  for (const [at, line] of rest.entries()) {
    const entry = parsed(line);
    if (!isStored(entry)) return { ok: false, reason: `${file}:${at + 2} is damaged` };
    before.push(entry);
  }
  if (end < text.length) truncateSync(file, Buffer.byteLength(text.slice(0, end)));
  const descriptor = openSync(file, 'a');
  const write = (value: Head | Stored): void => {
    writeSync(descriptor, `${JSON.stringify(value)}\n`);
  };
  if (first === undefined) write({ interlockGateway: 1, made });
  let open = true;
  const store: Store = {
    write: (entry) => {
      if (open) write(entry);
    },
    close: () => {
      if (open) closeSync(descriptor);
      open = false;
    },
  };
  return { ok: true, store, before };
}

const HEAD = '{"interlockGateway":1,';

/** Nothing, or the beginning of the first line: whoever began the file was cut off. */
const isTornHead = (text: string): boolean => HEAD.startsWith(text) || text.startsWith(HEAD);

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isHead = (value: unknown): value is Head =>
  isObject(value) && value.interlockGateway === 1 && typeof value.made === 'string';

const isStored = (value: unknown): value is Stored =>
  isObject(value) && typeof value.at === 'number' && typeof value.of === 'string';
