/**
 * `npm run soak -- [--seeds N] [--from SEED] [--weather NAME]`: nights without end, or so many. A
 * night that goes wrong prints the line that repeats it.
 */
import { parseArgs } from 'node:util';
import { night } from './nights.ts';
import { WEATHERS } from './weathers.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    weather: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

const names = Object.keys(WEATHERS);
const { weather: only } = values;
const [seeds, from] = [Number(values.seeds), Number(values.from)];

if (values.help) {
  console.log(`Usage: npm run soak -- [--seeds N] [--from SEED] [--weather NAME]

Goes through N nights (1000) of every weather, from SEED (1) on. Exit code 1 when one went wrong.
Weathers: ${names.join('; ')}.`);
} else if (!(seeds >= 1) || !(from >= 0) || (only !== undefined && !names.includes(only))) {
  console.error(`soak: --seeds and --from take numbers; --weather is one of: ${names.join('; ')}`);
  process.exitCode = 1;
} else await soak();

async function soak(): Promise<void> {
  for (const [name, weather] of Object.entries(WEATHERS)) {
    if (only !== undefined && name !== only) continue;
    const began = performance.now();
    let facts = 0;
    let wrong = 0;
    for (let seed = from; seed < from + seeds; seed++) {
      const one = await night(seed, weather);
      facts += one.facts;
      if (one.wrong.length === 0) continue;
      wrong += 1;
      process.exitCode = 1;
      console.log(`npm run soak -- --seeds 1 --from ${seed} --weather '${name}'`);
      for (const what of one.wrong.slice(0, 5)) console.log(`    ${what}`);
    }
    const seconds = (performance.now() - began) / 1_000;
    const rate = Math.round(facts / seconds).toLocaleString('en-US');
    console.log(`${name}: ${seeds} nights, ${facts} facts, ${wrong} wrong; ${rate} facts a second`);
  }
}
