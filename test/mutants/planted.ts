/** The defects that are planted by hand, each hunted in a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FURTHER } from '../paths/further-mutations.ts';
import type { Find } from '../paths/hunt.ts';
import { MUTATIONS } from '../paths/mutations.ts';

const MUTANT = fileURLToPath(new URL('../paths/mutant.ts', import.meta.url));
/** Of one core: a machine that has other work to do finds as much, later. */
const SECONDS_MOST = 60;
const AT_ONCE = 2;

/** What the process prints: `seconds` are those of one core. */
type Printed = (Find & { readonly seconds: number }) | null;

type Hunt = { readonly name: string; readonly find: Printed };

/** Prints a line for each; returns what is wrong. */
export async function huntPlanted(print: (line: string) => void): Promise<readonly string[]> {
  const names = [...MUTATIONS, ...FURTHER].map(({ name }) => name);
  print(line('planted defect', 'found by', 'events', 'states', 'seconds'));
  const wrong: string[] = [];
  const queue = ['', ...names];
  const work = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const hunt = await hunted(name);
      print(told(hunt));
      const problem = problemOf(hunt);
      if (problem !== null) wrong.push(problem);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  print(`${names.length} defects planted, ${wrong.length} not found as they should be\n`);
  return wrong;
}

async function hunted(name: string): Promise<Hunt> {
  const { stdout } = await promisify(execFile)(process.execPath, [MUTANT, name]);
  return { name, find: JSON.parse(stdout) as Printed };
}

function problemOf({ name, find }: Hunt): string | null {
  if (name === '') return find === null ? null : `found where nothing is planted: ${find.wrong}`;
  if (find === null) return `nobody finds it: ${name}`;
  if (find.seconds > SECONDS_MOST) return `it takes ${find.seconds.toFixed(0)} s: ${name}`;
  // A program that falls over was not caught in a wrong decision.
  return /^throws: (?!Error: an event does not come to rest)/.test(find.wrong)
    ? `it only throws: ${name}: ${find.wrong}`
    : null;
}

function told({ name, find }: Hunt): string {
  const title = name === '' ? '(nothing planted)' : name;
  if (find === null) return line(title, 'nobody', '', '', '');
  const { suite, path, situations, seconds } = find;
  const events = path.length === 0 ? '-' : String(path.length);
  return line(title, suite, events, String(situations), seconds.toFixed(1));
}

function line(name: string, by: string, events: string, states: string, seconds: string): string {
  const [of, length, size, time] = [by.padEnd(44), events.padStart(6), states.padStart(6), seconds];
  return `${name.padEnd(62)} ${of} ${length} ${size} ${time.padStart(7)}`;
}
