/**
 * What a gateway is made with, as far as it decides what happens at the venue: another gateway can go
 * on from a state only with the same. The rest may change from start to start.
 */
import { z } from 'zod';
import { printable } from '../terminal/layout.ts';
import type { GatewayOptions } from './options.ts';

export const madeOf = ({
  accounts,
  symbols,
  cash,
  regularHours,
  venue,
}: Partial<GatewayOptions>): string =>
  JSON.stringify({ accounts, symbols, cash, regularHours, venue });

/** As it stands in a state: whoever has written it, only what has a name on the command line is read. */
const madeSchema = z.object({
  accounts: z.array(z.string()).optional(),
  symbols: z.array(z.string()).optional(),
  cash: z.number().optional(),
  regularHours: z.object({ from: z.number(), to: z.number() }).nullish(),
  venue: z
    .object({
      seed: z.number().optional(),
      acknowledgeMs: z.number().optional(),
      fillLot: z.number().optional(),
      lotGapMs: z.number().optional(),
      requestsWhileDown: z.string().optional(),
      faults: z.record(z.string(), z.unknown()).optional(),
      tape: z.array(z.object({ symbol: z.string(), price: z.number() })).optional(),
      book: z
        .looseObject({
          startingPositions: z
            .array(z.object({ symbol: z.string(), position: z.number(), avgCost: z.number() }))
            .optional(),
        })
        .optional(),
    })
    .optional(),
});

/** The options in the words of the command line; undefined for one that is not given. */
function spelled(made: string): Readonly<Record<string, string | undefined>> | undefined {
  const read = madeSchema.safeParse(parsed(made));
  if (!read.success) return undefined;
  const { accounts, symbols, cash, regularHours: hours, venue = {} } = read.data;
  const { startingPositions = [], ...assumed } = venue.book ?? {};
  const number = (value: number | undefined) => (value === undefined ? undefined : String(value));
  return {
    accounts: accounts?.join(),
    symbols: symbols?.join(),
    cash: number(cash),
    price: list((venue.tape ?? []).map(({ symbol, price }) => `${symbol}:${price}`)),
    position: list(startingPositions.map((one) => `${one.symbol}:${one.position}@${one.avgCost}`)),
    assume: list(pairs(assumed)),
    faults: list(pairs(venue.faults ?? {})),
    seed: number(venue.seed),
    latency: number(venue.acknowledgeMs),
    'fill-lot': number(venue.fillLot),
    'lot-gap': number(venue.lotGapMs),
    'regular-hours': hours == null ? undefined : `${clock(hours.from)}-${clock(hours.to)}`,
    'link-down': venue.requestsWhileDown,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const list = (parts: readonly string[]): string | undefined =>
  parts.length === 0 ? undefined : parts.join();

const pairs = (options: object): readonly string[] =>
  Object.entries(options).map(([name, value]) => `${name}=${value}`);

const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((one) => String(one).padStart(2, '0')).join(':');

/** How two are made differently, and what to do about it. */
export function differences(theirs: string, ours: string): string {
  const [before, now] = [spelled(theirs), spelled(ours)];
  const differing = Object.keys(now ?? {}).filter((name) => before?.[name] !== now?.[name]);
  const said = (name: string, value: string | undefined): string =>
    value === undefined ? `no --${name}` : `--${name} ${printable(value)}`;
  if (before === undefined || now === undefined || differing.length === 0)
    return 'belongs to a gateway with other options. Start it as it was started then, or name another --state';
  const had = differing.map((name) => said(name, before[name])).join(', ');
  const has = differing.map((name) => said(name, now[name])).join(', ');
  return `belongs to a gateway with ${had}, not with ${has}. Start it with what it had, or name another --state`;
}
