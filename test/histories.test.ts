/**
 * Plays every history of `test/histories` and compares its second half, line for line; then plays
 * it altered, by the laws its header names, and replays its facts (L9).
 *
 *     npx vitest run test/histories.test.ts -t rime-693            one history
 *     UPDATE=1 npx vitest run test/histories.test.ts -t rime-693   writes its second half anew
 *
 * A rewritten second half is reviewed as a trader would, and kept only if one can say what changed
 * and that it is wanted.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { brokenByAlteration } from '../src/history/altered.ts';
import { play, render } from '../src/history/play.ts';
import { readScript } from '../src/history/script.ts';
import { unifiedDiff } from './diff.ts';

const FOLDER = 'test/histories';
const FLOOR = 45;

const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.txt'))
  .sort();

describe('histories', () => {
  test(`there are at least ${FLOOR}`, () => {
    expect(names.length).toBeGreaterThanOrEqual(FLOOR);
  });

  test.each(names)('%s', (name) => {
    const file = `${FOLDER}/${name}`;
    const written = readFileSync(file, 'utf8');
    const script = readScript(file, written);
    const played = play(script);
    const printed = render(script, played.outputs);
    if (process.env.UPDATE === '1' && printed !== written) writeFileSync(file, printed);
    else if (printed !== written) {
      throw new Error(`${unifiedDiff(file, written, printed)}\n\n${repeat(name)}`);
    }
    const broken = played.stage.readies.flatMap((ready) =>
      ready.alarms
        .filter((alarm) => alarm.broken)
        .map((alarm) => `${file} [${ready.seq}] broken law ${alarm.law}: ${alarm.text}`),
    );
    const problems = [...broken, ...brokenByAlteration(script, played)];
    if (problems.length > 0) throw new Error(`${problems.join('\n')}\n\n${repeat(name)}`);
  });
});

describe('of two values for one key, none is lost in silence', () => {
  const BRACKET = 'bracket A  BUY 2 RIME  LMT 1.31  stop STP 1.25  target 2 LMT 1.35';
  test.each([
    [`${BRACKET}  plan=paired plan=sequenced\n----\nok\n`, 'x:1: "plan=" is there twice'],
    [
      `${BRACKET}\n----\nok\n\n09:31:00.000  tws  snapshot open=none position=0 position=2 unasked\n----\n`,
      'x:5: "position=" is there twice; what is a list takes commas',
    ],
  ])('%j', (text, told) => {
    expect(() => readScript('x', text)).toThrow(told);
  });
});

function repeat(name: string): string {
  const command = `npx vitest run test/histories.test.ts -t ${name}`;
  return `repeat:  ${command}\naccept:  UPDATE=1 ${command}`;
}
