/**
 * What it costs to make records durable, and to read them back.
 *
 * Three ways are measured in turns, with commits of the same records, so many at once:
 *
 *     journal  `append`: text, chain, and a transaction with the head moved along
 *     raw      the same rows, ready made, inserted by node:sqlite in a transaction with the same sync
 *     sync     the same bytes, ready made, appended to a plain file and synced
 *
 * The last is the disk's, the one before SQLite's; between them and `journal` is what is ours. Then a
 * larger journal is read and verified, and read, verified and stepped again, as a start does it.
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Fact } from '../core/fact.ts';
import { emptyState } from '../core/state.ts';
import { step } from '../core/step.ts';
import type { JournalRecord } from '../engine/journal.ts';
import { chained, START, textOf } from '../journal/chain.ts';
import { openJournal, readJournal } from '../journal/journal.ts';
import type { BrokerWord } from '../ports/broker.ts';
import { lifeOf } from './life.ts';
import { type Spread, secondsOf, spreadOf } from './steps.ts';

const WAYS = ['journal', 'raw', 'sync'] as const;
type Way = (typeof WAYS)[number];

/** Records a second that are durable, and how often `journal` does it while `raw` does it once. */
export type Committed = Readonly<Record<Way, Spread>> & {
  readonly atOnce: number;
  readonly journalToRaw: Spread;
};

export type JournalMeasured = {
  readonly rounds: number;
  readonly folder: string;
  readonly bytesPerRecord: number;
  readonly commits: readonly Committed[];
  readonly read: {
    readonly records: number;
    readonly verified: Spread;
    readonly replayed: Spread;
  };
};

const AT_ONCE = [1, 10, 100] as const;
/** In one round, of each size. */
const COMMITS = 200;
const READ = 50_000;

export function measureJournal(
  rounds: number,
  progress: (line: string) => void,
  sizes = { commits: COMMITS, read: READ },
): JournalMeasured {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-bench-'));
  try {
    const commits = AT_ONCE.map((atOnce) => {
      const records = recordsOf(sizes.commits * atOnce);
      const rates: Record<Way, number[]> = { journal: [], raw: [], sync: [] };
      for (let round = 0; round <= rounds; round++) {
        progress(`journal: commits of ${atOnce}, ${round === 0 ? 'warming up' : `round ${round}`}`);
        for (const way of WAYS) {
          const seconds = COMMITTING[way](folder, chunked(records, atOnce));
          if (round > 0) rates[way].push(records.length / seconds);
        }
      }
      const ratios = rates.journal.map((rate, i) => rate / (rates.raw[i] ?? Number.NaN));
      return {
        atOnce,
        journal: spreadOf(rates.journal),
        raw: spreadOf(rates.raw),
        sync: spreadOf(rates.sync),
        journalToRaw: spreadOf(ratios),
      };
    });
    const records = recordsOf(sizes.read);
    const bytes = records.reduce((sum, record) => sum + Buffer.byteLength(textOf(record)), 0);
    const bytesPerRecord = bytes / records.length;
    return {
      rounds,
      folder,
      bytesPerRecord,
      commits,
      read: reading(folder, records, rounds, progress),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// ── committing ───────────────────────────────────────────────────────────────────────────────

type Chunks = readonly (readonly JournalRecord[])[];

const COMMITTING: Readonly<Record<Way, (folder: string, chunks: Chunks) => number>> = {
  journal: (folder, chunks) => {
    const journal = openJournal(fresh(folder));
    const seconds = secondsOf(() => chunks.forEach(journal.append));
    journal.close();
    return seconds;
  },
  raw: (folder, chunks) => {
    const db = new DatabaseSync(fresh(folder));
    db.exec('CREATE TABLE lines (seq INTEGER PRIMARY KEY, text TEXT, chain TEXT) STRICT');
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')];
    const insert = db.prepare('INSERT INTO lines VALUES (?, ?, ?)');
    const rows = rowsOf(chunks);
    const seconds = secondsOf(() => {
      for (const chunk of rows) {
        begin.run();
        for (const row of chunk) insert.run(...row);
        commit.run();
      }
    });
    db.close();
    return seconds;
  },
  sync: (folder, chunks) => {
    const descriptor = openSync(fresh(folder), 'w');
    const texts = rowsOf(chunks).map((rows) => rows.flat().join('\n'));
    const seconds = secondsOf(() => {
      for (const text of texts) {
        writeSync(descriptor, text);
        fsyncSync(descriptor);
      }
    });
    closeSync(descriptor);
    return seconds;
  },
};

/** A name where nothing is. */
function fresh(folder: string): string {
  const file = join(folder, 'one');
  for (const part of ['', '-wal', '-shm', '-lock']) rmSync(file + part, { force: true });
  return file;
}

type LinkedRow = readonly [seq: number, text: string, chain: string];

function rowsOf(chunks: Chunks): readonly (readonly LinkedRow[])[] {
  let { chain } = START;
  return chunks.map((chunk) =>
    chunk.map((record) => {
      const text = textOf(record);
      chain = chained(chain, text);
      return [record.seq, text, chain] as const;
    }),
  );
}

function chunked(records: readonly JournalRecord[], atOnce: number): Chunks {
  return Array.from({ length: Math.ceil(records.length / atOnce) }, (_, index) =>
    records.slice(index * atOnce, (index + 1) * atOnce),
  );
}

// ── reading ──────────────────────────────────────────────────────────────────────────────────

function reading(
  folder: string,
  records: readonly JournalRecord[],
  rounds: number,
  progress: (line: string) => void,
): JournalMeasured['read'] {
  const file = fresh(folder);
  const journal = openJournal(file);
  for (const chunk of chunked(records, 1_000)) journal.append(chunk);
  journal.close();
  const reader = readJournal(file);
  const verified: number[] = [];
  const replayed: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    progress(`journal: reading, ${round === 0 ? 'warming up' : `round ${round}`}`);
    const alone = secondsOf(() => {
      for (const _ of reader.read(0));
    });
    const stepped = secondsOf(() => replay(reader.read(0)));
    if (round === 0) continue;
    verified.push(records.length / alone);
    replayed.push(records.length / stepped);
  }
  reader.close();
  return {
    records: records.length,
    verified: spreadOf(verified),
    replayed: spreadOf(replayed),
  };
}

/** Every life begins on an empty state, as in the script of the steps. */
function replay(records: Iterable<JournalRecord>): void {
  let state = emptyState();
  for (const { fact, effects } of records) {
    if (fact.type === 'bracket.requested') state = emptyState();
    const ready = step(state, fact);
    if (ready.effects.length !== effects.length) throw new Error('the replay decides otherwise');
    state = ready.state;
  }
}

// ── records ──────────────────────────────────────────────────────────────────────────────────

/** Of whole lives, as many as it takes, with the broker's words as a client library hands them over. */
function recordsOf(count: number): readonly JournalRecord[] {
  const records: JournalRecord[] = [];
  for (let life = 1; records.length < count; life++) {
    lifeOf(life, (before, fact) => {
      const ready = step(before, fact);
      const { effects } = ready;
      const orderIds: Record<string, number> = {};
      for (const effect of effects) {
        if (effect.type === 'place') orderIds[effect.ticket.orderRef] = records.length;
      }
      const seq = records.length + 1;
      records.push({
        seq,
        at: fact.at,
        fact,
        words: wordsOf(fact),
        effects,
        orderIds,
        charts: CHARTS,
      });
      return ready;
    });
  }
  return records.slice(0, count);
}

const CHARTS = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';

function wordsOf(fact: Fact): readonly BrokerWord[] {
  const [reqId, orderId, account, symbol] = [-1, 17, 'DU1', 'RIME'];
  if (fact.type === 'order.executed') {
    const { orderRef, execId } = fact;
    const print = { side: 'BOT', shares: 60, price: 1.31, cumQty: 60 } as const;
    return [
      {
        word: 'execDetails',
        reqId,
        orderId,
        permId: 693,
        orderRef,
        account,
        symbol,
        execId,
        ...print,
      },
    ];
  }
  if (fact.type !== 'order.reported') return [];
  const { permId } = fact;
  const counts = { filled: 0, remaining: 100, avgFillPrice: 0, whyHeld: '' };
  return [{ word: 'orderStatus', orderId, permId, status: 'Submitted', ...counts }];
}
