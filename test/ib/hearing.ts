/** Listens to a broker, and waits for what a test waits for. */
import type {
  Broker,
  BrokerListener,
  BrokerSession,
  BrokerWord,
  Withheld,
} from '../../src/ports/broker.ts';

type WordOf<Name extends BrokerWord['word']> = Extract<BrokerWord, { readonly word: Name }>;

export type Hearing = {
  readonly broker: Broker;
  readonly sessions: readonly BrokerSession[];
  readonly words: readonly BrokerWord[];
  readonly withheld: readonly Withheld[];
  readonly reasons: readonly string[];
  /** What happened, by its name, in its order. */
  readonly log: readonly string[];
  readonly connect: () => Promise<BrokerSession>;
  /** The first that fits of what came since `mark`, or comes. */
  readonly word: <Name extends BrokerWord['word']>(
    name: Name,
    fits?: (word: WordOf<Name>) => boolean,
  ) => Promise<WordOf<Name>>;
  readonly ended: () => Promise<string>;
  /** What came until now is not waited for any more. */
  readonly mark: () => void;
};

const PATIENCE_MS = 3_000;

export function hearing(broker: Broker): Hearing {
  const sessions: BrokerSession[] = [];
  const words: BrokerWord[] = [];
  const withheld: Withheld[] = [];
  const reasons: string[] = [];
  const log: string[] = [];
  const waiting = new Set<() => void>();
  let from = 0;
  const note = (name: string): void => {
    log.push(name);
    for (const look of [...waiting]) look();
  };
  const listener: BrokerListener = {
    connected: (session) => {
      sessions.push(session);
      note('connected');
    },
    heard: (word) => {
      words.push(word);
      note(word.word);
    },
    withheld: (one) => {
      withheld.push(one);
      note('withheld');
    },
    disconnected: (reason, rest) => {
      reasons.push(reason);
      withheld.push(...rest);
      note('disconnected');
    },
  };
  const until = <T>(what: string, found: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const said = (): string =>
        words
          .slice(from)
          .map((word) => JSON.stringify(word))
          .join('\n');
      const patience = setTimeout(
        () => reject(new Error(`no ${what}; heard since:\n${said()}\n${reasons.join()}`)),
        PATIENCE_MS,
      );
      const look = (): void => {
        const one = found();
        if (one === undefined) return;
        waiting.delete(look);
        clearTimeout(patience);
        resolve(one);
      };
      waiting.add(look);
      look();
    });
  return {
    broker,
    sessions,
    words,
    withheld,
    reasons,
    log,
    connect: () => {
      const before = sessions.length;
      broker.connect(listener);
      return until('connection', () => sessions[before]);
    },
    word: (name, fits = () => true) =>
      until(name, () =>
        words
          .slice(from)
          .filter((word): word is WordOf<typeof name> => word.word === name)
          .find(fits),
      ),
    ended: () => {
      const before = reasons.length;
      return until('end', () => reasons[before] ?? reasons.at(-1));
    },
    mark: () => {
      from = words.length;
    },
  };
}
