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
import { type Bracket, currentOf } from './state.ts';

export type Broken = { readonly law: LawId; readonly text: string };

export function brokenLaws(
  bracket: Bracket,
  chart: BracketChart,
  standing: Standing,
): readonly Broken[] {
  const broken: Broken[] = [];
  for (const order of bracket.orders) checkOrder(order, broken);
  for (const check of LEG_CHECKS) checkLegs(bracket, chart, standing, check, broken);
  checkExposure(bracket, broken);
  checkDeadlines(bracket, standing, broken);
  return broken;
}

type LegCheck = (order: Order | undefined, leg: Leg, row: Row, broken: Broken[]) => void;

function checkLegs(
  bracket: Bracket,
  { parts }: BracketChart,
  standing: Standing,
  check: LegCheck,
  broken: Broken[],
): void {
  for (let at = 0; at < parts.length; at++) {
    const leg = parts[at];
    const row = standing[at];
    if (leg === undefined || row === undefined) continue;
    check(currentOf(bracket, leg), leg.leg, row, broken);
  }
}

/** One truth for "over": a leg's chart has ended exactly when the ledger has heard its end. */
function checkStage(order: Order | undefined, leg: Leg, row: Row, broken: Broken[]): void {
  const heard = order === undefined ? 'idle' : order.end === null ? 'live' : 'ended';
  if (row.stage === heard) return;
  const text = `${leg} is ${row.configuration} in the chart and ${heard} in the ledger`;
  broken.push({ law: 'L3', text });
}

function checkOrder(order: Order, broken: Broken[]): void {
  const { orderRef } = order.ticket;
  let sum = 0;
  for (let at = 0; at < order.executions.length; at++) {
    const execution = order.executions[at];
    if (execution === undefined) continue;
    // Executions are few; a set of their keys would cost more than to look back.
    for (let before = 0; before < at; before++) {
      if (order.executions[before]?.key !== execution.key) continue;
      broken.push({ law: 'L2', text: `${execution.key} counts twice` });
      break;
    }
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
function checkReplace(order: Order | undefined, leg: Leg, row: Row, broken: Broken[]): void {
  if (order === undefined || order.replaceAsked === null || order.end !== null) return;
  if (row.configuration.endsWith('.none')) {
    broken.push({ law: 'L7', text: `${leg} waits for a replace that its chart knows nothing of` });
  }
}

const LEG_CHECKS: readonly LegCheck[] = [checkStage, checkReplace];

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
function checkDeadlines(bracket: Bracket, standing: Standing, broken: Broken[]): void {
  for (const { region, configuration, waits } of standing) {
    for (const { key } of waits) {
      if (bracket.deadlines[key] !== undefined) continue;
      const text = `${region} waits in ${configuration} without a deadline`;
      broken.push({ law: 'L7', text });
    }
  }
}
