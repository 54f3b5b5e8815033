/**
 * What a step must say and do about what was heard, by the design: the alarms that call a person,
 * the questions, and who is asked to go. Read off the facts, the words and the effects alone.
 */
import type { State } from '../../src/core/state.ts';
import type { BrokerWord } from '../../src/ports/broker.ts';
import type { Passage } from '../../src/verify/mind.ts';
import {
  type Account,
  bracketOf,
  cum,
  entered,
  executed,
  exited,
  isStop,
  isTarget,
  type Line,
  legOf,
  linesOf,
  pairOf,
  position,
  SHARE,
  shownPosition,
} from './lines.ts';

type Stepped = Extract<Passage, { readonly type: 'stepped' }>;

export function demands(before: Account, now: Account, step: Stepped): readonly string[] {
  return [
    ...silences(step),
    ...elapses(before, now, step),
    ...wishes(before, step),
    ...losses(before, now, step),
    ...misshown(before, now, step),
    ...breaches(before, now, step),
    ...closes(now, step),
    ...links(step),
    ...residuals(now, step),
  ];
}

/** L8: a fact is answered by a move, a reason or an alarm; never by silence. */
function silences({ fact, before, ready }: Stepped): readonly string[] {
  const { effects, alarms, moves, ignored, closed, denied, watchers, state } = ready;
  const said = [effects, alarms, moves, ignored, closed, denied, watchers].some(
    ({ length }) => length > 0,
  );
  return said || isOther(before, state) ? [] : [`nothing at all comes of ${fact.type}`];
}

/** Whether anything of it is another thing; what did not change, the engine does not copy. */
function isOther(before: State, after: State): boolean {
  if (before.link !== after.link || before.watchers !== after.watchers) return true;
  return Object.entries(after.books).some(([key, { brackets: now, ...book }]) => {
    const { brackets: was = [], ...rest } = before.books[key] ?? {};
    return differ(rest, book) || now.some((bracket, i) => differ(was[i] ?? {}, bracket));
  });
}

const differ = (a: object, b: object): boolean =>
  Object.entries(b).some(([name, value]) => value !== a[name as keyof typeof a]);

const asks = ({ ready }: Stepped): boolean => ready.effects.some(({ type }) => type === 'ask');
const alarmed = ({ ready }: Stepped, ...laws: readonly string[]): boolean =>
  ready.alarms.some(({ law }) => laws.includes(law));
const askedToGo = ({ ready }: Stepped): ReadonlySet<string> =>
  new Set(ready.effects.flatMap((e) => (e.type === 'cancel' ? [e.orderRef] : [])));

/** L5, L7: what a wait calls for when it is over: a person, and a look. */
const WAITS: Readonly<Record<string, readonly [laws: readonly string[], look: boolean]>> = {
  acknowledgement: [['L7'], true],
  withdrawal: [['L7'], true],
  replacement: [['L7'], true],
  resolution: [['L7'], true],
  cover: [['L5'], false],
  leave: [['L5', 'L12'], true],
  settlement: [[], true],
};

function elapses(before: Account, now: Account, step: Stepped): readonly string[] {
  const { fact } = step;
  if (fact.type !== 'deadline.elapsed' || !before.waits.includes(fact.deadline)) return [];
  const [region = '', name = ''] = fact.deadline.split('/')[1]?.split('.') ?? [];
  const [laws, look] = WAITS[name] ?? [[], false];
  const wrong: string[] = [];
  if (laws.length > 0 && !alarmed(step, ...laws)) wrong.push(`${region} ${name}: no alarm`);
  if (look && !now.down && !asks(step)) wrong.push(`${region} ${name}: nobody looks`);
  const order = linesOf(now).find((one) => legOf(one) === region && !one.ended);
  const again = name === 'withdrawal' && order?.cancelAsked === true;
  if (again && !now.cut && !askedToGo(step).has(order.ticket.orderRef)) {
    wrong.push(`${region} is not asked to go again`);
  }
  return wrong;
}

const WISHES: ReadonlySet<string> = new Set(['cancel.wished', 'flatten.wished', 'session.ending']);

/** A bracket that is to go: its entry and its targets go in the very step. */
function wishes(before: Account, step: Stepped): readonly string[] {
  const { fact, ready } = step;
  if (!WISHES.has(fact.type) || ready.denied.length > 0 || before.cut) return [];
  const leaves = (bracket: string): boolean => {
    if (fact.type === 'flatten.wished') return fact.bracket === bracket;
    const asked = before.briefs[bracket]?.request.flattenBeforeClose === true;
    return fact.type === 'session.ending' && asked;
  };
  const cancels = (line: Line): boolean =>
    fact.type === 'cancel.wished' && fact.bracket === bracketOf(line);
  const asked = askedToGo(step);
  return (
    linesOf(before)
      // What the broker has not taken yet may be lost: it is found, or sent again, before it can go.
      .filter((one) => one.accepted && !one.ended && !one.cancelAsked)
      .filter((one) => !asked.has(one.ticket.orderRef))
      .filter((one) =>
        legOf(one) === 'entry'
          ? cancels(one) || leaves(bracketOf(one))
          : isTarget(one) && leaves(bracketOf(one)),
      )
      .map((one) => `${fact.type}, and ${one.ticket.orderRef} stays`)
  );
}

/** The belief in a pair's group is lost: a person hears of it, and the target goes. */
function losses(before: Account, now: Account, step: Stepped): readonly string[] {
  if (before.lines === now.lines) return [];
  return linesOf(now).flatMap((line) => {
    const was = before.lines[line.ticket.orderId];
    if (was === undefined || was === line || line.ended || line.ticket.ocaGroup === '') return [];
    const why = whyLost(before, now, was, line);
    return why === null ? [] : answered(now, step, line, why);
  });
}

/** Whatever is shown otherwise than it was asked, in a group or not, is told. */
function misshown(before: Account, now: Account, step: Stepped): readonly string[] {
  if (before.lines === now.lines || alarmed(step, 'L3') || alarmed(step, 'L6')) return [];
  return linesOf(now)
    .filter(({ ticket, differs }) => differs && before.lines[ticket.orderId]?.differs === false)
    .map(({ ticket }) => `${ticket.orderRef} is shown otherwise, and nobody is told`);
}

function whyLost(before: Account, now: Account, was: Line, line: Line): string | null {
  const pair = linesOf(before).filter((one) => pairOf(one) === pairOf(line) && one.exits);
  // Lost before: that was told, and the target is going.
  if (pair.some((one) => one.differs || (isTarget(one) && one.cancelAsked))) return null;
  const sibling = siblingOf(now, line);
  if (line.differs && pair.every((one) => cum(one) === 0)) return 'is shown otherwise';
  if (sibling === undefined) return null;
  const reduced = line.most - line.shows;
  const news = line.shows !== was.shows && line.shows > 0 && reduced > 0;
  if (news && reduced < cum(sibling) && !sums(sibling).includes(reduced)) {
    return 'is reduced by what nobody filled';
  }
  const early = isStop(line) && cum(line) > cum(was) && cum(was) === 0 && !sibling.accepted;
  return early ? 'trades before its target was taken' : null;
}

/** What its first fills add up to, one after the other. */
function sums(line: Line): readonly number[] {
  let sum = 0;
  return Object.values(line.executions).map((shares) => {
    sum += shares;
    return sum;
  });
}

const siblingOf = (account: Account, line: Line): Line | undefined =>
  linesOf(account).find(
    (one) =>
      one !== line && !one.ended && one.exits && one.ticket.ocaGroup === line.ticket.ocaGroup,
  );

function answered(now: Account, step: Stepped, line: Line, why: string): readonly string[] {
  const told = alarmed(step, 'L6') ? [] : [`${line.ticket.orderRef} ${why}, and nobody is told`];
  const asked = askedToGo(step);
  const stays = linesOf(now)
    .filter((one) => isTarget(one) && pairOf(one) === pairOf(line))
    .filter((one) => !one.ended && !one.cancelAsked && !asked.has(one.ticket.orderRef))
    .map((one) => `${line.ticket.orderRef} ${why}, and ${one.ticket.orderRef} stays`);
  return [...told, ...stays];
}

/** L12: more exited than entered is said at once, with the exits asked to go and nothing placed. */
function breaches(before: Account, now: Account, step: Stepped): readonly string[] {
  const { fact, ready } = step;
  if (fact.type === 'bracket.requested' && ready.denied.length === 0) {
    return Object.keys(before.briefs)
      .filter((one) => exited(before, one) > entered(before, one))
      .map((one) => `${one} is oversold, and ${fact.request.bracket} is opened`);
  }
  return Object.keys(now.briefs).flatMap((bracket) => {
    const beyond = exited(now, bracket) - entered(now, bracket);
    if (beyond <= 0) return [];
    const wrong: string[] = [];
    const more = beyond > Math.max(0, exited(before, bracket) - entered(before, bracket));
    if (more && !alarmed(step, 'L12')) wrong.push(`${bracket} is oversold, and nobody is told`);
    const asked = askedToGo(step);
    for (const one of linesOf(now)) {
      if (bracketOf(one) !== bracket || one.ended || one.cancelAsked || now.cut) continue;
      if (legOf(one) === 'closing' || asked.has(one.ticket.orderRef)) continue;
      wrong.push(`${bracket} is oversold, and ${one.ticket.orderRef} stays`);
    }
    for (const effect of ready.effects) {
      if (effect.type !== 'place' && effect.type !== 'replace') continue;
      const isOurs = effect.ticket.bracket === bracket && effect.ticket.leg !== 'closing';
      if (isOurs) wrong.push(`${bracket} is oversold, and ${effect.ticket.orderRef} is sent`);
    }
    return wrong;
  });
}

/** L10: what is closed is over in our account too, and its record says what that says. */
function closes(now: Account, step: Stepped): readonly string[] {
  return step.ready.closed.flatMap((record) => {
    const { bracket } = record;
    const own = linesOf(now).filter((one) => bracketOf(one) === bracket);
    const wrong = own
      .filter((one) => !one.ended)
      .map((one) => `${bracket} closes while ${one.ticket.orderRef} lives`);
    const [ins, outs] = [entered(now, bracket), exited(now, bracket)];
    const buys = now.briefs[bracket]?.request.side === 'BUY';
    const figures = [buys ? ins : outs, buys ? outs : ins, buys ? ins - outs : outs - ins];
    const written = [record.bought, record.sold, record.net].map((qty) => qty / SHARE);
    if (figures.join() !== written.join())
      wrong.push(`${bracket} records ${written}, not ${figures}`);
    for (const leg of record.legs) {
      const line = own.find((one) => one.ticket.orderRef === leg.orderRef);
      if (line === undefined || cum(line) !== leg.cumQty / SHARE) {
        wrong.push(`${leg.orderRef} is recorded with ${leg.cumQty / SHARE}`);
      }
    }
    if (record.legs.length !== own.length) wrong.push(`${bracket} records too few orders`);
    return wrong;
  });
}

/** What a person must hear of: an order is held, sleeps outside hours, crosses, or is capped. */
const REMARKS: Readonly<Record<number, string>> = {
  404: 'L5',
  2109: 'L5',
  2137: 'L12',
  2161: 'L7',
};

export function remarked(words: readonly BrokerWord[], step: Stepped): readonly string[] {
  return words.flatMap((word) => {
    const law = word.word === 'error' ? REMARKS[word.code] : undefined;
    if (word.word !== 'error' || law === undefined || alarmed(step, law)) return [];
    return [`${word.code} is heard, and nobody is told`];
  });
}

/** L4: a position that nobody's executions explain is told, and no other is. */
function residuals(now: Account, { fact, ready }: Stepped): readonly string[] {
  const shown = shownPosition(now, fact);
  if (shown === null || Object.keys(now.briefs).length === 0) return [];
  // What was unexplained once may be explained since, and what is only claimed may be denied.
  if (now.foreign !== 0 || linesOf(now).some((one) => one.claimed > executed(one))) return [];
  const ours = position(now) + now.foreign;
  const told = ready.alarms.some(({ law }) => law === 'L4');
  if (told === (shown !== ours)) return [];
  return [`the broker shows ${shown}, we count ${ours}: ${told ? 'told' : 'not told'}`];
}

/** A link that is back is no reason to send: first the broker is asked. */
function links(step: Stepped): readonly string[] {
  const { fact } = step;
  return fact.type === 'link.restored' && !asks(step) ? ['the link is back, and nobody looks'] : [];
}
