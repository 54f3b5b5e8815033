import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { reckon } from './account.ts';
import { type Book, enter, enterBadLine, openBook } from './book.ts';
import { printable } from './layout.ts';
import { readLine } from './lifecycle.ts';
import { type Line, linesOf } from './lines.ts';
import { exitCodeOf, reportOf } from './report.ts';
import { textReport } from './text.ts';

/** `interlock audit FILE [--json]`: a lifecycle log in, the reconciliation report out. */

const HELP = `Usage: interlock audit FILE [--json]

Reads a lifecycle log (one JSON record a line) and says which parents exited more than they
entered, which orders never reached an end, and what the broker's own position leaves unexplained.

  --json      the report as one JSON object
  -h, --help  this text

Exit code: 0  no parent oversold, and the broker's positions are explained
           2  a parent oversold, or a position of the broker is not explained
           1  FILE cannot be read as a lifecycle log
`;

const EXAMPLE = '{"seq":1,"type":"broker.position","symbol":"RIME","position":0}';

export type AuditIo = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly colour: boolean;
};

type Request =
  | { readonly type: 'help' }
  | { readonly type: 'audit'; readonly file: string; readonly json: boolean }
  | { readonly type: 'refused'; readonly reason: string };

type Reading =
  | { readonly type: 'book'; readonly book: Book }
  | { readonly type: 'refused'; readonly reason: string };

export async function audit(args: readonly string[], io: AuditIo): Promise<number> {
  const request = requestFrom(args);
  if (request.type === 'help') {
    io.stdout(HELP);
    return 0;
  }
  if (request.type === 'refused') {
    return refuse(io, `${request.reason}. Usage: interlock audit FILE [--json]`);
  }
  const reading = await bookFrom(request.file);
  if (reading.type === 'refused') return refuse(io, `${request.file}${reading.reason}`);
  const account = reckon(reading.book);
  io.stdout(
    request.json
      ? `${JSON.stringify(reportOf(account), null, 2)}\n`
      : textReport(account, io.colour),
  );
  return exitCodeOf(account);
}

function refuse(io: AuditIo, reason: string): 1 {
  io.stderr(`interlock audit: ${printable(reason)}\n`);
  return 1;
}

function requestFrom(args: readonly string[]): Request {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) return { type: 'help' };
    const [file, ...further] = positionals;
    if (file === undefined || file === '') return { type: 'refused', reason: 'no FILE given' };
    if (further.length > 0) {
      return { type: 'refused', reason: `one FILE at a time, not ${positionals.length}` };
    }
    return { type: 'audit', file, json: values.json ?? false };
  } catch (error) {
    // parseArgs says e.g. "Unknown option '--jsn'. To specify a positional argument …".
    const [first] = messageOf(error).split('. ');
    return { type: 'refused', reason: first ?? 'the arguments are not understood' };
  }
}

/** Reads the whole log, line by line; a file that has no record at all is no lifecycle log. */
async function bookFrom(file: string): Promise<Reading> {
  const book = openBook();
  let firstBad: string | undefined;
  try {
    const found = await stat(file);
    if (found.isDirectory()) {
      return refused(': is a directory. Name the log file in it');
    }
    for await (const batch of linesOf(file)) {
      for (const line of batch) {
        const reason = enterLine(book, line);
        if (reason !== undefined) firstBad ??= `, line ${line.number}: ${reason}`;
      }
    }
  } catch (error) {
    // What has no code is not the file's fault but ours, and must not be told as the file's.
    if (!(error instanceof Error && 'code' in error)) throw error;
    return refused(`: ${fileProblem(error.code, error.message)}`);
  }
  if (book.records > 0) return { type: 'book', book };
  if (firstBad === undefined) {
    return refused(`: is empty. Expected one JSON record a line, e.g. ${EXAMPLE}`);
  }
  const advice = `No line is a lifecycle record. Expected one JSON record a line, e.g. ${EXAMPLE}`;
  return refused(`${firstBad}. ${advice}`);
}

function refused(reason: string): Reading {
  return { type: 'refused', reason };
}

function enterLine(book: Book, line: Line): string | undefined {
  const reading = line.type === 'line' ? readLine(line.text) : { ...line, type: 'bad' as const };
  switch (reading.type) {
    case 'record':
      enter(book, line.number, reading.record);
      return undefined;
    case 'blank':
      return undefined;
    case 'bad':
      enterBadLine(book, line.number, reading.reason);
      return reading.reason;
    default:
      return reading satisfies never;
  }
}

function fileProblem(code: unknown, message: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file. Check the path';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read. Check its permissions';
    default:
      return `cannot be read (${message})`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
