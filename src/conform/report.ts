/** What `interlock conform` prints: for a program, and for a person. */
import { painter, paragraph, printable, type Row as TableRow, table } from '../terminal/layout.ts';
import type { Axis, Disagreement, Result } from './replay.ts';

export type Report = {
  readonly passed: number;
  readonly total: number;
  readonly paths: readonly {
    readonly scenario: string;
    readonly path: string;
    readonly passed: boolean;
    readonly reason?: string;
  }[];
};

export function reportOf(results: readonly Result[]): Report {
  const paths = results.map((result) => {
    const reason = reasonOf(result);
    const { scenario, name } = result.path;
    const passed = reason === null;
    return { scenario: scenario.id, path: name, passed, ...(passed ? {} : { reason }) };
  });
  return { passed: paths.filter((path) => path.passed).length, total: paths.length, paths };
}

/** The first row that does not agree says what is wrong; those after it often follow from it. */
function reasonOf({ disagreements }: Result): string | null {
  const [first, ...further] = disagreements;
  if (first === undefined) return null;
  const { t, msg, execType, clOrdId } = first.row;
  const name = [msg, execType, clOrdId].filter((part) => part !== null).join(' ');
  const more = further.length === 0 ? '' : `; and ${further.length} more`;
  return `t=${t}, ${name}: ${first.reason}${more}`;
}

const INTRODUCTION =
  'Each path was replayed against the order chart and the ledger. A row agrees when the ' +
  'OrdStatus that they amount to, cumQty and leavesQty are what the matrix prints for it.';

export function textReport(source: string, results: readonly Result[]): string {
  const plain = painter(false);
  const report = reportOf(results);
  const failed = results.filter(({ disagreements }) => disagreements.length > 0);
  const lines = [
    ...paragraph('', printable(source === '' ? 'Order state matrices' : source), plain),
    '',
    ...paragraph('', INTRODUCTION, plain),
    '',
    ...table(SCENARIO_COLUMNS, scenarioRows(results), plain),
    '',
    ...(failed.length > 0 ? failedLines(failed) : []),
    `${report.passed} passed of ${report.total}`,
  ];
  return `${lines.join('\n')}\n`;
}

const SCENARIO_COLUMNS = [
  { title: 'scenario', align: 'left' },
  { title: 'paths', align: 'right' },
  { title: 'rows', align: 'right' },
  { title: '', align: 'left' },
  { title: 'what happens', align: 'left' },
] as const;

/** Of what agrees a line a scenario is enough. Two scenarios of one name are still two. */
function scenarioRows(results: readonly Result[]): readonly TableRow[] {
  return [...Map.groupBy(results, ({ path }) => path.scenario)].map(([scenario, paths]) => {
    const failed = paths.filter(({ disagreements }) => disagreements.length > 0).length;
    const cells = [
      scenario.id,
      String(paths.length),
      String(paths.reduce((sum, { compared }) => sum + compared, 0)),
      failed === 0 ? 'agrees' : `${failed} not`,
      scenario.title,
    ];
    return { cells };
  });
}

const FAILED_COLUMNS = [
  { title: 'scenario', align: 'left' },
  { title: 'path', align: 'left' },
  { title: 'rows', align: 'right' },
  { title: 'state', align: 'left' },
  { title: 'cumQty', align: 'left' },
  { title: 'leavesQty', align: 'left' },
  { title: '', align: 'left' },
] as const;

function failedLines(failed: readonly Result[]): readonly string[] {
  const plain = painter(false);
  const rows = failed.map(({ path, compared, disagreements }): TableRow => {
    const wordless = disagreements.some(({ axis }) => axis === null);
    const cells = [
      path.scenario.id,
      path.name,
      String(compared),
      verdict(disagreements, 'state'),
      verdict(disagreements, 'cumQty'),
      verdict(disagreements, 'leavesQty'),
      wordless ? 'not expressible' : '',
    ];
    return { cells };
  });
  const reasons = failed.flatMap((result) => {
    const { scenario, name } = result.path;
    const label = `  ${printable(scenario.id)} ${printable(name)}: `;
    return paragraph(label, reasonOf(result) ?? '', plain);
  });
  const title = failed.length === 1 ? 'The path that does not' : 'The paths that do not';
  return [title, ...table(FAILED_COLUMNS, rows, plain), '', ...reasons, ''];
}

function verdict(disagreements: readonly Disagreement[], axis: Axis): string {
  const first = disagreements.find((disagreement) => disagreement.axis === axis);
  return first === undefined ? 'agrees' : `not at t=${first.row.t}`;
}
