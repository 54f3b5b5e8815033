/**
 * What passes between us and a broker, in TWS's own words, and the broker itself as a port.
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
  /** A broker with several clients shows the others' orders, too, as `foreignOrder`. */
  | { readonly request: 'reqOpenOrders' }
  | { readonly request: 'reqExecutions'; readonly reqId: number }
  | { readonly request: 'reqPositions' }
  | { readonly request: 'reqCompletedOrders' };

/** What a client asks about prices. Live ones only; a subscription ends with its connection. */
export type PriceRequest =
  | {
      readonly request: 'reqMktData';
      readonly reqId: number;
      readonly symbol: string;
      readonly conId?: number;
    }
  | { readonly request: 'cancelMktData'; readonly reqId: number };

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

/**
 * An order of another client, or of a person in TWS: shown, and never touched. Its number may be
 * one of ours, so it comes as a word of its own, in terms that need not be ours.
 */
export type ForeignOrderWord = {
  readonly word: 'foreignOrder';
  readonly clientId: number;
  readonly orderId: number;
  readonly permId: number;
  readonly orderRef: string;
  readonly account: string;
  readonly symbol: string;
  readonly action: string;
  readonly totalQuantity: number;
  readonly orderType: string;
  readonly status: string;
};

/** What TWS says. `error` with `id` -1 is about the session or a request, otherwise about an order. */
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
      /** The `reqExecutions` or `reqMktData` that it is about. */
      readonly reqId?: number;
      readonly code: number;
      readonly message: string;
    }
  | ForeignOrderWord
  /** The price of the last trade, as it is told: the first one may be of long ago. */
  | {
      readonly word: 'tickPrice';
      readonly reqId: number;
      readonly symbol: string;
      readonly price: number;
    }
  /** What came and cannot be said in these words: an order type, a message that is not understood. */
  | { readonly word: 'unreadable'; readonly text: string };

// ── the broker ───────────────────────────────────────────────────────────────────────────────

export type BrokerSession = {
  /** An order id that this broker has not seen of us; the journal may know of higher ones. */
  readonly nextOrderId: number;
  readonly accounts: readonly string[];
  readonly serverVersion: number;
};

/** A request that did not leave, and never will. */
export type Withheld = {
  readonly request: BrokerRequest | PriceRequest;
  /** Of a placement: nothing of this order ever left, so that it is dead by our own word. */
  readonly unborn: boolean;
  /** For people. */
  readonly because: string;
};

/** Is told one thing at a time, perhaps before the call returns that made it happen. */
export type BrokerListener = {
  /** It may be asked now. Nothing was heard before this. */
  readonly connected: (session: BrokerSession) => void;
  readonly heard: (word: BrokerWord) => void;
  readonly withheld: (withheld: Withheld) => void;
  /**
   * Once for every `connect`: it failed, or ended. Nothing is heard after it. What still waited comes
   * with it: who hears of a withheld order before the cut might place another one.
   */
  readonly disconnected: (reason: string, withheld: readonly Withheld[]) => void;
};

/**
 * A broker that can be traded with. Whoever brings another one has `test/ib/contract.ts` to run on
 * it. What was asked over one connection is never sent over a later one: what did not leave is
 * withheld, and what left has an outcome that only the broker knows.
 */
export type Broker = {
  /** Throws when it is connected, or is about to be. It does not connect again by itself. */
  readonly connect: (listener: BrokerListener) => void;
  /** Requests leave in their order, but a cancel leaves before other orders' placements. */
  readonly send: (request: BrokerRequest | PriceRequest) => void;
  readonly disconnect: () => void;
};
