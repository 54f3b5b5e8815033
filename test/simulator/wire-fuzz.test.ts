/**
 * 100,000 frames as no client should send them. Nothing may throw, hang or grow, and the good frame
 * behind each is still read.
 */
import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../../src/simulator/random.ts';
import {
  createFrameReader,
  createServerReader,
  frameOf,
  type PlaceOrder,
  placeOrderFields,
  type Request,
  readRequest,
} from '../../src/simulator/wire.ts';
import { VERSIONS } from './wire-client.ts';

const tags = [{ tag: 'startTime', value: '10:00:00' }];

/** With every optional part there is. */
const FULL: Omit<PlaceOrder, 'kind'> = {
  orderId: 12,
  contract: {
    ...{ conId: 265598, symbol: 'RIME', secType: 'BAG', exchange: 'IBKRATS', currency: 'USD' },
    comboLegs: [{ conId: 1, ratio: 1, action: 'BUY' }, { conId: 2 }],
    deltaNeutralContract: { conId: 3, delta: 0.5, price: 10 },
  },
  order: {
    ...{ action: 'BUY', totalQuantity: 100, orderType: 'PEG BEST', lmtPrice: 1.31, tif: 'DAY' },
    ...{ orderComboLegs: [{ price: 1 }, {}], smartComboRoutingParams: tags, account: 'DU1' },
    ...{ deltaNeutralOrderType: 'MKT', scalePriceIncrement: 0.5, hedgeType: 'D', hedgeParam: '1' },
    ...{ algoStrategy: 'Vwap', algoParams: tags, competeAgainstBestOffset: Infinity },
    conditions: [
      { type: 'margin', joinedBy: 'and', isMore: true, percent: 30 },
      { type: 'time', joinedBy: 'or', isMore: true, time: '20261122 10:00:00' },
      {
        type: 'price',
        joinedBy: 'and',
        isMore: false,
        price: 1.2,
        conId: 265598,
        exchange: 'SMART',
        triggerMethod: 0,
      },
      { type: 'execution', joinedBy: 'and', secType: 'STK', exchange: 'SMART', symbol: 'RIME' },
    ],
  },
};

const SEEDS: readonly (readonly string[])[] = [
  ['71', '2', '5', ''],
  ['8', '1', '1'],
  ['4', '1', '7', ''],
  ['4', '7', '', '', '2147483647'],
  ['58', '1'],
  ['15', '1', '1'],
  ['99', '1'],
  ['7', '3', '9', '0', 'DU1', '', 'RIME', 'STK', 'SMART', 'BUY'],
  ['62', '1', '4', 'All', 'NetLiquidation'],
  ['9', '8', '3', '0', 'RIME', 'STK', '', '0.0', '', '', '', '', '', '', '', '0', '', '', ''],
  [
    '1',
    '11',
    '5',
    '0',
    'RIME',
    'STK',
    '',
    '0.0',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '0',
    '',
    '0',
    '0',
    '',
  ],
  ['20', '8', '0'],
];

const WILD: readonly string[] = [
  ...['', '0', '-1', '1', '2147483647', '2147483648', '-2147483649', '9223372036854775807'],
  ...[
    '1.7976931348623157E308',
    '1e309',
    '-1e309',
    '1e-400',
    'NaN',
    'Infinity',
    '-Infinity',
    '0x10',
  ],
  ...[
    '9'.repeat(300),
    '1.'.repeat(200),
    '١٢',
    'é'.repeat(50),
    '__proto__',
    'constructor',
    '\ud800',
  ],
];

const below = (random: Random, size: number): number => random.between(0, size - 1);

function pick<T>(random: Random, list: readonly T[]): T {
  const picked = list[below(random, list.length)];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
}

/** Fields that are wrong in one to three ways. */
function mutated(random: Random, seed: readonly string[]): readonly string[] {
  const fields = [...seed];
  for (let times = 1 + below(random, 3); times > 0; times -= 1) {
    const at = below(random, fields.length + 1);
    switch (below(random, 7)) {
      case 0:
        fields.splice(at, 1);
        break;
      case 1:
        fields.splice(at, 0, pick(random, WILD));
        break;
      case 2:
        fields.splice(at, 0, fields[at] ?? '');
        break;
      case 3:
        fields[at] = pick(random, WILD);
        break;
      case 4:
        fields.length = at;
        break;
      case 5:
        fields[at] = String(below(random, 2 ** 31));
        break;
      default:
        fields[at] = below(random, 200) === 0 ? 'x'.repeat(200_000) : `${fields[at]}${fields[at]}`;
    }
  }
  return fields;
}

/** The body with bits turned over, cut, or with bytes that are no text; its length is right. */
function spoilt(random: Random, fields: readonly string[]): Buffer {
  let body: Buffer = Buffer.from(frameOf(fields).subarray(4));
  if (below(random, 3) === 0 && body.length > 0) {
    for (let times = 1 + below(random, 8); times > 0; times -= 1) {
      const at = below(random, body.length);
      body[at] = (body[at] ?? 0) ^ (1 << below(random, 8));
    }
  }
  if (below(random, 10) === 0) body = body.subarray(0, below(random, body.length + 1));
  if (below(random, 10) === 0) body = Buffer.concat([body, Buffer.of(0xc3, 0x28, 0)]);
  const frame = Buffer.alloc(4 + body.length);
  frame.writeInt32BE(body.length);
  body.copy(frame, 4);
  return frame;
}

const GOOD = ['61', '1'];

function check(request: Request): string {
  if (request.kind === 'malformed') {
    expect(request.field).toBeTypeOf('string');
    return `malformed ${request.reason}`;
  }
  return request.kind;
}

describe('whatever a client sends', () => {
  test('in 100,000 frames, is answered with a value, and the next frame is read', () => {
    const random = createRandom(20260212);
    const orders = VERSIONS.map((version) => placeOrderFields(FULL, version));
    const reader = createFrameReader(1_000_000);
    const good = frameOf(GOOD);
    const seen = new Map<string, number>();
    const before = process.memoryUsage();
    let slowest = 0;
    let changed = 0;
    for (let round = 0; changed < 100_000; round += 1) {
      const at = below(random, VERSIONS.length);
      const version = VERSIONS[at] ?? 177;
      const seed = below(random, 2) === 0 ? (orders[at] ?? GOOD) : pick(random, SEEDS);
      const bad = spoilt(random, mutated(random, seed));
      if (!bad.equals(frameOf(seed))) changed += 1;
      const bytes = Buffer.concat([bad, good]);
      const cut = below(random, bytes.length);
      const started = performance.now();
      const found = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
      const [first, next, ...more] = found;
      if (next?.kind !== 'frame' || next.fields.join() !== GOOD.join() || more.length > 0) {
        throw new Error(`round ${round}: the frame behind was not read`);
      }
      const came =
        first?.kind === 'frame' ? check(readRequest(first.fields, version)) : first?.kind;
      slowest = Math.max(slowest, performance.now() - started);
      seen.set(String(came), (seen.get(String(came)) ?? 0) + 1);
    }
    const grown = process.memoryUsage().arrayBuffers - before.arrayBuffers;
    expect(changed).toBeGreaterThanOrEqual(100_000);
    expect(grown).toBeLessThan(50_000_000);
    expect(slowest).toBeLessThan(2000);
    // It was not all of one kind.
    const kinds = ['placeOrder', 'cancelOrder', 'unknown', 'notText', 'unterminated'];
    const reasons = ['missing', 'empty', 'notANumber', 'notAnInteger', 'notAFlag', 'notACount'];
    const malformed = [...reasons, 'notACondition', 'inExcess'].map((why) => `malformed ${why}`);
    for (const kind of [...kinds, ...malformed])
      expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(100);
  }, 60_000);

  test('as mere bytes, lengths and greeting among them, never throws', () => {
    const random = createRandom(5);
    const hello = Buffer.concat([
      Buffer.from('API\0'),
      Buffer.of(0, 0, 0, 9),
      Buffer.from('v100..193'),
    ]);
    const order = frameOf(placeOrderFields(FULL, 193));
    const whole = Buffer.concat([hello, frameOf(['71', '2', '5', '']), order, frameOf(GOOD)]);
    const ends = new Set<string>();
    for (let round = 0; round < 5_000; round += 1) {
      const bytes = Buffer.from(whole.subarray(0, 1 + below(random, whole.length)));
      const within = below(random, 2) === 0 ? 17 : bytes.length;
      for (let times = below(random, 4); times > 0; times -= 1) {
        const at = below(random, Math.min(within, bytes.length));
        bytes[at] = below(random, 256);
      }
      const reader = createServerReader();
      for (const one of [...reader.push(bytes), ...reader.end()]) {
        if (one.kind === 'frame') readRequest(one.fields, 193);
        ends.add(one.kind === 'greeting' ? one.greeting.kind : one.kind);
      }
    }
    expect([...ends].sort()).toEqual([
      ...['frame', 'hello', 'noHello', 'notText', 'tooLong', 'truncated', 'unterminated'],
    ]);
  });
});
