/**
 * Appends, and says of every record that it is durable once it is: a number a line. When that fails
 * it says so, tries once more, and counts what can still be read.
 */
import { writeSync } from 'node:fs';
import { JournalFailed } from '../../src/engine/journal.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { checkpointOf, recordsOf } from './records.ts';

const [file = '', atOnce = '1', most = 'Infinity', keeping = ''] = process.argv.slice(2);
const journal = openJournal(file);
const append = (): void => {
  const last = journal.last() + Number(atOnce);
  journal.append(recordsOf(journal.last() + 1, last));
  writeSync(1, `${last}\n`);
};
const failureOf = (what: () => void): string => {
  try {
    what();
  } catch (error) {
    if (error instanceof JournalFailed) return error.message;
    throw error;
  }
  return '';
};
const failure = failureOf(() => {
  // Whoever began it may be gone: then nobody will end it, and it would fill the disk.
  const parent = process.ppid;
  while (journal.last() < Number(most) && process.ppid === parent) {
    append();
    if (keeping === 'keeping') journal.keep(checkpointOf(journal.last()));
  }
});
if (failure !== '') {
  writeSync(1, `failed ${failure}\n`);
  if (failureOf(append) === failure) writeSync(1, 'failed again\n');
  writeSync(1, `readable ${[...journal.read(0)].length}\n`);
}
journal.close();
