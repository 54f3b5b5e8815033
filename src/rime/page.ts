/** Both tellings for a person: timelines, exposure over time, tables, and what it comes to. */

import {
  clipped,
  type Tone as Ink,
  type Painter,
  painter,
  paragraph,
  WIDTH,
} from '../terminal/layout.ts';
import type { InterlockedTelling } from './interlocked.ts';
import type { Night } from './night.ts';
import { marks, type Step, strip } from './strip.ts';
import { oversoldBy, type ParentTold, signed, type Telling, type Tone } from './telling.ts';
import type { Told } from './told.ts';

const INKS: Readonly<Record<Tone, Ink | undefined>> = {
  fill: 'strong',
  over: 'alarm',
  bad: 'doubt',
  good: 'good',
  quiet: 'quiet',
  plain: undefined,
};

export function page(told: Told, colour: boolean, full: boolean, columns = WIDTH): string {
  const paint = painter(colour);
  const { night, detached, interlocked } = told;
  const reaction = `${night.reactionMs / 1000} s`;
  const narrow = `This page is laid out for ${WIDTH} columns; here there are ${columns}.`;
  const sections = [
    ...(columns < WIDTH ? [[paint('doubt', narrow)]] : []),
    heading(told, paint),
    tapeRows(night, paint),
    [
      title(`1  As it was: a stop and two targets side by side; ${reaction} to withdraw`, paint),
      ...timeline(detached, night, paint),
    ],
    [...exposureRows(detached, night, paint), ...LEGEND.map((line) => paint('quiet', `  ${line}`))],
    parentRows(detached, paint),
    [
      title('2  Under Interlock: plan paired, on the same tape', paint),
      ...(full ? recordRows(interlocked, paint) : timeline(interlocked, night, paint)),
    ],
    [
      ...exposureRows(interlocked, night, paint),
      ...GROUPED.map((line) => paint('quiet', `  ${line}`)),
    ],
    closeRows(interlocked, paint),
    [title('3  Side by side', paint), ...sideBySide(told, paint)],
    verdictRows(told, paint),
  ];
  return `${sections.map((rows) => rows.join('\n')).join('\n\n')}\n`;
}

const title = (text: string, paint: Painter): string => paint('strong', text);

/** Text in a column: padded before it is painted, since paint has no width. */
const left = (text: string, width: number): string => text.padEnd(width);
const right = (text: string, width: number): string => text.padStart(width);

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** `100 ms`, `26.3 s`. */
const lasting = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

const net = (shares: number, width: number, paint: Painter): string =>
  paint(shares < 0 ? 'alarm' : shares === 0 ? 'quiet' : undefined, right(signed(shares), width));

// --- Heading and tape ---------------------------------------------------------------------------

function heading({ night, detached }: Told, paint: Painter): readonly string[] {
  const { bought, sold, position } = detached.broker;
  return [
    title(`RIME, ${night.date}, told twice: the same prices, the same three parents`, paint),
    'Outside regular hours the stop and the targets of one parent both filled, twice that night.',
    `${sold} were sold of ${bought} bought; the log counted ${signed(detached.counted)}, ` +
      `the broker ${signed(position)}.`,
    ...ASSUMED.map((line) => paint('quiet', line)),
  ];
}

const ASSUMED = [
  "The order of executions is that night's. Ours are the seconds, the limits of the stops, the targets",
  'of 679 and 693, the cancels, and what became of 680 to 682, which nobody logged: here 680 and 681',
  'trade while the link is down, since of 100, 70 and 30 only 100 + 70 make the 170 that are missing.',
  'So 682 must not trade: its limit is 1.40 here, where the log in the tests fills in 1.38.',
];

const LABEL = 15;

function tapeRows({ venue, endsAt, parents }: Night, paint: Painter): readonly string[] {
  const prices = venue.tape.map((print) => print.price);
  const low = Math.min(...prices) - 0.01;
  const high = Math.max(...prices);
  const steps = venue.tape.map(({ at, price }) => ({ at, value: price - low }));
  const link = venue.outages.flatMap(({ from, to }) => [
    { at: from, value: 1, ink: 'doubt' as const },
    { at: to, value: 0 },
  ]);
  const every = 5_000;
  const ticks = Array.from({ length: Math.floor(endsAt / every) + 1 }, (_, i) => ({
    at: i * every,
    text: i === 0 ? '0 s' : String((i * every) / 1000),
  }));
  const entries = parents.map(({ parent, orderedAt }) => ({ at: orderedAt, text: String(parent) }));
  const range = `${Math.min(...prices).toFixed(2)} to ${high.toFixed(2)}`;
  return [
    paint('quiet', `${left('', LABEL)}${marks(ticks, endsAt)}`.trimEnd()),
    `${left('  entries', LABEL)}${marks(entries, endsAt)}`.trimEnd(),
    `${left('  price', LABEL)}${strip(steps, high - low, endsAt, paint)}  ${range}`,
    `${left('  link down', LABEL)}${strip(link, 1, endsAt, paint)}`,
  ];
}

// --- Timelines ----------------------------------------------------------------------------------

const AT = 7;
const WHO = 7;
const NET = 6;
const BROKER = 8;

/** The sums stand behind executions only; other lines have that room for their words. */
function timeline(told: Telling, night: Night, paint: Painter): readonly string[] {
  const parents = night.parents.map((one) => one.parent);
  const start = 2 + AT + 2 + WHO + 2;
  const wide = WIDTH - start;
  const what = wide - NET * parents.length - BROKER;
  const head =
    `  ${right('second', AT)}  ${left('who', WHO)}  ${left('what', what)}` +
    `${parents.map((one) => right(String(one), NET)).join('')}${right('broker', BROKER)}`;
  const rows = told.timeline.map((one, i) => {
    const again = told.timeline[i - 1]?.at === one.at;
    const at = paint('quiet', right(again ? '' : seconds(one.at), AT));
    const sums = one.tone === 'fill' || one.tone === 'over';
    const text = clipped(one.what, sums ? what : wide);
    const nets = parents.map((parent) => net(one.nets[parent] ?? 0, NET, paint)).join('');
    const space = ' '.repeat(Math.max(0, what - text.length));
    const figures = `${space}${nets}${net(one.position, BROKER, paint)}`;
    return `  ${at}  ${left(one.who, WHO)}  ${paint(INKS[one.tone], text)}${sums ? figures : ''}`;
  });
  return [paint('quiet', head), ...rows];
}

function recordRows(told: InterlockedTelling, paint: Painter): readonly string[] {
  return told.records.flatMap(({ at, lines }) =>
    withoutKnown(lines).flatMap((line, i) => {
      const time = right(i === 0 ? seconds(at) : '', 7);
      if (time.length + 2 + line.length <= WIDTH) return [`${paint('quiet', time)}  ${line}`];
      const [mark = ''] = /^ *(?:(?:=>|!!|\.\.|==) )?/.exec(line) ?? [];
      const text = line.slice(mark.length).replaceAll(/ {2,}/g, ' ');
      return paragraph(`${time}  ${mark}`, text, paint);
    }),
  );
}

/** A snapshot repeats all that is known; that it did so is one line, not one for each repetition. */
function withoutKnown(lines: readonly string[]): readonly string[] {
  const counted = lines.filter((line) => /^ +\.\. .*is counted already$/.test(line));
  const reported = lines.filter((line) => /^ +\.\. .*: nothing new$/.test(line));
  const known = [...counted, ...reported];
  const [first] = lines.filter((line) => known.includes(line));
  if (first === undefined || known.length < 2) return lines;
  const parts = [
    ...(counted.length > 0 ? [`executions counted already: ${counted.length}`] : []),
    ...(reported.length > 0 ? [`reports with nothing new: ${reported.length}`] : []),
  ];
  return lines.flatMap((line) => {
    if (line === first) return [`  .. ${parts.join('; ')}`];
    return known.includes(line) ? [] : [line];
  });
}

// --- Exposure over time -------------------------------------------------------------------------

const LEGEND = [
  'naked: without a live stop. Overhang: more than is open could be sold (░), has been sold (█ 100,',
  '▆ 70, ▃ 30). ▏ shorter than a column, · nothing. Of the price ▁ is the lowest, █ the highest.',
];

const GROUPED = [
  'A stop and its target count once: in a group of type 2 the broker reduces the sibling with block,',
  'one member at a time. If it does not, the engine sees it in what the broker shows, and alarms.',
];

function exposureRows(told: Telling, { endsAt }: Night, paint: Painter): readonly string[] {
  const never = told.parents.every((one) => one.exposure.overhangMs === 0);
  const rows = told.parents.flatMap(({ parent, samples, exposure }) => {
    const row = (name: string, steps: readonly Step[], ms: number, most: number): string => {
      const tail = ms === 0 ? 'never' : `${most} shares for ${lasting(ms)}`;
      return `${left(`  ${parent} ${name}`, LABEL)}${strip(steps, 100, endsAt, paint)}  ${tail}`;
    };
    const naked = samples.map((one): Step => ({ at: one.at, value: one.naked, ink: 'doubt' }));
    const overhang = samples.map((one): Step => {
      const over = oversoldBy(one);
      return over > 0
        ? { at: one.at, value: over, ink: 'alarm' }
        : { at: one.at, value: one.overhang, ink: 'doubt', shaded: true };
    });
    const bare = row('naked', naked, exposure.nakedMs, exposure.nakedMost);
    if (never) return [bare];
    return [bare, row('overhang', overhang, exposure.overhangMs, exposure.overhangMost)];
  });
  return never
    ? [...rows, `${left('  all overhang', LABEL)}${strip([], 1, endsAt, paint)}  never`]
    : rows;
}

// --- Tables -------------------------------------------------------------------------------------

function parentRows(told: Telling, paint: Painter): readonly string[] {
  const head = `  parent  bought  sold     net  ${left('exits as they traded', 36)}verdict`;
  const rows = told.parents.map((one) => {
    const figures = `${right(String(one.bought), 6)}${right(String(one.sold), 6)}`;
    const sequence = left(one.sequence.join(', '), 36);
    const start = `  ${right(String(one.parent), 6)}  ${figures}${net(one.net, 8, paint)}`;
    return `${start}  ${sequence}${verdictOf(one, paint)}`;
  });
  return [paint('quiet', head), ...rows];
}

function verdictOf(one: ParentTold, paint: Painter): string {
  const over = oversoldBy(one);
  const silent = one.legs.filter((leg) => leg.heardEnd === null).length;
  if (over === 0) return one.net === 0 ? paint('good', 'flat') : paint('doubt', 'open');
  const heard = silent === 0 ? '' : `, ${silent} legs silent`;
  return paint('alarm', `oversold by ${over}${heard}`);
}

function closeRows({ closed }: InterlockedTelling, paint: Painter): readonly string[] {
  const head = '  close record   second  bought  sold   net  naked, ms  most naked  most overhang';
  const rows = closed.flatMap((one) => {
    const figures = [
      right(String(one.parent), 14),
      right(seconds(one.at), 9),
      right(String(one.bought), 8),
      right(String(one.sold), 6),
      net(one.net, 6, paint),
      right(String(one.nakedMs), 11),
      right(String(one.nakedMost), 12),
      right(String(one.overhangMost), 15),
    ].join('');
    const ends = [...new Set(one.legs.map((leg) => leg.end))].map((end) => {
      const legs = one.legs.filter((leg) => leg.end === end);
      const named = legs.map(({ leg, filled }) => (filled > 0 ? `${leg} ${filled}` : leg));
      return `${end}: ${named.join(', ')}`;
    });
    return [figures, paint('quiet', `${right('', 16)}${ends.join('; ')}`)];
  });
  return [paint('quiet', head), ...rows];
}

type Side = { readonly parents: readonly string[]; readonly total: string };

/** One figure of both tellings; `bad` says which cells are a person's business. */
type Figure = {
  readonly name: string;
  readonly of: (told: Telling) => Side;
};

const perParent = (
  told: Telling,
  of: (one: ParentTold) => number,
  total: (values: readonly number[]) => number,
  show: (value: number) => string = String,
): Side => {
  const values = told.parents.map(of);
  return { parents: values.map(show), total: show(total(values)) };
};

const added = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0);
const most = (values: readonly number[]): number => Math.max(0, ...values);
const endless = ({ legs }: ParentTold): number =>
  legs.filter((leg) => leg.heardEnd === null).length;
const live = ({ legs }: ParentTold): number => legs.filter((leg) => leg.brokerEnd === null).length;

const FIGURES: readonly Figure[] = [
  { name: 'bought', of: (told) => perParent(told, (one) => one.bought, added) },
  { name: 'sold', of: (told) => perParent(told, (one) => one.sold, added) },
  { name: 'net', of: (told) => perParent(told, (one) => one.net, added, signed) },
  {
    name: 'net, as the program counts',
    of: (told) => perParent(told, (one) => one.counted, added, signed),
  },
  {
    name: "the broker's position",
    of: (told) => ({ parents: told.parents.map(() => ''), total: signed(told.broker.position) }),
  },
  { name: 'naked, ms', of: (told) => perParent(told, (one) => one.exposure.nakedMs, added) },
  { name: 'overhang, ms', of: (told) => perParent(told, (one) => one.exposure.overhangMs, added) },
  {
    name: 'most overhang',
    of: (told) => perParent(told, (one) => one.exposure.overhangMost, most),
  },
  { name: 'legs without an end', of: (told) => perParent(told, endless, added) },
  { name: '  still live at the broker', of: (told) => perParent(told, live, added) },
  {
    name: 'watcher runs without an end',
    of: (told) =>
      perParent(
        told,
        ({ parent }) =>
          told.watchers.filter((run) => run.parent === parent && run.end === null).length,
        added,
      ),
  },
];

function sideBySide({ detached, interlocked }: Told, paint: Painter): readonly string[] {
  const NAME = 29;
  const cells = ({ parents, total }: Side): string =>
    [...parents.map((one) => right(one, 7)), right(total, 9)].join('');
  const wide = 7 * detached.parents.length + 9;
  const numbers = cells({
    parents: detached.parents.map((one) => String(one.parent)),
    total: 'all',
  });
  const top = `  ${left('', NAME)}${right('as it was', wide)}  ${right('under Interlock', wide)}`;
  const head = `  ${left('', NAME)}${numbers}  ${numbers}`;
  const rows = FIGURES.map(({ name, of }) => {
    const was = cells(of(detached));
    const is = cells(of(interlocked));
    return `  ${left(name, NAME)}${was}  ${paint(was === is ? undefined : 'good', is)}`.trimEnd();
  });
  return [paint('strong', top), paint('quiet', head), ...rows];
}

// --- Verdict ------------------------------------------------------------------------------------

function verdictRows({ detached, interlocked, claims }: Told, paint: Painter): readonly string[] {
  const failed = claims.filter((one) => !one.holds);
  if (failed.length > 0) {
    return [
      ...failed.map((one) => paint('alarm', `  not so: ${one.claim} (${one.found})`)),
      paint('alarm', `${failed.length} of ${claims.length} claims about the two tellings fail.`),
    ];
  }
  const was = detached.broker;
  const is = interlocked.broker;
  const sentence =
    `Same tape: ${was.sold} sold of ${was.bought} as it was; under Interlock ${is.sold} of ` +
    `${is.bought}, every leg ended, no law broken.`;
  return [paint('good', sentence)];
}
