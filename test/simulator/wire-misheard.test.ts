/**
 * What the installed `@stoqey/ib` decodes otherwise than it was told. Each is still so; whoever
 * builds on this client must not believe it in these.
 */
import { describe, expect, test } from 'vitest';
import { answers, type Fields } from '../../src/simulator/wire.ts';
import { heard, VERSIONS } from './wire-client.ts';

const error = (message: string): Fields => answers.error(1, 201, message);
const details = (contract: object): Fields => answers.contractDetails(1, { contract }, 177);
const open = (contract: object, order: object): Fields =>
  answers.openOrder({ contract, order, state: {} }, 177);

/** Follows a path of keys and indices into the arguments of the one event. */
function part(args: readonly unknown[], path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), args);
}

type Misheard = {
  readonly what: string;
  readonly fields: Fields;
  readonly at: readonly (string | number)[];
  readonly meant: unknown;
  readonly heard: unknown;
};

const MISHEARD: readonly Misheard[] = [
  {
    what: 'tickReqParams: the smallest tick is cut to a whole number',
    fields: answers.tickReqParams(1, 0.01, 'a60001', 3),
    at: [1],
    meant: 0.01,
    heard: 0,
  },
  {
    what: 'tickPrice: a price past a limit is said to be executable automatically',
    fields: answers.tickPrice(1, 4, 1.31, 100, { canAutoExecute: false, pastLimit: true }),
    at: [3],
    meant: false,
    heard: true,
  },
  {
    what: 'tickPrice: and so is one from before the opening',
    fields: answers.tickPrice(1, 4, 1.31, 100, { canAutoExecute: false, preOpen: true }),
    at: [3],
    meant: false,
    heard: true,
  },
  {
    what: 'contractDetails: a last trading day that has a time is not taken apart at the blank',
    fields: details({ secType: 'FUT', lastTradeDateOrContractMonth: '20261218 08:30 US/Central' }),
    at: [1, 'contract', 'lastTradeDateOrContractMonth'],
    meant: '20261218',
    heard: '20261218 08:30 US/Central',
  },
  {
    what: 'any contract: a right that is spelled out is dropped',
    fields: open({ secType: 'OPT', right: 'CALL' }, {}),
    at: [1, 'right'],
    meant: 'CALL',
    heard: undefined,
  },
  {
    what: 'any contract: no multiplier is a multiplier of nothing',
    fields: open({ secType: 'STK' }, {}),
    at: [1, 'multiplier'],
    meant: undefined,
    heard: 0,
  },
  {
    what: 'any contract: a multiplier that is no number is not kept',
    fields: open({ secType: 'FUT', multiplier: '50 x' }, {}),
    at: [1, 'multiplier'],
    meant: '50 x',
    heard: Number.NaN,
  },
  {
    what: 'openOrder: no duration is a duration of nothing',
    fields: open({}, {}),
    at: [2, 'duration'],
    meant: undefined,
    heard: 0,
  },
  {
    what: 'openOrder: and none in the spelling of an unset whole number is one of 68 years',
    fields: open({}, {}).with(127, '2147483647'),
    at: [2, 'duration'],
    meant: undefined,
    heard: 2147483647,
  },
  {
    what: 'openOrder: whether price management is used, if nobody said so, is no',
    fields: open({}, {}),
    at: [2, 'usePriceMgmtAlgo'],
    meant: undefined,
    heard: false,
  },
  {
    what: 'error: a backslash and a u that are meant as such are taken for an escape',
    fields: error('no such folder: \\users'),
    at: [0],
    meant: 'no such folder: \\users',
    heard: 'no such folder: \0',
  },
  {
    what: 'error: what an escape gives is taken for a part of another escape',
    fields: error('\\u005cu0041'),
    at: [0],
    meant: '\\u0041',
    heard: 'A',
  },
  {
    what: 'orderBound: an id of more than 53 bits loses its last digits',
    fields: ['100', '9007199254740993', '0', '5'],
    at: [0],
    meant: 9007199254740993n,
    heard: 9007199254740992,
  },
];

describe('the installed client', () => {
  test.each(MISHEARD)('$what', ({ fields, at, meant, heard: misheard }) => {
    const [first] = heard(177, fields);
    const value = part(first?.args ?? [], at);
    expect(value).toEqual(misheard);
    expect(value).not.toEqual(meant);
  });

  test.each([
    ['a rejection that is no JSON', 'not JSON'],
    ['a rejection whose JSON has a quotation mark as an escape', '{"a":"\\u0022"}'],
  ])('throws out of its socket at %s', (_, reject) => {
    for (const version of VERSIONS) {
      expect(() => heard(version, answers.error(1, 201, 'no', reject))).toThrow(SyntaxError);
    }
  });

  test('tells an error 505, and the order besides, if there is more than it expects', () => {
    for (const version of VERSIONS) {
      const fields = answers.openOrder({ contract: {}, order: {}, state: {} }, version);
      const told = heard(version, [...fields, 'more']);
      expect(told.map(({ event }) => event)).toEqual(['error', 'openOrder']);
      expect(told[0]?.args[1]).toBe(505);
      expect(heard(version, fields.slice(0, -1)).map(({ args }) => args[1])).toEqual([505]);
    }
  });
});
