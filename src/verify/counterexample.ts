/**
 * A path of an exploration as a history: what happened, line by line, in the words of the scenario
 * format; what the engine made of it is printed by the history's own player.
 *
 * The path is walked once more from the beginning, by its labels, with every number as it comes.
 * What nobody has told the engine yet (a fill whose word is still under way) stands in comments,
 * with what it comes to at the broker.
 */
import { play, render } from '../history/play.ts';
import { readScript } from '../history/script.ts';
import { type Composition, compose, firstWorld, happen, type World } from './composition.ts';
import type { Trace } from './exploring/exploration.ts';
import { headerOf, type Matter } from './matter.ts';
import type { Passage } from './mind.ts';
import { offers } from './offers.ts';
import { inWordsOf } from './questions.ts';
import type { Scope } from './scope.ts';
import { linesOf } from './telling.ts';

/** One event of a path. */
export type Episode = {
  readonly label: string;
  readonly before: World;
  readonly world: World;
  readonly passed: readonly Passage[];
};

/** Walks a path. Throws where its labels are not those of a path of this scope. */
export function walk(
  scope: Scope,
  trace: Trace,
  from: (c: Composition) => World = firstWorld,
): readonly Episode[] {
  const c = compose(scope, false);
  let world = from(c);
  return trace.map((label) => {
    const event = offers(c, world).find(({ type }) => type === label);
    if (event === undefined) throw new Error(`"${label}" cannot happen here`);
    const before = world;
    const passed: Passage[] = [];
    world = happen(c, before, event, passed);
    return { label, before, world, passed };
  });
}

/** What was told before the path begins. */
export type Prologue = { readonly text: string; readonly at: number };

/** Half past nine. */
const OPENING = 34_200_000;
/** A tenth of a second between two events. */
const STEP = 100;

export const prologueOf = (matter: Matter, because: string): Prologue => ({
  text: `# ${because}\n\n${headerOf(matter)}\n----\nok`,
  at: OPENING,
});

/** The text of a history, with its second halves. */
export function historyOf(prologue: Prologue, episodes: readonly Episode[], scope: Scope): string {
  const text = [prologue.text, ''];
  const executions = new Set<string>();
  /** What has happened since the engine was last told something. */
  let unheard: string[] = [];
  for (const [i, episode] of episodes.entries()) {
    unheard.push(`# ${episode.label}`, ...balanceOf(episode, scope));
    const lines = linesOf(episode.passed, { refOf: refsOf(episode.world), executions });
    if (lines.length === 0) continue;
    const time = timeOf(prologue.at + i * STEP);
    text.push(...unheard, ...lines.map((line) => `${time}  ${line}`), '----', '');
    unheard = [];
  }
  text.push(...unheard);
  const script = readScript('the counterexample', text.join('\n'));
  return render(script, play(script).outputs);
}

function refsOf({ client: { mind } }: World): (orderId: number) => string {
  return (orderId) => (mind.type === 'engine' ? (mind.desk.refs[orderId] ?? '') : '');
}

/** What has changed at the broker, whoever knows of it. */
export function balanceOf({ before, world }: Episode, scope: Scope): readonly string[] {
  const { entered, exited, live } = world.broker.figures;
  const was = before.broker.figures;
  if (was.entered === entered && was.exited === exited) return [];
  const beyond = exited > entered ? `: ${exited - entered} too many` : '';
  const text = `# At the broker: bought ${entered}, sold ${exited}${beyond}; exits live ${live}`;
  return [inWordsOf(scope, text)];
}

function timeOf(ms: number): string {
  const part = (value: number, digits: number): string => String(value).padStart(digits, '0');
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const time = [Math.floor(minutes / 60), minutes % 60, seconds % 60].map((n) => part(n, 2));
  return `${time.join(':')}.${part(ms % 1000, 3)}`;
}
