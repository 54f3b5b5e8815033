/**
 * `npm run mutants`: what the tests are worth. Defects that are planted by hand, then Stryker's
 * mutants of `src/core` and `machines`; see USAGE.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { CACHE } from './answers.ts';
import { huntPlanted } from './planted.ts';
import { FILES, mutate, type Outcome } from './sources.ts';
import { explained, type Survivor, unexplained } from './survivors.ts';

const USAGE = `Usage: npm run mutants [-- planted | sources | FILE… | --quick | --resume]

  (nothing)   the planted defects, then every mutant of every file: hours of two cores
  planted     the defects that are planted by hand: minutes
  sources     Stryker's mutants of src/core and machines
  FILE…       Stryker's mutants of these files
  --resume    what was killed before stays killed, as long as the sources are the same
  --quick     the planted defects, and a sample of the mutants

Exit code 1 when a planted defect is not found, or a mutant survives that
test/mutants/survivors.json does not explain, or fewer than 90 % are killed.
`;

const KILLED_LEAST = 0.9;
const UNEXPLAINED = `${CACHE}unexplained.json`;

const print = (line: string): void => console.log(line);

type Sum = Pick<Outcome, 'made' | 'unmade' | 'killed' | 'byHistories' | 'seconds'>;

function row(title: string, { made, unmade, killed, byHistories, seconds }: Sum): string {
  const counted = made - unmade;
  const share = counted === 0 ? '-' : `${((100 * killed) / counted).toFixed(1)} %`;
  const cells = [made, unmade, killed, byHistories, counted - killed].map((n) =>
    String(n).padStart(9),
  );
  return `${title.padEnd(30)}${cells.join('')}${share.padStart(9)}${seconds.toFixed(0).padStart(8)}`;
}

async function huntMutants(files: readonly string[], quick: boolean): Promise<readonly string[]> {
  const titles = ['made', 'unmade', 'killed', 'told only', 'survived', 'killed', 'seconds'];
  const widths = [9, 9, 9, 10, 9, 9, 8];
  print(`${'file'.padEnd(29)}${titles.map((one, i) => one.padStart(widths[i] ?? 0)).join('')}`);
  const outcomes: Outcome[] = [];
  for (const file of files) {
    const outcome = await mutate(file, quick);
    outcomes.push(outcome);
    // Nobody finds anything where nothing is planted: Stryker has asked that once.
    process.env.SOUND = '1';
    print(row(file, { ...outcome }));
  }
  const sum = (of: keyof Sum): number => outcomes.reduce((all, one) => all + one[of], 0);
  const [made, unmade, killed] = [sum('made'), sum('unmade'), sum('killed')];
  const byHistories = sum('byHistories');
  print(row('all', { made, unmade, killed, byHistories, seconds: sum('seconds') }));
  const left = unexplained(
    outcomes.flatMap(({ survivors }) => survivors),
    explained(),
  );
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(UNEXPLAINED, `${JSON.stringify(left, null, 2)}\n`);
  const wrong = left.map(toldSurvivor);
  const share = killed / Math.max(1, made - unmade);
  if (share < KILLED_LEAST) wrong.push(`only ${(100 * share).toFixed(1)} % are killed`);
  return wrong;
}

const toldSurvivor = ({ file, line, from, to }: Survivor): string =>
  `survives, unexplained: ${file}: ${line}\n      ${clipped(from)}\n   -> ${clipped(to)}`;

const clipped = (text: string): string => (text.length > 90 ? `${text.slice(0, 89)}…` : text);

async function main(args: readonly string[]): Promise<number> {
  if (args.some((arg) => arg === '-h' || arg === '--help')) {
    print(USAGE);
    return 0;
  }
  const quick = args.includes('--quick');
  const files = args.filter((arg) => FILES.includes(arg));
  const words = ['planted', 'sources', '--quick', '--resume'];
  if (args.includes('--resume')) process.env.RESUME = '1';
  const strange = args.find((arg) => !words.includes(arg) && !files.includes(arg));
  if (strange !== undefined) {
    print(`not understood: ${strange}\n\n${USAGE}`);
    return 1;
  }
  const all = !args.includes('planted') && !args.includes('sources') && files.length === 0;
  const wrong: string[] = [];
  if (all || args.includes('planted')) wrong.push(...(await huntPlanted(print)));
  if (files.length > 0) wrong.push(...(await huntMutants(files, quick)));
  else if (all || args.includes('sources')) wrong.push(...(await huntMutants(FILES, quick)));
  for (const problem of wrong) print(problem);
  return wrong.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
