/**
 * The session at work: the chart of `machines/session.ts` with a broker, a clock and a desk.
 *
 *     broker --word--> desk --fact--> engine --effect--> desk --request--> broker
 *                                     engine <--elapsed-- clock
 *
 * Nothing is sent while there is no link. What was decided just before a cut and had not left stays
 * where it is: the broker is asked for everything when it is back, and what it does not have is
 * decided anew. So nothing of before a cut is ever sent after it.
 */
import type { Logger } from 'pino';
import type { SessionWait } from '../../machines/chart.ts';
import { NO_CONCLUSIONS } from '../../machines/facts.ts';
import { type SessionFact, sessionRegions } from '../../machines/session.ts';
import { regionChart, stepRegion } from '../core/charts.ts';
import { exitedQty } from '../core/commitment.ts';
import type { Fact } from '../core/fact.ts';
import type { Order } from '../core/ledger.ts';
import type { Effect, Ready } from '../core/ready.ts';
import { bracketOf, findBracket, isOpen, type State } from '../core/state.ts';
import type { JournalRecord } from '../engine/journal.ts';
import {
  beyond,
  type Desk,
  dropGathering,
  hearWithheld,
  hearWord,
  numbered,
  requestsOf,
} from '../ib/desk.ts';
import type { Broker, BrokerRequest, BrokerWord, Withheld } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lives } from './lives.ts';
import { Quotes } from './quotes.ts';
import { Timers } from './timers.ts';
import { retryMs, type SessionWaits } from './waits.ts';

export type SessionPorts = {
  readonly broker: Broker;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly waits: SessionWaits;
  /** Whether the broker is asked for prices. */
  readonly quotes: boolean;
  readonly state: () => State;
  readonly hear: (fact: Fact, words?: readonly BrokerWord[]) => void;
  readonly log?: Logger;
};

const link = regionChart('link', sessionRegions.link);
const service = regionChart('service', sessionRegions.service);

/** What is asked for when the session ends by itself. */
type Ended = () => void;

export class Session {
  #link = link.initial;
  #service = service.initial;
  /** Tries in a row that came to nothing. */
  #tries = 0;
  #desk: Desk;
  #stopWait: () => void = () => {};
  #ended: Ended = () => {};
  readonly #ports: SessionPorts;
  readonly #timers: Timers;
  readonly #lives: Lives;
  readonly #quotes: Quotes | null;

  constructor(ports: SessionPorts, desk: Desk, lives: Lives) {
    this.#ports = ports;
    this.#desk = desk;
    this.#lives = lives;
    this.#quotes = ports.quotes ? new Quotes() : null;
    this.#timers = new Timers(ports.clock, (deadline) =>
      ports.hear({ type: 'deadline.elapsed', at: ports.clock.now(), deadline }),
    );
  }

  get link(): string {
    return this.#link;
  }

  get service(): string {
    return this.#service;
  }

  /** The first try is at once. */
  start(): void {
    this.#wait();
  }

  /** Nothing opens any more; `ended` is called when nothing is open. */
  drain(state: State, ended: Ended): void {
    this.#ended = ended;
    this.#event('drain.wished');
    this.#drained(state);
  }

  stop(): void {
    this.#stopWait();
    this.#timers.stopAll();
    this.#link = link.initial;
    this.#ports.broker.disconnect();
  }

  /** Ids for new orders, before they are on disk and long before they leave. */
  number(effects: readonly Effect[]): JournalRecord['orderIds'] {
    const { desk, orderIds } = numbered(this.#desk, effects);
    this.#desk = desk;
    this.#lives.began(Object.keys(orderIds), this.#ports.clock.now());
    return orderIds;
  }

  /** Every id that was ever given to an order, by `orderRef`. */
  orderIds(): JournalRecord['orderIds'] {
    return this.#desk.ids;
  }

  perform(effect: Effect): void {
    this.#timers.take(effect);
    const { desk, requests } = requestsOf(this.#desk, effect);
    // A question that does not leave must not be waited for.
    if (this.#isLinked()) this.#desk = desk;
    this.#send(requests);
  }

  /** What came of a fact: whether the broker is known again, and whether it must be looked at. */
  observe({ state, closed }: Ready, fact: Fact, before: State): void {
    if (state.link === 'live' && this.#link === 'reconciling') {
      this.#tries = 0;
      this.#event('broker.known');
    }
    if (fact.type === 'order.executed' && hasExited(before, state, bracketOf(fact.orderRef))) {
      this.#look('an exit traded');
    }
    if (closed.length > 0) this.#drained(state);
    if (this.#quotes !== null && this.#isLinked() && state.books !== before.books) {
      for (const request of this.#quotes.requests(state)) this.#ports.broker.send(request);
    }
  }

  #drained({ books }: State): void {
    if (this.#service !== 'draining') return;
    if (Object.values(books).some(({ brackets }) => brackets.some(isOpen))) return;
    this.#event('brackets.closed');
    this.#ended();
  }

  // ── the broker ─────────────────────────────────────────────────────────────────────────────

  #connect(): void {
    this.#ports.broker.connect({
      connected: ({ nextOrderId }) => {
        this.#desk = beyond(dropGathering(this.#desk), nextOrderId);
        this.#quotes?.forget();
        this.#event('connection.ready');
        this.#hear({ type: 'link.restored', at: this.#now(), code: 0 }, []);
      },
      heard: (word) => this.#heard(word),
      withheld: (withheld) => this.#withheld(withheld),
      disconnected: (reason, withheld) => this.#lost(reason, withheld),
    });
  }

  #heard(word: BrokerWord): void {
    const { desk, facts, requests } = hearWord(this.#desk, word, this.#now());
    this.#desk = desk;
    this.#send(requests);
    for (const fact of facts) {
      if (fact.type === 'link.lost' || fact.type === 'link.restored') this.#event(fact.type);
      this.#hear(this.#lives.covering(fact), [word]);
    }
  }

  /** What did not leave, and what that means. */
  #withheld(withheld: Withheld): void {
    this.#ports.log?.info({ request: withheld.request }, `withheld: ${withheld.because}`);
    const { desk, facts } = hearWithheld(this.#desk, withheld, this.#now());
    this.#desk = desk;
    for (const fact of facts) this.#hear(this.#doubted(fact), []);
  }

  /** What is sent again may have arrived the first time, from another process: it is not dead. */
  #doubted(fact: Fact): Fact {
    if (fact.type !== 'order.reported') return fact;
    const { at, orderRef } = fact;
    if (orderOf(this.#ports.state(), orderRef)?.resent === false) return fact;
    const text = 'it did not leave again';
    return { type: 'order.warned', at, orderRef, code: 0, text, remark: 'unknown' };
  }

  /** First that the link is gone: who hears of a dead order before that, places another one. */
  #lost(reason: string, withheld: readonly Withheld[]): void {
    if (this.#link === 'down') return;
    this.#ports.log?.warn({ reason }, 'the connection to the broker is lost');
    this.#desk = dropGathering(this.#desk);
    this.#event('connection.lost');
    this.#hear({ type: 'link.lost', at: this.#now(), code: 0 }, []);
    for (const one of withheld) this.#withheld(one);
  }

  #send(requests: readonly BrokerRequest[]): void {
    for (const request of requests) {
      if (this.#isLinked()) this.#ports.broker.send(request);
      else this.#ports.log?.info({ request }, 'not sent: there is no link');
    }
  }

  #isLinked(): boolean {
    return this.#link === 'live' || this.#link === 'reconciling';
  }

  // ── the chart ──────────────────────────────────────────────────────────────────────────────

  #event(fact: SessionFact): void {
    const before = this.#link;
    const moved = stepRegion(link, before, fact, NO_CONCLUSIONS);
    const served = stepRegion(service, this.#service, fact, NO_CONCLUSIONS);
    this.#link = moved.to;
    this.#service = served.to;
    if (moved.to !== before) this.#ports.log?.info({ from: before, to: moved.to }, `link ${fact}`);
    // A wait that is over begins again where its state stays.
    if (moved.to !== before || fact === 'link.overdue') this.#wait();
    for (const intent of [...moved.intents, ...served.intents]) {
      if (intent.type === 'connect') this.#connect();
      if (intent.type === 'disconnect') this.#ports.broker.disconnect();
      if (intent.type === 'ask') this.#askAnew(intent.params.because);
    }
  }

  /** What was being gathered has lost an answer, or takes too long: it begins anew. */
  #askAnew(because: string): void {
    if (this.#link === 'reconciling') this.#desk = dropGathering(this.#desk);
    this.#look(because);
  }

  #look(because: string): void {
    this.#hear({ type: 'look.due', at: this.#now(), because }, []);
  }

  #wait(): void {
    this.#stopWait();
    const row = sessionRegions.link.states?.[this.#link];
    const wait: SessionWait | undefined = row?.meta?.wait;
    if (wait === undefined) return;
    this.#stopWait = this.#ports.clock.after(this.#waitMs(wait), () => this.#event('link.overdue'));
  }

  #waitMs(wait: SessionWait): number {
    const { waits, random } = this.#ports;
    if (wait !== 'retry') return waits[`${wait}Ms`];
    const ms = retryMs(waits, this.#tries, random());
    this.#tries += 1;
    return ms;
  }

  #hear(fact: Fact, words: readonly BrokerWord[]): void {
    this.#ports.hear(fact, words);
  }

  #now(): number {
    return this.#ports.clock.now();
  }
}

/** An execution that was told before is no reason to look: the answer would tell it again. */
function hasExited(before: State, now: State, id: string): boolean {
  const [was, is] = [findBracket(before, id), findBracket(now, id)];
  return is !== undefined && exitedQty(is) !== (was === undefined ? 0 : exitedQty(was));
}

const orderOf = (state: State, orderRef: string): Order | undefined =>
  findBracket(state, bracketOf(orderRef))?.orders.find((o) => o.ticket.orderRef === orderRef);
