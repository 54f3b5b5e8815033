/** Scenarios as a reader writes them down: one line a message, in the columns of the matrices. */

type Row = Readonly<Record<string, string | number | boolean | null>>;
export type Scenario = {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
};

const REQUESTS: Readonly<Record<string, string>> = {
  new: 'NewOrderSingle',
  cancel: 'OrderCancelRequest',
  replace: 'OrderCancelReplaceRequest',
  status: 'OrderStatusRequest',
};

const quantity = (text: string | undefined): number | null =>
  text === undefined || text === '-' ? null : Number(text);

/**
 * `new X 10000`, `cancel Y<X 10000`, `reject Y<X New`, or
 * `Trade/Filled X  10000 10000 0 7000` (OrderQty CumQty LeavesQty LastQty), with `execId=`,
 * `execRefId=` and `# note` behind it. `|` in front marks an alternative.
 */
export function scenario(id: string, title: string, lines: string): Scenario {
  const texts = lines.split('\n').filter((line) => line.trim() !== '');
  return { id, title, rows: texts.map((text, index) => row(text, String(index + 1))) };
}

function row(line: string, t: string): Row {
  const [text = '', note = null] = line.split('#').map((part) => part.trim());
  const alternative = text.startsWith('|');
  const words = text.replace('|', '').trim().split(/\s+/);
  const fields = words.filter((word) => !word.includes('='));
  const named = Object.fromEntries(
    words.filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]),
  );
  const [what = '', ids = '', ...numbers] = fields;
  const [clOrdId = '', origClOrdId = null] = ids.split('<');
  const common = { t, clOrdId, origClOrdId, alternative, crosses: false, note, ...named };
  const request = REQUESTS[what];
  if (request !== undefined) {
    return { ...common, dir: 'toBroker', msg: request, orderQty: quantity(numbers[0]) };
  }
  if (what === 'reject') {
    const ordStatus = numbers[0] ?? '';
    return { ...common, dir: 'fromBroker', msg: 'OrderCancelReject', execType: null, ordStatus };
  }
  const [execType = '', ordStatus = ''] = what.split('/');
  const [orderQty, cumQty, leavesQty, lastQty] = [0, 1, 2, 3].map((i) => quantity(numbers[i]));
  return {
    ...common,
    dir: 'fromBroker',
    msg: 'ExecutionReport',
    execType,
    ordStatus,
    orderQty: orderQty ?? null,
    cumQty: cumQty ?? null,
    leavesQty: leavesQty ?? null,
    lastQty: lastQty ?? null,
  };
}

export const matricesOf = (...scenarios: readonly Scenario[]): string =>
  JSON.stringify({ source: 'by hand', scenarios });
