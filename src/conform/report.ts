/** What `interlock conform` prints: for a program, and for a person. */
import { painter, paragraph, printable, type Row as TableRow, table } from '../audit/layout.ts';
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
  const columns = [
    { title: 'scenario', align: 'left' },
    { title: 'path', align: 'left' },
    { title: 'rows', align: 'right' },
    { title: 'state', align: 'left' },
    { title: 'cumQty', align: 'left' },
    { title: 'leavesQty', align: 'left' },
    { title: 'what happens', align: 'left' },
  ] as const;
  const failed = report.paths.filter((path) => !path.passed);
  const lines = [
    ...paragraph('', printable(source === '' ? 'Order state matrices' : source), plain),
    '',
    ...paragraph('', INTRODUCTION, plain),
    '',
    ...table(columns, results.map(tableRow), plain),
    '',
    ...failed.flatMap(({ scenario, path, reason }) =>
      paragraph(`${printable(scenario)} ${printable(path)}: `, reason ?? '', plain),
    ),
    ...(failed.length > 0 ? [''] : []),
    `${report.passed} passed of ${report.total}`,
  ];
  return `${lines.join('\n')}\n`;
}

function tableRow({ path, compared, disagreements }: Result): TableRow {
  const { scenario, name } = path;
  const cells = [
    scenario.id,
    name,
    String(compared),
    verdict(disagreements, 'state'),
    verdict(disagreements, 'cumQty'),
    verdict(disagreements, 'leavesQty'),
    disagreements.some(({ axis }) => axis === null)
      ? `(not expressible) ${scenario.title}`
      : scenario.title,
  ];
  return { cells };
}

function verdict(disagreements: readonly Disagreement[], axis: Axis): string {
  const first = disagreements.find((disagreement) => disagreement.axis === axis);
  return first === undefined ? 'agrees' : `not at t=${first.row.t}`;
}
