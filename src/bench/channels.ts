/**
 * A bracket's pair of exits, its engine and its broker as two processes with a channel each way.
 *
 * The entry is bought lot by lot. The engine never asks for more exits than the lots it knows of; the
 * broker sells lot by lot, and cancels what it has not yet sold: a fill may pass a cancel on its
 * way. It is the same protocol, action by action, as the Promela model in `promela.ts`, so both
 * have the same states and transitions.
 */
import type { Emit, Exploration } from '../verify/exploring/exploration.ts';

type Leg = 'stop' | 'target';
type Message = {
  readonly type: 'place' | 'cancel' | 'bought' | 'sold' | 'cancelled';
  readonly leg: Leg;
  /** Its own among the messages of its channel, in three bits. */
  readonly code: number;
};

/** Lots asked for and not known to have ended; whether the answer to a cancel is awaited. */
type Asked = { readonly lots: number; readonly cancelling: boolean };

type Engine = { readonly position: number; readonly stop: Asked; readonly target: Asked };

type Broker = {
  readonly unbought: number;
  readonly held: number;
  readonly stop: number;
  readonly target: number;
};

type State = {
  readonly engine: Engine;
  readonly broker: Broker;
  readonly requests: readonly Message[];
  readonly reports: readonly Message[];
};

export type Size = {
  /** Lots of the entry, 14 at most: the encoding has four bits for them. */
  readonly lots: number;
  /** Messages that a channel has room for, 9 at most; a sender waits while it is full. */
  readonly room: number;
};

const PLACE = {
  stop: { type: 'place', leg: 'stop', code: 0 },
  target: { type: 'place', leg: 'target', code: 1 },
} as const;
const CANCEL = {
  stop: { type: 'cancel', leg: 'stop', code: 2 },
  target: { type: 'cancel', leg: 'target', code: 3 },
} as const;
// There is one entry: its leg has no meaning.
const BOUGHT = { type: 'bought', leg: 'stop', code: 0 } as const;
const SOLD = {
  stop: { type: 'sold', leg: 'stop', code: 1 },
  target: { type: 'sold', leg: 'target', code: 2 },
} as const;
const CANCELLED = {
  stop: { type: 'cancelled', leg: 'stop', code: 3 },
  target: { type: 'cancelled', leg: 'target', code: 4 },
} as const;

const REQUESTS = [PLACE.stop, PLACE.target, CANCEL.stop, CANCEL.target];
const REPORTS = [BOUGHT, SOLD.stop, SOLD.target, CANCELLED.stop, CANCELLED.target];

/** The protocol with nothing asked, nothing bought, and both channels empty. */
export function channels({ lots, room }: Size): Exploration<State> {
  const none = { lots: 0, cancelling: false };
  const initial: State = {
    engine: { position: 0, stop: none, target: none },
    broker: { unbought: lots, held: 0, stop: 0, target: 0 },
    requests: [],
    reports: [],
  };
  return {
    initial: [initial],
    next: (state, emit) => {
      if (state.requests.length < room) {
        ask(state, 'stop', emit);
        ask(state, 'target', emit);
      }
      hear(state, emit);
      if (state.reports.length < room) {
        buy(state, emit);
        sell(state, 'stop', emit);
        sell(state, 'target', emit);
      }
      obey(state, room, emit);
    },
    encode,
    decode,
    invariants: [{ id: 'never oversold', holds: ({ broker }) => broker.held >= 0 }],
  };
}

const sent = (channel: readonly Message[], message: Message): readonly Message[] => [
  ...channel,
  message,
];

// ── the engine ───────────────────────────────────────────────────────────────────────────────

const withAsked = (engine: Engine, leg: Leg, asked: Asked, position: number): Engine =>
  leg === 'stop'
    ? { position, stop: asked, target: engine.target }
    : { position, stop: engine.stop, target: asked };

function ask({ engine, broker, requests, reports }: State, leg: Leg, emit: Emit<State>): void {
  const { position } = engine;
  const { lots, cancelling } = engine[leg];
  if (cancelling) return;
  if (engine.stop.lots + engine.target.lots < position) {
    emit(`place ${leg}`, {
      engine: withAsked(engine, leg, { lots: lots + 1, cancelling }, position),
      broker,
      requests: sent(requests, PLACE[leg]),
      reports,
    });
  }
  if (lots > 0) {
    emit(`cancel ${leg}`, {
      engine: withAsked(engine, leg, { lots, cancelling: true }, position),
      broker,
      requests: sent(requests, CANCEL[leg]),
      reports,
    });
  }
}

function hear({ engine, broker, requests, reports }: State, emit: Emit<State>): void {
  const report = reports[0];
  if (report === undefined) return;
  const heard = heardBy(engine, report);
  emit(`hear ${report.type}`, { engine: heard, broker, requests, reports: reports.slice(1) });
}

function heardBy(engine: Engine, { type, leg }: Message): Engine {
  const { position, stop, target } = engine;
  if (type === 'bought') return { position: position + 1, stop, target };
  if (type === 'cancelled') return withAsked(engine, leg, { lots: 0, cancelling: false }, position);
  const { lots, cancelling } = engine[leg];
  return withAsked(engine, leg, { lots: lots - 1, cancelling }, position - 1);
}

// ── the broker ───────────────────────────────────────────────────────────────────────────────

function buy({ engine, broker, requests, reports }: State, emit: Emit<State>): void {
  const { unbought, held, stop, target } = broker;
  if (unbought === 0) return;
  const bought = { unbought: unbought - 1, held: held + 1, stop, target };
  emit('buy', { engine, broker: bought, requests, reports: sent(reports, BOUGHT) });
}

const withWorking = (broker: Broker, leg: Leg, lots: number, held: number): Broker =>
  leg === 'stop'
    ? { unbought: broker.unbought, held, stop: lots, target: broker.target }
    : { unbought: broker.unbought, held, stop: broker.stop, target: lots };

function sell({ engine, broker, requests, reports }: State, leg: Leg, emit: Emit<State>): void {
  const working = broker[leg];
  if (working === 0) return;
  const sold = withWorking(broker, leg, working - 1, broker.held - 1);
  emit(`sell ${leg}`, { engine, broker: sold, requests, reports: sent(reports, SOLD[leg]) });
}

function obey(state: State, room: number, emit: Emit<State>): void {
  const { engine, broker, requests, reports } = state;
  const request = requests[0];
  if (request === undefined) return;
  const { leg } = request;
  if (request.type === 'place') {
    const accepted = withWorking(broker, leg, broker[leg] + 1, broker.held);
    emit('accept', { engine, broker: accepted, requests: requests.slice(1), reports });
  } else if (reports.length < room) {
    const without = withWorking(broker, leg, 0, broker.held);
    const told = sent(reports, CANCELLED[leg]);
    emit('cancel', { engine, broker: without, requests: requests.slice(1), reports: told });
  }
}

// ── the encoding ─────────────────────────────────────────────────────────────────────────────

function encode({ engine, broker, requests, reports }: State, words: Int32Array): number {
  const { position, stop, target } = engine;
  words[0] =
    (broker.held << 26) |
    (position << 22) |
    (stop.lots << 18) |
    (target.lots << 14) |
    (broker.unbought << 10) |
    (broker.stop << 6) |
    (broker.target << 2) |
    (stop.cancelling ? 2 : 0) |
    (target.cancelling ? 1 : 0);
  words[1] = codeOf(requests);
  words[2] = codeOf(reports);
  return 3;
}

function decode(words: Int32Array): State {
  const numbers = words[0] ?? 0;
  const requests = words[1] ?? 0;
  const reports = words[2] ?? 0;
  const asked = (at: number, cancelling: number): Asked => ({
    lots: (numbers >> at) & 15,
    cancelling: (numbers & cancelling) !== 0,
  });
  return {
    engine: { position: (numbers >> 22) & 15, stop: asked(18, 2), target: asked(14, 1) },
    broker: {
      unbought: (numbers >> 10) & 15,
      held: numbers >> 26,
      stop: (numbers >> 6) & 15,
      target: (numbers >> 2) & 15,
    },
    requests: messagesOf(requests, REQUESTS),
    reports: messagesOf(reports, REPORTS),
  };
}

function messagesOf(code: number, messages: readonly Message[]): readonly Message[] {
  const channel: Message[] = [];
  for (let at = 28 - Math.clz32(code); at >= 0; at -= 3) {
    const message = messages[(code >> at) & 7];
    if (message !== undefined) channel.push(message);
  }
  return channel;
}

function codeOf(channel: readonly Message[]): number {
  let code = 1;
  for (let i = 0; i < channel.length; i++) code = (code << 3) | (channel[i]?.code ?? 0);
  return code;
}
