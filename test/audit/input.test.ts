import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { LONGEST_LINE_BYTES, linesIn } from '../../src/terminal/lines.ts';
import {
  auditFile,
  auditText,
  bought,
  entry,
  type Fields,
  kinds,
  logOf,
  position,
  snapshot,
  soundBracket,
  symbolOf,
  withFile,
} from './logs.ts';

const sound = logOf(soundBracket());

describe('a line that is no record', () => {
  const base = { seq: 9 };
  const execution = {
    ...base,
    type: 'execution',
    execId: 'x',
    orderId: 1,
    symbol: 'RIME',
    action: 'BUY',
    quantity: 1,
    price: 1,
  };
  const lines: readonly (readonly [string, string | Fields, string])[] = [
    ['not JSON', '{"seq": 9,', 'not JSON'],
    ['not an object', '[1, 2]', 'must be a JSON object, is [1,2]'],
    ['null', 'null', 'must be a JSON object, is null'],
    ['no type', base, 'type is missing: must be watcher.started,'],
    ['an unknown type', { ...base, type: 'order.creatd' }, 'type "order.creatd" is unknown'],
    ['a type that every object has', { ...base, type: 'constructor' }, 'is unknown'],
    ['a missing field', { ...execution, execId: undefined }, 'execId is missing: must be'],
    ['a wrong type', { ...execution, quantity: '1' }, 'quantity is "1": must be a positive number'],
    ['a null', { ...execution, permId: null }, 'permId is null: must be a whole number'],
    ['no shares', { ...execution, quantity: 0 }, 'must be a positive number of shares'],
    ['too fine', { ...execution, quantity: 0.00001 }, 'quantity is 0.00001: must have at most 4'],
    ['too many', { ...execution, quantity: 1e12 }, 'must be at most 99999999999 shares'],
    ['a wrong word', { ...execution, action: 'BOT' }, 'action is "BOT": must be BUY or SELL'],
    ['no seq', { ...execution, seq: undefined }, 'seq is missing: must be a whole number'],
    [
      'a seq that stands',
      { ...execution, seq: 6 },
      'seq 6 does not increase: the record before has 6',
    ],
    ['a seq that falls', { ...execution, seq: 2 }, 'not counted'],
  ];
  test.each(lines)('%s', async (_name, line, reason) => {
    const text = typeof line === 'string' ? line : JSON.stringify(line);
    const outcome = await auditText(`${sound}${text}\n`);
    expect(outcome.report.findings).toEqual([
      { kind: 'bad-line', line: 7, text: expect.stringContaining(reason) },
    ]);
    expect(symbolOf(outcome)).toMatchObject({ boughtQty: 100, soldQty: 100 });
    expect(outcome.code).toBe(0);
  });
  test('too long, and not UTF-8', async () => {
    const long = await auditText(`${sound}${'x'.repeat(LONGEST_LINE_BYTES + 1)}\n${sound}`);
    expect(long.report.findings[0]).toMatchObject({ kind: 'bad-line', line: 7 });
    const latin = Buffer.concat([Buffer.from(sound), Buffer.from([0x22, 0xe9, 0x22, 0x0a])]);
    const { report } = await auditText(latin);
    expect(report.findings).toEqual([{ kind: 'bad-line', line: 7, text: 'not UTF-8 text' }]);
  });
});

test('CRLF, byte order mark, empty lines, unknown fields, no last newline are fine', async () => {
  const lines = logOf(soundBracket().map((one) => ({ ...one, venue: 'SMART' }))).split('\n');
  const outcome = await auditText(`\ufeff${lines.join('\r\n\r\n').trimEnd()}`);
  expect(kinds(outcome)).toEqual([]);
  expect(symbolOf(outcome).soldQty).toBe(100);
});

test('lines are the same wherever the disk cuts them', async () => {
  const bytes = Buffer.from(`\ufeffa\r\n\r\nbé\n${'c'.repeat(20)}`);
  for (let size = 1; size <= bytes.length; size += 1) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    const texts: string[] = [];
    for await (const batch of linesIn(chunks)) {
      for (const line of batch) texts.push(line.type === 'line' ? line.text : line.reason);
    }
    expect(texts).toEqual(['a', '', 'bé', 'c'.repeat(20)]);
  }
});

test('a line without an end does not fill the memory', async () => {
  let most = 0;
  function* endless(): Generator<Buffer> {
    for (let count = 0; count < 1000; count += 1) {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      yield Buffer.alloc(1 << 20, 'x');
    }
  }
  const before = process.memoryUsage().arrayBuffers;
  for await (const batch of linesIn(endless())) {
    expect(batch).toEqual([expect.objectContaining({ type: 'unreadable', number: 1 })]);
  }
  expect(most - before).toBeLessThan(500 << 20);
});

describe('a file that is no lifecycle log', () => {
  const refused = async (content: string | Uint8Array, reason: string) => {
    const { code, stdout, stderr } = await auditText(content);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
    expect(stderr).toMatch(/^interlock audit: [^\n]*\n$/);
  };
  test('empty', () => refused('', 'log.jsonl: is empty. Expected one JSON record a line'));
  test('only blank lines', () => refused('\n \r\n', 'is empty'));
  test('text', () => refused('hello\nworld\n', 'log.jsonl, line 1: not JSON'));
  test('JSON of another kind', () => refused('{"a":1}', 'line 1: type is missing'));
  test('compressed', () => refused(gzipSync(sound), 'line 1: is not text (UTF-8)'));
  test('next to nothing: neither order nor execution among many bad lines', () =>
    refused(
      `${logOf([position(0)])}{"seq":2}\n{"seq":3}\n`,
      'line 2: type is missing: must be watcher.started,',
    ));
  test('control characters do not reach the terminal', async () => {
    const { stderr } = await auditText('\u001b[2J\u0007');
    expect(stderr).not.toContain('\u001b');
  });
  test('missing, or a directory', async () => {
    const missing = await auditFile(['/no/such/log.jsonl']);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toBe(
      'interlock audit: /no/such/log.jsonl: no such file. Check the path\n',
    );
    const folder = await auditFile([tmpdir()]);
    expect(folder.code).toBe(1);
    expect(folder.stderr).toContain('is a directory');
  });
});

describe('usage', () => {
  test('--help', async () => {
    const { code, stdout } = await auditFile(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: interlock audit FILE [--json]');
    expect(stdout).toContain('An exit is known by its parentId, else by its orderRef');
  });
  const wrong: readonly (readonly [string, readonly string[]])[] = [
    ['no FILE given', []],
    ['one FILE at a time, not 2', ['a', 'b']],
    ['unknown option "--jsn"', ['--jsn', 'a']],
    ['unknown option "-x"', ['-x', 'a']],
    ['--json takes no value, and "no" is one', ['--json=no', 'a']],
  ];
  test.each(wrong)('%s', async (reason, args) => {
    const { code, stderr } = await auditFile(args);
    expect(code).toBe(1);
    expect(stderr).toBe(`interlock audit: ${reason}. Usage: interlock audit FILE [--json]\n`);
  });
});

describe('the text report', () => {
  const textOf = (content: string) => withFile(content, (path) => auditFile([path]));
  const closed = logOf([...soundBracket(), position(0)]);
  test('of a sound log says so', async () => {
    const { code, stdout } = await textOf(closed);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^NO OVERSELL {2}1 parent, none exited more than it entered;/);
    expect(stdout).toContain("the broker's positions agree with the log.");
    expect(stdout).toMatch(/\nNo findings\n$/);
  });
  const gaps: readonly (readonly [string, string, string])[] = [
    ['a line did not count', `${closed}{"seq":9\n`, '1 of 8 lines did not count'],
    [
      'an order has no end',
      logOf([...soundBracket(), entry(9), position(0)]),
      '1 order has no end',
    ],
    ['there is no position', sound, 'it has no closing position of the broker for RIME to compare'],
    [
      'there is a position only',
      logOf([position(0)]),
      'it has no orders and no executions to judge',
    ],
    ['there is no word on anything', logOf([snapshot('openOrders')]), 'it has no orders and no'],
    [
      'an execution has no order',
      logOf([...soundBracket(), bought(77, 5), position(5)]),
      '1 execution came of orders that it does not create',
    ],
  ];
  test.each(gaps)('gives no all-clear where %s', async (_name, log, gap) => {
    const { code, stdout } = await textOf(log);
    const [first = ''] = stdout.split('\n\n');
    const told = first.replaceAll(/\n +/g, ' ');
    expect(code).toBe(0);
    expect(told).toMatch(/^NOT PROVEN {3}What is in the log shows no oversell \(/);
    expect(told).toContain(gap);
    expect(told).not.toContain('agree');
  });
  test('stays within the page and harmless, whatever the symbol', async () => {
    const symbol = `\u001b[31m${'W'.repeat(200)}\u202e`;
    const { stdout } = await textOf(logOf([...soundBracket(), entry(9, { symbol })]));
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain('\u202e');
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  });
  test('of very many parents shows the worst and counts the rest', async () => {
    const many = Array.from({ length: 90 }, (_, index) => soundBracket(10 * index + 1)).flat();
    const { stdout } = await textOf(logOf([...many, entry(9001)]));
    expect(stdout).toContain('incomplete');
    expect(stdout).toContain('… and 51 more; --json has them all');
  });
});
