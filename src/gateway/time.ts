/**
 * The gateway's time, and how TWS writes it. Real time never goes back; stepped time is moved by who
 * is at the controls, and by nobody else.
 */

export type Clock = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Of stepped time; null where time is real. */
  readonly advance: ((ms: number) => void) | null;
};

/** A clock that is set back, while the gateway runs or before, would reorder what has happened. */
export function realClock(least = 0): Clock {
  const from = Math.max(least, Date.now()) - performance.now();
  return { now: () => from + performance.now(), advance: null };
}

export function steppedClock(start: number): Clock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}

/** Time that stands still while one thing is done, and never goes back. */
export type Turns = Clock & { readonly turn: () => void };

/** It begins no earlier than `least`: what happened before the gateway was started stays in the past. */
export function inTurns(clock: Clock, least: number): Turns {
  let now = Math.max(least, clock.now());
  const turn = (): void => {
    now = Math.max(now, clock.now());
  };
  const { advance } = clock;
  return {
    now: () => now,
    turn,
    advance:
      advance === null
        ? null
        : (ms) => {
            advance(ms);
            turn();
          },
  };
}

const EASTERN = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

let latest = { second: Number.NaN, text: '' };

/** `20260212 09:31:04`, in New York. Most calls are about the second of the one before. */
export function timeText(at: number): string {
  const second = Math.floor(at / 1000);
  if (latest.second === second) return latest.text;
  const parts = new Map(EASTERN.formatToParts(second * 1000).map((one) => [one.type, one.value]));
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const date = `${of('year')}${of('month')}${of('day')}`;
  const text = `${date} ${of('hour')}:${of('minute')}:${of('second')}`;
  latest = { second, text };
  return text;
}

/** `20260212 09:31:04 US/Eastern`: of an execution, and of a completed order. */
export const zonedTime = (at: number): string => `${timeText(at)} US/Eastern`;

/** `20260212 09:31:04 EST`: of the connection. */
export const connectionTime = (at: number): string => `${timeText(at)} EST`;

/** `09:31`: of the account's figures. */
export const minuteText = (at: number): string => timeText(at).slice(9, 14);
