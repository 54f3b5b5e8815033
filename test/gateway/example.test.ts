/** The example of the README, run as a user runs it against a gateway with its scenario. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

test('where nobody listens it says so, and its exit code is 1', async () => {
  const gateway = await gatewayProcess('--json');
  await gateway.end('SIGTERM');
  const ended = await promisify(execFile)(process.execPath, [
    example('gateway-bracket.js'),
    String(gateway.port),
  ]).catch((problem) => problem);
  expect(ended).toMatchObject({ code: 1, stdout: expect.stringContaining('ECONNREFUSED') });
});

/** A command of the README, with the ports of this gateway for its own. */
function commandOf(begin: string, ports: Readonly<Record<string, number>>): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const at = readme.indexOf(`\n${begin}`) + 1;
  let command = readme.slice(at, readme.indexOf('\n```', at));
  for (const [port, own] of Object.entries(ports)) command = command.replace(port, String(own));
  return command;
}

test('the command of the README ends the example, and its line for the controls is answered', async () => {
  const [, ...args] = commandOf('npx interlock gateway --port', {})
    .split(/[\s\\]+/)
    .slice(1);
  const scenario = args[args.indexOf('--scenario') + 1] ?? '';
  const price = args[args.indexOf('--price') + 1] ?? '';
  const path = fileURLToPath(new URL(`../../${scenario}`, import.meta.url));
  expect(await run('--price', price, '--scenario', path)).toMatch(
    /position 0\n[\s\S]*disconnected\n$/,
  );
  const [gateway] = closings;
  const command = commandOf("node -e 'net", { 4003: gateway?.controlPort ?? 0 });
  const { stdout } = await promisify(execFile)('sh', ['-c', command]);
  expect(stdout).toBe('{"ok":true}\n');
});

test('an entry that is refused ends it', async () => {
  expect(await run('--symbols', 'AAPL')).toBe(
    'place entry: BUY 100 MKT\n' +
      'entry 200: No security definition has been found for the request\n' +
      'disconnected\n',
  );
});
