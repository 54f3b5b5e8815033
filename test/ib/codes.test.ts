/** What IB's message codes mean: which are definite, and that all others make us look. */
import { describe, expect, it } from 'vitest';
import { CODES, type CodeClass } from '../../src/ib/codes.ts';
import { normalise } from '../../src/ib/normalise.ts';

const of = (id: number, code: number, message = 'as told') =>
  normalise({ word: 'error', id, code, message }, (orderId) => (orderId === 5 ? 'B.stop1.1' : ''));

const codesOf = (wanted: CodeClass): readonly number[] =>
  CODES.filter((row) => row.class === wanted).map(({ code }) => code);

it('every code is there once, in order, with a text', () => {
  const codes = CODES.map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
  for (const { text } of CODES) expect(text).not.toBe('');
});

it('only warnings have a remark, and each of them has one', () => {
  for (const row of CODES)
    expect(row.remark !== undefined, String(row.code)).toBe(row.class === 'warning');
});

describe('about an order of ours', () => {
  it.each([
    [
      'refused',
      [
        ...[103, 106, 107, 110, 133, 200, 201, 203, 321, 382, 383, 388, 395, 426, 434, 435, 436],
        ...[10006, 10318, 10324, 10325],
      ],
    ],
    ['lostRace', [104, 134, 135, 136, 161, 10147, 10148, 10149]],
    ['notChanged', [105, 329, 2102, 10326, 10327, 10341]],
    ['ended', [202]],
    ['linkLost', [1100, 1300, 2110]],
    ['linkBack', [1101, 1102]],
    ['notice', [2103, 2104, 2105, 2106, 2107, 2108, 2158]],
  ] as const)('%s: %j', (name, codes) => {
    expect(codesOf(name)).toEqual(codes);
  });

  it.each([
    ['refused', 'order.refused'],
    ['lostRace', 'cancel.refused'],
    ['notChanged', 'replace.refused'],
    ['warning', 'order.warned'],
  ] as const)('%s is the fact %s, with its code and text', (name, type) => {
    for (const code of codesOf(name)) {
      expect(of(5, code)).toMatchObject({ type, orderRef: 'B.stop1.1', code, text: 'as told' });
    }
  });

  it('202 is no end by itself: it names no quantity', () => {
    expect(of(5, 202)).toMatchObject({ type: 'order.reported', status: 'cancelled' });
    expect(of(5, 202)).not.toHaveProperty('filled');
  });

  it.each([
    [404, 'held'],
    [2137, 'crossSide'],
    [2161, 'capped'],
    [2109, 'outsideRthIgnored'],
    [399, 'other'],
    [10349, 'other'],
    [10335, 'other'],
    [100, 'unknown'],
    [411, 'unknown'],
    [481, 'unknown'],
    [2148, 'unknown'],
    [10328, 'unknown'],
    // Not in the table: 461 stands for whatever IB says next.
    [461, 'unknown'],
    [99_999, 'unknown'],
  ])('%i remarks "%s", and the order lives', (code, remark) => {
    expect(of(5, code)).toMatchObject({ type: 'order.warned', remark });
  });
});

describe('about the session', () => {
  it.each([
    [1100, { type: 'link.lost', code: 1100 }],
    [1300, { type: 'link.lost', code: 1300 }],
    [2110, { type: 'link.lost', code: 2110 }],
    [1101, { type: 'link.restored', code: 1101 }],
    [1102, { type: 'link.restored', code: 1102 }],
    [2104, null],
    [505, { type: 'unrecognised', text: '505 as told' }],
    [100, { type: 'unrecognised', text: '100 as told' }],
    // A refusal of nothing that we know: a person is told.
    [201, { type: 'unrecognised', text: '201 as told' }],
  ])('%i', (code, fact) => {
    expect(of(-1, code)).toEqual(fact);
  });
});

it('about an order that is not ours is told to a person', () => {
  expect(of(6, 201)).toEqual({ type: 'unrecognised', text: '201 as told' });
});
