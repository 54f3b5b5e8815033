/** Days that go as planned, but for the engine's dying on the way. */
import type { BracketRequest } from '../../src/core/request.ts';
import { findBracket } from '../../src/core/state.ts';
import type { RouterEngine } from '../../src/router/engine.ts';
import { type Floor, floor } from './floor.ts';
import { type Death, Lives } from './lives.ts';

export type Day = {
  readonly name: string;
  readonly request: BracketRequest;
  /** By milliseconds since the opening. */
  readonly tape: readonly (readonly [ms: number, price: number])[];
  readonly flattensAt?: number;
  readonly fillLot?: number;
};

export type Outcome = {
  readonly floor: Floor;
  readonly engine: RouterEngine;
  readonly lives: Lives;
};

const DAY_MS = 90_000;
const OPENS_MS = 500;
/** Somebody notices, and starts it again. */
export const RESTART_MS = 300;
const TICK_MS = 100;

export async function lived(day: Day, deaths: readonly Death[]): Promise<Outcome> {
  const place = floor({ fillLot: day.fillLot ?? Number.POSITIVE_INFINITY });
  const { time, exchange } = place;
  const opened = time.now();
  for (const [ms, price] of day.tape) {
    exchange.print({ at: opened + ms, symbol: day.request.symbol, price });
  }
  const lives = new Lives(place, deaths, () => {});
  let engine = lives.begin();
  while (time.now() < opened + DAY_MS) {
    await time.advance(time.now() + TICK_MS);
    if (!lives.alive) {
      await time.advance(time.now() + RESTART_MS);
      engine = lives.begin();
    }
    const ms = time.now() - opened;
    if (engine.link !== 'live' || ms < OPENS_MS) continue;
    insist(engine, day.request, ms >= (day.flattensAt ?? DAY_MS));
  }
  return { floor: place, engine, lives };
}

/** A router that does not see in the state what it wished asks again: its wish may have died. */
export function insist(engine: RouterEngine, request: BracketRequest, flat: boolean): void {
  const bracket = findBracket(engine.state, request.bracket);
  if (bracket === undefined) engine.open(request).catch(() => {});
  else if (flat && bracket.leaving === null) {
    engine
      .bracket(request.bracket)
      .flatten()
      .catch(() => {});
  }
}
