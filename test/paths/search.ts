/**
 * A search for every transition and every adjacent pair of transitions of one region, each reached
 * from the very beginning through `step`.
 *
 * Breadth first over everything the adversary may say, from each situation that is new: new in
 * its mark (see adversary.ts), or in the transition that the region took last and where that left it.
 */
import type { Leg, Region } from '../../machines/facts.ts';
import type { BracketRequest } from '../../src/core/request.ts';
import { currentOrder, emptyState, findBracket, type State } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import { filledOf, type Said, sayings } from './adversary.ts';

/** What makes a situation new, besides the transition that the region took last. */
export type Mark = (state: State, bracket: string, leg: Leg) => string;

/** Tells which transitions the searched region took in the last step, in order. */
export type Listen = (region: Region) => readonly string[];

export type Found = {
  readonly transitions: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
  readonly steps: number;
  readonly situations: number;
  /** Laws that broke, each with the first path to it. */
  readonly broken: ReadonlyMap<string, string>;
};

type Situation = {
  readonly state: State;
  readonly last: string;
  readonly path: readonly string[];
};

export function search(
  region: Region,
  requests: readonly BracketRequest[],
  listen: Listen,
  situationsMost: number,
  markOf: Mark,
): Found {
  const transitions = new Set<string>();
  const pairs = new Set<string>();
  const broken = new Map<string, string>();
  const seen = new Set<string>();
  const queue: Situation[] = [];
  let steps = 0;
  const leg = region === 'exposure' ? 'stop1' : region;
  const go = (from: Situation, { type, fact }: Said, id: string): void => {
    const ready = step(from.state, fact);
    steps += 1;
    let { last } = from;
    for (const one of listen(region)) {
      transitions.add(one);
      if (last !== '') pairs.add(`${last} > ${one}`);
      last = one;
    }
    for (const alarm of ready.alarms) {
      const text = `${alarm.law} ${alarm.text}`.replace(/\d+/g, '#');
      if (alarm.broken && !broken.has(text)) broken.set(text, [...from.path, type].join(' > '));
    }
    const bracket = findBracket(ready.state, id);
    const mark = markOf(ready.state, id, leg);
    const order = bracket === undefined ? undefined : currentOrder(bracket, leg);
    const turn = `${bracket?.configuration[region]}|${last}|${filledOf(order)}`;
    if ((seen.has(mark) && seen.has(turn)) || queue.length >= situationsMost) return;
    seen.add(mark);
    seen.add(turn);
    queue.push({ state: ready.state, last, path: [...from.path, type] });
  };
  for (const request of requests) {
    const start: Situation = { state: emptyState(), last: '', path: [] };
    const opened: Said = { type: 'open', fact: { type: 'bracket.requested', at: 0, request } };
    go(start, opened, request.bracket);
  }
  for (let i = 0; i < queue.length; i++) {
    const situation = queue[i];
    if (situation === undefined) break;
    const id = Object.keys(situation.state.index)[0] ?? '';
    for (const said of sayings(situation.state, id, leg)) go(situation, said, id);
  }
  return { transitions, pairs, steps, situations: queue.length, broken };
}
