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
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { damage } from './schema.ts';

const HEADER = 32;
const FRAME = 24;
const MAGIC = 0x377f_0682;
const PAGE_SIZES = [512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536];

const MAY_BE_A_CRASH = 1;

/** Throws `JournalDamaged` where commits were dropped that were durable. */
export function refuseBrokenLog(path: string): void {
  const log = `${path}-wal`;
  if (!existsSync(log)) return;
  for (;;) {
    const begun = headerOf(log);
    const bytes = readFileSync(log);
    // A writer that begins the log anew while it is read writes a new header first.
    if (!begun.equals(headerOf(log))) continue;
    const dropped = droppedFrom(bytes);
    if (dropped <= MAY_BE_A_CRASH) return;
    throw damage(path, `in ${log} ${dropped} commits lie behind a page that was changed`);
  }
}

function headerOf(log: string): Buffer {
  const bytes = Buffer.alloc(HEADER);
  const descriptor = openSync(log, 'r');
  readSync(descriptor, bytes, 0, HEADER, 0);
  closeSync(descriptor);
  return bytes;
}

/** How many commits there are from the first frame on that is not what was written. */
function droppedFrom(bytes: Buffer): number {
  if (bytes.length < HEADER + FRAME) return 0;
  const little = bytes.readUInt32BE(0) === MAGIC;
  const isLog = little || bytes.readUInt32BE(0) === MAGIC + 1;
  const sum = summed(bytes, 0, FRAME, [0, 0], little);
  if (!isLog || !isSum(bytes, FRAME, sum)) {
    // Neither the salts nor the size of a page can be believed: the frames show them themselves.
    const salts = bytes.subarray(HEADER + 8, HEADER + 16);
    return Math.max(...PAGE_SIZES.map((size) => commitsFrom(bytes, HEADER, size, salts)));
  }
  const size = bytes.readUInt32BE(8);
  const salts = bytes.subarray(16, FRAME);
  const bad = firstBad(bytes, size, salts, sum, little);
  return commitsFrom(bytes, bad, size, salts);
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
