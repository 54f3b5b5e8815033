/** What is verified with every run of the tests, and what must come of it. */
import type { Matter } from '../../src/verify/matter.ts';

export type Row = {
  readonly matter: Matter;
  readonly verdict: 'holds' | 'violated';
  /** What does not hold, and after how many events at the earliest. */
  readonly finds?: Readonly<Record<string, number>>;
  /** Where something else is violated: whether quantities hold all the same. */
  readonly quantities?: 'holds' | 'violated';
  /** So many states at least: a verdict over less is not the one that was given here. */
  readonly floor: number;
};

type Named = Partial<Omit<Matter, 'lots'>>;

const matter = (lots: readonly number[], named: Named = {}): Matter => ({
  plan: 'paired',
  side: 'BUY',
  lots,
  oca: 2,
  reduce: 'byQuantity',
  lateLeg: 'left',
  faults: {},
  wishes: {},
  prints: 2,
  ...named,
});

export const holds = (lots: readonly number[], floor: number, named: Named = {}): Row => ({
  matter: matter(lots, named),
  verdict: 'holds',
  floor,
});

const fails = (
  lots: readonly number[],
  finds: Readonly<Record<string, number>>,
  named: Named,
  quantities?: 'holds' | 'violated',
): Row => ({
  matter: matter(lots, named),
  verdict: 'violated',
  finds,
  floor: 20,
  ...(quantities === undefined ? {} : { quantities }),
});

const sequenced = { plan: 'sequenced' } as const;
const detached = { plan: 'detached' } as const;

/** What the plans promise, and of whom they ask it. */
export const PROMISES: readonly Row[] = [
  fails([1, 1], { 'stop, then target': 11, 'target, then stop': 11 }, detached),
  fails([2], { 'stop, then target': 11, 'target, then stop': 11 }, detached),
  holds([2], 190),
  holds([2, 1], 19_000),
  holds([2], 190, { side: 'SELL' }),
  holds([2], 190, { lateLeg: 'refused' }),
  fails([2], { sold: 9 }, { lateLeg: 'full' }),
  fails([1], { sold: 8 }, { oca: 0 }),
  fails([1], { sold: 8 }, { oca: 3 }),
  fails([2], { covered: 6 }, { oca: 1 }, 'holds'),
  holds([3], 900, { reduce: 'proportionalOfRemaining' }),
  holds([3], 900, { reduce: 'fractionOfOriginals' }),
  fails([2], { sold: 9 }, { reduce: 'none' }),
  fails([5], { sold: 10 }, { reduce: 'proportionalOfOriginal' }),
  holds([2], 1_100, sequenced),
  holds([1, 1], 15_000, sequenced),
];

/** The same under faults. */
export const FAULTY: readonly Row[] = [
  holds([1], 56_000, { faults: { delay: 2 } }),
  holds([1], 56_000, { faults: { delay: 1, crash: 1 } }),
  holds([1], 110_000, { faults: { lose: 2 } }),
  holds([1], 4_800, { faults: { repeat: 1 } }),
  holds([2], 35_000, { faults: { delay: 1 } }),
  holds([2], 4_700, { faults: { refuseCancel: 1, early: 1, reject: 1 } }),
  holds([2], 5_000, { lateLeg: 'refused', faults: { cut: 1 } }),
  holds([2], 77_000, { faults: { unsolicitedCancel: 1, hold: 1, inactivate: 1 } }),
  holds([1], 7_500, { faults: { crash: 1, reject: 1 }, wishes: { flatten: 1 } }),
  holds([1], 1_200, { faults: { cut: 1, reject: 1 } }),
  holds([2], 17_000, { faults: { crash: 1, reject: 1 } }),
  holds([1], 300, { faults: { refuseCancel: 1, early: 1, reject: 1 } }),
  holds([1], 38_000, { wishes: { cancel: 1, flatten: 1, move: 1 } }),
  holds([1], 80_000, { ...sequenced, faults: { delay: 1, crash: 1 } }),
  holds([2], 20_000, { ...sequenced, faults: { cut: 1 } }),
];

/** Minutes and hours of one core: `npm run verify:full`. */
export const LARGE: readonly Row[] = [
  holds([2], 1_000, { faults: { delay: 2 } }),
  holds([2], 1_000, { faults: { delay: 1, crash: 1 } }),
  holds([1, 1], 1_000, { faults: { crash: 1 } }),
  // Targets of 2 and 1 do not come to an end in 16 GiB.
  holds([1, 1], 1_000, { faults: { cut: 1 }, wishes: { flatten: 1 } }),
  holds([2], 1_000, { wishes: { cancel: 1, flatten: 1 }, faults: { cut: 1 } }),
  holds([1], 1_000, { faults: { delay: 2, crash: 1 } }),
  holds([1], 1_000, { faults: { delay: 3 } }),
  holds([2], 1_000, { ...sequenced, faults: { delay: 1 } }),
  holds([1, 1], 1_000, { ...sequenced, faults: { cut: 1 } }),
];

export function nameOf({ matter: m }: Row): string {
  const listed = (times: Readonly<Partial<Record<string, number>>>): string =>
    Object.entries(times)
      .map(([name, n]) => `${name}:${n}`)
      .join(',');
  const parts = [
    m.plan,
    m.side === 'SELL' ? 'short' : '',
    m.lots.join(','),
    m.oca === 2 ? '' : `type ${m.oca}`,
    m.reduce === 'byQuantity' ? '' : m.reduce,
    m.lateLeg === 'left' ? '' : `late leg ${m.lateLeg}`,
    listed(m.faults),
    listed(m.wishes),
  ];
  return parts.filter((part) => part !== '').join(' ');
}
