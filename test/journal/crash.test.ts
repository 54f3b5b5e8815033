/**
 * What was told to be durable is there, whatever ends the process, and after a disk has refused
 * nothing more is told to be.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { JournalFailed, JournalRefused } from '../../src/engine/journal.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { folderOfTest } from './folder.ts';
import { checkpointOf, recordOf, recordsOf } from './records.ts';

const folder = folderOfTest();
const WRITER = ['--no-warnings', join(import.meta.dirname, 'writer.ts')];
const LONG = { timeout: 60_000 };

/** How many records are there; each must be the one that was written. */
function readable(file: string): number {
  const journal = openJournal(file);
  const records = [...journal.read(0)];
  journal.close();
  expect(records).toEqual(recordsOf(1, records.length));
  return records.length;
}

const acknowledgedIn = (said: string): number =>
  Number(/(?:^|\n)(\d+)\n(?!\d)/.exec(said)?.[1] ?? '0');

test(
  'killed at any moment: nothing that was acknowledged is missing, nothing is there in half',
  LONG,
  async () => {
    const file = join(folder, 'killed');
    const [atOnce, times] = [3, 8];
    let last = 0;
    for (let time = 1; time <= times; time++) {
      const child = spawn(process.execPath, [...WRITER, file, String(atOnce)]);
      let said = '';
      child.stdout.on('data', (bytes) => {
        said += bytes;
      });
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, time * 7));
      child.kill('SIGKILL');
      await once(child, 'close');
      const acknowledged = acknowledgedIn(said);
      const there = readable(file);
      expect(acknowledged).toBeGreaterThan(last);
      expect(there).toBeGreaterThanOrEqual(acknowledged);
      // One transaction may have become durable and not have been told any more.
      expect(there).toBeLessThanOrEqual(acknowledged + atOnce);
      expect(there % atOnce).toBe(0);
      last = there;
    }
  },
);

/** A small disk of its own, where the test may make one. */
function smallDisk(bytes: number): string | null {
  const place = join(folder, 'disk');
  mkdirSync(place);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', place]);
  if (status !== 0) return null;
  afterAll(() => execFileSync('umount', [place]));
  return place;
}

describe('a disk that is full', LONG, () => {
  const disk = smallDisk(1 << 20);
  if (disk === null) console.log('no disk can be made here: a full one is not tried');
  const PAGE = 4_096;

  test.runIf(disk !== null)('at any write: refused at the opening, or final from then on', () => {
    const place = disk ?? '';
    const failedAt = new Set<number>();
    let refused = 0;
    for (let free = 0; free < 64; free++) {
      const file = join(place, 'a.journal');
      for (const part of ['', '-wal', '-shm', '-lock', '-new'])
        rmSync(file + part, { force: true });
      openJournal(file).close();
      const filler = join(place, 'filler');
      fill(filler, statfsSync(place).bavail - free);
      const acknowledged = untilFull(file);
      rmSync(filler);
      if (acknowledged === null) {
        refused += 1;
        expect(readable(file)).toBe(0);
        continue;
      }
      failedAt.add(acknowledged);
      const there = readable(file);
      expect([acknowledged, acknowledged + 2]).toContain(there);
      const journal = openJournal(file);
      journal.append([recordOf(there + 1)]);
      expect([...journal.read(there)]).toEqual([recordOf(there + 1)]);
      journal.close();
    }
    expect(refused).toBeGreaterThan(3);
    expect(failedAt.size).toBeGreaterThan(10);
  });

  function fill(file: string, pages: number): void {
    const descriptor = openSync(file, 'w');
    for (let page = 0; page < pages; page++) writeSync(descriptor, Buffer.alloc(PAGE, 1));
    closeSync(descriptor);
  }

  /** Two records at a time until the disk is full: how many were acknowledged; null where it was not opened. */
  function untilFull(file: string): number | null {
    let journal: ReturnType<typeof openJournal>;
    try {
      journal = openJournal(file);
    } catch (error) {
      if (!(error instanceof JournalRefused)) throw error;
      expect(error.message).toMatch(/cannot be (?:made|read|written|opened) /);
      return null;
    }
    const failureOf = (append: () => void): string => {
      try {
        append();
      } catch (error) {
        if (error instanceof JournalFailed) return error.message;
        throw error;
      }
      return '';
    };
    let failure = '';
    while (failure === '') {
      const last = journal.last();
      failure = failureOf(() => journal.append(recordsOf(last + 1, last + 2)));
    }
    const last = journal.last();
    expect(failure).toBe(
      `${file}: record ${last + 1} could not be made durable (database or disk is full). Nothing more ` +
        'is recorded by this process. See that the disk is well and has room, and that file and folder ' +
        'may be written; then start again and reconcile with the broker',
    );
    // It stays so when there is room again.
    truncateSync(join(file, '..', 'filler'), 0);
    expect(failureOf(() => journal.append([recordOf(last + 1)]))).toBe(failure);
    journal.keep(checkpointOf(last));
    expect(journal.checkpoint()).toBeNull();
    expect(journal.last()).toBe(last);
    expect([...journal.read(0)]).toEqual(recordsOf(1, last));
    journal.close();
    return last;
  }

  test.runIf(disk !== null)('or one that may not be written to: refused, with what to do', () => {
    const place = disk ?? '';
    const file = join(place, 'b.journal');
    openJournal(file).close();
    execFileSync('mount', ['-o', 'remount,ro', place]);
    try {
      expect(() => openJournal(file)).toThrow(/cannot be (?:opened|made|written) \(.+\)\. .*writ/);
      expect(() => openJournal(`${file}-other`)).toThrow(/-lock, which keeps a second writer out,/);
    } finally {
      execFileSync('mount', ['-o', 'remount,rw', place]);
    }
    expect(readable(file)).toBe(0);
  });

  test.runIf(disk !== null)('a checkpoint that has no room is none, and no failure', () => {
    const place = disk ?? '';
    const file = join(place, 'c.journal');
    const journal = openJournal(file);
    journal.append(recordsOf(1, 2));
    journal.keep(checkpointOf(1));
    const ids = Object.fromEntries(Array.from({ length: 9_999 }, (_, id) => [`R.entry.${id}`, id]));
    const filler = join(place, 'filler');
    fill(filler, statfsSync(place).bavail - 20);
    journal.keep({ ...checkpointOf(2), orderIds: ids });
    expect(journal.checkpoint()).toEqual(checkpointOf(1));
    rmSync(filler);
    journal.append([recordOf(3)]);
    journal.keep({ ...checkpointOf(2), orderIds: ids });
    expect(journal.checkpoint()?.seq).toBe(2);
    journal.close();
    expect(readable(file)).toBe(3);
  });

  test('a file that may not grow any more, at a record or at a checkpoint', () => {
    const file = join(folder, 'limited');
    const failedAt = new Set<string>();
    for (const blocks of [60, 64, 68, 72, 76, 80]) {
      for (const part of ['', '-wal', '-shm', '-lock']) rmSync(file + part, { force: true });
      // Of 1,024 bytes. A signal besides the error would end the process.
      const script = `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`;
      const args = ['-c', script, process.execPath, ...WRITER, file, '2', 'Infinity', 'keeping'];
      const { stdout, stderr, status } = spawnSync('bash', args, { encoding: 'utf8' });
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      const acknowledged = acknowledgedIn(stdout);
      expect(acknowledged).toBeGreaterThan(0);
      const [, what = ''] = /\nfailed .*: (.*) could not be made durable \(/.exec(stdout) ?? [];
      const due = [`record ${acknowledged + 1}`, `the checkpoint of record ${acknowledged}`];
      expect(due).toContain(what);
      failedAt.add(what.replace(/\d+/, 'N'));
      expect(stdout).toContain(`\nfailed again\nreadable ${acknowledged}\n`);
      expect([acknowledged, acknowledged + 2]).toContain(readable(file));
    }
    expect([...failedAt].sort()).toEqual(['record N', 'the checkpoint of record N']);
  });
});

const hasStrace = spawnSync('strace', ['-V']).status === 0;
if (!hasStrace) console.log('no strace here: failing calls and the order of calls are not tried');

describe.runIf(hasStrace)('as the operating system sees it', LONG, () => {
  const traced = (name: string, options: readonly string[], most: number): Traced => {
    const [file, log] = [join(folder, name), join(folder, `${name}.strace`)];
    openJournal(file).close();
    const args = ['-f', '-y', '-o', log, ...options, process.execPath, ...WRITER, file, '2'];
    const { stdout, stderr } = spawnSync('strace', [...args, String(most)], { encoding: 'utf8' });
    return { file, calls: readFileSync(log, 'utf8').split('\n'), stdout, stderr };
  };
  type Traced = {
    readonly file: string;
    readonly calls: readonly string[];
    readonly stdout: string;
    readonly stderr: string;
  };

  test('every commit is synced after its last write and before it is acknowledged', () => {
    const { file, calls } = traced('ordered', ['-e', 'trace=pwrite64,fdatasync,fsync,write'], 20);
    let synced = false;
    let acknowledged = 0;
    for (const call of calls) {
      if (call.includes(`${file}-wal>`)) synced = /f(?:data)?sync\(/.test(call);
      if (!/ write\(1<.*"\d+\\n"/.test(call)) continue;
      expect(synced, `${call}: acknowledged before it was synced`).toBe(true);
      synced = false;
      acknowledged += 1;
    }
    expect(acknowledged).toBe(10);
  });

  test.each([
    ['fsync', 5],
    ['fsync', 8],
    ['pwrite64', 31],
    ['pwrite64', 54],
  ])('an error of the disk in %s, the %dth', (call, when) => {
    const inject = `inject=${call}:error=EIO:when=${when}`;
    const name = `${call}-${when}`;
    const { file, stdout, stderr } = traced(name, ['-e', `trace=${call}`, '-e', inject], 1_000);
    const acknowledged = acknowledgedIn(stdout);
    expect(stderr).toBe('');
    expect(acknowledged).toBeGreaterThan(0);
    expect(acknowledged).toBeLessThan(1_000);
    expect(stdout).toContain(
      `\nfailed ${file}: record ${acknowledged + 1} could not be made durable (disk I/O error)`,
    );
    expect(stdout).toContain(`\nfailed again\nreadable ${acknowledged}\n`);
    expect([acknowledged, acknowledged + 2]).toContain(readable(file));
  });
});
