/** Deadlines: what the charts call a wait has one running, and nothing else has (L7). */
import type { Standing } from './charts.ts';
import type { Effect } from './ready.ts';
import type { Bracket } from './state.ts';
import type { Turn } from './turn.ts';

/** Starts and stops deadlines until the waits of the configuration are exactly those that run. */
export function keepDeadlines(turn: Turn, effects: Effect[]): void {
  const { bracket, standing } = turn;
  if (runsExactly(standing, bracket.deadlines)) return;
  const deadlines = stillDue(standing, bracket.deadlines, effects);
  const { policy } = bracket.plan;
  for (const { waits } of standing) {
    for (const { name, key } of waits) {
      if (deadlines[key] !== undefined) continue;
      bracket.deadlineCount += 1;
      const deadline = `${bracket.plan.bracket}/${key}/${bracket.deadlineCount}`;
      deadlines[key] = deadline;
      effects.push({ type: 'startDeadline', deadline, withinMs: policy[`${name}Ms`] });
    }
  }
  bracket.deadlines = deadlines;
  latest = { standing, deadlines };
}

/** A copy of those that run on; the others are stopped. */
function stillDue(
  standing: Standing,
  running: Bracket['deadlines'],
  effects: Effect[],
): Record<string, string> {
  const due: Record<string, string> = {};
  for (const key in running) {
    const deadline = running[key] ?? '';
    if (isDue(standing, key)) due[key] = deadline;
    else effects.push({ type: 'stopDeadline', deadline });
  }
  return due;
}

function isDue(standing: Standing, key: string): boolean {
  for (const { waits } of standing) for (const wait of waits) if (wait.key === key) return true;
  return false;
}

/** What was found last to run exactly: most steps neither begin nor end a wait. */
let latest: { readonly standing: Standing; readonly deadlines: Bracket['deadlines'] } = {
  standing: [],
  deadlines: {},
};

function runsExactly(standing: Standing, deadlines: Bracket['deadlines']): boolean {
  if (latest.standing === standing && latest.deadlines === deadlines) return true;
  let due = 0;
  for (const { waits } of standing) {
    for (const { key } of waits) {
      if (deadlines[key] === undefined) return false;
      due += 1;
    }
  }
  if (Object.keys(deadlines).length !== due) return false;
  latest = { standing, deadlines };
  return true;
}
