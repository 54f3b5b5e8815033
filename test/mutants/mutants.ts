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
  --resume    what a generated suite found of a mutant stands as long as its own file is the same;
              what a history or a test found, or nobody, only as long as all who hunt are the
              same, too. Without it every mutant is hunted anew.
  --quick     the planted defects, and a sample of the mutants

Exit code 1 when a planted defect is not found, or a mutant survives that
test/mutants/survivors.json does not explain, or fewer than 90 % are killed.
`;

const KILLED_LEAST = 0.9;
const UNEXPLAINED = `${CACHE}unexplained.json`;

const print = (line: string): void => console.log(line);

type Sum = Omit<Outcome, 'file' | 'survivors'>;

function row(title: string, sum: Sum): string {
  const { made, unmade, killed, byHistories, byTests, seconds } = sum;
  const counted = made - unmade;
  const share = counted === 0 ? '-' : `${((100 * killed) / counted).toFixed(1)} %`;
  const cells = [made, unmade, killed, byHistories, byTests, counted - killed].map((n) =>
    String(n).padStart(11),
  );
  return `${title.padEnd(30)}${cells.join('')}${share.padStart(9)}${seconds.toFixed(0).padStart(8)}`;
}

const NOTHING: Sum = { made: 0, unmade: 0, killed: 0, byHistories: 0, byTests: 0, seconds: 0 };

const together = (a: Sum, b: Sum): Sum => ({
  made: a.made + b.made,
  unmade: a.unmade + b.unmade,
  killed: a.killed + b.killed,
  byHistories: a.byHistories + b.byHistories,
  byTests: a.byTests + b.byTests,
  seconds: a.seconds + b.seconds,
});

async function huntMutants(files: readonly string[], quick: boolean): Promise<readonly string[]> {
  const titles = ['made', 'unmade', 'killed', 'told only', 'tests only', 'survived'];
  const head = titles.map((one) => one.padStart(11)).join('');
  print(`${'file'.padEnd(30)}${head}${'killed'.padStart(9)}${'seconds'.padStart(8)}`);
  const outcomes: Outcome[] = [];
  for (const file of files) {
    const outcome = await mutate(file, quick);
    outcomes.push(outcome);
    // Nobody finds anything where nothing is planted: Stryker has asked that once.
    process.env.SOUND = '1';
    print(row(file, { ...outcome }));
  }
  const all = outcomes.reduce(together, NOTHING);
  print(row('all', all));
  const left = unexplained(
    outcomes.flatMap(({ survivors }) => survivors),
    explained(),
  );
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(UNEXPLAINED, `${JSON.stringify(left, null, 2)}\n`);
  const wrong = left.map(toldSurvivor);
  const share = all.killed / Math.max(1, all.made - all.unmade);
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
