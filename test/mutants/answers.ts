/**
 * What was found of each mutant, kept between runs: `--resume` takes what has been killed for
 * killed, as long as the sources are the same. Who has survived is hunted anew.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Find } from '../paths/hunt.ts';
import type { Cut } from '../paths/planting.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Not a part of the repository, and gone with the next `npm ci`. */
export const CACHE = `${ROOT}node_modules/.cache/mutants/`;

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

export function openAnswers(resume: boolean): Answers {
  mkdirSync(CACHE, { recursive: true });
  const file = `${CACHE}${digest()}.jsonl`;
  const lines = resume && existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const known = new Map<string, Answer>();
  for (const line of lines.filter((one) => one !== '')) {
    const { key, answer } = JSON.parse(line) as { readonly key: string; readonly answer: Answer };
    if (answer.found !== null) known.set(key, answer);
  }
  return {
    known: (cut) => known.get(JSON.stringify(cut)),
    keep: (cut, answer) => {
      appendFileSync(file, `${JSON.stringify({ key: JSON.stringify(cut), answer })}\n`);
    },
  };
}

function digest(): string {
  const hash = createHash('sha256');
  for (const file of globSync('{machines,src}/**/*.ts', { cwd: ROOT }).sort()) {
    hash.update(file).update(readFileSync(`${ROOT}${file}`));
  }
  return hash.digest('hex').slice(0, 16);
}
