// A short bracket: sold first, protected by a stop above, its target moved, and bought back at the
// wish of the router before either of them trades.
//
//     npx interlock gateway --price RIME:1.30
//     node docs/examples/short.js 4002 short.journal
import { createIbBroker, openEngine, openJournal, showQty, systemClock } from 'interlock';

const [, , port = '4002', file = 'short.journal'] = process.argv;
const engine = openEngine({
  journal: openJournal(file),
  broker: createIbBroker({
    host: '127.0.0.1',
    port: Number(port),
    clientId: 2,
    clock: systemClock,
  }),
  onAlarm: ({ law, bracket, text }) => console.log(`ALARM ${law} ${bracket} ${text}`),
});
const passes = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
while (engine.link !== 'live') await passes(20);

const exit = { tif: 'GTC', outsideRth: false };
const bracket = await engine.open({
  bracket: 'SHORT-1',
  account: 'DU1',
  symbol: 'RIME',
  side: 'SELL',
  quantity: 50,
  entry: { type: 'LMT', limitPrice: '1.29', tif: 'DAY', outsideRth: false },
  stop: { type: 'STP', stopPrice: '1.37', ...exit },
  targets: [{ percent: 100, limitPrice: '1.20', ...exit }],
});
while (bracket.state !== 'protected') await passes(20);
const { position, naked, overhang } = bracket.balance;
console.log(`position ${showQty(position)}, naked ${naked}, overhang ${overhang}`);

await bracket.moveTarget(1, '1.22');
await bracket.flatten();
const { bought, sold, net } = await bracket.closed;
console.log(`sold ${showQty(sold)}, bought ${showQty(bought)}, net ${showQty(net)}`);
engine.close();
