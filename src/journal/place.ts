/** Where a journal is: its path and its folder. Nothing here opens the file itself (`lock.ts` says why). */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { JournalRefused } from '../engine/journal.ts';
import { DIRECTORY, EMPTY, fileProblem } from '../terminal/unreadable.ts';

/** The file itself where it is named by a link: else two writers would lock two names. */
export function placeOf(file: string): string {
  const path = resolve(file);
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(path);
  if (!existsSync(folder)) throw new JournalRefused(`${file}: there is no folder ${folder}`);
  return join(realpathSync(folder), basename(path));
}

/** Asked of the folder, not of the file: whoever opens and closes it takes SQLite's locks away. */
export function refuseUnreadable(path: string): void {
  let found: Stats;
  try {
    found = statSync(path);
  } catch (error) {
    throw new JournalRefused(`${path}: ${fileProblem(error)}`);
  }
  if (found.isDirectory()) throw new JournalRefused(`${path} ${DIRECTORY}`);
  if (found.size > 0) return;
  // Never ours: a journal gets its name when it is whole. SQLite would take it for a new one, and
  // throw the log beside it away.
  throw new JournalRefused(
    `${path} ${EMPTY}. If it was a journal, restore it; if it never was one, remove it`,
  );
}

/** A file has its name for good only when its folder is on the disk, too. */
export function nameDurably(from: string, to: string): void {
  renameSync(from, to);
  const folder = openSync(dirname(to), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** A journal that nobody has open, with all that belongs to it. */
export function removeAll(path: string): void {
  for (const part of ['', '-wal', '-shm', '-journal', '-lock'])
    rmSync(path + part, { force: true });
}
