/**
 * `interlock verify`: explores a bracket with its broker and its network, and says whether it can
 * ever exit more than it entered, and on what that stands.
 */
import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { balanceLine } from '../core/describe.ts';
import { printable } from '../terminal/layout.ts';
import { type Beginning, beginningFrom, openBrackets } from './beginning.ts';
import { firstWorld } from './composition.ts';
import type { Progress } from './exploring/exploration.ts';
import { type Matter, scopeOf } from './matter.ts';
import { type Wished, wishedFrom } from './options.ts';
import { QUANTITIES } from './questions.ts';
import { jsonOf, type Told, textOf } from './report.ts';
import { type Resumed, resumed } from './resumption.ts';
import { goneOn, type Tale, taleOf } from './tale.ts';
import { type Asking, type Finding, type Verification, verify } from './verification.ts';

const USAGE = 'Usage: interlock verify [--plan PLAN] [--lots 2,1] [--faults LIST] [OPTIONS]';

const HELP = `${USAGE}

Explores everything that can happen to one bracket: the shipping step of the engine, the broker's
book, and what is under way between them. Prints the verdict, what it stands on, and the shortest
way to whatever does not hold, as a history.

  --plan PLAN        paired (default), sequenced; detached: the router of the incident instead
  --side SIDE        of the entry: BUY (default), SELL for a short bracket
  --lots 2,1         shares of each target (2), 1 to 8 targets of 1 to 20: a stop for each; fills of
                     any size. Every share, pair and fault multiplies what there is to explore
  --oca TYPE         what the broker makes of our groups whatever it echoes: 0, 1, 2 (default), 3
  --reduce READING   what "reduce" means: byQuantity (default), proportionalOfRemaining,
                     proportionalRoundedUp, proportionalRoundedDown, fractionOfOriginals,
                     proportionalOfOriginal, none
  --late-leg HOW     a leg that joins a group that has traded: left (default), refused, full
  --faults LIST      of delay, repeat, lose, reject, refuseCancel, unsolicitedCancel, hold,
                     inactivate, cut, crash, early, each once, or as often as "crash:2" says (to 9).
                     delay:N lets N things be under way to us at once; lose and repeat bring
                     delay:1 along; early: a wait ends while the answer is under way
  --wishes LIST      of cancel, flatten, move: what the router may wish, and how often
  --prints N         prices printed at a stop or target; only the plan sequenced waits for them (2)
  --from FILE        what can still happen: FILE is a history, as far as its end or FILE:LINE, or
                     the engine's state as JSON; plan, side and lots are those of FILE. What a
                     history expects below its ---- is not compared
  --limit-states N   explores no more states than that (2,000,000)
  --history FILE     writes the counterexample there: a history; of the detached router, which is no
                     engine, what it sent and what came of it
  --json             { verdict, plan, matter, assumptions, watched, states, transitions, depth,
                     seconds, statesPerSecond, counterexample?, others?, quantities?, held,
                     witnesses }
  -h, --help         this text

Exit code: 0  holds
           2  violated
           3  the limit was reached, and nothing was violated before
           1  the arguments are wrong, or FILE cannot be read or written
Interrupted it says nothing: --limit-states gives a verdict on what was explored.
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
  const problem = await unwritable(wished.history);
  if (problem !== null) return refuse(io, problem);
  if (wished.from === '') return answer(wished, fromTheStart(wished.matter), io);
  const begun = await beginningFrom(wished.from);
  if (begun.type === 'refused') return refuse(io, begun.reason);
  return answer(wished, fromThere(wished, begun.beginning), io);
}

/** What is explored, from where, and how what is found is told. */
type Asked = Resumed & {
  readonly standing: readonly string[];
  readonly tell: (found: Verification, finding: Finding) => Tale;
};

const fromTheStart = (matter: Matter): Asked => ({
  matter,
  scope: scopeOf(matter),
  start: firstWorld,
  standing: [],
  tell: taleOf,
});

function fromThere({ matter, from }: Wished, beginning: Beginning): Asked {
  const { state, told } = beginning;
  const one = told !== null && told.text.match(/^bracket /gm)?.length === 1;
  return {
    ...resumed(matter, beginning),
    standing: openBrackets(state).map((b) => `  ${b.plan.bracket} ${balanceLine(b).trim()}`),
    // Only a history of one bracket can be gone on with.
    tell: (found, finding) => taleOf(found, finding, one ? goneOn(told, from, finding) : null),
  };
}

async function answer(wished: Wished, asked: Asked, io: VerifyIo): Promise<number> {
  const { matter, scope, start, standing, tell } = asked;
  const asking: Asking = {
    limits: { states: wished.limitStates },
    progress: (progress) => io.progress?.(progressLine(progress)),
  };
  const verification = verify(matter, asking, scope, start);
  const again = { ...asking, quantities: true };
  const report: Told = {
    verification,
    from: wished.from,
    standing,
    tales: verification.findings.map((finding) => tell(verification, finding)),
    quantities: isAboutQuantities(verification) ? null : verify(matter, again, scope, start),
  };
  io.progress?.('');
  io.stdout(wished.json ? jsonOf(report) : textOf(report, io.colour));
  const problem = wished.history === '' ? null : await written(wished.history, report, io);
  if (problem !== null) return refuse(io, problem);
  return EXIT[verification.verdict];
}

/** Whether quantities were judged, or need no judgement of their own. */
const isAboutQuantities = ({ findings, matter }: Verification): boolean =>
  findings.length === 0 ||
  matter.plan === 'detached' ||
  findings.some(({ id }) => QUANTITIES.includes(id));

/** Why nothing can be written there; it is looked for before anything is explored. */
async function unwritable(file: string): Promise<string | null> {
  if (file === '') return null;
  try {
    const known = await stat(file).catch(() => null);
    if (known?.isDirectory() === true) return `${file}: is a directory. Name a file in it`;
    await access(known === null ? dirname(file) : file, constants.W_OK);
    return null;
  } catch {
    return `${file}: cannot be written: it, or its folder, is not there or may not be written to`;
  }
}

async function written(file: string, { tales }: Told, io: VerifyIo): Promise<string | null> {
  if (tales.length === 0) {
    io.stderr('interlock verify: nothing is violated, so no history was written\n');
    return null;
  }
  try {
    await writeFile(file, tales[0]?.text ?? '');
    return null;
  } catch (error) {
    return `${file}: cannot be written (${error instanceof Error ? error.message : error})`;
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
