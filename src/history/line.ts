/**
 * One line of a history, after its time: an actor, a verb, and words. Everything is read before
 * anything is played, so that a mistake is told with its line.
 *
 *     router    open · cancel · flatten · move stop1 1.27
 *     tws       openOrder stop1 PreSubmitted [qty= oca= type= stop= limit=]
 *               orderStatus stop1 PendingCancel 0/70 [whyHeld=locate]
 *               execDetails stop1 0002.01.01 70@1.25
 *               error 104 stop1 [text]       error 2104
 *               snapshot open=stop1,target1:35 position=+100 [exec=stop1/0005.01.01/70@1.25]
 *                        [completed=stop1:40=Filled] [consistent=no] [unasked]
 *               price RIME 1.35
 *     link      lost 1100 · restored 1102
 *     clock     stop1.withdrawal · +30s
 *     market    halted · resumed · closing
 *     operator  bust stop1 0002.01.01
 *     watcher   started · confirmed · stopped breakout:RIME:1.3#1
 *     show      (nothing) · open · deadlines
 *
 * `stop1` is the order that the leg holds now, `stop1.1` its first one. Where a file has several
 * brackets, a leg is written `RIME-693/stop1`, and a wish names its bracket: `router open RIME-693`.
 */
import type { Leg } from '../../machines/facts.ts';
import { isUnreadable, type Px, pxOf } from '../core/quantity.ts';
import type { OcaType, OrderStatusWord, OrderType } from '../ports/broker.ts';
import { type Fail, oneOf } from './header.ts';

export type OrderName = {
  readonly bracket: string;
  readonly leg: Leg;
  /** Null: the one that the leg holds now. */
  readonly generation: number | null;
};

/** What an echo shows differently from what was asked last. */
export type EchoChanges = {
  readonly totalQuantity?: number;
  readonly ocaGroup?: string;
  readonly ocaType?: OcaType;
  readonly orderType?: OrderType;
  readonly auxPrice?: number;
  readonly lmtPrice?: number;
};

export type Spoken =
  | {
      readonly verb: 'openOrder';
      readonly order: OrderName;
      readonly status: OrderStatusWord;
      readonly changes: EchoChanges;
    }
  | {
      readonly verb: 'orderStatus';
      readonly order: OrderName;
      readonly status: OrderStatusWord;
      readonly filled: number;
      readonly remaining: number;
      readonly whyHeld: string;
    }
  | SpokenExecution
  | {
      readonly verb: 'error';
      readonly code: number;
      readonly order: OrderName | null;
      readonly text: string;
    }
  | SpokenSnapshot
  | { readonly verb: 'price'; readonly symbol: string; readonly px: Px };

export type SpokenExecution = {
  readonly verb: 'execDetails';
  readonly order: OrderName;
  readonly execId: string;
  readonly shares: number;
  readonly price: number;
};

/** An order in a list of a snapshot: `stop1`, `stop1:35`, `stop1:35=Cancelled`. */
export type SpokenOrder = {
  readonly order: OrderName;
  readonly quantity: number | null;
  readonly status: OrderStatusWord | null;
};

export type SpokenSnapshot = {
  readonly verb: 'snapshot';
  readonly open: readonly SpokenOrder[];
  /** What TWS calls completed, with the quantity that was executed. */
  readonly completed: readonly SpokenOrder[];
  readonly position: number;
  readonly executions: readonly SpokenExecution[];
  readonly consistent: boolean;
  /** A routine look: nothing had made the engine ask. */
  readonly unasked: boolean;
};

export type Action =
  | {
      readonly actor: 'router';
      readonly verb: 'open' | 'cancel' | 'flatten';
      readonly bracket: string;
    }
  | {
      readonly actor: 'router';
      readonly verb: 'move';
      readonly order: OrderName;
      readonly px: Px;
      readonly limitPx: Px | null;
    }
  | { readonly actor: 'tws'; readonly spoken: Spoken }
  | { readonly actor: 'link'; readonly code: number }
  | { readonly actor: 'clock'; readonly deadline: string; readonly bracket: string }
  | { readonly actor: 'clock'; readonly passes: number }
  | { readonly actor: 'market'; readonly verb: 'halted' | 'resumed' | 'closing' }
  | { readonly actor: 'operator'; readonly order: OrderName; readonly execId: string }
  | {
      readonly actor: 'watcher';
      readonly verb: 'started' | 'confirmed' | 'stopped';
      readonly key: string;
      readonly epoch: number;
    }
  | { readonly actor: 'show'; readonly what: 'all' | 'open' | 'deadlines' };

const ACTORS = ['router', 'tws', 'link', 'clock', 'market', 'operator', 'watcher', 'show'] as const;

const STATUSES = [
  'ApiPending',
  'PendingSubmit',
  'PreSubmitted',
  'Submitted',
  'PendingCancel',
  'ApiCancelled',
  'Cancelled',
  'Filled',
  'Inactive',
] as const;

/** What a line is read with: the words after the actor, the brackets there are, and the way out. */
type Reader = {
  readonly words: readonly string[];
  readonly keys: ReadonlyMap<string, string>;
  readonly names: readonly string[];
  readonly fail: Fail;
};

/** Each once: of two, one would be lost. */
function keysOf(keyed: readonly string[], fail: Fail): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const word of keyed) {
    const key = word.slice(0, word.indexOf('='));
    if (keys.has(key)) fail(`"${key}=" is there twice; what is a list takes commas`);
    keys.set(key, afterEquals(word));
  }
  return keys;
}

export function lineOf(text: string, names: readonly string[], fail: Fail): Action {
  const [actor = '', ...all] = text.split(/\s+/);
  const keyed = all.filter((word) => /^[a-zA-Z]+=/.test(word));
  const r: Reader = {
    words: all.filter((word) => !keyed.includes(word)),
    keys: keysOf(keyed, fail),
    names,
    fail,
  };
  switch (oneOf(actor, ACTORS, fail)) {
    case 'router':
      return routerOf(r);
    case 'tws':
      return { actor: 'tws', spoken: spokenOf(r) };
    case 'link': {
      const [verb = '', code = ''] = r.words;
      const codes = oneOf(verb, ['lost', 'restored'] as const, fail);
      const allowed = codes === 'lost' ? (['1100', '1300', '2110'] as const) : RESTORED;
      return { actor: 'link', code: Number(oneOf(code, allowed, fail)) };
    }
    case 'clock':
      return clockOf(r);
    case 'market':
      return { actor: 'market', verb: oneOf(r.words[0] ?? '', MARKET, fail) };
    case 'operator':
      oneOf(r.words[0] ?? '', ['bust'] as const, fail);
      return { actor: 'operator', order: orderAt(r, 1), execId: wordAt(r, 2, 'the execId') };
    case 'watcher': {
      const verb = oneOf(r.words[0] ?? '', ['started', 'confirmed', 'stopped'] as const, fail);
      const [key = '', run = ''] = wordAt(r, 1, 'KEY#1').split('#');
      return { actor: 'watcher', verb, key, epoch: numberOf(run, 'the number of the run', fail) };
    }
    case 'show':
      return { actor: 'show', what: oneOf(r.words[0] ?? 'all', SHOWS, fail) };
  }
}

const RESTORED = ['1101', '1102'] as const;
const MARKET = ['halted', 'resumed', 'closing'] as const;
const SHOWS = ['all', 'open', 'deadlines'] as const;
const afterEquals = (word: string): string => word.slice(word.indexOf('=') + 1);

function wordAt(r: Reader, at: number, what: string): string {
  return r.words[at] ?? r.fail(`the line ends before ${what}`);
}

function numberOf(word: string, what: string, fail: Fail): number {
  const value = Number(word);
  return word === '' || Number.isNaN(value) ? fail(`"${word}" is not ${what}`) : value;
}

function priceOf(word: string, fail: Fail): Px {
  const px = pxOf(word);
  return isUnreadable(px) ? fail(px.error) : px;
}

function bracketAt(r: Reader, at: number): string {
  const [only = ''] = r.names;
  const word = r.words[at];
  if (word === undefined) {
    return r.names.length === 1 ? only : r.fail(`name the bracket: ${r.names.join(', ')}`);
  }
  return oneOf(word, r.names, r.fail);
}

function orderAt(r: Reader, at: number): OrderName {
  return orderOf(wordAt(r, at, 'the leg'), r);
}

/** `stop1`, `stop1.2`, `RIME-693/stop1`. */
function orderOf(word: string, r: Reader): OrderName {
  const match = /^(?:([A-Za-z0-9_-]+)\/)?(entry|closing|stop\d|target\d)(?:\.(\d+))?$/.exec(word);
  if (match === null) {
    return r.fail(`"${word}" is not a leg; allowed: entry, stop1, target1, …, closing, stop1.2`);
  }
  const [, bracket, leg = '', generation] = match;
  const [only = ''] = r.names;
  if (bracket === undefined && r.names.length > 1) {
    return r.fail(`"${word}" of which bracket? ${r.names.map((n) => `${n}/${word}`).join(', ')}`);
  }
  return {
    bracket: bracket === undefined ? only : oneOf(bracket, r.names, r.fail),
    leg: isLeg(leg) ? leg : 'entry',
    generation: generation === undefined ? null : Number(generation),
  };
}

const isLeg = (word: string): word is Leg => /^(entry|closing|stop\d|target\d)$/.test(word);

function routerOf(r: Reader): Action {
  const verb = oneOf(r.words[0] ?? '', ['open', 'cancel', 'flatten', 'move'] as const, r.fail);
  if (verb !== 'move') return { actor: 'router', verb, bracket: bracketAt(r, 1) };
  const [px = '', limit] = wordAt(r, 2, 'the price').split('/');
  return {
    actor: 'router',
    verb,
    order: orderAt(r, 1),
    px: priceOf(px, r.fail),
    limitPx: limit === undefined ? null : priceOf(limit, r.fail),
  };
}

function clockOf(r: Reader): Action {
  const word = wordAt(r, 0, 'a deadline (stop1.withdrawal) or a time (+30s)');
  const passes = /^\+(\d+(?:\.\d+)?)(ms|s|m)$/.exec(word);
  if (passes !== null) {
    const unit = { ms: 1, s: 1000, m: 60_000 }[passes[2] ?? 's'] ?? 1;
    return { actor: 'clock', passes: Number(passes[1]) * unit };
  }
  const match = /^(?:([A-Za-z0-9_-]+)\/)?([a-z]+\d?\.[a-z]+)$/.exec(word);
  if (match === null) return r.fail(`"${word}"; allowed: stop1.withdrawal, exposure.cover, +30s`);
  const [only = ''] = r.names;
  return { actor: 'clock', bracket: match[1] ?? only, deadline: match[2] ?? '' };
}

function spokenOf(r: Reader): Spoken {
  const verb = oneOf(r.words[0] ?? '', VERBS, r.fail);
  switch (verb) {
    case 'openOrder':
      allow(r, ['qty', 'oca', 'type', 'stop', 'limit']);
      return { verb, order: orderAt(r, 1), status: statusAt(r, 2), changes: changesOf(r) };
    case 'orderStatus': {
      allow(r, ['whyHeld']);
      const [filled = '', remaining = ''] = wordAt(r, 3, 'filled/remaining').split('/');
      return {
        verb,
        order: orderAt(r, 1),
        status: statusAt(r, 2),
        filled: numberOf(filled, 'filled/remaining, as in 0/70', r.fail),
        remaining: numberOf(remaining, 'filled/remaining, as in 0/70', r.fail),
        whyHeld: r.keys.get('whyHeld') ?? '',
      };
    }
    case 'execDetails':
      return executionOf(
        orderAt(r, 1),
        wordAt(r, 2, 'the execId'),
        wordAt(r, 3, '70@1.25'),
        r.fail,
      );
    case 'error': {
      const code = numberOf(wordAt(r, 1, 'the code'), 'a code', r.fail);
      const order = r.words[2] === undefined ? null : orderAt(r, 2);
      return { verb, code, order, text: r.words.slice(3).join(' ') };
    }
    case 'snapshot':
      return snapshotOf(r);
    case 'price':
      return { verb, symbol: wordAt(r, 1, 'the symbol'), px: priceOf(wordAt(r, 2, 'px'), r.fail) };
  }
}

const VERBS = ['openOrder', 'orderStatus', 'execDetails', 'error', 'snapshot', 'price'] as const;

function allow(r: Reader, allowed: readonly string[]): void {
  for (const key of r.keys.keys()) {
    if (!allowed.includes(key)) r.fail(`no "${key}=" here; allowed: ${allowed.join(', ')}`);
  }
}

const statusAt = (r: Reader, at: number): OrderStatusWord =>
  oneOf(wordAt(r, at, 'a status'), STATUSES, r.fail);

function changesOf(r: Reader): EchoChanges {
  const { keys, fail } = r;
  const qty = keys.get('qty');
  const oca = keys.get('oca');
  const type = keys.get('type');
  const stop = keys.get('stop');
  const limit = keys.get('limit');
  const ocaTypes = [0, 1, 2, 3] as const;
  return {
    ...(qty === undefined ? {} : { totalQuantity: numberOf(qty, 'a quantity', fail) }),
    ...(oca === undefined ? {} : { ocaGroup: oca === 'none' ? '' : oca }),
    ...(type === undefined
      ? {}
      : {
          ocaType:
            ocaTypes.find((t) => String(t) === type) ?? fail(`type=${type}; allowed: 0 to 3`),
        }),
    ...(stop === undefined ? {} : { auxPrice: numberOf(stop, 'a price', fail) }),
    ...(limit === undefined ? {} : { lmtPrice: numberOf(limit, 'a price', fail) }),
  };
}

function executionOf(
  order: OrderName,
  execId: string,
  traded: string,
  fail: Fail,
): SpokenExecution {
  const match = /^(\d+(?:\.\d+)?)@(\d+(?:\.\d+)?)$/.exec(traded);
  if (match === null) return fail(`"${traded}" is not shares@price, as in 70@1.25`);
  const [, shares, price] = match;
  return { verb: 'execDetails', order, execId, shares: Number(shares), price: Number(price) };
}

function snapshotOf(r: Reader): SpokenSnapshot {
  allow(r, ['open', 'completed', 'position', 'exec', 'consistent']);
  const { keys, fail } = r;
  const position = keys.get('position');
  const consistent = (keys.get('consistent') ?? 'yes') === 'yes';
  if (position === undefined && consistent) {
    return fail('a snapshot has position=+100 (0 when there is none), or consistent=no');
  }
  const list = (key: string): readonly string[] =>
    (keys.get(key) ?? '').split(',').filter((word) => word !== '' && word !== 'none');
  return {
    verb: 'snapshot',
    open: list('open').map((word) => listedOrder(word, r)),
    completed: list('completed').map((word) => listedOrder(word, r)),
    position: Number(position ?? 0),
    executions: list('exec').map((word) => {
      const parts = word.split('/');
      const traded = parts.pop() ?? '';
      const execId = parts.pop() ?? '';
      return executionOf(orderOf(parts.join('/'), r), execId, traded, fail);
    }),
    consistent,
    unasked: r.words.includes('unasked'),
  };
}

function listedOrder(word: string, r: Reader): SpokenOrder {
  const match = /^([^:=]+?)(?::(\d+))?(?:=([A-Za-z]+))?$/.exec(word);
  const [, leg = '', qty, status] = match ?? r.fail(`"${word}" is not stop1, or stop1:35=Filled`);
  return {
    order: orderOf(leg, r),
    quantity: qty === undefined ? null : Number(qty),
    status: status === undefined ? null : oneOf(status, STATUSES, r.fail),
  };
}
