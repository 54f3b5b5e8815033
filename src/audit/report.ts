import { type Account, exitFills, type ParentAccount, type SymbolAccount } from './account.ts';
import type { End } from './book.ts';
import type { Action, Role } from './lifecycle.ts';
import type { FindingKind } from './notes.ts';
import { type Shares, sharesText, sharesToNumber } from './shares.ts';

/**
 * The audit as one JSON object. `account` and `conId` stand on a symbol and a parent where the log
 * names them, `startingPosition` where the log gives one; a number that the log does not give
 * (no position, no pattern, no end) is null rather than absent.
 */
export type AuditReport = {
  readonly symbols: readonly SymbolReport[];
  readonly parents: readonly ParentReport[];
  readonly findings: readonly FindingReport[];
};

type ScopeReport = { readonly account?: string; readonly conId?: number };

export type SymbolReport = ScopeReport & {
  readonly symbol: string;
  readonly boughtQty: number;
  readonly soldQty: number;
  readonly netLogged: number;
  readonly startingPosition?: number;
  readonly brokerPosition: number | null;
  readonly unexplained: number | null;
  readonly explanations: readonly (readonly {
    readonly orderId: number;
    readonly quantity: number;
  }[])[];
  readonly verdict: SymbolAccount['verdict'];
};

export type ParentReport = ScopeReport & {
  readonly orderId: number;
  readonly symbol: string;
  readonly watcher: string | null;
  readonly side: Action;
  readonly entryFilledQty: number;
  readonly exitFilledQty: number;
  readonly oversoldQty: number;
  readonly sequence: readonly string[];
  readonly pattern: ParentAccount['pattern'] | null;
  readonly legs: readonly LegReport[];
  readonly verdict: ParentAccount['verdict'];
};

export type LegReport = {
  readonly orderId: number;
  readonly role: Role;
  readonly quantity: number;
  readonly filledQty: number;
  readonly end: End | null;
};

export type FindingReport = {
  readonly kind: FindingKind;
  readonly orderId?: number;
  readonly parentId?: number;
  readonly line: number;
  readonly text: string;
};

export function reportOf(account: Account): AuditReport {
  return {
    symbols: account.symbols.map(symbolReport),
    parents: account.parents.map(parentReport),
    findings: account.findings.map(({ kind, orderId, parentId, line, text }) => ({
      kind,
      ...(orderId === undefined ? {} : { orderId }),
      ...(parentId === undefined ? {} : { parentId }),
      line,
      text,
    })),
  };
}

/** 0 when every parent is sound, 2 when one oversold or a position is not explained. */
export function exitCodeOf(account: Account): 0 | 2 {
  const oversold = account.parents.some(({ verdict }) => verdict === 'oversold');
  const unexplained = account.symbols.some((symbol) => (symbol.unexplained ?? 0n) !== 0n);
  return oversold || unexplained ? 2 : 0;
}

function symbolReport(account: SymbolAccount): SymbolReport {
  const { holding, start } = account;
  return {
    symbol: holding.symbol,
    ...scopeReport(holding),
    boughtQty: sharesToNumber(account.bought),
    soldQty: sharesToNumber(account.sold),
    netLogged: sharesToNumber(account.net),
    ...(start === undefined ? {} : { startingPosition: sharesToNumber(start) }),
    brokerPosition: numberOrNull(account.broker),
    unexplained: numberOrNull(account.unexplained),
    explanations: account.explanations.sets.map((set) =>
      set.map(({ leg, quantity }) => ({
        orderId: leg.order.orderId,
        quantity: sharesToNumber(quantity),
      })),
    ),
    verdict: account.verdict,
  };
}

function parentReport(account: ParentAccount): ParentReport {
  const { parent } = account;
  return {
    orderId: parent.orderId,
    symbol: parent.holding.symbol,
    ...scopeReport(parent.holding),
    watcher: parent.own?.order.watcher ?? null,
    side: parent.side,
    entryFilledQty: sharesToNumber(account.entered),
    exitFilledQty: sharesToNumber(account.exited),
    oversoldQty: sharesToNumber(account.oversold),
    sequence: exitFills(parent).map(({ role, quantity }) => `${role}:${sharesText(quantity)}`),
    pattern: account.pattern ?? null,
    legs: parent.legs.map(({ order, role, executed, end }) => ({
      orderId: order.orderId,
      role,
      quantity: sharesToNumber(order.quantity),
      filledQty: sharesToNumber(executed),
      end: end ?? null,
    })),
    verdict: account.verdict,
  };
}

function scopeReport({
  account,
  conId,
}: {
  readonly account: string | undefined;
  readonly conId: number | undefined;
}): ScopeReport {
  return {
    ...(account === undefined ? {} : { account }),
    ...(conId === undefined ? {} : { conId }),
  };
}

function numberOrNull(shares: Shares | undefined): number | null {
  return shares === undefined ? null : sharesToNumber(shares);
}
