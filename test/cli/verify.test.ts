/** `interlock verify` as a user meets it: verdicts, exit codes, histories, refusals. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { play, render } from '../../src/history/play.ts';
import { readScript } from '../../src/history/script.ts';
import { verifyCommand } from '../../src/verify/command.ts';

async function verified(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await verifyCommand(args, {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    colour: false,
  });
  return { code, out, err };
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interlock-verify-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('verdicts', () => {
  test('holds: exit 0, what was asked, what was seen, what it stands on', async () => {
    const { code, out, err } = await verified('--lots', '2');
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toMatch(/^HOLDS {2}plan paired, one target of 2, fills of any size\n229 states, /);
    expect(out).toContain('✓ never more sold than bought, at the broker');
    expect(out).toContain('seen on the way: every share was bought and sold; a part of the entry');
    expect(out).toContain('- a group of type 2 has one member at an exchange at a time');
    expect(out).toContain('watched: ');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('violated: exit 2, and a history that plays', async () => {
    const file = join(folder, 'sold.txt');
    const { code, out } = await verified('--lots', '1', '--oca', '3', '--history', file);
    expect(code).toBe(2);
    expect(out).toContain('✗ more was sold than bought, at the broker, after 8 events');
    const text = await readFile(file, 'utf8');
    expect(out).toContain(text.trimEnd());
    expect(text).toContain('# At the broker: bought 1, sold 2: 1 too many; exits live 0');
    expect(text).toContain('!! L12 B has exited 2 of 1: 1 too many');
    const script = readScript(file, text);
    expect(render(script, play(script).outputs)).toBe(text);
  });

  test('the detached router fails in both orders, the shortest of each shown', async () => {
    const { code, out } = await verified('--plan', 'detached', '--lots', '1,1');
    expect(code).toBe(2);
    expect(out).toContain('✗ stop, then target: more was sold than bought, after 11 events');
    expect(out).toContain('✗ target, then stop: more was sold than bought, after 11 events');
    expect(out).toContain('== at the broker: bought 2, sold 3: 1 too many; exits live 0');
  });

  test('type 1 keeps quantities, and loses protection', async () => {
    const { code, out } = await verified('--lots', '2', '--oca', '1');
    expect(code).toBe(2);
    expect(out).toContain('✗ a part of a target takes the stop of the rest away, after 6 events');
    expect(out).toContain('Quantities hold all the same: never more sold than bought');
  });

  test('the limit is reached: exit 3, and nothing is said to hold', async () => {
    const { code, out } = await verified('--lots', '2', '--limit-states', '50');
    expect(code).toBe(3);
    expect(out).toMatch(/^LIMIT REACHED/);
    expect(out).not.toContain('✓');
  });

  test('--json', async () => {
    const { code, out } = await verified('--lots', '1', '--oca', '0', '--json');
    expect(code).toBe(2);
    const report: unknown = JSON.parse(out);
    expect(report).toMatchObject({
      verdict: 'violated',
      plan: 'paired',
      assumptions: expect.arrayContaining(['the broker ignores our groups, and echoes them']),
      states: expect.any(Number),
      transitions: expect.any(Number),
      depth: 8,
      seconds: expect.any(Number),
      statesPerSecond: expect.any(Number),
      counterexample: { steps: 8, history: expect.stringContaining('sold 2') },
    });
  });
});

describe('from a state', { timeout: 120_000 }, () => {
  const HISTORY = 'test/histories/good-day-stop.txt';

  test('what can still happen, by the broker as it should be and as it should not', async () => {
    expect((await verified('--from', `${HISTORY}:60`)).code).toBe(0);
    const { code, out } = await verified('--from', `${HISTORY}:60`, '--oca', '3');
    expect(code).toBe(2);
    expect(out).toContain('more was sold than bought, at the broker, after 2 events');
    expect(out).toContain('!! L12 RIME-1 has exited 140 of 100: 40 too many');
    expect(out).toContain(`from ${HISTORY}:60\n  RIME-1 position +100`);
    expect(out).toContain('- fills of 15 shares, or of all that is left: not of every size');
  });

  test('where a file has several brackets, the way there is told without its history', async () => {
    const { code, out } = await verified('--from', 'test/histories/rime-693.txt:65', '--oca', '3');
    expect(code).toBe(2);
    expect(out).toContain('more was sold than bought');
  });

  test('between a fill and the word of its sibling, the group has done its part', async () => {
    expect((await verified('--from', `${HISTORY}:75`)).code).toBe(0);
  });

  test('a state as JSON says the same', async () => {
    const script = readScript(HISTORY, await readFile(HISTORY, 'utf8'));
    const lines = script.paragraphs.slice(0, 6);
    const { stage } = play({ ...script, paragraphs: lines });
    const file = join(folder, 'state.json');
    await writeFile(file, JSON.stringify(stage.state));
    const { code, out } = await verified('--from', file, '--oca', '3');
    expect(code).toBe(2);
    expect(out).toContain('more was sold than bought');
  });

  test('a state that other charts have written is refused, with the place', async () => {
    const script = readScript(HISTORY, await readFile(HISTORY, 'utf8'));
    const { stage } = play({ ...script, paragraphs: script.paragraphs.slice(0, 6) });
    const file = join(folder, 'other-charts.json');
    const text = JSON.stringify(stage.state);
    expect(text).toContain('"exposure":"protected"');
    await writeFile(file, text.replace('"exposure":"protected"', '"exposure":"sheltered"'));
    const { code, err } = await verified('--from', file);
    expect(code).toBe(1);
    expect(err).toContain('is of other charts than these: RIME-1: exposure is in "sheltered"');
  });
});

describe('refusals, in one line', () => {
  const CASES: readonly (readonly [string, readonly string[], string])[] = [
    ['lots', ['--lots', '0'], '--lots are the shares of 1 to 8 targets, each 1 to 20, as in 2,1'],
    ['plan', ['--plan', 'naked'], '--plan is one of paired, sequenced, detached, not "naked"'],
    ['faults', ['--faults', 'cut,fog'], '--faults is one of delay, repeat, lose, reject'],
    ['more times', ['--faults', 'crash:2:3'], '--faults is a list as in cut,crash:2'],
    ['nothing', ['--faults', ','], '--faults is one of delay'],
    ['times', ['--faults', 'cut:0'], '--faults cut is a whole number from 1 to 9, not "0"'],
    ['oca', ['--oca', '4'], '--oca is one of 0, 1, 2, 3, not "4"'],
    ['states', ['--limit-states', 'many'], '--limit-states is a whole number from 1 to'],
    ['file', ['--from', 'no/such/file'], 'no/such/file: no such file'],
    ['folder', ['--from', 'test'], 'test: is a directory'],
    ['line', ['--from', 'test/histories/halt.txt:99999'], 'and no line 99999'],
    [
      'state',
      ['--from', 'package.json'],
      'package.json: is not a state of the engine as JSON, as engine.state() gives it: seq',
    ],
    ['both', ['--from', 'x', '--plan', 'paired'], '--plan is that of FILE'],
    [
      'no groups',
      ['--plan', 'sequenced', '--oca', '3'],
      '--oca changes nothing for the plan sequenced, which asks for no groups: leave it out',
    ],
    ['no wishes', ['--plan', 'detached', '--wishes', 'flatten'], '--wishes changes nothing for'],
    ['no prices', ['--prints', '3'], '--prints changes nothing for the plan paired'],
    ['unknown', ['--deep'], 'unknown option "--deep"'],
  ];
  for (const [name, args, says] of CASES) {
    test(name, async () => {
      const { code, out, err } = await verified(...args);
      expect(code).toBe(1);
      expect(out).toBe('');
      expect(err).toContain(says);
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    });
  }

  test('a history that cannot be written', async () => {
    const file = join(folder, 'no', 'such', 'folder.txt');
    const { code, err } = await verified('--lots', '1', '--oca', '3', '--history', file);
    expect(code).toBe(1);
    expect(err).toContain(`${file}: `);
  });
});
