/**
 * `interlock verify`: explores a bracket with its broker and its network, and says whether it can
 * ever exit more than it entered, and on what that stands.
 */
import { writeFile } from 'node:fs/promises';
import { printable } from '../terminal/layout.ts';
import { fileProblem } from '../terminal/unreadable.ts';
import { beginningFrom } from './beginning.ts';
import { firstWorld } from './composition.ts';
import type { Prologue } from './counterexample.ts';
import type { Progress } from './exploring/exploration.ts';
import { scopeOf } from './matter.ts';
import { type Wished, wishedFrom } from './options.ts';
import { QUANTITIES } from './questions.ts';
import { jsonOf, type Told, textOf } from './report.ts';
import { type Resumed, resumed } from './resumption.ts';
import { taleOf } from './tale.ts';
import { type Asking, type Verification, verify } from './verification.ts';

const USAGE = 'Usage: interlock verify [--plan PLAN] [--lots 2,1] [--faults LIST] [OPTIONS]';

const HELP = `${USAGE}

Explores everything that can happen to one bracket: the shipping step of the engine, the broker's
book, and what is under way between them. Prints the verdict, what it stands on, and the shortest
way to whatever does not hold, as a history.

  --plan PLAN        paired (default), sequenced; detached: the router of the incident instead
  --lots 2,1         shares of each target (2): a pair of stop and target for each; fills of any size
  --oca TYPE         what the broker makes of our groups whatever it echoes: 0, 1, 2 (default), 3
  --reduce READING   what "reduce" means: byQuantity (default), proportionalOfRemaining,
                     proportionalRoundedUp, proportionalRoundedDown, fractionOfOriginals,
                     proportionalOfOriginal, none
  --late-leg HOW     a leg that joins a group that has traded: left (default), refused, full
  --faults LIST      of delay, repeat, lose, reject, refuseCancel, cut, crash, early, each once, or
                     as often as "crash:2" says. delay:N lets N things be under way to us at once;
                     early: a wait ends while the answer is under way
  --wishes LIST      of cancel, flatten, move: what the router may wish, and how often
  --prints N         prices printed at a stop or target; only the plan sequenced waits for them (2)
  --from FILE        what can still happen: FILE is a history, as far as its end or FILE:LINE, or
                     the engine's state as JSON; the plan and the lots are those of FILE
  --limit-states N   explores no more states than that (2,000,000)
  --history FILE     writes the counterexample there
  --json             { verdict, plan, assumptions, states, transitions, depth, seconds,
                     statesPerSecond, counterexample? }
  -h, --help         this text

Exit code: 0  holds
           2  violated
           3  the limit was reached, and nothing was violated before
           1  the arguments are wrong, or FILE cannot be written
`;

export type VerifyIo = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly progress?: (line: string) => void;
  readonly colour: boolean;
};

const EXIT = { holds: 0, violated: 2, limit: 3 } as const;

export async function verifyCommand(args: readonly string[], io: VerifyIo): Promise<number> {
  const reading = wishedFrom(args);
  if (reading.type === 'help') {
    io.stdout(HELP);
    return 0;
  }
  if (reading.type === 'refused') return refuse(io, `${reading.reason}. ${USAGE}`);
  const { wished } = reading;
  if (wished.from === '') {
    const { matter } = wished;
    return answer(wished, { matter, scope: scopeOf(matter), start: firstWorld }, undefined, io);
  }
  const begun = await beginningFrom(wished.from);
  if (begun.type === 'refused') return refuse(io, begun.reason);
  const { beginning } = begun;
  return answer(wished, resumed(wished.matter, beginning), beginning.told, io);
}

/** `told` is a history to go on with, null for none, and undefined for a new one. */
async function answer(
  { limitStates, json, history }: Wished,
  { matter, scope, start }: Resumed,
  told: Prologue | null | undefined,
  io: VerifyIo,
): Promise<number> {
  const asking: Asking = {
    limits: { states: limitStates },
    progress: (progress) => io.progress?.(progressLine(progress)),
  };
  const verification = verify(matter, asking, scope, start);
  const again = { ...asking, quantities: true };
  const report: Told = {
    verification,
    tales: verification.findings.map((finding) => taleOf(verification, finding, told)),
    quantities: isAboutQuantities(verification) ? null : verify(matter, again, scope, start),
  };
  io.progress?.('');
  if (history !== '') {
    const problem = await written(history, report, io);
    if (problem !== null) return refuse(io, problem);
  }
  io.stdout(json ? jsonOf(report) : textOf(report, io.colour));
  return EXIT[verification.verdict];
}

/** Whether quantities were judged, or need no judgement of their own. */
const isAboutQuantities = ({ findings, matter }: Verification): boolean =>
  findings.length === 0 ||
  matter.plan === 'detached' ||
  findings.some(({ id }) => QUANTITIES.includes(id));

async function written(file: string, { tales }: Told, io: VerifyIo): Promise<string | null> {
  const [tale] = tales;
  if (tale === undefined) {
    io.stderr('interlock verify: nothing is violated, so no history was written\n');
    return null;
  }
  try {
    await writeFile(file, tale.text);
    return null;
  } catch (error) {
    return `${file}: ${fileProblem(error)}`;
  }
}

function progressLine(progress: Progress): string {
  const { states, depth, frontier, statesPerSecond, bytes, estimate } = progress;
  const whole = (n: number): string => Math.round(n).toLocaleString('en-US');
  const about = estimate === undefined ? '' : `, perhaps ${whole(estimate)} in all`;
  return (
    `${whole(states)} states${about}, depth ${depth}, ${whole(frontier)} to look at, ` +
    `${whole(statesPerSecond)} a second, ${whole(bytes / 2 ** 20)} MiB`
  );
}

function refuse(io: VerifyIo, reason: string): 1 {
  io.stderr(`interlock verify: ${printable(reason)}\n`);
  return 1;
}
