/** One state and one ledger have one gateway, and one file one use. */
import {
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { interlock, processes } from './command.ts';

const { folder, file, running } = processes();
let state = '';
beforeEach(() => {
  state = file('state.jsonl');
});

/** Exit code 1, one line, nothing listens. */
async function refused(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await interlock('gateway', '--port', '0', ...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^interlock gateway: [^\n]+\n$/);
  return stderr.slice('interlock gateway: '.length, -1);
}

describe('a second gateway on one state', () => {
  test('is refused by the first one, which goes on; whoever comes later has it', async () => {
    const first = await running('--json', '--state', state);
    const text = readFileSync(state, 'utf8');
    const why = `is in use by another gateway, process ${first.child.pid}. Stop that one, or name another file`;
    expect(await refused('--state', state)).toBe(`--state ${state} ${why}`);
    const link = join(folder(), 'link.jsonl');
    symlinkSync(state, link);
    expect(await refused('--state', link)).toBe(`--state ${link} ${why}`);
    expect(readFileSync(state, 'utf8')).toBe(text);
    expect(await first.control({ do: 'show' })).toMatchObject({ ok: true });
    expect(await first.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(readdirSync(folder()).sort()).toEqual(['link.jsonl', 'state.jsonl']);
    const second = await running('--json', '--state', state);
    expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  test('is not hindered by the lock of one that was killed', async () => {
    const first = await running('--json', '--state', state);
    await first.end('SIGKILL');
    expect(existsSync(`${state}.lock`)).toBe(true);
    const second = await running('--json', '--state', state);
    await second.end('SIGTERM');
    expect(readdirSync(folder())).toEqual(['state.jsonl']);
  });

  test.runIf(process.platform === 'linux')(
    'is not hindered by a process that has the number of the dead one',
    async () => {
      writeFileSync(`${state}.lock`, JSON.stringify({ pid: process.pid, began: '1' }));
      const gateway = await running('--json', '--state', state);
      await gateway.end('SIGTERM');
      expect(readdirSync(folder())).toEqual(['state.jsonl']);
    },
  );

  test('that could not start leaves no lock', async () => {
    const first = await running('--json');
    await refused('--state', state, '--control-port', String(first.port));
    expect(readdirSync(folder())).toEqual(['state.jsonl']);
  });

  test('leaves a file alone that only has the name of a lock', async () => {
    writeFileSync(`${state}.lock`, 'mine\n');
    expect(await refused('--state', state)).toBe(
      `${state}.lock is in the way, and is no lock of a gateway. Move it, or name another --state`,
    );
    expect(readFileSync(`${state}.lock`, 'utf8')).toBe('mine\n');
    expect(readdirSync(folder())).toEqual(['state.jsonl.lock']);
  });
});

test('a second gateway on one ledger is refused, and the ledger of the first stays whole', async () => {
  const ledger = file('broker.jsonl');
  const first = await running('--json', '--ledger', ledger);
  await first.control({ do: 'foreignTrade', symbol: 'RIME', action: 'BUY', shares: 1, price: 1 });
  const text = readFileSync(ledger, 'utf8');
  expect(text).not.toBe('');
  const why = `is in use by another gateway, process ${first.child.pid}. Stop that one, or name another file`;
  expect(await refused('--state', state, '--ledger', ledger)).toBe(`--ledger ${ledger} ${why}`);
  expect(readFileSync(ledger, 'utf8')).toBe(text);
  await first.end('SIGTERM');
  // Neither its own lock is left, nor that of the state which the second one had by then.
  expect(readdirSync(folder())).toEqual(['broker.jsonl']);
});

describe('one file for two uses is refused, and stays as it is', () => {
  const planned = '{"after":1,"do":"show"}\n';
  test.each([
    ['state', 'ledger'],
    ['scenario', 'state'],
    ['scenario', 'ledger'],
  ])('--%s and --%s', async (one, other) => {
    const file = join(folder(), 'one.jsonl');
    const text = one === 'scenario' ? planned : '';
    writeFileSync(file, text);
    const link = join(folder(), 'other.jsonl');
    linkSync(file, link);
    for (const again of [file, join(folder(), '.', 'one.jsonl'), link]) {
      expect(await refused(`--${one}`, file, `--${other}`, again)).toBe(
        `--${one} ${file} and --${other} ${again} are one file. Name two`,
      );
    }
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(folder()).sort()).toEqual(['one.jsonl', 'other.jsonl']);
  });

  test('that is not there yet', async () => {
    const again = join(folder(), 'none', '..', 'state.jsonl');
    expect(await refused('--state', state, '--ledger', again)).toMatch(/ are one file\. Name two$/);
    expect(readdirSync(folder())).toEqual([]);
  });
});

describe('a file of somebody else', () => {
  test.each(['my notes', 'my notes\n', '{"a'])('is not overwritten: %j', async (notes) => {
    const other = file('notes.txt', notes);
    expect(await refused('--state', other)).toBe(
      `${other} is not a state of the gateway. Name another file, or a new one`,
    );
    expect(await refused('--ledger', other)).toBe(
      `${other} is no ledger, and would be overwritten. Name another file`,
    );
    expect(readFileSync(other, 'utf8')).toBe(notes);
  });

  test('a state that was cut off in its first line is begun anew', async () => {
    const cut = file('cut.jsonl', '{"interlockGateway":1,"ma');
    const gateway = await running('--state', cut);
    expect(await gateway.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(readFileSync(cut, 'utf8')).toMatch(/^\{"interlockGateway":1,"made":".*\n/);
  });
});
