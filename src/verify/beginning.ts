/**
 * Where an exploration begins that does not begin at the beginning: a history, as far as a line of
 * it, or the engine's state as JSON.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { bracketChart } from '../core/charts.ts';
import { readRequest } from '../core/request.ts';
import type { Bracket, State } from '../core/state.ts';
import { play } from '../history/play.ts';
import { readScript, type Script } from '../history/script.ts';
import { fileProblem, refuseDirectory } from '../terminal/unreadable.ts';

export type Beginning = {
  readonly state: State;
  /** Text of the history so far, to be gone on with; null where there is none. */
  readonly told: { readonly text: string; readonly at: number } | null;
};

export type Begun =
  | { readonly type: 'begun'; readonly beginning: Beginning }
  | { readonly type: 'refused'; readonly reason: string };

const refused = (reason: string): Begun => ({ type: 'refused', reason });

/** Reads `FILE` or `FILE:LINE`. */
export async function beginningFrom(name: string): Promise<Begun> {
  const [, path = name, line = ''] = /^(.*?)(?::(\d+))?$/s.exec(name) ?? [];
  let text: string;
  try {
    const directory = await refuseDirectory(path);
    if (directory !== undefined) return refused(`${path}: ${directory}`);
    text = await readFile(path, 'utf8');
  } catch (error) {
    return refused(`${path}: ${fileProblem(error)}`);
  }
  const json = text.trimStart().startsWith('{');
  if (json && line !== '') return refused(`${path}: a state has no lines to stop at`);
  return json ? fromState(path, text) : fromHistory(path, text, line);
}

const allBrackets = (state: State): readonly Bracket[] =>
  Object.values(state.books).flatMap((book) => book.brackets);

export const openBrackets = (state: State): readonly Bracket[] =>
  allBrackets(state).filter(({ configuration }) => configuration.exposure !== 'closed');

// ── a history ────────────────────────────────────────────────────────────────────────────────

function fromHistory(path: string, text: string, line: string): Begun {
  const lines = text.trimEnd().split('\n');
  const until = line === '' ? lines.length : Number(line);
  if (until < 1 || until > lines.length) {
    return refused(`${path}: has ${lines.length} lines, and no line ${line}`);
  }
  try {
    const whole = readScript(path, text);
    const denied = deniedIn(whole, path, lines);
    if (denied !== null) return refused(denied);
    const script = cut(whole, until);
    const { stage } = play(script);
    if (openBrackets(stage.state).length === 0) {
      return refused(`${path}: nothing is open ${line === '' ? 'at its end' : `at line ${line}`}`);
    }
    const told = { text: soFar(lines.slice(0, until)), at: stage.now };
    return { type: 'begun', beginning: { state: stage.state, told } };
  } catch (error) {
    // A mistake in a history names its file and line.
    if (error instanceof Error && error.message.startsWith(`${path}:`))
      return refused(error.message);
    throw error;
  }
}

/** A bracket that no engine would open: the rest of its history can only be misunderstood. */
function deniedIn({ setup }: Script, path: string, lines: readonly string[]): string | null {
  for (const request of setup.requests) {
    const reading = readRequest(request);
    if (reading.ok) continue;
    const at = lines.findIndex((line) => line.startsWith(`bracket ${request.bracket} `)) + 1;
    return `${path}:${at}: the bracket is denied: ${reading.reasons.join('; ')}`;
  }
  return null;
}

function cut(script: Script, until: number): Script {
  const paragraphs = script.paragraphs.map((paragraph) => ({
    ...paragraph,
    lines: paragraph.lines.filter(({ number }) => number <= until),
  }));
  return { ...script, paragraphs };
}

/** The last paragraph may have been cut above its rule. */
function soFar(lines: readonly string[]): string {
  const text = lines.join('\n').trimEnd();
  const last = text.split(/\n\s*\n/).at(-1) ?? '';
  const spoken = last.split('\n').some((line) => line !== '' && !line.startsWith('#'));
  return spoken && !last.split('\n').includes('----') ? `${text}\n----` : text;
}

// ── a state ──────────────────────────────────────────────────────────────────────────────────

const order = z.looseObject({
  ticket: z.looseObject({ orderRef: z.string(), qty: z.int().positive(), group: z.string() }),
  qty: z.int().positive(),
  executions: z.array(z.looseObject({ key: z.string(), qty: z.int().positive() })),
  cancelAsked: z.boolean(),
});

const bracket = z.looseObject({
  plan: z.looseObject({
    bracket: z.string(),
    targets: z.array(z.looseObject({ qty: z.int().positive() })).min(1),
  }),
  pairs: z
    .array(z.looseObject({ stopPx: z.int(), targetPx: z.int() }))
    .min(1)
    .max(8),
  configuration: z.record(z.string(), z.string()),
  orders: z.array(order),
  heardAt: z.array(z.int()),
  deadlines: z.array(z.object({ key: z.string(), deadline: z.string() })),
});

const stateSchema = z.looseObject({
  seq: z.int(),
  link: z.enum(['live', 'lost', 'reconciling']),
  books: z.record(
    z.string(),
    z.looseObject({ account: z.string(), symbol: z.string(), brackets: z.array(bracket) }),
  ),
  index: z.record(z.string(), z.string()),
});

function fromState(path: string, text: string): Begun {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(`${path}: is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  const read = stateSchema.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue?.path.join('.') ?? '';
    return refused(
      `${path}: is not a state of the engine as JSON, as engine.state() gives it: ${where}: ${issue?.message}`,
    );
  }
  const state = value as State;
  const unknown = unknownConfiguration(state);
  if (unknown !== null) return refused(`${path}: is of other charts than these: ${unknown}`);
  if (openBrackets(state).length === 0) return refused(`${path}: no bracket is open in it`);
  return { type: 'begun', beginning: { state, told: null } };
}

/** Where a bracket is said to stand, and no state of its charts is. */
function unknownConfiguration(state: State): string | null {
  for (const { plan, pairs, configuration } of allBrackets(state)) {
    for (const { region, rows } of bracketChart(pairs.length).regions) {
      const name = configuration[region] ?? '';
      if (!rows.has(name)) return `${plan.bracket}: ${region} is in "${name}"`;
    }
  }
  return null;
}
