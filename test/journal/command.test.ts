/** `interlock journal` as a user meets it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { journalCommand } from '../../src/journal/command.ts';
import { openJournal, readJournal } from '../../src/journal/journal.ts';
import { folderOfTest } from './folder.ts';
import { CHARTS, checkpointOf, recordOf, recordsOf } from './records.ts';

const top = fileURLToPath(new URL('../..', import.meta.url));
const folder = folderOfTest();
let files = 0;
const fresh = (): string => {
  files += 1;
  return join(folder, `${files}.journal`);
};

type Said = { readonly code: number; readonly out: string; readonly err: string };

async function journal(...args: string[]): Promise<Said> {
  let out = '';
  let err = '';
  const code = await journalCommand(args, {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    colour: false,
  });
  return { code, out, err };
}

function written(records: number): string {
  const file = fresh();
  const opened = openJournal(file);
  opened.append(recordsOf(1, records));
  if (records > 10) for (const seq of [5, 10]) opened.keep(checkpointOf(seq));
  opened.close();
  return file;
}

function altered(file: string, sql: string): string {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
  return file;
}

const USAGE = 'Usage: interlock journal verify|export|import FILE [--from EXPORT] [--json]';

test('verify: what is in it, within 80 columns', async () => {
  const file = written(1_234);
  const head = /"head":"(\w+)"/.exec((await journal('export', file)).out)?.[1];
  const { code, out, err } = await journal('verify', file);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toBe(`WHOLE  ${file}
  records      1,234
  first        2026-02-12T12:40:00.035Z
  last         2026-02-12T12:40:43.190Z
  head         ${head}
  checkpoints  at record 10
               at record 5
  charts       ${CHARTS} from record 1
`);
  const { out: help } = await journal('verify', '--help');
  for (const line of `${out}${help}`.replaceAll(file, '').split('\n')) {
    expect(line.length).toBeLessThanOrEqual(80);
  }
});

test('verify: under other charts from some record on, and a checkpoint that is damaged', async () => {
  const file = written(20);
  const opened = openJournal(file);
  opened.append([{ ...recordOf(21), charts: 'others', at: 1e20 }]);
  opened.close();
  altered(file, `UPDATE checkpoints SET text = '' WHERE seq = 10`);
  const { code, out } = await journal('verify', file);
  expect(code).toBe(0);
  expect(out).toContain('  last         100000000000000000000\n');
  expect(out).toContain('  checkpoints  at record 10, damaged: it is not used\n');
  expect(out).toContain(
    `  charts       ${CHARTS} from record 1\n               others from record 21\n`,
  );
});

test('verify: an empty one', async () => {
  const { code, out } = await journal('verify', written(0));
  expect(code).toBe(0);
  expect(out).toContain('  first        none\n');
  expect(out).toContain('  checkpoints  none\n  charts       none\n');
});

test('verify --json', async () => {
  const file = written(20);
  const { code, out } = await journal('verify', file, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    file,
    verdict: 'whole',
    records: 20,
    first: recordOf(1).at,
    last: recordOf(20).at,
    head: expect.stringMatching(/^[0-9a-f]{64}$/),
    checkpoints: [
      { seq: 10, whole: true },
      { seq: 5, whole: true },
    ],
    charts: [{ from: 1, charts: CHARTS }],
  });
});

test('verify, export: a damaged one is told with the place, exit 2; export gives what comes before', async () => {
  const file = altered(
    written(200),
    `DROP TRIGGER lines_are_not_changed;
    UPDATE lines SET text = '' WHERE seq = 150;
    CREATE TRIGGER lines_are_not_changed BEFORE UPDATE ON lines BEGIN SELECT raise(ABORT, 'a record is never changed'); END`,
  );
  const { code, out, err } = await journal('verify', file);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(
    /^interlock journal: .*record 150 is not what was written: its text was changed\. .*\n$/,
  );
  const exported = await journal('export', file);
  expect(exported).toMatchObject({ code: 2, err });
  expect(exported.out.split('\n')).toHaveLength(1 + 149 + 1);
});

test('a page that no record is in is looked at, too', async () => {
  const file = written(3);
  const { pages, size } = pagesOf(file);
  const bytes = readFileSync(file);
  // The last page is that of the owner: nothing of ours reads it.
  bytes[(pages - 1) * size] = 0x77;
  writeFileSync(file, bytes);
  expect([...readJournal(file).read(0)]).toEqual(recordsOf(1, 3));
  const { code, err } = await journal('verify', file);
  expect(code).toBe(2);
  expect(err).toContain('is damaged: SQLite says');
});

function pagesOf(file: string): { pages: number; size: number } {
  const db = new DatabaseSync(file);
  const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count);
  const size = Number(db.prepare('PRAGMA page_size').get()?.page_size);
  const [last] = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'owner'").all();
  db.close();
  expect(last?.rootpage).toBe(pages);
  return { pages, size };
}

test('export, import: the same records, and the same head', async () => {
  const file = written(2_500);
  const { out } = await journal('export', file);
  const [first = '', ...lines] = out.trimEnd().split('\n');
  expect(JSON.parse(first)).toEqual({
    interlockJournal: 1,
    records: 2_500,
    chain: 'sha256',
    head: JSON.parse(lines.at(-1) ?? '').chain,
  });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject(recordsOf(1, 2_500));
  const from = `${file}.jsonl`;
  writeFileSync(from, out);
  const copy = fresh();
  expect(await journal('import', copy, '--from', from)).toEqual({
    code: 0,
    out: `${copy}: 2,500 records, all as they were exported\n`,
    err: '',
  });
  expect((await journal('export', copy)).out).toBe(out);
  const json = fresh();
  expect(JSON.parse((await journal('import', json, '--from', from, '--json')).out)).toEqual({
    file: json,
    records: 2_500,
    head: JSON.parse(first).head,
  });
});

test('through a pipe, as a person would', () => {
  const [file, copy] = [written(300), fresh()];
  const cli = `"$0" src/cli/interlock.js journal`;
  const script = `${cli} export ${file} | ${cli} import ${copy} && ${cli} verify ${copy} --json`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath], {
    cwd: top,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('"records": 300');
});

test('an empty journal goes out and in', async () => {
  const from = `${fresh()}.jsonl`;
  writeFileSync(from, (await journal('export', written(0))).out);
  expect((await journal('import', fresh(), '--from', from)).code).toBe(0);
});

const exported = async (): Promise<readonly string[]> =>
  (await journal('export', written(5))).out.trimEnd().split('\n');

const forged = (line: string | undefined, change: object): string =>
  JSON.stringify({ ...JSON.parse(line ?? ''), ...change });

test.each<[string, (lines: readonly string[]) => readonly string[], number, string]>([
  ['nothing', () => [], 1, ' is empty. Expected what interlock journal export writes'],
  ['no JSON', () => ['a text'], 1, ', line 1: is not JSON. Expected what'],
  ['no object', () => ['[]'], 1, ', line 1: is no JSON object. Expected what'],
  [
    'something else',
    () => ['{"a":1}'],
    1,
    ', line 1: interlockJournal: must be 1, the format of the journal. ',
  ],
  [
    'a newer format',
    ([head, ...rest]) => [forged(head, { interlockJournal: 2 }), ...rest],
    1,
    ', line 1: interlockJournal: must be 1',
  ],
  ['no first line', ([, ...rest]) => rest, 1, ', line 1: interlockJournal: must be 1'],
  [
    'a changed field',
    (lines) => lines.map((line) => line.replace('131000000', '131000001')),
    2,
    ', line 2: the chain of record 1 does not follow from its text: it is not what was exported. Export it again',
  ],
  [
    'a changed link',
    ([head, one, ...rest]) => [head ?? '', forged(one, { chain: '0'.repeat(64) }), ...rest],
    2,
    ', line 2: the chain of record 1 does not follow',
  ],
  [
    'a missing line',
    ([head, one, , ...rest]) => [head ?? '', one ?? '', ...rest],
    2,
    ', line 3: record 3, where 2 is due',
  ],
  [
    'two swapped',
    ([head, one, two, ...rest]) => [head ?? '', two ?? '', one ?? '', ...rest],
    2,
    ', line 2: record 2, where 1 is due',
  ],
  [
    'a missing end',
    (lines) => lines.slice(0, -2),
    2,
    ' has 3 of 5 records: it is not what was exported',
  ],
  [
    'a line too many',
    (lines) => [...lines, lines.at(-1) ?? ''],
    2,
    ', line 7: record 5, where 6 is due',
  ],
  [
    'another head',
    ([head, ...rest]) => [forged(head, { head: '0'.repeat(64) }), ...rest],
    2,
    ", line 1: head is not the last record's chain",
  ],
  [
    'half a line',
    (lines) => [...lines.slice(0, -1), lines.at(-1)?.slice(0, 99) ?? ''],
    1,
    ', line 6: is not JSON',
  ],
  [
    'a record without words',
    ([head, one]) => [head ?? '', forged(one, { words: undefined })],
    1,
    ', line 2: words: ',
  ],
  [
    'no fact',
    ([head, one]) => [head ?? '', forged(one, { fact: { type: 'order.eaten', at: 1 } })],
    1,
    ', line 2: order.eaten is not a fact',
  ],
  ['no text', (lines) => [...lines, '\ufffd\u0000'], 1, ', line 7: is not JSON'],
])('import of %s: all or nothing', async (_, change, code, said) => {
  const [file, from] = [fresh(), `${fresh()}.jsonl`];
  writeFileSync(
    from,
    change(await exported())
      .map((line) => `${line}\n`)
      .join(''),
  );
  const imported = await journal('import', file, '--from', from);
  expect(imported).toMatchObject({ code, out: '' });
  expect(imported.err).toMatch(/^interlock journal: .*\n$/);
  expect(imported.err).toContain(`${from}${said}`);
  for (const left of ['', '-wal', '-import', '-import-wal', '-import-lock']) {
    expect(existsSync(`${file}${left}`), left).toBe(false);
  }
});

test('import into what is there already', async () => {
  const file = written(3);
  const from = `${file}.jsonl`;
  writeFileSync(from, (await exported()).join('\n'));
  expect(await journal('import', file, '--from', from)).toEqual({
    code: 1,
    out: '',
    err: `interlock journal: ${file} is there already. Import into a file that does not exist yet\n`,
  });
  expect([...readJournal(file).read(0)]).toEqual(recordsOf(1, 3));
});

test.each([
  [[], 'nothing to do. There is verify, export, import'],
  [['vrify', 'x'], 'there is no "vrify". There is verify, export, import'],
  [['verify'], 'no FILE given'],
  [['verify', 'a', 'b'], 'one FILE at a time, not 2'],
  [['export', 'a', '--json'], 'unknown option "--json"'],
  [['import', 'a', '--from'], '--from needs a value'],
  [['verify', 'a', '--from', 'b'], 'unknown option "--from"'],
])('%j is refused in one line', async (args, reason) => {
  expect(await journal(...args)).toEqual({
    code: 1,
    out: '',
    err: `interlock journal: ${reason}. ${USAGE}\n`,
  });
});

test('what is not there is said', async () => {
  const file = fresh();
  for (const verb of ['verify', 'export']) {
    expect(await journal(verb, file)).toEqual({
      code: 1,
      out: '',
      err: `interlock journal: ${file}: no such file. Check the path\n`,
    });
  }
  expect((await journal('import', file, '--from', `${file}.jsonl`)).err).toBe(
    `interlock journal: ${file}.jsonl: no such file. Check the path\n`,
  );
  expect((await journal('import', file, '--from', folder)).err).toContain('is a directory');
});

test('verify and export of a journal in use', async () => {
  const file = fresh();
  const opened = openJournal(file);
  opened.append(recordsOf(1, 100));
  expect((await journal('verify', file)).code).toBe(0);
  opened.append(recordsOf(101, 200));
  expect((await journal('export', file)).out.split('\n')).toHaveLength(1 + 200 + 1);
  opened.close();
});
