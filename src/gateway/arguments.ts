/** `interlock gateway`'s command line; what it cannot mean is refused in words. */
import type { BookOptions } from '../simulator/book.ts';
import { type Faults, NO_FAULTS } from '../simulator/channel.ts';
import type { VenueOptions } from '../simulator/terms.ts';
import { SERVER_VERSIONS } from '../simulator/wire.ts';
import { askedFrom } from '../terminal/arguments.ts';
import { printable } from '../terminal/layout.ts';
import { readAssumptions } from './assumptions.ts';
import { readHours } from './hours.ts';
import { GATEWAY_DEFAULTS, type GatewayOptions } from './options.ts';

export type Wanted = {
  readonly options: Partial<GatewayOptions>;
  readonly port: number;
  /** Null for none. */
  readonly controlPort: number | null;
  readonly stepped: boolean;
  /** Where stepped time begins, in milliseconds since 1970. */
  readonly start: number;
  /** Files; empty for none. */
  readonly scenario: string;
  readonly ledger: string;
  readonly state: string;
  readonly json: boolean;
};

export type Reading =
  | { readonly type: 'help' }
  /** What can be done at the controls is asked for. */
  | { readonly type: 'deeds' }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'wanted'; readonly wanted: Wanted };

const FLAGS = ['no-rate-limit', 'roll-back-ids', 'json', 'deeds'] as const;
const VALUES = [
  'port',
  'control-port',
  'server-version',
  'accounts',
  'symbols',
  'cash',
  'master-client',
  'rate-limit',
  'latency',
  'fill-lot',
  'lot-gap',
  'regular-hours',
  'link-down',
  'assume',
  'faults',
  'seed',
  'position',
  'price',
  'time',
  'start',
  'scenario',
  'ledger',
  'state',
] as const;
type Value = (typeof VALUES)[number];

class Refused extends Error {}

function refuse(name: string, text: string, allowed: string): never {
  throw new Refused(`--${name} ${allowed}, not "${printable(text)}"`);
}

export function wantedFrom(args: readonly string[]): Reading {
  const asked = askedFrom(args, { file: false, flags: FLAGS, values: VALUES });
  if (asked.type !== 'asked') return asked;
  if (asked.flags.has('deeds')) return { type: 'deeds' };
  const text = (name: Value): string | undefined => asked.values.get(name);
  const whole = (name: Value, least: number, most: number): number | undefined => {
    const given = text(name);
    if (given === undefined) return undefined;
    const value = Number(given);
    const fits = /^\d+$/.test(given) && value >= least && value <= most;
    return fits ? value : refuse(name, given, `is a whole number from ${least} to ${most}`);
  };
  try {
    refuseIdle(text, asked.flags);
    const wanted: Wanted = {
      options: optionsFrom(text, whole, asked.flags),
      port: whole('port', 0, 65_535) ?? 4002,
      controlPort: whole('control-port', 0, 65_535) ?? null,
      stepped: oneOf('time', text('time') ?? 'real', ['real', 'stepped']) === 'stepped',
      start: startFrom(text('start') ?? '2026-02-12T14:30:00Z'),
      scenario: text('scenario') ?? '',
      ledger: text('ledger') ?? '',
      state: text('state') ?? '',
      json: asked.flags.has('json'),
    };
    return { type: 'wanted', wanted };
  } catch (problem) {
    if (problem instanceof Refused) return { type: 'refused', reason: problem.message };
    throw problem;
  }
}

/** What would change nothing beside the rest, or cannot go with it. */
function refuseIdle(text: Text, flags: ReadonlySet<string>): void {
  if (flags.has('roll-back-ids') && text('state') === undefined)
    throw new Refused('--roll-back-ids is about a restart: it needs --state FILE');
  if (flags.has('no-rate-limit') && text('rate-limit') !== undefined)
    throw new Refused('--rate-limit and --no-rate-limit exclude each other');
  const port = text('port') ?? '4002';
  const control = text('control-port');
  if (control !== undefined && Number(control) === Number(port) && Number(port) !== 0)
    throw new Refused(`--port and --control-port are both ${Number(port)}. Name two numbers`);
  if (text('lot-gap') !== undefined && text('fill-lot') === undefined)
    throw new Refused(
      '--lot-gap changes nothing where orders trade in one piece: it needs --fill-lot N',
    );
  if (text('start') !== undefined && (text('time') ?? 'real') === 'real')
    throw new Refused('--start changes nothing where time is real: it needs --time stepped');
}

type Text = (name: Value) => string | undefined;
type Whole = (name: Value, least: number, most: number) => number | undefined;

function optionsFrom(
  text: Text,
  whole: Whole,
  flags: ReadonlySet<string>,
): Partial<GatewayOptions> {
  const limit = flags.has('no-rate-limit') ? Number.POSITIVE_INFINITY : whole('rate-limit', 1, 1e6);
  const accounts = listOf('accounts', text('accounts') ?? GATEWAY_DEFAULTS.accounts.join());
  const symbols = listOf('symbols', text('symbols') ?? GATEWAY_DEFAULTS.symbols.join());
  const latency = whole('latency', 0, 60_000);
  const down = oneOf('link-down', text('link-down') ?? 'lost', ['lost', 'delayed']);
  const times =
    latency === undefined
      ? {}
      : {
          sentMs: { BUY: latency, SELL: latency },
          heardMs: { BUY: latency, SELL: latency },
          acknowledgeMs: latency,
          cancelMs: latency,
          routeMs: latency,
          settleMs: latency,
        };
  return {
    accounts,
    symbols,
    cash: whole('cash', 0, 1e12) ?? GATEWAY_DEFAULTS.cash,
    serverVersion:
      whole('server-version', SERVER_VERSIONS.min, SERVER_VERSIONS.max) ?? SERVER_VERSIONS.max,
    rateLimit: limit ?? GATEWAY_DEFAULTS.rateLimit,
    masterClient: whole('master-client', 0, 2 ** 31 - 1) ?? null,
    rollsBackIds: flags.has('roll-back-ids'),
    ...hoursFrom(text('regular-hours')),
    venue: {
      ...times,
      ...lotsFrom(whole),
      seed: whole('seed', 0, 2 ** 32 - 1) ?? 1,
      requestsWhileDown: down,
      faults: faultsFrom(text('faults')),
      book: bookFrom(text('assume'), text('position'), accounts, symbols),
      tape: tapeFrom(text('price'), symbols),
    },
  };
}

function oneOf<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const known = allowed.find((word) => word === text);
  return known ?? refuse(name, text, `is one of ${allowed.join(', ')}`);
}

function listOf(name: string, text: string): readonly string[] {
  const list = text.split(',');
  const good = list.every((one) => /^[A-Za-z0-9._-]{1,24}$/.test(one));
  if (!good || new Set(list).size !== list.length) {
    refuse(name, text, 'is a list of different names, as in A,B');
  }
  return list;
}

function startFrom(text: string): number {
  const at = Date.parse(text);
  return Number.isNaN(at) ? refuse('start', text, 'is a time as in 2026-02-12T14:30:00Z') : at;
}

function hoursFrom(text: string | undefined): Pick<Partial<GatewayOptions>, 'regularHours'> {
  if (text === undefined) return {};
  const hours = readHours(text);
  const allowed = 'is hours of one day in New York, the end after the beginning, as in 09:30-16:00';
  return { regularHours: hours ?? refuse('regular-hours', text, allowed) };
}

function lotsFrom(whole: Whole): Partial<VenueOptions> {
  const fillLot = whole('fill-lot', 1, 1e9);
  const lotGapMs = whole('lot-gap', 0, 86_400_000);
  return {
    ...(fillLot === undefined ? {} : { fillLot }),
    ...(lotGapMs === undefined ? {} : { lotGapMs }),
  };
}

/** `repeat=0.1,lose=0.01`: probabilities, and where the name ends in Ms, milliseconds. */
function faultsFrom(text: string | undefined): Partial<Faults> {
  const faults: Record<string, number> = {};
  for (const part of text === undefined ? [] : text.split(',')) {
    const [name = '', value = ''] = part.split('=');
    const number = Number(value);
    const most = name.endsWith('Ms') ? 60_000 : name === 'correctShares' ? 1_000 : 1;
    const isFault = Object.hasOwn(NO_FAULTS, name);
    if (isFault && (value === '' || !(number >= 0 && number <= most)))
      throw new Refused(
        `--faults: ${name} is a number from 0 to ${most}, not "${printable(value)}"`,
      );
    if (!isFault) {
      const names = Object.keys(NO_FAULTS).join(', ');
      refuse('faults', part, `is a list as in repeat=0.1 of ${names}`);
    }
    faults[name] = number;
  }
  return faults;
}

function bookFrom(
  assume: string | undefined,
  position: string | undefined,
  accounts: readonly string[],
  symbols: readonly string[],
): Partial<BookOptions> {
  const read = assume === undefined ? { ok: true as const, book: {} } : readAssumptions(assume);
  if (!read.ok) throw new Refused(`--assume: ${read.reason}`);
  if (position === undefined) return read.book;
  const [account = ''] = accounts;
  const startingPositions = position.split(',').map((part) => {
    const [, symbol = '', shares, cost] =
      /^([^:]+):(-?\d+(?:\.\d+)?)@(\d+(?:\.\d+)?)$/.exec(part) ?? [];
    if (!symbols.includes(symbol)) {
      refuse('position', part, 'is a list as in RIME:100@1.31, of symbols that are traded here');
    }
    return { account, symbol, position: Number(shares), avgCost: Number(cost) };
  });
  return { ...read.book, startingPositions };
}

function tapeFrom(
  text: string | undefined,
  symbols: readonly string[],
): readonly { at: number; symbol: string; price: number }[] {
  return (text === undefined ? [] : text.split(',')).map((part) => {
    const [symbol = '', price = ''] = part.split(':');
    const value = Number(price);
    if (!symbols.includes(symbol) || !(value > 0)) {
      refuse('price', part, 'is a list as in RIME:1.31, of symbols that are traded here');
    }
    return { at: 0, symbol, price: value };
  });
}
