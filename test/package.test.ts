/**
 * The package as its users get it: built from a clean copy by `npm pack`, installed from the
 * tarball into an empty project, imported, typed, and run.
 */
import {
  execFile,
  execFileSync,
  type SpawnSyncReturns,
  spawn,
  spawnSync,
} from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const top = fileURLToPath(new URL('..', import.meta.url));
const room = mkdtempSync(join(tmpdir(), 'interlock-package-'));
const copy = join(room, 'copy');
const user = join(room, 'user');
const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));

const LOG = '{"seq":1,"type":"broker.position","symbol":"RIME","position":0}\n';

function run(cwd: string, command: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
}

function mustRun(cwd: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr } = run(cwd, command, ...args);
  expect(status, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

let packed: readonly string[] = [];

beforeAll(() => {
  mkdirSync(copy);
  mkdirSync(user);
  for (const name of [
    'machines',
    'src',
    'package.json',
    'tsconfig.json',
    'README.md',
    'CHANGELOG.md',
  ]) {
    cpSync(join(top, name), join(copy, name), { recursive: true });
  }
  // What `npm ci` would bring; `npm pack` runs `prepare`, which builds.
  symlinkSync(join(top, 'node_modules'), join(copy, 'node_modules'));
  const [tarball] = JSON.parse(mustRun(copy, 'npm', 'pack', '--json', '--silent'));
  packed = tarball.files.map((file: { path: string }) => file.path);
  writeFileSync(join(user, 'package.json'), '{ "name": "router", "type": "module" }\n');
  const quiet = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--silent'];
  mustRun(user, 'npm', 'install', ...quiet, join(copy, tarball.filename));
  // Its users in TypeScript have these; pino's declarations need them.
  symlinkSync(join(top, 'node_modules/@types'), join(user, 'node_modules/@types'));
}, 120_000);

afterAll(() => rmSync(room, { recursive: true, force: true }));

describe('the tarball', () => {
  test('holds the build and two documents, and nothing else', () => {
    expect(packed).toContain('dist/src/library.js');
    expect(packed).toContain('dist/src/library.d.ts');
    expect(packed).toContain('dist/src/cli/interlock.js');
    const others = packed.filter(
      (path) => !/^dist\/(?:src|machines)\/.+\.(?:js|d\.ts)$/.test(path),
    );
    expect(others.sort()).toEqual(['CHANGELOG.md', 'README.md', 'package.json']);
    expect(packed.filter((path) => path.includes('test'))).toEqual([]);
  });

  // `prepare` builds the command in a checkout, and runs nowhere else.
  test('asks its users for no leave to run scripts', () => {
    const { scripts } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
    expect(scripts).toHaveProperty('prepare');
    for (const name of ['preinstall', 'install', 'postinstall']) {
      expect(scripts).not.toHaveProperty(name);
    }
  });

  test('brings the few packages that it runs on', () => {
    const manifest = JSON.parse(
      readFileSync(join(user, 'node_modules/interlock/package.json'), 'utf8'),
    );
    expect(Object.keys(manifest.dependencies)).toEqual([
      '@stoqey/ib',
      'pino',
      'rxjs',
      'xstate',
      'zod',
    ]);
  });
});

describe('the library', () => {
  const readme = readFileSync(join(top, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, js = '']) => js);
  const ofCore = blocks.filter((js) => js.includes('createEngine'));
  const [example = '', restart = ''] = ofCore;
  const printed = /```text\n([\s\S]*?)```/.exec(readme)?.[1];

  test('does what the example in README.md says', () => {
    expect(example).toContain('createEngine');
    writeFileSync(join(user, 'example.js'), example);
    const prints = mustRun(user, process.execPath, 'example.js');
    if (process.env.UPDATE === '1') {
      const fresh = readme.replace(
        /(```text\n)[\s\S]*?(```)/,
        (_, open, close) => open + prints + close,
      );
      writeFileSync(join(top, 'README.md'), fresh);
    } else {
      const advice =
        'stale: UPDATE=1 npx vitest run test/package.test.ts, and look at what changed';
      expect(prints, `the output in README.md is ${advice}`).toBe(printed);
    }
    const journal = readFileSync(join(user, 'journal.jsonl'), 'utf8').trim().split('\n');
    expect(journal.map((line) => JSON.parse(line).seq)).toEqual([1, 2, 3]);
  });

  test('goes on after a restart as README.md says', () => {
    expect(restart).toContain('readFileSync');
    writeFileSync(join(user, 'restart.js'), restart);
    expect(mustRun(user, process.execPath, 'restart.js').trim().split('\n')).toEqual([
      'startDeadline RIME-693/stop1.acknowledgement/2',
      'startDeadline RIME-693/stop2.acknowledgement/3',
      'startDeadline RIME-693/exposure.cover/4',
      'stopDeadline RIME-693/stop1.acknowledgement/2',
      'stopDeadline RIME-693/stop2.acknowledgement/3',
      'startDeadline RIME-693/stop1.resolution/5',
      'startDeadline RIME-693/stop2.resolution/6',
      'ask the link is back',
    ]);
  });

  test('is typed for its users', () => {
    writeFileSync(
      join(user, 'typed.ts'),
      `import { type BracketRequest, emptyState, type Fact, LAWS, type Ready, step } from 'interlock';
       export const request: BracketRequest | undefined = undefined;
       const fact: Fact = { type: 'link.lost', at: 0, code: 1100 };
       const ready: Ready = step(emptyState(), fact);
       export const link: 'live' | 'lost' | 'reconciling' = ready.state.link;
       // @ts-expect-error a number of effects is not a text
       export const wrong: string = ready.effects.length;
       // @ts-expect-error no such fact
       export const none: Fact = { type: 'link.found', at: 0 };
       export const laws: readonly string[] = LAWS.map((law) => law.text);
      `,
    );
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024'];
    const tsc = join(top, 'node_modules/typescript/bin/tsc');
    mustRun(
      user,
      process.execPath,
      tsc,
      ...options,
      '--types',
      'node',
      '--ignoreConfig',
      'typed.ts',
    );
  });
});

describe('the examples', () => {
  const EXAMPLES: readonly (readonly [name: string, gateway: readonly string[], ends: string])[] = [
    [
      'breakout',
      ['--price', 'RIME:1.29', '--scenario', join(top, 'docs/examples/breakout.jsonl')],
      'RIME-1.target2.1 filled 30\n',
    ],
    ['short', ['--price', 'RIME:1.30'], 'sold 50, bought 50, net 0\n'],
    [
      'two-accounts',
      ['--price', 'RIME:1.30', '--accounts', 'DU1,DU2'],
      'ONE bought 100, sold 100\nTWO bought 60, sold 60\n',
    ],
  ];

  test.each(EXAMPLES)('%s trades to its end', { timeout: 60_000 }, async (name, options, ends) => {
    const command = join(user, 'node_modules/.bin/interlock');
    const args = ['gateway', '--port', '0', '--json', ...options];
    const gateway = spawn(process.execPath, [command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      const [told] = await once(gateway.stdout, 'data');
      const { port } = JSON.parse(String(told));
      cpSync(join(top, `docs/examples/${name}.js`), join(user, `${name}.js`));
      const said = await promisify(execFile)(
        process.execPath,
        [`${name}.js`, String(port), join(user, `${name}.journal`)],
        { cwd: user },
      );
      expect(said.stdout.endsWith(ends), said.stdout).toBe(true);
      expect(said.stdout).not.toContain('ALARM');
    } finally {
      gateway.kill('SIGKILL');
    }
  });
});

describe('the command', () => {
  test('is there, and knows its version', () => {
    expect(mustRun(user, 'npx', 'interlock', '--version')).toBe(`${version}\n`);
  });

  test('audits a small file', () => {
    writeFileSync(join(user, 'log.jsonl'), LOG);
    const report = mustRun(user, 'npx', 'interlock', 'audit', 'log.jsonl', '--json');
    expect(() => JSON.parse(report)).not.toThrow();
  });

  test('says in one line that a Node is too old', ({ skip }) => {
    const old = olderNode();
    if (old === undefined) skip('no Node older than 22.13 on this machine');
    const { status, stdout, stderr } = run(top, old ?? '', 'src/cli/interlock.js', '--version');
    expect(stderr).toMatch(
      /^interlock needs Node 22\.13 or newer, and this is Node \d+\.\d+\.\d+\..*\n$/,
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });
});

/** Another Node on the path, too old for us. */
function olderNode(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .find((node) => {
      try {
        const found = execFileSync(node, ['--version'], { encoding: 'utf8', stdio: 'pipe' });
        const [, major, minor] = /^v(\d+)\.(\d+)/.exec(found) ?? [];
        return Number(major) * 1000 + Number(minor) < 22013;
      } catch {
        return false;
      }
    });
}
