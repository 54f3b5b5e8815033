/** The same options, the same bytes at the same times, the same scenario: the same bytes out. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Planned } from '../../src/gateway/scenario.ts';
import type { Faults } from '../../src/simulator/channel.ts';
import { openDesk } from './desk.ts';
import { stranger } from './strangers.ts';

const FAULTS: Partial<Faults> = {
  ...{ delay: 0.1, reorder: 0.1, repeat: 0.2, omitStatus: 0.1, correct: 0.2, correctMs: 50 },
  ...{ fillAfterCancel: 0.5, lose: 0.05, cutLink: 0.01, cutMs: 300 },
};

const PLANNED: readonly Planned[] = [
  { line: 1, after: { ms: 400 }, deed: { do: 'price', symbol: 'RIME', price: 1.25 } },
  { line: 2, after: { fills: 4 }, deed: { do: 'holdMessages', message: 'execDetails' } },
  { line: 3, after: { fills: 9 }, deed: { do: 'releaseMessages' } },
  { line: 4, after: { ms: 3000 }, deed: { do: 'loseLink' } },
  { line: 5, after: { ms: 3500 }, deed: { do: 'restoreLink' } },
  { line: 6, after: { ms: 4000 }, deed: { do: 'price', symbol: 'RIME', price: 1.34 } },
  { line: 7, after: { fills: 15 }, deed: { do: 'cut', clientId: 2, after: 'execDetails' } },
];

type Run = {
  readonly seed?: number;
  readonly faults?: Partial<Faults>;
  /** How each piece is handed over, and each pause made. */
  readonly pieces?: number;
};

type Played = {
  readonly bytes: string;
  readonly length: number;
  readonly fills: number;
  readonly failures: readonly string[];
  readonly ended: readonly string[];
};

/** Three clients say the same at the same times, whatever becomes of it. */
function play({ seed = 1, faults = {}, pieces = 1 }: Run = {}): Played {
  const desk = openDesk({ planned: PLANNED, venue: { seed, faults } });
  const clients = [1, 2, 3].map((clientId) => desk.client(clientId));
  const { request, below, pick } = stranger(99, { orders: 80, spoils: 20, breaks: 0 });
  for (let round = 0; round < 600; round += 1) {
    const client = clients[below(3)];
    const bytes = request(193);
    for (let from = 0; from < bytes.length; from += Math.ceil(bytes.length / pieces))
      client?.send(bytes.subarray(from, from + Math.ceil(bytes.length / pieces)));
    const pause = pick([0, 0, 10, 30, 60]);
    for (let piece = 0; piece < pieces; piece += 1) desk.pass(pause / pieces);
  }
  desk.pass(5000);
  const hash = createHash('sha256');
  for (const client of clients) hash.update(client.bytes());
  const length = clients.reduce((sum, client) => sum + client.bytes().length, 0);
  return {
    bytes: hash.digest('hex'),
    length,
    fills: desk.gateway.fills(),
    failures: desk.failures,
    ended: clients.map((client) => client.ended()),
  };
}

describe.each([
  ['without faults', {}],
  ['with faults', FAULTS],
])('%s', (_what, faults) => {
  const first = play({ faults });

  test('two runs are equal, byte for byte', () => {
    // Enough has happened for that to say something, all that was planned too.
    expect(first.failures).toEqual([]);
    expect(first.ended).toEqual(['', 'cut', '']);
    expect(first.fills).toBeGreaterThan(20);
    expect(first.length).toBeGreaterThan(50_000);
    expect(play({ faults })).toEqual(first);
  });

  test('so are runs whose bytes come in pieces, and whose time passes in steps', () => {
    expect(play({ faults, pieces: 5 })).toEqual(first);
  });
});

test('another seed is another run, where there are faults', () => {
  expect(play({ faults: FAULTS, seed: 2 }).bytes).not.toBe(play({ faults: FAULTS }).bytes);
});
