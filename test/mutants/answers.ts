/**
 * What was found of each mutant, kept between runs for `--resume`. An answer stays good while its
 * own file stays the same. That nobody finds it, or nobody before the last hunters, is an answer of
 * the others too: it stays good only while all hunters are the same as well.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Find } from '../paths/hunt.ts';
import type { Cut } from '../paths/planting.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Not a part of the repository, and gone with the next `npm ci`. */
export const CACHE = `${ROOT}node_modules/.cache/mutants/`;
const KEPT = `${CACHE}answers.jsonl`;

export type Answer = {
  /** What hindered its construction. */
  readonly unmade?: string;
  readonly found?: Find | null;
  /** It did not come to an end. */
  readonly endless?: true;
};

export type Answers = {
  readonly known: (cut: Cut) => Answer | undefined;
  readonly keep: (cut: Cut, answer: Answer) => void;
};

type Kept = {
  readonly cut: Cut;
  readonly file: string;
  readonly hunters: string;
  readonly answer: Answer;
};

/** A history as it is written, and a test of the file's own: see `hunters.ts` and `judges.ts`. */
export const TOLD = /^histor(?:y .*|ies)$/;
export const TESTED = /^test /;
const LAST = new RegExp(`${TOLD.source}|${TESTED.source}`);

const HUNTERS: readonly string[] = [
  'test/mutants/{hunters,mutant,judges}.ts',
  'test/{core,paths,histories}/*.{ts,txt}',
  'test/verify/matrix.ts',
  'src/{verify,history,simulator}/**/*.ts',
];

export function openAnswers(resume: boolean): Answers {
  mkdirSync(CACHE, { recursive: true });
  const hunters = digestOf(globSync([...HUNTERS], { cwd: ROOT }).sort());
  const known = new Map<string, Kept>();
  for (const kept of resume && existsSync(KEPT) ? readFileSync(KEPT, 'utf8').split('\n') : []) {
    if (kept === '') continue;
    const read = JSON.parse(kept) as Kept;
    known.set(JSON.stringify(read.cut), read);
  }
  const files = new Map<string, string>();
  const fileOf = (file: string): string => {
    const digest = files.get(file) ?? digestOf([file]);
    files.set(file, digest);
    return digest;
  };
  return {
    known: (cut) => {
      const kept = known.get(JSON.stringify(cut));
      if (kept === undefined || kept.file !== fileOf(cut.file)) return undefined;
      return isLast(kept.answer) && kept.hunters !== hunters ? undefined : kept.answer;
    },
    keep: (cut, answer) => {
      const kept: Kept = { cut, file: fileOf(cut.file), hunters, answer };
      appendFileSync(KEPT, `${JSON.stringify(kept)}\n`);
    },
  };
}

/** Nobody found it, or one of those who are asked when all generated suites have failed. */
const isLast = ({ found }: Answer): boolean =>
  found === null || (found !== undefined && LAST.test(found.suite));

/** Of files by their names and what is in them. */
export function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(`${ROOT}${file}`));
  return hash.digest('hex').slice(0, 16);
}
