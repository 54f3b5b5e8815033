/** What a command is given of the world: where it may write, and how. */
export type Io = {
  /** What was asked for. */
  readonly stdout: (text: string) => void;
  /** What a person must know besides. */
  readonly stderr: (text: string) => void;
  /** One line that is written over; an empty one takes it away. Absent where nobody looks on. */
  readonly progress?: (line: string) => void;
  readonly colour: boolean;
};

/**
 * The process's own terminal.
 *
 * A reader that goes away (`interlock audit FILE | head -1`) is no error: what is written after is
 * dropped, and the command goes on to its exit code, which somebody may still want to know.
 */
export function terminal(): Io {
  const { env, stdout, stderr } = process;
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const plain = env.NO_COLOR !== undefined && env.NO_COLOR !== '';
  const colour = forced || (stdout.isTTY === true && !plain);
  const io = { stdout: writer(stdout), stderr: writer(stderr), colour };
  if (stderr.isTTY !== true) return io;
  return { ...io, progress: (line) => io.stderr(`\r\u001b[2K${line}`) };
}

function writer(stream: NodeJS.WriteStream): (text: string) => void {
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone = true;
  });
  return (text) => {
    if (!gone) stream.write(text);
  };
}
