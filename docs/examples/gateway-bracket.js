// A bracket at the simulated gateway: an entry, and once it has filled, a stop and a target in one
// OCA group of type 2 (reduce with block). When it is flat and nothing is open, it disconnects.
// Exit code 1: it could not connect, or was cut off before that.
//
//     npx interlock gateway --price RIME:1.30 --scenario docs/examples/gateway-bracket.jsonl
//     node docs/examples/gateway-bracket.js 4002
import { EventName, IBApi } from '@stoqey/ib';

const QUANTITY = 100;
const ENDS = ['Filled', 'Cancelled', 'ApiCancelled', 'Inactive'];
const contract = { symbol: 'RIME', secType: 'STK', exchange: 'SMART', currency: 'USD' };
const order = { totalQuantity: QUANTITY, tif: 'DAY', transmit: true };

const api = new IBApi({ host: '127.0.0.1', port: Number(process.argv[2] ?? 4002), clientId: 1 });
const names = new Map(); // of our orders, by their id
const open = new Set();
const acknowledged = new Set();
const executed = new Set();
let position = 0;
let nextId = 0;
process.exitCode = 1; // until it is over

function place(name, asked) {
  const id = nextId++;
  names.set(id, name);
  open.add(id);
  console.log(`place ${name}: ${asked.action} ${QUANTITY} ${asked.orderType}`);
  api.placeOrder(id, contract, { ...order, orderRef: name, ...asked });
}

function over(id) {
  if (!open.delete(id) || open.size > 0 || position !== 0) return;
  process.exitCode = 0;
  api.disconnect();
}

api.once(EventName.nextValidId, (id) => {
  nextId = id;
  place('entry', { action: 'BUY', orderType: 'MKT' });
});

api.on(EventName.execDetails, (_reqId, _contract, { execId, orderId, side, shares, price }) => {
  if (!names.has(orderId) || executed.has(execId)) return; // an execution may be told twice
  executed.add(execId);
  position += side === 'BOT' ? shares : -shares;
  console.log(`${names.get(orderId)} ${side} ${shares} @ ${price}, position ${position}`);
  if (names.get(orderId) !== 'entry' || position < QUANTITY) return;
  const group = { action: 'SELL', ocaGroup: `bracket-${orderId}-${Date.now()}`, ocaType: 2 };
  place('stop', { ...group, orderType: 'STP', auxPrice: 1.25 });
  place('target', { ...group, orderType: 'LMT', lmtPrice: 1.35 });
});

api.on(EventName.orderStatus, (id, status, filled, remaining) => {
  if (!names.has(id)) return;
  console.log(`${names.get(id)} ${status} ${filled}/${remaining}`);
  acknowledged.add(id);
  if (ENDS.includes(status)) over(id);
});

api.on(EventName.error, (error, code, id) => {
  console.log(`${names.get(id) ?? 'gateway'} ${code}: ${error.message}`);
  if (!acknowledged.has(id)) over(id); // refused before it had a status
});
api.on(EventName.disconnected, () => console.log('disconnected'));
api.connect();
