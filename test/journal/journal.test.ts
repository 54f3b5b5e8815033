/** Both journals keep the contract; and what a file can be besides. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import {
  type Journal,
  JournalDamaged,
  JournalFailed,
  JournalRefused,
} from '../../src/engine/journal.ts';
import { chained, START } from '../../src/journal/chain.ts';
import { openJournal, readJournal } from '../../src/journal/journal.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { journalContract, journalOutlives } from './contract.ts';
import { folderOfTest } from './folder.ts';
import { checkpointOf, recordOf, recordsOf } from './records.ts';

const folder = folderOfTest();
/** On a machine that does much else. */
const LONG = { timeout: 60_000 };

let files = 0;
const fresh = (): string => {
  files += 1;
  return join(folder, `${files}.journal`);
};

const inFile = (): (() => Journal) => {
  const file = fresh();
  return () => openJournal(file);
};
journalContract('a journal in a file', inFile);
journalOutlives('a journal in a file', inFile);
journalContract('a journal in memory', () => memoryJournal);

/** A closed journal of some records, with a checkpoint or two. */
function written(records: number, checkpoints: readonly number[] = []): string {
  const file = fresh();
  const journal = openJournal(file);
  journal.append(recordsOf(1, records));
  for (const seq of checkpoints) journal.keep(checkpointOf(seq));
  journal.close();
  return file;
}

/** Changes the file behind the journal's back. */
function altered(file: string, sql: string): string {
  const db = new DatabaseSync(file);
  const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const trigger of triggers) db.exec(String(trigger.sql));
  db.close();
  return file;
}

function thrownBy(what: () => unknown): Error {
  try {
    what();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

const readAll = (file: string): number => {
  const journal = readJournal(file);
  try {
    return [...journal.read(0)].length;
  } finally {
    journal.close();
  }
};

describe('what was changed is found, with the place', () => {
  const swap =
    'UPDATE lines SET seq = -seq WHERE seq IN (5, 6); UPDATE lines SET seq = 11 + seq WHERE seq < 0';
  test.each([
    [
      'a field',
      `UPDATE lines SET text = replace(text, '"px":131000000', '"px":131000001') WHERE seq = 5`,
      'record 5 is not what was written: its text was changed',
    ],
    [
      'a time',
      `UPDATE lines SET text = replace(text, '"at":17', '"at":18') WHERE seq = 1`,
      'record 1 is not what was written: its text was changed',
    ],
    [
      'a space',
      `UPDATE lines SET text = text || ' ' WHERE seq = 10`,
      'record 10 is not what was written: its text was changed',
    ],
    [
      'a link',
      `UPDATE lines SET chain = replace(chain, substr(chain, 1, 1), 'x') WHERE seq = 5`,
      'record 5 is not what was written: its chain was changed',
    ],
    [
      'the last link',
      `UPDATE lines SET chain = replace(chain, substr(chain, 1, 1), 'x') WHERE seq = 10`,
      'record 10 is not what was written: its chain was changed',
    ],
    ['a record gone', 'DELETE FROM lines WHERE seq = 5', 'record 5 is missing'],
    ['the first gone', 'DELETE FROM lines WHERE seq < 3', 'record 1 is missing'],
    ['the last gone', 'DELETE FROM lines WHERE seq > 7', 'records 8 to 10 are missing at the end'],
    ['all gone', 'DELETE FROM lines', 'records 1 to 10 are missing at the end'],
    ['two swapped', swap, 'in the place of record 5 is record 6'],
    [
      'one too many',
      `INSERT INTO lines VALUES (11, '{}', '')`,
      'record 11 is beyond the head, at record 10',
    ],
    [
      'the head',
      `UPDATE head SET chain = replace(chain, substr(chain, 1, 1), 'x')`,
      "the head's chain is not that of record 10",
    ],
    ['the head gone', 'DELETE FROM head', 'the head is missing'],
    [
      'a text that is none',
      `UPDATE lines SET text = '' WHERE seq = 5`,
      'record 5 is not what was written: its text was changed',
    ],
    ['a table more', 'CREATE TABLE more (x)', 'its tables are not those of a journal'],
    [
      'a trigger less',
      `DELETE FROM head; DROP TABLE owner`,
      'its tables are not those of a journal',
    ],
  ])('%s', (_, sql, said) => {
    const file = altered(written(10), sql);
    const error = thrownBy(() => readAll(file));
    expect(error).toBeInstanceOf(JournalDamaged);
    expect(error.message).toBe(
      `${file} is damaged: ${said}. Nobody may trade on it. Restore it from a copy, together with ` +
        'its -wal if there is one, or begin a new journal and reconcile it with the broker',
    );
  });

  test('what comes before the damage is read', () => {
    const file = altered(written(200), `UPDATE lines SET text = '' WHERE seq = 150`);
    const journal = openJournal(file);
    const read: number[] = [];
    const error = thrownBy(() => {
      for (const { seq } of journal.read(0)) read.push(seq);
    });
    expect(error.message).toContain('record 150 is not what was written');
    expect(read).toEqual(recordsOf(1, 149).map(({ seq }) => seq));
    expect([...journal.read(150)]).toEqual(recordsOf(151, 200));
    journal.close();
  });

  test('a page that SQLite cannot read: its first record is named, and those before it are read', () => {
    const file = written(200);
    const db = new DatabaseSync(file);
    const leaves = "SELECT pageno FROM dbstat WHERE name = 'lines' AND pagetype = 'leaf'";
    const page = Number(db.prepare(`${leaves} ORDER BY path LIMIT 1 OFFSET 8`).get()?.pageno);
    const size = Number(db.prepare('PRAGMA page_size').get()?.page_size);
    db.close();
    const bytes = readFileSync(file);
    bytes[(page - 1) * size] = 0x77;
    writeFileSync(file, bytes);
    const journal = openJournal(file);
    const read: unknown[] = [];
    const error = thrownBy(() => {
      for (const record of journal.read(0)) read.push(record);
    });
    expect(error).toBeInstanceOf(JournalDamaged);
    expect(error.message).toContain(`record ${read.length + 1}: database disk image is malformed`);
    expect(read.length % 64).toBeGreaterThan(0);
    expect(read).toEqual(recordsOf(1, read.length));
    journal.close();
  });

  test('a chain that was worked out anew over another record in its place', () => {
    const text = JSON.stringify(recordOf(7));
    const chain = chained(START.chain, text);
    const file = altered(
      written(0),
      `INSERT INTO lines VALUES (1, '${text}', '${chain}'); UPDATE head SET seq = 1, chain = '${chain}'`,
    );
    expect(thrownBy(() => readAll(file)).message).toContain('in the place of record 1 is record 7');
  });

  test('nothing is appended to a last record that is damaged', () => {
    const file = altered(written(10), `UPDATE lines SET text = '' WHERE seq = 10`);
    expect(thrownBy(() => openJournal(file))).toBeInstanceOf(JournalDamaged);
  });

  test('a record is never changed, by SQLite’s own shell neither', () => {
    const db = new DatabaseSync(written(3));
    expect(() => db.exec(`UPDATE lines SET text = '' WHERE seq = 1`)).toThrow('is never changed');
    expect(() => db.exec('DELETE FROM lines')).toThrow('is never deleted');
    expect(db.prepare('SELECT * FROM records WHERE seq = 1').get()).toMatchObject({
      seq: 1,
      at: recordOf(1).at,
      fact: JSON.stringify(recordOf(1).fact),
      words: JSON.stringify(recordOf(1).words),
      charts: recordOf(1).charts,
    });
    db.close();
  });
});

describe('checkpoints', () => {
  const checkpointIn = (file: string): number | undefined => {
    const journal = openJournal(file);
    const found = journal.checkpoint()?.seq;
    expect([...journal.read(0)]).toEqual(recordsOf(1, 10));
    journal.close();
    return found;
  };
  test.each([
    ['both whole', '', 8],
    [
      'the newer one changed',
      `UPDATE checkpoints SET text = replace(text, 'live', 'lost') WHERE seq = 8`,
      6,
    ],
    ['the newer one of another record', 'UPDATE checkpoints SET seq = 9 WHERE seq = 8', 6],
    ['beyond the last record', 'UPDATE checkpoints SET seq = 11 WHERE seq = 8', 6],
    ['its digest gone', `UPDATE checkpoints SET digest = '' WHERE seq = 8`, 6],
    ['both changed', `UPDATE checkpoints SET text = ''`, undefined],
    ['none', 'DELETE FROM checkpoints', undefined],
  ])('%s', (_, sql, seq) => {
    expect(checkpointIn(altered(written(10, [2, 4, 6, 8]), sql))).toBe(seq);
  });

  test('the last two are there, and no more', () => {
    const journal = readJournal(written(10, [2, 4, 6, 8]));
    expect(journal.checkpoints().map(({ seq }) => seq)).toEqual([8, 6]);
    journal.close();
  });
});

describe('what is refused, and why', () => {
  const refusedBy = (file: string, open: (file: string) => unknown): string => {
    const error = thrownBy(() => open(file));
    expect(error).toBeInstanceOf(JournalRefused);
    return error.message;
  };
  const NAME = 'Give the name of a journal, or of a file that does not exist yet';

  test.each([
    ['to write', openJournal],
    ['to read', readJournal],
  ])('%s', (_, open) => {
    const text = join(folder, 'text.journal');
    writeFileSync(text, 'a text of many words\n'.repeat(100));
    expect(refusedBy(text, open)).toBe(`${text} is no journal (file is not a database). ${NAME}`);
    const other = join(folder, 'other.db');
    new DatabaseSync(other).exec('CREATE TABLE IF NOT EXISTS t (x)');
    expect(refusedBy(other, open)).toBe(`${other} is an SQLite database, but no journal. ${NAME}`);
    const newer = altered(written(1), 'PRAGMA user_version = 7');
    expect(refusedBy(newer, open)).toBe(
      `${newer} is a journal of format 7, and this interlock reads 1. ` +
        'Open it with the version that wrote it, or a newer one',
    );
    const empty = written(1);
    truncateSync(empty);
    expect(refusedBy(empty, open)).toContain('is empty. If it was a journal, restore it');
    const inside = join(folder, 'inside');
    mkdirSync(inside, { recursive: true });
    expect(refusedBy(inside, open)).toContain('is a directory');
    expect(refusedBy(join(folder, 'no', 'a.journal'), open)).toContain('there is no folder');
    expect(readdirSync(folder).filter((name) => /^(?:text|other).*-/.test(name))).toEqual([]);
  });

  test('a journal that is not there, to read', () => {
    const file = fresh();
    expect(refusedBy(file, readJournal)).toBe(`${file}: no such file. Check the path`);
    expect(readdirSync(folder)).not.toContain(basename(file));
  });
});

const passes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('one writer', () => {
  test('a second one in this process', () => {
    const file = fresh();
    const journal = openJournal(file);
    const link = `${file}-link`;
    symlinkSync(file, link);
    for (const name of [file, link]) {
      const error = thrownBy(() => openJournal(name));
      expect(error).toBeInstanceOf(JournalRefused);
      expect(error.message).toBe(
        `${file} is in use by this very process. Open it once, and share it`,
      );
    }
    journal.append([recordOf(1)]);
    journal.close();
    openJournal(file).close();
  });

  test(
    'another process: named while it lives, no hindrance once it is dead; readers are welcome',
    LONG,
    async () => {
      const file = fresh();
      const child = spawn(process.execPath, [
        '--no-warnings',
        join(import.meta.dirname, 'writer.ts'),
        file,
      ]);
      const [said] = await once(child.stdout, 'data');
      expect(Number(String(said).split('\n')[0])).toBeGreaterThan(0);
      expect(thrownBy(() => openJournal(file)).message).toBe(
        `${file} is in use by process ${child.pid}. A journal has one writer: stop that process first, or wait until it has ended`,
      );
      const before = readAll(file);
      expect(before).toBeGreaterThan(0);
      // Whoever does not read what it says, holds it up.
      child.stdout.resume();
      for (let i = 0; i < 1_000 && readAll(file) <= before; i++) await passes(5);
      expect(readAll(file)).toBeGreaterThan(before);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const journal = openJournal(file);
      expect([...journal.read(0)]).toEqual(recordsOf(1, journal.last()));
      journal.append([recordOf(journal.last() + 1)]);
      journal.close();
    },
  );
});

test(
  'readers beside a writer in a hurry: never told of damage, and never in its way',
  LONG,
  async () => {
    const file = fresh();
    openJournal(file).close();
    const writer = [join(import.meta.dirname, 'writer.ts'), file, '50'];
    const child = spawn(process.execPath, ['--no-warnings', ...writer], { stdio: 'ignore' });
    const counts: number[] = [];
    for (const end = Date.now() + 2_500; Date.now() < end; ) {
      const journal = readJournal(file);
      const last = journal.last();
      counts.push(last);
      expect([...journal.read(Math.max(0, last - 100))].at(-1)?.seq ?? 0).toBeGreaterThanOrEqual(
        last,
      );
      journal.close();
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(counts.length).toBeGreaterThan(5);
    // Enough to begin the log anew many times.
    expect(counts.at(-1)).toBeGreaterThan(20_000);
  },
);

test('a journal is one file and its lock; while it is open its log, too', () => {
  const file = written(3);
  const beside = (): readonly string[] =>
    readdirSync(dirname(file))
      .filter((one) => one.startsWith(basename(file)))
      .map((one) => one.slice(basename(file).length))
      .sort();
  expect(beside()).toEqual(['', '-lock']);
  expect(statSync(`${file}-lock`).size).toBe(0);
  const journal = openJournal(file);
  expect(beside()).toEqual(['', '-lock', '-shm', '-wal']);
  journal.close();
});

test('a start leaves nothing in the log of what was before', () => {
  const [one, other] = [fresh(), fresh()];
  const journal = openJournal(one);
  const { size } = statSync(`${one}-wal`);
  for (let seq = 1; seq <= 20; seq++) journal.append([recordOf(seq)]);
  for (const part of ['', '-wal']) copyFileSync(one + part, other + part);
  journal.close();
  const again = openJournal(other);
  expect(statSync(`${other}-wal`).size).toBe(size);
  expect([...again.read(0)]).toEqual(recordsOf(1, 20));
  again.close();
});

test('a failure that is not the disk’s is final, too, and lets go of the file', () => {
  const file = written(2);
  const journal = openJournal(file);
  const db = new DatabaseSync(file);
  db.exec(`INSERT INTO lines VALUES (4, 'not', 'ours')`);
  expect(() => journal.append(recordsOf(3, 4))).toThrow(JournalFailed);
  expect(() => journal.append(recordsOf(3, 3))).toThrow(
    'record 3 could not be made durable (UNIQUE',
  );
  expect([...journal.read(0)]).toEqual(recordsOf(1, 2));
  db.exec('PRAGMA busy_timeout = 0; BEGIN IMMEDIATE; ROLLBACK');
  db.close();
  journal.close();
});
