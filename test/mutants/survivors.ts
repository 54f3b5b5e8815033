/**
 * The mutants that live, and why each of them may. They are told apart by the text that was
 * replaced and the line it begins in, so that the list survives what moves them.
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

const isSame = (a: Survivor, b: Survivor): boolean =>
  a.file === b.file && a.line === b.line && a.from === b.from && a.to === b.to;
