/**
 * The engine at work on a simulated broker: venue, desk, engine and a clock that is a queue.
 *
 *     venue --word--> desk --fact--> engine --effect--> desk --request--> venue
 *                                    engine <--elapsed-- deadlines
 *
 * Time is the venue's. What falls due at one moment is taken in this order: what the broker says,
 * what the router and the market say, deadlines. So the same rehearsal always goes the same way.
 */

import type { Fact } from '../core/fact.ts';
import type { Effect, Ready } from '../core/ready.ts';
import type { Overlap, State } from '../core/state.ts';
import { createEngine } from '../engine/engine.ts';
import type { JournalRecord } from '../engine/journal.ts';
import { hearWord, openDesk, requestsOf } from '../ib/desk.ts';
import type { BrokerRequest } from '../ports/broker.ts';
import { createSchedule } from '../simulator/schedule.ts';
import type { Venue } from '../simulator/venue.ts';

export type RehearsalOptions = {
  readonly venue: Venue;
  readonly overlap: Overlap;
  /** What is not the broker's to say: wishes, watchers' news, prices. */
  readonly wishes: readonly Fact[];
  readonly endsAt: number;
  readonly observe?: (ready: Ready, fact: Fact, before: State) => void;
  /** After all that happened at one moment. */
  readonly moment?: (at: number) => void;
};

export type Rehearsed = {
  readonly state: State;
  readonly journal: readonly JournalRecord[];
};

type Deadlines = {
  readonly take: (effect: Effect, now: number) => void;
  readonly nextAt: () => number | undefined;
  readonly elapsed: (at: number) => string | undefined;
};

function createDeadlines(): Deadlines {
  const waiting = createSchedule<string>();
  const running = new Set<string>();
  return {
    take: (effect, now) => {
      if (effect.type === 'startDeadline') {
        running.add(effect.deadline);
        waiting.add(now + effect.withinMs, effect.deadline);
      } else if (effect.type === 'stopDeadline') running.delete(effect.deadline);
    },
    nextAt: waiting.nextAt,
    elapsed: (at) => {
      for (;;) {
        const due = waiting.take(at);
        if (due === undefined) return undefined;
        if (running.delete(due.item)) return due.item;
      }
    },
  };
}

export function rehearse(options: RehearsalOptions): Rehearsed {
  const { venue, endsAt } = options;
  const journal: JournalRecord[] = [];
  const deadlines = createDeadlines();
  const wishes = createSchedule<Fact>();
  for (const wish of options.wishes) wishes.add(wish.at, wish);
  let desk = openDesk(1);
  let now = 0;
  const submit = (requests: readonly BrokerRequest[]): void => {
    for (const request of requests) venue.submit(request, now);
  };
  const engine = createEngine(
    {
      record: (records) => journal.push(...records),
      perform: (effect) => {
        deadlines.take(effect, now);
        const sent = requestsOf(desk, effect);
        desk = sent.desk;
        submit(sent.requests);
      },
      ...(options.observe === undefined ? {} : { observe: options.observe }),
    },
    { overlap: options.overlap },
  );
  for (;;) {
    const due = [venue.nextAt(), wishes.nextAt(), deadlines.nextAt()].filter(
      (at) => at !== undefined,
    );
    now = Math.min(...due);
    if (now > endsAt) break;
    for (const { word } of venue.advance(now)) {
      const heard = hearWord(desk, word, now);
      desk = heard.desk;
      submit(heard.requests);
      for (const fact of heard.facts) engine.hear(fact);
    }
    for (let wish = wishes.take(now); wish !== undefined; wish = wishes.take(now)) {
      engine.hear(wish.item);
    }
    for (let due = deadlines.elapsed(now); due !== undefined; due = deadlines.elapsed(now)) {
      engine.hear({ type: 'deadline.elapsed', at: now, deadline: due });
    }
    options.moment?.(now);
  }
  return { state: engine.state(), journal };
}
