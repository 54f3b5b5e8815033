/** `interlock rime`: the night of 2026-02-12 as it was, and under Interlock. */

import { parseArgs } from 'node:util';
import { page } from './page.ts';
import { exitCodeOf, type Told, tellTwice } from './told.ts';

const HELP = `Usage: interlock rime [--full] [--json]

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
};

type Request =
  | { readonly type: 'help' }
  | { readonly type: 'tell'; readonly full: boolean; readonly json: boolean }
  | { readonly type: 'refused'; readonly reason: string };

export async function rime(
  args: readonly string[],
  io: RimeIo,
  tell: () => Told = tellTwice,
): Promise<number> {
  const request = requestFrom(args);
  if (request.type === 'help') {
    io.stdout(HELP);
    return 0;
  }
  if (request.type === 'refused') {
    io.stderr(`interlock rime: ${request.reason}. Usage: interlock rime [--full] [--json]\n`);
    return 1;
  }
  const told = tell();
  io.stdout(
    request.json ? `${JSON.stringify(told, null, 2)}\n` : page(told, io.colour, request.full),
  );
  return exitCodeOf(told);
}

function requestFrom(args: readonly string[]): Request {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      options: {
        full: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return { type: 'help' };
    return { type: 'tell', full: values.full ?? false, json: values.json ?? false };
  } catch (error) {
    // parseArgs says e.g. "Unknown option '--jsn'. To specify a positional argument …".
    const [first] = (error instanceof Error ? error.message : String(error)).split('. ');
    return { type: 'refused', reason: first ?? 'the arguments are not understood' };
  }
}
