/** What is in a journal, once every record of it has been held against the chain. */
import { type Painter, printable } from '../terminal/layout.ts';
import type { JournalReader } from './journal.ts';

export type Survey = {
  readonly records: number;
  /** Milliseconds since 1970 of the first and the last record; null where there is none. */
  readonly first: number | null;
  readonly last: number | null;
  /** The last link of the chain. */
  readonly head: string;
  readonly checkpoints: readonly { readonly seq: number; readonly whole: boolean }[];
  /** Which charts decided, from which record on. */
  readonly charts: readonly { readonly from: number; readonly charts: string }[];
};

const SAY_EVERY = 10_000;

/** Throws `JournalDamaged` at the first thing that is not what was written. */
export function surveyOf(journal: JournalReader, progress: (line: string) => void): Survey {
  const head = journal.head();
  const charts: { from: number; charts: string }[] = [];
  let first: number | null = null;
  let last: number | null = null;
  for (const record of journal.read(0, head)) {
    first ??= record.at;
    last = record.at;
    if (record.charts !== charts.at(-1)?.charts) {
      charts.push({ from: record.seq, charts: record.charts });
    }
    if (record.seq % SAY_EVERY === 0) progress(`record ${count(record.seq)} of ${count(head.seq)}`);
  }
  journal.checkPages();
  const checkpoints = journal
    .checkpoints()
    .map(({ seq, whole }) => ({ seq, whole: whole !== null }));
  return { records: head.seq, first, last, head: head.chain, checkpoints, charts };
}

export function surveyText(file: string, survey: Survey, paint: Painter): string {
  const { records, first, last, head, checkpoints, charts } = survey;
  const kept = checkpoints.map(
    ({ seq, whole }) => `at record ${count(seq)}${whole ? '' : ', damaged: it is not used'}`,
  );
  const decided = charts.map((one) => `${printable(one.charts)} from record ${count(one.from)}`);
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['records', [count(records)]],
    ['first', first === null ? ['none'] : [timeOf(first)]],
    ['last', last === null ? ['none'] : [timeOf(last)]],
    ['head', [head]],
    ['checkpoints', kept.length === 0 ? ['none'] : kept],
    ['charts', decided.length === 0 ? ['none'] : decided],
  ];
  const lines = parts.flatMap(([name, texts]) =>
    texts.map((text, index) => `  ${(index === 0 ? name : '').padEnd(WIDE)}${text}`),
  );
  return `${paint('good', 'WHOLE')}  ${printable(file)}\n${lines.join('\n')}\n`;
}

const WIDE = 'checkpoints  '.length;

const count = (n: number): string => n.toLocaleString('en-US');

const MOST_MS = 8.64e15;

/** As it is written, where it is no time that a calendar has. */
const timeOf = (at: number): string =>
  Math.abs(at) <= MOST_MS ? new Date(at).toISOString() : String(at);
