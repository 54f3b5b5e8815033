/** The command line: finds the command, runs it, and turns what it answers into an exit code. */
import { createRequire } from 'node:module';
import { COMMANDS, type Command } from './commands.ts';
import { nearest } from './nearest.ts';
import { type Io, terminal } from './terminal.ts';

const DONE = 0;
const WRONG_INPUT = 1;
/** A defect of ours, as sysexits.h numbers it. */
const DEFECT = 70;

/** The process: its arguments, its terminal, its exit code. */
export async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), terminal());
}

export async function main(
  args: readonly string[],
  io: Io,
  commands: readonly Command[] = COMMANDS,
): Promise<number> {
  const [word, ...rest] = args;
  switch (word) {
    case undefined:
      io.stderr(help(commands));
      return WRONG_INPUT;
    case '-h':
    case '--help':
    case 'help':
      return helpOn(rest, io, commands);
    case '-v':
    case '--version':
      io.stdout(rest.includes('--json') ? `${JSON.stringify(versions())}\n` : `${version()}\n`);
      return DONE;
  }
  const command = commands.find((c) => c.name === word);
  return command === undefined ? unknown(word, io, commands) : await perform(command, rest, io);
}

async function perform(command: Command, args: readonly string[], io: Io): Promise<number> {
  try {
    const does = await command.load();
    return await does(args, io);
  } catch (error) {
    io.progress?.('');
    const what = error instanceof Error ? error.message : String(error);
    const [line = ''] = what.split('\n');
    io.stderr(
      `interlock ${command.name}: a defect of interlock ${version()}: ${line}. ` +
        'Please report it to its maintainers, with the command and its input; ' +
        'INTERLOCK_DEBUG=1 shows where it happened.\n',
    );
    if (process.env.INTERLOCK_DEBUG && error instanceof Error) io.stderr(`${error.stack}\n`);
    return DEFECT;
  }
}

async function helpOn(
  args: readonly string[],
  io: Io,
  commands: readonly Command[],
): Promise<number> {
  const [word] = args.filter((arg) => !arg.startsWith('-'));
  if (word !== undefined) {
    const command = commands.find((c) => c.name === word);
    return command === undefined
      ? unknown(word, io, commands)
      : await perform(command, ['--help'], io);
  }
  if (args.includes('--json')) {
    const listed = commands.map(({ name, takes, does }) => ({ name, takes, does }));
    io.stdout(`${JSON.stringify({ ...versions(), commands: listed }, null, 2)}\n`);
  } else io.stdout(help(commands));
  return DONE;
}

function unknown(word: string, io: Io, commands: readonly Command[]): number {
  const names = commands.map((c) => c.name);
  const near = word.startsWith('-') ? undefined : nearest(word, names);
  const kind = word.startsWith('-') ? 'an option' : 'a command';
  const advice = near === undefined ? `Its commands: ${names.join(', ')}` : `Did you mean ${near}?`;
  io.stderr(`interlock: ${JSON.stringify(word)} is not ${kind} of interlock. ${advice}\n`);
  return WRONG_INPUT;
}

function help(commands: readonly Command[]): string {
  const wide = Math.max(...commands.map((c) => `${c.name} ${c.takes}`.length));
  const lines = commands.map((c) => `  ${`${c.name} ${c.takes}`.padEnd(wide)}  ${c.does}`);
  return `Usage: interlock COMMAND [ARGUMENTS]

An order-lifecycle engine for bracket orders at Interactive Brokers.

${lines.join('\n')}

  interlock COMMAND --help  what a command takes, and what its exit codes mean
  interlock --version       the version; this text and the version also with --json

Exit codes: 0 done, 1 the command line or an input is wrong, 70 a defect of interlock, 74 the output
could not be written; others are a command's own. Colour follows NO_COLOR, and FORCE_COLOR before it.
`;
}

function version(): string {
  const described: unknown = createRequire(import.meta.url)('interlock/package.json');
  const found =
    typeof described === 'object' && described !== null && 'version' in described
      ? described.version
      : undefined;
  return typeof found === 'string' ? found : 'of unknown version';
}

const versions = () => ({ name: 'interlock', version: version(), node: process.versions.node });
