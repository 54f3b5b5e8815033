/**
 * What an engine may rely on, of any journal. Whoever brings one of their own runs this on it:
 *
 *     journalContract('mine', () => {
 *       const place = aNewPlace();
 *       return () => openMine(place);
 *     });
 *
 * Every test asks for a journal of its own, which what it is given opens. Where it may be opened a
 * second time, with what was written still there, `journalOutlives` is to be run on it, too.
 */
import { describe, expect, test } from 'vitest';
import type { Journal } from '../../src/engine/journal.ts';
import { checkpointOf, recordOf, recordsOf } from './records.ts';

export type Subject = () => () => Journal;

export function journalContract(name: string, subject: Subject): void {
  describe(name, () => {
    test('begins empty', () => {
      const journal = subject()();
      expect([...journal.read(0)]).toEqual([]);
      expect(journal.last()).toBe(0);
      expect(journal.checkpoint()).toBeNull();
      journal.close();
    });

    test('gives back what was appended, in order, and the rest after any seq', () => {
      const journal = subject()();
      journal.append(recordsOf(1, 3));
      journal.append([]);
      journal.append(recordsOf(4, 300));
      expect(journal.last()).toBe(300);
      expect([...journal.read(0)]).toEqual(recordsOf(1, 300));
      for (const seq of [1, 3, 63, 64, 65, 299]) {
        expect([...journal.read(seq)]).toEqual(recordsOf(seq + 1, 300));
      }
      expect([...journal.read(300)]).toEqual([]);
      expect([...journal.read(1_000)]).toEqual([]);
      journal.close();
    });

    test('gives back the same letters: what is read is written the same again', () => {
      const journal = subject()();
      journal.append(recordsOf(1, 20));
      expect(JSON.stringify([...journal.read(0)].map(inOrder))).toBe(
        JSON.stringify(recordsOf(1, 20).map(inOrder)),
      );
      journal.close();
    });

    test('shares no object with anybody', () => {
      const journal = subject()();
      const record = recordOf(1);
      const effects = [...record.effects];
      journal.append([{ ...record, effects }]);
      effects.length = 0;
      for (const read of journal.read(0)) Object.assign(read, { seq: 7, fact: null });
      const checkpoint = checkpointOf(1);
      journal.keep(checkpoint);
      Object.assign(checkpoint, { seq: 7 });
      Object.assign(journal.checkpoint() ?? {}, { seq: 8 });
      expect([...journal.read(0)]).toEqual([record]);
      expect(journal.checkpoint()).toEqual(checkpointOf(1));
      journal.close();
    });

    test('refuses records that do not follow, writes nothing of them, and goes on', () => {
      const journal = subject()();
      expect(() => journal.append([recordOf(2)])).toThrow('record 2 is appended where record 1 is');
      journal.append([recordOf(1)]);
      expect(() => journal.append([recordOf(1)])).toThrow('record 1 is appended where record 2 is');
      expect(() => journal.append([recordOf(2), recordOf(4)])).toThrow('where record 3 is due');
      expect(() => journal.append([recordOf(2), { ...recordOf(3), at: Number.NaN }])).toThrow(
        'record 3 has no time: NaN',
      );
      expect([...journal.read(0)]).toEqual([recordOf(1)]);
      journal.append([recordOf(2)]);
      expect(journal.last()).toBe(2);
      journal.close();
    });

    test('may be read while it is appended to: what was there when the reading began', () => {
      const journal = subject()();
      journal.append(recordsOf(1, 200));
      const seen: number[] = [];
      for (const { seq } of journal.read(0)) {
        seen.push(seq);
        if (seq % 50 === 0) journal.append([recordOf(journal.last() + 1)]);
      }
      expect(seen).toEqual(recordsOf(1, 200).map(({ seq }) => seq));
      expect(journal.last()).toBe(204);
      journal.close();
    });

    test('keeps the newest checkpoint, in whatever order they come', () => {
      const journal = subject()();
      journal.append(recordsOf(1, 50));
      for (const seq of [10, 40, 20, 30]) journal.keep(checkpointOf(seq));
      expect(journal.checkpoint()).toEqual(checkpointOf(40));
      journal.keep({ ...checkpointOf(40), charts: 'others' });
      expect(journal.checkpoint()?.charts).toBe('others');
      expect(() => journal.keep(checkpointOf(51))).toThrow(
        'a checkpoint of record 51, and the last',
      );
      journal.close();
    });

    test('once closed takes nothing more; closing twice is no mistake', () => {
      const journal = subject()();
      journal.append([recordOf(1)]);
      journal.close();
      journal.close();
      expect(() => journal.append([recordOf(2)])).toThrow();
      expect(() => [...journal.read(0)]).toThrow();
    });
  });
}

export function journalOutlives(name: string, subject: Subject): void {
  test(`${name}, opened again, goes on where it was`, () => {
    const open = subject();
    const first = open();
    first.append(recordsOf(1, 100));
    first.keep(checkpointOf(90));
    first.close();
    const second = open();
    expect(second.last()).toBe(100);
    expect([...second.read(0)]).toEqual(recordsOf(1, 100));
    expect(second.checkpoint()).toEqual(checkpointOf(90));
    second.append([recordOf(101)]);
    expect([...second.read(99)]).toEqual(recordsOf(100, 101));
    second.close();
  });
}

const inOrder = ({
  seq,
  at,
  fact,
  words,
  effects,
  orderIds,
  charts,
}: ReturnType<typeof recordOf>) => ({
  seq,
  at,
  fact,
  words,
  effects,
  orderIds,
  charts,
});
