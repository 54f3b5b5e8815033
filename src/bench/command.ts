/** `interlock bench`: the figures of `steps.ts`, `worlds.ts` and `spin.ts`, as text or as JSON. */
import { availableParallelism, cpus } from 'node:os';
import { askedFrom } from '../terminal/arguments.ts';
import { printable } from '../terminal/layout.ts';
import { type GatewayMeasured, measureGateway } from './gateway.ts';
import { type Committed, type JournalMeasured, measureJournal } from './journal.ts';
import { compareWithSpin, type SpinComparison, spinText } from './spin.ts';
import { type Measured, measure, record, type Spread } from './steps.ts';
import { measureWorlds, type WorldsMeasured } from './worlds.ts';

const USAGE = 'Usage: interlock bench [SUBJECT] [--of LIST] [--lives N] [--rounds N] [--json]';

const HELP = `${USAGE}

steps   Plays recorded lives of a two-pair bracket, and says how many facts a second are stepped: by
        the whole of step, by its compiled charts alone, and for comparison by XState's transition()
        and by an actor's send. The last three are given the same chart events, and no more.
worlds  Explores one bracket with its broker and its network, as interlock verify does, and says how
        many edges a second, and how many bytes a state.
gateway Starts a simulated gateway, and says how many order messages a second a client on loopback
        sends and hears through it, and how many fills it hears beside few and many open orders.
journal Makes records durable, 1, 10 and 100 at once, beside the same rows put into SQLite and the
        same bytes synced to a plain file; then reads and verifies a journal, alone and with step.
spin    Explores a pair's protocol, written in plain objects, beside SPIN on the same model: counts
        equal, in turns. Needs spin and gcc, and is skipped where they are not.

  SUBJECT     one of steps, worlds, spin, gateway, journal
  --of LIST   several of them; all of them by default
  --lives N   brackets in the script (100)
  --rounds N  rounds that are counted, after some that warm up (7; of the others 3)
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
      readonly of: readonly Subject[];
      readonly lives: number;
      /** Null: as many as is usual for each. */
      readonly rounds: number | null;
      readonly json: boolean;
    };

const SUBJECTS = ['steps', 'worlds', 'spin', 'gateway', 'journal'] as const;
type Subject = (typeof SUBJECTS)[number];

type Figures = {
  readonly steps?: Measured;
  readonly worlds?: WorldsMeasured;
  readonly spin?: SpinComparison;
  readonly gateway?: GatewayMeasured;
  readonly journal?: JournalMeasured;
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
  const figures = await figuresOf(request, (line) => io.progress?.(line));
  io.progress?.('');
  io.stdout(request.json ? jsonOf(figures) : textOf(figures));
  return 0;
}

async function figuresOf(
  { of, lives, rounds }: Extract<Request, { readonly type: 'measure' }>,
  progress: (line: string) => void,
): Promise<Figures> {
  const figures: { -readonly [K in keyof Figures]: Figures[K] } = {};
  if (of.includes('steps')) {
    progress(`steps: recording ${lives} lives`);
    const counted = rounds ?? 7;
    figures.steps = measure(record(lives), counted, (round) =>
      progress(round === 0 ? 'steps: warming up' : `steps: round ${round} of ${counted}`),
    );
  }
  if (of.includes('worlds')) figures.worlds = measureWorlds(rounds ?? 3, progress);
  if (of.includes('spin')) {
    figures.spin = await compareWithSpin({
      rounds: rounds ?? 3,
      progress: (line) => progress(`spin: ${line}`),
    });
  }
  if (of.includes('gateway')) figures.gateway = await measureGateway(rounds ?? 3, progress);
  if (of.includes('journal')) figures.journal = measureJournal(rounds ?? 5, progress);
  return figures;
}

function requestFrom(args: readonly string[]): Request {
  const takes = {
    file: 'perhaps',
    flags: ['json'],
    values: ['of', 'lives', 'rounds'],
  } as const;
  const asked = askedFrom(args, takes);
  if (asked.type !== 'asked') return asked;
  const list = asked.values.get('of');
  if (asked.file !== '' && list !== undefined) {
    return { type: 'refused', reason: 'a SUBJECT and --of exclude each other' };
  }
  const words = (asked.file || (list ?? SUBJECTS.join())).split(',');
  const of = SUBJECTS.filter((subject) => words.includes(subject));
  const unknown = words.find((word) => !SUBJECTS.some((subject) => subject === word));
  if (unknown !== undefined) {
    const reason = `there is ${SUBJECTS.join(', ')} to measure, and no "${printable(unknown)}"`;
    return { type: 'refused', reason };
  }
  const lives = asked.values.get('lives') ?? '100';
  const rounds = asked.values.get('rounds');
  for (const [name, text, most] of [
    ['lives', lives, 100_000],
    ['rounds', rounds ?? '1', 1_000],
  ] as const) {
    if (!/^[1-9]\d*$/.test(text) || Number(text) > most) {
      const reason = `--${name} takes a whole number from 1 to ${most}, not "${printable(text)}"`;
      return { type: 'refused', reason };
    }
  }
  return {
    type: 'measure',
    of,
    lives: Number(lives),
    rounds: rounds === undefined ? null : Number(rounds),
    json: asked.flags.has('json'),
  };
}

const machineOf = (): { node: string; cpu: string; cores: number } => ({
  node: process.versions.node,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
});

function jsonOf(figures: Figures): string {
  return `${JSON.stringify({ ...machineOf(), ...figures }, null, 2)}\n`;
}

function textOf({ steps, worlds, spin, gateway, journal }: Figures): string {
  const { node, cpu, cores } = machineOf();
  const parts = [
    `Node ${node}, ${cpu}, ${cores} cores, one used\n`,
    ...(steps === undefined ? [] : [stepsText(steps)]),
    ...(worlds === undefined ? [] : [worldsText(worlds)]),
    ...(spin === undefined ? [] : [spinText(spin)]),
    ...(gateway === undefined ? [] : [gatewayText(gateway)]),
    ...(journal === undefined ? [] : [journalText(journal)]),
  ];
  return parts.join('\n');
}

function stepsText(measured: Measured): string {
  const { lives, facts, chartEvents, rounds, factsPerSecond, ratios } = measured;
  return `${lives} ${lives === 1 ? 'life' : 'lives'} of a two-pair bracket: ${whole(facts)} facts, ${whole(chartEvents)} chart events
${rounds} ${rounds === 1 ? 'round' : 'rounds'}

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

function worldsText(measured: WorldsMeasured): string {
  const { states, transitions, minds, books, bytesPerState, edgesPerSecond, rounds } = measured;
  return `every world of one pair, both ways in any time and order: ${whole(states)} states, ${whole(transitions)} edges
through the shipping step, asked by ${whole(minds)} minds; ${whole(books)} books; ${rounds} ${rounds === 1 ? 'round' : 'rounds'}

                              median         min         max
  edges a second          ${columns(edgesPerSecond, whole)}
  bytes a visited state   ${bytesPerState.toFixed(1).padStart(12)}
`;
}

function gatewayText(measured: GatewayMeasured): string {
  const { rounds, messagesPerSecond, requestsPerSecond, fillsPerSecond, openOrders } = measured;
  const beside = (open: number): string => `  fills beside ${whole(open)}`.padEnd(26);
  return `the simulated gateway, one client on loopback, another core; ${rounds} ${rounds === 1 ? 'round' : 'rounds'}

a second                      median         min         max
  order messages          ${columns(messagesPerSecond, whole)}
  of those, requests      ${columns(requestsPerSecond, whole)}
${beside(openOrders.few)}${columns(fillsPerSecond.few, whole)}
${beside(openOrders.many)}${columns(fillsPerSecond.many, whole)}
`;
}

function journalText({ rounds, folder, bytesPerRecord, commits, read }: JournalMeasured): string {
  const committed = (one: Committed): string => `  commits of ${one.atOnce}
    journal               ${columns(one.journal, whole)}
    SQLite alone          ${columns(one.raw, whole)}
    a plain file, synced  ${columns(one.sync, whole)}
    journal / SQLite      ${columns(one.journalToRaw, times)}
`;
  return `records of ${whole(bytesPerRecord)} bytes, in ${folder}; ${rounds} ${rounds === 1 ? 'round' : 'rounds'}

durable records a second        median         min         max
${commits.map(committed).join('')}
records read a second, of ${whole(read.records)}
  read and verified       ${columns(read.verified, whole)}
  and stepped again       ${columns(read.replayed, whole)}
`;
}

const columns = ({ median, min, max }: Spread, show: (n: number) => string): string =>
  [median, min, max].map((n) => show(n).padStart(12)).join('');

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');
const times = (n: number): string => `${n.toFixed(2)} x`;
