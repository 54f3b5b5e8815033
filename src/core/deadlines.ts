/** Deadlines: what the charts call a wait has one running, and nothing else has (L7). */
import { bracketChart, deadlinesOf } from './charts.ts';
import type { Effect } from './ready.ts';
import type { Turn } from './turn.ts';

/** Starts and stops deadlines until the waits of the configuration are exactly those that run. */
export function keepDeadlines(turn: Turn, effects: Effect[]): void {
  const { bracket } = turn;
  const chart = bracketChart(bracket.pairs.length);
  const due = new Map<string, number>();
  const { policy } = bracket.plan;
  for (const region of chart.regions) {
    const state = bracket.configuration[region.region] ?? region.initial;
    for (const name of deadlinesOf(region, state)) {
      due.set(`${region.region}.${name}`, policy[`${name}Ms`]);
    }
  }
  const deadlines: Record<string, string> = {};
  for (const [key, deadline] of Object.entries(bracket.deadlines)) {
    if (due.has(key)) deadlines[key] = deadline;
    else effects.push({ type: 'stopDeadline', deadline });
  }
  let { deadlineCount } = bracket;
  for (const [key, withinMs] of due) {
    if (deadlines[key] !== undefined) continue;
    deadlineCount += 1;
    const deadline = `${bracket.plan.bracket}/${key}/${deadlineCount}`;
    deadlines[key] = deadline;
    effects.push({ type: 'startDeadline', deadline, withinMs });
  }
  turn.bracket = { ...bracket, deadlines, deadlineCount };
}
