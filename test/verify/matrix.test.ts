import { describe, expect, test } from 'vitest';
import { play, render } from '../../src/history/play.ts';
import { readScript } from '../../src/history/script.ts';
import { prologueOf } from '../../src/verify/counterexample.ts';
import { taleOf } from '../../src/verify/tale.ts';
import { type Verification, verify } from '../../src/verify/verification.ts';
import { FAULTY, nameOf, PROMISES, type Row } from './matrix.ts';

const LIMITS = { states: 400_000 };
const LONG = { timeout: 60_000 } as const;

function line(row: Row, { verdict, states, transitions, depth, seconds }: Verification): string {
  const rate = Math.round(transitions / seconds);
  return `${nameOf(row)}: ${verdict}, ${states} states, ${transitions} transitions, depth ${depth}, ${rate} a second`;
}

function expectVerdict(row: Row): Verification {
  const found = verify(row.matter, { limits: LIMITS });
  console.log(line(row, found));
  const paths = found.findings.map(({ text, trace }) => `${text}: ${trace.join(' > ')}`);
  expect(found.verdict, paths.join('\n')).toBe(row.verdict);
  expect(found.states).toBeGreaterThanOrEqual(row.floor);
  const finds = Object.fromEntries(found.findings.map(({ id, trace }) => [id, trace.length]));
  expect(finds).toEqual(row.finds ?? {});
  if (row.verdict === 'holds') {
    expect(found.witnesses.filter(({ seen }) => !seen)).toEqual([]);
    expect(found.witnesses.length).toBeGreaterThan(0);
  }
  if (row.quantities !== undefined) {
    const again = verify(row.matter, { limits: LIMITS, quantities: true });
    expect(again.verdict).toBe(row.quantities);
  }
  return found;
}

describe('what the plans promise', LONG, () => {
  for (const row of PROMISES) {
    test(nameOf(row), () => {
      const found = expectVerdict(row);
      for (const finding of found.findings) expectPlayable(found, finding);
    });
  }
});

/** A counterexample is a history that plays, and says the same each time. */
function expectPlayable(found: Verification, finding: Verification['findings'][number]): void {
  const { text } = taleOf(found, finding);
  if (found.matter.plan === 'detached') {
    expect(text).toContain('too many');
    return;
  }
  const again = readScript('again', text);
  expect(render(again, play(again).outputs)).toBe(text);
  expect(text.startsWith(prologueOf(found.matter, finding.text).text)).toBe(true);
}

describe('what they promise under faults', LONG, () => {
  for (const row of FAULTY) test(nameOf(row), () => void expectVerdict(row));
});
