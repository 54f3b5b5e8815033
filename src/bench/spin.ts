/**
 * The explorer beside SPIN: one protocol, every state of it, by both, in turns.
 *
 * SPIN turns the Promela model into C, `pan.c`, and that is compiled for nothing but this model. The
 * explorer is given the same protocol as functions over plain objects (`channels.ts`). Neither is
 * held back: pan searches depth first, its usual way, with `-O3`, without what liveness, fairness
 * and the checking of bounds and channels would cost, and with a hash table of some slots for every
 * state (`-w`); the explorer is told how many states to expect, too. pan's partial order reduction
 * is off (`NOREDUCE`), because it leaves states out, and the explorer has none: both count every
 * state and every transition, and it is an error when the counts differ. pan keeps the states
 * themselves, as the explorer does, and no mere hashes of them.
 *
 * Times are what each says of its own search: without start-up and compilation.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { explore } from '../verify/explore.ts';
import { channels, type Size } from './channels.ts';
import { PROMELA } from './promela.ts';
import { type Spread, spreadOf } from './steps.ts';

const run = promisify(execFile);

/** 1.7 million states: seconds, so that rates are steady. */
export const SPIN_SIZE: Size = { lots: 8, room: 8 };

/** 2^24 slots for it, and a stack that is deep enough by far. */
const PAN_OPTIONS = ['-w24', '-m100000'];
const C_OPTIONS =
  '-O3 -DSAFETY -DNOREDUCE -DNOFAIR -DXUSAFE -DNOBOUNDCHECK -DMEMLIM=8000 -o pan pan.c'.split(' ');

export type Counts = { readonly states: number; readonly transitions: number };

export type SpinComparison =
  | {
      readonly type: 'measured';
      readonly states: number;
      readonly transitions: number;
      readonly rounds: number;
      /** States a second, of the rounds. */
      readonly pan: Spread;
      readonly explorer: Spread;
      /** How many times as fast the explorer was as pan, round by round. */
      readonly ratio: Spread;
      readonly version: string;
    }
  | { readonly type: 'skipped'; readonly reason: string };

export type SpinRequest = {
  /** Rounds that are counted, after one that warms up. */
  readonly rounds: number;
  readonly size?: Size;
  readonly progress?: (line: string) => void;
};

/**
 * Measures both, or says what is missing.
 *
 * @throws Error when the counts differ, when either finds the protocol broken, or when the model
 *   cannot be compiled.
 */
export async function compareWithSpin(request: SpinRequest): Promise<SpinComparison> {
  const { rounds, size = SPIN_SIZE, progress = () => {} } = request;
  const tools = await toolsFound();
  if (tools.type === 'skipped') return tools;
  const room = await mkdtemp(join(tmpdir(), 'interlock-spin-'));
  try {
    progress('compiling pan');
    await compile(room, size);
    const rates: { readonly pan: number; readonly explorer: number }[] = [];
    let counts: Counts = { states: 0, transitions: 0 };
    // Round 0 warms up and is not counted, but tells how many states to expect.
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
      const pan = await searchWithPan(room);
      const explored = searchWithExplorer(size, pan.states);
      counts = agreed(pan, explored);
      const { states } = counts;
      if (round > 0) rates.push({ pan: states / pan.seconds, explorer: states / explored.seconds });
    }
    return {
      type: 'measured',
      ...counts,
      rounds,
      pan: spreadOf(rates.map(({ pan }) => pan)),
      explorer: spreadOf(rates.map(({ explorer }) => explorer)),
      ratio: spreadOf(rates.map(({ pan, explorer }) => explorer / pan)),
      version: tools.version,
    };
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

/** What pan counts, once: for a check of the twin, not of its speed. */
export async function countsOfPan(
  size: Size,
): Promise<
  ({ readonly type: 'counted' } & Counts) | { readonly type: 'skipped'; readonly reason: string }
> {
  const tools = await toolsFound();
  if (tools.type === 'skipped') return tools;
  const room = await mkdtemp(join(tmpdir(), 'interlock-spin-'));
  try {
    await compile(room, size);
    const { states, transitions } = await searchWithPan(room);
    return { type: 'counted', states, transitions };
  } finally {
    await rm(room, { recursive: true, force: true });
  }
}

type Search = Counts & { readonly seconds: number };

type Tools =
  | { readonly type: 'found'; readonly version: string }
  | { readonly type: 'skipped'; readonly reason: string };

async function toolsFound(): Promise<Tools> {
  const [spin, gcc] = [await firstLineOf('spin', '-V'), await firstLineOf('gcc', '--version')];
  if (spin !== undefined && gcc !== undefined) return { type: 'found', version: `${spin}; ${gcc}` };
  const missing = [...(spin === undefined ? ['spin'] : []), ...(gcc === undefined ? ['gcc'] : [])];
  const names = missing.join(' and ');
  const are = missing.length === 1 ? 'is' : 'are';
  const reason = `${names} ${are} not installed (on Debian: apt-get install ${missing.join(' ')})`;
  return { type: 'skipped', reason };
}

async function firstLineOf(tool: string, option: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(tool, [option]);
    return stdout.split('\n')[0]?.trim();
  } catch {
    return undefined;
  }
}

async function compile(room: string, { lots, room: slots }: Size): Promise<void> {
  await writeFile(join(room, 'interlock.pml'), PROMELA);
  await run('spin', [`-DLOTS=${lots}`, `-DROOM=${slots}`, '-a', 'interlock.pml'], { cwd: room });
  await run('gcc', C_OPTIONS, { cwd: room });
}

async function searchWithPan(room: string): Promise<Search> {
  const { stdout } = await run(join(room, 'pan'), PAN_OPTIONS, { cwd: room });
  return readPan(stdout);
}

/** Reads the report of a pan that has searched everything and found nothing wrong. */
export function readPan(report: string): Search {
  const number = (pattern: RegExp): number => Number(pattern.exec(report)?.[1] ?? Number.NaN);
  const states = number(/^ *([\d.e+]+) states, stored/m);
  // Of pan's transitions one is the coming into being of the initial state.
  const transitions = number(/^ *([\d.e+]+) transitions/m) - 1;
  const seconds = number(/elapsed time ([\d.e+-]+) seconds/);
  const whole = number(/errors: (\d+)/) === 0 && !/search not completed|too small/i.test(report);
  if (!whole || !Number.isFinite(states + transitions + seconds)) {
    throw new Error(`pan has not searched everything in peace:\n${report}`);
  }
  return { states, transitions, seconds };
}

function searchWithExplorer(size: Size, expected: number): Search {
  const { verdict, states, transitions, seconds } = explore({ ...channels(size), expected });
  if (verdict !== 'holds') throw new Error(`the explorer says "${verdict}" of the protocol`);
  return { states, transitions, seconds };
}

function agreed(pan: Counts, explored: Counts): Counts {
  const { states, transitions } = explored;
  if (pan.states === states && pan.transitions === transitions) return { states, transitions };
  const told = `pan ${pan.states} and ${pan.transitions}, the explorer ${states} and ${transitions}`;
  throw new Error(`states and transitions differ: ${told}`);
}

/** The comparison as `interlock bench` shows it. */
export function spinText(comparison: SpinComparison): string {
  if (comparison.type === 'skipped') return `beside SPIN: not measured, ${comparison.reason}\n`;
  const { states, transitions, rounds, pan, explorer, ratio, version } = comparison;
  const each = transitions / states;
  const byTransitions = ({ min, median, max }: Spread): Spread => ({
    min: min * each,
    median: median * each,
    max: max * each,
  });
  return `every state of a pair's protocol, explorer and SPIN in turns: ${whole(states)} states, ${whole(transitions)} transitions
${version}; pan -O3, depth first; ${rounds} ${rounds === 1 ? 'round' : 'rounds'}

states a second               median         min         max
  explorer                ${columns(explorer, whole)}
  pan                     ${columns(pan, whole)}

transitions a second
  explorer                ${columns(byTransitions(explorer), whole)}
  pan                     ${columns(byTransitions(pan), whole)}

explorer / pan            ${columns(ratio, times)}
`;
}

const columns = ({ median, min, max }: Spread, show: (n: number) => string): string =>
  [median, min, max].map((n) => show(n).padStart(12)).join('');

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');
const times = (n: number): string => `${n.toFixed(2)} x`;
