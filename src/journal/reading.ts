/**
 * What is read of a journal is what was written, or it is not read: each record's text is held against
 * the chain before it is parsed, and the last one against the head.
 *
 * Records come in pieces, each with a read transaction of its own. So memory is bounded, a writer is
 * never kept from anything, and what is appended meanwhile does not matter.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type Checkpoint, JournalDamaged, type JournalRecord } from '../engine/journal.ts';
import { CHAIN, chained, type Mark, START, sha256 } from './chain.ts';
import { damage, looked } from './schema.ts';

export type Kept = { readonly seq: number; readonly whole: Checkpoint | null };

export type Reader = {
  /** Those after `seq` up to `to`, oldest first. */
  readonly read: (seq: number, to: Mark) => Generator<JournalRecord>;
  readonly head: () => Mark;
  readonly chainAt: (seq: number) => string;
  /** All that are there, the newest first; null for one that is damaged. */
  readonly checkpoints: () => readonly Kept[];
};

/** Large enough that asking costs little, small enough that records of a megabyte fit in memory. */
const AT_ONCE = 64;

/**
 * The records of a piece as one text, `text newline chain newline text …`: neither holds a newline.
 * Handed over row by row, reading takes a fifth longer.
 */
const PIECE = `SELECT group_concat(text || char(10) || chain, char(10)) AS piece FROM
  (SELECT text, chain FROM lines WHERE seq > ? AND seq <= ? ORDER BY seq)`;

/** The newest checkpoint that is whole. */
export function newest(reader: Reader): Checkpoint | null {
  return reader.checkpoints().find(({ whole }) => whole !== null)?.whole ?? null;
}

export function readerOf(db: DatabaseSync, path: string): Reader {
  const piece = db.prepare(PIECE);
  const link = db.prepare('SELECT chain FROM lines WHERE seq = ?');
  // In one statement, so that a writer cannot come between.
  const head = db.prepare('SELECT seq, chain, (SELECT max(seq) FROM lines) AS last FROM head');
  const kept = db.prepare('SELECT seq, text, digest FROM checkpoints ORDER BY seq DESC');

  const chainAt = (seq: number): string => {
    if (seq === START.seq) return START.chain;
    const chain = looked(path, () => link.get(seq)?.chain, `record ${seq}: `);
    if (typeof chain === 'string' && CHAIN.test(chain)) return chain;
    throw damage(path, chain === undefined ? missing(seq) : `record ${seq}: its chain is none`);
  };
  const look = (after: number, to: number): string => {
    const found = looked(path, () => piece.get(after, to)?.piece, `record ${after + 1}: `);
    return typeof found === 'string' ? found : '';
  };

  function* read(seq: number, to: Mark): Generator<JournalRecord> {
    if (seq > to.seq) return;
    let before = chainAt(seq);
    for (let after = seq; after < to.seq; ) {
      let until = Math.min(after + AT_ONCE, to.seq);
      let found = unlessDamaged(() => look(after, until));
      if (found === undefined) {
        // A page that cannot be read would hide the good records before it: now one by one.
        until = after + 1;
        found = look(after, until);
      }
      const text = `${before}\n${found}\n`;
      let from = 0;
      for (let next = after + 1; next <= until; next++) {
        const end = text.indexOf('\n', from + before.length + 1);
        const chain = text.slice(end + 1, text.indexOf('\n', end + 1));
        if (sha256(text.slice(from, end)) !== chain) throw whatIsWrong(db, path, next, before);
        const record = JSON.parse(text.slice(from + before.length + 1, end));
        if (record.seq !== next) throw whatIsWrong(db, path, next, before);
        before = chain;
        from = end + 1;
        yield record;
      }
      after = until;
    }
    if (before !== to.chain) throw damage(path, `the head's chain is not that of record ${to.seq}`);
  }

  return {
    read,
    chainAt,
    head: () => {
      const found = looked(path, () => head.get(), 'the head: ');
      const { seq, chain, last } = found ?? {};
      if (typeof seq !== 'number' || typeof chain !== 'string') {
        throw damage(path, 'the head is missing');
      }
      const lines = Number(last ?? START.seq);
      if (lines < seq) throw damage(path, `records ${lines + 1} to ${seq} are missing at the end`);
      if (lines > seq) throw damage(path, `record ${lines} is beyond the head, at record ${seq}`);
      return { seq, chain };
    },
    checkpoints: () => {
      const rows = unlessDamaged(() => looked(path, () => kept.all())) ?? [];
      return rows.map(({ seq, text, digest }) => {
        const at = Number(seq);
        const chain = unlessDamaged(() => chainAt(at));
        const whole = typeof text === 'string' && digest === chained(String(chain), text);
        return { seq: at, whole: whole ? JSON.parse(text) : null };
      });
    },
  };
}

function unlessDamaged<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof JournalDamaged) return undefined;
    throw error;
  }
}

const missing = (seq: number): string => `record ${seq} is missing`;

/** Why record `seq` does not follow the chain `before` it, as precisely as can be said. */
function whatIsWrong(db: DatabaseSync, path: string, seq: number, before: string): JournalDamaged {
  const find = db.prepare('SELECT text, chain FROM lines WHERE seq = ?');
  const here = looked(path, () => find.get(seq), `record ${seq}: `);
  if (here === undefined) return damage(path, missing(seq));
  const text = String(here.text);
  const other = /^{"seq":(\d+),/.exec(text)?.[1];
  if (other !== undefined && other !== String(seq)) {
    return damage(path, `in the place of record ${seq} is record ${other}`);
  }
  // What comes after goes on from the link that was written: it shows which of the two was changed.
  const due = chained(before, text);
  const next = unlessDamaged(() => looked(path, () => find.get(seq + 1)));
  const head = unlessDamaged(() => looked(path, () => db.prepare('SELECT chain FROM head').get()));
  const goesOn = next !== undefined && chained(due, String(next.text)) === next.chain;
  const changed = goesOn || head?.chain === due ? 'chain' : 'text';
  return damage(path, `record ${seq} is not what was written: its ${changed} was changed`);
}
