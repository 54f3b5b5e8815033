/**
 * The generated suites: each a small projection of the whole, with an alphabet of its own.
 *
 * Numbers are shares. `floor` is about nine tenths of what there was when the suite was written.
 */
import type { BracketRequest } from '../../src/core/request.ts';
import { OCA_READINGS } from '../../src/simulator/readings.ts';
import type { Rarity, Scope } from '../../src/verify/scope.ts';
import { ALL_CHECKS, type Check, type Suite } from './model.ts';

/** A BUY of RIME: entry 1.31, stop 1.25, targets from 1.35 upwards. */
export function bracket(
  targets: readonly number[],
  changes: Partial<BracketRequest> = {},
): BracketRequest {
  return {
    bracket: 'B',
    account: 'DU123',
    symbol: 'RIME',
    side: 'BUY',
    quantity: targets.reduce((sum, quantity) => sum + quantity, 0),
    entry: { type: 'LMT', limitPrice: 1.31, tif: 'GTC', outsideRth: false },
    stop: { type: 'STP', stopPrice: 1.25, tif: 'GTC', outsideRth: false },
    targets: targets.map((quantity, i) => ({
      quantity,
      limitPrice: `1.${35 + i}`,
      tif: 'GTC',
      outsideRth: false,
    })),
    plan: 'paired',
    ...changes,
  };
}

const ALL = 99;
/** How long a quiet world is waited for: deadlines that may end when nothing else happens. */
const PATIENCE = 8;

const LOTS = [1, ALL];

function suite(
  name: string,
  floor: readonly [states: number, paths: number],
  targets: readonly number[],
  scope: Partial<Scope> = {},
  changes: Partial<Suite> = {},
): Suite {
  const rare: Partial<Record<Rarity, number>> = { patience: PATIENCE, ...scope.rare };
  return {
    name,
    floor,
    checks: ALL_CHECKS,
    alarms: LATE_LEG,
    scope: { requests: [bracket(targets)], lots: [ALL], travel: 'prompt', ...scope, rare },
    ...changes,
  };
}

/** Faults raise alarms, as they should. */
const LOUD: Partial<Suite> = { checks: ALL_CHECKS.filter((check) => check !== 'quiet') };
/** What is taken back may leave more sold than bought: that is nobody's order. */
const TAKEN_BACK: Partial<Suite> = { checks: ['converges', 'account'] };
/** A stop that trades before its target was taken: the broker's doing, and shown as such. */
const LATE_LEG: readonly string[] = [
  'the stop traded before its target was acknowledged',
  'overhang: exits may come to',
];

/** Everything is prompt: the races are those at the venue, where a withdrawal may lose. */
export const PROMPT: readonly Suite[] = [
  suite('one pair of 1', [27, 11], [1]),
  suite('one pair of 2, lots 1 and all', [190, 215], [2], { lots: LOTS }),
  suite('one pair of 3, lots 1 and all', [950, 2_400], [3], { lots: LOTS }),
  suite('two pairs of 1', [600, 220_000], [1, 1]),
  suite('two pairs of 2 and 1, lots 1 and all', [8_000, 26_000_000], [2, 1], { lots: LOTS }),
];

/** One way takes time: a request arrives, or a word is heard, after whatever comes first. */
export const TRAVELLING: readonly Suite[] = [
  suite('requests travel, one pair of 2', [450, 2_000], [2], { lots: LOTS, travel: 'requests' }),
  suite('requests travel, two pairs of 1', [2_900, 1_000_000], [1, 1], { travel: 'requests' }),
  suite('words travel, one pair of 1', [210, 15_000], [1], { travel: 'words', wordsMost: 3 }),
  suite('words travel, one pair of 2', [1_300, 300_000], [2], {
    lots: LOTS,
    travel: 'words',
    wordsMost: 2,
  }),
];

/** Told in another order, later, twice, or without the statuses. */
export const TELLING: readonly Suite[] = [
  suite('executions after statuses', [1_300, 2_000], [2], { lots: LOTS, rare: { statusFirst: 2 } }),
  suite('an execution held back', [1_450, 4_800], [2], { lots: LOTS, rare: { late: 1 } }),
  suite('words repeated', [480, 2_700], [2], { lots: LOTS, rare: { twice: 1 } }),
  suite('statuses omitted', [2_000, 7_000], [1], { rare: { silent: 2, elapse: 1 } }, LOUD),
];

export const FAULTS: readonly Suite[] = [
  suite('the link is cut', [900, 4_500], [1], { rare: { cut: 1, elapse: 1 } }, LOUD),
  suite('the link is cut, two pairs', [13_000, 1_000_000], [1, 1], { rare: { cut: 1 } }, LOUD),
  suite(
    'requests are lost in a cut',
    [900, 3_000],
    [1],
    { travel: 'requests', rare: { cut: 1, flatten: 1 } },
    LOUD,
  ),
  suite('waits end', [700, 10_700], [1], { rare: { elapse: 3 } }, LOUD),
  suite('orders are refused', [500, 380], [1], { rare: { reject: 2, unsolicitedCancel: 1 } }, LOUD),
  suite(
    'cancels are refused',
    [4_300, 93_000],
    [1],
    { rare: { refuseCancel: 2, flatten: 1, elapse: 2 } },
    LOUD,
  ),
  suite(
    'orders are held',
    [1_900, 60_000],
    [1],
    { rare: { hold: 1, inactivate: 1, elapse: 1 } },
    LOUD,
  ),
  suite('executions are corrected', [5_000, 5_000], [2], { rare: { correct: 2 } }, TAKEN_BACK),
  suite('executions are busted', [60, 30], [2], { rare: { bust: 2 } }, TAKEN_BACK),
  suite('somebody else sells', [700, 1_800], [2], { rare: { foreign: 1, cut: 1 } }, LOUD),
];

export const WISHES: readonly Suite[] = [
  suite('the entry is cancelled', [7_800, 1_000_000], [1, 1], { lots: LOTS, rare: { cancel: 1 } }),
  suite('the bracket is flattened', [1_200, 2_800], [2], { lots: LOTS, rare: { flatten: 1 } }),
  suite('the stop is moved', [165, 135], [1], { rare: { moveStop: 1 } }),
  suite('the target is moved', [690, 1_150], [1], { rare: { moveTarget: 2 } }),
  suite(
    'the session ends',
    [220, 1_350],
    [1],
    { requests: [bracket([1], { flattenBeforeClose: true })], rare: { session: 1, elapse: 1 } },
    LOUD,
  ),
];

/** Two brackets of one contract: L6 is a sum over the account, too. */
export const OVERLAP: readonly Suite[] = [
  suite('two brackets of 1', [1_600, 7_000_000], [1], {
    requests: [bracket([1], { bracket: 'A' }), bracket([1], { bracket: 'B' })],
    overlap: { capQty: 20_000 },
  }),
];

/** Plan `sequenced`: one live exit for any share. */
export const SEQUENCED: readonly Suite[] = [
  suite(
    'sequenced, one pair of 2',
    [1_000, 4_200],
    [2],
    { requests: [bracket([2], { plan: 'sequenced' })], lots: LOTS, rare: { print: 2 } },
    LOUD,
  ),
  suite(
    'sequenced, two pairs of 1',
    [430, 4_300],
    [1, 1],
    { requests: [bracket([1, 1], { plan: 'sequenced' })], rare: { print: 1 } },
    LOUD,
  ),
];

/** Readings of "reduce" that keep equal pairs equal. */
export const READINGS: readonly Suite[] = OCA_READINGS.filter((one) => one.keepsEqualPairs).map(
  ({ name }) =>
    suite(`reduced ${name}`, [8_900, 37_000], [4], {
      lots: [1, 2, ALL],
      book: { ocaReading: name },
    }),
);

/** The broker makes something else of the group, and says so: then no target joins. */
export const ADMITTED: readonly Suite[] = ([0, 1, 3] as const).map((ocaType) =>
  suite(
    `regrouped as type ${ocaType}, and told`,
    [70, 190],
    [2],
    { lots: LOTS, regroups: { ocaType, admits: true }, rare: { print: 1 } },
    LOUD,
  ),
);

/** Other words in a request: the other side, other types of orders, other hours, other policies. */
export const SHAPES: readonly Suite[] = [
  suite('short, one pair of 2', [1_250, 2_800], [2], {
    requests: [
      bracket([2], {
        side: 'SELL',
        stop: { type: 'STP', stopPrice: 1.45, tif: 'GTC', outsideRth: false },
        targets: [{ quantity: 2, limitPrice: 1.2, tif: 'GTC', outsideRth: false }],
      }),
    ],
    lots: LOTS,
    rare: { flatten: 1 },
  }),
  suite(
    'short and sequenced',
    [1_400, 2_000],
    [1],
    {
      requests: [
        bracket([1], {
          plan: 'sequenced',
          side: 'SELL',
          stop: {
            type: 'STP LMT',
            stopPrice: 1.45,
            limitPrice: 1.5,
            tif: 'GTC',
            outsideRth: false,
          },
          targets: [{ quantity: 1, limitPrice: 1.2, tif: 'GTC', outsideRth: false }],
        }),
      ],
      rare: { print: 2, elapse: 1 },
    },
    LOUD,
  ),
  suite(
    'a stop-limit that does not fill',
    [300, 850],
    [2],
    {
      requests: [
        bracket([2], {
          entry: { type: 'STP', stopPrice: 1.31, tif: 'DAY', outsideRth: false },
          stop: {
            type: 'STP LMT',
            stopPrice: 1.25,
            limitPrice: 1.2,
            tif: 'GTC',
            outsideRth: false,
          },
        }),
      ],
      rare: { elapse: 2 },
    },
    LOUD,
  ),
  suite(
    'outside regular hours',
    [1_100, 2_600],
    [1],
    {
      requests: [
        bracket([1], {
          entry: {
            type: 'STP LMT',
            stopPrice: 1.31,
            limitPrice: 1.32,
            tif: 'GTC',
            outsideRth: true,
          },
          stop: { type: 'STP LMT', stopPrice: 1.25, limitPrice: 1.2, tif: 'GTC', outsideRth: true },
          targets: [{ quantity: 1, limitPrice: 1.35, tif: 'DAY', outsideRth: true }],
        }),
      ],
      rare: { print: 1, flatten: 1 },
    },
    // The way out has a limit there, and waits for a price that may never be printed.
    { checks: ALL_CHECKS.filter((check) => check !== 'quiet' && check !== 'rests') },
  ),
  suite(
    'a symbol is halted',
    [380, 7_200],
    [1],
    {
      requests: [
        bracket([1], {
          entry: { type: 'MKT', tif: 'DAY', outsideRth: false },
          policy: { onNaked: 'alert' },
        }),
      ],
      rare: { halt: 1, elapse: 1 },
    },
    LOUD,
  ),
];

/** Words that are odd, and not wrong: what they call for is in `demands.ts`. */
export const ODD_WORDS: readonly Suite[] = [
  suite(
    'an order is shown otherwise',
    [3_100, 12_500],
    [2],
    { lots: LOTS, rare: { misshow: 1 } },
    LOUD,
  ),
  suite('of an end only the message', [250, 180], [1], { rare: { bare: 2, flatten: 1 } }, LOUD),
];

/** The broker breaks its word: too much is sold, and the engine must say so and stop. */
const BREACHED: Partial<Suite> = { checks: ['account'] };
export const BREACHES: readonly Suite[] = [
  suite(
    'a breach',
    [1_700, 1_300],
    [2],
    { lots: LOTS, regroups: { ocaType: 3, admits: false } },
    BREACHED,
  ),
  suite(
    'a breach is remedied',
    [460, 900],
    [1],
    {
      requests: [bracket([1], { policy: { remedy: 'flatten' } })],
      regroups: { ocaType: 0, admits: false },
      rare: { elapse: 1 },
    },
    BREACHED,
  ),
  suite(
    'a reduction compounds',
    [2_000, 3_300],
    [6],
    { lots: [2, ALL], book: { ocaReading: 'proportionalOfOriginal' } },
    BREACHED,
  ),
  suite('a late leg in full', [220, 220], [2], { lots: LOTS, book: { lateLeg: 'full' } }, BREACHED),
];

export const SUITES: readonly Suite[] = [
  ...PROMPT,
  ...TRAVELLING,
  ...TELLING,
  ...FAULTS,
  ...WISHES,
  ...OVERLAP,
  ...SEQUENCED,
  ...READINGS,
  ...ADMITTED,
  ...SHAPES,
  ...ODD_WORDS,
  ...BREACHES,
];

// ── what the broker may do that no engine can mend ───────────────────────────────────────────

const OVERSOLD = 'sold # of # bought';

/** The echo says what was asked; the group does something else. */
function lie(
  name: string,
  floor: readonly [number, number],
  scope: Partial<Scope>,
  finds: string,
  targets: readonly number[] = [2],
): Suite {
  const checks: readonly Check[] = ['sold', 'covered'];
  return suite(name, floor, targets, { lots: LOTS, ...scope }, { checks, finds: [finds] });
}

const STOPLESS = 'a part of B.target#.# leaves the rest without B.stop#.#';

export const LIES: readonly Suite[] = [
  lie('no group', [270, 250], { regroups: { ocaType: 0, admits: false } }, OVERSOLD),
  lie('type 1', [150, 130], { regroups: { ocaType: 1, admits: false } }, STOPLESS),
  lie('type 3', [400, 600], { regroups: { ocaType: 3, admits: false } }, OVERSOLD),
  lie(
    'the reading that compounds',
    [11_000, 40_000],
    { lots: [2, 4, ALL], book: { ocaReading: 'proportionalOfOriginal' } },
    OVERSOLD,
    [8],
  ),
  lie('partial fills reduce nobody', [210, 200], { book: { ocaReading: 'none' } }, OVERSOLD),
  lie('a late leg is admitted in full', [190, 200], { book: { lateLeg: 'full' } }, OVERSOLD),
];
