/**
 * The laws of a history: what has passed is played again, altered, and must end the same (L2, L8,
 * L9). Each failure is one text: what was altered, and how the end differs.
 */
import type { Fact } from '../core/fact.ts';
import { emptyState } from '../core/state.ts';
import { step } from '../core/step.ts';
import { arrangements } from './arrangements.ts';
import { AS_WRITTEN, endOf, type Manner, type Play, play } from './play.ts';
import type { HistoryLaw, Line, Script } from './script.ts';

/** Every way in which an altered replay of `played` ends differently. */
export function brokenByAlteration(script: Script, played: Play): readonly string[] {
  return [...script.setup.laws.flatMap((law) => brokenBy(script, played, law)), ...replays(played)];
}

function brokenBy(script: Script, played: Play, law: HistoryLaw): readonly string[] {
  const lenient = { ...AS_WRITTEN, lenient: true };
  switch (law) {
    case 'doubled':
      return differs('doubled', played, script, { ...lenient, times: 2 });
    case 're-sent':
      return differs('re-sent', played, script, { ...lenient, reSent: true });
    case 'shuffled':
      return script.paragraphs.flatMap(({ lines }, paragraph) =>
        shuffles(lines).flatMap((shuffled) => {
          const first = shuffled[0]?.number ?? 0;
          const order = shuffled.map((line) => line.text).join(' · ');
          const what = `shuffled, ${script.file}:${first}: ${order}`;
          return differs(what, played, script, {
            ...lenient,
            shuffled: { paragraph, lines: shuffled },
          });
        }),
      );
  }
}

const speaks = (line: Line): boolean =>
  line.action.actor === 'tws' && line.action.spoken.verb !== 'snapshot';

/** TWS's lines in every other order; the others stay where they are, and so do the times. */
function shuffles(lines: readonly Line[]): readonly (readonly Line[])[] {
  const spoken = lines.filter(speaks);
  return arrangements(spoken)
    .slice(1)
    .map((order) => {
      const rest = [...order];
      return lines.map((line) =>
        speaks(line) ? { ...(rest.shift() ?? line), at: line.at } : line,
      );
    });
}

function differs(what: string, played: Play, script: Script, manner: Manner): readonly string[] {
  const { stage } = play(script, manner);
  const { problem } = stage;
  if (problem !== null) {
    // Nobody hears of an order before it was sent: that order of lines cannot happen.
    const own = manner.shuffled?.lines.some((line) => line.number === problem.line) === true;
    return own ? [] : [`${what}\n  line ${problem.line}: ${problem.text}`];
  }
  const problems = stage.readies.flatMap((ready) =>
    ready.alarms.filter((alarm) => alarm.broken).map((a) => `${what}\n  BROKEN ${a.law} ${a.text}`),
  );
  const before = endOf(played.stage.state);
  const after = endOf(stage.state);
  const lost = before.filter((line) => !after.includes(line)).map((line) => `  - ${line.trim()}`);
  const won = after.filter((line) => !before.includes(line)).map((line) => `  + ${line.trim()}`);
  if (lost.length + won.length === 0) return problems;
  return [...problems, [what, ...lost, ...won].join('\n')];
}

/** L9: the same facts, twice, give the same states and the same effects, byte for byte. */
function replays(played: Play): readonly string[] {
  const { facts, setup, readies } = played.stage;
  const run = (): readonly string[] => {
    let state = emptyState(setup.overlap);
    return facts.map((fact: Fact) => {
      const ready = step(state, fact);
      state = ready.state;
      return JSON.stringify(ready);
    });
  };
  const written = readies.map((ready) => JSON.stringify(ready));
  return [run(), run()].flatMap((again) => {
    const at = again.findIndex((line, i) => line !== written[i]);
    return at < 0 ? [] : [`L9: record ${at + 1} is not the same when the facts are replayed`];
  });
}
