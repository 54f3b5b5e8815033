/**
 * A router as a process of its own, to be killed at any moment: `node trader.ts PORT JOURNAL`. It
 * opens one bracket after the other, and tells what it has been granted. A line `drain` lets the
 * last one end.
 */
import { createInterface } from 'node:readline';
import { findBracket } from '../../src/core/state.ts';
import { createIbBroker } from '../../src/ib/broker.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { systemClock } from '../../src/router/clock.ts';
import { openEngine } from '../../src/router/engine.ts';
import { EXIT, longOf } from '../core/engine.ts';

const [, , port = '', file = ''] = process.argv;
const broker = createIbBroker({
  host: '127.0.0.1',
  port: Number(port),
  clientId: 7,
  clock: systemClock,
});
const engine = openEngine({
  journal: openJournal(file),
  broker,
  executionsSince: () => 0,
  waits: { retryMs: 20, retryMostMs: 200, lookMs: 1_000, reconciliationMs: 500 },
});
const tell = (line: string): boolean => process.stdout.write(`${line}\n`);

let draining = false;
createInterface({ input: process.stdin }).on('line', () => {
  draining = true;
});

const policy = {
  ...{ coverMs: 300, acknowledgementMs: 300, withdrawalMs: 300, replacementMs: 300 },
  ...{ resolutionMs: 300, tradingMs: 2_000, leaveMs: 500, settlementMs: 300 },
};

function openNext(): void {
  const number = Object.keys(engine.state.index).length + 1;
  const targets = [
    { quantity: 2, limitPrice: '1.35', ...EXIT },
    { quantity: 1, limitPrice: '1.38', ...EXIT },
  ];
  const request = longOf(`K${number}`, { account: 'DU1', quantity: 3, targets, policy });
  engine.open(request).then(
    () => tell(`granted ${request.bracket}`),
    () => {},
  );
}

/**
 * An order that was on disk when we were killed, and perhaps not sent: its sibling has traded since, so
 * it is not sent again, and nobody can prove that it is not there. A person who has looked says so.
 */
const ATTESTED_AFTER_MS = 2_000;
const missing = new Map<string, number>();

function attest(): void {
  for (const { id } of engine.brackets()) {
    const orders = findBracket(engine.state, id)?.orders ?? [];
    for (const { ticket, end, missing: isMissing, acknowledged } of orders) {
      if (end !== null || !isMissing || acknowledged) continue;
      const { orderRef } = ticket;
      const since = missing.get(orderRef) ?? systemClock.now();
      missing.set(orderRef, since);
      if (systemClock.now() - since < ATTESTED_AFTER_MS) continue;
      engine.attest(orderRef, 0, 'the one on duty').then(
        () => tell(`attested ${orderRef}`),
        () => {},
      );
    }
  }
}

tell('begun');
setInterval(() => {
  if (engine.link !== 'live') return;
  attest();
  const open = engine.brackets();
  if (open.length > 0) return;
  if (!draining) return openNext();
  engine.close();
  tell('done');
  process.exit(0);
}, 10);
