/**
 * The broker's own truth as a lifecycle log: what happened, whoever was told of it.
 *
 * One JSON object a line, written through before anything else is done, so that a gateway that is
 * killed leaves a log that `interlock audit` reads. `orderId` is the client's; where a second client
 * uses a number that is taken in this log, its order gets one of its own, and `clientId` says whose
 * it is.
 */
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

export type LedgerOrder = {
  /** Unique in the log. */
  readonly orderId: number;
  readonly clientId: number;
  readonly symbol: string;
  readonly action: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly orderType: string;
  readonly account: string;
  readonly permId: number;
  readonly orderRef?: string | undefined;
  readonly parentId?: number | undefined;
  readonly ocaGroup?: string | undefined;
  readonly ocaType?: number | undefined;
  readonly limitPrice?: number | undefined;
  readonly stopPrice?: number | undefined;
  readonly outsideRth: boolean;
};

/** The record types of the lifecycle log, as far as a broker writes them. */
export type LedgerEntry =
  | ({ readonly type: 'order.created' } & LedgerOrder)
  | {
      readonly type: 'order.status';
      readonly orderId: number;
      readonly status: string;
      readonly filled: number;
      readonly remaining: number;
      readonly avgFillPrice: number;
      readonly whyHeld?: string | undefined;
    }
  | {
      readonly type: 'execution';
      readonly execId: string;
      readonly orderId: number;
      readonly symbol: string;
      readonly action: 'BUY' | 'SELL';
      readonly quantity: number;
      readonly price: number;
      readonly account: string;
      readonly permId: number;
      readonly orderRef?: string | undefined;
    }
  | {
      readonly type: 'broker.error';
      readonly code: number;
      readonly message: string;
      readonly orderId?: number | undefined;
    }
  | {
      readonly type: 'connection';
      readonly state: 'up' | 'down' | 'restored-data-lost' | 'restored-data-kept';
    }
  | {
      readonly type: 'broker.position';
      readonly account: string;
      readonly symbol: string;
      readonly position: number;
      readonly avgCost: number;
    }
  | { readonly type: 'broker.snapshot'; readonly of: 'positions' };

export type Ledger = {
  readonly write: (at: number, entry: LedgerEntry) => void;
  readonly close: () => void;
};

/** Nobody keeps a ledger. */
export const NO_LEDGER: NewLedger = { begin: () => {}, write: () => {}, close: () => {} };

export type NewLedger = Ledger & {
  /** From now on, with all that was written before. */
  readonly begin: () => void;
};

/** What an earlier gateway has written here may be begun anew; anything else is somebody's. */
export function isReplaceable(file: string): boolean {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text === '' || /^\{"seq":1,"at":"[^"]+","type":"/.test(text);
}

/**
 * Opens `file` for a new log; throws what the file system says. What is in it stays there until the
 * log begins: a gateway that cannot start has no ledger to put in its place.
 */
export function openLedger(file: string): NewLedger {
  const descriptor = openSync(file, 'a');
  let before: string[] | undefined = [];
  let seq = 0;
  let open = true;
  return {
    begin: () => {
      ftruncateSync(descriptor);
      for (const line of before ?? []) writeSync(descriptor, line);
      before = undefined;
    },
    write: (at, { type, ...fields }) => {
      if (!open) return;
      seq += 1;
      const stamped = { seq, at: new Date(at).toISOString(), type, ...fields };
      const line = `${JSON.stringify(stamped)}\n`;
      if (before === undefined) writeSync(descriptor, line);
      else before.push(line);
    },
    close: () => {
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}
