/** Marks in time, by what they are compared with. */
import type { Bracket, State } from '../core/state.ts';
import type { Desk } from '../ib/desk.ts';

export type Rank = (mark: number) => number;

/** Room between two questions, for the marks of orders. */
export const WIDTH = 16;

/** Odd where the mark is one of the sorted cuts, even between them. */
export function rankAmong(cuts: readonly number[], mark: number): number {
  let below = 0;
  while (below < cuts.length && (cuts[below] ?? 0) < mark) below += 1;
  return 2 * below + (cuts[below] === mark ? 1 : 0);
}

const rising = (marks: Iterable<number>): readonly number[] =>
  [...new Set(marks)].sort((a, b) => a - b);

/** When we asked what is not answered yet: any mark may be compared with that. */
export function questionsOf(engine: State, desk: Desk): readonly number[] {
  const asked = [desk.gathering?.askedAt, desk.askAgain ?? undefined];
  if (engine.link === 'reconciling') asked.push(engine.linkAt);
  return rising(asked.flatMap((mark) => (mark === undefined ? [] : [mark])));
}

/**
 * How the marks of a pair's orders are ranked: among the questions, and between two of those by
 * whether a sibling ended after an order left that nobody has acknowledged (L11 asks that).
 */
export function rankOf(bracket: Bracket, pair: number, questions: readonly number[]): Rank {
  const unheard = bracket.orders.filter(
    (order) => pair > 0 && order.pair === pair && order.end === null && !order.acknowledged,
  );
  const sent = rising(unheard.map((order) => order.sentAt));
  return (mark) => {
    const rank = rankAmong(questions, mark);
    return WIDTH * rank + (rank % 2 === 1 ? 0 : rankAmong(sent, mark));
  };
}

/** `B/stop1.withdrawal/7` is `B/stop1.withdrawal/0`: the number tells it from waits that are over. */
export const numberless = (deadline: string): string => deadline.replace(/\d+$/, '0');
