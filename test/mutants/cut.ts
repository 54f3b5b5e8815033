/** A mutant of Stryker's as a piece of its file. */
import type { Mutant } from '@stryker-mutator/api/core';
import type { Cut } from '../paths/planting.ts';

type Placed = Pick<Mutant, 'location' | 'mutatorName' | 'replacement'>;

export function cutOf(
  file: string,
  source: string,
  { location, mutatorName, replacement }: Placed,
): Cut {
  const lines = source.split('\n');
  const offset = ({ line, column }: Mutant['location']['start']): number =>
    lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0) + column;
  const statement = mutatorName === 'BlockStatement' || /^(?:;|case\b|default\b)/.test(replacement);
  return {
    file,
    from: offset(location.start),
    to: offset(location.end),
    // In the place of an operand it must stay one: `a || b` beside `&&` would fall apart.
    text: statement ? replacement : `(${replacement})`,
  };
}
