/** What somebody at the controls does, and whether it could be done. */
import type { BookAction, BookOptions } from '../simulator/book.ts';
import { orderAt } from '../simulator/contents.ts';
import { remaining, standing } from '../simulator/standing.ts';
import type { VenueOptions } from '../simulator/terms.ts';
import { toShares } from '../simulator/units.ts';
import { deedList } from './deed-table.ts';
import type { Deed, DeedOf, OrderNamed } from './deeds.ts';
import { happen } from './happening.ts';
import type { Inside } from './inside.ts';
import { isDown, loseLink, restoreLink } from './link.ts';
import { manualOrder } from './manual.ts';
import type { Registered } from './register.ts';
import type { Entry } from './replay.ts';
import { tellPrice } from './telling.ts';

export type Answered = {
  readonly ok: boolean;
  /** Why it could not be done. */
  readonly error?: string;
  readonly [more: string]: unknown;
};

export type Controls = { readonly perform: (deed: Deed) => Answered };

/** What cannot be done, in words for who asked for it. */
class Impossible extends Error {}

const impossible = (why: string): never => {
  throw new Impossible(why);
};

const DONE: Answered = { ok: true };

export function newControls(inside: Inside, pump: () => void, stop: () => void): Controls {
  return {
    perform: (deed) => {
      try {
        pump();
        const answered = done(inside, deed, stop);
        pump();
        return answered;
      } catch (problem) {
        // The book says in a RangeError what cannot happen.
        if (problem instanceof Impossible || problem instanceof RangeError) {
          return { ok: false, error: problem.message };
        }
        throw problem;
      }
    },
  };
}

function done(inside: Inside, deed: Deed, stop: () => void): Answered {
  const { interference, clock } = inside;
  switch (deed.do) {
    case 'holdMessages':
      interference.hold(deed);
      return { ok: true, armed: deed };
    case 'dropMessages': {
      const { times = 1 } = deed;
      interference.drop(deed, times);
      return { ok: true, armed: { ...deed, times } };
    }
    case 'releaseMessages':
      return { ok: true, released: interference.release() };
    case 'cut':
      return cut(inside, deed);
    case 'loseLink':
      return loseLink(inside, impossible);
    case 'restoreLink':
      return restoreLink(inside, deed, impossible);
    case 'advance':
      if (clock.advance === null) impossible('time is real here: --time stepped lets it be moved');
      clock.advance?.(deed.ms);
      return { ok: true, now: clock.now() };
    case 'show':
      return show(inside);
    case 'help':
      return { ok: true, deeds: deedList() };
    case 'stop':
      stop();
      return DONE;
    default:
      return atVenue(inside, deed);
  }
}

type AtVenue = Exclude<
  Deed,
  {
    readonly do:
      | 'holdMessages'
      | 'dropMessages'
      | 'releaseMessages'
      | 'cut'
      | 'loseLink'
      | 'restoreLink'
      | 'advance'
      | 'show'
      | 'help'
      | 'stop';
  }
>;

// ── at the venue ─────────────────────────────────────────────────────────────────────────────

function atVenue(inside: Inside, deed: AtVenue): Answered {
  const orderId = (): number => named(inside, deed as OrderNamed).key;
  switch (deed.do) {
    case 'price':
      return price(inside, deed);
    case 'fill':
      return fill(inside, deed);
    case 'trigger':
    case 'release':
    case 'inactivate':
    case 'reactivate':
      return act(inside, { type: deed.do, orderId: orderId() });
    case 'hold':
      return act(inside, { type: 'hold', orderId: orderId(), whyHeld: deed.whyHeld ?? 'locate' });
    case 'cancel':
      return act(inside, {
        type: 'unsolicitedCancel',
        orderId: orderId(),
        reason: deed.reason ?? '',
      });
    case 'refuseCancel':
      return act(inside, {
        type: 'refuseCancel',
        orderId: orderId(),
        ...(deed.code === undefined ? {} : { code: deed.code }),
      });
    case 'reject':
      return reject(inside, deed);
    case 'cap': {
      const { within, forMs, shares = 0, outsideHoursOnly = false } = deed;
      return amend(inside, { cap: { within, forMs, shares, outsideHoursOnly } });
    }
    case 'delayCancels':
      return amend(inside, { cancelMs: deed.ms });
    case 'oca':
      return oca(inside, deed);
    case 'correct':
    case 'bust':
    case 'foreignTrade':
    case 'newDay':
      return backOffice(inside, deed);
    case 'manualOrder':
      return manualOrder(inside, deed, impossible);
  }
}

/** By its `orderRef`, its `permId`, or its number, where only one client has that. */
function named(inside: Inside, { orderRef, permId, orderId, clientId }: OrderNamed): Registered {
  const base = inside.venue.book().options.permIdBase;
  const { register } = inside;
  // What is named by a number need not be looked for.
  const direct =
    permId !== undefined
      ? register.ofKey(permId - base)
      : orderId !== undefined && clientId !== undefined
        ? register.ofClient(clientId, orderId)
        : undefined;
  const found = (direct === undefined ? [...register.all()] : [direct]).filter(
    (one) =>
      (orderRef === undefined || one.order.orderRef === orderRef) &&
      (permId === undefined || base + one.key === permId) &&
      (orderId === undefined || one.orderId === orderId) &&
      (clientId === undefined || one.clientId === clientId),
  );
  if (orderRef === undefined && permId === undefined && orderId === undefined) {
    return impossible('no order is named: give orderRef, permId, or orderId (and clientId)');
  }
  const [one] = found;
  if (one === undefined) return impossible('there is no such order');
  return found.length > 1 ? impossible(`${found.length} orders are called that`) : one;
}

const write = (inside: Inside, entry: Entry): void => inside.store.write(entry);

function act(inside: Inside, action: BookAction): Answered {
  const at = inside.clock.now();
  // What cannot happen throws, and is not part of the state.
  happen(inside, action, at);
  write(inside, { at, of: 'action', action });
  return DONE;
}

function amend(inside: Inside, options: Partial<VenueOptions>): Answered {
  write(inside, { at: inside.clock.now(), of: 'amend', options });
  inside.venue.amend(options);
  return DONE;
}

function price(inside: Inside, { symbol, price: px, size }: DeedOf<'price'>): Answered {
  if (inside.symbols.find({ symbol }) === undefined)
    impossible(`no symbol ${symbol} is traded here`);
  const at = inside.clock.now();
  const print = { at, symbol, price: px, ...(size === undefined ? {} : { size }) };
  write(inside, { at, of: 'print', print });
  inside.quotes.print(symbol, px, size ?? 0);
  inside.venue.print(print);
  tellPrice(inside, symbol);
  return DONE;
}

/** All that is left of it, at its own price, unless something else is said. */
function fill(inside: Inside, deed: DeedOf<'fill'>): Answered {
  const one = named(inside, deed);
  const order = orderAt(inside.venue.book(), one.key);
  if (order === undefined) return impossible('the venue does not have it');
  const { lmtPrice, auxPrice } = order.ticket;
  const px = deed.price ?? lmtPrice ?? auxPrice ?? inside.quotes.of(one.stock.symbol)?.last;
  if (px === undefined) return impossible('no price is known for it: give one');
  const shares = deed.shares ?? toShares(remaining(order));
  return act(inside, { type: 'fill', orderId: one.key, shares, price: px });
}

/** Of the placements that come, those that fit are refused; the first of them, unless said otherwise. */
function reject(inside: Inside, deed: DeedOf<'reject'>): Answered {
  const { code = 201, text = 'Order rejected - reason:', times = 1 } = deed;
  const { orderRef, symbol, action } = deed;
  if (symbol !== undefined && inside.symbols.find({ symbol }) === undefined)
    impossible(`no symbol ${symbol} is traded here`);
  const match = {
    ...(orderRef === undefined ? {} : { orderRef }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(action === undefined ? {} : { action }),
  };
  const rejects = [...inside.venue.options().rejects, { match, code, text, times }];
  amend(inside, { rejects });
  return { ok: true, armed: { do: 'reject', ...match, code, text, times } };
}

function oca(inside: Inside, { blocks, reading, lateLeg }: DeedOf<'oca'>): Answered {
  const book: Partial<BookOptions> = {
    ...inside.venue.options().book,
    ...(blocks === undefined ? {} : { ocaBlocks: blocks }),
    ...(reading === undefined ? {} : { ocaReading: reading }),
    ...(lateLeg === undefined ? {} : { lateLeg }),
  };
  return amend(inside, { book });
}

function backOffice(
  inside: Inside,
  deed: DeedOf<'correct' | 'bust' | 'foreignTrade' | 'newDay'>,
): Answered {
  const { executions, accounts } = inside;
  switch (deed.do) {
    case 'correct': {
      const known = executions.find(deed.execId) ?? impossible(`no execution ${deed.execId}`);
      const { shares = known.word.shares, price: px = known.word.price, execId } = deed;
      return act(inside, { type: 'correct', execId, shares, price: px });
    }
    case 'bust': {
      const { execId } = deed;
      if (executions.find(execId) === undefined) impossible(`no execution ${execId}`);
      return act(inside, { type: 'bust', execId });
    }
    case 'foreignTrade': {
      const { symbol, action, shares, price: px } = deed;
      const account = deed.account ?? accounts.names[0] ?? '';
      if (inside.symbols.find({ symbol }) === undefined)
        impossible(`no symbol ${symbol} is traded here`);
      if (!accounts.names.includes(account)) impossible(`there is no account ${account}`);
      const trade = { account, symbol, action, shares, price: px };
      return act(inside, { type: 'foreignTrade', ...trade });
    }
    case 'newDay':
      return act(inside, { type: 'newDay' });
  }
}

// ── on the way to the clients ────────────────────────────────────────────────────────────────

function cut(inside: Inside, { clientId, after, before }: DeedOf<'cut'>): Answered {
  if (after !== undefined || before !== undefined) {
    const between = { clientId, after, before };
    inside.interference.cutBetween(between);
    return { ok: true, armed: { do: 'cut', ...between } };
  }
  const those = [...inside.clients.values()].filter(
    (session) => clientId === undefined || session.clientId === clientId,
  );
  if (those.length === 0) return impossible('no such client is connected');
  for (const session of those) session.port.cut();
  return { ok: true, cut: those.length };
}

// ── a look ───────────────────────────────────────────────────────────────────────────────────

function show(inside: Inside): Answered {
  const { register, venue, accounts, clients, clock, executions } = inside;
  const book = venue.book();
  const orders = [...register.all()].flatMap((one) => {
    const order = orderAt(book, one.key);
    if (order === undefined || order.stage === 'ended') return [];
    const { status } = standing(book, order);
    const { action, orderType } = order.ticket;
    const { clientId, orderId } = one;
    const { permId } = order;
    const shares = { filled: toShares(order.filled), remaining: toShares(remaining(order)) };
    const orderRef = one.order.orderRef ?? '';
    const { symbol } = one.stock;
    return [{ clientId, orderId, permId, orderRef, symbol, action, orderType, status, ...shares }];
  });
  return {
    ok: true,
    now: new Date(clock.now()).toISOString(),
    link: isDown(inside, clock.now()) ? 'down' : 'up',
    clients: [...clients.keys()],
    fills: executions.count(),
    orders,
    positions: accounts.names.flatMap((account) =>
      accounts.holdings(account).map(({ symbol, position }) => ({ account, symbol, position })),
    ),
    armed: armed(inside),
  };
}

/** What was asked for and has not happened yet, in the words of the deeds. */
function armed({ venue, interference }: Inside): readonly object[] {
  const rejects = venue.waitingRejects().map(({ match, code, text, times }) => {
    return { do: 'reject', ...match, code, text, times };
  });
  return [...rejects, ...interference.armed()];
}
