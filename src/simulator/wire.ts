/**
 * The protocol between TWS (or IB Gateway) and its API clients, from the server's side and without
 * sockets: what a simulated gateway needs to read requests and to write its answers, for server
 * versions 177 to 193. Later versions speak protobuf; earlier ones need layouts that no client of
 * ours asks for.
 *
 * Bytes go through a `createServerReader`: the greeting first, which `agreeOn` and `helloAnswer`
 * answer, then frames, which `readRequest` reads. Answers are lists of fields; `frameOf` makes
 * bytes of them. Nothing throws: whatever comes in that is not the protocol is told as a value.
 */
import * as account from './wire/answers.ts';
import * as details from './wire/details.ts';
import { createFrameReader, type Framed, LONGEST_FRAME } from './wire/frames.ts';
import { createGreetingReader, type Greeting } from './wire/hello.ts';
import * as ticks from './wire/ticks.ts';

export type {
  CommissionReport,
  Fields,
  OrderStatus,
  PortfolioValue,
  WireExecution,
} from './wire/answers.ts';
export type {
  ComboLeg,
  DeltaNeutralContract,
  TagValue,
  WireContract,
  WireContractDetails,
} from './wire/contract.ts';
export type { Misreading } from './wire/cursor.ts';
export {
  createFrameReader,
  type Framed,
  frameOf,
  LONGEST_FRAME,
  type Value,
} from './wire/frames.ts';
export { type Agreement, agreeOn, type Greeting, helloAnswer } from './wire/hello.ts';
export type { OrderCondition, SoftDollarTier, WireOrder, WireOrderState } from './wire/order.ts';
export type { Sheet } from './wire/parts.ts';
export {
  type CancelOrder,
  type ExecutionFilter,
  type Malformed,
  type PlaceOrder,
  placeOrderFields,
  type ReqMktData,
  type Request,
  readRequest,
} from './wire/requests.ts';

/** What can be said to a client: one function for each message, and its fields as the answer. */
export const answers = { ...account, ...details, ...ticks };

/** The versions spoken here. */
export const SERVER_VERSIONS = { min: 177, max: 193 } as const;

/** What a client's bytes amount to, in their order. */
export type Received = { readonly kind: 'greeting'; readonly greeting: Greeting } | Framed;

export type ServerReader = {
  /** Whatever these bytes complete. */
  readonly push: (bytes: Uint8Array) => readonly Received[];
  /** The client is gone: says what was cut off. */
  readonly end: () => readonly Received[];
};

/** Of one connection. After a greeting that cannot be answered nothing more is read. */
export function createServerReader(longest: number = LONGEST_FRAME): ServerReader {
  const greetings = createGreetingReader();
  const frames = createFrameReader(longest);
  let state: 'greeting' | 'frames' | 'refused' = 'greeting';

  function push(bytes: Uint8Array): readonly Received[] {
    if (state === 'refused') return [];
    if (state === 'frames') return frames.push(bytes);
    const found = greetings.push(bytes);
    if (found === undefined) return [];
    const { greeting, rest } = found;
    state = greeting.kind === 'hello' ? 'frames' : 'refused';
    const told: Received = { kind: 'greeting', greeting };
    return state === 'frames' ? [told, ...frames.push(rest)] : [told];
  }

  function end(): readonly Received[] {
    if (state === 'frames') return frames.end();
    const greeting = state === 'greeting' ? greetings.end() : undefined;
    state = 'refused';
    return greeting === undefined ? [] : [{ kind: 'greeting', greeting }];
  }

  return { push, end };
}
