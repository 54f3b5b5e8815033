/**
 * The house rules, and the proof that each of them bites.
 *
 * A rule that a text search can judge lives in `tidy-rules.ts`; one that needs a parser is Biome's,
 * switched on in `biome.json`. Both are shown small pieces of bad code here and must name them.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { CASTS, codeOf, cyclesOf, LINES_MOST, type Source, violationsOf } from './tidy-rules.ts';

const top = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(top, path), 'utf8');

const sources: readonly Source[] = globSync(
  ['{machines,src,test,visualizations,docs}/**/*.{ts,js,md}', '*.md'],
  { cwd: top },
)
  .sort()
  .map((path) => ({ path, text: read(path) }));

describe('the project', () => {
  test('keeps its rules', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(violationsOf(sources)).toEqual([]);
  });

  test('casts only where the list says, and the list names nothing that is gone', () => {
    for (const path of Object.keys(CASTS)) expect(existsSync(join(top, path)), path).toBe(true);
  });

  test('has at its top level what a reader expects, and nothing else', () => {
    const expected = new Set(
      `.ci .gitignore ARCHITECTURE.md CHANGELOG.md README.md biome.json docs machines package-lock.json
       package.json src test tsconfig.json visualizations`.split(/\s+/),
    );
    const unversioned = new Set(['.git', ...ignored()]);
    const found = readdirSync(top).filter((name) => !unversioned.has(name));
    expect(found.filter((name) => !expected.has(name))).toEqual([]);
  });

  test('pins what its results depend on', () => {
    const { dependencies, devDependencies, engines, allowScripts } = JSON.parse(
      read('package.json'),
    );
    expect(dependencies.xstate).toBe('5.33.3');
    expect(devDependencies['@xstate/test']).toBe('1.0.0-beta.5');
    expect(devDependencies.node).toMatch(/^24\.\d+\.\d+$/);
    expect(engines.node).toBe('>=22.13');
    expect(allowScripts).toEqual({ node: true });
  });

  test('has a lock file that is in step, and free of addresses to download from', () => {
    const lock = JSON.parse(read('package-lock.json'));
    const { dependencies, devDependencies } = JSON.parse(read('package.json'));
    expect(lock.packages[''].dependencies).toEqual(dependencies);
    expect(lock.packages[''].devDependencies).toEqual(devDependencies);
    const addressed = Object.entries<Record<string, unknown>>(lock.packages).filter(
      ([, described]) => described.resolved !== undefined,
    );
    expect(addressed.map(([path]) => path)).toEqual([]);
  });

  test('asks two commands of a fresh machine, and no third', () => {
    const commands = read('README.md').match(/^npm ci.*$/gm);
    expect(commands).toEqual(['npm ci && npm start', 'npm ci && npm test']);
    expect(read('.ci/run')).toMatch(/^npm ci$[\s\S]*^npm test$/m);
  });
});

/** The plain names in `.gitignore`. */
function ignored(): readonly string[] {
  return read('.gitignore')
    .split('\n')
    .map((line) => line.replace(/\/$/, ''))
    .filter((line) => line !== '');
}

describe('the rules bite', () => {
  const clock = 'no clock, chance or process in';
  const bad: readonly (readonly [path: string, text: string, said: string])[] = [
    ['machines/a.ts', "import { z } from 'zod';", '1: machines may not import zod'],
    ['machines/a.ts', "import { a } from '../src/core/a.ts';", 'may not import src/core/a.ts'],
    ['src/core/a.ts', "\nimport 'node:fs';", ':2: src/core may not import node:fs'],
    ['src/core/a.ts', "import { x } from 'xstate';", 'src/core may not import xstate'],
    ['src/core/a.ts', "import { a } from '../engine/a.ts';", 'may not import src/engine/a.ts'],
    ['src/core/a.ts', "const a = await import('node:fs');", 'may not import node:fs'],
    ['src/core/a.ts', "export type { A } from '../ib/a.ts';", 'may not import src/ib/a.ts'],
    ['src/simulator/a.ts', "import { a } from '../core/a.ts';", 'may not import src/core/a.ts'],
    ['src/simulator/a.ts', "import { a } from '../../machines/a.ts';", 'may not import machines'],
    ['src/audit/a.ts', "import { a } from '../core/a.ts';", 'may not import src/core/a.ts'],
    ['src/engine/a.ts', "import { a } from '@stoqey/ib';", 'only src/ib may import @stoqey/ib'],
    ['src/cli/a.ts', "import { a } from '@stoqey/ib';", 'only src/ib may import @stoqey/ib'],
    ['src/cli/a.ts', "import { a } from '../../test/a.ts';", 'imports test/a.ts, a test'],
    ['src/core/a.ts', 'const a = Date.now();', `1: ${clock} src/core: Date.now`],
    ['src/core/a.ts', 'const a = `${new Date()}`;', `${clock} src/core: new Date`],
    ['machines/a.ts', 'const a = Math.random();', `${clock} machines: Math.random`],
    ['src/core/a.ts', 'performance.now();', `${clock} src/core: performance.`],
    ['src/core/a.ts', 'setTimeout(() => {}, 1);', `${clock} src/core: setTimeout`],
    ['src/core/a.ts', 'const a = process.env;', `${clock} src/core: process.`],
    ['src/a/a.ts', 'a;\n'.repeat(LINES_MOST + 1), `${LINES_MOST + 1} lines, more than`],
    ['src/a/order-utils.ts', '', '"order-utils.ts" names nothing'],
    ['src/helpers/a.ts', '', '"helpers" names nothing'],
    ['test/common.ts', '', '"common.ts" names nothing'],
    ['src/a/OrderManager.ts', '', '"OrderManager.ts" names nothing'],
    ['src/a/handler.ts', '', '"handler.ts" names nothing'],
    ['src/core/a.ts', 'const a = b as string;', '1: a cast'],
    ['src/core/a.ts', 'f(b as { a: 1 });', '1: a cast'],
    ['src/core/a.ts', 'const a = (b) as unknown as A;', '1: a cast'],
    ['src/core/a.ts', "export * from './b.ts';", 'only passes on'],
    ['src/core/a.ts', "export { b } from './b.ts';", 'only passes on'],
    ['src/a/a.ts', `// TO${''}DO later`, '1: left: TO'],
    ['test/a.ts', `// FIX${''}ME`, '1: left: FIX'],
    ['src/a/a.ts', `const a = '${'/'}home/me/a';`, '1: an absolute path'],
    ['README.md', `see ${'/'}Users/me`, '1: an absolute path'],
  ];

  test.each(bad)('%s, %#', (path, text, said) => {
    expect(violationsOf([{ path, text }]).join('\n')).toContain(said);
  });

  test('on folders that import each other, however far around', () => {
    const importing = (path: string, of: string): Source => ({ path, text: `import '${of}';` });
    const round = [
      importing('src/a/1.ts', '../b/1.ts'),
      importing('src/b/1.ts', '../c/1.ts'),
      importing('src/c/1.ts', '../a/2.ts'),
      importing('src/d/1.ts', '../a/1.ts'),
    ];
    expect(cyclesOf(round)).toEqual(['src/a > src/b > src/c > src/a: folders import each other']);
    expect(cyclesOf(round.slice(1))).toEqual([]);
  });

  test('and leave good code alone', () => {
    const text = [
      "import { type A as B, a } from '../../machines/a.ts';",
      "import * as z from 'zod';",
      '/** As new Date() and Date.now() are not here, `x as y` is prose. */',
      "const text = 'Math.random() as ever, /* not a comment */';",
      'const pattern = /["`\'/*]process\\.(?:a|b)/.test(text) ? 1 / 2 : 3 / 4;',
      `const told = \`process.exit as \${[\`a \${text} as b\`].join('}')} of setTimeout\`;`,
      "const list = ['a', 'b'] as const;",
      'export const rates = { ratio: pattern / 2, told, list };',
      "export { a } from '../../machines/a.ts';",
    ].join('\n');
    expect(violationsOf([{ path: 'src/core/good.ts', text }])).toEqual([]);
  });

  test('on code, not on what is in comments, strings and patterns', () => {
    const text = "a(/[/'`]/g, b / c); // 'x\nconst d = `e${f('g')}h${`i`}`; /* j */ k = 1 / l / m;";
    const { bare, uncommented } = codeOf(text);
    expect(bare.length).toBe(text.length);
    expect(bare.replace(/ +/g, ' ')).toBe(
      "a(/ g, b / c); \nconst d = ` ${f(' ')} ${` `}`; k = 1 / l / m;",
    );
    expect(uncommented).toContain("f('g')");
    expect(uncommented).not.toContain('j');
  });
});

describe('Biome, as it is set up here', () => {
  const room = mkdtempSync(join(tmpdir(), 'interlock-tidy-'));
  afterAll(() => rmSync(room, { recursive: true, force: true }));

  const long = `export function f(): void {\n${'  f();\n'.repeat(75)}}\n`;
  const snippets: readonly (readonly [path: string, text: string, rule: string])[] = [
    ['src/a/any.ts', 'export const a: any = 1;\n', 'suspicious/noExplicitAny'],
    ['src/a/bang.ts', 'export const a = (b?: number) => b!;\n', 'style/noNonNullAssertion'],
    ['src/a/default.ts', 'export default 1;\n', 'style/noDefaultExport'],
    ['src/a/enum.ts', 'export enum A {\n  B,\n}\n', 'style/noEnum'],
    ['src/a/log.ts', "console.log('a');\n", 'suspicious/noConsole'],
    ['src/a/ignored.ts', '// @ts-ignore\nexport const a = 1;\n', 'suspicious/noTsIgnore'],
    [
      'src/a/assigned.ts',
      'export const f = (a: number) => {\n  a = 1;\n};\n',
      'style/noParameterAssign',
    ],
    ['src/a/unused.ts', "import { a } from './b.ts';\n", 'correctness/noUnusedImports'],
    ['src/a/long.ts', long, 'complexity/noExcessiveLinesPerFunction'],
    ['src/a/longer.ts', '\nf();'.repeat(LINES_MOST + 2), 'style/noExcessiveLinesPerFile'],
    ['test/only.test.ts', "test.only('a', () => {});\n", 'suspicious/noFocusedTests'],
    ['test/skip.test.ts', "test.skip('a', () => {});\n", 'suspicious/noSkippedTests'],
  ];

  const found = new Map<string, readonly string[]>();
  copyFileSync(join(top, 'biome.json'), join(room, 'biome.json'));
  for (const [path, text] of snippets) {
    mkdirSync(join(room, dirname(path)), { recursive: true });
    writeFileSync(join(room, path), text);
  }
  for (const { path, category } of diagnosticsIn(room)) {
    found.set(path, [...(found.get(path) ?? []), category]);
  }

  test.each(snippets)('%s', (path, _, rule) => {
    expect(found.get(path) ?? []).toContain(`lint/${rule}`);
  });
});

type Diagnosed = { readonly path: string; readonly category: string };

/** Errors only: a warning would not stop anybody. */
function diagnosticsIn(room: string): readonly Diagnosed[] {
  const biome = join(top, 'node_modules/@biomejs/biome/bin/biome');
  const args = [
    biome,
    'lint',
    '--reporter=json',
    '--diagnostic-level=error',
    '--max-diagnostics=none',
  ];
  let said: string;
  try {
    said = execFileSync(process.execPath, args, { cwd: room, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    if (!(error instanceof Error) || !('stdout' in error)) throw error;
    said = String(error.stdout);
  }
  const { diagnostics } = JSON.parse(said);
  return diagnostics.map(
    (d: { category: string; location: { path: string | { file: string } } }): Diagnosed => ({
      category: d.category,
      path: typeof d.location.path === 'string' ? d.location.path : d.location.path.file,
    }),
  );
}
