/**
 * Regular trading hours, `09:30-16:00`: in New York, from Monday to Friday. Holidays and half days are
 * not known here.
 */
import { timeText } from './time.ts';

/** Of a day, in minutes after midnight in New York. */
export type Hours = { readonly from: number; readonly to: number };

export type Session = { readonly from: number; readonly to: number };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A gateway is not kept for longer, wherever it goes on from. */
const DAYS = 3653;

/** Undefined for what is none: the end comes after the beginning, on the same day. */
export function readHours(text: string): Hours | undefined {
  const [, ...digits] = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text) ?? [];
  const [h1 = 24, m1 = 0, h2 = 0, m2 = 0] = digits.map(Number);
  const hours = { from: 60 * h1 + m1, to: 60 * h2 + m2 };
  return m1 < 60 && m2 < 60 && hours.from < hours.to && hours.to <= 24 * 60 ? hours : undefined;
}

/** The sessions from the day of `start` on, in milliseconds since 1970. */
export function sessionsFrom({ from, to }: Hours, start: number): readonly Session[] {
  const date = timeText(start);
  const midnight = Date.UTC(
    Number(date.slice(0, 4)),
    Number(date.slice(4, 6)) - 1,
    Number(date.slice(6, 8)),
  );
  const sessions: Session[] = [];
  for (let day = midnight; day < midnight + DAYS * DAY_MS; day += DAY_MS) {
    const weekday = new Date(day).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    // Noon of Greenwich is a morning in New York: its clock is not changed between then and the night.
    const behind = 12 - Number(timeText(day + DAY_MS / 2).slice(9, 11));
    const local = day + behind * 60 * MINUTE_MS;
    sessions.push({ from: local + from * MINUTE_MS, to: local + to * MINUTE_MS });
  }
  return sessions;
}
