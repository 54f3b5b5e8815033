/** What may happen next in a world: the broker's choices, the network's, the clock's, the router's. */
import type { Fact } from '../core/fact.ts';
import type { Bracket } from '../core/state.ts';
import { type BookAction, choices, type Trade, truth } from '../simulator/book.ts';
import { UNITS_PER_SHARE } from '../simulator/units.ts';
import type { Doing, Happening, Rarity, Scope, Telling, World } from './composition.ts';

/** A shift of a price that a router may wish, in units of 1e-8. */
const MOVED_BY = 1_000_000;

export function offers(scope: Scope, world: World): readonly Happening[] {
  const affordable = ({ costs }: Happening): boolean =>
    costs === undefined || (world.left[costs] ?? 0) > 0;
  const full = world.said.length >= (scope.wordsMost ?? Number.POSITIVE_INFINITY);
  const found = [
    ...ordinary(scope, world),
    ...(full ? [] : venue(scope, world)),
    ...clock(world),
    ...backOffice(world),
    ...market(world),
    ...wishes(world),
  ].filter(affordable);
  return found.some(({ costs }) => costs === undefined)
    ? found
    : [...found, ...inTime(world).filter(affordable)];
}

/** Nothing happens any more, so the clock does: the oldest wait ends. */
function inTime(world: World): readonly Happening[] {
  const [deadline] = world.clock;
  if (deadline === undefined) return [];
  return [
    {
      type: `in time ${deadlineName(deadline)}`,
      does: { what: 'elapse', deadline },
      costs: 'patience',
    },
  ];
}

function ordinary(scope: Scope, world: World): readonly Happening[] {
  const found: Happening[] = [];
  const request = scope.requests[world.opened];
  if (request !== undefined) {
    found.push({ type: `open ${request.bracket}`, does: { what: 'open' } });
  }
  if (world.sent.length > 0) found.push({ type: 'arrive', does: { what: 'arrive' } });
  if (world.said.length > 0) found.push({ type: 'hear', does: { what: 'hear' } });
  if (world.late.length > 0) found.push({ type: 'hear late', does: { what: 'hearLate' } });
  if (world.linked) found.push({ type: 'cut', does: { what: 'cut' }, costs: 'cut' });
  else found.push({ type: 'restore', does: { what: 'restore' } });
  return found;
}

// ── the venue ────────────────────────────────────────────────────────────────────────────────

function venue(scope: Scope, world: World): readonly Happening[] {
  const { book, left } = world;
  const may = (rarity: Rarity): boolean => (scope.rare[rarity] ?? 0) > 0;
  const possible = choices(book, {
    lots: scope.lots,
    refuseCancels: may('refuseCancel'),
    rejects: may('reject'),
    unsolicitedCancels: may('unsolicitedCancel'),
    holds: may('hold'),
    inactivations: may('inactivate'),
  });
  return possible.flatMap((action) => {
    const type = labelOf(world, action);
    const costs = costOf(world, action);
    const plain: Happening = {
      type,
      does: { what: 'venue', action, telling: 'plain' },
      ...(costs === undefined ? {} : { costs }),
    };
    if (costs !== undefined || !world.linked) return [plain];
    const told = tellings(action).filter((telling) => (left[telling] ?? 0) > 0);
    return [
      plain,
      ...told.map(
        (telling): Happening => ({
          type: `${type}, ${telling}`,
          does: { what: 'venue', action, telling },
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
    default:
      return ['twice', 'silent'];
  }
}

function costOf(world: World, action: BookAction): Rarity | undefined {
  switch (action.type) {
    case 'reject':
    case 'unsolicitedCancel':
    case 'hold':
    case 'inactivate':
      return action.type;
    case 'refuseCancel':
      return world.book.orders[action.orderId]?.stage === 'ended' ? undefined : 'refuseCancel';
    default:
      return undefined;
  }
}

function labelOf(world: World, action: BookAction): string {
  const ref = 'orderId' in action ? nameOf(world, action.orderId) : '';
  return action.type === 'fill' ? `fill ${ref} ${action.shares}` : `${action.type} ${ref}`;
}

/** `stop1.1`, or with its bracket where there are several. */
function nameOf(world: World, orderId: number): string {
  return shortRef(world, world.book.orders[orderId]?.ticket.orderRef ?? String(orderId));
}

export function shortRef(world: World, orderRef: string): string {
  const single = Object.keys(world.engine.index).length <= 1;
  return single ? orderRef.replace(/^[^.]*\./, '') : orderRef;
}

// ── the clock ────────────────────────────────────────────────────────────────────────────────

/** `B/stop1.withdrawal/7` is `stop1.withdrawal` of bracket `B`; the number is of no interest. */
export const deadlineName = (deadline: string): string => deadline.replace(/\/\d+$/, '');

function clock(world: World): readonly Happening[] {
  return world.clock.map((deadline) => ({
    type: `elapse ${deadlineName(deadline)}`,
    does: { what: 'elapse', deadline },
    costs: 'elapse',
  }));
}

// ── back office ──────────────────────────────────────────────────────────────────────────────

function backOffice(world: World): readonly Happening[] {
  const found: Happening[] = [];
  const nth = new Map<string, number>();
  for (const trade of world.book.trades) {
    const n = (nth.get(trade.orderRef) ?? 0) + 1;
    nth.set(trade.orderRef, n);
    if (trade.orderId === 0 || trade.busted) continue;
    const name = `${shortRef(world, trade.orderRef)} #${n}`;
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
  const [account] = truth(world.book).accounts;
  const [request] = Object.values(world.engine.books);
  if (account !== undefined && account.position > 0 && request !== undefined) {
    const { symbol } = account;
    found.push({
      type: 'somebody sells 1',
      costs: 'foreign',
      does: {
        what: 'venue',
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

function market(world: World): readonly Happening[] {
  return Object.values(world.engine.books).flatMap((book) => {
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

function wishes(world: World): readonly Happening[] {
  return Object.values(world.engine.books)
    .flatMap((book) => book.brackets)
    .flatMap((bracket) => wishesFor(world, bracket));
}

function wishesFor(world: World, b: Bracket): readonly Happening[] {
  const { bracket } = b.plan;
  const of = Object.keys(world.engine.index).length > 1 ? ` ${bracket}` : '';
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
