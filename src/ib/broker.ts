/** Interactive Brokers as a `Broker`: an outbox that lasts, and a connection after another. */
import type { Broker, BrokerListener } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import { type Address, type Connection, connectTo } from './connection.ts';
import { createOutbox, PER_SECOND } from './outbox.ts';

export type IbOptions = Address & {
  readonly clock: Clock;
  /** The highest order id that earlier processes have used: what the journal says; 0 by default. */
  readonly lastOrderId?: number;
  /** IB's limit, 50, by default. */
  readonly perSecond?: number;
  readonly waitingMost?: number;
  /** From `connect` to ready. TWS may have a person confirm a connection: 30 s by default. */
  readonly readyWithinMs?: number;
};

/** A minute and a half of messages: what waits longer was decided about another market. */
const WAITING_MOST = 5_000;

const READY_WITHIN_MS = 30_000;

export function createIbBroker(options: IbOptions): Broker {
  const { host, port, clientId, clock } = options;
  let listener: BrokerListener | null = null;
  let connection: Connection | null = null;
  const outbox = createOutbox({
    clock,
    perSecond: options.perSecond ?? PER_SECOND,
    waitingMost: options.waitingMost ?? WAITING_MOST,
    lastOrderId: options.lastOrderId ?? 0,
    withheld: (withheld) => listener?.withheld(withheld),
  });
  return {
    connect: (by) => {
      if (connection !== null) throw new Error('there is a connection already: disconnect first');
      listener = by;
      const made = connectTo(
        { host, port, clientId },
        {
          clock,
          readyWithinMs: options.readyWithinMs ?? READY_WITHIN_MS,
          ready: (session) => {
            outbox.open(made.hand);
            by.connected(session);
          },
          heard: by.heard,
          // A question for positions is a subscription to them: IB tells every change until it ends.
          positionsTold: () => outbox.put({ request: 'cancelPositions' }),
          ended: (reason) => {
            connection = null;
            by.disconnected(reason, outbox.close());
          },
        },
      );
      connection = made;
    },
    send: (request) => {
      if (listener === null) throw new Error('nobody would hear of it: connect first');
      outbox.put(request);
    },
    disconnect: () => connection?.end('disconnected, as asked'),
  };
}
