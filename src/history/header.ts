/**
 * The header of a history: the plan that the router will ask for.
 *
 *     bracket RIME-705  BUY 100 RIME  LMT 1.26  stop STP LMT 1.21/1.20  target 70 LMT 1.30  …
 *
 * What a line leaves out has an explicit default here, for the engine has none: the entry is DAY,
 * the exits are GTC, and nothing works outside regular hours. Then `key=value`:
 *
 *     plan=paired|sequenced   tif=DAY|GTC (of the exits)   outsideRth=none|exits|all
 *     flattenBeforeClose=yes|no   watcher=breakout:RIME:1.3#1   and every policy, e.g. coverMs=500
 */
import type { BracketRequest } from '../core/request.ts';
import type { Overlap } from '../core/state.ts';

export type Fail = (problem: string) => never;

type Policy = NonNullable<BracketRequest['policy']>;
type Target = BracketRequest['targets'][number];

/** Every history plays in one account. */
export const ACCOUNT = 'DU1';

const TIMES = [
  'coverMs',
  'acknowledgementMs',
  'withdrawalMs',
  'replacementMs',
  'resolutionMs',
  'tradingMs',
  'leaveMs',
] as const;

const KEYS = [
  ...['plan', 'tif', 'outsideRth', 'flattenBeforeClose', 'watcher'],
  ...[...TIMES, 'onNaked', 'remedy', 'escalationOffset', 'repricings'],
];

type Options = {
  plan: 'paired' | 'sequenced';
  tif: 'DAY' | 'GTC';
  outside: { readonly entry: boolean; readonly exits: boolean };
  flattenBeforeClose: boolean;
  watcher: { readonly key: string; readonly epoch: number } | null;
  policy: Policy;
};

export function readBracket(all: readonly string[], fail: Fail): BracketRequest {
  const words = all.filter((word) => !word.includes('='));
  const options = readOptions(
    all.filter((word) => word.includes('=')),
    fail,
  );
  const next = (what: string): string => words.shift() ?? fail(`the line ends before ${what}`);
  const bracket = next('the name');
  const side = oneOf(next('BUY or SELL'), ['BUY', 'SELL'] as const, fail);
  const quantity = next('the quantity');
  const symbol = next('the symbol');
  const { tif, outside } = options;
  const entry = readEntry(words, next, outside.entry, fail);
  if (next('"stop"') !== 'stop') fail('after the entry comes "stop STP 1.25"');
  const stop = readStop(words, next, fail);
  const targets: Target[] = [];
  while (words.length > 0) {
    if (next('"target"') !== 'target')
      fail('after the stop come "target 70 LMT 1.35", one or more');
    const size = next('the quantity');
    if (next('LMT') !== 'LMT') fail('a target is "70 LMT 1.35"');
    const limitPrice = next('the limit');
    const part = size.endsWith('%') ? { percent: Number(size.slice(0, -1)) } : { quantity: size };
    targets.push({ ...part, limitPrice, tif, outsideRth: outside.exits });
  }
  return {
    bracket,
    account: ACCOUNT,
    symbol,
    side,
    quantity,
    entry,
    stop: { ...stop, tif, outsideRth: outside.exits },
    targets,
    plan: options.plan,
    flattenBeforeClose: options.flattenBeforeClose,
    ...(options.watcher === null ? {} : { watcher: options.watcher }),
    policy: options.policy,
  };
}

type Next = (what: string) => string;

/** `STP LMT 1.25/1.24`: both words of the type, or one. */
function readType(words: string[], next: Next, fail: Fail): 'MKT' | 'LMT' | 'STP' | 'STP LMT' {
  const type = oneOf(next('the order type'), ['MKT', 'LMT', 'STP'] as const, fail);
  if (type !== 'STP' || words[0] !== 'LMT') return type;
  words.shift();
  return 'STP LMT';
}

function readEntry(
  words: string[],
  next: Next,
  outsideRth: boolean,
  fail: Fail,
): BracketRequest['entry'] {
  const type = readType(words, next, fail);
  const common = { tif: 'DAY', outsideRth } as const;
  switch (type) {
    case 'MKT':
      return { type, ...common };
    case 'LMT':
      return { type, limitPrice: next('the limit'), ...common };
    case 'STP':
      return { type, stopPrice: next('the trigger'), ...common };
    case 'STP LMT':
      return { type, ...twoPrices(next('trigger/limit'), fail), ...common };
  }
}

function readStop(
  words: string[],
  next: Next,
  fail: Fail,
):
  | { readonly type: 'STP'; readonly stopPrice: string }
  | { readonly type: 'STP LMT'; readonly stopPrice: string; readonly limitPrice: string } {
  const type = readType(words, next, fail);
  if (type === 'STP') return { type, stopPrice: next('the trigger') };
  if (type === 'STP LMT') return { type, ...twoPrices(next('trigger/limit'), fail) };
  return fail(`a stop is STP or STP LMT, not ${type}`);
}

function twoPrices(
  word: string,
  fail: Fail,
): { readonly stopPrice: string; readonly limitPrice: string } {
  const [stopPrice, limitPrice] = word.split('/');
  if (stopPrice === undefined || limitPrice === undefined) {
    return fail(`"${word}" is not trigger/limit, as in 1.25/1.24`);
  }
  return { stopPrice, limitPrice };
}

function readOptions(words: readonly string[], fail: Fail): Options {
  const options: Options = {
    plan: 'paired',
    tif: 'GTC',
    outside: { entry: false, exits: false },
    flattenBeforeClose: false,
    watcher: null,
    policy: {},
  };
  const seen = new Set<string>();
  for (const word of words) {
    const at = word.indexOf('=');
    const key = word.slice(0, at);
    if (seen.has(key)) fail(`"${key}=" is there twice`);
    seen.add(key);
    readOption(options, key, word.slice(at + 1), fail);
  }
  return options;
}

function readOption(options: Options, key: string, value: string, fail: Fail): void {
  const time = TIMES.find((name) => name === key);
  if (time !== undefined) {
    options.policy = { ...options.policy, [time]: Number(value) };
    return;
  }
  switch (key) {
    case 'plan':
      options.plan = oneOf(value, ['paired', 'sequenced'] as const, fail);
      return;
    case 'tif':
      options.tif = oneOf(value, ['DAY', 'GTC'] as const, fail);
      return;
    case 'outsideRth': {
      const which = oneOf(value, ['none', 'exits', 'all'] as const, fail);
      options.outside = { entry: which === 'all', exits: which !== 'none' };
      return;
    }
    case 'flattenBeforeClose':
      options.flattenBeforeClose = oneOf(value, ['yes', 'no'] as const, fail) === 'yes';
      return;
    case 'watcher': {
      const [name = '', run] = value.split('#');
      options.watcher = { key: name, epoch: Number(run ?? fail('watcher=KEY#1 names its run')) };
      return;
    }
    case 'onNaked':
      options.policy = { ...options.policy, onNaked: oneOf(value, REMEDIES, fail) };
      return;
    case 'remedy':
      options.policy = { ...options.policy, remedy: oneOf(value, REMEDIES, fail) };
      return;
    case 'escalationOffset':
      options.policy = { ...options.policy, escalationOffset: value };
      return;
    case 'repricings':
      options.policy = { ...options.policy, repricings: Number(value) };
      return;
    default:
      fail(`no option "${key}"; allowed: ${KEYS.join(', ')}`);
  }
}

const REMEDIES = ['flatten', 'alert'] as const;

/** `overlap refuse`, or `overlap cap=300`: how many shares parents of one contract may reach. */
export function readOverlap(words: readonly string[], fail: Fail): Overlap {
  const [word = ''] = words;
  if (word === 'refuse') return 'refuse';
  const match = /^cap=(\d+)$/.exec(word);
  if (match === null) return fail(`"${word}"; allowed: overlap refuse, overlap cap=300`);
  return { capQty: Number(match[1]) * 10_000 };
}

export function oneOf<T extends string>(word: string, allowed: readonly T[], fail: Fail): T {
  return (
    allowed.find((known) => known === word) ?? fail(`"${word}"; allowed: ${allowed.join(', ')}`)
  );
}
