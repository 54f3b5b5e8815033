/**
 * What passes between us and a broker, in TWS's own words.
 *
 * These are shapes only: what Interactive Brokers' API says and is asked (order ids, `ocaType`,
 * `whyHeld` and the rest as IB spells them). The engine reads them through `src/ib/normalise.ts`;
 * the simulator speaks them. Numbers are plain decimals, as a TWS client library hands them over:
 * shares (`70`, `0.5`) and prices in the contract's currency (`1.31`).
 *
 * Source of names: TWS API reference, EWrapper and EClient (`openOrder`, `orderStatus`,
 * `execDetails`, `position`, `error`, …).
 */

export type Action = 'BUY' | 'SELL';

export type OrderType = 'MKT' | 'LMT' | 'STP' | 'STP LMT';

export type TimeInForce = 'DAY' | 'GTC';

/** 0 none · 1 cancel with block · 2 reduce with block · 3 reduce without block. */
export type OcaType = 0 | 1 | 2 | 3;

/** IB's `orderStatus.status`, as written on the wire. */
export type OrderStatusWord =
  | 'ApiPending'
  | 'PendingSubmit'
  | 'PreSubmitted'
  | 'Submitted'
  | 'PendingCancel'
  | 'ApiCancelled'
  | 'Cancelled'
  | 'Filled'
  | 'Inactive';

/** An order as a client sends it with `placeOrder`; the same `orderId` again is a modify. */
export type OrderTicket = {
  readonly orderId: number;
  readonly orderRef: string;
  readonly account: string;
  readonly symbol: string;
  /** IB's contract id, where the sender knows it. */
  readonly conId?: number;
  readonly action: Action;
  readonly totalQuantity: number;
  readonly orderType: OrderType;
  /** LMT and STP LMT. */
  readonly lmtPrice?: number;
  /** The trigger of STP and STP LMT. */
  readonly auxPrice?: number;
  readonly tif: TimeInForce;
  readonly outsideRth: boolean;
  readonly ocaGroup: string;
  readonly ocaType: OcaType;
  /** `orderId` of the parent of an attached child; 0 for none. */
  readonly parentId: number;
  readonly transmit: boolean;
};

/** What a client asks. */
export type BrokerRequest =
  | { readonly request: 'placeOrder'; readonly ticket: OrderTicket }
  | { readonly request: 'cancelOrder'; readonly orderId: number }
  | { readonly request: 'reqOpenOrders' }
  | { readonly request: 'reqExecutions'; readonly reqId: number }
  | { readonly request: 'reqPositions' }
  | { readonly request: 'reqCompletedOrders' };

export type OpenOrderWord = OrderTicket & {
  readonly word: 'openOrder';
  readonly permId: number;
  readonly status: OrderStatusWord;
};

export type OrderStatusReport = {
  readonly word: 'orderStatus';
  readonly orderId: number;
  readonly permId: number;
  readonly status: OrderStatusWord;
  /** Cumulative. Advisory: executions are the truth. */
  readonly filled: number;
  readonly remaining: number;
  readonly avgFillPrice: number;
  /** `''`, or e.g. `trigger`, `child`, `locate`. */
  readonly whyHeld: string;
};

export type ExecDetailsWord = {
  readonly word: 'execDetails';
  /** -1 live; otherwise the id of the `reqExecutions` that this answers. */
  readonly reqId: number;
  readonly orderId: number;
  readonly permId: number;
  readonly orderRef: string;
  readonly account: string;
  readonly symbol: string;
  /** `0000e0d5.69300001.01.01`; a correction differs only after the last dot. */
  readonly execId: string;
  readonly side: 'BOT' | 'SLD';
  readonly shares: number;
  readonly price: number;
  readonly cumQty: number;
};

export type CompletedOrderWord = {
  readonly word: 'completedOrder';
  readonly permId: number;
  readonly orderRef: string;
  readonly account: string;
  readonly symbol: string;
  readonly action: Action;
  readonly totalQuantity: number;
  readonly status: 'Filled' | 'Cancelled' | 'Inactive';
  readonly filledQuantity: number;
};

/** What TWS says. `error` with `id` -1 is about the session, otherwise `id` is an order's or a request's. */
export type BrokerWord =
  | OpenOrderWord
  | { readonly word: 'openOrderEnd' }
  | OrderStatusReport
  | ExecDetailsWord
  | { readonly word: 'execDetailsEnd'; readonly reqId: number }
  | CompletedOrderWord
  | { readonly word: 'completedOrdersEnd' }
  | {
      readonly word: 'position';
      readonly account: string;
      readonly symbol: string;
      readonly conId?: number;
      readonly position: number;
      readonly avgCost: number;
    }
  | { readonly word: 'positionEnd' }
  | {
      readonly word: 'error';
      readonly id: number;
      readonly code: number;
      readonly message: string;
    };

/** What a broker tells whoever is connected. */
export type BrokerListener = {
  /** Connected, and ready for orders. */
  readonly ready: (told: {
    /** No smaller id was ever given to an order of this client, as far as the broker remembers. */
    readonly nextOrderId: number;
    readonly accounts: readonly string[];
  }) => void;
  readonly heard: (word: BrokerWord) => void;
  /** An order that its own cancel has caught before it left: the broker never heard of it. */
  readonly withheld: (orderId: number) => void;
  /** The connection is gone, or did not come. What had not left by then never leaves. */
  readonly lost: (reason: string) => void;
};

/** A connection to a broker, one at a time. */
export type Broker = {
  readonly connect: (listener: BrokerListener) => void;
  /** In order, but cancels pass other orders' placements. Without a connection nothing is sent. */
  readonly send: (request: BrokerRequest) => void;
  readonly disconnect: () => void;
};
