import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { printable } from '../audit/layout.ts';
import { pathsOf, type Reading, readMatrices } from './matrices.ts';
import { replay } from './replay.ts';
import { reportOf, textReport } from './report.ts';

/** `interlock conform FILE [--json]`: order state matrices in, what agrees with them out. */

const USAGE = 'Usage: interlock conform FILE [--json]';

const HELP = `${USAGE}

Replays order state change matrices (JSON) against the order chart and the ledger. The main rows of
a scenario are one path; each alternative row ends one more. Prints for every path whether state,
cumQty and leavesQty agree at every row, the reason where they do not, and "N passed of M".

  --json      { passed, total, paths: [{ scenario, path, passed, reason? }] }
  -h, --help  this text

Where a file does not say (execRefId) which execution a correction or a bust refers to, it is taken
from the row's note, or else from which of them explains the row's cumQty.

Exit code: 0  every path passed
           2  some did not
           1  FILE cannot be read as matrices
`;

export type ConformIo = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
};

type Wish =
  | { readonly type: 'help' }
  | { readonly type: 'conform'; readonly file: string; readonly json: boolean }
  | { readonly type: 'refused'; readonly reason: string };

export async function conform(args: readonly string[], io: ConformIo): Promise<number> {
  const wish = wishFrom(args);
  if (wish.type === 'help') {
    io.stdout(HELP);
    return 0;
  }
  if (wish.type === 'refused') return refuse(io, `${wish.reason}. ${USAGE}`);
  const reading = await matricesFrom(wish.file);
  if (reading.type === 'refused') return refuse(io, `${wish.file} ${reading.reason}`);
  const { source, scenarios } = reading.matrices;
  const results = scenarios.flatMap(pathsOf).map(replay);
  const report = reportOf(results);
  io.stdout(wish.json ? `${JSON.stringify(report, null, 2)}\n` : textReport(source, results));
  return report.passed === report.total ? 0 : 2;
}

function refuse(io: ConformIo, reason: string): 1 {
  io.stderr(`interlock conform: ${printable(reason)}\n`);
  return 1;
}

function wishFrom(args: readonly string[]): Wish {
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
    return { type: 'conform', file, json: values.json ?? false };
  } catch (error) {
    // parseArgs says e.g. "Unknown option '--jsn'. To specify a positional argument …".
    const [first] = messageOf(error).split('. ');
    return { type: 'refused', reason: first ?? 'the arguments are not understood' };
  }
}

async function matricesFrom(file: string): Promise<Reading> {
  try {
    if ((await stat(file)).isDirectory()) return refused('is a directory; name the file in it');
    const bytes = await readFile(file);
    return readMatrices(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return refused(fileProblem(error));
  }
}

const refused = (reason: string): Reading => ({ type: 'refused', reason });

function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist; check the path';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read; check its permissions';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'is not text (UTF-8)';
    default:
      return `cannot be read (${messageOf(error)})`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
