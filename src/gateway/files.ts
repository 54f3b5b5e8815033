/** The files of one gateway: no two uses of one file, and no two gateways on one state or ledger. */
import {
  linkSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileProblem } from '../terminal/unreadable.ts';

/** What two paths have in common that mean one file, whether or not it is there yet. */
function identityOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined) return `${found.dev}:${found.ino}`;
  const folder = dirname(resolve(file));
  const there = statSync(folder, { throwIfNoEntry: false }) !== undefined;
  return join(there ? realpathSync(folder) : folder, basename(file));
}

/** Why a file that is written cannot be: it need not be there, but its folder must. */
export function writingProblem(file: string, problem: unknown): string {
  switch (codeOf(problem)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `there is no folder ${dirname(file)}. Make it, or name a file elsewhere`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'may not be written. Check the permissions of the file and of its folder';
    default:
      return fileProblem(problem);
  }
}

export type Use = { readonly option: string; readonly file: string };

/** The first two uses of one file; a file that is not named has no uses. */
export function usedTwice(uses: readonly Use[]): readonly [Use, Use] | undefined {
  const known = new Map<string, Use>();
  for (const use of uses) {
    if (use.file === '') continue;
    const identity = identityOf(use.file);
    const other = known.get(identity);
    if (other !== undefined) return [other, use];
    known.set(identity, use);
  }
  return undefined;
}

export type Locked =
  | { readonly ok: true; readonly release: () => void }
  | { readonly ok: false; readonly reason: string };

/** A process by its number and when it began: numbers are used again, in containers very soon. */
type Holder = { readonly pid: number; readonly began: string };

/**
 * Keeps a second gateway off a file, by a lock beside it. One whose holder is dead, however it died, is
 * taken over. Throws what the file system says.
 */
export function lockFile({ option, file }: Use): Locked {
  const there = statSync(file, { throwIfNoEntry: false }) !== undefined;
  const lock = `${there ? realpathSync(file) : file}.lock`;
  const own = `${lock}.${process.pid}`;
  // Linked into place with its text, so that nobody ever reads half a lock.
  writeFileSync(own, JSON.stringify({ pid: process.pid, began: beganOf(process.pid) }));
  try {
    for (;;) {
      if (linked(own, lock)) return { ok: true, release: () => rmSync(lock, { force: true }) };
      const holder = holderIn(lock);
      if (holder === 'gone') continue;
      if (holder === 'foreign') {
        const reason = `${lock} is in the way, and is no lock of a gateway. Move it, or name another --${option}`;
        return { ok: false, reason };
      }
      if (isAlive(holder)) {
        const reason = `--${option} ${file} is in use by another gateway, process ${holder.pid}. Stop that one, or name another file`;
        return { ok: false, reason };
      }
      takeAway(lock, `${own}.dead`, holder);
    }
  } finally {
    unlinkSync(own);
  }
}

function linked(own: string, lock: string): boolean {
  try {
    linkSync(own, lock);
    return true;
  } catch (problem) {
    if (codeOf(problem) === 'EEXIST') return false;
    throw problem;
  }
}

function holderIn(lock: string): Holder | 'gone' | 'foreign' {
  const text = unlessGone(() => readFileSync(lock, 'utf8'));
  if (text === undefined) return 'gone';
  const [, pid, began] = /^\{"pid":(\d+),"began":"(\d*)"\}$/.exec(text) ?? [];
  return pid === undefined || began === undefined ? 'foreign' : { pid: Number(pid), began };
}

/** Two may find the same dead lock: who comes second must not take the lock of the first. */
function takeAway(lock: string, aside: string, dead: Holder): void {
  unlessGone(() => renameSync(lock, aside));
  const moved = holderIn(aside);
  if (typeof moved === 'object' && (moved.pid !== dead.pid || moved.began !== dead.began)) {
    linked(aside, lock);
  }
  rmSync(aside, { force: true });
}

/** Another gateway may have taken it away meanwhile. */
function unlessGone<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch (problem) {
    if (codeOf(problem) === 'ENOENT') return undefined;
    throw problem;
  }
}

function isAlive({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (problem) {
    // Somebody else's process may not be signalled, and is alive.
    if (codeOf(problem) !== 'EPERM') return false;
  }
  return beganOf(pid) === began;
}

/** In ticks since the system began, where the system says so (Linux); elsewhere empty. */
function beganOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22 of proc(5); the name before it may have blanks and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

const codeOf = (problem: unknown): unknown =>
  problem instanceof Error && 'code' in problem ? problem.code : undefined;
