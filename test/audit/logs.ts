import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '../../src/audit/command.ts';
import type { AuditReport, ParentReport, SymbolReport } from '../../src/audit/report.ts';

/** Small logs, written as a converter would write them, and what the command makes of them. */

export type Fields = Readonly<Record<string, unknown>>;

export type Outcome = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly report: AuditReport;
};

/** Records get a `seq` by their place unless they bring one. */
export function logOf(records: readonly Fields[]): string {
  return records.map((one, index) => `${JSON.stringify({ seq: index + 1, ...one })}\n`).join('');
}

export async function auditFile(
  args: readonly string[],
  colour = false,
): Promise<Omit<Outcome, 'report'>> {
  let stdout = '';
  let stderr = '';
  const code = await audit(args, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    colour,
  });
  return { code, stdout, stderr };
}

export async function withFile<Result>(
  content: string | Uint8Array,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  try {
    const path = join(folder, 'log.jsonl');
    writeFileSync(path, content);
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function auditText(content: string | Uint8Array): Promise<Outcome> {
  return withFile(content, async (path) => {
    const outcome = await auditFile([path, '--json']);
    const empty: AuditReport = { symbols: [], parents: [], findings: [] };
    return { ...outcome, report: outcome.code === 1 ? empty : JSON.parse(outcome.stdout) };
  });
}

export async function auditRecords(records: readonly Fields[]): Promise<Outcome> {
  return auditText(logOf(records));
}

export function kinds({ report }: Outcome): readonly string[] {
  return report.findings.map(({ kind }) => kind);
}

export function textOf({ report }: Outcome, kind: string): string {
  return report.findings.find((finding) => finding.kind === kind)?.text ?? '';
}

export function symbolOf({ report }: Outcome, symbol = 'RIME'): SymbolReport {
  const found = report.symbols.find((one) => one.symbol === symbol);
  if (found === undefined) throw new Error(`no symbol ${symbol} in the report`);
  return found;
}

export function parentOf({ report }: Outcome, orderId = 1): ParentReport {
  const found = report.parents.find((one) => one.orderId === orderId);
  if (found === undefined) throw new Error(`no parent ${orderId} in the report`);
  return found;
}

export function created(orderId: number, more: Fields = {}): Fields {
  const common = { type: 'order.created', orderId, symbol: 'RIME', orderType: 'LMT' };
  return { ...common, action: 'SELL', quantity: 100, ...more };
}

export function entry(orderId: number, more: Fields = {}): Fields {
  return created(orderId, { action: 'BUY', role: 'entry', ...more });
}

export function stop(orderId: number, more: Fields = {}): Fields {
  return created(orderId, { orderType: 'STP LMT', role: 'stop', parentId: 1, ...more });
}

export function target(orderId: number, more: Fields = {}): Fields {
  return created(orderId, { role: 'target', parentId: 1, ...more });
}

let executions = 0;

export function bought(orderId: number, quantity: number, more: Fields = {}): Fields {
  executions += 1;
  const execId = `0000e0d5.${executions}.01.01`;
  const common = { type: 'execution', execId, orderId, symbol: 'RIME', price: 1.3 };
  return { ...common, action: 'BUY', quantity, ...more };
}

export function sold(orderId: number, quantity: number, more: Fields = {}): Fields {
  return bought(orderId, quantity, { action: 'SELL', ...more });
}

export function status(orderId: number, word: string, more: Fields = {}): Fields {
  return { type: 'order.status', orderId, status: word, ...more };
}

export function position(shares: number, more: Fields = {}): Fields {
  return { type: 'broker.position', symbol: 'RIME', position: shares, ...more };
}

export function openOrder(orderId: number, more: Fields = {}): Fields {
  const common = { type: 'broker.openOrder', orderId, symbol: 'RIME', action: 'SELL' };
  return { ...common, quantity: 100, status: 'Submitted', ...more };
}

export function snapshot(of: string): Fields {
  return { type: 'broker.snapshot', of };
}

export function brokerError(code: number, orderId: number | undefined): Fields {
  return { type: 'broker.error', code, message: `message of ${code}`, orderId };
}

/** A bracket that went well: the target filled, the stop was cancelled. */
export function soundBracket(parentId = 1): readonly Fields[] {
  const group = { ocaGroup: `group-${parentId}`, ocaType: 1 };
  return [
    entry(parentId),
    bought(parentId, 100),
    stop(parentId + 1, { parentId, ...group }),
    target(parentId + 2, { parentId, ...group }),
    sold(parentId + 2, 100),
    status(parentId + 1, 'Cancelled', { filled: 0, remaining: 100 }),
  ];
}
