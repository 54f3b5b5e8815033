/**
 * Who hunts the mutants of the sources: generated suites and explorations that are small enough to
 * be asked thousands of times, then the histories. The large ones hunt what is planted by hand.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { bracketRegions } from '../../machines/bracket.ts';
import { watcherStates } from '../../machines/watcher.ts';
import { bracketChart, regionChart } from '../../src/core/charts.ts';
import { brokenByAlteration } from '../../src/history/altered.ts';
import { play, render } from '../../src/history/play.ts';
import { readScript, type Script } from '../../src/history/script.ts';
import { orderLedgerWrong } from '../core/order-ledger.ts';
import { planWrong } from '../core/plan-account.ts';
import { misspelt } from '../paths/alphabet.ts';
import { trespass } from '../paths/doors.ts';
import { explored, SMALL } from '../paths/exploring.ts';
import { type Find, hunt } from '../paths/hunt.ts';
import { lookWrong } from '../paths/looks.ts';
import { SUITES } from '../paths/suites.ts';
import { walked } from '../paths/wandering.ts';
import { nameOf } from '../verify/matrix.ts';

export type Hunter = { readonly name: string; readonly hunts: () => Find | null };

/** No hunter: what a mutant must come through to be one. */
export const CONSTRUCTION = 'construction';

/** Throws where a mutant's charts do not construct: such a mutant does not count. */
export function construct(): void {
  for (const pairs of [1, 2, 3]) {
    bracketRegions(pairs);
    bracketChart(pairs);
  }
  regionChart('watcher', watcherStates);
}

/** Situations of one suite; the first of a larger one are as good as a suite of their own. */
const SITUATIONS_MOST = 150;

/** Of one exploration: some more than there are where nothing is planted. */
const STATES_MOST = 10_000;

/**
 * Suites and explorations that begin as another does, or that found nothing in a sample which the
 * others had not found before them: the walks come through the same faults.
 */
const ALIKE: readonly RegExp[] = [
  /^(?:reduced|regrouped as type [13]|the link is cut, two|two pairs of 1|one pair of [13])/,
  /^(?:words travel, one pair of 1|requests travel, one|requests are lost|sequenced, two)/,
  /^verify (?:paired [123] (?:reject|refuse|delay|proportional)|paired 2$|paired 3)/,
];
/** They find most in least time. */
const FIRST: readonly string[] = [
  'words travel, one pair of 2',
  'verify paired 1 crash:1',
  'sequenced, one pair of 2',
  'alphabet',
  'walks',
];

const GENERATED: readonly Hunter[] = [
  ...SUITES.map((suite) => ({ name: suite.name, hunts: () => hunt(SITUATIONS_MOST, [suite]) })),
  { name: 'order ledger', hunts: () => accounted('order ledger', orderLedgerWrong()) },
  { name: 'plan account', hunts: () => accounted('plan account', planWrong()) },
  { name: 'doors', hunts: opened },
  { name: 'looks', hunts: lookedAt },
  { name: 'alphabet', hunts: spelt },
  { name: 'walks', hunts: wandered },
  ...SMALL.map((row) => ({
    name: `verify ${nameOf(row)}`,
    hunts: () => explored([row], STATES_MOST),
  })),
];

/** Asked when all that is generated has found nothing, and in this order. */
export const HISTORIES: readonly Hunter[] = [
  { name: 'histories, altered', hunts: altered },
  { name: 'histories', hunts: asWritten },
];

const rank = ({ name }: Hunter): number => FIRST.indexOf(name) + 1 || FIRST.length + 1;

export const HUNTERS: readonly Hunter[] = [
  ...GENERATED.filter(({ name }) => !ALIKE.some((one) => one.test(name))).sort(
    (a, b) => rank(a) - rank(b),
  ),
  ...HISTORIES,
];

/** Asks those that are named, one after the other; `begins` hears of each. */
export function hunted(names: readonly string[], begins: (name: string) => void): Find | null {
  for (const hunter of names.flatMap((name) => HUNTERS.filter((one) => one.name === name))) {
    begins(hunter.name);
    const find = guarded(hunter);
    if (find !== null) return find;
  }
  return null;
}

/** What throws where nothing is planted does not throw: it is found by that. */
function guarded({ name, hunts }: Hunter): Find | null {
  try {
    return hunts();
  } catch (thrown) {
    const wrong = `throws: ${String(thrown).slice(0, 120)}`;
    return { suite: name, wrong, path: [], situations: 0 };
  }
}

/** A second account of the same, in many situations, and where the two differ. */
const accounted = (suite: string, wrong: string | null): Find | null =>
  wrong === null ? null : { suite, wrong, path: [], situations: 0 };

function opened(): Find | null {
  const found = trespass(SITUATIONS_MOST);
  return found === null ? null : { suite: 'doors', ...found };
}

/** What a look does to a state beside a second account of it. */
function lookedAt(): Find | null {
  const wrong = lookWrong();
  return wrong === null ? null : { suite: 'looks', wrong, path: [], situations: 0 };
}

function spelt(): Find | null {
  const found = misspelt();
  return found === null
    ? null
    : { suite: 'alphabet', wrong: found.wrong, path: [], situations: found.asked };
}

const WALKS = 60;
const STEPS = 70;

function wandered(): Find | null {
  for (let seed = 1; seed <= WALKS; seed++) {
    const find = walked({ seed, steps: STEPS });
    if (find !== null) return find;
  }
  return null;
}

const FOLDER = new URL('../histories/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));

function historyOf(name: string): { readonly script: Script; readonly written: string } {
  const written = readFileSync(new URL(name, FOLDER), 'utf8');
  return { script: readScript(name, written), written };
}

/** The incidents doubled, sent again and shuffled: each must end as it does without. */
function altered(): Find | null {
  for (const name of FILES) {
    const { script } = historyOf(name);
    const played = play(script);
    const [wrong] = brokenByAlteration(script, played);
    const situations = played.outputs.length;
    if (wrong !== undefined) return { suite: `altered ${name}`, wrong, path: [], situations };
  }
  return null;
}

/** The incidents, word for word. */
function asWritten(): Find | null {
  for (const name of FILES) {
    const { script, written } = historyOf(name);
    const { outputs } = play(script);
    if (render(script, outputs) === written) continue;
    const wrong = 'is told otherwise';
    return { suite: `history ${name}`, wrong, path: [], situations: outputs.length };
  }
  return null;
}
