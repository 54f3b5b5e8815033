/**
 * What goes wrong on the way from the gateway to a client, because somebody at the controls wants it:
 * messages that are held back or dropped, and a socket that is cut between two of them.
 */
import type { Fields } from '../simulator/wire.ts';
import type { Message } from './messages.ts';
import { flush, type Session, say } from './session.ts';

/** Messages of a name; of one client, and about one order, where those are given. */
export type Which = {
  readonly message: string;
  readonly clientId?: number | undefined;
  readonly orderRef?: string | undefined;
};

type Held = {
  readonly session: Session;
  readonly message: string;
  readonly fields: Fields;
};

type Cut = {
  readonly clientId: number | undefined;
  readonly after: string | undefined;
  readonly before: string | undefined;
};

/** Held messages, at most: a test that holds more has forgotten to release them. */
const HELD_MOST = 100_000;

export type Interference = {
  readonly hold: (which: Which) => void;
  readonly drop: (which: Which, times: number) => void;
  /** The socket is cut when `before` is to be said right after `after`. */
  readonly cutBetween: (cut: Cut) => void;
  /** What waits for a message or a request, in the words of the deeds. */
  readonly armed: () => readonly object[];
  /** What was held leaves, in its order, and nothing is held any more. */
  readonly release: () => number;
  /** Whether the socket is to be cut before this request of the client is heard. */
  readonly cutsBefore: (session: Session, request: string) => boolean;
  /** Says it, unless somebody has asked for something else. */
  readonly say: (session: Session, message: Message, fields: Fields, orderRef?: string) => void;
};

export function newInterference(): Interference {
  const holds: Which[] = [];
  const drops: { readonly which: Which; left: number }[] = [];
  const cuts: Cut[] = [];
  let held: Held[] = [];
  const idle = (): boolean => holds.length + drops.length + cuts.length === 0;
  const cutsBetween = (session: Session, last: string, next: string): boolean => {
    const { clientId } = session;
    const cut = cuts.findIndex(
      ({ after, before, ...one }) =>
        (one.clientId ?? clientId) === clientId &&
        (after ?? last) === last &&
        (before ?? next) === next,
    );
    if (cut < 0) return false;
    cuts.splice(cut, 1);
    flush(session);
    session.port.cut();
    return true;
  };
  const pass = (session: Session, message: Message, fields: Fields, orderRef: string): void => {
    const { clientId } = session;
    if (cutsBetween(session, session.said, message)) return;
    const fits = (which: Which): boolean =>
      which.message === message &&
      (which.clientId ?? clientId) === clientId &&
      (which.orderRef ?? orderRef) === orderRef;
    const drop = drops.find(({ which }) => fits(which));
    if (drop !== undefined) {
      drop.left -= 1;
      if (drop.left === 0) drops.splice(drops.indexOf(drop), 1);
    } else if (holds.some(fits) && held.length < HELD_MOST) held.push({ session, message, fields });
    else say(session, message, fields);
  };
  return {
    hold: (which) => void holds.push(which),
    drop: (which, times) => void drops.push({ which, left: times }),
    cutBetween: (cut) => void cuts.push(cut),
    cutsBefore: (session, request) =>
      cuts.length > 0 && cutsBetween(session, session.heard, request),
    armed: () => [
      ...holds.map((which) => ({ ...which, do: 'holdMessages' })),
      ...drops.map(({ which, left }) => ({ ...which, do: 'dropMessages', times: left })),
      ...cuts.map((cut) => ({ ...cut, do: 'cut' })),
    ],
    release: () => {
      const leaving = held;
      held = [];
      holds.length = 0;
      for (const { session, message, fields } of leaving) say(session, message, fields);
      return leaving.length;
    },
    say: (session, message, fields, orderRef = '') => {
      if (idle()) say(session, message, fields);
      else pass(session, message, fields, orderRef);
    },
  };
}
