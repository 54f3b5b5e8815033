/** Plants defects in the sources as they are loaded; the files stay as they are. */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Edit } from './mutations.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const planted = new Set<string>();

/** A piece of a file, by offsets, and what stands in its place. */
export type Cut = {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
};

/** To be called before anything that is to be changed is imported. */
export function plant(edits: readonly Edit[]): void {
  changing((file, source) => edits.filter((edit) => edit.file === file).reduce(changed, source));
}

export function plantCut(cut: Cut): void {
  changing((name, source) => withCut(cut, name, source));
}

/** What stands in file `name` when `cut` is planted. */
export function withCut({ file, from, to, text }: Cut, name: string, source: string): string {
  return name === file ? source.slice(0, from) + text + source.slice(to) : source;
}

function changing(change: (file: string, source: string) => string): void {
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      if (!url.startsWith('file:') || !url.endsWith('.ts')) return loaded;
      const source = String(loaded.source);
      const after = change(fileURLToPath(url).slice(root.length), source);
      return after === source ? loaded : { ...loaded, source: after };
    },
  });
}

function changed(source: string, { file, find, replace }: Edit): string {
  const times = source.split(find).length - 1;
  if (times !== 1) throw new Error(`"${find}" is ${times} times in ${file}, not once`);
  planted.add(find);
  return source.replace(find, () => replace);
}

/** What was to be planted in a file that nobody loaded; null when all is planted. */
export function unplanted(edits: readonly Edit[]): string | null {
  const edit = edits.find(({ find }) => !planted.has(find));
  return edit === undefined ? null : `${edit.file} was not loaded: "${edit.find}" is not planted`;
}
