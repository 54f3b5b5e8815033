/**
 * The link between the gateway and IB. It is down while somebody at the controls wants it so, and in
 * the outages that the venue draws (`--faults cutLink`). Nothing is heard of IB meanwhile.
 */
import type { BrokerWord } from '../ports/broker.ts';
import { answers } from '../simulator/wire.ts';
import type { Answered } from './controls.ts';
import type { DeedOf } from './deeds.ts';
import type { Inside } from './inside.ts';

type Notice = Extract<BrokerWord, { readonly word: 'error' }>;

const stateOf = (code: number) => {
  if (code === 1100) return 'down';
  if (code === 1101) return 'restored-data-lost';
  return code === 1102 ? 'restored-data-kept' : undefined;
};

const LOST = 'Connectivity between IB and Trader Workstation has been lost.';
const RESTORED = 'Connectivity between IB and Trader Workstation has been restored';

export const isDown = ({ link, venue }: Inside, at: number): boolean =>
  link === 'down' || venue.outageAt(at) !== undefined;

/** What IB says of the link, and not of an order. */
export const noticeIn = (word: BrokerWord): Notice | undefined =>
  word.word === 'error' && word.id === -1 && stateOf(word.code) !== undefined ? word : undefined;

/** Told to everybody. Who has it down at the controls is not told of outages in between. */
export function tellNotice(inside: Inside, { code, message }: Notice, at: number): void {
  const state = stateOf(code);
  if (state !== undefined) inside.ledger.write(at, { type: 'connection', state });
  if (inside.replaying || inside.link === 'down') return;
  for (const session of inside.clients.values())
    inside.interference.say(session, 'error', answers.error(-1, code, message));
  if (!isDown(inside, at)) submitWaiting(inside);
}

const notice = (code: number, message: string): Notice => ({
  word: 'error',
  id: -1,
  code,
  message,
});

export function loseLink(inside: Inside, impossible: (why: string) => never): Answered {
  const at = inside.clock.now();
  if (isDown(inside, at)) return impossible('the link is down already');
  tellNotice(inside, notice(1100, LOST), at);
  inside.link = 'down';
  return { ok: true };
}

export function restoreLink(
  inside: Inside,
  { dataLost = false }: DeedOf<'restoreLink'>,
  impossible: (why: string) => never,
): Answered {
  const at = inside.clock.now();
  if (inside.link === 'up') {
    const drawn = isDown(inside, at);
    return impossible(
      drawn ? 'the link is down by a fault, and comes back by itself' : 'the link is not down',
    );
  }
  inside.link = 'up';
  // An outage of the venue's that goes on says itself when it is over.
  if (isDown(inside, at)) return { ok: true };
  const [code, how] = dataLost ? [1101, 'lost'] : [1102, 'maintained'];
  tellNotice(inside, notice(code, `${RESTORED} - data ${how}.`), at);
  return { ok: true };
}

function submitWaiting(inside: Inside): void {
  for (const request of inside.waiting.splice(0)) inside.submit(request);
}
