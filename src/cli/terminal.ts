import { clipped } from '../terminal/layout.ts';

/** What a command is given of the world: where it may write, and how. */
export type Io = {
  /** What was asked for. */
  readonly stdout: (text: string) => void;
  /** What a person must know besides. */
  readonly stderr: (text: string) => void;
  /** One line that is written over; an empty one takes it away. Absent where nobody looks on. */
  readonly progress?: (line: string) => void;
  readonly colour: boolean;
  /** Absent where nobody said how wide the page is. */
  readonly columns?: number;
};

/** Output could not be written, as sysexits.h numbers it. */
const UNWRITTEN = 74;

/**
 * The process's own terminal.
 *
 * A reader that goes away (`interlock audit FILE | head -1`) is no error: what is written after is
 * dropped, and the command goes on to its exit code, which somebody may still want to know. A disk
 * that is full is one, and nobody may take what is left of the output for the whole.
 */
export function terminal(): Io {
  const { env, stdout, stderr } = process;
  const asked = env.FORCE_COLOR ?? '';
  const forced = asked !== '' && asked !== '0';
  const plain = asked === '0' || (env.NO_COLOR ?? '') !== '';
  const colour = forced || (stdout.isTTY === true && !plain);
  const columns = widthFrom(env.COLUMNS) ?? (stdout.isTTY === true ? stdout.columns : undefined);
  const said = writer(stderr, () => {});
  const io = {
    stdout: writer(stdout, (why) => said(`interlock: the output could not be written: ${why}\n`)),
    stderr: said,
    colour,
    ...(columns === undefined ? {} : { columns }),
  };
  const progress =
    stderr.isTTY === true
      ? (line: string): void => said(`\r\u001b[2K${clipped(line, (stderr.columns ?? 80) - 1)}`)
      : nowAndThen(() => performance.now(), said);
  return { ...io, progress };
}

/** Where nothing can be written over, what takes long says now and then that it goes on. */
const QUIET_MS = 15_000;

export function nowAndThen(
  now: () => number,
  write: (text: string) => void,
): (line: string) => void {
  let last = now();
  return (line) => {
    if (line === '' || now() - last < QUIET_MS) return;
    last = now();
    write(`${line}\n`);
  };
}

function widthFrom(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

function writer(stream: NodeJS.WriteStream, failed: (why: string) => void): (text: string) => void {
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (gone) return;
    gone = true;
    if (error.code === 'EPIPE') return;
    failed(error.message.replace(/, write$/, ''));
    // The last word, whatever the command has answered.
    process.once('exit', () => {
      process.exitCode = UNWRITTEN;
    });
  });
  return (text) => {
    if (!gone) stream.write(text);
  };
}
