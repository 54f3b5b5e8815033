/** A folder that a test has for itself, as fast as there is one: most tests ask for no real disk. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const MEMORY = ['', 'dev', 'shm'].join('/');

export function folderOfTest(): string {
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'interlock-journal-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
