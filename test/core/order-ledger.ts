/**
 * The ledger of one order beside the reference, over every sequence of words up to a length: each
 * field that both know, what was news, and whether saying it again is nothing.
 */
import {
  type Booking,
  bookBust,
  bookCancelRefusal,
  bookExecution,
  bookRefusal,
  bookReplaceRefusal,
  newOrder,
  type Order,
} from '../../src/core/ledger.ts';
import { bookReport } from '../../src/core/report.ts';
import { EXCEPTIONS } from './order-exceptions.ts';
import { rowOfOrder, rowOfTruth } from './order-rows.ts';
import { KINDS, type Kind, type Spoken, spokenOf } from './order-speech.ts';
import { newsOf } from './reference-news.ts';
import { type Truth, truthAfter, unheard, type Word } from './reference-order.ts';

const silent = (order: Order): Booking => ({ order, heard: [], note: '' });

/** The ledger's own account of one more word. */
export function booked(order: Order, word: Word): Booking {
  switch (word.type) {
    case 'order.reported':
      return bookReport(order, word);
    case 'order.executed':
      return bookExecution(order, word);
    case 'order.busted':
      return bookBust(order, word.execId);
    case 'order.refused':
      return bookRefusal(order);
    case 'cancel.refused':
      return bookCancelRefusal(order);
    case 'replace.refused':
      return bookReplaceRefusal(order);
    case 'cancel.asked':
      return silent({ ...order, cancelAsked: true });
    case 'replace.asked':
      return silent({ ...order, replaceAsked: word.ticket });
    case 'marked.unresolved':
      return silent({ ...order, unresolved: true });
    case 'marked.ended':
      return silent({ ...order, end: 'cancelled', unresolved: true, endConcluded: true });
    default:
      return silent({ ...order, missing: true });
  }
}

export type Difference = {
  readonly said: readonly string[];
  readonly words: readonly Word[];
  readonly truth: Truth;
  readonly wrong: readonly string[];
};

/** False when whoever hears of the differences has heard enough. */
export type Listener = (difference: Difference) => boolean;

type Place = {
  readonly kind: Kind;
  readonly order: Order;
  readonly words: readonly Word[];
  readonly said: readonly string[];
  readonly truth: Truth;
};

function unheardOf(kind: Kind): Place {
  const order = newOrder(kind.ticket, kind.pair, kind.exits, 1);
  return { kind, order, words: [], said: [kind.name], truth: unheard(kind.ticket) };
}

/** One more word on both sides, and where they differ then. */
function told(place: Place, { name, word }: Spoken): Place & Difference {
  const words = [...place.words, word];
  const said = [...place.said, name];
  const { order, heard, note } = booked(place.order, word);
  const truth = truthAfter(words, place.truth);
  const has = rowOfOrder({ order, heard, note });
  const wants = rowOfTruth(place.kind, words, truth, newsOf(words, place.truth, truth));
  const wrong = Object.keys(wants)
    .filter((field) => wants[field] !== has[field])
    .map((field) => `${field} ${String(has[field])}, should be ${String(wants[field])}`);
  if (isHeard(word)) wrong.push(...misheard(place, word, { order, heard, note }, truth));
  return { kind: place.kind, order, words, said, truth, wrong };
}

const isHeard = ({ type }: Word): boolean => !type.startsWith('marked') && !type.endsWith('asked');

/** What the fields do not show: the reason of silence (L8), and a repetition that copies (D23). */
function misheard(place: Place, word: Word, told: Booking, truth: Truth): readonly string[] {
  const { order, heard, note } = told;
  const wrong: string[] = [];
  const why = reasonOf(word);
  const held = order.held !== '' && order.end === null && !place.truth.unresolved;
  if (held && why !== '' && order.held !== why) wrong.push(`is held by ${order.held}, not ${why}`);
  const revived = place.truth.end !== null && truth.end === null;
  if (booked(order, word).order !== order && !revived) wrong.push('copies what it knew');
  if ((heard.length === 0) !== (note !== '')) wrong.push(`says "${note}" of news ${heard.join()}`);
  const restated = heard.length === 0 && place.truth.qty !== truth.qty;
  if (/restated/.test(note) !== restated) wrong.push(`says "${note}" of a size of ${truth.qty}`);
  return wrong;
}

/** Why a word says that an order waits; '' where it says nothing of it. */
function reasonOf(word: Word): string {
  if (word.type !== 'order.reported') return '';
  if (word.status === 'inactive') return 'inactive';
  return word.status === 'preSubmitted' ? (word.whyHeld ?? '') : '';
}

/** All sequences of up to `most` more words; past a difference none is followed. */
class Walk {
  sequences = 0;
  readonly #listener: Listener;
  constructor(listener: Listener) {
    this.#listener = listener;
  }

  on(place: Place, speech: readonly Spoken[], most: number): boolean {
    for (const spoken of speech) {
      if (spoken.allowed?.(place.truth) === false) continue;
      this.sequences += 1;
      const next = told(place, spoken);
      if (next.wrong.length > 0) {
        if (!this.#listener(next)) return false;
      } else if (most > 1 && !this.on(next, speech, most - 1)) return false;
    }
    return true;
  }
}

/** What is said of an order of that name, word by word by its name. */
export function spoken([name, ...said]: readonly string[]): Place & Difference {
  const kind = KINDS.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`no order is called ${name}`);
  return said.reduce<Place & Difference>(
    (place, wanted) => {
      const word = spokenOf(kind).find((one) => one.name === wanted);
      if (word === undefined) throw new Error(`nobody says ${wanted}`);
      return told(place, word);
    },
    { ...unheardOf(kind), wrong: [] },
  );
}

/** All sequences of up to `most` words, after those that were said. */
export function compare(said: readonly string[], most: number, listener: Listener): number {
  const walk = new Walk(listener);
  const place = spoken(said);
  walk.on(place, spokenOf(place.kind), most);
  return walk.sequences;
}

/** What an order has heard before the sequences begin. */
export const BEGINNINGS: readonly (readonly string[])[] = [
  [],
  ['shown', 'larger asked'],
  ['shown', 'smaller asked'],
  ['shown', 'unresolved'],
  ['shown', 'price asked', 'unresolved'],
  ['preSubmitted', 'x.a.01 of 1 at 100', 'cancel asked'],
  ['preSubmitted', 'submitted 1/2', 'missing'],
  ['x.a.03 of 3 at 100'],
  ['x.a.03 of 3 at 100', 'bust of x.a.01'],
  ['x.a.03 of 3 at 100', 'x.a.04 of 2 at 100'],
  ['cancelled 1/2'],
  ['ended by absence'],
  ['ended by absence', 'submitted'],
  ['ended by absence', 'x.a.03 of 3 at 100'],
];

/** The first difference that is not known, or null: what a small comparison finds. */
export function orderLedgerWrong(): string | null {
  let wrong: string | null = null;
  const listener: Listener = (difference) => {
    if (EXCEPTIONS.some(({ covers }) => covers(difference))) return true;
    wrong = `${difference.said.join(', ')}: ${difference.wrong.join('; ')}`;
    return false;
  };
  for (const { name } of KINDS) {
    for (const beginning of BEGINNINGS) {
      compare([name, ...beginning], name === 'stop' ? 2 : beginning.length === 0 ? 2 : 1, listener);
      if (wrong !== null) return wrong;
    }
  }
  return null;
}
