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
  /** The connection is gone. */
  readonly close: () => void;
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
  /** By order: its cancel, and what of the order must leave before it. */
  const cancels = new Map<number, { readonly before: Placement | null }>();
  const placements = new Map<number, Placement>();
  const questions: Message[] = [];
  /** Orders of which something has left. */
  const left = new Set<number>();
  const pace = newPace(perSecond);
  let hand: Hand | null = null;
  let ordersInARow = 0;
  let leaving = false;
  let callOff = (): void => {};

  const isUnborn = (orderId: number): boolean => orderId > lastOrderId && !left.has(orderId);

  const withhold = (message: Message, because: string): void => {
    if (message.request === 'cancelPositions') return;
    const unborn = message.request === 'placeOrder' && isUnborn(message.ticket.orderId);
    options.withheld({ request: message, unborn, because });
  };

  /** The next to leave, taken out of what waits, and whether it belongs to a cancel. */
  const first = (): { readonly message: Message; readonly take: () => void } | null => {
    for (const [orderId, { before }] of cancels) {
      if (before === null)
        return { message: { request: 'cancelOrder', orderId }, take: () => cancels.delete(orderId) };
      return { message: before, take: () => cancels.set(orderId, { before: null }) };
    }
    const [question] = questions;
    if (question !== undefined && (placements.size === 0 || ordersInARow >= BEFORE_A_QUESTION))
      return { message: question, take: () => questions.shift() };
    for (const [orderId, placement] of placements)
      return { message: placement, take: () => placements.delete(orderId) };
    return null;
  };

  const leave = (message: Message, by: Hand): void => {
    ordersInARow = isQuestion(message) ? 0 : ordersInARow + 1;
    const refused = by(message);
    if (refused !== null) return withhold(message, refused);
    pace.count(clock.now());
    if (message.request === 'placeOrder') left.add(message.ticket.orderId);
  };

  const leaveAll = (): void => {
    callOff();
    if (leaving) return;
    leaving = true;
    try {
      for (let next = first(); next !== null && hand !== null; next = first()) {
        const freeAt = pace.freeAt(cancels.size > 0);
        const now = clock.now();
        if (freeAt > now) {
          callOff = clock.after(Math.max(1, Math.ceil(freeAt - now)), leaveAll);
          return;
        }
        next.take();
        leave(next.message, hand);
      }
    } finally {
      leaving = false;
    }
  };

  const cancel = (orderId: number): void => {
    const waiting = placements.get(orderId);
    placements.delete(orderId);
    if (waiting !== undefined && isUnborn(orderId))
      return withhold(waiting, 'it was cancelled before it left');
    cancels.set(orderId, { before: waiting ?? cancels.get(orderId)?.before ?? null });
  };

  const put = (message: Message): void => {
    if (hand === null) return withhold(message, NOT_CONNECTED);
    const full = cancels.size + placements.size + questions.length >= waitingMost;
    if (message.request === 'cancelOrder') cancel(message.orderId);
    else if (message.request === 'placeOrder') {
      const { orderId } = message.ticket;
      if (full && !placements.has(orderId)) return withhold(message, tooMany(waitingMost));
      placements.set(orderId, message);
    } else if (full && message.request !== 'cancelPositions') {
      return withhold(message, tooMany(waitingMost));
    } else questions.push(message);
    leaveAll();
  };

  const close = (): void => {
    callOff();
    hand = null;
    const waiting: Message[] = [...cancels].flatMap(([orderId, { before }]): Message[] => [
      ...(before === null ? [] : [before]),
      { request: 'cancelOrder', orderId },
    ]);
    waiting.push(...placements.values(), ...questions);
    cancels.clear();
    placements.clear();
    questions.length = 0;
    for (const message of waiting) withhold(message, 'the connection was lost before it left');
  };

  return {
    open: (by) => {
      hand = by;
    },
    put,
    close,
  };
}

const isQuestion = ({ request }: Message): boolean =>
  request !== 'placeOrder' && request !== 'cancelOrder';

const tooMany = (most: number): string => `${most} messages wait to be sent already`;

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
