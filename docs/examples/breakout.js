// A router that watches for a breakout: when the price has passed 1.30 it opens a bracket in the
// name of its run, and ends with the bracket's close record.
//
//     npx interlock gateway --price RIME:1.29 --scenario docs/examples/breakout.jsonl
//     node docs/examples/breakout.js 4002 breakout.journal
import { createIbBroker, openEngine, openJournal, showPx, showQty, systemClock } from 'interlock';

const [, , port = '4002', file = 'breakout.journal'] = process.argv;
const clock = systemClock;
const engine = openEngine({
  journal: openJournal(file),
  broker: createIbBroker({ host: '127.0.0.1', port: Number(port), clientId: 1, clock }),
  onAlarm: ({ law, bracket, text }) => console.log(`ALARM ${law} ${bracket} ${text}`),
});

/** Until the link is live: before, nothing may be opened. */
async function live() {
  while (engine.link !== 'live') await new Promise((resolve) => setTimeout(resolve, 20));
}

const exit = { tif: 'GTC', outsideRth: false };
const request = {
  bracket: 'RIME-1',
  account: 'DU1',
  symbol: 'RIME',
  side: 'BUY',
  quantity: 100,
  entry: { type: 'STP LMT', stopPrice: '1.30', limitPrice: '1.32', tif: 'DAY', outsideRth: false },
  stop: { type: 'STP', stopPrice: '1.25', ...exit },
  targets: [
    { percent: 70, limitPrice: '1.35', ...exit },
    { percent: 30, limitPrice: '1.38', ...exit },
  ],
};

await live();
const run = await engine.watch('breakout:RIME:1.3');
console.log(`run ${run.epoch} of ${run.key}`);
const bracket = await engine.open(run.request(request));

for await (const { fact, moves, effects } of bracket.records()) {
  if (fact.type === 'order.executed')
    console.log(`${fact.orderRef} traded ${showQty(fact.qty)} @ ${showPx(fact.px)}`);
  for (const { type, ticket, because } of effects)
    if (type === 'place') console.log(`place ${ticket.orderRef}: ${because}`);
  for (const { region, to } of moves) if (region === 'exposure') console.log(`now ${to}`);
}

const { bought, sold, legs } = await bracket.closed;
console.log(`bought ${showQty(bought)}, sold ${showQty(sold)}`);
for (const { orderRef, end, cumQty } of legs) console.log(`${orderRef} ${end} ${showQty(cumQty)}`);
await run.stop();
await engine.drain();
engine.close();
