/** What there is to do at the controls, for people: `--deeds`, and the answer to `{"do":"help"}`. */
import { type Deed, type DeedOf, deedSchema } from './deeds.ts';
import { type Field, fieldsOf } from './fields.ts';
import { MESSAGES, REQUESTS } from './messages.ts';

type Row<Name extends Deed['do']> = {
  readonly does: string;
  readonly example: Omit<DeedOf<Name>, 'do'>;
};

/** One for each deed of the schema: the compiler misses one that is not here. */
export const DEEDS: { readonly [Name in Deed['do']]: Row<Name> } = {
  price: {
    does: 'a trade in the market at this price: it elects stops and fills what it reaches',
    example: { symbol: 'RIME', price: 1.24 },
  },
  fill: {
    does: 'an order trades: all that is left of it, at its own price, unless something else is said',
    example: { orderRef: 'target', shares: 40 },
  },
  trigger: { does: 'a stop is elected, whatever the price', example: { orderRef: 'stop' } },
  foreignTrade: {
    does: 'somebody else trades on the account: only the position shows it',
    example: { symbol: 'RIME', action: 'SELL', shares: 70, price: 1.3 },
  },
  reject: {
    does: 'arms: the next placements that fit are refused (1, any, 201, unless something else is said)',
    example: { orderRef: 'stop', code: 201, text: 'Order rejected - reason:margin' },
  },
  cancel: {
    does: 'IB cancels an order that nobody asked it to',
    example: { orderRef: 'entry', reason: 'halted' },
  },
  refuseCancel: {
    does: 'a cancel that is under way is refused, with 161 unless another code is given',
    example: { orderId: 7, clientId: 1, code: 161 },
  },
  hold: {
    does: 'an order is held (locate, with 404, unless another whyHeld is given)',
    example: { orderRef: 'entry', whyHeld: 'locate' },
  },
  release: { does: 'an order that is held works again', example: { orderRef: 'entry' } },
  inactivate: { does: 'an order becomes Inactive', example: { orderRef: 'stop' } },
  reactivate: { does: 'an Inactive order lives again', example: { orderRef: 'stop' } },
  delayCancels: { does: 'how long a cancel takes from now on', example: { ms: 2000 } },
  cap: {
    does: '2161 from now on: the limit of an elected stop-limit is kept within this part of the price',
    example: { within: 0.02, forMs: 5000 },
  },
  oca: {
    does: 'what OCA groups do from now on; at least one field',
    example: { blocks: false },
  },
  correct: {
    does: 'an execution is corrected: it is told again under its next id',
    example: { execId: '0000e0d5.00000001.01.01', price: 1.25 },
  },
  bust: {
    does: 'an execution is taken back; no word says so',
    example: { execId: '0000e0d5.00000001.01.01' },
  },
  newDay: { does: 'midnight: DAY orders end, executions are forgotten', example: {} },
  manualOrder: {
    does: 'a person places an order in TWS itself',
    example: { symbol: 'RIME', action: 'SELL', quantity: 10, orderType: 'MKT' },
  },
  holdMessages: {
    does: 'arms: such messages to clients wait until releaseMessages',
    example: { message: 'execDetails', clientId: 1 },
  },
  releaseMessages: {
    does: 'what was held back is said, in its order, and nothing is held back any more',
    example: {},
  },
  dropMessages: {
    does: 'arms: the next such messages (1 unless times is given) are never said',
    example: { message: 'orderStatus', orderRef: 'entry', times: 3 },
  },
  loseLink: { does: 'the link to IB is lost: 1100, then silence', example: {} },
  restoreLink: { does: 'it is back: 1102, or 1101 with dataLost', example: { dataLost: true } },
  cut: {
    does: "a client's socket is cut: at once, or (arms) between two messages or two requests",
    example: { clientId: 1, after: 'execDetails', before: 'commissionReport' },
  },
  advance: { does: 'time moves on; with --time stepped only', example: { ms: 500 } },
  show: { does: 'time, link, clients, open orders, positions, and what is armed', example: {} },
  help: { does: 'this list', example: {} },
  stop: { does: 'the gateway stops', example: {} },
};

const schemaOf = new Map(deedSchema.options.map((one) => [one.shape.do.value, one]));

type Explained = {
  readonly do: string;
  readonly does: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly example: object;
};

/** Every deed with its fields; one that may be left out has a question mark. */
export function deedList(): readonly Explained[] {
  return [...schemaOf].map(([name, schema]) => {
    const { does, example } = DEEDS[name];
    const fields = fieldsOf(schema).map((one) => [marked(one), one.called ?? one.what] as const);
    return {
      do: name,
      does,
      fields: Object.fromEntries(fields),
      example: { do: name, ...example },
    };
  });
}

const marked = ({ name, needed }: Field): string => (needed ? name : `${name}?`);

const INTRODUCTION = `What can be done at the controls of interlock gateway: a JSON object a line, on --control-port (each
is answered by a line) or in a --scenario FILE. {"do":"help"} answers with this list.

In a scenario, "after" says when. Lines that wait for a time are done in the order of their times,
lines that wait for fills in the order in which they are written. Empty lines are left out, and so
are lines that begin with # (comments).

  without "after"      at once, when the gateway starts
  "after":250          250 milliseconds after the start
  "after":{"fills":2}  once two executions have happened, of all orders together. That is before the
                       clients are told of the second one: its word is still on its way (10 ms;
                       with --latency 0 there is no way, and it may have been told)

There "after" is always the time: a cut that has an "after" of its own is for the control port; one
that has only a "before" is for both. What is refused when its time comes is a line on stderr, and
makes the exit code 1.

Prices are in dollars, quantities in shares, times in milliseconds. A field with a question mark may
be left out. ORDER is orderRef, or permId, or orderId (with clientId, where two clients use it).
`;

const WIDTH = 100;

export function deedText(): string {
  const rows = deedList().map(({ do: name, does, fields, example }) => {
    const said = spoken(fields).join(', ');
    const lines = [`${name}: ${does}`, ...(said === '' ? [] : [`fields: ${said}`])];
    const [head = '', ...more] = lines.flatMap((line, at) => wrapped(line, at === 0 ? '' : '    '));
    return [head, ...more, `    ${JSON.stringify(example)}`].join('\n');
  });
  const names = [
    wrapped(`Messages: ${MESSAGES.join(', ')}`, ''),
    wrapped(`Requests: ${REQUESTS.join(', ')}`, ''),
  ];
  return [INTRODUCTION, `${rows.join('\n')}\n`, ...names.map((one) => `${one.join('\n')}\n`)].join(
    '\n',
  );
}

const ORDER = ['orderRef?', 'permId?', 'orderId?', 'clientId?'];

/** The four that name an order are one thing. */
function spoken(fields: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.keys(fields);
  const order = ORDER.every((name) => names.includes(name));
  const rest = names.filter((name) => !(order && ORDER.includes(name)));
  return [...(order ? ['ORDER'] : []), ...rest.map((name) => `${name} (${fields[name]})`)];
}

function wrapped(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = '    ';
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
