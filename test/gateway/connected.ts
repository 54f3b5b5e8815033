/**
 * A gateway on loopback in real time, without delays at its venue, and clients of it as their users
 * have them: `IBApi` of `@stoqey/ib`, over TCP.
 */
import { EventName, IBApi } from '@stoqey/ib';
import type { Deed } from '../../src/gateway/deeds.ts';
import { type Answered, openGateway } from '../../src/gateway/gateway.ts';
import type { GatewayOptions } from '../../src/gateway/options.ts';
import { paced } from '../../src/gateway/pace.ts';
import { listenForClients } from '../../src/gateway/server.ts';
import { realClock } from '../../src/gateway/time.ts';
import type { BookOptions } from '../../src/simulator/book.ts';
import type { VenueOptions } from '../../src/simulator/terms.ts';
import type { Heard } from '../simulator/wire-client.ts';
import { lineOf, tape } from './desk.ts';

export const AT_ONCE: Partial<VenueOptions> = {
  sentMs: { BUY: 0, SELL: 0 },
  heardMs: { BUY: 0, SELL: 0 },
  acknowledgeMs: 0,
  cancelMs: 0,
  routeMs: 0,
  settleMs: 0,
};

export type Connected = {
  readonly port: number;
  readonly does: (deed: Deed) => Answered;
  readonly client: (clientId: number) => Promise<Client>;
  readonly close: () => Promise<void>;
};

export type Client = {
  readonly api: IBApi;
  readonly nextId: number;
  /** Every event since the client was made, a line each. */
  readonly lines: () => readonly string[];
  readonly events: () => readonly Heard[];
  /** Asks, and answers with all that is told until a line begins with `last`, that one included. */
  readonly until: (last: string, ask?: (api: IBApi) => void) => Promise<readonly string[]>;
};

export type ConnectedOptions = Partial<Omit<GatewayOptions, 'venue'>> & {
  readonly venue?: Partial<VenueOptions>;
  readonly book?: Partial<BookOptions>;
  readonly log?: (line: string) => void;
};

export async function openConnected(asked: ConnectedOptions = {}): Promise<Connected> {
  const { venue = {}, book = {}, log = () => {}, ...options } = asked;
  const clock = realClock();
  const opened = openGateway(
    { ...options, venue: { ...AT_ONCE, ...tape(), ...venue, book } },
    { clock, log },
  );
  const pace = paced(opened, clock, [], () => {});
  const listening = await listenForClients(pace.gateway, 0);
  const clients: IBApi[] = [];
  return {
    port: listening.port,
    does: (deed) => {
      const answered = pace.gateway.control(deed);
      if (!answered.ok) throw new Error(`${JSON.stringify(deed)}: ${answered.error}`);
      return answered;
    },
    client: async (clientId) => {
      const api = new IBApi({
        host: '127.0.0.1',
        port: listening.port,
        clientId,
        maxReqPerSec: 1000,
      });
      clients.push(api);
      return started(api);
    },
    close: async () => {
      for (const api of clients) if (api.isConnected) api.disconnect();
      pace.end();
      await listening.close();
      opened.close();
    },
  };
}

/** Connected, told its next valid id, and that the farms are well: nothing is on its way then. */
export async function started(api: IBApi): Promise<Client> {
  const client = clientOf(api);
  const told = await client.until('info 2158', () => api.connect());
  const line = told.find((one) => one.startsWith('nextValidId'));
  return { ...client, nextId: Number(line?.split(' ')[1]) };
}

const NOT_TOLD: ReadonlySet<string> = new Set(['received', 'sent', 'server', 'all', 'result']);

export function clientOf(api: IBApi): Client {
  const events: Heard[] = [];
  let asked = 0;
  let heard = (): void => {};
  api.on(EventName.all, (event: string, args: readonly unknown[]) => {
    if (NOT_TOLD.has(event)) return;
    events.push({ event, args: args.map((one) => (one instanceof Error ? one.message : one)) });
    heard();
  });
  const lines = (): readonly string[] => events.map(lineOf);
  return {
    api,
    nextId: Number.NaN,
    events: () => events,
    lines,
    until: (last, ask = () => {}) =>
      new Promise((resolve) => {
        heard = () => {
          const end = events.findIndex((one, at) => at >= asked && lineOf(one).startsWith(last));
          if (end < 0) return;
          heard = () => {};
          const told = events.slice(asked, end + 1).map(lineOf);
          asked = end + 1;
          resolve(told);
        };
        ask(api);
        heard();
      }),
  };
}
