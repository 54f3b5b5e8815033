/** The example of the README, run as a user runs it against a gateway with its scenario. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { gatewayProcess, type Running } from './command.ts';

const example = (name: string): string =>
  fileURLToPath(new URL(`../../docs/examples/${name}`, import.meta.url));

const closings: Running[] = [];
afterEach(() => {
  for (const { child } of closings.splice(0)) child.kill('SIGKILL');
});

async function run(...args: readonly string[]): Promise<string> {
  const gateway = await gatewayProcess('--json', ...args);
  closings.push(gateway);
  const script = [example('gateway-bracket.js'), String(gateway.port)];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, script);
  expect(stderr).toBe('');
  expect(await gateway.control({ do: 'show' })).toMatchObject({ clients: [], orders: [] });
  return stdout;
}

/** What was said of each order, in its order: two orders' words may come in either one. */
function byOrder(output: string): Readonly<Record<string, readonly string[]>> {
  const said: Record<string, string[]> = {};
  for (const line of output.trimEnd().split('\n')) {
    const [, name = ''] = /^(?:place )?(\w+)/.exec(line) ?? [];
    said[name] = [...(said[name] ?? []), line];
  }
  return said;
}

test('the bracket is filled, protected, and closed at its target', async () => {
  const output = await run('--price', 'RIME:1.30', '--scenario', example('gateway-bracket.jsonl'));
  expect(byOrder(output)).toEqual({
    entry: [
      'place entry: BUY 100 MKT',
      'entry PendingSubmit 0/100',
      'entry Submitted 0/100',
      'entry BOT 100 @ 1.3, position 100',
      'entry Filled 100/0',
    ],
    stop: [
      'place stop: SELL 100 STP',
      'stop PendingSubmit 0/100',
      'stop PreSubmitted 0/100',
      'stop Cancelled 0/100',
      'stop 202: Order Canceled - reason:',
    ],
    target: [
      'place target: SELL 100 LMT',
      'target PendingSubmit 0/100',
      'target Submitted 0/100',
      'target SLD 100 @ 1.36, position 0',
      'target Filled 100/0',
    ],
    disconnected: ['disconnected'],
  });
});

test('an entry that is refused ends it', async () => {
  expect(await run('--symbols', 'AAPL')).toBe(
    'place entry: BUY 100 MKT\n' +
      'entry 200: No security definition has been found for the request\n' +
      'disconnected\n',
  );
});
