/**
 * What a client has sent that is no request: the client is told, where it can still hear, and so is
 * the operator in every case. Who looks for a fault in a client should not have to look at its bytes.
 */
import { answers } from '../simulator/wire.ts';
import type { Inside } from './inside.ts';
import type { Session } from './session.ts';

export type Complaint = {
  /** Of the request, where it can be known. */
  readonly id?: number | undefined;
  readonly code: 320 | 321 | 507;
  readonly text: string;
  /** For the operator besides: TWS has no words for it. */
  readonly more?: string;
};

/** Lines of one connection: a client that sends nothing else must not bury the others' lines. */
const LINES_MOST = 100;

export function complain(inside: Inside, session: Session, complaint: Complaint): void {
  const { id = -1, code, text, more = '' } = complaint;
  inside.interference.say(session, 'error', answers.error(id, code, text));
  session.complaints += 1;
  if (session.complaints > LINES_MOST) return;
  const client = session.stage === 'started' ? ` (client ${session.clientId})` : '';
  const last = session.complaints === LINES_MOST ? ' Further ones of it are not shown.' : '';
  const said = `${code} ${text}${more === '' ? '' : ` ${more}`}`;
  inside.log(`connection ${session.number}${client}: ${said}${last}`);
}
