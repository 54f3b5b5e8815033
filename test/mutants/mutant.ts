/**
 * One mutant of the sources, hunted: `MUTANT='{"file", "from", "to", "text"}' node mutant.ts`.
 *
 * Prints a line of JSON: what hindered its construction, or who found it, or null for nobody.
 * Planted as the defects of `test/paths` are: as the sources are loaded, the files stay as they are.
 */
import { type Cut, plantCut } from '../paths/planting.ts';

const cut: Cut | null = JSON.parse(process.env.MUTANT ?? 'null');
if (cut !== null) plantCut(cut);

async function answer(): Promise<object> {
  try {
    const { construct } = await import('./hunters.ts');
    construct();
  } catch (thrown) {
    return { unmade: String(thrown).slice(0, 200) };
  }
  const { hunted } = await import('./hunters.ts');
  return { found: hunted() };
}

console.log(JSON.stringify(await answer()));
