/** A quantity over time as one line of blocks under a common time axis. */

import type { Tone as Ink, Painter } from '../audit/layout.ts';

export const CELLS = 64;

const BLOCKS = '▁▂▃▄▅▆▇█';
const NOTHING = '·';

const SHADE = '░';

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

/** Each cell shows the most that its slice of time saw, however short it lasted. */
export function strip(
  steps: readonly Step[],
  most: number,
  endsAt: number,
  paint: Painter,
): string {
  const cells = Array.from({ length: CELLS }, (_, i): Step => {
    const from = (i * endsAt) / CELLS;
    const to = ((i + 1) * endsAt) / CELLS;
    const seen = steps.filter(
      ({ at }, n) => at < to && (steps[n + 1]?.at ?? Number.POSITIVE_INFINITY) > from,
    );
    return seen.reduce(more, { at: from, value: 0 });
  });
  const runs: { ink: Ink | undefined; text: string }[] = [];
  for (const { value, ink, shaded } of cells) {
    const text = value > 0 && shaded === true ? SHADE : block(value, most);
    const inked = value > 0 ? ink : 'quiet';
    const last = runs.at(-1);
    if (last !== undefined && last.ink === inked) last.text += text;
    else runs.push({ ink: inked, text });
  }
  return runs.map(({ ink, text }) => paint(ink, text)).join('');
}

/** What is so outweighs what is only possible. */
const more = (high: Step, one: Step): Step => {
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
