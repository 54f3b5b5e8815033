/**
 * One writer. The lock is the operating system's, on a file beside the journal, taken by SQLite: it
 * goes with the process that holds it, however that ends, and no number of a process is believed.
 *
 * A file of its own, because readers of the journal must not be kept out. It is never removed: to
 * remove a lock's file is to let two processes hold two locks of one name.
 *
 * POSIX takes all locks of a file away from a process that closes any descriptor of it: in a process
 * with an open journal, nobody may open the journal or its lock but through SQLite.
 */
import { DatabaseSync } from 'node:sqlite';
import { JournalRefused } from '../engine/journal.ts';
import { connect, sqliteCode } from './schema.ts';

export type Lock = { readonly release: () => void };

const BUSY = 5;

export function takeLock(path: string): Lock {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(`${path}-lock`);
    // In memory: the lock alone is wanted, and no file beside it.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE');
    const held = db;
    return { release: () => held.close() };
  } catch (error) {
    db?.close();
    if (sqliteCode(error) === undefined || !(error instanceof Error)) throw error;
    if (sqliteCode(error) !== BUSY) {
      const reason = `${path}-lock, which keeps a second writer out, cannot be made`;
      throw new JournalRefused(`${reason} (${error.message}). The folder must be writable`);
    }
    throw new JournalRefused(`${path} is in use by ${ownerOf(path)}`);
  }
}

/** Whoever wrote its number last: it has the lock, or has just been given it. */
function ownerOf(path: string): string {
  let pid: unknown;
  try {
    const db = connect(path, 'read');
    pid = db.prepare('SELECT pid FROM owner').get()?.pid;
    db.close();
  } catch (error) {
    if (sqliteCode(error) === undefined) throw error;
  }
  if (pid === process.pid) return 'this very process. Open it once, and share it';
  const stop = 'A journal has one writer: stop that process first, or wait until it has ended';
  return typeof pid === 'number' ? `process ${pid}. ${stop}` : `another process. ${stop}`;
}
