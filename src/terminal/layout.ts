/** Text for a plain terminal: columns, wrapping, and a little colour. */

export const WIDTH = 100;

export type Tone = 'alarm' | 'doubt' | 'good' | 'quiet' | 'strong';

export type Painter = (tone: Tone | undefined, text: string) => string;

const CODES: Readonly<Record<Tone, string>> = {
  alarm: '1;31',
  doubt: '33',
  good: '32',
  quiet: '2',
  strong: '1',
};

export function painter(colour: boolean): Painter {
  return (tone, text) =>
    colour && tone !== undefined && text !== '' ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text;
}

/**
 * A symbol or a broker's message is foreign text, and a terminal obeys what it is sent: control
 * and direction characters are shown as a mark instead.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

export function clipped(text: string, width: number): string {
  const characters = [...printable(text)];
  return characters.length <= width
    ? characters.join('')
    : `${characters.slice(0, width - 1).join('')}…`;
}

export type Column = { readonly title: string; readonly align: 'left' | 'right' };

export type Row = { readonly cells: readonly string[]; readonly tone?: Tone | undefined };

/**
 * Aligned columns under their titles; a row's tone paints its last cell. Where the table is wider
 * than the page, the widest column of words gives way. A number is never cut. Words with nothing
 * behind them in their row have the rest of the line.
 */
export function table(
  columns: readonly Column[],
  rows: readonly Row[],
  paint: Painter,
): readonly string[] {
  const widths = widthsOf(columns, rows);
  const line = (cells: readonly string[], tone: Tone | undefined, whole: boolean): string => {
    const last = cells.findLastIndex((cell) => cell !== '');
    const aligned = columns.slice(0, last + 1).map(({ align }, index) => {
      const room = index === last && align === 'left' ? WIDTH - startOf(widths, index) : 0;
      const cell = clipped(cells[index] ?? '', Math.max(room, widths[index] ?? 0));
      const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - lengthOf(cell)));
      const painted = whole || index === last ? paint(tone, cell) : cell;
      if (align === 'right') return `${space}${painted}`;
      return index === last ? painted : `${painted}${space}`;
    });
    return `${INDENT}${aligned.join(GAP)}`;
  };
  const titles = columns.map(({ title }) => title);
  return [line(titles, 'quiet', true), ...rows.map(({ cells, tone }) => line(cells, tone, false))];
}

const INDENT = '  ';
const GAP = '  ';
const NARROWEST = 8;

function widthsOf(columns: readonly Column[], rows: readonly Row[]): readonly number[] {
  const widths = columns.map(({ title, align }, index) =>
    rows.reduce((most, { cells }) => {
      const free = align === 'left' && cells.findLastIndex((cell) => cell !== '') === index;
      const clear = free && index < columns.length - 1;
      return clear ? most : Math.max(most, lengthOf(cells[index] ?? ''));
    }, title.length),
  );
  const total = (): number =>
    widths.reduce((sum, width) => sum + width + GAP.length, INDENT.length - GAP.length);
  while (total() > WIDTH) {
    const words = widths.map((width, index) => (columns[index]?.align === 'left' ? width : 0));
    const widest = Math.max(...words);
    if (widest <= NARROWEST) break;
    widths[words.indexOf(widest)] = Math.max(NARROWEST, widest - (total() - WIDTH));
  }
  return widths;
}

function startOf(widths: readonly number[], index: number): number {
  return widths.slice(0, index).reduce((sum, width) => sum + width + GAP.length, INDENT.length);
}

function lengthOf(text: string): number {
  return [...text].length;
}

/** Wrapped at the width; lines after the first begin where the text began, behind its label. */
export function paragraph(
  label: string,
  text: string,
  paint: Painter,
  tone?: Tone,
): readonly string[] {
  const indent = ' '.repeat(label.length);
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text)
    .split(' ')
    .flatMap((one) => pieces(one, WIDTH - indent.length))) {
    if (line !== '' && label.length + lengthOf(line) + 1 + lengthOf(word) > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((one, index) => `${index === 0 ? paint(tone, label) : indent}${one}`);
}

/** A word that is wider than the line is broken, not left to run over. */
function pieces(word: string, width: number): readonly string[] {
  const characters = [...word];
  if (characters.length <= width) return [word];
  return Array.from({ length: Math.ceil(characters.length / width) }, (_, index) =>
    characters.slice(index * width, (index + 1) * width).join(''),
  );
}
