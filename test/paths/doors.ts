/**
 * Who may open a bracket, and when: everything that can be said of leases, halts, links and other
 * brackets, breadth first, against a book of rules that shares nothing with the engine.
 *
 * The rules are the design's: at most one run of a key holds its lease, a newer one takes it, and
 * every run ends in a record; nothing is opened while the link is down or the symbol halted, under
 * a name that was used, against an open bracket, or beside one where overlap is refused.
 */
import type { Fact } from '../../src/core/fact.ts';
import type { Ready } from '../../src/core/ready.ts';
import type { BracketRequest } from '../../src/core/request.ts';
import { emptyState, type State } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import { bracket } from './suites.ts';

const KEY = 'breakout:RIME';
const STAGES = ['started', 'confirmed', 'ordered', 'stopped'] as const;

type Run = {
  readonly epoch: number;
  readonly stage: (typeof STAGES)[number];
  readonly brackets: readonly string[];
};

type Open = { readonly name: string; readonly side: 'BUY' | 'SELL'; readonly over: boolean };

type Rules = {
  readonly overlaps: boolean;
  readonly link: 'live' | 'lost' | 'back';
  readonly halted: boolean;
  readonly run: Run | null;
  readonly brackets: readonly Open[];
};

type Said = { readonly type: string; readonly fact: Fact };
type Record_ = { readonly epoch: number; readonly end: string; readonly brackets: string };
/** What must come of a fact: the rules after it, the subjects of refusals, records of runs. */
type Due = {
  readonly rules: Rules;
  readonly denied: readonly string[];
  readonly records: readonly Record_[];
  readonly opens: string | null;
};

const at = 0;
/** Shares of 0.0001: two brackets of one share, and no third. */
const CAP = 20_000;

function sayings(state: State): readonly Said[] {
  const said: Said[] = [];
  for (const epoch of [1, 2]) {
    for (const type of ['watcher.started', 'watcher.confirmed', 'watcher.stopped'] as const) {
      said.push({ type: `${type} ${epoch}`, fact: { type, at, key: KEY, epoch } });
    }
  }
  for (const name of ['A', 'B', 'C']) {
    for (const [how, changes] of Object.entries(wishes)) {
      const request = bracket([1], { bracket: name, ...changes });
      said.push({ type: `open ${name} ${how}`, fact: { type: 'bracket.requested', at, request } });
    }
    const orderRef = `${name}.entry.1`;
    const fact: Fact = { type: 'order.refused', at, orderRef, code: 201, text: 'no' };
    if (state.index[name] !== undefined) said.push({ type: `refuse ${name}`, fact });
  }
  said.push(...ofNobody());
  const symbol = 'RIME';
  said.push({ type: 'halt', fact: { type: 'market.halted', at, symbol } });
  said.push({ type: 'resume', fact: { type: 'market.resumed', at, symbol } });
  said.push({ type: 'cut', fact: { type: 'link.lost', at, code: 1100 } });
  said.push({ type: 'restore', fact: { type: 'link.restored', at, code: 1102 } });
  const nothing = { openOrders: [], executions: [], completed: [], positions: null } as const;
  const look = { ...nothing, askedAt: state.seq, coversLife: false };
  said.push({ type: 'look', fact: { type: 'snapshot.taken', at, ...look } });
  return said;
}

/** About brackets and orders that nobody opened, and words that nobody understands. */
function ofNobody(): readonly Said[] {
  const [bracketOf, orderRef] = ['Z', 'Z.entry.1'];
  const facts: readonly Fact[] = [
    { type: 'cancel.wished', at, bracket: bracketOf },
    { type: 'flatten.wished', at, bracket: bracketOf },
    { type: 'move.wished', at, bracket: bracketOf, leg: 'stop1', px: 1 },
    { type: 'order.refused', at, orderRef, code: 201, text: 'no' },
    { type: 'order.reported', at, orderRef, permId: 1, status: 'submitted' },
    { type: 'order.refused', at, orderRef: 'A.closing.9', code: 201, text: 'no' },
    { type: 'unrecognised', at, text: 'what?' },
    { type: 'deadline.elapsed', at, deadline: 'Z/entry.acknowledgement/1' },
  ];
  return facts.map((fact) => ({ type: `of nobody: ${fact.type}`, fact }));
}

/** L4, L8: what is said of nobody is refused, told to a person, or left alone with a reason. */
function unanswered({ fact, type }: Said, { denied, alarms, ignored, effects }: Ready): string[] {
  if (!type.startsWith('of nobody')) return [];
  const wish = fact.type.endsWith('.wished');
  const told = alarms.some(({ law }) => law === (fact.type === 'unrecognised' ? 'L8' : 'L4'));
  const late = fact.type === 'deadline.elapsed' && ignored.length > 0;
  const answered = wish ? denied.some((text) => text.startsWith('bracket: Z')) : told || late;
  return answered && effects.length === 0 ? [] : [`no word on ${fact.type} of nobody`];
}

const short: Partial<BracketRequest> = {
  side: 'SELL',
  stop: { type: 'STP', stopPrice: 1.45, tif: 'GTC', outsideRth: false },
  targets: [{ quantity: 1, limitPrice: 1.2, tif: 'GTC', outsideRth: false }],
};

const wishes: Readonly<Record<string, Partial<BracketRequest>>> = {
  plainly: {},
  'by run 1': { watcher: { key: KEY, epoch: 1 } },
  'by run 2': { watcher: { key: KEY, epoch: 2 } },
  short,
};

// ── the rules ────────────────────────────────────────────────────────────────────────────────

function due(rules: Rules, { fact }: Said): Due {
  const nothing: Due = { rules, denied: [], records: [], opens: null };
  switch (fact.type) {
    case 'watcher.started':
    case 'watcher.confirmed':
    case 'watcher.stopped':
      return { ...nothing, ...runs(rules, fact.type, fact.epoch) };
    case 'market.halted':
    case 'market.resumed':
      // Nobody remembers a halt of what nobody trades.
      return rules.brackets.length === 0
        ? nothing
        : { ...nothing, rules: { ...rules, halted: fact.type === 'market.halted' } };
    case 'link.lost':
      return { ...nothing, rules: { ...rules, link: 'lost' } };
    case 'link.restored':
      return { ...nothing, rules: { ...rules, link: 'back' } };
    case 'snapshot.taken':
      return rules.link === 'back' ? { ...nothing, rules: { ...rules, link: 'live' } } : nothing;
    case 'order.refused': {
      if (fact.orderRef.endsWith('.9')) return nothing;
      const name = fact.orderRef.split('.')[0];
      const brackets = rules.brackets.map((b) => (b.name === name ? { ...b, over: true } : b));
      return { ...nothing, rules: { ...rules, brackets } };
    }
    case 'bracket.requested':
      return { ...nothing, ...opened(rules, fact.request) };
    default:
      return nothing;
  }
}

function runs(rules: Rules, said: string, epoch: number): Pick<Due, 'rules' | 'records'> {
  const { run } = rules;
  const recordOf = (ended: Run, end: string): Record_ => ({
    epoch: ended.epoch,
    end,
    brackets: ended.brackets.join(),
  });
  if (said === 'watcher.started') {
    if (run !== null && run.epoch >= epoch) return { rules, records: [] };
    const records = run === null || run.stage === 'stopped' ? [] : [recordOf(run, 'superseded')];
    return { rules: { ...rules, run: { epoch, stage: 'started', brackets: [] } }, records };
  }
  if (run === null || run.epoch !== epoch || run.stage === 'stopped') return { rules, records: [] };
  if (said === 'watcher.stopped') {
    const records = [recordOf(run, 'stopped')];
    return { rules: { ...rules, run: { ...run, stage: 'stopped' } }, records };
  }
  const stage = run.stage === 'started' ? 'confirmed' : run.stage;
  return { rules: { ...rules, run: { ...run, stage } }, records: [] };
}

function opened(rules: Rules, request: BracketRequest): Omit<Due, 'records'> {
  const { run, brackets, link, halted, overlaps } = rules;
  const open = brackets.filter(({ over }) => !over);
  const denied: string[] = [];
  if (brackets.some(({ name }) => name === request.bracket)) denied.push('bracket');
  if (link !== 'live') denied.push('the link');
  if (halted) denied.push('RIME is halted');
  if (request.watcher !== undefined) {
    const holds = run !== null && run.epoch === request.watcher.epoch && run.stage !== 'stopped';
    if (!holds) denied.push('watcher');
  }
  if (open.some(({ side }) => side !== request.side)) denied.push('side');
  else if (open.length > 0 && !overlaps) denied.push('RIME has an open bracket');
  else if (open.length >= CAP / 10_000) denied.push('quantity');
  if (denied.length > 0) return { rules, denied, opens: null };
  const one: Open = { name: request.bracket, side: request.side, over: false };
  const leased: Run | null =
    request.watcher === undefined || run === null
      ? run
      : { ...run, stage: 'ordered', brackets: [...run.brackets, request.bracket] };
  const after = { ...rules, run: leased, brackets: [...brackets, one] };
  return { rules: after, denied, opens: request.bracket };
}

// ── the engine, held against them ────────────────────────────────────────────────────────────

function objections(said: Said, wanted: Due, before: State, ready: Ready): readonly string[] {
  const wrong = unanswered(said, ready);
  const missing = wanted.denied.filter((one) => !ready.denied.some((text) => text.startsWith(one)));
  if (missing.length > 0) wrong.push(`not refused for ${missing.join(', ')}`);
  const extra = ready.denied.length !== wanted.denied.length && !said.type.startsWith('of nobody');
  if (extra) wrong.push(`refused: ${ready.denied.join()}`);
  const isOpening = said.fact.type === 'bracket.requested';
  const placed = ready.effects.flatMap((e) => (e.type === 'place' ? [e.ticket.orderRef] : []));
  const entry = wanted.opens === null ? '' : `${wanted.opens}.entry.1`;
  if (isOpening && placed.join() !== entry) wrong.push(`places "${placed.join()}", not "${entry}"`);
  if (wanted.denied.length > 0 && ready.state.books !== before.books)
    wrong.push('the books changed');
  const records = ready.watchers.map(({ key, epoch, end, brackets }) =>
    [key, epoch, end, brackets.join()].join(' '),
  );
  const recorded = wanted.records.map(({ epoch, end, brackets }) =>
    [KEY, epoch, end, brackets].join(' '),
  );
  if (records.join() !== recorded.join()) wrong.push(`records "${records}", not "${recorded}"`);
  const run = ready.state.watchers[KEY];
  const shown = run === undefined ? null : [run.key, run.epoch, run.state, run.brackets.join()];
  const { rules } = wanted;
  const kept = rules.run && [KEY, rules.run.epoch, rules.run.stage, rules.run.brackets.join()];
  if (shown?.join(' ') !== kept?.join(' ')) wrong.push(`the run is ${shown}, not ${kept}`);
  const isOfRun = said.fact.type.startsWith('watcher.');
  const changed = JSON.stringify(before.watchers) !== JSON.stringify(ready.state.watchers);
  if (isOfRun && changed === ready.ignored.length > 0) wrong.push('silence, or a word too many');
  return [...wrong, ...ready.alarms.filter(({ broken }) => broken).map(({ text }) => text)];
}

export type Trespass = {
  readonly wrong: string;
  readonly path: readonly string[];
  readonly situations: number;
};

type Visit = { readonly state: State; readonly rules: Rules; readonly path: readonly string[] };

/** The first that goes wrong, by the shortest way; null when nothing does. */
export function trespass(most: number): Trespass | null {
  const seen = new Set<string>();
  const queue: Visit[] = [false, true].map((overlaps) => ({
    state: emptyState(overlaps ? { capQty: CAP } : 'refuse'),
    rules: { overlaps, link: 'live', halted: false, run: null, brackets: [] },
    path: [],
  }));
  for (let i = 0; i < queue.length; i++) {
    const visit = queue[i];
    if (visit === undefined) break;
    for (const said of sayings(visit.state)) {
      const ready = step(visit.state, said.fact);
      const wanted = due(visit.rules, said);
      const path = [...visit.path, said.type];
      const wrong = objections(said, wanted, visit.state, ready);
      if (wrong.length > 0) return { wrong: wrong.join('; '), path, situations: queue.length };
      const key = JSON.stringify(wanted.rules);
      if (seen.has(key) || queue.length >= most) continue;
      seen.add(key);
      queue.push({ state: ready.state, rules: wanted.rules, path });
    }
  }
  return null;
}
