/**
 * Nights from a seed: a bracket on a random tape, with everything that a broker, a network and a
 * machine do wrong, and then a calm morning in which all of it must come to its end. Nothing of ours
 * judges: the broker's own book says what was bought and sold.
 */
import { cumQty } from '../../src/core/ledger.ts';
import type { BracketRequest } from '../../src/core/request.ts';
import { type Bracket, findBracket } from '../../src/core/state.ts';
import type { RouterEngine } from '../../src/router/engine.ts';
import type { Faults } from '../../src/simulator/channel.ts';
import { createRandom, type Random } from '../../src/simulator/random.ts';
import type { Print, VenueOptions } from '../../src/simulator/terms.ts';
import { insist, RESTART_MS } from './days.ts';
import { type Floor, floor, OPENS } from './floor.ts';
import { Lives } from './lives.ts';

/** What happens to the link and to us, by its odds in every tick. */
export type Troubles = { readonly cut: number; readonly crash: number };

export type Weather = { readonly faults: Partial<Faults>; readonly troubles: Partial<Troubles> };

const NIGHT_MS = 100_000;
const BRACKETS = 4;
const MORNING_MS = 150_000;
/** From then on in the morning, the router wants out. */
const OUT_MS = 60_000;
const TICK_MS = 200;
const QUOTE_MS = 2_000;
const SYMBOL = 'RIME';

/** What the router wishes of a bracket, so many milliseconds after it was opened. */
type Wishes = {
  readonly request: BracketRequest;
  readonly cancels: number;
  readonly flattens: number;
  readonly moves: number;
};

type Plan = {
  /** One after the other: the next is opened when the one before is over. */
  readonly brackets: readonly Wishes[];
  readonly tape: readonly Print[];
  readonly options: Partial<VenueOptions>;
};

/** A price of a long on the short side. */
const mirrored = (price: number): number => Math.round((2.62 - price) * 100) / 100;

function wished(bracket: string, long: boolean, random: Random): Wishes {
  const draw = (below: number): number => Math.floor(random.next() * below);
  const flip = (price: number): number => (long ? price : mirrored(price));
  const quantity = [3, 5, 10][draw(3)] ?? 3;
  const exit = { tif: 'GTC', outsideRth: true } as const;
  const [one, two] = [flip(1.34), flip(1.38)];
  const request: BracketRequest = {
    bracket,
    account: 'DU1',
    symbol: SYMBOL,
    side: long ? 'BUY' : 'SELL',
    quantity,
    plan: random.chance(0.5) ? 'paired' : 'sequenced',
    entry: { type: 'LMT', limitPrice: flip(1.32), tif: 'DAY', outsideRth: true },
    stop: { type: 'STP LMT', stopPrice: flip(1.26), limitPrice: flip(1.24), ...exit },
    targets: random.chance(0.5)
      ? [{ quantity, limitPrice: one, ...exit }]
      : [
          { quantity: quantity - 1, limitPrice: one, ...exit },
          { quantity: 1, limitPrice: two, ...exit },
        ],
  };
  const after = (odds: number, until: number): number =>
    random.chance(odds) ? 1_000 + draw(until) : Number.POSITIVE_INFINITY;
  return {
    request,
    cancels: after(0.2, 5_000),
    flattens: after(0.4, 20_000),
    moves: after(0.3, 15_000),
  };
}

function planned(seed: number, opened: number, weather: Weather, random: Random): Plan {
  const draw = (below: number): number => Math.floor(random.next() * below);
  const long = random.chance(0.7);
  const tape: Print[] = [{ at: opened + 1_000, symbol: SYMBOL, price: 1.31, size: 10 }];
  let price = 1.31;
  for (let ms = 1_200; ms < NIGHT_MS; ms += 100 + draw(600)) {
    const next = Math.round((price + (random.next() - 0.5) * 0.05) * 100) / 100;
    price = Math.min(1.5, Math.max(1.1, next));
    tape.push({ at: opened + ms, symbol: SYMBOL, price, size: 1 + draw(6) });
  }
  return {
    brackets: Array.from({ length: BRACKETS }, (_, i) => wished(`N${i + 1}`, long, random)),
    tape,
    options: {
      seed,
      fillLot: 1 + draw(5),
      lotGapMs: draw(200),
      sentMs: { BUY: 5 + draw(100), SELL: 5 + draw(200) },
      heardMs: { BUY: 5 + draw(100), SELL: 5 + draw(200) },
      cancelMs: draw(300),
      faults: weather.faults,
    },
  };
}

export type Night = {
  /** In words; nothing when all is well. */
  readonly wrong: readonly string[];
  readonly facts: number;
  readonly bought: number;
  readonly brackets: number;
  readonly died: number;
  readonly cuts: number;
  readonly attested: number;
  /** `fault in phase`, how often. */
  readonly met: ReadonlyMap<string, number>;
};

export async function night(seed: number, weather: Weather): Promise<Night> {
  return new Watchman(seed, weather).through();
}

/** Goes through one night and looks at everything. */
class Watchman {
  readonly #floor: Floor;
  readonly #plan: Plan;
  readonly #random: Random;
  readonly #lives: Lives;
  readonly #troubles: Partial<Troubles>;
  readonly #wrong: string[] = [];
  readonly #met = new Map<string, number>();
  #engine: RouterEngine;
  #cuts = 0;
  #attested = 0;
  #printed = 0;
  /** Which of the brackets is traded, and since when. */
  #nth = 0;
  #openedAt = 0;
  #wishedUntil = 0;

  constructor(seed: number, weather: Weather) {
    this.#random = createRandom(seed * 7919 + 13);
    this.#troubles = weather.troubles;
    this.#plan = planned(seed, OPENS, weather, this.#random);
    this.#floor = floor(this.#plan.options);
    for (const print of this.#plan.tape) this.#floor.exchange.print(print);
    this.#lives = new Lives(this.#floor, [], (engine) => this.#follow(engine));
    this.#engine = this.#lives.begin();
  }

  #follow(engine: RouterEngine): void {
    engine.subscribe(({ alarms }) => {
      for (const { broken, law, text } of alarms)
        if (broken || text.includes('no answer')) this.#wrong.push(`${law} ${text}`);
    });
  }

  async through(): Promise<Night> {
    const { exchange, journal } = this.#floor;
    while (this.#ms() < NIGHT_MS) {
      await this.#tick();
      this.#trouble();
    }
    exchange.venue.amend({ faults: {} });
    exchange.isUp = true;
    const price = exchange.venue.price(SYMBOL) ?? 1;
    for (let ms = 0; ms < MORNING_MS; ms += QUOTE_MS) {
      exchange.print({ at: this.#floor.time.now() + ms, symbol: SYMBOL, price, size: 10 });
    }
    while (this.#ms() < NIGHT_MS + MORNING_MS && !this.#isOver()) {
      await this.#tick();
      if (this.#ms() > NIGHT_MS + OUT_MS) this.#attest();
    }
    this.#judge();
    return {
      wrong: this.#wrong,
      facts: journal.lines.length,
      bought: exchange.venue.truth().accounts[0]?.bought ?? 0,
      brackets: this.#nth + 1,
      died: this.#lives.died,
      cuts: this.#cuts,
      attested: this.#attested,
      met: this.#met,
    };
  }

  #ms(): number {
    return this.#floor.time.now() - OPENS;
  }

  async #tick(): Promise<void> {
    const { time } = this.#floor;
    await time.advance(time.now() + TICK_MS);
    if (!this.#lives.alive) {
      await time.advance(time.now() + RESTART_MS);
      this.#engine = this.#lives.begin();
    }
    this.#oversold();
    this.#wish();
    this.#quote();
  }

  /** The router's own feed: a new price, and the last one again where the engine has forgotten it. */
  #quote(): void {
    const price = this.#floor.exchange.venue.price(SYMBOL);
    const [book] = Object.values(this.#engine.state.books);
    if (price === undefined || (price === this.#printed && book?.lastPx !== null)) return;
    this.#printed = price;
    this.#engine.price(SYMBOL, Math.round(price * 100) * 1_000_000);
  }

  get #wishes(): Wishes {
    const wishes = this.#plan.brackets[this.#nth];
    if (wishes === undefined) throw new Error(`no bracket ${this.#nth}`);
    return wishes;
  }

  get #bracket(): Bracket | undefined {
    return findBracket(this.#engine.state, this.#wishes.request.bracket);
  }

  /** What the router wishes, as often as it must. */
  #wish(): void {
    if (this.#engine.link !== 'live') return;
    if (this.#isOver() && this.#nth + 1 < BRACKETS && this.#ms() < NIGHT_MS) {
      this.#nth += 1;
      this.#openedAt = 0;
    }
    const { request, flattens, cancels, moves } = this.#wishes;
    const bracket = this.#bracket;
    if (bracket !== undefined && this.#openedAt === 0) this.#openedAt = this.#ms();
    const age = this.#openedAt === 0 ? 0 : this.#ms() - this.#openedAt;
    insist(this.#engine, request, age > flattens || this.#ms() > NIGHT_MS + OUT_MS);
    if (bracket === undefined || this.#isOver()) return;
    const handle = this.#engine.bracket(request.bracket);
    const due = (at: number): boolean => age > at && this.#wishedUntil <= at;
    if (due(cancels)) handle.cancel().catch(() => {});
    if (due(moves))
      handle.moveStop(1, request.side === 'BUY' ? 1.27 : mirrored(1.27)).catch(() => {});
    this.#wishedUntil = age;
  }

  /** What the broker never had, and may not be sent again, a person who has looked says to be over. */
  #attest(): void {
    for (const { ticket, end, missing, acknowledged } of this.#bracket?.orders ?? []) {
      if (end !== null || !missing || acknowledged) continue;
      this.#attested += 1;
      this.#engine.attest(ticket.orderRef, 0, 'the morning shift').catch(() => {});
    }
  }

  #trouble(): void {
    const { exchange } = this.#floor;
    const { cut = 0, crash = 0 } = this.#troubles;
    if (this.#lives.alive && this.#random.chance(crash)) {
      this.#note('crash');
      this.#lives.die();
    }
    if (this.#random.chance(cut)) {
      this.#note('cut');
      this.#cuts += 1;
      exchange.cut();
      exchange.isUp = this.#random.chance(0.5);
    } else if (this.#random.chance(0.2)) exchange.isUp = true;
  }

  #note(trouble: string): void {
    const state = this.#bracket?.configuration.exposure ?? 'none';
    const met = `${trouble} in ${state}`;
    this.#met.set(met, (this.#met.get(met) ?? 0) + 1);
  }

  #isOver(): boolean {
    return this.#bracket?.configuration.exposure === 'closed';
  }

  #oversold(): void {
    const position = this.#floor.exchange.venue.truth().accounts[0]?.position ?? 0;
    const long = this.#wishes.request.side === 'BUY';
    if (long ? position < 0 : position > 0) {
      this.#wrong.push(`at ${this.#ms()} ms the broker has ${position}`);
    }
  }

  #judge(): void {
    const truth = this.#floor.exchange.venue.truth();
    if (!this.#isOver()) {
      const { request } = this.#wishes;
      this.#wrong.push(`${request.bracket} is ${this.#bracket?.configuration.exposure} in the end`);
    }
    const counted = Object.fromEntries(
      Object.values(this.#engine.state.books)
        .flatMap(({ brackets }) => brackets.flatMap(({ orders }) => orders))
        .filter((order) => cumQty(order) > 0)
        .map((order) => [order.ticket.orderRef, cumQty(order) / 10_000]),
    );
    const filled = Object.fromEntries(Object.entries(truth.filledByRef).filter(([, q]) => q > 0));
    const [ours, theirs] = [counted, filled].map((one) =>
      JSON.stringify(Object.entries(one).sort()),
    );
    if (ours !== theirs) this.#wrong.push(`we count ${ours}, the broker ${theirs}`);
    const ids = new Map<string, number>();
    for (const request of this.#floor.exchange.sent) {
      if (request.request !== 'placeOrder') continue;
      const { orderRef, orderId } = request.ticket;
      const known = ids.get(orderRef) ?? orderId;
      if (known !== orderId) this.#wrong.push(`${orderRef} was sent as ${known} and ${orderId}`);
      ids.set(orderRef, orderId);
    }
  }
}
