import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { askedFrom } from '../terminal/arguments.ts';
import { printable } from '../terminal/layout.ts';
import { fileProblem, NOT_TEXT, refuseDirectory } from '../terminal/unreadable.ts';
import { EXPECTED, pathsOf, type Reading, readMatrices } from './matrices.ts';
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

FILE is one object: source (text) and scenarios, a list. A scenario has id, title and rows. A row has
t, dir ("toBroker" or "fromBroker"), msg, clOrdId, origClOrdId, execType, ordStatus, orderQty,
cumQty, leavesQty, lastQty, execId, execRefId, alternative (true or false) and note. Of a row only
t, dir and msg must be there.

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

export async function conform(args: readonly string[], io: ConformIo): Promise<number> {
  const wish = askedFrom(args, { file: true, flags: ['json'] });
  if (wish.type === 'help') {
    io.stdout(HELP);
    return 0;
  }
  if (wish.type === 'refused') return refuse(io, `${wish.reason}. ${USAGE}`);
  const reading = await matricesFrom(wish.file);
  if (reading.type === 'refused') return refuse(io, `${wish.file}: ${reading.reason}`);
  const { source, scenarios } = reading.matrices;
  const results = scenarios.flatMap(pathsOf).map(replay);
  const report = reportOf(results);
  io.stdout(
    wish.flags.has('json') ? `${JSON.stringify(report, null, 2)}\n` : textReport(source, results),
  );
  return report.passed === report.total ? 0 : 2;
}

function refuse(io: ConformIo, reason: string): 1 {
  io.stderr(`interlock conform: ${printable(reason)}\n`);
  return 1;
}

async function matricesFrom(file: string): Promise<Reading> {
  try {
    const folder = await refuseDirectory(file);
    if (folder !== undefined) return refused(folder);
    const bytes = await readFile(file);
    if (!isUtf8(bytes)) return refused(`${NOT_TEXT}. ${EXPECTED}`);
    return readMatrices(new TextDecoder().decode(bytes));
  } catch (error) {
    return refused(fileProblem(error));
  }
}

const refused = (reason: string): Reading => ({ type: 'refused', reason });
