import { expect, test } from 'vitest';
import { newInterner, newQueues } from '../../src/verify/interning.ts';
import { newMessages } from '../../src/verify/messages.ts';

type Thing = { readonly id: number; readonly older: Thing | null };

test('equal texts are one thing, and numbers are its own, whatever making it makes', () => {
  const things = newInterner<Thing>();
  const nested = (depth: number): Thing =>
    things.intern(`t${depth}`, (id) => ({ id, older: depth === 0 ? null : nested(depth - 1) }));
  const made = [nested(5), nested(2), nested(7)];
  expect(nested(5)).toBe(made[0]);
  const ids = Array.from({ length: 8 }, (_, depth) => nested(depth).id);
  expect(new Set(ids).size).toBe(8);
  for (const [depth, id] of ids.entries()) expect(things.at(id)).toBe(nested(depth));
  expect(things.size()).toBe(8);
  expect(() => things.at(8)).toThrow(RangeError);
});

test('queues keep their order, bags have none', () => {
  const a: Thing = { id: 1, older: null };
  const b: Thing = { id: 2, older: a };
  const queues = newQueues<Thing>({ bag: false });
  const ab = queues.empty.with(a).with(b);
  expect(queues.empty.with(b).with(a)).not.toBe(ab);
  expect(ab.without(0)).toBe(queues.empty.with(b));
  expect(ab.aged()).toBe(queues.empty.with(a).with(a));
  expect(queues.at(ab.id)).toBe(ab);
  const bags = newQueues<Thing>({ bag: true });
  expect(bags.empty.with(b).with(a)).toBe(bags.empty.with(a).with(b));
  expect(bags.empty.with(a).with(a)).not.toBe(bags.empty.with(a));
});

test('an answer to the newest question is another message than one to an older', () => {
  const { batch, word, request } = newMessages();
  const end = batch([word({ word: 'execDetailsEnd', reqId: 1 })]);
  const old = batch([word({ word: 'execDetailsEnd', reqId: 0 })]);
  expect(end.older).toBe(old);
  expect(old.older).toBeNull();
  expect(end.id).not.toBe(old.id);
  expect(end.answers).toBe(true);
  const asked = request({ request: 'reqExecutions', reqId: 1 }, false);
  expect(asked.older).toBe(request({ request: 'reqExecutions', reqId: 0 }, false));
  expect(asked.older?.id).not.toBe(asked.id);
});
