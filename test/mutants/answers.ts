/**
 * What was found of each mutant, kept between runs for `--resume`. An answer stays good while its
 * own file stays the same. That nobody finds it is an answer of the hunters too: it stays good only
 * while they are the same as well.
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

const HUNTERS: readonly string[] = [
  'test/mutants/{hunters,mutant,judges}.ts',
  'test/{paths,histories}/*.{ts,txt}',
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
      const survived = kept.answer.found === null;
      return survived && kept.hunters !== hunters ? undefined : kept.answer;
    },
    keep: (cut, answer) => {
      const kept: Kept = { cut, file: fileOf(cut.file), hunters, answer };
      appendFileSync(KEPT, `${JSON.stringify(kept)}\n`);
    },
  };
}

/** Of files by their names and what is in them. */
export function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(`${ROOT}${file}`));
  return hash.digest('hex').slice(0, 16);
}
