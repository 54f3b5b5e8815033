/** When stocks trade: sessions of New York, and what waits for one. */
import { describe, expect, test } from 'vitest';
import { readHours, sessionsFrom } from '../../src/gateway/hours.ts';
import { steppedClock } from '../../src/gateway/time.ts';
import { limit, openDesk, stop } from './desk.ts';

const DAY = { from: 9 * 60 + 30, to: 16 * 60 };

const shown = (start: string): readonly string[] =>
  sessionsFrom(DAY, Date.parse(start))
    .slice(0, 3)
    .map(({ from, to }) => `${new Date(from).toISOString()} ${new Date(to).toISOString()}`);

describe('hours', () => {
  test.each([
    ['09:30-16:00', DAY],
    ['00:00-24:00', { from: 0, to: 1440 }],
    ['16:00-09:30', undefined],
    ['09:30-09:30', undefined],
    ['09:60-16:00', undefined],
    ['09:30-24:01', undefined],
    ['9:30-16:00', undefined],
    ['always', undefined],
  ])('%s', (text, hours) => {
    expect(readHours(text)).toEqual(hours);
  });

  test('are those of New York, in winter and summer, and none on a weekend', () => {
    // A Friday before the clock is changed, and a Friday before it is changed back.
    expect(shown('2026-03-06T23:00:00Z')).toEqual([
      '2026-03-06T14:30:00.000Z 2026-03-06T21:00:00.000Z',
      '2026-03-09T13:30:00.000Z 2026-03-09T20:00:00.000Z',
      '2026-03-10T13:30:00.000Z 2026-03-10T20:00:00.000Z',
    ]);
    expect(shown('2026-10-31T03:00:00Z')).toEqual([
      '2026-10-30T13:30:00.000Z 2026-10-30T20:00:00.000Z',
      '2026-11-02T14:30:00.000Z 2026-11-02T21:00:00.000Z',
      '2026-11-03T14:30:00.000Z 2026-11-03T21:00:00.000Z',
    ]);
  });
});

describe('outside regular hours', () => {
  /** 16:59:59 in New York, after the end of a session; the next one begins on Monday. */
  const evening = Date.parse('2026-02-13T21:59:59Z');
  const MONDAY_MS = Date.parse('2026-02-16T14:30:00Z') - evening;
  const closed = () => openDesk({ regularHours: DAY, ports: { clock: steppedClock(evening) } });

  test('only orders with outsideRth trade; the others when the session begins, at the last price', () => {
    const desk = closed();
    const client = desk.client(1);
    client.place(1, limit('BUY', 10, 1.31, { outsideRth: true }));
    client.place(2, limit('BUY', 20, 1.31));
    client.place(3, stop('SELL', 30, 1.3));
    desk.pass();
    const executions = (): readonly string[] =>
      client.told().filter((line) => line.startsWith('execDetails'));
    expect(executions()).toEqual(['execDetails 1 BOT 10 @ 1.3 cum 10']);
    desk.pass(MONDAY_MS - 1000);
    expect(executions()).toEqual([]);
    desk.pass(1000);
    expect(executions()).toEqual([
      'execDetails 2 BOT 20 @ 1.3 cum 20',
      'execDetails 3 SLD 30 @ 1.3 cum 30',
    ]);
  });

  test('nothing trades that came after the end of a session', () => {
    const desk = openDesk({ regularHours: DAY });
    const client = desk.client(1);
    desk.pass(Date.parse('2026-02-12T21:00:00Z') - desk.clock.now());
    client.place(1, limit('BUY', 10, 1.31));
    desk.pass();
    expect(client.told().at(-1)).toBe('orderStatus 1 Submitted 0/10');
  });
});
