/** Today's executions, as the broker knows them: what `reqExecutions` is answered with. */
import type { ExecDetailsWord } from '../ports/broker.ts';
import type { ExecutionFilter } from '../simulator/wire.ts';
import type { Charged } from './accounts.ts';
import type { Registered } from './register.ts';
import { timeText } from './time.ts';

export type Execution = {
  readonly registered: Registered;
  readonly word: ExecDetailsWord;
  readonly at: number;
  /** Of all that the order has traded until then. */
  readonly avgPrice: number;
  readonly charged: Charged;
};

export type Executions = {
  /** A new one, or a correction of one. */
  readonly add: (execution: Execution) => void;
  readonly bust: (execId: string) => void;
  readonly find: (execId: string) => Execution | undefined;
  readonly matching: (filter: ExecutionFilter) => readonly Execution[];
  /** How many there were at all, corrections not counted. */
  readonly count: () => number;
  /** A new day: the Gateway forgets those of the old one. */
  readonly forget: () => void;
};

/** What a trade brings in: bought shares cost money. */
export const proceeds = ({ side, shares, price }: Traded): number =>
  (side === 'BOT' ? -shares : shares) * price;

type Traded = Pick<ExecDetailsWord, 'side' | 'shares' | 'price'>;

/** Corrections differ after the last dot only. */
const baseOf = (execId: string): string => execId.slice(0, execId.lastIndexOf('.'));

/** A correction is of an execution that there was, of today or of the day before. */
export const isCorrection = (execId: string): boolean => !execId.endsWith('.01');

export function newExecutions(): Executions {
  const today = new Map<string, Execution>();
  let count = 0;
  return {
    add: (execution) => {
      const base = baseOf(execution.word.execId);
      if (!isCorrection(execution.word.execId)) count += 1;
      today.set(base, execution);
    },
    bust: (execId) => void today.delete(baseOf(execId)),
    find: (execId) => today.get(baseOf(execId)),
    matching: (filter) => [...today.values()].filter((one) => fits(filter, one)),
    count: () => count,
    forget: () => today.clear(),
  };
}

/** IB: `YYYYMMDD hh:mm:ss`, with a blank or a hyphen between, and perhaps a zone; from then on. */
function fits(filter: ExecutionFilter, { registered, word, at }: Execution): boolean {
  const { clientId, acctCode, time, symbol, secType, exchange, side } = filter;
  const from = time?.replace('-', ' ').slice(0, 17);
  return (
    (clientId === undefined || clientId === 0 || clientId === registered.clientId) &&
    (acctCode === undefined || acctCode === word.account) &&
    (from === undefined || from <= timeText(at)) &&
    (symbol === undefined || symbol === word.symbol) &&
    (secType === undefined || secType === 'STK') &&
    (exchange === undefined || exchange === 'SMART' || exchange === EXCHANGE) &&
    (side === undefined || (side === 'SELL' ? 'SLD' : 'BOT') === word.side)
  );
}

/** Where everything trades here. */
export const EXCHANGE = 'ISLAND';
