/** What may happen next in a world: the broker's choices, the network's, the clock's, the router's. */
import type { Fact } from '../core/fact.ts';
import type { Bracket } from '../core/state.ts';
import type { OpenOrderWord } from '../ports/broker.ts';
import { type BookAction, choices, type Trade, truth } from '../simulator/book.ts';
import { orderAt, ordersIn, tradesIn } from '../simulator/contents.ts';
import { UNITS_PER_SHARE } from '../simulator/units.ts';
import { openOrderWord } from '../simulator/words.ts';
import type { Broker } from './broker.ts';
import { questionOf } from './canonical.ts';
import type { Client } from './client.ts';
import type { Composition, Doing, Happening, Telling, World } from './composition.ts';
import { labelOfBatch, labelOfRequest } from './labels.ts';
import type { Batch } from './messages.ts';
import type { EngineMind } from './mind.ts';
import type { Rarity, Scope } from './scope.ts';

/** A shift of a price that a router may wish, in units of 1e-8. */
const MOVED_BY = 1_000_000;

export function offers(c: Composition, world: World): readonly Happening[] {
  const found: Happening[] = [];
  const { left } = world.budget;
  const add = (one: Happening): void => {
    if (one.costs === undefined || (left[one.costs] ?? 0) > 0) found.push(one);
  };
  const full = world.said.items.length >= (c.scope.wordsMost ?? Number.POSITIVE_INFINITY);
  network(c, world, full, add);
  if (!full) {
    for (const one of ofBroker(c, world.broker)) if (world.linked || !isTold(one)) add(one);
  }
  for (const one of ofClient(c, world.client)) add(one);
  if (found.every(({ costs }) => costs !== undefined)) {
    inTime(c, world, add);
    if (mayLook(c, world)) add(LOOK);
  }
  return found;
}

/** Told in a way that needs somebody who listens. */
const isTold = ({ does }: Happening): boolean => does.what === 'venue' && does.telling !== 'plain';

/** Nothing happens any more, so the clock does: the oldest wait ends. */
function inTime(c: Composition, { client }: World, add: (one: Happening) => void): void {
  const deadline = client.mind.type === 'engine' ? client.mind.clock[0] : undefined;
  if (deadline === undefined) return;
  const type = `in time ${deadlineName(deadline)}`;
  // How long a quiet world is waited for is without end, unless the scope says otherwise.
  const limited = c.scope.rare.patience !== undefined;
  add({ type, does: { what: 'elapse', deadline }, ...(limited ? { costs: 'patience' } : {}) });
}

const LOOK: Happening = { type: 'look', does: { what: 'look' } };

/**
 * The session looks every so often; that matters only where something was lost unheard. Where that
 * was a part of a look, it looks again.
 */
function mayLook({ scope }: Composition, { client: { mind }, linked, budget }: World): boolean {
  if (mind.type !== 'engine' || !linked) return false;
  return budget.left.lose !== scope.rare.lose;
}

// ── the network ──────────────────────────────────────────────────────────────────────────────

const ARRIVE: Happening = { type: 'arrive', does: { what: 'arrive' } };
const HEAR_LATE: Happening = { type: 'hear late', does: { what: 'hearLate' } };
const CUT: Happening = { type: 'cut', does: { what: 'cut' }, costs: 'cut' };
const CRASH: Happening = { type: 'crash', does: { what: 'crash' }, costs: 'crash' };
const RESTORE: Happening = { type: 'restore', does: { what: 'restore' } };

function network(c: Composition, world: World, full: boolean, add: (one: Happening) => void): void {
  const { scope } = c;
  const request = scope.requests[world.opened];
  if (request !== undefined && world.linked) {
    add({ type: `open ${request.bracket}`, does: { what: 'open' } });
  }
  const all = scope.travel === 'all';
  if (world.sent.items.length > 0 && !(all && full)) add(ARRIVE);
  if (all) heardInAnyOrder(c, world, add);
  else {
    const next = world.said.items[0];
    if (next !== undefined) add({ type: 'hear', does: { what: 'hear', batch: next } });
  }
  if (world.late.items.length > 0) add(HEAR_LATE);
  if (!world.linked) return add(RESTORE);
  add(CUT);
  add(CRASH);
}

/** Any word may be the next, and any may be lost or said once more. */
function heardInAnyOrder(c: Composition, world: World, add: (one: Happening) => void): void {
  let before: Batch | null = null;
  for (const batch of world.said.items) {
    if (batch !== before) for (const one of ofBatch(c, batch, isOld(world, batch))) add(one);
    before = batch;
  }
  for (const request of new Set(world.sent.items)) {
    const type = `lose ${labelOfRequest(request)}`;
    add({ type, does: { what: 'loseRequest', request }, costs: 'lose' });
  }
}

/** Whether it answers a question that is not the newest any more: then it is another thing. */
function isOld({ client }: World, { question }: Batch): boolean {
  const newest = questionOf(client.mind);
  return question >= 0 && (newest === 0 || question !== newest);
}

function ofBatch(c: Composition, batch: Batch, old: boolean): readonly Happening[] {
  const at = 2 * batch.id + (old ? 1 : 0);
  c.ofBatch[at] ??= listBatch(batch, old).filter((one) => everMay(c.scope, one));
  return c.ofBatch[at] ?? [];
}

function listBatch(batch: Batch, old: boolean): readonly Happening[] {
  const label = `${labelOfBatch(batch)}${old ? ', to an older question' : ''}`;
  return [
    { type: `hear ${label}`, does: { what: 'hear', batch } },
    { type: `lose ${label}`, does: { what: 'loseWord', batch }, costs: 'lose' },
    { type: `repeat ${label}`, does: { what: 'repeat', batch }, costs: 'repeat' },
  ];
}

// ── the venue ────────────────────────────────────────────────────────────────────────────────

function ofBroker(c: Composition, broker: Broker): readonly Happening[] {
  c.ofBroker[broker.id] ??= [
    ...venue(c.scope, broker),
    ...backOffice(c.scope, broker),
    ...misshown(c.scope, broker),
  ].filter((one) => everMay(c.scope, one));
  return c.ofBroker[broker.id] ?? [];
}

/** What the scope never lets happen need not be looked at in every world. */
const everMay = ({ rare }: Scope, { costs }: Happening): boolean =>
  costs === undefined || (rare[costs] ?? 0) > 0;

function venue(scope: Scope, broker: Broker): readonly Happening[] {
  const may = (rarity: Rarity): boolean => (scope.rare[rarity] ?? 0) > 0;
  const possible = choices(broker.book, {
    lots: scope.lots,
    refuseCancels: may('refuseCancel'),
    rejects: may('reject'),
    unsolicitedCancels: may('unsolicitedCancel'),
    holds: may('hold'),
    inactivations: may('inactivate'),
  });
  return possible.flatMap((action) => {
    const type = labelOf(scope, broker, action);
    const costs = costOf(broker, action);
    const plain: Happening = {
      type,
      does: { what: 'venue', key: type, action, telling: 'plain' },
      ...(costs === undefined ? {} : { costs }),
    };
    if (costs !== undefined) return [plain];
    return [
      plain,
      ...tellings(action)
        .filter(may)
        .map(
          (telling): Happening => ({
            type: `${type}, ${telling}`,
            does: { what: 'venue', key: type, action, telling },
            costs: telling,
          }),
        ),
    ];
  });
}

type Rare = Exclude<Telling, 'plain'>;

function tellings(action: BookAction): readonly Rare[] {
  switch (action.type) {
    case 'fill':
      return ['statusFirst', 'late', 'twice', 'silent'];
    case 'acknowledge':
      return ['statusFirst', 'twice', 'silent'];
    case 'acceptCancel':
      return ['twice', 'silent', 'bare'];
    default:
      return ['twice', 'silent'];
  }
}

function costOf({ book }: Broker, action: BookAction): Rarity | undefined {
  switch (action.type) {
    case 'reject':
    case 'unsolicitedCancel':
    case 'hold':
    case 'inactivate':
      return action.type;
    case 'refuseCancel':
      return orderAt(book, action.orderId)?.stage === 'ended' ? undefined : 'refuseCancel';
    default:
      return undefined;
  }
}

function labelOf(scope: Scope, { book }: Broker, action: BookAction): string {
  if (!('orderId' in action)) return action.type;
  const orderRef = orderAt(book, action.orderId)?.ticket.orderRef ?? String(action.orderId);
  const ref = shortRef(scope, orderRef);
  return action.type === 'fill' ? `fill ${ref} ${action.shares}` : `${action.type} ${ref}`;
}

/** `stop1.1`, or with its bracket where there are several. */
export function shortRef(scope: Scope, orderRef: string): string {
  return isNamed(scope) ? orderRef : orderRef.replace(/^[^.]*\./, '');
}

const isNamed = ({ named, requests }: Scope): boolean => named ?? requests.length > 1;

// ── the clock ────────────────────────────────────────────────────────────────────────────────

/** `B/stop1.withdrawal/7` is `stop1.withdrawal` of bracket `B`; the number is of no interest. */
export const deadlineName = (deadline: string): string => deadline.replace(/\/\d+$/, '');

function ofClient(c: Composition, client: Client): readonly Happening[] {
  const { mind } = client;
  if (mind.type === 'router') return [];
  c.ofClient[client.id] ??= [...clock(mind), ...market(mind), ...wishes(c.scope, mind)].filter(
    (one) => everMay(c.scope, one),
  );
  return c.ofClient[client.id] ?? [];
}

function clock(mind: EngineMind): readonly Happening[] {
  return mind.clock.map((deadline) => ({
    type: `elapse ${deadlineName(deadline)}`,
    does: { what: 'elapse', deadline },
    costs: 'elapse',
  }));
}

// ── back office ──────────────────────────────────────────────────────────────────────────────

function backOffice(scope: Scope, { book }: Broker): readonly Happening[] {
  const found: Happening[] = [];
  const nth = new Map<string, number>();
  for (const trade of tradesIn(book)) {
    const n = (nth.get(trade.orderRef) ?? 0) + 1;
    nth.set(trade.orderRef, n);
    if (trade.orderId === 0 || trade.busted) continue;
    const name = `${shortRef(scope, trade.orderRef)} #${n}`;
    found.push(...corrections(trade, name));
    const execId = `${trade.execBase}.01`;
    found.push({
      type: `bust ${name}`,
      costs: 'bust',
      does: {
        what: 'told',
        action: { type: 'bust', execId },
        fact: { type: 'order.busted', at: 0, orderRef: trade.orderRef, execId },
      },
    });
  }
  const [account] = truth(book).accounts;
  if (account !== undefined && account.position > 0) {
    const { symbol } = account;
    const type = 'somebody sells 1';
    found.push({
      type,
      costs: 'foreign',
      does: {
        what: 'venue',
        key: type,
        telling: 'plain',
        action: {
          type: 'foreignTrade',
          account: account.account,
          symbol,
          action: 'SELL',
          shares: 1,
          price: 1,
        },
      },
    });
  }
  return found;
}

/** Each live order, with one thing of it shown as nobody asked. */
function misshown(scope: Scope, { book }: Broker): readonly Happening[] {
  if ((scope.rare.misshow ?? 0) === 0) return [];
  return ordersIn(book)
    .filter(({ stage }) => stage === 'accepted')
    .flatMap((order) =>
      Object.entries(otherwise(order.total / UNITS_PER_SHARE)).map(([what, shown]): Happening => {
        const word = { ...openOrderWord(book, order), ...shown };
        const type = `show ${shortRef(scope, order.ticket.orderRef)} with ${what}`;
        return { type, costs: 'misshow', does: { what: 'said', words: [word] } };
      }),
    );
}

const otherwise = (shares: number): Readonly<Record<string, Partial<OpenOrderWord>>> => ({
  'another group': { ocaGroup: 'another' },
  'type 3': { ocaType: 3 },
  'tif DAY': { tif: 'DAY' },
  outsideRth: { outsideRth: true },
  'type MKT': { orderType: 'MKT' },
  'more shares': { totalQuantity: shares + 1 },
});

/** A share less, where there is one; and a share more. */
function corrections(trade: Trade, name: string): readonly Happening[] {
  const last = trade.revisions.at(-1);
  const shares = (last?.units ?? 0) / UNITS_PER_SHARE;
  return [shares - 1, shares + 1]
    .filter((size) => size > 0)
    .map((size) => ({
      type: `correct ${name} to ${size}`,
      costs: 'correct',
      does: {
        what: 'venue',
        key: `correct ${name} to ${size}`,
        telling: 'plain',
        action: {
          type: 'correct',
          execId: `${trade.execBase}.01`,
          shares: size,
          price: last?.price ?? 1,
        },
      },
    }));
}

// ── prices, sessions, wishes ─────────────────────────────────────────────────────────────────

const told = (type: string, costs: Rarity, fact: Fact): Happening => ({
  type,
  costs,
  does: { what: 'told', fact },
});

function market({ engine }: EngineMind): readonly Happening[] {
  return Object.values(engine.books).flatMap((book) => {
    const { symbol, account } = book;
    const prices = new Set(
      book.brackets.flatMap((b) => b.pairs.flatMap((pair) => [pair.targetPx, pair.stopPx])),
    );
    const resumed: Doing = { what: 'told', fact: { type: 'market.resumed', at: 0, symbol } };
    return [
      ...[...prices].map((px) =>
        told(`print ${px / 1e8}`, 'print', { type: 'price.printed', at: 0, symbol, px }),
      ),
      book.halted
        ? { type: 'resume', does: resumed }
        : told('halt', 'halt', { type: 'market.halted', at: 0, symbol }),
      told('session ends', 'session', { type: 'session.ending', at: 0, account }),
    ];
  });
}

function wishes(scope: Scope, { engine }: EngineMind): readonly Happening[] {
  return Object.values(engine.books)
    .flatMap((book) => book.brackets)
    .flatMap((bracket) => wishesFor(scope, bracket));
}

function wishesFor(scope: Scope, b: Bracket): readonly Happening[] {
  const { bracket } = b.plan;
  const of = isNamed(scope) ? ` ${bracket}` : '';
  return [
    told(`wish cancel${of}`, 'cancel', { type: 'cancel.wished', at: 0, bracket }),
    told(`wish flatten${of}`, 'flatten', { type: 'flatten.wished', at: 0, bracket }),
    ...b.pairs.flatMap((pair, i) => [
      told(`wish stop${i + 1} moved${of}`, 'moveStop', {
        type: 'move.wished',
        at: 0,
        bracket,
        leg: `stop${i + 1}`,
        px: pair.stopPx + MOVED_BY,
      }),
      told(`wish target${i + 1} moved${of}`, 'moveTarget', {
        type: 'move.wished',
        at: 0,
        bracket,
        leg: `target${i + 1}`,
        px: pair.targetPx + MOVED_BY,
      }),
    ]),
  ];
}
