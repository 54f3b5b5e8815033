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
import { readScript } from '../../src/history/script.ts';
import { explored, SMALL } from '../paths/exploring.ts';
import { type Find, hunt } from '../paths/hunt.ts';
import { SUITES } from '../paths/suites.ts';

/** Throws where a mutant's charts do not construct: such a mutant does not count. */
export function construct(): void {
  for (const pairs of [1, 2, 3]) {
    bracketRegions(pairs);
    bracketChart(pairs);
  }
  regionChart('watcher', watcherStates);
}

/** Situations of one suite; the first of a larger one are as good as a suite of their own. */
const SITUATIONS_MOST = 300;

/** Of suites that begin alike, one is enough here. */
const ALIKE = /^(?:reduced|regrouped as type [13]|two pairs|the link is cut, two|the entry is)/;
const FEW = SUITES.filter(({ name }) => !ALIKE.test(name));

export function hunted(): Find | null {
  return (
    guarded('paths', () => hunt(SITUATIONS_MOST, FEW)) ??
    guarded('verify', () => explored(SMALL)) ??
    guarded('histories', told)
  );
}

/** What throws where nothing is planted does not throw: it is found by that. */
function guarded(suite: string, hunter: () => Find | null): Find | null {
  try {
    return hunter();
  } catch (thrown) {
    const wrong = `throws: ${String(thrown).slice(0, 120)}`;
    return { suite, wrong, path: [], situations: 0 };
  }
}

const FOLDER = new URL('../histories/', import.meta.url);

/** The incidents as they are written down, then each doubled, sent again and shuffled. */
function told(): Find | null {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
  for (const name of names) {
    const written = readFileSync(new URL(name, FOLDER), 'utf8');
    const script = readScript(name, written);
    const played = play(script);
    const [broken] = brokenByAlteration(script, played);
    const differs = render(script, played.outputs) === written ? undefined : 'is told otherwise';
    const wrong = broken ?? differs;
    if (wrong === undefined) continue;
    const suite = broken === undefined ? `history ${name}` : `history ${name}, altered`;
    return { suite, wrong, path: [], situations: played.outputs.length };
  }
  return null;
}
