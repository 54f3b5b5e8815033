/** The words of which sequences are made, for each kind of order. */
import type { Echo, Reported } from '../../src/core/fact.ts';
import type { Ticket } from '../../src/core/ready.ts';
import type { Truth, Word } from './reference-order.ts';

export type Kind = {
  readonly name: string;
  readonly ticket: Ticket;
  readonly pair: number;
  readonly exits: boolean;
};

export type Spoken = {
  readonly name: string;
  readonly word: Word;
  /** Where it can happen; absent: everywhere. */
  readonly allowed?: (truth: Truth) => boolean;
};

/** Three shares, so that there is a part, a rest, and something smaller and larger than all. */
const TICKET = {
  bracket: 'b',
  account: 'DU1',
  symbol: 'RIME',
  conId: 1,
  qty: 3,
  tif: 'GTC',
  outsideRth: false,
  group: 'g',
  ocaType: 2,
} as const;

export const KINDS: readonly Kind[] = [
  {
    name: 'stop',
    ticket: {
      ...TICKET,
      orderRef: 's',
      leg: 'stop1',
      action: 'SELL',
      orderType: 'STP',
      stopPx: 80,
    },
    pair: 1,
    exits: true,
  },
  {
    name: 'stop-limit',
    ticket: {
      ...TICKET,
      orderRef: 'l',
      leg: 'stop1',
      action: 'SELL',
      orderType: 'STP LMT',
      stopPx: 80,
      limitPx: 70,
    },
    pair: 1,
    exits: true,
  },
  {
    name: 'stop entry',
    ticket: {
      ...TICKET,
      orderRef: 'n',
      leg: 'entry',
      action: 'BUY',
      orderType: 'STP',
      stopPx: 90,
      group: '',
      ocaType: 0,
    },
    pair: 0,
    exits: false,
  },
  {
    name: 'target',
    ticket: {
      ...TICKET,
      orderRef: 't',
      leg: 'target1',
      action: 'SELL',
      orderType: 'LMT',
      limitPx: 120,
    },
    pair: 1,
    exits: true,
  },
  {
    name: 'entry',
    ticket: {
      ...TICKET,
      orderRef: 'e',
      leg: 'entry',
      action: 'BUY',
      orderType: 'LMT',
      limitPx: 100,
      group: '',
      ocaType: 0,
    },
    pair: 0,
    exits: false,
  },
];

const shown = ({ ticket }: Kind): Echo => ({
  qty: ticket.qty,
  orderType: ticket.orderType,
  ...(ticket.limitPx === undefined ? {} : { limitPx: ticket.limitPx }),
  ...(ticket.stopPx === undefined ? {} : { stopPx: ticket.stopPx }),
  group: ticket.group,
  ocaType: ticket.ocaType,
  tif: ticket.tif,
  outsideRth: ticket.outsideRth,
});

/** The prices of a replace: all that it has, moved by one. */
const moved = <T extends { readonly limitPx?: number; readonly stopPx?: number }>(one: T): T => ({
  ...one,
  ...(one.limitPx === undefined ? {} : { limitPx: one.limitPx + 1 }),
  ...(one.stopPx === undefined ? {} : { stopPx: one.stopPx + 1 }),
});

type Figures = readonly [filled: number, remaining: number];

function status(name: Reported['status'], figures?: Figures, more: Partial<Reported> = {}): Spoken {
  const [filled, remaining] = figures ?? [];
  const word: Reported = {
    type: 'order.reported',
    orderRef: 'o',
    permId: 7,
    status: name,
    ...(filled === undefined ? {} : { filled }),
    ...(remaining === undefined ? {} : { remaining }),
    ...more,
  };
  return { name: [name, figures?.join('/') ?? ''].join(' ').trim(), word };
}

const named = (name: string, { word }: Spoken): Spoken => ({ name, word });

function execution(execId: string, qty: number, px = 100): Spoken {
  const word = { type: 'order.executed', orderRef: 'o', execId, qty, px } as const;
  return { name: `${execId} of ${qty} at ${px}`, word };
}

const STATUSES: readonly Spoken[] = [
  named('pendingSubmit without permId', status('pendingSubmit', undefined, { permId: 0 })),
  status('pendingSubmit'),
  status('pendingSubmit', [0, 3]),
  status('preSubmitted'),
  status('preSubmitted', [0, 3]),
  named('preSubmitted, locate', status('preSubmitted', [0, 3], { whyHeld: 'locate' })),
  named('preSubmitted, not held', status('preSubmitted', [0, 3], { whyHeld: '' })),
  named('preSubmitted, trigger', status('preSubmitted', [0, 3], { whyHeld: 'trigger' })),
  named('preSubmitted, both', status('preSubmitted', [0, 3], { whyHeld: 'locate,trigger' })),
  named('preSubmitted, child', status('preSubmitted', [0, 3], { whyHeld: 'child' })),
  status('submitted'),
  status('submitted', [0, 3]),
  status('submitted', [1, 2]),
  status('submitted', [2, 1]),
  status('submitted', [0, 5]),
  status('submitted', [1, 4]),
  status('submitted', [0, 2]),
  status('submitted', [3, 0]),
  status('submitted', [0, 0]),
  named('submitted, another permId', status('submitted', undefined, { permId: 8 })),
  named('submitted, no permId', status('submitted', undefined, { permId: 0 })),
  named('submitted, locate', status('submitted', [0, 3], { whyHeld: 'locate' })),
  named('submitted, filled only', status('submitted', undefined, { filled: 1 })),
  status('pendingCancel'),
  status('pendingCancel', [1, 2]),
  status('pendingCancel', [0, 5]),
  status('pendingReplace'),
  status('pendingReplace', [0, 5]),
  status('cancelled'),
  status('cancelled', [0, 3]),
  status('cancelled', [0, 0]),
  status('cancelled', [1, 2]),
  status('cancelled', [3, 0]),
  status('expired'),
  status('expired', [0, 3]),
  status('expired', [1, 2]),
  status('filled'),
  status('filled', [3, 0]),
  status('filled', [2, 0]),
  status('filled', [5, 0]),
  status('inactive'),
  status('inactive', [0, 3]),
  status('inactive', [0, 0]),
  status('inactive', [0, 2]),
];

const EXECUTIONS: readonly Spoken[] = [
  execution('x.a.01', 1),
  execution('x.a.02', 1, 101),
  execution('x.a.03', 3),
  execution('x.a.04', 2),
  execution('x.b.01', 2),
  execution('x.b.02', 1),
  execution('x.c.01', 3),
  { name: 'bust of x.a.01', word: { type: 'order.busted', execId: 'x.a.01' } },
  execution('k1', 1),
  execution('k2', 1),
  { name: 'bust of k1', word: { type: 'order.busted', execId: 'k1' } },
  { name: 'bust of x.b.01', word: { type: 'order.busted', execId: 'x.b.01' } },
];

const lives = (truth: Truth): boolean => truth.end === null;
/** One request at a time: the chart's rule. */
const askable = (truth: Truth): boolean =>
  lives(truth) && !truth.cancelAsked && truth.replaceAsked === null;

function requests({ ticket }: Kind): readonly Spoken[] {
  const replace = (name: string, asked: Ticket): Spoken => ({
    name,
    word: { type: 'replace.asked', ticket: asked },
    allowed: askable,
  });
  return [
    { name: 'cancel asked', word: { type: 'cancel.asked' }, allowed: askable },
    replace('larger asked', { ...ticket, qty: 5 }),
    replace('smaller asked', { ...ticket, qty: 2 }),
    replace('price asked', moved(ticket)),
    replace('larger and price asked', moved({ ...ticket, qty: 5 })),
    { name: 'unresolved', word: { type: 'marked.unresolved' }, allowed: lives },
    { name: 'missing', word: { type: 'marked.missing' }, allowed: lives },
    { name: 'ended by absence', word: { type: 'marked.ended' }, allowed: lives },
    { name: 'refused', word: { type: 'order.refused' } },
    { name: 'cancel refused', word: { type: 'cancel.refused' } },
    { name: 'replace refused', word: { type: 'replace.refused' } },
  ];
}

function echoes(kind: Kind): readonly Spoken[] {
  const echo = shown(kind);
  const show = (name: string, picture: Echo, by: Reported['status'] = 'submitted'): Spoken =>
    named(name, status(by, undefined, { echo: picture }));
  return [
    show('shown', echo),
    show('shown by preSubmitted', echo, 'preSubmitted'),
    show('shown by pendingSubmit', echo, 'pendingSubmit'),
    show('shown by cancelled', echo, 'cancelled'),
    show('shown by filled', echo, 'filled'),
    show('shown by inactive', echo, 'inactive'),
    show('shown by pendingCancel', { ...echo, qty: 5 }, 'pendingCancel'),
    show('shown by pendingReplace, larger', { ...echo, qty: 5 }, 'pendingReplace'),
    named('shown, one filled', status('submitted', [1, 2], { echo })),
    show('shown smaller', { ...echo, qty: 2 }),
    show('shown larger', { ...echo, qty: 5 }),
    show('shown at another price', moved(echo)),
    show('shown at another price by preSubmitted', moved(echo), 'preSubmitted'),
    show('shown larger at another price', moved({ ...echo, qty: 5 })),
    show('shown larger by pendingSubmit', { ...echo, qty: 5 }, 'pendingSubmit'),
    show('shown at one other price', { ...echo, limitPx: 33 }),
    show('shown with another stop', { ...echo, stopPx: 33 }),
    show('shown in another group', { ...echo, group: 'h' }),
    show('shown as type 3', { ...echo, ocaType: 3 }),
    show('shown as type 0', { ...echo, ocaType: 0 }),
    show('shown for the day', { ...echo, tif: 'DAY' }),
    show('shown outside hours', { ...echo, outsideRth: true }),
    show('shown as a market order', { ...echo, orderType: 'MKT' }),
  ];
}

/** Every word that can be said of an order of this kind. */
export const spokenOf = (kind: Kind): readonly Spoken[] => [
  ...STATUSES,
  ...EXECUTIONS,
  ...requests(kind),
  ...echoes(kind),
];
