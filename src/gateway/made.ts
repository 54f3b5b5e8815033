/** What a gateway was made with, in the words of its command line. */

/** By what is written in a state. */
const OPTIONS: Readonly<Record<string, string>> = {
  accounts: '--accounts',
  symbols: '--symbols',
  cash: '--cash',
  regularHours: '--regular-hours',
  tape: '--price',
  seed: '--seed',
  book: '--assume or --position',
  fillLot: '--fill-lot',
  lotGapMs: '--lot-gap',
  sentMs: '--latency',
  heardMs: '--latency',
  acknowledgeMs: '--latency',
  cancelMs: '--latency',
  faults: '--faults',
  requestsWhileDown: '--link-down',
};

/** The options that are not the same in both; `--…` of what has no option of its own. */
export function differingOptions(before: string, now: string): readonly string[] {
  const [was, is] = [flat(before), flat(now)];
  const names = new Set([...was.keys(), ...is.keys()]);
  const differing = [...names].filter((name) => was.get(name) !== is.get(name));
  return [...new Set(differing.map((name) => OPTIONS[name] ?? `its ${name}`))];
}

/** With what stands under `venue` beside the rest. */
function flat(made: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const read = parsed(made);
  if (typeof read !== 'object' || read === null) return fields;
  const { venue = {}, ...rest } = read as { readonly venue?: object };
  for (const [name, value] of Object.entries({ ...rest, ...venue })) {
    fields.set(name, JSON.stringify(value));
  }
  return fields;
}

/** A state may be of a version that wrote this otherwise. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
