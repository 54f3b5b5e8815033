import { askedFrom } from '../terminal/arguments.ts';
import { printable } from '../terminal/layout.ts';
import { type Line, linesOf, NOT_UTF8 } from '../terminal/lines.ts';
import { EMPTY, fileProblem, NOT_TEXT, refuseDirectory } from '../terminal/unreadable.ts';
import { reckon } from './account.ts';
import { type Book, enter, enterBadLine, openBook } from './book.ts';
import { readLine } from './lifecycle.ts';
import { exitCodeOf, reportOf } from './report.ts';
import { textReport } from './text.ts';

/** `interlock audit FILE [--json]`: a lifecycle log in, the reconciliation report out. */

const USAGE = 'Usage: interlock audit FILE [--json]';

const HELP = `${USAGE}

Reads a lifecycle log and says which parents exited more than they entered, which orders never
reached an end, and what the broker's own position leaves unexplained.

A lifecycle log is one JSON record a line, with a rising "seq", and a "type" of
  order.created     orderId symbol action quantity orderType [role parentId ocaGroup orderRef …]
  order.status      orderId status [filled remaining]
  execution         execId orderId symbol action quantity price
  broker.position   symbol position
  broker.openOrder, broker.error, broker.snapshot, connection, watcher.started, .confirmed, .stopped
What is missing or of the wrong type is a finding, with its line.

An exit is known by its parentId, else by its orderRef if Interlock gave it (ID.stop1.1 is of bracket
ID), else by the ocaGroup it shares with known exits, else by coming on the other side of an open
parent of its symbol and account, of which the latest is then its parent.

  --json      the report as one JSON object
  -h, --help  this text

Exit code: 0  nothing in the log shows an oversell or a position that is not explained
           2  a parent oversold, or a position of the broker is not explained
           1  FILE cannot be read as a lifecycle log

0 is no proof where the log has gaps: lines that did not count, orders without an end, no closing
position of the broker, a position that went through zero by orders that may be entries or exits.
The first words are then NOT PROVEN instead of NO OVERSELL; in --json the verdicts are "incomplete"
or "unknown", brokerPosition is null, or there are bad-line findings.
`;

const EXAMPLE = '{"seq":1,"type":"broker.position","symbol":"RIME","position":0}';

export type AuditIo = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly colour: boolean;
};

type Reading =
  | { readonly type: 'book'; readonly book: Book }
  | { readonly type: 'refused'; readonly reason: string };

export async function audit(args: readonly string[], io: AuditIo): Promise<number> {
  const asked = askedFrom(args, { file: true, flags: ['json'] });
  if (asked.type === 'help') {
    io.stdout(HELP);
    return 0;
  }
  if (asked.type === 'refused') return refuse(io, `${asked.reason}. ${USAGE}`);
  const reading = await bookFrom(asked.file);
  if (reading.type === 'refused') return refuse(io, `${asked.file}${reading.reason}`);
  const account = reckon(reading.book);
  io.stdout(
    asked.flags.has('json')
      ? `${JSON.stringify(reportOf(account), null, 2)}\n`
      : textReport(account, io.colour),
  );
  return exitCodeOf(account);
}

function refuse(io: AuditIo, reason: string): 1 {
  io.stderr(`interlock audit: ${printable(reason)}\n`);
  return 1;
}

type Bad = { readonly line: number; readonly reason: string };

/** Reads the whole log, line by line; what has next to no record is no lifecycle log. */
async function bookFrom(file: string): Promise<Reading> {
  const book = openBook();
  let firstBad: Bad | undefined;
  try {
    const folder = await refuseDirectory(file);
    if (folder !== undefined) return refused(`: ${folder}`);
    for await (const batch of linesOf(file)) {
      for (const line of batch) {
        const reason = enterLine(book, line);
        if (reason !== undefined) firstBad ??= { line: line.number, reason };
      }
    }
  } catch (error) {
    return refused(`: ${fileProblem(error)}`);
  }
  const expected = `Expected one JSON record a line, e.g. ${EXAMPLE}`;
  if (firstBad === undefined) {
    return book.records > 0 ? { type: 'book', book } : refused(`: ${EMPTY}. ${expected}`);
  }
  const { line, reason } = firstBad;
  if (book.records === 0) {
    if (line === 1 && reason === NOT_UTF8) return refused(`, line 1: ${NOT_TEXT}. ${expected}`);
    return refused(`, line ${line}: ${reason}. No line is a lifecycle record. ${expected}`);
  }
  const advice = tooLittle(book);
  return advice === undefined
    ? { type: 'book', book }
    : refused(`, line ${line}: ${reason}. ${advice}`);
}

/** Of ten lines nine. */
const ALL_BUT_A_FEW = 9;

/**
 * A log that was written backwards has one record that counts, the first, and would be told as a
 * log in which nothing happened. The same holds of any that has lost its orders and executions.
 */
function tooLittle(book: Book): string | undefined {
  const { lines, records, backwards } = book;
  const counted = `Only ${records} of ${lines} lines counted`;
  if (backwards >= ALL_BUT_A_FEW * records) return `${counted}: sort the records by seq`;
  const created = [...book.orders.values()].flat().some((order) => order.created !== undefined);
  if (created || book.executions.size > 0 || lines - records <= records) return undefined;
  const lack = 'none of them an order or an execution';
  return `${counted}, ${lack}: ${backwards > 0 ? 'sort the records by seq' : 'correct the lines'}`;
}

function refused(reason: string): Reading {
  return { type: 'refused', reason };
}

function enterLine(book: Book, line: Line): string | undefined {
  const reading = line.type === 'line' ? readLine(line.text) : { ...line, type: 'bad' as const };
  switch (reading.type) {
    case 'record':
      return enter(book, line.number, reading.record);
    case 'blank':
      return undefined;
    case 'bad':
      enterBadLine(book, line.number, reading.reason);
      return reading.reason;
    default:
      return reading satisfies never;
  }
}
