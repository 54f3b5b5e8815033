/**
 * The vocabulary that every chart is written in: the shape of a state and of a transition, the
 * guards, and the intents.
 *
 * It is XState's own configuration, narrowed to what can be drawn, tabulated and compiled: no
 * context, `always`, `after`, `raise` or invoked machine; named guards and actions with static
 * params; a description wherever a reader would ask why.
 */
import { type AnyStateMachine, setup } from 'xstate';
import type { ChartEvent, Conclusions, Leg } from './facts.ts';
import type { LawId } from './laws.ts';

/** Claims about the outside that a transition may ask for. `order` is the one the fact is about. */
export type Guard =
  | { readonly type: 'completes' }
  | { readonly type: 'admitted' | 'resized' | 'unwanted'; readonly params: { readonly leg: Leg } }
  | { readonly type: 'flat' | 'covered' | 'oversold' | 'leaving' | 'quiet' | 'settled' };

/** What a chart wants. `step` gives it quantity, price and reference, and checks the laws. */
export type Intent =
  | { readonly type: 'place' | 'cancel' | 'replace'; readonly params: { readonly leg: Leg } }
  /** Ask the broker for a snapshot: something is unknown. */
  | { readonly type: 'ask'; readonly params: { readonly because: string } }
  /** A person must see this. */
  | { readonly type: 'alarm'; readonly params: { readonly law: LawId; readonly text: string } }
  /** Seen and deliberately left alone. */
  | { readonly type: 'ignore'; readonly params: { readonly because: string } }
  /** The bracket's life is over: write its close record. */
  | { readonly type: 'close' }
  /** Of the session: connect to the broker, or end the connection. */
  | { readonly type: 'connect' | 'disconnect' };

export type Transition = {
  readonly target?: string | readonly string[];
  readonly guard?: Guard;
  readonly actions?: readonly Intent[];
  readonly description?: string;
  readonly meta?: { readonly law: LawId };
};

/** A wait's end. Which state runs which deadline is written in the state's `meta`. */
export type DeadlineName =
  | 'acknowledgement'
  | 'trading'
  | 'withdrawal'
  | 'replacement'
  | 'resolution'
  | 'cover'
  | 'leave'
  | 'settlement';

/** What a session waits for, each with a time of its own. */
export type SessionWait = 'retry' | 'handshake' | 'severance' | 'reconciliation' | 'look';

export type State = {
  readonly id?: string;
  readonly type?: 'parallel';
  readonly initial?: string;
  readonly description: string;
  readonly meta?: {
    readonly deadline?: DeadlineName;
    readonly wait?: SessionWait;
    readonly law?: LawId;
  };
  readonly on?: Readonly<Record<string, Transition | readonly Transition[]>>;
  readonly states?: Readonly<Record<string, State>>;
};

export const GUARDS = {
  completes: ({ event }: { event: ChartEvent }): boolean => event.conclusions.completes,
  admitted: ({ event }: { event: ChartEvent }, { leg }: { leg: Leg }): boolean =>
    event.conclusions.admitted.includes(leg),
  resized: ({ event }: { event: ChartEvent }, { leg }: { leg: Leg }): boolean =>
    event.conclusions.resized.includes(leg),
  unwanted: ({ event }: { event: ChartEvent }, { leg }: { leg: Leg }): boolean =>
    event.conclusions.unwanted.includes(leg),
  flat: ({ event }: { event: ChartEvent }): boolean => event.conclusions.flat,
  covered: ({ event }: { event: ChartEvent }): boolean => event.conclusions.covered,
  oversold: ({ event }: { event: ChartEvent }): boolean => event.conclusions.oversold,
  leaving: ({ event }: { event: ChartEvent }): boolean => event.conclusions.leaving,
  quiet: ({ event }: { event: ChartEvent }): boolean => event.conclusions.quiet,
  settled: ({ event }: { event: ChartEvent }): boolean => event.conclusions.settled,
};

/** Whether a guard holds, outside XState: for `step`'s tables and for drawings. */
export function holds(guard: Guard, conclusions: Conclusions): boolean {
  switch (guard.type) {
    case 'admitted':
      return conclusions.admitted.includes(guard.params.leg);
    case 'resized':
      return conclusions.resized.includes(guard.params.leg);
    case 'unwanted':
      return conclusions.unwanted.includes(guard.params.leg);
    case 'completes':
      return conclusions.completes;
    case 'flat':
      return conclusions.flat;
    case 'covered':
      return conclusions.covered;
    case 'oversold':
      return conclusions.oversold;
    case 'leaving':
      return conclusions.leaving;
    case 'quiet':
      return conclusions.quiet;
    case 'settled':
      return conclusions.settled;
  }
}

export const ignore = (because: string): Transition => ({
  actions: [{ type: 'ignore', params: { because } }],
});

export const alarm = (law: LawId, text: string): Intent => ({
  type: 'alarm',
  params: { law, text },
});

export const ask = (because: string): Intent => ({ type: 'ask', params: { because } });

/** A chart, seen from outside: its configuration is a plain string or nested strings. */
export type ChartMachine = AnyStateMachine;

const intent = (_: unknown, _params: object): void => {};

/** Every chart is made with this: named guards, and intents that are returned, never performed. */
export const chartSetup = setup({
  types: {} as { events: ChartEvent },
  guards: GUARDS,
  actions: {
    place: intent,
    cancel: intent,
    replace: intent,
    ask: intent,
    alarm: intent,
    ignore: intent,
    close: () => {},
    connect: () => {},
    disconnect: () => {},
  },
});
