/** `interlock bench [--json]`: the figures of `steps.ts`, as text or as JSON. */
import { availableParallelism, cpus } from 'node:os';
import { askedFrom } from '../terminal/arguments.ts';
import { printable } from '../terminal/layout.ts';
import { type Measured, measure, record, type Spread } from './steps.ts';

const USAGE = 'Usage: interlock bench [--lives N] [--rounds N] [--json]';

const HELP = `${USAGE}

Plays recorded lives of a two-pair bracket, and says how many facts a second are stepped: by the
whole of step, by its compiled charts alone, and for comparison by XState's transition() and by an
actor's send. The last three are given the same chart events and do nothing else.

  --lives N   brackets in the script (100)
  --rounds N  rounds that are counted, after one that warms up (7)
  --json      the figures as one JSON object
  -h, --help  this text

Exit code: 0  measured
           1  the arguments are wrong
`;

type Io = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly progress?: (line: string) => void;
};

type Request =
  | { readonly type: 'help' }
  | { readonly type: 'refused'; readonly reason: string }
  | {
      readonly type: 'measure';
      readonly lives: number;
      readonly rounds: number;
      readonly json: boolean;
    };

export async function bench(args: readonly string[], io: Io): Promise<number> {
  const request = requestFrom(args);
  if (request.type === 'help') {
    io.stdout(HELP);
    return 0;
  }
  if (request.type === 'refused') {
    io.stderr(`interlock bench: ${request.reason}. ${USAGE}\n`);
    return 1;
  }
  const { lives, rounds, json } = request;
  io.progress?.(`recording ${lives} lives`);
  const script = record(lives);
  const measured = measure(script, rounds, (round) =>
    io.progress?.(round === 0 ? 'warming up' : `round ${round} of ${rounds}`),
  );
  io.progress?.('');
  io.stdout(json ? jsonOf(measured) : textOf(measured));
  return 0;
}

function requestFrom(args: readonly string[]): Request {
  const asked = askedFrom(args, { file: false, flags: ['json'], values: ['lives', 'rounds'] });
  if (asked.type !== 'asked') return asked;
  const lives = asked.values.get('lives') ?? '100';
  const rounds = asked.values.get('rounds') ?? '7';
  for (const [name, text, most] of [
    ['lives', lives, 100_000],
    ['rounds', rounds, 1_000],
  ] as const) {
    if (!/^[1-9]\d*$/.test(text) || Number(text) > most) {
      const reason = `--${name} takes a whole number from 1 to ${most}, not "${printable(text)}"`;
      return { type: 'refused', reason };
    }
  }
  const json = asked.flags.has('json');
  return { type: 'measure', lives: Number(lives), rounds: Number(rounds), json };
}

const machineOf = (): { node: string; cpu: string; cores: number } => ({
  node: process.versions.node,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
});

function jsonOf(measured: Measured): string {
  return `${JSON.stringify({ ...machineOf(), ...measured }, null, 2)}\n`;
}

function textOf(measured: Measured): string {
  const { lives, facts, chartEvents, rounds, factsPerSecond, ratios } = measured;
  const { node, cpu, cores } = machineOf();
  return `${lives} ${lives === 1 ? 'life' : 'lives'} of a two-pair bracket: ${whole(facts)} facts, ${whole(chartEvents)} chart events
Node ${node}, ${cpu}, ${cores} cores, one used; ${rounds} ${rounds === 1 ? 'round' : 'rounds'}

facts a second                median         min         max
  step                    ${columns(factsPerSecond.step, whole)}
  compiled charts alone   ${columns(factsPerSecond.charts, whole)}
  transition(), chart only${columns(factsPerSecond.transition, whole)}
  send, chart only        ${columns(factsPerSecond.send, whole)}

step against the same script, chart only
  / transition()          ${columns(ratios.stepToTransition, times)}
  / send                  ${columns(ratios.stepToSend, times)}

compiled charts alone
  / transition()          ${columns(ratios.chartsToTransition, times)}
  / send                  ${columns(ratios.chartsToSend, times)}
  / step                  ${columns(ratios.chartsToStep, times)}
`;
}

const columns = ({ median, min, max }: Spread, show: (n: number) => string): string =>
  [median, min, max].map((n) => show(n).padStart(12)).join('');

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');
const times = (n: number): string => `${n.toFixed(2)} x`;
