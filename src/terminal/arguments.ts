import { parseArgs } from 'node:util';
import { printable } from './layout.ts';

/** What a command line asks of a command; what it cannot mean is refused in words of our own. */

export type Takes = {
  /** Whether a FILE, or whatever the command calls its one argument, is given. */
  readonly file: boolean | 'perhaps';
  readonly flags: readonly string[];
  readonly values?: readonly string[];
};

export type Asked =
  | { readonly type: 'help' }
  | { readonly type: 'refused'; readonly reason: string }
  | {
      readonly type: 'asked';
      /** Empty for a command that takes none. */
      readonly file: string;
      readonly flags: ReadonlySet<string>;
      readonly values: ReadonlyMap<string, string>;
    };

/** The parser is not strict: it would refuse in sentences that were meant for a programmer. */
export function askedFrom(args: readonly string[], takes: Takes): Asked {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      ...Object.fromEntries(takes.flags.map((name) => [name, { type: 'boolean' } as const])),
      ...Object.fromEntries(
        (takes.values ?? []).map((name) => [name, { type: 'string' } as const]),
      ),
    },
  });
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const files: string[] = [];
  const wrong: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') files.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const isFlag = name === 'help' || takes.flags.includes(name);
    if (isFlag && value === undefined) flags.add(name);
    else if (isFlag) wrong.push(`${rawName} takes no value, and ${quoted(value)} is one`);
    else if (!takes.values?.includes(name)) wrong.push(`unknown option ${quoted(rawName)}`);
    else if (value === undefined) wrong.push(`${rawName} needs a value`);
    else if (values.has(name)) wrong.push(`${rawName} is given twice`);
    else values.set(name, value);
  }
  if (flags.has('help')) return { type: 'help' };
  const [reason = filesProblem(files, takes.file)] = wrong;
  if (reason !== undefined) return { type: 'refused', reason };
  return { type: 'asked', file: files[0] ?? '', flags, values };
}

function filesProblem(files: readonly string[], wanted: Takes['file']): string | undefined {
  const [file] = files;
  if (wanted === 'perhaps' && file === undefined) return undefined;
  if (wanted === false)
    return file === undefined ? undefined : `unexpected argument ${quoted(file)}`;
  if (file === undefined || file === '') return 'no FILE given';
  return files.length > 1 ? `one FILE at a time, not ${files.length}` : undefined;
}

const quoted = (text: string | undefined): string => `"${printable(text ?? '')}"`;
