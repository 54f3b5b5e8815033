/** As much of this client as is used here; it has no types of its own. */
declare module 'ib-tws-api' {
  type Heard = {
    readonly contract: object;
    readonly order: object;
    readonly orderState: object;
  };

  export class Client {
    constructor(to: { host: string; port: number; clientId: number; timeoutMs: number });
    connect(): Promise<void>;
    /** It has no door to its events. */
    readonly _emitter: import('node:events').EventEmitter;
    getCurrentTime(): Promise<number>;
    getOpenOrders(): Promise<Heard[]>;
    placeOrder(asked: { contract: object; order: object }): Promise<number>;
  }

  export const Contract: { stock(named: object): object };
  export const Order: { limit(terms: object): object };
}
