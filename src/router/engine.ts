/**
 * The engine as a router embeds it: a journal to stand on, a broker to trade with, and brackets.
 *
 *     const engine = openEngine({ journal, broker });
 *     const bracket = await engine.open(request);
 *     const { net } = await bracket.closed;
 */
import type { Logger } from 'pino';
import type { Fact, Untimed } from '../core/fact.ts';
import type { Alarm, CloseRecord, Ready } from '../core/ready.ts';
import type { BracketRequest } from '../core/request.ts';
import {
  type Admission,
  type Bracket,
  bracketOf,
  findBracket,
  isOpen,
  type State,
} from '../core/state.ts';
import { readFact } from '../engine/boundary.ts';
import { CHARTS } from '../engine/charts.ts';
import { createEngine } from '../engine/engine.ts';
import type { Journal } from '../engine/journal.ts';
import { replay } from '../engine/replay.ts';
import { reopenedDesk } from '../ib/desk.ts';
import type { Broker } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import { Lives, midnight } from '../session/lives.ts';
import { Session } from '../session/session.ts';
import { SESSION_WAITS, type SessionWaits } from '../session/waits.ts';
import { BracketHandle } from './bracket.ts';
import { systemClock } from './clock.ts';
import { Denied } from './denied.ts';
import { Watch } from './watch.ts';

export type EngineSettings = {
  readonly journal: Journal;
  readonly broker: Broker;
  readonly clock?: Clock;
  /** What may be opened; what is left out stays as the journal has it. */
  readonly admission?: Partial<Omit<Admission, 'closed' | 'priced'>>;
  /**
   * Who tells prices: the broker's market data, or the router by `engine.price`. Without them plan
   * `sequenced` is denied, and a way out outside regular hours waits for the first price.
   */
  readonly prices?: 'broker' | 'router' | undefined;
  /** Milliseconds; see `SessionWaits`. */
  readonly waits?: Partial<SessionWaits>;
  /** Since when the broker tells executions when it is asked at `now`; midnight here by default. */
  readonly executionsSince?: (now: number) => number;
  /** From 0 to 1; for retries that do not come together. */
  readonly random?: () => number;
  /** A person must see these. They go to the log in any case. */
  readonly onAlarm?: (alarm: Alarm) => void;
  readonly log?: Logger;
};

export type Listener = (ready: Ready, fact: Fact, before: State) => void;

const DRAINING = 'the engine is draining';

/** Throws `JournalDamaged` or `JournalDisagrees` where the journal cannot be stood on. */
export function openEngine(settings: EngineSettings): RouterEngine {
  return new RouterEngine(settings);
}

export class RouterEngine {
  readonly #settings: EngineSettings;
  readonly #clock: Clock;
  readonly #engine: ReturnType<typeof createEngine>;
  readonly #session: Session;
  readonly #lives: Lives;
  readonly #handles = new Map<string, BracketHandle>();
  readonly #listeners = new Set<Listener>();
  /** Who waits for what came of a fact of theirs. */
  readonly #waiting = new Map<Fact, (ready: Ready) => void>();
  #failure: string | null = null;

  constructor(settings: EngineSettings) {
    this.#settings = settings;
    const { journal, broker, clock = systemClock, log, waits, random = Math.random } = settings;
    this.#clock = clock;
    const { state, orderIds, began, records } = replay(journal);
    log?.info({ records, seq: state.seq }, 'the journal was replayed');
    this.#lives = new Lives(() => this.state, settings.executionsSince ?? midnight);
    for (const [orderRef, at] of Object.entries(began)) this.#lives.began([orderRef], at);
    const ports = {
      broker,
      clock,
      random,
      waits: { ...SESSION_WAITS, ...waits },
      quotes: settings.prices === 'broker',
      ...(log === undefined ? {} : { log }),
    };
    const hear = this.#hear.bind(this);
    this.#session = new Session(
      { ...ports, hear, state: () => this.state },
      reopenedDesk(orderIds),
      this.#lives,
    );
    this.#engine = createEngine(
      {
        record: (recorded) => journal.append(recorded),
        perform: (effect) => this.#session.perform(effect),
        number: (effects) => this.#session.number(effects),
        observe: (ready, fact, before) => this.#observe(ready, fact, before),
        schedule: queueMicrotask,
        failed: (error) => this.#failed(error),
        ...(log === undefined ? {} : { log }),
      },
      { state },
    );
    this.#begin(state);
  }

  /** What happened since the last record nobody knows: the link was gone, and comes back. */
  #begin(state: State): void {
    this.#hear({ type: 'link.lost', at: this.#clock.now(), code: 0 });
    const { admission = {}, prices } = this.#settings;
    const priced = prices !== undefined;
    const drained = state.admission.closed === DRAINING ? { closed: null } : {};
    const set = { ...admission, ...drained, priced };
    this.#hear({ type: 'admission.set', at: this.#clock.now(), ...set });
    this.#session.start();
  }

  // ── what a router wishes ───────────────────────────────────────────────────────────────────

  /** Resolves when the wish and what was decided of it is on disk; rejects with `Denied`. */
  async open(request: BracketRequest): Promise<BracketHandle> {
    await this.#wish({ type: 'bracket.requested', request });
    return this.bracket(request.bracket);
  }

  /** A bracket of this journal, open or over. Throws a `RangeError` for one that it does not know. */
  bracket(id: string): BracketHandle {
    const known = this.#handles.get(id);
    if (known !== undefined) return known;
    this.#bracket(id);
    const handle = new BracketHandle(id, {
      bracket: (name) => this.#bracket(name),
      wish: (wish) => this.#wish(wish),
    });
    this.#handles.set(id, handle);
    return handle;
  }

  /** Those that are not over. */
  brackets(): readonly BracketHandle[] {
    return Object.values(this.state.books)
      .flatMap(({ brackets }) => brackets)
      .filter(isOpen)
      .map(({ plan }) => this.bracket(plan.bracket));
  }

  /** Begins a run of a strategy: it takes the lease of its key from an earlier one. */
  async watch(key: string): Promise<Watch> {
    const epoch = (this.state.watchers[key]?.epoch ?? 0) + 1;
    await this.#wish({ type: 'watcher.started', key, epoch });
    return new Watch(key, epoch, (wish) => this.#wish(wish));
  }

  /** The last price, for whoever has one: plan `sequenced` waits for it. In units: `pxOf('1.31')`. */
  price(symbol: string, px: number): void {
    this.#hear({ type: 'price.printed', at: this.#clock.now(), symbol, px });
  }

  /** What may be opened from now on; `closed: null` also lifts the kill switch. */
  async admit(admission: Partial<Admission>): Promise<void> {
    await this.#wish({ type: 'admission.set', ...admission });
  }

  /** Nothing opens any more, and every entry is withdrawn. Stops and targets stay. */
  async kill(because: string): Promise<void> {
    await this.#wish({ type: 'kill.switched', because });
  }

  /** A person knows how an order ended that the broker does not show: its executed shares, in units. */
  async attest(orderRef: string, filled: number, by: string): Promise<void> {
    await this.#wish({ type: 'order.attested', orderRef, filled, by });
  }

  /** A person has looked at a symbol that is frozen after a breach. */
  async unfreeze(account: string, symbol: string): Promise<void> {
    await this.#wish({ type: 'freeze.lifted', account, symbol });
  }

  /** Nothing opens any more; resolves when nothing is open. */
  async drain(): Promise<void> {
    await this.admit({ closed: DRAINING });
    await new Promise<void>((resolve) => this.#session.drain(this.state, resolve));
  }

  /** Every Ready, after its record is durable. The answer ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets go of broker and journal. What is open stays at the broker, protected as it is. */
  close(): void {
    this.#session.stop();
    const { journal } = this.#settings;
    const { seq } = this.state;
    if (this.#failure === null && seq === journal.last()) {
      const orderIds = this.#session.orderIds();
      journal.keep({ seq, charts: CHARTS, state: this.state, orderIds, began: this.#lives.all() });
    }
    journal.close();
  }

  get state(): State {
    return this.#engine.state();
  }

  /** `down`, `handshaking`, `severed`, `reconciling` or `live`. */
  get link(): string {
    return this.#session.link;
  }

  // ── what comes of it ───────────────────────────────────────────────────────────────────────

  #bracket(id: string): Bracket {
    const bracket = findBracket(this.state, id);
    if (bracket === undefined) throw new RangeError(`no bracket ${id} in this journal`);
    return bracket;
  }

  async #wish(wish: Untimed): Promise<Ready> {
    if (this.#failure !== null) throw new Denied([this.#failure]);
    const fact = readFact({ ...wish, at: this.#clock.now() });
    const ready = await new Promise<Ready>((resolve) => {
      this.#waiting.set(fact, resolve);
      this.#hear(fact);
    });
    if (this.#failure !== null) throw new Denied([this.#failure]);
    if (fact.type === 'unrecognised') throw new Denied([fact.text]);
    if (ready.denied.length > 0) throw new Denied(ready.denied);
    return ready;
  }

  #hear(...heard: Parameters<ReturnType<typeof createEngine>['hear']>): void {
    this.#engine.hear(...heard);
  }

  #observe(ready: Ready, fact: Fact, before: State): void {
    for (const alarm of ready.alarms) this.#settings.onAlarm?.(alarm);
    for (const listener of this.#listeners) listener(ready, fact, before);
    for (const [id, handle] of this.#handles) this.#tell(id, handle, ready, fact, before);
    this.#session.observe(ready, fact, before);
    this.#waiting.get(fact)?.(ready);
    this.#waiting.delete(fact);
  }

  #tell(id: string, handle: BracketHandle, ready: Ready, fact: Fact, before: State): void {
    if (findBracket(before, id) === findBracket(ready.state, id)) return;
    const ofIt = ({ bracket }: { readonly bracket: string }): boolean => bracket === id;
    const closed: CloseRecord | undefined = ready.closed.find(ofIt);
    const { seq, ignored, denied } = ready;
    const effects = ready.effects.filter((effect) => {
      if (effect.type === 'place' || effect.type === 'replace') return effect.ticket.bracket === id;
      if (effect.type === 'cancel') return bracketOf(effect.orderRef) === id;
      return effect.type !== 'ask' && effect.deadline.startsWith(`${id}/`);
    });
    const moves = ready.moves.filter(ofIt);
    const alarms = ready.alarms.filter(ofIt);
    handle.tell({ seq, fact, moves, effects, alarms, ignored, denied }, closed);
  }

  #failed(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#failure = `the journal failed, and nothing leaves any more but cancels of entries: ${text}`;
    this.#settings.onAlarm?.({ law: 'L1', bracket: '', text: this.#failure, broken: false });
  }
}
