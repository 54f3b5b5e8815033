/**
 * What is under way between us and the broker: numbered, so that a queue of it is numbers.
 *
 * Answers to our `reqExecutions` carry the number of the question. Only whether a message belongs
 * to the newest question makes a difference, so in a world that is compared with others the newest
 * is 1 and all before it are 0.
 */
import type { BrokerRequest, BrokerWord } from '../ports/broker.ts';
import { newInterner } from './interning.ts';

export type Request = {
  readonly id: number;
  readonly request: BrokerRequest;
  /** It shall be a new order: one of that id must not be there (L11). */
  readonly places: boolean;
  /** What it is once its question is not the newest; null when that makes no difference. */
  readonly older: Request | null;
};

/** Words that are heard together. */
export type Batch = {
  readonly id: number;
  readonly words: readonly Word[];
  readonly stimulus: { readonly type: 'words'; readonly words: readonly BrokerWord[] };
  /** The answer to a question of ours; its lines come together, in their order. */
  readonly answers: boolean;
  /** The number of that question, where it has one; -1 where it has none. */
  readonly question: number;
  /** The same words by what they are about: each execution, and each order's statuses. */
  readonly heaps: readonly (readonly Word[])[];
  readonly older: Batch | null;
};

export type Word = { readonly id: number; readonly word: BrokerWord };

export type Messages = {
  readonly request: (request: BrokerRequest, places: boolean) => Request;
  readonly word: (word: BrokerWord) => Word;
  readonly batch: (words: readonly Word[]) => Batch;
};

export const NEWEST = 1;

export function newMessages(): Messages {
  const requests = newInterner<Request>();
  const words = newInterner<Word>();
  const batches = newInterner<Batch>();

  const request = (said: BrokerRequest, places: boolean): Request =>
    requests.intern(`${places} ${JSON.stringify(said)}`, (id) => {
      const dated = said.request === 'reqExecutions' && said.reqId === NEWEST;
      const older = dated ? request({ ...said, reqId: 0 }, places) : null;
      return { id, request: said, places, older };
    });

  const word = (said: BrokerWord): Word =>
    words.intern(JSON.stringify(said), (id) => ({ id, word: said }));

  const batch = (lines: readonly Word[]): Batch =>
    batches.intern(lines.map(({ id }) => id).join(), (id) => {
      const aged = lines.map((line) => word(olderWord(line.word)));
      const dated = aged.some((line, i) => line !== lines[i]);
      const said = lines.map((line) => line.word);
      return {
        id,
        words: lines,
        stimulus: { type: 'words', words: said },
        answers: isAnswer(lines),
        question: questionOf(said),
        heaps: heapsOf(lines),
        older: dated ? batch(aged) : null,
      };
    });

  return { request, word, batch };
}

const olderWord = (word: BrokerWord): BrokerWord =>
  'reqId' in word && word.reqId === NEWEST ? { ...word, reqId: 0 } : word;

function questionOf(words: readonly BrokerWord[]): number {
  const last = words.at(-1);
  return last?.word === 'execDetailsEnd' ? last.reqId : -1;
}

const ENDS: readonly BrokerWord['word'][] = [
  'openOrderEnd',
  'execDetailsEnd',
  'positionEnd',
  'completedOrdersEnd',
];

function isAnswer(lines: readonly Word[]): boolean {
  const last = lines.at(-1);
  return last !== undefined && ENDS.includes(last.word.word);
}

function heapsOf(lines: readonly Word[]): readonly (readonly Word[])[] {
  const heaps = new Map<string, Word[]>();
  for (const line of lines) {
    const about = aboutOf(line.word);
    heaps.set(about, [...(heaps.get(about) ?? []), line]);
  }
  return [...heaps.values()];
}

function aboutOf(word: BrokerWord): string {
  switch (word.word) {
    case 'openOrder':
    case 'orderStatus':
      return `order ${word.orderId}`;
    case 'execDetails':
      return word.execId;
    case 'error':
      return `order ${word.id}`;
    default:
      return word.word;
  }
}
