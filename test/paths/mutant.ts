/**
 * Runs the generated suites against a planted defect: `node test/paths/mutant.ts NAME`.
 *
 * Prints one line of JSON: who found it, with what, after how many events; or that nobody did.
 * An empty name plants nothing: then nobody may find anything.
 */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { MUTATIONS } from './mutations.ts';

const [, , name = ''] = process.argv;
const root = fileURLToPath(new URL('../../', import.meta.url));
const mutation = MUTATIONS.find((each) => each.name === name);
if (name !== '' && mutation === undefined) throw new Error(`no mutation is called "${name}"`);
const edits = mutation?.edits ?? [];
const planted = new Set<string>();

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    if (!url.startsWith('file:')) return loaded;
    const file = fileURLToPath(url).slice(root.length);
    const wanted = edits.filter((edit) => edit.file === file);
    if (wanted.length === 0) return loaded;
    let source = String(loaded.source);
    for (const { find, replace } of wanted) {
      const times = source.split(find).length - 1;
      if (times !== 1) throw new Error(`"${find}" is ${times} times in ${file}, not once`);
      source = source.replace(find, () => replace);
      planted.add(find);
    }
    return { ...loaded, source };
  },
});

const { hunt } = await import('./hunt.ts');
const found = hunt();
for (const { find, file } of edits) {
  if (!planted.has(find)) throw new Error(`${file} was not loaded: "${find}" is not planted`);
}
console.log(JSON.stringify(found));
