/**
 * The step laws, as predicates over a bracket after a step. They stay on in production: each
 * sentence returned is a broken law, that is a defect of ours.
 */
import type { LawId } from '../../machines/laws.ts';
import type { BracketChart } from './charts.ts';
import { nakedQty, oversoldQty } from './commitment.ts';
import type { Order } from './ledger.ts';
import { showQty } from './quantity.ts';
import type { Standing } from './standing.ts';
import { type Bracket, currentOf, currentOrder, deadlineOf } from './state.ts';

export type Broken = { readonly law: LawId; readonly text: string };

export function brokenLaws(
  bracket: Bracket,
  chart: BracketChart,
  standing: Standing,
): readonly Broken[] {
  const broken: Broken[] = [];
  checkOrders(bracket.orders, broken);
  checkStages(bracket, chart, standing, broken);
  checkReplaces(bracket, broken);
  checkExposure(bracket, broken);
  checkDeadlines(bracket, standing, broken);
  return broken;
}

/**
 * Orders that were found lawful last, by their place in a bracket. No order ever changes: one that
 * is there again is lawful still, and every other is checked.
 */
let lawful: readonly Order[] = [];

function checkOrders(orders: readonly Order[], broken: Broken[]): void {
  if (orders === lawful) return;
  for (let at = 0; at < orders.length; at++) {
    const order = orders[at];
    if (order !== undefined && order !== lawful[at]) checkOrder(order, broken);
  }
  if (broken.length === 0) lawful = orders;
}

/** One truth for "over": a leg's chart has ended exactly when the ledger has heard its end. */
function checkStages(
  bracket: Bracket,
  { parts }: BracketChart,
  { rows }: Standing,
  broken: Broken[],
): void {
  for (let at = 0; at < parts.length; at++) {
    const leg = parts[at];
    const row = rows[at];
    if (leg === undefined || row === undefined) continue;
    const order = currentOf(bracket, leg);
    const heard = order === undefined ? 'idle' : order.end === null ? 'live' : 'ended';
    if (row.stage === heard) continue;
    const text = `${leg.leg} is ${row.configuration} in the chart and ${heard} in the ledger`;
    broken.push({ law: 'L3', text });
  }
}

function checkOrder(order: Order, broken: Broken[]): void {
  checkExecutions(order.executions, broken);
  let sum = 0;
  for (const execution of order.executions) if (!execution.busted) sum += execution.qty;
  if (sum !== order.executedQty) {
    broken.push({
      law: 'L2',
      text: `${order.ticket.orderRef} counts ${showQty(order.executedQty)}, its executions are ${showQty(sum)}`,
    });
  }
}

function checkExecutions(executions: Order['executions'], broken: Broken[]): void {
  // Most orders have one execution at most, and need no set.
  if (executions.length < 2) return;
  const keys = new Set<string>();
  for (const { key } of executions) {
    if (keys.has(key)) broken.push({ law: 'L2', text: `${key} counts twice` });
    keys.add(key);
  }
}

/** A replace that is outstanding is a wait: the chart must know of it. */
function checkReplaces(bracket: Bracket, broken: Broken[]): void {
  for (const order of bracket.orders) {
    const { leg } = order;
    if (order.replaceAsked === null || order.end !== null) continue;
    if (order !== currentOrder(bracket, leg)) continue;
    if ((bracket.configuration[leg] ?? 'idle').endsWith('.none')) {
      const text = `${leg} waits for a replace that its chart knows nothing of`;
      broken.push({ law: 'L7', text });
    }
  }
}

function checkExposure(bracket: Bracket, broken: Broken[]): void {
  const exposure = bracket.configuration.exposure ?? 'flat';
  const naked = nakedQty(bracket);
  if (exposure === 'protected' && naked !== 0) {
    broken.push({ law: 'L5', text: `protected with ${showQty(naked)} naked` });
  }
  if ((exposure === 'flat' || exposure === 'settling' || exposure === 'closed') && naked !== 0) {
    broken.push({ law: 'L5', text: `${exposure} with ${showQty(naked)} naked` });
  }
  if (oversoldQty(bracket) > 0 && exposure !== 'breached') {
    broken.push({ law: 'L12', text: `oversold, and the chart says ${exposure}` });
  }
}

/** L7, and L5's "elsewhere a deadline runs": what the charts call a wait has one running. */
function checkDeadlines(bracket: Bracket, { waits }: Standing, broken: Broken[]): void {
  for (const { key } of waits) {
    if (deadlineOf(bracket, key) !== undefined) continue;
    broken.push({ law: 'L7', text: `${key} waits without a deadline` });
  }
}
