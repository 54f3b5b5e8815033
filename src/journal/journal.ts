/**
 * The journal in a file: SQLite with a write-ahead log, one transaction for what is appended at once,
 * synced before `append` returns.
 *
 * What it can show, and what it cannot: a record that was changed, is missing, or is in another's
 * place is found when it is read (`chain.ts`); records missing at the end by the head; commits that
 * SQLite dropped from a damaged log by the log itself (`log.ts`). All but the last one: a last commit
 * that is damaged cannot be told from one that a crash left unfinished, and the same holds of a file
 * that was put back as it was earlier. Then a whole transaction is gone, the head with it, and what is
 * left is a journal as it was. The broker can tell: what it has and the journal does not know is what
 * reconciliation looks for after every start.
 *
 * Beside FILE there are FILE-wal and FILE-shm, which are part of it while it is open or after a
 * crash, and FILE-lock. A folder on a network will not do: SQLite's log needs shared memory.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import {
  type Journal,
  JournalFailed,
  type JournalRecord,
  JournalRefused,
} from '../engine/journal.ts';
import {
  CHECKPOINTS_KEPT,
  chained,
  checkpointText,
  type Mark,
  refuseGap,
  textOf,
} from './chain.ts';
import { takeLock } from './lock.ts';
import { refuseBrokenLog } from './log.ts';
import { nameDurably, placeOf, refuseUnreadable, removeAll } from './place.ts';
import { newest, type Reader, readerOf } from './reading.ts';
import { checkTables, connect, createTables, DISK, damage, looked, sqliteCode } from './schema.ts';

/** What can be asked of a journal that somebody else may be writing to. */
export type JournalReader = Pick<Journal, 'last' | 'checkpoint' | 'close'> & {
  /** Those after `seq`, up to what was the head when `to` was asked for. */
  readonly read: (seq: number, to?: Mark) => Iterable<JournalRecord>;
  /** The last record, and its link of the chain. */
  readonly head: () => Mark;
  readonly checkpoints: Reader['checkpoints'];
  /** Throws `JournalDamaged` where SQLite finds its own pages wrong, those that no record is in as well. */
  readonly checkPages: () => void;
};

export type JournalFile = Journal & { readonly head: () => Mark };

/** Opens the journal, or begins one where there is no file. Throws `JournalRefused`, `JournalDamaged`. */
export function openJournal(file: string): JournalFile {
  const path = placeOf(file);
  if (existsSync(path)) readJournal(path).close();
  const lock = takeLock(path);
  try {
    if (!existsSync(path)) create(path);
    const journal = writing(path);
    let open = true;
    const close = (): void => {
      if (open) journal.close();
      if (open) lock.release();
      open = false;
    };
    return { ...journal, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens a journal that is there, in use or not, and changes nothing of it. */
export function readJournal(file: string): JournalReader {
  const path = placeOf(file);
  refuseUnreadable(path);
  refuseBrokenLog(path);
  const db = looked(path, () => connect(path, 'read'));
  try {
    checkTables(db, path);
    const reader = readerOf(db, path);
    const { head, checkpoints } = reader;
    return {
      head,
      checkpoints,
      read: (seq, to = head()) => reader.read(seq, to),
      last: () => head().seq,
      checkpoint: () => newest(reader),
      checkPages: () => {
        const found = looked(path, () => db.prepare('PRAGMA quick_check(1)').get())?.quick_check;
        if (found !== 'ok') throw damage(path, `SQLite says ${found}`);
      },
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Made under another name, so that a crash leaves a journal or none. The lock is held. */
function create(path: string): void {
  const unfinished = `${path}-new`;
  try {
    removeAll(unfinished);
    const db = new DatabaseSync(unfinished);
    try {
      createTables(db);
    } finally {
      db.close();
    }
    nameDurably(unfinished, path);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): Error {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  return new JournalRefused(`${path} cannot be written (${error.message}). ${DISK}`);
}

/** The lock is held. */
function writing(path: string): JournalFile {
  const db = looked(path, () => connect(path, 'write'));
  try {
    checkTables(db, path);
    const reader = readerOf(db, path);
    const head = reader.head();
    // Nothing is to be chained to a last record that is damaged.
    for (const _ of reader.read(Math.max(0, head.seq - 1), head));
    own(db, path);
    return writer(db, path, reader, head);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Shows at once, and not at the first order, that nothing can be written. */
function own(db: DatabaseSync, path: string): void {
  try {
    // Of the two syncs, FULL is the one before a commit returns; Apple's needs to be asked for.
    db.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON');
    // What a crash has left in the log is dropped from it, not only passed over: `log.ts` counts it.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.prepare('INSERT OR REPLACE INTO owner VALUES (1, ?)').run(process.pid);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function writer(db: DatabaseSync, path: string, reader: Reader, start: Mark): JournalFile {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const insert = db.prepare('INSERT INTO lines VALUES (?, ?, ?)');
  const moveHead = db.prepare('UPDATE head SET seq = ?, chain = ?');
  const keep = db.prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)');
  const dropOld = db.prepare(`DELETE FROM checkpoints WHERE seq NOT IN
    (SELECT seq FROM checkpoints ORDER BY seq DESC LIMIT ${CHECKPOINTS_KEPT})`);
  let head = start;
  let failure = '';
  const refuseFailed = (): void => {
    if (failure !== '') throw new JournalFailed(failure);
  };
  const fail = (what: string, error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error);
    failure =
      `${path}: ${what} could not be made durable (${why}). Nothing more is recorded by this ` +
      `process. ${DISK}; then start again and reconcile with the broker`;
  };
  const rollBack = (): void => {
    try {
      db.exec('ROLLBACK');
    } catch {
      // SQLite has done so already, or cannot. The failure before this one is the one to be told.
    }
  };
  return {
    head: () => head,
    last: () => head.seq,
    read: (seq) => reader.read(seq, head),
    checkpoint: () => newest(reader),
    append: (records) => {
      refuseFailed();
      refuseGap(head.seq, records);
      if (records.length === 0) return;
      let { seq, chain } = head;
      const lines = records.map((record) => {
        const text = textOf(record);
        chain = chained(chain, text);
        seq = record.seq;
        return [seq, text, chain] as const;
      });
      try {
        begin.run();
        for (const line of lines) insert.run(...line);
        moveHead.run(seq, chain);
        commit.run();
      } catch (error) {
        fail(`record ${head.seq + 1}`, error);
        rollBack();
        refuseFailed();
      }
      head = { seq, chain };
    },
    keep: (checkpoint) => {
      if (failure !== '') return;
      const text = checkpointText(checkpoint, head.seq);
      try {
        begin.run();
        const chain = reader.chainAt(checkpoint.seq);
        keep.run(checkpoint.seq, text, chained(chain, text));
        dropOld.run();
        commit.run();
      } catch (error) {
        rollBack();
        // A disk without room may have room again; one that has failed to sync is never believed again.
        if (sqliteCode(error) !== FULL) fail(`the checkpoint of record ${checkpoint.seq}`, error);
      }
    },
    close: () => db.close(),
  };
}

const FULL = 13;
