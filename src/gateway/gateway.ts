/**
 * A simulated IB Gateway, without sockets: clients' bytes in, bytes out, and the venue behind.
 *
 *     bytes -> frames -> requests -> venue -> words -> messages -> bytes
 *
 * Theory of operation. A request about an order goes to the venue, whose book decides; what it says is
 * passed on to the client whose order it is when its word has travelled. Every other request is
 * answered from what the book shows at that moment. Time moves in one place (`pump`): what is due at
 * the venue happens, what was said is told, and what each client is told leaves in one piece. So the
 * same options, times and bytes give the same bytes.
 */

import type { BrokerRequest } from '../ports/broker.ts';
import type { Print } from '../simulator/terms.ts';
import { createVenue } from '../simulator/venue.ts';
import {
  agreeOn,
  answers,
  helloAnswer,
  type Received,
  readRequest,
  SERVER_VERSIONS,
} from '../simulator/wire.ts';
import { openAccounts } from './accounts.ts';
import { complain } from './complaints.ts';
import { type Answered, type Controls, newControls } from './controls.ts';
import type { Deed } from './deeds.ts';
import { newExecutions } from './executions.ts';
import { sessionsFrom } from './hours.ts';
import type { Inside } from './inside.ts';
import { newInterference } from './interference.ts';
import { type Ledger, NO_LEDGER } from './ledger.ts';
import { isDown } from './link.ts';
import { newQuotes } from './market.ts';
import { GATEWAY_DEFAULTS, type GatewayOptions } from './options.ts';
import { arrive } from './placing.ts';
import { newRegister } from './register.ts';
import { replay } from './replay.ts';
import { nextIdOf, perform } from './requests.ts';
import { flush, newSession, type Port, type Session } from './session.ts';
import { NO_STORE, type Store, type Stored } from './store.ts';
import { symbolsOf } from './symbols.ts';
import { happened, tell, tellPrice, toldPosition } from './telling.ts';
import { type Clock, connectionTime, inTurns } from './time.ts';

export type { Answered } from './controls.ts';

/** One client's end of the gateway. */
export type Connection = {
  readonly receive: (bytes: Uint8Array) => void;
  /** The client sends no more: it has hung up, or must, and then the operator is told why. */
  readonly gone: (why?: string) => void;
};

export type Gateway = {
  readonly connect: (port: Port) => Connection;
  /** Somebody at the controls does something; the answer says whether it could be done. */
  readonly control: (deed: Deed) => Answered;
  /** Lets happen what is due by now, and tells it. */
  readonly pump: () => void;
  /** When something will be due next, in milliseconds since 1970; undefined for never. */
  readonly nextAt: () => number | undefined;
  /** Executions so far. */
  readonly fills: () => number;
  readonly close: () => void;
};

export type GatewayPorts = {
  readonly clock: Clock;
  readonly ledger?: Ledger;
  readonly store?: Store;
  /** What an earlier gateway with the same options has stored. */
  readonly before?: readonly Stored[];
  /** Told when somebody at the controls wants it to stop. */
  readonly stop?: () => void;
  /** Lines for the operator. */
  readonly log?: (line: string) => void;
};

export function openGateway(given: Partial<GatewayOptions>, ports: GatewayPorts): Gateway {
  const { before = [] } = ports;
  const clock = inTurns(ports.clock, before.at(-1)?.at ?? Number.NEGATIVE_INFINITY);
  const start = before[0]?.at ?? clock.now();
  const inside = insideOf({ ...GATEWAY_DEFAULTS, ...given }, { ...ports, clock }, start);
  const pump = (): void => {
    clock.turn();
    inside.tellAll(inside.venue.advance(clock.now()));
    printed(inside, tape);
    for (const session of inside.sessions) flush(session);
  };
  const controls: Controls = newControls(inside, pump, ports.stop ?? (() => {}));
  const tape = [...(inside.options.venue.tape ?? [])].sort((one, other) => one.at - other.at);
  begin(inside, start);
  printed(inside, tape);
  replay(inside, before);
  let connections = 0;
  return {
    connect: (port) => {
      connections += 1;
      const cut = (): void => {
        port.cut();
        // What came with the same bytes is not heard any more.
        leave(inside, session);
      };
      const session = newSession(connections, { ...port, cut }, inside.options.rateLimit);
      inside.sessions.add(session);
      return {
        receive: (bytes) => {
          pump();
          for (const received of session.reader.push(bytes)) hear(inside, session, received);
          pump();
        },
        gone: (why) => hangUp(inside, session, why),
      };
    },
    control: controls.perform,
    pump,
    nextAt: inside.venue.nextAt,
    fills: inside.executions.count,
    close: () => {
      for (const session of [...inside.sessions]) {
        session.port.close();
        leave(inside, session);
      }
      inside.ledger.close();
      inside.store.close();
    },
  };
}

function insideOf(options: GatewayOptions, ports: GatewayPorts, start: number): Inside {
  const { clock, ledger = NO_LEDGER, store = NO_STORE, log = () => {} } = ports;
  const { regularHours: hours } = options;
  const inside: Inside = {
    options,
    clock,
    venue: createVenue({
      ...options.venue,
      ...(hours === null ? {} : { regularHours: sessionsFrom(hours, start) }),
      observe: (word, at) => happened(inside, word, at),
    }),
    symbols: symbolsOf(options.symbols),
    accounts: openAccounts(
      options.accounts,
      options.cash,
      options.venue.book?.startingPositions ?? [],
    ),
    quotes: newQuotes(),
    register: newRegister(),
    executions: newExecutions(),
    interference: newInterference(),
    ledger,
    store,
    sessions: new Set(),
    clients: new Map(),
    highest: new Map(),
    waiting: [],
    link: 'up',
    bound: 0,
    replaying: false,
    submit: (request) => submit(inside, request),
    tellAll: (heard) => {
      for (const { word, at } of heard) tell(inside, word, at);
    },
    log,
  };
  return inside;
}

/** The broker's ledger begins with what was held before anything was traded. */
function begin(inside: Inside, at: number): void {
  for (const { account, symbol } of inside.options.venue.book?.startingPositions ?? [])
    toldPosition(inside, account, symbol, at);
}

/** The venue has the tape already; who watches is told what of it has come. */
function printed(inside: Inside, tape: Print[]): void {
  for (let [next] = tape; next !== undefined && next.at <= inside.clock.now(); [next] = tape) {
    tape.shift();
    inside.quotes.print(next.symbol, next.price, next.size ?? 0);
    tellPrice(inside, next.symbol);
  }
}

/** A request of the gateway's to IB. */
function submit(inside: Inside, request: BrokerRequest): void {
  const { clock, store, waiting, options } = inside;
  const at = clock.now();
  if (isDown(inside, at)) {
    if (options.venue.requestsWhileDown !== 'delayed') return;
    waiting.push(request);
    // What waits has its number; what is lost was never sent.
    if (request.request === 'placeOrder') {
      const one = inside.register.ofKey(request.ticket.orderId);
      if (one !== undefined) one.sent = true;
    }
    return;
  }
  store.write({ at, of: 'request', request });
  arrive(inside, request, at);
}

// ── a connection ─────────────────────────────────────────────────────────────────────────────

function hear(inside: Inside, session: Session, received: Received): void {
  if (session.stage === 'over') return;
  switch (received.kind) {
    case 'greeting':
      return greet(inside, session, received);
    case 'frame':
      return ask(inside, session, received.fields);
    case 'tooLong': {
      const { length, lost } = received;
      const more = `A frame claims ${length} bytes.`;
      complain(inside, session, { code: 507, text: BAD_LENGTH, more });
      if (lost) end(inside, session, 'its stream is out of step');
      return;
    }
    case 'notText':
    case 'unterminated': {
      const text = `Error reading request. A frame of ${received.length} bytes is no message.`;
      return complain(inside, session, { code: 320, text });
    }
    case 'truncated': {
      const more = `The stream ended within a frame, after ${received.received} bytes of it.`;
      return complain(inside, session, { code: 507, text: BAD_LENGTH, more });
    }
  }
}

const BAD_LENGTH = 'Bad Message Length.';

function greet(
  inside: Inside,
  session: Session,
  { greeting }: Extract<Received, { readonly kind: 'greeting' }>,
): void {
  const own = { min: SERVER_VERSIONS.min, max: inside.options.serverVersion };
  if (greeting.kind === 'truncated')
    return end(inside, session, `its greeting ended after ${greeting.received} bytes`);
  if (greeting.kind !== 'hello')
    return end(inside, session, `it speaks another protocol (${greeting.kind})`);
  const agreed = agreeOn(greeting, own);
  if (agreed.kind !== 'agreed') {
    const theirs = `v${greeting.min}..${greeting.max}`;
    return end(inside, session, `it speaks ${theirs}, and v${own.min}..${own.max} is spoken here`);
  }
  session.version = agreed.version;
  session.stage = 'starting';
  const fields = helloAnswer(agreed.version, connectionTime(inside.clock.now()));
  inside.interference.say(session, 'server', fields);
}

function ask(inside: Inside, session: Session, fields: readonly string[]): void {
  const request = readRequest(fields, session.version);
  if (inside.interference.cutsBefore(session, request.kind)) return;
  session.heard = request.kind;
  const { interference, clock, options } = inside;
  if (session.stage === 'starting') {
    if (request.kind === 'startApi') return start(inside, session, request.clientId);
    const text = 'Error validating request: the API has not been started.';
    return complain(inside, session, { code: 321, text });
  }
  if (!session.rate.admits(clock.now())) {
    const text = `Max rate of messages per second has been exceeded:max=${options.rateLimit}`;
    const id = 'orderId' in request ? request.orderId : 'reqId' in request ? request.reqId : -1;
    return interference.say(session, 'error', answers.error(id, 100, text));
  }
  perform(inside, session, request);
}

const IN_USE =
  'Unable to connect as the client id is already in use. Retry with a unique client id.';

/** What TWS says when a client has named itself. */
const FARMS: readonly (readonly [code: number, text: string])[] = [
  [2104, 'Market data farm connection is OK:usfarm'],
  [2106, 'HMDS data farm connection is OK:ushmds'],
  [2158, 'Sec-def data farm connection is OK:secdefil'],
];

function start(inside: Inside, session: Session, clientId: number): void {
  const say = inside.interference.say;
  if (clientId < 0 || inside.clients.has(clientId)) {
    say(session, 'error', answers.error(-1, 326, IN_USE));
    return end(inside, session, `client id ${clientId} is in use`);
  }
  session.clientId = clientId;
  session.stage = 'started';
  inside.clients.set(clientId, session);
  const nextId = nextIdOf(inside, clientId);
  inside.store.write({ at: inside.clock.now(), of: 'started', clientId, nextValidId: nextId });
  say(session, 'managedAccounts', answers.managedAccounts(inside.accounts.names));
  say(session, 'nextValidId', answers.nextValidId(nextId));
  for (const [code, text] of FARMS) say(session, 'error', answers.error(-1, code, text));
}

/** What the client had begun to say is nothing now, and it may still hear so. */
function hangUp(inside: Inside, session: Session, why?: string): void {
  for (const received of session.reader.end()) hear(inside, session, received);
  if (session.stage === 'over') return;
  if (why !== undefined) return end(inside, session, why);
  flush(session);
  session.port.close();
  leave(inside, session);
}

/** The gateway ends it, and says to the operator why. */
function end(inside: Inside, session: Session, why: string): void {
  inside.log(`connection ${session.number} is closed: ${why}`);
  flush(session);
  session.port.close();
  leave(inside, session);
}

function leave(inside: Inside, session: Session): void {
  session.stage = 'over';
  inside.sessions.delete(session);
  if (inside.clients.get(session.clientId) === session) inside.clients.delete(session.clientId);
}
