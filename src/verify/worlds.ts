/** Worlds as numbers, and back. */
import type { Composition, World } from './composition.ts';
import type { EngineMind } from './mind.ts';
import { WRONGS } from './wrong.ts';

/** Words of an encoded world, at most. */
export const WORLD_WORDS = 7;

const FLAGS = 8;

/** Two worlds of one composition with the same numbers are the same world. */
export function encodeWorld(world: World, words: Int32Array): number {
  const { wrong, late } = world;
  words[0] = world.client.id;
  words[1] = world.broker.id;
  words[2] = world.sent.id;
  words[3] = world.said.id;
  words[4] = (world.budget.id << FLAGS) | (world.opened << 1) | (world.linked ? 1 : 0);
  if (late.id === 0 && wrong === null) return 5;
  words[5] = late.id;
  words[6] = wrong === null ? -1 : WRONGS.indexOf(wrong.id);
  return 7;
}

/** The world of those numbers. Of what was wrong it knows the kind. */
export function decodeWorld(c: Composition, words: Int32Array, length: number): World {
  const flags = words[4] ?? 0;
  const id = length > 5 ? WRONGS[words[6] ?? -1] : undefined;
  return {
    client: c.clients.minds.at(words[0] ?? 0),
    broker: c.brokers.books.at(words[1] ?? 0),
    sent: c.requests.at(words[2] ?? 0),
    said: c.batches.at(words[3] ?? 0),
    late: length > 5 ? c.batches.at(words[5] ?? 0) : c.batches.empty,
    budget: c.budgets.at(flags >>> FLAGS),
    opened: (flags & ((1 << FLAGS) - 1)) >> 1,
    linked: (flags & 1) === 1,
    wrong: id === undefined ? null : { id, text: id },
  };
}

/** The same numbers, as text. */
export function worldKey(world: World): string {
  const words = new Int32Array(WORLD_WORDS);
  return words.subarray(0, encodeWorld(world, words)).join();
}

export function engineOf({ client }: World): EngineMind {
  if (client.mind.type !== 'engine') throw new Error('the engine is not in this world');
  return client.mind;
}
