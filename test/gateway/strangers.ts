/** Requests at random: as a client sends them, and as none should. Seeded. */
import { Buffer } from 'node:buffer';
import { createRandom } from '../../src/simulator/random.ts';
import { frameOf, placeOrderFields, type WireOrder } from '../../src/simulator/wire.ts';

export type Stranger = {
  /** The bytes of one request. */
  readonly request: (version: number) => Buffer;
  /** How many of them were not as a client would have sent them. */
  readonly mutated: () => number;
  readonly below: (size: number) => number;
  readonly pick: <T>(list: readonly [T, ...T[]]) => T;
};

const WILD = [
  ...['', '0', '-1', '1', '2147483647', '2147483648', '-2147483649', '1.7976931348623157E308'],
  ...['1e300', '-1e300', '99999999999999999999', '1e-300'],
  ...['NaN', 'Infinity', '1e-400', 'RIME', 'x'.repeat(5000), '__proto__', '\u0661', '\ud800'],
] as const satisfies readonly string[];

export type Manners = {
  /** Few numbers, so that orders meet others of their number, and there is an end to them. */
  readonly orders?: number;
  /** One request in so many has fields that are wrong; 0 for none. */
  readonly spoils?: number;
  /** One request in so many has bytes that are wrong, and puts the stream out of step; 0 for none. */
  readonly breaks?: number;
};

export function stranger(
  seed: number,
  { orders = 12, spoils = 4, breaks = 25 }: Manners = {},
): Stranger {
  const random = createRandom(seed);
  const below = (size: number): number => random.between(0, size - 1);
  const pick = <T>(list: readonly [T, ...T[]]): T => list[below(list.length)] ?? list[0];
  const orderId = (): number => 1 + below(orders);

  function order(): WireOrder {
    const odd = below(5) === 0;
    const orderType = odd ? pick(['TRAIL', '']) : pick(['LMT', 'STP', 'MKT', 'STP LMT']);
    const price = (): number => (120 + below(20)) / 100;
    return {
      action: pick(['BUY', 'SELL']),
      orderType,
      totalQuantity: odd ? pick([0, 0.5, -1]) : pick([100, 70, 30]),
      lmtPrice: price(),
      auxPrice: price(),
      tif: odd ? pick(['IOC', '']) : pick(['DAY', 'GTC']),
      ocaGroup: pick(['', '', `group ${below(orders)}`]),
      ocaType: below(5),
      orderRef: pick(['', 'entry', 'stop']),
      parentId: pick([0, 0, 0, 0, 0, orderId()]),
      transmit: below(6) > 0,
      outsideRth: pick([true, false]),
      whatIf: below(10) === 0,
    };
  }

  function fields(version: number): readonly string[] {
    const reqId = String(below(50));
    const contract = { symbol: pick(['RIME', 'RIME', 'RIME', 'AAPL', 'NONE']), secType: 'STK' };
    const unnamed = ['', '0.0', '', '', '', '', '', '', ''];
    const cancel = version < 192 ? ['4', '1'] : ['4'];
    const globalCancel = version < 192 ? ['58', '1'] : ['58', '', ''];
    const place = (): readonly string[] =>
      placeOrderFields({ orderId: orderId(), contract, order: order() }, version);
    return pick<() => readonly string[]>([
      place,
      ...[place, place, place, place],
      () => [...cancel, String(orderId()), '', ...(version < 192 ? [] : ['', ''])],
      () =>
        pick([
          ['5', '1'],
          ['16', '1'],
          ['61', '1'],
          ['64', '1'],
          ['49', '1'],
          ['17', '1'],
        ]),
      () =>
        pick([
          ['8', '1', '1'],
          ['15', '1', '1'],
          ['15', '1', '0'],
        ]),
      () => ['7', '3', reqId, '', '', '', pick(['', 'RIME']), '', '', pick(['', 'BUY'])],
      () =>
        pick([
          ['62', '1', reqId, 'All', 'NetLiquidation'],
          ['63', '1', reqId],
        ]),
      () => ['6', '2', pick(['0', '1']), pick(['', 'DU1', 'DU2'])],
      () => ['9', '8', reqId, '0', contract.symbol, 'STK', ...unnamed, '0', '', '', ''],
      () => ['1', '11', reqId, '0', contract.symbol, 'STK', ...unnamed, '0', '', '0', '0', ''],
      () => ['2', '1', reqId],
      () => ['59', '1', '3'],
      // The long answer, and what ends all orders, more seldom.
      () => pick([['99', '0'], ['14', '1', '2'], ['14', '1', '5'], ['8', '1', '1'], globalCancel]),
      () => [String(below(120)), '1', reqId],
    ])();
  }

  function spoilt(asked: readonly string[]): readonly string[] {
    const changed = [...asked];
    const at = below(changed.length + 1);
    switch (below(4)) {
      case 0:
        changed.splice(at, 1);
        break;
      case 1:
        changed.splice(at, 0, pick(WILD));
        break;
      case 2:
        changed[at] = pick(WILD);
        break;
      default:
        changed.length = at;
    }
    return changed;
  }

  function broken(whole: Buffer): Buffer {
    if (breaks === 0 || below(breaks) !== 0) return whole;
    const bytes = Buffer.from(whole);
    const at = below(bytes.length);
    bytes[at] = below(256);
    return below(3) === 0 ? bytes.subarray(0, at) : bytes;
  }

  let mutated = 0;
  function request(version: number): Buffer {
    const asked = fields(version);
    const bytes = broken(frameOf(spoils > 0 && below(spoils) === 0 ? spoilt(asked) : asked));
    if (!bytes.equals(frameOf(asked))) mutated += 1;
    return bytes;
  }

  return { request, mutated: () => mutated, below, pick };
}
