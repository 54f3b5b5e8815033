/** Bytes: frames in and out, and how a connection begins. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  agreeOn,
  answers,
  createFrameReader,
  createServerReader,
  type Framed,
  frameOf,
  helloAnswer,
  type Received,
  SERVER_VERSIONS,
} from '../../src/simulator/wire.ts';

// A few seconds of computing each, on a machine that may have other work.
vi.setConfig({ testTimeout: 60_000 });

const lengthOf = (length: number): Buffer => {
  const head = Buffer.alloc(4);
  head.writeInt32BE(length);
  return head;
};

/** Milliseconds of computing, whatever else the machine has to do. */
const spent = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const raw = (body: Buffer | string): Buffer => {
  const bytes = Buffer.from(body);
  return Buffer.concat([lengthOf(bytes.length), bytes]);
};

/** The stretches between these places, of which there may be any number anywhere. */
function cutAt(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const all = [0, ...places.map((at) => at % (bytes.length + 1)), bytes.length];
  const sorted = all.sort((a, b) => a - b);
  return sorted.slice(1).map((to, i) => bytes.subarray(sorted[i], to));
}

const texts = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''));
const messages = fc.array(fc.array(texts, { minLength: 1, maxLength: 6 }), { maxLength: 8 });
const places = fc.array(fc.nat(), { maxLength: 12 });

const frames = (list: readonly (readonly string[])[]): readonly Framed[] =>
  list.map((fields) => ({ kind: 'frame', fields }));

describe('frames', () => {
  test('are the same however their bytes are cut', () => {
    fc.assert(
      fc.property(messages, places, (list, cuts) => {
        const bytes = Buffer.concat(list.map(frameOf));
        const reader = createFrameReader();
        const found = cutAt(bytes, cuts).flatMap((piece) => reader.push(piece));
        expect([...found, ...reader.end()]).toEqual(frames(list));
      }),
      { numRuns: 1000 },
    );
  });

  test('are the same byte by byte, in a buffer that is used again for every byte', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const reader = createFrameReader();
        const byte = Buffer.alloc(1);
        const found = [...Buffer.concat(list.map(frameOf))].flatMap((value) => {
          byte[0] = value;
          return reader.push(byte);
        });
        expect([...found, ...reader.end()]).toEqual(frames(list));
      }),
      { numRuns: 200 },
    );
  });

  test('that end early are said to be truncated, with what has come', () => {
    fc.assert(
      fc.property(messages, fc.array(texts, { minLength: 1 }), fc.nat(), (list, last, cut) => {
        const whole = Buffer.concat(list.map(frameOf));
        const frame = frameOf(last);
        const received = 1 + (cut % (frame.length - 1));
        const reader = createFrameReader();
        const bytes = Buffer.concat([whole, frame.subarray(0, received)]);
        expect(reader.push(bytes)).toEqual(frames(list));
        expect(reader.end()).toEqual([{ kind: 'truncated', received }]);
        expect(reader.push(whole)).toEqual([]);
        expect(reader.end()).toEqual([]);
      }),
    );
  });

  test('that are no text, or have no end, are passed over', () => {
    const reader = createFrameReader();
    const good = frameOf(['61', '1']);
    expect(reader.push(Buffer.concat([raw(Buffer.of(0x36, 0xff, 0)), good]))).toEqual([
      { kind: 'notText', length: 3 },
      ...frames([['61', '1']]),
    ]);
    expect(reader.push(Buffer.concat([raw('61\0' + '1'), good]))).toEqual([
      { kind: 'unterminated', length: 4 },
      ...frames([['61', '1']]),
    ]);
    expect(reader.push(raw(''))).toEqual([{ kind: 'frame', fields: [] }]);
    expect(reader.end()).toEqual([]);
  });

  test('that are longer than is wanted here are passed over, and kept nowhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 101, max: 5000 }), places, (length, cuts) => {
        const reader = createFrameReader(100);
        const bytes = Buffer.concat([raw(Buffer.alloc(length)), frameOf(['61', '1'])]);
        const found = cutAt(bytes, cuts).flatMap((piece) => reader.push(piece));
        expect(found).toEqual([{ kind: 'tooLong', length, lost: false }, ...frames([['61', '1']])]);
        expect(reader.end()).toEqual([]);
      }),
    );
    const reader = createFrameReader(100);
    reader.push(raw(Buffer.alloc(200)).subarray(0, 150));
    expect(reader.end()).toEqual([{ kind: 'truncated', received: 0 }]);
  });

  test.each([0x1000000, -1, 0x41504900])('of %i bytes are not the protocol', (length) => {
    const reader = createFrameReader();
    const bytes = Buffer.concat([frameOf(['61']), lengthOf(length), frameOf(['61'])]);
    expect(reader.push(bytes)).toEqual([
      ...frames([['61']]),
      { kind: 'tooLong', length, lost: true },
    ]);
    expect(reader.push(frameOf(['61']))).toEqual([]);
    expect(reader.end()).toEqual([]);
  });

  test('of the longest length are read', () => {
    const frame = raw(Buffer.alloc(0xffffff, 'a\0'));
    const reader = createFrameReader();
    const found = [reader.push(frame.subarray(0, 9)), reader.push(frame.subarray(9))].flat();
    expect(frame.at(-1)).not.toBe(0);
    expect(found).toEqual([{ kind: 'unterminated', length: 0xffffff }]);
  });

  test('are read in time that grows with their length, and no faster', () => {
    const frame = raw(Buffer.alloc(4_000_000, 'a\0'));
    const reader = createFrameReader();
    const started = spent();
    let read = 0;
    for (let at = 0; at < frame.length; at += 256) {
      read += reader.push(frame.subarray(at, at + 256)).length;
    }
    expect(read).toBe(1);
    // Copying all that has come with every piece would move 30 GB.
    expect(spent() - started).toBeLessThan(1500);
  });

  test('that announce much and bring little take little', () => {
    const readers = Array.from({ length: 200 }, () => createFrameReader());
    const before = process.memoryUsage().arrayBuffers;
    for (const reader of readers) reader.push(Buffer.concat([lengthOf(0xffffff), Buffer.of(0x36)]));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
  });
});

describe('writing', () => {
  test('spells values as the protocol has them', () => {
    const fields = ['3', 7, 1.5, true, false, undefined, '', 'é'];
    expect(frameOf(fields)).toEqual(raw('3\0' + '7\0' + '1.5\0' + '1\0' + '0\0' + '\0\0é\0'));
  });

  test('keeps its fields apart, whatever is in them', () => {
    const [framed] = createFrameReader().push(frameOf(['4', 'a\0b\0', '\0', 'c']));
    expect(framed).toEqual({ kind: 'frame', fields: ['4', 'a b ', ' ', 'c'] });
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (fields) => {
        const [one, ...more] = createFrameReader().push(frameOf(fields));
        expect(more).toEqual([]);
        expect(one).toMatchObject({ kind: 'frame' });
        expect(one?.kind === 'frame' && one.fields.length).toBe(fields.length);
      }),
    );
  });

  test.each([
    [0, '0.0'],
    [1.31, '1.31'],
    [100, '100.0'],
    [-0.5, '-0.5'],
    [0.001, '0.001'],
    [0.0001, '1.0E-4'],
    [0.00012, '1.2E-4'],
    [9999999, '9999999.0'],
    [10000000, '1.0E7'],
    [12345678.9, '1.23456789E7'],
    [undefined, '1.7976931348623157E308'],
  ])('a commission of %s is %s, as Java has it', (realizedPNL, text) => {
    const report = { execId: 'x', commission: 1, currency: 'USD', realizedPNL };
    expect(answers.commissionReport(report)[5]).toBe(text);
  });

  test.each([
    [0, '0'],
    [100, '100'],
    [0.5, '0.5'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-2.5e22, '-25000000000000000000000'],
  ])('a quantity of %s is %s, without an exponent', (shares, text) => {
    expect(answers.position('DU1', {}, shares, 0).at(-2)).toBe(text);
  });

  test('and reading manage well over 100,000 small messages a second', () => {
    const count = 100_000;
    const started = spent();
    const written: Buffer[] = [];
    for (let id = 0; id < count; id += 1) written.push(frameOf(status(id)));
    const wrote = spent();
    const reader = createFrameReader();
    let read = 0;
    for (const piece of cutAt(
      Buffer.concat(written),
      Array.from({ length: 300 }, (_, i) => i * 30011),
    )) {
      read += reader.push(piece).length;
    }
    expect(read).toBe(count);
    expect(wrote - started).toBeLessThan(1000);
    expect(spent() - wrote).toBeLessThan(1000);
  });
});

const status = (orderId: number): readonly string[] =>
  answers.orderStatus({
    ...{ orderId, status: 'Submitted', filled: 0, remaining: 100, avgFillPrice: 0, permId: 1 },
    ...{ parentId: 0, lastFillPrice: 0, clientId: 0, whyHeld: '', mktCapPrice: 0 },
  });

const hello = (versions: string): Buffer => Buffer.concat([Buffer.from('API\0'), raw(versions)]);

const greetingOf = (bytes: Buffer): readonly Received[] => {
  const reader = createServerReader();
  return [...reader.push(bytes), ...reader.end()];
};

describe('a greeting', () => {
  test.each([
    ['v100..193', 100, 193, undefined],
    ['v177', 177, 177, undefined],
    ['v100..193 +PACEAPI', 100, 193, '+PACEAPI'],
    ['v100..193 a b\nc', 100, 193, 'a b\nc'],
    ['v157..178 ', 157, 178, ''],
  ])('%j', (text, min, max, connectOptions) => {
    const greeting = { kind: 'hello', min, max, connectOptions };
    expect(greetingOf(hello(text))).toEqual([{ kind: 'greeting', greeting }]);
  });

  test('and the frames behind it are the same however their bytes are cut', () => {
    fc.assert(
      fc.property(messages, places, (list, cuts) => {
        const reader = createServerReader();
        const bytes = Buffer.concat([hello('v100..193'), ...list.map(frameOf)]);
        const found = cutAt(bytes, cuts).flatMap((piece) => reader.push(piece));
        const greeting = { kind: 'hello', min: 100, max: 193, connectOptions: undefined };
        expect(found).toEqual([{ kind: 'greeting', greeting }, ...frames(list)]);
      }),
      { numRuns: 300 },
    );
  });

  const refused: readonly (readonly [name: string, bytes: Buffer, greeting: object])[] = [
    [
      'a client of before v100',
      Buffer.from('66\0' + '1\0'),
      { kind: 'oldHello', clientVersion: 66 },
    ],
    ['a web browser', Buffer.from('GET / HTTP/1.1\r\n'), { reason: 'notTheProtocol' }],
    ['a number that never ends', Buffer.from('9'.repeat(40)), { reason: 'notTheProtocol' }],
    ['a NUL', Buffer.from('\0'), { reason: 'notTheProtocol' }],
    ['digits and something else', Buffer.from('66x'), { reason: 'notTheProtocol' }],
    ['nearly the prefix', Buffer.from('APJ\0'), { reason: 'notTheProtocol' }],
    ['no versions', hello('100..193'), { reason: 'noVersions' }],
    ['an empty one', hello(''), { reason: 'noVersions' }],
    ['versions with more behind them', hello('v100..193x'), { reason: 'noVersions' }],
    ['one that is too long', hello(`v100..193 ${'a'.repeat(5000)}`), { reason: 'tooLong' }],
    ['a negative length', Buffer.from('API\0\xff\xff\xff\xff', 'latin1'), { reason: 'tooLong' }],
  ];

  test.each(refused)('that is none: %s', (_, bytes, greeting) => {
    for (const cuts of [[], [1], Array.from(bytes, (_byte, i) => i)]) {
      const reader = createServerReader();
      const found = cutAt(bytes, cuts).flatMap((piece) => reader.push(piece));
      expect(found).toMatchObject([{ kind: 'greeting', greeting }]);
      expect(reader.push(hello('v100..193'))).toEqual([]);
      expect(reader.end()).toEqual([]);
    }
  });

  test('that ends early', () => {
    const bytes = hello('v100..193');
    for (let received = 1; received < bytes.length; received += 1) {
      expect(greetingOf(bytes.subarray(0, received))).toEqual([
        { kind: 'greeting', greeting: { kind: 'truncated', received } },
      ]);
    }
    expect(greetingOf(Buffer.alloc(0))).toEqual([]);
  });

  test.each([
    [100, 193, { kind: 'agreed', version: 193 }],
    [100, 222, { kind: 'agreed', version: 193 }],
    [157, 178, { kind: 'agreed', version: 178 }],
    [177, 177, { kind: 'agreed', version: 177 }],
    [100, 176, { kind: 'clientTooOld', clientMax: 176, ownMin: 177 }],
    [201, 222, { kind: 'clientTooNew', clientMin: 201, ownMax: 193 }],
  ])('of %i to %i is answered with the newest that both speak', (min, max, agreement) => {
    expect(agreeOn({ min, max }, SERVER_VERSIONS)).toEqual(agreement);
  });

  test('is answered with the version and the time', () => {
    expect(helloAnswer(177, '20261122 10:00:00 EST')).toEqual(['177', '20261122 10:00:00 EST']);
  });
});
