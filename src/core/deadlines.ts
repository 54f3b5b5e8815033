/** Deadlines: what the charts call a wait has one running, and nothing else has (L7). */
import type { Standing } from './charts.ts';
import type { Effect } from './ready.ts';
import type { Bracket } from './state.ts';
import type { Turn } from './turn.ts';

/** Starts and stops deadlines until the waits of the configuration are exactly those that run. */
export function keepDeadlines(turn: Turn, effects: Effect[]): void {
  const { bracket, standing } = turn;
  if (runsExactly(standing, bracket.deadlines)) return;
  const deadlines: Record<string, string> = {};
  for (const key of Object.keys(bracket.deadlines)) {
    const deadline = bracket.deadlines[key] ?? '';
    if (isDue(standing, key)) deadlines[key] = deadline;
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
  bracket.deadlines = deadlines;
  bracket.deadlineCount = deadlineCount;
}

function isDue(standing: Standing, key: string): boolean {
  for (const { waits } of standing) for (const wait of waits) if (wait.key === key) return true;
  return false;
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
