/**
 * The engine against the simulated broker, on random tapes with random faults: what the broker
 * counts must never be oversold, no law may break, and when the words have been heard the engine
 * counts what the broker counts. The broker keeps its own ledger; nothing of ours judges it.
 * `SEEDS=6000 npx vitest run test/soak.test.ts` searches further.
 */
import { describe, expect, it } from 'vitest';
import type { Fact } from '../src/core/fact.ts';
import { cumQty } from '../src/core/ledger.ts';
import type { Alarm } from '../src/core/ready.ts';
import type { BracketRequest } from '../src/core/request.ts';
import { findBracket, type State } from '../src/core/state.ts';
import { rehearse } from '../src/rime/rehearsal.ts';
import type { Faults } from '../src/simulator/channel.ts';
import { createRandom } from '../src/simulator/random.ts';
import type { Print, VenueOptions } from '../src/simulator/terms.ts';
import { createVenue, type Venue } from '../src/simulator/venue.ts';

const ENDS_AT = 60_000;
const SEEDS = Number(process.env.SEEDS ?? 150);

type Night = { readonly request: BracketRequest; readonly venue: Venue; readonly wishes: Fact[] };

function night(seed: number, faults: Partial<Faults>): Night {
  const { next: random } = createRandom(seed * 7919 + 13);
  const draw = (below: number): number => Math.floor(random() * below);
  const long = random() < 0.7;
  const flip = (price: number): number => Math.round((long ? price : 2.62 - price) * 100) / 100;
  const quantity = [3, 5, 10][draw(3)] ?? 3;
  const exit = { tif: 'GTC', outsideRth: true } as const;
  const request: BracketRequest = {
    bracket: 'SOAK',
    account: 'DU1',
    symbol: 'X',
    side: long ? 'BUY' : 'SELL',
    quantity,
    plan: random() < 0.5 ? 'paired' : 'sequenced',
    entry: { type: 'LMT', limitPrice: flip(1.32), tif: 'DAY', outsideRth: true },
    stop: { type: 'STP LMT', stopPrice: flip(1.26), limitPrice: flip(1.24), ...exit },
    targets:
      random() < 0.5
        ? [{ quantity, limitPrice: flip(1.36), ...exit }]
        : [
            { quantity: quantity - 1, limitPrice: flip(1.34), ...exit },
            { quantity: 1, limitPrice: flip(1.38), ...exit },
          ],
  };
  const tape: Print[] = [{ at: 100, symbol: 'X', price: 1.31, size: 10 }];
  let price = 1.31;
  for (let at = 200; at < 40_000; at += 100 + draw(600)) {
    price = Math.min(1.5, Math.max(1.1, Math.round((price + (random() - 0.5) * 0.05) * 100) / 100));
    tape.push({ at, symbol: 'X', price, size: 1 + draw(6) });
  }
  const wishes: Fact[] = [
    { type: 'bracket.requested', at: 0, request },
    ...tape.map(
      (p): Fact => ({
        type: 'price.printed',
        at: p.at + 20,
        symbol: 'X',
        px: Math.round(p.price * 100) * 1_000_000,
      }),
    ),
  ];
  const wish = (odds: number, until: number, fact: (at: number) => Fact): void => {
    if (random() < odds) wishes.push(fact(500 + draw(until)));
  };
  wish(0.4, 20_000, (at) => ({ type: 'flatten.wished', at, bracket: 'SOAK' }));
  wish(0.3, 5_000, (at) => ({ type: 'cancel.wished', at, bracket: 'SOAK' }));
  const moved = Math.round(flip(1.28) * 100) * 1_000_000;
  wish(0.3, 15_000, (at) => ({
    type: 'move.wished',
    at,
    bracket: 'SOAK',
    leg: 'stop1',
    px: moved,
  }));
  const options: Partial<VenueOptions> = {
    seed,
    tape,
    fillLot: 1 + draw(5),
    lotGapMs: draw(200),
    sentMs: { BUY: 5 + draw(100), SELL: 5 + draw(200) },
    heardMs: { BUY: 5 + draw(100), SELL: 5 + draw(200) },
    cancelMs: draw(300),
    rejects:
      Object.keys(faults).length === 0
        ? []
        : [{ match: { orderType: 'STP LMT' }, code: 201, text: 'no margin', times: draw(3) }],
    faults,
  };
  return { request, venue: createVenue(options), wishes: wishes.sort((a, b) => a.at - b.at) };
}

type Soaked = {
  readonly oversoldAt: number | null;
  readonly broken: readonly Alarm[];
  readonly state: State;
  readonly venue: Venue;
};

function soak(seed: number, faults: Partial<Faults>): Soaked {
  const { request, venue, wishes } = night(seed, faults);
  const broken: Alarm[] = [];
  let oversoldAt: number | null = null;
  const { state } = rehearse({
    venue,
    overlap: 'refuse',
    wishes,
    endsAt: ENDS_AT,
    observe: (ready) => {
      broken.push(...ready.alarms.filter((a) => a.broken || a.text.includes('no answer')));
    },
    moment: (at) => {
      const account = venue.truth().accounts[0];
      if (account === undefined) return;
      const over = request.side === 'BUY' ? account.position < 0 : account.position > 0;
      if (over && oversoldAt === null) oversoldAt = at;
    },
  });
  return { oversoldAt, broken, state, venue };
}

describe('on random tapes the broker never sells more than it bought', () => {
  it.each([
    ['no faults', {}],
    ['words delayed, reordered and repeated', { delay: 0.2, reorder: 0.1, repeat: 0.2 }],
    ['words lost', { lose: 0.05, repeat: 0.1 }],
    ['links cut', { cutLink: 0.01, cutMs: 3_000, repeat: 0.1 }],
    ['fills after cancels, statuses left out', { fillAfterCancel: 0.5, omitStatus: 0.2 }],
    ['prices corrected', { correct: 0.2, repeat: 0.1 }],
    [
      'all of it',
      { delay: 0.1, reorder: 0.1, repeat: 0.1, lose: 0.03, cutLink: 0.005, fillAfterCancel: 0.4 },
    ],
  ] satisfies [string, Partial<Faults>][])('%s', (name, faults) => {
    const ends = new Map<string, number>();
    let bought = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { oversoldAt, broken, state, venue } = soak(seed, faults);
      const repeat = `soak(${seed}, ${JSON.stringify(faults)})`;
      expect(broken, repeat).toEqual([]);
      expect(oversoldAt, repeat).toBeNull();
      const bracket = findBracket(state, 'SOAK');
      const end = bracket?.configuration.exposure ?? 'none';
      ends.set(end, (ends.get(end) ?? 0) + 1);
      const truth = venue.truth();
      if ((truth.accounts[0]?.bought ?? 0) > 0) bought += 1;
      if (end !== 'closed') continue;
      const counted = Object.fromEntries(
        (bracket?.orders ?? [])
          .filter((o) => cumQty(o) > 0)
          .map((o) => [o.ticket.orderRef, cumQty(o) / 10_000]),
      );
      const filled = Object.fromEntries(Object.entries(truth.filledByRef).filter(([, q]) => q > 0));
      expect(counted, repeat).toEqual(filled);
    }
    console.log(
      `soak, ${name}: ${SEEDS} nights, ${bought} traded, ${JSON.stringify(Object.fromEntries(ends))}`,
    );
    // Not vacuous: nearly every night trades, and nearly every bracket comes to its close.
    expect(bought).toBeGreaterThan(SEEDS * 0.9);
    expect(ends.get('closed') ?? 0).toBeGreaterThan(SEEDS * 0.9);
  });
});
