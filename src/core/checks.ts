/**
 * The step laws, as predicates over a bracket after a step. They stay on in production: each
 * sentence returned is a broken law, that is a defect of ours.
 */
import type { Leg } from '../../machines/facts.ts';
import type { LawId } from '../../machines/laws.ts';
import type { BracketChart, Standing } from './charts.ts';
import { nakedQty, oversoldQty } from './commitment.ts';
import type { Row } from './compiled.ts';
import { cumQty, leavesQty, type Order } from './ledger.ts';
import { showQty } from './quantity.ts';
import { type Bracket, currentOrder } from './state.ts';

export type Broken = { readonly law: LawId; readonly text: string };

export function brokenLaws(
  bracket: Bracket,
  chart: BracketChart,
  standing: Standing,
): readonly Broken[] {
  const broken: Broken[] = [];
  for (const order of bracket.orders) checkOrder(order, broken);
  for (const [at, leg] of chart.legs.entries()) checkStage(bracket, leg, standing[at], broken);
  for (const leg of chart.legs) checkReplace(bracket, leg, broken);
  checkExposure(bracket, broken);
  checkDeadlines(bracket, chart, standing, broken);
  return broken;
}

/** One truth for "over": a leg's chart has ended exactly when the ledger has heard its end. */
function checkStage(bracket: Bracket, leg: Leg, row: Row | undefined, broken: Broken[]): void {
  const order = currentOrder(bracket, leg);
  const heard = order === undefined ? 'idle' : order.end === null ? 'live' : 'ended';
  if (row === undefined || row.stage === heard) return;
  const text = `${leg} is ${row.configuration} in the chart and ${heard} in the ledger`;
  broken.push({ law: 'L3', text });
}

function checkOrder(order: Order, broken: Broken[]): void {
  const { orderRef } = order.ticket;
  const keys = new Set<string>();
  let sum = 0;
  for (const execution of order.executions) {
    if (keys.has(execution.key)) broken.push({ law: 'L2', text: `${execution.key} counts twice` });
    keys.add(execution.key);
    if (!execution.busted) sum += execution.qty;
  }
  if (sum !== order.executedQty) {
    broken.push({
      law: 'L2',
      text: `${orderRef} counts ${showQty(order.executedQty)}, its executions are ${showQty(sum)}`,
    });
  }
  const cum = cumQty(order);
  const leaves = leavesQty(order);
  const adds = order.end === null ? cum >= order.qty || cum + leaves === order.qty : leaves === 0;
  if (!adds) {
    broken.push({
      law: 'L3',
      text: `${orderRef}: ${showQty(order.qty)} is not ${showQty(cum)} + ${showQty(leaves)}`,
    });
  }
}

/** A replace that is outstanding is a wait: the chart must know of it. */
function checkReplace(bracket: Bracket, leg: Leg, broken: Broken[]): void {
  const order = currentOrder(bracket, leg);
  const state = bracket.configuration[leg] ?? 'idle';
  if (order?.replaceAsked != null && order.end === null && state.endsWith('.none')) {
    broken.push({ law: 'L7', text: `${leg} waits for a replace that its chart knows nothing of` });
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
function checkDeadlines(
  bracket: Bracket,
  chart: BracketChart,
  standing: Standing,
  broken: Broken[],
): void {
  for (const [at, { configuration, waits }] of standing.entries()) {
    for (const { key } of waits) {
      if (bracket.deadlines[key] !== undefined) continue;
      const text = `${chart.names[at]} waits in ${configuration} without a deadline`;
      broken.push({ law: 'L7', text });
    }
  }
}
