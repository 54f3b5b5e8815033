/**
 * `kill -9` at random moments: a router with its journal in one process, the gateway in another.
 * Judged from the broker's own ledger alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/simulator/random.ts';
import { processes } from '../gateway/command.ts';

/** `KILLS=200 npx vitest run --dir test test/session/kill.test.ts` goes on for longer. */
const KILLS = Number(process.env.KILLS ?? 25);
const LONGEST_LIFE_MS = 350;
/** Every so many lives one is long enough for a person to look: else the first doubt ends the trading. */
const LONG_LIFE_EVERY = 10;
const LONG_LIFE_MS = 3_000;
const PRICES = [1.3, 1.36, 1.3, 1.24, 1.3, 1.39];

const TRADER = fileURLToPath(new URL('trader.ts', import.meta.url));
const { running, file, closings } = processes();

function begin(
  port: number,
  journal: string,
): { readonly child: ChildProcess; readonly said: string[] } {
  const child = spawn(process.execPath, [TRADER, String(port), journal]);
  closings.push(() => child.kill('SIGKILL'));
  const said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text) => said.push(...text.trim().split('\n')));
  child.stderr.setEncoding('utf8').on('data', (text) => said.push(`! ${text}`));
  return { child, said };
}

const passes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(holds: () => boolean, ms = 20_000): Promise<void> {
  for (let waited = 0; waited < ms && !holds(); waited += 5) await passes(5);
}

test('nothing is sent twice, lost or left open', { timeout: 600_000 }, async () => {
  const random = createRandom(2026);
  const [ledger, journal] = [file('broker.jsonl'), file('router.journal')];
  const gateway = await running('--ledger', ledger);
  let moves = 0;
  const moving = setInterval(() => {
    const price = PRICES[moves++ % PRICES.length];
    gateway.control({ do: 'price', symbol: 'RIME', price }).catch(() => {});
  }, 70);
  const said: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const life = begin(gateway.port, journal);
    await until(() => life.said.length > 0);
    const long = kill % LONG_LIFE_EVERY === LONG_LIFE_EVERY - 1;
    await passes(long ? LONG_LIFE_MS : random.next() * LONGEST_LIFE_MS);
    life.child.kill('SIGKILL');
    await once(life.child, 'exit');
    said.push(...life.said);
  }
  const last = begin(gateway.port, journal);
  last.child.stdin?.write('drain\n');
  await until(() => last.said.includes('done'), 60_000);
  clearInterval(moving);
  expect(last.said.at(-1), last.said.join('\n')).toBe('done');
  expect(said.filter((line) => line.startsWith('!'))).toEqual([]);
  await gateway.end('SIGTERM');

  const { created, brackets, position, short } = judged(readFileSync(ledger, 'utf8'));
  expect([...created].filter(([, times]) => times > 1)).toEqual([]);
  expect(brackets.filter(({ entered, exited }) => entered !== exited)).toEqual([]);
  expect(position).toBe(0);
  expect(short).toBe(false);
  // What a person has said to be nowhere, is nowhere.
  const attested = [...said, ...last.said].flatMap(
    (line) => line.match(/^attested (\S+)$/)?.[1] ?? [],
  );
  expect(attested.filter((orderRef) => created.has(orderRef))).toEqual([]);
  const granted = said.flatMap((line) => line.match(/^granted (\w+)$/)?.[1] ?? []);
  expect(granted.filter((id) => !created.has(`${id}.entry.1`))).toEqual([]);
  // Not vacuous: brackets were opened and traded to their ends while the killing went on.
  expect(granted.length).toBeGreaterThan(KILLS / 4);
  expect(brackets.filter(({ exited }) => exited === 3).length).toBeGreaterThan(KILLS / 4);
});

type Line = {
  readonly type: string;
  readonly orderRef?: string;
  readonly action?: string;
  readonly quantity?: number;
};

/** What the broker's ledger says of each bracket. */
function judged(ledger: string) {
  const created = new Map<string, number>();
  const sums = new Map<string, { entered: number; exited: number }>();
  let position = 0;
  let short = false;
  for (const line of ledger.trimEnd().split('\n')) {
    const { type, orderRef = '', action, quantity = 0 } = JSON.parse(line) as Line;
    const id = orderRef.split('.')[0] ?? '';
    if (type === 'order.created') created.set(orderRef, (created.get(orderRef) ?? 0) + 1);
    if (type !== 'execution') continue;
    const sum = sums.get(id) ?? { entered: 0, exited: 0 };
    if (action === 'BUY') sum.entered += quantity;
    else sum.exited += quantity;
    sums.set(id, sum);
    position += action === 'BUY' ? quantity : -quantity;
    short ||= position < 0;
  }
  const brackets = [...sums].map(([id, sum]) => ({ id, ...sum }));
  return { created, brackets, position, short };
}
