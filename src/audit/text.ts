import {
  type Column,
  type Painter,
  painter,
  paragraph,
  type Row,
  type Tone,
  table,
} from '../terminal/layout.ts';
import { type Account, exitFills, type ParentAccount, type SymbolAccount } from './account.ts';
import type { Leg } from './brackets.ts';
import { headlines } from './headlines.ts';
import { FINDING_KINDS } from './notes.ts';
import { type Shares, sharesText, signedText } from './shares.ts';
import { timelineOf } from './timeline.ts';

/**
 * The audit for a person: what matters most in the first lines, then the tables, then how each
 * oversold parent came about, then everything else that was found. Long lists are cut and say how
 * much was cut; `--json` has it all.
 */

const ROWS_AT_MOST = 40;
const TIMELINES_AT_MOST = 20;
const FINDINGS_AT_MOST = 12;

type Verdict = ParentAccount['verdict'] | SymbolAccount['verdict'];

const TONES: Readonly<Record<Verdict, Tone>> = {
  oversold: 'alarm',
  unexplained: 'alarm',
  unknown: 'doubt',
  incomplete: 'doubt',
  open: 'strong',
  sound: 'good',
};

export function textReport(account: Account, colour: boolean): string {
  const paint = painter(colour);
  const sections = [
    headlines(account, paint),
    symbolSection(account.symbols, paint),
    parentSection(account.parents, paint),
    legSection(account.parents, paint),
    ...timelineSections(account, paint),
    findingSection(account, paint),
  ];
  const lines = sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'));
  return `${lines.join('\n\n')}\n`;
}

// --- Tables -------------------------------------------------------------------------------------

type Judged = { readonly verdict: Verdict };

/** All of them as they came; of very many the worst, with a line that says what is missing. */
function judgedTable<One extends Judged>(
  columns: readonly Column[],
  judged: readonly One[],
  cellsOf: (one: One) => readonly string[],
  paint: Painter,
): readonly string[] {
  const weight = ({ verdict }: One): number => Object.keys(TONES).indexOf(verdict);
  const worst = judged.toSorted((one, other) => weight(one) - weight(other));
  const shown = judged.length > ROWS_AT_MOST ? worst.slice(0, ROWS_AT_MOST) : judged;
  const rows = shown.map((one): Row => ({ cells: cellsOf(one), tone: TONES[one.verdict] }));
  return [...table(columns, rows, paint), ...cut(judged.length - shown.length, paint)];
}

function cut(hidden: number, paint: Painter): readonly string[] {
  return hidden > 0 ? [paint('quiet', `  … and ${hidden} more; --json has them all`)] : [];
}

function symbolSection(symbols: readonly SymbolAccount[], paint: Painter): readonly string[] {
  if (symbols.length === 0) return [];
  const scoped = symbols.some(({ holding }) => scopeOf(holding) !== '');
  const begun = symbols.some(({ start }) => (start ?? 0n) !== 0n);
  const columns: readonly Column[] = [
    { title: 'symbol', align: 'left' },
    ...(scoped ? [{ title: 'account', align: 'left' } as const] : []),
    ...(begun ? [{ title: 'start', align: 'right' } as const] : []),
    { title: 'bought', align: 'right' },
    { title: 'sold', align: 'right' },
    { title: 'net', align: 'right' },
    { title: 'broker', align: 'right' },
    { title: 'unexplained', align: 'right' },
    { title: 'verdict', align: 'left' },
  ];
  const cellsOf = (one: SymbolAccount): readonly string[] => [
    one.holding.symbol,
    ...(scoped ? [scopeOf(one.holding)] : []),
    ...(begun ? [orDash(one.start)] : []),
    sharesText(one.bought),
    sharesText(one.sold),
    signedText(one.net),
    orDash(one.broker),
    orDash(one.unexplained),
    one.verdict,
  ];
  return [paint('strong', 'Symbols'), ...judgedTable(columns, symbols, cellsOf, paint)];
}

function scopeOf({ account, conId }: SymbolAccount['holding']): string {
  return [account, conId].filter((part) => part !== undefined).join(' ');
}

function orDash(shares: Shares | undefined): string {
  return shares === undefined ? '-' : signedText(shares);
}

const PARENT_COLUMNS: readonly Column[] = [
  { title: 'parent', align: 'right' },
  { title: 'symbol', align: 'left' },
  { title: 'side', align: 'left' },
  { title: 'entered', align: 'right' },
  { title: 'exited', align: 'right' },
  { title: 'oversold', align: 'right' },
  { title: 'exits as they came', align: 'left' },
  { title: 'verdict', align: 'left' },
];

function parentSection(parents: readonly ParentAccount[], paint: Painter): readonly string[] {
  if (parents.length === 0) return [];
  const cellsOf = (one: ParentAccount): readonly string[] => {
    const exits = exitFills(one.parent).slice(0, ROWS_AT_MOST);
    const sequence = exits.map(({ role, quantity }) => `${role}:${sharesText(quantity)}`);
    return [
      String(one.parent.orderId),
      one.parent.holding.symbol,
      one.parent.side,
      sharesText(one.entered),
      sharesText(one.exited),
      one.oversold === 0n ? '-' : sharesText(one.oversold),
      sequence.length === 0 ? '-' : sequence.join(' '),
      one.verdict,
    ];
  };
  return [paint('strong', 'Parents'), ...judgedTable(PARENT_COLUMNS, parents, cellsOf, paint)];
}

const LEG_COLUMNS: readonly Column[] = [
  { title: 'parent', align: 'right' },
  { title: 'leg', align: 'right' },
  { title: 'role', align: 'left' },
  { title: 'quantity', align: 'right' },
  { title: 'filled', align: 'right' },
  { title: 'last status', align: 'left' },
  { title: 'end', align: 'left' },
];

/** Of a sound parent the legs are of no interest. */
function legSection(parents: readonly ParentAccount[], paint: Painter): readonly string[] {
  const legs = parents
    .filter(({ verdict }) => verdict !== 'sound')
    .flatMap(({ parent }) => parent.legs.map((leg) => ({ leg, parent })));
  if (legs.length === 0) return [];
  const rows = legs.slice(0, ROWS_AT_MOST).map(({ leg, parent }): Row => {
    const { order, role, executed } = leg;
    const cells = [
      String(parent.orderId),
      String(order.orderId),
      role,
      sharesText(order.quantity),
      sharesText(executed),
      order.lastStatus ?? '-',
      endText(leg),
    ];
    return { cells, tone: leg.fate === 'unknown' ? 'doubt' : undefined };
  });
  const title = paint('strong', 'Legs of parents that are not sound');
  return [title, ...table(LEG_COLUMNS, rows, paint), ...cut(legs.length - rows.length, paint)];
}

function endText({ end, fate }: Leg): string {
  return end ?? (fate === 'live' ? 'still live' : 'none in log');
}

// --- Timelines ----------------------------------------------------------------------------------

function timelineSections(account: Account, paint: Painter): readonly (readonly string[])[] {
  const oversold = account.parents.filter(({ verdict }) => verdict === 'oversold');
  const shown = oversold.slice(0, TIMELINES_AT_MOST).map((one) => {
    const { parent, pattern } = one;
    const title = `Parent ${parent.orderId}, ${parent.side} ${parent.holding.symbol}`;
    const how = pattern === undefined ? '' : `, ${pattern}`;
    const watcher = parent.own?.order.watcher;
    const by = watcher === undefined ? '' : `, watcher ${watcher}`;
    const head = `: oversold by ${sharesText(one.oversold)}${how}${by}`;
    return [...paragraph(title, head, paint, 'strong'), ...timelineOf(account, one, paint)];
  });
  return [...shown, cut(oversold.length - shown.length, paint)];
}

// --- Findings -----------------------------------------------------------------------------------

function findingSection({ findings }: Account, paint: Painter): readonly string[] {
  if (findings.length === 0) return [paint('strong', 'No findings')];
  const groups = Map.groupBy(findings, ({ kind }) => kind);
  const width = String(findings.at(-1)?.line ?? 0).length;
  const sections = FINDING_KINDS.flatMap((kind) => {
    const group = groups.get(kind) ?? [];
    if (group.length === 0) return [];
    const shown = group.slice(0, FINDINGS_AT_MOST).flatMap(({ line, text }) => {
      return paragraph(`    line ${String(line).padStart(width)}  `, text, paint, 'quiet');
    });
    const number = group.length > 1 ? ` (${group.length})` : '';
    return [`  ${kind}${number}`, ...shown, ...cut(group.length - FINDINGS_AT_MOST, paint)];
  });
  return [paint('strong', 'Findings'), ...sections];
}
