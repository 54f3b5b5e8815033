/**
 * What a journal's file is: an SQLite database that says so, of one version, with these tables and no
 * others.
 *
 *     lines        one record each: its text, and its link of the chain
 *     head         the last record and its link, so that records missing at the end are missed
 *     checkpoints  states on the way, each bound to the chain at its record
 *     owner        which process opened it last, to be named to whoever comes second
 *     records      the lines by field, for a person with SQLite in hand; a view, nothing is in it
 *
 * Whatever is read of it goes through `looked`, which tells damage from what has other causes.
 */
import { DatabaseSync } from 'node:sqlite';
import { JournalDamaged, JournalRefused } from '../engine/journal.ts';
import { FORMAT, START } from './chain.ts';

/** "ILJr", by which `file` and others may know it. */
const APPLICATION = 0x494c_4a72;

/** In the order of their names. Compared with what is there, letter by letter. */
const TABLES: readonly string[] = [
  `CREATE TABLE checkpoints (seq INTEGER PRIMARY KEY, text TEXT NOT NULL, digest TEXT NOT NULL) STRICT`,
  `CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, chain TEXT NOT NULL) STRICT`,
  `CREATE TABLE lines (seq INTEGER PRIMARY KEY, text TEXT NOT NULL, chain TEXT NOT NULL) STRICT`,
  `CREATE TRIGGER lines_are_not_changed BEFORE UPDATE ON lines BEGIN SELECT raise(ABORT, 'a record is never changed'); END`,
  `CREATE TRIGGER lines_are_not_deleted BEFORE DELETE ON lines BEGIN SELECT raise(ABORT, 'a record is never deleted'); END`,
  `CREATE TABLE owner (one INTEGER PRIMARY KEY CHECK (one = 1), pid INTEGER NOT NULL) STRICT`,
  `CREATE VIEW records AS SELECT seq, text ->> 'at' AS at, text -> 'fact' AS fact, text -> 'words' AS words, text -> 'effects' AS effects, text -> 'orderIds' AS orderIds, text ->> 'charts' AS charts, chain FROM lines`,
];

/** A second connection that recovers, or a person's, may hold it for a moment. */
const BUSY_MS = 2_000;

export type Access = 'read' | 'write';

/** `path` is absolute: SQLite would take `file:…` for an address. */
export function connect(path: string, access: Access): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: access === 'read' });
  db.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA trusted_schema = OFF`);
  return db;
}

/**
 * Tables first, and the write-ahead log after: should the log be lost, what is left is a journal.
 */
export function createTables(db: DatabaseSync): void {
  db.exec(`PRAGMA synchronous = EXTRA; BEGIN IMMEDIATE;
    PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${FORMAT};
    ${TABLES.join(';\n')};
    INSERT INTO head VALUES (1, ${START.seq}, '${START.chain}');
    COMMIT; PRAGMA journal_mode = WAL`);
}

/** Throws what is wrong with it, if anything, before a record is looked at. */
export function checkTables(db: DatabaseSync, path: string): void {
  const application = looked(path, () => db.prepare('PRAGMA application_id').get());
  if (application?.application_id !== APPLICATION) {
    throw new JournalRefused(`${path} is an SQLite database, but no journal. ${OTHER_NAME}`);
  }
  const version = Number(looked(path, () => db.prepare('PRAGMA user_version').get())?.user_version);
  if (version > FORMAT) {
    const reason = `${path} is a journal of format ${version}, and this interlock reads ${FORMAT}`;
    throw new JournalRefused(`${reason}. Open it with the version that wrote it, or a newer one`);
  }
  const schema = 'SELECT sql FROM sqlite_schema ORDER BY name';
  const there = looked(path, () => db.prepare(schema).all()).map(({ sql }) => sql);
  if (version !== FORMAT || there.join(';\n') !== TABLES.join(';\n')) {
    throw damage(path, 'its tables are not those of a journal');
  }
}

const OTHER_NAME = 'Give the name of a journal, or of a file that does not exist yet';

export function damage(path: string, what: string): JournalDamaged {
  return new JournalDamaged(
    `${path} is damaged: ${what}. Nobody may trade on it. Restore it from a copy, together with its ` +
      '-wal if there is one, or begin a new journal and reconcile it with the broker',
  );
}

const PRIMARY = 0xff;
const [BUSY, LOCKED, NO_MEMORY, IO_ERROR, FULL, CANNOT_OPEN, NO_DATABASE] = [
  5, 6, 7, 10, 13, 14, 26,
];

/** Of errors of the disk, those that say that what is there is not what should be. */
const [SHORT_READ, WRONG_CHECKSUM, WRONG_FILE_SYSTEM] = [522, 8202, 8458];

/** Does the looking; an error of SQLite's becomes one that says what to do. */
export function looked<T>(path: string, look: () => T, where = ''): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw refusalOf(path, error) ?? damage(path, `${where}${error.message}`);
  }
}

/** Why the journal cannot be looked at, where it need not be damaged for that. */
function refusalOf(path: string, error: Error): Error | undefined {
  const why = error.message;
  switch (sqliteCode(error)) {
    case NO_MEMORY:
      return error;
    case BUSY:
    case LOCKED:
      return new JournalRefused(`${path} is being opened by another process. Try again`);
    case IO_ERROR:
    case FULL: {
      const broken = [SHORT_READ, WRONG_CHECKSUM, WRONG_FILE_SYSTEM];
      if ('errcode' in error && broken.some((code) => code === error.errcode)) return undefined;
      return new JournalRefused(`${path} cannot be read (${why}). ${DISK}`);
    }
    case CANNOT_OPEN: {
      const advice = 'It may need a folder that can be written to: copy it to one, with its -wal';
      return new JournalRefused(`${path} cannot be opened (${why}). ${advice} if there is one`);
    }
    case NO_DATABASE:
      return new JournalRefused(`${path} is no journal (${why}). ${OTHER_NAME}`);
    case undefined:
      // A number that no integer of ours can be is the file's; anything else is our own defect.
      return error instanceof RangeError ? undefined : error;
    default:
      return undefined;
  }
}

/** What to look at when a disk refuses. */
export const DISK =
  'See that the disk is well and has room, and that file and folder may be written';

/** SQLite's primary result code; undefined where the error is none of SQLite's. */
export function sqliteCode(error: unknown): number | undefined {
  const isOurs = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
  return isOurs ? Number(error.errcode) & PRIMARY : undefined;
}
