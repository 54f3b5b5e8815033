/** Appends without end, and says of every record that it is durable, a number a line. */
import { writeSync } from 'node:fs';
import { openJournal } from '../../src/journal/journal.ts';
import { recordsOf } from './records.ts';

const [file = '', atOnce = '1', most = 'Infinity'] = process.argv.slice(2);
const journal = openJournal(file);
while (journal.last() < Number(most)) {
  const last = journal.last() + Number(atOnce);
  journal.append(recordsOf(journal.last() + 1, last));
  writeSync(1, `${last}\n`);
}
journal.close();
