/**
 * Every state of every region, every fact, every conclusion: what must come of it, by rules that
 * are written here once more, in the words of the design. A chart says where each edge goes; this
 * says what no edge may do.
 *
 * An answer is the state it leads to and what it asks for: `ended.filled`, or
 * `unresolved, alarm L11`. Reasons to ignore something are not compared, but that there is one is.
 */
import type { Intent } from '../../machines/chart.ts';
import {
  BRACKET_FACTS,
  type Conclusions,
  type Leg,
  NO_CONCLUSIONS,
  ORDER_FACTS,
  type OrderFact,
} from '../../machines/facts.ts';
import { bracketChart, type RegionChart, stepRegion } from '../../src/core/charts.ts';

type Given = { readonly leg: Leg; readonly from: string; readonly c: Conclusions };

const PAIRS = 2;

/** `to` and what is asked for, in the order of the alphabet. */
const answer = (to: string, ...asked: readonly string[]): string =>
  [to, ...[...asked].sort()].join(', ');

// ── one order ────────────────────────────────────────────────────────────────────────────────

const ENDS: readonly string[] = ['cancelled', 'rejected', 'expired'];
const REPLACES: readonly string[] = ['replaceAsked', 'pendingReplace'];
const CANCELS: readonly string[] = ['cancelAsked', 'pendingCancel'];

function ofOrder(given: Given, fact: OrderFact): string {
  const { leg, from, c } = given;
  const [stage = '', life = '', request = ''] = from.split('.');
  if (stage === 'idle') return answer('idle', 'alarm L8');
  if (stage === 'unresolved') return ofUnresolved(given, fact);
  if (stage === 'ended') return ofEnded(from, fact, c);
  const lives = (to: string): string => answer(`live.${to}.${request}`);
  const asked = (to: string, ...more: readonly string[]): string =>
    answer(`live.${life}.${to}`, ...more);
  const stop = leg.startsWith('stop');
  switch (fact) {
    case 'held':
      return lives('held');
    case 'working':
      return lives(life === 'trading' ? 'trading' : 'working');
    case 'triggered':
      return lives(stop ? 'trading' : life);
    case 'filled':
      return c.completes ? answer('ended.filled') : lives('trading');
    case 'absent':
      return answer('unresolved', 'alarm L11');
    case 'pendingCancel':
      return asked('pendingCancel');
    case 'cancelRejected':
      return CANCELS.includes(request) ? answer('unresolved', 'ask') : from;
    case 'pendingReplace':
      return stop && !CANCELS.includes(request) ? asked('pendingReplace') : from;
    case 'replaced':
      return REPLACES.includes(request) ? asked('none') : from;
    case 'replaceRejected':
      return REPLACES.includes(request) ? asked('none', 'alarm L6', 'ask') : from;
    case 'overdue':
      return overdue(leg, from, life);
    case 'requestOverdue':
      if (CANCELS.includes(request)) return answer(from, 'alarm L7', 'ask', `cancel ${leg}`);
      return REPLACES.includes(request) ? answer(from, 'alarm L7', 'ask') : from;
    default:
      return ENDS.includes(fact) ? answer(`ended.${fact}`) : from;
  }
}

function overdue(leg: Leg, from: string, life: string): string {
  if (life === 'pendingSubmit') return answer(from, 'alarm L7', 'ask');
  const late = leg.startsWith('stop') || leg === 'closing';
  const tried = life === 'trading' || (leg === 'closing' && life === 'working');
  return late && tried ? answer(from, 'alarm L7') : from;
}

function ofUnresolved({ leg, from, c }: Given, fact: OrderFact): string {
  const found = (life: string): string =>
    c.unwanted.includes(leg)
      ? answer(`live.${life}.cancelAsked`, `cancel ${leg}`)
      : answer(`live.${life}.none`);
  switch (fact) {
    case 'working':
    case 'replaced':
      return found('working');
    case 'held':
      return found('held');
    case 'triggered':
      return found(leg.startsWith('stop') ? 'trading' : 'working');
    case 'filled':
      return c.completes ? answer('ended.filled') : from;
    case 'pendingCancel':
      return answer('live.working.pendingCancel');
    case 'overdue':
      return answer(from, 'alarm L7', 'ask');
    default:
      return ENDS.includes(fact) ? answer(`ended.${fact}`) : from;
  }
}

function ofEnded(from: string, fact: OrderFact, c: Conclusions): string {
  const all = from === 'ended.filled';
  switch (fact) {
    case 'filled':
      if (all) return answer(from, 'alarm L12');
      return answer(c.completes ? 'ended.filled' : from, 'alarm L2');
    case 'corrected':
    case 'busted':
      return all && !c.completes ? answer('unresolved', 'alarm L2', 'ask') : from;
    case 'revived':
      return answer('unresolved', 'alarm L10');
    default:
      return from;
  }
}

/** What is heard of its bracket, or of another leg; null where it has no part in it. */
function ofOthers(given: Given, fact: string): string | null {
  const { leg, from, c } = given;
  if (fact === 'link.lost') return from.startsWith('live') ? answer('unresolved') : from;
  if (fact === 'bracket.concluded') return concluded(given);
  const pair = /\d$/.exec(leg)?.[0];
  const calls = leg.startsWith('target')
    ? ['filled', 'triggered', ...ENDS].some((one) => fact === `stop${pair}.${one}`)
    : leg.startsWith('stop')
      ? fact === `target${pair}.filled` && c.completes
      : leg === 'entry' && /^stop\d\.filled$/.test(fact);
  return calls ? withdrawn(given) : null;
}

function withdrawn({ leg, from }: Given): string | null {
  const [stage, life, request = ''] = from.split('.');
  if (stage === 'unresolved') return answer(from, `cancel ${leg}`);
  if (stage !== 'live' || CANCELS.includes(request)) return null;
  return answer(`live.${life}.cancelAsked`, `cancel ${leg}`);
}

function concluded(given: Given): string | null {
  const { leg, from, c } = given;
  const [stage, life, request] = from.split('.');
  const sends =
    stage === 'idle' || stage === 'unresolved' || (stage === 'ended' && leg !== 'entry');
  if (sends && c.admitted.includes(leg)) return answer('live.pendingSubmit.none', `place ${leg}`);
  if (stage !== 'live') return null;
  if (c.unwanted.includes(leg)) return withdrawn(given);
  return request === 'none' && leg.startsWith('stop') && c.resized.includes(leg)
    ? answer(`live.${life}.replaceAsked`, `replace ${leg}`)
    : null;
}

/** L7: the wait that every pending state has. */
function waitsOf(leg: string, from: string): string {
  const [stage = '', life = '', request = ''] = from.split('.');
  const waits: string[] = [];
  if (stage === 'unresolved') waits.push('resolution');
  if (life === 'pendingSubmit') waits.push('acknowledgement');
  if (life === 'trading' || (leg === 'closing' && life === 'working')) waits.push('trading');
  if (CANCELS.includes(request)) waits.push('withdrawal');
  if (REPLACES.includes(request)) waits.push('replacement');
  if (stage === 'exposed') waits.push('cover');
  if (stage === 'closing' || stage === 'breached') waits.push('leave');
  if (stage === 'settling') waits.push('settlement');
  return waits.sort().join();
}

// ── the exposure ─────────────────────────────────────────────────────────────────────────────

function ofExposure(from: string, fact: string, c: Conclusions): string {
  if (fact === 'exposure.overdue') return exposureOverdue(from, c);
  if (c.oversold) return answer('breached');
  const out = c.leaving ? 'closing' : c.covered ? 'protected' : 'exposed';
  switch (from) {
    case 'flat':
      if (c.quiet) return answer('settling', 'ask');
      return answer(c.flat ? 'flat' : out);
    case 'closing':
      return answer(c.flat ? 'flat' : 'closing');
    case 'settling':
      if (c.settled) return answer('closed', 'close');
      if (c.quiet) return answer('settling');
      return answer(c.flat ? 'flat' : out);
    case 'closed':
      if (c.settled) return answer('closed');
      if (c.quiet) return answer('settling', 'alarm L10', 'ask');
      return answer(c.flat ? 'flat' : 'exposed', 'alarm L10');
    default:
      return answer(c.flat ? 'flat' : out);
  }
}

function exposureOverdue(from: string, c: Conclusions): string {
  switch (from) {
    case 'exposed':
      return c.leaving ? answer('closing', 'alarm L5') : answer(from, 'alarm L5', 'ask');
    case 'closing':
      return answer(from, 'alarm L5', 'ask');
    case 'settling':
      return answer(from, 'ask');
    case 'breached':
      return answer(from, 'alarm L12', 'ask');
    default:
      return from;
  }
}

// ── the charts, held against it ──────────────────────────────────────────────────────────────

/** Each guard's truth, beside all others: more would say nothing new of charts without sums. */
function conclusionsOf(region: RegionChart): readonly Conclusions[] {
  const none: Conclusions = { ...NO_CONCLUSIONS, flat: false, covered: false };
  if (region.region !== 'exposure') {
    const leg = [region.region as Leg];
    const due = [none, { ...none, admitted: leg }, { ...none, unwanted: leg }];
    return [...due, { ...none, resized: leg }, { ...none, unwanted: leg, resized: leg }].flatMap(
      (one) => [one, { ...one, completes: true }],
    );
  }
  const names = ['oversold', 'flat', 'leaving', 'covered', 'quiet', 'settled'] as const;
  return Array.from({ length: 2 ** names.length }, (_, bits) => ({
    ...none,
    ...Object.fromEntries(names.map((name, i) => [name, ((bits >> i) & 1) === 1])),
  }));
}

function shown(intents: readonly Intent[]): readonly string[] {
  return intents.flatMap((intent) => {
    switch (intent.type) {
      case 'ignore':
        return [];
      case 'alarm':
        return [`alarm ${intent.params.law}`];
      case 'place':
      case 'cancel':
      case 'replace':
        return [`${intent.type} ${intent.params.leg}`];
      default:
        return [intent.type];
    }
  });
}

function wantedOf(region: string, from: string, fact: string, c: Conclusions): string | null {
  if (region === 'exposure') return ofExposure(from, fact, c);
  const leg = region as Leg;
  const [name, own = ''] = fact.split('.');
  return name === leg
    ? ofOrder({ leg, from, c }, own as OrderFact)
    : ofOthers({ leg, from, c }, fact);
}

export type Misspelt = { readonly wrong: string; readonly asked: number };

/** The first answer that is not as the rules have it. */
export function misspelt(): Misspelt | null {
  let asked = 0;
  const { regions, legs } = bracketChart(PAIRS);
  const facts = [
    ...legs.flatMap((leg) => ORDER_FACTS.map((fact) => `${leg}.${fact}`)),
    ...BRACKET_FACTS,
  ];
  // The second pair is as the first; only the entry hears of both.
  for (const region of regions.filter(({ region: name }) => !name.endsWith('2'))) {
    const conclusions = conclusionsOf(region);
    for (const [from, { waits }] of region.rows) {
      const runs = waits.map(({ name }) => name).sort();
      const wait = waitsOf(region.region, from);
      if (runs.join() !== wait) return { wrong: `${from} waits for "${runs}", not ${wait}`, asked };
      for (const fact of facts) {
        for (const c of conclusions) {
          asked += 1;
          const made = stepRegion(region, from, fact, c);
          const is = answer(made.to, ...shown(made.intents));
          const wanted = wantedOf(region.region, from, fact, c);
          const isOwn = fact.startsWith(`${region.region}.`);
          const where = `${region.region} in ${from} on ${fact}`;
          if (is !== (wanted ?? from)) {
            return { wrong: `${where}: "${is}", not "${wanted ?? from}"`, asked };
          }
          if (isOwn && !made.answered) return { wrong: `${where}: silence`, asked };
        }
      }
    }
  }
  return null;
}
