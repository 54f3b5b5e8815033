import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Find } from './hunt.ts';
import { MUTATIONS } from './mutations.ts';

const MUTANT = fileURLToPath(new URL('mutant.ts', import.meta.url));
const MUTANT_MS = 180_000;

async function hunted(name: string): Promise<Find | null> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [MUTANT, name, 'paths'], { timeout: MUTANT_MS });
  return JSON.parse(stdout) as Find | null;
}

describe.concurrent('planted defects are found by generated suites', { timeout: MUTANT_MS }, () => {
  test('none is found where none is planted', async () => {
    expect(await hunted('')).toBeNull();
  });

  for (const { name } of MUTATIONS) {
    test(name, async () => {
      const find = await hunted(name);
      expect(find, `nobody finds it: ${name}`).not.toBeNull();
      if (find === null) return;
      console.log(
        `${name}: found by "${find.suite}" after ${find.path.length} events ` +
          `(${find.situations} situations): ${find.wrong}`,
      );
    });
  }
});
