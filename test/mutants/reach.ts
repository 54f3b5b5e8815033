/**
 * Which pieces of the sources each hunter comes through where nothing is planted. A mutant that a
 * hunter never comes through is the engine itself to it, so it need not be asked.
 *
 * V8 counts. Every hunter is counted in a process of its own, so that nothing which another one has
 * left behind (compiled charts, sums that were made) hides what it needs.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Cut } from '../paths/planting.ts';
import { CACHE, digestOf, ROOT } from './answers.ts';

const HUNTER = fileURLToPath(new URL('mutant.ts', import.meta.url));

type Stretch = readonly [from: number, to: number];
/** By hunter and file: what was loaded and never came to be executed. */
type Passed = Readonly<Record<string, Readonly<Record<string, readonly Stretch[]>>>>;

/** Of V8's own, as `NODE_V8_COVERAGE` writes it. */
type Counted = {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly ranges: readonly {
        readonly startOffset: number;
        readonly endOffset: number;
        readonly count: number;
      }[];
    }[];
  }[];
};

/** Those of `hunters` that come through what is cut. */
export function reaching(
  hunters: readonly string[],
): (cut: Cut, among: readonly string[]) => readonly string[] {
  const passed = counted(hunters);
  return ({ file, from, to }, among) =>
    among.filter((hunter) => {
      const files = passed[hunter];
      return files?.[file]?.some(([start, end]) => start <= from && to <= end) !== true;
    });
}

function counted(hunters: readonly string[]): Passed {
  const everything = globSync(
    '{machines,src,test/{core,mutants,paths,verify,histories}}/**/*.{ts,txt}',
    {
      cwd: ROOT,
    },
  );
  const file = `${CACHE}reach-${digestOf([...everything].sort())}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Passed;
  const passed = Object.fromEntries(hunters.map((hunter) => [hunter, countedOf(hunter)]));
  writeFileSync(file, JSON.stringify(passed));
  return passed;
}

function countedOf(hunter: string): Passed[string] {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(`${CACHE}counted-`);
  const { NODE_COMPILE_CACHE: _, ...rest } = process.env;
  const env = { ...rest, MUTANT: 'null', NODE_V8_COVERAGE: folder };
  execFileSync(process.execPath, [HUNTER, hunter], { env, cwd: ROOT, encoding: 'utf8' });
  const [name = ''] = readdirSync(folder);
  const { result } = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Counted;
  rmSync(folder, { recursive: true });
  const root = pathToFileURL(ROOT).href;
  const ours = result.filter(({ url }) => /^(?:machines|src\/core)\//.test(url.slice(root.length)));
  return Object.fromEntries(
    ours.map(({ url, functions }) => {
      const ranges = functions.flatMap((one) => one.ranges);
      const never = ranges
        .filter(({ count }) => count === 0)
        .map(({ startOffset, endOffset }): Stretch => [startOffset, endOffset])
        // What is executed within what is not would be a misunderstanding: then it counts.
        .filter(([from, to]) =>
          ranges.every((r) => r.count === 0 || r.startOffset < from || r.endOffset > to),
        );
      return [url.slice(root.length), never];
    }),
  );
}
