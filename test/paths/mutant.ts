/**
 * Runs hunters against a planted defect: `node test/paths/mutant.ts NAME [paths]`.
 *
 * Prints one line of JSON: who found it, with what, after how many events, in how many seconds of
 * one core; or that nobody did.
 * An empty name plants nothing: then nobody may find anything. With `paths`, only the
 * generated suites hunt; without, the exploration of whole matters does, too.
 */
import { FURTHER } from './further-mutations.ts';
import type { Find } from './hunt.ts';
import { MUTATIONS } from './mutations.ts';
import { plant, unplanted } from './planting.ts';

const SITUATIONS_FEW = 350;

const [, , name = '', only = ''] = process.argv;
const mutation = [...MUTATIONS, ...FURTHER].find((each) => each.name === name);
if (name !== '' && mutation === undefined) throw new Error(`no mutation is called "${name}"`);
const edits = mutation?.edits ?? [];
plant(edits);

const { hunt } = await import('./hunt.ts');
const { explored, FAULTS, MATTERS, SMALL } = await import('./exploring.ts');
const found = only === 'paths' ? hunt() : all();

/** Small ones first: most defects show there, and the way to them is as short. */
function all(): Find | null {
  const early = mutation?.inFaults ? (explored(SMALL) ?? explored(FAULTS)) : null;
  return early ?? hunt(SITUATIONS_FEW) ?? explored(SMALL) ?? hunt() ?? explored(MATTERS);
}

const missing = unplanted(edits);
if (missing !== null) throw new Error(missing);
const { user, system } = process.cpuUsage();
const seconds = (user + system) / 1_000_000;
console.log(JSON.stringify(found === null ? null : { ...found, seconds }));
