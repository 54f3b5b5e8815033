/**
 * Whatever becomes of the file: what is read is what was written, or less of it by the last
 * transaction, or it is refused. Every cut of the last transaction, and a bit of every byte.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { JournalDamaged, JournalRefused } from '../../src/engine/journal.ts';
import { openJournal, readJournal } from '../../src/journal/journal.ts';
import { folderOfTest } from './folder.ts';
import { checkpointOf, recordOf, recordsOf } from './records.ts';

const folder = folderOfTest();
const PARTS = ['', '-wal'] as const;

/** What is there when a process dies: the file and its log, of a journal that is still open. */
function leftBehind(name: string, write: (file: string) => void): string {
  const [file, copy] = [join(folder, name), join(folder, `${name}-left`)];
  const journal = openJournal(file);
  journal.close();
  // Small pages, so that every byte can be tried.
  const db = new DatabaseSync(file);
  db.exec(
    'PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM; PRAGMA journal_mode = WAL',
  );
  db.close();
  write(file);
  for (const part of PARTS) if (existsSync(file + part)) copyFileSync(file + part, copy + part);
  return copy;
}

/** By `seq`: the letters of each record. */
const written = recordsOf(1, 40).map((record) => JSON.stringify(record));

type Outcome = 'as written' | 'less, by the last transaction' | 'damaged' | 'refused';

/**
 * Reads what can be read, and throws where it is not what was written. The last transaction goes from
 * the record after `before` to `last`.
 */
function outcomeOf(file: string, before: number, last: number): Outcome {
  let seen = 0;
  const look = (): Outcome => {
    const journal = readJournal(file);
    try {
      const checkpoint = journal.checkpoint();
      if (checkpoint !== null) expect(checkpoint).toEqual(checkpointOf(checkpoint.seq));
      for (const record of journal.read(0)) {
        const due = written[seen];
        if (JSON.stringify(record) !== due) {
          throw new Error(`record ${seen + 1} was read as ${JSON.stringify(record)}`);
        }
        seen += 1;
      }
      if (seen === last) return 'as written';
      if (seen === before) return 'less, by the last transaction';
      throw new Error(`${seen} records were read: neither ${before} nor ${last}`);
    } finally {
      journal.close();
    }
  };
  try {
    return look();
  } catch (error) {
    if (error instanceof JournalDamaged) return 'damaged';
    if (error instanceof JournalRefused) return 'refused';
    throw error;
  }
}

type Tally = Record<Outcome, number>;

const nothing = (): Tally => ({
  'as written': 0,
  'less, by the last transaction': 0,
  damaged: 0,
  refused: 0,
});

/** Goes on after what has happened, as an engine would: what is there then is what was written, too. */
function goesOn(file: string): void {
  const journal = openJournal(file);
  const next = journal.last() + 1;
  journal.append([recordOf(next)]);
  expect([...journal.read(0)].map((record) => JSON.stringify(record))).toEqual(
    written.slice(0, next),
  );
  journal.close();
}

const LONG = { timeout: 60_000 };

/** No transaction may be gone. */
const NEVER = -1;

test('a last transaction that is cut anywhere is there, or it is not', LONG, () => {
  let [before, after] = [0, 0];
  const file = leftBehind('torn', (name) => {
    const journal = openJournal(name);
    journal.append(recordsOf(1, 8));
    journal.append(recordsOf(9, 12));
    before = statSync(`${name}-wal`).size;
    journal.append(recordsOf(13, 18));
    after = statSync(`${name}-wal`).size;
  });
  const [main, log] = [readFileSync(file), readFileSync(`${file}-wal`)];
  expect(after).toBe(log.length);
  const tally = nothing();
  for (let cut = before; cut <= after; cut++) {
    const place = `${file}-cut`;
    writeFileSync(place, main);
    writeFileSync(`${place}-wal`, log.subarray(0, cut));
    const outcome = outcomeOf(place, 12, 18);
    tally[outcome] += 1;
    expect(outcome, `cut at ${cut}`).toBe(
      cut === after ? 'as written' : 'less, by the last transaction',
    );
    if (cut % 97 === 0) goesOn(place);
  }
  expect(after - before).toBeGreaterThan(2_000);
  expect(tally).toEqual({
    ...nothing(),
    'as written': 1,
    'less, by the last transaction': after - before,
  });
});

/** Tries a bit of every byte of one of its files, and counts what comes of it. */
function flipped(place: string, part: string, before: number, last: number): Tally {
  const tally = nothing();
  const whole = PARTS.map((one) => (existsSync(place + one) ? readFileSync(place + one) : null));
  const restore = (): void => {
    for (const [index, one] of PARTS.entries()) {
      const bytes = whole[index];
      if (bytes) writeFileSync(place + one, bytes);
      else rmSync(place + one, { force: true });
    }
  };
  for (const [at, byte] of readFileSync(place + part).entries()) {
    put(place + part, at, byte ^ (1 << (at % 8)));
    const outcome = outcomeOf(place, before, last);
    tally[outcome] += 1;
    if (at % 61 === 0 && (outcome === 'as written' || outcome.startsWith('less'))) {
      goesOn(place);
      restore();
    } else put(place + part, at, byte);
  }
  expect(outcomeOf(place, before, last)).toBe('as written');
  return tally;
}

const sum = (tally: Tally): number => Object.values(tally).reduce((all, one) => all + one, 0);

test('one bit of any byte of a closed journal: what is read is what was written', LONG, () => {
  const name = join(folder, 'closed');
  leftBehind('closed', (file) => {
    const journal = openJournal(file);
    journal.append(recordsOf(1, 12));
    journal.keep(checkpointOf(5));
    journal.keep(checkpointOf(10));
    journal.close();
  });
  const tally = flipped(name, '', NEVER, 12);
  const { size } = statSync(name);
  expect(sum(tally)).toBe(size);
  expect(tally['less, by the last transaction']).toBe(0);
  // The rest is room that nothing is in, checkpoints, and what SQLite writes and never reads.
  expect(tally.damaged + tally.refused).toBeGreaterThan(size / 2);
});

test(
  'one bit of any byte of the log: at most the last transaction is gone in silence',
  LONG,
  () => {
    let before = 0;
    const file = leftBehind('log', (name) => {
      const journal = openJournal(name);
      journal.append(recordsOf(1, 3));
      journal.append(recordsOf(4, 6));
      journal.keep(checkpointOf(5));
      journal.append(recordsOf(7, 10));
      before = statSync(`${name}-wal`).size;
      journal.append(recordsOf(11, 11));
    });
    const { size } = statSync(`${file}-wal`);
    const tally = flipped(file, '-wal', 10, 11);
    expect(sum(tally)).toBe(size);
    expect(tally['as written'] + tally.refused).toBe(0);
    expect(tally['less, by the last transaction']).toBeLessThanOrEqual(size - before);
    expect(tally.damaged).toBeGreaterThanOrEqual(before);
    // Which may as well be what a crash has left: to refuse it would be to refuse a start.
    expect(tally['less, by the last transaction']).toBeGreaterThan((size - before) / 2);
  },
);

test('these tests bite: another record and half a transaction are seen', () => {
  const name = join(folder, 'half');
  const journal = openJournal(name);
  journal.append(recordsOf(1, 5));
  expect(() => outcomeOf(name, 3, 6)).toThrow('5 records were read: neither 3 nor 6');
  journal.append([{ ...recordOf(6), charts: 'others' }]);
  expect(() => outcomeOf(name, 3, 6)).toThrow('record 6 was read as');
  journal.close();
});

function put(file: string, at: number, byte: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.of(byte), 0, 1, at);
  closeSync(descriptor);
}
