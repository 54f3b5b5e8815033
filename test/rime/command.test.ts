import { describe, expect, test } from 'vitest';
import { rime } from '../../src/rime/command.ts';
import { NIGHT } from '../../src/rime/night.ts';
import { type Told, tellTwice } from '../../src/rime/told.ts';

type Printed = { readonly code: number; readonly out: string; readonly err: string };

const printed = async (
  args: readonly string[],
  colour = false,
  tell: () => Told = tellTwice,
  columns?: number,
): Promise<Printed> => {
  let out = '';
  let err = '';
  const stdout = (text: string): void => {
    out += text;
  };
  const stderr = (text: string): void => {
    err += text;
  };
  const code = await rime(
    args,
    { stdout, stderr, colour, ...(columns === undefined ? {} : { columns }) },
    tell,
  );
  return { code, out, err };
};

describe('interlock rime', () => {
  test('tells both, fits a terminal and exits 0', async () => {
    const { code, out, err } = await printed([]);
    expect(code).toBe(0);
    expect(err).toBe('');
    const lines = out.split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(100);
    expect(lines.length).toBeLessThanOrEqual(130);
    expect(out.trimEnd().split('\n').at(-1)).toBe(
      'Same tape: 570 sold of 300 as it was; under Interlock 300 of 300, every leg ended, no law broken.',
    );
  });

  test('prints the same every time, and in colour the same words', async () => {
    const plain = await printed([]);
    expect((await printed([])).out).toBe(plain.out);
    expect(plain.out).not.toContain('\u001b');
    const coloured = (await printed([], true)).out;
    expect(coloured).toContain('\u001b[');
    expect(
      coloured
        .split('\u001b')
        .map((part) => part.replace(/^\[[\d;]+m/, ''))
        .join(''),
    ).toBe(plain.out);
  });

  test('--full prints every record', async () => {
    const { code, out } = await printed(['--full']);
    expect(code).toBe(0);
    expect(out).toContain('[1] RIME printed 1.28');
    expect(out).toContain('=> place stop1.1 SELL 70 STP LMT 1.25/1.23');
    expect(out).toContain('close record: bought 100 sold 100 net 0');
    expect(out.split('\n').filter((line) => [...line].length > 100)).toEqual([]);
    const places = out.replaceAll(/\n {10,}/g, ' ');
    expect(places).toContain('oca RIME-679.1.1 type 2 because these shares are naked');
  });

  test('--full tells in one line what a snapshot repeats', async () => {
    const { out } = await printed(['--full']);
    const records = out.split(/\n(?= *\d+\.\d{3} {2}\[)/);
    const snapshots = records.filter((record) => /\] snapshot: /.test(record));
    expect(snapshots.length).toBeGreaterThan(3);
    for (const record of snapshots) {
      expect(record.match(/^ +\.\. .*(?:counted already|nothing new)/gm)).toHaveLength(1);
    }
  });

  test('a page that is too narrow is told so in its first line', async () => {
    const wide = await printed([], false, tellTwice, 100);
    const narrow = await printed([], false, tellTwice, 80);
    expect(wide.out).toBe((await printed([])).out);
    expect(narrow.out).toBe(
      `This page is laid out for 100 columns; here there are 80.\n\n${wide.out}`,
    );
  });

  test('--json is one object with both tellings', async () => {
    const { code, out } = await printed(['--json']);
    expect(code).toBe(0);
    const told: unknown = JSON.parse(out);
    expect(told).toMatchObject({
      detached: { broker: { position: -270 }, counted: -100 },
      interlocked: { broker: { position: 0 }, counted: 0 },
    });
  });

  test('--help says what it does; an unknown option is refused', async () => {
    expect(await printed(['--help'])).toMatchObject({ code: 0, err: '' });
    const refused = await printed(['--jsn']);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('unknown option "--jsn". Usage: interlock rime');
  });

  test('exits 1 when the night cannot be told as it was', async () => {
    const { code, out } = await printed([], false, () => tellTwice({ ...NIGHT, reactionMs: 100 }));
    expect(code).toBe(1);
    expect(out).toContain('not so: as it was, 693 and 705 each sell 200 of 100: net -200');
  });

  test('exits 1 when a leg is left without an end', async () => {
    const { code, out } = await printed([], false, () => tellTwice({ ...NIGHT, endsAt: 19_000 }));
    expect(code).toBe(1);
    expect(out).toContain('not so: every leg has an end');
  });
});
