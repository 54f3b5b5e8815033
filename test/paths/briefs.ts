/** What the router has asked for, held against every order that leaves. */
import type { Passage } from '../../src/verify/mind.ts';
import {
  type Account,
  type Brief,
  bracketOf,
  entered,
  executed,
  exited,
  isStop,
  isTarget,
  type Line,
  legOf,
  linesOf,
  position,
  shownPosition,
} from './lines.ts';

type Stepped = Extract<Passage, { readonly type: 'stepped' }>;

const DECIMALS = 1e8;

/** Keeps what the router asked for, and the waits that run. */
export function noted(account: Account, step: Stepped): Account {
  const { fact, ready } = step;
  const isNews = ready.effects.some(({ type }) => type.endsWith('Deadline')) || NEWS.has(fact.type);
  return isNews ? noticed(account, step) : account;
}

const NEWS: ReadonlySet<string> = new Set([
  'bracket.requested',
  'move.wished',
  'deadline.elapsed',
  'snapshot.taken',
]);

function noticed(account: Account, { fact, ready }: Stepped): Account {
  const denied = ready.denied.length > 0;
  const briefs = { ...account.briefs };
  if (fact.type === 'bracket.requested' && !denied) {
    const { request } = fact;
    briefs[request.bracket] = {
      request,
      stopPx: request.targets.map(() => Number(request.stop.stopPrice)),
      targetPx: request.targets.map(({ limitPrice }) => Number(limitPrice)),
    };
  }
  const brief = 'bracket' in fact ? briefs[fact.bracket] : undefined;
  if (fact.type === 'move.wished' && !denied && brief !== undefined) {
    const at = Number(fact.leg.replace(/\D/g, '')) - 1;
    const side = fact.leg.startsWith('stop') ? 'stopPx' : 'targetPx';
    briefs[fact.bracket] = { ...brief, [side]: brief[side].with(at, fact.px / DECIMALS) };
  }
  const elapsed = fact.type === 'deadline.elapsed' ? fact.deadline : '';
  let waits = account.waits.filter((wait) => wait !== elapsed);
  for (const effect of ready.effects) {
    if (effect.type === 'startDeadline') waits = [...waits, effect.deadline];
    if (effect.type === 'stopDeadline') waits = waits.filter((wait) => wait !== effect.deadline);
  }
  const shown = shownPosition(account, fact);
  // A look that we cannot judge may have told of something: then nobody knows what is foreign.
  const unjudged = fact.type === 'snapshot.taken' ? Number.NaN : account.foreign;
  const foreign = shown === null ? unjudged : shown - position(account);
  const traded = account.traded && fact.type !== 'snapshot.taken';
  return { ...account, briefs, waits, foreign, traded };
}

/** What of an order that leaves is not what the router asked for. */
export function misfits(account: Account, line: Line): readonly string[] {
  const { ticket } = line;
  const brief = account.briefs[bracketOf(line)];
  // Requested in this very step: it is noted when the step is over.
  if (brief === undefined) return [];
  const { request } = brief;
  const wants: Record<string, unknown> = {
    account: request.account,
    symbol: request.symbol,
    ...(legOf(line) === 'entry' ? entryOf(brief) : exitOf(account, brief, line)),
  };
  return Object.entries(wants)
    .filter(([name, want]) => want !== ticket[name as keyof typeof ticket])
    .map(([name, want]) => {
      const is = String(ticket[name as keyof typeof ticket]);
      return `${ticket.orderRef} has the ${name} ${is}, not ${String(want)}`;
    });
}

function entryOf({ request }: Brief): Record<string, unknown> {
  const { entry, side, quantity } = request;
  return {
    action: side,
    orderType: entry.type,
    totalQuantity: Number(quantity),
    lmtPrice: 'limitPrice' in entry ? Number(entry.limitPrice) : undefined,
    auxPrice: 'stopPrice' in entry ? Number(entry.stopPrice) : undefined,
    tif: entry.tif,
    outsideRth: entry.outsideRth,
    ocaGroup: '',
  };
}

function exitOf(account: Account, brief: Brief, line: Line): Record<string, unknown> {
  const { request, stopPx, targetPx } = brief;
  const action = request.side === 'BUY' ? 'SELL' : 'BUY';
  const at = Number(legOf(line).replace(/\D/g, '')) - 1;
  if (isStop(line)) {
    const { type, tif, outsideRth } = request.stop;
    return { action, orderType: type, auxPrice: stopPx[at], tif, outsideRth };
  }
  if (isTarget(line)) {
    const target = request.targets[at];
    const { tif, outsideRth } = target ?? {};
    return { action, orderType: 'LMT', lmtPrice: targetPx[at], tif, outsideRth };
  }
  return closingOf(account, brief, line, action);
}

/** The way out sells what is open, and the remedy buys back what was sold beyond it. */
function closingOf(
  account: Account,
  { request }: Brief,
  line: Line,
  action: string,
): Record<string, unknown> {
  const others = linesOf(account).filter((one) => one.ticket.orderId !== line.ticket.orderId);
  const rest = { ...account, lines: Object.fromEntries(others.map((l) => [l.ticket.orderId, l])) };
  const bracket = bracketOf(line);
  const open = entered(rest, bracket) - exited(rest, bracket);
  const bySomebody = others.some((one) => cumDiffers(one));
  return {
    action: open >= 0 ? action : request.side,
    orderType: request.stop.outsideRth ? 'LMT' : 'MKT',
    outsideRth: request.stop.outsideRth,
    ocaGroup: '',
    ...(bySomebody || account.cut ? {} : { totalQuantity: Math.abs(open) }),
  };
}

const cumDiffers = (line: Line): boolean => line.claimed > executed(line);
