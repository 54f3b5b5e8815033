/**
 * The house rules that a machine can judge, over the text of the sources. What Biome can see with
 * its parser (any, `!`, enums, default exports, long functions) is left to it, in `biome.json`.
 */
import { posix } from 'node:path';

export type Source = { readonly path: string; readonly text: string };

/** `src/core/step.ts:12: no clock in the core: Date.now` */
export type Violation = string;

type Judge = (source: Source, code: Code) => readonly Violation[];

/** A text with its comments, and besides them its strings, turned to blanks of the same length. */
type Code = { readonly uncommented: string; readonly bare: string };

/** What each folder may import: folders and files of ours, packages, `node:`. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  machines: ['machines', 'xstate'],
  'src/core': ['machines', 'src/core', 'zod'],
  'src/ports': ['src/ports'],
  'src/engine': ['machines', 'src/core', 'src/ports', 'src/engine', 'pino', 'zod', 'node:'],
  'src/journal': [
    'src/core',
    'src/ports',
    'src/engine',
    'src/journal',
    'src/terminal',
    'zod',
    'node:',
  ],
  'src/ib': ['src/core', 'src/ports', 'src/ib', '@stoqey/ib', 'node:'],
  'src/session': [
    ...['machines', 'src/core', 'src/ports', 'src/engine', 'src/ib/desk.ts', 'src/session'],
    ...['pino', 'zod'],
  ],
  // It must not agree with our mistakes: no decision of ours is seen here.
  'src/simulator': ['src/ports', 'src/simulator', 'node:'],
  'src/terminal': ['src/terminal', 'node:'],
  'src/gateway': ['src/ports', 'src/simulator', 'src/gateway', 'src/terminal', 'zod', 'node:'],
  'src/audit': ['src/audit', 'src/terminal', 'zod', 'node:'],
  'src/conform': ['machines', 'src/core', 'src/terminal', 'src/conform', 'zod', 'node:'],
  visualizations: ['machines', 'visualizations', 'node:'],
};

/** Single files that may import more than their folder. */
const BEYOND: Readonly<Record<string, readonly string[]>> = {
  // XState is asked here, and nowhere else in the core: it runs on compiled tables.
  'src/core/sample.ts': ['xstate'],
};

/** Packages that one folder only may know. */
const ONLY_IN: Readonly<Record<string, string>> = { '@stoqey/ib': 'src/ib' };

const IMPURE =
  /\bDate\s*\.\s*now\b|\bnew\s+Date\b|\bDate\s*\(|\bMath\s*\.\s*random\b|\bperformance\s*\.|\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b|\bprocess\s*\.|\bcrypto\s*\.|\bglobalThis\b/g;

const VAGUE = /(?:^|[-_.])(?:util|helper|common|manager|service|handler)s?(?=[-_.]|$)/;

/** Where the type checker cannot follow, and why. Any other cast is a defect. */
export const CASTS: Readonly<Record<string, string>> = {
  'machines/chart.ts': "XState's `types` slot is an empty object that only the compiler reads",
  'machines/bracket.ts': 'the record is filled under computed names, one for every pair',
  'src/core/booking.ts': "a deadline's key begins with the name of its leg",
  'src/ib/normalise.ts': 'where the foreign enters and is checked',
  'src/gateway/controls.ts': 'deeds about an order name it in one way',
  'src/gateway/replay.ts': 'lines that the gateway has written are taken for what they say',
  'src/gateway/scenario.ts': 'a field of an object that was just read is looked for',
  'src/verify/mind.ts': 'a state that was written down is read again as what it was',
  'src/verify/beginning.ts': 'a state is checked in outline, and is then taken for what it says',
};

export const LINES_MOST = 419;

export function violationsOf(sources: readonly Source[]): readonly Violation[] {
  const each = sources.flatMap((source) => {
    const code = codeOf(source.text);
    return JUDGES.flatMap((judge) => judge(source, code));
  });
  return [...each, ...cyclesOf(sources)];
}

const JUDGES: readonly Judge[] = [
  imports,
  purity,
  length,
  names,
  casts,
  barrels,
  leftovers,
  absolutePaths,
];

const isScript = (path: string): boolean => /\.[jt]s$/.test(path);
const isTest = (path: string): boolean => path.startsWith('test/');
const isProduct = (path: string): boolean => isScript(path) && !isTest(path);

function at(path: string, text: string, index: number, said: string): Violation {
  return `${path}:${text.slice(0, index).split('\n').length}: ${said}`;
}

/** `src/core/step.ts` lies in `src/core`, `machines/order.ts` in `machines`. */
export function folderOf(path: string): string {
  const parts = path.split('/');
  return parts[0] === 'src' && parts.length > 2 ? `src/${parts[1]}` : (parts[0] ?? '');
}

type Import = { readonly index: number; readonly of: string };

/** Static, dynamic and re-exporting imports; ours by path from the top. */
function importsOf(path: string, { uncommented, bare }: Code): readonly Import[] {
  const found: Import[] = [];
  for (const match of bare.matchAll(/\b(?:from|import)\s*\(?\s*(?=['"`])/g)) {
    const start = match.index + match[0].length;
    const quoted = /^(['"`])(.*?)\1/.exec(uncommented.slice(start));
    const name = quoted?.[2];
    if (name === undefined) continue;
    const of = name.startsWith('.') ? posix.join(posix.dirname(path), name) : name;
    found.push({ index: match.index, of });
  }
  return found;
}

function imports({ path, text }: Source, code: Code): readonly Violation[] {
  if (!isProduct(path)) return [];
  const folder = folderOf(path);
  const layer = LAYERS[folder];
  const may = layer === undefined ? undefined : [...layer, ...(BEYOND[path] ?? [])];
  return importsOf(path, code).flatMap(({ index, of }) => {
    const owner = ONLY_IN[of];
    // An example is a user's program.
    if (owner !== undefined && owner !== folder && folder !== 'docs') {
      return [at(path, text, index, `only ${owner} may import ${of}`)];
    }
    if (of.startsWith('test/')) return [at(path, text, index, `imports ${of}, a test`)];
    const allowed = may?.some((name) => of === name || of.startsWith(asPrefix(name))) ?? true;
    return allowed ? [] : [at(path, text, index, `${folder} may not import ${of}`)];
  });
}

const asPrefix = (name: string): string => (name.endsWith(':') ? name : `${name}/`);

function purity({ path, text }: Source, { bare }: Code): readonly Violation[] {
  const folder = folderOf(path);
  if (folder !== 'machines' && folder !== 'src/core') return [];
  return [...bare.matchAll(IMPURE)].map((match) =>
    at(path, text, match.index, `no clock, chance or process in ${folder}: ${match[0]}`),
  );
}

function length({ path, text }: Source): readonly Violation[] {
  const lines = text.replace(/\n$/, '').split('\n').length;
  return !isScript(path) || lines <= LINES_MOST
    ? []
    : [`${path}:${lines}: ${lines} lines, more than ${LINES_MOST}`];
}

function names({ path }: Source): readonly Violation[] {
  const vague = path.split('/').find((part) => VAGUE.test(kebab(part)));
  return vague === undefined ? [] : [`${path}:1: "${vague}" names nothing that a trader knows`];
}

/** `OrderManager.ts` is `order-manager.ts`. */
const kebab = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();

/** `x as T`, not `as const`, and not the renaming of an import or export. */
function casts({ path, text }: Source, { bare }: Code): readonly Violation[] {
  if (!isProduct(path) || CASTS[path] !== undefined) return [];
  const blank = (statement: string): string => statement.replace(/\S/g, ' ');
  const code = bare
    .replace(
      /\b(?:import|export)\s+(?:type\s+)?(?:[\w$]+\s*,\s*)?(?:\{[^}]*\}|\*\s+as\s+\w+)/g,
      blank,
    )
    .replace(/\bas\s+const\b/g, blank);
  return [...code.matchAll(/[\w$)\]}]\s+(as\s+[\w$({[*])/g)].map((match) =>
    at(path, text, match.index, 'a cast; parse it, or add the file to CASTS with the reason'),
  );
}

/** A file that only passes on what others export hides where things are. */
function barrels({ path, text }: Source, { bare }: Code): readonly Violation[] {
  if (!isProduct(path) || path === 'src/library.ts') return [];
  const declares = /\bexport\s+(?:async\s+)?(?:const|function|class|type\s+\w+\s*[=<])/.test(bare);
  return [...bare.matchAll(/\bexport\s+(?:type\s+)?(?:\{[^}]*\}|(\*)(?:\s+as\s+\w+)?)\s+from\b/g)]
    .filter(([, all]) => all !== undefined || !declares)
    .map((match) => at(path, text, match.index, 'only passes on what another file exports'));
}

// Written so that this file does not find itself.
const LEFTOVER = new RegExp(`\\b(?:TO${''}DO|FIX${''}ME|XX${''}X|HA${''}CK)\\b`, 'g');

function leftovers({ path, text }: Source): readonly Violation[] {
  return [...text.matchAll(LEFTOVER)].map((match) =>
    at(path, text, match.index, `left: ${match[0]}`),
  );
}

const ABSOLUTE = /(?<![\w.~/-])(?:\/(?:home|Users|root|tmp|work|var|opt|mnt|srv)\/|[A-Z]:\\\\?\w)/g;

function absolutePaths({ path, text }: Source): readonly Violation[] {
  return [...text.matchAll(ABSOLUTE)].map((match) =>
    at(path, text, match.index, `an absolute path: ${match[0]}`),
  );
}

/** Folders that import each other, however far around: each way round is named once. */
export function cyclesOf(sources: readonly Source[]): readonly Violation[] {
  const edges = new Map<string, Set<string>>();
  for (const { path, text } of sources) {
    if (!isProduct(path)) continue;
    const from = folderOf(path);
    for (const { of } of importsOf(path, codeOf(text))) {
      const to = folderOf(of);
      if (!/^(?:src\/|machines\/|visualizations\/)/.test(of) || to === from) continue;
      const known = edges.get(from) ?? new Set<string>();
      edges.set(from, known.add(to));
    }
  }
  const cycles = new Set<string>();
  const follow = (way: readonly string[]): void => {
    for (const next of edges.get(way.at(-1) ?? '') ?? []) {
      const start = way.indexOf(next);
      if (start < 0) follow([...way, next]);
      else cycles.add(named(way.slice(start)));
    }
  };
  for (const folder of edges.keys()) follow([folder]);
  return [...cycles].sort().map((cycle) => `${cycle}: folders import each other`);
}

/** A way round, told from its first folder by name. */
function named(round: readonly string[]): string {
  const first = round.indexOf([...round].sort()[0] ?? '');
  const turned = [...round.slice(first), ...round.slice(0, first)];
  return [...turned, turned[0]].join(' > ');
}

/** Blanks comments and strings. Knows templates and regular expressions as far as sources go. */
export function codeOf(text: string): Code {
  const uncommented = text.split('');
  const bare = text.split('');
  const blank = (from: number, to: number, into: string[]): void => {
    for (let i = from; i < to; i++) if (into[i] !== '\n') into[i] = ' ';
  };
  /** How deep in braces each open `${` is. */
  const holes: number[] = [];
  let depth = 0;
  let last = '';
  let i = 0;
  const skip = (pattern: RegExp): number => {
    pattern.lastIndex = i;
    return pattern.exec(text)?.[0].length ?? 1;
  };
  /** A slash after one of these words begins a regular expression. */
  const afterWord = (): boolean =>
    /(?:^|[^\w$.])(?:return|case|typeof|of|in|await)\s+$/.test(text.slice(Math.max(0, i - 12), i));
  const template = (): void => {
    const long = skip(/[`}](?:\\[\s\S]|\$(?!\{)|[^\\`$])*(?:`|\$\{|$)/y);
    blank(i + 1, i + long - (text[i + long - 1] === '{' ? 2 : 1), bare);
    i += long;
    if (text[i - 1] === '{') holes.push(depth);
    last = '`';
  };
  while (i < text.length) {
    const here = text[i] ?? '';
    if (here === '/' && /[/*]/.test(text[i + 1] ?? '')) {
      const long = skip(/\/\/.*|\/\*[\s\S]*?\*\//y);
      blank(i, i + long, uncommented);
      blank(i, i + long, bare);
      i += long;
    } else if (here === "'" || here === '"') {
      const long = skip(here === "'" ? /'(?:\\.|[^\\'\n])*'/y : /"(?:\\.|[^\\"\n])*"/y);
      blank(i + 1, i + long - 1, bare);
      i += long;
      last = here;
    } else if (here === '`') template();
    else if (here === '}' && holes.at(-1) === depth) {
      holes.pop();
      template();
    } else if (here === '/' && (!/[\w$)\]}'"`]/.test(last) || afterWord())) {
      const long = skip(/\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\\/\n[])+\/[a-z]*/y);
      blank(i + 1, i + long - 1, bare);
      i += long;
      last = ')';
    } else {
      if (here === '{') depth += 1;
      if (here === '}') depth -= 1;
      if (/\S/.test(here)) last = here;
      i += 1;
    }
  }
  return { uncommented: uncommented.join(''), bare: bare.join('') };
}
