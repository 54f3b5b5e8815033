/** What a gateway is made with. */
import type { VenueOptions } from '../simulator/terms.ts';
import { SERVER_VERSIONS } from '../simulator/wire.ts';
import type { Hours } from './hours.ts';
import { DEFAULT_SYMBOLS } from './symbols.ts';

export type GatewayOptions = {
  readonly accounts: readonly string[];
  readonly symbols: readonly string[];
  /** Dollars of each account at the beginning. */
  readonly cash: number;
  /** From 177 to 193: the newest that is spoken with a client. */
  readonly serverVersion: number;
  /** Messages of one client a second; infinite for no limit. */
  readonly rateLimit: number;
  /** Hears of the orders and executions of all clients; null for none. */
  readonly masterClient: number | null;
  /** After a restart the next valid id is what it was when the gateway before began. */
  readonly rollsBackIds: boolean;
  /** When stocks trade without `outsideRth`; null for always. */
  readonly regularHours: Hours | null;
  readonly venue: Partial<VenueOptions>;
};

/** IB's limit, in messages a second. */
export const RATE_LIMIT = 50;

export const GATEWAY_DEFAULTS: GatewayOptions = {
  accounts: ['DU1'],
  symbols: DEFAULT_SYMBOLS,
  cash: 1_000_000,
  serverVersion: SERVER_VERSIONS.max,
  rateLimit: RATE_LIMIT,
  masterClient: null,
  rollsBackIds: false,
  regularHours: null,
  venue: {},
};
