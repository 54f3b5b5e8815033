/**
 * A history as text: an incident told twice. Above `----` what happened, line by line; below it
 * what the engine made of it, which `play.ts` prints. This file reads the first half.
 *
 *     # rime-693: the stop filled, and then the targets did.
 *
 *     bracket RIME-693  BUY 100 RIME  LMT 1.31  stop STP 1.25  target 70 LMT 1.35  target 30 LMT 1.38
 *     laws doubled re-sent shuffled
 *     ----
 *     ok
 *
 *     09:31:04.212  tws   execDetails entry 0001.01.01 100@1.31
 *     ----
 *     [5] entry.1 executed  last 100 @ 1.31  …
 *
 * A blank line ends a paragraph. The lines of one paragraph are what its author declares to be
 * simultaneous: the law `shuffled` tries TWS's lines in every order. A mistake in a file is thrown
 * as `file:line: what is wrong; what is allowed`.
 */
import type { BracketRequest } from '../core/request.ts';
import type { Overlap } from '../core/state.ts';
import { readBracket, readOverlap } from './header.ts';
import { type Action, lineOf } from './line.ts';

export const LAWS_OF_A_HISTORY = ['doubled', 're-sent', 'shuffled'] as const;

export type HistoryLaw = (typeof LAWS_OF_A_HISTORY)[number];

export type Line = {
  /** 1 is the first line of the file. */
  readonly number: number;
  /** Milliseconds since midnight. */
  readonly at: number;
  readonly text: string;
  readonly action: Action | { readonly actor: 'in any order'; readonly lines: readonly Line[] };
};

export type Paragraph = {
  /** Comments and lines, as they were written. */
  readonly source: readonly string[];
  readonly lines: readonly Line[];
  /** The second half, as the file has it. Null for a paragraph of comments. */
  readonly output: readonly string[] | null;
};

export type Setup = {
  readonly requests: readonly BracketRequest[];
  readonly laws: readonly HistoryLaw[];
  readonly overlap: Overlap;
  /** Print what starts and stops deadlines, too. */
  readonly showDeadlines: boolean;
};

export type Script = {
  readonly file: string;
  readonly title: string;
  readonly setup: Setup;
  /** With the header, which has no lines. */
  readonly paragraphs: readonly Paragraph[];
};

type Raw = { readonly number: number; readonly text: string };

/** Throws with file and line: everything that reads a history says so in the same way. */
export function mistake(file: string, number: number, text: string): never {
  throw new Error(`${file}:${number}: ${text}`);
}

export function readScript(file: string, text: string): Script {
  const blocks = blocksOf(text);
  let setup: Setup | null = null;
  let last = 0;
  const paragraphs: Paragraph[] = [];
  for (const block of blocks) {
    const rule = block.findIndex((raw) => raw.text === '----');
    const inputs = rule < 0 ? block : block.slice(0, rule);
    const source = inputs.map((raw) => raw.text);
    const spoken = inputs.filter((raw) => !raw.text.startsWith('#'));
    const [first] = spoken;
    if (first === undefined) {
      if (rule >= 0) mistake(file, block[0]?.number ?? 1, 'a paragraph of comments has no "----"');
      paragraphs.push({ source, lines: [], output: null });
      continue;
    }
    if (rule < 0) mistake(file, first.number, 'a paragraph with lines needs "----" below them');
    const output = block.slice(rule + 1).map((raw) => raw.text);
    if (setup === null) {
      setup = setupOf(file, spoken);
      paragraphs.push({ source, lines: [], output });
      continue;
    }
    const names = setup.requests.map((request) => request.bracket);
    const lines = linesOf(file, spoken, names);
    for (const line of lines) {
      if (line.at < last) mistake(file, line.number, 'time goes back; lines are in order of time');
      last = line.at;
    }
    paragraphs.push({ source, lines, output });
  }
  if (setup === null) mistake(file, 1, 'a history opens with a "bracket" line');
  const [opening = ''] = text.split('\n');
  if (!opening.startsWith('# ')) mistake(file, 1, 'a history starts with its title: "# …"');
  return { file, title: opening.slice(2), setup, paragraphs };
}

/** Blocks of lines without a blank one between them. */
function blocksOf(text: string): readonly (readonly Raw[])[] {
  const blocks: Raw[][] = [];
  let block: Raw[] = [];
  text.split('\n').forEach((line, i) => {
    const trimmed = line.trimEnd();
    if (trimmed !== '') block.push({ number: i + 1, text: trimmed });
    else if (block.length > 0) {
      blocks.push(block);
      block = [];
    }
  });
  if (block.length > 0) blocks.push(block);
  return blocks;
}

function setupOf(file: string, spoken: readonly Raw[]): Setup {
  const requests: BracketRequest[] = [];
  const laws: HistoryLaw[] = [];
  let overlap: Overlap = 'refuse';
  let showDeadlines = false;
  for (const { number, text } of spoken) {
    const fail = (problem: string): never => mistake(file, number, problem);
    const [verb = '', ...words] = text.split(/\s+/);
    if (verb === 'bracket') requests.push(readBracket(words, fail));
    else if (verb === 'overlap') overlap = readOverlap(words, fail);
    else if (text === 'show deadlines') showDeadlines = true;
    else if (verb === 'laws') {
      for (const word of words) {
        const law = LAWS_OF_A_HISTORY.find((known) => known === word);
        laws.push(law ?? fail(`no law "${word}"; allowed: ${LAWS_OF_A_HISTORY.join(', ')}`));
      }
    } else
      fail(`"${verb}" does not open a history; allowed: bracket, laws, overlap, show deadlines`);
  }
  const [first] = spoken;
  if (requests.length === 0) mistake(file, first?.number ?? 1, 'a history opens with "bracket …"');
  return { requests, laws, overlap, showDeadlines };
}

function linesOf(file: string, spoken: readonly Raw[], names: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  let group: { readonly head: Raw; readonly at: number; readonly lines: Line[] } | null = null;
  const close = (): void => {
    if (group === null) return;
    const { head, at, lines: inner } = group;
    if (inner.length < 2) mistake(file, head.number, '"in any order" needs two indented lines');
    const action = { actor: 'in any order', lines: inner } as const;
    lines.push({ number: head.number, at, text: head.text, action });
    group = null;
  };
  for (const { number, text } of spoken) {
    const fail = (problem: string): never => mistake(file, number, problem);
    if (text.startsWith(' ')) {
      if (group === null) fail('an indented line belongs below "in any order"');
      const open = group ?? fail('an indented line belongs below "in any order"');
      const action = lineOf(text.trim(), names, fail);
      open.lines.push({ number, at: open.at, text: text.trim(), action });
      continue;
    }
    close();
    const match = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?\s+(\S.*)$/.exec(text);
    if (match === null) fail('a line starts with its time: 09:31:04.212 actor verb …');
    const [, hours, minutes, seconds, ms = '0', rest = ''] = match ?? [];
    const at = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(ms);
    if (rest === 'in any order') group = { head: { number, text: rest }, at, lines: [] };
    else lines.push({ number, at, text: rest, action: lineOf(rest, names, fail) });
  }
  close();
  return lines;
}
