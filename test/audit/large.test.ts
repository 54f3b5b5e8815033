import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logOf, openOrder, soundBracket, status } from './logs.ts';

/** Memory grows with orders and executions' ids, not with lines of status. */
test('a log of 300 000 lines is audited in a heap a fraction of its size', {
  timeout: 60_000,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  try {
    const path = join(folder, 'large.jsonl');
    writeLarge(path, 300_000);
    const size = statSync(path).size;
    expect(size).toBeGreaterThan(60_000_000);

    const command = new URL('../../src/audit/command.ts', import.meta.url).href;
    const program = `
      import { audit } from ${JSON.stringify(command)};
      const write = (text) => process.stdout.write(text);
      process.exitCode = await audit([${JSON.stringify(path)}, '--json'],
        { stdout: write, stderr: write, colour: false });
    `;
    const args = ['--max-old-space-size=24', '--input-type=module', '--eval', program];
    const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    const report = JSON.parse(run.stdout);
    expect(report.symbols).toMatchObject([{ boughtQty: 1000, soldQty: 1000, verdict: 'sound' }]);
    expect(report.findings).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Ten sound brackets, and between them what a chatty broker repeats. */
function writeLarge(path: string, lines: number): void {
  const file = openSync(path, 'w');
  const brackets = Array.from({ length: 10 }, (_, index) => soundBracket(10 * index + 1)).flat();
  const message = 'x'.repeat(150);
  const chatter = [
    openOrder(2, { status: 'Cancelled', message }),
    status(2, 'Cancelled', { filled: 0, remaining: 100, message }),
    { type: 'connection', state: 'up', message },
    { type: 'broker.error', code: 2104, message },
    { type: 'watcher.confirmed', watcher: 'w', message },
  ];
  writeSync(file, logOf(brackets));
  let written = brackets.length;
  while (written < lines) {
    const batch = Array.from({ length: 1000 }, (_, index) => ({
      seq: written + index + 1,
      at: '2026-02-12T14:31:04.212Z',
      ...chatter[index % chatter.length],
    }));
    writeSync(file, logOf(batch));
    written += batch.length;
  }
  closeSync(file);
}
