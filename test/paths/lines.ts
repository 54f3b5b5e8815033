/** The lines of an account: one for each order that we sent, by what was sent and said of it. */
import type { Fact } from '../../src/core/fact.ts';
import type { BracketRequest } from '../../src/core/request.ts';
import type { OrderTicket } from '../../src/ports/broker.ts';

export type Line = {
  readonly ticket: OrderTicket;
  /** It takes the position down that the entry takes up. */
  readonly exits: boolean;
  /** Shares: asked or echoed at most, since the last confirmed change. */
  readonly most: number;
  /** `execId` up to its last dot, and the shares of its last revision. */
  readonly executions: Readonly<Record<string, number>>;
  readonly claimed: number;
  /** The broker has spoken of it; and has taken it, so that a refusal is no end any more. */
  readonly known: boolean;
  readonly accepted: boolean;
  /** Echoed with the group, type and quantity that were asked for. */
  readonly echoed: boolean;
  /** Shown at any time with something that was not asked for. */
  readonly differs: boolean;
  /** Shares that the broker showed last, filled ones included; 0 before. */
  readonly shows: number;
  readonly triggered: boolean;
  readonly cancelAsked: boolean;
  readonly ended: boolean;
};

/** What a router wants of a bracket now: its request, and where its prices were moved to. */
export type Brief = {
  readonly request: BracketRequest;
  readonly stopPx: readonly number[];
  readonly targetPx: readonly number[];
};

export type Account = {
  readonly lines: Readonly<Record<number, Line>>;
  readonly briefs: Readonly<Record<string, Brief>>;
  /** Waits that run, by the effects alone. */
  readonly waits: readonly string[];
  /** Shares of the broker's position that are not ours, as they were shown last; or unknown. */
  readonly foreign: number;
  /** Something traded since the last look: the next one may have been asked for before that. */
  readonly traded: boolean;
  /** Order ids of the open orders told so far in the answer that is under way. */
  readonly shown: readonly number[];
  /** The link was cut, and no answer since has shown what there is; and it is down. */
  readonly cut: boolean;
  readonly down: boolean;
};

export const EMPTY: Account = {
  lines: {},
  briefs: {},
  waits: [],
  foreign: 0,
  traded: false,
  shown: [],
  cut: false,
  down: false,
};

export const linesOf = (account: Account): readonly Line[] => Object.values(account.lines);

export const withLine = (account: Account, line: Line): Account => ({
  ...account,
  lines: { ...account.lines, [line.ticket.orderId]: line },
});

export function executed(line: Line): number {
  let sum = 0;
  for (const base in line.executions) sum += line.executions[base] ?? 0;
  return sum;
}

export const cum = (line: Line): number => Math.max(line.claimed, executed(line));

/** `B.stop1.2` is of leg `stop1` and of pair `B.1`. */
export const legOf = (line: Line): string => line.ticket.orderRef.split('.').at(-2) ?? '';
export const bracketOf = (line: Line): string => line.ticket.orderRef.split('.')[0] ?? '';
export const pairOf = (line: Line): string =>
  `${bracketOf(line)}.${legOf(line).replace(/\D/g, '')}`;
export const isStop = (line: Line): boolean => legOf(line).startsWith('stop');
export const isTarget = (line: Line): boolean => legOf(line).startsWith('target');
export const isEntryOf = (line: Line, exit: Line): boolean =>
  legOf(line) === 'entry' && bracketOf(line) === bracketOf(exit);

/** What the executions of all brackets come to: above 0 when long. */
export function position(account: Account): number {
  return linesOf(account).reduce(
    (sum, line) => sum + (line.ticket.action === 'BUY' ? cum(line) : -cum(line)),
    0,
  );
}

/** What a look shows of the position; null when that proves nothing. */
export function shownPosition({ traded: moved }: Account, fact: Fact): number | null {
  if (moved || fact.type !== 'snapshot.taken' || fact.positions === null) return null;
  return (fact.positions[0]?.position ?? 0) / SHARE;
}

export const SHARE = 10_000;

export const entered = (account: Account, bracket: string): number =>
  traded(account, bracket, false);
export const exited = (account: Account, bracket: string): number => traded(account, bracket, true);

function traded(account: Account, bracket: string, exits: boolean): number {
  let sum = 0;
  for (const line of linesOf(account)) {
    if (line.exits === exits && bracketOf(line) === bracket) sum += cum(line);
  }
  return sum;
}
