// A router with two accounts: the same contract in both, each with limits of its own, and one
// bracket that is denied because it would pass them.
//
//     npx interlock gateway --price RIME:1.30 --accounts DU1,DU2
//     node docs/examples/two-accounts.js 4002 two-accounts.journal
import { createIbBroker, Denied, openEngine, openJournal, qtyOf, systemClock } from 'interlock';

const [, , port = '4002', file = 'two-accounts.journal'] = process.argv;
const engine = openEngine({
  journal: openJournal(file),
  broker: createIbBroker({
    host: '127.0.0.1',
    port: Number(port),
    clientId: 3,
    clock: systemClock,
  }),
  admission: { perContract: { qty: qtyOf(100) }, perAccount: { brackets: 2, notional: 500 } },
});
const passes = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
while (engine.link !== 'live') await passes(20);

const exit = { tif: 'GTC', outsideRth: false };
const requestOf = (bracket, account, quantity) => ({
  bracket,
  account,
  symbol: 'RIME',
  side: 'BUY',
  quantity,
  entry: { type: 'LMT', limitPrice: '1.31', tif: 'DAY', outsideRth: false },
  stop: { type: 'STP', stopPrice: '1.25', ...exit },
  targets: [{ percent: 100, limitPrice: '1.35', ...exit }],
});

const brackets = await Promise.all([
  engine.open(requestOf('ONE', 'DU1', 100)),
  engine.open(requestOf('TWO', 'DU2', 60)),
]);
try {
  await engine.open(requestOf('THREE', 'DU2', 60));
} catch (error) {
  if (!(error instanceof Denied)) throw error;
  for (const reason of error.reasons) console.log(`denied: ${reason}`);
}
for (const bracket of brackets) {
  while (bracket.state !== 'protected') await passes(20);
  await bracket.flatten();
}
const closed = await Promise.all(brackets.map((bracket) => bracket.closed));
for (const { bracket, bought, sold } of closed)
  console.log(`${bracket} bought ${bought / 10_000}, sold ${sold / 10_000}`);
engine.close();
