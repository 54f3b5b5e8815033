/**
 * A journal as JSON lines: what `export` writes and `import` reads. A first line says what it is, how
 * many records there are and what the last link of their chain is; then a record a line, each with its
 * own link, so that whoever reads it can check it without us.
 */
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { readFact } from '../engine/boundary.ts';
import { JournalDamaged, type JournalRecord, JournalRefused } from '../engine/journal.ts';
import type { Line } from '../terminal/lines.ts';
import { EMPTY } from '../terminal/unreadable.ts';
import { CHAIN, chained, FORMAT, type Mark, START, textOf } from './chain.ts';
import { type JournalReader, openJournal } from './journal.ts';
import { takeLock } from './lock.ts';
import { nameDurably, placeOf, removeAll } from './place.ts';

/** A snapshot of many orders may have some megabytes; what is longer than this is no line of ours. */
export const LONGEST_LINE_BYTES = 1 << 28;

const head = z.object({
  interlockJournal: z.literal(FORMAT, { error: `must be ${FORMAT}, the format of the journal` }),
  records: z.int().nonnegative(),
  chain: z.literal('sha256'),
  head: z.string().regex(CHAIN, 'must be the last link of the chain'),
});

/** In outline: the chain says whether it is, letter by letter, what was exported. */
const entry = z.object({
  seq: z.int().positive(),
  at: z.number(),
  fact: z.looseObject({ type: z.string(), at: z.number() }),
  words: z.array(z.looseObject({ word: z.string() })),
  effects: z.array(z.looseObject({ type: z.string() })),
  orderIds: z.record(z.string(), z.int()),
  charts: z.string(),
  chain: z.string().regex(CHAIN, 'must be a link of the chain'),
});

export function exportTo(journal: JournalReader, write: (text: string) => void): Mark {
  const mark = journal.head();
  const { seq: records, chain: last } = mark;
  write(lineOf({ interlockJournal: FORMAT, records, chain: 'sha256', head: last }));
  let { chain } = START;
  for (const record of journal.read(0, mark)) {
    chain = chained(chain, textOf(record));
    write(lineOf({ ...record, chain }));
  }
  return mark;
}

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

/** How many records share a transaction. Nothing of them is to be lost: all or none come to be. */
const AT_ONCE = 1_000;

/**
 * Makes a new journal of the lines; `from` names where they come from. Throws `JournalRefused` or
 * `JournalDamaged`, with the line, and leaves nothing behind then.
 */
export async function importInto(
  file: string,
  lines: AsyncIterable<readonly Line[]>,
  from: string,
): Promise<Mark> {
  const path = placeOf(file);
  refuseThere(path);
  const lock = takeLock(path);
  const unfinished = `${path}-import`;
  try {
    refuseThere(path);
    removeAll(unfinished);
    const mark = await filled(unfinished, lines, from);
    nameDurably(unfinished, path);
    return mark;
  } finally {
    removeAll(unfinished);
    lock.release();
  }
}

function refuseThere(path: string): void {
  if (!existsSync(path)) return;
  throw new JournalRefused(`${path} is there already. Import into a file that does not exist yet`);
}

async function filled(
  path: string,
  lines: AsyncIterable<readonly Line[]>,
  from: string,
): Promise<Mark> {
  const journal = openJournal(path);
  try {
    let announced: z.infer<typeof head> | undefined;
    let mark = START;
    let waiting: JournalRecord[] = [];
    const write = (): void => {
      journal.append(waiting);
      waiting = [];
    };
    for await (const batch of lines) {
      for (const line of batch) {
        const where = `${from}, line ${line.number}`;
        if (announced === undefined) announced = headFrom(line, where);
        else {
          const read = entryFrom(line, where, mark);
          mark = read.mark;
          waiting.push(read.record);
        }
        if (waiting.length === AT_ONCE) write();
      }
    }
    if (announced === undefined) throw new JournalRefused(`${from} ${EMPTY}. ${EXPECTED}`);
    const { records, head: last } = announced;
    if (mark.seq !== records) throw notExported(`${from} has ${mark.seq} of ${records} records`);
    if (mark.chain !== last)
      throw notExported(`${from}, line 1: head is not the last record's chain`);
    write();
    return journal.head();
  } finally {
    journal.close();
  }
}

const EXPECTED = 'Expected what interlock journal export writes';

const notExported = (what: string): JournalDamaged =>
  new JournalDamaged(`${what}: it is not what was exported. Export it again`);

function headFrom(line: Line, where: string): z.infer<typeof head> {
  const read = head.safeParse(jsonIn(line, where));
  if (read.success) return read.data;
  throw new JournalRefused(`${where}: ${reasonOf(read.error)}. ${EXPECTED}`);
}

type Entry = { readonly record: JournalRecord; readonly mark: Mark };

function entryFrom(line: Line, where: string, { seq: last, chain: before }: Mark): Entry {
  const given = jsonIn(line, where);
  const read = entry.safeParse(given);
  if (!read.success) throw new JournalRefused(`${where}: ${reasonOf(read.error)}. ${EXPECTED}`);
  const { chain, ...record } = given;
  const fact = readFact(record.fact);
  if (fact !== record.fact && fact.type === 'unrecognised') {
    throw new JournalRefused(`${where}: ${fact.text}. ${EXPECTED}`);
  }
  const { seq } = record;
  if (seq !== last + 1) throw notExported(`${where}: record ${seq}, where ${last + 1} is due`);
  if (chained(before, textOf(record)) !== chain) {
    throw notExported(`${where}: the chain of record ${seq} does not follow from its text`);
  }
  return { record, mark: { seq, chain } };
}

function jsonIn(line: Line, where: string): ReturnType<typeof JSON.parse> {
  if (line.type === 'unreadable') throw new JournalRefused(`${where}: ${line.reason}. ${EXPECTED}`);
  try {
    return JSON.parse(line.text);
  } catch {
    throw new JournalRefused(`${where}: is not JSON. ${EXPECTED}`);
  }
}

/** The first thing that is wrong: the others mostly follow from it. */
function reasonOf(error: z.ZodError): string {
  const [{ path, message } = { path: [], message: 'is not what it should be' }] = error.issues;
  return path.length === 0 ? 'is no JSON object' : `${path.join('.')}: ${message}`;
}
