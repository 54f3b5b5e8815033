/**
 * What `step` put to the charts while something ran: every event with its conclusions.
 *
 * `step` keeps its conclusions to itself, so they are read off the questions that it asks the
 * table of each region: `<configuration> <event> <which guards hold, as bits>`. A guard that no
 * region asked about decides nothing.
 */
import type { ChartEvent, ChartFact, Conclusions, Leg } from '../../machines/facts.ts';
import type { BracketChart, RegionChart } from '../core/charts.ts';

type Question = { readonly region: RegionChart; readonly event: string; readonly holds: number };

export function chartEventsOf<T>(
  chart: BracketChart,
  work: () => T,
): { readonly result: T; readonly chartEvents: readonly ChartEvent[] } {
  const chartEvents: ChartEvent[] = [];
  const asked: Question[] = [];
  const last = chart.regions.at(-1);
  for (const region of chart.regions) {
    region.table.get = (key) => {
      const [, event = '', bits = ''] = key.split(' ');
      asked.push({ region, event, holds: Number(bits) });
      // The last region listens to everything, so its question ends the macrostep.
      if (region === last) chartEvents.push(eventOf(asked.splice(0)));
      return Map.prototype.get.call(region.table, key);
    };
  }
  try {
    return { result: work(), chartEvents };
  } finally {
    for (const region of chart.regions) Reflect.deleteProperty(region.table, 'get');
  }
}

function eventOf(questions: readonly Question[]): ChartEvent {
  const names = new Set(questions.map((question) => question.event));
  const [event = ''] = names;
  if (names.size !== 1) throw new Error(`one macrostep, several events: ${[...names].join(', ')}`);
  return { type: event as ChartFact, conclusions: conclusionsOf(questions) };
}

function conclusionsOf(questions: readonly Question[]): Conclusions {
  const held = new Set<string>();
  const legs = { admitted: new Set<Leg>(), resized: new Set<Leg>(), unwanted: new Set<Leg>() };
  for (const { region, holds } of questions) {
    region.guards.forEach((guard, bit) => {
      if ((holds & (1 << bit)) === 0) return;
      if ('params' in guard) legs[guard.type].add(guard.params.leg);
      else held.add(guard.type);
    });
  }
  return {
    completes: held.has('completes'),
    admitted: [...legs.admitted],
    resized: [...legs.resized],
    unwanted: [...legs.unwanted],
    flat: held.has('flat'),
    covered: held.has('covered'),
    oversold: held.has('oversold'),
    leaving: held.has('leaving'),
    settled: held.has('settled'),
    quiet: held.has('quiet'),
  };
}
