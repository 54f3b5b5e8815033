/** Deadlines: what the charts call a wait has one running, and nothing else has (L7). */
import { bracketChart, standingOf } from './charts.ts';
import type { Effect } from './ready.ts';
import type { Standing } from './standing.ts';
import type { Bracket, Running, State } from './state.ts';
import type { Turn } from './turn.ts';

/** Starts and stops deadlines until the waits of the configuration are exactly those that run. */
export function keepDeadlines(turn: Turn, effects: Effect[]): void {
  const { bracket, standing } = turn;
  if (runsExactly(standing, bracket.deadlines)) return;
  const deadlines: Running[] = [];
  for (const running of bracket.deadlines) {
    const { key, deadline } = running;
    if (standing.waits.some((wait) => wait.key === key)) deadlines.push(running);
    else effects.push({ type: 'stopDeadline', deadline });
  }
  const { policy } = bracket.plan;
  for (const { name, key } of standing.waits) {
    if (deadlines.some((running) => running.key === key)) continue;
    bracket.deadlineCount += 1;
    const deadline = `${bracket.plan.bracket}/${key}/${bracket.deadlineCount}`;
    deadlines.push({ key, deadline });
    effects.push({ type: 'startDeadline', deadline, withinMs: policy[`${name}Ms`] });
  }
  bracket.deadlines = deadlines;
}

/**
 * The waits that run in a state, as effects that start them: for whoever begins from a state that
 * was written down. Each has its whole time again; the core knows no clock to say what is left.
 */
export function runningDeadlines(state: State): readonly Effect[] {
  const effects: Effect[] = [];
  for (const { plan, pairs, configuration, deadlines } of brackets(state)) {
    const { waits } = standingOf(bracketChart(pairs.length), configuration);
    for (const { name, key } of waits) {
      const running = deadlines.find((one) => one.key === key);
      if (running === undefined) continue;
      const withinMs = plan.policy[`${name}Ms`];
      effects.push({ type: 'startDeadline', deadline: running.deadline, withinMs });
    }
  }
  return effects;
}

const brackets = (state: State): readonly Bracket[] =>
  Object.values(state.books).flatMap((book) => book.brackets);

/** No wait has two deadlines: as many as there are waits, each with a wait of its own. */
function runsExactly({ waits }: Standing, deadlines: readonly Running[]): boolean {
  if (waits.length !== deadlines.length) return false;
  for (const { key } of waits) {
    if (!deadlines.some((running) => running.key === key)) return false;
  }
  return true;
}
