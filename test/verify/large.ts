/**
 * The explorations that take minutes and more: `npm run verify:full`, or one of them by its number.
 *
 * Prints a line for each, and exits with 1 when a verdict is not the one that is expected. A limit
 * that is reached is said, and is no failure: nothing was violated in what was explored.
 */
import { type Verification, verify } from '../../src/verify/verification.ts';
import { LARGE, nameOf } from './matrix.ts';

/** About what 16 GiB hold. */
const STATES_MOST = 12_000_000;

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');

function lineOf(name: string, found: Verification): string {
  const { verdict, states, transitions, depth, seconds, findings, witnesses } = found;
  const first = findings[0];
  const unseen = witnesses.filter(({ seen }) => !seen).map(({ id }) => id);
  return [
    `${name}: ${verdict}, ${whole(states)} states, ${whole(transitions)} edges, depth ${depth}`,
    `${Math.round(seconds)} s, ${whole(transitions / seconds)} edges a second`,
    ...(first === undefined ? [] : [`${first.text}: ${first.trace.join(' > ')}`]),
    ...(unseen.length === 0 ? [] : [`never seen: ${unseen.join('; ')}`]),
  ].join(', ');
}

const [, , only] = process.argv;
let wrong = 0;
for (const [i, row] of LARGE.entries()) {
  if (only !== undefined && only !== String(i + 1)) continue;
  const name = `${i + 1}. ${nameOf(row)}`;
  const found = verify(row.matter, {
    limits: { states: STATES_MOST },
    progress: ({ states, depth }) => {
      if (process.stderr.isTTY)
        process.stderr.write(`\r\u001b[2K${name}: ${whole(states)} states, depth ${depth}`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
  console.log(lineOf(name, found));
  const blind = found.verdict === 'holds' && found.witnesses.some(({ seen }) => !seen);
  if (found.verdict === 'violated' || blind || found.states < row.floor) wrong += 1;
}
process.exitCode = wrong === 0 ? 0 : 1;
