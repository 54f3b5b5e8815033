/**
 * Plays a history through `step` and prints its second half.
 *
 * TWS's lines become words on the wire and go through the desk, so a history exercises the same
 * path as a live session. Lines about deadlines (`startDeadline`, `stopDeadline`) are left out of
 * the second half unless the header says `show deadlines`: nearly every step starts or stops one,
 * and they drown what a trader must see. They run all the same: `clock stop1.withdrawal` elapses
 * the one that runs, and it is a mistake when none does.
 */
import { balanceLine, describeTicket } from '../core/describe.ts';
import type { Fact } from '../core/fact.ts';
import { cumQty, leavesQty } from '../core/ledger.ts';
import { showQty } from '../core/quantity.ts';
import type { Bracket } from '../core/state.ts';
import { deadlineOf, findBracket, type State } from '../core/state.ts';
import { codeOf } from '../ib/codes.ts';
import { requestsOf } from '../ib/desk.ts';
import type { BrokerWord } from '../ports/broker.ts';
import { permutations } from './arrangements.ts';
import { ACCOUNT } from './header.ts';
import type { Action, Spoken } from './line.ts';
import { type Line, mistake, type Script } from './script.ts';
import {
  hear,
  openStage,
  print,
  refOf,
  type Stage,
  take,
  type Unplayable,
  without,
  wordsOf,
} from './stage.ts';

/** How a history is played: as it is written, or altered by one of its laws. */
export type Manner = {
  /** Each line of TWS arrives that many times. */
  readonly times: 1 | 2;
  /** All executions once more at the end, as after a reconnect. */
  readonly reSent: boolean;
  /** The lines of one paragraph, rearranged. */
  readonly shuffled: { readonly paragraph: number; readonly lines: readonly Line[] } | null;
  /** What an altered history may lack (a deadline that does not run, a question) is passed over. */
  readonly lenient: boolean;
};

export const AS_WRITTEN: Manner = { times: 1, reSent: false, shuffled: null, lenient: false };

export type Play = {
  /** The second halves, one for each paragraph; null for comments. */
  readonly outputs: readonly (readonly string[] | null)[];
  readonly stage: Stage;
};

export function play(script: Script, manner: Manner = AS_WRITTEN): Play {
  let stage = openStage(script.setup);
  const outputs: (readonly string[] | null)[] = [];
  let opened = false;
  script.paragraphs.forEach((paragraph, i) => {
    if (paragraph.output === null) {
      outputs.push(null);
      return;
    }
    if (!opened) {
      opened = true;
      outputs.push(['ok']);
      return;
    }
    const { shuffled } = manner;
    const lines = shuffled?.paragraph === i ? shuffled.lines : paragraph.lines;
    stage = lines.reduce<Stage>((s, line) => playLine(s, line, manner), { ...stage, printed: [] });
    outputs.push(stage.printed);
  });
  if (manner.reSent) {
    for (const word of stage.executions) stage = hear(stage, word, stage.now);
  }
  if (stage.problem !== null && !manner.lenient) {
    mistake(script.file, stage.problem.line, stage.problem.text);
  }
  return { outputs, stage };
}

/** A script with its second halves as they were played, ready to be written. */
export function render(script: Script, outputs: Play['outputs']): string {
  const blocks = script.paragraphs.map(({ source }, i) => {
    const output = outputs[i] ?? null;
    return output === null ? source.join('\n') : [...source, '----', ...output].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

function playLine(stage: Stage, line: Line, manner: Manner): Stage {
  if (stage.problem !== null) return stage;
  const { action } = line;
  if (action.actor === 'in any order') return playAnyOrder(stage, line, action.lines, manner);
  const after = playAction(stage, action, line.at, manner);
  if (!('unplayable' in after)) return after;
  return { ...stage, problem: { line: line.number, text: after.unplayable } };
}

function playAnyOrder(stage: Stage, line: Line, inner: readonly Line[], manner: Manner): Stage {
  const run = (lines: readonly Line[]): Stage =>
    lines.reduce((s, l) => playLine(s, l, manner), stage);
  const written = run(inner);
  const ends = new Map<string, string>();
  let possible = 0;
  for (const lines of permutations(inner)) {
    const played = run(lines);
    if (played.problem !== null) continue;
    possible += 1;
    ends.set(endOf(played.state).join('\n'), lines.map((l) => l.text).join(' · '));
  }
  if (ends.size > 1) {
    const told = [...ends].map(([end, lines]) => `after ${lines}:\n${end}`).join('\n');
    return { ...written, problem: { line: line.number, text: `the ends differ\n${told}` } };
  }
  return print(written, `  .. ${possible} orders, one end`);
}

function playAction(stage: Stage, action: Action, at: number, manner: Manner): Stage | Unplayable {
  switch (action.actor) {
    case 'router':
      return playRouter(stage, action, at);
    case 'tws':
      return playSpoken(stage, action.spoken, at, manner);
    case 'link':
      return hear(stage, { word: 'error', id: -1, code: action.code, message: '' }, at);
    case 'clock':
      return 'passes' in action
        ? passTime(stage, at, at + action.passes)
        : elapse(stage, action.bracket, action.deadline, at, manner);
    case 'market': {
      if (action.verb === 'closing') {
        return take(stage, { type: 'session.ending', account: ACCOUNT, at });
      }
      const symbol = stage.setup.requests[0]?.symbol ?? '';
      return take(stage, { type: `market.${action.verb}`, symbol, at });
    }
    case 'operator': {
      const orderRef = refOf(stage, action.order);
      if (typeof orderRef !== 'string') return orderRef;
      return take(stage, { type: 'order.busted', orderRef, execId: action.execId, at });
    }
    case 'watcher': {
      const { verb, key, epoch } = action;
      return take(stage, { type: `watcher.${verb}`, key, epoch, at });
    }
    case 'show':
      return print(stage, ...shown(stage, action.what));
  }
}

function playRouter(stage: Stage, action: Action & { actor: 'router' }, at: number): Stage {
  if (action.verb === 'move') {
    const { order, px, limitPx } = action;
    return take(stage, {
      type: 'move.wished',
      at,
      bracket: order.bracket,
      leg: order.leg,
      px,
      ...(limitPx === null ? {} : { limitPx }),
    });
  }
  const { bracket, verb } = action;
  if (verb !== 'open') return take(stage, { type: `${verb}.wished`, bracket, at });
  const request = stage.setup.requests.find((r) => r.bracket === bracket);
  return request === undefined ? stage : take(stage, { type: 'bracket.requested', request, at });
}

function playSpoken(stage: Stage, spoken: Spoken, at: number, manner: Manner): Stage | Unplayable {
  if (spoken.verb === 'price') {
    return take(stage, { type: 'price.printed', symbol: spoken.symbol, px: spoken.px, at });
  }
  const said =
    spoken.verb === 'error' && spoken.text === ''
      ? { ...spoken, text: codeOf(spoken.code)?.text ?? '' }
      : spoken;
  const words = wordsOf(stage, said);
  if ('unplayable' in words) return words;
  if (spoken.verb === 'snapshot') {
    const asking = asked(stage, spoken.unasked || manner.lenient);
    if ('unplayable' in asking) return asking;
    const heard = words.reduce<Stage>((s, word) => hear(s, word, at), asking);
    const told = stage.desk.nextReqId;
    return words
      .filter((w) => w.word === 'execDetails' && w.reqId === told)
      .reduce(remember, heard);
  }
  const [word] = words;
  if (word === undefined) return stage;
  let next = hear(stage, word, at);
  next = remember(next, word);
  return manner.times === 2 ? hear(next, word, at) : next;
}

/** TWS remembers what it reported, once: its answer to every later question. */
function remember(stage: Stage, word: BrokerWord): Stage {
  if (word.word !== 'execDetails' || stage.executions.some((e) => e.execId === word.execId)) {
    return stage;
  }
  return { ...stage, executions: [...stage.executions, { ...word, reqId: -1 }] };
}

/** A snapshot answers a question; a routine look asks it just before. */
function asked(stage: Stage, routine: boolean): Stage | Unplayable {
  if (stage.desk.gathering !== null) return stage;
  if (!routine) return { unplayable: 'no snapshot was asked for; a routine look is "unasked"' };
  const because = 'a routine look';
  const { desk } = requestsOf(stage.desk, { type: 'ask', askedAt: stage.state.seq, because });
  return { ...stage, desk };
}

function elapse(
  stage: Stage,
  bracket: string,
  key: string,
  at: number,
  manner: Manner,
): Stage | Unplayable {
  const found = findBracket(stage.state, bracket);
  const deadline = found === undefined ? undefined : deadlineOf(found, key);
  if (deadline !== undefined) {
    return take(
      { ...stage, due: without(stage.due, deadline) },
      { type: 'deadline.elapsed', deadline, at },
    );
  }
  if (manner.lenient) return stage;
  const running = Object.keys(stage.due).join(', ');
  return { unplayable: `${key} does not run; running: ${running || 'none'}` };
}

/** Time passes: what is due elapses, in order, and what that starts may elapse too. */
function passTime(stage: Stage, from: number, to: number): Stage {
  const [first] = Object.entries(stage.due)
    .filter(([, due]) => due <= to)
    .sort(([a, dueA], [b, dueB]) => dueA - dueB || (a < b ? -1 : 1));
  if (first === undefined) return { ...stage, now: to };
  const [deadline, due] = first;
  const at = Math.max(from, due);
  const fact: Fact = { type: 'deadline.elapsed', deadline, at };
  return passTime(take({ ...stage, due: without(stage.due, deadline) }, fact), at, to);
}

/** What must be the same however the same words arrived: not the wording of alarms, not waits. */
export function endOf(state: State): readonly string[] {
  const lines: string[] = [];
  for (const bracket of bracketsOf(state)) {
    const { plan, configuration } = bracket;
    lines.push(
      `${plan.bracket} ${configuration.exposure}  ${balanceLine(bracket).split('   ')[0]}`,
    );
    for (const order of bracket.orders) {
      const asked = order.end === null && order.cancelAsked ? ', its cancel asked' : '';
      const end = `${order.end ?? 'live'}${asked}`;
      lines.push(`  ${order.ticket.orderRef} cum ${showQty(cumQty(order))} ${end}`);
    }
  }
  return lines;
}

const bracketsOf = (state: State): readonly Bracket[] =>
  Object.values(state.books).flatMap((book) => book.brackets);

function shown(stage: Stage, what: 'all' | 'open' | 'deadlines'): readonly string[] {
  if (what === 'deadlines') return Object.keys(stage.due).map((deadline) => `     ${deadline}`);
  return bracketsOf(stage.state).flatMap((bracket) => {
    const regions = Object.entries(bracket.configuration)
      .filter(([, at]) => at !== 'idle')
      .map(([region, at]) => `     ${region.padEnd(8)} ${at}`);
    const orders = bracket.orders
      .filter((order) => order.end === null)
      .map((o) => `     ${describeTicket(o.ticket)}  leaves ${showQty(leavesQty(o))}`);
    return [...(what === 'open' ? orders : regions), `  == ${balanceLine(bracket)}`];
  });
}
