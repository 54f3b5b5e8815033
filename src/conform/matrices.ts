/**
 * The file of order state change matrices, and the paths that its scenarios contain.
 *
 * A matrix is told by the messages between the two sides of one order. A row that is marked as an
 * alternative may happen instead of what the matrix goes on with: it ends a path of its own.
 */
import { z } from 'zod';
import { isUnreadable, type Qty, qtyOf } from '../core/quantity.ts';

/** Shares as the file writes them, read into the ledger's unit; null where the row has none. */
const quantity = z
  .number()
  .nonnegative()
  .nullish()
  .transform((value, context): Qty | null => {
    if (value === null || value === undefined) return null;
    const qty = qtyOf(value);
    if (!isUnreadable(qty)) return qty;
    context.addIssue({ code: 'custom', message: qty.error });
    return z.NEVER;
  });

const word = z
  .string()
  .nullish()
  .transform((value): string | null => (value === undefined || value === '' ? null : value));

const rowSchema = z.object({
  t: z.union([z.string(), z.number()]).transform(String),
  dir: z.enum(['toBroker', 'fromBroker']),
  msg: z.string().min(1),
  clOrdId: word,
  origClOrdId: word,
  execType: word,
  ordStatus: word,
  orderQty: quantity,
  cumQty: quantity,
  leavesQty: quantity,
  lastQty: quantity,
  /** Ids of executions: the FIX matrices of corrections print them, other files leave them out. */
  execId: word,
  execRefId: word,
  alternative: z.boolean().default(false),
  note: word,
});

const scenarioSchema = z.object({
  id: z.string().min(1),
  section: word,
  title: z.string().default(''),
  rows: z.array(rowSchema).min(1, 'is empty'),
});

const matricesSchema = z.object({
  source: z.string().default(''),
  scenarios: z.array(scenarioSchema).min(1, 'is empty: there is nothing to replay'),
});

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

/** Reads the text of a file; a reason names the field that is not as it should be. */
export function readMatrices(text: string): Reading {
  if (text.trim() === '') return refused('is empty');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return refused(`is not JSON (${said.replaceAll(/\s+/g, ' ')})`);
  }
  const parsed = matricesSchema.safeParse(json);
  if (parsed.success) return { type: 'matrices', matrices: parsed.data };
  const [first] = parsed.error.issues;
  const further = parsed.error.issues.length - 1;
  const more = further > 0 ? `, and ${further} more` : '';
  const field = first === undefined ? '' : fieldOf(first.path);
  return refused(`is not a file of matrices: ${field}${first?.message ?? 'unknown shape'}${more}`);
}

const refused = (reason: string): Reading => ({ type: 'refused', reason });

/** `scenarios[3].rows[0].dir: `, or nothing where the whole file has another shape. */
function fieldOf(path: readonly PropertyKey[]): string {
  let field = '';
  for (const part of path) {
    field += typeof part === 'number' ? `[${part}]` : `${field === '' ? '' : '.'}${String(part)}`;
  }
  return field === '' ? '' : `${field}: `;
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
