/** The parts of documents that are made from the code are fresh. `UPDATE=1` rewrites them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LAWS } from '../machines/laws.ts';

function generated(file: string, name: string, lines: readonly string[]): void {
  const path = new URL(`../${file}`, import.meta.url);
  const text = readFileSync(path, 'utf8');
  const begin = text.indexOf(`<!-- BEGIN GENERATED ${name}`);
  const end = text.indexOf(`<!-- END GENERATED ${name} -->`);
  expect(begin, `${file} marks where "${name}" begins`).toBeGreaterThan(0);
  expect(end, `${file} marks where "${name}" ends`).toBeGreaterThan(begin);
  const head = text.slice(0, text.indexOf('\n', begin) + 1);
  const fresh = `${head}\n${lines.join('\n')}\n\n${text.slice(end)}`;
  if (process.env.UPDATE === '1') writeFileSync(path, fresh);
  else expect(text, `${file} is stale: UPDATE=1 npx vitest run test/documents.test.ts`).toBe(fresh);
}

it('the table of laws in ARCHITECTURE.md', () => {
  expect(LAWS.map((law) => law.id)).toEqual(Array.from({ length: 12 }, (_, i) => `L${i + 1}`));
  generated('ARCHITECTURE.md', 'laws', [
    '| id | where | law |',
    '|---|---|---|',
    ...LAWS.map((law) => `| ${law.id} | ${law.where} | ${law.text} |`),
  ]);
});
