/** Deadlines: what the charts call a wait has one running, and nothing else has (L7). */
import type { Standing } from './charts.ts';
import type { Effect } from './ready.ts';
import type { Bracket } from './state.ts';
import type { Turn } from './turn.ts';

/** Starts and stops deadlines until the waits of the configuration are exactly those that run. */
export function keepDeadlines(turn: Turn, effects: Effect[]): void {
  const { bracket, standing } = turn;
  if (runsExactly(standing, bracket.deadlines)) return;
  const due = new Set(standing.flatMap((row) => row.waits.map((wait) => wait.key)));
  const deadlines: Record<string, string> = {};
  for (const [key, deadline] of Object.entries(bracket.deadlines)) {
    if (due.has(key)) deadlines[key] = deadline;
    else effects.push({ type: 'stopDeadline', deadline });
  }
  let { deadlineCount } = bracket;
  const { policy } = bracket.plan;
  for (const { waits } of standing) {
    for (const { name, key } of waits) {
      if (deadlines[key] !== undefined) continue;
      deadlineCount += 1;
      const deadline = `${bracket.plan.bracket}/${key}/${deadlineCount}`;
      deadlines[key] = deadline;
      effects.push({ type: 'startDeadline', deadline, withinMs: policy[`${name}Ms`] });
    }
  }
  turn.bracket = { ...bracket, deadlines, deadlineCount };
}

/** Most steps neither begin nor end a wait. */
function runsExactly(standing: Standing, deadlines: Bracket['deadlines']): boolean {
  let due = 0;
  for (const { waits } of standing) {
    for (const { key } of waits) {
      if (deadlines[key] === undefined) return false;
      due += 1;
    }
  }
  return Object.keys(deadlines).length === due;
}
