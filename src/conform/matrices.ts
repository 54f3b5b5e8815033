/**
 * The file of order state change matrices, and the paths that its scenarios contain.
 *
 * A matrix is told by the messages between the two sides of one order. A row that is marked as an
 * alternative may happen instead of what the matrix goes on with: it ends a path of its own.
 */
import { z } from 'zod';
import { isUnreadable, type Qty, qtyOf } from '../core/quantity.ts';
import { EMPTY } from '../terminal/unreadable.ts';

const must = (allowed: string): { readonly error: string } => ({ error: `must be ${allowed}` });

const shares = must('a number of shares, 0 or more, or null');

/** Shares as the file writes them, read into the ledger's unit; null where the row has none. */
const quantity = z
  .number(shares)
  .nonnegative(shares)
  .nullish()
  .transform((value, context): Qty | null => {
    if (value === null || value === undefined) return null;
    const qty = qtyOf(value);
    if (!isUnreadable(qty)) return qty;
    context.addIssue({ code: 'custom', message: qty.error });
    return z.NEVER;
  });

const word = z
  .string(must('text or null'))
  .nullish()
  .transform((value): string | null => (value === undefined || value === '' ? null : value));

const named = (allowed: string) => z.string(must(allowed)).min(1, must(allowed));

const step = must('the step, as text or a number, e.g. "1"');
const message = 'the name of a FIX message, e.g. "ExecutionReport"';
const someRows = must('a list of one row or more');
const someScenarios = must('a list of one scenario or more');

const rowSchema = z.object(
  {
    t: z.union([z.string(), z.number()], step).transform(String),
    dir: z.enum(['toBroker', 'fromBroker'], must('"toBroker" or "fromBroker"')),
    msg: named(message),
    clOrdId: word,
    origClOrdId: word,
    execType: word,
    ordStatus: word,
    orderQty: quantity,
    cumQty: quantity,
    leavesQty: quantity,
    lastQty: quantity,
    /** Ids of executions: the FIX matrices of corrections print them, others leave them out. */
    execId: word,
    execRefId: word,
    alternative: z.boolean(must('true or false')).default(false),
    note: word,
  },
  must('an object: one row'),
);

const scenarioSchema = z.object(
  {
    id: named('the name of the scenario, e.g. "A.1.a"'),
    section: word,
    title: z.string(must('text')).default(''),
    rows: z.array(rowSchema, someRows).min(1, someRows),
  },
  must('an object: one scenario'),
);

const matricesSchema = z.object(
  {
    source: z.string(must('text')).default(''),
    scenarios: z.array(scenarioSchema, someScenarios).min(1, someScenarios),
  },
  must('an object with "scenarios"'),
);

export type Row = Readonly<z.infer<typeof rowSchema>>;
export type Scenario = Readonly<z.infer<typeof scenarioSchema>>;
export type Matrices = Readonly<z.infer<typeof matricesSchema>>;

export type Path = {
  readonly scenario: Scenario;
  /** `main`, or `alt@T` for the alternative at step T; a second one there is `alt@T#2`. */
  readonly name: string;
  readonly rows: readonly Row[];
};

export type Reading =
  | { readonly type: 'matrices'; readonly matrices: Matrices }
  | { readonly type: 'refused'; readonly reason: string };

const ROW = '{"t":"1","dir":"toBroker","msg":"NewOrderSingle","clOrdId":"X","orderQty":100}';

export const EXPECTED = `Expected one JSON object, e.g. {"scenarios":[{"id":"A","rows":[${ROW}]}]}`;

/** Reads the text of a file; a reason names the field that is not as it should be. */
export function readMatrices(text: string): Reading {
  if (text.trim() === '') return refused(`${EMPTY}. ${EXPECTED}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refused(`is not JSON${placeIn(text, error)}. ${EXPECTED}`);
  }
  const parsed = matricesSchema.safeParse(json);
  if (parsed.success) return { type: 'matrices', matrices: parsed.data };
  const [first, ...further] = parsed.error.issues;
  const path = first?.path ?? [];
  const field = path.length === 0 ? 'the whole' : fieldOf(path);
  const problem = `${field} ${foundAt(json, path)}: ${first?.message ?? 'must have another shape'}`;
  const others = `${further.length} more ${further.length === 1 ? 'field is' : 'fields are'} wrong`;
  const more = further.length > 0 ? ` (${others})` : '';
  // Inside a scenario an example of a whole file is of no help.
  const advice = path.length > 1 ? 'interlock conform --help lists the fields' : EXPECTED;
  return refused(`is not a file of matrices: ${problem}${more}. ${advice}`);
}

const refused = (reason: string): Reading => ({ type: 'refused', reason });

/** V8 names the place of most mistakes, in words that differ; the end it does not call a place. */
function placeIn(text: string, error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  if (said.includes('end of JSON')) return ' to its end: it is cut off';
  const found = /line (\d+) column (\d+)/.exec(said);
  if (found !== null) return ` at line ${found[1]}, column ${found[2]}`;
  const token = /^Unexpected token '(.+?)', /u.exec(said)?.[1];
  const at = text.search(/\S/);
  if (token !== undefined && token !== text[at]) return `: ${JSON.stringify(token)} is misplaced`;
  return `: it begins with ${JSON.stringify(text.slice(at, at + 1))}`;
}

/** `scenarios[3].rows[0].dir`. */
function fieldOf(path: readonly PropertyKey[]): string {
  let field = '';
  for (const part of path) {
    field += typeof part === 'number' ? `[${part}]` : `${field === '' ? '' : '.'}${String(part)}`;
  }
  return field;
}

/** `is missing`, or what stands there. */
function foundAt(json: unknown, path: readonly PropertyKey[]): string {
  let found = json;
  for (const part of path) {
    const fields = typeof found === 'object' && found !== null ? Object.entries(found) : [];
    found = fields.find(([name]) => name === String(part))?.[1];
  }
  const spelled = JSON.stringify(found);
  if (spelled === undefined) return 'is missing';
  return `is ${spelled.length > 40 ? `${spelled.slice(0, 39)}…` : spelled}`;
}

/** The main path, then one more for every alternative: the main rows before it, then it. */
export function pathsOf(scenario: Scenario): readonly Path[] {
  const main: Row[] = [];
  const branches: Path[] = [];
  const seen = new Map<string, number>();
  for (const row of scenario.rows) {
    if (!row.alternative) {
      main.push(row);
      continue;
    }
    const count = (seen.get(row.t) ?? 0) + 1;
    seen.set(row.t, count);
    const name = count === 1 ? `alt@${row.t}` : `alt@${row.t}#${count}`;
    branches.push({ scenario, name, rows: [...main, row] });
  }
  return [{ scenario, name: 'main', rows: main }, ...branches];
}
