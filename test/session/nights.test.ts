/**
 * Nights from seeds, with all that a broker, a network and a machine do wrong (`nights.ts`). What
 * the broker counts is never oversold, no law breaks, and in the morning all has come to its end.
 */
import { describe, expect, test } from 'vitest';
import { night } from './nights.ts';
import { WEATHERS } from './weathers.ts';

const SEEDS = 120;

/** Where a bracket stands when we die or the socket breaks: each must have been met. */
const PHASES = ['none', 'flat', 'exposed', 'protected', 'closing', 'settling', 'closed'];

describe('nights', () => {
  test.each(Object.entries(WEATHERS))('%s', { timeout: 120_000 }, async (name, weather) => {
    const met = new Map<string, number>();
    let [facts, traded, died, cuts] = [0, 0, 0, 0];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const one = await night(seed, weather);
      expect(one.wrong, `npm run soak -- --seeds 1 --from ${seed} --weather '${name}'`).toEqual([]);
      facts += one.facts;
      if (one.bought > 0) traded += 1;
      died += one.died;
      cuts += one.cuts;
      for (const [what, often] of one.met) met.set(what, (met.get(what) ?? 0) + often);
    }
    // Not vacuous: nearly every night trades, and troubles come in every phase of a bracket's life.
    expect(facts).toBeGreaterThan(300 * SEEDS);
    expect(traded).toBeGreaterThan(0.95 * SEEDS);
    const { cut = 0, crash = 0 } = weather.troubles;
    const troubles = [...(cut > 0 ? ['cut'] : []), ...(crash > 0 ? ['crash'] : [])];
    const unmet = troubles.flatMap((trouble) =>
      PHASES.map((phase) => `${trouble} in ${phase}`).filter((what) => !met.has(what)),
    );
    expect(unmet).toEqual([]);
    if (crash > 0) expect(died).toBeGreaterThan(3 * SEEDS);
    if (cut > 0) expect(cuts).toBeGreaterThan(3 * SEEDS);
  });
});
