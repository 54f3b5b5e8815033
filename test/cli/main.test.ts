/** The command line around the commands: finding them, helping, failing, and being piped. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { COMMANDS, type Command } from '../../src/cli/commands.ts';
import { main } from '../../src/cli/main.ts';
import { nearest } from '../../src/cli/nearest.ts';
import { nowAndThen } from '../../src/cli/terminal.ts';

const top = fileURLToPath(new URL('../..', import.meta.url));

type Said = { readonly code: number; readonly out: string; readonly err: string };

async function interlock(args: readonly string[], commands = COMMANDS): Promise<Said> {
  const said = { out: '', err: '' };
  const io = {
    stdout: (text: string): void => {
      said.out += text;
    },
    stderr: (text: string): void => {
      said.err += text;
    },
    colour: false,
  };
  const code = await main(args, io, commands);
  return { code, ...said };
}

const failing = (error: unknown): readonly Command[] => [
  {
    name: 'fails',
    takes: '',
    does: 'fails',
    load: async () => () => Promise.reject(error),
  },
];

afterEach(() => vi.unstubAllEnvs());

describe('help', () => {
  test.each([['--help'], ['-h'], ['help']])('%s lists every command', async (word) => {
    const { code, out, err } = await interlock([word]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const { name, does } of COMMANDS)
      expect(out).toMatch(new RegExp(`^ {2}${name}.*${does}$`, 'm'));
  });

  test('--json lists them for machines', async () => {
    const { code, out } = await interlock(['help', '--json']);
    expect(code).toBe(0);
    const { name, commands } = JSON.parse(out);
    expect(name).toBe('interlock');
    expect(commands.map((c: { name: string }) => c.name)).toEqual(COMMANDS.map((c) => c.name));
  });

  test('no command at all is a mistake, and gets the help', async () => {
    const { code, out, err } = await interlock([]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^Usage: interlock COMMAND/);
  });

  test.each(COMMANDS.map(({ name }) => [name]))('%s --help says what it takes', async (name) => {
    const direct = await interlock([name, '--help']);
    expect(direct).toMatchObject({ code: 0, err: '' });
    expect(direct.out).toMatch(new RegExp(`^Usage: interlock ${name}\\b`));
    expect(direct.out).toContain('--json');
    expect(direct.out).toContain('Exit code');
    expect(await interlock(['help', name])).toEqual(direct);
  });

  test.each(COMMANDS.map(({ name }) => [name]))(
    '%s refuses what it does not know',
    async (name) => {
      const { code, out, err } = await interlock([name, '--nonsense']);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(new RegExp(`^interlock ${name}: .*--nonsense.*\n$`));
    },
  );
});

describe('the version', () => {
  test('is the package’s', async () => {
    expect(await interlock(['--version'])).toMatchObject({ code: 0, out: '0.1.0\n' });
    const { out } = await interlock(['--version', '--json']);
    expect(JSON.parse(out)).toEqual({
      name: 'interlock',
      version: '0.1.0',
      node: process.versions.node,
    });
  });
});

describe('a mistake', () => {
  test('in the name of a command names the nearest', async () => {
    expect(await interlock(['adit', 'x'])).toEqual({
      code: 1,
      out: '',
      err: 'interlock: "adit" is not a command of interlock. Did you mean audit?\n',
    });
  });

  test('that is near to nothing lists the commands', async () => {
    const { err } = await interlock(['quantum']);
    expect(err).toBe(
      `interlock: "quantum" is not a command of interlock. Its commands: ${COMMANDS.map((c) => c.name).join(', ')}\n`,
    );
  });

  test('of an option before the command', async () => {
    const { code, err } = await interlock(['--jsn', 'audit']);
    expect(code).toBe(1);
    expect(err).toMatch(/^interlock: "--jsn" is not an option of interlock\..*\n$/);
  });

  test('with control characters in it does not reach the terminal as such', async () => {
    const { err } = await interlock(['\u001b[31mred']);
    expect(err).not.toContain('\u001b');
  });

  test.each([
    ['audt', 'audit'],
    ['bnech', 'bench'],
    ['conf', 'conform'],
    ['zzzzz', undefined],
  ])('%s is taken for %s', (word, name) => {
    expect(nearest(word, ['rime', 'audit', 'conform', 'bench'])).toBe(name);
  });
});

describe('a defect', () => {
  test('is one line that says where to report it, and no stack', async () => {
    vi.stubEnv('INTERLOCK_DEBUG', '');
    const { code, out, err } = await interlock(['fails'], failing(new Error('broken\nbadly')));
    expect({ code, out }).toEqual({ code: 70, out: '' });
    expect(err).toMatch(
      /^interlock fails: a defect of interlock 0\.1\.0: broken\. Please report.*\n$/,
    );
  });

  test('shows its stack to who asks for it', async () => {
    vi.stubEnv('INTERLOCK_DEBUG', '1');
    const { err } = await interlock(['fails'], failing(new Error('broken')));
    expect(err).toMatch(/\n\s+at .*main\.test\.ts/);
  });

  test('may be anything that is thrown', async () => {
    const { code, err } = await interlock(['fails'], failing('a text'));
    expect(code).toBe(70);
    expect(err).toContain(': a text.');
  });
});

describe('the process', () => {
  const shell = (script: string): { status: number | null; out: string; err: string } => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath], {
      cwd: top,
      encoding: 'utf8',
    });
    return { status, out: stdout, err: stderr };
  };

  test('runs its sources as they are', () => {
    expect(shell('"$0" src/cli/interlock.js --version')).toEqual({
      status: 0,
      out: '0.1.0\n',
      err: '',
    });
  });

  test('keeps quiet when its reader goes away, and its exit code stays true', () => {
    const log = 'test/audit/rime-2026-02-12.jsonl';
    const script = `"$0" src/cli/interlock.js audit ${log} | true; exit "\${PIPESTATUS[0]}"`;
    expect(shell(script)).toEqual({ status: 2, out: '', err: '' });
  });

  test.skipIf(!existsSync('/dev/full'))('says in one line that a disk is full', () => {
    const { status, err } = shell('"$0" src/cli/interlock.js audit --help > /dev/full');
    expect(err).toBe(
      'interlock: the output could not be written: ENOSPC: no space left on device\n',
    );
    expect(status).toBe(74);
  });
});

describe('where nothing can be written over', () => {
  test('what takes long says now and then that it goes on', () => {
    let now = 0;
    let written = '';
    const say = nowAndThen(
      () => now,
      (text) => {
        written += text;
      },
    );
    for (now = 0; now <= 40_000; now += 500) say(`at ${now}`);
    say('');
    expect(written).toBe('at 15000\nat 30000\n');
  });
});
