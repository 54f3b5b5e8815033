/**
 * What SQLite does not tell of its write-ahead log: that it has dropped commits which were durable.
 *
 * It reads the log up to the first frame that is not what was written, and takes the rest for what
 * a crash has left unfinished. But a commit is synced before the next one begins, so a crash can
 * leave one unfinished, never two. Where two commits or more lie behind the first bad frame, at
 * least one of them was told to be durable, and the journal is damaged; where there is one, nothing
 * in the file can tell a crash from damage, and it is dropped.
 *
 * The log (https://sqlite.org/fileformat2.html#walformat): a header of 32 bytes, then frames, each a
 * header of 24 and a page. Every frame repeats the header's salts, which change when the log is begun
 * anew: so what is left over from earlier is not taken for the log's own.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { JournalRefused } from '../engine/journal.ts';
import { fileProblem } from '../terminal/unreadable.ts';
import { damage } from './schema.ts';

const HEADER = 32;
const FRAME = 24;
const MAGIC = 0x377f_0682;
const PAGE_SIZES = [512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536];

const MAY_BE_A_CRASH = 1;

/**
 * Throws `JournalDamaged` where commits were dropped that were durable.
 *
 * A writer that goes on while its log is read may leave us with old frames before new ones. It writes
 * over them, or begins the log anew, whereas what is damaged stays: so only what is seen twice counts.
 * A writer itself has looked when it began.
 */
export function refuseBrokenLog(path: string): void {
  const log = `${path}-wal`;
  const first = droppedIn(log);
  if (first === null || first.commits <= MAY_BE_A_CRASH) return;
  if (droppedIn(log)?.bad !== first.bad) return;
  throw damage(path, `in ${log} ${first.commits} commits lie behind a page that was changed`);
}

/** Where the first frame is that is not what was written, and how many commits there are from it on. */
type Dropped = { readonly bad: number; readonly commits: number };

/** Null where there is no log, or none any more, or another one by now. */
function droppedIn(log: string): Dropped | null {
  try {
    const begun = headerOf(log);
    const bytes = readFileSync(log);
    return begun.equals(headerOf(log)) ? droppedFrom(bytes) : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new JournalRefused(`${log}: ${fileProblem(error)}`);
  }
}

function headerOf(log: string): Buffer {
  const bytes = Buffer.alloc(HEADER);
  const descriptor = openSync(log, 'r');
  readSync(descriptor, bytes, 0, HEADER, 0);
  closeSync(descriptor);
  return bytes;
}

function droppedFrom(bytes: Buffer): Dropped {
  if (bytes.length < HEADER + FRAME) return { bad: HEADER, commits: 0 };
  const little = bytes.readUInt32BE(0) === MAGIC;
  const isLog = little || bytes.readUInt32BE(0) === MAGIC + 1;
  const sum = summed(bytes, 0, FRAME, [0, 0], little);
  if (!isLog || !isSum(bytes, FRAME, sum)) {
    // Neither the salts nor the size of a page can be believed: the frames show them themselves.
    const salts = bytes.subarray(HEADER + 8, HEADER + 16);
    const commits = PAGE_SIZES.map((size) => commitsFrom(bytes, HEADER, size, salts));
    return { bad: HEADER, commits: Math.max(...commits) };
  }
  const size = bytes.readUInt32BE(8);
  const salts = bytes.subarray(16, FRAME);
  const bad = firstBad(bytes, size, salts, sum, little);
  return { bad, commits: commitsFrom(bytes, bad, size, salts) };
}

type Sum = readonly [number, number];

function firstBad(bytes: Buffer, size: number, salts: Buffer, seed: Sum, little: boolean): number {
  let sum = seed;
  let at = HEADER;
  for (; at + FRAME + size <= bytes.length; at += FRAME + size) {
    sum = summed(bytes, at, 8, sum, little);
    sum = summed(bytes, at + FRAME, size, sum, little);
    if (!salts.equals(bytes.subarray(at + 8, at + 16)) || !isSum(bytes, at + 16, sum)) break;
  }
  return at;
}

function commitsFrom(bytes: Buffer, from: number, size: number, salts: Buffer): number {
  let commits = 0;
  for (let at = from; at + FRAME + size <= bytes.length; at += FRAME + size) {
    // Both salts of a frame that is left over are others; one alone was changed by damage.
    const own = [0, 4].some((n) => bytes.readUInt32BE(at + 8 + n) === salts.readUInt32BE(n));
    if (own && bytes.readUInt32BE(at + 4) !== 0) commits += 1;
  }
  return commits;
}

/** SQLite's checksum, a Fibonacci-weighted sum of pairs of words, going on from `seed`. */
function summed(bytes: Buffer, from: number, length: number, seed: Sum, little: boolean): Sum {
  let [a, b] = seed;
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, length);
  for (let at = 0; at < length; at += 8) {
    a = (a + view.getUint32(at, little) + b) >>> 0;
    b = (b + view.getUint32(at + 4, little) + a) >>> 0;
  }
  return [a, b];
}

const isSum = (bytes: Buffer, at: number, [a, b]: Sum): boolean =>
  bytes.readUInt32BE(at) === a && bytes.readUInt32BE(at + 4) === b;
