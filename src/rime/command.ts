/** `interlock rime`: the night of 2026-02-12 as it was, and under Interlock. */

import { askedFrom } from '../terminal/arguments.ts';
import { page } from './page.ts';
import { exitCodeOf, type Told, tellTwice } from './told.ts';

const USAGE = 'Usage: interlock rime [--full] [--json]';

const HELP = `${USAGE}

Tells 2026-02-12 twice, on one price tape and with the same three parents: as it was, with detached
exits that are withdrawn too late, and under Interlock with its default plan. Timelines, naked and
overhang over time, close records, and both side by side. Simulated; nothing is connected to.

  --full      in place of the second timeline, every record the engine wrote
  --json      both tellings and every claim about them as one JSON object
  -h, --help  this text

Exit code: 0  as it was, 693 and 705 are sold twice; under Interlock no law is broken, the broker's
              ledger is never oversold, every leg has an end and every parent its close record
           1  any of this is not so, or the arguments are not understood
`;

export type RimeIo = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly colour: boolean;
  /** Absent where nobody said how wide the page is. */
  readonly columns?: number;
};

export async function rime(
  args: readonly string[],
  io: RimeIo,
  tell: () => Told = tellTwice,
): Promise<number> {
  const asked = askedFrom(args, { file: false, flags: ['full', 'json'] });
  if (asked.type === 'help') {
    io.stdout(HELP);
    return 0;
  }
  if (asked.type === 'refused') {
    io.stderr(`interlock rime: ${asked.reason}. ${USAGE}\n`);
    return 1;
  }
  const told = tell();
  const { flags } = asked;
  io.stdout(
    flags.has('json')
      ? `${JSON.stringify(told, null, 2)}\n`
      : page(told, io.colour, flags.has('full'), io.columns),
  );
  return exitCodeOf(told);
}
