/**
 * A scenario: what is done to the gateway while it runs, a JSON object a line.
 *
 *     {"after": 250, "do": "price", "symbol": "RIME", "price": 1.31}     250 ms after the start
 *     {"after": {"fills": 2}, "do": "loseLink"}                          once two executions happened
 *
 * Lines that wait for a time are done in the order of their times; lines that wait for executions in
 * the order in which they are written. Empty lines and lines that begin with `#` are left out.
 */
import { type Deed, readDeed } from './deeds.ts';

export type Planned = {
  readonly line: number;
  readonly after: { readonly ms: number } | { readonly fills: number };
  readonly deed: Deed;
};

export type ScenarioReading =
  | { readonly ok: true; readonly planned: readonly Planned[] }
  | { readonly ok: false; readonly line: number; readonly reason: string };

export function readScenario(text: string): ScenarioReading {
  const planned: Planned[] = [];
  for (const [at, written] of text.split('\n').entries()) {
    const line = at + 1;
    const trimmed = written.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const read = readLine(trimmed);
    if (typeof read === 'string') return { ok: false, line, reason: read };
    planned.push({ line, ...read });
  }
  return { ok: true, planned };
}

function readLine(text: string): Omit<Planned, 'line'> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not a JSON object';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'it is not a JSON object';
  }
  const { after = 0, ...rest } = value as { after?: unknown };
  const when = readAfter(after);
  if (when === undefined) {
    return '"after" is milliseconds from the start, or {"fills": how many executions}';
  }
  const read = readDeed(rest);
  return read.ok ? { after: when, deed: read.deed } : read.reason;
}

export type Given = {
  readonly symbols?: readonly string[];
  readonly accounts?: readonly string[];
  readonly stepped: boolean;
};

/** Why it can never be done by a gateway like that: known before it starts. */
export function neverDone(deed: Deed, { symbols, accounts, stepped }: Given): string | undefined {
  const unknown = (what: string, name: string, known: readonly string[] | undefined) =>
    known === undefined || known.includes(name)
      ? undefined
      : `${deed.do}: no ${what} ${name} is known here; --${what}s has ${known.join(', ')}`;
  if (deed.do === 'advance' && !stepped)
    return 'advance: time is real here: --time stepped lets it be moved';
  const symbol = 'symbol' in deed ? deed.symbol : undefined;
  const account = 'account' in deed ? deed.account : undefined;
  return (
    (symbol === undefined ? undefined : unknown('symbol', symbol, symbols)) ??
    (account === undefined ? undefined : unknown('account', account, accounts))
  );
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

function readAfter(after: unknown): Planned['after'] | undefined {
  if (isCount(after)) return { ms: after };
  if (typeof after !== 'object' || after === null || !('fills' in after)) return undefined;
  return isCount(after.fills) && Number.isInteger(after.fills) ? { fills: after.fills } : undefined;
}
