/**
 * Asks the hunters about one mutant. Each mutant is a process of its own, on the sources as they
 * are with one piece replaced: what Stryker has instrumented is several times slower, and charts
 * that are compiled once must be compiled from the mutant.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Find } from '../paths/hunt.ts';
import type { Cut } from '../paths/planting.ts';
import { type Answer, CACHE, ROOT } from './answers.ts';
import { CONSTRUCTION, HISTORIES, HUNTERS } from './hunters.ts';
import { JUDGES } from './judges.ts';
import { reaching } from './reach.ts';

const HUNTER = fileURLToPath(new URL('mutant.ts', import.meta.url));
const JUDGE = fileURLToPath(new URL('judges.ts', import.meta.url));
/** Where nothing is planted a hunter takes a second at most: what takes so long goes in circles. */
const HUNTER_SECONDS = 15;
const JUDGE_SECONDS = 120;

export type Ask = (cut: Cut) => Promise<Answer>;

export function newAsk(): Ask {
  const names = [CONSTRUCTION, ...HUNTERS.map(({ name }) => name)];
  const among = reaching(names);
  /** How many each has found so far: mutants of one place are found by the same. */
  const finds = new Map<string, number>();
  const weight = (name: string): number =>
    LAST.has(name) ? -1 : name === CONSTRUCTION ? names.length ** 9 : (finds.get(name) ?? 0);
  return async (cut) => {
    const hunters = among(cut, names).toSorted((a, b) => weight(b) - weight(a));
    if (hunters.length === 0) return askJudges(cut);
    const { by, answer } = await askHunters(cut, hunters);
    if (answer.found !== null) finds.set(by, (finds.get(by) ?? 0) + 1);
    return answer.found === null ? askJudges(cut) : answer;
  };
}

const LAST: ReadonlySet<string> = new Set(HISTORIES.map(({ name }) => name));

/** Nothing planted: then nobody may find anything. */
export async function sound(): Promise<Answer> {
  return (await askHunters(null, [CONSTRUCTION, ...HUNTERS.map(({ name }) => name)])).answer;
}

type Asked = { readonly answer: Answer; readonly by: string };

/** What came of it, and with whom it ended. */
async function askHunters(cut: Cut | null, names: readonly string[]): Promise<Asked> {
  const { lines, error, late } = await run(HUNTER, cut, names, HUNTER_SECONDS);
  const last = lines.at(-1) ?? '';
  const said = last.startsWith('{');
  const by = (said ? lines.at(-2) : last) ?? '';
  if (said) return { answer: JSON.parse(last) as Answer, by };
  // It fell over, or went on without end, while its charts were made; then it is no engine.
  if (last === '') return { answer: { unmade: late ? 'without end' : error }, by };
  return { answer: late ? { endless: true } : { found: byName(last, error) }, by };
}

async function askJudges(cut: Cut): Promise<Answer> {
  for (const test of JUDGES[cut.file] ?? []) {
    const { lines, error, late } = await run(JUDGE, cut, [test], JUDGE_SECONDS);
    if (late) return { endless: true };
    const failed = lines.length === 0 ? error : (JSON.parse(lines.at(-1) ?? 'null') as string);
    if (failed !== null) return { found: byName(`test ${test}`, failed) };
  }
  return { found: null };
}

const byName = (suite: string, wrong: string): Find => ({
  suite,
  wrong: wrong.slice(0, 200),
  path: [],
  situations: 0,
});

type Run = { readonly lines: readonly string[]; readonly error: string; readonly late: boolean };

/** Runs a script; it is given up when it is silent for too long. */
function run(
  script: string,
  cut: Cut | null,
  args: readonly string[],
  silentMost: number,
): Promise<Run> {
  const env = { ...process.env, MUTANT: JSON.stringify(cut), NODE_COMPILE_CACHE: `${CACHE}code` };
  const child = spawn(process.execPath, ['--max-old-space-size=1500', script, ...args], {
    env,
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, error, late] = ['', '', false];
  // Seconds are counted, not subtracted: while the machine sleeps, nobody works.
  let silent = 0;
  const timer = setInterval(() => {
    silent += 1;
    if (silent < silentMost) return;
    late = true;
    child.kill('SIGKILL');
  }, 1_000);
  child.stdout.on('data', (text) => {
    out += String(text);
    silent = 0;
  });
  child.stderr.on('data', (text) => {
    error = `${error}${String(text)}`.slice(0, 2_000);
  });
  return new Promise((resolve) => {
    child.on('close', () => {
      clearInterval(timer);
      resolve({ lines: out.split('\n').filter((line) => line !== ''), error, late });
    });
  });
}
