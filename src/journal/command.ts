/** `interlock journal verify|export|import FILE`: a journal looked over, written out, and read in. */
import { JournalDamaged, JournalFailed, JournalRefused } from '../engine/journal.ts';
import { type Asked, askedFrom } from '../terminal/arguments.ts';
import { painter, printable } from '../terminal/layout.ts';
import { linesIn, linesOf } from '../terminal/lines.ts';
import { fileProblem, refuseDirectory } from '../terminal/unreadable.ts';
import { exportTo, importInto, LONGEST_LINE_BYTES } from './exchange.ts';
import { readJournal } from './journal.ts';
import { type Survey, surveyOf, surveyText } from './survey.ts';

const USAGE = 'Usage: interlock journal verify|export|import FILE [--from EXPORT] [--json]';

const HELP = `${USAGE}

A journal is where the engine records every fact, and what it decided about it,
before anything leaves: an SQLite database, its records chained to one another.

verify  reads every record, and holds it against the chain and the head. The
        journal may be in use: what is there when it begins is read.
export  writes the records as JSON lines to standard output: first a line that
        names the format, the number of records and the last link of the chain,
        then a record a line, each with its own link.
import  makes the new journal FILE of an export. It checks every line, and makes
        all of it or nothing.

  --from EXPORT  a file to import; without it, standard input
  --json         the findings as one JSON object (verify, import)
  -h, --help     this text

What verify cannot see: that whole transactions are missing from the end, with
the head. The broker knows of them: reconcile with it after every start.

Exit code: 0  done; FILE is whole
           1  the arguments are wrong, or FILE or EXPORT cannot be opened
           2  damaged: FILE or EXPORT is not what was written
          74  FILE could not be written
`;

type Io = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly progress?: (line: string) => void;
  readonly colour: boolean;
};

type Request = Extract<Asked, { readonly type: 'asked' }>;

const [DONE, WRONG, DAMAGED, UNWRITTEN] = [0, 1, 2, 74];

type Verb = {
  readonly takes: Parameters<typeof askedFrom>[1];
  readonly does: (asked: Request, io: Io) => void | Promise<void>;
};

const VERBS: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['verify', { takes: { file: true, flags: ['json'] }, does: verify }],
  ['export', { takes: { file: true, flags: [] }, does: exportAll }],
  ['import', { takes: { file: true, flags: ['json'], values: ['from'] }, does: importAll }],
]);

export async function journalCommand(args: readonly string[], io: Io): Promise<number> {
  const [word = '', ...rest] = args;
  const verb = VERBS.get(word);
  if (verb === undefined) {
    // What is no verb may be an option, and then --help is the one that means something.
    const asked = askedFrom(args.slice(0, 1), { file: 'perhaps', flags: ['json'] });
    if (asked.type === 'help') return help(io);
    if (asked.type === 'refused') return refuse(io, asked.reason);
    const given = word === '' ? 'nothing to do' : `there is no "${printable(word)}"`;
    return refuse(io, `${given}. There is ${[...VERBS.keys()].join(', ')}`);
  }
  const asked = askedFrom(rest, verb.takes);
  if (asked.type === 'help') return help(io);
  if (asked.type === 'refused') return refuse(io, asked.reason);
  try {
    await verb.does(asked, io);
    return DONE;
  } catch (error) {
    io.progress?.('');
    return told(error, io);
  }
}

function help(io: Io): number {
  io.stdout(HELP);
  return DONE;
}

function refuse(io: Io, reason: string): number {
  io.stderr(`interlock journal: ${reason}. ${USAGE}\n`);
  return WRONG;
}

function told(error: unknown, io: Io): number {
  const codes = [
    [JournalRefused, WRONG],
    [JournalDamaged, DAMAGED],
    [JournalFailed, UNWRITTEN],
  ] as const;
  const code = codes.find(([kind]) => error instanceof kind)?.[1];
  if (code === undefined || !(error instanceof Error)) throw error;
  io.stderr(`interlock journal: ${printable(error.message)}\n`);
  return code;
}

function verify({ file, flags }: Request, io: Io): void {
  const journal = readJournal(file);
  try {
    const survey = surveyOf(journal, (line) => io.progress?.(line));
    io.progress?.('');
    io.stdout(
      flags.has('json') ? jsonOf(file, survey) : surveyText(file, survey, painter(io.colour)),
    );
  } finally {
    journal.close();
  }
}

function exportAll({ file }: Request, io: Io): void {
  const journal = readJournal(file);
  try {
    exportTo(journal, io.stdout);
  } finally {
    journal.close();
  }
}

async function importAll({ file, flags, values }: Request, io: Io): Promise<void> {
  const { seq, chain } = await importedFrom(file, values.get('from'));
  const text = `${file}: ${seq.toLocaleString('en-US')} records, all as they were exported\n`;
  io.stdout(flags.has('json') ? `${JSON.stringify({ file, records: seq, head: chain })}\n` : text);
}

async function importedFrom(file: string, from: string | undefined): ReturnType<typeof importInto> {
  if (from === undefined) {
    if (process.stdin.isTTY) {
      throw new JournalRefused(
        'nothing to import. Pipe an export into it, or name one with --from',
      );
    }
    return await importInto(file, linesIn(process.stdin, LONGEST_LINE_BYTES), 'standard input');
  }
  let problem: string | undefined;
  try {
    problem = await refuseDirectory(from);
  } catch (error) {
    problem = fileProblem(error);
  }
  if (problem !== undefined) throw new JournalRefused(`${from}: ${problem}`);
  return await importInto(file, linesOf(from, LONGEST_LINE_BYTES), from);
}

const jsonOf = (file: string, survey: Survey): string =>
  `${JSON.stringify({ file, verdict: 'whole', ...survey }, null, 2)}\n`;
