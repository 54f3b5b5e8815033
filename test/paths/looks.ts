/**
 * Looks, generated: scenes of one bracket or two with a few words more, then a look of any kind,
 * asked at any time, and what must come of it.
 */
import type { Fact } from '../../src/core/fact.ts';
import { lookAs, lookOf, type Part, type Pick, plainLook, told } from './look-answers.ts';
import { differences } from './look-comparison.ts';
import { EMPTY, factOf, LOT, type Passage, passed, type Scene, sayings } from './look-scenes.ts';
import { randomly } from './walks.ts';

/** Good days up to somewhere, and what goes wrong there. */
export const BEGINNINGS: readonly string[] = [
  'open A',
  'open A, shown A.entry.1',
  'open A, shown A.entry.1, traded A.entry.1 1',
  'open A, shown A.entry.1, traded A.entry.1 2',
  'open A, traded A.entry.1 2, shown A.stop1.1',
  'open A, traded A.entry.1 2, shown A.stop1.1, shown A.target1.1',
  'open A, traded A.entry.1 2, shown A.stop1.1, shown A.target1.1, traded A.target1.1 1',
  'open A, traded A.entry.1 2, shown A.stop1.1, shown A.target1.1, traded A.target1.1 2',
  'open A, traded A.entry.1 2, shown A.stop1.1, shown A.target1.1, filled A.target1.1 2',
  'open A, traded A.entry.1 2, shown A.stop1.1, shown A.target1.1, traded A.stop1.1 1',
  'open A, traded A.entry.1 2, shown A.stop1.1, shown A.target1.1, flatten A',
  'open A, traded A.entry.1 2, shown A.stop1.1, shown A.target1.1, traded A.target1.1 2, ' +
    'cancelled A.stop1.1 0',
  'open A, traded A.entry.1 2, cut, back',
  'open A, traded A.entry.1 2, shown A.stop1.1, shown A.target1.1, cut, back',
  'open A, shown A.entry.1, cut, back',
  'open A, cut, back',
  'open A, cancel A, cancelled A.entry.1 0',
  'open A, shown A.entry.1, cancelled A.entry.1 0, warned A.entry.1',
  'open A, traded A.entry.1 2, shown A.stop1.1, open B, traded B.entry.1 3, shown B.stop1.1',
  'open A, shown A.entry.1, open B, traded B.entry.1 3, shown B.stop1.1, shown B.stop2.1, ' +
    'shown B.target1.1, shown B.target2.1',
  'open B, traded B.entry.1 3, shown B.stop1.1, shown B.stop2.1, traded B.stop1.1 2',
  'open A, filled A.entry.1 2',
  'open S, traded S.entry.1 2, shown S.stop1.1, shown S.target1.1',
  'open S, traded S.entry.1 2, cut, back',
  'open S, traded S.entry.1 2, shown S.stop1.1, open T, traded T.entry.1 3, shown T.stop1.1',
  'open A, traded A.entry.1 2, cancelled A.stop1.1 0, shown A.stop1.2',
  'open A, traded A.entry.1 2, shown A.stop1.1, shown A.target1.1, traded A.target1.1 1, ' +
    'reduced A.stop1.1 1',
  'open A, traded A.entry.1 2, shown A.stop1.1, shown A.target1.1, traded A.target1.1 1, ' +
    'reduced A.stop1.1 1, traded A.stop1.1 1',
  'open A, traded A.entry.1 2, shown A.stop1.1, shown A.target1.1, traded A.target1.1 1, ' +
    'reduced A.stop1.1 1, traded A.stop1.1 1, cancelled A.target1.1 1',
  'open A, traded A.entry.1 2, shown A.stop1.1, shown A.target1.1, traded A.stop1.1 2, ' +
    'open B, traded B.entry.1 3, shown B.stop1.1',
  'open A, traded A.entry.1 2, traded A.stop1.1 1, cancelled A.stop1.1 1, shown A.stop1.2',
  'open A, traded A.entry.1 2, traded A.stop1.1 1, cancelled A.stop1.1 1, shown A.stop1.2, ' +
    'busted A.stop1.1',
  'open Q, otherwise Q.entry.1, traded Q.entry.1 2, otherwise Q.stop1.1',
  'open Q, traded Q.entry.1 2, shown Q.stop1.1',
  'open Z, traded Z.entry.1 1, shown Z.stop1.1, open A, traded A.entry.1 2, shown A.stop1.1',
];

/**
 * What is rare by chance: proofs by the look's own executions, claims of what has ended, shares that
 * are missing of several brackets or came through zero, and breaches that only half a look shows.
 */
const WRITTEN: readonly (readonly Part[])[] = [
  [
    'open A',
    'traded A.entry.1 2',
    'shown A.stop1.1',
    'shown A.target1.1',
    'traded A.stop1.1 2',
    { asked: 5, position: -2 },
  ],
  [
    'open A',
    'refused A.entry.1',
    { asked: 2, position: 0 },
    { asked: 1, position: 0 },
    'warned A.entry.1',
  ],
  ['open A', 'filled A.entry.1 2', 'filled A.stop1.1 2', { asked: 3, position: 0 }],
  ['open A', 'submitted A.entry.1 1', { asked: 2, open: ['submitted A.entry.1 1'], position: 0 }],
  [
    'open A',
    'traded A.entry.1 2',
    'shown A.stop1.1',
    { asked: 3, exec: ['corrected A.entry.1 1', 'traded A.stop1.1 1'], position: 0 },
    { asked: 3, position: 1 },
  ],
  [
    'open A',
    'traded A.entry.1 2',
    'shown A.stop1.1',
    'shown A.target1.1',
    {
      asked: 5,
      open: ['shown A.target1.1'],
      exec: ['traded A.stop1.1 2', 'retold A.stop1.1 1'],
      position: 1,
    },
  ],
  [
    'open A',
    'traded A.entry.1 2',
    'cancelled A.stop1.1 1',
    'traded A.stop1.2 1',
    'traded A.stop1.1 1',
    { asked: 5, position: 0 },
    { asked: 6, exec: ['traded A.stop1.1 1'], position: -1 },
  ],
  ['open A', { asked: 1, open: ['shown A.entry.1', 'unsent A.entry.1'], position: 0 }],
  [
    'open A',
    'traded A.entry.1 2',
    'open B',
    'traded B.entry.1 3',
    'shown B.stop1.1',
    { asked: 5, position: -1 },
  ],
  [
    'open S',
    'traded S.entry.1 2',
    { asked: 2, position: 0 },
    { asked: 3, exec: ['traded S.stop1.1 2'], position: 0 },
  ],
  [
    'open A',
    'traded A.entry.1 2',
    { asked: 2, position: 0 },
    'cancelled A.stop1.1 0',
    { asked: 4, position: 0 },
    'open B',
    'traded B.entry.1 3',
    { asked: 7, position: 2 },
    { asked: 8, position: 4 },
  ],
  [
    'open A',
    'open B',
    'traded B.entry.1 3',
    { asked: 3, exec: ['traded A.entry.1 2', 'traded B.stop1.1 4'], position: -1 },
  ],
  [
    'open A',
    'shown A.entry.1',
    'warned A.entry.1',
    { asked: 3, exec: ['traded A.entry.1 1'], position: 1 },
  ],
  [
    'open S',
    'shown S.entry.1',
    'warned S.entry.1',
    { asked: 3, exec: ['traded S.entry.1 1'], position: -1 },
  ],
  ['open A', 'cancelled A.entry.1 1', { asked: 2, position: 0 }],
  [
    'open A',
    'filled A.entry.1 2',
    { asked: 2, completed: ['filled A.entry.1 2'], position: 0 },
    { asked: 3, completed: ['filled A.entry.1 2'], position: 2 },
  ],
];

/** What came of each of these parts. */
function played(parts: readonly Part[]): readonly Passage[] {
  const passages: Passage[] = [];
  for (const part of parts) {
    const scene = passages.at(-1)?.scene ?? EMPTY;
    const saying = typeof part === 'string' ? part : `look asked=${part.asked}`;
    const fact = typeof part === 'string' ? factOf(scene.account, part) : lookAs(scene, part);
    if (fact === null) throw new Error(`nobody says ${saying}`);
    passages.push(passed(scene, saying, fact));
  }
  return passages;
}

// ── walks ────────────────────────────────────────────────────────────────────────────────────

/** False when whoever hears of the differences has heard enough. */
export type Listener = (passage: Passage, wrong: readonly string[]) => boolean;

/** Hears of what differs, and follows nothing beyond it. */
class Comparison {
  looks = 0;
  enough = false;
  readonly #listener: Listener;
  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** The scene after it; nothing where it differs. */
  of(passage: Passage): Scene | undefined {
    if (passage.fact.type === 'snapshot.taken') this.looks += 1;
    const wrong = differences(passage);
    if (wrong.length === 0) return passage.scene;
    this.enough ||= !this.#listener(passage, wrong);
    return undefined;
  }
}

/** Good days and bad, as far as they agree. */
const begun = (comparison: Comparison): readonly Scene[] =>
  BEGINNINGS.flatMap((beginning) => {
    const passages = played(beginning.split(', '));
    return passages.map((passage) => comparison.of(passage)).at(-1) ?? [];
  });

/**
 * From every beginning a plain look, asked at every time, that shows nothing, what lives, or all
 * there ever was; and then the end of every order is heard.
 */
export function surveyed(listener: Listener): number {
  const comparison = new Comparison(listener);
  for (const parts of WRITTEN) for (const passage of played(parts)) comparison.of(passage);
  for (const scene of begun(comparison)) {
    const { orders } = scene.account;
    const alive = orders.filter(({ truth }) => truth.end === null);
    for (let asked = 0; asked <= scene.account.seq; asked++)
      for (const shown of new Set([[], alive, orders])) {
        if (comparison.enough) return comparison.looks;
        const look = plainLook(scene.account, asked, shown);
        let after = comparison.of(passed(scene, told(look), { at: 0, ...look }));
        for (const { ticket, truth } of orders)
          if (after !== undefined) {
            const saying = `cancelled ${ticket.orderRef} ${truth.cumQty / LOT}`;
            const fact = factOf(after.account, saying);
            after = fact === null ? undefined : comparison.of(passed(after, saying, fact));
          }
      }
  }
  return comparison.looks;
}

export type Wander = { readonly seeds: readonly [number, number]; readonly listener: Listener };

/** From every beginning: a few words, any look, perhaps a word, and other looks. */
export function wandered({ seeds: [first, last], listener }: Wander): number {
  const comparison = new Comparison(listener);
  const scenes = begun(comparison);
  for (let seed = first; seed <= last; seed++) {
    const random = randomly(seed);
    const pick: Pick = (of) => of[Math.floor(random() * of.length)];
    let scene = scenes[seed % scenes.length];
    for (const part of ['words', 'look', 'word', 'look', 'word', 'look'] as const) {
      const count = part === 'look' ? 1 : (pick(part === 'words' ? [0, 1, 1, 2] : [0, 0, 1]) ?? 0);
      for (let n = 0; n < count && scene !== undefined; n++) {
        const passage: Passage | null =
          part === 'look' ? lookedAt(scene, pick) : spoken(scene, pick);
        if (passage !== null) scene = comparison.of(passage);
        if (comparison.enough) return comparison.looks;
      }
    }
  }
  return comparison.looks;
}

function spoken(scene: Scene, pick: Pick): Passage | null {
  const saying = pick(sayings(scene.account)) ?? '';
  const fact = factOf(scene.account, saying);
  return fact === null ? null : passed(scene, saying, fact);
}

function lookedAt(scene: Scene, pick: Pick): Passage {
  const look = lookOf(scene, pick);
  const fact: Fact = { at: 0, ...look };
  return passed(scene, told(look), fact);
}

/** Walks that a hunter of mutants goes. */
const WALKS = 300;

/** The first difference, or null; only a small part of all walks is gone. */
export function lookWrong(): string | null {
  let first: string | null = null;
  const listener: Listener = ({ scene }, wrong) => {
    first = `${scene.said.join(', ')}: ${wrong.join('; ')}`;
    return false;
  };
  surveyed(listener);
  if (first === null) wandered({ seeds: [1, WALKS], listener });
  return first;
}
