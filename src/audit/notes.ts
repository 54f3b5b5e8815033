import type { Mark, Order } from './book.ts';

/**
 * What an audit finds worth telling, kept while the log is read.
 *
 * A log of only bad lines must not fill the memory with findings about them, so each kind keeps
 * its first ones and counts the rest; the count is told as a finding of the same kind.
 */

export const FINDING_KINDS = [
  'position-unexplained',
  'crossed-zero',
  'leg-without-end',
  'oca-missing',
  'overlapping-parents',
  'cancel-lost-race',
  'fill-after-end',
  'oversell-warning',
  'price-capped',
  'watcher-without-stop',
  'corrected-execution',
  'duplicate-execution',
  'execution-for-unknown-order',
  'bad-line',
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

export type Note = {
  readonly kind: FindingKind;
  readonly line: number;
  readonly mark?: Mark;
  readonly order?: Order | undefined;
  /** Where the order is not known to the log. */
  readonly orderId?: number | undefined;
  /** What is said of the order; its name is put before it when its role and parent are known. */
  readonly text: string;
  /** For the timeline of a parent, where the text is too long; without it, it is not shown. */
  readonly short?: string;
};

export type NoteBook = Map<
  FindingKind,
  { readonly kept: Note[]; further: number; lastLine: number }
>;

export const NOTES_KEPT_PER_KIND = 10_000;

export function openNotes(): NoteBook {
  return new Map();
}

export function note(book: NoteBook, entry: Note): void {
  const notes = book.get(entry.kind) ?? { kept: [], further: 0, lastLine: 0 };
  book.set(entry.kind, notes);
  if (notes.kept.length < NOTES_KEPT_PER_KIND) notes.kept.push(entry);
  else {
    notes.further += 1;
    notes.lastLine = entry.line;
  }
}

export function allNotes(book: NoteBook): readonly Note[] {
  return [...book].flatMap(([kind, { kept, further, lastLine }]): readonly Note[] => {
    if (further === 0) return kept;
    const text = `and ${further} more of this kind, the last on this line`;
    return [...kept, { kind, line: lastLine, text }];
  });
}
