/**
 * What waits to be sent to TWS, and who goes first.
 *
 * Theory of operation. TWS takes 50 messages a second and answers the rest with 100. So messages
 * wait here, and leave one by one: first cancels, for they only ever reduce what can go wrong; then
 * orders, in their order; then questions, but one at least after every nine orders. A few of a
 * second's messages are kept back for cancels: however many placements wait, a cancel leaves at once.
 *
 * Of one order at most one placement waits: a newer version takes the place of the one that waits,
 * and says all that it said. A cancel never overtakes its own order. If nothing of the order has
 * ever left, both are dropped, and the order is dead by our own word. Otherwise what waits of it
 * leaves right before the cancel: it may be an order that is sent again in order to be cancelled.
 *
 * Nothing is handed on while there is no connection, and nothing outlives one: what did not leave is
 * withheld, and said.
 */
import type { BrokerRequest, PriceRequest, Withheld } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';

/** What is asked of us, and what we have to ask besides. */
export type Message = BrokerRequest | PriceRequest | { readonly request: 'cancelPositions' };

type Placement = Extract<BrokerRequest, { readonly request: 'placeOrder' }>;

/** Writes a message to the socket; or the reason why it was not written. */
export type Hand = (message: Message) => string | null;

export type OutboxOptions = {
  readonly clock: Clock;
  /** Messages in any one second, at most. */
  readonly perSecond: number;
  /** Messages that may wait; what is beyond is withheld. Cancels always may. */
  readonly waitingMost: number;
  /** Order ids up to this one were used by earlier processes: none of them is known to be unsent. */
  readonly lastOrderId: number;
  readonly withheld: (withheld: Withheld) => void;
};

export type Outbox = {
  /** There is a connection: what is put in from now on leaves by it. */
  readonly open: (hand: Hand) => void;
  readonly put: (message: Message) => void;
  /** The connection is gone: what has not left never will. */
  readonly close: () => readonly Withheld[];
};

/** TWS's limit: "Max rate of messages per second has been exceeded: max=50" (code 100). */
export const PER_SECOND = 50;

/** Orders that may leave one after the other while a question waits. */
const BEFORE_A_QUESTION = 9;

/** A little more than a second: on the way what left in a second may be squeezed together. */
const SECOND_MS = 1_050;

const NOT_CONNECTED = 'there is no connection to the broker';

export function createOutbox(options: OutboxOptions): Outbox {
  const { clock, perSecond, waitingMost, lastOrderId } = options;
  const queue = newQueue();
  const pace = newPace(perSecond);
  /** Orders of which something has left. */
  const left = new Set<number>();
  let hand: Hand | null = null;
  let callOff = (): void => {};

  const isUnborn = (message: Message): message is Placement =>
    message.request === 'placeOrder' &&
    message.ticket.orderId > lastOrderId &&
    !left.has(message.ticket.orderId);

  const withheld = (message: Message, because: string): readonly Withheld[] =>
    message.request === 'cancelPositions'
      ? []
      : [{ request: message, unborn: isUnborn(message), because }];

  const withhold = (message: Message, because: string): void => {
    for (const one of withheld(message, because)) options.withheld(one);
  };

  const leave = (message: Message, by: Hand): void => {
    const refused = by(message);
    if (refused !== null) return withhold(message, refused);
    pace.count(clock.now());
    if (message.request === 'placeOrder') left.add(message.ticket.orderId);
  };

  const leaveAll = (): void => {
    while (hand !== null && queue.size() > 0) {
      const now = clock.now();
      const freeAt = pace.freeAt(queue.isUrgent());
      if (freeAt > now) {
        callOff();
        callOff = clock.after(Math.max(1, Math.ceil(freeAt - now)), leaveAll);
        return;
      }
      const next = queue.take();
      if (next !== null) leave(next, hand);
    }
  };

  return {
    open: (by) => {
      hand = by;
    },
    put: (message) => {
      if (hand === null) return withhold(message, NOT_CONNECTED);
      if (message.request === 'cancelOrder') {
        const waiting = queue.placementOf(message.orderId);
        if (waiting !== undefined && isUnborn(waiting)) {
          queue.drop(waiting);
          return withhold(waiting, 'it was cancelled before it left');
        }
      } else if (queue.size() >= waitingMost && !queue.replaces(message)) {
        return withhold(message, `${waitingMost} messages wait to be sent already`);
      }
      queue.add(message);
      leaveAll();
    },
    close: () => {
      callOff();
      hand = null;
      return queue
        .empty()
        .flatMap((message) => withheld(message, 'the connection was lost before it left'));
    },
  };
}

type Queue = {
  readonly size: () => number;
  /** Whether what leaves next belongs to a cancel. */
  readonly isUrgent: () => boolean;
  readonly add: (message: Message) => void;
  readonly take: () => Message | null;
  /** The placement of this order that waits among the others. */
  readonly placementOf: (orderId: number) => Placement | undefined;
  /** Whether it would take the place of a message that waits. */
  readonly replaces: (message: Message) => boolean;
  readonly drop: (placement: Placement) => void;
  readonly empty: () => readonly Message[];
};

function newQueue(): Queue {
  /** By order: its cancel, and what of the order must leave before it. */
  const cancels = new Map<number, Placement | null>();
  const placements = new Map<number, Placement>();
  const questions: Message[] = [];
  let ordersInARow = 0;

  const takeUrgent = (): Message | null => {
    for (const [orderId, before] of cancels) {
      if (before === null) cancels.delete(orderId);
      else cancels.set(orderId, null);
      return before ?? { request: 'cancelOrder', orderId };
    }
    return null;
  };
  const takePlacement = (): Message | null => {
    for (const [orderId, placement] of placements) {
      placements.delete(orderId);
      return placement;
    }
    return null;
  };
  const take = (): Message | null => {
    const turn = placements.size === 0 || ordersInARow >= BEFORE_A_QUESTION;
    const question = cancels.size === 0 && turn ? questions.shift() : undefined;
    ordersInARow = question === undefined ? ordersInARow + 1 : 0;
    return question ?? takeUrgent() ?? takePlacement();
  };
  const size = (): number => cancels.size + placements.size + questions.length;
  return {
    size,
    isUrgent: () => cancels.size > 0,
    add: (message) => {
      if (message.request === 'cancelOrder') {
        const { orderId } = message;
        cancels.set(orderId, placements.get(orderId) ?? cancels.get(orderId) ?? null);
        placements.delete(orderId);
      } else if (message.request === 'placeOrder') {
        placements.set(message.ticket.orderId, message);
      } else questions.push(message);
    },
    take,
    placementOf: (orderId) => placements.get(orderId),
    replaces: (message) =>
      message.request === 'placeOrder' && placements.has(message.ticket.orderId),
    drop: ({ ticket }) => void placements.delete(ticket.orderId),
    empty: () => {
      const waiting: Message[] = [];
      while (size() > 0) {
        const next = take();
        if (next !== null) waiting.push(next);
      }
      return waiting;
    },
  };
}

type Pace = {
  /** When the next message may leave; a tenth of each second's is for cancels only. */
  readonly freeAt: (cancels: boolean) => number;
  readonly count: (at: number) => void;
};

function newPace(perSecond: number): Pace {
  /** When the last ones left, oldest first: as many as may in a second. */
  const times: number[] = [];
  const forOthers = perSecond - Math.floor(perSecond / 10);
  return {
    freeAt: (cancels) => {
      const limit = cancels ? perSecond : forOthers;
      const earlier = times[times.length - limit];
      return earlier === undefined ? Number.NEGATIVE_INFINITY : earlier + SECOND_MS;
    },
    count: (at) => {
      times.push(at);
      if (times.length > perSecond) times.shift();
    },
  };
}
