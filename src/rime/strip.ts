/** A quantity over time as one line of blocks under a common time axis. */

import type { Tone as Ink, Painter } from '../terminal/layout.ts';

export const CELLS = 62;

const BLOCKS = '▁▂▃▄▅▆▇█';
const NOTHING = '·';

const SHADE = '░';

/** Something that lasted less than a cell has no width. */
const BLIP = '▏';

export type Step = {
  readonly at: number;
  readonly value: number;
  readonly ink?: Ink | undefined;
  /** Possible, and not so yet. */
  readonly shaded?: boolean;
};

/** The block for `value` of `most`; the smallest for anything above nothing. */
export function block(value: number, most: number): string {
  if (value <= 0) return NOTHING;
  const height = Math.ceil((Math.min(value, most) / most) * BLOCKS.length);
  return BLOCKS[Math.max(1, height) - 1] ?? NOTHING;
}

type Run = { readonly from: number; readonly to: number; readonly steps: readonly Lasting[] };

type Lasting = Step & { readonly to: number };

/** Stretches without a nothing in between. */
function runsOf(steps: readonly Step[], endsAt: number): readonly Run[] {
  const runs: { from: number; to: number; steps: Lasting[] }[] = [];
  steps.forEach((step, i) => {
    const to = steps[i + 1]?.at ?? endsAt;
    if (step.value <= 0 || to <= step.at) return;
    const last = runs.at(-1);
    if (last === undefined || last.to < step.at) {
      runs.push({ from: step.at, to, steps: [{ ...step, to }] });
    } else {
      last.steps.push({ ...step, to });
      last.to = to;
    }
  });
  return runs;
}

type Cell = { readonly text: string; readonly ink: Ink | undefined };

/**
 * A stretch has the cells of which it holds the middle, each with the most that it saw there,
 * however shortly; one that is shorter than a cell has a thin mark where it began.
 */
export function strip(
  steps: readonly Step[],
  most: number,
  endsAt: number,
  paint: Painter,
): string {
  const wide = endsAt / CELLS;
  const cells = Array.from({ length: CELLS }, (): Cell => ({ text: NOTHING, ink: 'quiet' }));
  for (const run of runsOf(steps, endsAt)) {
    const { ink } = run.steps.reduce(more);
    if (run.to - run.from < wide) {
      const at = Math.min(CELLS - 1, Math.floor(run.from / wide));
      if (cells[at]?.text === NOTHING) cells[at] = { text: BLIP, ink };
      continue;
    }
    cells.forEach((_, i) => {
      const middle = (i + 0.5) * wide;
      if (middle < run.from || middle >= run.to) return;
      const seen = run.steps.filter(({ at, to }) => at < (i + 1) * wide && to > i * wide);
      const top = seen.reduce(more, { at: 0, to: 0, value: 0 });
      const text = top.shaded === true ? SHADE : block(top.value, most);
      cells[i] = { text, ink: top.ink };
    });
  }
  const runs: { ink: Ink | undefined; text: string }[] = [];
  for (const { text, ink } of cells) {
    const last = runs.at(-1);
    if (last !== undefined && last.ink === ink) last.text += text;
    else runs.push({ ink, text });
  }
  return runs.map(({ ink, text }) => paint(ink, text)).join('');
}

/** What is so outweighs what is only possible. */
const more = (high: Lasting, one: Lasting): Lasting => {
  const graver = one.value === high.value && high.shaded === true && one.shaded !== true;
  return one.value > high.value || graver ? one : high;
};

/** Labels at their times; one that would run into the one before is left out. */
export function marks(
  labels: readonly { readonly at: number; readonly text: string }[],
  endsAt: number,
): string {
  let line = '';
  for (const { at, text } of labels) {
    const cell = Math.floor((at / endsAt) * CELLS);
    if (line !== '' && cell <= line.length) continue;
    line = `${line.padEnd(cell)}${text}`;
  }
  return line.padEnd(CELLS);
}
