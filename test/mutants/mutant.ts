/**
 * One mutant of the sources, hunted: `MUTANT='{"file", "from", "to", "text"}' node mutant.ts NAME…`.
 *
 * Prints the name of each hunter as it begins, then a line of JSON: what hindered the construction,
 * or who found it, or null for nobody. Planted as the defects of `test/paths` are: as the sources
 * are loaded, the files stay as they are.
 */
import { writeSync } from 'node:fs';
import { type Cut, plantCut } from '../paths/planting.ts';

const cut: Cut | null = JSON.parse(process.env.MUTANT ?? 'null');
if (cut !== null) plantCut(cut);
const names = process.argv.slice(2);

async function answer(): Promise<object> {
  try {
    const { CONSTRUCTION, construct } = await import('./hunters.ts');
    if (names.includes(CONSTRUCTION)) construct();
  } catch (thrown) {
    return { unmade: String(thrown).slice(0, 200) };
  }
  const { hunted } = await import('./hunters.ts');
  // At once: who reads it wants to know where this process is, if it comes to no end.
  return { found: hunted(names, (name) => void writeSync(1, `${name}\n`)) };
}

writeSync(1, `${JSON.stringify(await answer())}\n`);
