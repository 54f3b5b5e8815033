/**
 * The mutants that live, and why each of them may. They are told apart by the text that was
 * replaced and the line it begins in, so that the list survives what moves them.
 *
 * Where one reason is that of many, an entry may say `*` for a field that does not matter, and a
 * pattern between slashes for one that does; but what was replaced is always named.
 */
import { readFileSync } from 'node:fs';

export type Survivor = {
  readonly file: string;
  /** The line that it begins in, without its margins. */
  readonly line: string;
  readonly from: string;
  readonly to: string;
};

export type Explained = Survivor & { readonly because: string };

const LIST = new URL('survivors.json', import.meta.url);

export const explained = (): readonly Explained[] =>
  JSON.parse(readFileSync(LIST, 'utf8')) as readonly Explained[];

export function unexplained(
  survivors: readonly Survivor[],
  list: readonly Explained[],
): readonly Survivor[] {
  return survivors.filter((one) => !list.some((known) => isSame(one, known)));
}

const FIELDS = ['file', 'line', 'from', 'to'] as const;

const isSame = (one: Survivor, known: Explained): boolean =>
  known.from !== '*' && FIELDS.every((field) => fits(one[field], known[field]));

function fits(text: string, known: string): boolean {
  if (known === '*' || known === text) return true;
  const pattern = /^\/(.+)\/$/.exec(known)?.[1];
  return pattern !== undefined && new RegExp(`^(?:${pattern})$`).test(text);
}
